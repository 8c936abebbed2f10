/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a compiled policy to an enforced one: what load and merge do with the
 * kernel, and what is left to do when a commit is confirmed.
 */
#ifndef ZPF_CTL_COMMIT_H
#define ZPF_CTL_COMMIT_H

#include "input.h"

/**
 * zpf_commit() - swap a policy in
 * @ctx: the invocation: whether the commit has to be confirmed
 * @nl: a socket of zpf_nl_open_zpf()
 * @in: with a policy; findings are added
 * @base: refuse with ESTALE unless this generation is running; NULL: whatever is
 * @res: set on success
 *
 * Kernel settings are made now, or where the commit has to be confirmed, when
 * it is: the kernel takes a policy back by itself, but not those.
 *
 * Return: 0, or -1 with the reason in @in->diag and nothing changed
 */
int zpf_commit(const struct zpf_ctx *ctx, struct zpf_nl *nl, struct zpf_input *in,
	       const uint32_t *base, struct zpf_push_result *res);

#endif /* ZPF_CTL_COMMIT_H */
