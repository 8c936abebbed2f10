/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for a command that lives for a moment: allocations that end the
 * program with exit status 1 where there is no memory, instead of a branch
 * after every call.
 */
#ifndef ZPF_CTL_XMEM_H
#define ZPF_CTL_XMEM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZPF_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/** zpf_xcheck() - @p, if there was memory for it */
static inline void *zpf_xcheck(void *p)
{
	if (!p) {
		fputs("error: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

/** zpf_xcalloc() - @n zeroed elements of @size bytes, @n may be 0 */
static inline void *zpf_xcalloc(size_t n, size_t size)
{
	return zpf_xcheck(calloc(n ? n : 1, size));
}

/** zpf_xstrdup() - a copy of a string */
static inline char *zpf_xstrdup(const char *s)
{
	return zpf_xcheck(strdup(s));
}

/**
 * zpf_xgrow() - make room for at least one more element
 * @p: the array, or NULL
 * @cap: elements there is room for; updated
 * @size: bytes of an element
 *
 * Return: the array; what is new in it is not initialised
 */
static inline void *zpf_xgrow(void *p, size_t *cap, size_t size)
{
	*cap = *cap ? *cap * 2 : 16;
	return zpf_xcheck(reallocarray(p, *cap, size));
}

#endif /* ZPF_CTL_XMEM_H */
