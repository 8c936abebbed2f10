// SPDX-License-Identifier: GPL-2.0-only
/*
 * DOC: bit vectors with one aggregate level
 *
 * For up to some thousand rules. The rules' ranges cut a dimension into
 * intervals. In each, the same rules can match: a row, one bit a rule. Equal
 * rows are kept once, so a group of many prefixes is few rows. A packet is
 * bisected into an interval of each dimension, the rows are ANDed, and the
 * first bit is the first rule:
 *
 *	bounds   0 ........ 80 81 ... 443 444 ......	bisected, branch-free
 *	class    0          1  0      2   0		which row
 *	rows     [aggregate][word][word] ...		bit n: word n is not 0
 *
 * Only words set in all aggregates are looked at. What is no dimension
 * (interfaces, flags) and sets too long to be cut by is left to the final
 * compare, which every candidate goes through.
 *
 * Cost: a bisection a dimension, two words a dimension, a compare: about the
 * same at any position. Memory: at most 2n + 1 rows of n bits a dimension. The
 * caller keeps to its caps by making chunks of fewer rules.
 *
 * Literature: Baboescu and Varghese, Scalable Packet Classification, 2001.
 */
#include <linux/bitops.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "index_part.h"

/* Ends of ranges in a dimension; longer sets are left out until it fits. */
#define ZPF_BV_MAX_CUTS	16384

/* Elements of a set that never take much memory. */
#define ZPF_BV_SHORT_SET	8

/**
 * struct zpf_bv_dim - one dimension of a chunk
 * @dim: &enum zpf_dim
 * @steps: log2 of the number of intervals, rounded up
 * @wide: @bounds6 is in use, not @bounds
 * @bounds: lower ends of the intervals, padded
 * @bounds6: the same of IPv6 addresses
 * @class: row of each interval
 * @rows: the rows
 */
struct zpf_bv_dim {
	u8 dim;
	u8 steps;
	bool wide;
	union {
		u32 *bounds;
		struct zpf_in6 *bounds6;
	};
	u16 *class;
	u64 *rows;
};

/**
 * struct zpf_bv - a chunk
 * @n: rules
 * @n_dims: dimensions at least one rule asks about
 * @stride: words of a row: the aggregate and a bit a rule
 * @most: rules no dimension can tell apart, at most
 * @mean: the same, in the mean of the rows of the best dimension
 * @full: aggregate of a row with every bit set
 * @last: last word of a row with every bit set
 * @bytes: memory of all this
 * @idx: index of each rule
 * @dims: the dimensions
 */
struct zpf_bv {
	u32 n;
	u32 n_dims;
	u32 stride;
	u32 most;
	u32 mean;
	u32 bytes;
	u64 full;
	u64 last;
	u32 *idx;
	struct zpf_bv_dim dims[ZPF_N_DIMS];
};

/* --- look-up --- */

static __always_inline u32 zpf_bv_bisect(const u32 *bounds, u32 steps, u32 v)
{
	u32 pos = 0;

	while (steps--) {
		const u32 half = 1U << steps;

		pos += half & -(u32)(bounds[pos + half] <= v);
	}
	return pos;
}

static __always_inline u32 zpf_bv_bisect6(const struct zpf_in6 *bounds,
					  u32 steps, const struct zpf_in6 *v)
{
	u32 pos = 0;

	while (steps--) {
		const u32 half = 1U << steps;
		const u64 *b = bounds[pos + half].w;
		const u32 le = (b[0] < v->w[0]) |
			       ((b[0] == v->w[0]) & (b[1] <= v->w[1]));

		pos += half & -le;
	}
	return pos;
}

