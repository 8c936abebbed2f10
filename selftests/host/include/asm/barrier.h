/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: memory barriers.
 */
#ifndef ZPF_SHADOW_BARRIER_H
#define ZPF_SHADOW_BARRIER_H

#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)

#endif /* ZPF_SHADOW_BARRIER_H */
