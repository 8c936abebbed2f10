// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packs and unpacks the source text of a policy: see source.h. Called by push
 * and fetch.
 *
 * A line of a policy begins like the line before it: only what differs is kept,
 * behind a byte that says how many bytes do not. zlib then has a third of the
 * text to look at, and leaves half of what it would make of all.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <linux/zpf.h>

#include "source.h"

/* How a stream of ours begins; no text does, for it has no control characters. */
static const char magic[2] = { 0x78, 0x01 };

/* A sixth less than with the fastest; the next ones take twice the time. */
#define LEVEL		3
#define SAME_MAX	255	/* bytes a line is told to share */

/* Bytes that @a and @b both begin with, of @len. */
static size_t same_start(const char *a, const char *b, size_t len)
{
	size_t n = 0;

	if (len > SAME_MAX)
		len = SAME_MAX;
	while (n < len && a[n] == b[n])
		n++;
	return n;
}

/* Length of the line at @line, without the newline that may end it. */
static size_t line_length(const char *line, const char *end)
{
	const char *at = memchr(line, '\n', (size_t)(end - line));

	return (size_t)((at ? at : end) - line);
}

/*
 * The lines of a text without what they share. @out: room for twice the text.
 * Return: bytes there
 */
static size_t shorten(const char *text, size_t len, char *out)
{
	const char *line = text, *end = text + len, *above = text;
	size_t n, same, above_len = 0;
	char *to = out;

	while (line < end) {
		n = line_length(line, end);
		same = same_start(line, above, n < above_len ? n : above_len);
		above = line;
		above_len = n;
		n += line + n < end;	/* the newline */
		*to++ = (char)same;
		memcpy(to, line + same, n - same);
		to += n - same;
		line += n;
	}
	return (size_t)(to - out);
}

/*
 * The text shorten() was given. @out: room for it; NULL: it is only measured.
 * Return: its length, SIZE_MAX if there is no such text or a policy's is shorter
 */
static size_t lengthen(const char *in, size_t len, char *out)
{
	const char *end = in + len;
	size_t at = 0, above = 0, above_len = 0;

	while (in < end) {
		size_t same = (unsigned char)*in++, n = line_length(in, end);

		if (same > above_len || at + same + n >= ZPF_MAX_SOURCE + 1UL)
			return SIZE_MAX;
		if (out) {
			memcpy(out + at, out + above, same);
			memcpy(out + at + same, in, n);
		}
		above = at;
		above_len = same + n;
		at += above_len;
		in += n;
		if (in < end) {
			if (out)
				out[at] = '\n';
			at++;
			in++;
		}
	}
	return at > ZPF_MAX_SOURCE ? SIZE_MAX : at;
}

char *zpf_source_pack(const char *text, size_t len, size_t *packed)
{
	char *lines = malloc(2 * len + 1), *buf;
	size_t n = lines ? shorten(text, len, lines) : 0;
	uLongf bytes = compressBound(n);

	buf = lines ? malloc(bytes > len ? bytes : len) : NULL;
	if (buf && compress2((Bytef *)buf, &bytes, (const Bytef *)lines, n,
			     LEVEL) == Z_OK && bytes < len) {
		buf[1] = magic[1];	/* says of the level only */
	} else if (buf) {
		if (len)
			memcpy(buf, text, len);
		bytes = len;
	}
	free(lines);
	*packed = bytes;
	return buf;
}

/* All of a stream, of which nothing but the beginning is known to be right. */
static char *inflate_all(z_stream *z, size_t *len)
{
	size_t cap = 4 * (size_t)z->avail_in + 64;
	char *out = NULL, *more;
	int ret = Z_OK;

	/* Lines have a byte more than in the text, and the shortest is one. */
	while (ret == Z_OK && z->total_out <= 2 * ZPF_MAX_SOURCE) {
		cap *= out ? 2 : 1;
		more = realloc(out, cap + 1);
		if (!more)
			break;
		out = more;
		z->next_out = (Bytef *)out + z->total_out;
		z->avail_out = (uInt)(cap - z->total_out);
		ret = inflate(z, Z_NO_FLUSH);
	}
	if (ret != Z_STREAM_END || z->avail_in) {
		free(out);
		return NULL;
	}
	*len = z->total_out;
	out[*len] = '\0';
	return out;
}

/* The text whose lines they are, which are freed; NULL: there is none. */
static char *text_of_lines(char *lines, size_t *len)
{
	size_t size = lengthen(lines, *len, NULL);
	char *text = size == SIZE_MAX ? NULL : malloc(size + 1);

	if (text) {
		lengthen(lines, *len, text);
		text[size] = '\0';
		*len = size;
	}
	free(lines);
	return text;
}

int zpf_source_unpack(char **text, size_t *len)
{
	z_stream z = { .next_in = (Bytef *)*text, .avail_in = (uInt)*len };
	char *out;

	if (*len < sizeof(magic) || memcmp(*text, magic, sizeof(magic)))
		return 0;
	if (inflateInit(&z) != Z_OK)
		return -1;
	out = inflate_all(&z, len);
	inflateEnd(&z);
	/* The first line shares nothing. Once it was the text itself that was packed. */
	if (out && *len && !*out)
		out = text_of_lines(out, len);
	if (out && *len > ZPF_MAX_SOURCE) {
		free(out);
		out = NULL;
	}
	if (!out)
		return -1;
	free(*text);
	*text = out;
	return 0;
}
