// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of buckets that outlive generations. Transactions get and put;
 * the packet path only takes tokens, with one compare-and-exchange.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include "log.h"
#include "net.h"

/**
 * zpf_keeper_init() - make an empty registry
 * @keeper: the registry
 */
void zpf_keeper_init(struct zpf_keeper *keeper)
{
	mutex_init(&keeper->lock);
	hash_init(keeper->table);
}

/**
 * zpf_keeper_destroy() - the namespace goes
 * @keeper: the registry; every reference has been put
 */
void zpf_keeper_destroy(struct zpf_keeper *keeper)
{
	WARN_ON_ONCE(!hash_empty(keeper->table));
	mutex_destroy(&keeper->lock);
}

/* Sources a rule knows at one time, at least; 200 KiB. */
#define ZPF_KEEP_SOURCES 8192

static struct zpf_keep *zpf_keep_new(u8 kind, const char *name, size_t len)
{
	struct zpf_keep *keep;

	keep = kzalloc(struct_size(keep, name, len), GFP_KERNEL_ACCOUNT);
	if (!keep)
		return NULL;
	keep->refs = 1;
	keep->kind = kind;
	keep->dry = jiffies;
	memcpy(keep->name, name, len);
	if (kind == ZPF_KEEP_RECENT)
		keep->sources = zpf_sources_alloc(ZPF_KEEP_SOURCES);
	if (kind == ZPF_KEEP_SITE)
		keep->suppressed = alloc_percpu(struct zpf_counter);
	if ((kind == ZPF_KEEP_RECENT && !keep->sources) ||
	    (kind == ZPF_KEEP_SITE && !keep->suppressed)) {
		kfree(keep);
		return NULL;
	}
	return keep;
}

/**
 * zpf_keep_get() - find or make a bucket
 * @keeper: the registry
 * @kind: &enum zpf_keep_kind
 * @name: identity, at most ZPF_KEEP_NAME_MAX bytes
 *
 * A new bucket is full. Context: process.
 * Return: the bucket with one reference more, or NULL without memory
 */
struct zpf_keep *zpf_keep_get(struct zpf_keeper *keeper, u8 kind,
			      const char *name)
{
	size_t len = strlen(name) + 1;
	u32 hash = full_name_hash(NULL, name, len - 1);
	struct zpf_keep *keep;

	mutex_lock(&keeper->lock);
	hash_for_each_possible(keeper->table, keep, node, hash) {
		if (keep->kind == kind && !strcmp(keep->name, name)) {
			keep->refs++;
			goto out;
		}
	}
	keep = zpf_keep_new(kind, name, len);
	if (keep)
		hash_add(keeper->table, &keep->node, hash);
out:
	mutex_unlock(&keeper->lock);
	return keep;
}

/**
 * zpf_keep_put() - give a reference back
 * @keeper: the registry
 * @keep: the bucket, or NULL
 *
 * Context: process, after a grace period if a packet could have seen it.
 */
void zpf_keep_put(struct zpf_keeper *keeper, struct zpf_keep *keep)
{
	if (!keep)
		return;
	mutex_lock(&keeper->lock);
	if (!--keep->refs) {
		if (keep->kind == ZPF_KEEP_SITE)
			zpf_log_tell(container_of(keeper, struct zpf_net, keeper),
				     keep);
		hash_del(&keep->node);
		if (keep->sources)
			keeper->evicted += atomic64_read(&keep->sources->evicted);
		zpf_sources_put(keep->sources);
		free_percpu(keep->suppressed);
		kfree(keep);
	}
	mutex_unlock(&keeper->lock);
}

/**
 * zpf_keeper_evicted() - sources that were forgotten while they mattered
 * @keeper: the registry
 *
 * Context: process.
 */
u64 zpf_keeper_evicted(struct zpf_keeper *keeper)
{
	struct zpf_keep *keep;
	unsigned int bucket;
	u64 sum;

	mutex_lock(&keeper->lock);
	sum = keeper->evicted;
	hash_for_each(keeper->table, bucket, keep, node)
		if (keep->sources)
			sum += atomic64_read(&keep->sources->evicted);
	mutex_unlock(&keeper->lock);
	return sum;
}

/**
 * zpf_keep_suppressed() - lines a log site held back
 * @keep: the site
 *
 * Context: any.
 */
u64 zpf_keep_suppressed(const struct zpf_keep *keep)
{
	struct zpf_sum sum;

	zpf_count_live(keep->suppressed, &sum);
	return sum.packets;
}

/**
 * zpf_keep_draw() - zpf_keep_take(), where the bucket is not known to be empty
 * @keep: the bucket
 * @rate: its parameters in this generation
 *
 * Context: any. One atomic exchange, repeated only where another CPU took a
 * token in between.
 * Return: true if there was one
 */
bool zpf_keep_draw(struct zpf_keep *keep, const struct zpf_rate *rate)
{
	u64 now, next, wait;
	s64 tat;

	now = ktime_get_ns();
	tat = atomic64_read(&keep->tat);
	do {
		if (!zpf_bucket_next(rate, tat, now, &next)) {
			wait = nsecs_to_jiffies64(zpf_bucket_wait(rate, tat, now));
			WRITE_ONCE(keep->dry, jiffies + min_t(u64, wait, ZPF_KEEP_DRY));
			return false;
		}
	} while (!atomic64_try_cmpxchg(&keep->tat, &tat, next));
	return true;
}

/**
 * zpf_keep_peek() - is there a token, without taking it
 * @keep: the bucket
 * @rate: its parameters in this generation
 *
 * Context: any.
 */
bool zpf_keep_peek(const struct zpf_keep *keep, const struct zpf_rate *rate)
{
	u64 next;

	return zpf_bucket_next(rate, atomic64_read(&keep->tat), ktime_get_ns(),
			       &next);
}
