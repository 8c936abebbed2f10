/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: a monotonic clock that stands at what the test says.
 */
#ifndef ZPF_SHADOW_KTIME_H
#define ZPF_SHADOW_KTIME_H

#include <linux/types.h>

__attribute__((weak)) u64 shadow_now_ns;

static inline u64 ktime_get_ns(void)
{
	return shadow_now_ns;
}

#endif /* ZPF_SHADOW_KTIME_H */
