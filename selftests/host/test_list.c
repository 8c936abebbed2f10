// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of addresses as `group set` reads and `group show` prints them.
 */
#include "test.h"
#include "list.h"

static int read_list(const char *text, struct zpf_list *list, struct zpf_diag *diag)
{
	FILE *in = fmemopen((char *)text, strlen(text), "r");
	int ret;

	memset(list, 0, sizeof(*list));
	memset(diag, 0, sizeof(*diag));
	ret = zpf_list_read(in, "-", list, diag);
	fclose(in);
	return ret;
}

static void test_reads(void **state __attribute__((unused)))
{
	struct zpf_list list;
	struct zpf_diag diag;
	char text[ZPF_RANGE_TEXT];

	assert_int_equal(read_list("# a comment\n\n10.0.0.0/25\r\n  10.0.0.128/25 # next\n"
				   "fd00::5\n10.9.0.1-10.9.0.3\nfd00::4", &list, &diag), 0);
	assert_int_equal(list.n4, 2);
	assert_int_equal(list.n6, 1);
	assert_int_equal(list.first4, 3);
	assert_int_equal(list.first6, 5);
	assert_string_equal(zpf_range4_text(&list.r4[0], text), "10.0.0.0/24");
	assert_string_equal(zpf_range4_text(&list.r4[1], text), "10.9.0.1-10.9.0.3");
	assert_string_equal(zpf_range6_text(&list.r6[0], text), "fd00::4/127");
	zpf_list_free(&list);
	zpf_diag_free(&diag);

	assert_int_equal(read_list("#", &list, &diag), 0);
	assert_int_equal(list.n4 + list.n6, 0);
	zpf_list_free(&list);
}

static void test_prints(void **state __attribute__((unused)))
{
	static const char *const same[] = { "0.0.0.0/0", "1.2.3.4", "255.255.255.255",
		"10.0.0.0/31", "10.0.0.1-10.0.0.2", "0.0.0.0-255.255.255.254",
		"::/0", "fd00::/8", "::1-::2", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" };

	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		char text[ZPF_RANGE_TEXT];
		struct zpf_list list;
		struct zpf_diag diag;

		assert_int_equal(read_list(same[i], &list, &diag), 0);
		assert_string_equal(list.n4 ? zpf_range4_text(list.r4, text) :
				    zpf_range6_text(list.r6, text), same[i]);
		zpf_list_free(&list);
	}
}

static void test_refuses(void **state __attribute__((unused)))
{
	static const struct {
		const char *text, *message;
		unsigned int line, col;
	} bad[] = {
		{ "10.0.0.1\n 10.0.0.256", "bad value '10.0.0.256'; expected an address, a prefix or a range a-b", 2, 2 },
		{ "10.0.0.1/24", "host bits set; the network is 10.0.0.0/24", 1, 1 },
		{ "\n\n10.0.0.9-10.0.0.1", "the range ends before it begins", 3, 1 },
		{ "!10.0.0.1", "says what is in it", 1, 1 },
		{ "example.com", "bad value 'example.com'", 1, 1 },
		{ "10.0.0.1 10.0.0.2", "bad value", 1, 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct zpf_list list;
		struct zpf_diag diag;

		assert_int_equal(read_list(bad[i].text, &list, &diag), -1);
		assert_int_equal(diag.n_errors, 1);
		assert_non_null(strstr(diag.entries[0].message, bad[i].message));
		assert_null(strstr(diag.entries[0].message, "negate"));
		assert_int_equal(diag.entries[0].where.line, bad[i].line);
		assert_int_equal(diag.entries[0].where.col, bad[i].col);
		zpf_list_free(&list);
		zpf_diag_free(&diag);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_prints),
		cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
