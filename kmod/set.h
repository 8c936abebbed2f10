/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interval sets: sorted arrays of disjoint ranges, searched by bisection; and
 * sets whose contents are not the policy's own and change under it. Portable:
 * no lock, no allocation, no skb; the same source is built for the host tests.
 */
#ifndef ZPF_SET_H
#define ZPF_SET_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/zpf.h>

struct zpf_owner;
struct zpf_srctab;

/**
 * struct zpf_in6 - IPv6 address as the classifier sees it
 * @w: upper and lower 64 bits, host byte order
 */
struct zpf_in6 {
	u64 w[2];
};

/**
 * enum zpf_set_sort - where the contents of a set are
 * @ZPF_SET_FIXED: in the set: they live and die with the policy
 * @ZPF_SET_UNION: in other sets of the policy, none of them a union
 * @ZPF_SET_FILLED: with the namespace, which swaps them whole
 * @ZPF_SET_DYNAMIC: with the namespace; rules add to them, time takes away
 *
 * What is not FIXED may hold other addresses at every look: nothing may be
 * precomputed from it, and a packet is compared with it last.
 */
enum zpf_set_sort {
	ZPF_SET_FIXED,
	ZPF_SET_UNION,
	ZPF_SET_FILLED,
	ZPF_SET_DYNAMIC,
};

/**
 * struct zpf_set - set of ranges, or of interface names
 * @kind: &enum zpf_set_kind
 * @sort: &enum zpf_set_sort; IPV4 and IPV6 only, others are FIXED
 * @id: position among the sets of the policy
 * @n: number of elements
 * @have: elements received so far; equal to @n once the set is complete
 * @ifset: IFACE only: position among the interface sets of the policy
 * @r4: IPV4: ascending, with a gap of at least one between two
 * @r6: IPV6: likewise
 * @port: PORT: likewise
 * @r64: NUMBER: likewise
 * @ifname: IFACE: names, exact or with one trailing '*'
 * @members: UNION: @n sets of the same kind
 * @now: FILLED: the contents, a FIXED set, or NULL where it is empty; RCU
 * @table: DYNAMIC: the contents; RCU
 * @owner: FILLED, DYNAMIC: whose they are; a reference
 */
struct zpf_set {
	u8 kind;
	u8 sort;
	u16 id;
	u32 n;
	u32 have;
	u32 ifset;
	union {
		struct zpf_range4 *r4;
		struct zpf_range6 *r6;
		struct zpf_range_port *port;
		struct zpf_range64 *r64;
		char (*ifname)[ZPF_IF_NAME_MAX + 1];
		const struct zpf_set **members;
		struct zpf_set __rcu **now;
		struct zpf_srctab __rcu **table;
		void *data;
	};
	struct zpf_owner *owner;
};

/* An IPv4 address where addresses of both families are kept. */
static inline struct zpf_in6 zpf_in6_of4(u32 addr)
{
	return (struct zpf_in6){ { 0, addr } };
}

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
bool zpf_set_has64(const struct zpf_set *set, u64 num);
size_t zpf_set_elem_size(u8 kind);
bool zpf_set_ordered(const struct zpf_set *set, u32 from);
bool zpf_name_matches(const char *pattern, const char *name);

#endif /* ZPF_SET_H */
