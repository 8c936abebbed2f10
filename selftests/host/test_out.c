// SPDX-License-Identifier: GPL-2.0-only
/*
 * The row writer and the JSON writer: alignment, escaping, times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "out.h"
#include "rules.h"

/* What an output function printed, until the next call. */
struct capture {
	struct zpf_out o;
	char *text;
	size_t len;
};

static void capture_begin(struct capture *c, bool json)
{
	FILE *f = open_memstream(&c->text, &c->len);

	assert_non_null(f);
	memset(&c->o, 0, sizeof(c->o));
	c->o.f = f;
	c->o.json = json;
}

static void capture_expect(struct capture *c, const char *want)
{
	fclose(c->o.f);
	assert_string_equal(c->text, want);
	free(c->text);
}

static const struct zpf_col cols[] = {
	{ "NAME", NULL, 0 },
	{ "COUNT", "n", ZPF_COL_RIGHT },
	{ "HIDDEN", NULL, ZPF_COL_JSON },
	{ "LAST", NULL, ZPF_COL_RIGHT },
	{ "NOTE", NULL, ZPF_COL_TABLE },
};

static void two_rows(struct zpf_out *o, const char *key)
{
	struct zpf_rows r;

	zpf_rows_begin(&r, o, key, cols, 5);
	zpf_rows_text(&r, "a");
	zpf_rows_uint(&r, 7);
	zpf_rows_bool(&r, true);
	zpf_rows_time(&r, 0, 0);
	zpf_rows_text(&r, "first");
	zpf_rows_text(&r, "longer");
	zpf_rows_uint(&r, UINT64_MAX);
	zpf_rows_bool(&r, false);
	zpf_rows_time(&r, 1000000000ULL * 86400, 61ULL * 1000000000);
	zpf_rows_text(&r, NULL);
	zpf_rows_end(&r);
}

static void table_is_aligned(void **state)
{
	struct capture c;

	(void)state;
	capture_begin(&c, false);
	two_rows(&c.o, NULL);
	capture_expect(&c,
		       "NAME                   COUNT  LAST  NOTE\n"
		       "a                          7     -  first\n"
		       "longer  18446744073709551615   1 m  -\n");
}

static void rows_are_objects(void **state)
{
	struct capture c;

	(void)state;
	capture_begin(&c, true);
	zpf_json_open(&c.o, NULL, '{');
	zpf_json_uint(&c.o, "generation", 4);
	two_rows(&c.o, "rows");
	zpf_json_null(&c.o, "end");
	zpf_json_close(&c.o, '{');
	capture_expect(&c,
		       "{\"generation\":4,\"rows\":["
		       "{\"name\":\"a\",\"n\":7,\"hidden\":true,\"last\":null},"
		       "{\"name\":\"longer\",\"n\":18446744073709551615,\"hidden\":false,"
		       "\"last\":\"1970-01-02T00:00:00Z\"}],\"end\":null}\n");
}

static void no_rows(void **state)
{
	struct zpf_rows r;
	struct capture c;

	(void)state;
	capture_begin(&c, false);
	zpf_rows_begin(&r, &c.o, NULL, cols, 5);
	zpf_rows_end(&r);
	capture_expect(&c, "NAME  COUNT  LAST  NOTE\n");
	capture_begin(&c, true);
	zpf_rows_begin(&r, &c.o, NULL, cols, 5);
	zpf_rows_end(&r);
	capture_expect(&c, "[]\n");
}

