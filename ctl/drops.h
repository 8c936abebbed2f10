/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the drop ledger as plain structs: read from netlink, added up over
 * the processors, and put into words. Used by show drops and by monitor.
 */
#ifndef ZPF_CTL_DROPS_H
#define ZPF_CTL_DROPS_H

#include "fetch.h"
#include "out.h"

/** struct zpf_addr - an address; @len 0: not known */
struct zpf_addr {
	uint8_t len;
	uint8_t b[16];
};

/**
 * struct zpf_drop_key - what makes drops the same; zeroed, then filled, so that
 * two can be compared as bytes
 * @ruleset: empty: none decided
 * @state: state policy: one ZPF_STATE_* bit
 * @has_proto: @proto is known, and so on
 */
struct zpf_drop_key {
	char from[ZPF_ZONE_NAME_MAX + 1], to[ZPF_ZONE_NAME_MAX + 1];
	char ruleset[ZPF_RULESET_NAME_MAX + 1];
	uint32_t number;
	uint8_t family, reason, action, state;
	bool has_proto, has_port, has_icmp;
	uint8_t proto, icmp_type;
	uint16_t port;
	struct zpf_addr source;
};

/** struct zpf_drop - a row; the fields of &enum zpf_drop_attr */
struct zpf_drop {
	struct zpf_drop_key key;
	uint64_t packets, bytes, first_ns, last_ns;
	struct zpf_addr src, dst;
	bool has_sport, has_spi;
	uint16_t sport;
	uint32_t spi;
	char in[ZPF_IF_NAME_MAX + 1], out[ZPF_IF_NAME_MAX + 1];
};

/**
 * struct zpf_drops - the ledger
 * @v: the rows, most packets first, no two alike
 * @lost: packets that are in no row any more
 */
struct zpf_drops {
	struct zpf_drop *v;
	size_t n, cap;
	uint64_t lost;
};

/**
 * zpf_drop_read() - a row from its attributes
 * @tb: a table of ZPF_DROP_A_MAX + 1 entries
 * @d: filled
 *
 * Return: 0 or -EBADMSG
 */
int zpf_drop_read(struct nlattr **tb, struct zpf_drop *d);

/**
 * zpf_drops_fetch() - ask the kernel for the ledger
 * @nl: a socket of zpf_nl_open_zpf()
 * @drops: filled; zpf_drops_free() also after a failure
 *
 * Return: 0 or -1 with the reason in @nl->err
 */
int zpf_drops_fetch(struct zpf_nl *nl, struct zpf_drops *drops);

/** zpf_drops_free() - free what it holds (not @drops itself) */
void zpf_drops_free(struct zpf_drops *drops);

/** zpf_reason_word() - "rule", "zone-default", ... */
const char *zpf_reason_word(uint8_t reason);

/* Enough for any string the functions below make. */
#define ZPF_DROP_TEXT 256

/** zpf_drop_rule() - "20", "default", or what decided without a ruleset */
const char *zpf_drop_rule(char buf[ZPF_DROP_TEXT], const struct zpf_drop_key *key);
/** zpf_drop_place() - ruleset and rule: "IOT_WAN default", "zone-default" */
const char *zpf_drop_place(char buf[ZPF_DROP_TEXT], const struct zpf_drop_key *key);
/** zpf_drop_proto() - "udp", "253"; NULL where it is not known */
const char *zpf_drop_proto(char buf[ZPF_DROP_TEXT], const struct zpf_drop_key *key);
/** zpf_drop_port() - "4501", "type 8"; NULL where there is none */
const char *zpf_drop_port(char buf[ZPF_DROP_TEXT], const struct zpf_drop_key *key);
/** zpf_drop_sample() - "10.0.0.1:1000 > 10.0.0.2 (eth1 > eth0)" */
const char *zpf_drop_sample(char buf[ZPF_DROP_TEXT], const struct zpf_drop *d);

/**
 * zpf_drop_json() - the fields of a row, without the braces around them
 * @o: the output
 * @d: the row
 * @s: a snapshot, for the clocks
 */
void zpf_drop_json(struct zpf_out *o, const struct zpf_drop *d,
		   const struct zpf_snapshot *s);

#endif /* ZPF_CTL_DROPS_H */
