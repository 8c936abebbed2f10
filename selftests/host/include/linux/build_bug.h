/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: static_assert().
 */
#ifndef ZPF_SHADOW_BUILD_BUG_H
#define ZPF_SHADOW_BUILD_BUG_H

#include <assert.h>

#endif /* ZPF_SHADOW_BUILD_BUG_H */
