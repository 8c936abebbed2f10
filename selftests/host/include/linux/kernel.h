/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: the length of an array.
 */
#ifndef ZPF_SHADOW_KERNEL_H
#define ZPF_SHADOW_KERNEL_H

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif /* ZPF_SHADOW_KERNEL_H */
