// SPDX-License-Identifier: GPL-2.0-only
/*
 * Global options that are settings of the kernel, as sysctls and values. Called
 * by flatten; sysctls.c sets them.
 */
#include <string.h>

#include "model.h"

enum { PLAIN, INVERTED, ROUTE6 };

static void flat_sysctl(struct zpf_arena *arena, struct zpf_policy *p,
			const struct zpf_node *value, const char *path, long number)
{
	struct zpf_flat_sysctl s = {
		.option = zpf_tree_path(arena, value->parent),
		.path = path,
		.value = zpf_arena_printf(arena, "%ld", number),
		.where = zpf_tree_where(value),
	};

	/* "firewall global-options timeout tcp close" */
	s.option += strlen("firewall global-options ");
	ZPF_PUSH(arena, p->sysctls, p->n_sysctls, s);
}

/**
 * zpf_flat_sysctls() - what the global options make of the kernel's settings
 * @m: the model
 * @arena: of the policy
 * @p: gets them
 */
void zpf_flat_sysctls(const struct zpf_model *m, struct zpf_arena *arena,
		      struct zpf_policy *p)
{
	static const struct {
		const char *path;
		int form;
	} sysctls[ZPF_SYSCTL_N] = {
#define X(name, file, what) [ZPF_SYSCTL_##name] = { file, what },
		ZPF_SYSCTLS(X)
#undef X
	};
	static const char *const timeouts[ZPF_TIMEOUT_N] = {
#define X(name, file) [ZPF_TIMEOUT_##name] = "net/netfilter/nf_conntrack_" file,
		ZPF_TIMEOUTS(X)
#undef X
	};
	const struct zpf_options *o = &m->options;

	for (int i = 0; i < ZPF_SYSCTL_N; i++) {
		long v = (long)o->sysctl[i].v;

		if (!o->sysctl[i].node)
			continue;
		if (sysctls[i].form == INVERTED)
			v = !v;
		else if (sysctls[i].form == ROUTE6)
			v--;
		flat_sysctl(arena, p, o->sysctl[i].node, sysctls[i].path, v);
	}
	for (int i = 0; i < ZPF_TIMEOUT_N; i++)
		if (o->timeout[i].node)
			flat_sysctl(arena, p, o->timeout[i].node, timeouts[i],
				    (long)o->timeout[i].v);
}
