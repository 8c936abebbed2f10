// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show drops: the drop ledger, what was dropped or rejected since it
 * was cleared, whatever is logged.
 */
#include <inttypes.h>

#include "drops.h"
#include "show.h"
#include "xmem.h"

enum { ZPF_DROP_COL_FROM, ZPF_DROP_COL_TO };

static const struct zpf_col zpf_drop_cols[] = {
	[ZPF_DROP_COL_FROM] = { "FROM", NULL, 0 },
	[ZPF_DROP_COL_TO] = { "TO", NULL, 0 },
	{ "PROTO", NULL, 0 },
	{ "DPORT", NULL, ZPF_COL_RIGHT },
	{ "PACKETS", NULL, ZPF_COL_RIGHT },
	{ "LAST", NULL, ZPF_COL_RIGHT },
	{ "RULE", NULL, 0 },
	{ "SAMPLE", NULL, 0 },
};

/** struct zpf_drop_filter - what was asked for; NULL, 0: everything */
struct zpf_drop_filter {
	const char *from, *to;
	uint64_t since_ns;	/* CLOCK_BOOTTIME */
};

static bool zpf_drop_passes(const struct zpf_drop_filter *f, const struct zpf_drop *d)
{
	return (!f->from || !strcmp(f->from, d->key.from)) &&
	       (!f->to || !strcmp(f->to, d->key.to)) && d->last_ns >= f->since_ns;
}

static void zpf_drops_json(struct zpf_out *o, const struct zpf_drops *drops,
			   const struct zpf_drop_filter *f,
			   const struct zpf_snapshot *s)
{
	size_t i;

	zpf_json_open(o, NULL, '{');
	zpf_json_uint(o, "lost", drops->lost);
	zpf_json_open(o, "drops", '[');
	for (i = 0; i < drops->n; i++) {
		if (!zpf_drop_passes(f, &drops->v[i]))
			continue;
		zpf_json_open(o, NULL, '{');
		zpf_drop_json(o, &drops->v[i], s);
		zpf_json_close(o, '{');
	}
	zpf_json_close(o, '[');
	zpf_json_close(o, '{');
}

static void zpf_drop_row(struct zpf_rows *r, const struct zpf_drop *d,
			 const struct zpf_snapshot *s)
{
	char buf[ZPF_DROP_TEXT];

	zpf_rows_text(r, d->key.from);
	zpf_rows_text(r, d->key.to);
	zpf_rows_text(r, zpf_drop_proto(buf, &d->key));
	zpf_rows_text(r, zpf_drop_port(buf, &d->key));
	zpf_rows_uint(r, d->packets);
	zpf_show_last(r, s, d->last_ns);
	zpf_rows_text(r, zpf_drop_place(buf, &d->key));
	zpf_rows_text(r, zpf_drop_sample(buf, d));
}

static void zpf_drops_table(struct zpf_out *o, const struct zpf_drops *drops,
			    const struct zpf_drop_filter *f,
			    const struct zpf_snapshot *s)
{
	struct zpf_col cols[ZPF_ARRAY_LEN(zpf_drop_cols)];
	struct zpf_rows r;
	size_t i;

	/* What was asked for needs no column. */
	memcpy(cols, zpf_drop_cols, sizeof(cols));
	if (f->from)
		cols[ZPF_DROP_COL_FROM].flags |= ZPF_COL_JSON;
	if (f->to)
		cols[ZPF_DROP_COL_TO].flags |= ZPF_COL_JSON;
	zpf_rows_begin(&r, o, NULL, cols, ZPF_ARRAY_LEN(cols));
	for (i = 0; i < drops->n; i++)
		if (zpf_drop_passes(f, &drops->v[i]))
			zpf_drop_row(&r, &drops->v[i], s);
	zpf_rows_end(&r);
	if (drops->lost)
		fprintf(o->f, "and %" PRIu64 " packets of rows that gave way to others\n",
			drops->lost);
}

/* Is there, or was there, a zone of that name? A typing error shows nothing. */
static int zpf_drop_check_zone(const struct zpf_snapshot *s,
			       const struct zpf_drops *drops, const char *name)
{
	uint32_t id;
	size_t i;

	if (!name || !strcmp(name, "router"))
		return 0;
	for (i = 0; i < drops->n; i++)
		if (!strcmp(drops->v[i].key.from, name) ||
		    !strcmp(drops->v[i].key.to, name))
			return 0;
	return zpf_show_zone(s, name, &id);
}

/** zpf_cmd_show_drops() - run `zpfctl show drops` */
int zpf_cmd_show_drops(struct zpf_ctx *ctx)
{
	struct zpf_drop_filter f = { 0 };
	struct zpf_drops drops = { 0 };
	struct zpf_snapshot s = { 0 };
	unsigned int what = 0;
	struct zpf_nl *nl;
	char why[512];
	int ret;

	ret = zpf_show_from_to(ctx, &f.from, &f.to);
	if (ret)
		return ret;
	if (zpf_nl_open_zpf(&nl) || zpf_fetch(nl, 0, &s))
		goto refused;
	/* Disarmed to closed there is a ledger, but there are no zones. */
	if ((f.from || f.to) && s.status.mode == ZPF_MODE_ARMED)
		what = ZPF_FETCH_ZONES;
	zpf_snapshot_free(&s);
	if (zpf_drops_fetch(nl, &drops) || zpf_fetch(nl, what, &s))
		goto refused;
	ret = zpf_show_since(ctx, &s, &f.since_ns);
	if (!ret)
		ret = zpf_drop_check_zone(&s, &drops, f.from);
	if (!ret)
		ret = zpf_drop_check_zone(&s, &drops, f.to);
	if (!ret && ctx->out.json)
		zpf_drops_json(&ctx->out, &drops, &f, &s);
	else if (!ret)
		zpf_drops_table(&ctx->out, &drops, &f, &s);
	goto out;

refused:
	ret = zpf_cmd_error("%s", zpf_nl_why(nl, why, sizeof(why)));
out:
	zpf_nl_close(nl);
	zpf_drops_free(&drops);
	zpf_snapshot_free(&s);
	return ret;
}
