/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Zone Policy Firewall: the generic netlink contract between zpf.ko and its
 * clients. This header is the manual; uapi/zpf.yaml says the same to programs
 * and `make check` keeps the two equal.
 */
#ifndef _UAPI_LINUX_ZPF_H
#define _UAPI_LINUX_ZPF_H

#include <linux/types.h>

/**
 * DOC: the zpf netlink family
 *
 * Family "zpf", version 1, multicast group "events". Every operation, reads
 * included, needs CAP_NET_ADMIN in the initial user namespace. Each network
 * namespace has a policy of its own: a request concerns the namespace its
 * socket lives in.
 *
 * Scalars are in host byte order unless said otherwise. Parsing is strict:
 * attributes a command does not list, unknown flag bits, values out of range
 * and strings that are not NUL-terminated are refused, and the extended ack
 * names the attribute and says why.
 *
 * Loading a policy
 * ----------------
 * A policy is replaced whole, by one transaction that belongs to the socket
 * that began it:
 *
 *	TXN_BEGIN      how much of everything will follow
 *	OPTIONS_SET    at most once: state policy, log limit, switches
 *	SET_ADD*       address, port and interface sets       ids 0, 1, 2 ...
 *	TABLE_ADD*     one flat rule table a (ruleset, family) ids 0, 1, 2 ...
 *	  RULE_ADD*    its rules in order, right after the table; one of them is
 *	               the default of the ruleset: number 0, without any match
 *	ZONE_ADD*      zones with their members               ids 1, 2, 3 ...
 *	PAIR_ADD*      the table judging (from, to, family)
 *	CHAIN_ADD*     the table of a base chain (hook, family)
 *	SOURCE_ADD*    the text all this was made from, opaque to the kernel
 *	TXN_COMMIT     validate, build, publish; answered after a grace period
 *
 * An object refers to others by the id it was given by its position, and only
 * to those already sent. Any error, in any message, discards the transaction
 * at once: later messages of it get ENOENT until the next TXN_BEGIN, and the
 * running policy is not touched. So does closing the socket. Send the
 * messages with NLM_F_ACK only where an answer is wanted; an error is always
 * answered, with the sequence number of the message it concerns. TXN_COMMIT
 * says how many messages were sent since TXN_BEGIN, so that one that was
 * refused before it reached the transaction, or never arrived, is missed.
 *
 * What runs can be read back: OPTIONS_GET, SET_GET, TABLE_GET, RULE_GET,
 * ZONE_GET, PAIR_GET and CHAIN_GET answer in the attributes of the messages
 * above and in their order, so that the answers, sent again, make the same
 * policy. What was left to a default is told, but for a HIT or MISS that is
 * the next rule and a RULESET that is the table's own. Each pins the policy it began
 * with; that several were of one policy is seen by the generation of
 * STATUS_GET, before and after.
 *
 * A commit with a timer
 * ---------------------
 * With CONFIRM_SECONDS a commit is enforced at once, and what it replaced is
 * held. CONFIRM lets that go; ROLLBACK puts it back, and so does the kernel
 * when the time is over, which needs neither memory nor the client. A
 * generation that comes back has its old number and its counters. Until then
 * another commit needs CONFIRM_SECONDS too: it begins the time again, and what
 * is held stays what was confirmed last. DISARM ends the waiting.
 *
 * How a table is walked
 * ---------------------
 * From rule 0 on. A rule whose matches all hold is counted under its row,
 * logged if asked to, and then decides (accept, drop, reject) or goes on at
 * index HIT; a rule that does not hold goes on at index MISS. Both default to
 * the next index and must lie beyond the rule's own, so a walk ends. Going on
 * at the end of the table leaves it: inside a zone pair that accepts, in a
 * base chain judgement goes on with the zones. Only HIT may name the end: no
 * packet leaves a table by failing to match. A jump is therefore laid flat as
 * the jump rule (MISS = behind the block), the block of the called ruleset
 * with its default last, and in that block `return` with HIT = behind the
 * block.
 *
 * A *row* is what counters are kept for: one (ruleset, rule number) of a
 * table. Copies of one rule, made by laying two jumps flat, name the same row.
 * Counters belong to (family, from, to, ruleset, number); they live on over a
 * commit if MEANING is the same as before.
 *
 * Sets with a name
 * ----------------
 * The contents of a set with a NAME belong to the namespace, not to the policy:
 * they are empty at first, live on over commits as long as one policy after the
 * other names them, and are changed without a commit. Replacing them is a small
 * transaction of its own, one a socket, published when it is complete and
 * discarded at the first error or with the socket:
 *
 *	GROUP_BEGIN    the name
 *	GROUP_ADD*     elements, family by family, in order
 *	GROUP_COMMIT   swap; answered after a grace period
 *
 * What is swapped are both families of the name; one nothing was added to is
 * empty afterwards. A DYNAMIC set is added to by rules besides: it has room for
 * some 16,000 addresses, and where an address finds none, the one whose time is
 * over first gives way and is counted.
 */

#define ZPF_GENL_NAME		"zpf"
#define ZPF_GENL_VERSION	1
#define ZPF_GENL_MCGRP_EVENTS	"events"

/* Caps. A request above one of them is refused by name, never cut. */
#define ZPF_ZONE_NAME_MAX	48	/* bytes, without the NUL */
#define ZPF_RULESET_NAME_MAX	96	/* bytes, without the NUL */
#define ZPF_IF_NAME_MAX		15	/* bytes, without the NUL */
#define ZPF_MAX_ZONES		256
#define ZPF_MAX_MEMBERS		1024	/* of one zone or interface set */
#define ZPF_MAX_SETS		65535
#define ZPF_MAX_IFSETS		1024	/* interface sets of one policy */
#define ZPF_MAX_SET_ELEMS	1048576	/* of one set */
#define ZPF_MAX_ELEMS		4194304	/* of all sets of one policy */
#define ZPF_MAX_TABLES		16384
#define ZPF_MAX_TABLE_RULES	131072	/* of one table, defaults included */
#define ZPF_MAX_RULES		1048576	/* of one policy */
#define ZPF_MAX_RULESETS	1024	/* rulesets laid flat into one table */
#define ZPF_MAX_ROWS		4194304	/* counters of one policy */
#define ZPF_MAX_SOURCE		67108864 /* bytes */
#define ZPF_MAX_RULE_NUMBER	999999
#define ZPF_MAX_LIMIT_NS	86400000000000ULL /* one token a day */
#define ZPF_MAX_BURST		4294967295U
#define ZPF_SET_NAME_MAX	263	/* bytes, without the NUL */
#define ZPF_MAX_SET_MEMBERS	256	/* sets one set is made of */
#define ZPF_MAX_DYNAMIC		256	/* dynamic sets of one policy */
#define ZPF_MAX_DYNAMIC_FILL	65536	/* addresses GROUP_COMMIT puts into one */
#define ZPF_MAX_RECENT		1024	/* rules of one policy with RECENT */
#define ZPF_MAX_OFFSETS		512	/* times the clocks of one policy are set */
#define ZPF_WEEK		604800	/* seconds */
#define ZPF_MAX_CONFIRM		86400	/* seconds a commit may wait */

/**
 * enum zpf_cmd - the operations
 * @ZPF_CMD_STATUS_GET: do: one message of &enum zpf_status_attr
 * @ZPF_CMD_TXN_BEGIN: do: &enum zpf_txn_attr; EBUSY if this socket already
 *	has a transaction
 * @ZPF_CMD_TXN_COMMIT: do: &enum zpf_txn_attr (MESSAGES, BASE_GENERATION,
 *	CONFIRM_SECONDS); answers with GENERATION, BUILD_NS, FLAGS
 * @ZPF_CMD_TXN_ABORT: do: no attributes; ENOENT without a transaction
 * @ZPF_CMD_OPTIONS_SET: do, in a transaction: &enum zpf_options_attr
 * @ZPF_CMD_SET_ADD: do, in a transaction: &enum zpf_set_attr
 * @ZPF_CMD_TABLE_ADD: do, in a transaction: &enum zpf_table_attr
 * @ZPF_CMD_RULE_ADD: do, in a transaction: &enum zpf_rule_attr
 * @ZPF_CMD_ZONE_ADD: do, in a transaction: &enum zpf_zone_attr
 * @ZPF_CMD_PAIR_ADD: do, in a transaction: &enum zpf_pair_attr
 * @ZPF_CMD_CHAIN_ADD: do, in a transaction: &enum zpf_chain_attr
 * @ZPF_CMD_SOURCE_ADD: do, in a transaction: &enum zpf_source_attr
 * @ZPF_CMD_ZONE_GET: dump: one message a zone, zone id 0 (the interfaces in
 *	no zone) last: &enum zpf_zone_attr
 * @ZPF_CMD_COUNTER_GET: dump: one message a counter: &enum zpf_counter_attr;
 *	rows of one pair, chain or the state policy follow one another
 * @ZPF_CMD_SITE_GET: dump: one message a log site: &enum zpf_site_attr
 * @ZPF_CMD_SOURCE_GET: dump: the source text in order: &enum zpf_source_attr
 * @ZPF_CMD_COUNTER_CLEAR: do: no attributes; all counters of the namespace
 *	start again from zero
 * @ZPF_CMD_DISARM: do: &enum zpf_disarm_attr
 * @ZPF_CMD_EVENT: notification: &enum zpf_event_attr
 * @ZPF_CMD_TEST_GET: dump with a request: what becomes of a packet that is only
 *	thought of: one message a rule on its way, then the verdict: &enum
 *	zpf_test_attr. Judged when the dump begins; nothing is counted, logged,
 *	spent or sent
 * @ZPF_CMD_TABLE_GET: dump: one message a table: &enum zpf_table_attr
 * @ZPF_CMD_GROUP_BEGIN: do: &enum zpf_group_attr (NAME); ENOENT if the policy
 *	has no set of this name; EBUSY if this socket has begun already
 * @ZPF_CMD_GROUP_ADD: do: &enum zpf_group_attr (KIND, COUNT, ELEMS)
 * @ZPF_CMD_GROUP_COMMIT: do: &enum zpf_group_attr (MESSAGES); answers with
 *	REVISION
 * @ZPF_CMD_GROUP_GET: dump: one message a set with a name: &enum zpf_group_attr
 *	(NAME, KIND, DYNAMIC, COUNT, REVISION, FILLED_NS, EVICTED)
 * @ZPF_CMD_GROUP_ELEM_GET: dump: the contents of one (NAME, KIND), pinned when
 *	the dump begins: &enum zpf_group_attr (REVISION, ELEMS, LEFT_NS)
 * @ZPF_CMD_DROP_GET: dump: the drop ledger, one message a row of a CPU, then
 *	one of CPU, LOST_PACKETS and LOST_BYTES: &enum zpf_drop_attr; also where
 *	the policy has been disarmed to closed
 * @ZPF_CMD_DROP_CLEAR: do: no attributes; the drop ledger begins anew
 * @ZPF_CMD_OPTIONS_GET: dump: one message of &enum zpf_options_attr
 * @ZPF_CMD_SET_GET: dump: the sets, in as many messages as SET_ADD may take:
 *	&enum zpf_set_attr; what is in a set with a name is told by GROUP_ELEM_GET
 * @ZPF_CMD_RULE_GET: dump: the rules of all tables, one message each: &enum
 *	zpf_rule_attr
 * @ZPF_CMD_PAIR_GET: dump: one message a bound pair: &enum zpf_pair_attr
 * @ZPF_CMD_CHAIN_GET: dump: one message a base chain: &enum zpf_chain_attr
 * @ZPF_CMD_CONFIRM: do: &enum zpf_confirm_attr: the running policy stays; ENOENT
 *	if no commit waits to be confirmed
 * @ZPF_CMD_ROLLBACK: do: &enum zpf_confirm_attr: what was before it comes back;
 *	ENOENT if no commit waits; answered after a grace period
 *
 * Dumps answer ENOENT where no policy is loaded.
 */
