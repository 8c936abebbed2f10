// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show log firewall: the lines of this firewall in the kernel log, read
 * back by family, ruleset and rule. A prefix is taken apart from its end: names
 * may hold anything a prefix is made of, rule and action may not.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "names.h"
#include "show.h"
#include "xmem.h"

#define ZPF_KMSG	"/dev/kmsg"
#define ZPF_KMSG_SIZE	8192

static const struct zpf_col zpf_log_cols[] = {
	{ "LAST", "time", ZPF_COL_RIGHT },
	{ "LEVEL", NULL, ZPF_COL_JSON },
	{ "FAMILY", NULL, 0 },
	{ "RULESET", NULL, 0 },
	{ "RULE", NULL, 0 },
	{ "ACTION", NULL, ZPF_COL_ACTION },
	{ "PROTO", "protocol", 0 },
	{ "SRC", NULL, 0 },
	{ "SPORT", NULL, ZPF_COL_RIGHT },
	{ "DST", NULL, 0 },
	{ "DPORT", NULL, ZPF_COL_RIGHT },
	{ "IN", NULL, 0 },
	{ "OUT", NULL, 0 },
	{ "SUPPRESSED", NULL, ZPF_COL_RIGHT },
};

/** struct zpf_log_filter - what was asked for; NULL: everything */
struct zpf_log_filter {
	const char *family, *ruleset, *rule;
};

/**
 * struct zpf_log_line - a line of the log, taken apart
 * @fields: behind the prefix: "IN=eth1 OUT=..."
 * @suppressed: a summary: lines that were not written; 0: a packet
 */
struct zpf_log_line {
	uint64_t age_ns;
	unsigned int level;
	char family[8], ruleset[ZPF_RULESET_NAME_MAX + 1], rule[64], action;
	const char *fields;
	uint64_t suppressed;
};

static const struct {
	const char *tag, *ruleset;	/* NULL: a name follows */
} zpf_log_tags[] = {
	{ "NAM-", NULL },
	{ "FWD-", "forward filter" },
	{ "INP-", "input filter" },
	{ "OUT-", "output filter" },
};

static const struct {
	char letter;
	const char *word;
} zpf_log_actions[] = {
	{ 'A', "accept" }, { 'D', "drop" }, { 'R', "reject" },
	{ 'J', "jump" }, { 'C', "continue" },
};

static const char *zpf_log_action(char letter)
{
	size_t i;

	for (i = 0; i < ZPF_ARRAY_LEN(zpf_log_actions); i++)
		if (zpf_log_actions[i].letter == letter)
			return zpf_log_actions[i].word;
	return NULL;
}

/* Cuts "…-WORD" off the end of @text. Return: WORD, or NULL */
static char *zpf_log_cut(char *text)
{
	char *dash = strrchr(text, '-');

	if (!dash)
		return NULL;
	*dash = '\0';
	return dash + 1;
}

/* "STATE-POLICY-INV-D", "ipv4-NAM-IOT_WAN-20-D", ... Return: is it one? */
static bool zpf_log_prefix(struct zpf_log_line *line, char *prefix)
{
	char *action = zpf_log_cut(prefix), *rule = action ? zpf_log_cut(prefix) : NULL;
	const char *rest = prefix;
	size_t i;

	if (!rule || !action[0] || action[1] || !zpf_log_action(*action))
		return false;
	line->action = *action;
	if (!strcmp(prefix, "STATE-POLICY")) {
		snprintf(line->rule, sizeof(line->rule), "state-policy %s",
			 !strcmp(rule, "EST") ? "established" :
			 !strcmp(rule, "REL") ? "related" : "invalid");
		return true;
	}
	if (strncmp(rest, "ipv4-", 5) && strncmp(rest, "ipv6-", 5))
		return false;
	snprintf(line->family, sizeof(line->family), "%.4s", rest);
	rest += 5;
	if (!strncmp(rest, "ZON-", 4)) {
		snprintf(line->rule, sizeof(line->rule), "%s", !strcmp(rule, "intra") ?
			 "intra-zone" : "zone-default");
		return true;
	}
	for (i = 0; i < ZPF_ARRAY_LEN(zpf_log_tags); i++) {
		if (strncmp(rest, zpf_log_tags[i].tag, 4))
			continue;
		snprintf(line->ruleset, sizeof(line->ruleset), "%s",
			 zpf_log_tags[i].ruleset ? zpf_log_tags[i].ruleset : rest + 4);
		snprintf(line->rule, sizeof(line->rule), "%.15s", rule);
		return true;
	}
	return false;
}

