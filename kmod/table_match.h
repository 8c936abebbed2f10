/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a rule match? The compare itself, for those who make it: the walks of
 * table.c and the engines of the index, where a call would cost as much.
 */
#ifndef ZPF_TABLE_MATCH_H
#define ZPF_TABLE_MATCH_H

#include "table.h"

/* Tests that are a compare or two, made on the spot; the others cost a call. */
#define ZPF_M_CALL (ZPF_M_SSET | ZPF_M_DSET | ZPF_M_SPORTSET | \
		    ZPF_M_DPORTSET | ZPF_M_IN | ZPF_M_OUT | ZPF_M_EXT | \
		    ZPF_M_EXTRA)
#define ZPF_M_CALL6 (ZPF_M_CALL | ZPF_M_SADDR | ZPF_M_DADDR)

/* Does a test hold? @hit: what it found, @bit: set in @not if inverted. */
static inline bool zpf_holds(bool hit, u8 not, u8 bit)
{
	return hit != !!(not & bit);
}

bool zpf_rule_calls(const struct zpf_table *table, const struct zpf_rule *rule,
		    struct zpf_set *const *sets, const struct zpf_key *key,
		    u16 calls);
bool zpf_rule_inverted(const struct zpf_table *table,
		       const struct zpf_rule *rule,
		       struct zpf_set *const *sets, const struct zpf_key *key,
		       u16 call);

static __always_inline bool zpf_port_in(u16 port,
					const struct zpf_range_port *range)
{
	return (u16)(port - range->lo) <= (u16)(range->hi - range->lo);
}

static __always_inline bool zpf_addr4_in(u32 addr,
					 const struct zpf_range4 *range)
{
	return addr - range->lo <= range->hi - range->lo;
}

/*
 * Do all tests of a rule hold, of which those in @not are inverted? What the
 * packet does not have fails before it is compared, inverted or not. First what
 * most rules are told apart by.
 */
static __always_inline bool
zpf_rule_tests(const struct zpf_table *table, const struct zpf_rule *rule,
	       struct zpf_set *const *sets, const struct zpf_key *key,
	       const u16 call, const u8 not)
{
	const u16 m = rule->match;

	if (m & (ZPF_M_DPORT | ZPF_M_DPORTSET)) {
		if (!(key->l4 & ZPF_L4_DPORT))
			return false;
		if ((m & ZPF_M_DPORT) &&
		    !zpf_holds(zpf_port_in(key->dport, &rule->dport), not,
			       ZPF_NOT_DPORT))
			return false;
	}

	if ((m & ~call & ZPF_M_DADDR) &&
	    !zpf_holds(zpf_addr4_in(key->d4, &rule->daddr), not,
		       ZPF_NOT_DADDR))
		return false;

	if ((m & ZPF_M_PROTO) &&
	    !zpf_holds(key->proto == rule->proto[0] ||
		       key->proto == rule->proto[1], not, ZPF_NOT_PROTO))
		return false;

	if ((m & ~call & ZPF_M_SADDR) &&
	    !zpf_holds(zpf_addr4_in(key->s4, &rule->saddr), not,
		       ZPF_NOT_SADDR))
		return false;

	if (m & (ZPF_M_SPORT | ZPF_M_SPORTSET)) {
		if (!(key->l4 & ZPF_L4_SPORT))
			return false;
		if ((m & ZPF_M_SPORT) &&
		    !zpf_holds(zpf_port_in(key->sport, &rule->sport), not,
			       ZPF_NOT_SPORT))
			return false;
	}

	if ((m & ZPF_M_STATE) && !(rule->state & key->state))
		return false;

	if ((m & ZPF_M_ICMP) &&
	    (!(key->l4 & ZPF_L4_ICMP) ||
	     (key->icmp & rule->l4_mask) != rule->l4_value))
		return false;

	if ((m & ZPF_M_TCP) &&
	    (!(key->l4 & ZPF_L4_TCP) ||
	     (key->tcp_flags & rule->l4_mask) != rule->l4_value))
		return false;

	return !(m & call) || zpf_rule_calls(table, rule, sets, key, m & call);
}

/* Do all tests of a rule hold? */
static __always_inline bool
zpf_rule_matches(const struct zpf_table *table, const struct zpf_rule *rule,
		 struct zpf_set *const *sets, const struct zpf_key *key,
		 const u16 call)
{
	if (unlikely(rule->not))
		return zpf_rule_inverted(table, rule, sets, key, call);
	return zpf_rule_tests(table, rule, sets, key, call, 0);
}

#endif /* ZPF_TABLE_MATCH_H */
