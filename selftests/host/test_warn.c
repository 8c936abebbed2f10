// SPDX-License-Identifier: GPL-2.0-only
/*
 * Warnings: what `check` says about a configuration that loads, and what it
 * does not say.
 */
#include "test.h"

/* two zones and, in both directions, rulesets of both families */
#define ZONES "set firewall zone A member interface eth0\n" \
	"set firewall zone B member interface eth1\n"
#define ESTABLISHED "set firewall global-options state-policy established action accept\n"

struct row {
	const char *name, *text;
	unsigned int line, col;
	const char *part;	/* NULL: no warning at all */
};

static const struct row rows[] = {
	{ "silent default drop", "set firewall ipv4 name R default-action drop\n" ESTABLISHED ZONES
	  "set firewall zone B from A firewall name R\nset firewall zone B default-firewall ipv6-name S\n"
	  "set firewall ipv6 name S default-log\n", 1, 24,
	  "ruleset R drops by default without default-log (used from A to B)" },
	{ "silent default of a zone", "set firewall ipv4 name R rule 1 action accept\n" ESTABLISHED ZONES
	  "set firewall zone B default-firewall name R\n", 1, 24, "(used into zone B)" },
	{ "silent default by a jump", "set firewall ipv4 name R\n" ESTABLISHED ZONES
	  "set firewall ipv4 forward filter rule 1 action jump\n"
	  "set firewall ipv4 forward filter rule 1 jump-target R\n", 1, 24, "(used by a jump)" },
	{ "several users", "set firewall ipv4 name R\n" ESTABLISHED ZONES "set firewall zone C member interface eth2\n"
	  "set firewall zone B from A firewall name R\nset firewall zone C from A firewall name R\n"
	  "set firewall zone A from B firewall name R\n", 1, 24, "(used from B to A and 2 more pairs)" },
	{ "unused ruleset is silent", "set firewall ipv4 name R\n" ZONES, 0, 0, NULL },
	{ "accepting default is silent", "set firewall ipv4 name R default-action accept\n" ESTABLISHED ZONES
	  "set firewall zone B default-firewall name R\n", 0, 0, NULL },
	{ "no twin", "set firewall ipv4 name R default-log\n" ESTABLISHED ZONES
	  "set firewall zone B from A firewall name R\n", 5, 42,
	  "from A to B there is an IPv4 ruleset and no IPv6 one" },
	{ "replies of a pair", "set firewall ipv4 name R default-action accept\n"
	  "set firewall ipv6 name S default-log\n" ZONES
	  "set firewall zone B from A firewall name R\nset firewall zone B from A firewall ipv6-name S\n", 5, 42,
	  "R accepts new IPv4 connections from A to B, but nothing accepts their replies from B to A" },
	{ "replies accepted by a rule", "set firewall ipv4 name R default-action accept\n"
	  "set firewall ipv4 name BACK rule 1 action accept\nset firewall ipv4 name BACK rule 1 state established\n"
	  "set firewall ipv4 name BACK default-log\nset firewall ipv6 name S default-log\n" ZONES
	  "set firewall zone B from A firewall name R\nset firewall zone B from A firewall ipv6-name S\n"
	  "set firewall zone A default-firewall name BACK\n", 0, 0, NULL },
	{ "replies accepted by a jump", "set firewall ipv4 name R default-action accept\n"
	  "set firewall ipv4 name EST rule 1 action accept\nset firewall ipv4 name EST rule 1 state established\n"
	  "set firewall ipv4 name EST default-action return\n"
	  "set firewall ipv4 name BACK rule 1 action jump\nset firewall ipv4 name BACK rule 1 jump-target EST\n"
	  "set firewall ipv4 name BACK default-log\nset firewall ipv6 name S default-log\n" ZONES
	  "set firewall zone B from A firewall name R\nset firewall zone B from A firewall ipv6-name S\n"
	  "set firewall zone A default-firewall name BACK\n", 0, 0, NULL },
	{ "replies not by new alone", "set firewall ipv4 name R default-action accept\n"
	  "set firewall ipv4 name BACK rule 1 action accept\nset firewall ipv4 name BACK rule 1 state new\n"
	  "set firewall ipv4 name BACK default-log\nset firewall ipv6 name S default-log\n" ZONES
	  "set firewall zone B from A firewall name R\nset firewall zone B from A firewall ipv6-name S\n"
	  "set firewall zone A default-firewall name BACK\n", 8, 42, "nothing accepts their replies" },
	{ "a time of two kinds", "set firewall ipv4 name R rule 1 action accept\n"
	  "set firewall ipv4 name R rule 1 time startdate 2026-12-01\n"
	  "set firewall ipv4 name R rule 1 time starttime 08:00\n"
	  "set firewall ipv4 name R rule 1 time stoptime 18:00\n" ZONES, 3, 48,
	  "of time starttime and stoptime one is the moment of its date" },
	{ "times of one kind are silent", "set firewall ipv4 name R rule 1 action accept\n"
	  "set firewall ipv4 name R rule 1 time startdate 2026-12-01T00:00\n"
	  "set firewall ipv4 name R rule 1 time starttime 08:00\n"
	  "set firewall ipv4 name R rule 1 time stoptime 18:00\n" ZONES, 0, 0, NULL },
	{ "empty group", "set firewall group port-group P\n" ZONES, 1, 31, "port-group P is empty" },
	{ "empty by an empty include", "set firewall group port-group P include Q\n"
	  "set firewall group port-group Q include R\nset firewall group port-group R description x\n" ZONES, 2, 31,
	  "port-group Q is empty" },
	{ "intra-zone one family", "set firewall ipv4 name R default-log\n" ZONES
	  "set firewall zone A intra-zone-filtering firewall name R\n", 4, 56, "names no ipv6 ruleset: IPv6 inside the zone is accepted" },
	{ "shadowed by a match-all", "set firewall ipv4 name R rule 5 action accept\n"
	  "set firewall ipv4 name R rule 5 protocol all\n"
	  "set firewall ipv4 name R rule 7 action drop\n" ZONES, 3, 31,
	  "rule 7 of R can never match: rule 5 in front matches everything" },
	{ "shadowed, many", "set firewall ipv4 name R rule 5 action accept\n"
	  "set firewall ipv4 name R rule 6 action drop\nset firewall ipv4 name R rule 7 action drop\n"
	  "set firewall ipv4 name R rule 8 action drop\nset firewall ipv4 name R rule 9 action drop\n" ZONES, 2, 31,
	  "rules 6, 7, 8 and 1 more of R" },
	{ "shadowed by the same", "set firewall ipv4 name R rule 5 action accept\nset firewall ipv4 name R rule 5 protocol tcp\n"
	  "set firewall ipv4 name R rule 7 action drop\nset firewall ipv4 name R rule 7 protocol tcp\n"
	  "set firewall ipv4 name R rule 7 log\n" ZONES, 3, 31, "rule 5 in front asks for the same" },
	{ "silent base chain", "set firewall ipv4 input filter default-action drop\n" ZONES, 1, 25,
	  "ipv4 input filter drops by default without default-log" },
	{ "IPsec without NAT-T", "set firewall ipv4 name R default-log\nset firewall ipv4 name R rule 1 action accept\n"
	  "set firewall ipv4 name R rule 1 protocol udp\nset firewall ipv4 name R rule 1 destination port isakmp\n"
	  "set firewall ipv4 name R rule 2 action accept\nset firewall ipv4 name R rule 2 protocol esp\n" ZONES ESTABLISHED
	  "set firewall zone L local-zone\nset firewall zone L from A firewall name R\n", 1, 24,
	  "R accepts IKE (UDP 500) and ESP to the router but not UDP 4500" },
	{ "level with group", "set firewall ipv4 name R rule 1 action drop\nset firewall ipv4 name R rule 1 protocol tcp\n"
	  "set firewall ipv4 name R rule 1 log\nset firewall ipv4 name R rule 1 log-options level info\n"
	  "set firewall ipv4 name R rule 1 log-options group 3\n" ZONES, 4, 51, "level means nothing with group" },
	{ "a limit shadows nothing", "set firewall ipv4 name R rule 5 action accept\nset firewall ipv4 name R rule 5 limit rate 5/second\n"
	  "set firewall ipv4 name R rule 7 action drop\nset firewall ipv4 name R rule 7 limit rate 5/second\n" ZONES, 0, 0, NULL },
	{ "continue shadows nothing", "set firewall ipv4 name R rule 5 action continue\n"
	  "set firewall ipv4 name R rule 7 action drop\n" ZONES, 0, 0, NULL },
	{ "a disabled rule shadows nothing", "set firewall ipv4 name R rule 5 action accept\nset firewall ipv4 name R rule 5 disable\n"
	  "set firewall ipv4 name R rule 7 action drop\n" ZONES, 0, 0, NULL },
};

