// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds rules that can never match, because rules in front of them decide
 * everything they ask for, alone or together. Called by lint, once a ruleset.
 *
 * DOC: exact where it speaks, silent where it cannot know
 *
 * A rule becomes a box (box.h): addresses, ports, protocol, ICMP, TCP flags,
 * state, interfaces. What else it asks for is *opaque*: a digest. A rule in
 * front covers only if each of its opaque parts stands in the rule behind it
 * too, word for word; a rule that is limited covers nothing. Everything the
 * rule behind asks for on top makes it narrower, and that is safe to leave out.
 * A statement this file does not know is opaque, so a new match needs no line
 * here to be safe.
 *
 * From the boxes of a rule those in front are taken, one after the other. When
 * nothing is left, the rule never matches; when patience runs out before, the
 * rule is counted as undecided, and that is said.
 */
#include <string.h>
#include <netinet/in.h>

#include "box.h"
#include "emit.h"
#include "fold.h"
#include "model.h"
#include "schema.h"
#include "shadow.h"

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

#define OPAQUE_MAX	16
#define NAMED_MAX	12	/* more rules are not narrowed down */

/**
 * struct cover - a rule as lint sees it
 * @rule: the rule
 * @box: what it can match at most
 * @n_opaque: length of @opaque
 * @opaque: digests of what is not in @box
 * @final: what it matches gets no further
 * @narrow: it is limited, or has more opaque parts than fit
 * @meaning: digest of all its matches
 */
struct cover {
	const struct zpf_rule *rule;
	struct zpf_box box;
	size_t n_opaque;
	uint64_t opaque[OPAQUE_MAX];
	bool final, narrow;
	uint64_t meaning;
};

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
 */
struct shadow {
	struct zpf_model *m;
	const struct zpf_ruleset *rs;
	struct zpf_box full;
	size_t n_covers;
	struct cover *covers;
	struct zpf_fold fold, undecided;
	long left_alone, left;
	struct zpf_arena scratch;
};

static const char *const not_a_match[] = {
	"action", "jump-target", "disable", "set", "add-address-to-group", NULL
};

static bool among(const char *word, const char *const *words)
{
	while (*words && strcmp(word, *words))
		words++;
	return *words;
}

/* ---- rules to boxes ---- */

static zpf_point point6(const __u64 w[2])
{
	return (zpf_point)w[0] << 64 | w[1];
}

static void opaque(struct cover *c, const struct zpf_node *n)
{
	uint64_t h = zpf_emit_meaning(n, NULL);

	/* where it stands in the rule is part of what it says */
	for (; n != c->rule->node; n = n->parent)
		h = (h ^ zpf_tree_hash(n->name)) * 1099511628211ULL;
	if (c->n_opaque == OPAQUE_MAX)
		c->narrow = true;
	else
		c->opaque[c->n_opaque++] = h;
}

static struct zpf_spans set_spans(struct shadow *s,
				  const struct zpf_flat_set *set)
{
	struct zpf_span *v;

	v = zpf_arena_alloc(s->m->arena, (set->n + 1) * sizeof(*v));
	for (size_t i = 0; i < set->n; i++)
		switch (set->kind) {
		case ZPF_SET_IPV4:
			v[i] = (struct zpf_span){ set->r4[i].lo, set->r4[i].hi };
			break;
		case ZPF_SET_IPV6:
			v[i] = (struct zpf_span){ point6(set->r6[i].lo),
				point6(set->r6[i].hi) };
			break;
		default:
			v[i] = (struct zpf_span){ set->port[i].lo, set->port[i].hi };
			break;
		}
	return (struct zpf_spans){ set->n, v };
}

static struct zpf_spans maybe_not(struct shadow *s, struct zpf_spans v, bool not,
				  zpf_point max)
{
	return not ? zpf_spans_not(s->m->arena, v, max) : v;
}

static zpf_point addr_max(const struct shadow *s)
{
	return s->rs->fam == ZPF_FAM6 ? ~(zpf_point)0 : UINT32_MAX;
}

static void box_addr(struct shadow *s, const struct zpf_side *side,
		     struct zpf_spans *out)
{
	enum zpf_group_kind kind;

	if (side->addr.node) {
		struct zpf_spans v = s->rs->fam == ZPF_FAM6 ?
			zpf_spans_one(s->m->arena, point6(side->addr.r6.lo),
				      point6(side->addr.r6.hi)) :
			zpf_spans_one(s->m->arena, side->addr.r4.lo,
				      side->addr.r4.hi);

		*out = maybe_not(s, v, side->addr.not, addr_max(s));
	}
	for (size_t i = 0; i < 2; i++) {
		const struct zpf_v_name *ref = zpf_side_groups(side, s->rs->fam,
							       i, &kind);

		if (ref->node)
			*out = maybe_not(s, set_spans(s, &zpf_model_group(s->m,
						kind, ref->s)->resolved),
					 ref->not, addr_max(s));
	}
}

