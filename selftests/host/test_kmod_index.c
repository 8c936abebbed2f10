// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's index against its linear walk: each engine alone and all as the
 * module chooses them, caps so small that each is reached, memory that runs
 * out, and rule sets made to break an engine. LONG=N tries N times as much.
 */
#include <stdlib.h>
#include <string.h>
#include "test.h"
#include "index_selftest.h"
#include "linux/sched.h"
#include "linux/slab.h"
#include "shapes.h"

static u32 times(u32 n)
{
	const char *more = getenv("LONG");

	return more ? n * (u32)atoi(more) : n;
}

static void try(const char *what, const struct zpf_index_caps *caps, u32 seed,
		u32 tables, u32 max_rules)
{
	struct zpf_selftest test = {
		.caps = caps, .max_rules = max_rules, .packets = 150,
		.seed = seed * 7919,
	};

	for (u32 i = 0; i < times(tables); i++) {
		u32 start = test.seed;

		test.family = i & 1 ? 10 : 2;
		if (!zpf_selftest_table(&test))
			continue;
		print_error("%s: table %u of seed %u, rule %u: walk %u, index %u\n",
			    what, i, start, test.idx, test.want, test.got);
		fail();
	}
	print_message("%s: seed %u, %u tables (linear %u, bit vectors %u, tuples %u), %llu questions, %llu answers by a rule with a match\n",
		      what, seed, test.tables, test.engines[ZPF_ENGINE_LINEAR],
		      test.engines[ZPF_ENGINE_BITVECTOR],
		      test.engines[ZPF_ENGINE_TUPLE],
		      (unsigned long long)test.asked,
		      (unsigned long long)test.matched);
	/* A test in which little matches would prove little. */
	assert_true(test.matched * 5 > test.asked);
	for (int e = 0; e < 3; e++)
		if ((caps->engines >> e & 1) && tables >= 200 && max_rules > 100)
			assert_true(test.engines[e] > 0);
}

static void test_bitvector(void **state __attribute__((unused)))
{
	struct zpf_index_caps caps = zpf_index_caps;

	caps.engines = 1 << ZPF_ENGINE_BITVECTOR;
	caps.force = true;
	caps.linear = 0;
	try("bit vectors", &caps, 1, 300, 500);
	try("bit vectors, larger", &caps, 2, 20, 3000);
	caps.bv_rules = 64;
	try("bit vectors, small chunks", &caps, 3, 200, 500);
	caps.bv_rules = 2048;
	caps.bv_bytes = 4096;
	caps.bv_rule_bytes = 32;
	try("bit vectors, little memory", &caps, 4, 200, 500);
}

static void test_tuple(void **state __attribute__((unused)))
{
	struct zpf_index_caps caps = zpf_index_caps;

	caps.engines = 1 << ZPF_ENGINE_TUPLE;
	caps.force = true;
	caps.linear = 0;
	try("tuples", &caps, 5, 300, 500);
	try("tuples, larger", &caps, 6, 20, 5000);
	caps.tm_tables = 3;
	caps.tm_chain = 2;
	try("tuples, tight caps", &caps, 7, 300, 500);
}

static void test_chosen(void **state __attribute__((unused)))
{
	struct zpf_index_caps caps = zpf_index_caps;

	try("as chosen", &caps, 8, 200, 500);
	try("as chosen, small", &caps, 9, 1500, 40);
	try("as chosen, larger", &caps, 10, 20, 5000);
	caps.linear = 4;
	caps.force = true;
	try("all engines", &caps, 11, 300, 300);
}

/* Every allocation fails once; the sanitizer sees what is not freed. */
static void test_memory(void **state __attribute__((unused)))
{
	struct zpf_index_caps caps = zpf_index_caps;
	int failed = 0;

	caps.force = true;
	caps.linear = 0;
	for (int engines = 1; engines < 4; engines++) {
		caps.engines = 2 * engines;
		for (int n = 0;; n++) {
			struct zpf_selftest test = {
				.caps = &caps, .family = n & 1 ? 10 : 2,
				.max_rules = 300, .packets = 1, .seed = 4321,
			};
			int err;

			zpf_shadow_memory = n;
			err = zpf_selftest_table(&test);
			zpf_shadow_memory = -1;
			if (!err)
				break;
			assert_int_equal(err, -ENOMEM);
			failed++;
		}
	}
	assert_true(failed > 30);
}

