// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of the drop ledger against a plain count of everything: sums are
 * exact and the error bound holds, for random and for hostile streams.
 */
#include "test.h"
#include "tally.h"

#define N_KEYS	(1 << 18)
#define FLOOD	1500000

static u64 rng = 88172645463325252ULL;

static u64 next_random(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng;
}

/** struct stream - a table and what it should know */
struct stream {
	struct zpf_tally *t;
	u64 n, bytes;
	u32 *count;	/* true number, by key */
	u32 hash_mask;	/* fewer bits: longer chains */
};

static void stream_init(struct stream *s, u32 hash_mask)
{
	memset(s, 0, sizeof(*s));
	/* As the kernel allocates it: zeroed, on a cache line. */
	s->t = aligned_alloc(64, sizeof(*s->t));
	assert_non_null(s->t);
	memset(s->t, 0, sizeof(*s->t));
	zpf_tally_reset(s->t, 1);
	s->count = calloc(N_KEYS, sizeof(*s->count));
	assert_non_null(s->count);
	s->hash_mask = hash_mask;
}

static void stream_free(struct stream *s)
{
	free(s->t);
	free(s->count);
}

static struct zpf_tally_code code_of(u32 id)
{
	return zpf_tally_pack((struct zpf_tally_key){
		.from = id & 7,
		.source = (u64)id >> 3 << 32,
		.proto = 17,
	});
}

static u32 id_of(const struct zpf_tally_row *row)
{
	const struct zpf_tally_key key = zpf_tally_unpack(&row->code);

	return (key.source >> 32 << 3) | key.from;
}

static void drop(struct stream *s, u32 id)
{
	const struct zpf_tally_code code = code_of(id);
	u32 hash = (u32)((id + 1) * 0x9e3779b97f4a7c15ULL >> 32) & s->hash_mask;
	struct zpf_tally_sample sample = { .spi = id };
	unsigned int len = 20 + id % 1000;

	s->n++;
	if (!zpf_tally_hit(s->t, &code, hash, len, s->n))
		zpf_tally_begin(s->t, &code, hash, len, s->n, &sample);
	s->count[id]++;
	s->bytes += len;
}

/* Everything the DOC of tally.c promises. */
static void check(const struct stream *s)
{
	u64 packets = 0, bytes = 0, bound = s->n / ZPF_TALLY_ROWS;
	struct zpf_tally_row row;
	struct zpf_tally_cold cold;
	struct zpf_tally_sum sum;
	u8 *there = calloc(1, N_KEYS);
	u32 i, id;

	assert_non_null(there);
	for (i = 0; i < ZPF_TALLY_ROWS; i++) {
		if (!zpf_tally_read(s->t, i, &row, &cold))
			continue;
		id = id_of(&row);
		assert_true(id < N_KEYS && !there[id]);
		there[id] = 1;
		packets += row.packets;
		bytes += row.bytes;
		assert_true(row.packets <= s->count[id]);
		assert_true(s->count[id] <= row.packets + cold.missed);
		assert_true(cold.missed <= bound);
		assert_true(row.bytes == row.packets * (20 + id % 1000));
		assert_true(cold.first <= row.last && row.last <= s->n);
		assert_true(cold.sample.spi == id);
		assert_true(row.pos >= 7 && row.pos < 7 + ZPF_TALLY_ROWS);
		assert_true(s->t->heap[row.pos] ==
			    ((row.packets + cold.missed) << ZPF_TALLY_BITS | i));
	}
	zpf_tally_read_sum(s->t, &sum);
	assert_true(packets + sum.lost_packets == s->n);
	assert_true(bytes + sum.lost_bytes == s->bytes);
	for (id = 0; id < N_KEYS; id++)
		assert_true(there[id] || s->count[id] <= bound);
	for (i = 7 + 1; i < 7 + ZPF_TALLY_ROWS; i++)
		assert_true(s->t->heap[(i + 48) / 8] >> ZPF_TALLY_BITS <=
			    s->t->heap[i] >> ZPF_TALLY_BITS);
	free(there);
}