static void box_port(struct shadow *s, const struct zpf_side *side,
		     struct zpf_spans *out)
{
	const struct zpf_v_name *ref = &side->port_group;
	struct zpf_flat_set set = { .kind = ZPF_SET_PORT, .n = side->port.n,
		.port = side->port.r };

	if (side->port.node)
		*out = set_spans(s, &set);
	else if (ref->node)
		*out = maybe_not(s, set_spans(s, &zpf_model_group(s->m,
					ZPF_GROUP_PORT, ref->s)->resolved),
				 ref->not, ZPF_POINT_NONE - 1);
}

static void box_side(struct shadow *s, struct cover *c,
		     const struct zpf_node *n, const struct zpf_side *side,
		     enum zpf_dim addr, enum zpf_dim port)
{
	static const char *const known[] = { "address", "port", NULL };
	static const char *const groups[] = { "address-group", "network-group",
		"port-group", NULL };

	box_port(s, side, &c->box.dim[port]);
	/* a masked address is another one */
	if (zpf_tree_find(n, "address-mask")) {
		opaque(c, n);
		return;
	}
	box_addr(s, side, &c->box.dim[addr]);
	zpf_tree_for_each(kid, n) {
		if (!strcmp(kid->name, "group")) {
			zpf_tree_for_each(g, kid)
				if (!among(g->name, groups))
					opaque(c, g);
		} else if (!among(kid->name, known)) {
			opaque(c, kid);
		}
	}
}

/* A name is a number of 16 bytes; a prefix is all that begin with it. */
static struct zpf_span name_span(const char *name)
{
	struct zpf_span span = { 0, 0 };
	size_t len = strlen(name), i;
	bool wild = len && name[len - 1] == '*';

	for (i = 0; i < 16; i++) {
		span.lo = span.lo << 8 | (i < len - wild ? (uint8_t)name[i] : 0);
		span.hi = span.hi << 8 | (i < len - wild ? (uint8_t)name[i] :
					  wild && i < 15 ? 0xff : 0);
	}
	return span;
}

static void box_iface(struct shadow *s, struct cover *c,
		      const struct zpf_node *n, const struct zpf_v_name *name,
		      const struct zpf_v_name *ref, enum zpf_dim dim)
{
	const struct zpf_group *g;
	struct zpf_span *v;
	size_t len;

	/* A port of a VRF has two names: "not this one" is no set of names. */
	if (name->not || ref->not) {
		opaque(c, n);
		return;
	}
	if (name->node) {
		v = zpf_arena_alloc(s->m->arena, sizeof(*v));
		*v = name_span(name->s);
		c->box.dim[dim] = (struct zpf_spans){ 1, v };
		return;
	}
	g = zpf_model_group(s->m, ZPF_GROUP_INTERFACE, ref->s);
	v = zpf_arena_alloc(s->m->arena, (g->resolved.n + 1) * sizeof(*v));
	for (size_t i = 0; i < g->resolved.n; i++)
		v[i] = name_span(g->resolved.ifname[i]);
	len = zpf_span_merge(v, g->resolved.n);
	c->box.dim[dim] = (struct zpf_spans){ len, v };
}

static bool ext_header(int proto)
{
	static const uint8_t ext[] = { 0, 43, 44, 51, 60, 135, 139, 140 };

	return memchr(ext, proto, sizeof(ext));
}

static void box_proto(struct shadow *s, struct cover *c,
		      const struct zpf_node *n)
{
	const struct zpf_v_proto *p = &c->rule->protocol;
	struct zpf_span *v;

	if (!p->n)
		return;
	/* there it asks for a header, not for the protocol */
	if (s->rs->fam == ZPF_FAM6 && ext_header(p->proto[0])) {
		opaque(c, n);
		return;
	}
	v = zpf_arena_alloc(s->m->arena, p->n * sizeof(*v));
	for (size_t i = 0; i < p->n; i++)
		v[i] = (struct zpf_span){ p->proto[i], p->proto[i] };
	c->box.dim[ZPF_DIM_PROTO] = maybe_not(s, (struct zpf_spans){
			zpf_span_merge(v, p->n), v }, p->not, 255);
}

static void box_state(struct shadow *s, struct cover *c)
{
	struct zpf_span *v = zpf_arena_alloc(s->m->arena, 4 * sizeof(*v));
	size_t n = 0;

	for (unsigned int i = 0; i < 4; i++)
		if (c->rule->state.v & 1U << i)
			v[n++] = (struct zpf_span){ i, i };
	c->box.dim[ZPF_DIM_STATE] = (struct zpf_spans){ zpf_span_merge(v, n), v };
}

