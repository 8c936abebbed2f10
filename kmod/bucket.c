// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arithmetic of the token buckets. The number itself lives with its owner
 * (keep.c), which also makes the step atomic.
 */
#include "bucket.h"

/**
 * zpf_rate_make() - parameters of a bucket from its words
 * @interval_ns: time in which one token is earned, from 1
 * @burst: tokens it holds at most, from 1
 *
 * A bucket of more than 146 years is as good as one of 146 years.
 */
struct zpf_rate zpf_rate_make(u64 interval_ns, u32 burst)
{
	const u64 most = 1ULL << 62;
	struct zpf_rate rate = { .interval_ns = interval_ns };

	if (__builtin_mul_overflow(interval_ns, (u64)burst - 1, &rate.depth_ns) ||
	    rate.depth_ns > most)
		rate.depth_ns = most;
	return rate;
}

/**
 * zpf_bucket_next() - is there a token, and what is left afterwards
 * @rate: parameters
 * @tat: the bucket: time at which it will be full again, 0 at first
 * @now: monotonic time, ns
 * @next: new value of the bucket if there was a token
 *
 * Return: true if a token was there
 */
bool zpf_bucket_next(const struct zpf_rate *rate, u64 tat, u64 now, u64 *next)
{
	if (tat < now)
		tat = now;
	if (tat - now > rate->depth_ns)
		return false;
	*next = tat + rate->interval_ns;
	return true;
}

/**
 * zpf_bucket_wait() - how long until there is a token
 * @rate: parameters
 * @tat: the bucket
 * @now: monotonic time, ns
 *
 * Return: ns, 0 where there is one
 */
u64 zpf_bucket_wait(const struct zpf_rate *rate, u64 tat, u64 now)
{
	return tat > now && tat - now > rate->depth_ns ?
		tat - now - rate->depth_ns : 0;
}
