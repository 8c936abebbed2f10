// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show sysctls: the global options of the running configuration that are
 * settings of the kernel, and what these are now: others may have changed them.
 */
#include "input.h"
#include "show.h"
#include "sysctls.h"
#include "xmem.h"

static const struct zpf_col zpf_sysctl_cols[] = {
	{ "OPTION", NULL, 0 },
	{ "SYSCTL", NULL, 0 },
	{ "WANTED", NULL, ZPF_COL_RIGHT },
	{ "NOW", NULL, ZPF_COL_RIGHT },
};

/** zpf_cmd_show_sysctls() - run `zpfctl show sysctls`; returns an exit status */
int zpf_cmd_show_sysctls(struct zpf_ctx *ctx)
{
	struct zpf_text text = { .name = "running configuration" };
	struct zpf_out *o = &ctx->out;
	struct zpf_input in = { 0 };
	char now[ZPF_SYSCTL_TEXT];
	struct zpf_snapshot s;
	struct zpf_rows r;
	int ret;

	ret = zpf_show_fetch(ZPF_FETCH_SOURCE, &s);
	if (ret)
		return ret;
	text.data = s.source;
	text.len = s.source_len;
	if (zpf_input_compile(&in, &text, ZPF_OPT_SKIP_UNENFORCED | ZPF_OPT_FORCE)) {
		zpf_diag_print(&in.diag, stderr);
		ret = ZPF_EXIT_FAILED;
		goto out;
	}
	if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_uint(o, "generation", s.status.generation);
	}
	zpf_rows_begin(&r, o, "sysctls", zpf_sysctl_cols,
		       ZPF_ARRAY_LEN(zpf_sysctl_cols));
	for (size_t i = 0; i < in.policy->n_sysctls; i++) {
		const struct zpf_flat_sysctl *c = &in.policy->sysctls[i];

		zpf_rows_text(&r, c->option);
		zpf_rows_text(&r, c->path);
		zpf_rows_text(&r, c->value);
		zpf_rows_text(&r, zpf_sysctl_now(ZPF_SYSCTL_ROOT, c, now));
	}
	zpf_rows_end(&r);
	if (o->json)
		zpf_json_close(o, '{');
out:
	zpf_input_free(&in);
	zpf_snapshot_free(&s);
	return ret;
}
