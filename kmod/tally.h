/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The most frequent keys of a stream in a table of fixed size: the core of the
 * drop ledger, one table a CPU. Portable: no lock, no skb, no per-CPU data.
 * One writer; readers elsewhere copy a row at a time, see zpf_tally_read().
 */
#ifndef ZPF_TALLY_H
#define ZPF_TALLY_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <linux/zpf.h>

#define ZPF_TALLY_BITS	10
/* Rows of a table, which is also the slots of its error bound. */
#define ZPF_TALLY_ROWS	(1 << ZPF_TALLY_BITS)
static_assert(ZPF_TALLY_ROWS == ZPF_DROP_ROWS);
#define ZPF_TALLY_NONE	0xffff

/* struct zpf_tally_key.has: which fields are known */
#define ZPF_TALLY_PROTO		(1 << 0)
#define ZPF_TALLY_PORT		(1 << 1)
#define ZPF_TALLY_ICMP		(1 << 2)
#define ZPF_TALLY_SOURCE	(1 << 3)

/**
 * struct zpf_tally_key - what makes drops the same; unknown fields are zero
 * @from: name id of the zone
 * @to: name id of the zone
 * @ruleset: name id of the ruleset, 0: none decided
 * @number: rule number, 0: default; for the state policy a ZPF_STATE_* bit
 * @source: IPv4: the /24 as a number; IPv6: the upper 64 bits
 * @port: destination port, or ICMP type
 * @reason: &enum zpf_reason
 * @family: ZPF_V4 or ZPF_V6
 * @action: ZPF_ACTION_DROP or ZPF_ACTION_REJECT
 * @proto: protocol
 * @has: mask of ZPF_TALLY_*
 */
struct zpf_tally_key {
	u32 from;
	u32 to;
	u32 ruleset;
	u32 number;
	u64 source;
	u16 port;
	u8 reason;
	u8 family;
	u8 action;
	u8 proto;
	u8 has;
};

/**
 * struct zpf_tally_code - a key as tables hold it, for comparing and hashing
 * @word: see zpf_tally_pack()
 */
struct zpf_tally_code {
	u64 word[4];
};

/**
 * zpf_tally_pack() - a key as tables hold it
 * @k: the key
 *
 * In registers: words read where single bytes have just been written would
 * wait for those to reach the cache.
 */
static inline struct zpf_tally_code zpf_tally_pack(struct zpf_tally_key k)
{
	return (struct zpf_tally_code){ {
		k.from | (u64)k.to << 32,
		k.ruleset | (u64)k.number << 32,
		k.source,
		k.port | (u64)k.reason << 16 | (u64)k.family << 24 |
			(u64)k.action << 32 | (u64)k.proto << 40 |
			(u64)k.has << 48,
	} };
}

/**
 * zpf_tally_unpack() - the key that was packed
 * @code: from zpf_tally_pack()
 */
static inline struct zpf_tally_key
zpf_tally_unpack(const struct zpf_tally_code *code)
{
	const u64 *w = code->word;

	return (struct zpf_tally_key){
		.from = w[0],
		.to = w[0] >> 32,
		.ruleset = w[1],
		.number = w[1] >> 32,
		.source = w[2],
		.port = w[3],
		.reason = w[3] >> 16,
		.family = w[3] >> 24,
		.action = w[3] >> 32,
		.proto = w[3] >> 40,
		.has = w[3] >> 48,
	};
}

/**
 * struct zpf_tally_sample - the packet a row began with
 * @src: source, network byte order
 * @dst: destination, network byte order
 * @in: input interface, empty: none
 * @out: output interface, empty: none
 * @spi: of ESP or AH, host byte order
 * @sport: source port, where the key has a port
 * @has_addr: @src and @dst are known
 * @has_spi: @spi is known
 */
struct zpf_tally_sample {
	u8 src[16];
	u8 dst[16];
	char in[ZPF_IF_NAME_MAX + 1];
	char out[ZPF_IF_NAME_MAX + 1];
	u32 spi;
	u16 sport;
	bool has_addr;
	bool has_spi;
};

/**
 * struct zpf_tally_row - the part of a row that every packet touches, one
 * cache line
 * @code: the key
 * @chain: number of its chain
 * @pos: its place in the heap
 * @seq: odd while the row is written
 * @packets: packets since the row began
 * @bytes: bytes
 * @last: time of the newest
 */
struct zpf_tally_row {
	struct zpf_tally_code code;
	u16 chain;
	u16 pos;
	u32 seq;
	u64 packets;
	u64 bytes;
	u64 last;
} __aligned(64);
static_assert(sizeof(struct zpf_tally_row) == 64);

/**
 * struct zpf_tally_cold - the rest of a row, written when it begins
 * @first: time it began
 * @missed: packets of the key that may have been counted as lost before, at most
 * @serial: rows the table had begun before it, plus 1
 * @sample: its first packet
 */
struct zpf_tally_cold {
	u64 first;
	u64 missed;
	u64 serial;
	struct zpf_tally_sample sample;
};

/**
 * struct zpf_tally_sum - what a table says besides its rows
 * @lost_packets: of rows that gave way
 * @lost_bytes: of rows that gave way
 * @serial: rows begun so far
 * @base: rows begun before the last reset: those are not there any more
 * @epoch: as zpf_tally_reset() set it
 */
struct zpf_tally_sum {
	u64 lost_packets;
	u64 lost_bytes;
	u64 serial;
	u64 base;
	u32 epoch;
};

/**
 * struct zpf_tally - a table
 * @sum: under @seq
 * @seq: odd while @sum is written
 * @head: first row of a chain, by hash
 * @next: next row of the chain, by row
 * @heap: weight in the upper bits, row in the lowest ZPF_TALLY_BITS; the root
 *	stands at 7, so that the eight children of any place share a cache line
 * @rows: the rows
 * @cold: the rest of them
 */
