// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values: what each kind takes and what it becomes, the arithmetic of ranges
 * against a naive twin, and the order of the name tables.
 */
#include "test.h"

#include <netinet/in.h>
#include <linux/netfilter.h>

#include "names.h"
#include "names_tables.h"
#include "range.h"
#include "tree.h"
#include "value.h"

struct fixture {
	struct zpf_arena arena;
	struct zpf_value_ctx ctx;
	union zpf_value v;
};

static int read_value(struct fixture *f, enum zpf_kind kind, uint8_t family,
		      const char *text)
{
	memset(&f->ctx, 0, sizeof(f->ctx));
	memset(&f->v, 0, sizeof(f->v));
	f->ctx.arena = &f->arena;
	f->ctx.family = family;
	f->ctx.hi = UINT32_MAX;
	return zpf_value_parse(kind, &f->ctx, text, &f->v);
}

static void ipv4(void **state)
{
	static const struct {
		const char *text;
		uint32_t lo, hi;
		bool not;
	} good[] = {
		{ "10.0.0.1", 0x0a000001, 0x0a000001, false },
		{ "!10.0.0.1", 0x0a000001, 0x0a000001, true },
		{ "0.0.0.0/0", 0, 0xffffffff, false },
		{ "128.0.0.0/1", 0x80000000, 0xffffffff, false },
		{ "10.0.0.4/31", 0x0a000004, 0x0a000005, false },
		{ "10.0.0.4/32", 0x0a000004, 0x0a000004, false },
		{ "10.0.0.0-10.0.0.0", 0x0a000000, 0x0a000000, false },
		{ "!0.0.0.0-255.255.255.255", 0, 0xffffffff, true },
	};
	static const char *const bad[] = {
		"", "!", "10", "10.0.0", "10.0.0.0.0", "10.0.0.256", "01.2.3.4",
		" 10.0.0.1", "10.0.0.1 ", "10.0.0.1/", "/8", "10.0.0.0/33",
		"10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.1-",
		"-10.0.0.1", "10.0.0.1-2", "10.0.0.0/8-10.0.0.1", "!!10.0.0.1",
		"10.0.0.1/24", "10.0.0.2-10.0.0.1", "::1", "0x0a000001", "a.b.c.d",
	};
	struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(read_value(&f, ZPF_KIND_ADDR, NFPROTO_IPV4,
					    good[i].text), 0);
		assert_int_equal(f.v.ADDR.r4.lo, good[i].lo);
		assert_int_equal(f.v.ADDR.r4.hi, good[i].hi);
		assert_int_equal(f.v.ADDR.not, good[i].not);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(read_value(&f, ZPF_KIND_ADDR, NFPROTO_IPV4,
					    bad[i]), -1);
		assert_true(*f.ctx.err);
	}
	zpf_arena_free(&f.arena);
}

static void ipv6(void **state)
{
	static const struct {
		const char *text;
		uint64_t lo[2], hi[2];
	} good[] = {
		{ "::", { 0, 0 }, { 0, 0 } },
		{ "::/0", { 0, 0 }, { UINT64_MAX, UINT64_MAX } },
		{ "8000::/1", { 1ULL << 63, 0 }, { UINT64_MAX, UINT64_MAX } },
		{ "2001:db8::/32", { 0x20010db800000000, 0 },
		  { 0x20010db8ffffffff, UINT64_MAX } },
		{ "2001:db8::/64", { 0x20010db800000000, 0 },
		  { 0x20010db800000000, UINT64_MAX } },
		{ "2001:db8::/63", { 0x20010db800000000, 0 },
		  { 0x20010db800000001, UINT64_MAX } },
		{ "2001:db8::/65", { 0x20010db800000000, 0 },
		  { 0x20010db800000000, UINT64_MAX >> 1 } },
		{ "2001:db8::1/128", { 0x20010db800000000, 1 },
		  { 0x20010db800000000, 1 } },
		{ "::ffff:1.2.3.4", { 0, 0xffff01020304 }, { 0, 0xffff01020304 } },
		{ "2001:db8::1-2001:db8:0:1::", { 0x20010db800000000, 1 },
		  { 0x20010db800000001, 0 } },
	};
	static const char *const bad[] = {
		"", ":", ":::", "2001:db8", "2001:db8::/129", "2001:db8::1/64",
		"::2-::1", "fe80::1%eth0", "10.0.0.1", "[::1]", "12345::",
	};
	struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(read_value(&f, ZPF_KIND_ADDR, NFPROTO_IPV6,
					    good[i].text), 0);
		assert_memory_equal(f.v.ADDR.r6.lo, good[i].lo, 16);
		assert_memory_equal(f.v.ADDR.r6.hi, good[i].hi, 16);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(read_value(&f, ZPF_KIND_ADDR, NFPROTO_IPV6,
					    bad[i]), -1);
	zpf_arena_free(&f.arena);
}

