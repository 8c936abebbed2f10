// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show matrix: zone by zone, what judges the traffic between them and
 * how many packets it accepted and dropped. Rows are where packets come from,
 * columns where they go to; programs get one row a pair and family.
 */
#include <inttypes.h>

#include "show.h"
#include "xmem.h"

static const struct zpf_col zpf_matrix_cols[] = {
	{ "FROM", NULL, 0 },
	{ "TO", NULL, 0 },
	{ "FAMILY", NULL, 0 },
	{ "RULESET", NULL, 0 },
	{ "DEFAULT", NULL, ZPF_COL_ACTION },
	{ "ACCEPTED", NULL, ZPF_COL_RIGHT },
	{ "DROPPED", NULL, ZPF_COL_RIGHT },
};

/**
 * struct zpf_matrix_cell - what happens between two zones
 * @first: first counter of the pair; NULL: the pair is not judged
 * @accepted: packets
 * @dropped: packets
 */
struct zpf_matrix_cell {
	const struct zpf_counter *first;
	uint64_t accepted, dropped;
};

/*
 * Does a return of any ruleset leave the table of the pair at @i? It does where
 * the only jump is the table's default: nothing stands behind that one. Of
 * other tables that end in a jump, what such a return accepts is not counted.
 */
static bool zpf_matrix_leaves(const struct zpf_snapshot *s, size_t i)
{
	const struct zpf_counter *c, *first = &s->counters[i];
	bool by_default = false;
	size_t jumps = 0;

	for (; i < s->n_counters && zpf_counter_same_group(first, &s->counters[i]); i++) {
		c = &s->counters[i];
		if (c->action != ZPF_ACTION_JUMP)
			continue;
		jumps++;
		by_default = !c->number && c->table && !strcmp(c->table, c->ruleset);
	}
	return jumps == 1 && by_default;
}

/* Adds up the rows of the pair at @i. Return: index behind them */
static size_t zpf_matrix_sum(const struct zpf_snapshot *s, size_t i,
			     struct zpf_matrix_cell *cell)
{
	bool leaves = zpf_matrix_leaves(s, i);

	memset(cell, 0, sizeof(*cell));
	cell->first = &s->counters[i];
	for (; i < s->n_counters &&
	     zpf_counter_same_group(cell->first, &s->counters[i]); i++) {
		switch (zpf_counter_verdict(&s->counters[i], leaves)) {
		case ZPF_VERDICT_ACCEPTED:
			cell->accepted += s->counters[i].packets;
			break;
		case ZPF_VERDICT_DROPPED:
			cell->dropped += s->counters[i].packets;
			break;
		case ZPF_VERDICT_NONE:
			break;
		}
	}
	return i;
}

static void zpf_matrix_json(struct zpf_out *o, const struct zpf_snapshot *s)
{
	struct zpf_matrix_cell cell;
	struct zpf_rows r;
	size_t i = 0;

	zpf_json_open(o, NULL, '{');
	zpf_json_uint(o, "generation", s->status.generation);
	zpf_rows_begin(&r, o, "matrix", zpf_matrix_cols,
		       ZPF_ARRAY_LEN(zpf_matrix_cols));
	while (i < s->n_counters) {
		i = zpf_matrix_sum(s, i, &cell);
		if (cell.first->kind != ZPF_COUNTER_PAIR)
			continue;
		zpf_rows_text(&r, zpf_snapshot_zone(s, cell.first->from));
		zpf_rows_text(&r, zpf_snapshot_zone(s, cell.first->to));
		zpf_rows_text(&r, zpf_family_name(cell.first->family));
		zpf_rows_text(&r, cell.first->table);
		zpf_rows_text(&r, cell.first->table ? NULL :
			      zpf_action_word(cell.first->action));
		zpf_rows_uint(&r, cell.accepted);
		zpf_rows_uint(&r, cell.dropped);
	}
	zpf_rows_end(&r);
	zpf_json_close(o, '{');
}

