// SPDX-License-Identifier: GPL-2.0-only
/*
 * RULE_GET: the rules of all tables as they are enforced, in the words of
 * RULE_ADD. The other direction of txn_rule.c and txn_extra.c.
 */
#include "log.h"
#include "net.h"
#include "nl.h"

/**
 * struct zpf_told - a rule on its way into a message
 * @skb: the message
 * @gen: the policy
 * @table: the table
 * @rule: the rule
 */
struct zpf_told {
	struct sk_buff *skb;
	const struct zpf_gen *gen;
	const struct zpf_table *table;
	const struct zpf_rule *rule;
};

/* --- matches --- */

/* The protocol number zpf_ext_bit() knows by this bit. */
static u8 zpf_ext_proto(u8 bit)
{
	u8 proto = 0;

	while (zpf_ext_bit(proto) != bit)
		proto++;
	return proto;
}

static int zpf_tell_proto(const struct zpf_told *t)
{
	const u8 *proto = t->rule->proto;

	if (t->rule->match & ZPF_M_EXT)
		return nla_put_u8(t->skb, ZPF_RULE_A_PROTO,
				  zpf_ext_proto(proto[0]));
	if (t->rule->match & ZPF_M_PROTO)
		return nla_put(t->skb, ZPF_RULE_A_PROTO,
			       1 + (proto[0] != proto[1]), proto);
	return 0;
}

static int zpf_tell_range(const struct zpf_told *t, int attr,
			  const struct zpf_range4 *range)
{
	if (t->table->family == NFPROTO_IPV4)
		return nla_put(t->skb, attr, sizeof(*range), range);
	return nla_put(t->skb, attr, sizeof(*t->table->addr6),
		       &t->table->addr6[range->lo]);
}

static int zpf_tell_mask(const struct zpf_told *t, int set_attr, int attr,
			 const struct zpf_masked *masked)
{
	if (nla_put_u32(t->skb, set_attr, masked->set))
		return -EMSGSIZE;
	if (t->table->family == NFPROTO_IPV4)
		return nla_put_u32(t->skb, attr, masked->mask.w[1]);
	return nla_put(t->skb, attr, sizeof(masked->mask), &masked->mask);
}

static int zpf_tell_addrs(const struct zpf_told *t)
{
	const struct zpf_rule *rule = t->rule;

	return ((rule->match & ZPF_M_SADDR) &&
		zpf_tell_range(t, ZPF_RULE_A_SADDR, &rule->saddr)) ||
	       ((rule->match & ZPF_M_DADDR) &&
		zpf_tell_range(t, ZPF_RULE_A_DADDR, &rule->daddr)) ||
	       ((rule->match & ZPF_M_SSET) &&
		nla_put_u32(t->skb, ZPF_RULE_A_SADDR_SET, rule->saddr.lo)) ||
	       ((rule->match & ZPF_M_DSET) &&
		nla_put_u32(t->skb, ZPF_RULE_A_DADDR_SET, rule->daddr.lo));
}

static int zpf_tell_ports(const struct zpf_told *t)
{
	const struct zpf_rule *rule = t->rule;

	return ((rule->match & ZPF_M_SPORT) &&
		nla_put(t->skb, ZPF_RULE_A_SPORT, sizeof(rule->sport),
			&rule->sport)) ||
	       ((rule->match & ZPF_M_DPORT) &&
		nla_put(t->skb, ZPF_RULE_A_DPORT, sizeof(rule->dport),
			&rule->dport)) ||
	       ((rule->match & ZPF_M_SPORTSET) &&
		nla_put_u32(t->skb, ZPF_RULE_A_SPORT_SET, rule->sport.lo)) ||
	       ((rule->match & ZPF_M_DPORTSET) &&
		nla_put_u32(t->skb, ZPF_RULE_A_DPORT_SET, rule->dport.lo));
}

static int zpf_tell_l4(const struct zpf_told *t)
{
	const struct zpf_rule *rule = t->rule;

	if (rule->match & ZPF_M_ICMP)
		return nla_put_u8(t->skb, ZPF_RULE_A_ICMP_TYPE,
				  rule->l4_value >> 8) ||
		       ((rule->l4_mask & 0xff) &&
			nla_put_u8(t->skb, ZPF_RULE_A_ICMP_CODE,
				   rule->l4_value & 0xff));
	if (rule->match & ZPF_M_TCP)
		return nla_put(t->skb, ZPF_RULE_A_TCP_FLAGS, 2,
			       (u8[]){ rule->l4_mask, rule->l4_value });
	return 0;
}

static int zpf_tell_matches(const struct zpf_told *t)
{
	const struct zpf_rule *rule = t->rule;

	return ((rule->match & ZPF_M_STATE) &&
		nla_put_u8(t->skb, ZPF_RULE_A_STATE, rule->state)) ||
	       zpf_tell_proto(t) || zpf_tell_addrs(t) || zpf_tell_ports(t) ||
	       ((rule->match & ZPF_M_IN) &&
		nla_put_u32(t->skb, ZPF_RULE_A_IN_SET,
			    t->gen->ifsets[rule->in])) ||
	       ((rule->match & ZPF_M_OUT) &&
		nla_put_u32(t->skb, ZPF_RULE_A_OUT_SET,
			    t->gen->ifsets[rule->out])) ||
	       zpf_tell_l4(t) ||
	       (rule->not &&
		nla_put_u32(t->skb, ZPF_RULE_A_NOT, rule->not));
}

