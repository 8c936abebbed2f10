// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show firewall: the rules as they are written, from the running
 * source, with what all pairs together counted on them. One block a ruleset,
 * its default last.
 */
#include "rules.h"
#include "show.h"
#include "xmem.h"

static const struct zpf_col zpf_fw_cols[] = {
	{ "Family", NULL, ZPF_COL_JSON },
	{ "Ruleset", NULL, ZPF_COL_JSON },
	{ "Rule", NULL, 0 },
	{ "Action", NULL, ZPF_COL_ACTION },
	{ "Protocol", NULL, 0 },
	{ "Packets", NULL, ZPF_COL_RIGHT },
	{ "Bytes", NULL, ZPF_COL_RIGHT },
	{ "Conditions", NULL, 0 },
	{ "Disabled", NULL, ZPF_COL_JSON },
	{ "Log", NULL, ZPF_COL_JSON },
	{ "Last", "last_hit", ZPF_COL_JSON },
	{ "Description", NULL, ZPF_COL_JSON },
};

/* With `detail`, what is otherwise for programs only. */
static const struct zpf_col zpf_fw_detail_cols[] = {
	{ "Family", NULL, ZPF_COL_JSON },
	{ "Ruleset", NULL, ZPF_COL_JSON },
	{ "Rule", NULL, 0 },
	{ "Action", NULL, ZPF_COL_ACTION },
	{ "Protocol", NULL, 0 },
	{ "Packets", NULL, ZPF_COL_RIGHT },
	{ "Bytes", NULL, ZPF_COL_RIGHT },
	{ "Conditions", NULL, 0 },
	{ "Disabled", NULL, ZPF_COL_JSON },
	{ "Log", NULL, 0 },
	{ "Last", "last_hit", ZPF_COL_RIGHT },
	{ "Description", NULL, 0 },
};

_Static_assert(ZPF_ARRAY_LEN(zpf_fw_cols) == ZPF_ARRAY_LEN(zpf_fw_detail_cols),
	       "the two forms have the same cells");

/** struct zpf_fw_filter - what was asked for */
struct zpf_fw_filter {
	uint8_t family;		/* 0: both */
	char name[256];		/* empty: all */
	bool chain;		/* @name is a base chain */
	uint32_t rule;		/* 0: all */
	bool detail;
};

/** struct zpf_fw_sum - a rule's counters over all pairs */
struct zpf_fw_sum {
	bool counted;
	uint64_t packets, bytes, last_ns;
};

/** struct zpf_fw_index - counters sorted by family, ruleset and number */
struct zpf_fw_index {
	const struct zpf_counter **list;
	size_t n;
};

static int zpf_fw_order(const struct zpf_counter *a, uint8_t family,
			const char *ruleset, uint32_t number)
{
	int diff = a->family - family;

	if (!diff)
		diff = strcmp(a->ruleset, ruleset);
	if (!diff)
		diff = (a->number > number) - (a->number < number);
	return diff;
}

static int zpf_fw_compare(const void *a, const void *b)
{
	const struct zpf_counter *y = *(const struct zpf_counter * const *)b;

	return zpf_fw_order(*(const struct zpf_counter * const *)a, y->family,
			    y->ruleset, y->number);
}

static void zpf_fw_index(const struct zpf_snapshot *s, struct zpf_fw_index *index)
{
	size_t i;

	index->n = 0;
	index->list = zpf_xcalloc(s->n_counters, sizeof(*index->list));
	for (i = 0; i < s->n_counters; i++)
		if (s->counters[i].ruleset)
			index->list[index->n++] = &s->counters[i];
	qsort(index->list, index->n, sizeof(*index->list), zpf_fw_compare);
}

static struct zpf_fw_sum zpf_fw_count(const struct zpf_fw_index *index,
				      const struct zpf_ruleset_text *set,
				      uint32_t number)
{
	size_t lo = 0, hi = index->n, mid;
	struct zpf_fw_sum sum = { 0 };
	const struct zpf_counter *c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (zpf_fw_order(index->list[mid], set->family, set->name, number) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < index->n; lo++) {
		c = index->list[lo];
		if (zpf_fw_order(c, set->family, set->name, number))
			break;
		sum.counted = true;
		sum.packets += c->packets;
		sum.bytes += c->bytes;
		if (c->last_ns > sum.last_ns)
			sum.last_ns = c->last_ns;
	}
	return sum;
}

