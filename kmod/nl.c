// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family: its operations and the small ones themselves.
 * Every operation needs CAP_NET_ADMIN in the initial user namespace, and there
 * is no alias to load the module by: loading it is the administrator's act.
 */
#include <linux/module.h>
#include "arm.h"
#include "event.h"
#include "nl.h"
#include "nl_group.h"
#include "nl_drop.h"
#include "txn.h"
#include "version.h"

/* Without a policy netlink would not look at attributes at all. */
static const struct nla_policy zpf_none_policy[2] = {
	[1] = { .type = NLA_REJECT },
};

static const struct nla_policy zpf_disarm_policy[ZPF_DISARM_A_MAX + 1] = {
	[ZPF_DISARM_A_MODE] = { .type = NLA_U8 },
};

static const struct nla_policy zpf_confirm_policy[ZPF_CONFIRM_A_MAX + 1] = {
	[ZPF_CONFIRM_A_GENERATION] = { .type = NLA_U32 },
};

/* The commit that waits to be confirmed, if one does. */
static int zpf_nl_fill_held(struct sk_buff *msg, struct zpf_net *zn)
{
	const struct zpf_held *held = &zn->held;
	const struct zpf_gen *back;
	int err = 0;

	mutex_lock(&zn->lock);
	if (held->waits) {
		back = held->live ? held->live->gen : NULL;
		err = nla_put_u32(msg, ZPF_STATUS_A_CONFIRM_SECONDS,
				  zpf_hold_left(zn)) ||
		      nla_put_u8(msg, ZPF_STATUS_A_BACK_MODE, held->mode) ||
		      (back && nla_put_u32(msg, ZPF_STATUS_A_BACK_GENERATION,
					   back->id));
	}
	mutex_unlock(&zn->lock);
	return err ? -EMSGSIZE : 0;
}

static int zpf_nl_fill_status(struct sk_buff *msg, struct zpf_net *zn,
			      const struct zpf_live *live)
{
	const struct zpf_gen *gen = live ? live->gen : NULL;
	u8 mode = gen ? ZPF_MODE_ARMED : live ? ZPF_MODE_CLOSED : ZPF_MODE_OFF;
	u64 counters = 0, memory = 0;
	struct zpf_sum malformed;

	zpf_count_live(zn->malformed, &malformed);
	if (gen) {
		counters = (u64)gen->n_ctrs * num_possible_cpus() *
			   sizeof(struct zpf_counter);
		memory = gen->memory_bytes + counters;
	}

	if (nla_put_string(msg, ZPF_STATUS_A_VERSION, ZPF_VERSION) ||
	    nla_put_u8(msg, ZPF_STATUS_A_MODE, mode) ||
	    nla_put_u32(msg, ZPF_STATUS_A_GENERATION,
			gen ? gen->id : READ_ONCE(zn->last_gen)) ||
	    nla_put_u32(msg, ZPF_STATUS_A_ZONES, gen ? gen->n_zones : 0) ||
	    nla_put_u32(msg, ZPF_STATUS_A_PAIRS, gen ? gen->n_binds : 0) ||
	    nla_put_u32(msg, ZPF_STATUS_A_TABLES, gen ? gen->n_tables : 0) ||
	    nla_put_u32(msg, ZPF_STATUS_A_RULES, gen ? gen->n_real_rules : 0) ||
	    nla_put_u32(msg, ZPF_STATUS_A_SETS, gen ? gen->n_sets : 0) ||
	    nla_put_u64_64bit(msg, ZPF_STATUS_A_MEMORY_BYTES, memory,
			      ZPF_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, ZPF_STATUS_A_COUNTER_BYTES, counters,
			      ZPF_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, ZPF_STATUS_A_MALFORMED, malformed.packets,
			      ZPF_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, ZPF_STATUS_A_RECENT_EVICTED,
			      zpf_keeper_evicted(&zn->keeper),
			      ZPF_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, ZPF_STATUS_A_BOOTTIME_NS,
			      ktime_get_boottime_ns(), ZPF_STATUS_A_PAD) ||
	    nla_put_u64_64bit(msg, ZPF_STATUS_A_EVENTS, zpf_event_newest(zn),
			      ZPF_STATUS_A_PAD))
		return -EMSGSIZE;
	return zpf_nl_fill_held(msg, zn);
}

