/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VPNs that are let pass by half.
 */
#ifndef ZPF_CTL_LEGS_H
#define ZPF_CTL_LEGS_H

struct zpf_model;

void zpf_legs(struct zpf_model *m);

#endif /* ZPF_CTL_LEGS_H */
