/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes a rule makes to its packet.
 */
#ifndef ZPF_CHANGE_H
#define ZPF_CHANGE_H

#include <linux/skbuff.h>
#include "table.h"

int zpf_change(struct net *net, struct sk_buff *skb, const struct zpf_key *key,
	       const struct zpf_extra *extra);

#endif /* ZPF_CHANGE_H */