static void warned(void **state)
{
	const struct row *row = *state;
	struct job j = { 0 };

	job_text(&j, row->text);
	if (!job_compile(&j, 0))
		zpf_diag_print(&j.diag, stderr);
	assert_non_null(j.policy);
	if (row->part) {
		job_expect(&j, ZPF_DIAG_WARNING, row->line, row->col, row->part);
	} else {
		if (j.diag.n)
			zpf_diag_print(&j.diag, stderr);
		assert_int_equal(j.diag.n, 0);
	}
	job_end(&j);
}

static void ipsec_gateway(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_file(&j, CONFIGS "ipsec-gateway.set");
	assert_non_null(job_compile(&j, 0));
	job_expect(&j, ZPF_DIAG_WARNING, 4, 24,
		   "WAN_LOCAL accepts IKE (UDP 500) and ESP to the router but not UDP 4500");
	job_end(&j);
}

static void home_router(void **state)
{
	const struct zpf_diag_entry *e;
	struct job j = { 0 };

	(void)state;
	job_file(&j, CONFIGS "home-router.set");
	assert_non_null(job_compile(&j, 0));
	e = job_expect(&j, ZPF_DIAG_WARNING, 22, 24,
		       "ruleset IOT_WAN drops by default without default-log (used from IOT to WAN)");
	assert_string_equal(e->path, "firewall ipv4 name IOT_WAN");
	/* many of a kind are one line with a number and three names */
	job_expect(&j, ZPF_DIAG_WARNING, 215, 0,
		   "30 pairs have an IPv4 ruleset and no IPv6 one: MGMT to DATA, WAN to DATA, MGMT to GUEST and 27 more");
	assert_int_equal(j.diag.n, 2);
	job_end(&j);
}

