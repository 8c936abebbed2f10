/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of packets as boxes: a product of one list of values a dimension. lint
 * asks with them whether rules in front leave anything for a rule. Knows no
 * language; shadow.c makes boxes of rules.
 */
#ifndef ZPF_CTL_BOX_H
#define ZPF_CTL_BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arena.h"

/* Wide enough for an IPv6 address, or an interface name. */
typedef unsigned __int128 zpf_point;

/**
 * struct zpf_span - values from @lo to @hi, both inclusive
 */
struct zpf_span {
	zpf_point lo, hi;
};

/**
 * struct zpf_spans - a set of values, immutable and shared by boxes
 * @n: spans
 * @v: ascending, with a gap of at least one between two
 */
struct zpf_spans {
	size_t n;
	const struct zpf_span *v;
};

/** enum zpf_dim - what is seen of a packet; most telling ones first */
enum zpf_dim {
	ZPF_DIM_DPORT,		/* ZPF_POINT_NONE: has no ports */
	ZPF_DIM_DADDR,
	ZPF_DIM_PROTO,
	ZPF_DIM_SADDR,
	ZPF_DIM_SPORT,
	ZPF_DIM_ICMP,		/* type << 8 | code, or ZPF_POINT_NONE */
	ZPF_DIM_TCP,		/* flags, or ZPF_POINT_NONE */
	ZPF_DIM_STATE,		/* position of the state, 4: untracked */
	ZPF_DIM_IN,		/* 16 bytes of the name, or all ones: none */
	ZPF_DIM_OUT,
	ZPF_DIMS
};

#define ZPF_POINT_NONE	65536

/** struct zpf_box - packets whose every dimension is in its set */
struct zpf_box {
	struct zpf_spans dim[ZPF_DIMS];
};

/**
 * struct zpf_box_work - memory and patience
 * @arena: gets what is made
 * @left: comparisons that may still be made; below 0: given up
 */
struct zpf_box_work {
	struct zpf_arena *arena;
	long left;
};

struct zpf_spans zpf_spans_one(struct zpf_arena *a, zpf_point lo, zpf_point hi);
struct zpf_spans zpf_spans_not(struct zpf_arena *a, struct zpf_spans s,
			       zpf_point max);
struct zpf_spans zpf_spans_and(struct zpf_box_work *w, struct zpf_spans a,
			       struct zpf_spans b);
size_t zpf_span_merge(struct zpf_span *v, size_t n);
bool zpf_box_and(struct zpf_box_work *w, const struct zpf_box *a,
		 const struct zpf_box *b, struct zpf_box *out);
bool zpf_box_apart(const struct zpf_box *a, const struct zpf_box *b);
bool zpf_box_within(struct zpf_box_work *w, const struct zpf_box *inner,
		    const struct zpf_box *outer);
bool zpf_box_minus(struct zpf_box_work *w, struct zpf_box **pieces, size_t *n,
		   const struct zpf_box *minus);

#endif /* ZPF_CTL_BOX_H */
