/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text to words, a line at a time. Knows quotes, comments, braces and where
 * each word stands; knows nothing of the language.
 */
#ifndef ZPF_CTL_LEX_H
#define ZPF_CTL_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include "arena.h"

enum zpf_tok_type {
	ZPF_TOK_WORD,
	ZPF_TOK_OPEN,	/* { */
	ZPF_TOK_CLOSE,	/* } */
};

/** struct zpf_tok - a word; @text lives until the next line is read */
struct zpf_tok {
	enum zpf_tok_type type;
	bool quoted;
	unsigned int line, col;
	char *text;
};

/**
 * struct zpf_lex - a text being read
 * @p: next byte
 * @end: behind the last byte
 * @line: number of the line of @p, from 1
 * @bol: first byte of that line
 * @braces: inside a brace block: a line that begins with `set` is no command
 * @toks: the words of one line, room for @cap
 * @same: so many of them are those the line before began with
 * @n_before: words of the line before if more may be read from it
 * @before: where it began
 * @buf: text of the words of a line, room for @room bytes
 * @arena: the same for what follows a comment over several lines
 * @out: where the next word goes
 * @out_bol: the line @out was made for
 * @err: what is wrong with the line that was read, empty if nothing
 * @err_line: where
 * @err_col: where
 */
struct zpf_lex {
	const char *p, *end;
	unsigned int line;
	const char *bol;
	bool braces;
	struct zpf_tok *toks;
	size_t cap, same, n_before;
	const char *before;
	char *buf;
	size_t room;
	struct zpf_arena arena;
	char *out;
	const char *out_bol;
	char err[160];
	unsigned int err_line, err_col;
};

void zpf_lex_init(struct zpf_lex *lx, const char *text, size_t len);
bool zpf_lex_line(struct zpf_lex *lx, struct zpf_tok **toks, size_t *n);
void zpf_lex_exit(struct zpf_lex *lx);
bool zpf_lex_command(const char *word);

#endif /* ZPF_CTL_LEX_H */
