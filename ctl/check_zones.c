// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refuses zones that contradict themselves or each other. Called by config
 * once names are linked.
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"

static void check_local(struct zpf_model *m, const struct zpf_zone *z,
			const struct zpf_zone **local)
{
	const struct zpf_node *intra;

	if (!z->local.node)
		return;
	if (*local)
		zpf_error(m, z->local.node, "zone %s is a second local-zone: zone %s is one already",
			  z->name, (*local)->name);
	else
		*local = z;
	if (z->n_members)
		zpf_error(m, z->members[0].node, "the local zone %s cannot have members",
			  z->name);
	intra = zpf_tree_find(z->node, "intra-zone-filtering");
	if (intra)
		zpf_error(m, intra, "the local zone %s cannot have intra-zone-filtering",
			  z->name);
}

static void check_intra(struct zpf_model *m, const struct zpf_zone *z)
{
	const struct zpf_v_name *name = z->intra_name;
	const struct zpf_node *first, *intra;

	intra = zpf_tree_find(z->node, "intra-zone-filtering");
	first = name[ZPF_FAM4].node ? name[ZPF_FAM4].node : name[ZPF_FAM6].node;
	if (first && z->intra_action.node)
		zpf_error(m, first, "intra-zone-filtering of zone %s has both action and firewall; say one of them",
			  z->name);
	if (intra && !first && !z->intra_action.node)
		zpf_error(m, intra, "intra-zone-filtering says nothing; expected action or firewall");
	if (first && !z->local.node && !(name[ZPF_FAM4].node &&
					 name[ZPF_FAM6].node))
		zpf_warn(m, first, "intra-zone-filtering of zone %s names no %s ruleset: %s inside the zone is accepted",
			 z->name,
			 zpf_model_family_word(name[ZPF_FAM4].node ? ZPF_FAM6 :
					       ZPF_FAM4),
			 name[ZPF_FAM4].node ? "IPv6" : "IPv4");
}

struct owned {
	const struct zpf_zone *zone;
	const struct zpf_member *member;
};

static int cmp_owned(const void *a, const void *b)
{
	const struct owned *x = a, *y = b;
	int c = (int)x->member->vrf - (int)y->member->vrf;

	if (!c)
		c = strcmp(x->member->name, y->member->name);
	return c ? c : x->zone->id < y->zone->id ? -1 :
		x->zone->id > y->zone->id;
}

/* The same member in two zones: both claims are equally specific. */
static void check_members(struct zpf_model *m)
{
	struct owned *all, *prev = NULL;
	size_t n = 0, k = 0;

	for (size_t i = 0; i < m->n_zones; i++)
		n += m->zones[i].n_members;
	all = zpf_arena_alloc(m->arena, (n + 1) * sizeof(*all));
	for (size_t i = 0; i < m->n_zones; i++)
		for (size_t j = 0; j < m->zones[i].n_members; j++) {
			all[k].zone = &m->zones[i];
			all[k++].member = &m->zones[i].members[j];
		}
	qsort(all, n, sizeof(*all), cmp_owned);
	for (size_t i = 0; i < n; i++) {
		if (prev && prev->member->vrf == all[i].member->vrf &&
		    !strcmp(prev->member->name, all[i].member->name))
			zpf_error(m, all[i].member->node,
				  "%s %s is in zone %s already; it can be in one zone",
				  all[i].member->vrf ? "VRF" : "interface",
				  all[i].member->name, prev->zone->name);
		else
			prev = &all[i];
	}
}

/**
 * zpf_zones_check() - refuse zones that do not fit together
 * @m: the model
 */
void zpf_zones_check(struct zpf_model *m)
{
	const struct zpf_zone *local = NULL;

	if (m->n_zones > ZPF_MAX_ZONES)
		zpf_error(m, m->zones[ZPF_MAX_ZONES].node,
			  "there are %zu zones; at most %d are allowed",
			  m->n_zones, ZPF_MAX_ZONES);
	for (size_t i = 0; i < m->n_zones; i++) {
		const struct zpf_zone *z = &m->zones[i];

		check_local(m, z, &local);
		check_intra(m, z);
		if (!z->n_members && !z->local.node && !z->broken)
			zpf_error(m, z->node, "zone %s has no member and is not the local zone",
				  z->name);
		if (z->n_members > ZPF_MAX_MEMBERS)
			zpf_error(m, z->node, "zone %s has %zu members; at most %d are allowed",
				  z->name, z->n_members, ZPF_MAX_MEMBERS);
		for (size_t j = 0; j < z->n_from; j++)
			if (z->from[j].zone == z)
				zpf_error(m, z->from[j].node,
					  "zone %s from itself: use intra-zone-filtering",
					  z->name);
	}
	check_members(m);
}
