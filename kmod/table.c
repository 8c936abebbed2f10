// SPDX-License-Identifier: GPL-2.0-only
/*
 * The linear table walk: the specification of what a table means. Called once
 * per packet and table from the hooks, under RCU. Never counts, logs or
 * allocates; the walk only goes forward, so it ends after n_rules steps. Large
 * tables have an index, which gives the same answers.
 */
#include <linux/build_bug.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include "index.h"
#include "table_match.h"

static_assert(sizeof(struct zpf_rule) == 64, "a rule is one cache line");

static inline bool zpf_match_addr(const struct zpf_table *table,
				  const struct zpf_set *set,
				  const struct zpf_range4 *range, u32 addr4,
				  const struct zpf_in6 *addr6)
{
	const struct zpf_range6 *r6;

	if (set)
		return set->kind == ZPF_SET_IPV4 ? zpf_set_has4(set, addr4) :
						   zpf_set_has6(set, addr6);
	r6 = &table->addr6[range->lo];
	return zpf_in6_cmp(addr6->w, r6->lo) >= 0 &&
	       zpf_in6_cmp(addr6->w, r6->hi) <= 0;
}

static inline bool zpf_match_iface(const unsigned long *bits, u16 set)
{
	return bits[set / BITS_PER_LONG] >> (set % BITS_PER_LONG) & 1;
}

/**
 * zpf_rule_calls() - do the tests hold that are more than a compare or two
 * @table: the table
 * @rule: a rule of it
 * @sets: the sets of the policy
 * @key: the packet
 * @calls: those of the rule's tests: sets, interfaces, extension headers, IPv6
 *	ranges, rare ones
 */
bool zpf_rule_calls(const struct zpf_table *table, const struct zpf_rule *rule,
		    struct zpf_set *const *sets, const struct zpf_key *key,
		    u16 calls)
{
	const u8 not = rule->not;

	if ((calls & ZPF_M_EXT) &&
	    !zpf_holds(key->ext & rule->proto[0], not, ZPF_NOT_PROTO))
		return false;

	if ((calls & ZPF_M_DPORTSET) &&
	    !zpf_holds(zpf_set_has_port(sets[rule->dport.lo], key->dport), not,
		       ZPF_NOT_DPORT))
		return false;

	if ((calls & ZPF_M_SPORTSET) &&
	    !zpf_holds(zpf_set_has_port(sets[rule->sport.lo], key->sport), not,
		       ZPF_NOT_SPORT))
		return false;

	if ((calls & (ZPF_M_DADDR | ZPF_M_DSET)) &&
	    !zpf_holds(zpf_match_addr(table, (calls & ZPF_M_DSET) ?
				      sets[rule->daddr.lo] : NULL,
				      &rule->daddr, key->d4, &key->d6),
		       not, ZPF_NOT_DADDR))
		return false;

	if ((calls & (ZPF_M_SADDR | ZPF_M_SSET)) &&
	    !zpf_holds(zpf_match_addr(table, (calls & ZPF_M_SSET) ?
				      sets[rule->saddr.lo] : NULL,
				      &rule->saddr, key->s4, &key->s6),
		       not, ZPF_NOT_SADDR))
		return false;

	if ((calls & ZPF_M_IN) &&
	    (!key->in || !zpf_holds(zpf_match_iface(key->in, rule->in), not,
				    ZPF_NOT_IN)))
		return false;

	if ((calls & ZPF_M_OUT) &&
	    (!key->out || !zpf_holds(zpf_match_iface(key->out, rule->out), not,
				     ZPF_NOT_OUT)))
		return false;

	return !(calls & ZPF_M_EXTRA) ||
	       zpf_extra_matches(&table->extras[rule->extra - 1], sets, key);
}

/**
 * zpf_rule_inverted() - zpf_rule_matches() for a rule that inverts tests
 * @table: the table
 * @rule: a rule of it
 * @sets: the sets of the policy
 * @key: the packet
 * @call: tests that are left to zpf_rule_calls()
 */
bool zpf_rule_inverted(const struct zpf_table *table,
		       const struct zpf_rule *rule,
		       struct zpf_set *const *sets, const struct zpf_key *key,
		       u16 call)
{
	return zpf_rule_tests(table, rule, sets, key, call, rule->not);
}

/* No packet has this port, and no range ends there. */
#define ZPF_NO_PORT 0x10000

/*
 * Most rules are passed over for destination port, protocol or state, in this
 * order. Asked first and with the packet's side in registers, a rule costs a
 * dozen instructions.
 */
