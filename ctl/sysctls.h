/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Global options that are settings of the kernel: which sysctl each is, setting
 * them behind a commit, and what they are now.
 */
#ifndef ZPF_CTL_SYSCTLS_H
#define ZPF_CTL_SYSCTLS_H

#include "diag.h"
#include "policy.h"

#define ZPF_SYSCTL_ROOT "/proc/sys/"
#define ZPF_SYSCTL_TEXT 96

void zpf_sysctls_apply(const char *root, const struct zpf_policy *p,
		       struct zpf_diag *diag);
const char *zpf_sysctl_now(const char *root, const struct zpf_flat_sysctl *s,
			   char buf[ZPF_SYSCTL_TEXT]);

#endif /* ZPF_CTL_SYSCTLS_H */