static __always_inline const u64 *
zpf_bv_row(const struct zpf_bv *bv, const struct zpf_bv_dim *d,
	   const struct zpf_key *key)
{
	u32 pos, v;

	switch (d->dim) {
	case ZPF_DIM_SRC:
		if (d->wide) {
			pos = zpf_bv_bisect6(d->bounds6, d->steps, &key->s6);
			goto found;
		}
		v = key->s4;
		break;
	case ZPF_DIM_DST:
		if (d->wide) {
			pos = zpf_bv_bisect6(d->bounds6, d->steps, &key->d6);
			goto found;
		}
		v = key->d4;
		break;
	case ZPF_DIM_SPORT:
		v = zpf_key_sport(key);
		break;
	case ZPF_DIM_SLOT:
		v = zpf_key_slot(key);
		break;
	case ZPF_DIM_PROTO:
		v = key->proto;
		break;
	default:
		v = key->state;
		break;
	}
	pos = zpf_bv_bisect(d->bounds, d->steps, v);
found:
	return d->rows + (size_t)d->class[pos] * bv->stride;
}

/* Position of the first rule at or behind an index. */
static u32 zpf_bv_skip(const struct zpf_bv *bv, u32 from)
{
	u32 lo = 0, hi = bv->n;

	while (lo < hi) {
		u32 mid = (lo + hi) / 2;

		if (bv->idx[mid] < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/**
 * zpf_bv_find() - first rule of a chunk that matches
 * @bv: the chunk
 * @table: the table
 * @sets: the sets of the policy
 * @key: the packet
 * @from: no rule before this index
 * @best: only rules before this index
 *
 * Return: its index, or @best
 */
u32 zpf_bv_find(const struct zpf_bv *bv, const struct zpf_table *table,
		struct zpf_set *const *sets, const struct zpf_key *key,
		u32 from, u32 best)
{
	const u32 n_dims = bv->n_dims, last = bv->stride - 2;
	const u64 *rows[ZPF_N_DIMS];
	u64 words = bv->full;
	u32 d, skip = 0;

	for (d = 0; d < n_dims; d++)
		rows[d] = zpf_bv_row(bv, &bv->dims[d], key);
	for (d = 0; d < n_dims; d++)
		words &= rows[d][0];
	if (unlikely(from > bv->idx[0])) {
		skip = zpf_bv_skip(bv, from);
		if (skip == bv->n)
			return best;
		words &= ~0ULL << skip / 64;
	}
	while (words) {
		const u32 w = __ffs64(words);
		u64 bits = w == last ? bv->last : ~0ULL;

		for (d = 0; d < n_dims; d++)
			bits &= rows[d][1 + w];
		if (unlikely(w == skip / 64))
			bits &= ~0ULL << skip % 64;
		while (bits) {
			const u32 i = bv->idx[w * 64 + __ffs64(bits)];

			if (i >= best)
				return best;
			if (zpf_table_holds(table, sets, key, i))
				return i;
			bits &= bits - 1;
		}
		words &= words - 1;
	}
	return best;
}

/* --- building --- */

/**
 * struct zpf_cut - a dimension that is being built
 * @pick: the rules
 * @from: first rule of the chunk among them
 * @n: rules of the chunk
 * @stride: words of a row
 * @dim: &enum zpf_dim
 * @sets: ask for long sets, too
 * @max_set: longer sets are left to the final compare
 * @n_cuts: intervals
 * @cap: room in @cuts
 * @cuts: lower ends of the intervals
 * @heads: by set: last rule that asks for it, plus 1; 0: none so far
 * @before: by rule: the one before that asks for the same set, plus 1
 * @mask: rules that ask for the same, a bit each
 * @rows: a row an interval
 * @class: which of the distinct rows it is
 * @n_rows: distinct rows, at the start of @rows
 */
struct zpf_cut {
	const struct zpf_pick *pick;
	u32 from;
	u32 n;
	u32 stride;
	u32 dim;
	bool sets;
	u32 max_set;
	u32 n_cuts;
	u32 cap;
	struct zpf_in6 *cuts;
	u32 *heads;
	u32 *before;
	u64 *mask;
	u64 *rows;
	u16 *class;
	u32 n_rows;
};

static void zpf_cut_want(const struct zpf_cut *cut, u32 i,
			 struct zpf_want *want)
{
	const struct zpf_pick *pick = cut->pick;
	const u32 idx = pick->idx[cut->from + i];

	zpf_want_get(pick->table, pick->sets, &pick->table->rules[idx],
		     cut->dim, want);
	if (want->set && want->n > cut->max_set)
		want->all = true;
}

/* Has this set been asked for by a rule before? Remember who does. */
static bool zpf_cut_seen(struct zpf_cut *cut, u32 rule,
			 const struct zpf_want *want)
{
	u32 *head;

	if (!want->set)
		return false;
	head = &cut->heads[want->set_id];
	cut->before[rule] = *head;
	*head = rule + 1;
	return cut->before[rule];
}

static void zpf_cut_forget(struct zpf_cut *cut)
{
	memset(cut->heads, 0, cut->pick->n_sets * sizeof(*cut->heads));
}

/* How many ends the chunk's ranges have at most. */
static u32 zpf_cut_count(struct zpf_cut *cut)
{
	struct zpf_want want;
	u32 i, n = 1;

	zpf_cut_forget(cut);
	for (i = 0; i < cut->n; i++) {
		zpf_cut_want(cut, i, &want);
		if (!want.all && !zpf_cut_seen(cut, i, &want))
			n += 2 * want.n;
		n += want.not;
	}
	return n;
}

/* Not a dimension any rule of the chunk asks about? */
static bool zpf_cut_idle(const struct zpf_cut *cut)
{
	struct zpf_want want;
	u32 i;

	for (i = 0; i < cut->n; i++) {
		zpf_cut_want(cut, i, &want);
		if (!want.all)
			return false;
	}
	return true;
}

static void zpf_cut_at(struct zpf_cut *cut, const u64 *at)
{
	cut->cuts[cut->n_cuts].w[0] = at[0];
	cut->cuts[cut->n_cuts].w[1] = at[1];
	cut->n_cuts++;
}

static bool zpf_cut_wide(const struct zpf_cut *cut)
{
	return cut->dim <= ZPF_DIM_DST && cut->pick->table->family != 2;
}

/* Behind a value; there is nothing behind the last. */
static bool zpf_cut_next(const struct zpf_cut *cut, const u64 *v, u64 *next)
{
	next[1] = v[1] + 1;
	next[0] = v[0] + !next[1];
	return zpf_cut_wide(cut) ? next[0] || next[1] : next[1] <= ~0U;
}

static void zpf_cut_behind(struct zpf_cut *cut, const u64 *v)
{
	u64 next[2];

	if (zpf_cut_next(cut, v, next))
		zpf_cut_at(cut, next);
}

static int zpf_cut_cmp(const void *a, const void *b)
{
	return zpf_in6_cmp(((const struct zpf_in6 *)a)->w,
			   ((const struct zpf_in6 *)b)->w);
}

/* Collect, sort and fold the ends. */
static int zpf_cut_make(struct zpf_cut *cut, u32 room)
{
	const u64 zero[2] = {};
	struct zpf_range6 range;
	struct zpf_want want;
	u32 i, j, n;

	cut->cuts = kvcalloc(room, sizeof(*cut->cuts), GFP_KERNEL_ACCOUNT);
	if (!cut->cuts)
		return -ENOMEM;
	zpf_cut_forget(cut);
	zpf_cut_at(cut, zero);
	for (i = 0; i < cut->n; i++) {
		zpf_cut_want(cut, i, &want);
		if (want.all)
			continue;
		if (want.not)
			zpf_cut_behind(cut, want.top.hi);
		if (zpf_cut_seen(cut, i, &want))
			continue;
		for (j = 0; j < want.n; j++) {
			zpf_want_range(&want, j, &range);
			zpf_cut_at(cut, range.lo);
			zpf_cut_behind(cut, range.hi);
		}
	}
	cond_resched();
	sort(cut->cuts, cut->n_cuts, sizeof(*cut->cuts), zpf_cut_cmp, NULL);
	cond_resched();
	for (i = 1, n = 1; i < cut->n_cuts; i++)
		if (zpf_in6_cmp(cut->cuts[i].w, cut->cuts[n - 1].w))
			cut->cuts[n++] = cut->cuts[i];
	cut->n_cuts = n;
	return 0;
}

/* The interval a value begins; every end has one. */
static u32 zpf_cut_find(const struct zpf_cut *cut, const u64 *v)
{
	u32 lo = 0, hi = cut->n_cuts;

	while (hi - lo > 1) {
		u32 mid = (lo + hi) / 2;

		if (zpf_in6_cmp(cut->cuts[mid].w, v) <= 0)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* From this interval on rules match that did not, or the reverse. */
static void zpf_cut_flip(struct zpf_cut *cut, u32 cut_no)
{
	u64 *row = cut->rows + (size_t)cut_no * cut->stride;
	u32 i;

	for (i = 1; i < cut->stride; i++)
		row[i] ^= cut->mask[i];
}

static void zpf_cut_flip_range(struct zpf_cut *cut,
			       const struct zpf_range6 *range)
{
	u64 next[2];

	zpf_cut_flip(cut, zpf_cut_find(cut, range->lo));
	if (zpf_cut_next(cut, range->hi, next))
		zpf_cut_flip(cut, zpf_cut_find(cut, next));
}

static void zpf_cut_mark(struct zpf_cut *cut, u32 rule)
{
	cut->mask[1 + rule / 64] |= 1ULL << rule % 64;
}

/* A rule, or with its last one all that ask for the same set. */
static void zpf_cut_fill_rule(struct zpf_cut *cut, u32 rule, u32 *work)
{
	struct zpf_range6 range;
	struct zpf_want want;
	u32 i;

	zpf_cut_want(cut, rule, &want);
	memset(cut->mask, 0, cut->stride * sizeof(*cut->mask));
	zpf_cut_mark(cut, rule);
	if (want.all) {
		zpf_cut_flip(cut, 0);
		return;
	}
	if (want.not)
		zpf_cut_flip_range(cut, &want.top);
	if (want.set) {
		if (cut->heads[want.set_id] != rule + 1)
			return;
		for (i = cut->before[rule]; i; i = cut->before[i - 1])
			zpf_cut_mark(cut, i - 1);
	}
	for (i = 0; i < want.n; i++) {
		zpf_want_range(&want, i, &range);
		zpf_cut_flip_range(cut, &range);
		if (i % 1024 == 1023)
			cond_resched();
	}
	*work -= *work < want.n ? *work : want.n;
}

/* First only what changes from row to row, then the rows. */
static void zpf_cut_fill(struct zpf_cut *cut, u32 *work)
{
	u32 i, j;

	for (i = 0; i < cut->n; i++) {
		zpf_cut_fill_rule(cut, i, work);
		if (i % 64 == 63)
			cond_resched();
	}
	for (i = 1; i < cut->n_cuts; i++) {
		u64 *row = cut->rows + (size_t)i * cut->stride;
		const u64 *before = row - cut->stride;

		for (j = 1; j < cut->stride; j++)
			row[j] ^= before[j];
		if (i % 256 == 255)
			cond_resched();
	}
}

static u32 zpf_cut_hash(const u64 *row, u32 stride)
{
	u64 h = 0;
	u32 i;

	for (i = 1; i < stride; i++)
		h = (h ^ row[i]) * 0x9e3779b97f4a7c15ULL + (h >> 31);
	return (h ^ h >> 32) * 0x9e3779b1U;
}

/* Equal rows become one; the aggregates are filled in. */
static int zpf_cut_fold(struct zpf_cut *cut)
{
	const size_t bytes = cut->stride * sizeof(u64);
	u32 bits = 4, i, j;
	u32 *table;

	while (1U << bits < 2 * cut->n_cuts)
		bits++;
	table = kvcalloc(1U << bits, sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	for (i = 0; i < cut->n_cuts; i++) {
		u64 *row = cut->rows + (size_t)i * cut->stride;
		u32 slot = zpf_cut_hash(row, cut->stride) >> (32 - bits);
		u64 *to;

		while (table[slot] &&
		       memcmp(cut->rows + (size_t)(table[slot] - 1) * cut->stride + 1,
			      row + 1, bytes - sizeof(u64)))
			slot = (slot + 1) & ((1U << bits) - 1);
		if (!table[slot]) {
			table[slot] = ++cut->n_rows;
			to = cut->rows + (size_t)(cut->n_rows - 1) * cut->stride;
			if (to != row)
				memcpy(to, row, bytes);
			to[0] = 0;
			for (j = 1; j < cut->stride; j++)
				to[0] |= (u64)!!to[j] << (j - 1);
		}
		cut->class[i] = table[slot] - 1;
		if (i % 256 == 255)
			cond_resched();
	}
	kvfree(table);
	return 0;
}

static void zpf_cut_free(struct zpf_cut *cut)
{
	kvfree(cut->cuts);
	kvfree(cut->rows);
	kvfree(cut->class);
	cut->cuts = NULL;
	cut->rows = NULL;
	cut->class = NULL;
	cut->n_cuts = 0;
	cut->n_rows = 0;
}

static int zpf_cut_build(struct zpf_cut *cut, u32 *work)
{
	u32 room;
	int err;

	/* Only sets can be long; what a rule says itself is never left out. */
	cut->max_set = !*work ? 0 :
		       cut->sets ? ZPF_BV_MAX_CUTS : ZPF_BV_SHORT_SET;
	room = zpf_cut_count(cut);
	while (room > ZPF_BV_MAX_CUTS && cut->max_set) {
		cut->max_set /= 2;
		room = zpf_cut_count(cut);
		cond_resched();
	}
	err = zpf_cut_make(cut, room);
	if (err)
		return err;
	cut->rows = kvcalloc((size_t)cut->n_cuts * cut->stride, sizeof(u64),
			     GFP_KERNEL_ACCOUNT);
	cut->class = kvcalloc(cut->n_cuts, sizeof(*cut->class),
			      GFP_KERNEL_ACCOUNT);
	if (!cut->rows || !cut->class)
		return -ENOMEM;
	zpf_cut_fill(cut, work);
	return zpf_cut_fold(cut);
}

/* Rules in the fullest row, and in the mean. */
static void zpf_bv_fullness(struct zpf_bv *bv, const struct zpf_cut *cut)
{
	u32 most = 0, i, j;
	u64 sum = 0;

	for (i = 0; i < cut->n_rows; i++) {
		const u64 *row = cut->rows + (size_t)i * cut->stride;
		u32 n = 0;

		for (j = 1; j < cut->stride; j++)
			n += hweight64(row[j]);
		if (n > most)
			most = n;
		sum += n;
	}
	if (most < bv->most)
		bv->most = most;
	if (sum < (u64)bv->mean * cut->n_rows)
		bv->mean = (u32)sum / cut->n_rows;
}

/* Into the form packets read: narrow bounds, padded to a power of two. */
static int zpf_bv_dim_build(struct zpf_bv *bv, struct zpf_bv_dim *d,
			    const struct zpf_cut *cut)
{
	const u32 last = cut->n_cuts - 1;
	size_t size, row_bytes;
	u32 i, len;

	d->dim = cut->dim;
	d->wide = zpf_cut_wide(cut);
	while (1U << d->steps < cut->n_cuts)
		d->steps++;
	len = 1U << d->steps;
	size = d->wide ? sizeof(*d->bounds6) : sizeof(*d->bounds);
	row_bytes = (size_t)cut->n_rows * bv->stride * sizeof(u64);
	d->bounds = zpf_room(len, size);
	d->class = zpf_room(len, sizeof(*d->class));
	d->rows = zpf_room(row_bytes, 1);
	if (!d->bounds || !d->class || !d->rows)
		return -ENOMEM;
	for (i = 0; i < len; i++) {
		const u32 from = i < last ? i : last;

		/* A value at the very top is found in the padding. */
		d->class[i] = cut->class[from];
		if (d->wide)
			d->bounds6[i] = i <= last ? cut->cuts[i] :
				(struct zpf_in6){ { ~0ULL, ~0ULL } };
		else
			d->bounds[i] = i <= last ? cut->cuts[i].w[1] : ~0U;
	}
	memcpy(d->rows, cut->rows, row_bytes);
	zpf_bv_fullness(bv, cut);
	bv->bytes += len * (size + sizeof(*d->class)) + row_bytes;
	return 0;
}

static int zpf_bv_fill(struct zpf_bv *bv, struct zpf_cut *cut, u32 *work)
{
	int err = 0;

	for (cut->dim = 0; !err && cut->dim < ZPF_N_DIMS; cut->dim++) {
		cut->max_set = ~0U;
		if (zpf_cut_idle(cut))
			continue;
		err = zpf_cut_build(cut, work);
		/* One row says the same about every packet. */
		if (!err && cut->n_rows > 1)
			err = zpf_bv_dim_build(bv, &bv->dims[bv->n_dims++], cut);
		zpf_cut_free(cut);
		cond_resched();
	}
	return err;
}

/**
 * zpf_bv_build() - a chunk of some rules
 * @pick: the rules
 * @from: first of them
 * @n: how many, 1 .. ZPF_BV_MAX_RULES
 * @sets: ask for long sets, too
 * @work: elements of sets that may still be looked at; beyond that, sets are
 *	left to the final compare
 *
 * Context: process, may sleep. Return: the chunk, or NULL without memory
 */
struct zpf_bv *zpf_bv_build(const struct zpf_pick *pick, u32 from, u32 n,
			    bool sets, u32 *work)
{
	struct zpf_cut cut = {
		.pick = pick, .from = from, .n = n, .sets = sets,
	};
	struct zpf_bv *bv;
	int err = -ENOMEM;
	u32 words = (n + 63) / 64;

	bv = kvzalloc(sizeof(*bv), GFP_KERNEL_ACCOUNT);
	if (!bv)
		return NULL;
	bv->n = n;
	bv->most = n;
	bv->mean = n;
	bv->stride = 1 + words;
	bv->full = ~0ULL >> (64 - words);
	bv->last = ~0ULL >> (words * 64 - n);
	bv->bytes = sizeof(*bv) + n * sizeof(*bv->idx);
	bv->idx = zpf_room(n, sizeof(*bv->idx));
	cut.stride = bv->stride;
	cut.heads = kvcalloc(pick->n_sets + 1, sizeof(*cut.heads),
			     GFP_KERNEL_ACCOUNT);
	cut.before = kvcalloc(n, sizeof(*cut.before), GFP_KERNEL_ACCOUNT);
	cut.mask = kvcalloc(cut.stride, sizeof(*cut.mask), GFP_KERNEL_ACCOUNT);
	if (bv->idx && cut.heads && cut.before && cut.mask) {
		memcpy(bv->idx, pick->idx + from, n * sizeof(*bv->idx));
		err = zpf_bv_fill(bv, &cut, work);
	}
	kvfree(cut.heads);
	kvfree(cut.before);
	kvfree(cut.mask);
	if (!err)
		return bv;
	zpf_bv_free(bv);
	return NULL;
}

/**
 * zpf_bv_free() - free a chunk
 * @bv: the chunk, or NULL
 */
void zpf_bv_free(struct zpf_bv *bv)
{
	u32 i;

	if (!bv)
		return;
	for (i = 0; i < ZPF_N_DIMS; i++) {
		kvfree(bv->dims[i].bounds);
		kvfree(bv->dims[i].class);
		kvfree(bv->dims[i].rows);
	}
	kvfree(bv->idx);
	kvfree(bv);
}

/**
 * zpf_bv_bytes() - memory of a chunk
 * @bv: the chunk
 */
u32 zpf_bv_bytes(const struct zpf_bv *bv)
{
	return bv->bytes;
}

/**
 * zpf_bv_probes() - most places a packet is looked for
 * @bv: the chunk
 *
 * Return: steps of all bisections, aggregates and words, and rules that may
 * have to be compared
 */
u32 zpf_bv_probes(const struct zpf_bv *bv)
{
	u32 probes = bv->most, i;

	for (i = 0; i < bv->n_dims; i++)
		probes += bv->dims[i].steps + bv->stride;
	return probes;
}

/**
 * zpf_bv_cost() - what a packet costs
 * @bv: the chunk
 *
 * Return: in the unit of zpf_stages_cost()
 */
u32 zpf_bv_cost(const struct zpf_bv *bv)
{
	u32 cost = 40, i;

	/* Rules it can hardly tell apart are compared one by one. */
	if (bv->mean > bv->n / 4 * 3)
		return cost + 10 * bv->n;
	for (i = 0; i < bv->n_dims; i++)
		cost += 12 + 7 * bv->dims[i].steps;
	return cost;
}
