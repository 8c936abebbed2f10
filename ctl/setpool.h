/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sets of a policy, each content once: a group used by a hundred rules, or
 * the same port list written twice, is one set of the kernel.
 */
#ifndef ZPF_CTL_SETPOOL_H
#define ZPF_CTL_SETPOOL_H

#include "model.h"

/**
 * struct zpf_set_pool - sets being collected
 * @policy: gets them
 * @arena: of the policy
 * @slot: set id plus 1 by content, open addressing; @size is a power of two
 */
struct zpf_set_pool {
	struct zpf_policy *policy;
	struct zpf_arena *arena, *scratch;
	uint32_t *slot;
	size_t size;
	size_t n_iface;
};

void zpf_set_pool_init(struct zpf_set_pool *pool, struct zpf_arena *scratch,
		       struct zpf_arena *arena, struct zpf_policy *policy);
uint32_t zpf_set_pool_add(struct zpf_set_pool *pool,
			  const struct zpf_flat_set *set);
uint32_t zpf_set_pool_owned(struct zpf_set_pool *pool, int fam, const char *what,
			    const char *name, const struct zpf_node *at);
uint32_t zpf_set_pool_filled(struct zpf_set_pool *pool, int fam, const char *what,
			     const char *name, const struct zpf_node *at);
uint32_t zpf_set_pool_countries(struct zpf_set_pool *pool, int fam,
				const struct zpf_v_names *country);
void zpf_set_pool_check(const struct zpf_set_pool *pool, struct zpf_model *m);

#endif /* ZPF_CTL_SETPOOL_H */
