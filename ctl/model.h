/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The typed model of a configuration: what the tree says, read by the schema
 * into fields. model builds it, check_* and lint judge it, flatten compiles it.
 * It borrows strings and nodes of the tree and lives in an arena.
 */
#ifndef ZPF_CTL_MODEL_H
#define ZPF_CTL_MODEL_H

#include "config.h"
#include "tree.h"
#include "value.h"

enum { ZPF_FAM4, ZPF_FAM6, ZPF_FAMS };	/* index of a family */

/** struct zpf_rare_side - what few rules ask of `source` or `destination` */
struct zpf_rare_side {
	struct zpf_v_mask mask;
	struct zpf_v_nums mac;
	struct zpf_v_name mac_group;
	struct zpf_v_name domain_group, remote_group, dynamic_group;
	struct zpf_v_name fqdn;
	struct zpf_v_names country;
	struct zpf_v_flag country_not;
};

/** struct zpf_add - `add-address-to-group source-address` of a rule */
struct zpf_add {
	struct zpf_v_name group;
	struct zpf_v_time timeout;
};

/**
 * struct zpf_rare - what few rules ask for, or do
 * @node: instance node of the rule; NULL: of none, nothing is asked for
 */
struct zpf_rare {
	const struct zpf_node *node;
	struct zpf_v_word log_level;
	struct zpf_v_num log_group, log_snaplen, log_qthreshold;
	struct zpf_rare_side source, destination;
	struct zpf_v_name in_name, in_group, out_name, out_group;
	struct zpf_v_icmp icmp_name;
	struct zpf_v_num icmp_type, icmp_code;
	struct zpf_v_word tcp_set, tcp_not;
	struct zpf_v_rate limit_rate;
	struct zpf_v_num limit_burst;
	struct zpf_v_num ttl_eq, ttl_gt, ttl_lt;
	struct zpf_v_nums ct_nat, ct_mark, mark;
	struct zpf_v_nums length, length_not, pkttype, dscp, dscp_not;
	struct zpf_v_flag frag, no_frag;
	struct zpf_v_num recent_count;
	struct zpf_v_word recent_time;
	struct zpf_add add_source, add_destination;
	struct zpf_v_nums helper, mss;
	struct zpf_v_flag ipsec_in, ipsec_no_in, ipsec_out, ipsec_no_out;
	struct zpf_v_flag gre_flag[3], gre_unset[3];	/* ZPF_NUM_GRE_FLAGS */
	struct zpf_v_num gre_key;
	struct zpf_v_nums gre_proto, gre_version;
	struct zpf_v_num set_dscp, set_mark, set_ct_mark, set_mss, set_ttl;
	struct zpf_v_date startdate, stopdate;
	struct zpf_v_num starttime, stoptime;
	struct zpf_v_word weekdays;
	struct zpf_v_flag time_utc;
};

extern const struct zpf_rare zpf_rare_none;

/**
 * struct zpf_side - `source` or `destination` of a rule
 * @rare: what else; never NULL
 */
struct zpf_side {
	const struct zpf_rare_side *rare;
	struct zpf_v_addr addr;
	struct zpf_v_ports port;
	struct zpf_v_name addr_group, net_group, port_group;
};

extern const struct zpf_side zpf_side_none;

/**
 * struct zpf_rule - a rule
 * @node: instance node of the rule
 * @number: its number
 * @broken: something in it could not be read: no further findings
 * @skip: it says something zpf cannot enforce and was asked to leave it out
 * @target: ruleset of @jump_target, where that exists
 * @row: scratch: its row in the table @row_of
 * @source: what it says of it; never NULL
 * @destination: what it says of it; never NULL
 * @rare: what else it says; never NULL
 */
struct zpf_rule {
	const struct zpf_node *node;
	uint32_t number;
	bool broken, skip;
	struct zpf_ruleset *target;
	uint32_t row, row_of;
	const struct zpf_side *source, *destination;
	const struct zpf_rare *rare;