static void ports(void **state)
{
	static const struct {
		const char *text, *ranges;
	} good[] = {
		{ "80", "80-80" },
		{ "80,443", "80-80 443-443" },
		{ "443,80", "80-80 443-443" },
		{ "80-90,85-100", "80-100" },
		{ "80-90,91", "80-91" },
		{ "80-90,92", "80-90 92-92" },
		{ "!80", "0-79 81-65535" },
		{ "!1-65535", "0-0" },
		{ "80,443,!8443", "80-80 443-443" },
		{ "80-90,!85", "80-84 86-90" },
		{ "80-90,!80", "81-90" },
		{ "80-90,!90", "80-89" },
		{ "80,!80", "" },
		{ "80,!79-81", "" },
		{ "1-65535,!100-200,!150-300", "1-99 301-65535" },
		{ "telnet,135-139,445", "23-23 135-139 445-445" },
		{ "bootps,domain,ntp", "53-53 67-67 123-123" },
		{ "!ssh,!23", "0-21 24-65535" },
		{ "65535", "65535-65535" },
	};
	static const char *const bad[] = {
		"", ",", "80,", ",80", "!", "80-", "-80", "80-x", "x-80", "0",
		"65536", "99999999999999999999", "9-1", "80 81", "!!80",
		"no-such-service", "80/tcp", "+80",
	};
	struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		char have[256] = "";

		assert_int_equal(read_value(&f, ZPF_KIND_PORTS, 0, good[i].text),
				 0);
		for (size_t k = 0; k < f.v.PORTS.n; k++)
			sprintf(have + strlen(have), "%s%u-%u", k ? " " : "",
				f.v.PORTS.r[k].lo, f.v.PORTS.r[k].hi);
		assert_string_equal(have, good[i].ranges);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(read_value(&f, ZPF_KIND_PORTS, 0, bad[i]), -1);
	zpf_arena_free(&f.arena);
}

static unsigned int rnd(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 8) % below;
}

/* Random lists against a table of 65536 answers. */
static void ports_like_a_table(void **state)
{
	static bool in[65536];
	unsigned int seed = 7;
	struct fixture f = { 0 };

	(void)state;
	for (int round = 0; round < 300; round++) {
		unsigned int n = 1 + rnd(&seed, 6), plain = 0;
		char text[256] = "";

		memset(in, 0, sizeof(in));
		for (int pass = 0; pass < 2; pass++) {
			unsigned int again = seed;

			text[0] = '\0';
			for (unsigned int i = 0; i < n; i++) {
				bool not = rnd(&seed, 3) == 0;
				unsigned int lo = 1 + rnd(&seed, 40);
				unsigned int hi = lo + rnd(&seed, 8);

				sprintf(text + strlen(text), "%s%s%u-%u",
					i ? "," : "", not ? "!" : "", lo, hi);
				if (!pass)
					plain += !not;
				for (unsigned int p = lo; p <= hi; p++)
					if (not == pass)
						in[p] = !pass;
			}
			if (!pass) {
				seed = again;
				if (!plain)
					memset(in, 1, sizeof(in));
			}
		}
		assert_int_equal(read_value(&f, ZPF_KIND_PORTS, 0, text), 0);
		for (unsigned int p = 0; p < 65536; p++) {
			bool have = false;

			for (size_t k = 0; k < f.v.PORTS.n; k++)
				have |= p >= f.v.PORTS.r[k].lo &&
					p <= f.v.PORTS.r[k].hi;
			if (have != in[p])
				fail_msg("port %u of %s", p, text);
		}
		for (size_t k = 1; k < f.v.PORTS.n; k++)
			assert_true(f.v.PORTS.r[k].lo > f.v.PORTS.r[k - 1].hi + 1);
	}
	zpf_arena_free(&f.arena);
}

