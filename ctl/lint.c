// SPDX-License-Identifier: GPL-2.0-only
/*
 * Warnings about a configuration that is sound and may still not be what was
 * meant. Called by config on a model without errors; needs no kernel. Each
 * function is one kind of finding, said in the order of zpf_lint().
 */
#include <string.h>

#include "emit.h"
#include "fold.h"
#include "model.h"
#include "schema.h"

static const char *family_name(int fam)
{
	return fam == ZPF_FAM6 ? "IPv6" : "IPv4";
}

static void fold_node(struct zpf_model *m, struct zpf_fold *f,
		      const struct zpf_node *at, const char *name,
		      const char *message)
{
	zpf_fold_add(m->arena, f, &at->where, zpf_tree_path(m->arena, at), name,
		     message);
}

/* ---- groups ---- */

static void lint_empty_groups(struct zpf_model *m)
{
	struct zpf_fold fold = { 0 };

	for (size_t i = 0; i < m->n_groups; i++) {
		const struct zpf_group *g = &m->groups[i];

		if (!g->resolved.n)
			fold_node(m, &fold, g->node, g->name,
				  zpf_arena_printf(m->arena, "%s %s is empty: it matches nothing, and everything where it is negated",
						   zpf_model_group_word(g->kind),
						   g->name));
	}
	zpf_fold_say(m->arena, &fold, m->diag, "groups are empty: ",
		     "; they match nothing, and everything where they are negated");
}

/* ---- pairs ---- */

static const char *pair_name(struct zpf_model *m, const char *from,
			     const char *to)
{
	return zpf_arena_printf(m->arena, "%s to %s", from, to);
}

static void lint_twins(struct zpf_model *m)
{
	struct zpf_fold fold = { 0 };

	for (size_t i = 0; i < m->n_zones; i++) {
		const struct zpf_zone *z = &m->zones[i];

		if (z->default_set[ZPF_FAM6])
			continue;
		for (size_t j = 0; j < z->n_from; j++) {
			const struct zpf_from *f = &z->from[j];

			if (!f->bind[ZPF_FAM4].ruleset ||
			    f->bind[ZPF_FAM6].ruleset)
				continue;
			fold_node(m, &fold, f->bind[ZPF_FAM4].node,
				  pair_name(m, f->zone->name, z->name),
				  zpf_arena_printf(m->arena, "from %s to %s there is an IPv4 ruleset and no IPv6 one: IPv6 gets the zone's default action",
						   f->zone->name, z->name));
		}
	}
	zpf_fold_say(m->arena, &fold, m->diag,
		     "pairs have an IPv4 ruleset and no IPv6 one: ",
		     "; IPv6 gets the zone's default action there");
}

/* What judges traffic from one zone to another; NULL: the default action. */
static const struct zpf_ruleset *judge(const struct zpf_zone *from,
				       const struct zpf_zone *to, int fam)
{
	for (size_t j = 0; j < to->n_from; j++)
		if (to->from[j].zone == from && to->from[j].bind[fam].ruleset)
			return to->from[j].bind[fam].ruleset;
	return to->default_set[fam];
}

/* Whether some rule, or the default, could accept a packet of @state. */
static bool accepts(const struct zpf_ruleset *rs, uint32_t state, int depth)
{
	enum zpf_action action;

	for (size_t i = 0; i < rs->n_rules; i++) {
		const struct zpf_rule *r = &rs->rules[i];

		if (!zpf_rule_live(r) ||
		    (r->state.node && !(r->state.v & state)))
			continue;
		action = (enum zpf_action)r->action.v;
		if (action == ZPF_ACTION_ACCEPT ||
		    (action == ZPF_ACTION_RETURN && !depth))
			return true;
		if (action == ZPF_ACTION_JUMP && r->target && depth < 16 &&
		    accepts(r->target, state, depth + 1))
			return true;
	}
	action = rs->default_action.node ?
		(enum zpf_action)rs->default_action.v : ZPF_ACTION_DROP;
	if (action == ZPF_ACTION_JUMP && depth < 16)
		return accepts(rs->default_target, state, depth + 1) || !depth;
	if (action == ZPF_ACTION_RETURN || action == ZPF_ACTION_CONTINUE)
		return !depth;
	return action == ZPF_ACTION_ACCEPT;
}

static void lint_replies(struct zpf_model *m)
{
	struct zpf_fold fold = { 0 };

	if (m->options.established.action.v == ZPF_ACTION_ACCEPT)
		return;
	for (size_t i = 0; i < m->n_zones; i++) {
		const struct zpf_zone *to = &m->zones[i];

		for (size_t j = 0; j < to->n_from; j++)
			for (int fam = 0; fam < ZPF_FAMS; fam++) {
				const struct zpf_binding *b = &to->from[j].bind[fam];
				const struct zpf_zone *from = to->from[j].zone;
				const struct zpf_ruleset *back;

				if (!b->ruleset ||
				    !accepts(b->ruleset, ZPF_STATE_NEW, 0))
					continue;
				back = judge(to, from, fam);
				if (back && accepts(back, ZPF_STATE_ESTABLISHED, 0))
					continue;
				fold_node(m, &fold, b->node,
					  pair_name(m, from->name, to->name),
					  zpf_arena_printf(m->arena, "%s accepts new %s connections from %s to %s, but nothing accepts their replies from %s to %s",
							   b->ruleset->name,
							   family_name(fam),
							   from->name, to->name,
							   to->name, from->name));
			}
	}
	zpf_fold_say(m->arena, &fold, m->diag,
		     "pairs accept new connections whose replies nothing accepts on the way back: ",
		     "");
}

/* ---- rulesets ---- */

