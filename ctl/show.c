// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the show commands have in common: see show.h.
 */
#include <inttypes.h>
#include <time.h>

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

uint64_t zpf_show_unix(const struct zpf_snapshot *s, uint64_t ns, uint64_t *age)
{
	/* A hit between dump and status looks as if it had not happened yet. */
	*age = ns < s->status.boottime_ns ? s->status.boottime_ns - ns : 0;
	return s->status.unix_ns - *age;
}

void zpf_show_last(struct zpf_rows *r, const struct zpf_snapshot *s,
		   uint64_t last_ns)
{
	uint64_t age, unix_ns;

	if (!last_ns) {
		zpf_rows_time(r, 0, 0);
		return;
	}
	unix_ns = zpf_show_unix(s, last_ns, &age);
	zpf_rows_time(r, unix_ns, age);
}

int zpf_show_zone(const struct zpf_snapshot *s, const char *name, uint32_t *id)
{
	char known[1024] = "";
	size_t i, len = 0;

	for (i = 0; i < s->n_zones; i++) {
		if (!strcmp(s->zones[i].name, name)) {
			*id = s->zones[i].id;
			return 0;
		}
		if (len < sizeof(known))
			len += snprintf(known + len, sizeof(known) - len, "%s%s",
					len ? ", " : "", s->zones[i].name);
	}
	if (!strcmp(name, "none")) {
		*id = 0;
		return 0;
	}
	return zpf_cmd_error("no zone '%s': expected one of %s", name, known);
}

int zpf_show_from_to(struct zpf_ctx *ctx, const char **from, const char **to)
{
	int i;

	*from = *to = NULL;
	for (i = 0; i < ctx->argc; i += 2) {
		const char **which = !strcmp(ctx->argv[i], "from") ? from :
				     !strcmp(ctx->argv[i], "to") ? to : NULL;

		if (!which)
			return zpf_cmd_usage(ctx->cmd, "'%s': expected from or to",
					     ctx->argv[i]);
		if (*which)
			return zpf_cmd_usage(ctx->cmd, "%s is given twice", ctx->argv[i]);
		if (i + 1 == ctx->argc)
			return zpf_cmd_usage(ctx->cmd, "%s which zone?", ctx->argv[i]);
		*which = ctx->argv[i + 1];
	}
	return 0;
}

int zpf_show_since(struct zpf_ctx *ctx, const struct zpf_snapshot *s,
		   uint64_t *since_ns)
{
	uint64_t age = 0, unix_ns;
	const char *end = NULL;
	struct tm tm = { 0 };

	*since_ns = 0;
	if (!ctx->since)
		return 0;
	age = zpf_cmd_span(ctx->since) * 1000000000ULL;
	if (!age) {
		end = strptime(ctx->since, "%Y-%m-%dT%H:%M:%SZ", &tm);
		if (!end || *end)
			return zpf_cmd_usage(ctx->cmd, "--since '%s': expected a span such as 90s, 5m, 2h, 3d, or a time such as 2026-01-31T12:00:00Z",
					     ctx->since);
		unix_ns = timegm(&tm) * 1000000000ULL;
		if (unix_ns < s->status.unix_ns)
			age = s->status.unix_ns - unix_ns;
	}
	if (age < s->status.boottime_ns)
		*since_ns = s->status.boottime_ns - age;
	return 0;
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
