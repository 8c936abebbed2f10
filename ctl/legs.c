// SPDX-License-Identifier: GPL-2.0-only
/*
 * Warns where a ruleset accepts one leg of a VPN and none of those it cannot do
 * without: the tunnel comes up and carries nothing, or never comes up. Called
 * by lint. Only legs that nothing else uses begin a finding, and only where a
 * rule names them; TCP 443 does not. A leg that any rule might accept, for any
 * part of the same addresses, counts as accepted.
 *
 * The legs: IKE on UDP 500, and 4500 once there is NAT (RFC 7296, 3947), ESP
 * (RFC 4303) or ESP in UDP 4500 (RFC 3948); GlobalProtect logs in over TCP 443
 * and carries data in UDP 4501.
 */
#include <netinet/in.h>
#include <string.h>

#include "fold.h"
#include "legs.h"
#include "rule_box.h"
#include "witness.h"

struct leg {
	int proto, port;	/* port 0: has none */
	const char *name;
};

static const struct leg ike = { IPPROTO_UDP, 500, "udp 500 (IKE)" };
static const struct leg nat_t = { IPPROTO_UDP, 4500, "udp 4500 (IPsec through NAT)" };
static const struct leg esp = { IPPROTO_ESP, 0, "esp" };
static const struct leg gp = { IPPROTO_UDP, 4501, "udp 4501 (GlobalProtect)" };
static const struct leg https = { IPPROTO_TCP, 443, "tcp 443" };

static const struct {
	const struct leg *has, *needs[2];
	const char *else_what;
} vpns[] = {
	{ &ike, { &nat_t, &esp }, "the tunnel comes up and carries nothing" },
	{ &nat_t, { &ike }, "the tunnel never comes up" },
	{ &esp, { &ike }, "no keys can be agreed on" },
	{ &gp, { &https }, "nobody can log in" },
};

/* Few enough ports that whoever wrote them meant each. */
#define MEANT 16

/**
 * struct legs - the ruleset being looked at
 * @m: the model
 * @rs: the ruleset
 * @all: every packet
 * @n: live rules
 * @rules: the live rules
 * @fold: findings
 */
struct legs {
	struct zpf_model *m;
	const struct zpf_ruleset *rs;
	struct zpf_box all;
	size_t n;
	struct zpf_rule_box *rules;
	struct zpf_fold fold;
	struct zpf_arena boxes;	/* of one ruleset */
};

/* New packets of a leg, between the addresses of @like. */
static struct zpf_box leg_box(struct legs *l, const struct leg *leg,
			      const struct zpf_box *like)
{
	struct zpf_arena *a = &l->boxes;
	struct zpf_box box = *like;
	zpf_point port = leg->port ? (zpf_point)leg->port : ZPF_POINT_NONE;

	box.dim[ZPF_DIM_PROTO] = zpf_spans_one(a, (zpf_point)leg->proto,
					       (zpf_point)leg->proto);
	box.dim[ZPF_DIM_DPORT] = zpf_spans_one(a, port, port);
	box.dim[ZPF_DIM_SPORT] = leg->port ?
		zpf_spans_one(a, 1, ZPF_POINT_NONE - 1) : box.dim[ZPF_DIM_DPORT];
	box.dim[ZPF_DIM_ICMP] = zpf_spans_one(a, ZPF_POINT_NONE, ZPF_POINT_NONE);
	box.dim[ZPF_DIM_TCP] = leg->proto == IPPROTO_TCP ?
		zpf_spans_one(a, 2, 2) : box.dim[ZPF_DIM_ICMP];
	box.dim[ZPF_DIM_STATE] = zpf_spans_one(a, 0, 0);
	return box;
}

static size_t width(struct zpf_spans s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n <= MEANT; i++)
		n += s.v[i].hi - s.v[i].lo < MEANT ?
			(size_t)(s.v[i].hi - s.v[i].lo) + 1 : MEANT + 1;
	return n;
}

static bool has(struct zpf_spans s, int value)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.v[i].lo <= (zpf_point)value && s.v[i].hi >= (zpf_point)value)
			return true;
	return false;
}

static bool meets(struct legs *l, const struct zpf_box *a,
		  const struct zpf_box *b)
{
	struct zpf_box_work w = { .arena = &l->boxes, .left = 1 };
	struct zpf_box both;

	return !zpf_box_apart(a, b) && zpf_box_and(&w, a, b, &both);
}

