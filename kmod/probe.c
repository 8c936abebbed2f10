// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace of a probe: what packets decide at one go is walked here rule by
 * rule, and the two must agree.
 */
#include <linux/bug.h>
#include "index.h"
#include "probe.h"

static void zpf_probe_step(struct zpf_probe *probe,
			   const struct zpf_table *table, u32 idx, u8 why)
{
	if (WARN_ON_ONCE(probe->n == probe->cap))
		return;
	probe->steps[probe->n++] = (struct zpf_step){ table, idx, why };
}

/**
 * zpf_probe_walk() - write down what zpf_table_next() passed over, and why
 * @probe: the probe
 * @table: the table
 * @sets: the sets of the policy
 * @from: where it began
 * @to: what it found
 *
 * Always rule by rule, also where packets are served by an index: a
 * difference is a bug, said once in the kernel log, unless a set that may
 * change did so in between.
 *
 * Context: process, under RCU.
 * Return: index of the rule found, as zpf_table_next()
 */
u32 zpf_probe_walk(struct zpf_probe *probe, const struct zpf_table *table,
		   struct zpf_set *const *sets, u32 from, u32 to)
{
	u32 i = from;

	while (i < table->n_rules) {
		const u8 why = zpf_rule_why(table, &table->rules[i], sets,
					    &probe->key);

		zpf_probe_step(probe, table, i, why);
		if (why == ZPF_WHY_NONE)
			break;
		i = table->rules[i].miss;
	}
	if (i != to) {
		to = zpf_table_next(table, sets, &probe->key, from);
		WARN_ONCE(i != to, "zpf: table %u: rule %u is found at %u\n",
			  table->id, i, to);
	}
	return i;
}

/**
 * zpf_probe_limited() - the rule found last does not hold for its buckets
 * @probe: the probe
 * @why: ZPF_WHY_LIMIT or ZPF_WHY_RECENT
 */
void zpf_probe_limited(struct zpf_probe *probe, u8 why)
{
	if (probe->n)
		probe->steps[probe->n - 1].why = why;
}