static __always_inline bool zpf_rule_misses(const struct zpf_rule *rule,
					    u8 state, u8 proto, u32 dport)
{
	const u16 m = rule->match;

	if ((m & ZPF_M_DPORT) &&
	    (dport < rule->dport.lo || dport > rule->dport.hi))
		return !(rule->not & ZPF_NOT_DPORT);
	if ((m & ZPF_M_PROTO) && proto != rule->proto[0] &&
	    proto != rule->proto[1])
		return !(rule->not & ZPF_NOT_PROTO);
	return (m & ZPF_M_STATE) && !(rule->state & state);
}

static __always_inline u32
zpf_walk(const struct zpf_table *table, struct zpf_set *const *sets,
	 const struct zpf_key *key, u32 idx, u32 end, const u16 call)
{
	const struct zpf_rule *rules = table->rules;
	const u32 dport = key->l4 & ZPF_L4_DPORT ? key->dport : ZPF_NO_PORT;
	const u8 state = key->state, proto = key->proto;

	while (idx < end &&
	       (zpf_rule_misses(&rules[idx], state, proto, dport) ||
		!zpf_rule_matches(table, &rules[idx], sets, key, call))) {
		/*
		 * Nearly always the next one. A guess lets the processor look
		 * at that one before this one's miss has been read; without
		 * the barrier the compiler would see through it.
		 */
		if (likely(rules[idx].miss == idx + 1)) {
			idx++;
		} else {
			barrier();
			idx = rules[idx].miss;
		}
	}
	return idx;
}

/*
 * The walk of a table with a sieve, for a packet with a destination port: most
 * rules are passed over for that, in half a dozen instructions.
 */
static __always_inline u32
zpf_sift(const struct zpf_table *table, struct zpf_set *const *sets,
	 const struct zpf_key *key, u32 idx, const u16 call)
{
	const struct zpf_sieve *sieve = table->sieve;
	const u32 n = table->n_rules;
	const u16 dport = key->dport;

	while (idx < n) {
		if ((u16)(dport - sieve[idx].lo) > sieve[idx].span) {
			idx++;
			continue;
		}
		if (zpf_rule_matches(table, &table->rules[idx], sets, key, call))
			break;
		idx = table->rules[idx].miss;
	}
	return idx;
}

/**
 * zpf_table_walk() - first rule that matches, rule by rule: what it means
 * @table: the table
 * @sets: the sets of the policy
 * @key: the packet
 * @idx: where to begin
 * @end: where to end, at most @table->n_rules
 *
 * Context: any; the caller keeps the policy alive (RCU in the kernel).
 * Return: index of the rule, @end or more if there is none before
 */
u32 zpf_table_walk(const struct zpf_table *table, struct zpf_set *const *sets,
		   const struct zpf_key *key, u32 idx, u32 end)
{
	if (table->family == 2)
		return zpf_walk(table, sets, key, idx, end, ZPF_M_CALL);
	return zpf_walk(table, sets, key, idx, end, ZPF_M_CALL6);
}

/**
 * zpf_table_holds() - does a rule match
 * @table: the table
 * @sets: the sets of the policy
 * @key: the packet
 * @idx: the rule
 */
bool zpf_table_holds(const struct zpf_table *table, struct zpf_set *const *sets,
		     const struct zpf_key *key, u32 idx)
{
	const struct zpf_rule *rule = &table->rules[idx];

	if (table->family == 2)
		return zpf_rule_matches(table, rule, sets, key, ZPF_M_CALL);
	return zpf_rule_matches(table, rule, sets, key, ZPF_M_CALL6);
}

/**
 * zpf_table_short() - zpf_table_next() for a table without an index
 * @table: the table
 * @sets: the sets of the policy
 * @key: the packet
 * @idx: where to begin
 *
 * Context: any; the caller keeps the policy alive (RCU in the kernel).
 * Return: as zpf_table_next()
 */
u32 zpf_table_short(const struct zpf_table *table, struct zpf_set *const *sets,
		    const struct zpf_key *key, u32 idx)
{
	if (!table->sieve || !(key->l4 & ZPF_L4_DPORT))
		return zpf_table_walk(table, sets, key, idx, table->n_rules);
	if (table->family == 2)
		return zpf_sift(table, sets, key, idx, ZPF_M_CALL);
	return zpf_sift(table, sets, key, idx, ZPF_M_CALL6);
}

/*
 * The tests of a rule one by one, in the order of the language: bits of the
 * rule or of its side record, and how a failure is called. `limit`, which is
 * no test of the packet, is the caller's.
 */
#define ZPF_NUM_MASK(num) ZPF_NUM_BIT(ZPF_NUM_##num)

