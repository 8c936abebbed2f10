// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spellings of VyOS 1.3 and early 1.4: each row's text must print as today's.
 */
#include "test.h"

#include "load.h"
#include "wire.h"

struct row {
	const char *name, *text, *canonical;
};

#define A "set firewall ipv4 name A "
#define A6 "set firewall ipv6 name A "
#define F4 "set firewall ipv4 forward filter "

static const struct row rows[] = {
	{ "zone-policy", "set zone-policy zone LAN interface eth1\nset zone-policy zone LAN from WAN firewall name A\n",
	  "set firewall zone LAN from WAN firewall name 'A'\nset firewall zone LAN member interface 'eth1'\n" },
	{ "zone-policy in braces", "zone-policy {\n    zone LAN {\n        interface eth1\n        local-zone\n    }\n}\n",
	  "set firewall zone LAN local-zone\nset firewall zone LAN member interface 'eth1'\n" },
	{ "zone interface", "set firewall zone LAN interface eth1\n", "set firewall zone LAN member interface 'eth1'\n" },
	{ "firewall name", "set firewall name A default-action drop\n", A "default-action 'drop'\n" },
	{ "firewall ipv6-name", "set firewall ipv6-name A default-action drop\n", A6 "default-action 'drop'\n" },
	{ "firewall name in braces", "firewall {\n name A {\n enable-default-log\n rule 10 {\n action accept\n state {\n established enable\n"
	  " related enable\n new disable\n }\n log enable\n }\n }\n}\n",
	  A "default-log\n" A "rule 10 action 'accept'\n" A "rule 10 log\n" A "rule 10 state 'established'\n" A "rule 10 state 'related'\n" },
	{ "enable-default-log", A "enable-default-log\n", A "default-log\n" },
	{ "log enable", A "rule 1 log enable\n", A "rule 1 log\n" },
	{ "log disable takes back", A "rule 1 action drop\n" A "rule 1 log\n" A "rule 1 log disable\n", A "rule 1 action 'drop'\n" },
	{ "log disable alone", A "rule 1 action drop\n" A "rule 1 log disable\n", A "rule 1 action 'drop'\n" },
	{ "state enable", A "rule 1 state new enable\n", A "rule 1 state 'new'\n" },
	{ "state disable", A "rule 1 action drop\n" A "rule 1 state new disable\n", A "rule 1 action 'drop'\n" },
	{ "state policy at the top", "set firewall state-policy established action accept\nset firewall state-policy invalid log enable\n",
	  "set firewall global-options state-policy established action 'accept'\nset firewall global-options state-policy invalid log\n" },
	{ "state policy log disable", "set firewall state-policy invalid action drop\nset firewall state-policy invalid log disable\n",
	  "set firewall global-options state-policy invalid action 'drop'\n" },
	{ "state policy of early 1.4", "set firewall global-options state-policy invalid action drop\n"
	  "set firewall global-options state-policy invalid log enable\nset firewall global-options state-policy related action accept\n"
	  "set firewall global-options state-policy related log disable\n",
	  "set firewall global-options state-policy invalid action 'drop'\nset firewall global-options state-policy invalid log\n"
	  "set firewall global-options state-policy related action 'accept'\n" },
	{ "options at the top", "set firewall all-ping enable\n", "set firewall global-options all-ping 'enable'\n" },
	{ "interface-name", A "rule 1 inbound-interface interface-name eth0\n", A "rule 1 inbound-interface name 'eth0'\n" },
	{ "interface-group", A "rule 1 outbound-interface interface-group G\n", A "rule 1 outbound-interface group 'G'\n" },
	{ "ipsec", A "rule 1 ipsec match-ipsec\n" A "rule 2 ipsec match-none\n",
	  A "rule 1 ipsec match-ipsec-in\n" A "rule 2 ipsec match-none-in\n" },
	{ "icmpv6 type by name", A6 "rule 1 icmpv6 type echo-request\n", A6 "rule 1 icmpv6 type-name 'echo-request'\n" },
	{ "icmpv6 type with code", A6 "rule 1 icmpv6 type 1/4\n", A6 "rule 1 icmpv6 code '4'\n" A6 "rule 1 icmpv6 type '1'\n" },
	{ "tcp flags list", A "rule 1 tcp flags SYN,!ACK,!RST\n", A "rule 1 tcp flags not ack\n" A "rule 1 tcp flags not rst\n"
	  A "rule 1 tcp flags syn\n" },
	{ "ipv6 groups", A6 "rule 1 source group ipv6-network-group N\n" A6 "rule 1 destination group ipv6-address-group N\n",
	  A6 "rule 1 destination group address-group 'N'\n" A6 "rule 1 source group network-group 'N'\n" },
	{ "dynamic ipv6 groups", A6 "rule 1 source group dynamic-ipv6-address-group N\n", A6 "rule 1 source group dynamic-address-group 'N'\n" },
	{ "config-trap", "set firewall config-trap disable\n" A "default-action drop\n", A "default-action 'drop'\n" },
	{ "config-trap below global-options", "set firewall global-options config-trap disable\n" A "default-log\n", A "default-log\n" },
	{ "bound in", "set interfaces ethernet eth0 firewall in name A\n",
	  "set firewall ipv4 forward filter rule 5 action 'jump'\n"
	  "set firewall ipv4 forward filter rule 5 inbound-interface name 'eth0'\n"
	  "set firewall ipv4 forward filter rule 5 jump-target 'A'\n" },
	{ "bound to a VLAN, local, v6", "set interfaces ethernet eth0 vif 10 firewall local ipv6-name A\n",
	  "set firewall ipv6 input filter rule 5 action 'jump'\n"
	  "set firewall ipv6 input filter rule 5 inbound-interface name 'eth0.10'\n"
	  "set firewall ipv6 input filter rule 5 jump-target 'A'\n" },
	{ "bound in braces", "interfaces {\n  ethernet eth0 {\n    address dhcp\n    vif-s 2 {\n      vif-c 3 {\n        firewall {\n"
	  "          out {\n            name A\n          }\n        }\n      }\n    }\n  }\n}\n",
	  "set firewall ipv4 forward filter rule 5 action 'jump'\n"
	  "set firewall ipv4 forward filter rule 5 jump-target 'A'\n"
	  "set firewall ipv4 forward filter rule 5 outbound-interface name 'eth0.2.3'\n" },
	{ "bound twice is once, the next gets its own", "set firewall interface eth0 in name A\nset firewall interface eth0 in name A\n"
	  "set firewall interface eth1 in name A\n",
	  "set firewall ipv4 forward filter rule 5 action 'jump'\n"
	  "set firewall ipv4 forward filter rule 5 inbound-interface name 'eth0'\n"
	  "set firewall ipv4 forward filter rule 5 jump-target 'A'\n"
	  "set firewall ipv4 forward filter rule 10 action 'jump'\n"
	  "set firewall ipv4 forward filter rule 10 inbound-interface name 'eth1'\n"
	  "set firewall ipv4 forward filter rule 10 jump-target 'A'\n" },
	{ "bound in and out: accept is written as return", "set firewall name A rule 1 action accept\n"
	  "set firewall name A rule 2 action drop\nset firewall name B default-action accept\n"
	  "set firewall name C rule 1 action accept\nset firewall ipv6-name A rule 1 action accept\n"
	  "set interfaces ethernet eth0 firewall out name B\nset interfaces ethernet eth0 firewall in name A\n"
	  "set interfaces ethernet eth0 firewall local name C\nset interfaces ethernet eth0 firewall in ipv6-name A\n",
	  F4 "rule 5 action 'jump'\n" F4 "rule 5 jump-target 'B'\n" F4 "rule 5 outbound-interface name 'eth0'\n"
	  F4 "rule 10 action 'jump'\n" F4 "rule 10 inbound-interface name 'eth0'\n" F4 "rule 10 jump-target 'A'\n"
	  "set firewall ipv4 input filter rule 5 action 'jump'\n"
	  "set firewall ipv4 input filter rule 5 inbound-interface name 'eth0'\n"
	  "set firewall ipv4 input filter rule 5 jump-target 'C'\n"
	  A "rule 1 action 'return'\n" A "rule 2 action 'drop'\n"
	  "set firewall ipv4 name B default-action 'return'\n" "set firewall ipv4 name C rule 1 action 'accept'\n"
	  "set firewall ipv6 forward filter rule 5 action 'jump'\n"
	  "set firewall ipv6 forward filter rule 5 inbound-interface name 'eth0'\n"
	  "set firewall ipv6 forward filter rule 5 jump-target 'A'\n"
	  A6 "rule 1 action 'accept'\n" },
	{ "bound before it is written, in braces", "interfaces {\n ethernet eth0 {\n  vif 7 {\n   firewall {\n    in {\n     name A\n    }\n"
	  "    out {\n     name B\n    }\n   }\n  }\n }\n}\nfirewall {\n name A {\n  default-action accept\n }\n name B {\n"
	  "  default-action reject\n }\n}\n",
	  F4 "rule 5 action 'jump'\n" F4 "rule 5 inbound-interface name 'eth0.7'\n" F4 "rule 5 jump-target 'A'\n"
	  F4 "rule 10 action 'jump'\n" F4 "rule 10 jump-target 'B'\n" F4 "rule 10 outbound-interface name 'eth0.7'\n"
	  A "default-action 'return'\n" "set firewall ipv4 name B default-action 'reject'\n" },
	{ "base chains of today are left alone", A "default-action accept\n" F4 "rule 5 action jump\n" F4 "rule 5 jump-target A\n"
	  F4 "rule 5 inbound-interface name eth0\n" F4 "rule 6 action jump\n" F4 "rule 6 jump-target A\n"
	  F4 "rule 6 outbound-interface name eth1\n",
	  F4 "rule 5 action 'jump'\n" F4 "rule 5 inbound-interface name 'eth0'\n" F4 "rule 5 jump-target 'A'\n"
	  F4 "rule 6 action 'jump'\n" F4 "rule 6 jump-target 'A'\n" F4 "rule 6 outbound-interface name 'eth1'\n"
	  A "default-action 'accept'\n" },
	{ "a password is no binding", "set interfaces pppoe pppoe0 authentication password firewall\n" A "default-log\n", A "default-log\n" },
	{ "log-level", A "rule 1 log-level info\n", A "rule 1 log-options level 'info'\n" },
	{ "unbound", "set interfaces ethernet eth0 firewall in name A\ndelete interfaces ethernet eth0 firewall in name A\n"
	  A "default-action drop\n", A "default-action 'drop'\n" },
	{ "deleted by the old name", "set firewall name A rule 1 log enable\nset firewall name A rule 1 action drop\n"
	  "delete firewall name A rule 1 log enable\n", A "rule 1 action 'drop'\n" },
	{ "zone deleted by the old name", A "default-action drop\nset zone-policy zone X local-zone\ndelete zone-policy zone X\n",
	  A "default-action 'drop'\n" },
};