struct zpf_tally {
	struct zpf_tally_sum sum;
	u32 seq;
	u16 head[2 * ZPF_TALLY_ROWS];
	u16 next[ZPF_TALLY_ROWS];
	u64 heap[ZPF_TALLY_ROWS + 8] __aligned(64);
	struct zpf_tally_row rows[ZPF_TALLY_ROWS];
	struct zpf_tally_cold cold[ZPF_TALLY_ROWS];
};

/* The two halves of a product of 128 bits, one on the other. */
static inline u64 zpf_tally_fold(u64 a, u64 b)
{
#ifdef __SIZEOF_INT128__
	const __uint128_t p = (__uint128_t)a * b;

	return (u64)p ^ (u64)(p >> 64);
#else
	const u64 cross = (a >> 32) * (u32)b ^ (u32)a * (b >> 32);

	return ((u64)(u32)a * (u32)b) ^ ((a >> 32) * (b >> 32)) ^
	       (cross << 32 | cross >> 32);
#endif
}

/**
 * zpf_tally_hash() - hash of a key
 * @code: the key
 * @secret: random words. Who sends packets chooses most of a key, but neither
 *	knows these nor sees a hash, so that he cannot choose what collides
 *
 * Two multiplications, after wyhash (Wang Yi).
 */
static inline u32 zpf_tally_hash(const struct zpf_tally_code *code,
				 const u64 secret[4])
{
	const u64 *w = code->word;
	u64 hash = zpf_tally_fold(w[0] ^ secret[0], w[1] ^ secret[1]) ^
		   zpf_tally_fold(w[2] ^ secret[2], w[3] ^ secret[3]);

	return hash ^ hash >> 32;
}

void zpf_tally_reset(struct zpf_tally *t, u32 epoch);
u32 zpf_tally_find(const struct zpf_tally *t, const struct zpf_tally_code *code,
		   u32 hash);
void zpf_tally_sink(struct zpf_tally *t, u32 at, u64 entry);
void zpf_tally_begin(struct zpf_tally *t, const struct zpf_tally_code *code,
		     u32 hash, unsigned int bytes, u64 now,
		     const struct zpf_tally_sample *sample);
bool zpf_tally_read(const struct zpf_tally *t, u32 i,
		    struct zpf_tally_row *row, struct zpf_tally_cold *cold);
void zpf_tally_read_sum(const struct zpf_tally *t, struct zpf_tally_sum *sum);

/* --- counting a packet: inline, for every drop comes here --- */

#define ZPF_TALLY_ONE	(1ULL << ZPF_TALLY_BITS)
#define ZPF_TALLY_MASK	(ZPF_TALLY_ONE - 1)
#define ZPF_TALLY_ROOT	7

static inline void zpf_tally_seq_begin(u32 *seq)
{
	WRITE_ONCE(*seq, *seq + 1);
	smp_wmb(); /* odd before anything is written; pairs with readers */
}

static inline void zpf_tally_seq_end(u32 *seq)
{
	smp_wmb(); /* everything is written before it is even; the same */
	WRITE_ONCE(*seq, *seq + 1);
}

static inline u32 zpf_tally_chain(u32 hash)
{
	return hash % (2 * ZPF_TALLY_ROWS);
}

static inline bool zpf_tally_same(const struct zpf_tally_code *a,
				  const struct zpf_tally_code *b)
{
	return !((a->word[0] ^ b->word[0]) | (a->word[1] ^ b->word[1]) |
		 (a->word[2] ^ b->word[2]) | (a->word[3] ^ b->word[3]));
}

static __always_inline u32 zpf_tally_look(const struct zpf_tally *t,
					  const struct zpf_tally_code *code,
					  u32 hash)
{
	u32 i = READ_ONCE(t->head[zpf_tally_chain(hash)]), n = 0;

	while (i != ZPF_TALLY_NONE) {
		if (zpf_tally_same(&t->rows[i].code, code))
			return i;
		/* Chains that change under a reader may lead in circles. */
		if (++n > ZPF_TALLY_ROWS)
			return ZPF_TALLY_NONE;
		i = READ_ONCE(t->next[i]);
	}
	return ZPF_TALLY_NONE;
}

static inline u32 zpf_tally_child(u32 at)
{
	return 8 * at - 48;
}

static __always_inline void zpf_tally_add(struct zpf_tally *t, u32 i,
					  unsigned int bytes, u64 now)
{
	struct zpf_tally_row *row = &t->rows[i];
	const u32 at = row->pos;

	zpf_tally_seq_begin(&row->seq);
	row->packets++;
	row->bytes += bytes;
	row->last = now;
	zpf_tally_seq_end(&row->seq);
	/* The frequent ones are at the bottom. */
	if (likely(zpf_tally_child(at) >= ZPF_TALLY_ROOT + ZPF_TALLY_ROWS))
		t->heap[at] += ZPF_TALLY_ONE;
	else
		zpf_tally_sink(t, at, t->heap[at] + ZPF_TALLY_ONE);
}

/**
 * zpf_tally_hit() - count a packet of a key that has a row
 * @t: the table
 * @code: the key
 * @hash: of @code
 * @bytes: length of the packet
 * @now: the time
 *
 * Context: the writer's. Return: false if there is no such row
 */
static __always_inline bool
zpf_tally_hit(struct zpf_tally *t, const struct zpf_tally_code *code, u32 hash,
	      unsigned int bytes, u64 now)
{
	const u32 i = zpf_tally_look(t, code, hash);

	if (unlikely(i == ZPF_TALLY_NONE))
		return false;
	zpf_tally_add(t, i, bytes, now);
	return true;
}

#endif /* ZPF_TALLY_H */
