// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fast path, worked out once a commit: is an established or a related
 * packet of a pair accepted by the whole chain state policy, base chain, pair,
 * with every step deciding from ctinfo alone and none logging or limiting?
 * Then the hook moves a short list of counters and looks at no header.
 */
#include <linux/sched.h>
#include <net/netfilter/nf_conntrack.h>
#include "fast.h"
#include "net.h"

/**
 * struct zpf_fast - the counters a packet of one state moves on its way
 * @state: ZPF_STATE_ESTABLISHED or ZPF_STATE_RELATED
 * @n: counters so far
 * @ctr: the counters
 */
struct zpf_fast {
	u8 state;
	u8 n;
	struct zpf_counter __percpu *ctr[2];
};

static bool zpf_fast_add(struct zpf_fast *fast,
			 struct zpf_counter __percpu *ctr)
{
	if (fast->n == ARRAY_SIZE(fast->ctr))
		return false;
	fast->ctr[fast->n++] = ctr;
	return true;
}

/*
 * Does a table let this state pass, whatever else is in the packet? Only if
 * every rule on the way decides from the state alone, and none logs or limits.
 */
static bool zpf_fast_table(const struct zpf_gen *gen, struct zpf_fast *fast,
			   const struct zpf_table *table, u32 row0)
{
	u32 i = 0;

	while (i < table->n_rules) {
		const struct zpf_rule *rule = &table->rules[i];

		if ((rule->match & ZPF_M_STATE) && !(rule->state & fast->state)) {
			i = rule->miss;
			continue;
		}
		if ((rule->match & ~ZPF_M_STATE) || rule->limit || rule->site ||
		    rule->extra)
			return false;
		if (!zpf_fast_add(fast, gen->ctrs[row0 + rule->row]))
			return false;
		if (rule->action <= ZPF_ACTION_REJECT)
			return rule->action == ZPF_ACTION_ACCEPT;
		i = rule->hit;
	}
	return true;
}

static bool zpf_fast_cell(const struct zpf_gen *gen, struct zpf_fast *fast,
			  unsigned int fam, const struct zpf_cell *cell)
{
	const bool related = fast->state == ZPF_STATE_RELATED;
	const struct zpf_state_policy *sp =
		&gen->sp[related ? ZPF_SP_RELATED : ZPF_SP_ESTABLISHED];
	const unsigned int hook = zpf_cell_hook(gen, cell);
	const struct zpf_chain *chain = &gen->chains[hook][fam];

	if (sp->action)
		return sp->action == ZPF_ACTION_ACCEPT && !sp->site &&
		       zpf_fast_add(fast, gen->ctrs[sp->row0]);
	if (chain->table &&
	    !zpf_fast_table(gen, fast, chain->table, chain->row0))
		return false;
	/* Errors the router sends are related, and accepted uncounted. */
	if (related && hook == ZPF_OUT)
		return false;
	if (cell->reason == ZPF_CELL_UNFILTERED)
		return true;
	if (cell->table)
		return zpf_fast_table(gen, fast, cell->table, cell->row0);
	return cell->action == ZPF_ACTION_ACCEPT && !cell->site &&
	       zpf_fast_add(fast, gen->ctrs[cell->row0]);
}

/**
 * zpf_fast_build() - precompute the fast path of every cell
 * @gen: the generation, with its counters
 *
 * Context: process, under zpf_net.commit.
 */
void zpf_fast_build(struct zpf_gen *gen)
{
	static const struct {
		u8 state;
		u8 ctinfos;
	} classes[] = {
		{ ZPF_STATE_ESTABLISHED,
		  BIT(IP_CT_ESTABLISHED) | BIT(IP_CT_ESTABLISHED_REPLY) },
		{ ZPF_STATE_RELATED,
		  BIT(IP_CT_RELATED) | BIT(IP_CT_RELATED_REPLY) },
	};
	unsigned int fam, k;
	u32 n;

	for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
		for (n = 0; n < gen->dim * gen->dim; n++) {
			struct zpf_cell *cell = &gen->cells[fam][n];

			for (k = 0; cell->judged && k < ARRAY_SIZE(classes); k++) {
				struct zpf_fast fast = {
					.state = classes[k].state
				};

				if (!zpf_fast_cell(gen, &fast, fam, cell))
					continue;
				cell->fast |= classes[k].ctinfos;
				cell->fast_ctr[k][0] = fast.ctr[0];
				cell->fast_ctr[k][1] = fast.ctr[1];
			}
			if (!(n % 1024))
				cond_resched();
		}
	}
}
