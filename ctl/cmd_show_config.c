// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show config: the running configuration, printed canonically from the
 * text the kernel keeps with it.
 */
#include "input.h"
#include "show.h"
#include "xmem.h"

/* The lines of a text as a JSON array. */
static void zpf_config_lines(struct zpf_out *o, char *text)
{
	char *line, *save = NULL;

	zpf_json_open(o, "config", '[');
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		zpf_json_string(o, NULL, line);
	zpf_json_close(o, '[');
}

/** zpf_cmd_show_config() - run `zpfctl show config` */
int zpf_cmd_show_config(struct zpf_ctx *ctx)
{
	enum zpf_config_form form = ctx->opts & ZPF_OPT_BRACE ?
		ZPF_FORM_BRACE : ZPF_FORM_SET;
	unsigned int flags = ctx->opts & ZPF_OPT_VYOS ? ZPF_EMIT_VYOS : 0;
	struct zpf_out *o = &ctx->out;
	struct zpf_diag diag = { 0 };
	struct zpf_config *cfg;
	struct zpf_snapshot s;
	char *text = NULL;
	size_t len = 0;
	FILE *f;
	int ret;

	if ((ctx->opts & ZPF_OPT_BRACE) && (ctx->opts & ZPF_OPT_SET))
		return zpf_cmd_usage(ctx->cmd, "--set and --brace exclude each other");
	ret = zpf_show_fetch(ZPF_FETCH_SOURCE, &s);
	if (ret)
		return ret;
	cfg = zpf_xcheck(zpf_config_new());
	f = zpf_xcheck(s.source_len ? fmemopen(s.source, s.source_len, "r") :
				      fmemopen((char[]){ "\n" }, 1, "r"));
	ret = zpf_config_read(cfg, f, "running configuration", &diag);
	fclose(f);
	if (ret) {
		zpf_diag_print(&diag, stderr);
		ret = ZPF_EXIT_FAILED;
	} else if (o->json) {
		f = zpf_xcheck(open_memstream(&text, &len));
		zpf_config_emit(cfg, f, form, flags);
		fclose(f);
		zpf_json_open(o, NULL, '{');
		zpf_json_uint(o, "generation", s.status.generation);
		zpf_config_lines(o, text);
		zpf_json_close(o, '{');
		free(text);
	} else {
		zpf_config_emit(cfg, o->f, form, flags);
	}
	zpf_diag_free(&diag);
	zpf_config_free(cfg);
	zpf_snapshot_free(&s);
	return ret;
}
