// SPDX-License-Identifier: GPL-2.0-only
/*
 * A rule set of shapes.c as text, and packets with the rule that decides them
 * by the naive walk: what the benchmark in the kernel gives to every contestant
 * and holds every verdict against.
 *
 *	shape_text [-6] SHAPE RULES [PLACE PACKETS]...
 *
 * PLACE: first, middle, last, default, random. Prints, a line each, with "-"
 * for what a rule does not look at, and IPv6 addresses as one number:
 *	rule drop|accept PROTO SRC-SRC DST-DST SPORT-SPORT DPORT-DPORT
 *	packet PLACE RULE PROTO SRC DST SPORT DPORT
 * RULE counts from 0; the default's is the number of rules. Every eighth rule
 * drops; the packets of first, middle and last are decided by an accepting one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "shapes.h"

#define DRAWS 20	/* packets thrown away before another rule is tried */

static const u16 shown = ZPF_M_PROTO | ZPF_M_SADDR | ZPF_M_DADDR | ZPF_M_SPORT | ZPF_M_DPORT;

static bool drops(u32 rule)
{
	return rule % 8 == 5;
}

static void print_in6(const u64 *w)
{
	printf("%016llx%016llx", (unsigned long long)w[0], (unsigned long long)w[1]);
}

static void print_addr(const struct zpf_table *t, bool have, const struct zpf_range4 *r)
{
	if (!have) {
		printf(" -");
	} else if (t->family == 2) {
		printf(" %08x-%08x", r->lo, r->hi);
	} else {
		putchar(' ');
		print_in6(t->addr6[r->lo].lo);
		putchar('-');
		print_in6(t->addr6[r->lo].hi);
	}
}

static void print_port(bool have, const struct zpf_range_port *r)
{
	if (have)
		printf(" %u-%u", r->lo, r->hi);
	else
		printf(" -");
}

static void print_rule(const struct zpf_table *t, u32 i)
{
	const struct zpf_rule *r = &t->rules[i];

	if (r->match & ~shown) {
		fprintf(stderr, "shape_text: a rule that has no text\n");
		exit(1);
	}
	printf("rule %s ", drops(i) ? "drop" : "accept");
	if (r->match & ZPF_M_PROTO)
		printf("%u", r->proto[0]);
	else
		putchar('-');
	print_addr(t, r->match & ZPF_M_SADDR, &r->saddr);
	print_addr(t, r->match & ZPF_M_DADDR, &r->daddr);
	print_port(r->match & ZPF_M_SPORT, &r->sport);
	print_port(r->match & ZPF_M_DPORT, &r->dport);
	putchar('\n');
}

static void print_packet(const struct ruleset *rs, const char *place, u32 rule,
			 const struct zpf_key *key)
{
	printf("packet %s %u %u ", place, rule, key->proto);
	if (rs->table.family == 2) {
		printf("%08x %08x", key->s4, key->d4);
	} else {
		print_in6(key->s6.w);
		putchar(' ');
		print_in6(key->d6.w);
	}
	printf(" %u %u\n", key->sport, key->dport);
}

static u32 decides(const struct ruleset *rs, const struct zpf_key *key)
{
	const struct zpf_table *t = &rs->table;

	return zpf_table_walk(t, rs->sets, key, 0, t->n_rules);
}

/* A packet that @rule decides and not one before it: not every rule has one. */
static bool hit(const struct ruleset *rs, u32 rule, struct zpf_key *key)
{
	for (int i = 0; i < DRAWS; i++) {
		shape_key(rs, rule, key);
		if (decides(rs, key) == rule)
			return true;
	}
	return false;
}

/*
 * The rule nearest to @at that accepts and can be hit, upwards, then downwards:
 * of many overlapping rules the later ones are dead.
 */
static u32 nearest(const struct ruleset *rs, u32 at)
{
	const u32 n = rs->table.n_rules - 1;
	struct zpf_key key;
	u32 i;

	for (i = at; i < n; i++)
		if (!drops(i) && hit(rs, i, &key))
			return i;
	for (i = at; i--;)
		if (!drops(i) && hit(rs, i, &key))
			return i;
	fprintf(stderr, "shape_text: no rule can be hit\n");
	exit(1);
}

static void print_packets(const struct ruleset *rs, const char *place, u32 packets)
{
	const u32 n = rs->table.n_rules - 1;
	const bool random = !strcmp(place, "random");
	struct zpf_key key;
	u32 rule = n;

	if (!strcmp(place, "first"))
		rule = nearest(rs, 0);
	else if (!strcmp(place, "middle"))
		rule = nearest(rs, n / 2);
	else if (!strcmp(place, "last"))
		rule = nearest(rs, n - 1);
	while (packets) {
		if (random) {
			shape_key(rs, shape_rnd(n), &key);
			rule = decides(rs, &key);
		} else if (!hit(rs, rule, &key)) {
			continue;
		}
		print_packet(rs, place, rule, &key);
		packets--;
	}
}

int main(int argc, char **argv)
{
	const bool v6 = argc > 1 && !strcmp(argv[1], "-6");
	struct ruleset *rs = NULL;
	u32 n;

	argv += 1 + v6;
	argc -= 1 + v6;
	if (argc < 2 || argc % 2 || !(n = atoi(argv[1])))
		return 2;
	for (size_t s = 0; s < n_shapes; s++)
		if (!strcmp(shapes[s].name, argv[0]))
			rs = shape_make(&shapes[s], n, v6);
	if (!rs)
		return 2;
	for (u32 i = 0; i < n; i++)
		print_rule(&rs->table, i);
	for (int i = 2; i < argc; i += 2)
		print_packets(rs, argv[i], atoi(argv[i + 1]));
	shape_free(rs);
	return 0;
}