static void becomes(void **state)
{
	const struct row *row = *state;
	struct job j = { 0 };
	char *text;

	job_text(&j, row->text);
	if (j.ret)
		zpf_diag_print(&j.diag, stderr);
	assert_int_equal(j.ret, 0);
	text = job_emit(&j, ZPF_FORM_SET, 0);
	assert_string_equal(text, row->canonical);
	free(text);
	job_end(&j);
}

static void config_trap_warns(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "set firewall config-trap enable\n");
	job_expect(&j, ZPF_DIAG_WARNING, 1, 14, "config-trap is ignored");
	job_end(&j);
}

/* A later text in 1.3 spelling cannot take back what the bindings need. */
static void bindings_outlive_a_merge(void **state)
{
	struct job j = { 0 };
	char *text;

	(void)state;
	job_text(&j, "set firewall name A rule 1 action accept\n"
		 "set interfaces ethernet eth0 firewall in name A\n");
	assert_int_equal(j.diag.n, 0);
	/* a second text binds the other direction */
	job_text(&j, "set firewall name B default-action drop\n"
		 "set interfaces ethernet eth1 firewall out name B\n");
	job_expect(&j, ZPF_DIAG_WARNING, 2, 48, "accept is written as return in A");
	/* and a third has another rule */
	job_text(&j, "set firewall name B rule 7 action accept\n");
	job_expect(&j, ZPF_DIAG_WARNING, 1, 35, "accept is written as return in B");
	text = job_emit(&j, ZPF_FORM_SET, 0);
	assert_null(strstr(text, "'accept'"));
	free(text);
	assert_non_null(job_compile(&j, 0));
	job_end(&j);
}