enum zpf_cmd {
	ZPF_CMD_UNSPEC,
	ZPF_CMD_STATUS_GET,
	ZPF_CMD_TXN_BEGIN,
	ZPF_CMD_TXN_COMMIT,
	ZPF_CMD_TXN_ABORT,
	ZPF_CMD_OPTIONS_SET,
	ZPF_CMD_SET_ADD,
	ZPF_CMD_TABLE_ADD,
	ZPF_CMD_RULE_ADD,
	ZPF_CMD_ZONE_ADD,
	ZPF_CMD_PAIR_ADD,
	ZPF_CMD_CHAIN_ADD,
	ZPF_CMD_SOURCE_ADD,
	ZPF_CMD_ZONE_GET,
	ZPF_CMD_COUNTER_GET,
	ZPF_CMD_SITE_GET,
	ZPF_CMD_SOURCE_GET,
	ZPF_CMD_COUNTER_CLEAR,
	ZPF_CMD_DISARM,
	ZPF_CMD_EVENT,
	ZPF_CMD_TEST_GET,
	ZPF_CMD_TABLE_GET,
	ZPF_CMD_GROUP_BEGIN,
	ZPF_CMD_GROUP_ADD,
	ZPF_CMD_GROUP_COMMIT,
	ZPF_CMD_GROUP_GET,
	ZPF_CMD_GROUP_ELEM_GET,
	ZPF_CMD_DROP_GET,
	ZPF_CMD_DROP_CLEAR,
	ZPF_CMD_OPTIONS_GET,
	ZPF_CMD_SET_GET,
	ZPF_CMD_RULE_GET,
	ZPF_CMD_PAIR_GET,
	ZPF_CMD_CHAIN_GET,
	ZPF_CMD_CONFIRM,
	ZPF_CMD_ROLLBACK,

	__ZPF_CMD_MAX
};
#define ZPF_CMD_MAX (__ZPF_CMD_MAX - 1)

/**
 * enum zpf_action - what a rule or default says
 * @ZPF_ACTION_ACCEPT: decides: the packet passes this table
 * @ZPF_ACTION_DROP: decides: dropped without an answer
 * @ZPF_ACTION_REJECT: decides: dropped; TCP is answered with RST, anything
 *	else with ICMP port unreachable
 * @ZPF_ACTION_RETURN: counted, goes on at HIT
 * @ZPF_ACTION_JUMP: counted, goes on at HIT
 * @ZPF_ACTION_CONTINUE: counted, goes on at HIT
 */
enum zpf_action {
	ZPF_ACTION_UNSPEC,
	ZPF_ACTION_ACCEPT,
	ZPF_ACTION_DROP,
	ZPF_ACTION_REJECT,
	ZPF_ACTION_RETURN,
	ZPF_ACTION_JUMP,
	ZPF_ACTION_CONTINUE,

	__ZPF_ACTION_MAX
};
#define ZPF_ACTION_MAX (__ZPF_ACTION_MAX - 1)

/* Connection states, a bit mask. Untracked packets have none of them. */
#define ZPF_STATE_NEW		(1 << 0)
#define ZPF_STATE_ESTABLISHED	(1 << 1)
#define ZPF_STATE_RELATED	(1 << 2)
#define ZPF_STATE_INVALID	(1 << 3)
#define ZPF_STATE_ALL		0xf

/* Families are NFPROTO_IPV4 (2) and NFPROTO_IPV6 (10). */

/**
 * enum zpf_hook - the hooks zpf judges at, numbered as in netfilter
 * @ZPF_HOOK_INPUT: packets to the router
 * @ZPF_HOOK_FORWARD: packets through the router
 * @ZPF_HOOK_OUTPUT: packets of the router
 */
enum zpf_hook {
	ZPF_HOOK_INPUT = 1,
	ZPF_HOOK_FORWARD = 2,
	ZPF_HOOK_OUTPUT = 3,
};

/**
 * enum zpf_txn_attr - TXN_BEGIN and TXN_COMMIT
 * @ZPF_TXN_A_PAD: padding of 64-bit attributes
 * @ZPF_TXN_A_SETS: u32, BEGIN: number of sets that follow (default 0)
 * @ZPF_TXN_A_TABLES: u32, BEGIN: number of tables (default 0)
 * @ZPF_TXN_A_ZONES: u32, BEGIN: number of zones (default 0)
 * @ZPF_TXN_A_SOURCE_BYTES: u32, BEGIN: length of the source (default 0)
 * @ZPF_TXN_A_MESSAGES: u32, COMMIT: messages since TXN_BEGIN, without the two
 * @ZPF_TXN_A_BASE_GENERATION: u32, COMMIT, optional: refuse with ESTALE unless
 *	this generation is the running one (0: none is)
 * @ZPF_TXN_A_GENERATION: u32, answer: the generation now enforced
 * @ZPF_TXN_A_BUILD_NS: u64, answer: time from COMMIT to the publishing
 * @ZPF_TXN_A_FLAGS: u32, answer: &enum zpf_commit_flags
 * @ZPF_TXN_A_CONFIRM_SECONDS: u32, COMMIT, optional, 1 .. ZPF_MAX_CONFIRM: what
 *	is replaced comes back after this time, unless CONFIRM comes first. EBUSY
 *	without it while another commit waits
 */
enum zpf_txn_attr {
	ZPF_TXN_A_UNSPEC,
	ZPF_TXN_A_PAD,
	ZPF_TXN_A_SETS,
	ZPF_TXN_A_TABLES,
	ZPF_TXN_A_ZONES,
	ZPF_TXN_A_SOURCE_BYTES,
	ZPF_TXN_A_MESSAGES,
	ZPF_TXN_A_BASE_GENERATION,
	ZPF_TXN_A_GENERATION,
	ZPF_TXN_A_BUILD_NS,
	ZPF_TXN_A_FLAGS,
	ZPF_TXN_A_CONFIRM_SECONDS,

	__ZPF_TXN_A_MAX
};
#define ZPF_TXN_A_MAX (__ZPF_TXN_A_MAX - 1)

/**
 * enum zpf_commit_flags - what the client should tell its operator
 * @ZPF_COMMIT_FIRST: the namespace had no policy: flows older than this commit
 *	are seen as new, from whichever side speaks first
 * @ZPF_COMMIT_LOG_MUTED: the kernel's syslog logger prints nothing for this
 *	namespace (net.netfilter.nf_log_all_netns is 0)
 * @ZPF_COMMIT_NO_LOGGER: a logger the policy needs could not be bound
 */
enum zpf_commit_flags {
	ZPF_COMMIT_FIRST = 1 << 0,
	ZPF_COMMIT_LOG_MUTED = 1 << 1,
	ZPF_COMMIT_NO_LOGGER = 1 << 2,
};

/**
 * enum zpf_options_attr - OPTIONS_SET and the OPTIONS_GET dump
 * @ZPF_OPTIONS_A_PAD: padding of 64-bit attributes
 * @ZPF_OPTIONS_A_FLAGS: u32, &enum zpf_option_flags
 * @ZPF_OPTIONS_A_STATE_POLICY: nest, multi, &enum zpf_state_policy_attr
 * @ZPF_OPTIONS_A_LOG_INTERVAL_NS: u64: time one log line of a site costs,
 *	1 .. ZPF_MAX_LIMIT_NS; default 600 ms (100 a minute)
 * @ZPF_OPTIONS_A_LOG_BURST: u32, 1 ..: lines a site may write at once;
 *	default 20
 * @ZPF_OPTIONS_A_OFFSETS: binary: an array of at most ZPF_MAX_OFFSETS &struct
 *	zpf_offset, ascending: the clocks ZPF_NUM_WEEK is read from; default:
 *	they show UTC
 */
