// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading text: both forms, quotes, comments, merging, deleting, counting what
 * is not enforced, places of findings, and anything a file may hold by mistake.
 */
#include "test.h"

static void expect_set(struct job *j, const char *want)
{
	char *text = job_emit(j, ZPF_FORM_SET, 0);

	if (j->diag.n_errors)
		zpf_diag_print(&j->diag, stderr);
	assert_int_equal(j->diag.n_errors, 0);
	assert_string_equal(text, want);
	free(text);
}

#define RULE "set firewall ipv4 name A rule 1 "

static void both_forms_are_one_tree(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "firewall {\n  ipv4 {\n    name A {\n      default-log\n"
		 "      rule 1 {\n        action accept\n        state established\n"
		 "        state related\n      }\n    }\n  }\n}\n"
		 "// vyos-config-version: \"firewall@20\"\n");
	expect_set(&j, "set firewall ipv4 name A default-log\n"
		   RULE "action 'accept'\n" RULE "state 'established'\n"
		   RULE "state 'related'\n");
	job_end(&j);
}

static void braces_on_one_line(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "firewall { ipv4 { name A { rule 1 { action drop } rule 2 { action accept } } } } ");
	expect_set(&j, RULE "action 'drop'\nset firewall ipv4 name A rule 2 action 'accept'\n");
	job_end(&j);
}

static void empty_block_is_a_statement(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "firewall {\n ipv4 {\n name A {\n }\n }\n}\n");
	expect_set(&j, "set firewall ipv4 name A\n");
	job_end(&j);
}

static void quotes_and_comments(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "#!/bin/vbash\n"
		 "source /opt/vyatta/etc/functions/script-template\n"
		 "configure\n"
		 "/* over\n two lines */ " RULE "action accept # why\n"
		 "\t" RULE "description \"say \\\"hi\\\" # not a comment\"   \n"
		 "set firewall ipv4 name B description 'a'\\''b'\n"
		 "set firewall ipv4 name C description ''\n"
		 "commit\nsave\nexit\ncompare 1\ncommit comment \"x\"\n");
	expect_set(&j, RULE "action 'accept'\n"
		   RULE "description 'say \"hi\" # not a comment'\n"
		   "set firewall ipv4 name B description 'a'\\''b'\n"
		   "set firewall ipv4 name C description ''\n");
	job_end(&j);
}

static void line_ends(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "\xef\xbb\xbf" RULE "action accept\r\n" RULE "log\r\n"
		 RULE "protocol tcp");
	expect_set(&j, RULE "action 'accept'\n" RULE "log\n" RULE "protocol 'tcp'\n");
	job_end(&j);
}

static void forms_may_mix(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, RULE "action accept\nfirewall {\n ipv4 {\n name A {\n"
		 " rule 2 {\n action drop\n }\n }\n }\n}\n" RULE "log\n");
	expect_set(&j, RULE "action 'accept'\n" RULE "log\n"
		   "set firewall ipv4 name A rule 2 action 'drop'\n");
	job_end(&j);
}

static void twice(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, RULE "action accept\n" RULE "action drop\n"
		 RULE "state new\n" RULE "state new\n" RULE "log\n" RULE "log\n");
	job_expect(&j, ZPF_DIAG_WARNING, 2, 40, "at line 1 and here");
	assert_int_equal(j.diag.n, 1);
	expect_set(&j, RULE "action 'drop'\n" RULE "log\n" RULE "state 'new'\n");
	/* another file overrides without a word: that is what it is for */
	job_text(&j, RULE "action reject\n");
	assert_int_equal(j.diag.n, 1);
	job_end(&j);
}

static void deleting(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, RULE "action accept\n" RULE "source address 10.0.0.1\n"
		 RULE "state new\n" RULE "state related\n"
		 "set firewall ipv4 name A rule 2 action drop\n"
		 "delete firewall ipv4 name A rule 1 source address\n"
		 "delete firewall ipv4 name A rule 1 state new\n"
		 "delete firewall ipv4 name A rule 2\n"
		 "delete firewall ipv4 name A rule 3\n"
		 "delete firewall ipv4 name A rulee\n");
	job_expect(&j, ZPF_DIAG_WARNING, 9, 34, "nothing to delete");
	job_expect(&j, ZPF_DIAG_ERROR, 10, 29, "unknown word 'rulee'");
	assert_int_equal(j.diag.n, 2);
	zpf_diag_free(&j.diag);
	/* the empty `source` is gone too: it would make the rule wider */
	expect_set(&j, RULE "action 'accept'\n" RULE "state 'related'\n");
	job_end(&j);
}

static void merging_files(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_file(&j, CONFIGS "home-router.set");
	job_file(&j, CONFIGS "iot-vpn-change.set");
	assert_non_null(job_compile(&j, 0));
	assert_int_equal(j.policy->n_rules, 43);
	for (size_t i = 0; i < j.diag.n; i++)
		assert_null(strstr(j.diag.entries[i].message, "IOT_WAN drops"));
	job_file(&j, CONFIGS "iot-vpn-rollback.set");
	assert_non_null(job_compile(&j, 0));
	assert_int_equal(j.policy->n_rules, 39);
	assert_null(strstr(j.policy->source, "rule 75"));
	/* the change record's log stays */
	assert_non_null(strstr(j.policy->source, "IOT_WAN default-log\n"));
	job_end(&j);
}