static void merging(void **state)
{
	struct zpf_range4 r4[] = { { 5, 9 }, { UINT32_MAX, UINT32_MAX }, { 0, 3 },
		{ 4, 4 }, { 11, 12 }, { 6, 7 }, { UINT32_MAX - 1, UINT32_MAX - 1 } };
	struct zpf_range6 r6[] = {
		{ { 0, UINT64_MAX }, { 0, UINT64_MAX } },
		{ { 1, 0 }, { 1, 5 } },
		{ { UINT64_MAX, UINT64_MAX }, { UINT64_MAX, UINT64_MAX } },
		{ { UINT64_MAX, 0 }, { UINT64_MAX, UINT64_MAX } },
		{ { 1, 7 }, { 1, 7 } },
	};

	(void)state;
	assert_int_equal(zpf_range4_merge(r4, ARRAY_LEN(r4)), 3);
	assert_int_equal(r4[0].lo, 0);
	assert_int_equal(r4[0].hi, 9);
	assert_int_equal(r4[1].lo, 11);
	assert_int_equal(r4[2].lo, UINT32_MAX - 1);
	assert_int_equal(r4[2].hi, UINT32_MAX);
	assert_int_equal(zpf_range6_merge(r6, ARRAY_LEN(r6)), 3);
	assert_int_equal(r6[0].hi[0], 1);
	assert_int_equal(r6[0].hi[1], 5);
	assert_int_equal(r6[1].lo[1], 7);
	assert_int_equal(r6[2].lo[1], 0);
	assert_int_equal(zpf_range4_merge(r4, 0), 0);
}

static void protocols(void **state)
{
	static const struct {
		const char *text;
		uint8_t family;
		int n, proto;
		bool not;
	} good[] = {
		{ "tcp", 2, 1, 6, false }, { "!udp", 2, 1, 17, true },
		{ "0", 2, 1, 0, false }, { "255", 2, 1, 255, false },
		{ "esp", 2, 1, 50, false }, { "ah", 10, 1, 51, false },
		{ "icmp", 2, 1, 1, false }, { "ipv6-icmp", 10, 1, 58, false },
		{ "icmpv6", 10, 1, 58, false }, { "all", 2, 0, 0, false },
		{ "tcp_udp", 2, 2, 6, false }, { "!tcp_udp", 10, 2, 6, true },
		{ "ipv6-frag", 10, 1, 44, false }, { "vrrp", 2, 1, 112, false },
	};
	struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(read_value(&f, ZPF_KIND_PROTO, good[i].family,
					    good[i].text), 0);
		assert_int_equal(f.v.PROTO.n, good[i].n);
		assert_int_equal(f.v.PROTO.not, good[i].not);
		if (good[i].n)
			assert_int_equal(f.v.PROTO.proto[0], good[i].proto);
	}
	zpf_arena_free(&f.arena);
}

