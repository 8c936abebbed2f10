/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What few rules ask for and few packets are asked: matches that have no room
 * in the rule's cache line stand in a side record, and what they look at is
 * read from a packet only where a table on its way has such a rule. Portable,
 * as table.h.
 */
#ifndef ZPF_EXTRA_H
#define ZPF_EXTRA_H

#include <linux/types.h>
#include <linux/zpf.h>

/* One bit a rare match: of zpf_extra.match, and of what a packet has. */
#define ZPF_X_TTL	(1 << 0)

/**
 * struct zpf_more - what rare matches can see of a packet
 * @have: ZPF_X_* of what was read and is there
 * @ttl: TTL: time to live, hop limit
 */
struct zpf_more {
	u32 have;
	u8 ttl;
};

/**
 * struct zpf_adds - an address a rule adds to a dynamic set
 * @set: the set of the policy plus 1, 0: none
 * @for_ns: how long it is there; ~0: for ever
 */
struct zpf_adds {
	u32 set;
	u64 for_ns;
};

/**
 * struct zpf_extra - side record of a rule
 * @match: mask of ZPF_X_*: the tests it makes
 * @not: mask of ZPF_NOT_*: tests that are inverted
 * @ttl: TTL: range
 * @adds: what it does when it matches: source, destination
 */
struct zpf_extra {
	u32 match;
	u32 not;
	struct zpf_range8 ttl;
	struct zpf_adds adds[2];
};

bool zpf_extra_matches(const struct zpf_extra *extra,
		       const struct zpf_more *more);

#endif /* ZPF_EXTRA_H */
