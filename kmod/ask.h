/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the attributes of TEST_GET to a key: a packet that is described instead
 * of read. Portable, as table.h: the tool asks files by the same code.
 */
#ifndef ZPF_ASK_H
#define ZPF_ASK_H

#include "table.h"

int zpf_ask_set(struct zpf_key *key, int attr, const void *data, size_t len);
const char *zpf_ask_finish(struct zpf_key *key, bool v6, int *attr);

#endif /* ZPF_ASK_H */
