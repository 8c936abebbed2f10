/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text in set or brace form to statements on the tree.
 */
#ifndef ZPF_CTL_PARSE_H
#define ZPF_CTL_PARSE_H

#include "load.h"

void zpf_parse(struct zpf_load *ld, const char *text, size_t len);

#endif /* ZPF_CTL_PARSE_H */
