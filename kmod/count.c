// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counter pool of a namespace: slots with references, blocks of per-CPU
 * memory below them, sums and the baseline a clear leaves. The packet path
 * uses only zpf_count(); nothing here runs in it.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "count.h"

/**
 * zpf_pool_init() - make an empty pool
 * @pool: the pool
 */
void zpf_pool_init(struct zpf_pool *pool)
{
	mutex_init(&pool->lock);
	pool->blocks = RB_ROOT;
	pool->last = NULL;
	INIT_LIST_HEAD(&pool->open);
}

/* --- blocks --- */

/* Where a counter of some CPU lies: the same one for all counters. */
static unsigned long zpf_count_addr(const struct zpf_counter __percpu *ctr)
{
	return (unsigned long)per_cpu_ptr(ctr, cpumask_first(cpu_possible_mask));
}

static unsigned long zpf_block_addr(const struct rb_node *node)
{
	return zpf_count_addr(rb_entry(node, struct zpf_count_block, node)->cpu);
}

static bool zpf_block_less(struct rb_node *a, const struct rb_node *b)
{
	return zpf_block_addr(a) < zpf_block_addr(b);
}

static int zpf_block_cmp(const void *addr, const struct rb_node *node)
{
	const unsigned long a = (unsigned long)addr, b = zpf_block_addr(node);

	return a < b ? -1 : a > b;
}

static struct zpf_count_block *
zpf_pool_find(struct zpf_pool *pool, const struct zpf_counter __percpu *ctr)
{
	const unsigned long addr = zpf_count_addr(ctr) & -ZPF_COUNT_ALIGN;

	if (!pool->last || zpf_count_addr(pool->last->cpu) != addr)
		pool->last = rb_entry(rb_find((void *)addr, &pool->blocks,
					      zpf_block_cmp),
				      struct zpf_count_block, node);
	return pool->last;
}

static struct zpf_slot *zpf_block_slot(struct zpf_count_block *block,
				       const struct zpf_counter __percpu *ctr)
{
	return &block->slots[(zpf_count_addr(ctr) & (ZPF_COUNT_ALIGN - 1)) /
			     sizeof(struct zpf_counter)];
}

static int zpf_pool_grow(struct zpf_pool *pool)
{
	struct zpf_count_block *block;
	int cpu, i;

	block = kvzalloc(sizeof(*block), GFP_KERNEL_ACCOUNT);
	if (!block)
		return -ENOMEM;
	block->cpu = __alloc_percpu_gfp(ZPF_COUNT_BLOCK * sizeof(*block->cpu),
					ZPF_COUNT_ALIGN, GFP_KERNEL_ACCOUNT);
	if (!block->cpu) {
		kvfree(block);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu)
		for (i = 0; i < ZPF_COUNT_BLOCK; i++)
			u64_stats_init(&per_cpu_ptr(block->cpu, cpu)[i].syncp);
	rb_add(&block->node, &pool->blocks, zpf_block_less);
	list_add(&block->open, &pool->open);
	return 0;
}

static void zpf_block_free(struct zpf_pool *pool, struct zpf_count_block *block)
{
	if (pool->last == block)
		pool->last = NULL;
	rb_erase(&block->node, &pool->blocks);
	list_del(&block->open);
	free_percpu(block->cpu);
	kvfree(block);
}

/**
 * zpf_pool_destroy() - free a pool
 * @pool: the pool; every reference has been put
 */
void zpf_pool_destroy(struct zpf_pool *pool)
{
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&pool->blocks));
	mutex_destroy(&pool->lock);
}

/* --- references --- */

/**
 * zpf_pool_get() - take a counter that stands at zero
 * @pool: the pool
 *
 * Context: process; takes the pool's lock.
 * Return: the counter, with one reference, or NULL without memory
 */
struct zpf_counter __percpu *zpf_pool_get(struct zpf_pool *pool)
{
	struct zpf_counter __percpu *ctr = NULL;
	struct zpf_count_block *block;
	u32 i;

	mutex_lock(&pool->lock);
	if (list_empty(&pool->open) && zpf_pool_grow(pool))
		goto out;
	block = list_first_entry(&pool->open, struct zpf_count_block, open);
	/* Used slots are mostly dense, so begin where they should end. */
	for (i = block->used; block->slots[i].refs;)
		i = (i + 1) % ZPF_COUNT_BLOCK;
	block->slots[i].refs = 1;
	block->slots[i].since = get_jiffies_64();
	if (++block->used == ZPF_COUNT_BLOCK)
		list_del_init(&block->open);
	ctr = block->cpu + i;
out:
	mutex_unlock(&pool->lock);
	return ctr;
}

/**
 * zpf_pool_share() - take one more reference to a counter
 * @pool: the pool
 * @ctr: a counter somebody holds a reference to
 */
