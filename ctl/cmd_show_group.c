// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show firewall group: the groups of the running configuration, which
 * rules refer to them, what they hold; and the sets of fqdn and geoip, which
 * are like groups without a name of their own.
 */
#include <inttypes.h>
#include <stdarg.h>

#include "named.h"
#include "rules.h"
#include "show.h"
#include "xmem.h"

#define ZPF_GROUP_SHOWN 3	/* members of a group where all are listed */

/** struct zpf_strings - a growing list of texts of its own */
struct zpf_strings {
	char **list;
	size_t n, cap;
};

/**
 * struct zpf_group_text - a group
 * @type: "address-group", ..., "dynamic-group address-group", "fqdn", "geoip"
 * @name: its name
 * @members: as written, `include` in front where it is one
 * @refs: rules: "ipv4 NAME 10"
 * @named: its name as a set the kernel fills, or NULL
 */
struct zpf_group_text {
	char *type, *name, *named;
	struct zpf_strings members, refs;
};

/** struct zpf_groups_text - all of them */
struct zpf_groups_text {
	struct zpf_group_text *list;
	size_t n, cap;
};

static void zpf_strings_add(struct zpf_strings *s, char *text)
{
	if (s->n == s->cap)
		s->list = zpf_xgrow(s->list, &s->cap, sizeof(*s->list));
	s->list[s->n++] = zpf_xcheck(text);
}

static void zpf_strings_free(struct zpf_strings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->list[i]);
	free(s->list);
}

__attribute__((format(printf, 1, 2)))
static char *zpf_text(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	return zpf_xcheck(text);
}

static struct zpf_group_text *zpf_group_get(struct zpf_groups_text *g,
					    const char *type, const char *name)
{
	struct zpf_group_text *new;
	size_t i;

	for (i = g->n; i; i--)
		if (!strcmp(g->list[i - 1].name, name) &&
		    !strcmp(g->list[i - 1].type, type))
			return &g->list[i - 1];
	if (g->n == g->cap)
		g->list = zpf_xgrow(g->list, &g->cap, sizeof(*g->list));
	new = &g->list[g->n++];
	memset(new, 0, sizeof(*new));
	new->type = zpf_xstrdup(type);
	new->name = zpf_xstrdup(name);
	return new;
}

/* Types whose contents the kernel is given apart, and what it calls them. */
static const char *zpf_named_prefix(const char *type)
{
	static const char * const prefixes[][2] = {
		{ "domain-group", "domain" }, { "remote-group", "remote" },
		{ "dynamic-group address-group", "dynamic" },
		{ "dynamic-group ipv6-address-group", "dynamic" },
		{ "fqdn", "fqdn" }, { "geoip", "geoip" },
	};
	size_t i;

	for (i = 0; i < ZPF_ARRAY_LEN(prefixes); i++)
		if (!strcmp(type, prefixes[i][0]))
			return prefixes[i][1];
	return NULL;
}

/* set firewall group TYPE NAME [MEMBER-WORD MEMBER] */
static void zpf_group_line(struct zpf_groups_text *g, char **w, size_t n)
{
	struct zpf_group_text *group;
	char type[64];
	size_t at = 1;

	snprintf(type, sizeof(type), "%s", w[0]);
	if (!strcmp(type, "dynamic-group") && n > 2) {
		snprintf(type, sizeof(type), "%s %s", w[0], w[1]);
		at = 2;
	}
	if (n <= at)
		return;
	group = zpf_group_get(g, type, w[at]);
	if (zpf_named_prefix(type) && !group->named)
		group->named = zpf_text("%s:%s", zpf_named_prefix(type), w[at]);
	if (n != at + 3 || !strcmp(w[at + 1], "description"))
		return;
	zpf_strings_add(&group->members, !strcmp(w[at + 1], "include") ?
			zpf_text("include %s", w[at + 2]) : zpf_text("%s", w[at + 2]));
}

/*
 * The group a rule's words refer to: "source group address-group X",
 * "inbound-interface group X", "add-address-to-group source-address
 * address-group X", "source fqdn X", "source geoip country-code X".
 */
