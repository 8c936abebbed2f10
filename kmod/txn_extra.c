// SPDX-License-Identifier: GPL-2.0-only
/*
 * RULE_ADD, what stands in a rule's side record: rare matches, and effects. One row a
 * match: its attribute, its bit, and how the attribute is read.
 */
#include "fill.h"

static int zpf_extra_ttl(struct zpf_fill *f, const struct nlattr *attr,
			 struct zpf_extra *extra)
{
	nla_memcpy(&extra->ttl, attr, sizeof(extra->ttl));
	if (extra->ttl.lo > extra->ttl.hi)
		return zpf_txn_refuse(f->info, ZPF_RULE_A_TTL,
				      "range ends before it begins");
	return 0;
}

static const struct {
	int attr;
	u32 bit;
	int (*read)(struct zpf_fill *f, const struct nlattr *attr,
		    struct zpf_extra *extra);
} zpf_extra_rows[] = {
	{ ZPF_RULE_A_TTL, ZPF_X_TTL, zpf_extra_ttl },
};

/* The side record the rule gets: one at the end of the table's array. */
static struct zpf_extra *zpf_extra_new(struct zpf_table *table)
{
	struct zpf_extra *extra;

	if (zpf_vec_room((void **)&table->extras, table->n_extras,
			 &table->cap_extras, sizeof(*table->extras)))
		return NULL;
	extra = &table->extras[table->n_extras++];
	memset(extra, 0, sizeof(*extra));
	return extra;
}

/* The side record of the rule, a new one when it is first asked for. */
static struct zpf_extra *zpf_extra_of(struct zpf_fill *f)
{
	struct zpf_extra *extra;

	if (f->rule->extra)
		return &f->table->extras[f->rule->extra - 1];
	extra = zpf_extra_new(f->table);
	if (extra) {
		f->rule->extra = f->table->n_extras;
		extra->not = f->not;
	}
	return extra;
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
		err = zpf_fill_set(f, set_attr, kind, &id);
		if (err)
			return err;
		if (f->gen->sets[id]->sort != ZPF_SET_DYNAMIC)
			return zpf_txn_refuse(f->info, set_attr,
					      "rules add to dynamic sets only");
		extra = zpf_extra_of(f);
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
 * @f: the rule; its `extra` and ZPF_M_EXTRA are set where it has any
 *
 * Return: 0, -ENOMEM, or -EINVAL with the reason set
 */
int zpf_fill_extra(struct zpf_fill *f)
{
	struct zpf_extra *extra = NULL;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(zpf_extra_rows); i++) {
		const struct nlattr *attr = f->info->attrs[zpf_extra_rows[i].attr];

		if (!attr)
			continue;
		extra = zpf_extra_of(f);
		if (!extra)
			return -ENOMEM;
		err = zpf_extra_rows[i].read(f, attr, extra);
		if (err)
			return err;
		extra->match |= zpf_extra_rows[i].bit;
	}
	if (extra && extra->match) {
		f->rule->match |= ZPF_M_EXTRA;
		f->table->needs |= extra->match;
	}
	return zpf_extra_adds(f);
}
