/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: bits in a word.
 */
#ifndef ZPF_SHADOW_BITOPS_H
#define ZPF_SHADOW_BITOPS_H

#define BITS_PER_LONG (8 * (int)sizeof(long))

#endif /* ZPF_SHADOW_BITOPS_H */
