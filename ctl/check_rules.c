// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refuses rules and rulesets whose statements do not fit together: what would
 * make a rule wider than it was meant, or can never match. Called by config.
 * Looks at one ruleset at a time; jumps between them are check_jumps' work.
 */
#include <string.h>
#include <netinet/in.h>

#include "model.h"
#include "schema.h"
#include "when.h"

#ifndef IPPROTO_UDPLITE
#define IPPROTO_UDPLITE 136
#endif

/**
 * zpf_side_groups() - the address groups a side of a rule may name
 * @side: source or destination
 * @fam: family of the rule
 * @i: below ZPF_SIDE_GROUPS
 * @kind: gets the kind of group
 *
 * Return: the reference, its node NULL where it is not given
 */
const struct zpf_v_name *zpf_side_groups(const struct zpf_side *side, int fam,
					 size_t i, enum zpf_group_kind *kind)
{
	const struct {
		const struct zpf_v_name *ref;
		enum zpf_group_kind kind[ZPF_FAMS];
	} groups[ZPF_SIDE_GROUPS] = {
		{ &side->addr_group, { ZPF_GROUP_ADDRESS, ZPF_GROUP_ADDRESS6 } },
		{ &side->net_group, { ZPF_GROUP_NETWORK, ZPF_GROUP_NETWORK6 } },
		{ &side->rare->domain_group, { ZPF_GROUP_DOMAIN, ZPF_GROUP_DOMAIN } },
		{ &side->rare->remote_group, { ZPF_GROUP_REMOTE, ZPF_GROUP_REMOTE } },
		{ &side->rare->dynamic_group,
		  { ZPF_GROUP_DYNAMIC, ZPF_GROUP_DYNAMIC6 } },
	};

	*kind = groups[i].kind[fam];
	return groups[i].ref;
}

/* What is being checked. */
struct check {
	struct zpf_model *m;
	const struct zpf_ruleset *rs;
	const struct zpf_rule *r;
};

static void check_empty(struct zpf_model *m, const struct zpf_node *n,
			const char *why)
{
	zpf_tree_for_each(kid, n) {
		const struct zpf_schema *s = kid->schema;

		if (kid->value || kid->broken || s->flags & ZPF_S_UNENFORCED)
			continue;
		if (zpf_tree_count(kid))
			check_empty(m, kid, why);
		else if (zpf_schema_leaf(s) || (s->n_kids && s->kind == ZPF_KIND_NODE))
			zpf_error(m, kid, "%s says nothing%s", kid->name, why);
	}
}

static bool proto_is(const struct zpf_rule *r, int proto)
{
	return r->protocol.node && !r->protocol.not && r->protocol.n == 1 &&
		r->protocol.proto[0] == proto;
}

static bool has_ports(const struct zpf_rule *r)
{
	static const uint8_t with[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP,
		IPPROTO_DCCP, IPPROTO_UDPLITE };

	if (!r->protocol.node || r->protocol.not || !r->protocol.n)
		return false;
	for (int i = 0; i < r->protocol.n; i++)
		if (!memchr(with, r->protocol.proto[i], sizeof(with)))
			return false;
	return true;
}

static void check_group(struct check *c, const struct zpf_v_name *ref,
			enum zpf_group_kind kind)
{
	struct zpf_group *g;

	if (!ref->node)
		return;
	g = zpf_model_group(c->m, kind, ref->s);
	if (g)
		g->used = true;
	else
		zpf_error(c->m, ref->node, "there is no %s %s",
			  zpf_model_group_word(kind), ref->s);
}

static void check_mac(struct check *c, const struct zpf_side *side,
		      const char *word)
{
	const struct zpf_node *first = side->rare->mac.node ? side->rare->mac.node :
		side->rare->mac_group.node;

	check_group(c, &side->rare->mac_group, ZPF_GROUP_MAC);
	if (side->rare->mac.node && side->rare->mac_group.node)
		zpf_error(c->m, side->rare->mac_group.node,
			  "%s has both mac-address and mac-group; a rule takes one of them",
			  word);
	if (first && c->rs->hook == ZPF_HOOK_OUTPUT)
		zpf_error(c->m, first, "%s does not exist in %s",
			  first->parent->name, c->rs->name);
}

