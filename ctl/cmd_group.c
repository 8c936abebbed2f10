// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl group set and group show: what the sets hold that are not part of the
 * configuration: domain, remote and dynamic groups, fqdn, geoip.
 */
#include <inttypes.h>
#include <time.h>

#include "named.h"
#include "show.h"
#include "xmem.h"

/** struct zpf_named_pick - the set that was asked for */
struct zpf_named_pick {
	struct zpf_nl *nl;
	struct zpf_named_all all;
	const struct zpf_named *fam[2];	/* IPv4, IPv6; NULL: has none */
	const char *name;
};

static int zpf_pick_open(struct zpf_named_pick *p, const char *word)
{
	const struct zpf_named *g;
	char why[512];
	size_t i;

	memset(p, 0, sizeof(*p));
	if (zpf_nl_open_zpf(&p->nl) || zpf_named_get(p->nl, &p->all))
		return zpf_cmd_error("%s", zpf_nl_why(p->nl, why, sizeof(why)));
	g = zpf_named_find(&p->all, word, why, sizeof(why));
	if (!g)
		return zpf_cmd_error("%s", why);
	p->name = g->name;
	for (i = 0; i < p->all.n; i++)
		if (!strcmp(p->all.list[i].name, g->name))
			p->fam[p->all.list[i].v6] = &p->all.list[i];
	return 0;
}

static void zpf_pick_close(struct zpf_named_pick *p)
{
	zpf_named_free(&p->all);
	zpf_nl_close(p->nl);
}

/* Entries the set has no place for. */
static bool zpf_list_fits(const struct zpf_named_pick *p, const char *name,
			  const struct zpf_list *list, struct zpf_diag *diag)
{
	struct zpf_where where = { .file = name };

	if (list->n4 && !p->fam[0]) {
		where.line = list->first4;
		zpf_diag_add(diag, ZPF_DIAG_ERROR, &where, NULL,
			     "an IPv4 entry; %s holds IPv6 addresses only", p->name);
	}
	if (list->n6 && !p->fam[1]) {
		where.line = list->first6;
		zpf_diag_add(diag, ZPF_DIAG_ERROR, &where, NULL,
			     "an IPv6 entry; %s holds IPv4 addresses only", p->name);
	}
	return !diag->n_errors;
}

static void zpf_group_said(struct zpf_out *o, const struct zpf_named_pick *p,
			   const struct zpf_list *list, uint32_t revision)
{
	if (!o->json) {
		fprintf(o->f, "%s: revision %" PRIu32, p->name, revision);
		if (p->fam[0])
			fprintf(o->f, ", %zu IPv4 ranges", list->n4);
		if (p->fam[1])
			fprintf(o->f, ", %zu IPv6 ranges", list->n6);
		fputc('\n', o->f);
		return;
	}
	zpf_json_open(o, NULL, '{');
	zpf_json_string(o, "name", p->name);
	zpf_json_uint(o, "revision", revision);
	zpf_json_uint(o, "ipv4", list->n4);
	zpf_json_uint(o, "ipv6", list->n6);
	zpf_json_close(o, '{');
}

/** zpf_cmd_group_set() - run `zpfctl group set`; returns an exit status */
int zpf_cmd_group_set(struct zpf_ctx *ctx)
{
	struct zpf_named_pick pick = { 0 };
	struct zpf_list list = { 0 };
	struct zpf_diag diag = { 0 };
	uint32_t revision = 0;
	char why[512];
	int ret = ZPF_EXIT_FAILED;

	/* All that is wrong with the list is told, whatever else is. */
	if (zpf_list_read(stdin, "-", &list, &diag) ||
	    zpf_pick_open(&pick, ctx->argv[0]) ||
	    !zpf_list_fits(&pick, "-", &list, &diag)) {
		zpf_diag_print(&diag, stderr);
	} else if (zpf_named_fill(pick.nl, pick.name, pick.fam[0], pick.fam[1],
				  &list, &revision)) {
		ret = zpf_cmd_error("%s: %s", pick.name,
				    zpf_nl_why(pick.nl, why, sizeof(why)));
	} else {
		zpf_group_said(&ctx->out, &pick, &list, revision);
		ret = ZPF_EXIT_OK;
	}
	zpf_pick_close(&pick);
	zpf_list_free(&list);
	zpf_diag_free(&diag);
	return ret;
}

