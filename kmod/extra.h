/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What few rules ask for and few packets are asked: matches that have no room
 * in the rule's cache line stand in a side record. Nearly all of them are one
 * thing: a number of the packet is in a set; the numbers are read only where a
 * table on the packet's way asks for them. Portable, as table.h.
 */
#ifndef ZPF_EXTRA_H
#define ZPF_EXTRA_H

#include <linux/build_bug.h>
#include <linux/types.h>
#include <linux/zpf.h>
#include "set.h"

struct zpf_key;

#define ZPF_NUM_BIT(num) (1U << (num))

/* struct zpf_extra.match: tests that are not on a number */
#define ZPF_X_SMASK	(1 << 0)
#define ZPF_X_DMASK	(1 << 1)

/**
 * struct zpf_more - the numbers of a packet that a table asked for
 * @have: ZPF_NUM_BIT()s of those that were read and are there
 * @num: by &enum zpf_num
 */
struct zpf_more {
	u32 have;
	u64 num[__ZPF_NUM_MAX];
};

/**
 * struct zpf_masked - an address is compared under a mask
 * @mask: IPv6; IPv4 in the lower half of the second word
 * @set: set of the policy the rest must be in
 */
struct zpf_masked {
	struct zpf_in6 mask;
	u32 set;
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
 * @match: mask of ZPF_X_*
 * @not: mask of ZPF_NOT_*: tests that are inverted
 * @nums: ZPF_NUM_BIT()s: numbers it asks for
 * @set: the set each of them must be in, by &enum zpf_num
 * @saddr: SMASK
 * @daddr: DMASK
 * @changes: 1 << &enum zpf_change: what it changes of packets that match
 * @value: to what, by &enum zpf_change
 * @adds: what it does when it matches: source, destination
 */
struct zpf_extra {
	u32 match;
	u32 not;
	u32 nums;
	u16 set[__ZPF_NUM_MAX];
	struct zpf_masked saddr;
	struct zpf_masked daddr;
	u32 changes;
	u32 value[__ZPF_CHANGE_MAX];
	struct zpf_adds adds[2];
};

static_assert(ZPF_MAX_SETS <= 0xffff && ZPF_NUM_MAX < 32);

bool zpf_extra_matches(const struct zpf_extra *extra,
		       struct zpf_set *const *sets, const struct zpf_key *key);

#endif /* ZPF_EXTRA_H */
