/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the drop ledger as netlink attributes.
 */
#ifndef ZPF_NL_DROP_H
#define ZPF_NL_DROP_H

#include <linux/netlink.h>

struct sk_buff;
struct zpf_net;
struct zpf_tally_cold;
struct zpf_tally_row;

int zpf_drop_fill(struct sk_buff *msg, const struct zpf_net *zn,
		  const struct zpf_tally_row *row,
		  const struct zpf_tally_cold *cold);
int zpf_nl_drop_start(struct netlink_callback *cb);
int zpf_nl_drop_dump(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_drop_done(struct netlink_callback *cb);

#endif /* ZPF_NL_DROP_H */
