// SPDX-License-Identifier: GPL-2.0-only
/*
 * `time` of a rule as numbers: dates are seconds since the epoch, days and times
 * of day are seconds of the week on the machine's clocks, of which the policy
 * says when they are set. So a rule holds by what a clock shows, also where it
 * shows an hour twice or leaves one out.
 */
#include <time.h>

#include "flat.h"
#include "tz.h"
#include "when.h"

static uint64_t moment(const struct zpf_rule *in, int64_t civil)
{
	int64_t t = in->rare->time_utc.node ? civil : zpf_tz_moment(civil);

	return t < 0 ? 0 : (uint64_t)t;
}

static void flat_dates(struct zpf_flat *f, const struct zpf_rule *in,
		       const struct zpf_when *when, struct zpf_flat_rule *r)
{
	uint64_t from = when->begins ? moment(in, when->from) : 0;
	uint64_t to = when->ends ? moment(in, when->to) : UINT64_MAX;
	struct zpf_range64 range = { .lo = from, .hi = when->ends ? to - 1 : to };
	struct zpf_v_nums v = { .r = &range, .n = from < to };

	v.node = when->begins ? in->rare->startdate.node : in->rare->stopdate.node;
	zpf_flat_num(f, r, ZPF_NUM_TIME, &v, NULL, 0);
}

/**
 * zpf_flat_time() - when a rule holds
 * @f: what is being laid flat
 * @in: the rule
 * @r: gets the matches
 */
void zpf_flat_time(struct zpf_flat *f, const struct zpf_rule *in,
		   struct zpf_flat_rule *r)
{
	bool utc = in->rare->time_utc.node;
	struct zpf_range64 week[ZPF_WHEN_MAX];
	struct zpf_v_nums v = { .r = week };
	struct zpf_when when;

	zpf_when_read(in, &when);
	if (when.begins || when.ends)
		flat_dates(f, in, &when, r);
	if (!when.weekly)
		return;
	v.n = zpf_when_week(in, week);
	v.node = in->rare->weekdays.node ? in->rare->weekdays.node :
		in->rare->starttime.node ? in->rare->starttime.node : in->rare->stoptime.node;
	zpf_flat_num(f, r, utc ? ZPF_NUM_WEEK_UTC : ZPF_NUM_WEEK, &v, NULL, 0);
	if (!utc && !f->p->n_offsets)
		f->p->offsets = zpf_tz_offsets(f->arena, time(NULL),
					       &f->p->n_offsets);
}
