/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interfaces of the network namespace, by rtnetlink, for the warnings
 * that need to know them. Needs no privilege and no module.
 */
#ifndef ZPF_CTL_IFACES_H
#define ZPF_CTL_IFACES_H

#include "config.h"

/**
 * zpf_ifaces_warn() - zpf_config_check_present() with what is there now
 * @policy: the compiled policy
 * @diag: gets the warnings; none where rtnetlink does not answer
 */
void zpf_ifaces_warn(const struct zpf_policy *policy, struct zpf_diag *diag);

#endif /* ZPF_CTL_IFACES_H */
