// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the schema aloud: see grammar.h. Called by help and, through it, by
 * the shell completion and the build of zpf.conf(5). Has no keyword of its own.
 */
#include <ctype.h>
#include <string.h>
#include <linux/netfilter.h>

#include "grammar.h"
#include "load.h"
#include "schema.h"

#define EXPECTS_MAX 1200	/* bytes of a description of a value */

/* ---- what may stand here ---- */

static const struct zpf_col cols[] = {
	{ .head = "WORD" },
	{ .head = "VALUE" },
	{ .head = "VYOS", .flags = ZPF_COL_JSON },
	{ .head = "ENFORCED", .flags = ZPF_COL_JSON },
	{ .head = "SEVERAL", .flags = ZPF_COL_JSON },
	{ .head = "WHAT" },
};

static void put_row(struct zpf_rows *r, const char *word, const char *value,
		    unsigned int flags, const char *what)
{
	char text[EXPECTS_MAX];

	snprintf(text, sizeof(text), "%s%s%s%s", what,
		 r->o->json || !(flags & ZPF_S_MULTI) ? "" : "; several",
		 r->o->json || !(flags & ZPF_S_OURS) ? "" : "; not in VyOS",
		 r->o->json || !(flags & ZPF_S_UNENFORCED) ? "" :
		 "; not enforced yet");
	zpf_rows_text(r, word);
	zpf_rows_text(r, value);
	zpf_rows_bool(r, !(flags & ZPF_S_OURS));
	zpf_rows_bool(r, !(flags & ZPF_S_UNENFORCED));
	zpf_rows_bool(r, flags & ZPF_S_MULTI);
	zpf_rows_text(r, text);
}

/* The values of a leaf, or the names of instances. */
static void put_values(struct zpf_rows *r, const struct zpf_schema *s,
		       uint8_t family)
{
	const struct zpf_schema_row *row = s->row;
	char expects[EXPECTS_MAX];

	if (row && row->words && !s->instance) {
		for (const struct zpf_word *w = row->words; w->word; w++)
			put_row(r, w->word, NULL, s->flags |
				(w->unenforced ? ZPF_S_UNENFORCED : 0),
				row->help);
		return;
	}
	zpf_schema_expected(s, family, expects, sizeof(expects));
	if (s->instance) {
		struct zpf_value_ctx ctx;

		zpf_schema_ctx(s, family, &ctx);
		zpf_value_expects(s->kind, &ctx, expects, sizeof(expects));
	}
	put_row(r, s->instance ? s->word : "<value>", expects, s->flags,
		row ? row->help : "");
}

static void put_kid(struct zpf_rows *r, const struct zpf_schema *s,
		    uint8_t family)
{
	const struct zpf_schema *of = s->instance_of ? s->instance_of : s;
	char expects[EXPECTS_MAX], below[72];
	size_t len;

	if (zpf_schema_leaf(s) || s->instance_of) {
		zpf_schema_expected(s, family, expects, sizeof(expects));
		put_row(r, s->word, expects, s->flags | of->flags,
			of->row ? of->row->help : "");
		return;
	}
	if (s->row && !s->n_kids) {
		put_row(r, s->word, NULL, s->flags, s->row->help);
		return;
	}
	/* a word that only leads to others: name them */
	zpf_schema_expected(s, family, expects, sizeof(expects));
	len = strlen(expects);
	snprintf(below, sizeof(below), "%.*s%s", (int)sizeof(below) - 4,
		 expects, len > sizeof(below) - 4 ? "..." : "");
	put_row(r, s->word, NULL, s->flags, s->row ? s->row->help : below);
}

int zpf_grammar_list(struct zpf_out *o, int n, char **words, char *err,
		     size_t size)
{
	const struct zpf_schema *s = zpf_schema_root(), *next;
	struct zpf_value_ctx ctx = { 0 };
	struct zpf_arena arena = { NULL };
	union zpf_value value;
	struct zpf_rows r;
	uint8_t family = 0;
	bool done = false;
	int i = n && !strcmp(words[0], s->word), first = i;

	for (; i < n; i++) {
		char expects[EXPECTS_MAX] = "nothing";

		next = NULL;
		if (!done && (zpf_schema_leaf(s) || s->instance_of)) {
			next = s->instance_of ? s->instance_of : s;
			zpf_schema_ctx(next, family, &ctx);
			ctx.arena = &arena;
			memset(&value, 0, sizeof(value));
			/* "<zone>" stands for any */
			if (strcmp(words[i], next->word) &&
			    zpf_value_parse(next->kind, &ctx, words[i], &value) < 0) {
				snprintf(err, size, "%s", ctx.err);
				break;
			}
			done = !next->instance;
		} else if (!done) {
			next = zpf_schema_kid(s, words[i], family);
			zpf_schema_expected(s, family, expects, sizeof(expects));
		}
		if (!next) {
			snprintf(err, size, "unknown word '%.100s'; expected %s",
				 words[i], *expects ? expects : "nothing");
			break;
		}
		s = next;
		if (i == first)
			family = !strcmp(words[i], "ipv4") ? NFPROTO_IPV4 :
				!strcmp(words[i], "ipv6") ? NFPROTO_IPV6 : 0;
	}
	zpf_arena_free(&arena);
	if (i < n)
		return -1;
	if (o->json)
		zpf_json_open(o, NULL, '{');
	zpf_rows_begin(&r, o, "words", cols, sizeof(cols) / sizeof(cols[0]));
	if (!done && s->instance_of)
		put_values(&r, s->instance_of, family);
	else if (!done && zpf_schema_leaf(s))
		put_values(&r, s, family);
	for (size_t k = 0; !done && k < s->n_kids; k++)
		if (zpf_schema_kid(s, s->kids[k]->word, family))
			put_kid(&r, s->kids[k], family);
	zpf_rows_end(&r);
	if (o->json)
		zpf_json_close(o, '{');
	return 0;
}

