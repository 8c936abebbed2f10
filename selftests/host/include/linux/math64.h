/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: division of 64 by 32 bits.
 */
#ifndef ZPF_SHADOW_MATH64_H
#define ZPF_SHADOW_MATH64_H

#include <linux/types.h>

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

#endif /* ZPF_SHADOW_MATH64_H */
