/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of addresses as text: one address, prefix or range a line, both
 * families in any order; and back. Knows no netlink.
 */
#ifndef ZPF_CTL_LIST_H
#define ZPF_CTL_LIST_H

#include <stdio.h>
#include "arena.h"
#include "diag.h"

/**
 * struct zpf_list - a list that was read, merged
 * @n4: IPv4 ranges
 * @r4: ascending, neither overlapping nor touching
 * @n6: IPv6 ranges
 * @r6: likewise
 * @first4: line of the first IPv4 entry, 0: none
 * @first6: line of the first IPv6 entry, 0: none
 */
struct zpf_list {
	struct zpf_arena arena;
	size_t n4, n6;
	struct zpf_range4 *r4;
	struct zpf_range6 *r6;
	unsigned int first4, first6;
};

int zpf_list_read(FILE *in, const char *name, struct zpf_list *list,
		  struct zpf_diag *diag);
void zpf_list_free(struct zpf_list *list);

#define ZPF_RANGE_TEXT 96
const char *zpf_range4_text(const struct zpf_range4 *r, char buf[ZPF_RANGE_TEXT]);
const char *zpf_range6_text(const struct zpf_range6 *r, char buf[ZPF_RANGE_TEXT]);

#endif /* ZPF_CTL_LIST_H */
