// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl merge: the running configuration, with files merged onto it, swapped
 * in if it is still the running one by then. Where another commit comes in
 * between, it begins again from what that one made.
 */
#include <errno.h>

#include "commit.h"
#include "fetch.h"

#define ZPF_MERGE_TRIES 4

/* One attempt. Return: 0 done, 1 another commit was faster, -1 failed */
static int zpf_merge_once(struct zpf_ctx *ctx, struct zpf_nl *nl,
			  struct zpf_input *in, struct zpf_push_result *res)
{
	struct zpf_text base = { .name = "running configuration" };
	struct zpf_snapshot snap;
	uint32_t generation;
	char why[512];
	int ret = -1;

	if (zpf_fetch(nl, ZPF_FETCH_SOURCE, &snap)) {
		zpf_diag_add(&in->diag, ZPF_DIAG_ERROR, NULL, NULL, "%s%s",
			     zpf_nl_why(nl, why, sizeof(why)),
			     nl->err.code == ENOENT ? ": use load" : "");
		goto out;
	}
	base.data = snap.source;
	base.len = snap.source_len;
	generation = snap.status.generation;
	if (zpf_input_compile(in, &base, ctx->opts))
		goto out;
	if (!zpf_commit(ctx, nl, in, &generation, res))
		ret = 0;
	else if (nl->err.code == ESTALE)
		ret = 1;
out:
	zpf_snapshot_free(&snap);
	return ret;
}

/** zpf_cmd_merge() - run `zpfctl merge`; returns an exit status */
int zpf_cmd_merge(struct zpf_ctx *ctx)
{
	struct zpf_push_result res;
	struct zpf_input in = { .again = true };
	struct zpf_nl *nl = NULL;
	int done = -1, tries, ret;
	char why[512];

	if (zpf_input_files(&in, ctx->argc, ctx->argv))
		goto report;
	if (zpf_nl_open_zpf(&nl)) {
		zpf_diag_add(&in.diag, ZPF_DIAG_ERROR, NULL, NULL, "%s",
			     zpf_nl_why(nl, why, sizeof(why)));
		goto report;
	}
	for (tries = 0; tries < ZPF_MERGE_TRIES; tries++) {
		done = zpf_merge_once(ctx, nl, &in, &res);
		if (done <= 0)
			break;
	}
	if (done > 0)
		zpf_diag_add(&in.diag, ZPF_DIAG_ERROR, NULL, NULL,
			     "other commits came in between %d times: try again",
			     ZPF_MERGE_TRIES);
report:
	ret = zpf_input_report(ctx, &in, done ? NULL : &res);
	zpf_nl_close(nl);
	zpf_input_free(&in);
	return ret;
}
