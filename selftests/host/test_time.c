// SPDX-License-Identifier: GPL-2.0-only
/*
 * `time`: what the tool reads from the machine's time zone, what it makes of
 * dates, days and times of day, and what the module's clock makes of that. Zones
 * are given by their rule, so that no zone data is needed.
 */
#include <time.h>

#include "test.h"
#include "tz.h"
#include "value.h"

#include "../../kmod/clock.h"

#define BERLIN		"CET-1CEST,M3.5.0,M10.5.0/3"
#define NEW_YORK	"EST5EDT,M3.2.0,M11.1.0"
#define LORD_HOWE	"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"	/* half an hour */
#define NOW		1795273200	/* 2026-11-21 */
#define BEHIND(h)	(ZPF_WEEK - (h) * 3600)

static void zone(const char *tz)
{
	setenv("TZ", tz, 1);
	tzset();
}

static void changes_of(const char *tz, const struct zpf_offset *want, size_t n_want,
		       size_t n_all)
{
	struct zpf_arena arena = { 0 };
	struct zpf_offset *got;
	size_t n;

	zone(tz);
	got = zpf_tz_offsets(&arena, NOW, &n);
	assert_int_equal(n, n_all);
	assert_true(zpf_clock_sound(got, n));
	for (size_t i = 0; i < n_want; i++) {
		assert_int_equal(got[i].since, want[i].since);
		assert_int_equal(got[i].ahead, want[i].ahead);
	}
	zpf_arena_free(&arena);
}

static void clocks_are_set(void **state)
{
	static const struct zpf_offset berlin[] = {
		{ 0, 3600 },
		{ 1774746000, 7200 },	/* 2026-03-29 01:00 UTC */
		{ 1792890000, 3600 },	/* 2026-10-25 01:00 UTC */
		{ 1806195600, 7200 },	/* 2027-03-28 01:00 UTC */
		{ 1824944400, 3600 },	/* 2027-10-31 01:00 UTC */
	}, new_york[] = {
		{ 0, BEHIND(5) },
		{ 1772953200, BEHIND(4) },	/* 2026-03-08 07:00 UTC */
		{ 1793512800, BEHIND(5) },	/* 2026-11-01 06:00 UTC */
		{ 1805007600, BEHIND(4) },	/* 2027-03-14 07:00 UTC */
		{ 1825567200, BEHIND(5) },	/* 2027-11-07 06:00 UTC */
	}, utc[] = { { 0, 0 } }, india[] = { { 0, 19800 } };

	(void)state;
	/* twice a year, twenty years from now on */
	changes_of(BERLIN, berlin, ARRAY_LEN(berlin), 1 + 2 * 21);
	changes_of(NEW_YORK, new_york, ARRAY_LEN(new_york), 1 + 2 * 21);
	changes_of("UTC0", utc, 1, 1);
	changes_of("IST-5:30", india, 1, 1);
}

/* A machine without a clock says 1970 at boot, and hears of the time later. */
static void years_do_not_begin_with_the_clock(void **state)
{
	struct zpf_arena arena = { 0 };
	struct zpf_offset *at_1970, *at_2050;
	size_t n, more;

	(void)state;
	zone(BERLIN);
	at_1970 = zpf_tz_offsets(&arena, 100, &n);
	assert_int_equal(n, 41);
	assert_int_equal(at_1970[1].since, 1774746000);
	at_2050 = zpf_tz_offsets(&arena, 2524608000, &more);
	assert_int_equal(more, 41 + 2 * 24);
	assert_memory_equal(at_1970, at_2050, n * sizeof(*at_1970));
	assert_true(at_2050[more - 1].since > 2524608000 + 19LL * 365 * 86400);
	zpf_arena_free(&arena);
}