/* Who uses a ruleset: "from IOT to WAN and 3 more pairs". */
static const char *users(struct zpf_model *m, const struct zpf_ruleset *rs)
{
	const char *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < m->n_zones; i++) {
		const struct zpf_zone *z = &m->zones[i];

		for (size_t j = 0; j < z->n_from; j++) {
			if (z->from[j].bind[rs->fam].ruleset != rs)
				continue;
			if (!n++)
				first = zpf_arena_printf(m->arena, "from %s to %s",
							 z->from[j].zone->name,
							 z->name);
		}
	}
	if (n > 1)
		return zpf_arena_printf(m->arena, "%s and %zu more pair%s",
					first, n - 1, n > 2 ? "s" : "");
	if (n)
		return first;
	for (size_t i = 0; i < m->n_zones; i++) {
		const struct zpf_zone *z = &m->zones[i];

		if (z->default_set[rs->fam] == rs)
			return zpf_arena_printf(m->arena, "into zone %s", z->name);
		if (z->intra_set[rs->fam] == rs)
			return zpf_arena_printf(m->arena, "inside zone %s",
						z->name);
	}
	return "by a jump";
}

static void lint_silent_drops(struct zpf_model *m)
{
	struct zpf_fold fold = { 0 };

	zpf_for_each_ruleset(m, rs) {
		if (rs->hook || !rs->used || rs->default_log.node ||
		    (rs->default_action.node &&
		     rs->default_action.v != ZPF_ACTION_DROP))
			continue;
		fold_node(m, &fold, rs->node, rs->name,
			  zpf_arena_printf(m->arena, "ruleset %s drops by default without default-log (used %s)",
					   rs->name, users(m, rs)));
	}
	zpf_fold_say(m->arena, &fold, m->diag,
		     "rulesets drop by default without default-log: ", "");
}

/* ---- shadowed rules ---- */

static const char *const not_a_match[] = {
	"action", "jump-target", "disable", NULL
};

static bool holds_always(const struct zpf_rule *r)
{
	zpf_tree_for_each(n, r->node) {
		const char *const *word = not_a_match;

		while (*word && strcmp(*word, n->name))
			word++;
		if (!*word && !(n->schema->flags & ZPF_S_MUTE) &&
		    !(!strcmp(n->name, "protocol") && !r->protocol.n))
			return false;
	}
	return true;
}

/* Whether nothing this rule matches gets to the rules after it. */
static bool final(const struct zpf_rule *r)
{
	return (r->action.v == ZPF_ACTION_ACCEPT ||
		r->action.v == ZPF_ACTION_DROP ||
		r->action.v == ZPF_ACTION_REJECT ||
		r->action.v == ZPF_ACTION_RETURN) && !r->limit_rate.node;
}

static void say_unreached(struct zpf_model *m, const struct zpf_ruleset *rs,
			  size_t by)
{
	const struct zpf_rule *first = NULL;
	const char *names = "";
	size_t n = 0;

	for (size_t i = by + 1; i < rs->n_rules; i++) {
		if (!zpf_rule_live(&rs->rules[i]))
			continue;
		if (!n)
			first = &rs->rules[i];
		if (n++ < ZPF_FOLD_NAMES)
			names = zpf_arena_printf(m->arena, "%s%s%u", names,
						 n > 1 ? ", " : "",
						 rs->rules[i].number);
	}
	if (!n)
		return;
	if (n > ZPF_FOLD_NAMES)
		names = zpf_arena_printf(m->arena, "%s and %zu more", names,
					 n - ZPF_FOLD_NAMES);
	zpf_warn(m, first->node, "%s %s of %s can never match: rule %u in front matches everything",
		 n > 1 ? "rules" : "rule", names, rs->name,
		 rs->rules[by].number);
}

static void lint_shadowed(struct zpf_model *m, const struct zpf_ruleset *rs,
			  struct zpf_fold *fold)
{
	struct slot {
		uint64_t digest;
		const struct zpf_rule *rule;
	} *slots;
	size_t size = 16;

	while (size < 2 * rs->n_rules)
		size *= 2;
	slots = zpf_arena_alloc(m->arena, size * sizeof(*slots));
	for (size_t i = 0; i < rs->n_rules; i++) {
		const struct zpf_rule *r = &rs->rules[i];
		uint64_t digest;
		size_t at;

		if (!zpf_rule_live(r))
			continue;
		if (final(r) && holds_always(r)) {
			say_unreached(m, rs, i);
			return;
		}
		digest = zpf_emit_meaning(r->node, not_a_match);
		for (at = digest & (size - 1); slots[at].rule;
		     at = (at + 1) & (size - 1))
			if (slots[at].digest == digest)
				break;
		if (slots[at].rule) {
			fold_node(m, fold, r->node,
				  zpf_arena_printf(m->arena, "%s %u", rs->name,
						   r->number),
				  zpf_arena_printf(m->arena, "rule %u of %s can never match: rule %u in front asks for the same",
						   r->number, rs->name,
						   slots[at].rule->number));
		} else if (final(r)) {
			slots[at].digest = digest;
			slots[at].rule = r;
		}
	}
}

/**
 * zpf_lint() - warn about what is allowed and looks like a mistake
 * @m: a model without errors
 */
void zpf_lint(struct zpf_model *m)
{
	struct zpf_fold shadowed = { 0 };

	lint_silent_drops(m);
	lint_replies(m);
	lint_twins(m);
	lint_empty_groups(m);
	zpf_for_each_ruleset(m, rs)
		lint_shadowed(m, rs, &shadowed);
	zpf_fold_say(m->arena, &shadowed, m->diag,
		     "rules can never match, because one in front asks for the same: ",
		     "");
}
