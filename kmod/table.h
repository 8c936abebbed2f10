/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flat rule tables and the key they are matched against. Portable: no lock, no
 * skb, no per-CPU data, no side effect; what a matching rule does (count, log,
 * limit, decide) is the caller's.
 */
#ifndef ZPF_TABLE_H
#define ZPF_TABLE_H

#include <linux/compiler.h>
#include "extra.h"
#include "set.h"

struct zpf_index;

/* What of the upper layer struct zpf_key holds. */
#define ZPF_L4_SPORT	(1 << 0)
#define ZPF_L4_ICMP	(1 << 1)
#define ZPF_L4_TCP	(1 << 2)
#define ZPF_L4_DPORT	(1 << 3)
#define ZPF_L4_PORTS	(ZPF_L4_SPORT | ZPF_L4_DPORT)	/* any real packet's */

#define ZPF_KEY_LANES	24

/**
 * struct zpf_key - what a rule can see of a packet
 * @state: one ZPF_STATE_* bit, or 0 for untracked
 * @proto: protocol; for IPv6 the upper layer behind the extension headers
 * @ext: IPv6 extension headers in the chain, bits by zpf_ext_bit()
 * @l4: mask of ZPF_L4_*; 0 in fragments behind the first
 * @l4_off: where the header of @proto begins, from skb->data on; 0 in fragments
 *	behind the first
 * @sport: source port, host byte order; with SPORT
 * @dport: destination port, host byte order; with DPORT
 * @icmp: type in the upper byte, code in the lower; with ICMP
 * @tcp_flags: header byte 13; with TCP
 * @s4: IPv4 source, host byte order
 * @d4: IPv4 destination, host byte order
 * @s6: IPv6 source
 * @d6: IPv6 destination
 * @lane: all of the above, 16 bits at a time
 * @in: interface sets the input port is in, a bit each; NULL without one
 * @out: interface sets the output port is in; NULL without one
 * @more: numbers rare matches look at, where a table asks for them
 */
struct zpf_key {
	union {
		struct {
			u8 state;
			u8 proto;
			u8 ext;
			u8 l4;
			u16 l4_off;
			u16 sport;
			u16 dport;
			u16 icmp;
			u8 tcp_flags;
			union {
				struct {
					u32 s4;
					u32 d4;
				};
				struct {
					struct zpf_in6 s6;
					struct zpf_in6 d6;
				};
			};
		};
		u16 lane[ZPF_KEY_LANES];
	};
	const unsigned long *in;
	const unsigned long *out;
	struct zpf_more more;
};

/* Where a field begins in zpf_key.lane. */
#define ZPF_KEY_LANE(field)	(offsetof(struct zpf_key, field) / sizeof(u16))

/* struct zpf_rule.match: the tests a rule makes */
#define ZPF_M_STATE	(1 << 0)
#define ZPF_M_PROTO	(1 << 1)
#define ZPF_M_EXT	(1 << 2)
#define ZPF_M_SADDR	(1 << 3)	/* one range */
#define ZPF_M_DADDR	(1 << 4)
#define ZPF_M_SSET	(1 << 5)	/* a set */
#define ZPF_M_DSET	(1 << 6)
#define ZPF_M_SPORT	(1 << 7)
#define ZPF_M_DPORT	(1 << 8)
#define ZPF_M_SPORTSET	(1 << 9)
#define ZPF_M_DPORTSET	(1 << 10)
#define ZPF_M_IN	(1 << 11)
#define ZPF_M_OUT	(1 << 12)
#define ZPF_M_ICMP	(1 << 13)
#define ZPF_M_TCP	(1 << 14)
#define ZPF_M_EXTRA	(1 << 15)	/* those of the side record */

/**
 * struct zpf_rule - one rule, one cache line
 * @match: mask of ZPF_M_*
 * @not: mask of ZPF_NOT_*: tests that are inverted
 * @state: ZPF_STATE_* that match
 * @proto: two protocol numbers, equal if there is only one; EXT: @proto[0] is
 *	a mask of zpf_ext_bit()
 * @action: &enum zpf_action
 * @l4_mask: ICMP: bits of zpf_key.icmp to compare; TCP: of zpf_key.tcp_flags
 * @l4_value: what they must be
 * @row: counter row in the table
 * @hit: index to go on at after a match that does not decide
 * @miss: index to go on at without a match
 * @sport: SPORT: range; SPORTSET: @sport.lo is the set
 * @dport: DPORT: range; DPORTSET: @dport.lo is the set
 * @saddr: IPv4 SADDR: range; IPv6 SADDR: @saddr.lo is an index into
 *	zpf_table.addr6; SSET: @saddr.lo is the set
 * @daddr: the same for the destination
 * @in: interface set of the input port
 * @out: interface set of the output port
 * @site: log site of the policy plus 1, 0: does not log
 * @limit: token bucket of the policy plus 1, 0: not limited
 * @extra: side record of the table plus 1, 0: none
 */
