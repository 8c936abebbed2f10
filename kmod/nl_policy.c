// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps of what a policy was made of: options, sets, pairs and chains, in the
 * words of the messages that brought them; rules are in nl_rule.c, tables and
 * zones in nl_dump.c. What a client left to a default is told.
 */
#include <linux/netfilter/nf_log.h>
#include "log.h"
#include "net.h"
#include "nl.h"

/**
 * zpf_nl_put_log() - a log nest, as zpf_txn_log() reads it
 * @skb: the message
 * @attr: the nest
 * @li: how it logs
 *
 * Return: 0 or -EMSGSIZE
 */
int zpf_nl_put_log(struct sk_buff *skb, int attr, const struct nf_loginfo *li)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int err;

	if (!nest)
		return -EMSGSIZE;
	if (li->type == NF_LOG_TYPE_ULOG)
		err = nla_put_u16(skb, ZPF_LOG_A_GROUP, li->u.ulog.group) ||
		      ((li->u.ulog.flags & NF_LOG_F_COPY_LEN) &&
		       nla_put_u32(skb, ZPF_LOG_A_SNAPLEN,
				   li->u.ulog.copy_len)) ||
		      (li->u.ulog.qthreshold &&
		       nla_put_u16(skb, ZPF_LOG_A_QTHRESHOLD,
				   li->u.ulog.qthreshold));
	else
		err = nla_put_u8(skb, ZPF_LOG_A_LEVEL, li->u.log.level);
	nla_nest_end(skb, nest);
	return err ? -EMSGSIZE : 0;
}

/**
 * zpf_nl_hook() - what the contract calls a hook
 * @hook: ZPF_IN, ZPF_FWD, ZPF_OUT
 *
 * Return: &enum zpf_hook
 */
u8 zpf_nl_hook(unsigned int hook)
{
	static const u8 hooks[ZPF_N_HOOKS] = {
		[ZPF_IN] = ZPF_HOOK_INPUT,
		[ZPF_FWD] = ZPF_HOOK_FORWARD,
		[ZPF_OUT] = ZPF_HOOK_OUTPUT,
	};

	return hooks[hook];
}

/* --- options --- */

static int zpf_put_state(struct sk_buff *skb, u8 state,
			 const struct zpf_state_policy *sp)
{
	struct nlattr *nest;
	int err;

	if (!sp->action)
		return 0;
	nest = nla_nest_start(skb, ZPF_OPTIONS_A_STATE_POLICY);
	if (!nest)
		return -EMSGSIZE;
	err = nla_put_u8(skb, ZPF_STATE_POLICY_A_STATE, state) ||
	      nla_put_u8(skb, ZPF_STATE_POLICY_A_ACTION, sp->action) ||
	      (sp->log &&
	       zpf_nl_put_log(skb, ZPF_STATE_POLICY_A_LOG, &sp->li));
	nla_nest_end(skb, nest);
	return err ? -EMSGSIZE : 0;
}

static int zpf_put_options(struct sk_buff *skb, const struct zpf_gen *gen)
{
	const struct zpf_clock *clock = &gen->clock;
	const u64 interval = gen->log_rate.interval_ns;

	return nla_put_u32(skb, ZPF_OPTIONS_A_FLAGS, gen->option_flags) ||
	       zpf_put_state(skb, ZPF_STATE_ESTABLISHED,
			     &gen->sp[ZPF_SP_ESTABLISHED]) ||
	       zpf_put_state(skb, ZPF_STATE_RELATED,
			     &gen->sp[ZPF_SP_RELATED]) ||
	       zpf_put_state(skb, ZPF_STATE_INVALID,
			     &gen->sp[ZPF_SP_INVALID]) ||
	       (interval &&
		nla_put_u64_64bit(skb, ZPF_OPTIONS_A_LOG_INTERVAL_NS, interval,
				  ZPF_OPTIONS_A_PAD)) ||
	       nla_put_u32(skb, ZPF_OPTIONS_A_LOG_BURST, gen->log_burst) ||
	       (clock->n &&
		nla_put(skb, ZPF_OPTIONS_A_OFFSETS,
			clock->n * sizeof(*clock->offsets), clock->offsets)) ?
		-EMSGSIZE : 0;
}

/**
 * zpf_nl_dump_options_start() - zpf_nl_dump_start() for one large message
 * @cb: the dump
 *
 * Return: as it
 */
int zpf_nl_dump_options_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = NLMSG_GOODSIZE +
			     ZPF_MAX_OFFSETS * sizeof(struct zpf_offset);
	return zpf_nl_dump_start(cb);
}

/**
 * zpf_nl_dump_options() - OPTIONS_GET
 * @skb: the messages
 * @cb: the dump
 */
int zpf_nl_dump_options(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	int err = 0;

	if (!dump->i) {
		err = zpf_dump_one(skb, cb, ZPF_CMD_OPTIONS_GET,
				   zpf_put_options(skb, dump->live->gen));
		if (!err)
			dump->i++;
	}
	return skb->len ? skb->len : err;
}

/* --- sets --- */

static int zpf_put_members(struct sk_buff *skb, const struct zpf_set *set)
{
	struct nlattr *attr = nla_reserve(skb, ZPF_SET_A_MEMBERS,
					  set->n * sizeof(u32));
	u32 *ids, i;

	if (!attr)
		return -EMSGSIZE;
	ids = nla_data(attr);
	for (i = 0; i < set->n; i++)
		ids[i] = set->members[i]->id;
	return 0;
}

