// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words to statements, in both forms of text; which form is seen line by line:
 * outside braces `set` and `delete` begin a command, a block begins the brace
 * form. A statement the schema refuses takes the block it stands in front of
 * with it, so that one mistake is one error. Called by config; keeps nothing.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lex.h"
#include "parse.h"

#define MAX_ERRORS	1000	/* of one text; then it is no configuration */

/*
 * struct block - an open brace block
 * @words: words of the path in front of it
 * @bad: refused; all in it is skipped
 * @used: something stood in it
 */
struct block {
	size_t words;
	unsigned int line, col;
	bool bad, used;
};

struct parse {
	struct zpf_load *ld;
	struct zpf_lex lx;
	struct zpf_arena arena;		/* words in front of open blocks */
	struct zpf_stmt st;
	struct block block[ZPF_STMT_WORDS];
	size_t depth;
	size_t too_deep;		/* blocks opened beyond the cap */
	bool torn;			/* a line could not be read */
	bool chained;			/* the line before was a command */
	struct zpf_stmt_word pending[ZPF_STMT_WORDS];	/* of this line */
	size_t n_pending;
};

__attribute__((format(printf, 4, 5)))
static void say(struct parse *p, unsigned int line, unsigned int col,
		const char *fmt, ...)
{
	struct zpf_where where = { p->ld->file, line, col };
	char msg[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	zpf_diag_add(p->ld->diag, ZPF_DIAG_ERROR, &where, NULL, "%s", msg);
}

static bool in_bad(const struct parse *p)
{
	return p->too_deep || (p->depth && p->block[p->depth - 1].bad);
}

/* Give path and pending words to the tree. */
static void flush(struct parse *p, bool del)
{
	size_t base = p->depth ? p->block[p->depth - 1].words : 0;
	int level;

	if (in_bad(p))
		return;
	p->st.del = del;
	p->st.quiet = p->st.rewritten = false;
	p->st.same = p->chained && p->lx.same ? p->lx.same - 1 : 0;
	p->st.n = base + p->n_pending;
	memcpy(p->st.w + base, p->pending,
	       p->n_pending * sizeof(p->pending[0]));
	if (p->depth) {
		/* the path is kept: rewriting works on a copy */
		struct zpf_stmt copy = p->st;

		level = zpf_load_statement(p->ld, &copy);
	} else {
		level = zpf_load_statement(p->ld, &p->st);
	}
	if (level > 0)
		for (size_t i = (size_t)level - 1; i < p->depth; i++)
			p->block[i].bad = true;
}

static void add_pending(struct parse *p, const struct zpf_tok *t)
{
	size_t base = p->depth ? p->block[p->depth - 1].words : 0;
	struct zpf_stmt_word *w;

	if (base + p->n_pending == ZPF_STMT_WORDS) {
		if (!in_bad(p))
			say(p, t->line, t->col, "more than %d words in one statement",
			    ZPF_STMT_WORDS);
		p->n_pending = SIZE_MAX;
	}
	if (p->n_pending == SIZE_MAX)
		return;
	w = &p->pending[p->n_pending++];
	w->text = t->text;
	w->line = t->line;
	w->col = t->col;
	w->level = 0;
}

static void open_block(struct parse *p, const struct zpf_tok *t)
{
	size_t base = p->depth ? p->block[p->depth - 1].words : 0;
	bool bad = in_bad(p) || p->n_pending == SIZE_MAX;
	struct block *b;

	if (!p->n_pending && !bad) {
		say(p, t->line, t->col, "a block needs a name in front of its '{'");
		bad = true;
	}
	if (p->depth)
		p->block[p->depth - 1].used = true;
	if (p->depth == ZPF_STMT_WORDS || p->too_deep) {
		if (!p->too_deep++ && !bad)
			say(p, t->line, t->col, "blocks are nested deeper than %d",
			    ZPF_STMT_WORDS);
		p->n_pending = 0;
		return;
	}
	b = &p->block[p->depth++];
	memset(b, 0, sizeof(*b));
	b->words = base;
	b->bad = bad;
	b->line = t->line;
	b->col = t->col;
	if (!bad) {
		for (size_t i = 0; i < p->n_pending; i++) {
			struct zpf_stmt_word *w = &p->st.w[base + i];

			*w = p->pending[i];
			w->text = zpf_arena_strdup(&p->arena, w->text);
			w->level = (unsigned int)p->depth;
		}
		b->words += p->n_pending;
	}
	p->n_pending = 0;
}

static void end_statement(struct parse *p)
{
	if (p->n_pending && p->n_pending != SIZE_MAX) {
		if (p->depth) {
			p->block[p->depth - 1].used = true;
			flush(p, false);
		} else if (p->torn) {
			/* it may be the other half of a quoted secret */
			say(p, p->pending[0].line, p->pending[0].col,
			    "unknown word; expected set, delete or a block name { ... }");
		} else {
			say(p, p->pending[0].line, p->pending[0].col,
			    "unknown word '%.100s'; expected set, delete or a block name { ... }",
			    p->pending[0].text);
		}
	}
	p->n_pending = 0;
}

static void close_block(struct parse *p, const struct zpf_tok *t)
{
	end_statement(p);
	if (p->too_deep) {
		p->too_deep--;
		return;
	}
	if (!p->depth) {
		say(p, t->line, t->col, "this '}' closes nothing");
		return;
	}
	if (!p->block[p->depth - 1].used)
		flush(p, false);
	p->depth--;
}

/* Lines of scripts around the commands; `commit; save` too. */
static bool skipped_line(const struct zpf_tok *t, size_t n)
{
	static const char *const words[] = {
		"configure", "commit", "save", "exit", "compare",
	};

	size_t len;

	if (t->quoted || t->type != ZPF_TOK_WORD ||
	    t[n - 1].type != ZPF_TOK_WORD)
		return false;
	len = strcspn(t->text, ";");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == len && !strncmp(t->text, words[i], len))
			return true;
	/* source /opt/vyatta/etc/functions/script-template */
	return n == 2 && !strcmp(t->text, "source") &&
		strstr(t[1].text, "script-template");
}