static int zpf_nl_status(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_net *zn = zpf_net_of(genl_info_net(info));
	struct zpf_live *live;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put(msg, info->snd_portid, info->snd_seq, &zpf_nl_family,
			  0, ZPF_CMD_STATUS_GET);
	live = zpf_live_get(zn);
	err = hdr ? zpf_nl_fill_status(msg, zn, live) : -EMSGSIZE;
	zpf_live_put(live);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int zpf_nl_clear(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_net *zn = zpf_net_of(genl_info_net(info));

	mutex_lock(&zn->commit);
	zpf_pool_clear(&zn->pool);
	mutex_unlock(&zn->commit);
	return 0;
}

static int zpf_nl_drop_clear(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_net *zn = zpf_net_of(genl_info_net(info));

	mutex_lock(&zn->commit);
	zpf_ledger_clear(zn);
	mutex_unlock(&zn->commit);
	return 0;
}

static int zpf_nl_disarm(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_net *zn = zpf_net_of(genl_info_net(info));
	u8 mode;

	if (GENL_REQ_ATTR_CHECK(info, ZPF_DISARM_A_MODE)) {
		NL_SET_ERR_MSG(info->extack, "say how: open or closed");
		return -EINVAL;
	}
	mode = nla_get_u8(info->attrs[ZPF_DISARM_A_MODE]);
	if (mode != ZPF_MODE_OFF && mode != ZPF_MODE_CLOSED)
		return zpf_txn_refuse(info, ZPF_DISARM_A_MODE,
				      "neither open nor closed");
	return zpf_arm_disarm(zn, mode, info->extack);
}

static int zpf_nl_confirm(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_net *zn = zpf_net_of(genl_info_net(info));
	const struct nlattr *attr = info->attrs[ZPF_CONFIRM_A_GENERATION];
	const u32 *generation = attr ? nla_data(attr) : NULL;

	if (info->genlhdr->cmd == ZPF_CMD_CONFIRM)
		return zpf_arm_confirm(zn, generation, info->extack);
	return zpf_arm_rollback(zn, generation, info->extack);
}

#define ZPF_OP_DO(_cmd, _doit, _policy) {		\
	.cmd = _cmd,					\
	.doit = _doit,					\
	.policy = _policy,				\
	.maxattr = ARRAY_SIZE(_policy) - 1,		\
	.flags = GENL_ADMIN_PERM,			\
}

#define ZPF_OP_DUMP_BY(_cmd, _start, _dumpit, _done, _policy) {	\
	.cmd = _cmd,					\
	.start = _start,				\
	.dumpit = _dumpit,				\
	.done = _done,					\
	.policy = _policy,				\
	.maxattr = ARRAY_SIZE(_policy) - 1,		\
	.flags = GENL_ADMIN_PERM,			\
}

#define ZPF_OP_ADD(_cmd, _policy) ZPF_OP_DO(_cmd, zpf_txn_add, _policy)

#define ZPF_OP_DUMP(_cmd, _dumpit)			\
	ZPF_OP_DUMP_BY(_cmd, zpf_nl_dump_start, _dumpit, zpf_nl_dump_done, \
		       zpf_none_policy)

