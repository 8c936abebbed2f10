/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A compiled policy to the kernel: one transaction, in the order of the
 * contract, in as few datagrams as will hold it.
 */
#ifndef ZPF_CTL_PUSH_H
#define ZPF_CTL_PUSH_H

#include "diag.h"
#include "nl.h"
#include "policy.h"

/**
 * struct zpf_push_result - what the kernel answered to a commit
 * @generation: the generation now enforced
 * @build_ns: time from the commit to the publishing
 * @flags: &enum zpf_commit_flags
 * @push_ns: time the whole transaction took, as seen from here
 */
struct zpf_push_result {
	uint32_t generation;
	uint64_t build_ns;
	uint32_t flags;
	uint64_t push_ns;
};

/**
 * struct zpf_push_terms - on what terms a policy is committed
 * @base: refuse with ESTALE unless this generation is running; NULL: whatever
 *	is
 * @confirm: seconds it may wait to be confirmed; 0: it need not be
 */
struct zpf_push_terms {
	const uint32_t *base;
	uint32_t confirm;
};

/**
 * zpf_push() - replace the running policy
 * @nl: a socket of zpf_nl_open_zpf()
 * @p: the policy
 * @terms: NULL: none
 * @res: set on success
 * @diag: gets the reason on failure, with the place of the object refused
 *
 * On failure nothing has changed in the kernel.
 *
 * Return: 0 or -1, then @nl->err.code tells ESTALE from the rest
 */
int zpf_push(struct zpf_nl *nl, const struct zpf_policy *p,
	     const struct zpf_push_terms *terms, struct zpf_push_result *res,
	     struct zpf_diag *diag);

#endif /* ZPF_CTL_PUSH_H */
