// SPDX-License-Identifier: GPL-2.0-only
/*
 * RULE_ADD: one message becomes one rule of the table that is being filled.
 * What a rule may ask for, and where a walk may go on, is checked here, so
 * that the packet path need not.
 */
#include <linux/slab.h>
#include "fill.h"
#include "log.h"

ZPF_WIDE_RANGE(zpf_limit_range, 1, ZPF_MAX_LIMIT_NS);
ZPF_WIDE_RANGE(zpf_time_range, 1, U64_MAX);
ZPF_WIDE_RANGE(zpf_number_range, 0, ZPF_MAX_RULE_NUMBER);

const struct nla_policy zpf_rule_policy[ZPF_RULE_A_MAX + 1] = {
	[ZPF_RULE_A_TABLE] = { .type = NLA_U32 },
	[ZPF_RULE_A_ROW] = { .type = NLA_U32 },
	[ZPF_RULE_A_RULESET] = { .type = NLA_NUL_STRING,
				 .len = ZPF_RULESET_NAME_MAX },
	[ZPF_RULE_A_NUMBER] = NLA_POLICY_FULL_RANGE(NLA_U32, &zpf_number_range),
	[ZPF_RULE_A_MEANING] = { .type = NLA_U64 },
	[ZPF_RULE_A_ACTION] = NLA_POLICY_RANGE(NLA_U8, ZPF_ACTION_ACCEPT,
					       ZPF_ACTION_MAX),
	[ZPF_RULE_A_HIT] = { .type = NLA_U32 },
	[ZPF_RULE_A_MISS] = { .type = NLA_U32 },
	[ZPF_RULE_A_LOG] = NLA_POLICY_NESTED(zpf_log_policy),
	[ZPF_RULE_A_STATE] = NLA_POLICY_RANGE(NLA_U8, 1, ZPF_STATE_ALL),
	[ZPF_RULE_A_PROTO] = NLA_POLICY_RANGE(NLA_BINARY, 1, 2),
	[ZPF_RULE_A_SADDR] = { .type = NLA_BINARY },
	[ZPF_RULE_A_DADDR] = { .type = NLA_BINARY },
	[ZPF_RULE_A_SADDR_SET] = { .type = NLA_U32 },
	[ZPF_RULE_A_DADDR_SET] = { .type = NLA_U32 },
	[ZPF_RULE_A_SPORT] =
		NLA_POLICY_EXACT_LEN(sizeof(struct zpf_range_port)),
	[ZPF_RULE_A_DPORT] =
		NLA_POLICY_EXACT_LEN(sizeof(struct zpf_range_port)),
	[ZPF_RULE_A_SPORT_SET] = { .type = NLA_U32 },
	[ZPF_RULE_A_DPORT_SET] = { .type = NLA_U32 },
	[ZPF_RULE_A_IN_SET] = { .type = NLA_U32 },
	[ZPF_RULE_A_OUT_SET] = { .type = NLA_U32 },
	[ZPF_RULE_A_ICMP_TYPE] = { .type = NLA_U8 },
	[ZPF_RULE_A_ICMP_CODE] = { .type = NLA_U8 },
	[ZPF_RULE_A_TCP_FLAGS] = NLA_POLICY_EXACT_LEN(2),
	[ZPF_RULE_A_NOT] = NLA_POLICY_MASK(NLA_U32, ZPF_NOT_ALL),
	[ZPF_RULE_A_LIMIT_INTERVAL_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &zpf_limit_range),
	[ZPF_RULE_A_LIMIT_BURST] = NLA_POLICY_MIN(NLA_U32, 1),
	[ZPF_RULE_A_RECENT_COUNT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
	[ZPF_RULE_A_RECENT_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &zpf_limit_range),
	[ZPF_RULE_A_ADD_SADDR_SET] = { .type = NLA_U32 },
	[ZPF_RULE_A_ADD_SADDR_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &zpf_time_range),
	[ZPF_RULE_A_ADD_DADDR_SET] = { .type = NLA_U32 },
	[ZPF_RULE_A_ADD_DADDR_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &zpf_time_range),
	[ZPF_RULE_A_SADDR_MASK] = { .type = NLA_BINARY },
	[ZPF_RULE_A_DADDR_MASK] = { .type = NLA_BINARY },
	[ZPF_RULE_A_NUM] = NLA_POLICY_NESTED(zpf_num_policy),
	[ZPF_RULE_A_CHANGE] = NLA_POLICY_NESTED(zpf_change_policy),
};

#define ZPF_DEFAULT_LIMIT_BURST 5

/* --- matches --- */

static int zpf_fill_state(struct zpf_fill *f)
{
	f->rule->state = nla_get_u8(f->info->attrs[ZPF_RULE_A_STATE]);
	f->rule->match |= ZPF_M_STATE;
	return 0;
}

static int zpf_fill_proto(struct zpf_fill *f)
{
	const struct nlattr *attr = f->info->attrs[ZPF_RULE_A_PROTO];
	const u8 *proto = nla_data(attr);
	const u8 last = nla_len(attr) - 1;

	if (f->fam == ZPF_V6 &&
	    (zpf_ext_bit(proto[0]) || zpf_ext_bit(proto[last]))) {
		if (last)
			return zpf_txn_refuse(f->info, ZPF_RULE_A_PROTO,
					      "an extension header stands alone");
		f->rule->proto[0] = zpf_ext_bit(proto[0]);
		f->rule->match |= ZPF_M_EXT;
		return 0;
	}
	f->rule->proto[0] = proto[0];
	f->rule->proto[1] = proto[last];
	f->rule->match |= ZPF_M_PROTO;
	return 0;
}

/* The one protocol a rule is for, or -1. */
static int zpf_fill_one_proto(const struct zpf_fill *f)
{
	const struct zpf_rule *rule = f->rule;

	if (!(rule->match & ZPF_M_PROTO) || (rule->not & ZPF_NOT_PROTO) ||
	    rule->proto[0] != rule->proto[1])
		return -1;
	return rule->proto[0];
}

static bool zpf_proto_has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_UDPLITE || proto == IPPROTO_SCTP ||
	       proto == IPPROTO_DCCP;
}

