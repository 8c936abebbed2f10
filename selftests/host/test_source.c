// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packed source text: what goes in comes out, what is no text of a policy
 * is refused, and nothing unpacks to more than a policy may have.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <linux/zpf.h>

#include "source.h"

/* Of @n rules, to be freed. */
static char *text_of(size_t n, size_t *len)
{
	char *text = malloc(n * 80 + 1);

	*len = 0;
	for (size_t i = 1; i <= n; i++)
		*len += (size_t)sprintf(text + *len, "set firewall ipv4 name R rule %zu destination port '%zu'\n",
					i, i % 65536);
	text[*len] = '\0';
	return text;
}

static void round_trip(void **state)
{
	static const size_t rules[] = { 0, 1, 2, 3, 10, 1000, 100000 };

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		size_t len, packed;
		char *text = text_of(rules[i], &len);
		char *bytes = zpf_source_pack(text, len, &packed);

		assert_non_null(bytes);
		assert_true(packed <= len);
		if (rules[i] >= 1000)
			assert_true(packed * 8 < len);
		assert_int_equal(zpf_source_unpack(&bytes, &packed), 0);
		assert_int_equal(packed, len);
		assert_memory_equal(bytes, text, len);
		free(bytes);
		free(text);
	}
}

static void plain_text_stays(void **state)
{
	static const char *const texts[] = { "", "s", "x", "x^", "set firewall zone A\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *text = strdup(texts[i]);
		size_t len = strlen(text);

		assert_int_equal(zpf_source_unpack(&text, &len), 0);
		assert_int_equal(len, strlen(texts[i]));
		assert_string_equal(text, texts[i]);
		free(text);
	}
}

/* Every stream that is cut, and streams with a bit the other way. */
static void broken_streams(void **state)
{
	size_t len, packed;
	char *text = text_of(50, &len);
	char *bytes = zpf_source_pack(text, len, &packed);
	int harmless = 0;

	(void)state;
	for (size_t n = 2; n < packed; n++) {
		char *cut = malloc(n);
		size_t got = n;

		memcpy(cut, bytes, n);
		assert_int_equal(zpf_source_unpack(&cut, &got), -1);
		free(cut);
	}
	for (size_t bit = 16; bit < 8 * packed; bit++) {
		char *flipped = malloc(packed);
		size_t got = packed;

		memcpy(flipped, bytes, packed);
		flipped[bit / 8] ^= (char)(1 << bit % 8);
		/* some bits between the end of the data and the sum mean nothing */
		if (!zpf_source_unpack(&flipped, &got)) {
			assert_int_equal(got, len);
			assert_memory_equal(flipped, text, len);
			harmless++;
		}
		free(flipped);
	}
	assert_true(harmless < 8);
	free(bytes);
	free(text);
}

static void more_than_a_policy(void **state)
{
	const size_t len = ZPF_MAX_SOURCE + 1;
	char *text = calloc(1, len), *bytes;
	size_t packed;

	(void)state;
	bytes = zpf_source_pack(text, len, &packed);
	assert_true(packed < len / 100);
	assert_int_equal(zpf_source_unpack(&bytes, &packed), -1);
	free(bytes);
	bytes = zpf_source_pack(text, len - 1, &packed);
	assert_int_equal(zpf_source_unpack(&bytes, &packed), 0);
	assert_int_equal(packed, len - 1);
	free(bytes);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(broken_streams),
		cmocka_unit_test(more_than_a_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