/* The text of a record. Return: is it a line of this firewall? */
static bool zpf_log_text(struct zpf_log_line *line, char *text)
{
	static const char summary[] = "zpf: ";
	char *end;

	if (!strncmp(text, summary, strlen(summary))) {
		text += strlen(summary);
		end = strstr(text, ": ");
		if (!end || !strstr(end, " lines suppressed"))
			return false;
		*end = '\0';
		line->suppressed = strtoull(end + 2, NULL, 10);
		line->fields = "";
		return zpf_log_prefix(line, text);
	}
	end = *text == '[' ? strchr(text, ']') : NULL;
	if (!end)
		return false;
	*end = '\0';
	line->fields = end + 1;
	return zpf_log_prefix(line, text + 1);
}

/* A value of the fields, "SRC=" -> "10.0.0.1". Return: NULL if there is none */
static const char *zpf_log_field(const struct zpf_log_line *line, const char *key,
				 char *buf, size_t size)
{
	const char *at = line->fields;
	size_t len = strlen(key);

	while ((at = strstr(at, key))) {
		if (at == line->fields || at[-1] == ' ') {
			snprintf(buf, size, "%.*s", (int)strcspn(at + len, " \n"), at + len);
			return *buf ? buf : NULL;
		}
		at += len;
	}
	return NULL;
}

static bool zpf_log_passes(const struct zpf_log_filter *f, struct zpf_log_line *line)
{
	char src[64];

	/* The state policy's prefix is one for both families. */
	if (!*line->family && zpf_log_field(line, "SRC=", src, sizeof(src)))
		snprintf(line->family, sizeof(line->family), "%s",
			 strchr(src, ':') ? "ipv6" : "ipv4");
	return (!f->family || !strcmp(f->family, line->family)) &&
	       (!f->ruleset || !strcmp(f->ruleset, line->ruleset)) &&
	       (!f->rule || !strcmp(f->rule, line->rule));
}

static void zpf_log_cell(struct zpf_rows *r, const struct zpf_log_line *line,
			 const char *key)
{
	char buf[64];

	zpf_rows_text(r, zpf_log_field(line, key, buf, sizeof(buf)));
}

static void zpf_log_number(struct zpf_rows *r, const struct zpf_log_line *line,
			   const char *key)
{
	char buf[64];

	if (zpf_log_field(line, key, buf, sizeof(buf)))
		zpf_rows_uint(r, strtoull(buf, NULL, 10));
	else
		zpf_rows_text(r, NULL);
}

/* The logger's names of protocols are in capitals. */
static void zpf_log_proto(struct zpf_rows *r, const struct zpf_log_line *line)
{
	char buf[64], *end;
	const char *name;
	size_t i;

	if (!zpf_log_field(line, "PROTO=", buf, sizeof(buf))) {
		zpf_rows_text(r, NULL);
		return;
	}
	name = zpf_protocol_name(strtol(buf, &end, 10));
	for (i = 0; *end && buf[i]; i++)
		if (buf[i] >= 'A' && buf[i] <= 'Z')
			buf[i] += 'a' - 'A';
	zpf_rows_text(r, *end || !name ? buf : name);
}

static void zpf_log_row(struct zpf_rows *r, const struct zpf_snapshot *s,
			const struct zpf_log_line *line)
{
	zpf_rows_time(r, s->status.unix_ns - line->age_ns, line->age_ns);
	zpf_rows_uint(r, line->level);
	zpf_rows_text(r, *line->family ? line->family : NULL);
	zpf_rows_text(r, *line->ruleset ? line->ruleset : NULL);
	zpf_rows_text(r, line->rule);
	zpf_rows_text(r, zpf_log_action(line->action));
	zpf_log_proto(r, line);
	zpf_log_cell(r, line, "SRC=");
	zpf_log_number(r, line, "SPT=");
	zpf_log_cell(r, line, "DST=");
	zpf_log_number(r, line, "DPT=");
	zpf_log_cell(r, line, "IN=");
	zpf_log_cell(r, line, "OUT=");
	if (line->suppressed)
		zpf_rows_uint(r, line->suppressed);
	else
		zpf_rows_text(r, NULL);
}

