// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rare matches as the kernel gets them: which number of the packet, and the
 * ranges it must be in; masks of addresses.
 */
#include "test.h"

#define BASE "set firewall zone Z member interface eth9\n" \
	"set firewall zone Z default-firewall name A\n" \
	"set firewall zone Z default-firewall ipv6-name A\n" \
	"set firewall group mac-group M mac-address 00:00:00:00:00:02\n" \
	"set firewall group mac-group M include N\n" \
	"set firewall group mac-group N mac-address 00:00:00:00:00:03\n" \
	"set firewall group mac-group E\n"

static const struct row {
	const char *rule;	/* options, ';' between two */
	enum zpf_num what;
	const char *ranges;	/* hexadecimal, a blank behind each */
	bool v6;
} rows[] = {
	{ "connection-status nat source", ZPF_NUM_CT_NAT, "1-1 3-3 " },
	{ "connection-status nat destination", ZPF_NUM_CT_NAT, "2-3 " },
	{ "connection-mark 7", ZPF_NUM_CT_MARK, "7-7 " },
	{ "connection-mark 7;connection-mark 9;connection-mark 8", ZPF_NUM_CT_MARK, "7-9 " },
	{ "connection-mark 2147483647;connection-mark 0", ZPF_NUM_CT_MARK,
	  "0-0 7fffffff-7fffffff " },
	{ "mark 16", ZPF_NUM_MARK, "10-10 " },
	{ "mark 16-32", ZPF_NUM_MARK, "10-20 " },
	{ "mark !16", ZPF_NUM_MARK, "0-f 11-ffffffff " },
	{ "mark !0-15", ZPF_NUM_MARK, "10-ffffffff " },
	{ "source mac-address 02:00:5e:10:AB:cd", ZPF_NUM_SMAC, "2005e10abcd-2005e10abcd " },
	{ "source mac-address !00:00:00:00:00:00", ZPF_NUM_SMAC, "1-ffffffffffff " },
	{ "destination mac-address !ff:ff:ff:ff:ff:ff", ZPF_NUM_DMAC, "0-fffffffffffe " },
	{ "source group mac-group M", ZPF_NUM_SMAC, "2-3 " },
	{ "destination group mac-group !M", ZPF_NUM_DMAC, "0-1 4-ffffffffffff " },
	{ "source group mac-group E", ZPF_NUM_SMAC, "" },
	{ "source group mac-group !E", ZPF_NUM_SMAC, "0-ffffffffffff " },
	{ "ttl eq 5", ZPF_NUM_TTL, "5-5 " },
	{ "ttl gt 254", ZPF_NUM_TTL, "ff-ff " },
	{ "hop-limit lt 1", ZPF_NUM_TTL, "0-0 ", true },
	{ "packet-length 40", ZPF_NUM_LENGTH, "28-28 " },
	{ "packet-length 1-16;packet-length 17;packet-length 32-64", ZPF_NUM_LENGTH, "1-11 20-40 " },
	{ "packet-length-exclude 16-31", ZPF_NUM_LENGTH, "0-f 20-ffffffff " },
	{ "packet-length 1-100;packet-length-exclude 16;packet-length-exclude 96-65535",
	  ZPF_NUM_LENGTH, "1-f 11-5f " },
	{ "packet-length 5;packet-length-exclude 5", ZPF_NUM_LENGTH, "" },
	{ "packet-type host", ZPF_NUM_PKTTYPE, "0-0 " },
	{ "packet-type broadcast", ZPF_NUM_PKTTYPE, "1-1 " },
	{ "packet-type multicast", ZPF_NUM_PKTTYPE, "2-2 " },
	{ "packet-type other", ZPF_NUM_PKTTYPE, "3-3 " },
	{ "dscp 0", ZPF_NUM_DSCP, "0-0 " },
	{ "dscp 10-12;dscp 63", ZPF_NUM_DSCP, "a-c 3f-3f " },
	{ "dscp-exclude 0-62", ZPF_NUM_DSCP, "3f-3f " },
	{ "dscp 1-9;dscp-exclude 5", ZPF_NUM_DSCP, "1-4 6-9 " },
	{ "fragment match-frag", ZPF_NUM_FRAG, "1-1 " },
	{ "fragment match-non-frag", ZPF_NUM_FRAG, "0-0 " },
	{ "conntrack-helper ftp", ZPF_NUM_CT_HELPER, "1-1 " },
	{ "conntrack-helper sqlnet;conntrack-helper h323;conntrack-helper ftp", ZPF_NUM_CT_HELPER,
	  "1-2 8-8 " },
	{ "protocol tcp;tcp mss 1", ZPF_NUM_MSS, "1-1 " },
	{ "protocol tcp;tcp mss 256-16384", ZPF_NUM_MSS, "100-4000 " },
	{ "ipsec match-ipsec-in", ZPF_NUM_IPSEC_IN, "1-1 " },
	{ "ipsec match-none-in", ZPF_NUM_IPSEC_IN, "0-0 " },
	{ "ipsec match-ipsec-out", ZPF_NUM_IPSEC_OUT, "1-1 " },
	{ "ipsec match-none-out", ZPF_NUM_IPSEC_OUT, "0-0 " },
	{ "protocol gre;gre flags checksum", ZPF_NUM_GRE_FLAGS, "1-1 3-3 5-5 7-7 " },
	{ "protocol gre;gre flags key unset", ZPF_NUM_GRE_FLAGS, "0-1 4-5 " },
	{ "protocol gre;gre flags sequence;gre flags key;gre flags checksum unset", ZPF_NUM_GRE_FLAGS,
	  "6-6 " },
	{ "protocol gre;gre inner-proto 802.1q", ZPF_NUM_GRE_PROTO, "8100-8100 " },
	{ "protocol gre;gre inner-proto 65535", ZPF_NUM_GRE_PROTO, "ffff-ffff " },
	{ "protocol gre;gre version gre", ZPF_NUM_GRE_VERSION, "0-0 " },
	{ "protocol 47;gre version pptp", ZPF_NUM_GRE_VERSION, "1-1 " },
};

