// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results for people and for programs: see out.h. Text in tables is made
 * harmless to a terminal (no control characters get through), text in JSON is
 * always valid UTF-8, whatever bytes came in.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "out.h"
#include "xmem.h"

#define NSEC_PER_SEC 1000000000ULL

void zpf_out_init(struct zpf_out *o, FILE *f, bool json, bool no_color)
{
	const char *env = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	memset(o, 0, sizeof(*o));
	o->f = f;
	o->json = json;
	o->color = !json && !no_color && !(env && *env) &&
		   !(term && !strcmp(term, "dumb")) && isatty(fileno(f));
}

/*
 * zpf_utf8_len() - bytes of the well-formed UTF-8 character at @s, 0 if there
 * is none. Overlong forms, surrogates and code points above 10FFFF are not
 * well-formed.
 */
static size_t zpf_utf8_len(const unsigned char *s)
{
	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		return (s[1] & 0xc0) == 0x80 ? 2 : 0;
	if (s[0] >= 0xe0 && s[0] <= 0xef) {
		if ((s[1] & 0xc0) != 0x80 || (s[2] & 0xc0) != 0x80)
			return 0;
		if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f))
			return 0;
		return 3;
	}
	if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		if ((s[1] & 0xc0) != 0x80 || (s[2] & 0xc0) != 0x80 ||
		    (s[3] & 0xc0) != 0x80)
			return 0;
		if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
			return 0;
		return 4;
	}
	return 0;
}

static void zpf_json_escape(FILE *f, const char *text)
{
	static const char shorts[128] = {
		['"'] = '"', ['\\'] = '\\', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
	};
	const unsigned char *s = (const unsigned char *)text;
	size_t len;

	fputc('"', f);
	for (; *s; s += len ? len : 1) {
		len = zpf_utf8_len(s);
		if (!len)
			fputs("\\ufffd", f);
		else if (len > 1)
			fwrite(s, 1, len, f);
		else if (shorts[*s])
			fprintf(f, "\\%c", shorts[*s]);
		else if (*s < 0x20 || *s == 0x7f)
			fprintf(f, "\\u%04x", *s);
		else
			fputc(*s, f);
	}
	fputc('"', f);
}

/* What stands before a value: the comma and the key. */
static void zpf_json_lead(struct zpf_out *o, const char *key)
{
	if (o->comma[o->depth])
		fputc(',', o->f);
	o->comma[o->depth] = true;
	if (key) {
		zpf_json_escape(o->f, key);
		fputc(':', o->f);
	}
}

void zpf_json_open(struct zpf_out *o, const char *key, char kind)
{
	zpf_json_lead(o, key);
	fputc(kind, o->f);
	if (o->depth < ZPF_OUT_DEPTH - 1)
		o->depth++;
	o->comma[o->depth] = false;
}

void zpf_json_close(struct zpf_out *o, char kind)
{
	fputc(kind == '{' ? '}' : ']', o->f);
	if (o->depth)
		o->depth--;
	if (!o->depth) {
		fputc('\n', o->f);
		o->comma[0] = false;
	}
}

void zpf_json_string(struct zpf_out *o, const char *key, const char *value)
{
	if (!value) {
		zpf_json_null(o, key);
		return;
	}
	zpf_json_lead(o, key);
	zpf_json_escape(o->f, value);
}

void zpf_json_uint(struct zpf_out *o, const char *key, uint64_t value)
{
	zpf_json_lead(o, key);
	fprintf(o->f, "%" PRIu64, value);
}

void zpf_json_bool(struct zpf_out *o, const char *key, bool value)
{
	zpf_json_lead(o, key);
	fputs(value ? "true" : "false", o->f);
}

void zpf_json_null(struct zpf_out *o, const char *key)
{
	zpf_json_lead(o, key);
	fputs("null", o->f);
}

static bool zpf_col_hidden(const struct zpf_rows *r, size_t col)
{
	return r->cols[col].flags & (r->o->json ? ZPF_COL_TABLE : ZPF_COL_JSON);
}