static void zpf_fw_row(struct zpf_rows *r, const struct zpf_snapshot *s,
		       const struct zpf_fw_index *index,
		       const struct zpf_ruleset_text *set,
		       const struct zpf_rule_text *rule)
{
	struct zpf_fw_sum sum = { 0 };
	char number[16];

	if (!rule->disabled)
		sum = zpf_fw_count(index, set, rule->number);
	zpf_rows_text(r, zpf_family_name(set->family));
	zpf_rows_text(r, set->name);
	zpf_rows_text(r, zpf_show_rule(number, sizeof(number), rule->number));
	zpf_rows_text(r, rule->disabled && !r->o->json ? "disabled" : rule->action);
	zpf_rows_text(r, rule->protocol);
	if (sum.counted) {
		zpf_rows_uint(r, sum.packets);
		zpf_rows_uint(r, sum.bytes);
	} else {
		zpf_rows_text(r, NULL);
		zpf_rows_text(r, NULL);
	}
	zpf_rows_text(r, rule->conditions ? rule->conditions :
		      r->o->json ? NULL : "");
	zpf_rows_bool(r, rule->disabled);
	zpf_rows_bool(r, rule->log);
	zpf_show_last(r, s, sum.last_ns);
	zpf_rows_text(r, rule->description ? rule->description :
		      r->o->json ? NULL : "");
}

static bool zpf_fw_wanted(const struct zpf_fw_filter *f,
			  const struct zpf_ruleset_text *set)
{
	return (!f->family || f->family == set->family) &&
	       (!*f->name || (f->chain == set->chain && !strcmp(f->name, set->name)));
}

static void zpf_fw_print(struct zpf_out *o, const struct zpf_snapshot *s,
			 const struct zpf_rules_text *rules,
			 const struct zpf_fw_filter *f)
{
	const struct zpf_col *cols = f->detail ? zpf_fw_detail_cols : zpf_fw_cols;
	const struct zpf_ruleset_text *set;
	size_t i, k, blocks = 0;
	struct zpf_fw_index index;
	struct zpf_rows r;
	char title[300];

	zpf_fw_index(s, &index);
	if (o->json)
		zpf_rows_begin(&r, o, "firewall", cols, ZPF_ARRAY_LEN(zpf_fw_cols));
	for (i = 0; i < rules->n_sets; i++) {
		set = &rules->sets[i];
		if (!zpf_fw_wanted(f, set))
			continue;
		if (!o->json) {
			if (blocks++)
				fputc('\n', o->f);
			snprintf(title, sizeof(title), "%s %s%s",
				 zpf_family_name(set->family),
				 set->chain ? "" : "name ", set->name);
			zpf_out_heading(o, title);
			zpf_rows_begin(&r, o, NULL, cols, ZPF_ARRAY_LEN(zpf_fw_cols));
		}
		for (k = 0; k < set->n_rules; k++) {
			if (f->rule && f->rule != set->rules[k].number)
				continue;
			zpf_fw_row(&r, s, &index, set, &set->rules[k]);
		}
		if (!o->json)
			zpf_rows_end(&r);
	}
	if (o->json)
		zpf_rows_end(&r);
	free(index.list);
}

/* Is there what was asked for? */
static bool zpf_fw_exists(const struct zpf_rules_text *rules,
			  const struct zpf_fw_filter *f)
{
	size_t i, k;

	if (!*f->name)
		return true;
	for (i = 0; i < rules->n_sets; i++) {
		if (!zpf_fw_wanted(f, &rules->sets[i]))
			continue;
		for (k = 0; k < rules->sets[i].n_rules; k++)
			if (!f->rule || f->rule == rules->sets[i].rules[k].number)
				return true;
	}
	return false;
}

