/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The live snapshot: the one pointer a hook dereferences. It joins a
 * generation and the interface map; commit and interface notifier replace the
 * two together, so a packet never sees a new policy with old interfaces.
 */
#ifndef ZPF_LIVE_H
#define ZPF_LIVE_H

#include <linux/workqueue.h>
#include "policy.h"

/**
 * struct zpf_port - what the packet path knows of an interface
 * @zone: zone index: the row or column of the matrix
 * @ent: its entry in zpf_live.ents and row of bits in zpf_live.bits; 0: none
 */
struct zpf_port {
	u16 zone;
	u16 ent;
};

/**
 * struct zpf_far_port - a port whose ifindex lies beyond the dense array
 * @ifindex: 0: an empty place of the hash
 * @port: the port
 */
struct zpf_far_port {
	u32 ifindex;
	struct zpf_port port;
};

#define ZPF_NO_MEMBER U32_MAX

/**
 * struct zpf_ent - the rest about an interface, mostly for dumps
 * @ifindex: index
 * @member: member of the zone that brought it in, ZPF_NO_MEMBER: none
 * @zone: zone index
 * @leak: VRF master: zone of what is forwarded into the VRF
 * @name: name
 */
struct zpf_ent {
	u32 ifindex;
	u32 member;
	u16 zone;
	u16 leak;
	char name[ZPF_IF_NAME_MAX + 1];
};

/* Interfaces below this index are looked up in an array. */
#define ZPF_DENSE_MAX 4096
/* Interfaces a namespace may have while a policy is armed. */
#define ZPF_MAX_PORTS 65535

/**
 * struct zpf_live - snapshot of policy and interfaces
 * @refs: the namespace's pointer and pinned dumps
 * @rwork: frees it after a grace period
 * @n_ents: length of @ents, entry 0 unused
 * @far_mask: places of @far minus 1; 0: no far ports
 * @ents: for dumps and events
 * @far: open-addressed hash of the other ports
 * @bits: interface sets each entry is in, @words longs an entry
 * @words: longs per entry; 0 if the policy has no interface sets
 * @gen: the generation; NULL: closed, forward drops
 * @cells: the generation's matrix by family; for the closed mode, one cell
 * @dim: rows of @cells
 * @router: zone index of the router
 * @n_dense: length of @dense
 * @dense: ports by ifindex: here and not behind a pointer, which each packet
 *	would wait for
 *
 * From @cells on it is what every packet reads.
 */
struct zpf_live {
	refcount_t refs;
	struct rcu_work rwork;
	u32 n_ents;
	u32 far_mask;
	struct zpf_ent *ents;
	struct zpf_far_port *far;
	unsigned long *bits;
	u32 words;
	struct zpf_gen *gen;
	const struct zpf_cell *cells[ZPF_N_FAMILIES] __aligned(64);
	u32 dim;
	u32 router;
	u32 n_dense;
	struct zpf_port dense[];
};

struct zpf_port zpf_live_far(const struct zpf_live *live, u32 ifindex);

static inline struct zpf_port zpf_live_port(const struct zpf_live *live,
					    u32 ifindex)
{
	if (likely(ifindex < live->n_dense))
		return live->dense[ifindex];
	return zpf_live_far(live, ifindex);
}

struct zpf_live *zpf_live_build(struct zpf_net *zn, struct zpf_gen *gen,
				gfp_t gfp);
struct zpf_live *zpf_live_closed(gfp_t gfp);
struct zpf_live *zpf_live_get(struct zpf_net *zn);
void zpf_live_settle(void);
void zpf_live_put(struct zpf_live *live);
void zpf_live_free(struct zpf_live *live);

#endif /* ZPF_LIVE_H */