/**
 * struct zpf_side - the attributes and bits of one side, for one kind of match
 * @range_attr: attribute with a range
 * @set_attr: attribute with a set
 * @range_bit: ZPF_M_* of the range
 * @set_bit: ZPF_M_* of the set
 */
struct zpf_side {
	u8 range_attr;
	u8 set_attr;
	u16 range_bit;
	u16 set_bit;
};

static const struct zpf_side zpf_src_addr = {
	ZPF_RULE_A_SADDR, ZPF_RULE_A_SADDR_SET, ZPF_M_SADDR, ZPF_M_SSET
};

static const struct zpf_side zpf_dst_addr = {
	ZPF_RULE_A_DADDR, ZPF_RULE_A_DADDR_SET, ZPF_M_DADDR, ZPF_M_DSET
};

static const struct zpf_side zpf_src_port = {
	ZPF_RULE_A_SPORT, ZPF_RULE_A_SPORT_SET, ZPF_M_SPORT, ZPF_M_SPORTSET
};

static const struct zpf_side zpf_dst_port = {
	ZPF_RULE_A_DPORT, ZPF_RULE_A_DPORT_SET, ZPF_M_DPORT, ZPF_M_DPORTSET
};

/**
 * zpf_fill_set() - a reference to a set of one kind
 * @f: the rule
 * @attr: the reference
 * @kind: &enum zpf_set_kind
 * @id: set to it
 *
 * Return: 0, or -EINVAL with the reason set
 */
int zpf_fill_set(struct zpf_fill *f, const struct nlattr *attr, u8 kind,
		 u32 *id)
{
	const char *why;

	*id = nla_get_u32(attr);
	if (*id >= f->gen->have_sets)
		why = "no such set yet";
	else if (f->gen->sets[*id]->kind != kind)
		why = "the set holds something else";
	else
		return 0;
	NL_SET_BAD_ATTR(f->info->extack, attr);
	f->info->extack->_msg = why;
	return -EINVAL;
}

