/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transactions: the candidate policy of one netlink socket, from TXN_BEGIN to
 * commit, abort, the first error, or the end of the socket.
 */
#ifndef ZPF_TXN_H
#define ZPF_TXN_H

#include <net/genetlink.h>
#include "net.h"

/**
 * struct zpf_txn - an open transaction; under zpf_net.txn
 * @node: in zpf_net.txns
 * @portid: the socket
 * @messages: messages it took so far
 * @gen: the candidate
 */
struct zpf_txn {
	struct list_head node;
	u32 portid;
	u32 messages;
	struct zpf_gen *gen;
};

int zpf_txn_init(void);
void zpf_txn_exit(void);
void zpf_txn_net_exit(struct zpf_net *zn);

int zpf_txn_begin(struct sk_buff *skb, struct genl_info *info);
int zpf_txn_commit(struct sk_buff *skb, struct genl_info *info);
int zpf_txn_abort(struct sk_buff *skb, struct genl_info *info);
int zpf_txn_add(struct sk_buff *skb, struct genl_info *info);

/* What ADD messages do, by command; called under zpf_net.txn. */
int zpf_txn_options(struct zpf_gen *gen, struct genl_info *info);
int zpf_txn_set(struct zpf_gen *gen, struct genl_info *info);
int zpf_txn_table(struct zpf_gen *gen, struct genl_info *info);
int zpf_txn_rule(struct zpf_gen *gen, struct genl_info *info);
int zpf_txn_zone(struct zpf_gen *gen, struct genl_info *info);
int zpf_txn_pair(struct zpf_gen *gen, struct genl_info *info);
int zpf_txn_chain(struct zpf_gen *gen, struct genl_info *info);
int zpf_txn_source(struct zpf_gen *gen, struct genl_info *info);

/* An inclusive range too wide for the 16 bits of NLA_POLICY_RANGE. */
#define ZPF_WIDE_RANGE(_name, _min, _max)				\
	static struct netlink_range_validation _name = {		\
		.min = _min,						\
		.max = _max,						\
	}

/* Attribute policies, for the family's operations. */
extern const struct nla_policy zpf_begin_policy[ZPF_TXN_A_SOURCE_BYTES + 1];
extern const struct nla_policy zpf_commit_policy[ZPF_TXN_A_CONFIRM_SECONDS + 1];
extern const struct nla_policy zpf_options_policy[ZPF_OPTIONS_A_MAX + 1];
extern const struct nla_policy zpf_set_policy[ZPF_SET_A_MAX + 1];
extern const struct nla_policy zpf_table_policy[ZPF_TABLE_A_ROWS + 1];
extern const struct nla_policy zpf_rule_policy[ZPF_RULE_A_MAX + 1];
extern const struct nla_policy zpf_change_policy[ZPF_CHANGE_A_MAX + 1];
extern const struct nla_policy zpf_num_policy[ZPF_NUM_A_MAX + 1];
extern const struct nla_policy zpf_zone_policy[ZPF_ZONE_A_MEMBER + 1];
extern const struct nla_policy zpf_pair_policy[ZPF_PAIR_A_MAX + 1];
extern const struct nla_policy zpf_chain_policy[ZPF_CHAIN_A_MAX + 1];
extern const struct nla_policy zpf_source_policy[ZPF_SOURCE_A_TEXT + 1];
extern const struct nla_policy zpf_log_policy[ZPF_LOG_A_MAX + 1];

/**
 * zpf_txn_refuse() - refuse a message for one of its attributes
 * @info: the message
 * @attr: number of the attribute
 * @why: the reason, a string literal
 */
#define zpf_txn_refuse(info, attr, why) ({				\
	NL_SET_ERR_MSG_ATTR((info)->extack, (info)->attrs[attr], why);	\
	-EINVAL;							\
})

int zpf_txn_need(struct genl_info *info, int attr, const char *why);
bool zpf_txn_family(struct genl_info *info, int attr, unsigned int *fam);
int zpf_txn_table_ref(const struct zpf_gen *gen, struct genl_info *info,
		      int attr, unsigned int fam);
int zpf_txn_ranges(struct zpf_set *set, struct genl_info *info, int id);
int zpf_txn_log(struct genl_info *info, const struct nlattr *nest,
		struct nf_loginfo *li);
bool zpf_txn_name_ok(const char *name);
bool zpf_txn_ifname_ok(const char *name, bool wildcard);

#endif /* ZPF_TXN_H */