static void check_side(struct check *c, const struct zpf_side *side,
		       const char *word)
{
	const struct zpf_node *kind[ZPF_SIDE_GROUPS + 3], *port;
	const struct zpf_v_name *ref;
	enum zpf_group_kind group;
	int n = 0;

	if (side->addr.node)
		kind[n++] = side->addr.node;
	if (side->rare->fqdn.node)
		kind[n++] = side->rare->fqdn.node;
	if (side->rare->country.node)
		kind[n++] = side->rare->country.node;
	for (size_t i = 0; i < ZPF_SIDE_GROUPS; i++) {
		ref = zpf_side_groups(side, c->rs->fam, i, &group);
		check_group(c, ref, group);
		if (ref->node)
			kind[n++] = ref->node;
	}
	if (n > 1)
		zpf_error(c->m, kind[1], "%s has both %s and %s; a rule takes one of them",
			  word, kind[0]->parent->name, kind[1]->parent->name);

	if (side->rare->mask.node && !side->addr.node && !side->addr_group.node &&
	    !side->net_group.node)
		zpf_error(c->m, side->rare->mask.node, "%s address-mask needs address or address-group",
			  word);
	check_mac(c, side, word);
	if (side->rare->country_not.node && !side->rare->country.node)
		zpf_error(c->m, side->rare->country_not.node, "geoip inverse-match needs geoip country-code");

	check_group(c, &side->port_group, ZPF_GROUP_PORT);
	if (side->port.node && side->port_group.node)
		zpf_error(c->m, side->port_group.node,
			  "%s has both port and port-group; a rule takes one of them",
			  word);
	port = side->port.node ? side->port.node : side->port_group.node;
	if (port && !has_ports(c->r))
		zpf_error(c->m, port, "%s needs protocol tcp, udp, tcp_udp, sctp, dccp or udplite",
			  port->parent->name);
}

static void check_icmp(struct check *c)
{
	const struct zpf_rule *r = c->r;
	const char *word = c->rs->fam == ZPF_FAM6 ? "icmpv6" : "icmp";
	const char *proto = c->rs->fam == ZPF_FAM6 ? "ipv6-icmp" : "icmp";
	const struct zpf_node *first;

	first = r->rare->icmp_name.node ? r->rare->icmp_name.node :
		r->rare->icmp_type.node ? r->rare->icmp_type.node : r->rare->icmp_code.node;
	if (!first)
		return;
	if (!proto_is(r, c->rs->fam == ZPF_FAM6 ? IPPROTO_ICMPV6 :
		      IPPROTO_ICMP))
		zpf_error(c->m, first, "%s %s needs protocol %s", word,
			  first->parent->name, proto);
	if (r->rare->icmp_name.node && (r->rare->icmp_type.node || r->rare->icmp_code.node))
		zpf_error(c->m, r->rare->icmp_type.node ? r->rare->icmp_type.node :
			  r->rare->icmp_code.node,
			  "%s type-name together with type or code; a rule takes one of them",
			  word);
	else if (r->rare->icmp_code.node && !r->rare->icmp_type.node)
		zpf_error(c->m, r->rare->icmp_code.node, "%s code needs %s type",
			  word, word);
}

static void check_tcp(struct check *c)
{
	const struct zpf_rule *r = c->r;
	uint32_t both = r->rare->tcp_set.v & r->rare->tcp_not.v;
	const struct zpf_node *first;

	if (r->rare->mss.node && !proto_is(r, IPPROTO_TCP))
		zpf_error(c->m, r->rare->mss.node, "tcp mss needs protocol tcp");
	if (r->rare->set_mss.node && !proto_is(r, IPPROTO_TCP))
		zpf_error(c->m, r->rare->set_mss.node, "set tcp-mss needs protocol tcp");
	first = r->rare->tcp_set.node ? r->rare->tcp_set.node : r->rare->tcp_not.node;
	if (!first)
		return;
	if (!proto_is(r, IPPROTO_TCP))
		zpf_error(c->m, first, "tcp flags needs protocol tcp");
	if (both)
		zpf_error(c->m, r->rare->tcp_not.node, "tcp flag %s is asked to be both set and not set",
			  zpf_word_name(zpf_words_tcp_flag, both & -both));
}