/* Fewer keys than rows: nothing is lost, everything is exact. */
static void test_few_keys_are_exact(void **state __attribute__((unused)))
{
	struct stream s;
	struct zpf_tally_sum sum;
	struct zpf_tally_row row;
	struct zpf_tally_cold cold;
	u32 i, rows = 0;

	stream_init(&s, ~0U);
	for (i = 0; i < 50000; i++)
		drop(&s, next_random() % ZPF_TALLY_ROWS);
	check(&s);
	zpf_tally_read_sum(s.t, &sum);
	assert_int_equal(sum.lost_packets, 0);
	for (i = 0; i < ZPF_TALLY_ROWS; i++) {
		if (zpf_tally_read(s.t, i, &row, &cold)) {
			rows++;
			assert_int_equal(row.packets, s.count[id_of(&row)]);
		}
	}
	assert_int_equal(rows, sum.serial);
	stream_free(&s);
}

static void test_uniform_flood(void **state __attribute__((unused)))
{
	struct stream s;
	u32 i;

	stream_init(&s, ~0U);
	for (i = 0; i < FLOOD; i++) {
		drop(&s, next_random() % N_KEYS);
		if (i < 5000 ? i % 501 == 0 : i % 300007 == 0)
			check(&s);
	}
	check(&s);
	stream_free(&s);
}

/* Key k about 1 / (k + 1) of the time. */
static u32 zipf(void)
{
	u32 bits = next_random() % 18, span = 1U << bits;

	return span - 1 + next_random() % span;
}

static void test_zipf_flood(void **state __attribute__((unused)))
{
	struct stream s;
	u32 i;

	stream_init(&s, ~0U);
	for (i = 0; i < FLOOD; i++) {
		drop(&s, zipf());
		if (i % 300007 == 0)
			check(&s);
	}
	check(&s);
	stream_free(&s);
}

/*
 * Elephants take all rows but a few, mice fight for those, one key comes again
 * each time it could have been thrown out: where taking any light row instead
 * of the lightest would lose it without bound.
 */
static void test_hostile_order(void **state __attribute__((unused)))
{
	struct stream s;
	u32 i, k, mouse = 4 * ZPF_TALLY_ROWS;

	stream_init(&s, ~0U);
	for (k = 0; k < 400; k++) {
		for (i = 0; i < ZPF_TALLY_ROWS - 3; i += 1 + k % 3)
			drop(&s, i);
		for (i = 0; i < 300; i++) {
			drop(&s, mouse++ % N_KEYS);
			drop(&s, 2 * ZPF_TALLY_ROWS);
		}
		if (k % 50 == 0)
			check(&s);
	}
	check(&s);
	stream_free(&s);
}

/* Hashes that collide cost time, nothing else. */
static void test_long_chains(void **state __attribute__((unused)))
{
	struct stream s;
	u32 i;

	stream_init(&s, 3);
	for (i = 0; i < 30000; i++)
		drop(&s, zipf());
	check(&s);
	stream_free(&s);
}

static void test_reset(void **state __attribute__((unused)))
{
	struct zpf_tally_row row;
	struct zpf_tally_cold cold;
	struct zpf_tally_sum sum;
	struct stream s;
	u32 i;

	stream_init(&s, ~0U);
	for (i = 0; i < 100000; i++)
		drop(&s, next_random() % 5000);
	check(&s);
	zpf_tally_reset(s.t, 7);
	zpf_tally_read_sum(s.t, &sum);
	assert_int_equal(sum.epoch, 7);
	assert_int_equal(sum.lost_packets, 0);
	for (i = 0; i < ZPF_TALLY_ROWS; i++)
		assert_false(zpf_tally_read(s.t, i, &row, &cold));
	memset(s.count, 0, N_KEYS * sizeof(*s.count));
	s.n = 0;
	s.bytes = 0;
	check(&s);
	for (i = 0; i < 100000; i++)
		drop(&s, next_random() % 5000);
	check(&s);
	stream_free(&s);
}