static const struct genl_ops zpf_nl_ops[] = {
	ZPF_OP_DO(ZPF_CMD_STATUS_GET, zpf_nl_status, zpf_none_policy),
	ZPF_OP_DO(ZPF_CMD_TXN_BEGIN, zpf_txn_begin, zpf_begin_policy),
	ZPF_OP_DO(ZPF_CMD_TXN_COMMIT, zpf_txn_commit, zpf_commit_policy),
	ZPF_OP_DO(ZPF_CMD_TXN_ABORT, zpf_txn_abort, zpf_none_policy),
	ZPF_OP_ADD(ZPF_CMD_OPTIONS_SET, zpf_options_policy),
	ZPF_OP_ADD(ZPF_CMD_SET_ADD, zpf_set_policy),
	ZPF_OP_ADD(ZPF_CMD_TABLE_ADD, zpf_table_policy),
	ZPF_OP_ADD(ZPF_CMD_RULE_ADD, zpf_rule_policy),
	ZPF_OP_ADD(ZPF_CMD_ZONE_ADD, zpf_zone_policy),
	ZPF_OP_ADD(ZPF_CMD_PAIR_ADD, zpf_pair_policy),
	ZPF_OP_ADD(ZPF_CMD_CHAIN_ADD, zpf_chain_policy),
	ZPF_OP_ADD(ZPF_CMD_SOURCE_ADD, zpf_source_policy),
	ZPF_OP_DO(ZPF_CMD_GROUP_BEGIN, zpf_fill_begin, zpf_fill_begin_policy),
	ZPF_OP_DO(ZPF_CMD_GROUP_ADD, zpf_fill_add, zpf_fill_add_policy),
	ZPF_OP_DO(ZPF_CMD_GROUP_COMMIT, zpf_fill_commit,
		  zpf_fill_commit_policy),
	ZPF_OP_DUMP(ZPF_CMD_GROUP_GET, zpf_nl_dump_groups),
	ZPF_OP_DUMP_BY(ZPF_CMD_GROUP_ELEM_GET, zpf_nl_dump_elems_start,
		       zpf_nl_dump_elems, zpf_nl_dump_elems_done,
		       zpf_group_elem_policy),
	ZPF_OP_DUMP(ZPF_CMD_ZONE_GET, zpf_nl_dump_zones),
	ZPF_OP_DUMP(ZPF_CMD_COUNTER_GET, zpf_nl_dump_counters),
	ZPF_OP_DUMP(ZPF_CMD_SITE_GET, zpf_nl_dump_sites),
	ZPF_OP_DUMP(ZPF_CMD_SOURCE_GET, zpf_nl_dump_source),
	ZPF_OP_DUMP(ZPF_CMD_TABLE_GET, zpf_nl_dump_tables),
	ZPF_OP_DUMP_BY(ZPF_CMD_OPTIONS_GET, zpf_nl_dump_options_start,
		       zpf_nl_dump_options, zpf_nl_dump_done, zpf_none_policy),
	ZPF_OP_DUMP(ZPF_CMD_SET_GET, zpf_nl_dump_sets),
	ZPF_OP_DUMP(ZPF_CMD_RULE_GET, zpf_nl_dump_rules),
	ZPF_OP_DUMP(ZPF_CMD_PAIR_GET, zpf_nl_dump_pairs),
	ZPF_OP_DUMP(ZPF_CMD_CHAIN_GET, zpf_nl_dump_chains),
	ZPF_OP_DUMP_BY(ZPF_CMD_TEST_GET, zpf_nl_test_start, zpf_nl_test,
		       zpf_nl_test_done, zpf_test_policy),
	ZPF_OP_DO(ZPF_CMD_COUNTER_CLEAR, zpf_nl_clear, zpf_none_policy),
	ZPF_OP_DO(ZPF_CMD_DISARM, zpf_nl_disarm, zpf_disarm_policy),
	ZPF_OP_DO(ZPF_CMD_CONFIRM, zpf_nl_confirm, zpf_confirm_policy),
	ZPF_OP_DO(ZPF_CMD_ROLLBACK, zpf_nl_confirm, zpf_confirm_policy),
	ZPF_OP_DUMP_BY(ZPF_CMD_DROP_GET, zpf_nl_drop_start, zpf_nl_drop_dump,
		       zpf_nl_drop_done, zpf_none_policy),
	ZPF_OP_DO(ZPF_CMD_DROP_CLEAR, zpf_nl_drop_clear, zpf_none_policy),
};

static const struct genl_multicast_group zpf_nl_mcgrps[] = {
	{
		.name = ZPF_GENL_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family zpf_nl_family __ro_after_init = {
	.name = ZPF_GENL_NAME,
	.version = ZPF_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = zpf_nl_ops,
	.n_ops = ARRAY_SIZE(zpf_nl_ops),
	.mcgrps = zpf_nl_mcgrps,
	.n_mcgrps = ARRAY_SIZE(zpf_nl_mcgrps),
};

/**
 * zpf_nl_init() - open for business; the last step of the module's init
 */
int zpf_nl_init(void)
{
	return genl_register_family(&zpf_nl_family);
}

/**
 * zpf_nl_exit() - no more requests; the first step of the module's exit
 */
void zpf_nl_exit(void)
{
	genl_unregister_family(&zpf_nl_family);
}
