// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace of a probe: what packets decide at one go is walked here rule by
 * rule, and the two must agree.
 */
#include <linux/bug.h>
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
 * difference is a bug, said once in the kernel log.
 *
 * Context: process.
 */
void zpf_probe_walk(struct zpf_probe *probe, const struct zpf_table *table,
		    struct zpf_set *const *sets, u32 from, u32 to)
{
	u8 why = ZPF_WHY_UNSPEC;

	while (from < table->n_rules) {
		why = zpf_rule_why(table, &table->rules[from], sets, &probe->key);
		zpf_probe_step(probe, table, from, why);
		if (why == ZPF_WHY_NONE)
			break;
		from = table->rules[from].miss;
	}
	WARN_ONCE(why == ZPF_WHY_NONE ? from != to : to < table->n_rules,
		  "zpf: rule %u of table %u found at %u\n", from, table->id, to);
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
