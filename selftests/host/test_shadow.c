// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that can never match: cases with their exact words, and random rulesets
 * over a domain so small that every packet of it can be tried.
 */
#include <time.h>

#include "test.h"

#define R(n, what) "set firewall ipv4 name R rule " #n " " what "\n"
#define ZONES "set firewall zone A member interface eth0\nset firewall zone B member interface eth1\n"
#define TCP(n, act) R(n, "action " act) R(n, "protocol tcp")

/* What is said of rule 9, NULL: nothing. */
static const struct row {
	const char *name, *text, *said;
} rows[] = {
	{ "a prefix in a prefix", R(1, "action drop") R(1, "source address 10.0.0.0/8")
	  R(9, "action drop") R(9, "source address 10.1.0.0/16"), "rule 1 in front covers it" },
	{ "an accept under a drop", R(1, "action reject") R(1, "source address 10.0.0.0/8")
	  R(9, "action accept") R(9, "source address 10.1.0.0/16"), "rule 1 in front drops all it would accept" },
	{ "a prefix around a prefix", R(1, "action drop") R(1, "source address 10.1.0.0/16")
	  R(9, "action drop") R(9, "source address 10.0.0.0/8"), NULL },
	{ "two halves", R(1, "action drop") R(1, "destination address 10.0.0.0/25")
	  R(2, "action accept") R(2, "destination address 10.0.0.128/25")
	  R(9, "action accept") R(9, "destination address 10.0.0.0/24"), "rules 1, 2 in front cover it together" },
	{ "two halves but one address", R(1, "action drop") R(1, "destination address 10.0.0.0/25")
	  R(2, "action accept") R(2, "destination address 10.0.0.128-10.0.0.254")
	  R(9, "action accept") R(9, "destination address 10.0.0.0/24"), NULL },
	{ "only those that are needed are named", TCP(1, "drop") R(1, "destination port 80")
	  TCP(2, "drop") R(2, "destination port 1-99") TCP(3, "drop") R(3, "destination port 100-200")
	  TCP(9, "accept") R(9, "destination port 50-150"), "rules 2, 3 in front cover it together" },
	{ "a negation and its opposite", R(1, "action drop") R(1, "source address !10.0.0.0/8")
	  R(2, "action drop") R(2, "source address 10.0.0.0/8") TCP(9, "accept"), "rules 1, 2 in front cover it together" },
	{ "a list of ports in a range", TCP(1, "accept") R(1, "destination port 20-30")
	  TCP(9, "accept") R(9, "destination port 21,25,30"), "rule 1 in front covers it" },
	{ "a list of ports, one outside", TCP(1, "accept") R(1, "destination port 20-30")
	  TCP(9, "accept") R(9, "destination port 21,25,31"), NULL },
	{ "a source port is no destination port", TCP(1, "accept") R(1, "source port 1-100")
	  TCP(9, "accept") R(9, "destination port 1-100"), NULL },
	{ "every port of TCP but 0", TCP(1, "accept") R(1, "destination port 1-65535")
	  TCP(9, "accept"), NULL },
	{ "groups", "set firewall group address-group G address 10.0.0.1-10.0.0.9\n"
	  "set firewall group network-group N network 10.0.0.0/24\n"
	  R(1, "action drop") R(1, "source group network-group N")
	  R(9, "action drop") R(9, "source group address-group G"), "rule 1 in front covers it" },
	{ "a negated group", "set firewall group address-group G address 10.0.0.1-10.0.0.9\n"
	  R(1, "action drop") R(1, "source group address-group !G")
	  R(9, "action drop") R(9, "source address 10.0.1.0/24"), "rule 1 in front covers it" },
	{ "an empty group covers nothing", "set firewall group address-group G\n"
	  R(1, "action drop") R(1, "source group address-group G")
	  R(9, "action drop") R(9, "source address 10.0.1.0/24"), NULL },
	{ "an unknown state", R(1, "action drop") R(1, "state new") R(1, "state established")
	  R(1, "state related") R(1, "state invalid") TCP(9, "accept"), NULL },
	{ "states", R(1, "action accept") R(1, "state established") R(1, "state related")
	  TCP(9, "accept") R(9, "state related"), "rule 1 in front covers it" },
	{ "ICMP codes in a type", R(1, "action accept") R(1, "protocol icmp") R(1, "icmp type 3")
	  R(9, "action accept") R(9, "protocol icmp") R(9, "icmp type-name port-unreachable"), "rule 1 in front covers it" },
	{ "TCP flags", TCP(1, "accept") R(1, "tcp flags syn")
	  TCP(9, "accept") R(9, "tcp flags syn") R(9, "tcp flags not ack"), "rule 1 in front covers it" },
	{ "both ways of a TCP flag", TCP(1, "accept") R(1, "tcp flags syn") TCP(2, "drop") R(2, "tcp flags not syn")
	  TCP(9, "accept") R(9, "destination port 80"), "rules 1, 2 in front cover it together" },
	{ "every protocol but one, and that", R(1, "action accept") R(1, "protocol !tcp") TCP(2, "drop")
	  R(9, "action accept") R(9, "source address 10.0.0.1"), "rules 1, 2 in front cover it together" },
	{ "an interface in a wildcard", R(1, "action drop") R(1, "inbound-interface name eth1*")
	  R(9, "action drop") R(9, "inbound-interface name eth1.10"), "rule 1 in front covers it" },
	{ "an interface beside a wildcard", R(1, "action drop") R(1, "inbound-interface name eth1.*")
	  R(9, "action drop") R(9, "inbound-interface name eth1"), NULL },
	{ "a group of interfaces", "set firewall group interface-group I interface eth1.10\n"
	  "set firewall group interface-group I interface wg*\n"
	  R(1, "action drop") R(1, "outbound-interface group I")
	  R(9, "action drop") R(9, "outbound-interface name wg0"), "rule 1 in front covers it" },
	{ "a negated interface is no set of names", R(1, "action drop") R(1, "inbound-interface name !eth1")
	  R(9, "action drop") R(9, "inbound-interface name eth2"), NULL },
	{ "the same negated interface", R(1, "action drop") R(1, "inbound-interface name !eth1")
	  TCP(9, "drop") R(9, "inbound-interface name !eth1"), "rule 1 in front covers it" },
	{ "any interface is not every packet", R(1, "action drop") R(1, "inbound-interface name *")
	  TCP(9, "drop"), NULL },
	{ "a match that is no set: in front", R(1, "action drop") R(1, "ttl eq 5") TCP(9, "drop"), NULL },
	{ "a match that is no set: behind", TCP(1, "drop") TCP(9, "drop") R(9, "ttl eq 5"), "rule 1 in front covers it" },
	{ "a match that is no set: on both", R(1, "action drop") R(1, "ttl eq 5") TCP(9, "drop") R(9, "ttl eq 5"),
	  "rule 1 in front covers it" },
	{ "a match that is no set: another", R(1, "action drop") R(1, "ttl eq 6") TCP(9, "drop") R(9, "ttl eq 5"), NULL },
	{ "a limit in front", R(1, "action accept") R(1, "protocol tcp") R(1, "limit rate 5/minute") TCP(9, "drop"), NULL },
	{ "a limit behind", TCP(1, "accept") TCP(9, "drop") R(9, "limit rate 5/minute"), "rule 1 in front covers it" },
	{ "continue in front", TCP(1, "continue") TCP(9, "drop"), NULL },
	{ "return in front", TCP(1, "return") TCP(9, "drop"), "rule 1 in front asks for the same" },
	{ "a jump that decides", "set firewall ipv4 name S rule 1 action accept\nset firewall ipv4 name S rule 1 protocol udp\n"
	  TCP(1, "jump") R(1, "jump-target S") TCP(9, "accept"), "rule 1 in front asks for the same" },
	{ "a jump that comes back by a rule", "set firewall ipv4 name S rule 1 action return\n"
	  TCP(1, "jump") R(1, "jump-target S") TCP(9, "accept"), NULL },
	{ "a jump that comes back by its default", "set firewall ipv4 name S default-action continue\n"
	  TCP(1, "jump") R(1, "jump-target S") TCP(9, "accept"), NULL },
	{ "a jump whose default jumps and decides", "set firewall ipv4 name S default-action jump\n"
	  "set firewall ipv4 name S default-jump-target T\nset firewall ipv4 name T default-action drop\n"
	  TCP(1, "jump") R(1, "jump-target S") TCP(9, "accept"), "rule 1 in front asks for the same" },
	{ "a disabled rule in front", TCP(1, "drop") R(1, "disable") TCP(9, "accept"), NULL },
	{ "descriptions and logs do not matter", TCP(1, "drop") R(1, "description x") TCP(9, "drop") R(9, "log"),
	  "rule 1 in front asks for the same" },
};