static int zpf_fill_range4(struct zpf_fill *f, int attr,
			   struct zpf_range4 *range)
{
	if (nla_len(f->info->attrs[attr]) != sizeof(*range))
		return zpf_txn_refuse(f->info, attr, "not one IPv4 range");
	nla_memcpy(range, f->info->attrs[attr], sizeof(*range));
	if (range->lo > range->hi)
		return zpf_txn_refuse(f->info, attr, "range ends before it begins");
	return 0;
}

/* IPv6 ranges do not fit a cache line and stand in the table's own array. */
static int zpf_fill_range6(struct zpf_fill *f, int attr, u32 *idx)
{
	struct zpf_table *table = f->table;
	struct zpf_range6 range;
	int err;

	if (nla_len(f->info->attrs[attr]) != sizeof(range))
		return zpf_txn_refuse(f->info, attr, "not one IPv6 range");
	nla_memcpy(&range, f->info->attrs[attr], sizeof(range));
	if (zpf_in6_cmp(range.lo, range.hi) > 0)
		return zpf_txn_refuse(f->info, attr, "range ends before it begins");
	err = zpf_vec_room((void **)&table->addr6, table->n_addr6,
			   &table->cap_addr6, sizeof(*table->addr6));
	if (err)
		return err;
	*idx = table->n_addr6++;
	table->addr6[*idx] = range;
	return 0;
}

static int zpf_fill_addr(struct zpf_fill *f, const struct zpf_side *side,
			 struct zpf_range4 *out)
{
	struct nlattr **attrs = f->info->attrs;

	if (attrs[side->range_attr] && attrs[side->set_attr])
		return zpf_txn_refuse(f->info, side->set_attr,
				      "not together with an address");
	if (attrs[side->set_attr]) {
		f->rule->match |= side->set_bit;
		return zpf_fill_set(f, attrs[side->set_attr], f->fam == ZPF_V4 ?
				    ZPF_SET_IPV4 : ZPF_SET_IPV6, &out->lo);
	}
	if (!attrs[side->range_attr])
		return 0;
	f->rule->match |= side->range_bit;
	if (f->fam == ZPF_V4)
		return zpf_fill_range4(f, side->range_attr, out);
	return zpf_fill_range6(f, side->range_attr, &out->lo);
}

static int zpf_fill_port(struct zpf_fill *f, const struct zpf_side *side,
			 struct zpf_range_port *out)
{
	struct nlattr **attrs = f->info->attrs;
	int attr = attrs[side->range_attr] ? side->range_attr : side->set_attr;
	u32 set;
	int err;

	if (!attrs[attr])
		return 0;
	if (attrs[side->range_attr] && attrs[side->set_attr])
		return zpf_txn_refuse(f->info, side->set_attr,
				      "not together with a port");
	if (!(f->rule->match & ZPF_M_PROTO) ||
	    (f->rule->not & ZPF_NOT_PROTO) ||
	    !zpf_proto_has_ports(f->rule->proto[0]) ||
	    !zpf_proto_has_ports(f->rule->proto[1]))
		return zpf_txn_refuse(f->info, attr,
				      "ports need a protocol that has them");
	if (attr == side->set_attr) {
		f->rule->match |= side->set_bit;
		err = zpf_fill_set(f, attrs[attr], ZPF_SET_PORT, &set);
		out->lo = set;
		return err;
	}
	f->rule->match |= side->range_bit;
	nla_memcpy(out, attrs[attr], sizeof(*out));
	if (out->lo > out->hi)
		return zpf_txn_refuse(f->info, attr,
				      "range ends before it begins");
	return 0;
}

static int zpf_fill_iface(struct zpf_fill *f, int attr, u16 bit, u16 *out)
{
	u32 set;
	int err;

	if (!f->info->attrs[attr])
		return 0;
	err = zpf_fill_set(f, f->info->attrs[attr], ZPF_SET_IFACE, &set);
	if (err)
		return err;
	f->rule->match |= bit;
	*out = f->gen->sets[set]->ifset;
	return 0;
}