static const char *rule_text(const char *rule, bool v6, char *buf, size_t size)
{
	size_t at = (size_t)snprintf(buf, size, BASE "set firewall ipv4 name A\n"
				     "set firewall ipv6 name A\n"
				     "set firewall %s name A rule 1 action accept\n",
				     v6 ? "ipv6" : "ipv4");

	while (*rule) {
		size_t n = strcspn(rule, ";");

		at += (size_t)snprintf(buf + at, size - at, "set firewall %s name A rule 1 %.*s\n",
				       v6 ? "ipv6" : "ipv4", (int)n, rule);
		rule += n + !!rule[n];
	}
	return buf;
}

static void number(void **state)
{
	const struct row *row = *state;
	const struct zpf_flat_rule *r;
	const struct zpf_flat_set *set;
	char text[2048], got[512] = "";
	struct job j = { 0 };

	job_text(&j, rule_text(row->rule, row->v6, text, sizeof(text)));
	if (!job_compile(&j, 0))
		zpf_diag_print(&j.diag, stderr);
	assert_non_null(j.policy);
	r = &j.policy->tables[row->v6].rules[0];
	assert_int_equal(r->match & ~ZPF_FLAT_PROTO, ZPF_FLAT_NUM);
	assert_int_equal(r->not, 0);
	assert_int_equal(r->rare->n_nums, 1);
	assert_int_equal(r->rare->nums[0].what, row->what);
	set = &j.policy->sets[r->rare->nums[0].set];
	assert_int_equal(set->kind, ZPF_SET_NUMBER);
	for (size_t i = 0; i < set->n; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%llx-%llx ",
			 (unsigned long long)set->r64[i].lo,
			 (unsigned long long)set->r64[i].hi);
	assert_string_equal(got, row->ranges);
	job_end(&j);
}