enum zpf_options_attr {
	ZPF_OPTIONS_A_UNSPEC,
	ZPF_OPTIONS_A_PAD,
	ZPF_OPTIONS_A_FLAGS,
	ZPF_OPTIONS_A_STATE_POLICY,
	ZPF_OPTIONS_A_LOG_INTERVAL_NS,
	ZPF_OPTIONS_A_LOG_BURST,
	ZPF_OPTIONS_A_OFFSETS,

	__ZPF_OPTIONS_A_MAX
};
#define ZPF_OPTIONS_A_MAX (__ZPF_OPTIONS_A_MAX - 1)

/**
 * struct zpf_offset - from when on clocks are how far ahead of UTC
 * @since: second since the epoch; the first of an array counts for all time
 *	before it too, the last for all time behind
 * @ahead: seconds, 0 .. 604799; behind UTC is a week less that
 */
struct zpf_offset {
	__u64 since;
	__u64 ahead;
};

/**
 * enum zpf_option_flags - switches of a policy
 * @ZPF_OPTION_LOG_UNLIMITED: log sites have no token bucket
 * @ZPF_OPTION_UNASSIGNED_ACCEPT: member to interface in no zone is accepted
 * @ZPF_OPTION_FILTER_ND: neighbour discovery and multicast listener messages
 *	of the router are judged like any other packet
 * @ZPF_OPTION_FILTER_ERRORS: so are ICMP errors the router sends
 */
enum zpf_option_flags {
	ZPF_OPTION_LOG_UNLIMITED = 1 << 0,
	ZPF_OPTION_UNASSIGNED_ACCEPT = 1 << 1,
	ZPF_OPTION_FILTER_ND = 1 << 2,
	ZPF_OPTION_FILTER_ERRORS = 1 << 3,
};
#define ZPF_OPTION_ALL 0xf

/**
 * enum zpf_state_policy_attr - one state of the global state policy
 * @ZPF_STATE_POLICY_A_STATE: u8: one of ZPF_STATE_ESTABLISHED, _RELATED,
 *	_INVALID
 * @ZPF_STATE_POLICY_A_ACTION: u8: accept, drop or reject
 * @ZPF_STATE_POLICY_A_LOG: nest, &enum zpf_log_attr: log these packets
 */
enum zpf_state_policy_attr {
	ZPF_STATE_POLICY_A_UNSPEC,
	ZPF_STATE_POLICY_A_STATE,
	ZPF_STATE_POLICY_A_ACTION,
	ZPF_STATE_POLICY_A_LOG,

	__ZPF_STATE_POLICY_A_MAX
};
#define ZPF_STATE_POLICY_A_MAX (__ZPF_STATE_POLICY_A_MAX - 1)

/**
 * enum zpf_log_attr - how a rule logs; an empty nest is the kernel log at
 * level warning
 * @ZPF_LOG_A_LEVEL: u8, 0 .. 7: syslog level; not with GROUP
 * @ZPF_LOG_A_GROUP: u16: to this NFLOG group instead of the kernel log
 * @ZPF_LOG_A_SNAPLEN: u32, 0 .. 9000: bytes of packet for NFLOG; needs GROUP
 * @ZPF_LOG_A_QTHRESHOLD: u16: NFLOG queue threshold; needs GROUP
 */
enum zpf_log_attr {
	ZPF_LOG_A_UNSPEC,
	ZPF_LOG_A_LEVEL,
	ZPF_LOG_A_GROUP,
	ZPF_LOG_A_SNAPLEN,
	ZPF_LOG_A_QTHRESHOLD,

	__ZPF_LOG_A_MAX
};
#define ZPF_LOG_A_MAX (__ZPF_LOG_A_MAX - 1)

/**
 * enum zpf_set_kind - what a set holds
 * @ZPF_SET_IPV4: &struct zpf_range4
 * @ZPF_SET_IPV6: &struct zpf_range6
 * @ZPF_SET_PORT: &struct zpf_range_port
 * @ZPF_SET_IFACE: interface names, exact or with one trailing '*'
 * @ZPF_SET_NUMBER: &struct zpf_range64
 */
enum zpf_set_kind {
	ZPF_SET_UNSPEC,
	ZPF_SET_IPV4,
	ZPF_SET_IPV6,
	ZPF_SET_PORT,
	ZPF_SET_IFACE,
	ZPF_SET_NUMBER,

	__ZPF_SET_MAX
};

/**
 * struct zpf_range4 - inclusive IPv4 address range
 * @lo: first address, host byte order
 * @hi: last address, host byte order, not below @lo
 */
struct zpf_range4 {
	__u32 lo;
	__u32 hi;
};

/**
 * struct zpf_range6 - inclusive IPv6 address range
 * @lo: first address: the upper 64 bits, then the lower, each in host order
 * @hi: last address, not below @lo
 */
struct zpf_range6 {
	__u64 lo[2];
	__u64 hi[2];
};

/**
 * struct zpf_range_port - inclusive port range
 * @lo: first port, host byte order
 * @hi: last port, host byte order, not below @lo
 */
struct zpf_range_port {
	__u16 lo;
	__u16 hi;
};

/**
 * struct zpf_range64 - inclusive range of numbers
 * @lo: first
 * @hi: last, not below @lo
 */
struct zpf_range64 {
	__u64 lo;
	__u64 hi;
};

/**
 * enum zpf_set_attr - SET_ADD and the SET_GET dump: a new set, or more
 * elements of the last one
 * @ZPF_SET_A_ID: u32: number of sets before this one; the last set's id again
 *	to append to it
 * @ZPF_SET_A_KIND: u8, &enum zpf_set_kind; only with a new id
 * @ZPF_SET_A_COUNT: u32: elements in all, over every message; only with a new
 *	id. 0 is an empty set, which nothing is in
 * @ZPF_SET_A_ELEMS: binary: an array of ranges in ascending order that neither
 *	overlap nor touch, also over the messages (a gap of at least one between
 *	two); not for IFACE
 * @ZPF_SET_A_IFNAME: string, multi: IFACE only
 * @ZPF_SET_A_NAME: string: the contents belong to the namespace; IPV4 and IPV6
 *	only, without COUNT, ELEMS and MEMBERS; once a KIND and policy
 * @ZPF_SET_A_DYNAMIC: flag: rules add to it; needs NAME
 * @ZPF_SET_A_MEMBERS: binary: an array of u32, ids of earlier sets of the same
 *	KIND: whatever is in one of them; IPV4 and IPV6 only, without COUNT and
 *	ELEMS. A member has no MEMBERS itself
 */
enum zpf_set_attr {
	ZPF_SET_A_UNSPEC,
	ZPF_SET_A_ID,
	ZPF_SET_A_KIND,
	ZPF_SET_A_COUNT,
	ZPF_SET_A_ELEMS,
	ZPF_SET_A_IFNAME,
	ZPF_SET_A_NAME,
	ZPF_SET_A_DYNAMIC,
	ZPF_SET_A_MEMBERS,

	__ZPF_SET_A_MAX
};
#define ZPF_SET_A_MAX (__ZPF_SET_A_MAX - 1)

/**
 * enum zpf_group_attr - GROUP_BEGIN, GROUP_ADD, GROUP_COMMIT and their dumps
 * @ZPF_GROUP_A_PAD: padding of 64-bit attributes
 * @ZPF_GROUP_A_NAME: string: the set, as SET_ADD named it
 * @ZPF_GROUP_A_KIND: u8: ZPF_SET_IPV4 or ZPF_SET_IPV6
 * @ZPF_GROUP_A_DYNAMIC: flag: rules add to it
 * @ZPF_GROUP_A_COUNT: u32: elements in all, at most ZPF_MAX_SET_ELEMS; ADD: with
 *	the first message of a KIND only
 * @ZPF_GROUP_A_ELEMS: binary: ranges as in SET_ADD. Those of a DYNAMIC set are
 *	taken apart, at most ZPF_MAX_DYNAMIC_FILL addresses, there for ever
 * @ZPF_GROUP_A_MESSAGES: u32: ADD messages since BEGIN
 * @ZPF_GROUP_A_REVISION: u32: how often the contents were swapped
 * @ZPF_GROUP_A_FILLED_NS: u64: CLOCK_BOOTTIME of the last swap; absent: never
 * @ZPF_GROUP_A_EVICTED: u64: addresses of a DYNAMIC set that gave way to others
 * @ZPF_GROUP_A_LEFT_NS: binary: an array of u64, one for each of ELEMS: for how
 *	long it will be there; all ones: for ever; only of a DYNAMIC set
 */
enum zpf_group_attr {
	ZPF_GROUP_A_UNSPEC,
	ZPF_GROUP_A_PAD,
	ZPF_GROUP_A_NAME,
	ZPF_GROUP_A_KIND,
	ZPF_GROUP_A_DYNAMIC,
	ZPF_GROUP_A_COUNT,
	ZPF_GROUP_A_ELEMS,
	ZPF_GROUP_A_MESSAGES,
	ZPF_GROUP_A_REVISION,
	ZPF_GROUP_A_FILLED_NS,
	ZPF_GROUP_A_EVICTED,
	ZPF_GROUP_A_LEFT_NS,

	__ZPF_GROUP_A_MAX
};
#define ZPF_GROUP_A_MAX (__ZPF_GROUP_A_MAX - 1)

