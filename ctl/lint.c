// SPDX-License-Identifier: GPL-2.0-only
/*
 * Warnings about a configuration that is sound and may still not be what was
 * meant. Called by config on a model without errors; needs no kernel. Each
 * function is one kind of finding, said in the order of zpf_lint().
 */
#include <string.h>
#include <netinet/in.h>

#include "emit.h"
#include "fold.h"
#include "legs.h"
#include "model.h"
#include "shadow.h"

static const char *family_name(int fam)
{
	return fam == ZPF_FAM6 ? "IPv6" : "IPv4";
}

/* ---- groups ---- */

static void lint_empty_groups(struct zpf_model *m)
{
	struct zpf_fold fold = { 0 };

	for (size_t i = 0; i < m->n_groups; i++) {
		const struct zpf_group *g = &m->groups[i];

		if (g->kind == ZPF_GROUP_DOMAIN ? !zpf_tree_find(g->node, "address") :
		    !zpf_group_owned(g->kind) && !g->resolved.n)
			zpf_fold_node(m->arena, &fold, g->node, g->name,
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
			zpf_fold_node(m->arena, &fold, f->bind[ZPF_FAM4].node,
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
static struct zpf_ruleset *judge(const struct zpf_zone *from,
				 const struct zpf_zone *to, int fam)
{
	for (size_t j = 0; j < to->n_from; j++)
		if (to->from[j].zone == from && to->from[j].bind[fam].ruleset)
			return to->from[j].bind[fam].ruleset;
	return to->default_set[fam];
}

static enum zpf_action default_of(const struct zpf_ruleset *rs)
{
	if (rs->default_action.node)
		return (enum zpf_action)rs->default_action.v;
	return rs->hook ? ZPF_ACTION_ACCEPT : ZPF_ACTION_DROP;
}

/* Whether a packet of @state could be accepted in @rs or what it calls. */
static bool accepts_inside(struct zpf_ruleset *rs, uint32_t state)
{
	signed char *known = &rs->accepts[state == ZPF_STATE_NEW];

	if (*known)
		return *known > 0;
	*known = -1;
	for (size_t i = 0; i < rs->n_rules; i++) {
		const struct zpf_rule *r = &rs->rules[i];

		if (!zpf_rule_live(r) ||
		    (r->state.node && !(r->state.v & state)))
			continue;
		if (r->action.v == ZPF_ACTION_ACCEPT ||
		    (r->action.v == ZPF_ACTION_JUMP &&
		     accepts_inside(r->target, state)))
			*known = 1;
	}
	if (default_of(rs) == ZPF_ACTION_ACCEPT ||
	    (default_of(rs) == ZPF_ACTION_JUMP &&
	     accepts_inside(rs->default_target, state)))
		*known = 1;
	return *known > 0;
}

/* The same for what judges a pair: leaving it accepts too. */
static bool accepts(struct zpf_ruleset *rs, uint32_t state)
{
	for (size_t i = 0; i < rs->n_rules; i++) {
		const struct zpf_rule *r = &rs->rules[i];

		if (zpf_rule_live(r) && r->action.v == ZPF_ACTION_RETURN &&
		    (!r->state.node || r->state.v & state))
			return true;
	}
	return default_of(rs) >= ZPF_ACTION_RETURN || accepts_inside(rs, state);
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
				struct zpf_ruleset *back;

				if (!b->ruleset ||
				    !accepts(b->ruleset, ZPF_STATE_NEW))
					continue;
				back = judge(to, from, fam);
				if (back && accepts(back, ZPF_STATE_ESTABLISHED))
					continue;
				zpf_fold_node(m->arena, &fold, b->node,
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
		if (!(rs->hook || rs->used) || rs->default_log.node ||
		    default_of(rs) != ZPF_ACTION_DROP)
			continue;
		zpf_fold_node(m->arena, &fold, rs->node, rs->name, rs->hook ?
			  zpf_arena_printf(m->arena, "%s %s drops by default without default-log",
					   zpf_model_family_word(rs->fam),
					   rs->name) :
			  zpf_arena_printf(m->arena, "ruleset %s drops by default without default-log (used %s)",
					   rs->name, users(m, rs)));
	}
	zpf_fold_say(m->arena, &fold, m->diag,
		     "rulesets drop by default without default-log: ", "");
}

static void lint_log_levels(struct zpf_model *m, const struct zpf_ruleset *rs,
			    struct zpf_fold *fold)
{
	for (size_t i = 0; i < rs->n_rules; i++) {
		const struct zpf_rule *r = &rs->rules[i];

		if (r->rare->log_level.node && r->rare->log_group.node)
			zpf_fold_node(m->arena, fold, r->rare->log_level.node,
				  zpf_arena_printf(m->arena, "%s %u", rs->name,
						   r->number),
				  zpf_arena_printf(m->arena, "rule %u of %s: log-options level means nothing with group",
						   r->number, rs->name));
	}
}

/* ---- IPsec to the router ---- */

static bool has_port(const struct zpf_v_ports *ports, uint16_t port)
{
	if (!ports->node)
		return true;
	for (size_t i = 0; i < ports->n; i++)
		if (port >= ports->r[i].lo && port <= ports->r[i].hi)
			return true;
	return false;
}

static bool for_proto(const struct zpf_rule *r, int proto)
{
	for (int i = 0; i < r->protocol.n; i++)
		if (r->protocol.proto[i] == proto && !r->protocol.not)
			return true;
	return false;
}

/*
 * IKE and ESP without UDP 4500: right until there is NAT between the peers
 * (RFC 3948), and then the tunnel comes up and carries nothing.
 */
static void lint_nat_t(struct zpf_model *m, const struct zpf_ruleset *rs)
{
	bool ike = false, esp = false, nat_t = false;

	if (default_of(rs) != ZPF_ACTION_DROP &&
	    default_of(rs) != ZPF_ACTION_REJECT)
		return;
	for (size_t i = 0; i < rs->n_rules; i++) {
		const struct zpf_rule *r = &rs->rules[i];

		if (!zpf_rule_live(r) || (r->action.v != ZPF_ACTION_ACCEPT &&
					  r->action.v != ZPF_ACTION_JUMP))
			continue;
		/* what only names other states, or calls, is left alone */
		if (r->action.v == ZPF_ACTION_JUMP ||
		    r->destination->port_group.node)
			return;
		if (r->state.node && !(r->state.v & ZPF_STATE_NEW))
			continue;
		esp |= for_proto(r, IPPROTO_ESP);
		if (!r->protocol.node || !r->protocol.n)
			return;
		if (!for_proto(r, IPPROTO_UDP))
			continue;
		ike |= has_port(&r->destination->port, 500);
		nat_t |= has_port(&r->destination->port, 4500);
	}
	if (ike && esp && !nat_t)
		zpf_warn(m, rs->node, "%s accepts IKE (UDP 500) and ESP to the router but not UDP 4500: IPsec through NAT will carry nothing",
			 rs->name);
}

static void lint_gateways(struct zpf_model *m)
{
	for (size_t i = 0; i < m->n_zones; i++) {
		const struct zpf_zone *z = &m->zones[i];

		for (size_t j = 0; z->local.node && j < z->n_from; j++)
			for (int fam = 0; fam < ZPF_FAMS; fam++) {
				struct zpf_ruleset *rs = z->from[j].bind[fam].ruleset;

				if (!rs || rs->mark == 4)
					continue;
				rs->mark = 4;	/* looked at */
				lint_nat_t(m, rs);
			}
	}
}

/**
 * zpf_lint() - warn about what is allowed and looks like a mistake
 * @m: a model without errors
 */
void zpf_lint(struct zpf_model *m)
{
	struct zpf_fold levels = { 0 };

	lint_silent_drops(m);
	lint_replies(m);
	lint_twins(m);
	lint_empty_groups(m);
	lint_gateways(m);
	zpf_legs(m);
	zpf_shadow(m);
	zpf_for_each_ruleset(m, rs)
		lint_log_levels(m, rs, &levels);
	zpf_fold_say(m->arena, &levels, m->diag,
		     "rules have both log-options level and group, where level means nothing: ",
		     "");
}
