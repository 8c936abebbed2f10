/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The running policy as plain structs: what the kernel's dumps say, put
 * together to one consistent snapshot.
 */
#ifndef ZPF_CTL_FETCH_H
#define ZPF_CTL_FETCH_H

#include "nl.h"
#include <linux/zpf.h>

/**
 * struct zpf_status - STATUS_GET
 * @unix_ns: CLOCK_REALTIME when it was answered
 * @boottime_ns: CLOCK_BOOTTIME of the same moment
 * @confirm_waits: it waits to be confirmed, @confirm_seconds longer; then
 *	@back_generation comes back, or if that is 0, @back_mode
 *
 * The other fields are those of &enum zpf_status_attr.
 */
struct zpf_status {
	char version[64];
	enum zpf_mode mode;
	uint32_t generation;
	uint32_t zones, pairs, tables, rules, sets;
	uint64_t memory_bytes, counter_bytes, malformed, recent_evicted;
	uint64_t boottime_ns, unix_ns, events;
	bool confirm_waits;
	uint32_t confirm_seconds, back_generation;
	enum zpf_mode back_mode;
};

/** struct zpf_member_info - a configured member of a zone */
struct zpf_member_info {
	const char *name;
	bool vrf;
};

#define ZPF_NO_MEMBER UINT32_MAX

/**
 * struct zpf_iface_info - an interface that is present
 * @name: its name
 * @index: ifindex
 * @member: position of the member that brought it in, or ZPF_NO_MEMBER
 */
struct zpf_iface_info {
	const char *name;
	uint32_t index;
	uint32_t member;
};

/** struct zpf_zone_info - a zone; id 0 is the interfaces in no zone */
struct zpf_zone_info {
	uint32_t id;
	const char *name;
	uint32_t flags;
	uint8_t default_action, intra_action;
	struct zpf_member_info *members;
	size_t n_members, cap_members;
	struct zpf_iface_info *ifaces;
	size_t n_ifaces, cap_ifaces;
};

/**
 * struct zpf_counter - one row of the COUNTER_GET dump
 * @table: name of the pair's table, or NULL
 * @ruleset: ruleset of the row, or NULL
 * @last_ns: CLOCK_BOOTTIME of the last hit, 0: never
 * @since_ns: CLOCK_BOOTTIME from which on it has counted
 */
struct zpf_counter {
	uint8_t kind, family, hook, state, action, reason;
	uint32_t from, to, number;
	const char *table, *ruleset;
	uint64_t packets, bytes, last_ns, since_ns;
};

/** struct zpf_site - a log site; the fields of &enum zpf_site_attr */
struct zpf_site {
	const char *prefix;
	uint64_t interval_ns;
	uint32_t burst;
	uint64_t logged, suppressed, undeliverable;
};

/** struct zpf_table_info - a table; the fields of &enum zpf_table_attr */
struct zpf_table_info {
	const char *name;
	uint8_t family, engine;
	uint32_t rules, probes;
	uint64_t index_bytes;
};

/* What zpf_fetch() is to get besides the status. */
enum zpf_fetch_what {
	ZPF_FETCH_ZONES		= 1 << 0,
	ZPF_FETCH_COUNTERS	= 1 << 1,
	ZPF_FETCH_SITES		= 1 << 2,
	ZPF_FETCH_SOURCE	= 1 << 3,
	ZPF_FETCH_TABLES	= 1 << 4,	/* none without a policy */
};

/**
 * struct zpf_snapshot - the running policy at one generation
 * @source: the text it was made from, NUL-terminated
 *
 * Only what was asked for is filled.
 */
struct zpf_snapshot {
	struct zpf_status status;
	struct zpf_zone_info *zones;
	size_t n_zones, cap_zones;
	struct zpf_counter *counters;
	size_t n_counters, cap_counters;
	struct zpf_site *sites;
	size_t n_sites, cap_sites;
	struct zpf_table_info *tables;
	size_t n_tables, cap_tables;
	char *source;
	size_t source_len, cap_source;
	/* private */
	char **strings;
	size_t n_strings, cap_strings;
};

/**
 * zpf_fetch() - ask the kernel
 * @nl: a socket of zpf_nl_open_zpf()
 * @what: mask of &enum zpf_fetch_what
 * @s: filled; zpf_snapshot_free() also after a failure
 *
 * Begins again, a few times, where a commit came in between.
 *
 * Return: 0 or -1 with the reason in @nl->err
 */
int zpf_fetch(struct zpf_nl *nl, unsigned int what, struct zpf_snapshot *s);

/** zpf_snapshot_free() - free what a snapshot holds (not @s itself) */
void zpf_snapshot_free(struct zpf_snapshot *s);

/** zpf_snapshot_zone() - name of a zone id; 0 is "none"; "?" if not known */
const char *zpf_snapshot_zone(const struct zpf_snapshot *s, uint32_t id);

/* Scalars of an answer; 0 where the attribute is not there. */
uint8_t zpf_get_u8(struct nlattr *const *tb, int attr);
uint16_t zpf_get_u16(struct nlattr *const *tb, int attr);
uint32_t zpf_get_u32(struct nlattr *const *tb, int attr);
uint64_t zpf_get_u64(struct nlattr *const *tb, int attr);

/** zpf_action_word() - "accept", "drop", ... */
const char *zpf_action_word(uint8_t action);
/** zpf_family_name() - "ipv4" or "ipv6" */
const char *zpf_family_name(uint8_t family);
/** zpf_hook_word() - "input", "forward", "output" */
const char *zpf_hook_word(uint8_t hook);
/** zpf_state_word() - "new", "established", ... of one ZPF_STATE_* bit */
const char *zpf_state_word(uint8_t state);
/** zpf_mode_word() - "off", "armed", "closed" */
const char *zpf_mode_word(uint8_t mode);
/** zpf_engine_word() - how rules of a table are found, as a word */
const char *zpf_engine_word(uint8_t engine);

#endif /* ZPF_CTL_FETCH_H */