static int zpf_fill_icmp(struct zpf_fill *f)
{
	struct nlattr **attrs = f->info->attrs;
	const int icmp = f->fam == ZPF_V4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;

	if (!attrs[ZPF_RULE_A_ICMP_TYPE]) {
		if (attrs[ZPF_RULE_A_ICMP_CODE])
			return zpf_txn_refuse(f->info, ZPF_RULE_A_ICMP_CODE,
					      "a code needs a type");
		return 0;
	}
	if (zpf_fill_one_proto(f) != icmp)
		return zpf_txn_refuse(f->info, ZPF_RULE_A_ICMP_TYPE,
				      "needs the family's ICMP as protocol");
	f->rule->match |= ZPF_M_ICMP;
	f->rule->l4_mask = 0xff00;
	f->rule->l4_value = nla_get_u8(attrs[ZPF_RULE_A_ICMP_TYPE]) << 8;
	if (attrs[ZPF_RULE_A_ICMP_CODE]) {
		f->rule->l4_mask |= 0xff;
		f->rule->l4_value |= nla_get_u8(attrs[ZPF_RULE_A_ICMP_CODE]);
	}
	return 0;
}

static int zpf_fill_tcp(struct zpf_fill *f)
{
	const u8 *flags;

	if (!f->info->attrs[ZPF_RULE_A_TCP_FLAGS])
		return 0;
	if (zpf_fill_one_proto(f) != IPPROTO_TCP)
		return zpf_txn_refuse(f->info, ZPF_RULE_A_TCP_FLAGS,
				      "needs TCP as protocol");
	flags = nla_data(f->info->attrs[ZPF_RULE_A_TCP_FLAGS]);
	if (!flags[0] || (flags[1] & ~flags[0]))
		return zpf_txn_refuse(f->info, ZPF_RULE_A_TCP_FLAGS,
				      "value has bits the mask has not");
	f->rule->match |= ZPF_M_TCP;
	f->rule->l4_mask = flags[0];
	f->rule->l4_value = flags[1];
	return 0;
}

/* An inversion needs the match it inverts. */
static int zpf_fill_not(struct zpf_fill *f)
{
	static const struct {
		u32 not;
		u16 match;
	} needs[] = {
		{ ZPF_NOT_PROTO, ZPF_M_PROTO | ZPF_M_EXT },
		{ ZPF_NOT_SADDR, ZPF_M_SADDR | ZPF_M_SSET },
		{ ZPF_NOT_DADDR, ZPF_M_DADDR | ZPF_M_DSET },
		{ ZPF_NOT_SPORT, ZPF_M_SPORT | ZPF_M_SPORTSET },
		{ ZPF_NOT_DPORT, ZPF_M_DPORT | ZPF_M_DPORTSET },
		{ ZPF_NOT_IN, ZPF_M_IN },
		{ ZPF_NOT_OUT, ZPF_M_OUT },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(needs); i++)
		if ((f->not & needs[i].not) &&
		    !(f->rule->match & needs[i].match))
			return zpf_txn_refuse(f->info, ZPF_RULE_A_NOT,
					      "inverts a match that is not there");
	return 0;
}

static int zpf_fill_matches(struct zpf_fill *f)
{
	struct nlattr **attrs = f->info->attrs;
	int err = 0;

	if (attrs[ZPF_RULE_A_NOT])
		f->not = nla_get_u32(attrs[ZPF_RULE_A_NOT]);
	f->rule->not = f->not;
	if (attrs[ZPF_RULE_A_STATE])
		err = zpf_fill_state(f);
	if (!err && attrs[ZPF_RULE_A_PROTO])
		err = zpf_fill_proto(f);
	return err ?:
	       zpf_fill_addr(f, &zpf_src_addr, &f->rule->saddr) ?:
	       zpf_fill_addr(f, &zpf_dst_addr, &f->rule->daddr) ?:
	       zpf_fill_port(f, &zpf_src_port, &f->rule->sport) ?:
	       zpf_fill_port(f, &zpf_dst_port, &f->rule->dport) ?:
	       zpf_fill_iface(f, ZPF_RULE_A_IN_SET, ZPF_M_IN, &f->rule->in) ?:
	       zpf_fill_iface(f, ZPF_RULE_A_OUT_SET, ZPF_M_OUT,
			      &f->rule->out) ?:
	       zpf_fill_icmp(f) ?:
	       zpf_fill_tcp(f) ?:
	       zpf_fill_not(f) ?:
	       zpf_fill_extra(f);
}

