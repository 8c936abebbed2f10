/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rule sets of a given shape and size, for the benchmark of the index and the
 * tests of its caps. Shapes fw1, acl1 and acl2 have the proportions ClassBench's
 * seeds of that name have been found to have; the rest is made to break things.
 */
#ifndef ZPF_SELFTESTS_SHAPES_H
#define ZPF_SELFTESTS_SHAPES_H

#include <stdbool.h>
#include "table.h"

/** struct shape - a kind of rule set */
struct shape {
	const char *name;
	void (*rule)(struct zpf_rule *rule, u32 i, u32 n);
	bool bad;	/* made to break an engine */
};

extern const struct shape shapes[];
extern const size_t n_shapes;

/** struct ruleset - a table and its sets */
struct ruleset {
	struct zpf_table table;
	struct zpf_set **sets;
	u32 n_sets;
};

/** shape_make() - a rule set; @v6: the same mapped into IPv6 */
struct ruleset *shape_make(const struct shape *shape, u32 n, bool v6);
/** shape_free() - free it */
void shape_free(struct ruleset *set);
/** shape_key() - a packet in a corner of a rule; false: the default */
void shape_key(const struct ruleset *set, u32 rule, struct zpf_key *key);
/** shape_rnd() - a number below @n */
u32 shape_rnd(u32 n);

#endif /* ZPF_SELFTESTS_SHAPES_H */
