// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules to boxes of packets, for lint: see rule_box.h. Addresses, ports,
 * protocol, ICMP, TCP flags, state and interfaces are dimensions; every other
 * statement is *opaque*. One this file does not know is opaque too, so a new
 * match needs no line here to be safe.
 */
#include <string.h>

#include "emit.h"
#include "rule_box.h"
#include "schema.h"

/* What is being read: the model, and the ruleset the rule stands in. */
struct reader {
	struct zpf_arena *arena;
	const struct zpf_model *m;
	const struct zpf_ruleset *rs;
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

static zpf_point point6(const __u64 w[2])
{
	return (zpf_point)w[0] << 64 | w[1];
}

static uint64_t meaning(const struct zpf_node *n, const char *const *without)
{
	struct zpf_arena scratch = { NULL };
	uint64_t h = zpf_emit_meaning(&scratch, n, without);

	zpf_arena_free(&scratch);
	return h;
}

static void opaque(struct zpf_rule_box *c, const struct zpf_node *n)
{
	uint64_t h = meaning(n, NULL);

	/* where it stands in the rule is part of what it says */
	for (; n != c->rule->node; n = n->parent)
		h = (h ^ zpf_tree_hash(n->name)) * 1099511628211ULL;
	if (c->n_opaque == ZPF_OPAQUE_MAX)
		c->narrow = true;
	else
		c->opaque[c->n_opaque++] = h;
}

static struct zpf_spans set_spans(struct reader *s,
				  const struct zpf_flat_set *set)
{
	struct zpf_span *v;

	v = zpf_arena_alloc(s->arena, (set->n + 1) * sizeof(*v));
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

static struct zpf_spans maybe_not(struct reader *s, struct zpf_spans v, bool not,
				  zpf_point max)
{
	return not ? zpf_spans_not(s->arena, v, max) : v;
}

static zpf_point addr_max(int fam)
{
	return fam == ZPF_FAM6 ? ~(zpf_point)0 : UINT32_MAX;
}

static void box_addr(struct reader *s, const struct zpf_side *side,
		     struct zpf_spans *out)
{
	enum zpf_group_kind kind;

	if (side->addr.node) {
		struct zpf_spans v = s->rs->fam == ZPF_FAM6 ?
			zpf_spans_one(s->arena, point6(side->addr.r6.lo),
				      point6(side->addr.r6.hi)) :
			zpf_spans_one(s->arena, side->addr.r4.lo,
				      side->addr.r4.hi);

		*out = maybe_not(s, v, side->addr.not, addr_max(s->rs->fam));
	}
	for (size_t i = 0; i < 2; i++) {
		const struct zpf_v_name *ref = zpf_side_groups(side, s->rs->fam,
							       i, &kind);

		if (ref->node)
			*out = maybe_not(s, set_spans(s, &zpf_model_group(s->m,
						kind, ref->s)->resolved),
					 ref->not, addr_max(s->rs->fam));
	}
}

static void box_port(struct reader *s, const struct zpf_side *side,
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

static void box_side(struct reader *s, struct zpf_rule_box *c,
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

static void box_iface(struct reader *s, struct zpf_rule_box *c,
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
		v = zpf_arena_alloc(s->arena, sizeof(*v));
		*v = name_span(name->s);
		c->box.dim[dim] = (struct zpf_spans){ 1, v };
		return;
	}
	g = zpf_model_group(s->m, ZPF_GROUP_INTERFACE, ref->s);
	v = zpf_arena_alloc(s->arena, (g->resolved.n + 1) * sizeof(*v));
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

static void box_proto(struct reader *s, struct zpf_rule_box *c,
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
	v = zpf_arena_alloc(s->arena, p->n * sizeof(*v));
	for (size_t i = 0; i < p->n; i++)
		v[i] = (struct zpf_span){ p->proto[i], p->proto[i] };
	c->box.dim[ZPF_DIM_PROTO] = maybe_not(s, (struct zpf_spans){
			zpf_span_merge(v, p->n), v }, p->not, 255);
}

static void box_state(struct reader *s, struct zpf_rule_box *c)
{
	struct zpf_span *v = zpf_arena_alloc(s->arena, 4 * sizeof(*v));
	size_t n = 0;

	for (unsigned int i = 0; i < 4; i++)
		if (c->rule->state.v & 1U << i)
			v[n++] = (struct zpf_span){ i, i };
	c->box.dim[ZPF_DIM_STATE] = (struct zpf_spans){ zpf_span_merge(v, n), v };
}

static void box_icmp(struct reader *s, struct zpf_rule_box *c)
{
	const struct zpf_rule *r = c->rule;
	int type = r->rare->icmp_type.node ? (int)r->rare->icmp_type.v : -1;
	int code = r->rare->icmp_code.node ? (int)r->rare->icmp_code.v : -1;

	if (r->rare->icmp_name.node) {
		type = r->rare->icmp_name.type;
		code = r->rare->icmp_name.code;
	}
	c->box.dim[ZPF_DIM_ICMP] = zpf_spans_one(s->arena,
		(zpf_point)(type << 8 | (code < 0 ? 0 : code)),
		(zpf_point)(type << 8 | (code < 0 ? 255 : code)));
}

static void box_tcp(struct reader *s, struct zpf_rule_box *c, const struct zpf_node *n)
{
	uint32_t value = c->rule->rare->tcp_set.v, mask = value | c->rule->rare->tcp_not.v;
	struct zpf_span *v;
	size_t len = 0;

	zpf_tree_for_each(kid, n)
		if (strcmp(kid->name, "flags"))
			opaque(c, kid);
	if (!mask)
		return;
	v = zpf_arena_alloc(s->arena, 256 * sizeof(*v));
	for (unsigned int flags = 0; flags < 256; flags++)
		if ((flags & mask) == value)
			v[len++] = (struct zpf_span){ flags, flags };
	c->box.dim[ZPF_DIM_TCP] = (struct zpf_spans){ zpf_span_merge(v, len), v };
}

static void box_option(struct reader *s, struct zpf_rule_box *c,
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
		box_side(s, c, n, r->source, ZPF_DIM_SADDR, ZPF_DIM_SPORT);
	else if (!strcmp(n->name, "destination"))
		box_side(s, c, n, r->destination, ZPF_DIM_DADDR, ZPF_DIM_DPORT);
	else if (!strcmp(n->name, "inbound-interface"))
		box_iface(s, c, n, &r->rare->in_name, &r->rare->in_group, ZPF_DIM_IN);
	else if (!strcmp(n->name, "outbound-interface"))
		box_iface(s, c, n, &r->rare->out_name, &r->rare->out_group, ZPF_DIM_OUT);
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

/**
 * zpf_rule_box_all() - every packet
 * @a: gets the spans
 * @fam: family
 * @all: filled in
 */
void zpf_rule_box_all(struct zpf_arena *a, int fam, struct zpf_box *all)
{
	struct zpf_span *tcp = zpf_arena_alloc(a, 2 * sizeof(*tcp));
	struct zpf_spans *dim = all->dim;

	tcp[0] = (struct zpf_span){ 0, 255 };
	tcp[1] = (struct zpf_span){ ZPF_POINT_NONE, ZPF_POINT_NONE };
	dim[ZPF_DIM_TCP] = (struct zpf_spans){ 2, tcp };
	dim[ZPF_DIM_SPORT] = zpf_spans_one(a, 0, ZPF_POINT_NONE);
	dim[ZPF_DIM_DPORT] = dim[ZPF_DIM_ICMP] = dim[ZPF_DIM_SPORT];
	dim[ZPF_DIM_PROTO] = zpf_spans_one(a, 0, 255);
	dim[ZPF_DIM_SADDR] = zpf_spans_one(a, 0, addr_max(fam));
	dim[ZPF_DIM_DADDR] = dim[ZPF_DIM_SADDR];
	dim[ZPF_DIM_STATE] = zpf_spans_one(a, 0, 4);
	dim[ZPF_DIM_IN] = zpf_spans_one(a, 0, ~(zpf_point)0);
	dim[ZPF_DIM_OUT] = dim[ZPF_DIM_IN];
}

/**
 * zpf_rule_box_make() - a rule as a set of packets
 * @a: gets what is made
 * @m: the model
 * @rs: the ruleset
 * @r: the rule
 * @all: zpf_rule_box_all() of the family
 * @out: filled in
 */
void zpf_rule_box_make(struct zpf_arena *a, const struct zpf_model *m,
		       const struct zpf_ruleset *rs, const struct zpf_rule *r,
		       const struct zpf_box *all, struct zpf_rule_box *out)
{
	struct reader s = { a, m, rs };

	memset(out, 0, sizeof(*out));
	out->rule = r;
	out->box = *all;
	zpf_tree_for_each(n, r->node)
		box_option(&s, out, n);
	out->final = is_final(r) && !out->narrow;
	out->meaning = meaning(r->node, not_a_match);
}
