// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds rules that can never match, because rules in front of them decide
 * everything they ask for, alone or together. Called by lint, once a ruleset.
 *
 * DOC: exact where it speaks, silent where it cannot know
 *
 * A rule becomes a box, and what it asks for besides *opaque* (rule_box.h). A
 * rule in front covers only if each of its opaque parts stands in the rule
 * behind it too, word for word; a rule that is limited covers nothing.
 * Everything the rule behind asks for on top makes it narrower, and that is
 * safe to leave out.
 *
 * From the boxes of a rule those in front are taken, one after the other. When
 * nothing is left, the rule never matches; when patience runs out before, the
 * rule is counted as undecided, and that is said.
 */
#include <string.h>
#include <netinet/in.h>

#include "fold.h"
#include "rule_box.h"
#include "shadow.h"
#include "witness.h"

#ifndef IPPROTO_UDPLITE
#define IPPROTO_UDPLITE 136
#endif

/*
 * Comparisons spent on all of a configuration to find rules that cover another
 * alone; then to find those that do together, and on one rule of these.
 */
#define TOTAL_ALONE	150000000L
#define TOTAL		100000000L
#define PER_RULE	1000000L

/* A load does not wait for what check finds: larger rulesets are left to it. */
#define HURRY		1000000L
#define HURRY_RULES	500

#define NAMED_MAX	12	/* more rules are not narrowed down */

/**
 * struct shadow - the ruleset being looked at
 * @m: the model
 * @rs: the ruleset
 * @full: everything, by dimension
 * @covers: final rules so far
 * @fold: findings
 * @undecided: rules patience ran out for
 * @left_alone: comparisons left to compare rules one by one
 * @left: comparisons left to take them together
 * @scratch: for one rule
 * @boxes: for one ruleset
 */
struct shadow {
	struct zpf_model *m;
	const struct zpf_ruleset *rs;
	struct zpf_box full;
	size_t n_covers;
	struct zpf_rule_box *covers;
	struct zpf_fold fold, undecided;
	long left_alone, left;
	struct zpf_arena scratch, boxes;
};

/*
 * The packets there are, by kind: only TCP has flags, only some protocols have
 * ports. Fragments have been put together before a rule sees them.
 */
static void real_packets(struct shadow *s, struct zpf_box_work *w,
			 const struct zpf_box *box, struct zpf_box **pieces,
			 size_t *n)
{
	static const struct zpf_span with_ports[] = {
		{ IPPROTO_UDP, IPPROTO_UDP }, { IPPROTO_DCCP, IPPROTO_DCCP },
		{ IPPROTO_SCTP, IPPROTO_SCTP },
		{ IPPROTO_UDPLITE, IPPROTO_UDPLITE },
	};
	const zpf_point icmp = s->rs->fam == ZPF_FAM6 ? IPPROTO_ICMPV6 :
		IPPROTO_ICMP;
	struct zpf_spans none = zpf_spans_one(w->arena, ZPF_POINT_NONE,
					      ZPF_POINT_NONE);
	struct zpf_spans word = zpf_spans_one(w->arena, 0, ZPF_POINT_NONE - 1);
	struct zpf_spans flags = zpf_spans_one(w->arena, 0, 255);
	struct zpf_span named[6] = { { IPPROTO_TCP, IPPROTO_TCP },
		{ icmp, icmp } };
	struct zpf_spans proto[4] = {
		zpf_spans_one(w->arena, IPPROTO_TCP, IPPROTO_TCP),
		{ sizeof(with_ports) / sizeof(with_ports[0]), with_ports },
		zpf_spans_one(w->arena, icmp, icmp),
	};
	struct zpf_box kind = s->full, piece;

	memcpy(named + 2, with_ports, sizeof(with_ports));
	proto[3] = zpf_spans_not(w->arena, (struct zpf_spans){
			zpf_span_merge(named, 6), named }, 255);
	for (size_t i = 0; i < 4; i++) {
		kind.dim[ZPF_DIM_PROTO] = proto[i];
		kind.dim[ZPF_DIM_SPORT] = i < 2 ? word : none;
		kind.dim[ZPF_DIM_DPORT] = i < 2 ? word : none;
		kind.dim[ZPF_DIM_TCP] = i == 0 ? flags : none;
		kind.dim[ZPF_DIM_ICMP] = i == 2 ? word : none;
		if (zpf_box_and(w, box, &kind, &piece))
			ZPF_PUSH(w->arena, *pieces, *n, piece);
	}
}

/* ---- what is in front ---- */