/* --- what a matching rule does --- */

/* Buckets of this rule, which copies of it share. */
static struct zpf_keep *zpf_fill_keep(struct zpf_fill *f, u8 kind)
{
	char name[ZPF_KEEP_NAME_MAX + 1];

	snprintf(name, sizeof(name), "%u %s %u", f->table->family, f->ruleset,
		 f->row.number);
	return zpf_keep_get(&f->gen->zn->keeper, kind, name);
}

/* The rule's entry among the limits, made when it is first asked for. */
static struct zpf_limit *zpf_fill_bucket(struct zpf_fill *f)
{
	struct zpf_gen *gen = f->gen;

	if (f->rule->limit)
		return &gen->limits[f->rule->limit - 1];
	if (zpf_vec_room((void **)&gen->limits, gen->n_limits,
			 &gen->cap_limits, sizeof(*gen->limits)))
		return NULL;
	f->rule->limit = ++gen->n_limits;
	return &gen->limits[f->rule->limit - 1];
}

static int zpf_fill_limit(struct zpf_fill *f)
{
	struct nlattr **attrs = f->info->attrs;
	struct zpf_limit *limit;

	if (!attrs[ZPF_RULE_A_LIMIT_INTERVAL_NS]) {
		if (attrs[ZPF_RULE_A_LIMIT_BURST])
			return zpf_txn_refuse(f->info, ZPF_RULE_A_LIMIT_BURST,
					      "a burst needs an interval");
		return 0;
	}
	limit = zpf_fill_bucket(f);
	if (!limit)
		return -ENOMEM;
	limit->burst = attrs[ZPF_RULE_A_LIMIT_BURST] ?
		nla_get_u32(attrs[ZPF_RULE_A_LIMIT_BURST]) :
		ZPF_DEFAULT_LIMIT_BURST;
	limit->rate = zpf_rate_make(nla_get_u64(attrs[ZPF_RULE_A_LIMIT_INTERVAL_NS]),
				    limit->burst);
	limit->keep = zpf_fill_keep(f, ZPF_KEEP_LIMIT);
	return limit->keep ? 0 : -ENOMEM;
}

static int zpf_fill_recent(struct zpf_fill *f)
{
	struct nlattr **attrs = f->info->attrs;
	struct zpf_limit *limit;

	if (!attrs[ZPF_RULE_A_RECENT_COUNT] && !attrs[ZPF_RULE_A_RECENT_NS])
		return 0;
	if (!attrs[ZPF_RULE_A_RECENT_COUNT])
		return zpf_txn_refuse(f->info, ZPF_RULE_A_RECENT_NS,
				      "a time needs a count");
	if (!attrs[ZPF_RULE_A_RECENT_NS])
		return zpf_txn_refuse(f->info, ZPF_RULE_A_RECENT_COUNT,
				      "a count needs a time");
	if (f->gen->n_recents == ZPF_MAX_RECENT)
		return zpf_txn_refuse(f->info, ZPF_RULE_A_RECENT_COUNT,
				      "at most 1024 rules of a policy have this");
	limit = zpf_fill_bucket(f);
	if (!limit)
		return -ENOMEM;
	limit->recent_count = nla_get_u32(attrs[ZPF_RULE_A_RECENT_COUNT]);
	limit->recent_ns = nla_get_u64(attrs[ZPF_RULE_A_RECENT_NS]);
	limit->per_source =
		zpf_rate_make(div_u64(limit->recent_ns, limit->recent_count) ?: 1,
			      limit->recent_count);
	limit->recent = zpf_fill_keep(f, ZPF_KEEP_RECENT);
	if (!limit->recent)
		return -ENOMEM;
	f->gen->n_recents++;
	return 0;
}

