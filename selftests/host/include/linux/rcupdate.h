/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: reading what is swapped under RCU. A test has one thread.
 */
#ifndef ZPF_SHADOW_RCUPDATE_H
#define ZPF_SHADOW_RCUPDATE_H

#define rcu_dereference(p) (p)

#endif /* ZPF_SHADOW_RCUPDATE_H */