static int zpf_fw_parse(struct zpf_ctx *ctx, struct zpf_fw_filter *f)
{
	static const char * const later[] = {
		"statistics", "summary", "zone-policy",
	};
	int n = ctx->argc, i = 0;
	char **a = ctx->argv;
	unsigned long number;
	char *end;
	size_t k;

	memset(f, 0, sizeof(*f));
	if (n && !strcmp(a[n - 1], "detail")) {
		f->detail = true;
		n--;
	}
	if (!n)
		return 0;
	for (k = 0; k < ZPF_ARRAY_LEN(later); k++)
		if (!strcmp(a[0], later[k])) {
			fprintf(stderr, "zpfctl: show firewall %s: not in this release\n",
				later[k]);
			return ZPF_EXIT_USAGE;
		}
	f->family = !strcmp(a[0], "ipv4") ? 2 : !strcmp(a[0], "ipv6") ? 10 : 0;
	if (!f->family)
		return zpf_cmd_usage(ctx->cmd, "'%s': expected ipv4 or ipv6", a[0]);
	if (++i == n)
		return 0;
	f->chain = !strcmp(a[i], "forward") || !strcmp(a[i], "input") ||
		   !strcmp(a[i], "output");
	if (f->chain)
		snprintf(f->name, sizeof(f->name), "%s filter", a[i]);
	else if (strcmp(a[i], "name"))
		return zpf_cmd_usage(ctx->cmd, "'%s': expected name, forward, input or output",
				     a[i]);
	if (++i == n && !f->chain)
		return zpf_cmd_usage(ctx->cmd, "name of which ruleset?");
	if (!f->chain)
		snprintf(f->name, sizeof(f->name), "%s", a[i++]);
	else if (i < n && !strcmp(a[i], "filter"))
		i++;
	if (i == n)
		return 0;
	if (strcmp(a[i], "rule"))
		return zpf_cmd_usage(ctx->cmd, "'%s': expected rule", a[i]);
	if (++i == n)
		return zpf_cmd_usage(ctx->cmd, "rule of which number?");
	number = strtoul(a[i], &end, 10);
	if (*end || end == a[i] || !number || number > ZPF_MAX_RULE_NUMBER)
		return zpf_cmd_usage(ctx->cmd, "rule '%s': expected 1 to %d", a[i],
				     ZPF_MAX_RULE_NUMBER);
	f->rule = number;
	if (++i < n)
		return zpf_cmd_usage(ctx->cmd, "unexpected '%s'", a[i]);
	return 0;
}

/** zpf_cmd_show_firewall() - run `zpfctl show firewall` */
int zpf_cmd_show_firewall(struct zpf_ctx *ctx)
{
	struct zpf_rules_text rules;
	struct zpf_fw_filter f;
	struct zpf_snapshot s;
	int ret;

	if (ctx->argc && !strcmp(ctx->argv[0], "group"))
		return zpf_cmd_show_group(ctx);
	ret = zpf_fw_parse(ctx, &f);
	if (!ret)
		ret = zpf_show_fetch(ZPF_FETCH_SOURCE | ZPF_FETCH_COUNTERS, &s);
	if (ret)
		return ret;
	zpf_rules_parse(s.source, &rules);
	if (!zpf_fw_exists(&rules, &f)) {
		if (f.rule)
			ret = zpf_cmd_error("no rule %u in %s %s%s", f.rule,
					    zpf_family_name(f.family),
					    f.chain ? "" : "name ", f.name);
		else
			ret = zpf_cmd_error("no %s ruleset %s", zpf_family_name(f.family),
					    f.name);
	} else {
		if (ctx->out.json) {
			zpf_json_open(&ctx->out, NULL, '{');
			zpf_json_uint(&ctx->out, "generation", s.status.generation);
		}
		zpf_fw_print(&ctx->out, &s, &rules, &f);
		if (ctx->out.json)
			zpf_json_close(&ctx->out, '{');
	}
	zpf_rules_free(&rules);
	zpf_snapshot_free(&s);
	return ret;
}
