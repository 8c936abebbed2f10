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
		if ((caps->engines >> e & 1) && max_rules > 100)
			assert_true(test.engines[e] > tables / 50);
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
		cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
