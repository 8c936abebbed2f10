// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl clear counters, clear drops: what was counted, or kept of drops,
 * starts again from nothing.
 */
#include "show.h"

static int zpf_clear(struct zpf_ctx *ctx, uint8_t cmd, const char *what)
{
	struct zpf_nl *nl;
	char why[512];
	int ret = ZPF_EXIT_OK;

	if (zpf_nl_open_zpf(&nl) ||
	    zpf_nl_request(nl, zpf_nl_msg(nl, cmd, 64), NULL, NULL)) {
		ret = zpf_cmd_error("%s", zpf_nl_why(nl, why, sizeof(why)));
	} else if (ctx->out.json) {
		zpf_json_open(&ctx->out, NULL, '{');
		zpf_json_bool(&ctx->out, "ok", true);
		zpf_json_close(&ctx->out, '{');
	} else {
		fprintf(ctx->out.f, "%s cleared\n", what);
	}
	zpf_nl_close(nl);
	return ret;
}

/** zpf_cmd_clear_counters() - run `zpfctl clear counters` */
int zpf_cmd_clear_counters(struct zpf_ctx *ctx)
{
	return zpf_clear(ctx, ZPF_CMD_COUNTER_CLEAR, "counters");
}

/** zpf_cmd_clear_drops() - run `zpfctl clear drops` */
int zpf_cmd_clear_drops(struct zpf_ctx *ctx)
{
	return zpf_clear(ctx, ZPF_CMD_DROP_CLEAR, "drops");
}
