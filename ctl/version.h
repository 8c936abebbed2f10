/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of the tool. The module reports its own; what must agree is
 * the contract, ZPF_GENL_VERSION.
 */
#ifndef ZPF_CTL_VERSION_H
#define ZPF_CTL_VERSION_H

#define ZPF_TOOL_VERSION "1.0.0"

#endif /* ZPF_CTL_VERSION_H */
