// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool of setpool.h. Called by flatten; copies what it keeps into the
 * policy's arena.
 */
#include <ctype.h>
#include <string.h>

#include "setpool.h"

/** zpf_set_pool_init() - begin to collect the sets of a policy */
void zpf_set_pool_init(struct zpf_set_pool *pool, struct zpf_arena *scratch,
		       struct zpf_arena *arena, struct zpf_policy *policy)
{
	pool->policy = policy;
	pool->arena = arena;
	pool->scratch = scratch;
	pool->size = 64;
	pool->slot = zpf_arena_alloc(scratch, pool->size * sizeof(*pool->slot));
}

static size_t elem_bytes(enum zpf_set_kind kind)
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
		return 0;	/* names, each of its own length */
	}
}

static uint64_t set_hash(const struct zpf_flat_set *s)
{
	const unsigned char *b = (const unsigned char *)s->r4;
	uint64_t h = 14695981039346656037ULL ^ (uint64_t)s->kind;

	if (s->name)
		return (h ^ zpf_tree_hash(s->name)) * 1099511628211ULL;
	for (size_t i = 0; i < s->n_members; i++)
		h = (h ^ s->members[i]) * 1099511628211ULL;
	for (size_t i = 0; i < s->n * elem_bytes(s->kind); i++)
		h = (h ^ b[i]) * 1099511628211ULL;
	if (s->kind == ZPF_SET_IFACE)
		for (size_t i = 0; i < s->n; i++)
			h = (h ^ zpf_tree_hash(s->ifname[i])) * 1099511628211ULL;
	return h ^ h >> 32;
}

static bool set_equal(const struct zpf_flat_set *a,
		      const struct zpf_flat_set *b)
{
	if (a->kind != b->kind || a->n != b->n || !a->name != !b->name ||
	    a->n_members != b->n_members)
		return false;
	if (a->name)
		return !strcmp(a->name, b->name);
	if (a->n_members)
		return !memcmp(a->members, b->members,
			       a->n_members * sizeof(*a->members));
	if (a->kind != ZPF_SET_IFACE)
		return !a->n || !memcmp(a->r4, b->r4,
					a->n * elem_bytes(a->kind));
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->ifname[i], b->ifname[i]))
			return false;
	return true;
}

static void grow(struct zpf_set_pool *pool)
{
	uint32_t *old = pool->slot;
	size_t size = pool->size;

	pool->size *= 2;
	pool->slot = zpf_arena_alloc(pool->scratch,
				     pool->size * sizeof(*pool->slot));
	for (size_t i = 0; i < size; i++) {
		size_t at;

		if (!old[i])
			continue;
		at = set_hash(&pool->policy->sets[old[i] - 1]) &
			(pool->size - 1);
		while (pool->slot[at])
			at = (at + 1) & (pool->size - 1);
		pool->slot[at] = old[i];
	}
}

/**
 * zpf_set_pool_add() - id of a set in the policy, a new one if need be
 * @pool: the pool
 * @set: its content; copied
 */
uint32_t zpf_set_pool_add(struct zpf_set_pool *pool,
			  const struct zpf_flat_set *set)
{
	struct zpf_policy *p = pool->policy;
	struct zpf_flat_set copy = *set;
	size_t at = set_hash(set) & (pool->size - 1);

	for (; pool->slot[at]; at = (at + 1) & (pool->size - 1))
		if (set_equal(&p->sets[pool->slot[at] - 1], set))
			return pool->slot[at] - 1;
	if (set->kind == ZPF_SET_IFACE) {
		pool->n_iface++;
		copy.ifname = zpf_arena_alloc(pool->arena, (set->n + 1) *
					      sizeof(*copy.ifname));
		for (size_t i = 0; i < set->n; i++)
			copy.ifname[i] = zpf_arena_strdup(pool->arena,
							  set->ifname[i]);
	} else if (set->name) {
		copy.name = zpf_arena_strdup(pool->arena, set->name);
	} else if (set->n_members) {
		copy.members = zpf_arena_alloc(pool->arena, set->n_members *
					       sizeof(*set->members));
		memcpy(copy.members, set->members,
		       set->n_members * sizeof(*set->members));
	} else {
		size_t bytes = set->n * elem_bytes(set->kind);

		copy.r4 = zpf_arena_alloc(pool->arena, bytes + 1);
		if (bytes)
			memcpy(copy.r4, set->r4, bytes);
	}
	ZPF_PUSH(pool->arena, p->sets, p->n_sets, copy);
	pool->slot[at] = (uint32_t)p->n_sets;
	if (2 * p->n_sets > pool->size)
		grow(pool);
	return (uint32_t)p->n_sets - 1;
}