static const struct {
	const char *in, *out;
} escapes[] = {
	{ "plain", "plain" },
	{ "\"\\", "\\\"\\\\" },
	{ "\n\r\t", "\\n\\r\\t" },
	{ "\x01\x1b\x7f", "\\u0001\\u001b\\u007f" },
	{ "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
	  "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ "\x80", "\\ufffd" },				/* no start */
	{ "\xc3", "\\ufffd" },				/* cut short */
	{ "\xe2\x82", "\\ufffd\\ufffd" },
	{ "\xc0\xaf", "\\ufffd\\ufffd" },		/* overlong */
	{ "\xe0\x80\xaf", "\\ufffd\\ufffd\\ufffd" },
	{ "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd" },	/* surrogate */
	{ "\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd" },
	{ "\xff\xfe", "\\ufffd\\ufffd" },
};

static void json_is_escaped(void **state)
{
	struct capture c;
	char want[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		capture_begin(&c, true);
		zpf_json_open(&c.o, NULL, '[');
		zpf_json_string(&c.o, NULL, escapes[i].in);
		zpf_json_close(&c.o, '[');
		snprintf(want, sizeof(want), "[\"%s\"]\n", escapes[i].out);
		capture_expect(&c, want);
	}
}

static void tables_steer_no_terminal(void **state)
{
	static const struct zpf_col one[] = { { "X", NULL, 0 } };
	struct zpf_rows r;
	struct capture c;

	(void)state;
	capture_begin(&c, false);
	zpf_rows_begin(&r, &c.o, NULL, one, 1);
	zpf_rows_text(&r, "a\033[2Jb\nc\xc2\x9b""d\xff");
	zpf_rows_text(&r, "gr\xc3\xbcn");
	zpf_rows_end(&r);
	capture_expect(&c, "X\na?[2Jb?c?d?\ngr\xc3\xbcn\n");
}

static void colour_does_not_shift(void **state)
{
	static const struct zpf_col two[] = {
		{ "ACTION", NULL, ZPF_COL_ACTION }, { "N", NULL, ZPF_COL_RIGHT },
	};
	struct zpf_rows r;
	struct capture c;

	(void)state;
	capture_begin(&c, false);
	c.o.color = true;
	zpf_rows_begin(&r, &c.o, NULL, two, 2);
	zpf_rows_text(&r, "drop");
	zpf_rows_uint(&r, 12);
	zpf_rows_text(&r, "jump");
	zpf_rows_uint(&r, 3);
	zpf_rows_end(&r);
	capture_expect(&c,
		       "\033[1mACTION\033[0m   \033[1mN\033[0m\n"
		       "\033[31mdrop\033[0m    12\n"
		       "jump     3\n");
}

static void ages(void **state)
{
	static const struct {
		uint64_t s;
		const char *text;
	} t[] = {
		{ 0, "0 s" }, { 59, "59 s" }, { 60, "1 m" }, { 3599, "59 m" },
		{ 3600, "1 h" }, { 86399, "23 h" }, { 86400, "1 d" },
		{ 86400 * 1000ULL, "1000 d" },
	};
	char buf[ZPF_TIME_LEN];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_string_equal(zpf_time_age(buf, t[i].s * 1000000000ULL), t[i].text);
	assert_string_equal(zpf_time_rfc3339(buf, 951827696123456789ULL),
			    "2000-02-29T12:34:56Z");
}

static void rules_are_read(void **state)
{
	static const char text[] =
		"set firewall group port-group WEB port '80'\n"
		"set firewall ipv4 name A default-action 'reject'\n"
		"set firewall ipv4 name A default-log\n"
		"set firewall ipv4 name A rule 20 action 'jump'\n"
		"set firewall ipv4 name A rule 20 jump-target 'B'\n"
		"set firewall ipv4 name A rule 10 action 'accept'\n"
		"set firewall ipv4 name A rule 10 description 'it is \"web\"'\n"
		"set firewall ipv4 name A rule 10 destination group port-group 'WEB'\n"
		"set firewall ipv4 name A rule 10 log\n"
		"set firewall ipv4 name A rule 10 protocol 'tcp'\n"
		"set firewall ipv4 name A rule 10 state 'established'\n"
		"set firewall ipv4 name A rule 10 state 'related'\n"
		"set firewall ipv6 forward filter rule 5 action 'drop'\n"
		"set firewall ipv6 forward filter rule 5 disable\n"
		"set firewall ipv4 name B description 'empty'\n";
	const struct zpf_ruleset_text *a, *f;
	struct zpf_rules_text r;

	(void)state;
	zpf_rules_parse(text, &r);
	assert_int_equal(r.n_sets, 3);
	a = &r.sets[0];
	assert_string_equal(a->name, "A");
	assert_int_equal(a->n_rules, 3);
	assert_int_equal(a->rules[0].number, 10);
	assert_string_equal(a->rules[0].protocol, "tcp");
	assert_string_equal(a->rules[0].conditions,
			    "destination group port-group WEB, state established|related");
	assert_string_equal(a->rules[0].description, "it is \"web\"");
	assert_true(a->rules[0].log);
	assert_string_equal(a->rules[1].action, "jump B");
	assert_string_equal(a->rules[1].protocol, "all");
	assert_null(a->rules[1].conditions);
	assert_int_equal(a->rules[2].number, 0);
	assert_string_equal(a->rules[2].action, "reject");
	assert_true(a->rules[2].log);
	f = &r.sets[1];
	assert_string_equal(f->name, "forward filter");
	assert_true(f->chain && f->rules[0].disabled);
	assert_string_equal(f->rules[1].action, "accept");
	assert_string_equal(r.sets[2].rules[0].action, "drop");
	zpf_rules_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_aligned),
		cmocka_unit_test(rows_are_objects),
		cmocka_unit_test(no_rows),
		cmocka_unit_test(json_is_escaped),
		cmocka_unit_test(tables_steer_no_terminal),
		cmocka_unit_test(colour_does_not_shift),
		cmocka_unit_test(ages),
		cmocka_unit_test(rules_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
