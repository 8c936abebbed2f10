/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the show commands have in common.
 */
#ifndef ZPF_CTL_SHOW_H
#define ZPF_CTL_SHOW_H

#include "cmd.h"
#include "fetch.h"

/**
 * zpf_show_fetch() - open a socket, fetch, close it, say what went wrong
 * @what: mask of &enum zpf_fetch_what
 * @s: filled; freed already after a failure
 *
 * Return: 0 or an exit status
 */
int zpf_show_fetch(unsigned int what, struct zpf_snapshot *s);

/**
 * zpf_show_last() - a cell with the time of a last hit
 * @r: the rows
 * @s: the snapshot, for the clocks
 * @last_ns: CLOCK_BOOTTIME, 0: never
 */
void zpf_show_last(struct zpf_rows *r, const struct zpf_snapshot *s,
		   uint64_t last_ns);

/**
 * zpf_show_unix() - CLOCK_BOOTTIME as time since 1970
 * @s: the snapshot, for the clocks
 * @ns: the time
 * @age: how long ago that was
 */
uint64_t zpf_show_unix(const struct zpf_snapshot *s, uint64_t ns, uint64_t *age);

/**
 * zpf_show_zone() - id of a zone named on the command line
 * @s: a snapshot with zones
 * @name: its name, or "none"
 * @id: the id
 *
 * Return: 0, or an exit status where there is none, which is said
 */
int zpf_show_zone(const struct zpf_snapshot *s, const char *name, uint32_t *id);

/**
 * zpf_show_from_to() - read the operands [from ZONE] [to ZONE]
 * @ctx: the invocation
 * @from: the name, NULL: not given
 * @to: the name, NULL: not given
 *
 * Return: 0 or an exit status
 */
int zpf_show_from_to(struct zpf_ctx *ctx, const char **from, const char **to);

/**
 * zpf_show_since() - read the value of --since
 * @ctx: the invocation
 * @s: a snapshot, for the clocks
 * @since_ns: CLOCK_BOOTTIME, 0: not given
 *
 * Return: 0 or an exit status
 */
int zpf_show_since(struct zpf_ctx *ctx, const struct zpf_snapshot *s,
		   uint64_t *since_ns);

/**
 * zpf_show_rule() - the rule number of a counter as text
 * @buf: for the text
 * @size: its size
 * @number: 0 is the default
 *
 * Return: @buf
 */
const char *zpf_show_rule(char *buf, size_t size, uint32_t number);

/**
 * zpf_counter_same_group() - do two counters stand in one pair, chain or state
 * policy?
 */
bool zpf_counter_same_group(const struct zpf_counter *a, const struct zpf_counter *b);

/** enum zpf_verdict_kind - what a counter row says about its packets' fate */
enum zpf_verdict_kind {
	ZPF_VERDICT_NONE,	/* counted on the way, judged elsewhere */
	ZPF_VERDICT_ACCEPTED,
	ZPF_VERDICT_DROPPED,
};

/**
 * zpf_counter_verdict() - was what a row counted accepted or dropped?
 * @c: a row of a pair
 * @leaves: a return of any ruleset leaves the table, not only one of the
 *	table's own
 *
 * Leaving a pair's table by return, or by a default that goes on, accepts; the
 * same inside a ruleset that was jumped to only goes back to the caller.
 */
enum zpf_verdict_kind zpf_counter_verdict(const struct zpf_counter *c, bool leaves);

#endif /* ZPF_CTL_SHOW_H */
