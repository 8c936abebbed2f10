// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's table of addresses: groups rules add to, buckets of `recent`.
 */
#include <stdlib.h>
#include "test.h"
#include "srctab.h"

#define SECOND 1000000000ULL

static struct zpf_srctab *table(u32 lines)
{
	struct zpf_srctab *tab = calloc(1, sizeof(*tab) + lines * sizeof(tab->line[0]));

	tab->mask = lines - 1;
	tab->key.key[0] = 0x1234;
	return tab;
}

static enum zpf_src_fate put(struct zpf_srctab *tab, u32 addr, u64 until, u64 now)
{
	struct zpf_in6 in6 = zpf_in6_of4(addr);

	return zpf_srctab_put(tab, zpf_srctab_line(tab, &in6), &in6, until, now);
}

static bool live(struct zpf_srctab *tab, u32 addr, u64 now)
{
	struct zpf_in6 in6 = zpf_in6_of4(addr);

	return zpf_srctab_until(tab, &in6) > now;
}

/* `recent`: does the packet match, that is, is there no token? */
static bool recent(struct zpf_srctab *tab, u32 addr, const struct zpf_rate *rate,
		   u64 now, enum zpf_src_fate *fate)
{
	struct zpf_in6 in6 = zpf_in6_of4(addr);

	return !zpf_srctab_take(tab, zpf_srctab_line(tab, &in6), &in6, rate, now, fate);
}

static void test_time_over(void **state __attribute__((unused)))
{
	struct zpf_srctab *tab = table(1);

	assert_false(live(tab, 0, 0));
	assert_int_equal(put(tab, 1, 100, 10), ZPF_SRC_NEW);
	assert_int_equal(put(tab, 2, ZPF_SRCTAB_FOREVER, 10), ZPF_SRC_NEW);
	assert_true(live(tab, 1, 99));
	assert_false(live(tab, 1, 100));
	assert_false(live(tab, 3, 10));
	assert_true(live(tab, 2, ZPF_SRCTAB_FOREVER - 1));
	/* once more: the time is set anew, up or down */
	assert_int_equal(put(tab, 1, 200, 50), ZPF_SRC_KNOWN);
	assert_true(live(tab, 1, 199));
	assert_int_equal(put(tab, 1, 60, 50), ZPF_SRC_KNOWN);
	assert_false(live(tab, 1, 60));
	free(tab);
}

/* Nine addresses for eight places: what is over goes first, then what is next. */
static void test_who_gives_way(void **state __attribute__((unused)))
{
	struct zpf_srctab *tab = table(1);

	for (u32 i = 1; i <= 8; i++)
		assert_int_equal(put(tab, i, 1000 * i, 1), ZPF_SRC_NEW);
	assert_int_equal(put(tab, 9, 9000, 1000), ZPF_SRC_NEW);
	assert_false(live(tab, 1, 500));
	assert_int_equal(put(tab, 10, 10000, 1000), ZPF_SRC_EVICTED);
	assert_false(live(tab, 2, 1000));
	for (u32 i = 3; i <= 10; i++)
		assert_true(live(tab, i, 1000));
	for (u32 i = 3; i <= 10; i++)
		assert_int_equal(put(tab, i, ZPF_SRCTAB_FOREVER, 1000), ZPF_SRC_KNOWN);
	assert_int_equal(put(tab, 11, ZPF_SRCTAB_FOREVER, 1000), ZPF_SRC_FULL);
	assert_false(live(tab, 11, 1000));
	for (u32 i = 3; i <= 10; i++)
		assert_true(live(tab, i, 1000));
	free(tab);
}

static void test_walk(void **state __attribute__((unused)))
{
	struct zpf_srctab *tab = table(64);
	struct zpf_src src;
	bool seen[51] = { false };
	u32 pos = 0, n = 0;

	for (u32 i = 1; i <= 50; i++)
		assert_int_equal(put(tab, i, i % 2 ? 100 : 300, 1), ZPF_SRC_NEW);
	while (zpf_srctab_next(tab, &pos, 200, &src)) {
		assert_true(src.addr.w[1] <= 50 && !src.addr.w[0]);
		assert_false(seen[src.addr.w[1]]);
		assert_int_equal(src.until, 300);
		seen[src.addr.w[1]] = true;
		n++;
	}
	assert_int_equal(n, 25);
	assert_false(zpf_srctab_next(tab, &pos, 0, &src));
	free(tab);
}

