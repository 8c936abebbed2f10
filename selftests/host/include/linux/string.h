/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: the kernel's name for string.h.
 */
#ifndef ZPF_SHADOW_STRING_H
#define ZPF_SHADOW_STRING_H

#include <string.h>

#endif /* ZPF_SHADOW_STRING_H */
