// SPDX-License-Identifier: GPL-2.0-only
/*
 * RULE_ADD, what stands in a rule's side record: rare matches, and effects.
 * Numbers all go one way; for any other match one row: its attribute, its bit,
 * and how the attribute is read.
 */
#include "fill.h"

const struct nla_policy zpf_num_policy[ZPF_NUM_A_MAX + 1] = {
	[ZPF_NUM_A_WHAT] = NLA_POLICY_RANGE(NLA_U8, 1, ZPF_NUM_MAX),
	[ZPF_NUM_A_SET] = { .type = NLA_U32 },
};

const struct nla_policy zpf_change_policy[ZPF_CHANGE_A_MAX + 1] = {
	[ZPF_CHANGE_A_WHAT] = NLA_POLICY_RANGE(NLA_U8, 1, ZPF_CHANGE_MAX),
	[ZPF_CHANGE_A_VALUE] = { .type = NLA_U32 },
};

/* The side record of the rule: one at the end of the table's array. */
static struct zpf_extra *zpf_extra_get(struct zpf_fill *f)
{
	struct zpf_table *table = f->table;
	struct zpf_extra *extra;

	if (f->rule->extra)
		return &table->extras[f->rule->extra - 1];
	if (zpf_vec_room((void **)&table->extras, table->n_extras,
			 &table->cap_extras, sizeof(*table->extras)))
		return NULL;
	extra = &table->extras[table->n_extras++];
	memset(extra, 0, sizeof(*extra));
	extra->not = f->not;
	f->rule->extra = table->n_extras;
	return extra;
}

/* A mask takes the set of its side out of the rule. */
static int zpf_extra_mask(struct zpf_fill *f, int attr, u16 set_bit,
			  const struct zpf_range4 *side,
			  struct zpf_masked *masked)
{
	const struct nlattr *nla = f->info->attrs[attr];

	if (!(f->rule->match & set_bit))
		return zpf_txn_refuse(f->info, attr, "a mask needs a set");
	if (nla_len(nla) != (f->fam == ZPF_V4 ? sizeof(u32) :
						sizeof(masked->mask)))
		return zpf_txn_refuse(f->info, attr,
				      "not an address of the table's family");
	if (f->fam == ZPF_V4)
		masked->mask.w[1] = nla_get_u32(nla);
	else
		nla_memcpy(&masked->mask, nla, sizeof(masked->mask));
	masked->set = side->lo;
	f->rule->match &= ~set_bit;
	return 0;
}

static int zpf_extra_saddr(struct zpf_fill *f, struct zpf_extra *extra)
{
	return zpf_extra_mask(f, ZPF_RULE_A_SADDR_MASK, ZPF_M_SSET,
			      &f->rule->saddr, &extra->saddr);
}

static int zpf_extra_daddr(struct zpf_fill *f, struct zpf_extra *extra)
{
	return zpf_extra_mask(f, ZPF_RULE_A_DADDR_MASK, ZPF_M_DSET,
			      &f->rule->daddr, &extra->daddr);
}

static const struct {
	int attr;
	u32 bit;
	int (*read)(struct zpf_fill *f, struct zpf_extra *extra);
} zpf_extra_rows[] = {
	{ ZPF_RULE_A_SADDR_MASK, ZPF_X_SMASK, zpf_extra_saddr },
	{ ZPF_RULE_A_DADDR_MASK, ZPF_X_DMASK, zpf_extra_daddr },
};

static int zpf_extra_num(struct zpf_fill *f, const struct nlattr *nest)
{
	struct netlink_ext_ack *extack = f->info->extack;
	struct nlattr *tb[ZPF_NUM_A_MAX + 1];
	struct zpf_extra *extra;
	unsigned int num;
	u32 set;
	int err;

	err = nla_parse_nested(tb, ZPF_NUM_A_MAX, nest, zpf_num_policy, extack);
	if (err)
		return err;
	if (!tb[ZPF_NUM_A_WHAT] || !tb[ZPF_NUM_A_SET]) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a number needs a name and a set");
		return -EINVAL;
	}
	err = zpf_fill_set(f, tb[ZPF_NUM_A_SET], ZPF_SET_NUMBER, &set);
	if (err)
		return err;
	extra = zpf_extra_get(f);
	if (!extra)
		return -ENOMEM;
	num = nla_get_u8(tb[ZPF_NUM_A_WHAT]);
	if (extra->nums & ZPF_NUM_BIT(num)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[ZPF_NUM_A_WHAT],
				    "the rule asks for this number already");
		return -EINVAL;
	}
	extra->nums |= ZPF_NUM_BIT(num);
	extra->set[num] = set;
	f->table->needs |= ZPF_NUM_BIT(num);
	f->rule->match |= ZPF_M_EXTRA;
	return 0;
}