/* --- rule sets of a shape, some made to break an engine --- */

/* No engine may take more, whatever the rules are. */
static void assert_caps(const struct zpf_table *t, const struct zpf_index_caps *caps)
{
	struct zpf_index_stat stat;
	u64 cap = (u64)t->n_rules * caps->bv_rule_bytes;

	zpf_index_stat(t, &stat);
	assert_true(stat.tables <= caps->tm_tables);
	assert_true(stat.chain <= caps->tm_chain);
	/* Bit vectors by their cap, else hash tables at least a quarter full, with glances. */
	assert_true(stat.bytes <= (cap > caps->bv_bytes ? cap : caps->bv_bytes) +
				  t->n_rules * 40ULL + 65536);
}

static void ask_corners(const struct ruleset *rs, u32 n)
{
	const struct zpf_table *t = &rs->table;

	for (u32 i = 0; i < n; i++) {
		struct zpf_key key;
		u32 from = i % 8 ? 0 : shape_rnd(t->n_rules);

		shape_key(rs, shape_rnd(t->n_rules), &key);
		assert_int_equal(zpf_table_next(t, rs->sets, &key, from),
				 zpf_table_walk(t, rs->sets, &key, from, t->n_rules));
	}
}

static void build_and_ask(struct ruleset *rs, const char *name, u32 questions)
{
	struct zpf_index_stat stat;

	zpf_shadow_hold();
	assert_int_equal(zpf_index_build(&rs->table, rs->sets, &zpf_index_caps), 0);
	cond_resched();
	zpf_index_stat(&rs->table, &stat);
	print_message("%s, %u rules, ipv%d: engine %u, %u tables, %u chunks, %llu bytes, cpu held for %llu us\n",
		      name, rs->table.n_rules, rs->table.family == 2 ? 4 : 6,
		      stat.engine, stat.tables, stat.chunks,
		      (unsigned long long)stat.bytes, zpf_shadow_held_ns / 1000);
	assert_caps(&rs->table, &zpf_index_caps);
	/* 10 ms is the limit; the sanitizers cost about that factor. */
	assert_true(zpf_shadow_held_ns < 100 * 1000 * 1000);
	ask_corners(rs, questions);
	zpf_index_free(&rs->table);
}

static void test_shapes(void **state __attribute__((unused)))
{
	static const u32 sizes[] = { 17, 100, 1000, 10000 };

	for (size_t s = 0; s < n_shapes; s++)
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
			for (int v6 = 0; v6 < 2; v6++) {
				struct ruleset *rs = shape_make(&shapes[s], sizes[i], v6);

				build_and_ask(rs, shapes[s].name,
					      times(sizes[i] > 1000 ? 60 : 400));
				shape_free(rs);
			}
}

static void test_many(void **state __attribute__((unused)))
{
	for (size_t s = 0; s < n_shapes; s++) {
		struct ruleset *rs = shape_make(&shapes[s], 100000, s & 1);

		build_and_ask(rs, shapes[s].name, times(10));
		shape_free(rs);
	}
}

/* A group of a hundred thousand prefixes, which some of many rules ask for. */
static void test_large_group(void **state __attribute__((unused)))
{
	const struct shape *fw1 = &shapes[1];
	struct ruleset *rs = shape_make(fw1, 500, false);
	struct zpf_set *set = rs->sets[3];

	assert_string_equal(fw1->name, "fw1");
	free(set->data);
	set->n = 100000;
	set->data = calloc(set->n, sizeof(*set->r4));
	for (u32 i = 0; i < set->n; i++)
		set->r4[i] = (struct zpf_range4){ 0x0a000000 + i * 512,
						  0x0a000000 + i * 512 + 255 };
	for (u32 i = 0; i < 500; i += 50) {
		struct zpf_rule *r = &rs->table.rules[i];

		r->match = (r->match & ~ZPF_M_SADDR) | ZPF_M_SSET;
		r->saddr.lo = 3;
	}
	build_and_ask(rs, "large group", times(2000));
	shape_free(rs);
}

static void test_load(void **state __attribute__((unused)))
{
	assert_int_equal(zpf_selftest_load(), 0);
	assert_true(zpf_shadow_yields > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bitvector),
		cmocka_unit_test(test_tuple),
		cmocka_unit_test(test_chosen),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_large_group),
		cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