static bool said(const struct zpf_diag *d, const char *part)
{
	for (size_t i = 0; i < d->n; i++)
		if (strstr(d->entries[i].message, part))
			return true;
	return false;
}

static void interfaces(void **state)
{
	static const struct zpf_present list[] = {
		{ .name = "lo" },
		{ .name = "eth0", .dynamic = true },
		{ .name = "eth1" },
		{ .name = "eth1.10" },
		{ .name = "eth1.20", .master = "br0", .master_kind = "bridge" },
		{ .name = "br0" },
		{ .name = "eth5", .master = "br0", .master_kind = "bridge" },
		{ .name = "eth6", .master = "red", .master_kind = "vrf" },
		{ .name = "red" },
		{ .name = "eth9" },
	};
	struct zpf_diag diag = { 0 };
	struct job j = { 0 };

	(void)state;
	job_file(&j, CONFIGS "home-router.set");
	job_text(&j, "set firewall zone MGMT member vrf red\n");
	assert_non_null(job_compile(&j, 0));
	zpf_config_check_present(j.policy, list, ARRAY_LEN(list), &diag);
	assert_true(said(&diag, "4 members are not present: eth1.30, eth1.40, eth1.50 and 1 more"));
	assert_true(said(&diag, "interface eth9 is in no zone: packets between it and the zones or the router are dropped"));
	assert_true(said(&diag, "interface br0 is in no zone"));
	assert_true(said(&diag, "interface eth1.20 of zone VOICE is a port of the bridge br0"));
	assert_true(said(&diag, "interface eth0 gets its address by DHCP, and no rule from WAN to LOCAL accepts UDP port 68"));
	/* not of these: its master is judged, or it is a VRF, or loopback */
	assert_false(said(&diag, "interface eth5 "));
	assert_false(said(&diag, "interface eth6 "));
	assert_false(said(&diag, "interface red "));
	assert_false(said(&diag, "interface lo "));
	zpf_diag_free(&diag);

	job_text(&j, "set firewall ipv4 name WAN_LOCAL rule 30 action accept\n"
		 "set firewall ipv4 name WAN_LOCAL rule 30 protocol udp\n"
		 "set firewall ipv4 name WAN_LOCAL rule 30 destination port bootpc\n");
	assert_non_null(job_compile(&j, 0));
	zpf_config_check_present(j.policy, list, ARRAY_LEN(list), &diag);
	assert_false(said(&diag, "DHCP"));
	zpf_diag_free(&diag);
	job_end(&j);
}

