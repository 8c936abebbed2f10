// SPDX-License-Identifier: GPL-2.0-only
/*
 * Global options that are settings of the kernel: what each becomes, and
 * setting and reading them in a tree of files that stands for /proc/sys.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "test.h"
#include "sysctls.h"

#define G "set firewall global-options "
#define ZONE "set firewall zone Z member interface eth9\n"

static const struct {
	const char *option, *path, *value;
} rows[] = {
	{ "all-ping enable", "net/ipv4/icmp_echo_ignore_all", "0" },
	{ "all-ping disable", "net/ipv4/icmp_echo_ignore_all", "1" },
	{ "broadcast-ping enable", "net/ipv4/icmp_echo_ignore_broadcasts", "0" },
	{ "broadcast-ping disable", "net/ipv4/icmp_echo_ignore_broadcasts", "1" },
	{ "directed-broadcast enable", "net/ipv4/conf/*/bc_forwarding", "1" },
	{ "ip-src-route enable", "net/ipv4/conf/*/accept_source_route", "1" },
	{ "ip-src-route disable", "net/ipv4/conf/*/accept_source_route", "0" },
	{ "ipv6-receive-redirects disable", "net/ipv6/conf/*/accept_redirects", "0" },
	{ "ipv6-src-route enable", "net/ipv6/conf/*/accept_source_route", "0" },
	{ "ipv6-src-route disable", "net/ipv6/conf/*/accept_source_route", "-1" },
	{ "log-martians enable", "net/ipv4/conf/*/log_martians", "1" },
	{ "receive-redirects disable", "net/ipv4/conf/*/accept_redirects", "0" },
	{ "send-redirects enable", "net/ipv4/conf/*/send_redirects", "1" },
	{ "source-validation strict", "net/ipv4/conf/*/rp_filter", "1" },
	{ "source-validation loose", "net/ipv4/conf/*/rp_filter", "2" },
	{ "source-validation disable", "net/ipv4/conf/*/rp_filter", "0" },
	{ "syn-cookies enable", "net/ipv4/tcp_syncookies", "1" },
	{ "twa-hazards-protection enable", "net/ipv4/tcp_rfc1337", "1" },
	{ "timeout icmp 30", "net/netfilter/nf_conntrack_icmp_timeout", "30" },
	{ "timeout other 600", "net/netfilter/nf_conntrack_generic_timeout", "600" },
	{ "timeout tcp close 10", "net/netfilter/nf_conntrack_tcp_timeout_close", "10" },
	{ "timeout tcp close-wait 60", "net/netfilter/nf_conntrack_tcp_timeout_close_wait", "60" },
	{ "timeout tcp established 432000", "net/netfilter/nf_conntrack_tcp_timeout_established", "432000" },
	{ "timeout tcp fin-wait 120", "net/netfilter/nf_conntrack_tcp_timeout_fin_wait", "120" },
	{ "timeout tcp last-ack 30", "net/netfilter/nf_conntrack_tcp_timeout_last_ack", "30" },
	{ "timeout tcp syn-recv 60", "net/netfilter/nf_conntrack_tcp_timeout_syn_recv", "60" },
	{ "timeout tcp syn-sent 120", "net/netfilter/nf_conntrack_tcp_timeout_syn_sent", "120" },
	{ "timeout tcp time-wait 120", "net/netfilter/nf_conntrack_tcp_timeout_time_wait", "120" },
	{ "timeout udp other 30", "net/netfilter/nf_conntrack_udp_timeout", "30" },
	{ "timeout udp stream 180", "net/netfilter/nf_conntrack_udp_timeout_stream", "180" },
};

static void test_each(void **state __attribute__((unused)))
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct job j = { 0 };
		struct zpf_policy *p;
		char text[256];

		snprintf(text, sizeof(text), G "%s\n" ZONE, rows[i].option);
		job_text(&j, text);
		p = job_compile(&j, 0);
		assert_non_null(p);
		assert_int_equal(p->n_sysctls, 1);
		assert_string_equal(p->sysctls[0].path, rows[i].path);
		assert_string_equal(p->sysctls[0].value, rows[i].value);
		assert_memory_equal(p->sysctls[0].option, rows[i].option,
				    strlen(p->sysctls[0].option));
		assert_int_equal(p->sysctls[0].where.line, 1);
		job_end(&j);
	}
}