static const char *zpf_col_key(const struct zpf_col *col, char *buf, size_t size)
{
	size_t i;

	if (col->key)
		return col->key;
	for (i = 0; col->head[i] && i < size - 1; i++)
		buf[i] = tolower((unsigned char)col->head[i]);
	buf[i] = '\0';
	return buf;
}

void zpf_rows_begin(struct zpf_rows *r, struct zpf_out *o, const char *key,
		    const struct zpf_col *cols, size_t n_cols)
{
	memset(r, 0, sizeof(*r));
	r->o = o;
	r->cols = cols;
	r->n_cols = n_cols;
	if (o->json)
		zpf_json_open(o, key, '[');
}

enum zpf_cell_kind { ZPF_CELL_TEXT, ZPF_CELL_UINT, ZPF_CELL_BOOL };

/* One cell; @text is what a table shows, @value what JSON does. */
static void zpf_rows_cell(struct zpf_rows *r, enum zpf_cell_kind kind,
			  const char *text, const char *json, uint64_t value)
{
	size_t col = r->at;
	char key[64];

	if (r->o->json) {
		if (!col)
			zpf_json_open(r->o, NULL, '{');
		if (!zpf_col_hidden(r, col)) {
			const char *k = zpf_col_key(&r->cols[col], key, sizeof(key));

			if (kind == ZPF_CELL_UINT)
				zpf_json_uint(r->o, k, value);
			else if (kind == ZPF_CELL_BOOL)
				zpf_json_bool(r->o, k, value);
			else
				zpf_json_string(r->o, k, json);
		}
	} else {
		if (r->n_cells == r->cap)
			r->cells = zpf_xgrow(r->cells, &r->cap, sizeof(*r->cells));
		r->cells[r->n_cells++] = zpf_xstrdup(text ? text : "-");
	}
	r->at++;
	if (r->at == r->n_cols) {
		r->at = 0;
		if (r->o->json)
			zpf_json_close(r->o, '{');
	}
}

void zpf_rows_text(struct zpf_rows *r, const char *text)
{
	zpf_rows_cell(r, ZPF_CELL_TEXT, text, text, 0);
}

void zpf_rows_uint(struct zpf_rows *r, uint64_t value)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%" PRIu64, value);
	zpf_rows_cell(r, ZPF_CELL_UINT, buf, NULL, value);
}

void zpf_rows_bool(struct zpf_rows *r, bool value)
{
	zpf_rows_cell(r, ZPF_CELL_BOOL, value ? "yes" : "no", NULL, value);
}

void zpf_rows_time(struct zpf_rows *r, uint64_t unix_ns, uint64_t age_ns)
{
	char age[ZPF_TIME_LEN], rfc[ZPF_TIME_LEN];

	if (!unix_ns)
		zpf_rows_text(r, NULL);
	else
		zpf_rows_cell(r, ZPF_CELL_TEXT, zpf_time_age(age, age_ns),
			      zpf_time_rfc3339(rfc, unix_ns), 0);
}

/* Columns a text takes on a terminal, a character counted as one. */
static size_t zpf_text_width(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t width = 0, len;

	for (; *s; s += len ? len : 1, width++)
		len = zpf_utf8_len(s);
	return width;
}

/* Prints a text with everything replaced that could steer a terminal. */
static void zpf_text_put(FILE *f, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len;

	for (; *s; s += len ? len : 1) {
		len = zpf_utf8_len(s);
		if (!len || *s < 0x20 || *s == 0x7f ||
		    (s[0] == 0xc2 && s[1] < 0xa0))
			fputc('?', f);
		else
			fwrite(s, 1, len, f);
	}
}

static const struct {
	const char *word, *on;
} zpf_action_colors[] = {
	{ "accept",	"\033[32m" },
	{ "drop",	"\033[31m" },
	{ "reject",	"\033[33m" },
};