static void check_iface(struct check *c, const struct zpf_v_name *name,
			const struct zpf_v_name *group, bool out)
{
	const char *word = out ? "outbound-interface" : "inbound-interface";
	enum zpf_hook never = out ? ZPF_HOOK_INPUT : ZPF_HOOK_OUTPUT;
	const struct zpf_node *first = name->node ? name->node : group->node;

	check_group(c, group, ZPF_GROUP_INTERFACE);
	if (name->node && group->node)
		zpf_error(c->m, group->node, "%s has both name and group; a rule takes one of them",
			  word);
	if (first && c->rs->hook == never)
		zpf_error(c->m, first, "%s does not exist in %s", word,
			  c->rs->name);
}

static void check_ttl(struct check *c)
{
	const struct zpf_node *given[] = { c->r->rare->ttl_eq.node, c->r->rare->ttl_gt.node,
		c->r->rare->ttl_lt.node };
	const struct zpf_node *first = NULL;

	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		if (given[i] && first)
			zpf_error(c->m, given[i], "%s has both %s and %s; a rule takes one of them",
				  c->rs->fam == ZPF_FAM6 ? "hop-limit" : "ttl",
				  first->parent->name, given[i]->parent->name);
		else if (given[i])
			first = given[i];
	}
}

/* Two flags of which a rule takes one. */
static void check_either(struct check *c, const struct zpf_v_flag *a,
			 const struct zpf_v_flag *b)
{
	if (a->node && b->node)
		zpf_error(c->m, b->node, "%s has both %s and %s; a rule takes one of them",
			  b->node->parent->name, a->node->name, b->node->name);
}

static void check_add(struct check *c, const struct zpf_add *add)
{
	if (add->timeout.node && !add->group.node)
		zpf_error(c->m, add->timeout.node, "add-address-to-group timeout needs address-group");
	check_group(c, &add->group, c->rs->fam == ZPF_FAM6 ?
		    ZPF_GROUP_DYNAMIC6 : ZPF_GROUP_DYNAMIC);
}

static void check_recent(struct check *c)
{
	const struct zpf_rule *r = c->r;

	if (r->rare->recent_count.node && !r->rare->recent_time.node)
		zpf_error(c->m, r->rare->recent_count.node, "recent count needs recent time");
	if (r->rare->recent_time.node && !r->rare->recent_count.node)
		zpf_error(c->m, r->rare->recent_time.node, "recent time needs recent count");
}

static void check_gre(struct check *c)
{
	const struct zpf_rule *r = c->r;
	const struct zpf_node *gre = zpf_tree_find(r->node, "gre");

	if (!gre)
		return;
	if (!proto_is(r, IPPROTO_GRE))
		zpf_error(c->m, gre, "gre needs protocol gre");
	if (!r->rare->gre_key.node)
		return;
	if (!r->rare->gre_flag[0].node)
		zpf_error(c->m, r->rare->gre_key.node, "gre key needs gre flags checksum or gre flags checksum unset: the key stands behind a checksum");
	if (r->rare->gre_unset[1].node)
		zpf_error(c->m, r->rare->gre_key.node, "gre key together with gre flags key unset matches nothing");
	if (r->rare->gre_version.node && r->rare->gre_version.r[0].lo == 1)
		zpf_error(c->m, r->rare->gre_key.node, "gre key does not exist in gre version pptp");
}

static void check_time(struct check *c)
{
	const struct zpf_rule *r = c->r;
	struct zpf_when when;

	zpf_when_read(r, &when);
	if (r->rare->time_utc.node && !when.begins && !when.ends && !when.weekly)
		zpf_error(c->m, r->rare->time_utc.node, "time utc needs a date, a time of day or weekdays");
	if (when.begins && when.ends && when.from >= when.to)
		zpf_error(c->m, r->rare->stopdate.node, "time stopdate ends before time startdate begins");
	if (when.lo == when.hi)
		zpf_error(c->m, r->rare->stoptime.node, "time starttime and time stoptime are the same: nothing is between them");
	if (when.mixed)
		zpf_warn(c->m, r->rare->starttime.node, "of time starttime and stoptime one is the moment of its date, the other a time of every day");
}