static void rates(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{ "1/second", 1000000000 }, { "20/second", 50000000 },
		{ "100/minute", 600000000 }, { "1/hour", 3600000000000 },
		{ "1/day", ZPF_MAX_LIMIT_NS }, { "1000000000/second", 1 },
	};
	static const char *const bad[] = {
		"", "/second", "5", "5/", "5/seconds", "0/day", "-1/second",
		"4294967296/day", "2000000000/second", "5/second/second",
	};
	struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(read_value(&f, ZPF_KIND_RATE, 0, good[i].text), 0);
		assert_true(f.v.RATE.interval_ns == good[i].ns);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(read_value(&f, ZPF_KIND_RATE, 0, bad[i]), -1);
	zpf_arena_free(&f.arena);
}

static void interfaces(void **state)
{
	static const char *const good[] = {
		"eth0", "eth1.40", "pppoe*", "eth1.*", "*", "a", "br-lan",
		"123456789012345", "bond0.100",
	};
	static const char *const bad[] = {
		"", ".", "..", "a/b", "a b", "**", "e*h", "a:b",
		"1234567890123456", "12345678901234**", "!",
	};
	struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_int_equal(read_value(&f, ZPF_KIND_IFNAME, 0, good[i]), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(read_value(&f, ZPF_KIND_IFNAME, 0, bad[i]), -1);
	assert_int_equal(read_value(&f, ZPF_KIND_IFMATCH, 0, "!eth0"), 0);
	assert_true(f.v.IFMATCH.not);
	assert_string_equal(f.v.IFMATCH.s, "eth0");
	zpf_arena_free(&f.arena);
}

static void icmp_names(void **state)
{
	int type, code;

	(void)state;
	assert_true(zpf_name_icmp(NFPROTO_IPV4, "network-unreachable", &type, &code));
	assert_int_equal(type, 3);
	assert_int_equal(code, 0);
	assert_true(zpf_name_icmp(NFPROTO_IPV4, "echo-request", &type, &code));
	assert_int_equal(type, 8);
	assert_int_equal(code, -1);
	assert_true(zpf_name_icmp(NFPROTO_IPV6, "echo-request", &type, &code));
	assert_int_equal(type, 128);
	assert_true(zpf_name_icmp(NFPROTO_IPV6, "nd-neighbor-solicit", &type, &code));
	assert_int_equal(type, 135);
	assert_false(zpf_name_icmp(NFPROTO_IPV6, "source-quench", &type, &code));
}

static void tables_are_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < zpf_n_services; i++)
		assert_true(strcmp(zpf_services[i - 1].name,
				   zpf_services[i].name) < 0);
	for (size_t i = 1; i < zpf_n_protocols; i++)
		assert_true(strcmp(zpf_protocols[i - 1].name,
				   zpf_protocols[i].name) < 0);
	assert_int_equal(zpf_name_service("https"), 443);
	assert_int_equal(zpf_name_service("no such"), -1);
	assert_int_equal(zpf_name_protocol("gre"), 47);
	assert_int_equal(zpf_name_protocol("no such"), -1);
}

static void natural_order(void **state)
{
	static const char *const in_order[] = {
		"", "0", "01", "1", "2", "10", "a", "a1", "a2", "a10", "a10b",
		"eth1", "eth1.9", "eth1.10", "eth2", "eth10",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(in_order); i++)
		for (size_t k = 0; k < ARRAY_LEN(in_order); k++) {
			int c = zpf_tree_natcmp(in_order[i], in_order[k]);

			if ((i < k && c >= 0) || (i > k && c <= 0) ||
			    (i == k && c))
				fail_msg("%s and %s", in_order[i], in_order[k]);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4),
		cmocka_unit_test(ipv6),
		cmocka_unit_test(ports),
		cmocka_unit_test(ports_like_a_table),
		cmocka_unit_test(merging),
		cmocka_unit_test(protocols),
		cmocka_unit_test(rates),
		cmocka_unit_test(interfaces),
		cmocka_unit_test(icmp_names),
		cmocka_unit_test(tables_are_sorted),
		cmocka_unit_test(natural_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
