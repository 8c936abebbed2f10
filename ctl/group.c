// SPDX-License-Identifier: GPL-2.0-only
/*
 * Groups to sets: members and what they include, merged. Refuses includes that
 * lead nowhere or back, and a remote-group without url. Called by config once the model stands; flatten takes
 * the results.
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "range.h"
#include "schema.h"

#define INCLUDE_DEPTH 64	/* an include chain longer than this is a mistake */

static const struct {
	const char *leaf;
	enum zpf_kind kind;
	enum zpf_set_kind set;
} kinds[] = {
	[ZPF_GROUP_ADDRESS] = { "address", ZPF_KIND_MEMBER4, ZPF_SET_IPV4 },
	[ZPF_GROUP_NETWORK] = { "network", ZPF_KIND_PREFIX4, ZPF_SET_IPV4 },
	[ZPF_GROUP_ADDRESS6] = { "address", ZPF_KIND_MEMBER6, ZPF_SET_IPV6 },
	[ZPF_GROUP_NETWORK6] = { "network", ZPF_KIND_PREFIX6, ZPF_SET_IPV6 },
	[ZPF_GROUP_PORT] = { "port", ZPF_KIND_PORT, ZPF_SET_PORT },
	[ZPF_GROUP_INTERFACE] = { "interface", ZPF_KIND_IFNAME, ZPF_SET_IFACE },
	[ZPF_GROUP_MAC] = { "mac-address", ZPF_KIND_MAC, ZPF_SET_NUMBER },
	[ZPF_GROUP_DOMAIN] = { "address", ZPF_KIND_DOMAIN, ZPF_SET_UNSPEC },
	[ZPF_GROUP_REMOTE] = { NULL, ZPF_KIND_NODE, ZPF_SET_UNSPEC },
	[ZPF_GROUP_DYNAMIC] = { NULL, ZPF_KIND_NODE, ZPF_SET_IPV4 },
	[ZPF_GROUP_DYNAMIC6] = { NULL, ZPF_KIND_NODE, ZPF_SET_IPV6 },
};
_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == ZPF_GROUP_KINDS,
	       "every kind of group knows what it holds");

/** zpf_group_owned() - whether what a group holds is not in the configuration */
bool zpf_group_owned(enum zpf_group_kind kind)
{
	return kind >= ZPF_GROUP_DOMAIN;
}

