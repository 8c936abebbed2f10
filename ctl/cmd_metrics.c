// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl metrics: counters in the Prometheus text exposition format 0.0.4, for
 * the textfile collector of node_exporter. Labels are names of the policy,
 * never addresses. Without a policy there are the samples of the status.
 */
#include <inttypes.h>

#include "show.h"
#include "xmem.h"

/* A label's value: backslash, quote and newline are escaped. */
static void zpf_label(FILE *f, bool *first, const char *name, const char *value)
{
	fprintf(f, "%s%s=\"", *first ? "{" : ",", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', f);
		if (*value == '\n')
			fputs("\\n", f);
		else
			fputc(*value, f);
	}
	fputc('"', f);
	*first = false;
}

static void zpf_family_head(FILE *f, const char *name, const char *type,
			    const char *help)
{
	fprintf(f, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void zpf_counter_labels(FILE *f, const struct zpf_snapshot *s,
			       const struct zpf_counter *c)
{
	bool first = true;
	char rule[16];

	switch (c->kind) {
	case ZPF_COUNTER_PAIR:
		zpf_label(f, &first, "from", zpf_snapshot_zone(s, c->from));
		zpf_label(f, &first, "to", zpf_snapshot_zone(s, c->to));
		break;
	case ZPF_COUNTER_CHAIN:
		zpf_label(f, &first, "chain", zpf_hook_word(c->hook));
		break;
	default:
		zpf_label(f, &first, "state", zpf_state_word(c->state));
	}
	if (c->kind != ZPF_COUNTER_STATE) {
		zpf_label(f, &first, "family", zpf_family_name(c->family));
		zpf_label(f, &first, "ruleset", c->ruleset ? c->ruleset : "");
		zpf_label(f, &first, "rule", zpf_show_rule(rule, sizeof(rule), c->number));
	}
	zpf_label(f, &first, "action", zpf_action_word(c->action));
	fputc('}', f);
}

/* One sample a counter; pairs without a ruleset only where they counted. */
static void zpf_counter_samples(FILE *f, const struct zpf_snapshot *s, bool bytes)
{
	static const struct {
		uint8_t kind;
		const char *word, *what;
	} kinds[] = {
		{ ZPF_COUNTER_PAIR, "pair", "by pair of zones and rule" },
		{ ZPF_COUNTER_CHAIN, "chain", "by base chain and rule" },
		{ ZPF_COUNTER_STATE, "state_policy", "by state of the global state policy" },
	};
	const char *unit = bytes ? "bytes" : "packets";
	char name[64], help[96];
	size_t i, k;

	for (k = 0; k < ZPF_ARRAY_LEN(kinds); k++) {
		snprintf(name, sizeof(name), "zpf_%s_%s_total", kinds[k].word, unit);
		snprintf(help, sizeof(help), "%s %s.", bytes ? "Bytes" : "Packets",
			 kinds[k].what);
		zpf_family_head(f, name, "counter", help);
		for (i = 0; i < s->n_counters; i++) {
			const struct zpf_counter *c = &s->counters[i];

			if (c->kind != kinds[k].kind ||
			    (c->kind == ZPF_COUNTER_PAIR && !c->table && !c->packets))
				continue;
			fputs(name, f);
			zpf_counter_labels(f, s, c);
			fprintf(f, " %" PRIu64 "\n", bytes ? c->bytes : c->packets);
		}
	}
}

static void zpf_site_samples(FILE *f, const struct zpf_snapshot *s)
{
	static const struct {
		const char *name, *help;
		size_t at;
	} kinds[] = {
		{ "zpf_log_lines_total", "Log lines given to a logger.",
		  offsetof(struct zpf_site, logged) },
		{ "zpf_log_suppressed_total", "Log lines the rate held back.",
		  offsetof(struct zpf_site, suppressed) },
		{ "zpf_log_undeliverable_total", "Log lines no logger would have written.",
		  offsetof(struct zpf_site, undeliverable) },
	};
	uint64_t value;
	size_t i, k;
	bool first;

	for (k = 0; k < ZPF_ARRAY_LEN(kinds); k++) {
		zpf_family_head(f, kinds[k].name, "counter", kinds[k].help);
		for (i = 0; i < s->n_sites; i++) {
			memcpy(&value, (const char *)&s->sites[i] + kinds[k].at,
			       sizeof(value));
			fputs(kinds[k].name, f);
			first = true;
			zpf_label(f, &first, "site", s->sites[i].prefix);
			fprintf(f, "} %" PRIu64 "\n", value);
		}
	}
}

static void zpf_status_samples(FILE *f, const struct zpf_status *st)
{
	const struct {
		const char *name, *type, *help;
		uint64_t value;
	} samples[] = {
		{ "zpf_armed", "gauge", "1 while a policy is enforced.",
		  st->mode == ZPF_MODE_ARMED },
		{ "zpf_generation", "gauge", "Number of the running policy.",
		  st->generation },
		{ "zpf_zones", "gauge", "Zones of the policy.", st->zones },
		{ "zpf_rules", "gauge", "Rules of the policy, laid flat.", st->rules },
		{ "zpf_memory_bytes", "gauge", "Memory held by the policy.",
		  st->memory_bytes },
		{ "zpf_malformed_packets_total", "counter",
		  "Packets dropped because they cannot be parsed.", st->malformed },
	};
	size_t i;

	for (i = 0; i < ZPF_ARRAY_LEN(samples); i++) {
		zpf_family_head(f, samples[i].name, samples[i].type, samples[i].help);
		fprintf(f, "%s %" PRIu64 "\n", samples[i].name, samples[i].value);
	}
}

/** zpf_cmd_metrics() - run `zpfctl metrics` */
int zpf_cmd_metrics(struct zpf_ctx *ctx)
{
	FILE *f = ctx->out.f;
	struct zpf_snapshot s;
	int ret;

	if (ctx->out.json)
		return zpf_cmd_usage(ctx->cmd, "metrics has a format of its own: not with --json");
	ret = zpf_show_fetch(0, &s);
	if (!ret && s.status.mode == ZPF_MODE_ARMED) {
		zpf_snapshot_free(&s);
		ret = zpf_show_fetch(ZPF_FETCH_ZONES | ZPF_FETCH_COUNTERS |
				     ZPF_FETCH_SITES, &s);
	}
	if (ret)
		return ret;
	zpf_status_samples(f, &s.status);
	zpf_counter_samples(f, &s, false);
	zpf_counter_samples(f, &s, true);
	zpf_site_samples(f, &s);
	zpf_snapshot_free(&s);
	return ZPF_EXIT_OK;
}