/* A 1.3 router as it was written, brace form and vyatta footer. */
static void whole_old_router(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "firewall {\n"
		 "    all-ping enable\n"
		 "    name OUTSIDE-IN {\n"
		 "        default-action drop\n"
		 "        enable-default-log\n"
		 "        rule 10 {\n"
		 "            action accept\n"
		 "            state {\n"
		 "                established enable\n"
		 "                related enable\n"
		 "            }\n"
		 "        }\n"
		 "    }\n"
		 "    state-policy {\n"
		 "        invalid {\n"
		 "            action drop\n"
		 "        }\n"
		 "    }\n"
		 "}\n"
		 "interfaces {\n"
		 "    ethernet eth0 {\n"
		 "        address dhcp\n"
		 "        firewall {\n"
		 "            in {\n"
		 "                name OUTSIDE-IN\n"
		 "            }\n"
		 "            local {\n"
		 "                name OUTSIDE-IN\n"
		 "            }\n"
		 "        }\n"
		 "    }\n"
		 "}\n"
		 "/* Warning: Do not remove the following line. */\n"
		 "/* === vyatta-config-version: \"firewall@5:zone-policy@1\" === */\n"
		 "/* Release version: 1.2.9 */\n");
	assert_int_equal(j.ret, 0);
	assert_non_null(job_compile(&j, ZPF_COMPILE_SKIP_UNENFORCED));
	assert_int_equal(j.policy->n_chains, 2);
	assert_int_equal(j.policy->n_rules, 3);
	job_end(&j);
}

