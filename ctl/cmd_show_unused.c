// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show unused: rules that no pair has hit since their counters began,
 * or since a given time, and how long they have been watched. A rule whose
 * counters are younger than that time is not yet known to be unused.
 */
#include "show.h"
#include "xmem.h"

static const struct zpf_col zpf_unused_cols[] = {
	{ "FAMILY", NULL, 0 },
	{ "RULESET", NULL, 0 },
	{ "RULE", NULL, 0 },
	{ "ACTION", NULL, ZPF_COL_ACTION },
	{ "LAST", "last_hit", ZPF_COL_RIGHT },
	{ "OBSERVED", "observed_since", ZPF_COL_RIGHT },
};

/** struct zpf_used - a rule, over all pairs that reach it */
struct zpf_used {
	const struct zpf_counter *c;
	uint64_t last_ns, since_ns;
};

static int zpf_used_cmp(const void *a, const void *b)
{
	const struct zpf_counter *x = ((const struct zpf_used *)a)->c;
	const struct zpf_counter *y = ((const struct zpf_used *)b)->c;
	int d = x->family - y->family;

	if (!d)
		d = strcmp(x->ruleset, y->ruleset);
	return d ? d : (x->number > y->number) - (x->number < y->number);
}

/* One row a rule: the newest hit of its pairs, the oldest beginning. */
static size_t zpf_used_collect(const struct zpf_snapshot *s, struct zpf_used *used)
{
	size_t i, n = 0, out = 0;

	for (i = 0; i < s->n_counters; i++) {
		const struct zpf_counter *c = &s->counters[i];

		if (c->kind != ZPF_COUNTER_STATE && c->ruleset && c->number)
			used[n++] = (struct zpf_used){ c, c->last_ns, c->since_ns };
	}
	qsort(used, n, sizeof(*used), zpf_used_cmp);
	for (i = 0; i < n; i++) {
		if (!out || zpf_used_cmp(&used[out - 1], &used[i])) {
			used[out++] = used[i];
			continue;
		}
		if (used[i].last_ns > used[out - 1].last_ns)
			used[out - 1].last_ns = used[i].last_ns;
		if (used[i].since_ns < used[out - 1].since_ns)
			used[out - 1].since_ns = used[i].since_ns;
	}
	return out;
}

static bool zpf_is_unused(const struct zpf_used *u, bool ever, uint64_t since_ns)
{
	if (ever)
		return !u->last_ns;
	return u->last_ns < since_ns && u->since_ns <= since_ns;
}

/** zpf_cmd_show_unused() - run `zpfctl show unused` */
int zpf_cmd_show_unused(struct zpf_ctx *ctx)
{
	struct zpf_out *o = &ctx->out;
	struct zpf_used *used;
	struct zpf_snapshot s;
	uint64_t since_ns;
	struct zpf_rows r;
	char rule[16];
	size_t i, n;
	int ret;

	ret = zpf_show_fetch(ZPF_FETCH_COUNTERS, &s);
	if (ret)
		return ret;
	ret = zpf_show_since(ctx, &s, &since_ns);
	if (ret) {
		zpf_snapshot_free(&s);
		return ret;
	}
	used = zpf_xcalloc(s.n_counters, sizeof(*used));
	n = zpf_used_collect(&s, used);
	if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_uint(o, "generation", s.status.generation);
	}
	zpf_rows_begin(&r, o, "unused", zpf_unused_cols, ZPF_ARRAY_LEN(zpf_unused_cols));
	for (i = 0; i < n; i++) {
		if (!zpf_is_unused(&used[i], !ctx->since, since_ns))
			continue;
		zpf_rows_text(&r, zpf_family_name(used[i].c->family));
		zpf_rows_text(&r, used[i].c->ruleset);
		zpf_rows_text(&r, zpf_show_rule(rule, sizeof(rule), used[i].c->number));
		zpf_rows_text(&r, zpf_action_word(used[i].c->action));
		zpf_show_last(&r, &s, used[i].last_ns);
		zpf_show_last(&r, &s, used[i].since_ns);
	}
	zpf_rows_end(&r);
	if (o->json)
		zpf_json_close(o, '{');
	free(used);
	zpf_snapshot_free(&s);
	return ZPF_EXIT_OK;
}
