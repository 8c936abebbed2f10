/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bump allocator: what one configuration or one policy owns lives in one
 * arena and goes with it. Memory is zeroed. Running out of memory ends the
 * program: no caller could go on in a useful way.
 */
#ifndef ZPF_CTL_ARENA_H
#define ZPF_CTL_ARENA_H

#include <stddef.h>

struct zpf_arena_chunk;

/** struct zpf_arena - zero-initialise it to get an empty one */
struct zpf_arena {
	struct zpf_arena_chunk *head;
};

void *zpf_arena_alloc(struct zpf_arena *a, size_t size);
char *zpf_arena_strndup(struct zpf_arena *a, const char *s, size_t len);
char *zpf_arena_strdup(struct zpf_arena *a, const char *s);
__attribute__((format(printf, 2, 3)))
char *zpf_arena_printf(struct zpf_arena *a, const char *fmt, ...);
void *zpf_arena_push(struct zpf_arena *a, void *array, size_t n, size_t size);
void zpf_arena_reset(struct zpf_arena *a);
void zpf_arena_free(struct zpf_arena *a);

/* Append @v to the array @arr of @n elements, all three lvalues. */
#define ZPF_PUSH(a, arr, n, v) do {					\
	(arr) = zpf_arena_push((a), (arr), (n), sizeof(*(arr)));	\
	(arr)[(n)++] = (v);						\
} while (0)

#endif /* ZPF_CTL_ARENA_H */