/* ---- one firewall, as three versions write it ---- */

static const char rolling[] =
	"set firewall global-options state-policy established action 'accept'\n"
	"set firewall global-options state-policy invalid action 'drop'\n"
	"set firewall global-options state-policy invalid log\n"
	"set firewall group address-group SRV address '10.0.0.1'\n"
	"set firewall group address-group SRV address '10.0.0.5-10.0.0.9'\n"
	"set firewall group ipv6-network-group N6 network '2001:db8::/32'\n"
	"set firewall group port-group WEB port '8080-8090'\n"
	"set firewall group port-group WEB port 'https'\n"
	"set firewall ipv4 name LAN_WAN default-action 'drop'\n"
	"set firewall ipv4 name LAN_WAN default-log\n"
	"set firewall ipv4 name LAN_WAN description 'it'\\''s \"old\"'\n"
	"set firewall ipv4 name LAN_WAN rule 10 action 'accept'\n"
	"set firewall ipv4 name LAN_WAN rule 10 state 'established'\n"
	"set firewall ipv4 name LAN_WAN rule 10 state 'related'\n"
	"set firewall ipv4 name LAN_WAN rule 20 action 'accept'\n"
	"set firewall ipv4 name LAN_WAN rule 20 destination group address-group 'SRV'\n"
	"set firewall ipv4 name LAN_WAN rule 20 destination group port-group 'WEB'\n"
	"set firewall ipv4 name LAN_WAN rule 20 log\n"
	"set firewall ipv4 name LAN_WAN rule 20 protocol 'tcp'\n"
	"set firewall ipv4 name LAN_WAN rule 20 tcp flags not ack\n"
	"set firewall ipv4 name LAN_WAN rule 20 tcp flags syn\n"
	"set firewall ipv4 name LAN_WAN rule 30 action 'return'\n"
	"set firewall ipv4 name LAN_WAN rule 30 protocol '2'\n"
	"set firewall ipv4 name LAN_WAN rule 40 action 'reject'\n"
	"set firewall ipv4 name LAN_WAN rule 40 disable\n"
	"set firewall ipv6 name LAN6_WAN rule 10 action 'accept'\n"
	"set firewall ipv6 name LAN6_WAN rule 10 icmpv6 type-name 'echo-request'\n"
	"set firewall ipv6 name LAN6_WAN rule 10 protocol 'ipv6-icmp'\n"
	"set firewall ipv6 name LAN6_WAN rule 10 source group network-group 'N6'\n"
	"set firewall zone LAN member interface 'eth1'\n"
	"set firewall zone LOCAL local-zone\n"
	"set firewall zone WAN default-action 'reject'\n"
	"set firewall zone WAN from LAN firewall ipv6-name 'LAN6_WAN'\n"
	"set firewall zone WAN from LAN firewall name 'LAN_WAN'\n"
	"set firewall zone WAN member interface 'eth0'\n";

