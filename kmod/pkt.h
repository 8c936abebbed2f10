/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From skb to key: everything zpf reads from a packet's headers.
 */
#ifndef ZPF_PKT_H
#define ZPF_PKT_H

#include <linux/skbuff.h>
#include "table.h"

int zpf_pkt_key4(const struct sk_buff *skb, struct zpf_key *key);
int zpf_pkt_key6(const struct sk_buff *skb, struct zpf_key *key);
bool zpf_pkt_is_nd(const struct sk_buff *skb, const struct zpf_key *key);
bool zpf_pkt_is_error4(const struct zpf_key *key);
bool zpf_pkt_is_error6(const struct zpf_key *key);
u8 zpf_pkt_state(const struct sk_buff *skb);

#endif /* ZPF_PKT_H */
