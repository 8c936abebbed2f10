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
bool zpf_tally_hit(struct zpf_tally *t, const struct zpf_tally_code *code,
		   u32 hash, unsigned int bytes, u64 now);
void zpf_tally_begin(struct zpf_tally *t, const struct zpf_tally_code *code,
		     u32 hash, unsigned int bytes, u64 now,
		     const struct zpf_tally_sample *sample);
bool zpf_tally_read(const struct zpf_tally *t, u32 i,
		    struct zpf_tally_row *row, struct zpf_tally_cold *cold);
void zpf_tally_read_sum(const struct zpf_tally *t, struct zpf_tally_sum *sum);

#endif /* ZPF_TALLY_H */
