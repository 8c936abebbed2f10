/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What outlives a generation besides counters: token buckets of limits, of
 * sources and of log sites, with the log statistics. Owned by the namespace, refcounted by
 * the generations that use them, found again by name.
 */
#ifndef ZPF_KEEP_H
#define ZPF_KEEP_H

#include <linux/atomic.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include "bucket.h"
#include "count.h"
#include "sources.h"

enum zpf_keep_kind {
	ZPF_KEEP_LIMIT,		/* name: "ipv4 RULESET 20" */
	ZPF_KEEP_SITE,		/* name: the log prefix */
	ZPF_KEEP_RECENT,	/* name: as LIMIT */
};

/* A bucket that is empty is left alone for so many jiffies at most. */
#define ZPF_KEEP_DRY (HZ / 10)

/* The longest name: a zone default, "[ipv4-ZON-<48>-<48>-default-D]". */
#define ZPF_KEEP_NAME_MAX 127

/**
 * struct zpf_keep - one bucket
 * @dry: jiffies before which no token is asked for, see zpf_keep_dry()
 * @suppressed: SITE: packets whose lines the bucket held back
 * @tat: the bucket, see zpf_bucket_next()
 * @logged: SITE: lines given to a logger
 * @undeliverable: SITE: lines no logger would have written
 * @node: in zpf_keeper.table
 * @refs: generations using it; under zpf_keeper.lock
 * @kind: &enum zpf_keep_kind
 * @level: SITE: syslog level; under zpf_net.commit
 * @sources: RECENT: a bucket for each
 * @user: SITE: generation that was built last with it; under zpf_net.commit
 * @told: SITE: suppressed lines a summary has told of; under zpf_keeper.lock
 * @seen: SITE: suppressed lines when it was looked at last; under the same
 * @seen_at: SITE: jiffies64 when the first untold one was seen; the same
 * @name: identity within the namespace and kind
 *
 * What packets touch comes first, in one cache line.
 */
struct zpf_keep {
	unsigned long dry;
	struct zpf_counter __percpu *suppressed;
	atomic64_t tat;
	atomic64_t logged;
	atomic64_t undeliverable;
	struct hlist_node node;
	u32 refs;
	u8 kind;
	u8 level;
	struct zpf_sources *sources;
	const void *user;
	u64 told;
	u64 seen;
	u64 seen_at;
	char name[];
};

/**
 * struct zpf_keeper - the buckets of a namespace
 * @lock: protects @table and the reference counts
 * @table: by kind and name
 * @evicted: sources forgotten by buckets that are gone
 */
struct zpf_keeper {
	struct mutex lock;
	DECLARE_HASHTABLE(table, 8);
	u64 evicted;
};

void zpf_keeper_init(struct zpf_keeper *keeper);
void zpf_keeper_destroy(struct zpf_keeper *keeper);
struct zpf_keep *zpf_keep_get(struct zpf_keeper *keeper, u8 kind,
			      const char *name);
u64 zpf_keeper_evicted(struct zpf_keeper *keeper);
void zpf_keep_put(struct zpf_keeper *keeper, struct zpf_keep *keep);
u64 zpf_keep_suppressed(const struct zpf_keep *keep);
bool zpf_keep_draw(struct zpf_keep *keep, const struct zpf_rate *rate);
bool zpf_keep_peek(const struct zpf_keep *keep, const struct zpf_rate *rate);

/**
 * zpf_keep_dry() - is a bucket known to be empty?
 * @keep: the bucket
 *
 * In a storm the clock would cost more than the rest: once the bucket is empty it
 * is left alone while the next token is ticks away, but never for long
 * (ZPF_KEEP_DRY), as a commit may change the rate.
 *
 * Context: any.
 */
static inline bool zpf_keep_dry(const struct zpf_keep *keep)
{
	return time_before(jiffies, READ_ONCE(keep->dry));
}

/**
 * zpf_keep_take() - take a token
 * @keep: the bucket
 * @rate: its parameters in this generation
 *
 * Context: any.
 * Return: true if there was one
 */
static inline bool zpf_keep_take(struct zpf_keep *keep,
				 const struct zpf_rate *rate)
{
	return !zpf_keep_dry(keep) && zpf_keep_draw(keep, rate);
}

#endif /* ZPF_KEEP_H */