static int zpf_fill_log(struct zpf_fill *f)
{
	char prefix[ZPF_KEEP_NAME_MAX + 1];
	struct nf_loginfo li;
	int err;

	if (!f->info->attrs[ZPF_RULE_A_LOG])
		return 0;
	err = zpf_txn_log(f->info, f->info->attrs[ZPF_RULE_A_LOG], &li);
	if (err)
		return err;
	zpf_log_prefix_rule(prefix, sizeof(prefix), f->fam, f->ruleset,
			    f->row.number, f->row.action);
	return zpf_gen_add_site(f->gen, prefix, &li, &f->rule->site);
}

/* Where the walk goes on: forward only, and out only by HIT. */
static int zpf_fill_targets(struct zpf_fill *f)
{
	struct nlattr **attrs = f->info->attrs;
	const u32 self = f->table->have;
	struct zpf_rule *rule = f->rule;

	rule->hit = self + 1;
	rule->miss = self + 1;
	if (attrs[ZPF_RULE_A_HIT]) {
		if (rule->action <= ZPF_ACTION_REJECT)
			return zpf_txn_refuse(f->info, ZPF_RULE_A_HIT,
					      "the action decides");
		rule->hit = nla_get_u32(attrs[ZPF_RULE_A_HIT]);
		if (rule->hit <= self || rule->hit > f->table->n_rules)
			return zpf_txn_refuse(f->info, ZPF_RULE_A_HIT,
					      "not a place further on");
	}
	if (zpf_rule_matchless(rule)) {
		if (attrs[ZPF_RULE_A_MISS])
			return zpf_txn_refuse(f->info, ZPF_RULE_A_MISS,
					      "the rule holds always");
		return 0;
	}
	if (attrs[ZPF_RULE_A_MISS]) {
		rule->miss = nla_get_u32(attrs[ZPF_RULE_A_MISS]);
		if (rule->miss <= self)
			return zpf_txn_refuse(f->info, ZPF_RULE_A_MISS,
					      "not a place further on");
	}
	if (rule->miss >= f->table->n_rules) {
		if (attrs[ZPF_RULE_A_MISS])
			return zpf_txn_refuse(f->info, ZPF_RULE_A_MISS,
					      "leaves the table without a match");
		return zpf_txn_refuse(f->info, ZPF_RULE_A_ACTION,
				      "the last rule of a table has no match");
	}
	return 0;
}

/* --- the row --- */

static int zpf_fill_ruleset(struct zpf_fill *f)
{
	const struct nlattr *attr = f->info->attrs[ZPF_RULE_A_RULESET];
	struct zpf_table *table = f->table;
	u32 i, last;
	void *grown;

	f->ruleset = table->rulesets[0];
	if (!attr || !strcmp(nla_data(attr), f->ruleset))
		return 0;
	f->ruleset = nla_data(attr);
	if (!zpf_txn_name_ok(f->ruleset))
		return zpf_txn_refuse(f->info, ZPF_RULE_A_RULESET,
				      "not a ruleset name");
	/* Mostly that of the rule before. */
	last = table->have ? table->rows[table->rules[table->have - 1].row].ruleset : 0;
	for (i = 0; i < table->n_rulesets; i++) {
		u32 n = (last + i) % table->n_rulesets;

		if (!strcmp(table->rulesets[n], f->ruleset)) {
			f->row.ruleset = n;
			return 0;
		}
	}
	if (table->n_rulesets == ZPF_MAX_RULESETS)
		return zpf_txn_refuse(f->info, ZPF_RULE_A_RULESET,
				      "too many rulesets in one table");
	grown = kvcalloc(table->n_rulesets + 1, sizeof(*table->rulesets),
			 GFP_KERNEL_ACCOUNT);
	if (!grown)
		return -ENOMEM;
	memcpy(grown, table->rulesets,
	       table->n_rulesets * sizeof(*table->rulesets));
	kvfree(table->rulesets);
	table->rulesets = grown;
	strscpy(table->rulesets[table->n_rulesets], f->ruleset,
		sizeof(*table->rulesets));
	f->row.ruleset = table->n_rulesets++;
	return 0;
}

