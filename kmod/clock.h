/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the clocks on the wall show. The kernel knows seconds since the epoch;
 * when clocks are set is resolved in user space and comes with the policy, for
 * years ahead. Portable.
 */
#ifndef ZPF_CLOCK_H
#define ZPF_CLOCK_H

#include "extra.h"

/* Numbers that are of the moment, not of the packet. */
#define ZPF_NUM_CLOCK (ZPF_NUM_BIT(ZPF_NUM_TIME) | ZPF_NUM_BIT(ZPF_NUM_WEEK) | \
		       ZPF_NUM_BIT(ZPF_NUM_WEEK_UTC))

/**
 * struct zpf_clock - how far ahead of UTC the clocks are, and when
 * @n: length of @offsets; 0: they show UTC
 * @offsets: ascending
 */
struct zpf_clock {
	u32 n;
	struct zpf_offset *offsets;
};

bool zpf_clock_sound(const struct zpf_offset *offsets, size_t n);
void zpf_clock_tell(const struct zpf_clock *clock, u64 now,
		    struct zpf_more *more);

#endif /* ZPF_CLOCK_H */
