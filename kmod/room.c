// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for large arrays that takes no more than they need: kmalloc gives
 * powers of two, which for a table of 640 KiB is a third too much.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "room.h"

/* Below this what is wasted is not worth a mapping. */
#define ZPF_ROOM_EXACT (16 * PAGE_SIZE)

/**
 * zpf_room() - a zeroed array, aligned to its cache lines
 * @n: elements
 * @size: bytes of one
 *
 * Pages of its own only where more than an eighth would be lost to rounding:
 * what the packet path reads is better off in the kernel's large pages.
 *
 * Context: process.
 * Return: the array, to be freed with kvfree(), or NULL
 */
void *zpf_room(size_t n, size_t size)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes))
		return NULL;
	if (bytes >= ZPF_ROOM_EXACT && bytes <= KMALLOC_MAX_SIZE &&
	    roundup_pow_of_two(bytes) - bytes > bytes / 8)
		return __vmalloc(bytes, GFP_KERNEL_ACCOUNT | __GFP_ZERO |
				 __GFP_NOWARN);
	return kvcalloc(n, size, GFP_KERNEL_ACCOUNT);
}
