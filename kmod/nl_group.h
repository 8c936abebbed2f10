/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replacing and showing the contents of sets with a name.
 */
#ifndef ZPF_NL_GROUP_H
#define ZPF_NL_GROUP_H

#include <net/genetlink.h>
#include "net.h"

int zpf_fill_begin(struct sk_buff *skb, struct genl_info *info);
int zpf_fill_add(struct sk_buff *skb, struct genl_info *info);
int zpf_fill_commit(struct sk_buff *skb, struct genl_info *info);
void zpf_fill_release(struct zpf_net *zn, u32 portid);
void zpf_fill_net_exit(struct zpf_net *zn);

int zpf_nl_dump_groups(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_elems_start(struct netlink_callback *cb);
int zpf_nl_dump_elems(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_elems_done(struct netlink_callback *cb);

extern const struct nla_policy zpf_fill_begin_policy[ZPF_GROUP_A_NAME + 1];
extern const struct nla_policy zpf_fill_add_policy[ZPF_GROUP_A_ELEMS + 1];
extern const struct nla_policy zpf_fill_commit_policy[ZPF_GROUP_A_MESSAGES + 1];
extern const struct nla_policy zpf_group_elem_policy[ZPF_GROUP_A_KIND + 1];

#endif /* ZPF_NL_GROUP_H */
