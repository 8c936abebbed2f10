// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl load: read, check, swap in atomically. Everything that can be
 * refused without the kernel is refused before a socket is opened.
 */
#include "commit.h"

/** zpf_cmd_load() - run `zpfctl load`; returns an exit status */
int zpf_cmd_load(struct zpf_ctx *ctx)
{
	struct zpf_push_result res, *done = NULL;
	struct zpf_input in = { 0 };
	struct zpf_nl *nl = NULL;
	char why[512];
	int ret;

	if (zpf_input_files(&in, ctx->argc, ctx->argv) ||
	    zpf_input_compile(&in, NULL, ctx->opts))
		goto report;
	if (zpf_nl_open_zpf(&nl))
		zpf_diag_add(&in.diag, ZPF_DIAG_ERROR, NULL, NULL, "%s",
			     zpf_nl_why(nl, why, sizeof(why)));
	else if (!zpf_commit(ctx, nl, &in, NULL, &res))
		done = &res;
report:
	ret = zpf_input_report(ctx, &in, done);
	zpf_nl_close(nl);
	zpf_input_free(&in);
	return ret;
}