static int cmp_str(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static size_t elem_size(enum zpf_set_kind kind)
{
	switch (kind) {
	case ZPF_SET_IPV4:
		return sizeof(struct zpf_range4);
	case ZPF_SET_IPV6:
		return sizeof(struct zpf_range6);
	case ZPF_SET_PORT:
		return sizeof(struct zpf_range_port);
	case ZPF_SET_NUMBER:
		return sizeof(struct zpf_range64);
	default:
		return sizeof(char *);
	}
}

static void read_member(struct zpf_model *m, struct zpf_group *g,
			const struct zpf_node *n)
{
	struct zpf_value_ctx ctx = { .arena = m->arena };
	struct zpf_flat_set *set = &g->resolved;
	union zpf_value v;

	memset(&v, 0, sizeof(v));
	if (zpf_value_parse(kinds[g->kind].kind, &ctx, n->name, &v) < 0) {
		zpf_error(m, n, "%s", ctx.err);
		return;
	}
	switch (set->kind) {
	case ZPF_SET_IPV4:
		ZPF_PUSH(m->arena, set->r4, set->n, v.MEMBER4.r4);
		break;
	case ZPF_SET_IPV6:
		ZPF_PUSH(m->arena, set->r6, set->n, v.MEMBER6.r6);
		break;
	case ZPF_SET_PORT:
		ZPF_PUSH(m->arena, set->port, set->n, v.PORT.r[0]);
		break;
	case ZPF_SET_NUMBER:
		ZPF_PUSH(m->arena, set->r64, set->n, v.MAC.r[0]);
		break;
	default:
		ZPF_PUSH(m->arena, set->ifname, set->n, (char *)n->name);
		break;
	}
}

static size_t merge_names(char **v, size_t n)
{
	size_t out = 0;

	qsort(v, n, sizeof(*v), cmp_str);
	for (size_t i = 0; i < n; i++)
		if (!out || strcmp(v[out - 1], v[i]))
			v[out++] = v[i];
	return out;
}

static void merge(struct zpf_flat_set *set)
{
	if (!set->n)
		return;
	switch (set->kind) {
	case ZPF_SET_IPV4:
		set->n = zpf_range4_merge(set->r4, set->n);
		break;
	case ZPF_SET_IPV6:
		set->n = zpf_range6_merge(set->r6, set->n);
		break;
	case ZPF_SET_PORT:
		set->n = zpf_range_port_merge(set->port, set->n);
		break;
	case ZPF_SET_NUMBER:
		set->n = zpf_range64_merge(set->r64, set->n);
		break;
	default:
		set->n = merge_names(set->ifname, set->n);
		break;
	}
}

/* Own members and those of the groups included; @above: how we got here. */
static void resolve(struct zpf_model *m, struct zpf_group *g,
		    struct zpf_group **above, size_t depth)
{
	const struct zpf_node *includes = zpf_tree_find(g->node, "include");
	size_t size = elem_size(kinds[g->kind].set);
	struct zpf_flat_set *set = &g->resolved;

	g->mark = 1;
	above[depth] = g;
	set->kind = kinds[g->kind].set;
	set->where = zpf_tree_where(g->node);
	zpf_tree_for_each(n, zpf_tree_find(g->node, kinds[g->kind].leaf))
		read_member(m, g, n);
	zpf_tree_for_each(n, includes) {
		struct zpf_group *in = zpf_model_group(m, g->kind, n->name);

		if (!in) {
			zpf_error(m, n, "there is no %s %s to include",
				  zpf_model_group_word(g->kind), n->name);
			continue;
		}
		in->used = true;
		if (in->mark == 1) {
			char *loop = zpf_arena_strdup(m->arena, in->name);
			size_t i = depth;

			while (above[i] != in)
				i--;
			for (i++; i <= depth; i++)
				loop = zpf_arena_printf(m->arena, "%s -> %s",
							loop, above[i]->name);
			zpf_error(m, n, "circular include: %s -> %s", loop,
				  in->name);
			continue;
		}
		if (!in->mark && depth + 1 == INCLUDE_DEPTH) {
			zpf_error(m, n, "groups include each other deeper than %d",
				  INCLUDE_DEPTH);
			continue;
		}
		if (!in->mark)
			resolve(m, in, above, depth + 1);
		if (in->resolved.n) {
			char *both;

			both = zpf_arena_alloc(m->arena, size *
					       2 * (set->n + in->resolved.n));
			if (set->n)
				memcpy(both, set->r4, set->n * size);
			memcpy(both + set->n * size, in->resolved.r4,
			       in->resolved.n * size);
			set->r4 = (void *)both;
			set->n += in->resolved.n;
			merge(set);
		}
	}
	merge(set);
	g->mark = 2;
	if (set->n > ZPF_MAX_SET_ELEMS)
		zpf_error(m, g->node, "%s %s has %zu members; at most %d are allowed",
			  zpf_model_group_word(g->kind), g->name, set->n,
			  ZPF_MAX_SET_ELEMS);
	if (set->kind == ZPF_SET_IFACE && set->n > ZPF_MAX_MEMBERS)
		zpf_error(m, g->node, "%s %s has %zu members; at most %d are allowed",
			  zpf_model_group_word(g->kind), g->name, set->n,
			  ZPF_MAX_MEMBERS);
}

/**
 * zpf_groups_resolve() - make the set of every group
 * @m: the model
 */
void zpf_groups_resolve(struct zpf_model *m)
{
	struct zpf_group *above[INCLUDE_DEPTH];

	for (size_t i = 0; i < m->n_groups; i++) {
		const struct zpf_group *g = &m->groups[i];

		if (g->kind == ZPF_GROUP_REMOTE && !g->url.node && !g->broken)
			zpf_error(m, g->node, "remote-group %s has no url", g->name);
		if (!m->groups[i].mark && !zpf_group_owned(m->groups[i].kind))
			resolve(m, &m->groups[i], above, 0);
	}
}
