/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's time zone: what its clocks show, and when they are set.
 */
#ifndef ZPF_CTL_TZ_H
#define ZPF_CTL_TZ_H

#include <stddef.h>
#include <stdint.h>
#include <linux/zpf.h>
#include "arena.h"

int64_t zpf_tz_moment(int64_t civil);
struct zpf_offset *zpf_tz_offsets(struct zpf_arena *arena, int64_t now, size_t *n);

#endif /* ZPF_CTL_TZ_H */