static void zpf_group_ref(struct zpf_groups_text *g, uint8_t family, const char *rule,
			  char **w, size_t n)
{
	const char *name = w[n - 1] + (*w[n - 1] == '!'), *type = w[n - 2];
	struct zpf_group_text *group;
	char six[80];

	if (n == 3 && !strcmp(w[1], "group")) {
		type = "interface-group";
	} else if (n == 4 && !strcmp(w[0], "add-address-to-group") &&
		   !strcmp(w[2], "address-group")) {
		type = family == 10 ? "dynamic-group ipv6-address-group" :
				      "dynamic-group address-group";
	} else if (n == 4 && !strcmp(w[1], "group")) {
		if (!strncmp(type, "dynamic-", 8))
			type = family == 10 ? "dynamic-group ipv6-address-group" :
					      "dynamic-group address-group";
		else if (family == 10 && (!strcmp(type, "address-group") ||
					  !strcmp(type, "network-group"))) {
			snprintf(six, sizeof(six), "ipv6-%s", type);
			type = six;
		}
	} else if (n == 3 && !strcmp(w[1], "fqdn")) {
		type = "fqdn";
	} else if (n == 4 && !strcmp(w[2], "country-code")) {
		type = "geoip";
	} else {
		return;
	}
	group = zpf_group_get(g, type, name);
	if (zpf_named_prefix(type) && !group->named)
		group->named = zpf_text("%s:%s", zpf_named_prefix(type), name);
	if (!group->refs.n || strcmp(group->refs.list[group->refs.n - 1], rule))
		zpf_strings_add(&group->refs, zpf_text("%s", rule));
}

static void zpf_groups_line(struct zpf_groups_text *g, char *line)
{
	char *w[ZPF_WORDS_MAX], rule[300];
	size_t n = zpf_rules_words(line, w);
	uint8_t family;

	if (n < 5 || strcmp(w[0], "set") || strcmp(w[1], "firewall"))
		return;
	if (!strcmp(w[2], "group")) {
		zpf_group_line(g, w + 3, n - 3);
		return;
	}
	family = !strcmp(w[2], "ipv4") ? 2 : !strcmp(w[2], "ipv6") ? 10 : 0;
	if (!family || n < 9 || strcmp(w[5], "rule"))
		return;
	snprintf(rule, sizeof(rule), "%s %s%s%s %s", w[2],
		 strcmp(w[3], "name") ? w[3] : "", strcmp(w[3], "name") ? " " : "",
		 w[4], w[6]);
	if (n - 7 >= 2)
		zpf_group_ref(g, family, rule, w + 7, n - 7);
}

static void zpf_groups_parse(const char *text, struct zpf_groups_text *g)
{
	const char *end;
	char *line;

	memset(g, 0, sizeof(*g));
	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		line = zpf_xcheck(strndup(text, end - text));
		zpf_groups_line(g, line);
		free(line);
	}
}

static void zpf_groups_free(struct zpf_groups_text *g)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		free(g->list[i].type);
		free(g->list[i].name);
		free(g->list[i].named);
		zpf_strings_free(&g->list[i].members);
		zpf_strings_free(&g->list[i].refs);
	}
	free(g->list);
}

/* What a group that is filled holds: one line a family. */
static void zpf_named_text(const struct zpf_group_text *g,
			   const struct zpf_named_all *all, struct zpf_strings *out)
{
	bool v6 = !strcmp(g->type, "dynamic-group ipv6-address-group");
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct zpf_named *n = &all->list[i];

		if (strcasecmp(n->name, g->named) || (n->dynamic && n->v6 != v6))
			continue;
		zpf_strings_add(out, zpf_text("%" PRIu32 " %s %s, revision %" PRIu32,
					      n->count, n->v6 ? "IPv6" : "IPv4",
					      n->dynamic ? "addresses" : "ranges",
					      n->revision));
	}
}

static char *zpf_joined(const struct zpf_strings *s, size_t most)
{
	char *text = zpf_xstrdup(""), *grown;
	size_t i;

	for (i = 0; i < s->n && i < most; i++) {
		grown = zpf_text("%s%s%s", text, i ? ", " : "", s->list[i]);
		free(text);
		text = grown;
	}
	if (s->n > most) {
		grown = zpf_text("%s and %zu more", text, s->n - most);
		free(text);
		text = grown;
	}
	return text;
}