/* Ports of whatever takes their packets, in one line; a bridge itself is fine. */
static void ports_are_not_members(void **state)
{
	static const struct zpf_present list[] = {
		{ .name = "eth0", .master = "br0", .master_kind = "bridge" },
		{ .name = "eth1", .master = "bond0", .master_kind = "bond" },
		{ .name = "eth2", .master = "team0", .master_kind = "team" },
		{ .name = "eth3", .master = "bond0", .master_kind = "bond" },
		{ .name = "br0" }, { .name = "bond0" }, { .name = "team0" },
	};
	struct zpf_diag diag = { 0 };
	struct job j = { 0 };

	(void)state;
	job_text(&j, "set firewall zone A member interface bond0\n"
		 "set firewall zone A member interface eth1\n"
		 "set firewall zone B member interface br0\nset firewall zone B member interface team0\n");
	assert_non_null(job_compile(&j, 0));
	zpf_config_check_present(j.policy, list, ARRAY_LEN(list), &diag);
	assert_int_equal(diag.n, 1);
	assert_true(said(&diag, "interface eth1 of zone A is a port of the bond bond0: its packets are judged as those of bond0"));
	assert_int_equal(diag.entries[0].where.line, 1);
	assert_string_equal(diag.entries[0].path, "firewall zone A");
	zpf_diag_free(&diag);

	job_text(&j, "set firewall zone B member interface eth*\n");
	assert_non_null(job_compile(&j, 0));
	zpf_config_check_present(j.policy, list, ARRAY_LEN(list), &diag);
	assert_int_equal(diag.n, 1);
	assert_true(said(&diag, "4 members are ports of a bridge or bond and never seen themselves: eth0, eth1, eth2 and 1 more"));
	zpf_diag_free(&diag);
	job_end(&j);
}

static void wildcards_are_members(void **state)
{
	static const struct zpf_present list[] = {
		{ .name = "eth0" }, { .name = "pppoe7" }, { .name = "eth1.40" },
		{ .name = "eth1.50" }, { .name = "eth1.51" }, { .name = "eth1.60" },
	};
	struct zpf_diag diag = { 0 };
	struct job j = { 0 };

	(void)state;
	job_file(&j, CONFIGS "branch-office.set");
	assert_non_null(job_compile(&j, 0));
	zpf_config_check_present(j.policy, list, ARRAY_LEN(list), &diag);
	assert_int_equal(diag.n, 2);
	assert_true(said(&diag, "VRF guests of zone GUESTS is not present"));
	assert_true(said(&diag, "interface eth1.60 is in no zone"));
	zpf_diag_free(&diag);
	job_end(&j);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_LEN(rows) + 5];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = warned, .initial_state = (void *)&rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(ipsec_gateway);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(home_router);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(interfaces);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(ports_are_not_members);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(wildcards_are_members);
	return _cmocka_run_group_tests("warn", tests, n, NULL, NULL);
}
