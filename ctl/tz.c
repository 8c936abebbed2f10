// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine's time zone, as the C library has it (TZ, /etc/localtime), for
 * the kernel, which has none: see struct zpf_offset. Called by flat_time and,
 * for a moment somebody asks about, by packet.
 */
#include <time.h>

#include "tz.h"

#define DAY	86400

/*
 * A machine without a clock of its own says it is 1970 when it loads its
 * policy, and hears later what time it is: what is carried begins on a day
 * that was there before zpf, whatever the clock says. 2026-01-01.
 */
#define FIRST	1767225600
#define AHEAD	(20LL * 365 * DAY)

/* How far ahead of UTC the clocks are. */
static int64_t offset(int64_t t)
{
	time_t at = (time_t)t;
	struct tm tm;

	return localtime_r(&at, &tm) ? tm.tm_gmtoff : 0;
}

/* The first second of another offset than that at @lo, up to @hi, which has it. */
static int64_t change(int64_t lo, int64_t hi)
{
	int64_t before = offset(lo);

	while (hi - lo > 1) {
		int64_t mid = lo + (hi - lo) / 2;

		if (offset(mid) == before)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

/**
 * zpf_tz_moment() - when do the clocks show this, or more, for the first time
 * @civil: what they show: seconds since 1970-01-01 00:00 on them
 *
 * What they show twice is the first time; what they leave out is the moment
 * they are set.
 *
 * Return: seconds since the epoch
 */
int64_t zpf_tz_moment(int64_t civil)
{
	int64_t before, behind;

	tzset();
	/* No zone is more than a day off, and none is set twice in two days. */
	before = offset(civil - DAY - DAY / 2);
	behind = offset(civil + DAY + DAY / 2);
	if (offset(civil - before) == before)
		return civil - before;
	if (offset(civil - behind) == behind)
		return civil - behind;
	return change(civil - DAY - DAY / 2, civil + DAY + DAY / 2);
}

static uint64_t ahead(int64_t t)
{
	return (uint64_t)((offset(t) + ZPF_WEEK) % ZPF_WEEK);
}

/**
 * zpf_tz_offsets() - how far ahead of UTC the clocks are, for years ahead
 * @arena: gets the answer
 * @now: second since the epoch: twenty years from there on
 * @n: how many, at most ZPF_MAX_OFFSETS
 */
struct zpf_offset *zpf_tz_offsets(struct zpf_arena *arena, int64_t now, size_t *n)
{
	struct zpf_offset *all = NULL, one = { .since = 0 };
	int64_t end = (now > FIRST ? now : FIRST) + AHEAD;

	tzset();
	*n = 0;
	one.ahead = ahead(FIRST);
	ZPF_PUSH(arena, all, *n, one);
	for (int64_t t = FIRST; t < end && *n < ZPF_MAX_OFFSETS; t += DAY) {
		if (offset(t) == offset(t + DAY))
			continue;
		one.since = (uint64_t)change(t, t + DAY);
		one.ahead = ahead(t + DAY);
		ZPF_PUSH(arena, all, *n, one);
	}
	return all;
}
