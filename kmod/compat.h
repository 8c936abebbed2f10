/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between the kernels zpf builds on, 6.1, 6.12 and 7.2: old
 * ones are given the newest name, and the rest of the module reads like 7.2.
 */
#ifndef ZPF_COMPAT_H
#define ZPF_COMPAT_H

#include <linux/compiler.h>
#include <linux/version.h>

/* Since 6.8: leave this variable out of CONFIG_INIT_STACK_ALL_*. */
#ifndef __uninitialized
#define __uninitialized __attribute__((__uninitialized__))
#endif

/* Since 6.6: the attributes of a dump request are in a genl_info. */
#if KERNEL_VERSION(6, 6, 0) > LINUX_VERSION_CODE
#define genl_info_dump(cb) genl_dumpit_info(cb)
#endif

/* Where bridges hand no frames up, the kernel has no stub for it. */
#if !IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
#define nf_bridge_get_physoutif(skb) 0
#endif

#endif /* ZPF_COMPAT_H */
