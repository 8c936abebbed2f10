/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters: per-CPU packets, bytes, last hit. They belong to the namespace,
 * not to a generation: a generation holds references to slots of a pool, and
 * the next one takes over those whose rule means the same. A slot is zeroed
 * only when nothing refers to it, so no count is ever lost or moved.
 */
#ifndef ZPF_COUNT_H
#define ZPF_COUNT_H

#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/seqlock.h>
#include <linux/u64_stats_sync.h>

/**
 * struct zpf_counter - one CPU's share of a counter
 * @packets: packets; a GRO packet is one
 * @bytes: sum of skb->len
 * @last: jiffies64 of the newest hit; 0: none
 * @syncp: makes the three consistent on 32-bit
 */
struct zpf_counter {
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t last;
	struct u64_stats_sync syncp;
};

/**
 * struct zpf_sum - a counter summed over the CPUs, since the last clear
 * @packets: packets
 * @bytes: bytes
 * @last: jiffies64 of the newest hit; 0: none since the last clear
 * @since: jiffies64 from which on it counts: its first use, or the last clear
 */
struct zpf_sum {
	u64 packets;
	u64 bytes;
	u64 last;
	u64 since;
};

/*
 * Counters in one per-CPU allocation, which must stay under 32 KiB; so many
 * that a block fills the 8 KiB that kmalloc rounds it to.
 */
#define ZPF_COUNT_BLOCK 340

/**
 * struct zpf_slot - what belongs to a counter besides its per-CPU shares
 * @packets: sum at the last clear
 * @bytes: likewise
 * @since: jiffies64 of the last clear, or of the first use
 * @refs: generations using the slot; under zpf_pool.lock
 *
 * There is one a rule: it is kept small.
 */
struct zpf_slot {
	u64 packets;
	u64 bytes;
	u64 since : 44;
	u64 refs : 20;
};

/**
 * struct zpf_count_block - counters that were allocated together
 * @cpu: ZPF_COUNT_BLOCK counters a CPU
 * @used: slots with references
 * @slots: the slots
 */
struct zpf_count_block {
	struct zpf_counter __percpu *cpu;
	u32 used;
	struct zpf_slot slots[ZPF_COUNT_BLOCK];
};
static_assert(sizeof(struct zpf_count_block) <= 8192);

/**
 * struct zpf_pool - the counters of a namespace
 * @lock: serialises everything but the packet path and readers of sums
 * @clear_seq: lets readers of sums see a clear whole; written under @lock
 * @blocks: block pointers; entries stay while a slot of them is in use
 * @n_blocks: length of @blocks
 * @first_free: no block before this one has a free slot
 */
struct zpf_pool {
	struct mutex lock;
	seqcount_mutex_t clear_seq;
	struct zpf_count_block **blocks;
	u32 n_blocks;
	u32 first_free;
};

/**
 * struct zpf_ctr - a reference to a counter
 * @cpu: where the packet path counts
 * @slot: the rest
 */
struct zpf_ctr {
	struct zpf_counter __percpu *cpu;
	struct zpf_slot *slot;
};

/**
 * zpf_count() - count one packet
 * @ctr: the counter
 * @bytes: length of the packet
 *
 * Context: BH off, so that nothing else counts on this CPU meanwhile. No
 * atomic: a few loads and stores on a cache line of this CPU.
 */
static __always_inline void zpf_count(struct zpf_counter __percpu *ctr,
				      unsigned int bytes)
{
	struct zpf_counter *c = this_cpu_ptr(ctr);

	u64_stats_update_begin(&c->syncp);
	u64_stats_inc(&c->packets);
	u64_stats_add(&c->bytes, bytes);
	u64_stats_set(&c->last, get_jiffies_64());
	u64_stats_update_end(&c->syncp);
}

void zpf_pool_init(struct zpf_pool *pool);
void zpf_pool_destroy(struct zpf_pool *pool);
int zpf_pool_get(struct zpf_pool *pool, struct zpf_ctr *ctr);
void zpf_pool_share(struct zpf_pool *pool, const struct zpf_ctr *ctr);
void zpf_pool_put(struct zpf_pool *pool, struct zpf_ctr *ctr, u32 n);
void zpf_pool_clear(struct zpf_pool *pool);
void zpf_count_live(struct zpf_counter __percpu *ctr, struct zpf_sum *sum);
void zpf_count_sum(struct zpf_pool *pool, const struct zpf_ctr *ctr,
		   struct zpf_sum *sum);
u64 zpf_count_last_ns(u64 last);

#endif /* ZPF_COUNT_H */