static int zpf_tell_limit(const struct zpf_told *t)
{
	const struct zpf_limit *limit;

	if (!t->rule->limit)
		return 0;
	limit = &t->gen->limits[t->rule->limit - 1];
	return (limit->keep &&
		(nla_put_u64_64bit(t->skb, ZPF_RULE_A_LIMIT_INTERVAL_NS,
				   limit->rate.interval_ns, ZPF_RULE_A_PAD) ||
		 nla_put_u32(t->skb, ZPF_RULE_A_LIMIT_BURST, limit->burst))) ||
	       (limit->recent &&
		(nla_put_u32(t->skb, ZPF_RULE_A_RECENT_COUNT,
			     limit->recent_count) ||
		 nla_put_u64_64bit(t->skb, ZPF_RULE_A_RECENT_NS,
				   limit->recent_ns, ZPF_RULE_A_PAD)));
}

/* --- the side record --- */

/* A nest of two numbers. */
static int zpf_tell_nest(struct sk_buff *skb, int attr, int what_attr, u8 what,
			 int value_attr, u32 value)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest || nla_put_u8(skb, what_attr, what) ||
	    nla_put_u32(skb, value_attr, value))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int zpf_tell_add(struct sk_buff *skb, int set_attr, int time_attr,
			const struct zpf_adds *adds)
{
	if (!adds->set)
		return 0;
	return nla_put_u32(skb, set_attr, adds->set - 1) ||
	       (adds->for_ns != ZPF_SRCTAB_FOREVER &&
		nla_put_u64_64bit(skb, time_attr, adds->for_ns,
				  ZPF_RULE_A_PAD));
}

static int zpf_tell_extra(const struct zpf_told *t)
{
	const struct zpf_extra *extra;
	unsigned int i;

	if (!t->rule->extra)
		return 0;
	extra = &t->table->extras[t->rule->extra - 1];
	if (((extra->match & ZPF_X_SMASK) &&
	     zpf_tell_mask(t, ZPF_RULE_A_SADDR_SET, ZPF_RULE_A_SADDR_MASK,
			   &extra->saddr)) ||
	    ((extra->match & ZPF_X_DMASK) &&
	     zpf_tell_mask(t, ZPF_RULE_A_DADDR_SET, ZPF_RULE_A_DADDR_MASK,
			   &extra->daddr)))
		return -EMSGSIZE;
	for (i = 1; i <= ZPF_NUM_MAX; i++)
		if ((extra->nums & ZPF_NUM_BIT(i)) &&
		    zpf_tell_nest(t->skb, ZPF_RULE_A_NUM, ZPF_NUM_A_WHAT, i,
				  ZPF_NUM_A_SET, extra->set[i]))
			return -EMSGSIZE;
	for (i = 1; i <= ZPF_CHANGE_MAX; i++)
		if ((extra->changes & BIT(i)) &&
		    zpf_tell_nest(t->skb, ZPF_RULE_A_CHANGE, ZPF_CHANGE_A_WHAT,
				  i, ZPF_CHANGE_A_VALUE, extra->value[i]))
			return -EMSGSIZE;
	return zpf_tell_add(t->skb, ZPF_RULE_A_ADD_SADDR_SET,
			    ZPF_RULE_A_ADD_SADDR_NS, &extra->adds[0]) ||
	       zpf_tell_add(t->skb, ZPF_RULE_A_ADD_DADDR_SET,
			    ZPF_RULE_A_ADD_DADDR_NS, &extra->adds[1]);
}

/* --- the rule --- */

static int zpf_tell_head(const struct zpf_told *t, u32 idx)
{
	const struct zpf_rule *rule = t->rule;
	const struct zpf_row *row = &t->table->rows[rule->row];

	return nla_put_u32(t->skb, ZPF_RULE_A_TABLE, t->table->id) ||
	       nla_put_u32(t->skb, ZPF_RULE_A_ROW, rule->row) ||
	       (row->ruleset &&
		nla_put_string(t->skb, ZPF_RULE_A_RULESET,
			       t->table->rulesets[row->ruleset])) ||
	       nla_put_u32(t->skb, ZPF_RULE_A_NUMBER, row->number) ||
	       nla_put_u64_64bit(t->skb, ZPF_RULE_A_MEANING, row->meaning,
				 ZPF_RULE_A_PAD) ||
	       nla_put_u8(t->skb, ZPF_RULE_A_ACTION, rule->action) ||
	       (rule->hit != idx + 1 &&
		nla_put_u32(t->skb, ZPF_RULE_A_HIT, rule->hit)) ||
	       (rule->miss != idx + 1 &&
		nla_put_u32(t->skb, ZPF_RULE_A_MISS, rule->miss)) ||
	       (rule->site &&
		zpf_nl_put_log(t->skb, ZPF_RULE_A_LOG,
			       &t->gen->sites[rule->site - 1].li));
}

static int zpf_tell_rule(struct sk_buff *skb, const struct zpf_dump *dump)
{
	const struct zpf_gen *gen = dump->live->gen;
	const struct zpf_table *table = gen->tables[dump->i];
	const struct zpf_told t = {
		.skb = skb,
		.gen = gen,
		.table = table,
		.rule = &table->rules[dump->j],
	};

	return zpf_tell_head(&t, dump->j) || zpf_tell_matches(&t) ||
	       zpf_tell_limit(&t) || zpf_tell_extra(&t) ? -EMSGSIZE : 0;
}

/**
 * zpf_nl_dump_rules() - RULE_GET
 * @skb: the messages
 * @cb: the dump; @i counts tables, @j rules
 */
int zpf_nl_dump_rules(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	const struct zpf_gen *gen = dump->live->gen;
	int err = 0;

	while (!err && dump->i < gen->n_tables) {
		err = zpf_dump_one(skb, cb, ZPF_CMD_RULE_GET,
				   zpf_tell_rule(skb, dump));
		if (!err && ++dump->j == gen->tables[dump->i]->n_rules) {
			dump->i++;
			dump->j = 0;
		}
	}
	return skb->len ? skb->len : err;
}
