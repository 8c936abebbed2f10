/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: memory. A test can let the Nth allocation from now on fail.
 */
#ifndef ZPF_SHADOW_SLAB_H
#define ZPF_SHADOW_SLAB_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define GFP_KERNEL_ACCOUNT 0

/* Allocations that still succeed; negative: all do. */
extern int zpf_shadow_memory;

static inline void *kvcalloc(size_t n, size_t size, int gfp)
{
	void *p;

	(void)gfp;
	if (!zpf_shadow_memory)
		return NULL;
	if (zpf_shadow_memory > 0)
		zpf_shadow_memory--;
	/* Rules are cache lines. */
	if (posix_memalign(&p, 64, n * size))
		return NULL;
	return memset(p, 0, n * size);
}

#define kvzalloc(size, gfp) kvcalloc(1, size, gfp)
#define kvfree(p) free(p)
#define struct_size(p, member, n) \
	(sizeof(*(p)) + (n) * sizeof((p)->member[0]))

#endif /* ZPF_SHADOW_SLAB_H */
