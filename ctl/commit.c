// SPDX-License-Identifier: GPL-2.0-only
/*
 * What load and merge do with a compiled policy: see commit.h.
 */
#include "commit.h"
#include "ifaces.h"
#include "sysctls.h"
#include "xmem.h"

/* Would this policy write any log line? */
static bool zpf_policy_logs(const struct zpf_policy *p)
{
	size_t i, k;

	if (p->established.log.on || p->related.log.on || p->invalid.log.on)
		return true;
	for (i = 0; i < p->n_zones; i++)
		if (p->zones[i].default_log)
			return true;
	for (i = 0; i < p->n_tables; i++)
		for (k = 0; k < p->tables[i].n_rules; k++)
			if (p->tables[i].rules[k].log.on)
				return true;
	return false;
}

/* What the operator should know about logging. */
static void zpf_commit_log_notes(struct zpf_input *in, const struct zpf_push_result *res)
{
	static const struct {
		uint32_t flag;
		const char *text;
	} notes[] = {
		{ ZPF_COMMIT_LOG_MUTED,
		  "log lines of this network namespace are not printed: sysctl net.netfilter.nf_log_all_netns=1 in the initial one turns them on" },
		{ ZPF_COMMIT_NO_LOGGER,
		  "log lines are not written, no kernel logger is there: modprobe nf_log_syslog, then load again" },
	};
	size_t i;

	if (!zpf_policy_logs(in->policy))
		return;
	for (i = 0; i < ZPF_ARRAY_LEN(notes); i++)
		if (res->flags & notes[i].flag)
			zpf_diag_add(&in->diag, ZPF_DIAG_WARNING, NULL, NULL,
				     "%s", notes[i].text);
}

int zpf_commit(const struct zpf_ctx *ctx, struct zpf_nl *nl, struct zpf_input *in,
	       const uint32_t *base, struct zpf_push_result *res)
{
	const struct zpf_push_terms terms = { .base = base, .confirm = ctx->confirm };

	zpf_ifaces_warn(in->policy, &in->diag);
	if (zpf_push(nl, in->policy, &terms, res, &in->diag))
		return -1;
	if (!ctx->confirm)
		zpf_sysctls_apply(ZPF_SYSCTL_ROOT, in->policy, &in->diag);
	zpf_commit_log_notes(in, res);
	return 0;
}
