// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is asked about packets: see asker.h.
 */
#include <string.h>

#include "asker.h"

int zpf_asker_open(struct zpf_ctx *ctx, struct zpf_asker *a)
{
	char *file = (char *)ctx->config;
	char why[512];

	memset(a, 0, sizeof(*a));
	a->config = file;
	if (!file) {
		if (zpf_nl_open_zpf(&a->nl))
			return zpf_cmd_error("%s", zpf_nl_why(a->nl, why, sizeof(why)));
		return 0;
	}
	if (zpf_input_files(&a->in, 1, &file) ||
	    zpf_input_compile(&a->in, NULL, ctx->opts)) {
		zpf_diag_print(&a->in.diag, stderr);
		return ZPF_EXIT_FAILED;
	}
	return 0;
}

int zpf_asker_ask(struct zpf_asker *a, const struct zpf_packet *p,
		  struct zpf_verdict *v)
{
	char why[512];

	if (a->nl)
		return zpf_verdict_live(a->nl, p, v) ?
			zpf_cmd_error("%s", zpf_nl_why(a->nl, why, sizeof(why))) : 0;
	return zpf_verdict_file(a->in.policy, p, v, why, sizeof(why)) ?
		zpf_cmd_error("%s: %s", a->config, why) : 0;
}

void zpf_asker_close(struct zpf_asker *a)
{
	zpf_nl_close(a->nl);
	zpf_input_free(&a->in);
}
