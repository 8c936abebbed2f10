/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bounded table of addresses, each with a time until which it matters: the
 * contents of dynamic groups, and the buckets of `recent`. Portable: who calls
 * the writing functions holds the lock of the line.
 */
#ifndef ZPF_SRCTAB_H
#define ZPF_SRCTAB_H

#include <linux/siphash.h>
#include "bucket.h"
#include "set.h"

#define ZPF_SRCTAB_WAYS 8
#define ZPF_SRCTAB_FOREVER (~0ULL)

/**
 * struct zpf_src - an address
 * @addr: the address, see zpf_in6_of4()
 * @until: monotonic time, ns, up to which it matters; 0: an empty place
 */
struct zpf_src {
	struct zpf_in6 addr;
	u64 until;
};

/**
 * struct zpf_src_line - the places an address may be at
 * @seq: odd while the line is being written
 * @way: the places
 */
struct zpf_src_line {
	u32 seq;
	struct zpf_src way[ZPF_SRCTAB_WAYS];
};

/**
 * struct zpf_srctab - the table
 * @key: of the hash, random, so that nobody can aim at a line
 * @mask: number of lines, a power of two, minus 1
 * @line: the lines
 */
struct zpf_srctab {
	siphash_key_t key;
	u32 mask;
	struct zpf_src_line line[];
};

/**
 * enum zpf_src_fate - what became of an address that was put
 * @ZPF_SRC_KNOWN: it was there
 * @ZPF_SRC_NEW: it found a place
 * @ZPF_SRC_EVICTED: another one that still mattered had to go
 * @ZPF_SRC_FULL: it found none: all others are there for ever
 */
enum zpf_src_fate {
	ZPF_SRC_KNOWN,
	ZPF_SRC_NEW,
	ZPF_SRC_EVICTED,
	ZPF_SRC_FULL,
};

u32 zpf_srctab_line(const struct zpf_srctab *tab, const struct zpf_in6 *addr);
u64 zpf_srctab_until(const struct zpf_srctab *tab, const struct zpf_in6 *addr);
enum zpf_src_fate zpf_srctab_put(struct zpf_srctab *tab, u32 line,
				 const struct zpf_in6 *addr, u64 until,
				 u64 now);
bool zpf_srctab_take(struct zpf_srctab *tab, u32 line,
		     const struct zpf_in6 *addr, const struct zpf_rate *rate,
		     u64 now, enum zpf_src_fate *fate);
bool zpf_srctab_next(const struct zpf_srctab *tab, u32 *pos, u64 now,
		     struct zpf_src *src);

#endif /* ZPF_SRCTAB_H */
