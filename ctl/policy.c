// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a compiled policy: it owns its source text, and an arena in which
 * everything else of it lives. flatten makes one, push reads it, whoever compiled it frees it.
 */
#include <stdlib.h>

#include "policy_mem.h"

/**
 * zpf_policy_new() - an empty policy
 * @arena: gets the arena everything of it must come from
 */
struct zpf_policy *zpf_policy_new(struct zpf_arena **arena)
{
	struct zpf_arena first = { NULL };
	struct zpf_policy_mem *mem;

	mem = zpf_arena_alloc(&first, sizeof(*mem));
	mem->arena = first;
	*arena = &mem->arena;
	return &mem->policy;
}

/** zpf_policy_free() - free a policy and all it owns; NULL is fine */
void zpf_policy_free(struct zpf_policy *p)
{
	struct zpf_arena arena;

	if (!p)
		return;
	free(p->source);
	arena = ((struct zpf_policy_mem *)p)->arena;
	zpf_arena_free(&arena);
}