/* a script somebody kept: any order, any quotes, comments, blanks */
static const char v14[] =
	"#!/bin/vbash\n"
	"source /opt/vyatta/etc/functions/script-template\n"
	"configure\n"
	"# zones first\n"
	"set firewall zone WAN from LAN firewall ipv6-name LAN6_WAN   # uses what comes later\n"
	"set firewall zone WAN from LAN firewall name \"LAN_WAN\"\n"
	"set firewall zone WAN interface 'eth0'\t\n"
	"set firewall zone WAN default-action reject\r\n"
	"set firewall zone LOCAL local-zone   \n"
	"  set firewall zone LAN interface eth1\n"
	"\n"
	"set firewall ipv6-name LAN6_WAN rule 10 source group ipv6-network-group N6\n"
	"set firewall ipv6-name LAN6_WAN rule 10 protocol ipv6-icmp\n"
	"set firewall ipv6-name LAN6_WAN rule 10 icmpv6 type echo-request\n"
	"set firewall ipv6-name LAN6_WAN rule 10 action accept\n"
	"set firewall name LAN_WAN rule 40 disable \n"
	"set firewall name LAN_WAN rule 40 action reject\n"
	"set firewall name LAN_WAN rule 20 tcp flags 'SYN,!ACK'\n"
	"set firewall name LAN_WAN rule 20 protocol \"tcp\"\n"
	"set firewall name LAN_WAN rule 20 log enable\n"
	"set firewall name LAN_WAN rule 20 destination group port-group WEB\n"
	"set firewall name LAN_WAN rule 20 destination group address-group SRV\n"
	"set firewall name LAN_WAN rule 20 action accept\n"
	"set firewall name LAN_WAN rule 30 protocol 2\n"
	"set firewall name LAN_WAN rule 30 action return\n"
	"set firewall name LAN_WAN rule 10 state related enable\n"
	"set firewall name LAN_WAN rule 10 state established enable\n"
	"set firewall name LAN_WAN rule 10 state invalid disable\n"
	"set firewall name LAN_WAN rule 10 action accept\n"
	"set firewall name LAN_WAN enable-default-log\n"
	"set firewall name LAN_WAN default-action drop\n"
	"set firewall name LAN_WAN description \"it's \\\"old\\\"\"\n"
	"set firewall group port-group WEB port 8080-8090\n"
	"set firewall group port-group WEB port https\n"
	"set firewall group port-group WEB port https\n"
	"set firewall group ipv6-network-group N6 network 2001:db8::/32\n"
	"set firewall group address-group SRV address 10.0.0.5-10.0.0.9\n"
	"set firewall group address-group SRV address 10.0.0.1\n"
	"set firewall state-policy invalid log enable\n"
	"set firewall state-policy invalid action drop\n"
	"set firewall state-policy established action accept\n"
	"set firewall state-policy established log disable\n"
	"commit; save\ncommit ; save\ncommit\nsave;\nexit\n";