static const char *zpf_cell_color(const struct zpf_col *col, const char *text)
{
	size_t i;

	if (col->flags & ZPF_COL_ACTION)
		for (i = 0; i < ZPF_ARRAY_LEN(zpf_action_colors); i++)
			if (!strcmp(text, zpf_action_colors[i].word))
				return zpf_action_colors[i].on;
	return NULL;
}

static void zpf_table_line(struct zpf_rows *r, const size_t *width,
			   char *const *cells, const char *row_color)
{
	const char *text, *color;
	size_t i, last = 0, pad;
	bool first = true;

	/* Nothing trails behind the last cell that is not empty. */
	for (i = 0; i < r->n_cols; i++)
		if (!zpf_col_hidden(r, i) && (!cells || *cells[i]))
			last = i;
	for (i = 0; i <= last; i++) {
		if (zpf_col_hidden(r, i))
			continue;
		text = cells ? cells[i] : r->cols[i].head;
		color = row_color;
		if (!color && r->o->color)
			color = zpf_cell_color(&r->cols[i], text);
		pad = width[i] - zpf_text_width(text);
		if (!first)
			fputs("  ", r->o->f);
		first = false;
		if (r->cols[i].flags & ZPF_COL_RIGHT)
			fprintf(r->o->f, "%*s", (int)pad, "");
		if (color)
			fputs(color, r->o->f);
		zpf_text_put(r->o->f, text);
		if (color)
			fputs("\033[0m", r->o->f);
		if (i != last && !(r->cols[i].flags & ZPF_COL_RIGHT))
			fprintf(r->o->f, "%*s", (int)pad, "");
	}
	fputc('\n', r->o->f);
}

void zpf_rows_end(struct zpf_rows *r)
{
	size_t *width;
	size_t i, w;

	if (r->o->json) {
		zpf_json_close(r->o, '[');
		return;
	}
	width = zpf_xcalloc(r->n_cols, sizeof(*width));
	for (i = 0; i < r->n_cols; i++)
		width[i] = zpf_text_width(r->cols[i].head);
	for (i = 0; i < r->n_cells; i++) {
		w = zpf_text_width(r->cells[i]);
		if (w > width[i % r->n_cols])
			width[i % r->n_cols] = w;
	}
	zpf_table_line(r, width, NULL, r->o->color ? "\033[1m" : NULL);
	for (i = 0; i + r->n_cols <= r->n_cells; i += r->n_cols)
		zpf_table_line(r, width, r->cells + i, NULL);
	for (i = 0; i < r->n_cells; i++)
		free(r->cells[i]);
	free(r->cells);
	free(width);
	r->cells = NULL;
	r->n_cells = r->cap = 0;
}

void zpf_out_heading(struct zpf_out *o, const char *text)
{
	if (o->json)
		return;
	if (o->color)
		fputs("\033[1m", o->f);
	zpf_text_put(o->f, text);
	if (o->color)
		fputs("\033[0m", o->f);
	fputc('\n', o->f);
}

const char *zpf_time_rfc3339(char buf[ZPF_TIME_LEN], uint64_t unix_ns)
{
	time_t sec = unix_ns / NSEC_PER_SEC;
	struct tm tm;

	if (!gmtime_r(&sec, &tm) ||
	    !strftime(buf, ZPF_TIME_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(buf, ZPF_TIME_LEN, "1970-01-01T00:00:00Z");
	return buf;
}

const char *zpf_time_age(char buf[ZPF_TIME_LEN], uint64_t ns)
{
	static const struct {
		uint64_t below;		/* s */
		uint64_t unit;		/* s */
		const char *name;
	} steps[] = {
		{ 60,		1,	"s" },
		{ 3600,		60,	"m" },
		{ 86400,	3600,	"h" },
		{ UINT64_MAX,	86400,	"d" },
	};
	uint64_t s = ns / NSEC_PER_SEC;
	size_t i = 0;

	while (s >= steps[i].below)
		i++;
	snprintf(buf, ZPF_TIME_LEN, "%" PRIu64 " %s", s / steps[i].unit,
		 steps[i].name);
	return buf;
}
