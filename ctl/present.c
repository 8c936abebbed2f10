// SPDX-License-Identifier: GPL-2.0-only
/*
 * Warnings that compare a policy with the interfaces of the machine. Called by
 * the commands, which ask the kernel; knows no netlink.
 */
#include <string.h>
#include <netinet/in.h>
#include <linux/netfilter.h>

#include "config.h"
#include "fold.h"

struct present {
	const struct zpf_policy *p;
	const struct zpf_present *list;
	size_t n;
	struct zpf_arena arena;
};

/* How well a member stands for an interface: 0 not at all, more is better. */
static size_t claim(const struct zpf_flat_member *m, const struct zpf_present *i)
{
	size_t len = strlen(m->name);

	if (m->vrf)
		return i->master && i->master_kind &&
			!strcmp(i->master_kind, "vrf") &&
			!strcmp(i->master, m->name) ? 1 : 0;
	if (!strcmp(m->name, i->name))
		return 100;
	if (len && m->name[len - 1] == '*' &&
	    !strncmp(m->name, i->name, len - 1))
		return 1 + len;
	return 0;
}

static const struct zpf_flat_zone *zone_of(const struct present *ps,
					   const struct zpf_present *i)
{
	const struct zpf_flat_zone *zone = NULL;
	size_t best = 0;

	for (size_t z = 0; z < ps->p->n_zones; z++)
		for (size_t k = 0; k < ps->p->zones[z].n_members; k++) {
			size_t c = claim(&ps->p->zones[z].members[k], i);

			if (c > best) {
				best = c;
				zone = &ps->p->zones[z];
			}
		}
	return zone;
}

static const struct zpf_flat_zone *local_zone(const struct present *ps)
{
	for (size_t z = 0; z < ps->p->n_zones; z++)
		if (ps->p->zones[z].local)
			return &ps->p->zones[z];
	return NULL;
}

static bool enslaved(const struct zpf_present *i, const char *kind)
{
	return i->master && i->master_kind && !strcmp(i->master_kind, kind);
}

static const char *member_path(struct present *ps,
			       const struct zpf_flat_zone *z,
			       const struct zpf_flat_member *m)
{
	return zpf_arena_printf(&ps->arena, "firewall zone %s member %s %s",
				z->name, m->vrf ? "vrf" : "interface", m->name);
}

static void absent_members(struct present *ps, struct zpf_diag *diag)
{
	struct zpf_fold fold = { 0 };

	for (size_t z = 0; z < ps->p->n_zones; z++) {
		const struct zpf_flat_zone *zone = &ps->p->zones[z];

		for (size_t k = 0; k < zone->n_members; k++) {
			const struct zpf_flat_member *m = &zone->members[k];
			size_t i = 0;

			if (strchr(m->name, '*'))
				continue;
			while (i < ps->n && strcmp(ps->list[i].name, m->name))
				i++;
			if (i < ps->n)
				continue;
			zpf_fold_add(&ps->arena, &fold, &m->where,
				     member_path(ps, zone, m), m->name,
				     zpf_arena_printf(&ps->arena, "%s %s of zone %s is not present",
						      m->vrf ? "VRF" : "interface",
						      m->name, zone->name));
		}
	}
	zpf_fold_say(&ps->arena, &fold, diag, "members are not present: ", "");
}

/* What happens to packets of an interface in no zone. */
static const char *dies(struct present *ps, const struct zpf_flat_zone *local,
			const char *it)
{
	bool out = ps->p->option_flags & ZPF_OPTION_UNASSIGNED_ACCEPT;

	return zpf_arena_printf(&ps->arena, "packets %s %s %s the zones%s are dropped",
				out ? "from" : "between", it,
				out ? "to" : "and",
				local ? " or the router" : "");
}

static void unassigned(struct present *ps, struct zpf_diag *diag)
{
	const struct zpf_flat_zone *local = local_zone(ps);
	struct zpf_fold fold = { 0 };

	for (size_t i = 0; i < ps->n; i++) {
		const struct zpf_present *in = &ps->list[i];
		bool vrf = false;

		for (size_t k = 0; k < ps->n; k++)
			vrf |= enslaved(&ps->list[k], "vrf") &&
				!strcmp(ps->list[k].master, in->name);
		/* what these carry is seen as their master's */
		if (vrf || !strcmp(in->name, "lo") || enslaved(in, "bridge") ||
		    enslaved(in, "bond") || enslaved(in, "team") ||
		    zone_of(ps, in))
			continue;
		zpf_fold_add(&ps->arena, &fold, NULL, NULL, in->name,
			     zpf_arena_printf(&ps->arena, "interface %s is in no zone: %s",
					      in->name,
					      dies(ps, local, "it")));
	}
	zpf_fold_say(&ps->arena, &fold, diag, "interfaces are in no zone: ",
		     zpf_arena_printf(&ps->arena, "; %s",
				      dies(ps, local, "these")));
}