static bool has_opaque(const struct zpf_rule_box *c, uint64_t digest)
{
	for (size_t i = 0; i < c->n_opaque; i++)
		if (c->opaque[i] == digest)
			return true;
	return false;
}

static bool comparable(const struct zpf_rule_box *front, const struct zpf_rule_box *c)
{
	for (size_t i = 0; i < front->n_opaque; i++)
		if (!has_opaque(c, front->opaque[i]))
			return false;
	return !zpf_box_apart(&front->box, &c->box);
}

/* What of the pieces is left when all of @fronts but @leave_out are taken. */
static size_t left_over(struct zpf_box_work *w, const struct zpf_box *pieces,
			size_t n, const struct zpf_rule_box **fronts, size_t n_fronts,
			size_t leave_out)
{
	struct zpf_box *rest = NULL;
	size_t n_rest = 0;

	for (size_t i = 0; i < n; i++)
		ZPF_PUSH(w->arena, rest, n_rest, pieces[i]);
	for (size_t i = 0; i < n_fronts && n_rest; i++)
		if (i != leave_out)
			zpf_box_minus(w, &rest, &n_rest, &fronts[i]->box);
	return w->left < 0 ? 1 : n_rest;
}

static const struct zpf_rule_box *alone(struct zpf_box_work *w,
				 const struct zpf_box *pieces, size_t n,
				 const struct zpf_rule_box **fronts, size_t n_fronts)
{
	for (size_t i = 0; i < n_fronts; i++) {
		size_t p = 0;

		while (p < n && zpf_box_within(w, &pieces[p], &fronts[i]->box))
			p++;
		if (p == n)
			return fronts[i];
	}
	return NULL;
}

/* Those of @fronts that cover the pieces together; 0 where they do not. */
static size_t together(struct zpf_box_work *w, const struct zpf_box *pieces,
		       size_t n, const struct zpf_rule_box **fronts, size_t n_fronts)
{
	struct zpf_box *rest = NULL;
	size_t n_rest = 0, n_used = 0;

	for (size_t i = 0; i < n; i++)
		ZPF_PUSH(w->arena, rest, n_rest, pieces[i]);
	for (size_t i = 0; i < n_fronts && n_rest && w->left >= 0; i++)
		if (zpf_box_minus(w, &rest, &n_rest, &fronts[i]->box))
			fronts[n_used++] = fronts[i];
	if (n_rest || w->left < 0)
		return 0;
	for (size_t i = 0; n_used <= NAMED_MAX && i < n_used;) {
		if (left_over(w, pieces, n, fronts, n_used, i)) {
			i++;
			continue;
		}
		memmove(fronts + i, fronts + i + 1,
			(--n_used - i) * sizeof(*fronts));
	}
	return n_used;
}

/* ---- findings ---- */

static bool lets_pass(const struct zpf_rule *r)
{
	return r->action.v == ZPF_ACTION_ACCEPT;
}

static bool stops(const struct zpf_rule *r)
{
	return r->action.v == ZPF_ACTION_DROP || r->action.v == ZPF_ACTION_REJECT;
}

static void say(struct shadow *s, const struct zpf_rule_box *c,
		const struct zpf_box *packets,
		const struct zpf_rule_box *const *fronts, size_t n, bool same)
{
	struct zpf_arena *a = s->m->arena;
	const struct zpf_rule *r = c->rule;
	const char *names = "", *how;

	for (size_t i = 0; i < n && i < ZPF_FOLD_NAMES; i++)
		names = zpf_arena_printf(a, "%s%s%u", names, i ? ", " : "",
					 fronts[i]->rule->number);
	if (n > ZPF_FOLD_NAMES)
		names = zpf_arena_printf(a, "%s and %zu more", names,
					 n - ZPF_FOLD_NAMES);
	if (n > 1)
		how = "in front cover it together";
	else if (lets_pass(r) && stops(fronts[0]->rule))
		how = "in front drops all it would accept";
	else if (same)
		how = "in front asks for the same";
	else
		how = "in front covers it";
	zpf_fold_node(a, &s->fold, r->node,
		      zpf_arena_printf(a, "%s %u", s->rs->name, r->number),
		      zpf_arena_printf(a, "rule %u of %s can never match: rule%s %s %s",
				       r->number, s->rs->name, n > 1 ? "s" : "",
				       names, how))->witness =
		c->n_opaque ? NULL : zpf_witness(s->m, s->rs, packets);
}