/* What is not written is left as it is; a resolver's settings are for another. */
static void test_none(void **state __attribute__((unused)))
{
	struct job j = { 0 };
	struct zpf_policy *p;

	job_text(&j, G "resolver-interval 60\n" G "resolver-cache\n"
		 G "ipv6-source-validation disable\n" ZONE);
	p = job_compile(&j, 0);
	assert_non_null(p);
	assert_int_equal(p->n_sysctls, 0);
	job_end(&j);
}

static char root[64];

static void put(const char *path, const char *text)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *c = full + strlen(root); (c = strchr(c, '/')); *c++ = '/') {
		*c = '\0';
		mkdir(full, 0700);
	}
	for (FILE *f = fopen(full, "w"); f; f = NULL) {
		fputs(text, f);
		fclose(f);
	}
}

static const char *get(const char *path)
{
	static char text[64];
	char full[256];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	f = fopen(full, "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return text;
}

static void test_apply(void **state __attribute__((unused)))
{
	static struct zpf_flat_sysctl list[] = {
		{ "all-ping", "net/ipv4/icmp_echo_ignore_all", "1", { "f", 3, 1 } },
		{ "source-validation", "net/ipv4/conf/*/rp_filter", "2", { "f", 4, 1 } },
		{ "syn-cookies", "net/ipv4/tcp_syncookies", "1", { "f", 5, 1 } },
		{ "timeout icmp", "net/netfilter/nf_conntrack_icmp_timeout", "9", { "f", 6, 1 } },
	};
	struct zpf_policy p = { .n_sysctls = ARRAY_LEN(list), .sysctls = list };
	struct zpf_diag diag = { 0 };
	char now[ZPF_SYSCTL_TEXT], full[256];

	snprintf(root, sizeof(root), "/tmp/zpf-sysctls.XXXXXX");
	assert_non_null(mkdtemp(root));
	strcat(root, "/");
	put("net/ipv4/icmp_echo_ignore_all", "0");
	put("net/ipv4/conf/all/rp_filter", "0");
	put("net/ipv4/conf/eth1.10/rp_filter", "1");
	/* cannot be written, whoever asks */
	snprintf(full, sizeof(full), "%snet/ipv4/tcp_syncookies", root);
	assert_int_equal(mkdir(full, 0700), 0);

	zpf_sysctls_apply(root, &p, &diag);
	assert_string_equal(get("net/ipv4/icmp_echo_ignore_all"), "1");
	assert_string_equal(get("net/ipv4/conf/all/rp_filter"), "2");
	assert_string_equal(get("net/ipv4/conf/eth1.10/rp_filter"), "2");
	assert_int_equal(diag.n_warnings, 2);
	assert_int_equal(diag.n_errors, 0);
	assert_string_equal(diag.entries[0].message,
		"syn-cookies is not set: net/ipv4/tcp_syncookies cannot be 1: Is a directory");
	assert_int_equal(diag.entries[0].where.line, 5);
	assert_string_equal(diag.entries[1].message,
		"timeout icmp is not set: this kernel has no net/netfilter/nf_conntrack_icmp_timeout");

	assert_string_equal(zpf_sysctl_now(root, &list[0], now), "1");
	assert_string_equal(zpf_sysctl_now(root, &list[1], now), "2");
	put("net/ipv4/conf/eth1.10/rp_filter", "0\n");
	assert_string_equal(zpf_sysctl_now(root, &list[1], now), "0 (eth1.10)");
	assert_null(zpf_sysctl_now(root, &list[3], now));
	zpf_diag_free(&diag);
	snprintf(full, sizeof(full), "rm -r %s", root);
	assert_int_equal(system(full), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
