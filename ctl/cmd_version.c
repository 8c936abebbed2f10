// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl version: tool, contract and module; why the module's is not known is
 * an answer, not a failure.
 */
#include <errno.h>

#include "fetch.h"
#include "cmd.h"
#include "version.h"
#include "xmem.h"

/** zpf_cmd_version() - run `zpfctl version` */
int zpf_cmd_version(struct zpf_ctx *ctx)
{
	struct zpf_out *o = &ctx->out;
	struct zpf_snapshot s = { 0 };
	const char *module = NULL;
	char why[512] = "";
	unsigned int spoken;
	struct zpf_nl *nl;
	bool missing;

	if (zpf_nl_open_zpf(&nl) || zpf_fetch(nl, 0, &s))
		zpf_nl_why(nl, why, sizeof(why));
	else
		module = s.status.version;
	spoken = nl->family_version;
	missing = !spoken && nl->err.code == ENOENT;
	zpf_nl_close(nl);

	if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_string(o, "tool", ZPF_TOOL_VERSION);
		zpf_json_uint(o, "contract", ZPF_GENL_VERSION);
		zpf_json_string(o, "module", module);
		if (spoken)
			zpf_json_uint(o, "module_contract", spoken);
		else
			zpf_json_null(o, "module_contract");
		zpf_json_string(o, "problem", *why ? why : NULL);
		zpf_json_close(o, '{');
	} else {
		fprintf(o->f, "tool      %s\ncontract  %u\n", ZPF_TOOL_VERSION,
			ZPF_GENL_VERSION);
		if (module)
			fprintf(o->f, "module    %s\n", module);
		else if (missing)
			fprintf(o->f, "module    not loaded (modprobe zpf)\n");
		else
			fprintf(o->f, "module    version not known: %s\n", why);
	}
	zpf_snapshot_free(&s);
	return ZPF_EXIT_OK;
}
