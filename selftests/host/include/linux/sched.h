/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: giving the CPU away, which is counted.
 */
#ifndef ZPF_SHADOW_SCHED_H
#define ZPF_SHADOW_SCHED_H

extern unsigned long zpf_shadow_yields;

void cond_resched(void);

#endif /* ZPF_SHADOW_SCHED_H */
