// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building, pinning and retiring live snapshots. Built by commits and by the
 * interface notifier, both under zpf_net.lock; pinned by dumps without a lock.
 */
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "net.h"

static const struct zpf_cell zpf_closed_cell = {
	.judged = true,
	.action = ZPF_ACTION_DROP,
	.row0 = U32_MAX,
};

static u32 zpf_far_hash(u32 ifindex)
{
	return (ifindex * 0x9e3779b1U) >> 16;
}

/**
 * zpf_live_far() - find a port beyond the dense array
 * @live: the snapshot
 * @ifindex: index of the interface
 *
 * Return: the port; unknown interfaces are in no zone
 */
struct zpf_port zpf_live_far(const struct zpf_live *live, u32 ifindex)
{
	const struct zpf_port none = { .zone = ZPF_ZONE_NONE };
	u32 i;

	if (!live->far_mask)
		return none;
	for (i = zpf_far_hash(ifindex);; i++) {
		const struct zpf_far_port *far = &live->far[i & live->far_mask];

		if (far->ifindex == ifindex)
			return far->port;
		if (!far->ifindex)
			return none;
	}
}

/**
 * zpf_live_free() - free a snapshot no packet has seen
 * @live: the snapshot, or NULL
 */
void zpf_live_free(struct zpf_live *live)
{
	if (!live)
		return;
	zpf_gen_put(live->gen);
	kvfree(live->far);
	kvfree(live->bits);
	kvfree(live->ents);
	kvfree(live);
}

static void zpf_live_free_work(struct work_struct *work)
{
	zpf_live_free(container_of(to_rcu_work(work), struct zpf_live, rwork));
}

static struct zpf_live *zpf_live_alloc(u32 n_dense, gfp_t gfp)
{
	struct zpf_live *live;

	live = kvzalloc(struct_size(live, dense, n_dense), gfp);
	if (!live)
		return NULL;
	live->n_dense = n_dense;
	refcount_set(&live->refs, 1);
	INIT_RCU_WORK(&live->rwork, zpf_live_free_work);
	return live;
}

/**
 * zpf_live_closed() - the snapshot of a namespace that forwards nothing
 * @gfp: allocation flags
 *
 * Return: the snapshot, or NULL
 */
struct zpf_live *zpf_live_closed(gfp_t gfp)
{
	struct zpf_live *live = zpf_live_alloc(0, gfp);

	if (live) {
		live->dim = 1;
		live->cells[ZPF_V4] = &zpf_closed_cell;
		live->cells[ZPF_V6] = &zpf_closed_cell;
	}
	return live;
}

/* Which interface sets is an interface in, by its name or its VRF's? */
static void zpf_live_bits(const struct zpf_gen *gen, const char *name,
			  const char *vrf, unsigned long *bits)
{
	u32 s, i;

	for (s = 0; s < gen->n_sets; s++) {
		const struct zpf_set *set = gen->sets[s];

		if (set->kind != ZPF_SET_IFACE)
			continue;
		for (i = 0; i < set->n; i++) {
			if (zpf_name_matches(set->ifname[i], name) ||
			    (vrf && zpf_name_matches(set->ifname[i], vrf))) {
				__set_bit(set->ifset, bits);
				break;
			}
		}
		cond_resched();
	}
}

static void zpf_live_set_port(struct zpf_live *live, u32 ifindex,
			      struct zpf_port port)
{
	u32 i;

	if (ifindex < live->n_dense) {
		live->dense[ifindex] = port;
		return;
	}
	for (i = zpf_far_hash(ifindex);; i++) {
		struct zpf_far_port *far = &live->far[i & live->far_mask];

		if (!far->ifindex) {
			far->ifindex = ifindex;
			far->port = port;
			return;
		}
	}
}

