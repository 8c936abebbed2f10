/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The compiled policy: what flatten makes of a model and push sends to the
 * kernel, object by object in the order of the netlink contract. Every id is
 * a position in the array here, so nothing is translated on the way. Knows no
 * netlink and no text.
 */
#ifndef ZPF_CTL_POLICY_H
#define ZPF_CTL_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/zpf.h>

/**
 * struct zpf_where - place in the configuration an object was made from
 * @file: name as given on the command line, "-" for standard input, or NULL
 *	where the object has no line (owned by the configuration)
 * @line: from 1; 0 unknown
 * @col: column of the first character, from 1
 */
struct zpf_where {
	const char *file;
	unsigned int line;
	unsigned int col;
};

/** struct zpf_log_spec - `log` and `log-options` of a rule */
struct zpf_log_spec {
	bool on;
	int level;		/* 0..7, -1: not given */
	int group;		/* 0..65535, -1: kernel log */
	int snaplen;		/* bytes, -1: not given */
	int qthreshold;		/* -1: not given */
};

/**
 * struct zpf_flat_set - one set of the kernel
 * @kind: &enum zpf_set_kind
 * @name: its contents are not the policy's; NULL: they are
 * @dynamic: rules add to it; with @name
 * @n_members: sets it is made of
 * @members: their ids
 * @n: number of elements
 * @r4: @kind IPV4: @n merged ranges, ascending
 * @r6: @kind IPV6
 * @port: @kind PORT
 * @r64: @kind NUMBER
 * @ifname: @kind IFACE: @n names or prefix*
 * @where: the group or rule it was made from
 */
struct zpf_flat_set {
	enum zpf_set_kind kind;
	const char *name;
	bool dynamic;
	size_t n_members;
	uint32_t *members;
	size_t n;
	union {
		struct zpf_range4 *r4;
		struct zpf_range6 *r6;
		struct zpf_range_port *port;
		struct zpf_range64 *r64;
		char **ifname;
	};
	struct zpf_where where;
};

/* struct zpf_flat_rule.match: which of the fields below are asked for */
enum {
	ZPF_FLAT_STATE		= 1 << 0,
	ZPF_FLAT_PROTO		= 1 << 1,
	ZPF_FLAT_SADDR		= 1 << 2,	/* saddr4 or saddr6 */
	ZPF_FLAT_DADDR		= 1 << 3,
	ZPF_FLAT_SADDR_SET	= 1 << 4,
	ZPF_FLAT_DADDR_SET	= 1 << 5,
	ZPF_FLAT_SPORT		= 1 << 6,
	ZPF_FLAT_DPORT		= 1 << 7,
	ZPF_FLAT_SPORT_SET	= 1 << 8,
	ZPF_FLAT_DPORT_SET	= 1 << 9,
	ZPF_FLAT_IN_SET		= 1 << 10,
	ZPF_FLAT_OUT_SET	= 1 << 11,
	ZPF_FLAT_ICMP_TYPE	= 1 << 12,
	ZPF_FLAT_ICMP_CODE	= 1 << 13,
	ZPF_FLAT_TCP_FLAGS	= 1 << 14,
	ZPF_FLAT_LIMIT		= 1 << 15,
	ZPF_FLAT_NUM		= 1 << 16,	/* nums */
	ZPF_FLAT_SADDR_MASK	= 1 << 17,	/* of saddr_set */
	ZPF_FLAT_DADDR_MASK	= 1 << 18,
	ZPF_FLAT_RECENT		= 1 << 29,
};

/** struct zpf_flat_change - what a rule changes */
struct zpf_flat_change {
	enum zpf_change what;
	uint32_t value;
};

/** struct zpf_flat_num - a number of the packet must be in a set */
struct zpf_flat_num {
	enum zpf_num what;
	uint32_t set;
};

/**
 * struct zpf_flat_add - an address a rule adds to a group
 * @on: it does
 * @set: the group
 * @for_ns: how long it is there; 0: for ever
 */
struct zpf_flat_add {
	bool on;
	uint32_t set;
	uint64_t for_ns;
};

/**
 * struct zpf_flat_rare - what few rules look at or do
 * @limit_interval_ns: LIMIT
 * @recent_count: RECENT
 * @nums: NUM
 * @saddr_mask: SADDR_MASK, and so on
 * @add: what it does besides: source, destination
 */
struct zpf_flat_rare {
	uint64_t limit_interval_ns;
	uint32_t limit_burst;
	uint32_t recent_count;
	uint64_t recent_ns;
	size_t n_nums;
	struct zpf_flat_num *nums;
	size_t n_changes;
	struct zpf_flat_change *changes;
	__u64 saddr_mask[2], daddr_mask[2];
	struct zpf_flat_add add[2];
};

extern const struct zpf_flat_rare zpf_flat_none;

/**
 * struct zpf_flat_rule - one rule of a flat table
 * @row: the counter row, index into the table's @rows
 * @action: &enum zpf_action
 * @hit: index to go on at after a match (return, jump, continue)
 * @miss: index to go on at without a match
 * @log: how it logs
 * @match: mask of ZPF_FLAT_*
 * @not: mask of ZPF_NOT_*
 * @rare: what else; never NULL
 */
