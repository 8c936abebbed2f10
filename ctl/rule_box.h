/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A rule as a set of packets: a box, and digests of what is no set of packets.
 * lint reasons with these.
 */
#ifndef ZPF_CTL_RULE_BOX_H
#define ZPF_CTL_RULE_BOX_H

#include "box.h"
#include "model.h"

#define ZPF_OPAQUE_MAX	16

/**
 * struct zpf_rule_box - a rule as lint sees it
 * @rule: the rule
 * @box: what it can match at most
 * @n_opaque: length of @opaque
 * @opaque: digests of what it asks for and is not in @box
 * @narrow: it is limited, or has more opaque parts than fit
 * @final: what its matches hold for gets no further
 * @meaning: digest of all its matches
 */
struct zpf_rule_box {
	const struct zpf_rule *rule;
	struct zpf_box box;
	size_t n_opaque;
	uint64_t opaque[ZPF_OPAQUE_MAX];
	bool narrow, final;
	uint64_t meaning;
};

void zpf_rule_box_all(struct zpf_arena *a, int fam, struct zpf_box *all);
void zpf_rule_box_make(struct zpf_arena *a, const struct zpf_model *m,
		       const struct zpf_ruleset *rs, const struct zpf_rule *r,
		       const struct zpf_box *all, struct zpf_rule_box *out);

#endif /* ZPF_CTL_RULE_BOX_H */
