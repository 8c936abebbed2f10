/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic on arrays of inclusive ranges: sort, merge, subtract. After a
 * merge ranges ascend, do not overlap and do not touch, as the kernel wants.
 */
#ifndef ZPF_CTL_RANGE_H
#define ZPF_CTL_RANGE_H

#include <stddef.h>
#include <linux/zpf.h>
#include "arena.h"

int zpf_range6_cmp(const __u64 a[2], const __u64 b[2]);
size_t zpf_range4_merge(struct zpf_range4 *r, size_t n);
size_t zpf_range6_merge(struct zpf_range6 *r, size_t n);
size_t zpf_range_port_merge(struct zpf_range_port *r, size_t n);
size_t zpf_range64_merge(struct zpf_range64 *r, size_t n);
struct zpf_range64 *zpf_range64_sub(struct zpf_arena *a,
				    const struct zpf_range64 *r, size_t n,
				    const struct zpf_range64 *minus,
				    size_t n_minus, size_t *n_out);
struct zpf_range_port *zpf_range_port_sub(struct zpf_arena *a,
					  const struct zpf_range_port *r,
					  size_t n,
					  const struct zpf_range_port *minus,
					  size_t n_minus, size_t *n_out);

#endif /* ZPF_CTL_RANGE_H */