/* The packet behind the count matches, and so does every one at that rate. */
static void test_recent_counts(void **state __attribute__((unused)))
{
	struct zpf_rate rate = zpf_rate_make(60 * SECOND / 4, 4);
	struct zpf_srctab *tab = table(4);
	enum zpf_src_fate fate;
	u64 now = 5;

	for (int i = 0; i < 4; i++)
		assert_false(recent(tab, 1, &rate, now + i, &fate));
	for (int i = 4; i < 20; i++)
		assert_true(recent(tab, 1, &rate, now + i, &fate));
	assert_false(recent(tab, 2, &rate, now, &fate));
	assert_int_equal(fate, ZPF_SRC_NEW);
	/* a quarter of the time gives one packet back, no more */
	now += 15 * SECOND;
	assert_false(recent(tab, 1, &rate, now, &fate));
	assert_int_equal(fate, ZPF_SRC_KNOWN);
	assert_true(recent(tab, 1, &rate, now, &fate));
	now += 60 * SECOND;
	for (int i = 0; i < 4; i++)
		assert_false(recent(tab, 1, &rate, now, &fate));
	assert_true(recent(tab, 1, &rate, now, &fate));
	free(tab);
}

/*
 * More sources than places, in any order: a match is never made that the
 * packets of that source do not justify, counted from one of them on, and every
 * source forgotten is counted.
 */
static void test_recent_never_false(void **state __attribute__((unused)))
{
	enum { SOURCES = 200, PACKETS = 20000, COUNT = 3 };
	struct zpf_rate rate = zpf_rate_make(SECOND, COUNT);
	static u64 times[SOURCES][PACKETS], now;
	unsigned int n[SOURCES] = { 0 }, forgot = 0, matched = 0;
	struct zpf_srctab *tab = table(4);
	enum zpf_src_fate fate;

	srand(1);
	for (int i = 0; i < PACKETS; i++) {
		u32 addr = rand() % (rand() % 2 ? 8 : SOURCES);
		bool justified = false;

		/* busy for a while, then quiet */
		now += i % 5000 < 4000 ? SECOND / 20 : SECOND / 2;
		times[addr][n[addr]++] = now;
		if (recent(tab, addr, &rate, now, &fate)) {
			for (unsigned int k = 0; k < n[addr]; k++)
				justified |= (n[addr] - k - COUNT) * SECOND >
					now - times[addr][k] && n[addr] - k > COUNT;
			assert_true(justified);
			matched++;
		}
		forgot += fate == ZPF_SRC_EVICTED;
	}
	assert_in_range(matched, 100, PACKETS);
	assert_in_range(forgot, 100, PACKETS);
	free(tab);
}

/* With room for all, nothing is ever forgotten. */
static void test_recent_exact(void **state __attribute__((unused)))
{
	enum { SOURCES = 20 };
	struct zpf_rate rate = zpf_rate_make(SECOND, 3);
	struct zpf_srctab *tab = table(64);
	u64 exact[SOURCES] = { 0 }, now = 0, next;
	enum zpf_src_fate fate;

	srand(2);
	for (int i = 0; i < 20000; i++) {
		u32 addr = rand() % SOURCES;
		bool want;

		now += rand() % (SECOND / 10);
		want = !zpf_bucket_next(&rate, exact[addr], now, &next);
		if (!want)
			exact[addr] = next;
		assert_int_equal(recent(tab, addr, &rate, now, &fate), want);
		assert_int_not_equal(fate, ZPF_SRC_EVICTED);
	}
	free(tab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_over),
		cmocka_unit_test(test_who_gives_way),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_recent_counts),
		cmocka_unit_test(test_recent_never_false),
		cmocka_unit_test(test_recent_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
