// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's interval sets and interface patterns, against plain loops.
 */
#include "test.h"
#include "set.h"

static struct zpf_range4 r4[] = {
	{ 0, 0 }, { 10, 19 }, { 21, 21 }, { 100, 200 }, { 0xfffffffe, 0xffffffff }
};

static void test_has4_edges(void **state __attribute__((unused)))
{
	struct zpf_set set = { .kind = ZPF_SET_IPV4, .n = 5, .r4 = r4 };
	static const struct {
		u32 addr;
		bool in;
	} rows[] = {
		{ 0, true }, { 1, false }, { 9, false }, { 10, true },
		{ 19, true }, { 20, false }, { 21, true }, { 22, false },
		{ 99, false }, { 100, true }, { 200, true }, { 201, false },
		{ 0xfffffffd, false }, { 0xfffffffe, true }, { 0xffffffff, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(zpf_set_has4(&set, rows[i].addr), rows[i].in);
	set.n = 0;
	assert_false(zpf_set_has4(&set, 0));
}

static void test_has_port_all(void **state __attribute__((unused)))
{
	struct zpf_range_port r[] = { { 0, 1 }, { 80, 80 }, { 443, 500 }, { 65535, 65535 } };
	struct zpf_set set = { .kind = ZPF_SET_PORT, .n = 4, .port = r };

	for (u32 port = 0; port <= 65535; port++) {
		bool in = false;

		for (int i = 0; i < 4; i++)
			in |= port >= r[i].lo && port <= r[i].hi;
		assert_int_equal(zpf_set_has_port(&set, port), in);
	}
}

static void test_has6_words(void **state __attribute__((unused)))
{
	struct zpf_range6 r[] = {
		{ { 1, 0 }, { 1, ~0ULL } },
		{ { 2, 5 }, { 3, 5 } },
	};
	struct zpf_set set = { .kind = ZPF_SET_IPV6, .n = 2, .r6 = r };
	static const struct {
		struct zpf_in6 addr;
		bool in;
	} rows[] = {
		{ { { 0, ~0ULL } }, false }, { { { 1, 0 } }, true },
		{ { { 1, ~0ULL } }, true }, { { { 2, 4 } }, false },
		{ { { 2, 5 } }, true }, { { { 3, 0 } }, true },
		{ { { 3, 5 } }, true }, { { { 3, 6 } }, false },
		{ { { ~0ULL, ~0ULL } }, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(zpf_set_has6(&set, &rows[i].addr), rows[i].in);
}

static void test_order(void **state __attribute__((unused)))
{
	struct zpf_set set = { .kind = ZPF_SET_IPV4, .n = 5, .have = 5, .r4 = r4 };
	struct zpf_range4 touch[] = { { 1, 2 }, { 3, 4 } };
	struct zpf_range4 last[] = { { 1, 0xffffffff }, { 0, 0 } };
	struct zpf_range4 turned[] = { { 2, 1 } };
	struct zpf_range6 wrap[] = { { { 0, 0 }, { ~0ULL, ~0ULL } }, { { 0, 1 }, { 0, 1 } } };
	struct zpf_range6 gap[] = { { { 0, 0 }, { 0, ~0ULL } }, { { 1, 1 }, { 1, 1 } } };
	struct zpf_range_port top[] = { { 1, 65535 }, { 0, 0 } };

	assert_true(zpf_set_ordered(&set, 0));
	set.have = 2;
	set.r4 = touch;
	assert_false(zpf_set_ordered(&set, 0));
	set.r4 = last;
	assert_false(zpf_set_ordered(&set, 0));
	set.have = 1;
	set.r4 = turned;
	assert_false(zpf_set_ordered(&set, 0));
	set = (struct zpf_set){ .kind = ZPF_SET_IPV6, .have = 2, .r6 = wrap };
	assert_false(zpf_set_ordered(&set, 0));
	set.r6 = gap;
	assert_true(zpf_set_ordered(&set, 0));
	gap[1].lo[1] = 0;
	assert_false(zpf_set_ordered(&set, 0));
	set = (struct zpf_set){ .kind = ZPF_SET_PORT, .have = 2, .port = top };
	assert_false(zpf_set_ordered(&set, 0));
}

static void test_patterns(void **state __attribute__((unused)))
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} rows[] = {
		{ "eth1", "eth1", true }, { "eth1", "eth10", false },
		{ "eth10", "eth1", false }, { "eth1*", "eth1", true },
		{ "eth1*", "eth1.40", true }, { "eth1.*", "eth1", false },
		{ "eth1.*", "eth1.4", true }, { "*", "lo", true },
		{ "pppoe*", "ppp0", false }, { "a*b", "a*b", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(zpf_name_matches(rows[i].pattern, rows[i].name),
				 rows[i].matches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has4_edges),
		cmocka_unit_test(test_has_port_all),
		cmocka_unit_test(test_has6_words),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