static int zpf_fill_row(struct zpf_fill *f)
{
	u32 idx = nla_get_u32(f->info->attrs[ZPF_RULE_A_ROW]);
	struct zpf_table *table = f->table;
	const struct zpf_row *was;

	f->rule->row = idx;
	if (idx == table->have_rows) {
		if (idx == table->n_rows)
			return zpf_txn_refuse(f->info, ZPF_RULE_A_ROW,
					      "more rows than announced");
		table->rows[table->have_rows++] = f->row;
		return 0;
	}
	if (idx > table->have_rows)
		return zpf_txn_refuse(f->info, ZPF_RULE_A_ROW,
				      "rows count up from 0");
	was = &table->rows[idx];
	if (was->ruleset != f->row.ruleset || was->number != f->row.number ||
	    was->action != f->row.action || was->meaning != f->row.meaning)
		return zpf_txn_refuse(f->info, ZPF_RULE_A_ROW,
				      "not a copy of the rule this row is kept for");
	return 0;
}

static int zpf_fill_table(struct zpf_fill *f)
{
	struct genl_info *info = f->info;
	u32 id = nla_get_u32(info->attrs[ZPF_RULE_A_TABLE]);

	if (!f->gen->have_tables || id != f->gen->have_tables - 1)
		return zpf_txn_refuse(info, ZPF_RULE_A_TABLE,
				      "not the table that is being filled");
	f->table = f->gen->tables[id];
	if (f->table->have == f->table->n_rules)
		return zpf_txn_refuse(info, ZPF_RULE_A_TABLE,
				      "more rules than announced");
	f->fam = zpf_fam_idx(f->table->family);
	f->rule = &f->table->rules[f->table->have];
	return 0;
}

/**
 * zpf_txn_rule() - RULE_ADD
 * @gen: the candidate
 * @info: the message
 */
int zpf_txn_rule(struct zpf_gen *gen, struct genl_info *info)
{
	struct zpf_fill f = { .gen = gen, .info = info };
	struct nlattr **attrs = info->attrs;
	int err;

	if (zpf_txn_need(info, ZPF_RULE_A_TABLE, "a rule needs a table") ||
	    zpf_txn_need(info, ZPF_RULE_A_ROW, "a rule needs a row") ||
	    zpf_txn_need(info, ZPF_RULE_A_NUMBER, "a rule needs a number") ||
	    zpf_txn_need(info, ZPF_RULE_A_ACTION, "a rule needs an action"))
		return -EINVAL;
	err = zpf_fill_table(&f) ?: zpf_fill_ruleset(&f);
	if (err)
		return err;
	f.row.number = nla_get_u32(attrs[ZPF_RULE_A_NUMBER]);
	f.row.action = nla_get_u8(attrs[ZPF_RULE_A_ACTION]);
	if (attrs[ZPF_RULE_A_MEANING])
		f.row.meaning = nla_get_u64(attrs[ZPF_RULE_A_MEANING]);
	f.rule->action = f.row.action;
	err = zpf_fill_matches(&f) ?: zpf_fill_limit(&f) ?:
	      zpf_fill_recent(&f) ?: zpf_fill_log(&f) ?:
	      zpf_fill_targets(&f) ?: zpf_fill_row(&f);
	if (err)
		return err;
	if (!f.row.number) {
		if (!zpf_rule_matchless(f.rule))
			return zpf_txn_refuse(info, ZPF_RULE_A_NUMBER,
					      "a default has no match");
		if (f.rule->extra)
			return zpf_txn_refuse(info, ZPF_RULE_A_NUMBER,
					      "a default changes nothing");
		gen->n_real_rules--;
		f.table->defaults += !f.row.ruleset;
	}
	gen->n_real_rules++;
	f.table->have++;
	return 0;
}