/**
 * enum zpf_engine - how rules of a table are found
 * @ZPF_ENGINE_LINEAR: rule by rule
 * @ZPF_ENGINE_BITVECTOR: bit vectors
 * @ZPF_ENGINE_TUPLE: hash tables, and one of the others for the rest
 */
enum zpf_engine {
	ZPF_ENGINE_LINEAR,
	ZPF_ENGINE_BITVECTOR,
	ZPF_ENGINE_TUPLE,
};

/**
 * enum zpf_table_attr - TABLE_ADD and the TABLE_GET dump
 * @ZPF_TABLE_A_ID: u32: number of tables before this one
 * @ZPF_TABLE_A_FAMILY: u8
 * @ZPF_TABLE_A_NAME: string: the ruleset; for a base chain "forward filter",
 *	"input filter" or "output filter"
 * @ZPF_TABLE_A_RULES: u32: rules that follow, the default included, from 1
 * @ZPF_TABLE_A_ROWS: u32: distinct rows among them, 1 .. RULES
 * @ZPF_TABLE_A_PAD: padding of 64-bit attributes
 * @ZPF_TABLE_A_GENERATION: u32, dump: of this generation
 * @ZPF_TABLE_A_ENGINE: u8, dump, &enum zpf_engine: of the longest run of rules
 *	without a jump between them
 * @ZPF_TABLE_A_INDEX_BYTES: u64, dump: memory the engine takes besides the
 *	rules
 * @ZPF_TABLE_A_PROBES: u32, dump: rules, hash buckets, words of bit vectors and
 *	steps of bisections one question looks at, at most
 */
enum zpf_table_attr {
	ZPF_TABLE_A_UNSPEC,
	ZPF_TABLE_A_ID,
	ZPF_TABLE_A_FAMILY,
	ZPF_TABLE_A_NAME,
	ZPF_TABLE_A_RULES,
	ZPF_TABLE_A_ROWS,
	ZPF_TABLE_A_PAD,
	ZPF_TABLE_A_GENERATION,
	ZPF_TABLE_A_ENGINE,
	ZPF_TABLE_A_INDEX_BYTES,
	ZPF_TABLE_A_PROBES,

	__ZPF_TABLE_A_MAX
};
#define ZPF_TABLE_A_MAX (__ZPF_TABLE_A_MAX - 1)

/**
 * enum zpf_rule_attr - RULE_ADD and the RULE_GET dump
 * @ZPF_RULE_A_PAD: padding of 64-bit attributes
 * @ZPF_RULE_A_TABLE: u32: the table that is being filled
 * @ZPF_RULE_A_ROW: u32: rows so far (a new row), or an earlier one (a copy:
 *	RULESET, NUMBER, ACTION and MEANING must be those of the row)
 * @ZPF_RULE_A_RULESET: string: the ruleset the rule is written in; default:
 *	the table's name
 * @ZPF_RULE_A_NUMBER: u32: 1 .. ZPF_MAX_RULE_NUMBER, or 0 for the default of
 *	the ruleset (which has no match)
 * @ZPF_RULE_A_MEANING: u64: a digest of what the rule means; counters are kept
 *	over a commit where it is the same
 * @ZPF_RULE_A_ACTION: u8, &enum zpf_action
 * @ZPF_RULE_A_HIT: u32: index to go on at after a match; only with return,
 *	jump, continue
 * @ZPF_RULE_A_MISS: u32: index to go on at without a match
 * @ZPF_RULE_A_LOG: nest, &enum zpf_log_attr: log when it matches
 * @ZPF_RULE_A_STATE: u8: mask of ZPF_STATE_*, not 0
 * @ZPF_RULE_A_PROTO: binary, 1 or 2 bytes: protocol numbers, any of them. In an
 *	IPv6 table the upper-layer protocol; an extension header's number (0, 43,
 *	44, 51, 60, 135, 139, 140) asks whether it is anywhere in the chain, and
 *	must stand alone
 * @ZPF_RULE_A_SADDR: binary, one range of the table's family
 * @ZPF_RULE_A_DADDR: binary, one range of the table's family
 * @ZPF_RULE_A_SADDR_SET: u32: a set of the table's family; not with SADDR
 * @ZPF_RULE_A_DADDR_SET: u32: a set of the table's family; not with DADDR
 * @ZPF_RULE_A_SPORT: binary, &struct zpf_range_port
 * @ZPF_RULE_A_DPORT: binary, &struct zpf_range_port
 * @ZPF_RULE_A_SPORT_SET: u32: a PORT set; not with SPORT
 * @ZPF_RULE_A_DPORT_SET: u32: a PORT set; not with DPORT
 * @ZPF_RULE_A_IN_SET: u32: an IFACE set: the packet came in through one of it,
 *	or through a port of a VRF in it
 * @ZPF_RULE_A_OUT_SET: u32: an IFACE set
 * @ZPF_RULE_A_ICMP_TYPE: u8: ICMP type (IPv4 table) or ICMPv6 type
 * @ZPF_RULE_A_ICMP_CODE: u8: needs ICMP_TYPE
 * @ZPF_RULE_A_TCP_FLAGS: binary, 2 bytes: mask, value: (flags & mask) == value;
 *	bits as in the header: fin 1, syn 2, rst 4, psh 8, ack 16, urg 32,
 *	ecn (ECE) 64, cwr 128; needs PROTO 6 alone
 * @ZPF_RULE_A_NOT: u32: mask of ZPF_NOT_*: that match is inverted. A match on
 *	something the packet does not have fails, inverted too
 * @ZPF_RULE_A_LIMIT_INTERVAL_NS: u64: a token is earned every so often,
 *	1 .. ZPF_MAX_LIMIT_NS; the last match: spent only if all others hold
 * @ZPF_RULE_A_LIMIT_BURST: u32, from 1: tokens at most; default 5; needs
 *	LIMIT_INTERVAL_NS. The bucket belongs to (family, ruleset, number)
 * @ZPF_RULE_A_SADDR_MASK: binary, u32 or two u64 like an address of a range:
 *	what of the source is compared; needs SADDR_SET
 * @ZPF_RULE_A_DADDR_MASK: binary: the same for the destination and DADDR_SET
 * @ZPF_RULE_A_NUM: nest, multi, &enum zpf_num_attr: a number of the packet is
 *	in a set; at most one a number
 * @ZPF_RULE_A_CHANGE: nest, multi, &enum zpf_change_attr: what a matching rule
 *	changes; not of a default
 * @ZPF_RULE_A_RECENT_COUNT: u32, 1 .. 255: matches from the packet behind this
 *	number on: the source has a bucket of so many tokens, earned in
 *	RECENT_NS; needs RECENT_NS. Tested last of all. The buckets belong to
 *	(family, ruleset, number); a source may be forgotten, which is counted
 * @ZPF_RULE_A_RECENT_NS: u64, 1 .. ZPF_MAX_LIMIT_NS; needs RECENT_COUNT
 * @ZPF_RULE_A_ADD_SADDR_SET: u32: a DYNAMIC set of the table's family: the source
 *	is added to it when the rule matches
 * @ZPF_RULE_A_ADD_SADDR_NS: u64, from 1: for so long, counted anew with every
 *	match; absent: for ever; needs ADD_SADDR_SET
 * @ZPF_RULE_A_ADD_DADDR_SET: u32: the same for the destination
 * @ZPF_RULE_A_ADD_DADDR_NS: u64, from 1: the same for the destination
 *
 * ICMP matches need PROTO 1 (IPv4) or 58 (IPv6) alone; port matches need PROTO
 * of tcp, udp, udplite, sctp or dccp only, not inverted.
 */
enum zpf_rule_attr {
	ZPF_RULE_A_UNSPEC,
	ZPF_RULE_A_PAD,
	ZPF_RULE_A_TABLE,
	ZPF_RULE_A_ROW,
	ZPF_RULE_A_RULESET,
	ZPF_RULE_A_NUMBER,
	ZPF_RULE_A_MEANING,
	ZPF_RULE_A_ACTION,
	ZPF_RULE_A_HIT,
	ZPF_RULE_A_MISS,
	ZPF_RULE_A_LOG,
	ZPF_RULE_A_STATE,
	ZPF_RULE_A_PROTO,
	ZPF_RULE_A_SADDR,
	ZPF_RULE_A_DADDR,
	ZPF_RULE_A_SADDR_SET,
	ZPF_RULE_A_DADDR_SET,
	ZPF_RULE_A_SPORT,
	ZPF_RULE_A_DPORT,
	ZPF_RULE_A_SPORT_SET,
	ZPF_RULE_A_DPORT_SET,
	ZPF_RULE_A_IN_SET,
	ZPF_RULE_A_OUT_SET,
	ZPF_RULE_A_ICMP_TYPE,
	ZPF_RULE_A_ICMP_CODE,
	ZPF_RULE_A_TCP_FLAGS,
	ZPF_RULE_A_NOT,
	ZPF_RULE_A_LIMIT_INTERVAL_NS,
	ZPF_RULE_A_LIMIT_BURST,
	ZPF_RULE_A_SADDR_MASK,
	ZPF_RULE_A_DADDR_MASK,
	ZPF_RULE_A_NUM,
	ZPF_RULE_A_CHANGE,
	ZPF_RULE_A_RECENT_COUNT,
	ZPF_RULE_A_RECENT_NS,
	ZPF_RULE_A_ADD_SADDR_SET,
	ZPF_RULE_A_ADD_SADDR_NS,
	ZPF_RULE_A_ADD_DADDR_SET,
	ZPF_RULE_A_ADD_DADDR_NS,

	__ZPF_RULE_A_MAX
};
#define ZPF_RULE_A_MAX (__ZPF_RULE_A_MAX - 1)

