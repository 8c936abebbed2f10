// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packs and unpacks the source text of a policy: see source.h. Called by push
 * and fetch.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <linux/zpf.h>

#include "source.h"

/* How a stream of ours begins; no text does, for it has no control characters. */
static const char magic[2] = { 0x78, 0x01 };

char *zpf_source_pack(const char *text, size_t len, size_t *packed)
{
	uLongf n = compressBound(len);
	Bytef *buf = malloc(n ? n : 1);

	if (!buf)
		return NULL;
	if (compress2(buf, &n, (const Bytef *)text, len, Z_BEST_SPEED) != Z_OK ||
	    n >= len || memcmp(buf, magic, sizeof(magic))) {
		if (len)
			memcpy(buf, text, len);
		n = len;
	}
	*packed = n;
	return (char *)buf;
}

/* All of a stream, of which nothing but the beginning is known to be right. */
static char *inflate_all(z_stream *z, size_t *len)
{
	size_t cap = 4 * (size_t)z->avail_in + 64;
	char *text = NULL, *more;
	int ret = Z_OK;

	while (ret == Z_OK && z->total_out <= ZPF_MAX_SOURCE) {
		cap *= text ? 2 : 1;
		more = realloc(text, cap + 1);
		if (!more)
			break;
		text = more;
		z->next_out = (Bytef *)text + z->total_out;
		z->avail_out = (uInt)(cap - z->total_out);
		ret = inflate(z, Z_NO_FLUSH);
	}
	if (ret != Z_STREAM_END || z->avail_in || z->total_out > ZPF_MAX_SOURCE) {
		free(text);
		return NULL;
	}
	*len = z->total_out;
	text[*len] = '\0';
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
	if (!out)
		return -1;
	free(*text);
	*text = out;
	return 0;
}