struct zpf_rule {
	u16 match;
	u8 not;
	u8 state;
	u8 proto[2];
	u8 action;
	u16 l4_mask;
	u16 l4_value;
	u32 row;
	u32 hit;
	u32 miss;
	struct zpf_range_port sport;
	struct zpf_range_port dport;
	struct zpf_range4 saddr;
	struct zpf_range4 daddr;
	u16 in;
	u16 out;
	u32 site;
	u32 limit;
	u32 extra;
} __aligned(64);

/**
 * struct zpf_row - what one counter of a table is kept for
 * @meaning: digest of the rule's text
 * @number: rule number, 0 is the default
 * @ruleset: index into zpf_table.rulesets
 * @action: as written, for display
 */
struct zpf_row {
	u64 meaning;
	u32 number;
	u16 ruleset;
	u8 action;
};

/**
 * struct zpf_sieve - destination ports a rule can have to do with
 * @lo: the first
 * @span: how many come behind it; 0xffff: all ports, the rule must be asked
 *
 * Only where the rule behind it is what a miss leads to.
 */
struct zpf_sieve {
	u16 lo;
	u16 span;
};

/**
 * struct zpf_table - a ruleset laid flat for one family
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @id: position among the tables of the policy
 * @n_rules: length of @rules
 * @have: rules received so far
 * @n_rows: length of @rows
 * @have_rows: rows received so far
 * @n_rulesets: names in @rulesets
 * @n_addr6: ranges in @addr6
 * @cap_addr6: room in @addr6
 * @n_extras: length of @extras
 * @cap_extras: room in @extras
 * @needs: ZPF_NUM_BIT()s of the numbers its rules ask for
 * @defaults: matchless default rules of the ruleset itself seen so far
 * @rules: the rules, contiguous
 * @rows: the counter rows
 * @addr6: IPv6 ranges rules compare with
 * @extras: side records of rules with rare matches
 * @rulesets: names; the first is the table's own
 * @index: finds rules without a walk; NULL: the table is walked
 * @sieve: of a table that is walked: one for each rule, or NULL
 * @names: their numbers in the drop ledger
 */
struct zpf_table {
	u8 family;
	u32 id;
	u32 n_rules;
	u32 have;
	u32 n_rows;
	u32 have_rows;
	u32 n_rulesets;
	u32 n_addr6;
	u32 cap_addr6;
	u32 n_extras;
	u32 cap_extras;
	u32 needs;
	u32 defaults;
	struct zpf_rule *rules;
	struct zpf_row *rows;
	struct zpf_range6 *addr6;
	struct zpf_extra *extras;
	char (*rulesets)[ZPF_RULESET_NAME_MAX + 1];
	struct zpf_index *index;
	struct zpf_sieve *sieve;
	u32 *names;
};

/**
 * zpf_ext_bit() - bit of an IPv6 extension header in zpf_key.ext
 * @proto: protocol number
 *
 * Return: one bit, 0 if @proto is no extension header
 */
static inline u8 zpf_ext_bit(u8 proto)
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

u32 zpf_table_walk(const struct zpf_table *table, struct zpf_set *const *sets,
		   const struct zpf_key *key, u32 idx, u32 end);
bool zpf_table_holds(const struct zpf_table *table, struct zpf_set *const *sets,
		     const struct zpf_key *key, u32 idx);
u32 zpf_table_short(const struct zpf_table *table, struct zpf_set *const *sets,
		    const struct zpf_key *key, u32 idx);
u8 zpf_rule_why(const struct zpf_table *table, const struct zpf_rule *rule,
		struct zpf_set *const *sets, const struct zpf_key *key);
bool zpf_rule_matchless(const struct zpf_rule *rule);

#endif /* ZPF_TABLE_H */
