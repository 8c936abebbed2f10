// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counter pool of a namespace: slots with references, blocks of per-CPU
 * memory below them, sums and the baseline a clear leaves. The packet path
 * uses only zpf_count(); nothing here runs in it.
 */
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
	seqcount_mutex_init(&pool->clear_seq, &pool->lock);
}

static void zpf_count_block_free(struct zpf_count_block *block)
{
	free_percpu(block->cpu);
	kvfree(block);
}

static struct zpf_count_block *zpf_count_block_alloc(void)
{
	struct zpf_count_block *block;
	int cpu, i;

	block = kvzalloc(sizeof(*block), GFP_KERNEL_ACCOUNT);
	if (!block)
		return NULL;
	block->cpu = __alloc_percpu_gfp(ZPF_COUNT_BLOCK * sizeof(*block->cpu),
					__alignof__(*block->cpu),
					GFP_KERNEL_ACCOUNT);
	if (!block->cpu) {
		kvfree(block);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		for (i = 0; i < ZPF_COUNT_BLOCK; i++)
			u64_stats_init(&per_cpu_ptr(block->cpu, cpu)[i].syncp);
	return block;
}

/**
 * zpf_pool_destroy() - free a pool
 * @pool: the pool; every reference has been put
 */
void zpf_pool_destroy(struct zpf_pool *pool)
{
	u32 b;

	for (b = 0; b < pool->n_blocks; b++)
		if (pool->blocks[b])
			zpf_count_block_free(pool->blocks[b]);
	kvfree(pool->blocks);
	mutex_destroy(&pool->lock);
}

/* A place for one more block: a vacated one, or a longer array. */
static int zpf_pool_grow(struct zpf_pool *pool)
{
	struct zpf_count_block **blocks, *block;
	u32 b;

	lockdep_assert_held(&pool->lock);
	block = zpf_count_block_alloc();
	if (!block)
		return -ENOMEM;
	for (b = 0; b < pool->n_blocks; b++) {
		if (!pool->blocks[b]) {
			pool->blocks[b] = block;
			pool->first_free = b;
			return 0;
		}
	}
	blocks = kvmalloc_array(pool->n_blocks + 1, sizeof(*blocks),
				GFP_KERNEL_ACCOUNT);
	if (!blocks) {
		zpf_count_block_free(block);
		return -ENOMEM;
	}
	if (pool->n_blocks)
		memcpy(blocks, pool->blocks, pool->n_blocks * sizeof(*blocks));
	kvfree(pool->blocks);
	pool->blocks = blocks;
	pool->first_free = pool->n_blocks;
	blocks[pool->n_blocks++] = block;
	return 0;
}

/**
 * zpf_pool_get() - take a counter that stands at zero
 * @pool: the pool
 * @ctr: filled in; holds one reference
 *
 * Context: process; takes the pool's lock.
 * Return: 0 or -ENOMEM
 */
int zpf_pool_get(struct zpf_pool *pool, struct zpf_ctr *ctr)
{
	int err = 0;
	u32 b, i;

	mutex_lock(&pool->lock);
	for (;;) {
		for (b = pool->first_free; b < pool->n_blocks; b++)
			if (pool->blocks[b] &&
			    pool->blocks[b]->used < ZPF_COUNT_BLOCK)
				break;
		pool->first_free = b;
		if (b < pool->n_blocks)
			break;
		err = zpf_pool_grow(pool);
		if (err)
			goto out;
	}
	/* Used slots are mostly dense, so begin where they should end. */
	for (i = pool->blocks[b]->used; pool->blocks[b]->slots[i].refs;)
		i = (i + 1) % ZPF_COUNT_BLOCK;
	pool->blocks[b]->slots[i].refs = 1;
	pool->blocks[b]->slots[i].since = get_jiffies_64();
	pool->blocks[b]->used++;
	ctr->slot = &pool->blocks[b]->slots[i];
	ctr->cpu = pool->blocks[b]->cpu + i;
out:
	mutex_unlock(&pool->lock);
	return err;
}

/**
 * zpf_pool_share() - take one more reference to a counter
 * @pool: the pool
 * @ctr: a counter somebody holds a reference to
 */
void zpf_pool_share(struct zpf_pool *pool, const struct zpf_ctr *ctr)
{
	mutex_lock(&pool->lock);
	ctr->slot->refs++;
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

static u32 zpf_pool_find(const struct zpf_pool *pool,
			 const struct zpf_slot *slot)
{
	u32 b;

	for (b = 0; b < pool->n_blocks; b++)
		if (pool->blocks[b] && slot >= pool->blocks[b]->slots &&
		    slot < pool->blocks[b]->slots + ZPF_COUNT_BLOCK)
			break;
	return b;
}

/**
 * zpf_pool_put() - give references back
 * @pool: the pool
 * @ctr: counters; entries without a slot are passed over
 * @n: how many
 *
 * The last reference zeroes a slot for its next user; a block without a used
 * slot is freed. Context: process, after a grace period, so that no CPU
 * counts there any more.
 */
void zpf_pool_put(struct zpf_pool *pool, struct zpf_ctr *ctr, u32 n)
{
	struct zpf_count_block *block;
	u32 b = 0, i;

	for (i = 0; i < n; i++) {
		struct zpf_slot *slot = ctr[i].slot;

		if (!slot)
			continue;
		mutex_lock(&pool->lock);
		if (!--slot->refs) {
			block = b < pool->n_blocks ? pool->blocks[b] : NULL;
			if (!block || slot < block->slots ||
			    slot >= block->slots + ZPF_COUNT_BLOCK)
				b = zpf_pool_find(pool, slot);
			block = pool->blocks[b];
			zpf_count_zero(ctr[i].cpu);
			memset(slot, 0, sizeof(*slot));
			if (!--block->used) {
				zpf_count_block_free(block);
				pool->blocks[b] = NULL;
			}
			pool->first_free = min(pool->first_free, b);
		}
		mutex_unlock(&pool->lock);
		cond_resched();
	}
}

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
	struct zpf_count_block *block;
	struct zpf_sum now;
	u32 b, i;

	mutex_lock(&pool->lock);
	for (b = 0; b < pool->n_blocks; b++) {
		block = pool->blocks[b];
		for (i = 0; block && i < ZPF_COUNT_BLOCK; i++) {
			if (!block->slots[i].refs)
				continue;
			zpf_count_live(block->cpu + i, &now);
			write_seqcount_begin(&pool->clear_seq);
			block->slots[i].packets = now.packets;
			block->slots[i].bytes = now.bytes;
			block->slots[i].since = get_jiffies_64();
			write_seqcount_end(&pool->clear_seq);
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
 * Context: process; takes no lock.
 */
void zpf_count_sum(struct zpf_pool *pool, const struct zpf_ctr *ctr,
		   struct zpf_sum *sum)
{
	struct zpf_slot base;
	unsigned int seq;

	do {
		seq = read_seqcount_begin(&pool->clear_seq);
		base = *ctr->slot;
		zpf_count_live(ctr->cpu, sum);
	} while (read_seqcount_retry(&pool->clear_seq, seq));
	sum->packets -= base.packets;
	sum->bytes -= base.bytes;
	sum->since = base.since;
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
