// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interval sets: look-up by bisection and the check that an uploaded set is in
 * the order bisection needs. Called from the packet path (look-up) and from
 * the transaction (check).
 */
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include "set.h"
#include "srctab.h"

/* One look at a range: a host test counts them. */
#ifndef zpf_set_look
#define zpf_set_look(range) (range)
#endif

/* A set that is not FIXED. Unions do not nest, so this ends. */
static noinline bool zpf_set_changing(const struct zpf_set *set, u32 addr4,
				      const struct zpf_in6 *addr6)
{
	const bool v4 = set->kind == ZPF_SET_IPV4;
	const struct zpf_srctab *table;
	const struct zpf_set *now;
	struct zpf_in6 addr;
	u32 i;

	switch (set->sort) {
	case ZPF_SET_UNION:
		for (i = 0; i < set->n; i++)
			if (v4 ? zpf_set_has4(set->members[i], addr4) :
				 zpf_set_has6(set->members[i], addr6))
				return true;
		return false;
	case ZPF_SET_FILLED:
		now = rcu_dereference(*set->now);
		return now && (v4 ? zpf_set_has4(now, addr4) :
				    zpf_set_has6(now, addr6));
	default:
		addr = v4 ? zpf_in6_of4(addr4) : *addr6;
		table = rcu_dereference(*set->table);
		return zpf_srctab_until(table, &addr) > ktime_get_ns();
	}
}

/**
 * zpf_set_has4() - is an address in the set
 * @set: a set of kind IPV4
 * @addr: host byte order
 *
 * At most log2(n) + 1 comparisons, UNION: for each member. Context: under RCU.
 */
bool zpf_set_has4(const struct zpf_set *set, u32 addr)
{
	u32 lo = 0, hi = set->n;

	if (unlikely(set->sort != ZPF_SET_FIXED))
		return zpf_set_changing(set, addr, NULL);
	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;
		const struct zpf_range4 *r = zpf_set_look(&set->r4[mid]);

		if (addr > r->hi)
			lo = mid + 1;
		else if (addr < r->lo)
			hi = mid;
		else
			return true;
	}
	return false;
}

/**
 * zpf_set_has6() - is an address in the set
 * @set: a set of kind IPV6
 * @addr: the address
 *
 * At most log2(n) + 1 comparisons, UNION: for each member. Context: under RCU.
 */
bool zpf_set_has6(const struct zpf_set *set, const struct zpf_in6 *addr)
{
	u32 lo = 0, hi = set->n;

	if (unlikely(set->sort != ZPF_SET_FIXED))
		return zpf_set_changing(set, 0, addr);
	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;
		const struct zpf_range6 *r = zpf_set_look(&set->r6[mid]);

		if (zpf_in6_cmp(addr->w, r->hi) > 0)
			lo = mid + 1;
		else if (zpf_in6_cmp(addr->w, r->lo) < 0)
			hi = mid;
		else
			return true;
	}
	return false;
}

/**
 * zpf_set_has_port() - is a port in the set
 * @set: a set of kind PORT
 * @port: host byte order
 *
 * At most log2(n) + 1 comparisons. Context: any.
 */
bool zpf_set_has_port(const struct zpf_set *set, u16 port)
{
	u32 lo = 0, hi = set->n;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (port > set->port[mid].hi)
			lo = mid + 1;
		else if (port < set->port[mid].lo)
			hi = mid;
		else
			return true;
	}
	return false;
}

/**
 * zpf_set_has64() - is a number in the set
 * @set: a set of kind NUMBER
 * @num: the number
 *
 * At most log2(n) + 1 comparisons. Context: any.
 */
bool zpf_set_has64(const struct zpf_set *set, u64 num)
{
	u32 lo = 0, hi = set->n;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (num > set->r64[mid].hi)
			lo = mid + 1;
		else if (num < set->r64[mid].lo)
			hi = mid;
		else
			return true;
	}
	return false;
}

/**
 * zpf_set_elem_size() - bytes an element of a kind takes
 * @kind: &enum zpf_set_kind
 *
 * Return: the size, 0 for an unknown kind
 */
size_t zpf_set_elem_size(u8 kind)
{
	switch (kind) {
	case ZPF_SET_IPV4:
		return sizeof(struct zpf_range4);
	case ZPF_SET_IPV6:
		return sizeof(struct zpf_range6);
	case ZPF_SET_PORT:
		return sizeof(struct zpf_range_port);
	case ZPF_SET_IFACE:
		return ZPF_IF_NAME_MAX + 1;
	case ZPF_SET_NUMBER:
		return sizeof(struct zpf_range64);
	default:
		return 0;
	}
}

/* Does range i begin behind the end of range i - 1, with a gap between? */
static bool zpf_set_gap(const struct zpf_set *set, u32 i)
{
	u64 next[2];

	switch (set->kind) {
	case ZPF_SET_IPV4:
		return set->r4[i - 1].hi != ~0U &&
		       set->r4[i].lo > set->r4[i - 1].hi + 1;
	case ZPF_SET_IPV6:
		next[1] = set->r6[i - 1].hi[1] + 1;
		next[0] = set->r6[i - 1].hi[0] + !next[1];
		if (!next[0] && !next[1])
			return false;
		return zpf_in6_cmp(set->r6[i].lo, next) > 0;
	case ZPF_SET_NUMBER:
		return set->r64[i - 1].hi != ~0ULL &&
		       set->r64[i].lo > set->r64[i - 1].hi + 1;
	default:
		return set->port[i].lo > (u32)set->port[i - 1].hi + 1;
	}
}

static bool zpf_set_range_ok(const struct zpf_set *set, u32 i)
{
	switch (set->kind) {
	case ZPF_SET_IPV4:
		return set->r4[i].lo <= set->r4[i].hi;
	case ZPF_SET_IPV6:
		return zpf_in6_cmp(set->r6[i].lo, set->r6[i].hi) <= 0;
	case ZPF_SET_NUMBER:
		return set->r64[i].lo <= set->r64[i].hi;
	default:
		return set->port[i].lo <= set->port[i].hi;
	}
}

/**
 * zpf_set_ordered() - are the elements from @from to @set->have in order
 * @set: a set of ranges (not IFACE), filled up to @set->have
 * @from: first element to look at; those before are known to be in order
 *
 * Return: true if every range has lo <= hi and begins at least two behind the
 * end of the one before
 */
bool zpf_set_ordered(const struct zpf_set *set, u32 from)
{
	u32 i;

	for (i = from; i < set->have; i++) {
		if (!zpf_set_range_ok(set, i))
			return false;
		if (i && !zpf_set_gap(set, i))
			return false;
	}
	return true;
}

/**
 * zpf_name_matches() - does an interface name match a pattern
 * @pattern: a name, or a prefix with one trailing '*' (which also stands for
 *	nothing: "eth1*" matches "eth1")
 * @name: an interface name
 */
bool zpf_name_matches(const char *pattern, const char *name)
{
	while (*pattern && *pattern == *name) {
		pattern++;
		name++;
	}
	if (pattern[0] == '*' && !pattern[1])
		return true;
	return !*pattern && !*name;
}