/* config.boot of 1.3 */
static const char v13[] =
	"firewall {\n"
	"    config-trap disable\n"
	"    group {\n"
	"        address-group SRV {\n"
	"            address 10.0.0.1\n"
	"            address 10.0.0.5-10.0.0.9\n"
	"        }\n"
	"        ipv6-network-group N6 {\n"
	"            network 2001:db8::/32\n"
	"        }\n"
	"        port-group WEB {\n"
	"            port https\n"
	"            port 8080-8090\n"
	"        }\n"
	"    }\n"
	"    ipv6-name LAN6_WAN {\n"
	"        rule 10 {\n"
	"            action accept\n"
	"            icmpv6 {\n"
	"                type echo-request\n"
	"            }\n"
	"            protocol ipv6-icmp\n"
	"            source {\n"
	"                group {\n"
	"                    ipv6-network-group N6\n"
	"                }\n"
	"            }\n"
	"        }\n"
	"    }\n"
	"    name LAN_WAN { /* towards the world */\n"
	"        default-action drop\n"
	"        description \"it's \\\"old\\\"\"\n"
	"        enable-default-log\n"
	"        rule 10 {\n"
	"            action accept\n"
	"            state {\n"
	"                established enable\n"
	"                related enable\n"
	"            }\n"
	"        }\n"
	"        rule 20 {\n"
	"            action accept\n"
	"            destination {\n"
	"                group {\n"
	"                    address-group SRV\n"
	"                    port-group WEB\n"
	"                }\n"
	"            }\n"
	"            log enable\n"
	"            protocol tcp\n"
	"            tcp {\n"
	"                flags SYN,!ACK\n"
	"            }\n"
	"        }\n"
	"        rule 30 {\n"
	"            action return\n"
	"            protocol 2\n"
	"        }\n"
	"        rule 40 {\n"
	"            action reject\n"
	"            disable\n"
	"        }\n"
	"    }\n"
	"    state-policy {\n"
	"        established {\n"
	"            action accept\n"
	"        }\n"
	"        invalid {\n"
	"            action drop\n"
	"            log {\n"
	"                enable\n"
	"            }\n"
	"        }\n"
	"    }\n"
	"}\n"
	"interfaces {\n"
	"    ethernet eth0 {\n"
	"        address dhcp\n"
	"        hw-id 00:11:22:33:44:55\n"
	"    }\n"
	"}\n"
	"zone-policy {\n"
	"    zone LAN {\n"
	"        interface eth1\n"
	"    }\n"
	"    zone LOCAL {\n"
	"        local-zone\n"
	"    }\n"
	"    zone WAN {\n"
	"        default-action reject\n"
	"        from LAN {\n"
	"            firewall {\n"
	"                ipv6-name LAN6_WAN\n"
	"                name LAN_WAN\n"
	"            }\n"
	"        }\n"
	"        interface eth0\n"
	"    }\n"
	"}\n"
	"\n"
	"\n"
	"/* Warning: Do not remove the following line. */\n"
	"/* === vyatta-config-version: \"broadcast-relay@1:firewall@5:zone-policy@1\" === */\n"
	"/* Release version: 1.3.2 */\n";

static void three_versions_are_one_policy(void **state)
{
	static const char *const texts[] = { rolling, v14, v13 };
	struct job jobs[ARRAY_LEN(texts)] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char *text;

		job_text(&jobs[i], texts[i]);
		/* of config-trap in 1.3 alone there is something to say */
		assert_int_equal(jobs[i].diag.n, texts[i] == v13);
		assert_non_null(job_compile(&jobs[i], 0));
		text = job_emit(&jobs[i], ZPF_FORM_SET, 0);
		assert_string_equal(text, rolling);
		free(text);
		same_to_the_kernel(&jobs[0], &jobs[i]);
	}
	/* protocol 2 is IGMP */
	assert_int_equal(jobs[0].policy->tables[0].rules[2].proto[0], 2);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		job_end(&jobs[i]);
}

/* ---- every row of the table has a test above ---- */

static bool begins_so(const char *line, size_t len, const char *pattern)
{
	char *copy = strndup(line, len), *save = NULL, *word;
	bool fits = true;

	word = strtok_r(copy, " ", &save);	/* set, delete */
	while (fits && *pattern) {
		size_t l = strcspn(pattern, " ");
		char *one = strndup(pattern, l), *rest = one, *alt;

		word = strtok_r(NULL, " ", &save);
		fits = word && (!strcmp(one, "*") || !strcmp(one, "<name>"));
		while (word && !fits && (alt = strsep(&rest, "|")))
			fits = !strcmp(alt, word);
		free(one);
		pattern += l + !!pattern[l];
	}
	free(copy);
	return fits;
}

static void row_is_tested(void *arg, const char *from, const char *to)
{
	(void)to;
	for (size_t i = 0; i <= ARRAY_LEN(rows); i++) {
		const char *s = i < ARRAY_LEN(rows) ? rows[i].text : v14;

		for (; *s; s = strchrnul(s, '\n'), s += !!*s)
			if (begins_so(s, strcspn(s, "\n"), from)) {
				++*(size_t *)arg;
				return;
			}
	}
	fail_msg("no test has: set %s", from);
}

static void every_spelling_is_tested(void **state)
{
	size_t n = 0;

	(void)state;
	zpf_old_each(row_is_tested, &n);
	assert_true(n > 15);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_LEN(rows) + 5];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = becomes, .initial_state = (void *)&rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(config_trap_warns);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(bindings_outlive_a_merge);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(whole_old_router);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(three_versions_are_one_policy);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_spelling_is_tested);
	return _cmocka_run_group_tests("old", tests, n, NULL, NULL);
}