static void said(void **state)
{
	const struct row *row = *state;
	const struct zpf_diag_entry *found = NULL;
	struct job j = { 0 };

	job_text(&j, row->text);
	job_text(&j, ZONES "set firewall zone B from A firewall name R\n");
	if (!job_compile(&j, 0)) {
		zpf_diag_print(&j.diag, stderr);
		fail();
	}
	for (size_t i = 0; i < j.diag.n; i++)
		if (strstr(j.diag.entries[i].message, "never match"))
			found = &j.diag.entries[i];
	if (!row->said != !found || (found && !strstr(found->message, row->said))) {
		zpf_diag_print(&j.diag, stderr);
		fail_msg("expected: %s", row->said ? row->said : "nothing");
	}
	if (found) {
		assert_non_null(strstr(found->message, "rule 9 of R can never match: "));
		assert_string_equal(found->path, "firewall ipv4 name R rule 9");
		assert_true(found->where.line);
	}
	job_end(&j);
}

static void addresses6(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "set firewall ipv6 name R rule 1 action drop\n"
		 "set firewall ipv6 name R rule 1 source address 2001:db8::/64\n"
		 "set firewall ipv6 name R rule 2 action drop\n"
		 "set firewall ipv6 name R rule 2 source address 2001:db8:0:1::/64\n"
		 "set firewall ipv6 name R rule 3 action accept\n"
		 "set firewall ipv6 name R rule 3 source address 2001:db8::/63\n"
		 "set firewall ipv6 name R rule 4 action accept\n"
		 "set firewall ipv6 name R rule 4 protocol ah\n"
		 "set firewall ipv6 name R rule 5 action accept\n"
		 "set firewall ipv6 name R rule 5 protocol !ah\n"
		 "set firewall ipv6 name R rule 6 action accept\n"
		 "set firewall ipv6 name R rule 6 source address 2001:db8::/62\n"
		 "set firewall ipv6 name R rule 7 action accept\n"
		 "set firewall ipv6 name R rule 7 source address ::/0\n"
		 "set firewall ipv6 name R rule 8 action drop\n"
		 "set firewall ipv6 name R rule 8 protocol udp\n" ZONES);
	assert_non_null(job_compile(&j, 0));
	job_expect(&j, ZPF_DIAG_WARNING, 5, 31, "rules 1, 2 in front cover it together");
	/* a header that is there or not: never counted on */
	assert_null(job_find(&j, ZPF_DIAG_WARNING, 11, 31, "never match"));
	job_expect(&j, ZPF_DIAG_WARNING, 15, 31, "rule 7 in front covers it");
	job_end(&j);
}