static void check_log(struct check *c)
{
	const struct zpf_rule *r = c->r;
	const struct zpf_node *options = zpf_tree_find(r->node, "log-options");
	const struct zpf_node *nflog;

	if (!options)
		return;
	if (!r->log.node)
		zpf_error(c->m, options, "log-options needs log");
	nflog = r->rare->log_snaplen.node ? r->rare->log_snaplen.node :
		r->rare->log_qthreshold.node;
	if (nflog && !r->rare->log_group.node)
		zpf_error(c->m, nflog, "%s needs log-options group",
			  nflog->parent->name);
}

static void check_action(struct check *c)
{
	const struct zpf_rule *r = c->r;

	if (!r->action.node) {
		zpf_error(c->m, r->node, "rule %u of %s has no action",
			  r->number, c->rs->name);
		return;
	}
	if (r->action.v == ZPF_ACTION_JUMP && !r->jump_target.node)
		zpf_error(c->m, r->action.node, "action jump needs jump-target");
	if (r->action.v != ZPF_ACTION_JUMP && r->jump_target.node)
		zpf_error(c->m, r->jump_target.node, "jump-target needs action jump");
}

/* What few rules have. */
static void check_rare(struct check *c)
{
	const struct zpf_rare *rare = c->r->rare;

	check_iface(c, &rare->in_name, &rare->in_group, false);
	check_iface(c, &rare->out_name, &rare->out_group, true);
	check_icmp(c);
	check_tcp(c);
	check_ttl(c);
	check_either(c, &rare->frag, &rare->no_frag);
	check_recent(c);
	check_add(c, &rare->add_source);
	check_add(c, &rare->add_destination);
	check_either(c, &rare->ipsec_in, &rare->ipsec_no_in);
	check_either(c, &rare->ipsec_out, &rare->ipsec_no_out);
	check_time(c);
	if (rare->limit_burst.node && !rare->limit_rate.node)
		zpf_error(c->m, rare->limit_burst.node, "limit burst needs limit rate");
}

static void check_rule(struct check *c)
{
	const struct zpf_rule *r = c->r;

	if (r->broken || r->skip)
		return;
	check_action(c);
	check_empty(c->m, r->node, ": left out it would make the rule wider");
	check_side(c, r->source, "source");
	check_side(c, r->destination, "destination");
	check_gre(c);
	check_log(c);
	if (r->rare != &zpf_rare_none)
		check_rare(c);
}

static void check_default(struct zpf_model *m, const struct zpf_ruleset *rs)
{
	bool jump = rs->default_action.v == ZPF_ACTION_JUMP;

	if (rs->broken)
		return;
	if (jump && !rs->default_jump.node)
		zpf_error(m, rs->default_action.node,
			  "default-action jump needs default-jump-target");
	if (!jump && rs->default_jump.node)
		zpf_error(m, rs->default_jump.node,
			  "default-jump-target needs default-action jump");
}

static void check_state_policy(struct zpf_model *m, const char *word,
			       const struct zpf_state_policy *sp)
{
	if (sp->log.node && !sp->action.node)
		zpf_error(m, sp->log.node, "state-policy %s has no action", word);
	else if (sp->level.node && !sp->action.node)
		zpf_error(m, sp->level.node, "state-policy %s has no action",
			  word);
}

/**
 * zpf_rules_check() - refuse rules and options that do not fit together
 * @m: the model
 */
void zpf_rules_check(struct zpf_model *m)
{
	const struct zpf_options *o = &m->options;

	check_empty(m, zpf_tree_find(m->firewall, "global-options"), "");
	check_state_policy(m, "established", &o->established);
	check_state_policy(m, "related", &o->related);
	check_state_policy(m, "invalid", &o->invalid);
	if (o->log_off.node && (o->log_rate.node || o->log_burst.node))
		zpf_error(m, o->log_off.node, "log-limit off together with a rate or burst; say one of them");
	zpf_for_each_ruleset(m, rs) {
		check_default(m, rs);
		for (size_t i = 0; i < rs->n_rules; i++) {
			struct check c = { m, rs, &rs->rules[i] };

			check_rule(&c);
		}
	}
}
