/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Working out which packets need no look at their headers.
 */
#ifndef ZPF_FAST_H
#define ZPF_FAST_H

struct zpf_gen;

void zpf_fast_build(struct zpf_gen *gen);

#endif /* ZPF_FAST_H */
