// SPDX-License-Identifier: GPL-2.0-only
/*
 * RULE_ADD, the rare matches: attributes into a rule's side record. One row a
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

/**
 * zpf_fill_extra() - read the rare matches of a rule
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
		if (!extra) {
			extra = zpf_extra_new(f->table);
			if (!extra)
				return -ENOMEM;
			f->rule->extra = f->table->n_extras;
			extra->not = f->not;
		}
		err = zpf_extra_rows[i].read(f, attr, extra);
		if (err)
			return err;
		extra->match |= zpf_extra_rows[i].bit;
	}
	if (extra && extra->match) {
		f->rule->match |= ZPF_M_EXTRA;
		f->table->needs |= extra->match;
	}
	return 0;
}