static bool command_line(struct parse *p, const struct zpf_tok *t, size_t n)
{
	bool whole;

	if (n == 1) {
		say(p, t->line, t->col, "%s needs a path", t->text);
		return false;
	}
	for (size_t i = 1; i < n; i++)
		add_pending(p, &t[i]);
	whole = p->n_pending != SIZE_MAX;
	if (whole)
		flush(p, !strcmp(t->text, "delete"));
	p->n_pending = 0;
	return whole;
}

static void brace_line(struct parse *p, const struct zpf_tok *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		switch (t[i].type) {
		case ZPF_TOK_WORD:
			add_pending(p, &t[i]);
			break;
		case ZPF_TOK_OPEN:
			open_block(p, &t[i]);
			break;
		case ZPF_TOK_CLOSE:
			close_block(p, &t[i]);
			break;
		}
	}
	end_statement(p);
}

/* A line that could not be read: only its braces count. */
static void broken_line(struct parse *p, const struct zpf_tok *t, size_t n)
{
	say(p, p->lx.err_line, p->lx.err_col, "%s", p->lx.err);
	p->torn = true;
	for (size_t i = 0; i < n; i++) {
		if (t[i].type == ZPF_TOK_OPEN) {
			p->n_pending = SIZE_MAX;
			open_block(p, &t[i]);
		} else if (t[i].type == ZPF_TOK_CLOSE) {
			p->n_pending = 0;
			close_block(p, &t[i]);
		}
	}
	p->n_pending = 0;
}

/**
 * zpf_parse() - read a whole text onto a tree
 * @ld: the tree and where findings go
 * @text: the text, any bytes
 * @len: bytes in @text
 */
void zpf_parse(struct zpf_load *ld, const char *text, size_t len)
{
	size_t before = ld->diag->n_errors, n;
	struct zpf_arena own = { 0 };
	struct zpf_tok *t;
	struct parse *p;

	p = zpf_arena_alloc(&own, sizeof(*p));	/* large for a stack */
	p->ld = ld;
	zpf_lex_init(&p->lx, text, len);
	while (zpf_lex_line(&p->lx, &t, &n)) {
		bool command = false;

		if (*p->lx.err)
			broken_line(p, t, n);
		else if (!n)
			;
		else if (!p->depth && !t->quoted && t->type == ZPF_TOK_WORD &&
			 zpf_lex_command(t->text))
			command = command_line(p, t, n);
		else if (p->depth || !skipped_line(t, n))
			brace_line(p, t, n);
		p->chained = command;
		p->lx.braces = p->depth > 0;
		if (ld->diag->n_errors - before > MAX_ERRORS) {
			say(p, p->lx.line, 1, "more than %d errors: the rest is not read",
			    MAX_ERRORS);
			p->depth = 0;
			break;
		}
	}
	while (p->depth) {
		struct block *b = &p->block[--p->depth];

		say(p, b->line, b->col, "this '{' is never closed");
	}
	zpf_old_finish(ld);
	zpf_arena_free(&p->arena);
	zpf_lex_exit(&p->lx);
	zpf_arena_free(&own);
}
