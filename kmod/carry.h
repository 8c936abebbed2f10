/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking counters over from one generation to the next.
 */
#ifndef ZPF_CARRY_H
#define ZPF_CARRY_H

struct zpf_gen;

int zpf_carry_counters(struct zpf_gen *gen, const struct zpf_gen *old);

#endif /* ZPF_CARRY_H */