static int zpf_live_alloc_rest(struct zpf_live *live, struct zpf_ifs *ifs,
			       u32 n_ifsets, gfp_t gfp)
{
	const struct zpf_if *zif;
	u32 n_far = 0;

	list_for_each_entry(zif, &ifs->list, node)
		n_far += zif->ifindex >= ZPF_DENSE_MAX;

	live->n_ents = ifs->n + 1;
	live->words = BITS_TO_LONGS(n_ifsets);
	live->ents = kvcalloc(live->n_ents, sizeof(*live->ents), gfp);
	if (!live->ents)
		return -ENOMEM;
	if (n_far) {
		live->far_mask = roundup_pow_of_two(2 * n_far) - 1;
		live->far = kvcalloc(live->far_mask + 1, sizeof(*live->far), gfp);
		if (!live->far)
			return -ENOMEM;
	}
	if (live->words) {
		live->bits = kvcalloc((size_t)live->n_ents * live->words,
				      sizeof(*live->bits), gfp);
		if (!live->bits)
			return -ENOMEM;
	}
	return 0;
}

/**
 * zpf_live_build() - join a generation and the interfaces there are now
 * @zn: the namespace; its lock is held
 * @gen: the generation; the snapshot takes a reference of its own
 * @gfp: allocation flags
 *
 * Return: the snapshot with one reference, or NULL without memory
 */
struct zpf_live *zpf_live_build(struct zpf_net *zn, struct zpf_gen *gen,
				gfp_t gfp)
{
	struct zpf_live *live;
	struct zpf_if *zif;
	u32 n = 1;

	lockdep_assert_held(&zn->lock);
	live = zpf_live_alloc(min_t(u32, zn->ifs.max_ifindex + 1, ZPF_DENSE_MAX),
			      gfp);
	if (!live)
		return NULL;
	if (zpf_live_alloc_rest(live, &zn->ifs, gen->n_ifsets, gfp)) {
		zpf_live_free(live);
		return NULL;
	}
	live->cells[ZPF_V4] = gen->cells[ZPF_V4];
	live->cells[ZPF_V6] = gen->cells[ZPF_V6];
	live->dim = gen->dim;
	live->router = gen->router;
	refcount_inc(&gen->refs);
	live->gen = gen;

	list_for_each_entry(zif, &zn->ifs.list, node) {
		struct zpf_if *vrf = zif->vrf ?
			zpf_ifs_find(&zn->ifs, zif->vrf) : NULL;
		const char *vrf_name = vrf ? vrf->name : NULL;
		struct zpf_ent *ent = &live->ents[n];
		struct zpf_binding bound;

		if (zif->kind == ZPF_IF_VRF)
			vrf_name = zif->name;
		bound = zpf_if_bind(gen, zif, vrf_name);
		ent->leak = bound.zone;
		if (zif->kind == ZPF_IF_VRF) {
			bound.zone = gen->exempt;
			bound.member = ZPF_NO_MEMBER;
		}
		ent->ifindex = zif->ifindex;
		ent->zone = bound.zone;
		ent->member = bound.member;
		strscpy(ent->name, zif->name, sizeof(ent->name));
		if (live->words)
			zpf_live_bits(gen, zif->name, vrf_name,
				      live->bits + (size_t)n * live->words);
		zpf_live_set_port(live, zif->ifindex,
				  (struct zpf_port){ bound.zone, n });
		n++;
		cond_resched();
	}
	return live;
}

/**
 * zpf_live_get() - pin what is live
 * @zn: the namespace
 *
 * Context: process; takes no lock.
 * Return: the snapshot, to be given back with zpf_live_put(), or NULL
 */
struct zpf_live *zpf_live_get(struct zpf_net *zn)
{
	struct zpf_live *live;

	rcu_read_lock();
	do {
		live = rcu_dereference(zn->live);
	} while (live && !refcount_inc_not_zero(&live->refs));
	rcu_read_unlock();
	return live;
}

/**
 * zpf_live_settle() - wait until no packet is judged by what was replaced
 *
 * An operator waits for it, seldom, so processors are asked instead of waited
 * for: that is milliseconds less.
 *
 * Context: process.
 */
void zpf_live_settle(void)
{
	synchronize_rcu_expedited();
}

/**
 * zpf_live_put() - give a snapshot back
 * @live: the snapshot, or NULL
 *
 * The last one frees it after a grace period, on zpf_wq.
 */
void zpf_live_put(struct zpf_live *live)
{
	if (live && refcount_dec_and_test(&live->refs))
		queue_rcu_work(zpf_wq, &live->rwork);
}
