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
 * struct zpf_extra - side record of a rule
 * @match: mask of ZPF_X_*: the tests it makes
 * @not: mask of ZPF_NOT_*: tests that are inverted
 * @ttl: TTL: range
 */
struct zpf_extra {
	u32 match;
	u32 not;
	struct zpf_range8 ttl;
};

bool zpf_extra_matches(const struct zpf_extra *extra,
		       const struct zpf_more *more);

#endif /* ZPF_EXTRA_H */