	struct zpf_v_word action;
	struct zpf_v_name jump_target;
	struct zpf_v_name description;
	struct zpf_v_flag disable;
	struct zpf_v_flag log;
	struct zpf_v_word state;
	struct zpf_v_proto protocol;
};

/**
 * struct zpf_ruleset - a ruleset or base chain
 * @node: its instance node (of a chain: the node `filter`)
 * @name: "IOT_WAN", or "forward filter"
 * @fam: ZPF_FAM4 or ZPF_FAM6
 * @hook: of a base chain; 0 for a ruleset
 * @rules: all rules in order of their numbers, disabled ones too
 * @default_target: ruleset of @default_jump, where that exists
 * @used: some zone, chain or rule refers to it
 * @mark: scratch of the pass that walks jumps: 0 new, 1 on the way, 2 done;
 *	lint and check_jumps add their own
 * @depth: jumps below it
 * @size: rules it becomes when laid flat, saturating
 * @copies: scratch: how often it is laid into one table
 * @accepts: scratch of lint: established and new: 0 unknown, -1 no, 1 yes
 * @seen: scratch of check_hooks: directions it was found in
 * @table: id of its table, ZPF_NO_TABLE: none is wanted
 * @row: scratch: row of its default in the table @row_of
 */
struct zpf_ruleset {
	const struct zpf_node *node;
	const char *name;
	int fam;
	enum zpf_hook hook;
	bool broken;
	struct zpf_v_word default_action;
	struct zpf_v_name default_jump;
	struct zpf_v_flag default_log;
	struct zpf_v_name description;
	size_t n_rules;
	struct zpf_rule *rules;
	struct zpf_ruleset *default_target;
	bool used;
	int mark;
	unsigned int depth;
	uint64_t size, copies;
	signed char accepts[2];
	unsigned int seen;
	uint32_t table, row, row_of;
};

enum zpf_group_kind {
	ZPF_GROUP_ADDRESS,
	ZPF_GROUP_NETWORK,
	ZPF_GROUP_ADDRESS6,
	ZPF_GROUP_NETWORK6,
	ZPF_GROUP_PORT,
	ZPF_GROUP_INTERFACE,
	ZPF_GROUP_MAC,
	/* filled by user space or by rules, see zpf_group_owned() */
	ZPF_GROUP_DOMAIN,
	ZPF_GROUP_REMOTE,
	ZPF_GROUP_DYNAMIC,
	ZPF_GROUP_DYNAMIC6,
	ZPF_GROUP_KINDS
};

/**
 * struct zpf_group - a group
 * @node: its instance node
 * @kind: what it holds
 * @name: its name
 * @url: of a remote-group
 * @used: some rule or group refers to it
 * @mark: scratch: 0 not visited, 1 being visited, 2 resolved
 * @resolved: its set as the kernel will get it, includes merged
 * @set: its id in the policy, ZPF_NO_TABLE: not used yet
 */
struct zpf_group {
	const struct zpf_node *node;
	enum zpf_group_kind kind;
	const char *name;
	bool broken;
	struct zpf_v_name description, url;
	bool used;
	int mark;
	struct zpf_flat_set resolved;
	uint32_t set;
};

/**
 * struct zpf_binding - `from Y firewall name N`
 * @node: value node of the ruleset's name
 * @ruleset: the ruleset, NULL where there is none of that name
 */
struct zpf_binding {
	const struct zpf_node *node;
	struct zpf_ruleset *ruleset;
};

/** struct zpf_from - `from Y` of a zone */
struct zpf_from {
	const struct zpf_node *node;
	struct zpf_zone *zone;
	struct zpf_binding bind[ZPF_FAMS];
};

/** struct zpf_member - a member of a zone */
struct zpf_member {
	const struct zpf_node *node;
	const char *name;
	bool vrf;
};

