// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values that are spans of time, dates, times of day and days of the week.
 * Called through the table of value.c. Which moment a date is on the machine's
 * clocks: tz.c.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "value.h"
#include "value_read.h"

#define ALL_DAYS 0x7f

/** zpf_value_time() - a span of time */
int zpf_value_time(struct zpf_value_ctx *c, const char *s, void *out)
{
	static const struct {
		char letter;
		uint32_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	size_t digits = strspn(s, "0123456789");
	struct zpf_v_time *v = out;
	char text[16];
	int64_t n = -1;

	if (digits && digits < sizeof(text) && s[digits] && !s[digits + 1]) {
		memcpy(text, s, digits);
		text[digits] = '\0';
		n = zpf_value_number(text, 1000000000);
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (n < 1 || s[digits] != units[i].letter)
			continue;
		if (n > 100LL * 365 * 86400 / units[i].seconds)
			return zpf_value_refuse(c, "'%s': at most 100 years", s);
		v->ns = (uint64_t)n * units[i].seconds * 1000000000ULL;
		return 0;
	}
	return zpf_value_unlike(c, ZPF_KIND_TIME, s);
}

/* Exactly @digits digits, at most @max; -1 where it is something else. */
static int part(const char **s, int digits, int max)
{
	int v = 0;

	for (int i = 0; i < digits; i++) {
		if (**s < '0' || **s > '9')
			return -1;
		v = v * 10 + *(*s)++ - '0';
	}
	return v <= max ? v : -1;
}

static bool mark(const char **s, char c)
{
	return *(*s)++ == c;
}

/* hh:mm or hh:mm:ss, to the end; the second of the day, or -1 */
static int daytime(const char *s)
{
	int h = part(&s, 2, 23), m = -1, sec = 0;

	if (h >= 0 && mark(&s, ':'))
		m = part(&s, 2, 59);
	if (m >= 0 && *s)
		sec = mark(&s, ':') ? part(&s, 2, 59) : -1;
	return m < 0 || sec < 0 || *s ? -1 : h * 3600 + m * 60 + sec;
}

/** zpf_value_daytime() - second of the day */
int zpf_value_daytime(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_num *v = out;
	int sec = daytime(s);

	if (sec < 0)
		return zpf_value_unlike(c, ZPF_KIND_DAYTIME, s);
	v->v = (uint32_t)sec;
	return 0;
}

/** zpf_value_date() - a date from 1970 on, and perhaps a time of that day */
int zpf_value_date(struct zpf_value_ctx *c, const char *s, void *out)
{
	int year = 0, month = 0, day = 0, sec = 0;
	struct zpf_v_date *v = out;
	const char *p = s;
	struct tm tm;

	year = part(&p, 4, 9999);
	if (year >= 0 && mark(&p, '-'))
		month = part(&p, 2, 12);
	if (month > 0 && mark(&p, '-'))
		day = part(&p, 2, 31);
	if (day > 0 && *p)
		sec = mark(&p, 'T') ? daytime(p) : -1;
	if (month <= 0 || day <= 0 || sec < 0)
		return zpf_value_unlike(c, ZPF_KIND_DATE, s);
	if (year < 1970)
		return zpf_value_refuse(c, "'%s': years begin with 1970", s);
	tm = (struct tm){ .tm_year = year - 1900, .tm_mon = month - 1,
		.tm_mday = day };
	v->civil = timegm(&tm) + sec;
	v->whole = !strchr(s, 'T');
	if (tm.tm_mday != day)
		return zpf_value_refuse(c, "'%s': this month has no day %d", s, day);
	return 0;
}

static int weekday(const char *s)
{
	static const char *const names[] = { "Sunday", "Monday", "Tuesday",
		"Wednesday", "Thursday", "Friday", "Saturday" };

	if (*s >= '0' && *s <= '6' && !s[1])
		return *s - '0';
	for (int i = 0; i < 7; i++)
		if (!strcasecmp(s, names[i]) ||
		    (strlen(s) == 3 && !strncasecmp(s, names[i], 3)))
			return i;
	return -1;
}

/**
 * zpf_value_weekdays() - days as a mask, Sunday is bit 0
 *
 * `!` in front of the first is in front of all of them, and may stand before
 * each; days with and days without it together could mean two things.
 */
int zpf_value_weekdays(struct zpf_value_ctx *c, const char *s, void *out)
{
	char *rest = zpf_arena_strdup(c->arena, s), *word;
	struct zpf_v_word *v = out;
	bool first = true, all_not = false, any_not = false, plain = false;
	uint32_t days = 0;

	while ((word = strsep(&rest, ","))) {
		bool not;
		int day;

		word += strspn(word, " ");
		word[strcspn(word, " ")] = '\0';
		day = weekday(zpf_value_negated(word, &not));
		if (day < 0)
			return zpf_value_unlike(c, ZPF_KIND_WEEKDAYS, s);
		if (first)
			all_not = not;
		else if (not)
			any_not = true;
		else
			plain = true;
		first = false;
		days |= 1U << day;
	}
	if (any_not && (plain || !all_not))
		return zpf_value_refuse(c, "'%s': ! stands in front of the first day, for all of them, or of each",
					s);
	v->v = all_not ? ALL_DAYS & ~days : days;
	if (!v->v)
		return zpf_value_refuse(c, "'%s' leaves no day", s);
	return 0;
}