static uint64_t zpf_clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* An element on its own line, as `group set` reads it. */
static void zpf_elem_text(struct zpf_out *o, const char *text, const uint64_t *left_ns)
{
	char age[ZPF_TIME_LEN];

	if (left_ns && *left_ns != UINT64_MAX)
		fprintf(o->f, "%s  # %s left\n", text, zpf_time_age(age, *left_ns));
	else
		fprintf(o->f, "%s\n", text);
}

static void zpf_elem_json(struct zpf_out *o, const char *text, const uint64_t *left_ns)
{
	zpf_json_open(o, NULL, '{');
	zpf_json_string(o, "element", text);
	if (left_ns && *left_ns != UINT64_MAX)
		zpf_json_uint(o, "seconds_left", (*left_ns + 999999999) / 1000000000);
	else
		zpf_json_null(o, "seconds_left");
	zpf_json_close(o, '{');
}

static void zpf_elems_out(struct zpf_out *o, const struct zpf_named *g,
			  const struct zpf_named_elems *e)
{
	char text[ZPF_RANGE_TEXT];
	size_t i;

	for (i = 0; i < e->n; i++) {
		const uint64_t *left = g->dynamic ? &e->left_ns[i] : NULL;

		if (g->v6)
			zpf_range6_text(&e->r6[i], text);
		else
			zpf_range4_text(&e->r4[i], text);
		if (o->json)
			zpf_elem_json(o, text, left);
		else
			zpf_elem_text(o, text, left);
	}
}

static void zpf_family_head(struct zpf_out *o, const struct zpf_named *g)
{
	uint64_t age = 0;
	char text[ZPF_TIME_LEN];

	if (g->filled_ns)
		age = zpf_clock_ns(CLOCK_BOOTTIME) - g->filled_ns;
	if (!o->json) {
		fprintf(o->f, "# %s, %s: revision %" PRIu32 ", %" PRIu32 " %s", g->name,
			g->v6 ? "IPv6" : "IPv4", g->revision, g->count,
			g->dynamic ? "addresses" : "ranges");
		if (g->filled_ns)
			fprintf(o->f, ", filled %s ago", zpf_time_age(text, age));
		if (g->evicted)
			fprintf(o->f, ", %" PRIu64 " gave way", g->evicted);
		fputc('\n', o->f);
		return;
	}
	zpf_json_open(o, NULL, '{');
	zpf_json_string(o, "family", g->v6 ? "ipv6" : "ipv4");
	zpf_json_uint(o, "revision", g->revision);
	if (g->filled_ns)
		zpf_json_string(o, "filled", zpf_time_rfc3339(text,
				zpf_clock_ns(CLOCK_REALTIME) - age));
	else
		zpf_json_null(o, "filled");
	zpf_json_uint(o, "evicted", g->evicted);
	zpf_json_open(o, "elements", '[');
}

/** zpf_cmd_group_show() - run `zpfctl group show`; returns an exit status */
int zpf_cmd_group_show(struct zpf_ctx *ctx)
{
	struct zpf_named_elems elems[2] = { 0 };
	struct zpf_out *o = &ctx->out;
	struct zpf_named_pick pick;
	char why[512];
	int ret, v6;

	ret = zpf_pick_open(&pick, ctx->argv[0]);
	for (v6 = 0; v6 < 2 && !ret; v6++)
		if (pick.fam[v6] &&
		    zpf_named_elems_get(pick.nl, pick.fam[v6], &elems[v6]))
			ret = zpf_cmd_error("%s", zpf_nl_why(pick.nl, why, sizeof(why)));
	if (ret)
		goto out;
	if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_string(o, "name", pick.name);
		zpf_json_open(o, "families", '[');
	}
	for (v6 = 0; v6 < 2; v6++) {
		if (!pick.fam[v6])
			continue;
		zpf_family_head(o, pick.fam[v6]);
		zpf_elems_out(o, pick.fam[v6], &elems[v6]);
		if (o->json) {
			zpf_json_close(o, '[');
			zpf_json_close(o, '{');
		}
	}
	if (o->json) {
		zpf_json_close(o, '[');
		zpf_json_close(o, '{');
	}
out:
	for (v6 = 0; v6 < 2; v6++)
		zpf_named_elems_free(&elems[v6]);
	zpf_pick_close(&pick);
	return ret;
}