/* Keys that differ in one field only are different keys. */
static void test_every_field_counts(void **state __attribute__((unused)))
{
	static const struct zpf_tally_key keys[] = {
		{ .from = 0 }, { .from = 1 }, { .to = 1 }, { .ruleset = 1 },
		{ .number = 1 }, { .source = 1 }, { .port = 1 },
		{ .reason = 1 }, { .family = 1 }, { .action = 1 },
		{ .proto = 1 }, { .has = 1 },
	};
	struct zpf_tally_sample sample = { 0 };
	struct zpf_tally_code code;
	struct zpf_tally_key back;
	struct stream s;
	u32 i;

	stream_init(&s, ~0U);
	for (i = 0; i < ARRAY_LEN(keys); i++) {
		code = zpf_tally_pack(keys[i]);
		assert_int_equal(zpf_tally_find(s.t, &code, 5), ZPF_TALLY_NONE);
		assert_false(zpf_tally_hit(s.t, &code, 5, 1, 1));
		zpf_tally_begin(s.t, &code, 5, 1, 1, &sample);
	}
	for (i = 0; i < ARRAY_LEN(keys); i++) {
		code = zpf_tally_pack(keys[i]);
		assert_int_equal(zpf_tally_find(s.t, &code, 5), i);
		assert_true(zpf_tally_hit(s.t, &code, 5, 1, 1));
		assert_int_equal(s.t->rows[i].packets, 2);
	}
	stream_free(&s);

	/* All bits of all fields come back, none of a neighbour. */
	for (i = 0; i < 1000; i++) {
		const struct zpf_tally_key key = {
			.from = next_random(), .to = next_random(),
			.ruleset = next_random(), .number = next_random(),
			.source = next_random(), .port = next_random(),
			.reason = next_random(), .family = next_random(),
			.action = next_random(), .proto = next_random(),
			.has = next_random(),
		};

		code = zpf_tally_pack(key);
		back = zpf_tally_unpack(&code);
		assert_true(back.from == key.from && back.to == key.to &&
			    back.ruleset == key.ruleset && back.number == key.number &&
			    back.source == key.source && back.port == key.port &&
			    back.reason == key.reason && back.family == key.family &&
			    back.action == key.action && back.proto == key.proto &&
			    back.has == key.has);
	}
}

/* Neighbours, as scans make them, spread over the chains as random keys do. */
static void test_hash_spreads(void **state __attribute__((unused)))
{
	static u16 load[2 * ZPF_TALLY_ROWS];
	u64 secret[4] = { next_random(), next_random(), next_random(), next_random() };
	u32 kind, i, most, used;

	for (kind = 0; kind < 4; kind++) {
		memset(load, 0, sizeof(load));
		for (i = 0; i < 2 * ZPF_TALLY_ROWS; i++) {
			struct zpf_tally_key key = { .from = 1, .to = 2, .proto = 17 };
			struct zpf_tally_code code;

			key.port = kind == 0 || kind == 3 ? i : 0;
			key.source = kind == 1 ? i : kind == 3 ? i / 64 : 0;
			key.number = kind == 2 ? i : 0;
			code = zpf_tally_pack(key);
			load[zpf_tally_hash(&code, secret) % (2 * ZPF_TALLY_ROWS)]++;
		}
		for (i = most = used = 0; i < 2 * ZPF_TALLY_ROWS; i++) {
			used += load[i] > 0;
			most = load[i] > most ? load[i] : most;
		}
		/* Random ones use 63 % of the chains, the longest has 6 or 7. */
		assert_true(used > 2 * ZPF_TALLY_ROWS * 6 / 10);
		assert_true(most < 12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_keys_are_exact),
		cmocka_unit_test(test_uniform_flood),
		cmocka_unit_test(test_zipf_flood),
		cmocka_unit_test(test_hostile_order),
		cmocka_unit_test(test_long_chains),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_every_field_counts),
		cmocka_unit_test(test_hash_spreads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
