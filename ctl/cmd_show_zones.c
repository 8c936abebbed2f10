// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show zones: every zone with its members: those that are there, those
 * that are not, and what a wildcard or a VRF brought in. Interfaces in no
 * zone come last.
 */
#include "show.h"
#include "xmem.h"

static const struct zpf_col zpf_zone_cols[] = {
	{ "ZONE", NULL, 0 },
	{ "DEFAULT", NULL, ZPF_COL_ACTION },
	{ "MEMBER", NULL, 0 },
	{ "STATE", NULL, 0 },
};

static const struct zpf_col zpf_member_cols[] = {
	{ "NAME", NULL, 0 },
	{ "PRESENT", NULL, 0 },
	{ "IFINDEX", NULL, ZPF_COL_RIGHT },
	{ "MEMBER", NULL, 0 },
	{ "VRF", NULL, 0 },
};

/* One member, or one interface of it (@iface not NULL). */
static void zpf_member_row(struct zpf_rows *r, struct zpf_out *o,
			   const struct zpf_zone_info *z,
			   const struct zpf_member_info *m,
			   const struct zpf_iface_info *iface)
{
	char state[128] = "absent";
	const char *name = iface ? iface->name : m->name;

	if (o->json) {
		zpf_rows_text(r, name);
		zpf_rows_bool(r, iface);
		if (iface)
			zpf_rows_uint(r, iface->index);
		else
			zpf_rows_text(r, NULL);
		zpf_rows_text(r, m->name);
		zpf_rows_bool(r, m->vrf);
		return;
	}
	if (iface && !m->vrf && !strcmp(m->name, name))
		snprintf(state, sizeof(state), "present");
	else if (iface)
		snprintf(state, sizeof(state), "present, by %s%s",
			 m->vrf ? "vrf " : "", m->name);
	else if (m->vrf)
		snprintf(state, sizeof(state), "vrf, no device");
	zpf_rows_text(r, z->name);
	zpf_rows_text(r, zpf_action_word(z->default_action));
	zpf_rows_text(r, name);
	zpf_rows_text(r, state);
}

static void zpf_zone_members(struct zpf_rows *r, struct zpf_out *o,
			     const struct zpf_zone_info *z)
{
	size_t i, k, found;

	for (i = 0; i < z->n_members; i++) {
		found = 0;
		for (k = 0; k < z->n_ifaces; k++) {
			if (z->ifaces[k].member != i)
				continue;
			zpf_member_row(r, o, z, &z->members[i], &z->ifaces[k]);
			found++;
		}
		if (!found)
			zpf_member_row(r, o, z, &z->members[i], NULL);
	}
}

static void zpf_zones_json(struct zpf_out *o, const struct zpf_snapshot *s)
{
	const struct zpf_zone_info *z;
	struct zpf_rows r;
	size_t i, k;

	zpf_json_open(o, NULL, '{');
	zpf_json_open(o, "zones", '[');
	for (i = 0; i < s->n_zones; i++) {
		z = &s->zones[i];
		if (!z->id)
			continue;
		zpf_json_open(o, NULL, '{');
		zpf_json_string(o, "name", z->name);
		zpf_json_bool(o, "local", z->flags & ZPF_ZONE_LOCAL);
		zpf_json_string(o, "default_action", zpf_action_word(z->default_action));
		zpf_rows_begin(&r, o, "members", zpf_member_cols,
			       ZPF_ARRAY_LEN(zpf_member_cols));
		zpf_zone_members(&r, o, z);
		zpf_rows_end(&r);
		zpf_json_close(o, '{');
	}
	zpf_json_close(o, '[');
	zpf_json_open(o, "unassigned", '[');
	for (i = 0; i < s->n_zones; i++)
		for (k = 0; !s->zones[i].id && k < s->zones[i].n_ifaces; k++)
			zpf_json_string(o, NULL, s->zones[i].ifaces[k].name);
	zpf_json_close(o, '[');
	zpf_json_close(o, '{');
}

static void zpf_zones_table(struct zpf_out *o, const struct zpf_snapshot *s)
{
	const struct zpf_zone_info *z;
	struct zpf_rows r;
	size_t i, k;

	zpf_rows_begin(&r, o, NULL, zpf_zone_cols, ZPF_ARRAY_LEN(zpf_zone_cols));
	for (i = 0; i < s->n_zones; i++) {
		z = &s->zones[i];
		if (!z->id)
			continue;
		zpf_zone_members(&r, o, z);
		if (z->n_members)
			continue;
		zpf_rows_text(&r, z->name);
		zpf_rows_text(&r, zpf_action_word(z->default_action));
		zpf_rows_text(&r, NULL);
		zpf_rows_text(&r, z->flags & ZPF_ZONE_LOCAL ? "the router itself" :
			      "no member");
	}
	for (i = 0; i < s->n_zones; i++) {
		z = &s->zones[i];
		for (k = 0; !z->id && k < z->n_ifaces; k++) {
			zpf_rows_text(&r, "(unassigned)");
			zpf_rows_text(&r, NULL);
			zpf_rows_text(&r, z->ifaces[k].name);
			zpf_rows_text(&r, "present, in no zone");
		}
	}
	zpf_rows_end(&r);
}

/** zpf_cmd_show_zones() - run `zpfctl show zones` */
int zpf_cmd_show_zones(struct zpf_ctx *ctx)
{
	struct zpf_snapshot s;
	int ret = zpf_show_fetch(ZPF_FETCH_ZONES, &s);

	if (ret)
		return ret;
	if (ctx->out.json)
		zpf_zones_json(&ctx->out, &s);
	else
		zpf_zones_table(&ctx->out, &s);
	zpf_snapshot_free(&s);
	return ZPF_EXIT_OK;
}
