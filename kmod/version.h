/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of the module, as modinfo and STATUS_GET tell it.
 */
#ifndef ZPF_VERSION_H
#define ZPF_VERSION_H

#define ZPF_VERSION "1.0.0"

#endif /* ZPF_VERSION_H */
