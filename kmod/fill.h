/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A RULE_ADD on its way into a table: shared by txn_rule.c, which does what
 * most rules need, and txn_extra.c, which does the rest.
 */
#ifndef ZPF_FILL_H
#define ZPF_FILL_H

#include "txn.h"

/**
 * struct zpf_fill - a rule on its way into a table
 * @gen: the candidate
 * @info: the message
 * @table: the table
 * @rule: the rule, at its place
 * @fam: family of the table
 * @not: ZPF_NOT_* the message asks for
 * @row: what its row would be
 * @ruleset: name of the ruleset it is written in
 */
struct zpf_fill {
	struct zpf_gen *gen;
	struct genl_info *info;
	struct zpf_table *table;
	struct zpf_rule *rule;
	unsigned int fam;
	u32 not;
	struct zpf_row row;
	const char *ruleset;
};

int zpf_fill_set(struct zpf_fill *f, const struct nlattr *attr, u8 kind,
		 u32 *id);
int zpf_fill_extra(struct zpf_fill *f);

#endif /* ZPF_FILL_H */