static void not_enforced_is_counted(void **state)
{
	const struct zpf_ignored *list;
	struct job j = { 0 };

	(void)state;
	job_file(&j, CONFIGS "home-router.set");
	assert_int_equal(j.diag.n, 0);
	assert_int_equal(zpf_config_ignored(j.cfg, &list), 3);
	assert_string_equal(list[0].word, "nat");
	assert_int_equal(list[0].leaves, 28);
	assert_string_equal(list[1].word, "interfaces");
	assert_int_equal(list[1].leaves, 8);
	assert_string_equal(list[2].word, "service");
	assert_int_equal(list[2].leaves, 2);
	job_end(&j);
}

static void report_numbers(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_file(&j, CONFIGS "home-router.set");
	assert_non_null(job_compile(&j, 0));
	assert_int_equal(j.policy->n_zones, 9);
	assert_int_equal(j.policy->n_pairs, 54);
	assert_int_equal(j.policy->n_rulesets, 18);
	assert_int_equal(j.policy->n_rules, 39);
	assert_int_equal(j.policy->n_groups, 10);
	job_end(&j);
}

static void places_in_brace_form(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "firewall {\n    ipv4 {\n        name A {\n            rule 1 {\n"
		 "                action accept\n                protocol tpc\n"
		 "            }\n            rulez 2 {\n                action x\n"
		 "            }\n        }\n    }\n}\n");
	job_expect(&j, ZPF_DIAG_ERROR, 6, 26, "tpc");
	job_expect(&j, ZPF_DIAG_ERROR, 8, 13, "rulez");
	assert_int_equal(j.diag.n_errors, 2);
	job_end(&j);
}

static void nothing_at_all(void **state)
{
	static const char *const texts[] = { "", "\n", "\n\n  \t\n", "# x", "/* x */", "// x" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct job j = { 0 };

		job_text(&j, texts[i]);
		assert_int_equal(j.ret, 0);
		assert_int_equal(j.diag.n, 0);
		assert_null(job_compile(&j, 0));
		assert_int_equal(j.diag.n_errors, 1);
		zpf_diag_free(&j.diag);
		assert_non_null(job_compile(&j, ZPF_COMPILE_FORCE));
		job_end(&j);
	}
}

static void bytes_that_are_no_text(void **state)
{
	unsigned int seed = 1;
	struct job j = { 0 };
	char buf[4096];

	(void)state;
	job_read(&j, "set firewall\0 zone A local-zone\n", 32, "t");
	job_expect(&j, ZPF_DIAG_ERROR, 1, 13, "0x00");
	job_end(&j);
	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < sizeof(buf); i++) {
			seed = seed * 1103515245 + 12345;
			buf[i] = (char)(seed >> 16);
		}
		job_read(&j, buf, sizeof(buf), "t");
		job_compile(&j, ZPF_COMPILE_FORCE);
		assert_true(j.diag.n_errors > 0);
		assert_true(j.diag.n_errors < 1100);
		job_end(&j);
	}
}

static char *repeat(const char *part, size_t times, const char *end)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; i < times; i++)
		fputs(part, out);
	fputs(end, out);
	fclose(out);
	return text;
}

static void deep_long_and_many(void **state)
{
	static const struct {
		const char *part;
		size_t times;
		const char *end;
	} texts[] = {
		{ "a {\n", 100000, "" },		/* nesting */
		{ "a {", 100000, "\n" },
		{ "}\n", 100000, "" },
		{ "{\n", 100000, "" },
		{ "a ", 1000000, "\n" },		/* one line */
		{ "'a' ", 300000, "{\n}\n" },
		{ "set a b c ", 100000, "\n" },
		{ "set firewall ipv4 name A rule 1 description '", 1, "" },
		{ "x", 3000000, "" },
		{ "set x y\nset x\n", 300000, "" },
		{ "set firewall foo\n", 100000, "" },	/* errors */
		{ "/*", 100000, "" },
		{ "\"", 100001, "" },
		{ "\\", 100001, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char *text = repeat(texts[i].part, texts[i].times, texts[i].end);
		struct job j = { 0 };

		job_text(&j, text);
		job_compile(&j, ZPF_COMPILE_FORCE);
		assert_true(j.diag.n < 1100);
		job_end(&j);
		free(text);
	}
}

static void large_group_is_linear(void **state)
{
	struct job j = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	fprintf(out, "set firewall zone Z member interface eth0\n"
		"set firewall zone Z default-firewall name A\n"
		RULE "action drop\n" RULE "source group address-group G\n");
	for (unsigned int i = 0; i < 200000; i++)
		fprintf(out, "set firewall group address-group G address 10.%u.%u.%u\n",
			i >> 15 & 255, i >> 7 & 255, i << 1 & 255);
	fclose(out);
	job_text(&j, text);
	free(text);
	assert_int_equal(j.ret, 0);
	assert_non_null(job_compile(&j, 0));
	assert_int_equal(j.policy->n_sets, 1);
	assert_int_equal(j.policy->sets[0].n, 200000);
	job_end(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_are_one_tree),
		cmocka_unit_test(braces_on_one_line),
		cmocka_unit_test(empty_block_is_a_statement),
		cmocka_unit_test(quotes_and_comments),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(forms_may_mix),
		cmocka_unit_test(twice),
		cmocka_unit_test(deleting),
		cmocka_unit_test(merging_files),
		cmocka_unit_test(not_enforced_is_counted),
		cmocka_unit_test(report_numbers),
		cmocka_unit_test(places_in_brace_form),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(bytes_that_are_no_text),
		cmocka_unit_test(deep_long_and_many),
		cmocka_unit_test(large_group_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
