// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of addresses; see srctab.h. Asked from the packet path without a
 * lock, written through sources.c under the lock of a line.
 */
#include <linux/compiler.h>
#include <asm/barrier.h>
#include "srctab.h"

/**
 * DOC: places
 *
 * An address hashes to one line of eight places and stands at one of them or
 * nowhere, so that every question and every change looks at eight places. An
 * address whose time is over is as good as not there: nothing ever has to be
 * taken out. A new one takes, in this order, an empty place, one whose time is
 * over, the one whose time will be over first. Only the last forgets anything,
 * and is counted by the caller:
 *
 *	a dynamic group     @until is when the address leaves it
 *	`recent`            @until is when its bucket will be full again, which
 *	                    is what a source nobody has heard of has
 *
 * so that an address forgotten is one that is not in the group, or one that
 * may begin again to count: never a match too many. Places of a line that is
 * being written are not read: its number says so before and after.
 */

/**
 * zpf_srctab_line() - the line of an address
 * @tab: the table
 * @addr: the address
 *
 * Context: any.
 */
u32 zpf_srctab_line(const struct zpf_srctab *tab, const struct zpf_in6 *addr)
{
	return siphash_2u64(addr->w[0], addr->w[1], &tab->key) & tab->mask;
}

static bool zpf_src_is(const struct zpf_src *src, const struct zpf_in6 *addr)
{
	return READ_ONCE(src->addr.w[1]) == addr->w[1] &&
	       READ_ONCE(src->addr.w[0]) == addr->w[0] &&
	       READ_ONCE(src->until);
}

/* The number of a line before it is read. */
static u32 zpf_src_read_begin(const struct zpf_src_line *line)
{
	u32 seq = READ_ONCE(line->seq);

	/* The number first, then what it vouches for. */
	smp_rmb();
	return seq;
}

/* Was the line written meanwhile? */
static bool zpf_src_read_again(const struct zpf_src_line *line, u32 seq)
{
	/* What was read first, then the number once more. */
	smp_rmb();
	return (seq & 1) || READ_ONCE(line->seq) != seq;
}

/* Copy one place while nobody writes the line. */
static struct zpf_src zpf_src_read(const struct zpf_src_line *line, u32 way)
{
	const struct zpf_src *src = &line->way[way];
	struct zpf_src copy;
	u32 seq;

	do {
		seq = zpf_src_read_begin(line);
		copy.addr.w[0] = READ_ONCE(src->addr.w[0]);
		copy.addr.w[1] = READ_ONCE(src->addr.w[1]);
		copy.until = READ_ONCE(src->until);
	} while (zpf_src_read_again(line, seq));
	return copy;
}

/**
 * zpf_srctab_until() - the time of an address
 * @tab: the table
 * @addr: the address
 *
 * Context: any; takes no lock. Goes round again where the line is written
 * meanwhile, which takes its writer some dozen instructions.
 * Return: the time, 0: it is not there
 */
u64 zpf_srctab_until(const struct zpf_srctab *tab, const struct zpf_in6 *addr)
{
	const struct zpf_src_line *line =
		&tab->line[zpf_srctab_line(tab, addr)];
	u32 seq, i;
	u64 until;

	do {
		seq = zpf_src_read_begin(line);
		until = 0;
		for (i = 0; i < ZPF_SRCTAB_WAYS; i++)
			if (zpf_src_is(&line->way[i], addr))
				until = READ_ONCE(line->way[i].until);
	} while (zpf_src_read_again(line, seq));
	return until;
}

static struct zpf_src *zpf_src_find(struct zpf_src_line *line,
				    const struct zpf_in6 *addr)
{
	u32 i;

	for (i = 0; i < ZPF_SRCTAB_WAYS; i++)
		if (zpf_src_is(&line->way[i], addr))
			return &line->way[i];
	return NULL;
}

