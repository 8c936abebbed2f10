/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of values: what may stand there, what it becomes, what to say if it is
 * something else. One row a kind in value.c; the schema names kinds, parse
 * checks with them, model stores with them.
 */
#ifndef ZPF_CTL_VALUE_H
#define ZPF_CTL_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include "arena.h"
#include "policy.h"
#include "tree.h"

/* What a value becomes. @node is the value's node, NULL: not given. */
struct zpf_v_flag {
	const struct zpf_node *node;
};

struct zpf_v_num {
	const struct zpf_node *node;
	uint32_t v;
};

/** struct zpf_v_word - one of a table of words, or several as a mask */
struct zpf_v_word {
	const struct zpf_node *node;
	uint32_t v;
};

/** struct zpf_v_name - a name, with @not where it was written with `!` */
struct zpf_v_name {
	const struct zpf_node *node;
	const char *s;
	bool not;
};

/** struct zpf_v_addr - one inclusive range of addresses */
struct zpf_v_addr {
	const struct zpf_node *node;
	bool not;
	bool v6;
	union {
		struct zpf_range4 r4;
		struct zpf_range6 r6;
	};
};

/** struct zpf_v_ports - disjoint ascending ranges that do not touch */
struct zpf_v_ports {
	const struct zpf_node *node;
	struct zpf_range_port *r;
	size_t n;
};

/** struct zpf_v_proto - @n is 0 for `all` */
struct zpf_v_proto {
	const struct zpf_node *node;
	uint8_t proto[2];
	uint8_t n;
	bool not;
};

/**
 * struct zpf_v_nums - ranges of numbers, as written; several values add up
 * @not: written with `!`
 */
struct zpf_v_nums {
	const struct zpf_node *node;
	struct zpf_range64 *r;
	size_t n;
	bool not;
};

/** struct zpf_v_mask - what of an address counts, as in struct zpf_range6 */
struct zpf_v_mask {
	const struct zpf_node *node;
	__u64 m[2];
};

struct zpf_v_rate {
	const struct zpf_node *node;
	uint64_t interval_ns;
};

/** struct zpf_v_names - several names, in the order they were read */
struct zpf_v_names {
	const struct zpf_node *node;
	const char **s;
	size_t n;
};

/** struct zpf_v_time - a span of time */
struct zpf_v_time {
	const struct zpf_node *node;
	uint64_t ns;
};

/**
 * struct zpf_v_date - a date, with a time of day or without
 * @civil: what a clock shows: seconds since 1970-01-01 00:00 on it
 * @whole: without; @civil is its 00:00
 */
struct zpf_v_date {
	const struct zpf_node *node;
	int64_t civil;
	bool whole;
};

/** struct zpf_v_icmp - @type and @code, -1: any */
struct zpf_v_icmp {
	const struct zpf_node *node;
	int type, code;
};

/*
 * Every kind: name, C type, what is expected there. The order of this list is
 * the order of enum zpf_kind and of the table in value.c.
 */
#define ZPF_KINDS(X)							\
	X(NODE, struct zpf_v_flag, "")					\
	X(FLAG, struct zpf_v_flag, "no value")				\
	X(SELF, struct zpf_v_word, "no value")				\
	X(TEXT, struct zpf_v_name, "a text of at most 255 characters")	\
	X(OTHER, struct zpf_v_name, "a value")				\
	X(NUM, struct zpf_v_num, "a number")				\
	X(WORD, struct zpf_v_word, "a word")				\
	X(MASK, struct zpf_v_word, "a word")				\
	X(ZONE, struct zpf_v_name, "a zone name")			\
	X(RULESET, struct zpf_v_name, "a ruleset name")			\
	X(GROUP, struct zpf_v_name, "a group name")			\
	X(GROUPREF, struct zpf_v_name, "a group name, with ! to negate") \
	X(IFNAME, struct zpf_v_name, "an interface name, or a prefix with one trailing *") \
	X(IFMATCH, struct zpf_v_name, "an interface name, or a prefix with one trailing *, with ! to negate") \
	X(VRF, struct zpf_v_name, "a VRF name")				\
	X(ADDR, struct zpf_v_addr, "an address, a prefix or a range a-b, with ! to negate") \
	X(MEMBER4, struct zpf_v_addr, "an IPv4 address or a range a-b")	\
	X(MEMBER6, struct zpf_v_addr, "an IPv6 address or a range a-b")	\
	X(PREFIX4, struct zpf_v_addr, "an IPv4 prefix")			\
	X(PREFIX6, struct zpf_v_addr, "an IPv6 prefix")			\
	X(PORTS, struct zpf_v_ports, "a list of ports, ranges a-b and service names, each with ! to negate") \
	X(PORT, struct zpf_v_ports, "a port, a range a-b or a service name") \
	X(PROTO, struct zpf_v_proto, "a protocol name, 0-255, all or tcp_udp, with ! to negate") \
	X(SPAN, struct zpf_v_nums, "a number or a range a-b")		\
	X(NOTSPAN, struct zpf_v_nums, "a number or a range a-b")	\
	X(CODE, struct zpf_v_nums, "a word")				\
	X(CODENUM, struct zpf_v_nums, "a word")				\
	X(MSS, struct zpf_v_num, "a number 500-16384 or pmtu")		\
	X(MAC, struct zpf_v_nums, "a MAC address")			\
	X(NOTMAC, struct zpf_v_nums, "a MAC address, with ! to negate")	\
	X(ADDRMASK, struct zpf_v_mask, "a mask written as an address")	\
	X(RATE, struct zpf_v_rate, "N/second, N/minute, N/hour or N/day") \
	X(ICMP4, struct zpf_v_icmp, "an ICMP type name")		\
	X(ICMP6, struct zpf_v_icmp, "an ICMPv6 type name")		\
	X(DOMAIN, struct zpf_v_name, "a domain name")			\
	X(DOMAINREF, struct zpf_v_name, "a domain name, with ! to negate") \
	X(COUNTRY, struct zpf_v_names, "a country code of two letters")	\
	X(URL, struct zpf_v_name, "an http or https URL")		\
	X(TIME, struct zpf_v_time, "a time: a number and s, m, h or d")	\
	X(DATE, struct zpf_v_date, "a date YYYY-MM-DD or YYYY-MM-DDThh:mm:ss") \
	X(DAYTIME, struct zpf_v_num, "a time of day hh:mm or hh:mm:ss")	\
	X(WEEKDAYS, struct zpf_v_word, "weekdays with commas between them, by name or 0-6 from Sunday on, with ! in front for all others")