void zpf_pool_share(struct zpf_pool *pool, struct zpf_counter __percpu *ctr)
{
	mutex_lock(&pool->lock);
	zpf_block_slot(zpf_pool_find(pool, ctr), ctr)->refs++;
	mutex_unlock(&pool->lock);
}

static void zpf_count_zero(struct zpf_counter __percpu *ctr)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct zpf_counter *c = per_cpu_ptr(ctr, cpu);

		u64_stats_set(&c->packets, 0);
		u64_stats_set(&c->bytes, 0);
		u64_stats_set(&c->last, 0);
	}
}

/**
 * zpf_pool_put() - give references back
 * @pool: the pool
 * @ctr: counters; NULLs are passed over
 * @n: how many
 *
 * The last reference zeroes a slot for its next user; a block without a used
 * slot is freed. Context: process, after a grace period, so that no CPU
 * counts there any more.
 */
void zpf_pool_put(struct zpf_pool *pool, struct zpf_counter __percpu **ctr,
		  u32 n)
{
	struct zpf_count_block *block;
	struct zpf_slot *slot;
	u32 i;

	for (i = 0; i < n; i++) {
		if (!ctr[i])
			continue;
		mutex_lock(&pool->lock);
		block = zpf_pool_find(pool, ctr[i]);
		slot = zpf_block_slot(block, ctr[i]);
		if (!--slot->refs) {
			zpf_count_zero(ctr[i]);
			memset(slot, 0, sizeof(*slot));
			if (!--block->used)
				zpf_block_free(pool, block);
			else if (list_empty(&block->open))
				list_add(&block->open, &pool->open);
		}
		mutex_unlock(&pool->lock);
		cond_resched();
	}
}

/* --- sums --- */

/**
 * zpf_count_live() - sum a counter over the CPUs, whatever was cleared
 * @ctr: the counter
 * @sum: filled in, but for the time since when
 *
 * Context: any.
 */
void zpf_count_live(struct zpf_counter __percpu *ctr, struct zpf_sum *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct zpf_counter *c = per_cpu_ptr(ctr, cpu);
		u64 packets, bytes, last;
		unsigned int seq;

		do {
			seq = u64_stats_fetch_begin(&c->syncp);
			packets = u64_stats_read(&c->packets);
			bytes = u64_stats_read(&c->bytes);
			last = u64_stats_read(&c->last);
		} while (u64_stats_fetch_retry(&c->syncp, seq));
		sum->packets += packets;
		sum->bytes += bytes;
		sum->last = max(sum->last, last);
	}
}

/**
 * zpf_pool_clear() - let every counter of the namespace start from zero
 * @pool: the pool
 *
 * Remembers the sums as baselines; no CPU's share is written.
 */
void zpf_pool_clear(struct zpf_pool *pool)
{
	struct zpf_sum now;
	struct rb_node *at;
	u32 i;

	mutex_lock(&pool->lock);
	for (at = rb_first(&pool->blocks); at; at = rb_next(at)) {
		struct zpf_count_block *block;

		block = rb_entry(at, struct zpf_count_block, node);
		for (i = 0; i < ZPF_COUNT_BLOCK; i++) {
			if (!block->slots[i].refs)
				continue;
			zpf_count_live(block->cpu + i, &now);
			block->slots[i].packets = now.packets;
			block->slots[i].bytes = now.bytes;
			block->slots[i].since = get_jiffies_64();
		}
		cond_resched();
	}
	mutex_unlock(&pool->lock);
}

/**
 * zpf_count_sum() - read a counter
 * @pool: its pool
 * @ctr: the counter
 * @sum: filled in: what was counted since the last clear
 *
 * Context: process; takes the pool's lock.
 */
void zpf_count_sum(struct zpf_pool *pool, struct zpf_counter __percpu *ctr,
		   struct zpf_sum *sum)
{
	const struct zpf_slot *slot;

	mutex_lock(&pool->lock);
	slot = zpf_block_slot(zpf_pool_find(pool, ctr), ctr);
	zpf_count_live(ctr, sum);
	sum->packets -= slot->packets;
	sum->bytes -= slot->bytes;
	sum->since = slot->since;
	mutex_unlock(&pool->lock);
	if (!sum->packets)
		sum->last = 0;
}

/**
 * zpf_count_last_ns() - jiffies of a hit as CLOCK_BOOTTIME
 * @last: jiffies64
 *
 * Right to a tick, as long as the machine was not suspended since the hit. The
 * two clocks run alike until a suspend, so their distance is kept: one and the
 * same hit is always shown as one and the same time.
 */
u64 zpf_count_last_ns(u64 last)
{
	static s64 kept;
	s64 apart = ktime_get_boottime_ns() - jiffies64_to_nsecs(get_jiffies_64());

	if (abs(apart - READ_ONCE(kept)) > (s64)NSEC_PER_SEC)
		WRITE_ONCE(kept, apart);
	return jiffies64_to_nsecs(last) + READ_ONCE(kept);
}
