/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: the kernel's names for compiler attributes.
 */
#ifndef ZPF_SHADOW_COMPILER_H
#define ZPF_SHADOW_COMPILER_H

#define noinline __attribute__((noinline))
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __asm__ __volatile__("" : : : "memory")
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val) (*(volatile __typeof__(x) *)&(x) = (val))
#define __rcu
#define __aligned(x) __attribute__((aligned(x)))

#endif /* ZPF_SHADOW_COMPILER_H */