static void masks(void **state)
{
	const struct zpf_flat_rule *r;
	const struct zpf_flat_set *set;
	char text[2048];
	struct job j = { 0 };

	(void)state;
	job_text(&j, rule_text("source address !0.0.0.9;source address-mask 0.0.0.255", false,
			       text, sizeof(text)));
	assert_non_null(job_compile(&j, 0));
	r = &j.policy->tables[0].rules[0];
	assert_int_equal(r->match, ZPF_FLAT_SADDR_SET | ZPF_FLAT_SADDR_MASK);
	assert_int_equal(r->not, ZPF_NOT_SADDR);
	assert_true(r->rare->saddr_mask[0] == 0 && r->rare->saddr_mask[1] == 0xff);
	set = &j.policy->sets[r->saddr_set];
	assert_int_equal(set->kind, ZPF_SET_IPV4);
	assert_true(set->n == 1 && set->r4[0].lo == 9 && set->r4[0].hi == 9);
	job_end(&j);

	job_text(&j, rule_text("destination address ::1:0-::1:f;destination address-mask ffff::1:ff",
			       true, text, sizeof(text)));
	assert_non_null(job_compile(&j, 0));
	r = &j.policy->tables[1].rules[0];
	assert_int_equal(r->match, ZPF_FLAT_DADDR_SET | ZPF_FLAT_DADDR_MASK);
	assert_int_equal(r->not, 0);
	assert_true(r->rare->daddr_mask[0] == 0xffffULL << 48 && r->rare->daddr_mask[1] == 0x100ff);
	set = &j.policy->sets[r->daddr_set];
	assert_int_equal(set->kind, ZPF_SET_IPV6);
	assert_true(set->n == 1 && set->r6[0].lo[1] == 0x10000 && set->r6[0].hi[1] == 0x1000f);
	job_end(&j);
}

static void gre_key(void **state)
{
	const struct zpf_flat_rule *r;
	char text[2048];
	struct job j = { 0 };

	(void)state;
	job_text(&j, rule_text("protocol gre;gre key 4294967295;gre flags checksum", true, text,
			       sizeof(text)));
	assert_non_null(job_compile(&j, 0));
	r = &j.policy->tables[1].rules[0];
	assert_int_equal(r->rare->n_nums, 2);
	assert_int_equal(r->rare->nums[0].what, ZPF_NUM_GRE_FLAGS);
	assert_int_equal(r->rare->nums[1].what, ZPF_NUM_GRE_KEY);
	assert_true(j.policy->sets[r->rare->nums[1].set].r64[0].lo == 0xffffffff);
	job_end(&j);
}

static void changes(void **state)
{
	static const struct zpf_flat_change want[] = {
		{ ZPF_CHANGE_DSCP, 63 }, { ZPF_CHANGE_MARK, 2147483647 },
		{ ZPF_CHANGE_CT_MARK, 0 }, { ZPF_CHANGE_MSS, 0 }, { ZPF_CHANGE_TTL, 255 },
	};
	char text[2048];
	struct job j = { 0 };

	(void)state;
	for (int v6 = 0; v6 < 2; v6++) {
		const struct zpf_flat_rule *r;

		job_text(&j, rule_text(v6 ? "protocol tcp;set hop-limit 255;set tcp-mss pmtu;set dscp 63;"
				       "set connection-mark 0;set mark 2147483647" :
				       "protocol tcp;set ttl 255;set tcp-mss pmtu;set dscp 63;"
				       "set connection-mark 0;set mark 2147483647", v6, text, sizeof(text)));
		assert_non_null(job_compile(&j, 0));
		r = &j.policy->tables[v6].rules[0];
		assert_int_equal(r->match, ZPF_FLAT_PROTO);
		assert_int_equal(r->rare->n_changes, ARRAY_LEN(want));
		for (size_t i = 0; i < ARRAY_LEN(want); i++) {
			assert_int_equal(r->rare->changes[i].what, want[i].what);
			assert_int_equal(r->rare->changes[i].value, want[i].value);
		}
		job_end(&j);
	}
	job_text(&j, rule_text("protocol tcp;set tcp-mss 16384", false, text, sizeof(text)));
	assert_non_null(job_compile(&j, 0));
	assert_int_equal(j.policy->tables[0].rules[0].rare->changes[0].value, 16384);
	job_end(&j);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_LEN(rows) + 3];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].rule,
			.test_func = number, .initial_state = (void *)&rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(masks);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(gre_key);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(changes);
	return _cmocka_run_group_tests("numbers", tests, n, NULL, NULL);
}
