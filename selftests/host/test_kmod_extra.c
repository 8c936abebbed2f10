// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's side records: every number a rule may ask for, in its set, just
 * beside it and absent; addresses under a mask, inverted too; and the name a
 * failure gets.
 */
#include <string.h>
#include "test.h"
#include "table.h"

static struct zpf_range64 ten_r[] = { { 10, 12 }, { ~0ULL, ~0ULL } };
static struct zpf_range4 four_r[] = { { 9, 9 }, { 0x0a000000, 0x0a0000ff } };
static struct zpf_range6 six_r[] = { { { 0, 9 }, { 0, 9 } }, { { 5, 0 }, { 5, 3 } } };
static struct zpf_set ten = { .kind = ZPF_SET_NUMBER, .n = 2, .r64 = ten_r };
static struct zpf_set four = { .kind = ZPF_SET_IPV4, .n = 2, .r4 = four_r };
static struct zpf_set six = { .kind = ZPF_SET_IPV6, .n = 2, .r6 = six_r };
static struct zpf_set none = { .kind = ZPF_SET_NUMBER };
static struct zpf_set *const sets[] = { &ten, &four, &six, &none };
enum { TEN, FOUR, SIX, NONE };

static void every_number(void **state __attribute__((unused)))
{
	static const struct {
		u64 v;
		bool in;
	} values[] = {
		{ 9, false }, { 10, true }, { 11, true }, { 12, true },
		{ 13, false }, { 0, false }, { ~0ULL, true }, { ~0ULL - 1, false },
	};

	for (int num = 1; num <= ZPF_NUM_MAX; num++) {
		struct zpf_extra extra = { .nums = ZPF_NUM_BIT(num) };
		struct zpf_key key = { 0 };

		memset(extra.set, 0xff, sizeof(extra.set));
		extra.set[num] = TEN;
		for (size_t i = 0; i < ARRAY_LEN(values); i++) {
			key.more.have = ZPF_NUM_BIT(num);
			key.more.num[num] = values[i].v;
			assert_int_equal(zpf_extra_matches(&extra, sets, &key),
					 values[i].in);
			/* not there: all others are, and what stands there counts not */
			key.more.have = ~ZPF_NUM_BIT(num);
			assert_false(zpf_extra_matches(&extra, sets, &key));
		}
	}
}

static void all_must_hold(void **state __attribute__((unused)))
{
	struct zpf_extra extra = { .nums = ZPF_NUM_BIT(ZPF_NUM_TTL) |
					   ZPF_NUM_BIT(ZPF_NUM_DSCP) };
	struct zpf_key key = { .more.have = ~0U };

	extra.set[ZPF_NUM_TTL] = TEN;
	extra.set[ZPF_NUM_DSCP] = TEN;
	for (int both = 0; both < 4; both++) {
		key.more.num[ZPF_NUM_TTL] = both & 1 ? 10 : 9;
		key.more.num[ZPF_NUM_DSCP] = both & 2 ? 12 : 13;
		assert_int_equal(zpf_extra_matches(&extra, sets, &key), both == 3);
	}
	/* nothing is in an empty set */
	key.more.num[ZPF_NUM_TTL] = 10;
	extra.set[ZPF_NUM_DSCP] = NONE;
	assert_false(zpf_extra_matches(&extra, sets, &key));
}

