// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lexer of lex.h. A line that begins with `set` or `delete` outside braces
 * is a command: braces in it are ordinary characters and `#` begins a comment.
 * In any other line braces stand for themselves and comments may also be
 * slash-star; a line that begins with two slashes is a footer. Called by parse.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lex.h"
#include "xmem.h"

/** zpf_lex_init() - begin to read a text, which must stay */
void zpf_lex_init(struct zpf_lex *lx, const char *text, size_t len)
{
	memset(lx, 0, sizeof(*lx));
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		text += 3;
		len -= 3;
	}
	lx->p = lx->bol = text;
	lx->end = text + len;
	lx->line = 1;
}

/** zpf_lex_exit() - free what reading needed */
void zpf_lex_exit(struct zpf_lex *lx)
{
	zpf_arena_free(&lx->arena);
	free(lx->toks);
	free(lx->buf);
}

/** zpf_lex_command() - whether a line that begins so is a command */
bool zpf_lex_command(const char *word)
{
	return !strcmp(word, "set") || !strcmp(word, "delete");
}

static unsigned int column(const struct zpf_lex *lx, const char *p)
{
	return (unsigned int)(p - lx->bol) + 1;
}

__attribute__((format(printf, 3, 4)))
static void lex_error(struct zpf_lex *lx, const char *at, const char *fmt, ...)
{
	va_list ap;

	if (*lx->err)
		return;		/* one a line is enough */
	va_start(ap, fmt);
	vsnprintf(lx->err, sizeof(lx->err), fmt, ap);
	va_end(ap);
	lx->err_line = lx->line;
	lx->err_col = column(lx, at);
}

static void newline(struct zpf_lex *lx)
{
	lx->p++;
	lx->line++;
	lx->bol = lx->p;
}

static bool at_eol(const struct zpf_lex *lx)
{
	return lx->p == lx->end || *lx->p == '\n' ||
		(*lx->p == '\r' && (lx->p + 1 == lx->end || lx->p[1] == '\n'));
}

static void to_eol(struct zpf_lex *lx)
{
	const char *nl = memchr(lx->p, '\n', (size_t)(lx->end - lx->p));

	lx->p = nl ? nl : lx->end;
}

static bool looking_at(const struct zpf_lex *lx, const char *two)
{
	return lx->end - lx->p >= 2 && lx->p[0] == two[0] && lx->p[1] == two[1];
}

/* Step over a comment that may span lines. */
static void comment(struct zpf_lex *lx)
{
	unsigned int line = lx->line, col = column(lx, lx->p);

	lx->p += 2;
	while (lx->p < lx->end && !looking_at(lx, "*/")) {
		if (*lx->p == '\n')
			newline(lx);
		else
			lx->p++;
	}
	if (lx->p < lx->end) {
		lx->p += 2;
		return;
	}
	lex_error(lx, lx->p, "the comment is never closed");
	lx->err_line = line;
	lx->err_col = col;
}

static bool control(unsigned char c)
{
	return (c < ' ' && c != '\t') || c == 0x7f;
}

/* Whatever a word may have to be read with care for. */
static const bool special[256] = {
	[0 ... ' '] = true, [0x7f] = true, ['\\'] = true, ['\''] = true,
	['"'] = true, ['{'] = true, ['}'] = true,
};

/* Copy the characters that stand for themselves. Return: the end of the copy */
static char *ordinary(struct zpf_lex *lx, char *out)
{
	const char *p = lx->p, *end = lx->end;

	while (p < end && !special[(unsigned char)*p])
		*out++ = *p++;
	lx->p = p;
	return out;
}

/* Bytes for the words of the rest of a line, which are never longer than it. */
static size_t line_room(const struct zpf_lex *lx)
{
	const char *nl = memchr(lx->p, '\n', (size_t)(lx->end - lx->p));

	return (size_t)((nl ? nl : lx->end) - lx->p) + 1;
}

/*
 * One word: bare characters and quoted parts side by side make one word, as
 * in a shell. The text is copied without quotes.
 */