enum zpf_kind {
#define X(k, type, expects) ZPF_KIND_##k,
	ZPF_KINDS(X)
#undef X
	ZPF_KIND_N
};

/* ZPF_TYPE_NUM is struct zpf_v_num, and so on: see schema.c */
typedef struct zpf_v_flag ZPF_TYPE_NODE, ZPF_TYPE_FLAG;
typedef struct zpf_v_word ZPF_TYPE_SELF, ZPF_TYPE_WORD, ZPF_TYPE_MASK;
typedef struct zpf_v_num ZPF_TYPE_NUM, ZPF_TYPE_MSS;
typedef struct zpf_v_name ZPF_TYPE_TEXT, ZPF_TYPE_OTHER, ZPF_TYPE_ZONE,
	ZPF_TYPE_RULESET, ZPF_TYPE_GROUP, ZPF_TYPE_GROUPREF, ZPF_TYPE_IFNAME,
	ZPF_TYPE_IFMATCH, ZPF_TYPE_VRF;
typedef struct zpf_v_addr ZPF_TYPE_ADDR, ZPF_TYPE_MEMBER4, ZPF_TYPE_MEMBER6,
	ZPF_TYPE_PREFIX4, ZPF_TYPE_PREFIX6;
typedef struct zpf_v_ports ZPF_TYPE_PORTS, ZPF_TYPE_PORT;
typedef struct zpf_v_proto ZPF_TYPE_PROTO;
typedef struct zpf_v_nums ZPF_TYPE_SPAN, ZPF_TYPE_NOTSPAN, ZPF_TYPE_CODE,
	ZPF_TYPE_CODENUM, ZPF_TYPE_MAC, ZPF_TYPE_NOTMAC;
typedef struct zpf_v_mask ZPF_TYPE_ADDRMASK;
typedef struct zpf_v_rate ZPF_TYPE_RATE;
typedef struct zpf_v_icmp ZPF_TYPE_ICMP4, ZPF_TYPE_ICMP6;
typedef struct zpf_v_name ZPF_TYPE_DOMAIN, ZPF_TYPE_DOMAINREF, ZPF_TYPE_URL;
typedef struct zpf_v_names ZPF_TYPE_COUNTRY;
typedef struct zpf_v_time ZPF_TYPE_TIME;
typedef struct zpf_v_date ZPF_TYPE_DATE;
typedef struct zpf_v_num ZPF_TYPE_DAYTIME;
typedef struct zpf_v_word ZPF_TYPE_WEEKDAYS;

/**
 * struct zpf_word - a row of a table of words
 * @word: as written
 * @value: what it means
 * @unenforced: known, but zpf cannot do it yet; these stand last
 */
struct zpf_word {
	const char *word;
	uint32_t value;
	bool unenforced;
};

extern const struct zpf_word zpf_words_action[];
extern const struct zpf_word zpf_words_default[];
extern const struct zpf_word zpf_words_chain[];
extern const struct zpf_word zpf_words_verdict[];
extern const struct zpf_word zpf_words_zone[];
extern const struct zpf_word zpf_words_intra[];
extern const struct zpf_word zpf_words_level[];
extern const struct zpf_word zpf_words_state[];
extern const struct zpf_word zpf_words_tcp_flag[];
extern const struct zpf_word zpf_words_nat[];
extern const struct zpf_word zpf_words_helper[];
extern const struct zpf_word zpf_words_ethertype[];
extern const struct zpf_word zpf_words_gre_version[];
extern const struct zpf_word zpf_words_pkttype[];
extern const struct zpf_word zpf_words_recent[];
extern const struct zpf_word zpf_words_switch[];
extern const struct zpf_word zpf_words_rpf[];
extern const struct zpf_word zpf_words_rpf6[];

/**
 * struct zpf_value_ctx - where a value stands, and what went wrong
 * @words: table of a WORD, MASK, SELF or CODE, ends with a NULL word
 * @lo: least NUM or SPAN
 * @hi: greatest NUM or SPAN
 * @family: NFPROTO_IPV4, NFPROTO_IPV6, or 0 where either may stand
 * @arena: for what the value needs
 * @err: message after a refusal
 */
struct zpf_value_ctx {
	const struct zpf_word *words;
	uint32_t lo, hi;
	uint8_t family;
	struct zpf_arena *arena;
	char err[384];
};

/** union zpf_value - room for any kind, to check without keeping */
union zpf_value {
#define X(k, type, expects) type k;
	ZPF_KINDS(X)
#undef X
};

int zpf_value_parse(enum zpf_kind kind, struct zpf_value_ctx *ctx,
		    const char *text, void *out);
void zpf_value_expects(enum zpf_kind kind, const struct zpf_value_ctx *ctx,
		       char *buf, size_t size);
const struct zpf_word *zpf_word_find(const struct zpf_word *table,
				     const char *word);
const char *zpf_word_name(const struct zpf_word *table, uint32_t value);

#endif /* ZPF_CTL_VALUE_H */
