// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `time` of a rule asks for, as VyOS has it: a date and the time beside it
 * are one moment; a time without a date is one of every day. Called by
 * check_rules and flat_time.
 */
#include "range.h"
#include "when.h"

/* One end: is the time of day the date's, or one of every day? */
static bool joined(const struct zpf_v_date *date, const struct zpf_v_num *time)
{
	return date->node && date->whole && time->node;
}

static int64_t moment(const struct zpf_v_date *date, const struct zpf_v_num *time)
{
	return date->civil + (joined(date, time) ? time->v : 0);
}

/**
 * zpf_when_read() - when does a rule hold
 * @r: the rule
 * @when: filled in
 */
void zpf_when_read(const struct zpf_rule *r, struct zpf_when *when)
{
	*when = (struct zpf_when){
		.begins = r->rare->startdate.node,
		.ends = r->rare->stopdate.node,
		.from = moment(&r->rare->startdate, &r->rare->starttime),
		.to = moment(&r->rare->stopdate, &r->rare->stoptime),
		.hi = ZPF_DAY,
	};
	if (r->rare->starttime.node && !joined(&r->rare->startdate, &r->rare->starttime)) {
		when->lo = r->rare->starttime.v;
		when->weekly = true;
	}
	if (r->rare->stoptime.node && !joined(&r->rare->stopdate, &r->rare->stoptime)) {
		when->hi = r->rare->stoptime.v;
		when->weekly = true;
	}
	if (r->rare->weekdays.node)
		when->weekly = true;
	when->mixed = r->rare->starttime.node && r->rare->stoptime.node &&
		joined(&r->rare->startdate, &r->rare->starttime) !=
		joined(&r->rare->stopdate, &r->rare->stoptime);
}

/**
 * zpf_when_week() - the seconds of a week a rule holds in
 * @r: the rule
 * @week: gets them, from Sunday 00:00 on, merged
 *
 * Behind midnight it is another day: that day must be asked for.
 *
 * Return: how many ranges
 */
size_t zpf_when_week(const struct zpf_rule *r, struct zpf_range64 week[ZPF_WHEN_MAX])
{
	struct zpf_when when;
	size_t n = 0;

	zpf_when_read(r, &when);
	for (uint64_t day = 0; day < 7; day++) {
		uint64_t at = day * ZPF_DAY;

		if (r->rare->weekdays.node && !(r->rare->weekdays.v & 1U << day))
			continue;
		if (when.hi > when.lo) {
			week[n++] = (struct zpf_range64){ at + when.lo,
				at + when.hi - 1 };
			continue;
		}
		if (when.hi)
			week[n++] = (struct zpf_range64){ at, at + when.hi - 1 };
		week[n++] = (struct zpf_range64){ at + when.lo, at + ZPF_DAY - 1 };
	}
	return zpf_range64_merge(week, n);
}
