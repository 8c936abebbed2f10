// SPDX-License-Identifier: GPL-2.0-only
/*
 * The moment a packet is judged, as rules ask for it: see clock.h. Called where
 * a table asks for the time; a dozen steps of bisection, two divisions.
 */
#include <linux/math64.h>
#include "clock.h"

/* The epoch was a Thursday; a week begins on Sunday. */
#define ZPF_EPOCH_WEEK (4 * (ZPF_WEEK / 7))

/**
 * zpf_clock_sound() - are these offsets that clocks can have
 * @offsets: from when on how much
 * @n: how many
 *
 * Return: false if they do not ascend, or if one is a week or more
 */
bool zpf_clock_sound(const struct zpf_offset *offsets, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (offsets[i].ahead >= ZPF_WEEK ||
		    (i && offsets[i].since <= offsets[i - 1].since))
			return false;
	return true;
}

/* The last that has begun; the first before any has. */
static u64 zpf_clock_ahead(const struct zpf_clock *clock, u64 now)
{
	u32 lo = 0, hi = clock->n;

	if (!hi)
		return 0;
	while (hi - lo > 1) {
		const u32 mid = lo + (hi - lo) / 2;

		if (clock->offsets[mid].since <= now)
			lo = mid;
		else
			hi = mid;
	}
	return clock->offsets[lo].ahead;
}

static u64 zpf_clock_week(u64 now, u64 ahead)
{
	u32 second;

	div_u64_rem(now + ahead + ZPF_EPOCH_WEEK, ZPF_WEEK, &second);
	return second;
}

/**
 * zpf_clock_tell() - the numbers that are of the moment
 * @clock: the policy's
 * @now: second since the epoch
 * @more: gains all of ZPF_NUM_CLOCK
 *
 * Context: any.
 */
void zpf_clock_tell(const struct zpf_clock *clock, u64 now,
		    struct zpf_more *more)
{
	more->num[ZPF_NUM_TIME] = now;
	more->num[ZPF_NUM_WEEK] =
		zpf_clock_week(now, zpf_clock_ahead(clock, now));
	more->num[ZPF_NUM_WEEK_UTC] = zpf_clock_week(now, 0);
	more->have |= ZPF_NUM_CLOCK;
}
