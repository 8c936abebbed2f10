/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for what grows with a policy and lives as long as it.
 */
#ifndef ZPF_ROOM_H
#define ZPF_ROOM_H

#include <linux/types.h>

void *zpf_room(size_t n, size_t size);

#endif /* ZPF_ROOM_H */
