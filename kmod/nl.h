/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family and its dumps.
 */
#ifndef ZPF_NL_H
#define ZPF_NL_H

#include <net/genetlink.h>

extern struct genl_family zpf_nl_family;

int zpf_nl_init(void);
void zpf_nl_exit(void);

int zpf_nl_dump_start(struct netlink_callback *cb);
int zpf_nl_dump_done(struct netlink_callback *cb);
int zpf_nl_dump_zones(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_counters(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_sites(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_source(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* ZPF_NL_H */
