/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules that can never match.
 */
#ifndef ZPF_CTL_SHADOW_H
#define ZPF_CTL_SHADOW_H

struct zpf_model;

void zpf_shadow(struct zpf_model *m);

#endif /* ZPF_CTL_SHADOW_H */