static void zpf_json_strings(struct zpf_out *o, const char *key,
			     const struct zpf_strings *s)
{
	size_t i;

	zpf_json_open(o, key, '[');
	for (i = 0; i < s->n; i++)
		zpf_json_string(o, NULL, s->list[i]);
	zpf_json_close(o, '[');
}

static void zpf_group_json(struct zpf_out *o, const struct zpf_group_text *g,
			   const struct zpf_strings *holds)
{
	zpf_json_open(o, NULL, '{');
	zpf_json_string(o, "name", g->name);
	zpf_json_string(o, "type", g->type);
	zpf_json_strings(o, "references", &g->refs);
	zpf_json_strings(o, "members", &g->members);
	zpf_json_string(o, "set", g->named);
	zpf_json_strings(o, "holds", holds);
	zpf_json_close(o, '{');
}

static void zpf_groups_out(struct zpf_out *o, const struct zpf_groups_text *g,
			   const struct zpf_named_all *all, const char *name)
{
	static const struct zpf_col cols[] = {
		{ "NAME", NULL, 0 }, { "TYPE", NULL, 0 },
		{ "REFERENCES", NULL, 0 }, { "MEMBERS", NULL, 0 },
		{ "HOLDS", NULL, 0 },
	};
	size_t most = name ? SIZE_MAX : ZPF_GROUP_SHOWN, i, k;
	struct zpf_rows r;

	if (o->json)
		zpf_json_open(o, "group", '[');
	else
		zpf_rows_begin(&r, o, NULL, cols, ZPF_ARRAY_LEN(cols));
	for (i = 0; i < g->n; i++) {
		const struct zpf_group_text *group = &g->list[i];
		struct zpf_strings holds = { 0 };
		char *cells[3];

		if (name && strcmp(name, group->name) &&
		    (!group->named || strcasecmp(name, group->named)))
			continue;
		if (group->named)
			zpf_named_text(group, all, &holds);
		if (o->json) {
			zpf_group_json(o, group, &holds);
		} else {
			cells[0] = zpf_joined(&group->refs, most);
			cells[1] = zpf_joined(&group->members, most);
			cells[2] = zpf_joined(&holds, most);
			zpf_rows_text(&r, group->name);
			zpf_rows_text(&r, group->type);
			for (k = 0; k < 3; k++) {
				zpf_rows_text(&r, *cells[k] ? cells[k] : NULL);
				free(cells[k]);
			}
		}
		zpf_strings_free(&holds);
	}
	if (o->json)
		zpf_json_close(o, '[');
	else
		zpf_rows_end(&r);
}

static bool zpf_groups_have(const struct zpf_groups_text *g, const char *name)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		if (!strcmp(g->list[i].name, name) ||
		    (g->list[i].named && !strcasecmp(g->list[i].named, name)))
			return true;
	return false;
}

/** zpf_cmd_show_group() - run `zpfctl show firewall group`; returns an exit status */
int zpf_cmd_show_group(struct zpf_ctx *ctx)
{
	const char *name = ctx->argc > 1 ? ctx->argv[1] : NULL;
	struct zpf_groups_text groups;
	struct zpf_named_all all = { 0 };
	struct zpf_snapshot s;
	struct zpf_nl *nl;
	char why[512];
	int ret;

	if (ctx->argc > 2)
		return zpf_cmd_usage(ctx->cmd, "unexpected '%s'", ctx->argv[2]);
	ret = zpf_show_fetch(ZPF_FETCH_SOURCE, &s);
	if (ret)
		return ret;
	if (zpf_nl_open_zpf(&nl) || zpf_named_get(nl, &all))
		ret = zpf_cmd_error("%s", zpf_nl_why(nl, why, sizeof(why)));
	zpf_nl_close(nl);
	zpf_groups_parse(s.source, &groups);
	if (!ret && name && !zpf_groups_have(&groups, name))
		ret = zpf_cmd_error("there is no group %s", name);
	if (!ret) {
		if (ctx->out.json) {
			zpf_json_open(&ctx->out, NULL, '{');
			zpf_json_uint(&ctx->out, "generation", s.status.generation);
		}
		zpf_groups_out(&ctx->out, &groups, &all, name);
		if (ctx->out.json)
			zpf_json_close(&ctx->out, '{');
	}
	zpf_groups_free(&groups);
	zpf_named_free(&all);
	zpf_snapshot_free(&s);
	return ret;
}
