/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet that shows a finding, in the words of `zpfctl test`.
 */
#ifndef ZPF_CTL_WITNESS_H
#define ZPF_CTL_WITNESS_H

#include "box.h"
#include "model.h"

const char *zpf_witness(const struct zpf_model *m,
			const struct zpf_ruleset *rs,
			const struct zpf_box *box);

#endif /* ZPF_CTL_WITNESS_H */