/* ---- the manual page ---- */

static void mdoc_text(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '\\')
			fputs("\\e", out);
		else if (*s == '-')
			fputs("\\-", out);
		else
			putc(*s, out);
	}
}

/* The words of a path: keywords, `<names>` and alternatives. */
static void mdoc_path(FILE *out, const char *path)
{
	bool name = false, first = true;

	while (*path) {
		size_t len = strcspn(path, " ");

		if (first || name != (*path == '<')) {
			name = *path == '<';
			fputs(name ? " Ar" : " Cm", out);
		}
		first = false;
		fprintf(out, " %.*s", (int)len - 2 * name, path + name);
		path += len + !!path[len];
	}
}

static void unenforced_words(FILE *out, const struct zpf_word *w)
{
	bool any = false;

	for (; w && w->word; w++) {
		if (!w->unenforced)
			continue;
		fprintf(out, "%s%s", any ? ", " : "; not enforced yet: ", w->word);
		any = true;
	}
}

static void mdoc_row(FILE *out, const struct zpf_schema_row *row)
{
	struct zpf_value_ctx ctx = { .words = row->words, .lo = row->lo,
		.hi = row->hi };
	char expects[EXPECTS_MAX];

	fputs(".It", out);
	mdoc_path(out, row->path);
	putc('\n', out);
	mdoc_text(out, row->help);
	if (row->kind != ZPF_KIND_NODE && row->kind != ZPF_KIND_FLAG &&
	    row->kind != ZPF_KIND_SELF) {
		zpf_value_expects(row->kind, &ctx, expects, sizeof(expects));
		fputs(": ", out);
		mdoc_text(out, expects);
		unenforced_words(out, row->words);
	}
	if (row->flags & ZPF_S_MULTI)
		fputs("; several may be given", out);
	if ((row->flags & ZPF_S_BRIDGE) == ZPF_S_BRIDGE)
		fputs("; bridged frames only", out);
	else if (row->flags & ZPF_S_V4)
		fputs("; IPv4 only", out);
	else if (row->flags & ZPF_S_V6)
		fputs("; IPv6 only", out);
	if (row->flags & ZPF_S_OURS)
		fputs("; VyOS does not know it", out);
	if (row->flags & ZPF_S_UNENFORCED)
		fputs("; known, not enforced yet", out);
	fputs(".\n", out);
}

/* The head of the statements of one kind of object. */
static void mdoc_scope(FILE *out, enum zpf_scope scope)
{
	const struct zpf_schema_row *rows;
	size_t n;

	rows = zpf_schema_rows(&n);
	if (scope == ZPF_SCOPE_FIREWALL)
		fputs(".Ss Under Cm firewall\n", out);
	for (size_t i = 0; i < n; i++) {
		bool seen = false;

		if (rows[i].sub != scope || rows[i].flags & ZPF_S_UNENFORCED)
			continue;
		/* rules of rulesets and rules of chains are told once */
		for (size_t k = 0; k < i; k++)
			seen |= rows[k].sub == scope;
		if (seen)
			continue;
		fputs(".Ss Under", out);
		mdoc_path(out, rows[i].path);
		fputs(" : ", out);
		mdoc_text(out, rows[i].help);
		putc('\n', out);
	}
	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < n; i++)
		if (rows[i].scope == scope)
			mdoc_row(out, &rows[i]);
	fputs(".El\n", out);
}

static void mdoc_spelling(void *out, const char *from, const char *to)
{
	fputs(".It", out);
	mdoc_path(out, from);
	putc('\n', out);
	if (*to) {
		fputs(".Dl", out);
		mdoc_path(out, to);
	} else {
		fputs("is ignored with a warning", out);
	}
	putc('\n', out);
}

void zpf_grammar_page(FILE *out)
{
	for (int s = ZPF_SCOPE_FIREWALL; s < ZPF_SCOPE_N; s++)
		mdoc_scope(out, (enum zpf_scope)s);
	fputs(".Ss Old spellings\n.Bl -tag -width Ds\n", out);
	zpf_old_each(mdoc_spelling, out);
	fputs(".El\n", out);
}
