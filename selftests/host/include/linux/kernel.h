/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: the length of an array, the larger of two.
 */
#ifndef ZPF_SHADOW_KERNEL_H
#define ZPF_SHADOW_KERNEL_H

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))

#endif /* ZPF_SHADOW_KERNEL_H */
