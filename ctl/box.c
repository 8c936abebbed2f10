// SPDX-License-Identifier: GPL-2.0-only
/*
 * Set algebra on boxes. Taking one box from another leaves at most one box a
 * dimension: what differs there, and agrees in the dimensions before.
 *
 *	+--------+		+---+----+
 *	|   +--+ |  minus	|   | 2  |	1: differs in x
 *	|   |  | |   = 		| 1 +--+-+	2: agrees in x, differs in y
 *	|   +--+ |		|   |
 *	+--------+		...
 *
 * Work is paid for by struct zpf_box_work; where that runs out, every function
 * says so by what it returns, and no answer is a guess.
 */
#include <stdlib.h>
#include <string.h>

#include "box.h"

/* More pieces than anybody wants to look through. */
#define PIECES_MAX 512

/**
 * zpf_spans_one() - the values from @lo to @hi
 * @a: gets the span
 * @lo: first
 * @hi: last
 */
struct zpf_spans zpf_spans_one(struct zpf_arena *a, zpf_point lo, zpf_point hi)
{
	struct zpf_span *v = zpf_arena_alloc(a, sizeof(*v));

	v->lo = lo;
	v->hi = hi;
	return (struct zpf_spans){ 1, v };
}

/**
 * zpf_spans_not() - all values up to @max that are not in a set
 * @a: gets the spans
 * @s: the set
 * @max: the greatest value
 */
struct zpf_spans zpf_spans_not(struct zpf_arena *a, struct zpf_spans s,
			       zpf_point max)
{
	struct zpf_span *v = zpf_arena_alloc(a, (s.n + 1) * sizeof(*v));
	zpf_point from = 0;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.v[i].lo > from)
			v[n++] = (struct zpf_span){ from, s.v[i].lo - 1 };
		if (s.v[i].hi >= max)
			return (struct zpf_spans){ n, v };
		from = s.v[i].hi + 1;
	}
	v[n++] = (struct zpf_span){ from, max };
	return (struct zpf_spans){ n, v };
}

/**
 * zpf_spans_and() - the values in both of two sets
 * @w: pays
 * @a: one
 * @b: the other
 */
struct zpf_spans zpf_spans_and(struct zpf_box_work *w, struct zpf_spans a,
			       struct zpf_spans b)
{
	struct zpf_span *v;
	size_t i = 0, j = 0, n = 0;

	if (a.v == b.v && a.n == b.n)
		return a;
	w->left -= (long)(a.n + b.n);
	v = zpf_arena_alloc(w->arena, (a.n + b.n) * sizeof(*v));
	while (i < a.n && j < b.n) {
		zpf_point lo = a.v[i].lo > b.v[j].lo ? a.v[i].lo : b.v[j].lo;
		zpf_point hi = a.v[i].hi < b.v[j].hi ? a.v[i].hi : b.v[j].hi;

		if (lo <= hi)
			v[n++] = (struct zpf_span){ lo, hi };
		if (a.v[i].hi < b.v[j].hi)
			i++;
		else
			j++;
	}
	return (struct zpf_spans){ n, v };
}

/* The values of @a that are not in @b. */
static struct zpf_spans spans_minus(struct zpf_box_work *w, struct zpf_spans a,
				    struct zpf_spans b)
{
	struct zpf_span *v;
	size_t n = 0, j = 0;

	w->left -= (long)(a.n + b.n);
	v = zpf_arena_alloc(w->arena, (a.n + b.n) * sizeof(*v));
	for (size_t i = 0; i < a.n; i++) {
		zpf_point from = a.v[i].lo;
		bool rest = true;

		while (j < b.n && b.v[j].hi < from)
			j++;
		for (size_t k = j; k < b.n && b.v[k].lo <= a.v[i].hi; k++) {
			if (b.v[k].lo > from)
				v[n++] = (struct zpf_span){ from, b.v[k].lo - 1 };
			rest = b.v[k].hi < a.v[i].hi;
			if (!rest)
				break;
			from = b.v[k].hi + 1;
		}
		if (rest)
			v[n++] = (struct zpf_span){ from, a.v[i].hi };
	}
	return (struct zpf_spans){ n, v };
}

