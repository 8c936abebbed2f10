// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's token buckets: exact numbers of tokens at exact times.
 */
#include "test.h"
#include "bucket.h"

static u64 take_all(const struct zpf_rate *rate, u64 *tat, u64 now)
{
	u64 n = 0;

	while (n < 100000 && zpf_bucket_next(rate, *tat, now, tat))
		n++;
	return n;
}

static void test_burst_then_refill(void **state __attribute__((unused)))
{
	struct zpf_rate rate = zpf_rate_make(100, 5);
	u64 tat = 0;

	assert_int_equal(take_all(&rate, &tat, 1000), 5);
	assert_int_equal(take_all(&rate, &tat, 1000), 0);
	assert_int_equal(take_all(&rate, &tat, 1099), 0);
	assert_int_equal(take_all(&rate, &tat, 1100), 1);
	assert_int_equal(take_all(&rate, &tat, 1350), 2);
	assert_int_equal(take_all(&rate, &tat, 1399), 0);
	assert_int_equal(take_all(&rate, &tat, 1400), 1);
	assert_int_equal(take_all(&rate, &tat, 1000000), 5);
}

static void test_one_token(void **state __attribute__((unused)))
{
	struct zpf_rate rate = zpf_rate_make(ZPF_MAX_LIMIT_NS, 1);
	u64 tat = 0;

	assert_int_equal(take_all(&rate, &tat, 1), 1);
	assert_int_equal(take_all(&rate, &tat, ZPF_MAX_LIMIT_NS), 0);
	assert_int_equal(take_all(&rate, &tat, ZPF_MAX_LIMIT_NS + 1), 1);
}

static void test_saturates(void **state __attribute__((unused)))
{
	struct zpf_rate rate = zpf_rate_make(ZPF_MAX_LIMIT_NS, ZPF_MAX_BURST);
	u64 tat = 0;

	assert_true(rate.depth_ns == 1ULL << 62);
	assert_true(take_all(&rate, &tat, 1) > 50000);
	rate = zpf_rate_make(1, 1);
	assert_int_equal(rate.depth_ns, 0);
}

/* A refused packet costs nothing: the bucket is as it was. */
static void test_refused_is_free(void **state __attribute__((unused)))
{
	struct zpf_rate rate = zpf_rate_make(10, 1);
	u64 tat = 0, was;

	assert_int_equal(take_all(&rate, &tat, 5), 1);
	was = tat;
	assert_false(zpf_bucket_next(&rate, tat, 6, &tat));
	assert_true(tat == was);
	assert_int_equal(zpf_bucket_wait(&rate, tat, 6), 9);
	assert_int_equal(zpf_bucket_wait(&rate, tat, 15), 0);
	assert_int_equal(zpf_bucket_wait(&rate, tat, 100), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_then_refill),
		cmocka_unit_test(test_one_token),
		cmocka_unit_test(test_saturates),
		cmocka_unit_test(test_refused_is_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
