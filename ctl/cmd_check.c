// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl check: the reading, refusals and warnings of load, without a module
 * and without a privilege.
 */
#include "ifaces.h"
#include "input.h"

/** zpf_cmd_check() - run `zpfctl check`; returns an exit status */
int zpf_cmd_check(struct zpf_ctx *ctx)
{
	struct zpf_input in = { .patient = true };
	int ret;

	if (!zpf_input_files(&in, ctx->argc, ctx->argv) &&
	    !zpf_input_compile(&in, NULL, ctx->opts))
		zpf_ifaces_warn(in.policy, &in.diag);
	ret = zpf_input_report(ctx, &in, NULL);
	zpf_input_free(&in);
	return ret;
}