static int cmp_span(const void *a, const void *b)
{
	const struct zpf_span *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/**
 * zpf_span_merge() - make spans in any order a set
 * @v: the spans, changed
 * @n: how many
 *
 * Return: how many are left
 */
size_t zpf_span_merge(struct zpf_span *v, size_t n)
{
	size_t out = 0;

	qsort(v, n, sizeof(*v), cmp_span);
	for (size_t i = 0; i < n; i++) {
		/* touching ones too, but nothing is behind the greatest value */
		if (out && (v[i].lo <= v[out - 1].hi ||
			    v[i].lo == v[out - 1].hi + 1)) {
			if (v[i].hi > v[out - 1].hi)
				v[out - 1].hi = v[i].hi;
		} else {
			v[out++] = v[i];
		}
	}
	return out;
}

/**
 * zpf_box_apart() - quickly: can two boxes have a packet in common?
 * @a: one
 * @b: the other
 *
 * Return: true if they certainly have none
 */
bool zpf_box_apart(const struct zpf_box *a, const struct zpf_box *b)
{
	for (size_t d = 0; d < ZPF_DIMS; d++) {
		const struct zpf_spans *x = &a->dim[d], *y = &b->dim[d];

		if (!x->n || !y->n || x->v[0].lo > y->v[y->n - 1].hi ||
		    y->v[0].lo > x->v[x->n - 1].hi)
			return true;
	}
	return false;
}

/**
 * zpf_box_and() - what two boxes have in common
 * @w: pays
 * @a: one
 * @b: the other
 * @out: gets it
 *
 * Return: false if that is nothing
 */
bool zpf_box_and(struct zpf_box_work *w, const struct zpf_box *a,
		 const struct zpf_box *b, struct zpf_box *out)
{
	for (size_t d = 0; d < ZPF_DIMS; d++) {
		out->dim[d] = zpf_spans_and(w, a->dim[d], b->dim[d]);
		if (!out->dim[d].n)
			return false;
	}
	return true;
}

/**
 * zpf_box_within() - is every packet of one box in another?
 * @w: pays
 * @inner: the one
 * @outer: the other
 */
bool zpf_box_within(struct zpf_box_work *w, const struct zpf_box *inner,
		    const struct zpf_box *outer)
{
	for (size_t d = 0; d < ZPF_DIMS; d++) {
		struct zpf_spans in = inner->dim[d], out = outer->dim[d];
		size_t j = 0;

		if (in.v == out.v && in.n == out.n)
			continue;
		w->left -= (long)(in.n + out.n);
		for (size_t i = 0; i < in.n; i++) {
			while (j < out.n && out.v[j].hi < in.v[i].lo)
				j++;
			if (j == out.n || out.v[j].lo > in.v[i].lo ||
			    out.v[j].hi < in.v[i].hi)
				return false;
		}
	}
	return true;
}

/* @p without what it has in common with @minus, which is @both: onto @out. */
static void split(struct zpf_box_work *w, const struct zpf_box *p,
		  const struct zpf_box *both, struct zpf_box **out, size_t *n)
{
	struct zpf_box rest = *p;

	for (size_t d = 0; d < ZPF_DIMS; d++) {
		struct zpf_box piece = rest;

		piece.dim[d] = spans_minus(w, p->dim[d], both->dim[d]);
		if (piece.dim[d].n)
			ZPF_PUSH(w->arena, *out, *n, piece);
		rest.dim[d] = both->dim[d];
	}
}

/**
 * zpf_box_minus() - take a box from a list of boxes
 * @w: pays
 * @pieces: the boxes; replaced by those that are left
 * @n: how many
 * @minus: the box to take
 *
 * Return: whether that changed anything
 */
bool zpf_box_minus(struct zpf_box_work *w, struct zpf_box **pieces, size_t *n,
		   const struct zpf_box *minus)
{
	struct zpf_box *out = NULL, both;
	bool changed = false;
	size_t n_out = 0;

	for (size_t i = 0; i < *n && w->left >= 0; i++) {
		const struct zpf_box *p = &(*pieces)[i];

		w->left -= ZPF_DIMS;
		if (zpf_box_apart(p, minus) || !zpf_box_and(w, p, minus, &both)) {
			ZPF_PUSH(w->arena, out, n_out, *p);
			continue;
		}
		changed = true;
		split(w, p, &both, &out, &n_out);
		if (n_out > PIECES_MAX)
			w->left = -1;
	}
	*pieces = out;
	*n = n_out;
	return changed;
}