/** struct zpf_zone - a zone; @id is its position in natural order, from 1 */
struct zpf_zone {
	const struct zpf_node *node;
	const char *name;
	uint32_t id;
	bool broken;
	struct zpf_v_flag local, default_log;
	struct zpf_v_word default_action, intra_action;
	struct zpf_v_name description;
	struct zpf_v_name default_name[ZPF_FAMS], intra_name[ZPF_FAMS];
	struct zpf_ruleset *default_set[ZPF_FAMS], *intra_set[ZPF_FAMS];
	size_t n_members;
	struct zpf_member *members;
	size_t n_from;
	struct zpf_from *from;
};

/** struct zpf_state_policy - one state of the global state policy */
struct zpf_state_policy {
	struct zpf_v_word action;
	struct zpf_v_flag log;
	struct zpf_v_word level;
};

/*
 * Global options that are sysctls: name, sysctl, what the option's number is
 * there. INVERTED: 1 is 0; ROUTE6: 1 is 0, 0 is -1.
 */
#define ZPF_SYSCTLS(X)							\
	X(ALL_PING, "net/ipv4/icmp_echo_ignore_all", INVERTED)		\
	X(BROADCAST_PING, "net/ipv4/icmp_echo_ignore_broadcasts", INVERTED) \
	X(DIRECTED_BROADCAST, "net/ipv4/conf/*/bc_forwarding", PLAIN)	\
	X(IP_SRC_ROUTE, "net/ipv4/conf/*/accept_source_route", PLAIN)	\
	X(IPV6_REDIRECTS, "net/ipv6/conf/*/accept_redirects", PLAIN)	\
	X(IPV6_SRC_ROUTE, "net/ipv6/conf/*/accept_source_route", ROUTE6) \
	X(LOG_MARTIANS, "net/ipv4/conf/*/log_martians", PLAIN)		\
	X(REDIRECTS, "net/ipv4/conf/*/accept_redirects", PLAIN)		\
	X(SEND_REDIRECTS, "net/ipv4/conf/*/send_redirects", PLAIN)	\
	X(SOURCE_VALIDATION, "net/ipv4/conf/*/rp_filter", PLAIN)	\
	X(SYN_COOKIES, "net/ipv4/tcp_syncookies", PLAIN)		\
	X(TWA_HAZARDS, "net/ipv4/tcp_rfc1337", PLAIN)

#define ZPF_TIMEOUTS(X)							\
	X(ICMP, "icmp_timeout")						\
	X(OTHER, "generic_timeout")					\
	X(TCP_CLOSE, "tcp_timeout_close")				\
	X(TCP_CLOSE_WAIT, "tcp_timeout_close_wait")			\
	X(TCP_ESTABLISHED, "tcp_timeout_established")			\
	X(TCP_FIN_WAIT, "tcp_timeout_fin_wait")				\
	X(TCP_LAST_ACK, "tcp_timeout_last_ack")				\
	X(TCP_SYN_RECV, "tcp_timeout_syn_recv")				\
	X(TCP_SYN_SENT, "tcp_timeout_syn_sent")				\
	X(TCP_TIME_WAIT, "tcp_timeout_time_wait")			\
	X(UDP_OTHER, "udp_timeout")					\
	X(UDP_STREAM, "udp_timeout_stream")

enum {
#define X(name, path, form) ZPF_SYSCTL_##name,
	ZPF_SYSCTLS(X)
#undef X
	ZPF_SYSCTL_N
};

enum {
#define X(name, path) ZPF_TIMEOUT_##name,
	ZPF_TIMEOUTS(X)
#undef X
	ZPF_TIMEOUT_N
};

/** struct zpf_options - what stands beside zones, rulesets and groups */
struct zpf_options {
	const struct zpf_node *node;
	struct zpf_state_policy established, related, invalid;
	struct zpf_v_rate log_rate;
	struct zpf_v_num log_burst;
	struct zpf_v_flag log_off, unassigned_accept, filter_nd, filter_errors;
	struct zpf_v_word sysctl[ZPF_SYSCTL_N], source_validation6;
	struct zpf_v_num timeout[ZPF_TIMEOUT_N];
};

