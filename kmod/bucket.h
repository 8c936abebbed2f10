/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Token buckets as a single number, the theoretical arrival time of the
 * generic cell rate algorithm (ITU-T I.371): no timer, no refill. Portable.
 */
#ifndef ZPF_BUCKET_H
#define ZPF_BUCKET_H

#include <linux/types.h>

/**
 * struct zpf_rate - parameters of a bucket
 * @interval_ns: time in which one token is earned; 0: no limit
 * @depth_ns: time the bucket may run ahead: (burst - 1) * @interval_ns
 */
struct zpf_rate {
	u64 interval_ns;
	u64 depth_ns;
};

struct zpf_rate zpf_rate_make(u64 interval_ns, u32 burst);
bool zpf_bucket_next(const struct zpf_rate *rate, u64 tat, u64 now,
		     u64 *next);
u64 zpf_bucket_wait(const struct zpf_rate *rate, u64 tat, u64 now);

#endif /* ZPF_BUCKET_H */