struct zpf_flat_rule {
	uint32_t row;
	enum zpf_action action;
	uint32_t hit;
	uint32_t miss;
	struct zpf_log_spec log;
	uint32_t match;
	uint32_t not;
	uint8_t state;
	uint8_t proto[2];
	uint8_t n_proto;
	union {
		struct zpf_range4 saddr4;
		struct zpf_range6 saddr6;
	};
	union {
		struct zpf_range4 daddr4;
		struct zpf_range6 daddr6;
	};
	uint32_t saddr_set, daddr_set;
	struct zpf_range_port sport, dport;
	uint32_t sport_set, dport_set;
	uint32_t in_set, out_set;
	uint8_t icmp_type, icmp_code;
	uint8_t tcp_mask, tcp_value;
	const struct zpf_flat_rare *rare;
	struct zpf_where where;
};

/**
 * struct zpf_flat_row - what a counter is kept for
 * @ruleset: name (owned by the policy)
 * @number: rule number, 0 for the default
 * @action: as written
 * @meaning: digest of the rule's canonical text without description and log
 */
struct zpf_flat_row {
	const char *ruleset;
	uint32_t number;
	enum zpf_action action;
	uint64_t meaning;
};

/** struct zpf_flat_table - a ruleset laid flat for one family */
struct zpf_flat_table {
	const char *name;
	uint8_t family;			/* NFPROTO_IPV4, NFPROTO_IPV6 */
	size_t n_rules;
	struct zpf_flat_rule *rules;
	size_t n_rows;
	struct zpf_flat_row *rows;	/* in order of first use by rules */
	struct zpf_where where;
};

/** struct zpf_flat_member - a member of a zone */
struct zpf_flat_member {
	const char *name;
	bool vrf;
	struct zpf_where where;
};

#define ZPF_NO_TABLE UINT32_MAX

/** struct zpf_flat_zone - a zone; its id is its position plus 1 */
struct zpf_flat_zone {
	const char *name;
	bool local;
	bool default_log;
	enum zpf_action default_action;		/* drop or reject */
	uint32_t default_table4, default_table6;	/* or ZPF_NO_TABLE */
	enum zpf_action intra_action;		/* accept or drop */
	uint32_t intra_table4, intra_table6;	/* or ZPF_NO_TABLE */
	size_t n_members;
	struct zpf_flat_member *members;
	struct zpf_where where;
};

/** struct zpf_flat_pair - a bound ruleset */
struct zpf_flat_pair {
	uint32_t from, to;			/* zone ids, from 1 */
	uint8_t family;
	uint32_t table;
	struct zpf_where where;
};

/** struct zpf_flat_chain - a base chain */
struct zpf_flat_chain {
	enum zpf_hook hook;
	uint8_t family;
	uint32_t table;
	struct zpf_where where;
};

/** struct zpf_flat_state - one state of the global state policy */
struct zpf_flat_state {
	enum zpf_action action;		/* UNSPEC: not set */
	struct zpf_log_spec log;
	struct zpf_where where;
};

/**
 * struct zpf_flat_sysctl - a setting of the kernel, made behind the commit
 * @option: as written: "all-ping"
 * @path: below /proc/sys; a '*' stands for every interface, all and default
 * @value: what it is set to
 * @where: the statement
 */
struct zpf_flat_sysctl {
	const char *option;
	const char *path;
	const char *value;
	struct zpf_where where;
};

/**
 * struct zpf_policy - everything compiled from one configuration
 * @option_flags: &enum zpf_option_flags
 * @log_interval_ns: 0: the kernel's default
 * @log_burst: 0: the kernel's default
 * @n_offsets: length of @offsets; 0: no rule asks for the time of the week
 * @offsets: when the machine's clocks are set
 * @established: state policy
 * @related: state policy
 * @invalid: state policy
 * @source: canonical set-form text of the `firewall` subtree
 * @source_len: bytes in @source
 * @n_rulesets: rulesets written in the configuration (not base chains)
 * @n_rules: enabled rules written in the configuration, in rulesets and chains
 * @n_groups: groups written in the configuration
 *
 * The zones, bound pairs, rulesets, rules and groups of the load report are
 * @n_zones, @n_pairs, @n_rulesets, @n_rules, @n_groups.
 */
struct zpf_policy {
	uint32_t option_flags;
	uint64_t log_interval_ns;
	uint32_t log_burst;
	size_t n_offsets;
	struct zpf_offset *offsets;
	struct zpf_flat_state established, related, invalid;
	size_t n_sets;
	struct zpf_flat_set *sets;
	size_t n_tables;
	struct zpf_flat_table *tables;
	size_t n_zones;
	struct zpf_flat_zone *zones;
	size_t n_pairs;
	struct zpf_flat_pair *pairs;
	size_t n_chains;
	struct zpf_flat_chain *chains;
	size_t n_sysctls;
	struct zpf_flat_sysctl *sysctls;
	char *source;
	size_t source_len;
	size_t n_rulesets;
	size_t n_rules;
	size_t n_groups;
};

/** zpf_policy_free() - free a policy and all it owns; NULL is fine */
void zpf_policy_free(struct zpf_policy *p);

#endif /* ZPF_CTL_POLICY_H */
