// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl test: what would become of a packet, rule by rule. Asks the kernel's
 * running policy, or a file.
 */
#include "cmd.h"
#include "input.h"
#include "verdict.h"

static int zpf_test_status(uint8_t action)
{
	switch (action) {
	case ZPF_ACTION_ACCEPT:
		return ZPF_EXIT_OK;
	case ZPF_ACTION_REJECT:
		return ZPF_EXIT_REJECT;
	default:
		return ZPF_EXIT_DROP;
	}
}

static int zpf_test_live(const struct zpf_packet *p, struct zpf_verdict *v)
{
	struct zpf_nl *nl;
	char why[512];
	int ret = 0;

	if (zpf_nl_open_zpf(&nl) || zpf_verdict_live(nl, p, v))
		ret = zpf_cmd_error("%s", zpf_nl_why(nl, why, sizeof(why)));
	zpf_nl_close(nl);
	return ret;
}

static int zpf_test_file(struct zpf_ctx *ctx, const struct zpf_packet *p,
			 struct zpf_verdict *v)
{
	struct zpf_input in = { 0 };
	char *file = (char *)ctx->config;
	char err[256];
	int ret = 0;

	if (zpf_input_files(&in, 1, &file) ||
	    zpf_input_compile(&in, NULL, ctx->opts)) {
		zpf_diag_print(&in.diag, stderr);
		ret = ZPF_EXIT_FAILED;
	} else if (zpf_verdict_file(in.policy, p, v, err, sizeof(err))) {
		ret = zpf_cmd_error("%s: %s", file, err);
	}
	zpf_input_free(&in);
	return ret;
}

/** zpf_cmd_test() - run `zpfctl test`; returns an exit status */
int zpf_cmd_test(struct zpf_ctx *ctx)
{
	struct zpf_verdict v = { 0 };
	struct zpf_packet p;
	char err[256];
	int ret;

	if (zpf_packet_parse(&p, ctx->argc, ctx->argv, err, sizeof(err)))
		return zpf_cmd_usage(ctx->cmd, "%s", err);
	ret = ctx->config ? zpf_test_file(ctx, &p, &v) : zpf_test_live(&p, &v);
	if (!ret) {
		zpf_verdict_print(&ctx->out, &v);
		ret = zpf_test_status(v.action);
	}
	zpf_verdict_free(&v);
	return ret;
}
