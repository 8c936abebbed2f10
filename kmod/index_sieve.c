// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sieve of a table that is walked: for every rule the destination ports it
 * can have to do with, sixteen rules to a cache line. Most rules of most
 * rulesets are passed over for the port, and so without being looked at.
 */
#include "index_part.h"

/* All ports, where the rule itself has to be asked. */
static struct zpf_sieve zpf_sieve_of(const struct zpf_table *table,
				     struct zpf_set *const *sets, u32 idx)
{
	const struct zpf_sieve all = { .span = 0xffff };
	struct zpf_range6 first, last;
	struct zpf_want want;

	/* Behind one that is passed over comes the next. */
	if (table->rules[idx].miss != idx + 1)
		return all;
	zpf_want_get(table, sets, &table->rules[idx], ZPF_DIM_SLOT, &want);
	if (want.all || want.not || !want.n)
		return all;
	zpf_want_range(&want, 0, &first);
	zpf_want_range(&want, want.n - 1, &last);
	if (last.hi[1] > 0xffff)
		return all;
	return (struct zpf_sieve){
		.lo = first.lo[1],
		.span = last.hi[1] - first.lo[1],
	};
}

/**
 * zpf_sieve_build() - give a table its sieve
 * @table: a whole table without an index
 * @sets: the sets of the policy, whole
 *
 * Context: process; may sleep. Return: 0 or -ENOMEM
 */
int zpf_sieve_build(struct zpf_table *table, struct zpf_set *const *sets)
{
	struct zpf_sieve *sieve;
	u32 i;

	sieve = zpf_room(table->n_rules, sizeof(*sieve));
	if (!sieve)
		return -ENOMEM;
	for (i = 0; i < table->n_rules; i++) {
		sieve[i] = zpf_sieve_of(table, sets, i);
		if (i % 8192 == 8191)
			cond_resched();
	}
	table->sieve = sieve;
	return 0;
}