/**
 * zpf_set_pool_owned() - id of a set whose contents are not the policy's
 * @pool: the pool
 * @fam: ZPF_FAM4 or ZPF_FAM6
 * @what: "dynamic", "domain", "remote", "fqdn", "geoip"
 * @name: which of these; hosts and countries are the same in capitals
 * @at: what refers to it, for messages
 */
uint32_t zpf_set_pool_owned(struct zpf_set_pool *pool, int fam, const char *what,
			    const char *name, const struct zpf_node *at)
{
	char *text = zpf_arena_printf(pool->scratch, "%s:%s", what, name);
	struct zpf_flat_set set = {
		.kind = fam == ZPF_FAM6 ? ZPF_SET_IPV6 : ZPF_SET_IPV4,
		.name = text,
		.dynamic = !strcmp(what, "dynamic"),
		.where = zpf_tree_where(at),
	};

	if (!strcmp(what, "fqdn") || !strcmp(what, "geoip"))
		for (; *text; text++)
			*text = (char)tolower((unsigned char)*text);
	return zpf_set_pool_add(pool, &set);
}

/**
 * zpf_set_pool_filled() - id of a set that user space fills
 *
 * As zpf_set_pool_owned(); there will be one for the other family, too, so that
 * both can be filled.
 */
uint32_t zpf_set_pool_filled(struct zpf_set_pool *pool, int fam, const char *what,
			     const char *name, const struct zpf_node *at)
{
	uint32_t id[ZPF_FAMS];

	for (int i = 0; i < ZPF_FAMS; i++)
		id[i] = zpf_set_pool_owned(pool, i, what, name, at);
	return id[fam];
}

/** zpf_set_pool_countries() - id of the set of all these countries */
uint32_t zpf_set_pool_countries(struct zpf_set_pool *pool, int fam,
				const struct zpf_v_names *country)
{
	struct zpf_flat_set set = {
		.kind = fam == ZPF_FAM6 ? ZPF_SET_IPV6 : ZPF_SET_IPV4,
		.where = zpf_tree_where(country->node),
	};

	for (size_t i = 0; i < country->n; i++) {
		uint32_t id = zpf_set_pool_filled(pool, fam, "geoip", country->s[i],
						  country->node);

		ZPF_PUSH(pool->scratch, set.members, set.n_members, id);
	}
	return set.n_members == 1 ? set.members[0] : zpf_set_pool_add(pool, &set);
}

/** zpf_set_pool_check() - refuse more sets than the kernel takes */
void zpf_set_pool_check(const struct zpf_set_pool *pool, struct zpf_model *m)
{
	const struct zpf_flat_set *largest = pool->policy->sets;
	uint64_t elems = 0;

	for (size_t i = 0; i < pool->policy->n_sets; i++) {
		const struct zpf_flat_set *s = &pool->policy->sets[i];

		elems += s->n;
		if (s->n > largest->n)
			largest = s;
	}
	if (elems > ZPF_MAX_ELEMS)
		zpf_diag_add(m->diag, ZPF_DIAG_ERROR, &largest->where, NULL,
			     "the groups in use have %llu members in all; at most %d are allowed: the largest has %zu",
			     (unsigned long long)elems, ZPF_MAX_ELEMS,
			     largest->n);
	if (pool->policy->n_sets > ZPF_MAX_SETS)
		zpf_error(m, m->firewall, "%zu different groups and lists are in use; at most %d are allowed",
			  pool->policy->n_sets, ZPF_MAX_SETS);
	if (pool->n_iface > ZPF_MAX_IFSETS)
		zpf_error(m, m->firewall, "%zu different interface matches are in use; at most %d are allowed",
			  pool->n_iface, ZPF_MAX_IFSETS);
}