#define ZPF_CHAINS 3	/* forward, input, output: in this order in the tree */

/**
 * struct zpf_model - a whole configuration
 * @arena: where it lives
 * @diag: gets the findings
 * @flags: &enum zpf_compile_flags
 * @unenforced: something is written that cannot be enforced
 * @firewall: the node, NULL where there is none
 * @n_rulesets: per family; @rulesets in natural order
 * @chains: base chains, NULL where not written
 * @n_groups: @groups by kind, then in natural order
 * @first_group: index of the first group of a kind
 * @n_zones: @zones in natural order
 */
struct zpf_model {
	struct zpf_arena *arena;
	struct zpf_diag *diag;
	unsigned int flags;
	bool unenforced;
	const struct zpf_node *firewall;
	struct zpf_options options;
	size_t n_rulesets[ZPF_FAMS];
	struct zpf_ruleset *rulesets[ZPF_FAMS];
	struct zpf_ruleset *chains[ZPF_FAMS][ZPF_CHAINS];
	size_t n_groups;
	struct zpf_group *groups;
	size_t first_group[ZPF_GROUP_KINDS + 1];
	size_t n_zones;
	struct zpf_zone *zones;
};

uint8_t zpf_model_family(int fam);
const char *zpf_model_family_word(int fam);
struct zpf_model *zpf_model_build(struct zpf_arena *arena,
				  const struct zpf_node *root,
				  unsigned int flags, struct zpf_diag *diag);
struct zpf_ruleset *zpf_model_ruleset(const struct zpf_model *m, int fam,
				      const char *name);
struct zpf_group *zpf_model_group(const struct zpf_model *m,
				  enum zpf_group_kind kind, const char *name);
struct zpf_zone *zpf_model_zone(const struct zpf_model *m, const char *name);
const char *zpf_model_group_word(enum zpf_group_kind kind);
bool zpf_rule_live(const struct zpf_rule *r);

__attribute__((format(printf, 4, 5)))
void zpf_model_say(const struct zpf_model *m, enum zpf_severity severity,
		   const struct zpf_node *at, const char *fmt, ...);

#define zpf_error(m, at, ...) \
	zpf_model_say((m), ZPF_DIAG_ERROR, (at), __VA_ARGS__)
#define zpf_warn(m, at, ...) \
	zpf_model_say((m), ZPF_DIAG_WARNING, (at), __VA_ARGS__)

/* Kinds of groups a side of a rule may name; the first two are in the policy. */
#define ZPF_SIDE_GROUPS 5
const struct zpf_v_name *zpf_side_groups(const struct zpf_side *side, int fam,
					 size_t i, enum zpf_group_kind *kind);
bool zpf_group_owned(enum zpf_group_kind kind);
void zpf_groups_resolve(struct zpf_model *m);
void zpf_jumps_check(struct zpf_model *m);
void zpf_rules_check(struct zpf_model *m);
void zpf_hooks_check(struct zpf_model *m);
void zpf_zones_check(struct zpf_model *m);
void zpf_lint(struct zpf_model *m);
void zpf_statements_count(const struct zpf_model *m, struct zpf_statements *n);
struct zpf_policy *zpf_flatten(struct zpf_model *m);
void zpf_flat_sysctls(const struct zpf_model *m, struct zpf_arena *arena,
		      struct zpf_policy *p);

/* rules and chains of every family, one after the other */
#define zpf_for_each_ruleset(m, rs)					\
	for (int f_ = 0; f_ < ZPF_FAMS; f_++)				\
		for (size_t i_ = 0; i_ < (m)->n_rulesets[f_] + ZPF_CHAINS; i_++) \
			for (struct zpf_ruleset *rs =			\
			     i_ < (m)->n_rulesets[f_] ? &(m)->rulesets[f_][i_] : \
			     (m)->chains[f_][i_ - (m)->n_rulesets[f_]];	\
			     rs; rs = NULL)

#endif /* ZPF_CTL_MODEL_H */
