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
