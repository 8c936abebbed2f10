/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: sort().
 */
#ifndef ZPF_SHADOW_SORT_H
#define ZPF_SHADOW_SORT_H

#include <stdlib.h>

#define sort(base, n, size, cmp, swap) qsort(base, n, size, cmp)

#endif /* ZPF_SHADOW_SORT_H */
