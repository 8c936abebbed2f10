/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of addresses (srctab.h) with the locks it is written under.
 */
#ifndef ZPF_SOURCES_H
#define ZPF_SOURCES_H

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include "srctab.h"

#define ZPF_SOURCES_LOCKS 64

/**
 * struct zpf_sources - a table of addresses that packets write
 * @refs: who keeps it: an owner, dumps
 * @lock: one for every 64th line; the innermost of all locks
 * @evicted: addresses that were forgotten while they still mattered
 * @tab: the table
 */
struct zpf_sources {
	refcount_t refs;
	raw_spinlock_t lock[ZPF_SOURCES_LOCKS];
	atomic64_t evicted;
	struct zpf_srctab tab;
};

struct zpf_sources *zpf_sources_alloc(u32 places);
void zpf_sources_put(struct zpf_sources *sources);
enum zpf_src_fate zpf_sources_add(struct zpf_sources *sources,
				  const struct zpf_in6 *addr, u64 for_ns);
bool zpf_sources_take(struct zpf_sources *sources, const struct zpf_in6 *addr,
		      const struct zpf_rate *rate);
bool zpf_sources_peek(const struct zpf_sources *sources,
		      const struct zpf_in6 *addr, const struct zpf_rate *rate);

#endif /* ZPF_SOURCES_H */