/* What the module says a clock shows is what the C library says it shows. */
static void week_is_what_clocks_show(void **state)
{
	static const char *const zones[] = { BERLIN, NEW_YORK, LORD_HOWE, "UTC0" };
	struct zpf_arena arena = { 0 };

	(void)state;
	for (size_t z = 0; z < ARRAY_LEN(zones); z++) {
		struct zpf_clock clock = { 0 };
		size_t n;

		zone(zones[z]);
		clock.offsets = zpf_tz_offsets(&arena, NOW, &n);
		clock.n = (u32)n;
		for (int64_t t = 1767225600; t < 1767225600 + 20LL * 365 * 86400;) {
			struct zpf_more more = { 0 };
			time_t at = (time_t)t;
			struct tm tm;

			zpf_clock_tell(&clock, (u64)t, &more);
			assert_int_equal(more.have, ZPF_NUM_CLOCK);
			assert_int_equal(more.num[ZPF_NUM_TIME], t);
			localtime_r(&at, &tm);
			assert_int_equal(more.num[ZPF_NUM_WEEK], tm.tm_wday * 86400 +
					 tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
			gmtime_r(&at, &tm);
			assert_int_equal(more.num[ZPF_NUM_WEEK_UTC], tm.tm_wday * 86400 +
					 tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
			t += 1801;
		}
		/* and on both sides of every change */
		for (size_t i = 1; i < n; i++)
			for (int64_t t = (int64_t)clock.offsets[i].since - 1;
			     t <= (int64_t)clock.offsets[i].since; t++) {
				struct zpf_more more = { 0 };
				time_t at = (time_t)t;
				struct tm tm;

				zpf_clock_tell(&clock, (u64)t, &more);
				localtime_r(&at, &tm);
				assert_int_equal(more.num[ZPF_NUM_WEEK],
						 tm.tm_wday * 86400 + tm.tm_hour * 3600 +
						 tm.tm_min * 60 + tm.tm_sec);
			}
	}
	zpf_arena_free(&arena);
}

static void clock_without_offsets_shows_utc(void **state)
{
	struct zpf_clock clock = { 0 };
	struct zpf_more more = { 0 };

	(void)state;
	zpf_clock_tell(&clock, 3 * 86400 - 1, &more);	/* Saturday 23:59:59 */
	assert_int_equal(more.num[ZPF_NUM_WEEK], ZPF_WEEK - 1);
	zpf_clock_tell(&clock, 3 * 86400, &more);
	assert_int_equal(more.num[ZPF_NUM_WEEK], 0);
}

static void offsets_that_cannot_be(void **state)
{
	struct zpf_offset two[] = { { 5, 0 }, { 6, ZPF_WEEK - 1 } };

	(void)state;
	assert_true(zpf_clock_sound(NULL, 0));
	assert_true(zpf_clock_sound(two, 2));
	two[1].since = 5;
	assert_false(zpf_clock_sound(two, 2));
	two[1].since = 4;
	assert_false(zpf_clock_sound(two, 2));
	two[1] = (struct zpf_offset){ 6, ZPF_WEEK };
	assert_false(zpf_clock_sound(two, 2));
}

static int64_t civil(const char *text)
{
	struct zpf_value_ctx ctx = { 0 };
	struct zpf_v_date date = { 0 };

	assert_int_equal(zpf_value_parse(ZPF_KIND_DATE, &ctx, text, &date), 0);
	return date.civil;
}

static void dates_are_moments(void **state)
{
	(void)state;
	zone(BERLIN);
	assert_int_equal(zpf_tz_moment(civil("2026-01-01")), 1767222000);
	assert_int_equal(zpf_tz_moment(civil("2026-07-15T12:00")), 1784109600);
	/* left out: when the clocks are set; shown twice: the first time */
	assert_int_equal(zpf_tz_moment(civil("2026-03-29T01:59:59")), 1774745999);
	assert_int_equal(zpf_tz_moment(civil("2026-03-29T02:00:00")), 1774746000);
	assert_int_equal(zpf_tz_moment(civil("2026-03-29T02:30:00")), 1774746000);
	assert_int_equal(zpf_tz_moment(civil("2026-03-29T03:00:00")), 1774746000);
	assert_int_equal(zpf_tz_moment(civil("2026-03-29T03:00:01")), 1774746001);
	assert_int_equal(zpf_tz_moment(civil("2026-10-25T02:00:00")), 1792886400);
	assert_int_equal(zpf_tz_moment(civil("2026-10-25T02:59:59")), 1792889999);
	assert_int_equal(zpf_tz_moment(civil("2026-10-25T03:00:00")), 1792893600);
	zone(NEW_YORK);
	assert_int_equal(zpf_tz_moment(civil("2027-03-14T02:30:00")), 1805007600);
	assert_int_equal(zpf_tz_moment(civil("2026-11-01T01:30:00")), 1793511000);
	assert_int_equal(zpf_tz_moment(civil("2026-11-01T02:00:00")), 1793516400);
	zone("UTC0");
	assert_int_equal(zpf_tz_moment(civil("1970-01-01")), 0);
}

static void days_by_name_and_number(void **state)
{
	static const struct {
		const char *text;
		uint32_t days;	/* 0: refused */
	} rows[] = {
		{ "Sun", 0x01 }, { "Sunday", 0x01 }, { "0", 0x01 }, { "6", 0x40 },
		{ "sat", 0x40 }, { "SATURDAY", 0x40 }, { "Mon,Tue", 0x06 },
		{ "1, wed ,5", 0x2a }, { "Mon,Mon", 0x02 }, { "!Sat,Sun", 0x3e },
		{ "!Sat,!Sun", 0x3e }, { "!0", 0x7e },
		{ "", 0 }, { "7", 0 }, { "Mo", 0 }, { "Mond", 0 }, { "Mon,", 0 },
		{ "!", 0 }, { "Mon;Tue", 0 }, { "Mon,!Tue", 0 },
		{ "!Mon,!Tue,Wed", 0 }, { "!!Mon", 0 },
		{ "!0,1,2,3,4,5,6", 0 }, { "06", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zpf_arena arena = { 0 };
		struct zpf_value_ctx ctx = { .arena = &arena };
		struct zpf_v_word v = { 0 };
		int ret = zpf_value_parse(ZPF_KIND_WEEKDAYS, &ctx, rows[i].text, &v);

		if (ret != (rows[i].days ? 0 : -1) || (!ret && v.v != rows[i].days))
			fail_msg("'%s': %d, %x", rows[i].text, ret, v.v);
		assert_true(!ret || *ctx.err);
		zpf_arena_free(&arena);
	}
}

static void dates_and_times_of_day(void **state)
{
	static const struct {
		enum zpf_kind kind;
		const char *text;
		int64_t v;	/* -1: refused */
	} rows[] = {
		{ ZPF_KIND_DAYTIME, "00:00", 0 }, { ZPF_KIND_DAYTIME, "23:59:59", 86399 },
		{ ZPF_KIND_DAYTIME, "09:05:07", 32707 }, { ZPF_KIND_DAYTIME, "24:00", -1 },
		{ ZPF_KIND_DAYTIME, "9:05", -1 }, { ZPF_KIND_DAYTIME, "12", -1 },
		{ ZPF_KIND_DAYTIME, "12:60", -1 }, { ZPF_KIND_DAYTIME, "12:00:60", -1 },
		{ ZPF_KIND_DAYTIME, "12:00:", -1 }, { ZPF_KIND_DAYTIME, "12:00:00 ", -1 },
		{ ZPF_KIND_DAYTIME, "", -1 }, { ZPF_KIND_DAYTIME, "-1:00", -1 },
		{ ZPF_KIND_DATE, "1970-01-01", 0 }, { ZPF_KIND_DATE, "2028-02-29", 1835395200 },
		{ ZPF_KIND_DATE, "2026-02-29", -1 }, { ZPF_KIND_DATE, "2026-04-31", -1 },
		{ ZPF_KIND_DATE, "2026-12-31T23:59:59", 1798761599 },
		{ ZPF_KIND_DATE, "2026-12-31T23:59", 1798761540 },
		{ ZPF_KIND_DATE, "2026-12-31 23:59", -1 }, { ZPF_KIND_DATE, "2026-12-31T", -1 },
		{ ZPF_KIND_DATE, "2026-12-31T24:00", -1 }, { ZPF_KIND_DATE, "1969-12-31", -1 },
		{ ZPF_KIND_DATE, "2026-13-01", -1 }, { ZPF_KIND_DATE, "2026-00-01", -1 },
		{ ZPF_KIND_DATE, "2026-01-00", -1 }, { ZPF_KIND_DATE, "2026-1-1", -1 },
		{ ZPF_KIND_DATE, "26-01-01", -1 }, { ZPF_KIND_DATE, "", -1 },
		{ ZPF_KIND_DATE, "2026-01-01x", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zpf_value_ctx ctx = { 0 };
		struct zpf_v_date date = { 0 };
		struct zpf_v_num num = { 0 };
		bool is_date = rows[i].kind == ZPF_KIND_DATE;
		int ret = zpf_value_parse(rows[i].kind, &ctx, rows[i].text,
					  is_date ? (void *)&date : &num);

		if (ret != (rows[i].v < 0 ? -1 : 0) ||
		    (!ret && (is_date ? date.civil : num.v) != rows[i].v))
			fail_msg("'%s': %d", rows[i].text, ret);
		assert_true(!ret || *ctx.err);
	}
}

/* Rules as the kernel gets them, in Berlin. */
static const struct {
	const char *rule;	/* options, ';' between two */
	const char *nums;	/* number ranges, in decimal */
	bool offsets;
} rules[] = {
	{ "weekdays Mon", "week 86400-172799", true },
	{ "weekdays 0,1,2,3,4,5,6", "week 0-604799", true },
	{ "starttime 08:00;stoptime 18:00;weekdays Sat,Sun", "week 28800-64799 547200-583199", true },
	{ "starttime 22:00;stoptime 06:00;weekdays Sun", "week 0-21599 79200-86399", true },
	{ "starttime 22:00;stoptime 00:00;weekdays Sun", "week 79200-86399", true },
	/* Saturday's end and Sunday's begin do not touch, Sunday's and Monday's do */
	{ "starttime 22:00;stoptime 06:00;weekdays Sun,Mon", "week 0-21599 79200-107999 165600-172799",
	  true },
	{ "starttime 23:59:59;weekdays 6", "week 604799-604799", true },
	{ "stoptime 00:00:01;weekdays 6", "week 518400-518400", true },
	{ "utc;weekdays Mon", "week-utc 86400-172799", false },
	{ "startdate 2026-07-15", "time 1784066400-18446744073709551615", false },
	{ "stopdate 2026-07-15", "time 0-1784066399", false },
	{ "startdate 2026-07-15;stopdate 2026-07-16", "time 1784066400-1784152799", false },
	{ "startdate 2026-07-15;starttime 12:00;stopdate 2026-07-15;stoptime 12:00:01",
	  "time 1784109600-1784109600", false },
	{ "startdate 2026-07-15T00:00;starttime 12:00;weekdays Sun",
	  "time 1784066400-18446744073709551615 week 43200-86399", true },
	{ "utc;startdate 2026-07-15", "time 1784073600-18446744073709551615", false },
	/* both in the hour that is left out: no moment between them */
	{ "startdate 2026-03-29T02:10;stopdate 2026-03-29T02:20", "time", false },
	/* the first second of 1970 in Berlin was one of 1969 elsewhere */
	{ "startdate 1970-01-01", "time 0-18446744073709551615", false },
	{ "stopdate 1970-01-01", "time", false },
};

static void rules_are_numbers(void **state)
{
	(void)state;
	zone(BERLIN);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		char text[1024], got[512] = "";
		const struct zpf_flat_rule *r;
		const char *s = rules[i].rule;
		struct job j = { 0 };
		size_t at;

		at = (size_t)snprintf(text, sizeof(text), "set firewall zone Z member interface eth9\n"
				      "set firewall zone Z default-firewall name A\n"
				      "set firewall ipv4 name A rule 1 action accept\n");
		for (size_t n; *s; s += n + !!s[n]) {
			n = strcspn(s, ";");
			at += (size_t)snprintf(text + at, sizeof(text) - at,
					       "set firewall ipv4 name A rule 1 time %.*s\n", (int)n, s);
		}
		job_text(&j, text);
		if (!job_compile(&j, 0))
			zpf_diag_print(&j.diag, stderr);
		assert_non_null(j.policy);
		assert_int_equal(j.policy->n_offsets > 1, rules[i].offsets);
		r = &j.policy->tables[0].rules[0];
		assert_int_equal(r->match, ZPF_FLAT_NUM);
		for (size_t k = 0; k < r->rare->n_nums; k++) {
			const struct zpf_flat_set *set = &j.policy->sets[r->rare->nums[k].set];

			at = strlen(got);
			snprintf(got + at, sizeof(got) - at, "%s%s", at ? " " : "",
				 r->rare->nums[k].what == ZPF_NUM_TIME ? "time" :
				 r->rare->nums[k].what == ZPF_NUM_WEEK ? "week" : "week-utc");
			for (size_t e = 0; e < set->n; e++) {
				at = strlen(got);
				snprintf(got + at, sizeof(got) - at, " %llu-%llu",
					 (unsigned long long)set->r64[e].lo,
					 (unsigned long long)set->r64[e].hi);
			}
		}
		assert_string_equal(got, rules[i].nums);
		job_end(&j);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_are_set),
		cmocka_unit_test(years_do_not_begin_with_the_clock),
		cmocka_unit_test(week_is_what_clocks_show),
		cmocka_unit_test(clock_without_offsets_shows_utc),
		cmocka_unit_test(offsets_that_cannot_be),
		cmocka_unit_test(dates_are_moments),
		cmocka_unit_test(days_by_name_and_number),
		cmocka_unit_test(dates_and_times_of_day),
		cmocka_unit_test(rules_are_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
