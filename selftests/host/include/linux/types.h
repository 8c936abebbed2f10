/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: the kernel's short integer types for its portable files.
 */
#ifndef ZPF_SHADOW_TYPES_H
#define ZPF_SHADOW_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#endif /* ZPF_SHADOW_TYPES_H */