/* Does a rule accept this leg, and say so? */
static bool names(struct legs *l, const struct zpf_rule_box *r,
		  const struct leg *leg, struct zpf_box *out)
{
	const struct zpf_spans *dim = r->box.dim;

	if (r->rule->action.v != ZPF_ACTION_ACCEPT ||
	    !has(dim[ZPF_DIM_PROTO], leg->proto) ||
	    width(dim[ZPF_DIM_PROTO]) > 2 ||
	    (leg->port && (!has(dim[ZPF_DIM_DPORT], leg->port) ||
			   width(dim[ZPF_DIM_DPORT]) > MEANT)))
		return false;
	*out = leg_box(l, leg, &r->box);
	return meets(l, out, &r->box);
}

/* Might names() be true of it? Asked first, for a box costs more. */
static bool mentions(const struct zpf_rule *r)
{
	const struct zpf_v_ports *port = &r->destination->port;
	bool udp = false;

	if (!zpf_rule_live(r) || r->action.v != ZPF_ACTION_ACCEPT)
		return false;
	for (size_t i = 0; i < r->protocol.n; i++) {
		if (r->protocol.proto[i] == IPPROTO_ESP)
			return true;
		udp |= r->protocol.proto[i] == IPPROTO_UDP;
	}
	for (size_t v = 0; udp && v < sizeof(vpns) / sizeof(vpns[0]); v++)
		for (size_t i = 0; i < port->n; i++)
			if (port->r[i].lo <= vpns[v].has->port &&
			    port->r[i].hi >= vpns[v].has->port)
				return true;
	return udp && r->destination->port_group.node;
}

/* Might anything but the default let packets of this leg go on? */
static bool might_pass(struct legs *l, const struct zpf_box *box)
{
	for (size_t i = 0; i < l->n; i++) {
		uint32_t action = l->rules[i].rule->action.v;

		if (action != ZPF_ACTION_DROP && action != ZPF_ACTION_REJECT &&
		    action != ZPF_ACTION_CONTINUE &&
		    meets(l, box, &l->rules[i].box))
			return true;
	}
	return false;
}

static void look(struct legs *l, const struct zpf_rule_box *r, size_t vpn)
{
	const struct leg *const *needs = vpns[vpn].needs;
	struct zpf_arena *a = l->m->arena;
	struct zpf_box has, lacks, first;
	const char *what = "";

	if (!names(l, r, vpns[vpn].has, &has))
		return;
	for (size_t i = 0; i < 2 && needs[i]; i++) {
		lacks = leg_box(l, needs[i], &r->box);
		if (might_pass(l, &lacks))
			return;
		if (!i)
			first = lacks;
		what = zpf_arena_printf(a, "%s%s%s", what, i ? " or " : "",
					needs[i]->name);
	}
	zpf_fold_node(a, &l->fold, r->rule->node,
		      zpf_arena_printf(a, "%s %u", l->rs->name, r->rule->number),
		      zpf_arena_printf(a, "rule %u of %s accepts %s, and nothing accepts %s: %s",
				       r->rule->number, l->rs->name,
				       vpns[vpn].has->name, what,
				       vpns[vpn].else_what))->witness =
		zpf_witness(l->m, l->rs, &first);
}

static void look_through(struct legs *l)
{
	enum zpf_action def = l->rs->default_action.node ?
		(enum zpf_action)l->rs->default_action.v :
		l->rs->hook ? ZPF_ACTION_ACCEPT : ZPF_ACTION_DROP;

	bool any = false;

	if (def != ZPF_ACTION_DROP && def != ZPF_ACTION_REJECT)
		return;
	for (size_t i = 0; i < l->rs->n_rules && !any; i++)
		any = mentions(&l->rs->rules[i]);
	if (!any)
		return;
	zpf_arena_reset(&l->boxes);
	zpf_rule_box_all(&l->boxes, l->rs->fam, &l->all);
	l->n = 0;
	l->rules = zpf_arena_alloc(&l->boxes, (l->rs->n_rules + 1) *
				   sizeof(*l->rules));
	for (size_t i = 0; i < l->rs->n_rules; i++)
		if (zpf_rule_live(&l->rs->rules[i]))
			zpf_rule_box_make(&l->boxes, l->m, l->rs,
					  &l->rs->rules[i], &l->all,
					  &l->rules[l->n++]);
	for (size_t i = 0; i < l->n; i++)
		for (size_t v = 0; v < sizeof(vpns) / sizeof(vpns[0]); v++)
			look(l, &l->rules[i], v);
}

/**
 * zpf_legs() - warn of VPNs that are let pass by half
 * @m: a model without errors
 */
void zpf_legs(struct zpf_model *m)
{
	struct legs l = { .m = m };

	zpf_for_each_ruleset(m, rs) {
		l.rs = rs;
		if (rs->used || rs->hook)
			look_through(&l);
	}
	zpf_fold_say(m->arena, &l.fold, m->diag, "rules accept one leg of a VPN and nothing accepts the others: ",
		     "");
	zpf_arena_free(&l.boxes);
}
