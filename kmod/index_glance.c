// SPDX-License-Identifier: GPL-2.0-only
/*
 * DOC: glances
 *
 * Rules with the same key in a hash table stand one behind the other, and most
 * are not a packet's: they agree in what the table fixes and are told apart by
 * what it does not. A glance is a part of that, 16 bits of a key and a range of
 * their values, which stands beside the rule's place: a packet that is outside is
 * none of the rule's, and the rule is not looked at. With it, one of many rules
 * with the same key costs a few instructions and no cache line of its own, and
 * an IPv6 address no more than an IPv4 one.
 *
 *	table		rules			glance
 *	* > *, tcp 80	* > 10.1.2.3		lower half of the destination: 2.3
 *			10.0.0.0/15 > *		upper half of the source: 10.0 - 10.1
 *	* > 10.1.2.0/24	* > 10.1.2.3		lower half of the destination: 2.3
 *			* > 10.1.2.0/25, tcp 80	destination port: 80
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include "index_part.h"

#define ZPF_LANE_BITS		16
#define ZPF_LANES_OF_WORD	4	/* of 64 bits */

/* Rules often name the same few ports: each says as much as this part of its bits. */
#define ZPF_GLANCE_PORT		3

/**
 * struct zpf_look - the best glance so far
 * @glance: the glance
 * @bits: how many bits it fixes that the table does not
 */
struct zpf_look {
	struct zpf_glance glance;
	u32 bits;
};

/* Bits that are the same in so many values: all but those they count in. */
static u32 zpf_lane_fixed(u16 span)
{
	return ZPF_LANE_BITS - fls(span);
}

static void zpf_look_at(struct zpf_look *look, u32 lane, u32 bits, u16 lo,
			u16 span)
{
	/* Of equals the last, as ends of addresses differ more than beginnings. */
	if (!bits || bits < look->bits)
		return;
	look->bits = bits;
	look->glance = (struct zpf_glance){
		.lane = lane, .lo = lo, .span = span
	};
}

/* Bits of the lane at @front that a prefix fixes. */
static u32 zpf_lane_known(u32 prefix, u32 front)
{
	if (prefix <= front)
		return 0;
	return prefix - front < ZPF_LANE_BITS ? prefix - front : ZPF_LANE_BITS;
}

/*
 * At each 16 bits of an address, from the front. Those behind some that have
 * more than one value may have any.
 */
static void zpf_look_addr(struct zpf_look *look, const struct zpf_pick *pick,
			  u32 idx, unsigned int side, u32 prefix)
{
	const bool v4 = pick->table->family == 2;
	const u32 base = v4 ? (side ? ZPF_KEY_LANE(d4) : ZPF_KEY_LANE(s4)) :
			      (side ? ZPF_KEY_LANE(d6) : ZPF_KEY_LANE(s6));
	const u32 width = v4 ? 2 : ZPF_LANES_OF_WORD;
	struct zpf_range6 span;
	struct zpf_want want;
	u32 i;

	zpf_want_get(pick->table, pick->sets, &pick->table->rules[idx], side,
		     &want);
	if (!zpf_want_span(&want, &span))
		return;
	for (i = 0; i < (v4 ? 1 : 2) * width; i++) {
		const u32 word = v4 ? 1 : i / width, at = i % width;
		const u32 shift = (width - 1 - at) * ZPF_LANE_BITS;
		const u16 lo = span.lo[word] >> shift, hi = span.hi[word] >> shift;
		const u32 fixed = zpf_lane_fixed(hi - lo);
		const u32 known = zpf_lane_known(prefix, i * ZPF_LANE_BITS);
		const bool le = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

		if (fixed > known)
			zpf_look_at(look, base + i - at +
				    (le ? width - 1 - at : at), fixed - known,
				    lo, hi - lo);
		if (lo != hi)
			break;
	}
}

static void zpf_look_port(struct zpf_look *look, const struct zpf_pick *pick,
			  u32 idx, unsigned int dim)
{
	const u32 lane = dim == ZPF_DIM_SPORT ? ZPF_KEY_LANE(sport) :
						ZPF_KEY_LANE(dport);
	struct zpf_range6 span;
	struct zpf_want want;
	u16 more;

	zpf_want_get(pick->table, pick->sets, &pick->table->rules[idx], dim,
		     &want);
	/* ICMP types are beyond ports. */
	if (!zpf_want_span(&want, &span) || span.hi[1] >= ZPF_SLOT_ICMP)
		return;
	more = span.hi[1] - span.lo[1];
	zpf_look_at(look, lane, zpf_lane_fixed(more) / ZPF_GLANCE_PORT,
		    span.lo[1], more);
}

/**
 * zpf_glance_make() - what a rule is told apart by from those of its key
 * @pick: the rules
 * @idx: the rule, an index into the table
 * @known: what the hash table fixes
 *
 * Return: the glance; one that says yes to all if there is nothing
 */
struct zpf_glance zpf_glance_make(const struct zpf_pick *pick, u32 idx,
				  const struct zpf_tuple *known)
{
	struct zpf_look look = { .glance.span = 0xffff };

	if (!(known->fix & ZPF_FIX_SPORT))
		zpf_look_port(&look, pick, idx, ZPF_DIM_SPORT);
	if (!(known->fix & ZPF_FIX_SLOT))
		zpf_look_port(&look, pick, idx, ZPF_DIM_SLOT);
	zpf_look_addr(&look, pick, idx, ZPF_DIM_SRC, known->len[0]);
	zpf_look_addr(&look, pick, idx, ZPF_DIM_DST, known->len[1]);
	return look.glance;
}
