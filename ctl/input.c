// SPDX-License-Identifier: GPL-2.0-only
/*
 * What load, merge and check have in common: see input.h.
 */
#include <errno.h>
#include <inttypes.h>

#include "input.h"
#include "xmem.h"

#define ZPF_TEXT_MAX (64UL << 20)	/* bytes of one file */

static int zpf_text_fail(struct zpf_input *in, const char *name, const char *why)
{
	struct zpf_where where = { .file = name };

	zpf_diag_add(&in->diag, ZPF_DIAG_ERROR, &where, NULL,
		     "cannot be read: %s", why);
	return -1;
}

static int zpf_text_read(struct zpf_input *in, const char *name, struct zpf_text *text)
{
	FILE *f = strcmp(name, "-") ? fopen(name, "re") : stdin;
	int ret = 0, err;
	size_t cap = 0;

	text->name = name;
	if (!f)
		return zpf_text_fail(in, name, strerror(errno));
	do {
		if (text->len + 1 >= cap)
			text->data = zpf_xgrow(text->data, &cap, 1);
		errno = 0;
		text->len += fread(text->data + text->len, 1, cap - text->len, f);
	} while (!feof(f) && !ferror(f) && text->len <= ZPF_TEXT_MAX);
	err = errno;
	if (ferror(f))
		ret = zpf_text_fail(in, name, strerror(err ? err : EIO));
	else if (text->len > ZPF_TEXT_MAX)
		ret = zpf_text_fail(in, name, "larger than 64 MiB");
	if (f != stdin)
		fclose(f);
	return ret;
}

int zpf_input_files(struct zpf_input *in, int n, char **names)
{
	int i, ret = 0;

	in->texts = zpf_xcalloc(n, sizeof(*in->texts));
	in->n_texts = n;
	for (i = 0; i < n; i++)
		if (zpf_text_read(in, names[i], &in->texts[i]))
			ret = -1;
	return ret;
}

int zpf_input_compile(struct zpf_input *in, const struct zpf_text *base,
		      unsigned int opts)
{
	struct zpf_diag base_diag = { 0 };
	unsigned int flags = 0;
	size_t i;

	zpf_policy_free(in->policy);
	zpf_config_free(in->cfg);
	zpf_diag_free(&in->diag);
	memset(&in->diag, 0, sizeof(in->diag));
	in->policy = NULL;
	in->cfg = zpf_xcheck(zpf_config_new());

	/* Warnings about the running text were given when it was loaded. */
	if (base)
		zpf_config_read_text(in->cfg, base->data, base->len, base->name,
				     &base_diag);
	for (i = 0; i < base_diag.n; i++)
		if (base_diag.entries[i].severity == ZPF_DIAG_ERROR)
			zpf_diag_add(&in->diag, ZPF_DIAG_ERROR,
				     &base_diag.entries[i].where,
				     base_diag.entries[i].path, "%s",
				     base_diag.entries[i].message);
	zpf_diag_free(&base_diag);
	/* Whatever is wrong with a text, one run shows what else there is. */
	for (i = 0; i < in->n_texts; i++) {
		zpf_config_read_text(in->cfg, in->texts[i].data, in->texts[i].len,
				     in->texts[i].name, &in->diag);
		if (in->again)
			continue;
		/* What follows can do with the memory. */
		free(in->texts[i].data);
		in->texts[i].data = NULL;
		in->texts[i].len = 0;
	}
	if (opts & ZPF_OPT_SKIP_UNENFORCED)
		flags |= ZPF_COMPILE_SKIP_UNENFORCED;
	if (opts & ZPF_OPT_FORCE)
		flags |= ZPF_COMPILE_FORCE;
	if (in->patient)
		flags |= ZPF_COMPILE_PATIENT;
	in->policy = zpf_config_compile(in->cfg, flags, &in->diag);
	if (in->diag.n_errors) {
		zpf_policy_free(in->policy);
		in->policy = NULL;
	}
	return in->policy ? 0 : -1;
}

void zpf_input_free(struct zpf_input *in)
{
	size_t i;

	zpf_policy_free(in->policy);
	zpf_config_free(in->cfg);
	zpf_diag_free(&in->diag);
	for (i = 0; i < in->n_texts; i++)
		free(in->texts[i].data);
	free(in->texts);
	memset(in, 0, sizeof(*in));
}

static void zpf_report_line(FILE *f, const struct zpf_input *in,
			    const struct zpf_push_result *res)
{
	const struct zpf_policy *p = in->policy;
	const struct zpf_ignored *ignored;
	size_t n, i;

	if (res)
		fprintf(f, "generation %" PRIu32 ": ", res->generation);
	else
		fputs("ok: ", f);
	fprintf(f, "%zu zones, %zu pairs, %zu rulesets, %zu rules, %zu groups",
		p->n_zones, p->n_pairs, p->n_rulesets, p->n_rules, p->n_groups);
	if (res)
		fprintf(f, ", %" PRIu64 ".%" PRIu64 " ms",
			(res->build_ns + 50000) / 1000000,
			(res->build_ns + 50000) / 100000 % 10);
	n = zpf_config_ignored(in->cfg, &ignored);
	for (i = 0; i < n; i++)
		fprintf(f, "%s%s %zu", i ? ", " : " (not enforced: ",
			ignored[i].word, ignored[i].leaves);
	fputs(n ? ")\n" : "\n", f);
}

