// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values that are numbers of a packet, read into ranges. Called through the
 * table of value.c.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "value.h"
#include "value_read.h"

static void nums_add(struct zpf_value_ctx *c, struct zpf_v_nums *v, uint64_t lo,
		     uint64_t hi)
{
	struct zpf_range64 r = { .lo = lo, .hi = hi };

	ZPF_PUSH(c->arena, v->r, v->n, r);
}

static int span_read(struct zpf_value_ctx *c, enum zpf_kind kind,
		     const char *s, struct zpf_v_nums *v)
{
	char *copy = zpf_arena_strdup(c->arena, s), *dash = strchr(copy, '-');
	int64_t lo, hi;

	if (dash)
		*dash = '\0';
	lo = zpf_value_number(copy, c->hi);
	hi = dash ? zpf_value_number(dash + 1, c->hi) : lo;
	if (lo < (int64_t)c->lo || hi < (int64_t)c->lo)
		return zpf_value_unlike(c, kind, s);
	if (lo > hi)
		return zpf_value_refuse(c, "'%s': the range ends before it begins", s);
	nums_add(c, v, (uint64_t)lo, (uint64_t)hi);
	return 0;
}

/** zpf_value_span() - a number or a range a-b */
int zpf_value_span(struct zpf_value_ctx *c, const char *s, void *out)
{
	return span_read(c, ZPF_KIND_SPAN, s, out);
}

/** zpf_value_notspan() - a number or a range a-b, or `!` and that */
int zpf_value_notspan(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_nums *v = out;

	s = zpf_value_negated(s, &v->not);
	return span_read(c, ZPF_KIND_NOTSPAN, s, v);
}

/** zpf_value_code() - a word that stands for a number */
int zpf_value_code(struct zpf_value_ctx *c, const char *s, void *out)
{
	const struct zpf_word *w = zpf_word_find(c->words, s);

	if (!w)
		return zpf_value_unlike(c, ZPF_KIND_CODE, s);
	nums_add(c, out, w->value, w->value);
	return 0;
}

/** zpf_value_codenum() - a word that stands for a number, or a number */
int zpf_value_codenum(struct zpf_value_ctx *c, const char *s, void *out)
{
	int64_t n = zpf_value_number(s, c->hi);

	if (n < c->lo)
		return zpf_word_find(c->words, s) ? zpf_value_code(c, s, out) :
			zpf_value_unlike(c, ZPF_KIND_CODENUM, s);
	nums_add(c, out, (uint64_t)n, (uint64_t)n);
	return 0;
}

/** zpf_value_mss() - a segment size, 0 for what the path lets through */
int zpf_value_mss(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_num *v = out;
	int64_t n = zpf_value_number(s, 16384);

	if (!strcmp(s, "pmtu"))
		n = 0;
	else if (n < 500)
		return zpf_value_unlike(c, ZPF_KIND_MSS, s);
	v->v = (uint32_t)n;
	return 0;
}

static int mac_read(struct zpf_value_ctx *c, enum zpf_kind kind, const char *s,
		    struct zpf_v_nums *v)
{
	uint64_t mac = 0;

	for (int i = 0; i < 6; i++) {
		const char *p = s + 3 * i;

		if (!isxdigit((unsigned char)p[0]) ||
		    !isxdigit((unsigned char)p[1]) ||
		    p[2] != (i < 5 ? ':' : '\0'))
			return zpf_value_unlike(c, kind, s);
		mac = mac << 8 | strtoul((char[]){ p[0], p[1], '\0' }, NULL, 16);
	}
	nums_add(c, v, mac, mac);
	return 0;
}

/** zpf_value_mac() - a MAC address */
int zpf_value_mac(struct zpf_value_ctx *c, const char *s, void *out)
{
	return mac_read(c, ZPF_KIND_MAC, s, out);
}

/** zpf_value_notmac() - a MAC address, or `!` and that */
int zpf_value_notmac(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_nums *v = out;

	s = zpf_value_negated(s, &v->not);
	return mac_read(c, ZPF_KIND_NOTMAC, s, v);
}