static void ports(struct present *ps, struct zpf_diag *diag)
{
	struct zpf_fold fold = { 0 };

	for (size_t i = 0; i < ps->n; i++) {
		const struct zpf_present *in = &ps->list[i];
		const struct zpf_flat_zone *zone;

		if (!enslaved(in, "bridge") && !enslaved(in, "bond") &&
		    !enslaved(in, "team"))
			continue;
		zone = zone_of(ps, in);
		if (zone)
			zpf_fold_add(&ps->arena, &fold, &zone->where,
				     zpf_arena_printf(&ps->arena, "firewall zone %s",
						      zone->name),
				     in->name,
				     zpf_arena_printf(&ps->arena, "interface %s of zone %s is a port of the %s %s: its packets are judged as those of %s",
						      in->name, zone->name,
						      in->master_kind,
						      in->master, in->master));
	}
	zpf_fold_say(&ps->arena, &fold, diag,
		     "members are ports of a bridge or bond and never seen themselves: ",
		     "");
}

static bool port_in(const struct present *ps, const struct zpf_flat_rule *r,
		    bool dst, uint16_t port)
{
	uint32_t range = dst ? ZPF_FLAT_DPORT : ZPF_FLAT_SPORT;
	uint32_t set = dst ? ZPF_FLAT_DPORT_SET : ZPF_FLAT_SPORT_SET;
	bool not = r->not & (dst ? ZPF_NOT_DPORT : ZPF_NOT_SPORT);
	const struct zpf_range_port *v = dst ? &r->dport : &r->sport;
	size_t n = 1;

	if (r->match & set) {
		const struct zpf_flat_set *s;

		s = &ps->p->sets[dst ? r->dport_set : r->sport_set];
		v = s->port;
		n = s->n;
	} else if (!(r->match & range)) {
		return true;
	}
	for (size_t i = 0; i < n; i++)
		if (port >= v[i].lo && port <= v[i].hi)
			return !not;
	return not;
}

/* Whether some rule of a table could accept an answer of a DHCP server. */
static bool accepts_dhcp(const struct present *ps, uint32_t table)
{
	const struct zpf_flat_table *t = &ps->p->tables[table];

	for (size_t i = 0; i < t->n_rules; i++) {
		const struct zpf_flat_rule *r = &t->rules[i];
		bool udp = !(r->match & ZPF_FLAT_PROTO);

		for (int k = 0; k < r->n_proto; k++)
			udp |= r->proto[k] == IPPROTO_UDP;
		if (r->action == ZPF_ACTION_ACCEPT && udp &&
		    (!(r->match & ZPF_FLAT_STATE) || r->state & ZPF_STATE_NEW) &&
		    port_in(ps, r, false, 67) && port_in(ps, r, true, 68))
			return true;
	}
	return false;
}

static void dhcp_clients(struct present *ps, struct zpf_diag *diag)
{
	const struct zpf_flat_zone *local = local_zone(ps);
	struct zpf_fold fold = { 0 };

	for (size_t i = 0; local && i < ps->n; i++) {
		const struct zpf_present *in = &ps->list[i];
		const struct zpf_flat_zone *zone = zone_of(ps, in);
		uint32_t table = local->default_table4;

		if (!in->dynamic || !zone)
			continue;
		for (size_t k = 0; k < ps->p->n_pairs; k++) {
			const struct zpf_flat_pair *p = &ps->p->pairs[k];

			if (&ps->p->zones[p->from - 1] == zone &&
			    &ps->p->zones[p->to - 1] == local &&
			    p->family == NFPROTO_IPV4)
				table = p->table;
		}
		if (table != ZPF_NO_TABLE && accepts_dhcp(ps, table))
			continue;
		zpf_fold_add(&ps->arena, &fold, &zone->where,
			     zpf_arena_printf(&ps->arena, "firewall zone %s",
					      zone->name),
			     in->name,
			     zpf_arena_printf(&ps->arena, "interface %s gets its address by DHCP, and no rule from %s to %s accepts UDP port 68",
					      in->name, zone->name, local->name));
	}
	zpf_fold_say(&ps->arena, &fold, diag,
		     "interfaces get their address by DHCP without a rule that accepts UDP port 68: ",
		     "");
}

/**
 * zpf_config_check_present() - warnings that need to know the interfaces
 * @policy: the policy
 * @list: interfaces of the machine
 * @n: how many
 * @diag: gets the warnings
 */
void zpf_config_check_present(const struct zpf_policy *policy,
			      const struct zpf_present *list, size_t n,
			      struct zpf_diag *diag)
{
	struct present ps = { .p = policy, .list = list, .n = n };

	if (!policy->n_zones)
		return;
	absent_members(&ps, diag);
	unassigned(&ps, diag);
	ports(&ps, diag);
	dhcp_clients(&ps, diag);
	zpf_arena_free(&ps.arena);
}
