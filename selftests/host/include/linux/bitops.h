/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: bits in a word.
 */
#ifndef ZPF_SHADOW_BITOPS_H
#define ZPF_SHADOW_BITOPS_H

#define BITS_PER_LONG (8 * (int)sizeof(long))
#define __ffs64(word) ((unsigned int)__builtin_ctzll(word))
#define fls(word) ((word) ? 32 - __builtin_clz(word) : 0)
#define hweight64(word) ((unsigned int)__builtin_popcountll(word))

#endif /* ZPF_SHADOW_BITOPS_H */