/* ---- every packet of a small domain ---- */

enum { TCP, UDP, ICMP, GRE, PROTOS };
enum { LO = 0, HI = 5 };	/* ports and addresses that occur, and beyond */

struct packet {
	int proto, port, addr, state, syn, ttl;
};

/* A random rule: each part as text, and as the packets it holds for. */
struct rnd_rule {
	char text[700];
	int protos;		/* mask of 1 << proto; 0: any */
	int port_lo, port_hi, port_not;	/* lo 0: any */
	int addr_lo, addr_hi, addr_not;
	int states;		/* mask; 0: any */
	int syn;		/* -1: any */
	int ttl;		/* 0: any */
	bool limit, final;
};

static uint32_t seed = 7;

static int rnd(int n)
{
	seed = seed * 1664525 + 1013904223;
	return (int)((seed >> 8) % (uint32_t)n);
}

__attribute__((format(printf, 3, 4)))
static void put(struct rnd_rule *r, int n, const char *fmt, ...)
{
	size_t len = strlen(r->text);
	va_list ap;

	len += (size_t)snprintf(r->text + len, sizeof(r->text) - len,
				"set firewall ipv4 name R rule %d ", n);
	va_start(ap, fmt);
	len += (size_t)vsnprintf(r->text + len, sizeof(r->text) - len, fmt, ap);
	va_end(ap);
	snprintf(r->text + len, sizeof(r->text) - len, "\n");
}

