/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One statement onto the tree: what parse found, after old spellings were
 * rewritten, checked word by word against the schema.
 */
#ifndef ZPF_CTL_LOAD_H
#define ZPF_CTL_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "diag.h"
#include "tree.h"

#define ZPF_STMT_WORDS	64	/* of one statement; also the depth of a tree */

/**
 * struct zpf_stmt_word - a word of a statement
 * @level: brace block it stands in front of, from 1; 0: of the statement itself
 */
struct zpf_stmt_word {
	const char *text;
	unsigned int line, col;
	unsigned int level;
};

/**
 * struct zpf_stmt - `set` or `delete` and a path
 * @del: delete
 * @quiet: deleting what is not there is nothing to speak of
 * @rewritten: its words are not those of the text any more
 * @same: so many of them are those the statement before began with
 */
struct zpf_stmt {
	bool del, quiet, rewritten;
	size_t same;
	size_t n;
	struct zpf_stmt_word w[ZPF_STMT_WORDS];
};

/**
 * struct zpf_walk - what the schema says of every word of a statement
 * @n: words that are right
 * @family: of the rules it is about, 0: of none
 * @s: schema of each word
 * @value: whether it is a value or an instance name
 * @node: its node, NULL: there is none yet
 */
struct zpf_walk {
	size_t n;
	uint8_t family;
	const struct zpf_schema *s[ZPF_STMT_WORDS];
	bool value[ZPF_STMT_WORDS];
	struct zpf_node *node[ZPF_STMT_WORDS];
};

/**
 * struct zpf_load - one text going onto a tree
 * @arena: of the tree
 * @root: of the tree
 * @scratch: memory of one statement
 * @file: name of the text; the pointer is its identity
 * @diag: gets the findings
 * @walk: of the statement before: most begin alike
 * @old: a statement that speaks of rulesets as VyOS 1.3 did, by family
 * @second: of the statement before: its second word, a number of old.c, if @today
 * @today: it began with `firewall` and a word that is no old spelling
 */
struct zpf_load {
	struct zpf_arena *arena;
	struct zpf_node *root;
	struct zpf_arena scratch;
	const char *file;
	struct zpf_diag *diag;
	struct zpf_walk walk;
	struct zpf_where old[2];
	size_t second;
	bool today;
};

#define ZPF_LOAD_OK (-1)

int zpf_load_statement(struct zpf_load *ld, struct zpf_stmt *st);
void zpf_load_remove(struct zpf_node *n);
int zpf_load_canonical(struct zpf_load *ld, const struct zpf_stmt *st);
__attribute__((format(printf, 5, 6)))
int zpf_load_say(struct zpf_load *ld, enum zpf_severity severity,
		 const struct zpf_stmt *st, size_t at, const char *fmt, ...);

/** enum zpf_old_result - what became of a statement */
enum zpf_old_result {
	ZPF_OLD_GO_ON,		/* load it */
	ZPF_OLD_DONE,		/* loaded or ignored already */
	ZPF_OLD_FAILED,		/* refused; @at is the word */
};

enum zpf_old_result zpf_old_rewrite(struct zpf_load *ld, struct zpf_stmt *st,
				    size_t *at);

enum zpf_old_result zpf_old_fail(struct zpf_load *ld, struct zpf_stmt *st,
				 size_t *at, size_t word, const char *msg);
enum zpf_old_result zpf_old_binding(struct zpf_load *ld, struct zpf_stmt *st,
				    size_t *at);
void zpf_old_seen(struct zpf_load *ld, int fam, const struct zpf_stmt *st);
void zpf_old_finish(struct zpf_load *ld);
void zpf_old_each(void (*each)(void *arg, const char *from, const char *to),
		  void *arg);

#endif /* ZPF_CTL_LOAD_H */