/**
 * enum zpf_num_attr - a match on a number of the packet
 * @ZPF_NUM_A_WHAT: u8, &enum zpf_num
 * @ZPF_NUM_A_SET: u32: a NUMBER set it must be in
 */
enum zpf_num_attr {
	ZPF_NUM_A_UNSPEC,
	ZPF_NUM_A_WHAT,
	ZPF_NUM_A_SET,

	__ZPF_NUM_A_MAX
};
#define ZPF_NUM_A_MAX (__ZPF_NUM_A_MAX - 1)

/**
 * enum zpf_num - numbers of a packet a rule may ask for
 * @ZPF_NUM_CT_NAT: of a tracked packet: 1 where the source of its connection
 *	is translated, 2 the destination, 3 both, else 0
 * @ZPF_NUM_CT_MARK: mark of its connection
 * @ZPF_NUM_MARK: mark of the packet
 * @ZPF_NUM_SMAC: Ethernet source address, the first byte on top; of packets
 *	that came in over Ethernet
 * @ZPF_NUM_DMAC: Ethernet destination address, likewise
 * @ZPF_NUM_TTL: time to live, or hop limit
 * @ZPF_NUM_LENGTH: bytes of the packet; IPv6: of its payload
 * @ZPF_NUM_PKTTYPE: how the frame was addressed, as in linux/if_packet.h
 * @ZPF_NUM_DSCP: differentiated services code point
 * @ZPF_NUM_FRAG: 1 if it came in fragments, or is one; else 0
 * @ZPF_NUM_CT_HELPER: &enum zpf_helper: the helper that expected its
 *	connection
 * @ZPF_NUM_IPSEC_IN: 1 if it came out of an IPsec tunnel or transport, else 0;
 *	not of what the router sends
 * @ZPF_NUM_IPSEC_OUT: 1 if it will go into one, else 0; not of what the router
 *	receives
 * @ZPF_NUM_GRE_FLAGS: 1 checksum, 2 key, 4 sequence number are there, added
 * @ZPF_NUM_GRE_KEY: key of a GRE header that has one
 * @ZPF_NUM_GRE_PROTO: EtherType of what is in a GRE header
 * @ZPF_NUM_GRE_VERSION: version of a GRE header: 0, or 1 of PPTP
 * @ZPF_NUM_MSS: maximum segment size a TCP SYN announces
 * @ZPF_NUM_TIME: the moment it is judged: second since the epoch
 * @ZPF_NUM_WEEK: that on the clocks of ZPF_OPTIONS_A_OFFSETS: second of the
 *	week, from Sunday 00:00 on
 * @ZPF_NUM_WEEK_UTC: that on clocks that show UTC
 *
 * A packet that has no such number does not match, whatever is in the set.
 */
enum zpf_num {
	ZPF_NUM_UNSPEC,
	ZPF_NUM_CT_NAT,
	ZPF_NUM_CT_MARK,
	ZPF_NUM_MARK,
	ZPF_NUM_SMAC,
	ZPF_NUM_DMAC,
	ZPF_NUM_TTL,
	ZPF_NUM_LENGTH,
	ZPF_NUM_PKTTYPE,
	ZPF_NUM_DSCP,
	ZPF_NUM_FRAG,
	ZPF_NUM_CT_HELPER,
	ZPF_NUM_IPSEC_IN,
	ZPF_NUM_IPSEC_OUT,
	ZPF_NUM_GRE_FLAGS,
	ZPF_NUM_GRE_KEY,
	ZPF_NUM_GRE_PROTO,
	ZPF_NUM_GRE_VERSION,
	ZPF_NUM_MSS,
	ZPF_NUM_TIME,
	ZPF_NUM_WEEK,
	ZPF_NUM_WEEK_UTC,

	__ZPF_NUM_MAX
};
#define ZPF_NUM_MAX (__ZPF_NUM_MAX - 1)

/**
 * enum zpf_helper - connection helpers, for ZPF_NUM_CT_HELPER
 * @ZPF_HELPER_FTP: FTP
 * @ZPF_HELPER_H323: H.323: RAS, Q.931, H.245
 * @ZPF_HELPER_PPTP: PPTP
 * @ZPF_HELPER_NFS: Sun RPC
 * @ZPF_HELPER_RTSP: RTSP
 * @ZPF_HELPER_SIP: SIP
 * @ZPF_HELPER_TFTP: TFTP
 * @ZPF_HELPER_SQLNET: Oracle TNS
 */
enum zpf_helper {
	ZPF_HELPER_UNSPEC,
	ZPF_HELPER_FTP,
	ZPF_HELPER_H323,
	ZPF_HELPER_PPTP,
	ZPF_HELPER_NFS,
	ZPF_HELPER_RTSP,
	ZPF_HELPER_SIP,
	ZPF_HELPER_TFTP,
	ZPF_HELPER_SQLNET,
};

/**
 * enum zpf_change_attr - a change a rule makes
 * @ZPF_CHANGE_A_WHAT: u8, &enum zpf_change
 * @ZPF_CHANGE_A_VALUE: u32
 */
enum zpf_change_attr {
	ZPF_CHANGE_A_UNSPEC,
	ZPF_CHANGE_A_WHAT,
	ZPF_CHANGE_A_VALUE,

	__ZPF_CHANGE_A_MAX
};
#define ZPF_CHANGE_A_MAX (__ZPF_CHANGE_A_MAX - 1)

/**
 * enum zpf_change - what a rule may change, behind its log and in front of its
 * verdict; rules behind it see the new value
 * @ZPF_CHANGE_DSCP: differentiated services code point, 0 .. 63
 * @ZPF_CHANGE_MARK: mark of the packet; it is not routed anew
 * @ZPF_CHANGE_CT_MARK: mark of the connection, where there is one
 * @ZPF_CHANGE_MSS: maximum segment size a TCP SYN announces, 1 .. 65535, where
 *	it announces more; 0: what fits the MTU there and back
 * @ZPF_CHANGE_TTL: time to live or hop limit, 0 .. 255
 *
 * A packet that cannot be changed for want of memory is dropped.
 */
enum zpf_change {
	ZPF_CHANGE_UNSPEC,
	ZPF_CHANGE_DSCP,
	ZPF_CHANGE_MARK,
	ZPF_CHANGE_CT_MARK,
	ZPF_CHANGE_MSS,
	ZPF_CHANGE_TTL,

	__ZPF_CHANGE_MAX
};
#define ZPF_CHANGE_MAX (__ZPF_CHANGE_MAX - 1)

/* Matches that can be inverted, for ZPF_RULE_A_NOT. */
#define ZPF_NOT_PROTO		(1 << 0)
#define ZPF_NOT_SADDR		(1 << 1)
#define ZPF_NOT_DADDR		(1 << 2)
#define ZPF_NOT_SPORT		(1 << 3)
#define ZPF_NOT_DPORT		(1 << 4)
#define ZPF_NOT_IN		(1 << 5)
#define ZPF_NOT_OUT		(1 << 6)
#define ZPF_NOT_ALL		0x7f

/**
 * enum zpf_zone_attr - ZONE_ADD and the ZONE_GET dump
 * @ZPF_ZONE_A_ID: u32: number of zones before this one, plus 1; 0 in the dump:
 *	interfaces in no zone
 * @ZPF_ZONE_A_NAME: string
 * @ZPF_ZONE_A_FLAGS: u32, &enum zpf_zone_flags
 * @ZPF_ZONE_A_DEFAULT_ACTION: u8: drop (default) or reject
 * @ZPF_ZONE_A_DEFAULT_TABLE4: u32: table for IPv4 into this zone where no pair
 *	is bound
 * @ZPF_ZONE_A_DEFAULT_TABLE6: u32: the same for IPv6
 * @ZPF_ZONE_A_INTRA_ACTION: u8: accept (default) or drop, zone to itself
 * @ZPF_ZONE_A_INTRA_TABLE4: u32: table for IPv4 inside the zone
 * @ZPF_ZONE_A_INTRA_TABLE6: u32: the same for IPv6; with one of the two the
 *	other family is accepted
 * @ZPF_ZONE_A_MEMBER: nest, multi, &enum zpf_member_attr
 * @ZPF_ZONE_A_IFACE: nest, multi, dump only, &enum zpf_iface_attr: interfaces
 *	that are there now. A zone with many continues in further messages of
 *	the same ID, which carry only ID and IFACE
 */
enum zpf_zone_attr {
	ZPF_ZONE_A_UNSPEC,
	ZPF_ZONE_A_ID,
	ZPF_ZONE_A_NAME,
	ZPF_ZONE_A_FLAGS,
	ZPF_ZONE_A_DEFAULT_ACTION,
	ZPF_ZONE_A_DEFAULT_TABLE4,
	ZPF_ZONE_A_DEFAULT_TABLE6,
	ZPF_ZONE_A_INTRA_ACTION,
	ZPF_ZONE_A_INTRA_TABLE4,
	ZPF_ZONE_A_INTRA_TABLE6,
	ZPF_ZONE_A_MEMBER,
	ZPF_ZONE_A_IFACE,

	__ZPF_ZONE_A_MAX
};
#define ZPF_ZONE_A_MAX (__ZPF_ZONE_A_MAX - 1)

/**
 * enum zpf_zone_flags - properties of a zone
 * @ZPF_ZONE_LOCAL: the router itself; without members; one at most
 * @ZPF_ZONE_DEFAULT_LOG: packets the default action drops are logged
 */
enum zpf_zone_flags {
	ZPF_ZONE_LOCAL = 1 << 0,
	ZPF_ZONE_DEFAULT_LOG = 1 << 1,
};
#define ZPF_ZONE_FLAGS_ALL 0x3

