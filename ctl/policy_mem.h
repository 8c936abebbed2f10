/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How flatten and policy share the memory of a policy.
 */
#ifndef ZPF_CTL_POLICY_MEM_H
#define ZPF_CTL_POLICY_MEM_H

#include "arena.h"
#include "policy.h"

/** struct zpf_policy_mem - a policy (first!) and the arena it lies in itself */
struct zpf_policy_mem {
	struct zpf_policy policy;
	struct zpf_arena arena;
};

struct zpf_policy *zpf_policy_new(struct zpf_arena **arena);

#endif /* ZPF_CTL_POLICY_MEM_H */
