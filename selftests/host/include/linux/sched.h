/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: giving the CPU away. How often that happens is counted, and
 * the longest time between is kept.
 */
#ifndef ZPF_SHADOW_SCHED_H
#define ZPF_SHADOW_SCHED_H

extern unsigned long zpf_shadow_yields;
/* Longest processor time between two since zpf_shadow_hold(). */
extern unsigned long long zpf_shadow_held_ns;

void zpf_shadow_hold(void);
void cond_resched(void);

#endif /* ZPF_SHADOW_SCHED_H */