static void masked4(void **state __attribute__((unused)))
{
	static const struct {
		u32 mask, addr;
		bool in;
	} rows[] = {
		{ 0xff, 0x0a010109, true }, { 0xff, 0x0a01010a, false },
		{ 0xffffffff, 9, true }, { 0xffffffff, 0x0109, false },
		{ 0xff0000ff, 0x0a123455, true }, { 0xff0000ff, 0x0b123455, false },
		{ 0, 0x09, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (int not = 0; not < 2; not++) {
			struct zpf_extra s = { .match = ZPF_X_SMASK,
				.not = not ? ZPF_NOT_SADDR : ZPF_NOT_DADDR,
				.saddr = { { { 0, rows[i].mask } }, FOUR } };
			struct zpf_extra d = { .match = ZPF_X_DMASK,
				.not = not ? ZPF_NOT_DADDR : ZPF_NOT_SADDR,
				.daddr = s.saddr };
			struct zpf_key ks = { .s4 = rows[i].addr, .d4 = ~rows[i].addr };
			struct zpf_key kd = { .d4 = rows[i].addr, .s4 = ~rows[i].addr };

			assert_int_equal(zpf_extra_matches(&s, sets, &ks),
					 rows[i].in != not);
			assert_int_equal(zpf_extra_matches(&d, sets, &kd),
					 rows[i].in != not);
		}
}

static void masked6(void **state __attribute__((unused)))
{
	static const struct {
		struct zpf_in6 mask, addr;
		bool in;
	} rows[] = {
		{ { { 0, 0xff } }, { { 0xfd01000000000000, 0x0109 } }, true },
		{ { { 0, 0xff } }, { { 0xfd01000000000000, 0x010a } }, false },
		{ { { 7, ~3ULL } }, { { 0xfd, 3 } }, true },
		{ { { 7, ~3ULL } }, { { 0xfd, 4 } }, false },
		{ { { 7, ~3ULL } }, { { 0xfe, 3 } }, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (int not = 0; not < 2; not++) {
			struct zpf_extra s = { .match = ZPF_X_SMASK,
				.not = not ? ZPF_NOT_SADDR : 0,
				.saddr = { rows[i].mask, SIX } };
			struct zpf_extra d = { .match = ZPF_X_DMASK,
				.not = not ? ZPF_NOT_DADDR : 0,
				.daddr = { rows[i].mask, SIX } };
			struct zpf_key ks = { .s6 = rows[i].addr };
			struct zpf_key kd = { .d6 = rows[i].addr };

			assert_int_equal(zpf_extra_matches(&s, sets, &ks),
					 rows[i].in != not);
			assert_int_equal(zpf_extra_matches(&d, sets, &kd),
					 rows[i].in != not);
		}
}

/* Each rare match that fails alone has a name of its own. */
static void every_failure_has_a_name(void **state __attribute__((unused)))
{
	struct zpf_rule rule = { .match = ZPF_M_EXTRA, .extra = 1 };
	struct zpf_extra extra = { .nums = 0 };
	struct zpf_table t = { .family = 2, .n_rules = 1, .rules = &rule,
			       .extras = &extra, .n_extras = 1 };
	struct zpf_key key = { 0 };

	for (int num = 1; num <= ZPF_NUM_MAX; num++) {
		u8 why;

		extra.nums = ZPF_NUM_BIT(num);
		extra.set[num] = TEN;
		why = zpf_rule_why(&t, &rule, sets, &key);
		assert_true(why > ZPF_WHY_NONE && why < ZPF_WHY_OTHER);
	}
	key.more.have = ZPF_NUM_BIT(ZPF_NUM_TTL);
	key.more.num[ZPF_NUM_TTL] = 11;
	extra.nums |= key.more.have;
	assert_int_not_equal(zpf_rule_why(&t, &rule, sets, &key), ZPF_WHY_TTL);
	extra.nums = key.more.have;
	extra.set[ZPF_NUM_TTL] = TEN;
	assert_int_equal(zpf_rule_why(&t, &rule, sets, &key), ZPF_WHY_NONE);
	key.more.num[ZPF_NUM_TTL] = 13;
	assert_int_equal(zpf_rule_why(&t, &rule, sets, &key), ZPF_WHY_TTL);

	extra = (struct zpf_extra){ .match = ZPF_X_SMASK, .saddr.set = FOUR };
	assert_int_equal(zpf_rule_why(&t, &rule, sets, &key), ZPF_WHY_SRC_ADDRESS);
	extra = (struct zpf_extra){ .match = ZPF_X_DMASK, .daddr.set = FOUR };
	assert_int_equal(zpf_rule_why(&t, &rule, sets, &key), ZPF_WHY_DST_ADDRESS);
}

static void order_of_sets(void **state __attribute__((unused)))
{
	static struct zpf_range64 bad[][2] = {
		{ { 1, 2 }, { 3, 4 } },		/* touch */
		{ { 1, 5 }, { 3, 9 } },		/* overlap */
		{ { 5, 6 }, { 1, 2 } },		/* not ascending */
		{ { 1, 2 }, { 9, 8 } },		/* ends before it begins */
		{ { 1, ~0ULL }, { 1, 1 } },	/* nothing is behind the last */
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct zpf_set s = { .kind = ZPF_SET_NUMBER, .n = 2, .have = 2,
				     .r64 = bad[i] };

		assert_false(zpf_set_ordered(&s, 0));
	}
	ten.have = ten.n;
	assert_true(zpf_set_ordered(&ten, 0));
	assert_int_equal(zpf_set_elem_size(ZPF_SET_NUMBER), 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number),
		cmocka_unit_test(all_must_hold),
		cmocka_unit_test(masked4),
		cmocka_unit_test(masked6),
		cmocka_unit_test(every_failure_has_a_name),
		cmocka_unit_test(order_of_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