static void word(struct zpf_lex *lx, struct zpf_tok *t, bool command)
{
	const char *start = lx->p;
	char *out;

	if (lx->out_bol != lx->bol) {
		lx->out = zpf_arena_alloc(&lx->arena, line_room(lx));
		lx->out_bol = lx->bol;
	}
	out = lx->out;
	t->type = ZPF_TOK_WORD;
	t->line = lx->line;
	t->col = column(lx, start);
	t->text = out;
	for (out = ordinary(lx, out); !at_eol(lx); out = ordinary(lx, out)) {
		char c = *lx->p, quote;

		if (c == ' ' || c == '\t')
			break;
		if (!command && (c == '{' || c == '}'))
			break;
		if (c == '\\' && lx->p + 1 < lx->end &&
		    strchr("'\"\\ #", lx->p[1]) && lx->p[1]) {
			*out++ = lx->p[1];
			lx->p += 2;
			continue;
		}
		if (c != '\'' && c != '"') {
			if (control((unsigned char)c))
				lex_error(lx, lx->p, "control character 0x%02x",
					  (unsigned char)c);
			*out++ = c;
			lx->p++;
			continue;
		}
		quote = c;
		t->quoted = true;
		start = lx->p++;
		for (out = ordinary(lx, out); !at_eol(lx) && *lx->p != quote;
		     out = ordinary(lx, out)) {
			if (quote == '"' && *lx->p == '\\' &&
			    lx->p + 1 < lx->end &&
			    (lx->p[1] == '"' || lx->p[1] == '\\'))
				lx->p++;
			if (control((unsigned char)*lx->p))
				lex_error(lx, lx->p, "control character 0x%02x",
					  (unsigned char)*lx->p);
			*out++ = *lx->p++;
		}
		if (at_eol(lx)) {
			lex_error(lx, start, "the quote %c is never closed",
				  quote);
			break;
		}
		lx->p++;
	}
	*out = '\0';
	lx->out = out + 1;
}

/*
 * Most commands begin with the words of the one before: they are still there,
 * if they stand at the same place, and are not read again. The last word of a
 * line is never one of them.
 */
static size_t begin_line(struct zpf_lex *lx)
{
	const size_t need = line_room(lx);
	size_t n = 0, from = 0, to;

	if (need > lx->room) {
		free(lx->buf);
		lx->room = 2 * need;
		lx->buf = zpf_xcheck(malloc(lx->room));
		lx->n_before = 0;
	}
	while (n + 1 < lx->n_before && !lx->braces) {
		to = lx->toks[n + 1].col - 1;
		if (to >= need || memcmp(lx->p + from, lx->before + from, to - from))
			break;
		lx->toks[n++].line = lx->line;
		from = to;
	}
	lx->out = n ? lx->toks[n].text : lx->buf;
	lx->out_bol = lx->bol;
	lx->before = lx->p;
	lx->p += from;
	lx->n_before = 0;
	lx->same = n;
	return n;
}

/**
 * zpf_lex_line() - the words of the next line
 * @lx: the text
 * @toks: gets the words, valid until the next call
 * @n: gets their number; 0 for an empty line
 *
 * Where the line cannot be read @lx->err is set; its words are not to be used.
 *
 * Return: whether there was a line
 */
bool zpf_lex_line(struct zpf_lex *lx, struct zpf_tok **toks, size_t *n)
{
	bool command;

	zpf_arena_reset(&lx->arena);
	lx->err[0] = '\0';
	if (lx->p == lx->end)
		return false;
	*n = begin_line(lx);
	command = *n;
	for (;;) {
		struct zpf_tok t = { .type = ZPF_TOK_WORD };

		while (lx->p < lx->end && (*lx->p == ' ' || *lx->p == '\t'))
			lx->p++;
		if (at_eol(lx))
			break;
		if (*lx->p == '#' || (!*n && looking_at(lx, "//"))) {
			to_eol(lx);
			break;
		}
		if (!command && looking_at(lx, "/*")) {
			comment(lx);
			continue;
		}
		if (!command && (*lx->p == '{' || *lx->p == '}')) {
			t.type = *lx->p == '{' ? ZPF_TOK_OPEN : ZPF_TOK_CLOSE;
			t.line = lx->line;
			t.col = column(lx, lx->p);
			t.text = *lx->p == '{' ? (char *)"{" : (char *)"}";
			lx->p++;
		} else {
			word(lx, &t, command);
			if (!*n && !lx->braces && !t.quoted)
				command = zpf_lex_command(t.text);
		}
		if (*n == lx->cap)
			lx->toks = zpf_xgrow(lx->toks, &lx->cap, sizeof(t));
		lx->toks[(*n)++] = t;
	}
	if (command && !*lx->err)
		lx->n_before = *n;
	to_eol(lx);
	if (lx->p < lx->end)
		newline(lx);
	*toks = lx->toks;
	return true;
}