/**
 * enum zpf_member_attr - a member of a zone
 * @ZPF_MEMBER_A_NAME: string: interface name, or prefix with one trailing '*',
 *	or VRF name
 * @ZPF_MEMBER_A_VRF: flag: NAME is a VRF: every device enslaved to it belongs
 *	to the zone unless it is a member of a zone by its own name
 */
enum zpf_member_attr {
	ZPF_MEMBER_A_UNSPEC,
	ZPF_MEMBER_A_NAME,
	ZPF_MEMBER_A_VRF,

	__ZPF_MEMBER_A_MAX
};
#define ZPF_MEMBER_A_MAX (__ZPF_MEMBER_A_MAX - 1)

/**
 * enum zpf_iface_attr - an interface that is present
 * @ZPF_IFACE_A_INDEX: u32: ifindex
 * @ZPF_IFACE_A_NAME: string
 * @ZPF_IFACE_A_MEMBER: u32: position of the member that brought it into its
 *	zone, from 0; absent for an interface in no zone
 */
enum zpf_iface_attr {
	ZPF_IFACE_A_UNSPEC,
	ZPF_IFACE_A_INDEX,
	ZPF_IFACE_A_NAME,
	ZPF_IFACE_A_MEMBER,

	__ZPF_IFACE_A_MAX
};
#define ZPF_IFACE_A_MAX (__ZPF_IFACE_A_MAX - 1)

/**
 * enum zpf_pair_attr - PAIR_ADD and the PAIR_GET dump
 * @ZPF_PAIR_A_FROM: u32: zone id
 * @ZPF_PAIR_A_TO: u32: zone id, not FROM
 * @ZPF_PAIR_A_FAMILY: u8
 * @ZPF_PAIR_A_TABLE: u32: table of that family
 */
enum zpf_pair_attr {
	ZPF_PAIR_A_UNSPEC,
	ZPF_PAIR_A_FROM,
	ZPF_PAIR_A_TO,
	ZPF_PAIR_A_FAMILY,
	ZPF_PAIR_A_TABLE,

	__ZPF_PAIR_A_MAX
};
#define ZPF_PAIR_A_MAX (__ZPF_PAIR_A_MAX - 1)

/**
 * enum zpf_chain_attr - CHAIN_ADD and the CHAIN_GET dump
 * @ZPF_CHAIN_A_HOOK: u8, &enum zpf_hook
 * @ZPF_CHAIN_A_FAMILY: u8
 * @ZPF_CHAIN_A_TABLE: u32: table of that family
 */
enum zpf_chain_attr {
	ZPF_CHAIN_A_UNSPEC,
	ZPF_CHAIN_A_HOOK,
	ZPF_CHAIN_A_FAMILY,
	ZPF_CHAIN_A_TABLE,

	__ZPF_CHAIN_A_MAX
};
#define ZPF_CHAIN_A_MAX (__ZPF_CHAIN_A_MAX - 1)

/**
 * enum zpf_source_attr - SOURCE_ADD and the SOURCE_GET dump
 * @ZPF_SOURCE_A_TEXT: binary, at most 32 KiB: the next bytes, of a text in
 *	set form, or of a zlib stream of one (RFC 1950, which begins 78 01), or
 *	of a stream of its lines: each one without the bytes it has in common
 *	with the line above, in front a byte with their number; the first is 0,
 *	as no text is
 * @ZPF_SOURCE_A_GENERATION: u32, dump: of this generation
 */
enum zpf_source_attr {
	ZPF_SOURCE_A_UNSPEC,
	ZPF_SOURCE_A_TEXT,
	ZPF_SOURCE_A_GENERATION,

	__ZPF_SOURCE_A_MAX
};
#define ZPF_SOURCE_A_MAX (__ZPF_SOURCE_A_MAX - 1)
#define ZPF_SOURCE_CHUNK	32768

/**
 * enum zpf_counter_kind - where a counter stands
 * @ZPF_COUNTER_PAIR: a row of the table of a pair, or the pair's own default
 * @ZPF_COUNTER_CHAIN: a row of a base chain
 * @ZPF_COUNTER_STATE: a state of the global state policy
 */
enum zpf_counter_kind {
	ZPF_COUNTER_UNSPEC,
	ZPF_COUNTER_PAIR,
	ZPF_COUNTER_CHAIN,
	ZPF_COUNTER_STATE,
};

/**
 * enum zpf_counter_attr - the COUNTER_GET dump
 * @ZPF_COUNTER_A_PAD: padding of 64-bit attributes
 * @ZPF_COUNTER_A_GENERATION: u32
 * @ZPF_COUNTER_A_KIND: u8, &enum zpf_counter_kind
 * @ZPF_COUNTER_A_FAMILY: u8; PAIR, CHAIN
 * @ZPF_COUNTER_A_FROM: u32: zone id, 0 = in no zone; PAIR
 * @ZPF_COUNTER_A_TO: u32: zone id, 0 = in no zone; PAIR
 * @ZPF_COUNTER_A_HOOK: u8; CHAIN
 * @ZPF_COUNTER_A_STATE: u8: one ZPF_STATE_* bit; STATE
 * @ZPF_COUNTER_A_TABLE: string: name of the pair's table; absent where a pair
 *	has none
 * @ZPF_COUNTER_A_RULESET: string: ruleset of the row; absent where TABLE is
 * @ZPF_COUNTER_A_NUMBER: u32: rule number, 0 = default
 * @ZPF_COUNTER_A_ACTION: u8, &enum zpf_action
 * @ZPF_COUNTER_A_REASON: u8, &enum zpf_reason; PAIR without TABLE
 * @ZPF_COUNTER_A_PACKETS: u64
 * @ZPF_COUNTER_A_BYTES: u64
 * @ZPF_COUNTER_A_LAST_NS: u64: CLOCK_BOOTTIME of the last hit; absent: never
 * @ZPF_COUNTER_A_SINCE_NS: u64: CLOCK_BOOTTIME from which on it has counted: since
 *	the rule meant the same, or the last COUNTER_CLEAR
 */
enum zpf_counter_attr {
	ZPF_COUNTER_A_UNSPEC,
	ZPF_COUNTER_A_PAD,
	ZPF_COUNTER_A_GENERATION,
	ZPF_COUNTER_A_KIND,
	ZPF_COUNTER_A_FAMILY,
	ZPF_COUNTER_A_FROM,
	ZPF_COUNTER_A_TO,
	ZPF_COUNTER_A_HOOK,
	ZPF_COUNTER_A_STATE,
	ZPF_COUNTER_A_TABLE,
	ZPF_COUNTER_A_RULESET,
	ZPF_COUNTER_A_NUMBER,
	ZPF_COUNTER_A_ACTION,
	ZPF_COUNTER_A_REASON,
	ZPF_COUNTER_A_PACKETS,
	ZPF_COUNTER_A_BYTES,
	ZPF_COUNTER_A_LAST_NS,
	ZPF_COUNTER_A_SINCE_NS,

	__ZPF_COUNTER_A_MAX
};
#define ZPF_COUNTER_A_MAX (__ZPF_COUNTER_A_MAX - 1)

/**
 * enum zpf_reason - why a packet was dropped; the first three also: why a pair
 * without a table decides as it does
 * @ZPF_REASON_ZONE_DEFAULT: the default action of a zone
 * @ZPF_REASON_INTRA_ZONE: from and to are the same zone
 * @ZPF_REASON_NO_ZONE: one side is an interface in no zone
 * @ZPF_REASON_UNFILTERED: TEST_GET: zones have no say here
 * @ZPF_REASON_DISCOVERY: TEST_GET: neighbour discovery or multicast listener
 *	message of the router
 * @ZPF_REASON_ROUTER_ERROR: TEST_GET: ICMP error the router sends
 * @ZPF_REASON_RULE: a rule of a pair's table
 * @ZPF_REASON_DEFAULT: the default of a ruleset in a pair's table
 * @ZPF_REASON_BASE_CHAIN: a rule or the default of a base chain
 * @ZPF_REASON_STATE_POLICY: the global state policy
 * @ZPF_REASON_MALFORMED: the packet cannot be parsed
 */
enum zpf_reason {
	ZPF_REASON_UNSPEC,
	ZPF_REASON_ZONE_DEFAULT,
	ZPF_REASON_INTRA_ZONE,
	ZPF_REASON_NO_ZONE,
	ZPF_REASON_UNFILTERED,
	ZPF_REASON_DISCOVERY,
	ZPF_REASON_ROUTER_ERROR,
	ZPF_REASON_RULE,
	ZPF_REASON_DEFAULT,
	ZPF_REASON_BASE_CHAIN,
	ZPF_REASON_STATE_POLICY,
	ZPF_REASON_MALFORMED,

	__ZPF_REASON_MAX
};
#define ZPF_REASON_MAX (__ZPF_REASON_MAX - 1)

#define ZPF_DROP_ROWS 1024	/* rows the drop ledger has a CPU */

