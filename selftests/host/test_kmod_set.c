// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's sets and interface patterns, against plain loops.
 */
#include <stdlib.h>
#include "test.h"

static unsigned int looks;	/* at ranges, since a test began to count */
#define zpf_set_look(range) (looks++, (range))
#include "../../kmod/set.c"

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

/*
 * A set of 100,000 prefixes: what a packet costs at most. Every range, and the
 * address in front of and behind it.
 */
static void test_looks(void **state __attribute__((unused)))
{
	const u32 n = 100000;
	struct zpf_range4 *few = calloc(n, sizeof(*few));
	struct zpf_range6 *many = calloc(n, sizeof(*many));
	struct zpf_set set4 = { .kind = ZPF_SET_IPV4, .n = n, .r4 = few };
	struct zpf_set set6 = { .kind = ZPF_SET_IPV6, .n = n, .r6 = many };
	unsigned int most4 = 0, most6 = 0;

	for (u32 i = 0; i < n; i++) {
		few[i] = (struct zpf_range4){ i << 14, (i << 14) + 255 };
		many[i] = (struct zpf_range6){ { i, 1 }, { i, ~0ULL } };
	}
	for (u32 i = 0; i < n; i++) {
		for (u32 at = 0; at <= 256; at += 128) {
			looks = 0;
			assert_int_equal(zpf_set_has4(&set4, (i << 14) + at), at < 256);
			most4 = looks > most4 ? looks : most4;
		}
		for (u64 at = 0; at < 2; at++) {
			looks = 0;
			assert_int_equal(zpf_set_has6(&set6, &(struct zpf_in6){ { i, at } }), at);
			most6 = looks > most6 ? looks : most6;
		}
	}
	assert_int_equal(most4, 17);
	assert_int_equal(most6, 17);
	free(few);
	free(many);
}

/* Sets whose contents change under the policy: one swap, other answers. */
static void test_filled(void **state __attribute__((unused)))
{
	struct zpf_set whole = { .kind = ZPF_SET_IPV4, .n = 5, .r4 = r4 };
	struct zpf_range6 r6[] = { { { 1, 0 }, { 1, 9 } } };
	struct zpf_set whole6 = { .kind = ZPF_SET_IPV6, .n = 1, .r6 = r6 };
	struct zpf_set *now = NULL, *now6 = NULL;
	struct zpf_set set = { .kind = ZPF_SET_IPV4, .sort = ZPF_SET_FILLED, .now = &now };
	struct zpf_set set6 = { .kind = ZPF_SET_IPV6, .sort = ZPF_SET_FILLED, .now = &now6 };

	assert_false(zpf_set_has4(&set, 10));
	assert_false(zpf_set_has6(&set6, &(struct zpf_in6){ { 1, 5 } }));
	now = &whole;
	now6 = &whole6;
	assert_true(zpf_set_has4(&set, 10));
	assert_false(zpf_set_has4(&set, 9));
	assert_true(zpf_set_has6(&set6, &(struct zpf_in6){ { 1, 9 } }));
	assert_false(zpf_set_has6(&set6, &(struct zpf_in6){ { 1, 10 } }));
	whole.n = 0;
	assert_false(zpf_set_has4(&set, 10));
}

static void test_union(void **state __attribute__((unused)))
{
	struct zpf_range4 one[] = { { 5, 6 } };
	struct zpf_set whole = { .kind = ZPF_SET_IPV4, .n = 5, .r4 = r4 };
	struct zpf_set fixed = { .kind = ZPF_SET_IPV4, .n = 1, .r4 = one };
	struct zpf_set *now = &whole;
	struct zpf_set filled = { .kind = ZPF_SET_IPV4, .sort = ZPF_SET_FILLED, .now = &now };
	const struct zpf_set *members[] = { &fixed, &filled };
	struct zpf_set set = { .kind = ZPF_SET_IPV4, .sort = ZPF_SET_UNION, .n = 2,
		.members = members };

	assert_true(zpf_set_has4(&set, 5));
	assert_true(zpf_set_has4(&set, 10));
	assert_false(zpf_set_has4(&set, 7));
	now = NULL;
	assert_true(zpf_set_has4(&set, 5));
	assert_false(zpf_set_has4(&set, 10));
	set.n = 0;
	assert_false(zpf_set_has4(&set, 5));
}

/* The time of an address in a dynamic set ends by itself, to the nanosecond. */
static void test_dynamic(void **state __attribute__((unused)))
{
	struct zpf_srctab *table = calloc(1, sizeof(*table) + 4 * sizeof(table->line[0]));
	struct zpf_set set = { .kind = ZPF_SET_IPV4, .sort = ZPF_SET_DYNAMIC, .table = &table };
	struct zpf_set set6 = { .kind = ZPF_SET_IPV6, .sort = ZPF_SET_DYNAMIC, .table = &table };
	struct zpf_in6 addr = zpf_in6_of4(77), addr6 = { { 7, 77 } };

	table->mask = 3;
	zpf_srctab_put(table, zpf_srctab_line(table, &addr), &addr, 1000, 1);
	zpf_srctab_put(table, zpf_srctab_line(table, &addr6), &addr6, 2000, 1);
	shadow_now_ns = 999;
	assert_true(zpf_set_has4(&set, 77));
	assert_false(zpf_set_has4(&set, 78));
	assert_true(zpf_set_has6(&set6, &addr6));
	assert_false(zpf_set_has6(&set6, &(struct zpf_in6){ { 6, 77 } }));
	shadow_now_ns = 1000;
	assert_false(zpf_set_has4(&set, 77));
	assert_true(zpf_set_has6(&set6, &addr6));
	free(table);
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
		cmocka_unit_test(test_looks),
		cmocka_unit_test(test_filled),
		cmocka_unit_test(test_union),
		cmocka_unit_test(test_dynamic),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
