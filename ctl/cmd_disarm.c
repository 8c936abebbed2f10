// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl disarm: give up enforcement deliberately, open or closed.
 */
#include "show.h"
#include "xmem.h"

static const struct {
	const char *word;
	uint8_t mode;
	const char *done;
} zpf_disarms[] = {
	{ "open", ZPF_MODE_OFF, "disarmed: nothing is filtered any more" },
	{ "closed", ZPF_MODE_CLOSED,
	  "disarmed: nothing is forwarded any more, input and output are open" },
};

/** zpf_cmd_disarm() - run `zpfctl disarm open|closed` */
int zpf_cmd_disarm(struct zpf_ctx *ctx)
{
	struct nl_msg *msg;
	struct zpf_nl *nl;
	char why[512];
	size_t i;
	int ret = ZPF_EXIT_OK;

	for (i = 0; i < ZPF_ARRAY_LEN(zpf_disarms); i++)
		if (!strcmp(ctx->argv[0], zpf_disarms[i].word))
			break;
	if (i == ZPF_ARRAY_LEN(zpf_disarms))
		return zpf_cmd_usage(ctx->cmd, "disarm '%s': expected open or closed",
				     ctx->argv[0]);
	if (zpf_nl_open_zpf(&nl))
		goto err;
	msg = zpf_nl_msg(nl, ZPF_CMD_DISARM, 64);
	zpf_attr_put_u8(msg, ZPF_DISARM_A_MODE, zpf_disarms[i].mode);
	if (zpf_nl_request(nl, msg, NULL, NULL))
		goto err;
	if (ctx->out.json) {
		zpf_json_open(&ctx->out, NULL, '{');
		zpf_json_bool(&ctx->out, "ok", true);
		zpf_json_string(&ctx->out, "mode", zpf_mode_word(zpf_disarms[i].mode));
		zpf_json_close(&ctx->out, '{');
	} else {
		fprintf(ctx->out.f, "%s\n", zpf_disarms[i].done);
	}
	zpf_nl_close(nl);
	return ret;
err:
	ret = zpf_cmd_error("%s", zpf_nl_why(nl, why, sizeof(why)));
	zpf_nl_close(nl);
	return ret;
}
