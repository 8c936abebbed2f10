// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bump allocator of arena.h: chunks of growing size in a list. Called by
 * every file of the language; knows nothing of what it stores.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"

#define ARENA_FIRST	4096
#define ARENA_CHUNK	(256 * 1024)
#define ARENA_ALIGN	16

struct zpf_arena_chunk {
	struct zpf_arena_chunk *next;
	size_t size, used;
	_Alignas(ARENA_ALIGN) char mem[];
};

static void oom(void)
{
	fputs("zpfctl: out of memory\n", stderr);
	abort();
}

/*
 * All pages of a large chunk at once: a fault for each costs a fifth of the
 * time, in a virtual machine most of it. Kernels before 5.14 do not know how.
 */
static void populate(void *mem, size_t size)
{
#ifdef MADV_POPULATE_WRITE
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)mem + page - 1) & ~(page - 1);
	uintptr_t to = ((uintptr_t)mem + size) & ~(page - 1);

	if (to > from)
		madvise((void *)from, to - from, MADV_POPULATE_WRITE);
#endif
}

static struct zpf_arena_chunk *chunk_new(size_t size)
{
	struct zpf_arena_chunk *c;

	if (size > SIZE_MAX - sizeof(*c))
		oom();
	c = malloc(sizeof(*c) + size);
	if (!c)
		oom();
	if (size >= ARENA_CHUNK)
		populate(c, sizeof(*c) + size);
	/* As a whole, which takes less than object by object. */
	memset(c, 0, sizeof(*c) + size);
	c->size = size;
	return c;
}

/* What is behind @used is zero. */
static void *take(struct zpf_arena *a, size_t size, size_t align)
{
	struct zpf_arena_chunk *c = a->head;
	size_t at = c ? (c->used + align - 1) & ~(align - 1) : 0;

	if (!c || at > c->size || c->size - at < size) {
		size_t want = c ? ARENA_CHUNK : ARENA_FIRST;

		c = chunk_new(size > want ? size : want);
		c->next = a->head;
		a->head = c;
		at = 0;
	}
	c->used = at + size;
	return c->mem + at;
}

/**
 * zpf_arena_alloc() - zeroed memory that lives as long as the arena
 * @a: the arena
 * @size: bytes
 *
 * Return: the memory, aligned for any type of this size; never NULL
 */
void *zpf_arena_alloc(struct zpf_arena *a, size_t size)
{
	/* What is aligned to so much is a multiple of it in size. */
	return take(a, size, size % ARENA_ALIGN ? sizeof(void *) : ARENA_ALIGN);
}

/** zpf_arena_strndup() - copy @len bytes of @s and a NUL into the arena */
char *zpf_arena_strndup(struct zpf_arena *a, const char *s, size_t len)
{
	char *p;

	if (len == SIZE_MAX)
		oom();
	p = take(a, len + 1, 1);
	p[len] = '\0';
	return memcpy(p, s, len);
}

/** zpf_arena_strdup() - copy a string into the arena */
char *zpf_arena_strdup(struct zpf_arena *a, const char *s)
{
	return zpf_arena_strndup(a, s, strlen(s));
}

/** zpf_arena_printf() - format a string into the arena */
char *zpf_arena_printf(struct zpf_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		oom();
	p = zpf_arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

/**
 * zpf_arena_push() - make room for one more element of an array
 * @a: the arena
 * @array: the array, NULL while @n is 0
 * @n: elements in it; it must have grown one by one through this function
 * @size: bytes of an element
 *
 * Return: the array, moved where it was full
 */
void *zpf_arena_push(struct zpf_arena *a, void *array, size_t n, size_t size)
{
	void *bigger;

	if (n && (n < 4 || (n & (n - 1))))
		return array;
	if (n > SIZE_MAX / size / 2)
		oom();
	bigger = zpf_arena_alloc(a, (n ? 2 * n : 4) * size);
	if (n)
		memcpy(bigger, array, n * size);
	return bigger;
}

/** zpf_arena_reset() - forget all that was allocated, keep one chunk for reuse */
void zpf_arena_reset(struct zpf_arena *a)
{
	struct zpf_arena_chunk *c = a->head, *next;

	if (!c)
		return;
	for (next = c->next; next; next = c->next) {
		c->next = next->next;
		free(next);
	}
	memset(c->mem, 0, c->used);
	c->used = 0;
}

/** zpf_arena_free() - give back everything; the arena is empty after it */
void zpf_arena_free(struct zpf_arena *a)
{
	struct zpf_arena_chunk *c, *next;

	for (c = a->head; c; c = next) {
		next = c->next;
		free(c);
	}
	a->head = NULL;
}