/**
 * enum zpf_drop_attr - a row of the drop ledger: drops that are alike
 * @ZPF_DROP_A_PAD: padding of 64-bit attributes
 * @ZPF_DROP_A_CPU: u32: the CPU; rows of different CPUs may be alike and are
 *	to be added up
 * @ZPF_DROP_A_FROM: string: zone name, "none" for an interface in no zone,
 *	"router" for the router where no zone is local
 * @ZPF_DROP_A_TO: string: the same
 * @ZPF_DROP_A_FAMILY: u8
 * @ZPF_DROP_A_RULESET: string: absent where no ruleset decided
 * @ZPF_DROP_A_NUMBER: u32: rule number, 0 = default; with RULESET
 * @ZPF_DROP_A_STATE: u8: one ZPF_STATE_* bit; with REASON state policy
 * @ZPF_DROP_A_REASON: u8, &enum zpf_reason
 * @ZPF_DROP_A_ACTION: u8: drop or reject
 * @ZPF_DROP_A_PROTO: u8: absent: not known
 * @ZPF_DROP_A_PORT: u16: destination port; absent: has none, or not known
 * @ZPF_DROP_A_ICMP_TYPE: u8; absent: has none, or not known
 * @ZPF_DROP_A_SOURCE: binary, 4 or 16 bytes in network byte order: the /24 or
 *	/64 of the source; absent: not known
 * @ZPF_DROP_A_PACKETS: u64: since the row began
 * @ZPF_DROP_A_BYTES: u64
 * @ZPF_DROP_A_MISSED: u64: packets alike that may be in LOST_PACKETS, at most;
 *	never more than the drops of this CPU divided by ZPF_DROP_ROWS
 * @ZPF_DROP_A_FIRST_NS: u64: CLOCK_BOOTTIME when the row began
 * @ZPF_DROP_A_LAST_NS: u64: CLOCK_BOOTTIME of the newest packet
 * @ZPF_DROP_A_SRC: binary, 4 or 16 bytes: source of the packet the row began
 *	with, as all that follow here
 * @ZPF_DROP_A_DST: binary, 4 or 16 bytes: destination
 * @ZPF_DROP_A_SPORT: u16: source port; with PORT
 * @ZPF_DROP_A_SPI: u32: of ESP or AH
 * @ZPF_DROP_A_IN: string: interface it came in by
 * @ZPF_DROP_A_OUT: string: interface it would have left by
 * @ZPF_DROP_A_LOST_PACKETS: u64: drops of this CPU whose rows gave way to
 *	others: with those of its rows exactly what was dropped
 * @ZPF_DROP_A_LOST_BYTES: u64: their bytes
 */
enum zpf_drop_attr {
	ZPF_DROP_A_UNSPEC,
	ZPF_DROP_A_PAD,
	ZPF_DROP_A_CPU,
	ZPF_DROP_A_FROM,
	ZPF_DROP_A_TO,
	ZPF_DROP_A_FAMILY,
	ZPF_DROP_A_RULESET,
	ZPF_DROP_A_NUMBER,
	ZPF_DROP_A_STATE,
	ZPF_DROP_A_REASON,
	ZPF_DROP_A_ACTION,
	ZPF_DROP_A_PROTO,
	ZPF_DROP_A_PORT,
	ZPF_DROP_A_ICMP_TYPE,
	ZPF_DROP_A_SOURCE,
	ZPF_DROP_A_PACKETS,
	ZPF_DROP_A_BYTES,
	ZPF_DROP_A_MISSED,
	ZPF_DROP_A_FIRST_NS,
	ZPF_DROP_A_LAST_NS,
	ZPF_DROP_A_SRC,
	ZPF_DROP_A_DST,
	ZPF_DROP_A_SPORT,
	ZPF_DROP_A_SPI,
	ZPF_DROP_A_IN,
	ZPF_DROP_A_OUT,
	ZPF_DROP_A_LOST_PACKETS,
	ZPF_DROP_A_LOST_BYTES,

	__ZPF_DROP_A_MAX
};
#define ZPF_DROP_A_MAX (__ZPF_DROP_A_MAX - 1)

/**
 * enum zpf_why - which test of a rule failed first, in the order of the language
 * @ZPF_WHY_NONE: none: the rule matched
 * @ZPF_WHY_STATE: state
 * @ZPF_WHY_HELPER: connection helper
 * @ZPF_WHY_NAT: translation of the connection
 * @ZPF_WHY_PROTOCOL: protocol
 * @ZPF_WHY_DST_ADDRESS: destination address or group
 * @ZPF_WHY_DST_PORT: destination port or group
 * @ZPF_WHY_DST_MAC: Ethernet destination address or group
 * @ZPF_WHY_SRC_ADDRESS: source address or group
 * @ZPF_WHY_SRC_PORT: source port or group
 * @ZPF_WHY_SRC_MAC: Ethernet source address or group
 * @ZPF_WHY_IN: inbound interface or group
 * @ZPF_WHY_OUT: outbound interface or group
 * @ZPF_WHY_TTL: time to live, hop limit
 * @ZPF_WHY_ICMP: ICMP type or code
 * @ZPF_WHY_LENGTH: length of the packet
 * @ZPF_WHY_PACKET_TYPE: how the frame was addressed
 * @ZPF_WHY_DSCP: differentiated services code point
 * @ZPF_WHY_IPSEC: IPsec
 * @ZPF_WHY_FRAGMENT: fragments
 * @ZPF_WHY_GRE: GRE header
 * @ZPF_WHY_TIME: date, time or day
 * @ZPF_WHY_TCP_FLAGS: TCP flags
 * @ZPF_WHY_MSS: maximum segment size
 * @ZPF_WHY_MARK: mark of the packet
 * @ZPF_WHY_CT_MARK: mark of the connection
 * @ZPF_WHY_LIMIT: limit: no token is left
 * @ZPF_WHY_OTHER: a test that has no name here
 * @ZPF_WHY_RECENT: recent: the source has not sent so many
 */
enum zpf_why {
	ZPF_WHY_UNSPEC,
	ZPF_WHY_NONE,
	ZPF_WHY_STATE,
	ZPF_WHY_HELPER,
	ZPF_WHY_NAT,
	ZPF_WHY_PROTOCOL,
	ZPF_WHY_DST_ADDRESS,
	ZPF_WHY_DST_PORT,
	ZPF_WHY_DST_MAC,
	ZPF_WHY_SRC_ADDRESS,
	ZPF_WHY_SRC_PORT,
	ZPF_WHY_SRC_MAC,
	ZPF_WHY_IN,
	ZPF_WHY_OUT,
	ZPF_WHY_TTL,
	ZPF_WHY_ICMP,
	ZPF_WHY_LENGTH,
	ZPF_WHY_PACKET_TYPE,
	ZPF_WHY_DSCP,
	ZPF_WHY_IPSEC,
	ZPF_WHY_FRAGMENT,
	ZPF_WHY_GRE,
	ZPF_WHY_TIME,
	ZPF_WHY_TCP_FLAGS,
	ZPF_WHY_MSS,
	ZPF_WHY_MARK,
	ZPF_WHY_CT_MARK,
	ZPF_WHY_LIMIT,
	ZPF_WHY_OTHER,
	ZPF_WHY_RECENT,
};

/**
 * struct zpf_test_num - a number of a packet that is only thought of
 * @value: the number
 * @what: &enum zpf_num
 * @zero: 0
 */
struct zpf_test_num {
	__u64 value;
	__u32 what;
	__u32 zero;
};

/**
 * enum zpf_test_attr - TEST_GET
 * @ZPF_TEST_A_FROM: string, request and verdict: zone the packet comes from, or
 *	"router", or "none"
 * @ZPF_TEST_A_TO: string, request and verdict: zone it goes to, likewise
 * @ZPF_TEST_A_IN: string, request: interface it comes in by; its zone is FROM
 * @ZPF_TEST_A_OUT: string, request: interface it leaves by; its zone is TO
 * @ZPF_TEST_A_FAMILY: u8, request and verdict
 * @ZPF_TEST_A_STATE: u8, request: one ZPF_STATE_* bit, 0: untracked; default new.
 *	Verdict of a state policy: the state
 * @ZPF_TEST_A_PROTO: u8, request: protocol; in IPv6 of the upper layer, or an
 *	extension header behind which nothing can be read
 * @ZPF_TEST_A_SADDR: binary, request: address, as struct zpf_range4.lo or
 *	struct zpf_range6.lo
 * @ZPF_TEST_A_DADDR: binary, request: address
 * @ZPF_TEST_A_SPORT: u16, request; what is not given is absent from the packet
 * @ZPF_TEST_A_DPORT: u16, request
 * @ZPF_TEST_A_ICMP: u16, request: type in the upper byte, code in the lower
 * @ZPF_TEST_A_TCP_FLAGS: u8, request: as in the header
 * @ZPF_TEST_A_NUMS: binary, request: array of &struct zpf_test_num: numbers of the
 *	packet, as the policy sees them; those that are not there are absent.
 *	TIME is the present where it is not given, and WEEK and WEEK_UTC follow
 *	from it
 * @ZPF_TEST_A_WHY: u8, &enum zpf_why, rule: NONE: it matched
 * @ZPF_TEST_A_RULESET: string, rule and verdict: ruleset of the rule, "forward
 *	filter" and the like for base chains; absent where no rule decided
 * @ZPF_TEST_A_NUMBER: u32, rule and verdict: rule number, 0 = default
 * @ZPF_TEST_A_ACTION: u8, rule: as written; verdict: accept, drop or reject
 * @ZPF_TEST_A_GENERATION: u32, verdict
 * @ZPF_TEST_A_KIND: u8, &enum zpf_counter_kind, verdict: where the counter stands
 *	that such a packet moves last; absent: it moves none
 * @ZPF_TEST_A_HOOK: u8, verdict
 * @ZPF_TEST_A_REASON: u8, &enum zpf_reason, verdict without a rule
 * @ZPF_TEST_A_LOG: flag, verdict: such a packet is logged by what decides
 */