static const struct {
	u16 match;
	u32 extra;
	u32 nums;
	u8 why;
} zpf_why_rows[] = {
	{ ZPF_M_STATE, 0, 0, ZPF_WHY_STATE },
	{ 0, 0, ZPF_NUM_MASK(CT_HELPER), ZPF_WHY_HELPER },
	{ 0, 0, ZPF_NUM_MASK(CT_NAT), ZPF_WHY_NAT },
	{ ZPF_M_PROTO | ZPF_M_EXT, 0, 0, ZPF_WHY_PROTOCOL },
	{ ZPF_M_DADDR | ZPF_M_DSET, ZPF_X_DMASK, 0, ZPF_WHY_DST_ADDRESS },
	{ ZPF_M_DPORT | ZPF_M_DPORTSET, 0, 0, ZPF_WHY_DST_PORT },
	{ 0, 0, ZPF_NUM_MASK(DMAC), ZPF_WHY_DST_MAC },
	{ ZPF_M_SADDR | ZPF_M_SSET, ZPF_X_SMASK, 0, ZPF_WHY_SRC_ADDRESS },
	{ ZPF_M_SPORT | ZPF_M_SPORTSET, 0, 0, ZPF_WHY_SRC_PORT },
	{ 0, 0, ZPF_NUM_MASK(SMAC), ZPF_WHY_SRC_MAC },
	{ ZPF_M_IN, 0, 0, ZPF_WHY_IN },
	{ ZPF_M_OUT, 0, 0, ZPF_WHY_OUT },
	{ 0, 0, ZPF_NUM_MASK(TTL), ZPF_WHY_TTL },
	{ ZPF_M_ICMP, 0, 0, ZPF_WHY_ICMP },
	{ 0, 0, ZPF_NUM_MASK(LENGTH), ZPF_WHY_LENGTH },
	{ 0, 0, ZPF_NUM_MASK(PKTTYPE), ZPF_WHY_PACKET_TYPE },
	{ 0, 0, ZPF_NUM_MASK(DSCP), ZPF_WHY_DSCP },
	{ 0, 0, ZPF_NUM_MASK(IPSEC_IN) | ZPF_NUM_MASK(IPSEC_OUT),
	  ZPF_WHY_IPSEC },
	{ 0, 0, ZPF_NUM_MASK(FRAG), ZPF_WHY_FRAGMENT },
	{ 0, 0, ZPF_NUM_MASK(GRE_FLAGS) | ZPF_NUM_MASK(GRE_KEY) |
	  ZPF_NUM_MASK(GRE_PROTO) | ZPF_NUM_MASK(GRE_VERSION), ZPF_WHY_GRE },
	{ 0, 0, ZPF_NUM_MASK(TIME) | ZPF_NUM_MASK(WEEK) |
	  ZPF_NUM_MASK(WEEK_UTC), ZPF_WHY_TIME },
	{ ZPF_M_TCP, 0, 0, ZPF_WHY_TCP_FLAGS },
	{ 0, 0, ZPF_NUM_MASK(MSS), ZPF_WHY_MSS },
	{ 0, 0, ZPF_NUM_MASK(MARK), ZPF_WHY_MARK },
	{ 0, 0, ZPF_NUM_MASK(CT_MARK), ZPF_WHY_CT_MARK },
	{ 0, 0, 0, ZPF_WHY_OTHER },	/* the end */
};

/**
 * zpf_rule_why() - first test of a rule that fails, by the code of the walk
 * @table: the table
 * @rule: a rule of it
 * @sets: the sets of the policy
 * @key: the packet
 *
 * Asks the rule with one test left in it at a time.
 *
 * Context: any; not for packets. Return: &enum zpf_why, NONE: all hold
 */
u8 zpf_rule_why(const struct zpf_table *table, const struct zpf_rule *rule,
		struct zpf_set *const *sets, const struct zpf_key *key)
{
	const u16 call = table->family == 2 ? ZPF_M_CALL : ZPF_M_CALL6;
	unsigned int i;

	if (zpf_rule_matches(table, rule, sets, key, call))
		return ZPF_WHY_NONE;
	for (i = 0; zpf_why_rows[i].why != ZPF_WHY_OTHER; i++) {
		if (rule->match & zpf_why_rows[i].match) {
			struct zpf_rule one = *rule;

			one.match &= zpf_why_rows[i].match;
			if (!zpf_rule_matches(table, &one, sets, key, call))
				break;
		}
		if (rule->match & ZPF_M_EXTRA) {
			struct zpf_extra one = table->extras[rule->extra - 1];

			one.match &= zpf_why_rows[i].extra;
			one.nums &= zpf_why_rows[i].nums;
			if (!zpf_extra_matches(&one, sets, key))
				break;
		}
	}
	return zpf_why_rows[i].why;
}

/**
 * zpf_rule_matchless() - does a rule hold for every packet
 * @rule: the rule
 */
bool zpf_rule_matchless(const struct zpf_rule *rule)
{
	return !rule->match && !rule->limit;
}
