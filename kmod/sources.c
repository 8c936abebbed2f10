// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of addresses in the kernel: memory, clock and locks around srctab.c.
 * A packet that adds an address or takes a token of one holds the lock of its
 * line for the eight places it looks at; packets of other lines seldom meet
 * there, and whoever only asks takes no lock. Raw locks, so that a writer is
 * never preempted while readers wait for it.
 */
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include "sources.h"

/**
 * zpf_sources_alloc() - an empty table
 * @places: addresses it should have room for, at least
 *
 * Lines fill unevenly: only about a quarter of the places are sure to be found.
 *
 * Context: process. Return: the table with one reference, or NULL
 */
struct zpf_sources *zpf_sources_alloc(u32 places)
{
	u32 lines = roundup_pow_of_two(places / ZPF_SRCTAB_WAYS ?: 1), i;
	struct zpf_sources *sources;

	sources = kvzalloc(struct_size(sources, tab.line, lines),
			   GFP_KERNEL_ACCOUNT);
	if (!sources)
		return NULL;
	refcount_set(&sources->refs, 1);
	for (i = 0; i < ZPF_SOURCES_LOCKS; i++)
		raw_spin_lock_init(&sources->lock[i]);
	get_random_bytes(&sources->tab.key, sizeof(sources->tab.key));
	sources->tab.mask = lines - 1;
	return sources;
}

/**
 * zpf_sources_put() - give a reference back
 * @sources: the table, or NULL; the last one frees it
 *
 * Context: process, after a grace period if a packet could have seen it.
 */
void zpf_sources_put(struct zpf_sources *sources)
{
	if (sources && refcount_dec_and_test(&sources->refs))
		kvfree(sources);
}

static raw_spinlock_t *zpf_sources_lock(struct zpf_sources *sources, u32 line)
{
	return &sources->lock[line % ZPF_SOURCES_LOCKS];
}

/**
 * zpf_sources_add() - let an address be there for some time
 * @sources: the table
 * @addr: the address; if it is there, its time begins anew
 * @for_ns: how long; ZPF_SRCTAB_FOREVER
 *
 * Context: any with BH off, or process. The lock of one line.
 */
enum zpf_src_fate zpf_sources_add(struct zpf_sources *sources,
				  const struct zpf_in6 *addr, u64 for_ns)
{
	const u32 line = zpf_srctab_line(&sources->tab, addr);
	raw_spinlock_t *lock = zpf_sources_lock(sources, line);
	const u64 now = ktime_get_ns();
	enum zpf_src_fate fate;
	u64 until;

	if (check_add_overflow(now, for_ns, &until))
		until = ZPF_SRCTAB_FOREVER;
	raw_spin_lock_bh(lock);
	fate = zpf_srctab_put(&sources->tab, line, addr, until, now);
	raw_spin_unlock_bh(lock);
	if (fate >= ZPF_SRC_EVICTED)
		atomic64_inc(&sources->evicted);
	return fate;
}

/**
 * zpf_sources_take() - take a token from the bucket of an address
 * @sources: the table
 * @addr: the address
 * @rate: parameters of the buckets in this generation
 *
 * Context: softirq or BH off. The lock of one line.
 * Return: true if there was one
 */
bool zpf_sources_take(struct zpf_sources *sources, const struct zpf_in6 *addr,
		      const struct zpf_rate *rate)
{
	const u32 line = zpf_srctab_line(&sources->tab, addr);
	raw_spinlock_t *lock = zpf_sources_lock(sources, line);
	const u64 now = ktime_get_ns();
	enum zpf_src_fate fate;
	bool token;

	raw_spin_lock(lock);
	token = zpf_srctab_take(&sources->tab, line, addr, rate, now, &fate);
	raw_spin_unlock(lock);
	if (unlikely(fate == ZPF_SRC_EVICTED))
		atomic64_inc(&sources->evicted);
	return token;
}

/**
 * zpf_sources_peek() - is there a token, without taking it
 * @sources: the table
 * @addr: the address
 * @rate: parameters of the buckets in this generation
 *
 * Context: any; takes no lock.
 */
bool zpf_sources_peek(const struct zpf_sources *sources,
		      const struct zpf_in6 *addr, const struct zpf_rate *rate)
{
	u64 next;

	return zpf_bucket_next(rate, zpf_srctab_until(&sources->tab, addr),
			       ktime_get_ns(), &next);
}