/* The name and the counts of one field of the table. */
static void zpf_matrix_text(const struct zpf_matrix_cell *cell, char *name,
			    char *counts, size_t size)
{
	if (!cell->first) {
		snprintf(name, size, "-");
		snprintf(counts, size, "%s", "");
		return;
	}
	if (cell->first->table)
		snprintf(name, size, "%s", cell->first->table);
	else
		snprintf(name, size, "(%s)", zpf_action_word(cell->first->action));
	if (cell->accepted || cell->dropped)
		snprintf(counts, size, "+%" PRIu64 " -%" PRIu64, cell->accepted,
			 cell->dropped);
	else
		snprintf(counts, size, "%s", "");
}

static void zpf_matrix_family(struct zpf_out *o, const struct zpf_snapshot *s,
			      const struct zpf_matrix_cell *cells)
{
	const size_t n = s->n_zones;
	struct zpf_col *cols = zpf_xcalloc(n + 1, sizeof(*cols));
	char name[128], counts[128], *below;
	struct zpf_rows r;
	size_t from, to;

	below = zpf_xcalloc(n, sizeof(counts));
	cols[0].head = "from \\ to";
	for (to = 0; to < n; to++)
		cols[to + 1].head = s->zones[to].name;
	zpf_rows_begin(&r, o, NULL, cols, n + 1);
	for (from = 0; from < n; from++) {
		bool counted = false;

		zpf_rows_text(&r, s->zones[from].name);
		for (to = 0; to < n; to++) {
			zpf_matrix_text(&cells[from * n + to], name, counts,
					sizeof(name));
			zpf_rows_text(&r, name);
			memcpy(below + to * sizeof(counts), counts, sizeof(counts));
			counted |= *counts;
		}
		if (!counted)
			continue;
		zpf_rows_text(&r, "");
		for (to = 0; to < n; to++)
			zpf_rows_text(&r, below + to * sizeof(counts));
	}
	zpf_rows_end(&r);
	free(below);
	free(cols);
}

static size_t zpf_matrix_zone(const struct zpf_snapshot *s, uint32_t id)
{
	size_t i;

	for (i = 0; i < s->n_zones; i++)
		if (s->zones[i].id == id)
			break;
	return i;
}

static void zpf_matrix_table(struct zpf_out *o, const struct zpf_snapshot *s)
{
	static const uint8_t families[] = { 2, 10 };	/* NFPROTO_* */
	struct zpf_matrix_cell *cells, cell;
	size_t n = s->n_zones, f, i, from, to;
	bool printed = false, worth;

	for (f = 0; f < ZPF_ARRAY_LEN(families); f++) {
		cells = zpf_xcalloc(n * n, sizeof(*cells));
		worth = f == 0;
		for (i = 0; i < s->n_counters; ) {
			i = zpf_matrix_sum(s, i, &cell);
			if (cell.first->kind != ZPF_COUNTER_PAIR ||
			    cell.first->family != families[f])
				continue;
			worth |= cell.first->table || cell.accepted || cell.dropped;
			from = zpf_matrix_zone(s, cell.first->from);
			to = zpf_matrix_zone(s, cell.first->to);
			if (from < n && to < n)
				cells[from * n + to] = cell;
		}
		if (worth) {
			if (printed)
				fputc('\n', o->f);
			zpf_out_heading(o, zpf_family_name(families[f]));
			zpf_matrix_family(o, s, cells);
			printed = true;
		}
		free(cells);
	}
	fputs("\n(accept), (drop), (reject): no ruleset is bound; +N accepted, -N dropped packets\n",
	      o->f);
}

/** zpf_cmd_show_matrix() - run `zpfctl show matrix` */
int zpf_cmd_show_matrix(struct zpf_ctx *ctx)
{
	struct zpf_snapshot s;
	int ret = zpf_show_fetch(ZPF_FETCH_ZONES | ZPF_FETCH_COUNTERS, &s);

	if (ret)
		return ret;
	if (ctx->out.json)
		zpf_matrix_json(&ctx->out, &s);
	else
		zpf_matrix_table(&ctx->out, &s);
	zpf_snapshot_free(&s);
	return ZPF_EXIT_OK;
}