static uint64_t zpf_log_age(uint64_t since_boot_us)
{
	struct timespec now;
	uint64_t ns;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	return ns > since_boot_us * 1000 ? ns - since_boot_us * 1000 : 0;
}

/* "4,1234,5678901,-;TEXT\n": level and facility, number, microseconds, flags */
static bool zpf_log_record(struct zpf_log_line *line, char *record)
{
	char *text = strchr(record, ';');
	unsigned int level;
	uint64_t us;

	memset(line, 0, sizeof(*line));
	if (!text || sscanf(record, "%u,%*u,%" SCNu64, &level, &us) != 2 || level > 7)
		return false;
	line->level = level;
	line->age_ns = zpf_log_age(us);
	return zpf_log_text(line, text + 1);
}

static int zpf_log_read(int fd, struct zpf_rows *r, const struct zpf_snapshot *s,
			const struct zpf_log_filter *f)
{
	static char record[ZPF_KMSG_SIZE + 1];
	struct zpf_log_line line;
	ssize_t n;

	for (;;) {
		n = read(fd, record, ZPF_KMSG_SIZE);
		if (n < 0 && errno == EAGAIN)
			return 0;
		/* Overwritten before it was read: go on with the oldest. */
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			return zpf_cmd_error("cannot read %s: %s", ZPF_KMSG,
					     strerror(n ? errno : EIO));
		record[n] = '\0';
		if (zpf_log_record(&line, record) && zpf_log_passes(f, &line))
			zpf_log_row(r, s, &line);
	}
}

static int zpf_log_operands(struct zpf_ctx *ctx, struct zpf_log_filter *f)
{
	char **v = ctx->argv;
	int n = ctx->argc;

	if (strcmp(v[0], "firewall"))
		return zpf_cmd_usage(ctx->cmd, "'%s': expected firewall", v[0]);
	if (n > 1 && strcmp(v[1], "ipv4") && strcmp(v[1], "ipv6"))
		return zpf_cmd_usage(ctx->cmd, "'%s': expected ipv4 or ipv6", v[1]);
	if (n > 2 && strcmp(v[2], "name"))
		return zpf_cmd_usage(ctx->cmd, "'%s': expected name", v[2]);
	if (n > 4 && strcmp(v[4], "rule"))
		return zpf_cmd_usage(ctx->cmd, "'%s': expected rule", v[4]);
	if (n == 3 || n == 5)
		return zpf_cmd_usage(ctx->cmd, "which %s?", n == 3 ? "ruleset" : "rule");
	f->family = n > 1 ? v[1] : NULL;
	f->ruleset = n > 3 ? v[3] : NULL;
	f->rule = n > 5 ? v[5] : NULL;
	return 0;
}

/** zpf_cmd_show_log() - run `zpfctl show log firewall` */
int zpf_cmd_show_log(struct zpf_ctx *ctx)
{
	struct zpf_log_filter f = { 0 };
	struct zpf_out *o = &ctx->out;
	struct zpf_snapshot s;
	struct zpf_rows r;
	int fd, ret;

	ret = zpf_log_operands(ctx, &f);
	if (!ret)
		ret = zpf_show_fetch(0, &s);
	if (ret)
		return ret;
	fd = open(ZPF_KMSG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return zpf_cmd_error("cannot open %s: %s", ZPF_KMSG, strerror(errno));
	if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_uint(o, "generation", s.status.generation);
	}
	zpf_rows_begin(&r, o, "log", zpf_log_cols, ZPF_ARRAY_LEN(zpf_log_cols));
	ret = zpf_log_read(fd, &r, &s, &f);
	zpf_rows_end(&r);
	if (o->json)
		zpf_json_close(o, '{');
	close(fd);
	zpf_snapshot_free(&s);
	return ret;
}
