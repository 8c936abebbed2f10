/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables behind names.c: services and protocols sorted by name as strcmp()
 * does, ICMP names in the order of their types.
 */
#ifndef ZPF_CTL_NAMES_TABLES_H
#define ZPF_CTL_NAMES_TABLES_H

#include <stddef.h>

struct zpf_name_number {
	const char *name;
	int number;
};

/** struct zpf_icmp_name - @type and @code, -1: any; ends with a NULL name */
struct zpf_icmp_name {
	const char *name;
	short type, code;
};

extern const struct zpf_name_number zpf_services[];
extern const size_t zpf_n_services;
extern const struct zpf_name_number zpf_protocols[];
extern const size_t zpf_n_protocols;
extern const struct zpf_icmp_name zpf_icmp4_names[];
extern const struct zpf_icmp_name zpf_icmp6_names[];

#endif /* ZPF_CTL_NAMES_TABLES_H */