static void make(struct rnd_rule *r, int n)
{
	static const struct { const char *word; int mask; } protos[] = {
		{ "tcp", 1 << TCP }, { "udp", 1 << UDP }, { "icmp", 1 << ICMP },
		{ "tcp_udp", 1 << TCP | 1 << UDP }, { "!udp", 0xf & ~(1 << UDP) },
	};
	static const char *const states[] = { "new", "established", "invalid" };
	static const struct { const char *word; bool final; } actions[] = {
		{ "accept", true }, { "drop", true }, { "return", true },
		{ "continue", false },
	};
	int i = rnd(4);

	memset(r, 0, sizeof(*r));
	r->syn = -1;
	r->final = actions[i].final;
	put(r, n, "action %s", actions[i].word);
	if (rnd(4)) {
		i = rnd(5);
		put(r, n, "protocol %s", protos[i].word);
		r->protos = protos[i].mask;
		if (i != 2 && i != 4 && rnd(3)) {
			r->port_lo = 1 + rnd(4);
			r->port_hi = r->port_lo + rnd(5 - r->port_lo);
			r->port_not = !rnd(4);
			put(r, n, "destination port %s%d-%d",
			    r->port_not ? "!" : "", r->port_lo, r->port_hi);
		}
		if (!i && !rnd(3)) {
			r->syn = rnd(2);
			put(r, n, "tcp flags %ssyn", r->syn ? "" : "not ");
		}
	}
	if (rnd(3)) {
		r->addr_lo = 1 + rnd(4);
		r->addr_hi = r->addr_lo + rnd(5 - r->addr_lo);
		r->addr_not = !rnd(4);
		put(r, n, "source address %s10.0.0.%d-10.0.0.%d",
		    r->addr_not ? "!" : "", r->addr_lo, r->addr_hi);
	}
	if (!rnd(3))
		for (i = 0; i < 3; i++)
			if (rnd(2)) {
				r->states |= 1 << i;
				put(r, n, "state %s", states[i]);
			}
	if (!rnd(6)) {
		r->ttl = 5 + rnd(2);
		put(r, n, "ttl eq %d", r->ttl);
	}
	if (!rnd(8)) {
		r->limit = true;
		put(r, n, "limit rate 1/hour");
	}
}

static bool holds(const struct rnd_rule *r, const struct packet *p)
{
	if (r->protos && !(r->protos >> p->proto & 1))
		return false;
	if (r->port_lo && (p->proto > UDP ||
			   (p->port >= r->port_lo && p->port <= r->port_hi) == r->port_not))
		return false;
	if (r->addr_lo && (p->addr >= r->addr_lo && p->addr <= r->addr_hi) == r->addr_not)
		return false;
	if (r->states && !(r->states >> p->state & 1))
		return false;
	if (r->syn >= 0 && (p->proto != TCP || p->syn != r->syn))
		return false;
	return !r->ttl || p->ttl == r->ttl;
}

/* Which rules does some packet get to and match? */
static unsigned int matched(const struct rnd_rule *rules, int n)
{
	unsigned int out = 0;
	struct packet p;

	for (p.proto = 0; p.proto < PROTOS; p.proto++)
	for (p.port = LO; p.port <= (p.proto > UDP ? LO : HI); p.port++)
	for (p.addr = LO; p.addr <= HI; p.addr++)
	for (p.state = 0; p.state < 4; p.state++)
	for (p.syn = 0; p.syn < (p.proto == TCP ? 2 : 1); p.syn++)
	for (p.ttl = 5; p.ttl <= 7; p.ttl++)
		for (int i = 0; i < n; i++)
			if (holds(&rules[i], &p)) {
				out |= 1U << i;
				if (rules[i].final && !rules[i].limit)
					break;
			}
	return out;
}

