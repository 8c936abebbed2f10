// SPDX-License-Identifier: GPL-2.0-only
/*
 * The linear table walk: the specification of what a table means. Called once
 * per packet and table from the hooks, under RCU. Never counts, logs or
 * allocates; the walk only goes forward, so it ends after n_rules steps.
 */
#include <linux/build_bug.h>
#include <linux/bitops.h>
#include "table.h"

static_assert(sizeof(struct zpf_rule) == 64, "a rule is one cache line");

/**
 * zpf_ext_bit() - bit of an IPv6 extension header in zpf_key.ext
 * @proto: protocol number
 *
 * Return: one bit, 0 if @proto is no extension header
 */
u8 zpf_ext_bit(u8 proto)
{
	switch (proto) {
	case 0:		/* hop-by-hop options */
		return 1 << 0;
	case 43:	/* routing */
		return 1 << 1;
	case 44:	/* fragment */
		return 1 << 2;
	case 51:	/* authentication header */
		return 1 << 3;
	case 60:	/* destination options */
		return 1 << 4;
	case 135:	/* mobility */
		return 1 << 5;
	case 139:	/* host identity */
		return 1 << 6;
	case 140:	/* shim6 */
		return 1 << 7;
	default:
		return 0;
	}
}

static inline bool zpf_match_addr4(const struct zpf_rule *rule,
				   struct zpf_set *const *sets,
				   const struct zpf_range4 *range, u32 addr,
				   u16 one)
{
	if (rule->match & one)
		return addr >= range->lo && addr <= range->hi;
	return zpf_set_has4(sets[range->lo], addr);
}

static inline bool zpf_match_addr6(const struct zpf_table *table,
				   const struct zpf_rule *rule,
				   struct zpf_set *const *sets,
				   const struct zpf_range4 *range,
				   const struct zpf_in6 *addr, u16 one)
{
	const struct zpf_range6 *r6;

	if (!(rule->match & one))
		return zpf_set_has6(sets[range->lo], addr);
	r6 = &table->addr6[range->lo];
	return zpf_in6_cmp(addr->w, r6->lo) >= 0 &&
	       zpf_in6_cmp(addr->w, r6->hi) <= 0;
}

static inline bool zpf_match_port(const struct zpf_rule *rule,
				  struct zpf_set *const *sets,
				  const struct zpf_range_port *range, u16 port,
				  u16 one)
{
	if (rule->match & one)
		return port >= range->lo && port <= range->hi;
	return zpf_set_has_port(sets[range->lo], port);
}

static inline bool zpf_match_iface(const unsigned long *bits, u16 set)
{
	return bits[set / BITS_PER_LONG] >> (set % BITS_PER_LONG) & 1;
}

/* Do all tests of a rule hold? Cheap and selective ones first. */
static inline bool zpf_rule_matches(const struct zpf_table *table,
				    const struct zpf_rule *rule,
				    struct zpf_set *const *sets,
				    const struct zpf_key *key)
{
	const u16 m = rule->match;
	const u8 not = rule->not;
	bool hit;

	if ((m & ZPF_M_STATE) && !(rule->state & key->state))
		return false;

	if (m & ZPF_M_PROTO) {
		hit = key->proto == rule->proto[0] ||
		      key->proto == rule->proto[1];
		if (hit == !!(not & ZPF_NOT_PROTO))
			return false;
	} else if (m & ZPF_M_EXT) {
		hit = key->ext & rule->proto[0];
		if (hit == !!(not & ZPF_NOT_PROTO))
			return false;
	}

	if (m & (ZPF_M_DPORT | ZPF_M_DPORTSET)) {
		if (!(key->l4 & ZPF_L4_PORTS))
			return false;
		hit = zpf_match_port(rule, sets, &rule->dport, key->dport,
				     ZPF_M_DPORT);
		if (hit == !!(not & ZPF_NOT_DPORT))
			return false;
	}

	if (m & (ZPF_M_DADDR | ZPF_M_DSET)) {
		hit = table->family == 2 ?
			zpf_match_addr4(rule, sets, &rule->daddr, key->d4,
					ZPF_M_DADDR) :
			zpf_match_addr6(table, rule, sets, &rule->daddr,
					&key->d6, ZPF_M_DADDR);
		if (hit == !!(not & ZPF_NOT_DADDR))
			return false;
	}

	if (m & (ZPF_M_SADDR | ZPF_M_SSET)) {
		hit = table->family == 2 ?
			zpf_match_addr4(rule, sets, &rule->saddr, key->s4,
					ZPF_M_SADDR) :
			zpf_match_addr6(table, rule, sets, &rule->saddr,
					&key->s6, ZPF_M_SADDR);
		if (hit == !!(not & ZPF_NOT_SADDR))
			return false;
	}

	if (m & (ZPF_M_SPORT | ZPF_M_SPORTSET)) {
		if (!(key->l4 & ZPF_L4_PORTS))
			return false;
		hit = zpf_match_port(rule, sets, &rule->sport, key->sport,
				     ZPF_M_SPORT);
		if (hit == !!(not & ZPF_NOT_SPORT))
			return false;
	}

	if (m & ZPF_M_IN) {
		if (!key->in)
			return false;
		if (zpf_match_iface(key->in, rule->in) == !!(not & ZPF_NOT_IN))
			return false;
	}

	if (m & ZPF_M_OUT) {
		if (!key->out)
			return false;
		if (zpf_match_iface(key->out, rule->out) == !!(not & ZPF_NOT_OUT))
			return false;
	}

	if (m & ZPF_M_ICMP) {
		if (!(key->l4 & ZPF_L4_ICMP) ||
		    (key->icmp & rule->l4_mask) != rule->l4_value)
			return false;
	}

	if (m & ZPF_M_TCP) {
		if (!(key->l4 & ZPF_L4_TCP) ||
		    (key->tcp_flags & rule->l4_mask) != rule->l4_value)
			return false;
	}
	return true;
}

/**
 * zpf_table_next() - first rule that matches, at or behind an index
 * @table: the table
 * @sets: the sets of the policy
 * @key: the packet
 * @idx: where to begin; 0, a rule's hit, or its miss where its limit failed
 *
 * Context: any; the caller keeps the policy alive (RCU in the kernel).
 * Return: index of the rule, @table->n_rules if the walk left the table
 */
u32 zpf_table_next(const struct zpf_table *table, struct zpf_set *const *sets,
		   const struct zpf_key *key, u32 idx)
{
	while (idx < table->n_rules) {
		const struct zpf_rule *rule = &table->rules[idx];

		if (zpf_rule_matches(table, rule, sets, key))
			break;
		idx = rule->miss;
	}
	return idx;
}

/**
 * zpf_rule_matchless() - does a rule hold for every packet
 * @rule: the rule
 */
bool zpf_rule_matchless(const struct zpf_rule *rule)
{
	return !rule->match && !rule->limit;
}
