/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `time` of a rule asks for.
 */
#ifndef ZPF_CTL_WHEN_H
#define ZPF_CTL_WHEN_H

#include "model.h"

#define ZPF_DAY		86400
#define ZPF_WHEN_MAX	14	/* ranges of a week: two a day */

/**
 * struct zpf_when - dates, and times of certain days
 * @begins: it has a beginning
 * @ends: it has an end
 * @from: first second, as clocks show it
 * @to: first second behind it
 * @weekly: it asks for days or times of day
 * @lo: second of the day at which it begins
 * @hi: first second of the day behind it; not above @lo: behind midnight
 * @mixed: of two times one is a moment, the other one of every day
 */
struct zpf_when {
	bool begins, ends;
	int64_t from, to;
	bool weekly;
	uint32_t lo, hi;
	bool mixed;
};

void zpf_when_read(const struct zpf_rule *r, struct zpf_when *when);
size_t zpf_when_week(const struct zpf_rule *r, struct zpf_range64 week[ZPF_WHEN_MAX]);

#endif /* ZPF_CTL_WHEN_H */