/* As many elements from @at on as fit; how many, or -EMSGSIZE for not one. */
static int zpf_put_elems(struct sk_buff *skb, const struct zpf_set *set, u32 at)
{
	const size_t size = zpf_set_elem_size(set->kind);
	u32 n, i;

	if (at == set->n)
		return 0;
	if (set->kind == ZPF_SET_IFACE) {
		for (i = at; i < set->n; i++)
			if (nla_put_string(skb, ZPF_SET_A_IFNAME,
					   set->ifname[i]))
				break;
		return i == at ? -EMSGSIZE : i - at;
	}
	n = max(skb_tailroom(skb) - NLA_HDRLEN - NLA_ALIGNTO, 0) / size;
	/* The length of an attribute has 16 bits. */
	n = min3(n, set->n - at, (u32)((U16_MAX - NLA_HDRLEN) / size));
	if (!n || nla_put(skb, ZPF_SET_A_ELEMS, n * size,
			  (u8 *)set->data + at * size))
		return -EMSGSIZE;
	return n;
}

static int zpf_put_set_head(struct sk_buff *skb, const struct zpf_set *set)
{
	if (nla_put_u8(skb, ZPF_SET_A_KIND, set->kind))
		return -EMSGSIZE;
	switch (set->sort) {
	case ZPF_SET_FIXED:
		return nla_put_u32(skb, ZPF_SET_A_COUNT, set->n);
	case ZPF_SET_UNION:
		return zpf_put_members(skb, set);
	default:
		return nla_put_string(skb, ZPF_SET_A_NAME, set->owner->name) ||
		       (set->sort == ZPF_SET_DYNAMIC &&
			nla_put_flag(skb, ZPF_SET_A_DYNAMIC)) ? -EMSGSIZE : 0;
	}
}

/* A set, or as much of it as fits; @dump->j is moved on. */
static int zpf_put_set(struct sk_buff *skb, struct zpf_dump *dump)
{
	const struct zpf_set *set = dump->live->gen->sets[dump->i];
	int n = 0;

	if (nla_put_u32(skb, ZPF_SET_A_ID, dump->i) ||
	    (!dump->j && zpf_put_set_head(skb, set)))
		return -EMSGSIZE;
	if (set->sort == ZPF_SET_FIXED)
		n = zpf_put_elems(skb, set, dump->j);
	if (n < 0)
		return n;
	dump->j += n;
	return 0;
}

/**
 * zpf_nl_dump_sets() - SET_GET
 * @skb: the messages
 * @cb: the dump; @j counts elements
 */
int zpf_nl_dump_sets(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	const struct zpf_gen *gen = dump->live->gen;
	int err = 0;

	while (!err && dump->i < gen->n_sets) {
		const struct zpf_set *set = gen->sets[dump->i];

		err = zpf_dump_one(skb, cb, ZPF_CMD_SET_GET,
				   zpf_put_set(skb, dump));
		if (!err && (set->sort != ZPF_SET_FIXED || dump->j == set->n)) {
			dump->i++;
			dump->j = 0;
		}
	}
	return skb->len ? skb->len : err;
}

/* --- pairs, chains --- */

static int zpf_put_pair(struct sk_buff *skb, const struct zpf_bind *bind)
{
	return nla_put_u32(skb, ZPF_PAIR_A_FROM, bind->from) ||
	       nla_put_u32(skb, ZPF_PAIR_A_TO, bind->to) ||
	       nla_put_u8(skb, ZPF_PAIR_A_FAMILY, zpf_fam_proto(bind->fam)) ||
	       nla_put_u32(skb, ZPF_PAIR_A_TABLE, bind->table) ? -EMSGSIZE : 0;
}

/**
 * zpf_nl_dump_pairs() - PAIR_GET
 * @skb: the messages
 * @cb: the dump
 */
int zpf_nl_dump_pairs(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	const struct zpf_gen *gen = dump->live->gen;
	int err = 0;

	while (!err && dump->i < gen->n_binds) {
		err = zpf_dump_one(skb, cb, ZPF_CMD_PAIR_GET,
				   zpf_put_pair(skb, &gen->binds[dump->i]));
		if (!err)
			dump->i++;
	}
	return skb->len ? skb->len : err;
}

static int zpf_put_chain(struct sk_buff *skb, const struct zpf_gen *gen, u32 i)
{
	const unsigned int hook = i / ZPF_N_FAMILIES, fam = i % ZPF_N_FAMILIES;

	return nla_put_u8(skb, ZPF_CHAIN_A_HOOK, zpf_nl_hook(hook)) ||
	       nla_put_u8(skb, ZPF_CHAIN_A_FAMILY, zpf_fam_proto(fam)) ||
	       nla_put_u32(skb, ZPF_CHAIN_A_TABLE,
			   gen->chains[hook][fam].table_id) ? -EMSGSIZE : 0;
}

/**
 * zpf_nl_dump_chains() - CHAIN_GET
 * @skb: the messages
 * @cb: the dump
 */
int zpf_nl_dump_chains(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	const struct zpf_gen *gen = dump->live->gen;
	int err = 0;

	while (!err && dump->i < ZPF_N_HOOKS * ZPF_N_FAMILIES) {
		if (gen->chains[dump->i / ZPF_N_FAMILIES]
			       [dump->i % ZPF_N_FAMILIES].table)
			err = zpf_dump_one(skb, cb, ZPF_CMD_CHAIN_GET,
					   zpf_put_chain(skb, gen, dump->i));
		if (!err)
			dump->i++;
	}
	return skb->len ? skb->len : err;
}