static int zpf_extra_change(struct zpf_fill *f, const struct nlattr *nest)
{
	static const u32 max[] = {
		[ZPF_CHANGE_DSCP] = 63,
		[ZPF_CHANGE_MARK] = U32_MAX,
		[ZPF_CHANGE_CT_MARK] = U32_MAX,
		[ZPF_CHANGE_MSS] = U16_MAX,
		[ZPF_CHANGE_TTL] = U8_MAX,
	};
	struct netlink_ext_ack *extack = f->info->extack;
	struct nlattr *tb[ZPF_CHANGE_A_MAX + 1];
	struct zpf_extra *extra;
	unsigned int what;
	int err;

	static_assert(ARRAY_SIZE(max) == ZPF_CHANGE_MAX + 1);
	err = nla_parse_nested(tb, ZPF_CHANGE_A_MAX, nest, zpf_change_policy,
			       extack);
	if (err)
		return err;
	if (!tb[ZPF_CHANGE_A_WHAT] || !tb[ZPF_CHANGE_A_VALUE]) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a change needs a name and a value");
		return -EINVAL;
	}
	extra = zpf_extra_get(f);
	if (!extra)
		return -ENOMEM;
	what = nla_get_u8(tb[ZPF_CHANGE_A_WHAT]);
	if (extra->changes & BIT(what)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[ZPF_CHANGE_A_WHAT],
				    "the rule changes this already");
		return -EINVAL;
	}
	extra->value[what] = nla_get_u32(tb[ZPF_CHANGE_A_VALUE]);
	if (extra->value[what] > max[what]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[ZPF_CHANGE_A_VALUE],
				    "more than there is room for");
		return -EINVAL;
	}
	extra->changes |= BIT(what);
	return 0;
}

/* Every nest of one attribute. */
static int zpf_extra_nests(struct zpf_fill *f, int type,
			   int (*read)(struct zpf_fill *f,
				       const struct nlattr *nest))
{
	const struct nlattr *attr;
	int err, rem;

	if (!f->info->attrs[type])
		return 0;
	nlmsg_for_each_attr(attr, f->info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != type)
			continue;
		err = read(f, attr);
		if (err)
			return err;
	}
	return 0;
}

static const struct {
	int set_attr;
	int time_attr;
} zpf_add_rows[] = {
	{ ZPF_RULE_A_ADD_SADDR_SET, ZPF_RULE_A_ADD_SADDR_NS },
	{ ZPF_RULE_A_ADD_DADDR_SET, ZPF_RULE_A_ADD_DADDR_NS },
};

/* The addresses it adds to dynamic sets. */
static int zpf_extra_adds(struct zpf_fill *f)
{
	const u8 kind = f->fam == ZPF_V4 ? ZPF_SET_IPV4 : ZPF_SET_IPV6;
	struct nlattr **attrs = f->info->attrs;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(zpf_add_rows); i++) {
		const int set_attr = zpf_add_rows[i].set_attr;
		const int time_attr = zpf_add_rows[i].time_attr;
		struct zpf_extra *extra;
		u32 id;
		int err;

		if (!attrs[set_attr]) {
			if (attrs[time_attr])
				return zpf_txn_refuse(f->info, time_attr,
						      "a time needs a set");
			continue;
		}
		err = zpf_fill_set(f, attrs[set_attr], kind, &id);
		if (err)
			return err;
		if (f->gen->sets[id]->sort != ZPF_SET_DYNAMIC)
			return zpf_txn_refuse(f->info, set_attr,
					      "rules add to dynamic sets only");
		extra = zpf_extra_get(f);
		if (!extra)
			return -ENOMEM;
		extra->adds[i].set = id + 1;
		extra->adds[i].for_ns = attrs[time_attr] ?
			nla_get_u64(attrs[time_attr]) : ZPF_SRCTAB_FOREVER;
	}
	return 0;
}

/**
 * zpf_fill_extra() - read the rare matches of a rule, and what it adds
 * @f: the rule, with its other matches; its `extra` and ZPF_M_EXTRA are set
 *	where it has any
 *
 * Return: 0, -ENOMEM, or -EINVAL with the reason set
 */
int zpf_fill_extra(struct zpf_fill *f)
{
	struct zpf_extra *extra;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(zpf_extra_rows); i++) {
		if (!f->info->attrs[zpf_extra_rows[i].attr])
			continue;
		extra = zpf_extra_get(f);
		if (!extra)
			return -ENOMEM;
		err = zpf_extra_rows[i].read(f, extra);
		if (err)
			return err;
		extra->match |= zpf_extra_rows[i].bit;
		f->rule->match |= ZPF_M_EXTRA;
	}
	return zpf_extra_nests(f, ZPF_RULE_A_NUM, zpf_extra_num) ?:
	       zpf_extra_nests(f, ZPF_RULE_A_CHANGE, zpf_extra_change) ?:
	       zpf_extra_adds(f);
}
