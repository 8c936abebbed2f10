// SPDX-License-Identifier: GPL-2.0-only
/*
 * The range arithmetic of range.h. Called by value (port lists) and flatten
 * (groups). Knows no text.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "range.h"

/** zpf_range6_cmp() - compare two addresses of struct zpf_range6 */
int zpf_range6_cmp(const __u64 a[2], const __u64 b[2])
{
	if (a[0] != b[0])
		return a[0] < b[0] ? -1 : 1;
	if (a[1] != b[1])
		return a[1] < b[1] ? -1 : 1;
	return 0;
}

static int cmp4(const void *a, const void *b)
{
	const struct zpf_range4 *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static int cmp6(const void *a, const void *b)
{
	const struct zpf_range6 *x = a, *y = b;

	return zpf_range6_cmp(x->lo, y->lo);
}

static int cmp_port(const void *a, const void *b)
{
	const struct zpf_range_port *x = a, *y = b;

	return (int)x->lo - (int)y->lo;
}

static int cmp64(const void *a, const void *b)
{
	const struct zpf_range64 *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/**
 * zpf_range4_merge() - sort and merge in place
 * @r: the ranges
 * @n: how many
 *
 * Return: how many are left
 */
size_t zpf_range4_merge(struct zpf_range4 *r, size_t n)
{
	size_t out = 0;

	if (!n)
		return 0;
	qsort(r, n, sizeof(*r), cmp4);
	for (size_t i = 1; i < n; i++) {
		if (r[out].hi == UINT32_MAX || r[i].lo <= r[out].hi + 1) {
			if (r[i].hi > r[out].hi)
				r[out].hi = r[i].hi;
		} else {
			r[++out] = r[i];
		}
	}
	return out + 1;
}

/** zpf_range6_merge() - sort and merge in place, as zpf_range4_merge() */
size_t zpf_range6_merge(struct zpf_range6 *r, size_t n)
{
	size_t out = 0;

	if (!n)
		return 0;
	qsort(r, n, sizeof(*r), cmp6);
	for (size_t i = 1; i < n; i++) {
		__u64 after[2] = { r[out].hi[0], r[out].hi[1] + 1 };

		if (!after[1])
			after[0]++;
		/* after == 0: the range ends at the last address there is */
		if ((!after[0] && !after[1]) ||
		    zpf_range6_cmp(r[i].lo, after) <= 0) {
			if (zpf_range6_cmp(r[i].hi, r[out].hi) > 0) {
				r[out].hi[0] = r[i].hi[0];
				r[out].hi[1] = r[i].hi[1];
			}
		} else {
			r[++out] = r[i];
		}
	}
	return out + 1;
}

/** zpf_range_port_merge() - sort and merge in place, as zpf_range4_merge() */
size_t zpf_range_port_merge(struct zpf_range_port *r, size_t n)
{
	size_t out = 0;

	if (!n)
		return 0;
	qsort(r, n, sizeof(*r), cmp_port);
	for (size_t i = 1; i < n; i++) {
		if (r[i].lo <= r[out].hi + 1) {
			if (r[i].hi > r[out].hi)
				r[out].hi = r[i].hi;
		} else {
			r[++out] = r[i];
		}
	}
	return out + 1;
}

/** zpf_range64_merge() - sort and merge in place, as zpf_range4_merge() */
size_t zpf_range64_merge(struct zpf_range64 *r, size_t n)
{
	size_t out = 0;

	if (!n)
		return 0;
	qsort(r, n, sizeof(*r), cmp64);
	for (size_t i = 1; i < n; i++) {
		if (r[out].hi == UINT64_MAX || r[i].lo <= r[out].hi + 1) {
			if (r[i].hi > r[out].hi)
				r[out].hi = r[i].hi;
		} else {
			r[++out] = r[i];
		}
	}
	return out + 1;
}

/**
 * zpf_range_port_sub() - what is in one list and not in the other
 * @a: arena for the result
 * @r: the ranges, merged
 * @n: how many
 * @minus: what to take away, merged
 * @n_minus: how many
 * @n_out: gets the number of ranges
 *
 * Return: the ranges, merged
 */
struct zpf_range_port *zpf_range_port_sub(struct zpf_arena *a,
					  const struct zpf_range_port *r,
					  size_t n,
					  const struct zpf_range_port *minus,
					  size_t n_minus, size_t *n_out)
{
	struct zpf_range_port *out;
	size_t k = 0;

	out = zpf_arena_alloc(a, (n + n_minus + 1) * sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		unsigned int lo = r[i].lo, hi = r[i].hi;

		for (size_t j = 0; j < n_minus && lo <= hi; j++) {
			if (minus[j].hi < lo)
				continue;
			if (minus[j].lo > hi)
				break;
			if (minus[j].lo > lo) {
				out[k].lo = lo;
				out[k++].hi = minus[j].lo - 1;
			}
			lo = minus[j].hi + 1u;
		}
		if (lo <= hi) {
			out[k].lo = lo;
			out[k++].hi = hi;
		}
	}
	*n_out = k;
	return out;
}

/** zpf_range64_sub() - what is in one list only, as zpf_range_port_sub() */
struct zpf_range64 *zpf_range64_sub(struct zpf_arena *a,
				    const struct zpf_range64 *r, size_t n,
				    const struct zpf_range64 *minus,
				    size_t n_minus, size_t *n_out)
{
	struct zpf_range64 *out;
	size_t k = 0;

	out = zpf_arena_alloc(a, (n + n_minus + 1) * sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		uint64_t lo = r[i].lo;
		bool left = true;

		for (size_t j = 0; j < n_minus && left; j++) {
			if (minus[j].hi < lo)
				continue;
			if (minus[j].lo > r[i].hi)
				break;
			if (minus[j].lo > lo) {
				out[k].lo = lo;
				out[k++].hi = minus[j].lo - 1;
			}
			left = minus[j].hi < r[i].hi;
			lo = minus[j].hi + 1;
		}
		if (left) {
			out[k].lo = lo;
			out[k++].hi = r[i].hi;
		}
	}
	*n_out = k;
	return out;
}
