// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refuses jumps that loop, nest too deep or multiply beyond the caps, and
 * computes on the way how large every ruleset becomes when laid flat. Called
 * by config; flatten relies on what is refused here.
 */
#include <string.h>

#include "model.h"

#define MAX_DEPTH	16	/* jumps inside each other */
#define MAX_WALK	1024	/* rulesets in one chain of jumps, then give up */

struct walk {
	struct zpf_model *m;
	struct zpf_ruleset *above[MAX_WALK];
};

static uint64_t add_sat(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

/* The i-th ruleset that @rs calls, NULL for a rule that calls none. */
static struct zpf_ruleset *call(const struct zpf_ruleset *rs, size_t i,
				const struct zpf_node **at)
{
	if (i < rs->n_rules) {
		const struct zpf_rule *r = &rs->rules[i];

		*at = r->jump_target.node;
		return r->action.v == ZPF_ACTION_JUMP && zpf_rule_live(r) ?
			r->target : NULL;
	}
	*at = rs->default_jump.node;
	return rs->default_action.v == ZPF_ACTION_JUMP ? rs->default_target :
		NULL;
}

static void say_loop(struct walk *w, struct zpf_ruleset *to, size_t depth,
		     const struct zpf_node *at)
{
	const char *text = to->name;
	size_t i = depth;

	while (w->above[i] != to)
		i--;
	for (i++; i <= depth; i++)
		text = zpf_arena_printf(w->m->arena, "%s -> %s", text,
					w->above[i]->name);
	zpf_error(w->m, at, "the jumps go round: %s -> %s", text, to->name);
}

static void visit(struct walk *w, struct zpf_ruleset *rs, size_t depth)
{
	const struct zpf_node *at;

	rs->mark = 1;
	rs->size = 1;
	w->above[depth] = rs;
	for (size_t i = 0; i <= rs->n_rules; i++) {
		struct zpf_ruleset *to = call(rs, i, &at);

		if (i < rs->n_rules && zpf_rule_live(&rs->rules[i]))
			rs->size = add_sat(rs->size, 1);
		if (!to)
			continue;
		if (to->mark == 1) {
			say_loop(w, to, depth, at);
			continue;
		}
		if (!to->mark && depth + 1 == MAX_WALK) {
			zpf_error(w->m, at, "jumps nest more than %d deep; at most %d are allowed",
				  MAX_WALK, MAX_DEPTH);
			continue;
		}
		if (!to->mark)
			visit(w, to, depth + 1);
		rs->size = add_sat(rs->size, to->size);
		if (to->depth + 1 > rs->depth)
			rs->depth = to->depth + 1;
	}
	rs->mark = 2;
	if (rs->depth == MAX_DEPTH + 1)
		zpf_error(w->m, rs->node, "jumps from %s nest %u deep; at most %d are allowed",
			  rs->name, rs->depth, MAX_DEPTH);
}

/* All rulesets a table is made of, callers before what they call. */
static void order(struct zpf_ruleset *rs, struct zpf_ruleset **out, size_t *n)
{
	const struct zpf_node *at;

	rs->mark = 3;
	rs->copies = 0;
	for (size_t i = 0; i <= rs->n_rules; i++) {
		struct zpf_ruleset *to = call(rs, i, &at);

		if (to && to->mark != 3)
			order(to, out, n);
	}
	out[(*n)++] = rs;	/* callees first: read backwards */
}

static void check_size(struct zpf_model *m, struct zpf_ruleset *rs,
		       struct zpf_ruleset **v)
{
	struct zpf_ruleset *worst = rs;
	const struct zpf_node *at;
	size_t n = 0;

	order(rs, v, &n);
	for (size_t i = 0; i < n; i++)
		v[i]->mark = 2;
	if (n > ZPF_MAX_RULESETS)
		zpf_error(m, rs->node, "%s jumps to %zu rulesets; at most %d are allowed",
			  rs->name, n - 1, ZPF_MAX_RULESETS - 1);
	if (rs->size <= ZPF_MAX_TABLE_RULES)
		return;
	rs->copies = 1;
	for (size_t k = n; k-- > 0;)
		for (size_t i = 0; i <= v[k]->n_rules; i++) {
			struct zpf_ruleset *to = call(v[k], i, &at);

			if (to)
				to->copies = add_sat(to->copies, v[k]->copies);
		}
	for (size_t k = 0; k < n; k++)
		if (v[k]->copies > worst->copies)
			worst = v[k];
	zpf_error(m, rs->node, "%s becomes %llu rules with its jumps laid flat; at most %d are allowed: %s alone is called %llu times",
		  rs->name, (unsigned long long)rs->size, ZPF_MAX_TABLE_RULES,
		  worst->name, (unsigned long long)worst->copies);
}

/**
 * zpf_jumps_check() - refuse jumps that cannot be laid flat
 * @m: the model
 */
void zpf_jumps_check(struct zpf_model *m)
{
	struct walk *w = zpf_arena_alloc(m->arena, sizeof(*w));
	size_t before = m->diag->n_errors, n = ZPF_CHAINS;
	struct zpf_ruleset **v;

	w->m = m;
	zpf_for_each_ruleset(m, rs)
		if (!rs->mark)
			visit(w, rs, 0);
	if (m->diag->n_errors != before)
		return;		/* sizes mean nothing then */
	for (int f = 0; f < ZPF_FAMS; f++)
		n += m->n_rulesets[f];
	v = zpf_arena_alloc(m->arena, n * sizeof(*v));
	zpf_for_each_ruleset(m, rs)
		if ((rs->used || rs->hook) &&
		    (rs->size > ZPF_MAX_TABLE_RULES || rs->depth))
			check_size(m, rs, v);
}
