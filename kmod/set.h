/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interval sets: sorted arrays of disjoint ranges, searched by bisection.
 * Portable: no lock, no allocation, no skb; the same source is built for the
 * host tests.
 */
#ifndef ZPF_SET_H
#define ZPF_SET_H

#include <linux/types.h>
#include <linux/zpf.h>

/**
 * struct zpf_in6 - IPv6 address as the classifier sees it
 * @w: upper and lower 64 bits, host byte order
 */
struct zpf_in6 {
	u64 w[2];
};

/**
 * struct zpf_set - immutable set of ranges, or of interface names
 * @kind: &enum zpf_set_kind
 * @n: number of elements
 * @have: elements received so far; equal to @n once the set is complete
 * @ifset: IFACE only: position among the interface sets of the policy
 * @r4: IPV4: ascending, with a gap of at least one between two
 * @r6: IPV6: likewise
 * @port: PORT: likewise
 * @ifname: IFACE: names, exact or with one trailing '*'
 */
struct zpf_set {
	u8 kind;
	u32 n;
	u32 have;
	u32 ifset;
	union {
		struct zpf_range4 *r4;
		struct zpf_range6 *r6;
		struct zpf_range_port *port;
		char (*ifname)[ZPF_IF_NAME_MAX + 1];
		void *data;
	};
};

static inline int zpf_in6_cmp(const u64 *a, const u64 *b)
{
	if (a[0] != b[0])
		return a[0] < b[0] ? -1 : 1;
	if (a[1] != b[1])
		return a[1] < b[1] ? -1 : 1;
	return 0;
}

bool zpf_set_has4(const struct zpf_set *set, u32 addr);
bool zpf_set_has6(const struct zpf_set *set, const struct zpf_in6 *addr);
bool zpf_set_has_port(const struct zpf_set *set, u16 port);
size_t zpf_set_elem_size(u8 kind);
bool zpf_set_ordered(const struct zpf_set *set, u32 from);
bool zpf_name_matches(const char *pattern, const char *name);

#endif /* ZPF_SET_H */