static void box_icmp(struct shadow *s, struct cover *c)
{
	const struct zpf_rule *r = c->rule;
	int type = r->icmp_type.node ? (int)r->icmp_type.v : -1;
	int code = r->icmp_code.node ? (int)r->icmp_code.v : -1;

	if (r->icmp_name.node) {
		type = r->icmp_name.type;
		code = r->icmp_name.code;
	}
	c->box.dim[ZPF_DIM_ICMP] = zpf_spans_one(s->m->arena,
		(zpf_point)(type << 8 | (code < 0 ? 0 : code)),
		(zpf_point)(type << 8 | (code < 0 ? 255 : code)));
}

static void box_tcp(struct shadow *s, struct cover *c, const struct zpf_node *n)
{
	uint32_t value = c->rule->tcp_set.v, mask = value | c->rule->tcp_not.v;
	struct zpf_span *v;
	size_t len = 0;

	zpf_tree_for_each(kid, n)
		if (strcmp(kid->name, "flags"))
			opaque(c, kid);
	if (!mask)
		return;
	v = zpf_arena_alloc(s->m->arena, 256 * sizeof(*v));
	for (unsigned int flags = 0; flags < 256; flags++)
		if ((flags & mask) == value)
			v[len++] = (struct zpf_span){ flags, flags };
	c->box.dim[ZPF_DIM_TCP] = (struct zpf_spans){ zpf_span_merge(v, len), v };
}

static void box_option(struct shadow *s, struct cover *c,
		       const struct zpf_node *n)
{
	static const char *const rarer[] = { "limit", "recent", NULL };
	const struct zpf_rule *r = c->rule;

	if (among(n->name, not_a_match) || n->schema->flags & ZPF_S_MUTE ||
	    !strcmp(n->name, "log-options"))
		return;
	if (among(n->name, rarer))
		c->narrow = true;
	else if (!strcmp(n->name, "state"))
		box_state(s, c);
	else if (!strcmp(n->name, "protocol"))
		box_proto(s, c, n);
	else if (!strcmp(n->name, "source"))
		box_side(s, c, n, &r->source, ZPF_DIM_SADDR, ZPF_DIM_SPORT);
	else if (!strcmp(n->name, "destination"))
		box_side(s, c, n, &r->destination, ZPF_DIM_DADDR, ZPF_DIM_DPORT);
	else if (!strcmp(n->name, "inbound-interface"))
		box_iface(s, c, n, &r->in_name, &r->in_group, ZPF_DIM_IN);
	else if (!strcmp(n->name, "outbound-interface"))
		box_iface(s, c, n, &r->out_name, &r->out_group, ZPF_DIM_OUT);
	else if (!strcmp(n->name, "icmp") || !strcmp(n->name, "icmpv6"))
		box_icmp(s, c);
	else if (!strcmp(n->name, "tcp"))
		box_tcp(s, c, n);
	else
		opaque(c, n);
}

/* Does whatever enters a ruleset get its verdict there? */
static bool always_decides(const struct zpf_ruleset *rs)
{
	enum zpf_action def = rs->default_action.node ?
		(enum zpf_action)rs->default_action.v : ZPF_ACTION_DROP;

	for (size_t i = 0; i < rs->n_rules; i++)
		if (zpf_rule_live(&rs->rules[i]) &&
		    rs->rules[i].action.v == ZPF_ACTION_RETURN)
			return false;
	if (def == ZPF_ACTION_JUMP)
		return always_decides(rs->default_target);
	return def <= ZPF_ACTION_REJECT;
}

static bool is_final(const struct zpf_rule *r)
{
	if (r->action.v == ZPF_ACTION_JUMP)
		return always_decides(r->target);
	return r->action.v && r->action.v <= ZPF_ACTION_RETURN;
}

static void make_cover(struct shadow *s, struct cover *c,
		       const struct zpf_rule *r)
{
	memset(c, 0, sizeof(*c));
	c->rule = r;
	c->box = s->full;
	zpf_tree_for_each(n, r->node)
		box_option(s, c, n);
	c->final = is_final(r) && !c->narrow;
	c->meaning = zpf_emit_meaning(r->node, not_a_match);
}