/* The place a new address takes; empty ones have the least time of all. */
static struct zpf_src *zpf_src_victim(struct zpf_src_line *line, u64 now,
				      enum zpf_src_fate *fate)
{
	struct zpf_src *least = &line->way[0];
	u32 i;

	for (i = 1; i < ZPF_SRCTAB_WAYS; i++)
		if (line->way[i].until < least->until)
			least = &line->way[i];
	*fate = ZPF_SRC_NEW;
	if (least->until > now)
		*fate = ZPF_SRC_EVICTED;
	if (least->until == ZPF_SRCTAB_FOREVER) {
		*fate = ZPF_SRC_FULL;
		return NULL;
	}
	return least;
}

static void zpf_src_write(struct zpf_src_line *line, struct zpf_src *src,
			  const struct zpf_in6 *addr, u64 until)
{
	WRITE_ONCE(line->seq, line->seq + 1);
	/* Readers see the odd number before anything of what follows. */
	smp_wmb();
	WRITE_ONCE(src->addr.w[0], addr->w[0]);
	WRITE_ONCE(src->addr.w[1], addr->w[1]);
	WRITE_ONCE(src->until, until);
	/* And all of it before the even one. */
	smp_wmb();
	WRITE_ONCE(line->seq, line->seq + 1);
}

/**
 * zpf_srctab_put() - let an address be there until a time
 * @tab: the table
 * @line: zpf_srctab_line() of @addr; its lock is held
 * @addr: the address; its time is set anew if it is there
 * @until: monotonic time, ns, from 1; ZPF_SRCTAB_FOREVER
 * @now: monotonic time, ns
 */
enum zpf_src_fate zpf_srctab_put(struct zpf_srctab *tab, u32 line,
				 const struct zpf_in6 *addr, u64 until,
				 u64 now)
{
	struct zpf_src_line *at = &tab->line[line];
	struct zpf_src *src = zpf_src_find(at, addr);
	enum zpf_src_fate fate = ZPF_SRC_KNOWN;

	if (!src)
		src = zpf_src_victim(at, now, &fate);
	if (src)
		zpf_src_write(at, src, addr, until);
	return fate;
}

/**
 * zpf_srctab_take() - take a token from the bucket of an address
 * @tab: the table
 * @line: zpf_srctab_line() of @addr; its lock is held
 * @addr: the address; one that is not there has a full bucket
 * @rate: parameters of the buckets
 * @now: monotonic time, ns
 * @fate: what became of @addr
 *
 * Return: true if there was a token
 */
bool zpf_srctab_take(struct zpf_srctab *tab, u32 line,
		     const struct zpf_in6 *addr, const struct zpf_rate *rate,
		     u64 now, enum zpf_src_fate *fate)
{
	struct zpf_src_line *at = &tab->line[line];
	struct zpf_src *src = zpf_src_find(at, addr);
	u64 next;

	*fate = ZPF_SRC_KNOWN;
	if (!zpf_bucket_next(rate, src ? src->until : 0, now, &next))
		return false;
	if (!src)
		src = zpf_src_victim(at, now, fate);
	if (src)
		zpf_src_write(at, src, addr, next);
	return true;
}

/**
 * zpf_srctab_next() - walk through the addresses whose time is not over
 * @tab: the table
 * @pos: 0 at first; moved behind what is returned
 * @now: monotonic time, ns
 * @src: the address
 *
 * Context: any; takes no lock.
 * Return: false behind the last one
 */
bool zpf_srctab_next(const struct zpf_srctab *tab, u32 *pos, u64 now,
		     struct zpf_src *src)
{
	for (; *pos / ZPF_SRCTAB_WAYS <= tab->mask; ++*pos) {
		*src = zpf_src_read(&tab->line[*pos / ZPF_SRCTAB_WAYS],
				    *pos % ZPF_SRCTAB_WAYS);
		if (src->until > now) {
			++*pos;
			return true;
		}
	}
	return false;
}