/*
 * Every finding is true. Every rule no packet matches is found, but where a
 * match that is no set of packets (ttl) had to be looked into to know.
 */
static void brute_force(void **state)
{
	int found = 0, missed = 0;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct rnd_rule rules[7];
		struct job j = { 0 };
		unsigned int live, told = 0, folded = 0;
		bool ttl = false;
		int n = 2 + rnd(6);

		for (int i = 0; i < n; i++) {
			make(&rules[i], i + 1);
			job_text(&j, rules[i].text);
			ttl |= rules[i].ttl;
		}
		job_text(&j, ZONES "set firewall zone B from A firewall name R\n");
		assert_non_null(job_compile(&j, 0));
		live = matched(rules, n);
		for (size_t i = 0; i < j.diag.n; i++) {
			const char *m = j.diag.entries[i].message;
			unsigned int rule, a, b, c, more;

			if (sscanf(m, "rule %u of R can never", &rule) == 1)
				told |= 1U << (rule - 1);
			else if (sscanf(m, "rules %u, %u, %u and %u more of R can", &a, &b, &c, &more) == 4)
				told |= ((1U << n) - 1) & ~((1U << (a - 1)) - 1);
			else if (sscanf(m, "rules %u, %u, %u of R can", &a, &b, &c) == 3)
				told |= 1U << (a - 1) | 1U << (b - 1) | 1U << (c - 1);
			else if (sscanf(m, "rules %u, %u of R can", &a, &b) == 2)
				told |= 1U << (a - 1) | 1U << (b - 1);
			else if (sscanf(m, "%u rules can never match", &a) == 1)
				folded = a;
		}
		if (folded) {
			/* those behind a rule that matches all are told apart */
			unsigned int dead = (unsigned int)__builtin_popcount(~live & ((1U << n) - 1) & ~told);

			if (ttl ? folded > dead : folded != dead)
				fail_msg("round %d: %u rules told, %u are dead", round, folded, dead);
			found += (int)folded;
		} else if ((told & live) || (!ttl && told != (~live & ((1U << n) - 1)))) {
			for (int i = 0; i < n; i++)
				fputs(rules[i].text, stderr);
			zpf_diag_print(&j.diag, stderr);
			fail_msg("round %d: told %x, dead %x", round, told,
				 ~live & ((1U << n) - 1));
		}
		found += __builtin_popcount(told);
		missed += !folded ? __builtin_popcount(~live & ((1U << n) - 1) & ~told) : 0;
		job_end(&j);
	}
	print_message("# %d dead rules found, %d with a ttl missed\n", found, missed);
	assert_true(found > 1000);
}

/* Ten thousand rules in two seconds; what would take longer is told as undecided. */
static void patience(void **state)
{
	struct job j = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	clock_t t0;

	(void)state;
	for (int i = 1; i <= 2000; i++)
		fprintf(out, R(%d, "action accept") R(%d, "protocol tcp_udp")
			R(%d, "source address 10.%d.0.0-10.%d.255.255")
			R(%d, "destination address 10.%d.0.0-10.%d.255.255")
			R(%d, "destination port %d-%d") R(%d, "source port %d-%d"),
			i, i, i, rnd(100), 100 + rnd(100), i, rnd(100), 100 + rnd(100),
			i, rnd(30000), 30000 + rnd(30000), i, rnd(30000), 30000 + rnd(30000));
	fclose(out);
	job_text(&j, text);
	free(text);
	job_text(&j, ZONES);
	t0 = clock();
	assert_non_null(job_compile(&j, ZPF_COMPILE_PATIENT));
	/* with the sanitizers, several times what it takes without */
	assert_true(clock() - t0 < 20 * CLOCKS_PER_SEC);
	print_message("# 2000 rules that all overlap: %ld ms\n",
		      (long)((clock() - t0) * 1000 / CLOCKS_PER_SEC));
	for (size_t i = 0; i < j.diag.n; i++)
		if (strstr(j.diag.entries[i].message, "would take too long to find out"))
			len = 0;
	assert_int_equal(len, 0);
	job_end(&j);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 3];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = said, .initial_state = (void *)&rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(addresses6);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(brute_force);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(patience);
	return _cmocka_run_group_tests("shadow", tests, n, NULL, NULL);
}