static void make_full(struct shadow *s)
{
	struct zpf_arena *a = s->m->arena;
	struct zpf_spans *dim = s->full.dim;
	struct zpf_span *tcp = zpf_arena_alloc(a, 2 * sizeof(*tcp));

	tcp[0] = (struct zpf_span){ 0, 255 };
	tcp[1] = (struct zpf_span){ ZPF_POINT_NONE, ZPF_POINT_NONE };
	dim[ZPF_DIM_TCP] = (struct zpf_spans){ 2, tcp };
	dim[ZPF_DIM_SPORT] = zpf_spans_one(a, 0, ZPF_POINT_NONE);
	dim[ZPF_DIM_DPORT] = dim[ZPF_DIM_ICMP] = dim[ZPF_DIM_SPORT];
	dim[ZPF_DIM_PROTO] = zpf_spans_one(a, 0, 255);
	dim[ZPF_DIM_SADDR] = zpf_spans_one(a, 0, addr_max(s));
	dim[ZPF_DIM_DADDR] = dim[ZPF_DIM_SADDR];
	dim[ZPF_DIM_STATE] = zpf_spans_one(a, 0, 4);
	dim[ZPF_DIM_IN] = zpf_spans_one(a, 0, ~(zpf_point)0);
	dim[ZPF_DIM_OUT] = dim[ZPF_DIM_IN];
}

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

static bool has_opaque(const struct cover *c, uint64_t digest)
{
	for (size_t i = 0; i < c->n_opaque; i++)
		if (c->opaque[i] == digest)
			return true;
	return false;
}

static bool comparable(const struct cover *front, const struct cover *c)
{
	for (size_t i = 0; i < front->n_opaque; i++)
		if (!has_opaque(c, front->opaque[i]))
			return false;
	return !zpf_box_apart(&front->box, &c->box);
}

/* What of the pieces is left when all of @fronts but @leave_out are taken. */
static size_t left_over(struct zpf_box_work *w, const struct zpf_box *pieces,
			size_t n, const struct cover **fronts, size_t n_fronts,
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

static const struct cover *alone(struct zpf_box_work *w,
				 const struct zpf_box *pieces, size_t n,
				 const struct cover **fronts, size_t n_fronts)
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
		       size_t n, const struct cover **fronts, size_t n_fronts)
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

static void say(struct shadow *s, const struct cover *c,
		const struct cover *const *fronts, size_t n, bool same)
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
	zpf_fold_add(a, &s->fold, &r->node->where, zpf_tree_path(a, r->node),
		     zpf_arena_printf(a, "%s %u", s->rs->name, r->number),
		     zpf_arena_printf(a, "rule %u of %s can never match: rule%s %s %s",
				      r->number, s->rs->name, n > 1 ? "s" : "",
				      names, how));
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

static void say_undecided(struct shadow *s, const struct cover *c)
{
	struct zpf_arena *a = s->m->arena;
	const struct zpf_rule *r = c->rule;

	zpf_fold_add(a, &s->undecided, &r->node->where, zpf_tree_path(a, r->node),
		     zpf_arena_printf(a, "%s %u", s->rs->name, r->number),
		     zpf_arena_printf(a, "whether rule %u of %s can match is undecided: it would take too long to find out",
				      r->number, s->rs->name));
}

static void look(struct shadow *s, const struct cover *c)
{
	struct zpf_box_work w = { .arena = &s->scratch, .left = s->left_alone };
	const struct cover **fronts = NULL, *one = NULL;
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
		say(s, c, &one, 1, one->meaning == c->meaning);
	} else if (n && n_fronts && w.left >= 0) {
		w.left = s->left < PER_RULE ? s->left : PER_RULE;
		s->left -= w.left;
		n_fronts = together(&w, pieces, n, fronts, n_fronts);
		if (n_fronts)
			say(s, c, fronts, n_fronts, false);
		if (w.left > 0)
			s->left += w.left;
	}
	if (w.left < 0)
		say_undecided(s, c);
	zpf_arena_reset(&s->scratch);
}

static void look_through(struct shadow *s)
{
	make_full(s);
	s->n_covers = 0;
	s->covers = zpf_arena_alloc(s->m->arena, (s->rs->n_rules + 1) *
				    sizeof(*s->covers));
	for (size_t i = 0; i < s->rs->n_rules; i++) {
		struct cover *c = &s->covers[s->n_covers];

		if (!zpf_rule_live(&s->rs->rules[i]))
			continue;
		make_cover(s, c, &s->rs->rules[i]);
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
	struct shadow s = { .m = m, .left_alone = TOTAL_ALONE, .left = TOTAL };

	zpf_for_each_ruleset(m, rs) {
		s.rs = rs;
		look_through(&s);
	}
	zpf_fold_say(m->arena, &s.fold, m->diag, "rules can never match, because others in front cover them: ",
		     "");
	zpf_fold_say(m->arena, &s.undecided, m->diag, "rules may match or not, it would take too long to find out: ",
		     "");
	zpf_arena_free(&s.scratch);
}
