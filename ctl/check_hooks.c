// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refuses matches that mean nothing where a ruleset judges: what the router
 * sends never came out of IPsec, what it receives does not go into it. Called
 * by config; follows jumps.
 */
#include "model.h"

enum { OUTPUT = 1, INPUT = 2 };	/* of struct zpf_ruleset.seen */

struct reach {
	struct zpf_model *m;
	const char *who;	/* what brings packets of this direction here */
	unsigned int dir;
};

static void walk(const struct reach *re, struct zpf_ruleset *rs)
{
	bool out = re->dir == OUTPUT;

	if (!rs || rs->seen & re->dir)
		return;
	rs->seen |= re->dir;
	for (size_t i = 0; i < rs->n_rules; i++) {
		struct zpf_rule *r = &rs->rules[i];
		const struct zpf_v_flag *flags[] = {
			out ? &r->rare->ipsec_in : &r->rare->ipsec_out,
			out ? &r->rare->ipsec_no_in : &r->rare->ipsec_no_out,
		};

		if (!zpf_rule_live(r))
			continue;
		for (int k = 0; k < 2; k++)
			if (flags[k]->node)
				zpf_error(re->m, flags[k]->node, "ipsec %s cannot stand in %s: %s leads there, and %s",
					  flags[k]->node->name, rs->name, re->who,
					  out ? "what the router sends never came out of IPsec" :
					  "what the router receives does not go into IPsec");
		walk(re, r->target);
	}
	walk(re, rs->default_target);
}

/* What judges packets between @z and the local zone, as the kernel will. */
static void walk_zone(struct zpf_model *m, struct zpf_zone *from,
		      struct zpf_zone *to, unsigned int dir)
{
	struct reach re = { .m = m, .dir = dir,
		.who = zpf_arena_printf(m->arena, "the way from zone %s to %s",
					from->name, to->name) };

	for (int fam = 0; fam < ZPF_FAMS; fam++) {
		struct zpf_ruleset *rs = to->default_set[fam];

		for (size_t j = 0; j < to->n_from; j++)
			if (to->from[j].zone == from && to->from[j].bind[fam].ruleset)
				rs = to->from[j].bind[fam].ruleset;
		walk(&re, rs);
	}
}

/**
 * zpf_hooks_check() - refuse matches that mean nothing where they are asked
 * @m: the model
 */
void zpf_hooks_check(struct zpf_model *m)
{
	struct zpf_zone *local = NULL;

	for (int fam = 0; fam < ZPF_FAMS; fam++)
		for (int c = 0; c < ZPF_CHAINS; c++) {
			struct zpf_ruleset *rs = m->chains[fam][c];
			struct reach re = { .m = m };

			if (!rs || rs->hook == ZPF_HOOK_FORWARD)
				continue;
			re.who = rs->name;
			re.dir = rs->hook == ZPF_HOOK_OUTPUT ? OUTPUT : INPUT;
			walk(&re, rs);
		}
	for (size_t i = 0; i < m->n_zones; i++)
		if (m->zones[i].local.node)
			local = &m->zones[i];
	for (size_t i = 0; local && i < m->n_zones; i++) {
		if (&m->zones[i] == local)
			continue;
		walk_zone(m, local, &m->zones[i], OUTPUT);
		walk_zone(m, &m->zones[i], local, INPUT);
	}
}
