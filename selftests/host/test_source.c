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
			assert_true(packed * 20 < len);
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

/* Lines that share nothing, all, or more than a byte can tell; none that ends. */
static void odd_lines(void **state)
{
	static const char *const odd[] = {
		"\n", "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n", "same\nsame\nsame\nsame\nsame\nsame\n",
		"a\nab\nabc\nabcd\nabcde\nabcdefgh\nabcdefgh", "xxxxxxxxxx\n\nxxxxxxxxxx\nxx\nxxxxxxxxxx",
	};
	char text[8 * 700], *bytes;
	size_t len, packed;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]) + 2; i++) {
		if (i < sizeof(odd) / sizeof(odd[0])) {
			len = (size_t)sprintf(text, "%s%s%s%s%s", odd[i], odd[i], odd[i], odd[i], odd[i]);
		} else {
			/* 254 to 600 bytes alike, a newline behind the last or none */
			len = 0;
			for (size_t n = 254; n < 650; n += n < 258 ? 1 : 50) {
				memset(text + len, 'y', n);
				len += n;
				text[len++] = '\n';
				if (len > sizeof(text) - 700)
					break;
			}
			len -= i & 1;
		}
		bytes = zpf_source_pack(text, len, &packed);
		assert_true(packed < len || i < 2);
		assert_int_equal(zpf_source_unpack(&bytes, &packed), 0);
		assert_int_equal(packed, len);
		assert_memory_equal(bytes, text, len);
		free(bytes);
	}
}

/* @lines as a stream, however wrong. */
static char *stream_of(const char *lines, size_t len, size_t *packed)
{
	uLongf n = compressBound(len);
	char *bytes = malloc(n);

	assert_int_equal(compress2((Bytef *)bytes, &n, (const Bytef *)lines, len, 1), Z_OK);
	*packed = n;
	return bytes;
}

/* A stream of the text itself, as older tools sent it, and of no lines. */
static void other_streams(void **state)
{
	static const struct {
		const char *lines;
		size_t len;
		const char *text;
	} streams[] = {
		{ "set firewall zone A\n", 20, "set firewall zone A\n" },
		{ "\0abc\n\2x", 7, "abc\nabx" },
		{ "\0abc\n\3", 6, "abc\nabc" },
		{ "\0abc\n\4x", 7, NULL },		/* more than the line has */
		{ "\0\n\1", 3, NULL },
		{ "\0", 1, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		size_t len;
		char *bytes = stream_of(streams[i].lines, streams[i].len, &len);

		assert_int_equal(zpf_source_unpack(&bytes, &len), streams[i].text ? 0 : -1);
		if (streams[i].text) {
			assert_int_equal(len, strlen(streams[i].text));
			assert_string_equal(bytes, streams[i].text);
		}
		free(bytes);
	}
}

/* A few kilobytes that are gigabytes: every line is that above it. */
static void lines_without_end(void **state)
{
	const size_t n = 8 << 20;
	char *lines = malloc(300 + 2 * n), *bytes;
	size_t len = 0, packed;

	(void)state;
	lines[len++] = 0;
	memset(lines + len, 'z', 255);
	len += 255;
	for (size_t i = 0; i < n; i++) {
		lines[len++] = '\n';
		lines[len++] = (char)255;
	}
	bytes = stream_of(lines, len, &packed);
	assert_int_equal(zpf_source_unpack(&bytes, &packed), -1);
	free(bytes);
	free(lines);
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
		cmocka_unit_test(odd_lines),
		cmocka_unit_test(other_streams),
		cmocka_unit_test(lines_without_end),
		cmocka_unit_test(more_than_a_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
