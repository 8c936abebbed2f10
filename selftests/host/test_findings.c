// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every finding about every sample configuration, held against golden files that
 * a person has read: a lint that says more, or less, shows here.
 */
#include "test.h"

/* What is loaded together, as an operator would. */
static const struct {
	const char *name, *files[2];
} sets[] = {
	{ "branch-office", { "branch-office.set" } },
	{ "home-router", { "home-router.set" } },
	{ "home-router-with-vpn", { "home-router.set", "iot-vpn-change.set" } },
	{ "ipsec-gateway", { "ipsec-gateway.set" } },
	{ "ipsec-relay", { "ipsec-relay.boot" } },
};

static void findings(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct job j = { 0 };
		char path[160], *have = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&have, &len);

		for (size_t k = 0; k < 2 && sets[i].files[k]; k++) {
			snprintf(path, sizeof(path), CONFIGS "%s", sets[i].files[k]);
			job_file(&j, path);
		}
		assert_non_null(job_compile(&j, ZPF_COMPILE_SKIP_UNENFORCED));
		for (size_t k = 0; k < j.diag.n; k++) {
			const struct zpf_diag_entry *e = &j.diag.entries[k];

			fprintf(out, "%s %s:%u:%u: %s\n",
				e->severity == ZPF_DIAG_ERROR ? "error" : "warning",
				e->where.file ? e->where.file + strlen(CONFIGS) : "-",
				e->where.line, e->where.col, e->message);
			if (e->path)
				fprintf(out, "\tpath: %s\n", e->path);
			if (e->witness)
				fprintf(out, "\twitness: %s\n", e->witness);
		}
		fclose(out);
		snprintf(path, sizeof(path), "golden/%s.findings", sets[i].name);
		job_golden(path, have);
		free(have);
		job_end(&j);
	}
}

/* ---- VPNs that pass by half ---- */

#define U(n, ports) "set firewall ipv4 name R rule " #n " action accept\n"	\
	"set firewall ipv4 name R rule " #n " protocol udp\n"			\
	"set firewall ipv4 name R rule " #n " destination port " ports "\n"

static const struct row {
	const char *name, *text, *said;
} vpns[] = {
	{ "IKE alone", U(1, "500"),
	  "rule 1 of R accepts udp 500 (IKE), and nothing accepts udp 4500 (IPsec through NAT) or esp: the tunnel comes up" },
	{ "IKE and ESP to another peer", U(1, "500")
	  "set firewall ipv4 name R rule 1 destination address 192.0.2.1\n"
	  "set firewall ipv4 name R rule 2 action accept\nset firewall ipv4 name R rule 2 protocol esp\n"
	  "set firewall ipv4 name R rule 2 destination address 192.0.2.2\n", "nothing accepts udp 4500 (IPsec through NAT) or esp" },
	{ "IKE and both ways of data", U(1, "500,4500"), NULL },
	{ "ESP alone", "set firewall ipv4 name R rule 2 action accept\nset firewall ipv4 name R rule 2 protocol esp\n", "rule 2 of R accepts esp, and nothing accepts udp 500 (IKE): no keys" },
	{ "GlobalProtect without its login", U(1, "4501"), "nothing accepts tcp 443: nobody can log in" },
	{ "IKE in a wide range of ports", U(1, "1-1023"), NULL },
	{ "IKE and a jump that may accept the rest", U(1, "500")
	  "set firewall ipv4 name R rule 2 action jump\nset firewall ipv4 name R rule 2 jump-target S\n"
	  "set firewall ipv4 name S default-log\n", NULL },
};

static void vpn(void **state)
{
	const struct row *row = *state;
	bool found = false;
	struct job j = { 0 };

	job_text(&j, row->text);
	job_text(&j, "set firewall zone A member interface eth0\n"
		 "set firewall zone B member interface eth1\n"
		 "set firewall zone B from A firewall name R\n");
	if (!job_compile(&j, 0)) {
		zpf_diag_print(&j.diag, stderr);
		fail();
	}
	for (size_t i = 0; i < j.diag.n; i++)
		found |= strstr(j.diag.entries[i].message,
				row->said ? row->said : "accepts udp") ||
			(!row->said && strstr(j.diag.entries[i].message, "accepts esp"));
	if (found != !!row->said) {
		zpf_diag_print(&j.diag, stderr);
		fail_msg("expected: %s", row->said ? row->said : "nothing of a VPN");
	}
	job_end(&j);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(vpns) + 1];
	size_t n = 0;

	tests[n++] = (struct CMUnitTest)cmocka_unit_test(findings);
	for (size_t i = 0; i < ARRAY_LEN(vpns); i++)
		tests[n++] = (struct CMUnitTest){ .name = vpns[i].name,
			.test_func = vpn, .initial_state = (void *)&vpns[i] };
	return _cmocka_run_group_tests("findings", tests, n, NULL, NULL);
}