/* A rule that holds always: one finding for all behind it. */
static void say_unreached(struct shadow *s, size_t by)
{
	const struct zpf_ruleset *rs = s->rs;
	const struct zpf_rule *first = NULL;
	const char *names = "";
	size_t n = 0;

	for (size_t i = by + 1; i < rs->n_rules; i++) {
		if (!zpf_rule_live(&rs->rules[i]))
			continue;
		if (!n)
			first = &rs->rules[i];
		if (n++ < ZPF_FOLD_NAMES)
			names = zpf_arena_printf(s->m->arena, "%s%s%u", names,
						 n > 1 ? ", " : "",
						 rs->rules[i].number);
	}
	if (!n)
		return;
	if (n > ZPF_FOLD_NAMES)
		names = zpf_arena_printf(s->m->arena, "%s and %zu more", names,
					 n - ZPF_FOLD_NAMES);
	zpf_warn(s->m, first->node, "%s %s of %s can never match: rule %u in front matches everything",
		 n > 1 ? "rules" : "rule", names, rs->name,
		 rs->rules[by].number);
}

static void say_undecided(struct shadow *s, const struct zpf_rule_box *c)
{
	struct zpf_arena *a = s->m->arena;
	const struct zpf_rule *r = c->rule;

	zpf_fold_node(a, &s->undecided, r->node,
		      zpf_arena_printf(a, "%s %u", s->rs->name, r->number),
		      zpf_arena_printf(a, "whether rule %u of %s can match is undecided: it would take too long to find out",
				       r->number, s->rs->name));
}

static void look(struct shadow *s, const struct zpf_rule_box *c)
{
	struct zpf_box_work w = { .arena = &s->scratch, .left = s->left_alone };
	const struct zpf_rule_box **fronts = NULL, *one = NULL;
	struct zpf_box *pieces = NULL;
	size_t n = 0, n_fronts = 0;

	w.left -= (long)s->n_covers;
	for (size_t i = 0; w.left >= 0 && i < s->n_covers; i++)
		if (comparable(&s->covers[i], c))
			ZPF_PUSH(w.arena, fronts, n_fronts, &s->covers[i]);
	real_packets(s, &w, &c->box, &pieces, &n);
	if (n && n_fronts)
		one = alone(&w, pieces, n, fronts, n_fronts);
	s->left_alone = w.left;
	if (one) {
		say(s, c, pieces, &one, 1, one->meaning == c->meaning);
	} else if (n && n_fronts && w.left >= 0) {
		w.left = s->left < PER_RULE ? s->left : PER_RULE;
		s->left -= w.left;
		n_fronts = together(&w, pieces, n, fronts, n_fronts);
		if (n_fronts)
			say(s, c, pieces, fronts, n_fronts, false);
		if (w.left > 0)
			s->left += w.left;
	}
	if (w.left < 0)
		say_undecided(s, c);
	zpf_arena_reset(&s->scratch);
}

static void look_through(struct shadow *s)
{
	zpf_arena_reset(&s->boxes);
	zpf_rule_box_all(&s->boxes, s->rs->fam, &s->full);
	s->n_covers = 0;
	s->covers = zpf_arena_alloc(&s->boxes, (s->rs->n_rules + 1) *
				    sizeof(*s->covers));
	for (size_t i = 0; i < s->rs->n_rules; i++) {
		struct zpf_rule_box *c = &s->covers[s->n_covers];

		if (!zpf_rule_live(&s->rs->rules[i]))
			continue;
		zpf_rule_box_make(&s->boxes, s->m, s->rs, &s->rs->rules[i],
				  &s->full, c);
		look(s, c);
		if (c->final && !c->n_opaque &&
		    !memcmp(&c->box, &s->full, sizeof(c->box))) {
			say_unreached(s, i);
			return;
		}
		s->n_covers += c->final;
	}
}

/**
 * zpf_shadow() - warn of rules that can never match
 * @m: a model without errors
 */
void zpf_shadow(struct zpf_model *m)
{
	bool patient = m->flags & ZPF_COMPILE_PATIENT;
	struct shadow s = { .m = m, .left_alone = patient ? TOTAL_ALONE : HURRY,
		.left = patient ? TOTAL : HURRY };

	zpf_for_each_ruleset(m, rs) {
		s.rs = rs;
		if (patient || rs->n_rules <= HURRY_RULES)
			look_through(&s);
	}
	zpf_fold_say(m->arena, &s.fold, m->diag, "rules can never match, because others in front cover them: ",
		     "");
	if (patient)
		zpf_fold_say(m->arena, &s.undecided, m->diag, "rules may match or not, it would take too long to find out: ",
		     "");
	zpf_arena_free(&s.scratch);
	zpf_arena_free(&s.boxes);
}
