/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree as text, canonically ordered: the inverse of parse.
 */
#ifndef ZPF_CTL_EMIT_H
#define ZPF_CTL_EMIT_H

#include <stdint.h>
#include <stdio.h>
#include "config.h"
#include "tree.h"

void zpf_emit(const struct zpf_node *top, FILE *out, enum zpf_config_form form,
	      unsigned int flags);
uint64_t zpf_emit_meaning(struct zpf_arena *scratch, const struct zpf_node *n,
			  const char *const *without);
char *zpf_emit_text(const struct zpf_node *top, size_t *len);

#endif /* ZPF_CTL_EMIT_H */
