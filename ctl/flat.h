/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What flatten, flat_rule and flat_time share while a model is laid flat.
 */
#ifndef ZPF_CTL_FLAT_H
#define ZPF_CTL_FLAT_H

#include "model.h"
#include "setpool.h"

/**
 * struct zpf_flat - a policy that is being made
 * @m: from this model
 * @p: the policy
 * @arena: of the policy
 * @scratch: for digests of rules
 * @sets: its sets
 * @rare: of the rule that is being laid flat, where it has one
 * @t: the table that is being filled
 * @table: its number
 * @n_rules: rules of all tables
 */
struct zpf_flat {
	struct zpf_model *m;
	struct zpf_policy *p;
	struct zpf_arena *arena;
	struct zpf_arena scratch;
	struct zpf_set_pool *sets;
	struct zpf_flat_rare *rare;
	struct zpf_flat_table *t;
	uint32_t table;
	uint64_t n_rules;
};

uint32_t zpf_flat_group(struct zpf_flat *f, int fam, enum zpf_group_kind kind,
			const char *name);
void zpf_flat_num(struct zpf_flat *f, struct zpf_flat_rule *r, enum zpf_num what,
		  const struct zpf_v_nums *in, const struct zpf_v_nums *out,
		  uint64_t max);
void zpf_flat_time(struct zpf_flat *f, const struct zpf_rule *in,
		   struct zpf_flat_rule *r);
void zpf_flat_matches(struct zpf_flat *f, const struct zpf_rule *in, int fam,
		      struct zpf_flat_rule *r);

#endif /* ZPF_CTL_FLAT_H */
