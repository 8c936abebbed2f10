// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl clear counters: packets, bytes and last hits start again from zero.
 */
#include "show.h"

/** zpf_cmd_clear_counters() - run `zpfctl clear counters` */
int zpf_cmd_clear_counters(struct zpf_ctx *ctx)
{
	struct zpf_nl *nl;
	char why[512];
	int ret = ZPF_EXIT_OK;

	if (zpf_nl_open_zpf(&nl) ||
	    zpf_nl_request(nl, zpf_nl_msg(nl, ZPF_CMD_COUNTER_CLEAR, 64), NULL, NULL)) {
		ret = zpf_cmd_error("%s", zpf_nl_why(nl, why, sizeof(why)));
	} else if (ctx->out.json) {
		zpf_json_open(&ctx->out, NULL, '{');
		zpf_json_bool(&ctx->out, "ok", true);
		zpf_json_close(&ctx->out, '{');
	} else {
		fputs("counters cleared\n", ctx->out.f);
	}
	zpf_nl_close(nl);
	return ret;
}
