// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists of list.h. Called by the command `group`. Every line that cannot be
 * read is told, up to a number nobody reads beyond.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "range.h"
#include "value.h"

#define LIST_ERRORS 20	/* told of one list */

static void list_line(struct zpf_list *list, const struct zpf_where *where,
		      char *s, struct zpf_diag *diag)
{
	struct zpf_value_ctx ctx = { .arena = &list->arena };
	struct zpf_v_addr v = { 0 };

	if (*s == '!') {
		zpf_diag_add(diag, ZPF_DIAG_ERROR, where, NULL,
			     "'%.60s': a list says what is in it, not what is not", s);
		return;
	}
	if (zpf_value_parse(ZPF_KIND_ADDR, &ctx, s, &v) < 0) {
		/* of what is expected a list has no `!` */
		char *tail = strstr(ctx.err, ", with ! to negate");

		if (tail)
			*tail = '\0';
		zpf_diag_add(diag, ZPF_DIAG_ERROR, where, NULL, "%s", ctx.err);
		return;
	}
	if (v.v6) {
		if (!list->n6)
			list->first6 = where->line;
		ZPF_PUSH(&list->arena, list->r6, list->n6, v.r6);
	} else {
		if (!list->n4)
			list->first4 = where->line;
		ZPF_PUSH(&list->arena, list->r4, list->n4, v.r4);
	}
}

static void list_most(size_t n, const char *family, const struct zpf_where *where,
		      struct zpf_diag *diag)
{
	if (n > ZPF_MAX_SET_ELEMS)
		zpf_diag_add(diag, ZPF_DIAG_ERROR, where, NULL,
			     "the list has %zu %s ranges; at most %d are allowed",
			     n, family, ZPF_MAX_SET_ELEMS);
}

/**
 * zpf_list_read() - read a list
 * @in: the text: a line is an address, a prefix, a range a-b, or empty; a # and
 *	what follows it is a comment
 * @name: file name for messages
 * @list: a zeroed list; zpf_list_free() also after a failure
 * @diag: gets an error for every line that is none of these
 *
 * Return: 0, or -1 with errors in @diag
 */
int zpf_list_read(FILE *in, const char *name, struct zpf_list *list,
		  struct zpf_diag *diag)
{
	struct zpf_where where = { .file = name };
	char *line = NULL, *s;
	size_t cap = 0;
	ssize_t len;

	while (diag->n_errors < LIST_ERRORS && (len = getline(&line, &cap, in)) >= 0) {
		where.line++;
		if (strlen(line) != (size_t)len) {
			where.col = (unsigned int)strlen(line) + 1;
			zpf_diag_add(diag, ZPF_DIAG_ERROR, &where, NULL,
				     "a NUL byte: this is no text");
			continue;
		}
		line[strcspn(line, "#")] = '\0';
		for (s = line + strlen(line); s > line && isspace((unsigned char)s[-1]);)
			*--s = '\0';
		for (s = line; isspace((unsigned char)*s);)
			s++;
		where.col = (unsigned int)(s - line) + 1;
		if (*s)
			list_line(list, &where, s, diag);
	}
	free(line);
	where.line = where.col = 0;
	if (ferror(in))
		zpf_diag_add(diag, ZPF_DIAG_ERROR, &where, NULL, "cannot be read");
	list->n4 = zpf_range4_merge(list->r4, list->n4);
	list->n6 = zpf_range6_merge(list->r6, list->n6);
	list_most(list->n4, "IPv4", &where, diag);
	list_most(list->n6, "IPv6", &where, diag);
	return diag->n_errors ? -1 : 0;
}

/** zpf_list_free() - free what a list holds (not @list itself) */
void zpf_list_free(struct zpf_list *list)
{
	zpf_arena_free(&list->arena);
	memset(list, 0, sizeof(*list));
}

/* Of a family: bytes of two addresses, most significant first. */
static const char *range_text(int family, const unsigned char *lo,
			      const unsigned char *hi, char buf[ZPF_RANGE_TEXT])
{
	const int bytes = family == AF_INET6 ? 16 : 4;
	int len = 0, bit;
	size_t at;

	/* A prefix: equal up to some bit, then all zeros and all ones. */
	while (len < 8 * bytes && !((lo[len / 8] ^ hi[len / 8]) >> (7 - len % 8) & 1))
		len++;
	for (bit = len; bit < 8 * bytes; bit++)
		if ((lo[bit / 8] >> (7 - bit % 8) & 1) || !(hi[bit / 8] >> (7 - bit % 8) & 1))
			break;
	inet_ntop(family, lo, buf, INET6_ADDRSTRLEN);
	at = strlen(buf);
	if (bit == 8 * bytes) {
		if (len < 8 * bytes)
			snprintf(buf + at, ZPF_RANGE_TEXT - at, "/%d", len);
		return buf;
	}
	buf[at++] = '-';
	inet_ntop(family, hi, buf + at, INET6_ADDRSTRLEN);
	return buf;
}

/** zpf_range4_text() - a range as an address, a prefix or a-b; returns @buf */
const char *zpf_range4_text(const struct zpf_range4 *r, char buf[ZPF_RANGE_TEXT])
{
	uint32_t lo = htonl(r->lo), hi = htonl(r->hi);

	return range_text(AF_INET, (unsigned char *)&lo, (unsigned char *)&hi, buf);
}

/** zpf_range6_text() - as zpf_range4_text() */
const char *zpf_range6_text(const struct zpf_range6 *r, char buf[ZPF_RANGE_TEXT])
{
	unsigned char lo[16], hi[16];

	for (int i = 0; i < 16; i++) {
		lo[i] = (unsigned char)(r->lo[i / 8] >> (56 - i % 8 * 8));
		hi[i] = (unsigned char)(r->hi[i / 8] >> (56 - i % 8 * 8));
	}
	return range_text(AF_INET6, lo, hi, buf);
}
