// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the show commands have in common: see show.h.
 */
#include <inttypes.h>

#include "show.h"
#include "xmem.h"

int zpf_show_fetch(unsigned int what, struct zpf_snapshot *s)
{
	struct zpf_nl *nl;
	char why[512];
	int ret = 0;

	memset(s, 0, sizeof(*s));
	if (zpf_nl_open_zpf(&nl) || zpf_fetch(nl, what, s)) {
		ret = zpf_cmd_error("%s", zpf_nl_why(nl, why, sizeof(why)));
		zpf_snapshot_free(s);
	}
	zpf_nl_close(nl);
	return ret;
}

void zpf_show_last(struct zpf_rows *r, const struct zpf_snapshot *s,
		   uint64_t last_ns)
{
	uint64_t age;

	if (!last_ns) {
		zpf_rows_time(r, 0, 0);
		return;
	}
	/* A hit between dump and status looks as if it had not happened yet. */
	age = last_ns < s->status.boottime_ns ? s->status.boottime_ns - last_ns : 0;
	zpf_rows_time(r, s->status.unix_ns - age, age);
}

const char *zpf_show_rule(char *buf, size_t size, uint32_t number)
{
	if (number)
		snprintf(buf, size, "%" PRIu32, number);
	else
		snprintf(buf, size, "default");
	return buf;
}

bool zpf_counter_same_group(const struct zpf_counter *a, const struct zpf_counter *b)
{
	return a->kind == b->kind && a->family == b->family &&
	       a->from == b->from && a->to == b->to && a->hook == b->hook;
}

enum zpf_verdict_kind zpf_counter_verdict(const struct zpf_counter *c, bool leaves)
{
	bool top = leaves || !c->table || !c->ruleset || !strcmp(c->table, c->ruleset);

	switch (c->action) {
	case ZPF_ACTION_ACCEPT:
		return ZPF_VERDICT_ACCEPTED;
	case ZPF_ACTION_DROP:
	case ZPF_ACTION_REJECT:
		return ZPF_VERDICT_DROPPED;
	case ZPF_ACTION_RETURN:
		return top ? ZPF_VERDICT_ACCEPTED : ZPF_VERDICT_NONE;
	case ZPF_ACTION_CONTINUE:
		return top && !c->number ? ZPF_VERDICT_ACCEPTED : ZPF_VERDICT_NONE;
	default:
		return ZPF_VERDICT_NONE;
	}
}