enum zpf_test_attr {
	ZPF_TEST_A_UNSPEC,
	ZPF_TEST_A_FROM,
	ZPF_TEST_A_TO,
	ZPF_TEST_A_IN,
	ZPF_TEST_A_OUT,
	ZPF_TEST_A_FAMILY,
	ZPF_TEST_A_STATE,
	ZPF_TEST_A_PROTO,
	ZPF_TEST_A_SADDR,
	ZPF_TEST_A_DADDR,
	ZPF_TEST_A_SPORT,
	ZPF_TEST_A_DPORT,
	ZPF_TEST_A_ICMP,
	ZPF_TEST_A_TCP_FLAGS,
	ZPF_TEST_A_NUMS,
	ZPF_TEST_A_WHY,
	ZPF_TEST_A_RULESET,
	ZPF_TEST_A_NUMBER,
	ZPF_TEST_A_ACTION,
	ZPF_TEST_A_GENERATION,
	ZPF_TEST_A_KIND,
	ZPF_TEST_A_HOOK,
	ZPF_TEST_A_REASON,
	ZPF_TEST_A_LOG,

	__ZPF_TEST_A_MAX
};
#define ZPF_TEST_A_MAX (__ZPF_TEST_A_MAX - 1)

/**
 * enum zpf_site_attr - the SITE_GET dump
 * @ZPF_SITE_A_PAD: padding of 64-bit attributes
 * @ZPF_SITE_A_GENERATION: u32
 * @ZPF_SITE_A_PREFIX: string
 * @ZPF_SITE_A_INTERVAL_NS: u64: time a line costs; 0: no limit
 * @ZPF_SITE_A_BURST: u32
 * @ZPF_SITE_A_LOGGED: u64: lines given to a logger
 * @ZPF_SITE_A_SUPPRESSED: u64: lines the token bucket held back
 * @ZPF_SITE_A_UNDELIVERABLE: u64: lines no logger would have written
 */
enum zpf_site_attr {
	ZPF_SITE_A_UNSPEC,
	ZPF_SITE_A_PAD,
	ZPF_SITE_A_GENERATION,
	ZPF_SITE_A_PREFIX,
	ZPF_SITE_A_INTERVAL_NS,
	ZPF_SITE_A_BURST,
	ZPF_SITE_A_LOGGED,
	ZPF_SITE_A_SUPPRESSED,
	ZPF_SITE_A_UNDELIVERABLE,

	__ZPF_SITE_A_MAX
};
#define ZPF_SITE_A_MAX (__ZPF_SITE_A_MAX - 1)

/**
 * enum zpf_mode - what a namespace enforces
 * @ZPF_MODE_OFF: nothing; no hook is registered
 * @ZPF_MODE_ARMED: its generation
 * @ZPF_MODE_CLOSED: disarmed: forwards nothing, input and output are open
 */
enum zpf_mode {
	ZPF_MODE_OFF,
	ZPF_MODE_ARMED,
	ZPF_MODE_CLOSED,
};

/**
 * enum zpf_status_attr - STATUS_GET
 * @ZPF_STATUS_A_PAD: padding of 64-bit attributes
 * @ZPF_STATUS_A_VERSION: string: version of the module
 * @ZPF_STATUS_A_MODE: u8, &enum zpf_mode
 * @ZPF_STATUS_A_GENERATION: u32: of the running policy, or the last one that
 *	ran; 0: none yet
 * @ZPF_STATUS_A_ZONES: u32
 * @ZPF_STATUS_A_PAIRS: u32: pairs that a PAIR_ADD bound
 * @ZPF_STATUS_A_TABLES: u32
 * @ZPF_STATUS_A_RULES: u32: rules of all tables, without defaults
 * @ZPF_STATUS_A_SETS: u32
 * @ZPF_STATUS_A_MEMORY_BYTES: u64: held by the running policy
 * @ZPF_STATUS_A_COUNTER_BYTES: u64: of these, per-CPU memory of counters
 * @ZPF_STATUS_A_MALFORMED: u64: packets dropped because they cannot be parsed
 * @ZPF_STATUS_A_BOOTTIME_NS: u64: CLOCK_BOOTTIME when this was answered
 * @ZPF_STATUS_A_EVENTS: u64: number of the newest event (ZPF_EVENT_A_SEQ)
 * @ZPF_STATUS_A_RECENT_EVICTED: u64: sources a RECENT forgot for want of room
 *	while they still mattered, since the namespace began
 * @ZPF_STATUS_A_CONFIRM_SECONDS: u32: time left to confirm the running policy;
 *	absent: it need not be
 * @ZPF_STATUS_A_BACK_GENERATION: u32: the generation that comes back otherwise;
 *	absent: none
 * @ZPF_STATUS_A_BACK_MODE: u8, &enum zpf_mode: the mode that comes back
 */
enum zpf_status_attr {
	ZPF_STATUS_A_UNSPEC,
	ZPF_STATUS_A_PAD,
	ZPF_STATUS_A_VERSION,
	ZPF_STATUS_A_MODE,
	ZPF_STATUS_A_GENERATION,
	ZPF_STATUS_A_ZONES,
	ZPF_STATUS_A_PAIRS,
	ZPF_STATUS_A_TABLES,
	ZPF_STATUS_A_RULES,
	ZPF_STATUS_A_SETS,
	ZPF_STATUS_A_MEMORY_BYTES,
	ZPF_STATUS_A_COUNTER_BYTES,
	ZPF_STATUS_A_MALFORMED,
	ZPF_STATUS_A_BOOTTIME_NS,
	ZPF_STATUS_A_EVENTS,
	ZPF_STATUS_A_RECENT_EVICTED,
	ZPF_STATUS_A_CONFIRM_SECONDS,
	ZPF_STATUS_A_BACK_GENERATION,
	ZPF_STATUS_A_BACK_MODE,

	__ZPF_STATUS_A_MAX
};
#define ZPF_STATUS_A_MAX (__ZPF_STATUS_A_MAX - 1)

/**
 * enum zpf_disarm_attr - DISARM
 * @ZPF_DISARM_A_MODE: u8: ZPF_MODE_OFF ("open": hooks gone, module free to go)
 *	or ZPF_MODE_CLOSED (forward drops, module held). The policy is gone
 *	either way; a commit arms again
 */
enum zpf_disarm_attr {
	ZPF_DISARM_A_UNSPEC,
	ZPF_DISARM_A_MODE,

	__ZPF_DISARM_A_MAX
};
#define ZPF_DISARM_A_MAX (__ZPF_DISARM_A_MAX - 1)

/**
 * enum zpf_confirm_attr - CONFIRM and ROLLBACK
 * @ZPF_CONFIRM_A_GENERATION: u32, optional: refuse with ESTALE unless this
 *	generation is the running one
 */
enum zpf_confirm_attr {
	ZPF_CONFIRM_A_UNSPEC,
	ZPF_CONFIRM_A_GENERATION,

	__ZPF_CONFIRM_A_MAX
};
#define ZPF_CONFIRM_A_MAX (__ZPF_CONFIRM_A_MAX - 1)

/**
 * enum zpf_event - what an EVENT is about
 * @ZPF_EVENT_COMMIT: a generation was published: GENERATION
 * @ZPF_EVENT_DISARM: the policy was given up: MODE
 * @ZPF_EVENT_JOIN: an interface came into a zone, or (ZONE absent) appeared in
 *	none: IFINDEX, IFNAME, ZONE
 * @ZPF_EVENT_LEAVE: an interface left a zone: IFINDEX, IFNAME, ZONE
 * @ZPF_EVENT_DROP: the ledger began a row, a tenth of a second ago at most: DROP
 * @ZPF_EVENT_CONFIRM_WAIT: the commit told of just before waits to be
 *	confirmed: GENERATION, SECONDS
 * @ZPF_EVENT_CONFIRMED: it was confirmed: GENERATION
 * @ZPF_EVENT_REVERTED: it was not, in time or by ROLLBACK: MODE, and GENERATION
 *	where one came back
 */
enum zpf_event {
	ZPF_EVENT_UNSPEC,
	ZPF_EVENT_COMMIT,
	ZPF_EVENT_DISARM,
	ZPF_EVENT_JOIN,
	ZPF_EVENT_LEAVE,
	ZPF_EVENT_DROP,
	ZPF_EVENT_CONFIRM_WAIT,
	ZPF_EVENT_CONFIRMED,
	ZPF_EVENT_REVERTED,
};

/**
 * enum zpf_event_attr - EVENT, to the multicast group "events"
 * @ZPF_EVENT_A_TYPE: u8, &enum zpf_event
 * @ZPF_EVENT_A_GENERATION: u32
 * @ZPF_EVENT_A_MODE: u8, &enum zpf_mode
 * @ZPF_EVENT_A_IFINDEX: u32
 * @ZPF_EVENT_A_IFNAME: string
 * @ZPF_EVENT_A_ZONE: string: zone name
 * @ZPF_EVENT_A_PAD: padding of 64-bit attributes
 * @ZPF_EVENT_A_SEQ: u64: events of the namespace are numbered; as many as are
 *	missing between two were not got by this listener
 * @ZPF_EVENT_A_DROP: nest, &enum zpf_drop_attr, without CPU and LOST
 * @ZPF_EVENT_A_SECONDS: u32: time to confirm
 */
enum zpf_event_attr {
	ZPF_EVENT_A_UNSPEC,
	ZPF_EVENT_A_TYPE,
	ZPF_EVENT_A_GENERATION,
	ZPF_EVENT_A_MODE,
	ZPF_EVENT_A_IFINDEX,
	ZPF_EVENT_A_IFNAME,
	ZPF_EVENT_A_ZONE,
	ZPF_EVENT_A_PAD,
	ZPF_EVENT_A_SEQ,
	ZPF_EVENT_A_DROP,
	ZPF_EVENT_A_SECONDS,

	__ZPF_EVENT_A_MAX
};
#define ZPF_EVENT_A_MAX (__ZPF_EVENT_A_MAX - 1)

#endif /* _UAPI_LINUX_ZPF_H */
