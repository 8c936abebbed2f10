// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show counters: per pair and rule, then base chains and the state
 * policy. Tables leave out pairs without a ruleset that saw no packet.
 */
#include "show.h"
#include "xmem.h"

static const struct zpf_col zpf_counter_cols[] = {
	{ "FROM", NULL, ZPF_COL_TABLE },
	{ "TO", NULL, ZPF_COL_TABLE },
	{ "FAMILY", NULL, ZPF_COL_TABLE },
	{ "RULESET", NULL, 0 },
	{ "RULE", NULL, 0 },
	{ "ACTION", NULL, ZPF_COL_ACTION },
	{ "PACKETS", NULL, ZPF_COL_RIGHT },
	{ "BYTES", NULL, ZPF_COL_RIGHT },
	{ "LAST", "last_hit", ZPF_COL_RIGHT },
};

static const struct zpf_col zpf_state_cols[] = {
	{ "STATE", NULL, 0 },
	{ "ACTION", NULL, ZPF_COL_ACTION },
	{ "PACKETS", NULL, ZPF_COL_RIGHT },
	{ "BYTES", NULL, ZPF_COL_RIGHT },
	{ "LAST", "last_hit", ZPF_COL_RIGHT },
};

#define ZPF_ANY_ZONE UINT32_MAX

/** struct zpf_counter_filter - zones asked for */
struct zpf_counter_filter {
	uint32_t from, to;
};

static bool zpf_filter_passes(const struct zpf_counter_filter *f,
			      const struct zpf_counter *c)
{
	return (f->from == ZPF_ANY_ZONE || f->from == c->from) &&
	       (f->to == ZPF_ANY_ZONE || f->to == c->to);
}

static void zpf_counter_row(struct zpf_rows *r, const struct zpf_snapshot *s,
			    const struct zpf_counter *c)
{
	bool pair = c->kind == ZPF_COUNTER_PAIR;
	char number[16];

	zpf_rows_text(r, pair ? zpf_snapshot_zone(s, c->from) : NULL);
	zpf_rows_text(r, pair ? zpf_snapshot_zone(s, c->to) : NULL);
	zpf_rows_text(r, zpf_family_name(c->family));
	zpf_rows_text(r, c->ruleset);
	zpf_rows_text(r, zpf_show_rule(number, sizeof(number), c->number));
	zpf_rows_text(r, zpf_action_word(c->action));
	zpf_rows_uint(r, c->packets);
	zpf_rows_uint(r, c->bytes);
	zpf_show_last(r, s, c->last_ns);
}

static void zpf_state_row(struct zpf_rows *r, const struct zpf_snapshot *s,
			  const struct zpf_counter *c)
{
	zpf_rows_text(r, zpf_state_word(c->state));
	zpf_rows_text(r, zpf_action_word(c->action));
	zpf_rows_uint(r, c->packets);
	zpf_rows_uint(r, c->bytes);
	zpf_show_last(r, s, c->last_ns);
}

/* All groups of one kind, as an array of objects with their rules. */
static void zpf_counters_json(struct zpf_out *o, const struct zpf_snapshot *s,
			      const struct zpf_counter_filter *f, uint8_t kind)
{
	const struct zpf_counter *c, *prev = NULL;
	struct zpf_rows r;
	size_t i;

	zpf_json_open(o, kind == ZPF_COUNTER_PAIR ? "pairs" : "chains", '[');
	for (i = 0; i < s->n_counters; i++) {
		c = &s->counters[i];
		if (c->kind != kind ||
		    (kind == ZPF_COUNTER_PAIR && !zpf_filter_passes(f, c)))
			continue;
		if (!prev || !zpf_counter_same_group(prev, c)) {
			if (prev) {
				zpf_rows_end(&r);
				zpf_json_close(o, '{');
			}
			zpf_json_open(o, NULL, '{');
			if (kind == ZPF_COUNTER_PAIR) {
				zpf_json_string(o, "from", zpf_snapshot_zone(s, c->from));
				zpf_json_string(o, "to", zpf_snapshot_zone(s, c->to));
			} else {
				zpf_json_string(o, "chain", zpf_hook_word(c->hook));
			}
			zpf_json_string(o, "family", zpf_family_name(c->family));
			if (kind == ZPF_COUNTER_PAIR)
				zpf_json_string(o, "ruleset", c->table);
			zpf_rows_begin(&r, o, "rules", zpf_counter_cols,
				       ZPF_ARRAY_LEN(zpf_counter_cols));
		}
		zpf_counter_row(&r, s, c);
		prev = c;
	}
	if (prev) {
		zpf_rows_end(&r);
		zpf_json_close(o, '{');
	}
	zpf_json_close(o, '[');
}

static void zpf_states(struct zpf_out *o, const struct zpf_snapshot *s)
{
	struct zpf_rows r;
	size_t i;

	zpf_rows_begin(&r, o, "state_policy", zpf_state_cols,
		       ZPF_ARRAY_LEN(zpf_state_cols));
	for (i = 0; i < s->n_counters; i++)
		if (s->counters[i].kind == ZPF_COUNTER_STATE)
			zpf_state_row(&r, s, &s->counters[i]);
	zpf_rows_end(&r);
}

static void zpf_counters_table(struct zpf_out *o, const struct zpf_snapshot *s,
			       const struct zpf_counter_filter *f, bool all)
{
	const struct zpf_counter *c;
	bool states = false;
	struct zpf_rows r;
	size_t i;

	zpf_rows_begin(&r, o, NULL, zpf_counter_cols,
		       ZPF_ARRAY_LEN(zpf_counter_cols));
	for (i = 0; i < s->n_counters; i++) {
		c = &s->counters[i];
		states |= c->kind == ZPF_COUNTER_STATE;
		if (c->kind == ZPF_COUNTER_PAIR && zpf_filter_passes(f, c) &&
		    (c->table || c->packets))
			zpf_counter_row(&r, s, c);
	}
	for (i = 0; all && i < s->n_counters; i++)
		if (s->counters[i].kind == ZPF_COUNTER_CHAIN)
			zpf_counter_row(&r, s, &s->counters[i]);
	zpf_rows_end(&r);
	if (all && states) {
		fputc('\n', o->f);
		zpf_out_heading(o, "state policy");
		zpf_states(o, s);
	}
}

/** zpf_cmd_show_counters() - run `zpfctl show counters` */
int zpf_cmd_show_counters(struct zpf_ctx *ctx)
{
	struct zpf_counter_filter f = { ZPF_ANY_ZONE, ZPF_ANY_ZONE };
	struct zpf_out *o = &ctx->out;
	const char *from, *to;
	struct zpf_snapshot s;
	int ret;

	ret = zpf_show_from_to(ctx, &from, &to);
	if (!ret)
		ret = zpf_show_fetch(ZPF_FETCH_ZONES | ZPF_FETCH_COUNTERS, &s);
	if (ret)
		return ret;
	if (from)
		ret = zpf_show_zone(&s, from, &f.from);
	if (!ret && to)
		ret = zpf_show_zone(&s, to, &f.to);
	if (!ret && o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_uint(o, "generation", s.status.generation);
		zpf_counters_json(o, &s, &f, ZPF_COUNTER_PAIR);
		zpf_states(o, &s);
		zpf_counters_json(o, &s, &f, ZPF_COUNTER_CHAIN);
		zpf_json_close(o, '{');
	} else if (!ret) {
		zpf_counters_table(o, &s, &f, !from && !to);
	}
	zpf_snapshot_free(&s);
	return ret;
}
