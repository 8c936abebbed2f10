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
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
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
 * Counters in one per-CPU allocation, which is aligned to ZPF_COUNT_ALIGN and
 * no longer: so a counter's own address tells which one it is of. The rest of a
 * block is as large, with what the allocator rounds it to.
 */
#define ZPF_COUNT_ALIGN 4096
#define ZPF_COUNT_BLOCK \
	((ZPF_COUNT_ALIGN - 64) / sizeof(struct zpf_counter))

/**
 * struct zpf_slot - what belongs to a counter besides its per-CPU shares
 * @packets: sum at the last clear
 * @bytes: likewise
 * @since: jiffies64 of the last clear, or of the first use
 * @refs: generations using the slot
 *
 * There is one a rule: it is kept small. Under zpf_pool.lock.
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
 * @node: in the pool's blocks
 * @open: in the pool's list of those with a free slot, or empty
 * @used: slots with references
 * @slots: the slots
 */
struct zpf_count_block {
	struct zpf_counter __percpu *cpu;
	struct rb_node node;
	struct list_head open;
	u32 used;
	struct zpf_slot slots[ZPF_COUNT_BLOCK];
};
static_assert(sizeof(struct zpf_count_block) <= ZPF_COUNT_ALIGN);

/**
 * struct zpf_pool - the counters of a namespace
 * @lock: serialises everything but the packet path; sums are read under it, so
 *	that a clear is seen whole
 * @blocks: the blocks, by address
 * @open: those with a free slot
 * @last: the one that was looked for last, as rules ask one after the other
 */
struct zpf_pool {
	struct mutex lock;
	struct rb_root blocks;
	struct list_head open;
	struct zpf_count_block *last;
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
struct zpf_counter __percpu *zpf_pool_get(struct zpf_pool *pool);
void zpf_pool_share(struct zpf_pool *pool, struct zpf_counter __percpu *ctr);
void zpf_pool_put(struct zpf_pool *pool, struct zpf_counter __percpu **ctr,
		  u32 n);
void zpf_pool_clear(struct zpf_pool *pool);
void zpf_count_live(struct zpf_counter __percpu *ctr, struct zpf_sum *sum);
void zpf_count_sum(struct zpf_pool *pool, struct zpf_counter __percpu *ctr,
		   struct zpf_sum *sum);
u64 zpf_count_last_ns(u64 last);

#endif /* ZPF_COUNT_H */
