// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl confirm, zpfctl rollback: what becomes of a commit with a timer. The
 * generation that was running when the command began is the one that is meant.
 */
#include <inttypes.h>

#include "input.h"
#include "show.h"
#include "sysctls.h"

static int zpf_confirm_send(struct zpf_nl *nl, uint8_t cmd, struct zpf_snapshot *s)
{
	struct nl_msg *msg;

	if (zpf_fetch(nl, 0, s))
		return -1;
	msg = zpf_nl_msg(nl, cmd, 64);
	if (s->status.mode == ZPF_MODE_ARMED)
		zpf_attr_put_u32(msg, ZPF_CONFIRM_A_GENERATION, s->status.generation);
	return zpf_nl_request(nl, msg, NULL, NULL);
}

static int zpf_confirm_failed(struct zpf_nl *nl)
{
	char why[512];

	return zpf_cmd_error("%s", zpf_nl_why(nl, why, sizeof(why)));
}

/* The kernel settings of what runs, which waited with it. */
static int zpf_confirm_sysctls(struct zpf_nl *nl)
{
	struct zpf_text base = { .name = "running configuration" };
	struct zpf_input in = { 0 };
	struct zpf_snapshot s;
	int ret = 0;

	if (zpf_fetch(nl, ZPF_FETCH_SOURCE, &s)) {
		ret = -1;
	} else {
		base.data = s.source;
		base.len = s.source_len;
		/* Its warnings were given when it was loaded. */
		if (!zpf_input_compile(&in, &base, ZPF_OPT_SKIP_UNENFORCED | ZPF_OPT_FORCE)) {
			zpf_diag_free(&in.diag);
			memset(&in.diag, 0, sizeof(in.diag));
			zpf_sysctls_apply(ZPF_SYSCTL_ROOT, in.policy, &in.diag);
		}
		zpf_diag_print(&in.diag, stderr);
		zpf_input_free(&in);
	}
	zpf_snapshot_free(&s);
	return ret;
}

/** zpf_cmd_confirm() - run `zpfctl confirm` */
int zpf_cmd_confirm(struct zpf_ctx *ctx)
{
	struct zpf_snapshot s = { 0 };
	struct zpf_nl *nl;
	int ret = ZPF_EXIT_OK;

	if (zpf_nl_open_zpf(&nl) || zpf_confirm_send(nl, ZPF_CMD_CONFIRM, &s)) {
		ret = zpf_confirm_failed(nl);
	} else if (ctx->out.json) {
		zpf_json_open(&ctx->out, NULL, '{');
		zpf_json_bool(&ctx->out, "ok", true);
		zpf_json_uint(&ctx->out, "generation", s.status.generation);
		zpf_json_close(&ctx->out, '{');
	} else {
		fprintf(ctx->out.f, "generation %" PRIu32 " stays\n", s.status.generation);
	}
	if (ret == ZPF_EXIT_OK && zpf_confirm_sysctls(nl))
		ret = zpf_confirm_failed(nl);
	zpf_snapshot_free(&s);
	zpf_nl_close(nl);
	return ret;
}

/** zpf_cmd_rollback() - run `zpfctl rollback` */
int zpf_cmd_rollback(struct zpf_ctx *ctx)
{
	struct zpf_snapshot was = { 0 };
	struct zpf_out *o = &ctx->out;
	const struct zpf_status *t = &was.status;
	struct zpf_nl *nl;
	int ret = ZPF_EXIT_OK;

	if (zpf_nl_open_zpf(&nl) || zpf_confirm_send(nl, ZPF_CMD_ROLLBACK, &was)) {
		ret = zpf_confirm_failed(nl);
	} else if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_bool(o, "ok", true);
		if (t->back_generation)
			zpf_json_uint(o, "generation", t->back_generation);
		else
			zpf_json_null(o, "generation");
		zpf_json_string(o, "mode", zpf_mode_word(t->back_mode));
		zpf_json_close(o, '{');
	} else if (t->back_generation) {
		fprintf(o->f, "generation %" PRIu32 " is back\n", t->back_generation);
	} else {
		fprintf(o->f, "%s again, as before generation %" PRIu32 "\n",
			t->back_mode == ZPF_MODE_CLOSED ? "nothing is forwarded" :
			"nothing is filtered", t->generation);
	}
	zpf_snapshot_free(&was);
	zpf_nl_close(nl);
	return ret;
}
