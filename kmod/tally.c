// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table of the most frequent keys; see tally.h. Called from the packet path
 * through ledger.c, which owns one table a CPU.
 */
#include <linux/string.h>
#include <asm/barrier.h>
#include "tally.h"

/**
 * DOC: space-saving
 *
 * Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k
 * elements in data streams" (ICDT 2005), with rows that count exactly: where
 * the paper lets a new key inherit the count of the one that gave way, here
 * that count is kept apart as what the new key may have been denied.
 *
 *	weight(row) = packets + missed
 *
 *	key in the table:   its row is counted, weight + 1
 *	key not there:      the row of least weight gives way; its packets and
 *	                    bytes are lost; the new row starts with packets 0,
 *	                    missed = that least weight
 *
 * Every packet raises the sum of all weights by one, so with N packets and M
 * rows the least weight is never above N / M, and it never sinks. Hence, for
 * any order of any keys, chosen by whomever:
 *
 *	packets <= true number <= packets + missed,  missed <= N / M
 *	a key that is not in the table had at most N / M packets
 *	sum of packets over the rows + lost packets = N
 *
 * The rows hang in hash chains and in a heap of eight children a node, whose
 * entries hold weight and row in one word: a packet only makes a weight grow,
 * so an entry only sinks, at most ZPF_TALLY_BITS / 3 + 1 levels, each one
 * cache line. The frequent ones lie at the bottom and do not move at all. An
 * empty table is a heap of weights 0: rows without a key give way first.
 */

/**
 * zpf_tally_reset() - forget all rows
 * @t: the table; zeroed memory the first time
 * @epoch: told to readers, who can know by it what they read
 *
 * Context: the writer's. Touches 76 KiB: 12 of chains and heap, a line of every row.
 */
void zpf_tally_reset(struct zpf_tally *t, u32 epoch)
{
	u32 i;

	zpf_tally_seq_begin(&t->seq);
	t->sum.lost_packets = 0;
	t->sum.lost_bytes = 0;
	t->sum.base = t->sum.serial;
	t->sum.epoch = epoch;
	zpf_tally_seq_end(&t->seq);

	memset(t->head, 0xff, sizeof(t->head));
	for (i = 0; i < ZPF_TALLY_ROWS; i++) {
		t->heap[ZPF_TALLY_ROOT + i] = i;
		t->rows[i].pos = ZPF_TALLY_ROOT + i;
	}
	/* The last eight children are only seven. */
	t->heap[ZPF_TALLY_ROOT + ZPF_TALLY_ROWS] = ~0ULL;
}

/**
 * zpf_tally_find() - the row of a key
 * @t: the table
 * @code: the key
 * @hash: of @code, keyed with what an attacker does not know
 *
 * Context: any; a reader may be told NONE of a key that is there.
 * Return: the row, or ZPF_TALLY_NONE
 */
u32 zpf_tally_find(const struct zpf_tally *t, const struct zpf_tally_code *code,
		   u32 hash)
{
	return zpf_tally_look(t, code, hash);
}

/**
 * zpf_tally_sink() - let an entry whose weight grew sink to where it belongs
 * @t: the table
 * @at: its place in the heap
 * @entry: the entry
 *
 * Context: the writer's.
 */
void zpf_tally_sink(struct zpf_tally *t, u32 at, u64 entry)
{
	for (;;) {
		u32 child = zpf_tally_child(at), least, k;

		if (child >= ZPF_TALLY_ROOT + ZPF_TALLY_ROWS)
			break;
		least = child;
		for (k = 1; k < 8; k++)
			if (t->heap[child + k] < t->heap[least])
				least = child + k;
		/* Rows of equal weight stay where they are. */
		if (t->heap[least] >= (entry & ~ZPF_TALLY_MASK))
			break;
		t->heap[at] = t->heap[least];
		t->rows[t->heap[at] & ZPF_TALLY_MASK].pos = at;
		at = least;
	}
	t->heap[at] = entry;
	t->rows[entry & ZPF_TALLY_MASK].pos = at;
}

/* A row gives way: out of its chain, what it counted is lost. */
static void zpf_tally_evict(struct zpf_tally *t, u32 i)
{
	u16 *link = &t->head[t->rows[i].chain];

	while (*link != i)
		link = &t->next[*link];
	WRITE_ONCE(*link, t->next[i]);
	t->sum.lost_packets += t->rows[i].packets;
	t->sum.lost_bytes += t->rows[i].bytes;
}

/**
 * zpf_tally_begin() - begin a row for a key that has none, and count a packet
 * @t: the table
 * @code: the key
 * @hash: of @code
 * @bytes: length of the packet
 * @now: the time
 * @sample: the packet, copied
 *
 * Context: the writer's.
 */
void zpf_tally_begin(struct zpf_tally *t, const struct zpf_tally_code *code,
		     u32 hash, unsigned int bytes, u64 now,
		     const struct zpf_tally_sample *sample)
{
	const u64 least = t->heap[ZPF_TALLY_ROOT];
	const u32 i = least & ZPF_TALLY_MASK;
	struct zpf_tally_cold *cold = &t->cold[i];
	struct zpf_tally_row *row = &t->rows[i];
	const u32 chain = zpf_tally_chain(hash);

	zpf_tally_seq_begin(&t->seq);
	zpf_tally_seq_begin(&row->seq);
	if (least > ZPF_TALLY_MASK)
		zpf_tally_evict(t, i);
	row->code = *code;
	row->chain = chain;
	row->packets = 0;
	row->bytes = 0;
	row->last = now;
	cold->first = now;
	cold->missed = least >> ZPF_TALLY_BITS;
	cold->serial = ++t->sum.serial;
	cold->sample = *sample;
	zpf_tally_seq_end(&row->seq);
	zpf_tally_seq_end(&t->seq);

	t->next[i] = t->head[chain];
	WRITE_ONCE(t->head[chain], i);
	zpf_tally_add(t, i, bytes, now);
}

/**
 * zpf_tally_read() - copy a row
 * @t: the table
 * @i: 0 .. ZPF_TALLY_ROWS - 1
 * @row: filled in
 * @cold: filled in
 *
 * Context: any but the writer's. What is copied was the row at one moment.
 * Return: false if there is no such row
 */
bool zpf_tally_read(const struct zpf_tally *t, u32 i,
		    struct zpf_tally_row *row, struct zpf_tally_cold *cold)
{
	struct zpf_tally_sum sum;
	u32 seq;

	do {
		seq = READ_ONCE(t->rows[i].seq);
		smp_rmb(); /* pairs with zpf_tally_seq_end() */
		*row = t->rows[i];
		*cold = t->cold[i];
		smp_rmb(); /* pairs with zpf_tally_seq_begin() */
	} while ((seq & 1) || READ_ONCE(t->rows[i].seq) != seq);
	zpf_tally_read_sum(t, &sum);
	return row->packets && cold->serial > sum.base;
}

/**
 * zpf_tally_read_sum() - copy what a table says besides its rows
 * @t: the table
 * @sum: filled in
 *
 * Context: any but the writer's.
 */
void zpf_tally_read_sum(const struct zpf_tally *t, struct zpf_tally_sum *sum)
{
	u32 seq;

	do {
		seq = READ_ONCE(t->seq);
		smp_rmb(); /* pairs with zpf_tally_seq_end() */
		*sum = t->sum;
		smp_rmb(); /* pairs with zpf_tally_seq_begin() */
	} while ((seq & 1) || READ_ONCE(t->seq) != seq);
}