static void zpf_report_findings(struct zpf_out *o, const char *key,
				const struct zpf_diag *diag,
				enum zpf_severity severity)
{
	const struct zpf_diag_entry *e;
	size_t i;

	zpf_json_open(o, key, '[');
	for (i = 0; i < diag->n; i++) {
		e = &diag->entries[i];
		if (e->severity != severity)
			continue;
		zpf_json_open(o, NULL, '{');
		zpf_json_string(o, "file", e->where.file);
		if (e->where.line)
			zpf_json_uint(o, "line", e->where.line);
		else
			zpf_json_null(o, "line");
		if (e->where.line && e->where.col)
			zpf_json_uint(o, "column", e->where.col);
		else
			zpf_json_null(o, "column");
		zpf_json_string(o, "path", e->path);
		if (e->witness)
			zpf_json_string(o, "witness", e->witness);
		zpf_json_string(o, "message", e->message);
		zpf_json_close(o, '{');
	}
	zpf_json_close(o, '[');
}

/* Where the time of a load went. */
static void zpf_report_times(struct zpf_out *o, const struct zpf_times *t,
			     const struct zpf_push_result *res)
{
	zpf_json_open(o, "times_us", '{');
	zpf_json_uint(o, "read", t->read_ns / 1000);
	zpf_json_uint(o, "check", t->check_ns / 1000);
	zpf_json_uint(o, "lint", t->lint_ns / 1000);
	zpf_json_uint(o, "flatten", t->flatten_ns / 1000);
	zpf_json_uint(o, "push", res->push_ns / 1000);
	zpf_json_close(o, '{');
}

static void zpf_report_statements(struct zpf_out *o, const struct zpf_input *in)
{
	static const struct zpf_statements none;
	const struct zpf_statements *n = in->cfg ? zpf_config_statements(in->cfg) : &none;

	zpf_json_open(o, "statements", '{');
	zpf_json_uint(o, "enforced", n->enforced);
	zpf_json_uint(o, "kept", n->kept);
	zpf_json_uint(o, "unenforced", n->unenforced);
	zpf_json_close(o, '{');
}

static void zpf_report_json(struct zpf_ctx *ctx, const struct zpf_input *in,
			    const struct zpf_push_result *res, bool ok)
{
	const struct zpf_ignored *ignored;
	const struct zpf_policy *p = in->policy;
	struct zpf_out *o = &ctx->out;
	size_t n, i;

	zpf_json_open(o, NULL, '{');
	zpf_json_bool(o, "ok", ok);
	zpf_json_uint(o, "zones", p ? p->n_zones : 0);
	zpf_json_uint(o, "pairs", p ? p->n_pairs : 0);
	zpf_json_uint(o, "rulesets", p ? p->n_rulesets : 0);
	zpf_json_uint(o, "rules", p ? p->n_rules : 0);
	zpf_json_uint(o, "groups", p ? p->n_groups : 0);
	zpf_json_open(o, "ignored", '{');
	n = in->cfg ? zpf_config_ignored(in->cfg, &ignored) : 0;
	for (i = 0; i < n; i++)
		zpf_json_uint(o, ignored[i].word, ignored[i].leaves);
	zpf_json_close(o, '{');
	zpf_report_statements(o, in);
	zpf_report_findings(o, "errors", &in->diag, ZPF_DIAG_ERROR);
	zpf_report_findings(o, "warnings", &in->diag, ZPF_DIAG_WARNING);
	if (ctx->cmd->run != zpf_cmd_check) {
		if (res) {
			zpf_json_uint(o, "generation", res->generation);
			zpf_json_uint(o, "build_us", res->build_ns / 1000);
			if (ctx->confirm)
				zpf_json_uint(o, "confirm_seconds_left", ctx->confirm);
			else
				zpf_json_null(o, "confirm_seconds_left");
			zpf_report_times(o, zpf_config_times(in->cfg), res);
		} else {
			zpf_json_null(o, "generation");
			zpf_json_null(o, "build_us");
		}
	}
	zpf_json_close(o, '{');
}

static void zpf_report_confirm(FILE *f, const struct zpf_ctx *ctx,
			       const struct zpf_input *in)
{
	fprintf(f, "note: what was before comes back in %u seconds, unless `zpfctl confirm` says that this stays\n",
		ctx->confirm);
	if (in->policy->n_sysctls)
		fprintf(f, "note: %zu kernel settings of it are made when it is confirmed\n",
			in->policy->n_sysctls);
}

int zpf_input_report(struct zpf_ctx *ctx, const struct zpf_input *in,
		     const struct zpf_push_result *res)
{
	bool ok = !in->diag.n_errors && in->policy;

	if (ctx->out.json) {
		zpf_report_json(ctx, in, res, ok);
	} else if (!ok) {
		zpf_diag_print(&in->diag, stderr);
	} else if (res) {
		zpf_report_line(ctx->out.f, in, res);
		fflush(ctx->out.f);
		if (res->flags & ZPF_COMMIT_FIRST)
			fputs("note: the first policy of this network namespace: flows older than it are seen as new, from whichever side speaks first\n",
			      stderr);
		if (ctx->confirm)
			zpf_report_confirm(stderr, ctx, in);
		zpf_diag_print(&in->diag, stderr);
	} else {
		zpf_diag_print(&in->diag, stderr);
		zpf_report_line(ctx->out.f, in, NULL);
	}
	return ok ? ZPF_EXIT_OK : ZPF_EXIT_FAILED;
}
