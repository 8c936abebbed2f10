// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show status: what this network namespace enforces. Works without a
 * policy.
 */
#include <inttypes.h>

#include "show.h"
#include "xmem.h"

/* Tables with an engine that are listed, the rest is counted. */
#define LISTED 10

static const struct zpf_col table_cols[] = {
	{ "TABLE", NULL, 0 },
	{ "FAMILY", NULL, 0 },
	{ "ENGINE", NULL, 0 },
	{ "RULES", NULL, ZPF_COL_RIGHT },
	{ "BYTES", NULL, ZPF_COL_RIGHT },
	{ "PROBES", NULL, ZPF_COL_RIGHT },
};

static void table_rows(struct zpf_out *o, const char *key,
		       const struct zpf_snapshot *s, bool linear, size_t max)
{
	struct zpf_rows r;

	zpf_rows_begin(&r, o, key, table_cols, ZPF_ARRAY_LEN(table_cols));
	for (size_t i = 0; i < s->n_tables && max; i++) {
		const struct zpf_table_info *t = &s->tables[i];

		if (t->engine == ZPF_ENGINE_LINEAR && !linear)
			continue;
		zpf_rows_text(&r, t->name);
		zpf_rows_text(&r, zpf_family_name(t->family));
		zpf_rows_text(&r, zpf_engine_word(t->engine));
		zpf_rows_uint(&r, t->rules);
		zpf_rows_uint(&r, t->index_bytes);
		zpf_rows_uint(&r, t->probes);
		max--;
	}
	zpf_rows_end(&r);
}

/* Tables that are walked are the rule, and told in a line. */
static void tables_text(struct zpf_out *o, const struct zpf_snapshot *s)
{
	size_t walked = 0, engines;
	uint32_t longest = 0;

	if (!s->n_tables)
		return;
	for (size_t i = 0; i < s->n_tables; i++) {
		if (s->tables[i].engine != ZPF_ENGINE_LINEAR)
			continue;
		walked++;
		if (s->tables[i].rules > longest)
			longest = s->tables[i].rules;
	}
	engines = s->n_tables - walked;
	fprintf(o->f, "engines     %zu tables walked rule by rule", walked);
	if (walked)
		fprintf(o->f, " (%" PRIu32 " rules at most)", longest);
	fprintf(o->f, ", %zu by an index%s\n", engines, engines ? ":" : "");
	if (engines)
		table_rows(o, NULL, s, false, LISTED);
	if (engines > LISTED)
		fprintf(o->f, "and %zu more: --json lists all\n", engines - LISTED);
}

static void confirm_text(FILE *f, const struct zpf_status *t)
{
	fprintf(f, "confirm     within %" PRIu32 " s, or ", t->confirm_seconds);
	if (t->back_generation)
		fprintf(f, "generation %" PRIu32 " comes back\n", t->back_generation);
	else
		fprintf(f, "%s\n", t->back_mode == ZPF_MODE_CLOSED ?
			"nothing is forwarded again" : "nothing is filtered again");
}

/** zpf_cmd_show_status() - run `zpfctl show status` */
int zpf_cmd_show_status(struct zpf_ctx *ctx)
{
	static const char * const modes[] = {
		[ZPF_MODE_OFF] = "off: nothing is filtered",
		[ZPF_MODE_ARMED] = "armed",
		[ZPF_MODE_CLOSED] = "closed: nothing is forwarded, input and output are open",
	};
	struct zpf_out *o = &ctx->out;
	const struct zpf_status *t;
	struct zpf_snapshot s;
	int ret;

	ret = zpf_show_fetch(ZPF_FETCH_TABLES, &s);
	if (ret)
		return ret;
	t = &s.status;
	if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_string(o, "module", t->version);
		zpf_json_uint(o, "generation", t->generation);
		zpf_json_bool(o, "armed", t->mode == ZPF_MODE_ARMED);
		zpf_json_string(o, "mode", zpf_mode_word(t->mode));
		if (t->confirm_waits)
			zpf_json_uint(o, "confirm_seconds_left", t->confirm_seconds);
		else
			zpf_json_null(o, "confirm_seconds_left");
		zpf_json_uint(o, "zones", t->zones);
		zpf_json_uint(o, "pairs", t->pairs);
		table_rows(o, "tables", &s, true, s.n_tables);
		zpf_json_uint(o, "rules", t->rules);
		zpf_json_uint(o, "sets", t->sets);
		zpf_json_uint(o, "memory_bytes", t->memory_bytes);
		zpf_json_uint(o, "counter_bytes", t->counter_bytes);
		zpf_json_uint(o, "malformed", t->malformed);
		zpf_json_uint(o, "recent_evicted", t->recent_evicted);
		zpf_json_close(o, '{');
	} else {
		fprintf(o->f, "module      %s\n", t->version);
		fprintf(o->f, "mode        %s\n", t->mode <= ZPF_MODE_CLOSED ?
			modes[t->mode] : "?");
		if (t->generation)
			fprintf(o->f, "generation  %" PRIu32 "%s\n", t->generation,
				t->mode == ZPF_MODE_ARMED ? "" : " (was the last one)");
		else
			fprintf(o->f, "generation  none yet\n");
		if (t->confirm_waits)
			confirm_text(o->f, t);
		fprintf(o->f, "policy      %" PRIu32 " zones, %" PRIu32 " pairs, %"
			PRIu32 " tables, %" PRIu32 " rules, %" PRIu32 " sets\n",
			t->zones, t->pairs, t->tables, t->rules, t->sets);
		fprintf(o->f, "memory      %" PRIu64 " bytes, %" PRIu64
			" of them counters\n", t->memory_bytes, t->counter_bytes);
		fprintf(o->f, "malformed   %" PRIu64 " packets dropped\n", t->malformed);
		fprintf(o->f, "recent      %" PRIu64 " sources forgotten for want of room\n",
			t->recent_evicted);
		tables_text(o, &s);
	}
	zpf_snapshot_free(&s);
	return ZPF_EXIT_OK;
}
