// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts statements onto the tree. Under `firewall` every word is checked
 * against the schema and every value against its kind; elsewhere words are
 * kept as they are. Called by parse and old. Judges no statement by another:
 * that is refuse's work.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter.h>

#include "load.h"
#include "schema.h"

#define EXPECTED_MAX 1200	/* bytes of a list of keywords in a message */

static const char *stmt_path(struct zpf_load *ld, const struct zpf_stmt *st,
			     size_t n)
{
	size_t len = 1;
	char *s, *p;

	for (size_t i = 0; i < n; i++)
		len += strlen(st->w[i].text) + 1;
	s = p = zpf_arena_alloc(&ld->scratch, len);
	for (size_t i = 0; i < n; i++) {
		if (i)
			*p++ = ' ';
		p = stpcpy(p, st->w[i].text);
	}
	return s;
}

/**
 * zpf_load_say() - a finding about a word of a statement
 * @ld: the text
 * @severity: error or warning
 * @st: the statement
 * @at: index of the word; the path named is what stands before it
 * @fmt: the message
 *
 * Return: level of the brace block to leave out, from 1; 0 for the statement
 */
int zpf_load_say(struct zpf_load *ld, enum zpf_severity severity,
		 const struct zpf_stmt *st, size_t at, const char *fmt, ...)
{
	const struct zpf_stmt_word *w = &st->w[at < st->n ? at : st->n - 1];
	struct zpf_where where = { ld->file, w->line, w->col };
	char *msg = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&msg, fmt, ap) < 0)
		msg = NULL;
	va_end(ap);
	zpf_diag_add(ld->diag, severity, &where, stmt_path(ld, st, at), "%s",
		     msg ? msg : fmt);
	free(msg);
	return (int)w->level;
}

static struct zpf_where word_where(const struct zpf_load *ld,
				   const struct zpf_stmt_word *w)
{
	struct zpf_where where = { ld->file, w->line, w->col };

	return where;
}

/**
 * zpf_load_remove() - take a node out
 * @n: the node; keywords above it that have nothing left go too
 */
void zpf_load_remove(struct zpf_node *n)
{
	struct zpf_node *p = n->parent;

	zpf_tree_remove(n);
	while (p && p->parent && p->schema && !p->value && !zpf_tree_count(p)) {
		struct zpf_node *up = p->parent;

		if (!up->parent)
			return;		/* `firewall` stays */
		zpf_tree_remove(p);
		p = up;
	}
}

/* Outside `firewall` values are secrets: of those only the first word is told. */
static void nothing_to_delete(struct zpf_load *ld, const struct zpf_stmt *st,
			      size_t at)
{
	struct zpf_where where = word_where(ld, &st->w[at]);
	const char *top = st->w[0].text;

	if (!strcmp(top, "firewall"))
		zpf_load_say(ld, ZPF_DIAG_WARNING, st, at,
			     "nothing to delete: there is no %s",
			     stmt_path(ld, st, st->n));
	else
		zpf_diag_add(ld->diag, ZPF_DIAG_WARNING, &where, top,
			     "nothing to delete: there is no such statement under %s",
			     top);
}

static int load_delete(struct zpf_load *ld, const struct zpf_stmt *st)
{
	struct zpf_node *n = ld->root;

	for (size_t i = 0; i < st->n; i++) {
		n = zpf_tree_find(n, st->w[i].text);
		if (n)
			continue;
		if (!st->quiet)
			nothing_to_delete(ld, st, i);
		return ZPF_LOAD_OK;
	}
	zpf_load_remove(n);
	return ZPF_LOAD_OK;
}

/* Outside `firewall`: keep the words. */
static int load_plain(struct zpf_load *ld, const struct zpf_stmt *st)
{
	struct zpf_node *n = ld->root;

	for (size_t i = 0; i < st->n; i++) {
		struct zpf_where where = word_where(ld, &st->w[i]);
		struct zpf_node *kid = zpf_tree_find(n, st->w[i].text);

		n = kid ? kid : zpf_tree_add(ld->arena, n, st->w[i].text, NULL,
					     false, &where);
	}
	return ZPF_LOAD_OK;
}

/* Letters to change, add or leave out to get from @a to @b, 3 for more. */
static unsigned int distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned char row[40], up, left;

	if (la >= sizeof(row) || lb >= sizeof(row))
		return 3;
	for (size_t k = 0; k <= lb; k++)
		row[k] = (unsigned char)k;
	for (size_t i = 1; i <= la; i++) {
		left = row[0];
		row[0] = (unsigned char)i;
		for (size_t k = 1; k <= lb; k++) {
			unsigned char best;

			up = row[k];
			best = (unsigned char)(left + (a[i - 1] != b[k - 1]));
			if (up + 1 < best)
				best = (unsigned char)(up + 1);
			if (row[k - 1] + 1 < best)
				best = (unsigned char)(row[k - 1] + 1);
			row[k] = best;
			left = up;
		}
	}
	return row[lb] > 3 ? 3 : row[lb];
}

/* The keyword that was probably meant, NULL where none is near. */
static const char *meant(const struct zpf_schema *s, const char *word,
			 uint8_t family)
{
	const char *best = NULL;
	unsigned int least = strlen(word) < 4 ? 2 : 3;

	for (size_t i = 0; i < s->n_kids; i++) {
		unsigned int d = distance(word, s->kids[i]->word);

		if (d < least && zpf_schema_kid(s, s->kids[i]->word, family)) {
			least = d;
			best = s->kids[i]->word;
		}
	}
	return best;
}

static int unknown_word(struct zpf_load *ld, const struct zpf_stmt *st,
			size_t i, const struct zpf_schema *s, uint8_t family)
{
	char expected[EXPECTED_MAX];
	const char *w = st->w[i].text, *near = meant(s, w, family);

	if (family && zpf_schema_kid(s, w, 0))
		return zpf_load_say(ld, ZPF_DIAG_ERROR, st, i,
				    "%s does not exist in an %s rule", w,
				    family == NFPROTO_IPV4 ? "ipv4" : "ipv6");
	zpf_schema_expected(s, family, expected, sizeof(expected));
	if (!*expected)
		return zpf_load_say(ld, ZPF_DIAG_ERROR, st, i,
				    "unexpected word '%.100s'; nothing can follow %s",
				    w, st->w[i - 1].text);
	return zpf_load_say(ld, ZPF_DIAG_ERROR, st, i,
			    "unknown word '%.100s' after %s%s%s%s; expected %s%s",
			    w, st->w[i - 1].text,
			    near ? " (" : "", near ? near : "",
			    near ? " was meant?)" : "",
			    strchr(expected, ',') ? "one of " : "", expected);
}

/* What a word names under @n; nodes that were taken out have no parent. */
static struct zpf_node *kid_named(const struct zpf_load *ld,
				  const struct zpf_node *n, size_t i,
				  const char *word)
{
	struct zpf_node *k = ld->walk.node[i];

	if (k && n && k->parent == n && !strcmp(k->name, word))
		return k;
	return zpf_tree_find(n, word);
}

/* Words that need no second look: their nodes are still where they were. */
static size_t walked(const struct zpf_load *ld, size_t same)
{
	const struct zpf_node *up = ld->root;
	size_t i;

	for (i = 0; i < same && i < ld->walk.n; i++) {
		if (!ld->walk.node[i] || ld->walk.node[i]->parent != up)
			break;
		up = ld->walk.node[i];
	}
	return i;
}

/* Return ZPF_LOAD_OK, or the level to leave out after a finding. */
static int walk_words(struct zpf_load *ld, const struct zpf_stmt *st)
{
	struct zpf_walk *walk = &ld->walk;
	struct zpf_value_ctx ctx = { 0 };
	const struct zpf_schema *s;
	union zpf_value value;
	struct zpf_node *n;
	size_t i;

	i = walked(ld, st->same);
	if (i < 2)
		walk->family = 0;
	if (!i) {
		walk->node[0] = kid_named(ld, ld->root, 0, "firewall");
		walk->s[0] = zpf_schema_root();
		walk->value[0] = false;
		i = 1;
	}
	s = walk->s[i - 1];
	n = walk->node[i - 1];
	for (; i < st->n; i++) {
		const char *w = st->w[i].text;
		const struct zpf_schema *next;

		walk->n = i;
		if (i >= 2 && walk->value[i - 1] && !walk->s[i - 1]->instance)
			return zpf_load_say(ld, ZPF_DIAG_ERROR, st, i,
					    "unexpected word '%.100s'; nothing can follow the value %.100s",
					    w, st->w[i - 1].text);
		walk->node[i] = n = kid_named(ld, n, i, w);
		if (n) {
			/* it was right before */
			walk->s[i] = s = n->schema;
			walk->value[i] = n->value;
		} else if (zpf_schema_leaf(s) || s->instance_of) {
			next = s->instance_of ? s->instance_of : s;
			zpf_schema_ctx(next, walk->family, &ctx);
			ctx.arena = &ld->scratch;
			memset(&value, 0, sizeof(value));
			if ((next->instance && next->kind == ZPF_KIND_NUM &&
			     *w == '0') ||
			    zpf_value_parse(next->kind, &ctx, w, &value) < 0) {
				if (next->instance && next->kind == ZPF_KIND_NUM)
					snprintf(ctx.err, sizeof(ctx.err),
						 "bad rule number '%.60s'; expected %u-%u",
						 w, ctx.lo, ctx.hi);
				return zpf_load_say(ld, ZPF_DIAG_ERROR, st, i,
						    "%s", ctx.err);
			}
			walk->s[i] = s = next;
			walk->value[i] = true;
		} else {
			next = zpf_schema_kid(s, w, walk->family);
			if (!next)
				return unknown_word(ld, st, i, s, walk->family);
			walk->s[i] = s = next;
			walk->value[i] = false;
		}
		if (i == 1)
			walk->family = !strcmp(w, "ipv4") ? NFPROTO_IPV4 :
				!strcmp(w, "ipv6") ? NFPROTO_IPV6 : 0;
	}
	walk->n = st->n;
	i = st->n - 1;
	if (st->del || walk->value[i])
		return ZPF_LOAD_OK;
	if (zpf_schema_leaf(s) || (s->instance_of && !s->n_kids)) {
		char expected[EXPECTED_MAX];

		zpf_schema_expected(s, walk->family, expected, sizeof(expected));
		return zpf_load_say(ld, ZPF_DIAG_ERROR, st, i,
				    "%s needs a value; expected %s",
				    st->w[i].text, expected);
	}
	return ZPF_LOAD_OK;
}

/* A single leaf gets a new value: the old one goes. */
static void replace_value(struct zpf_load *ld, const struct zpf_stmt *st,
			  struct zpf_node *leaf)
{
	struct zpf_node *old = zpf_tree_first(leaf);

	if (!old)
		return;
	if (old->file == ld->file)
		zpf_load_say(ld, ZPF_DIAG_WARNING, st, st->n - 1,
			     "%s is set twice, at line %u and here; the last one counts",
			     stmt_path(ld, st, st->n - 1), old->line);
	zpf_tree_remove(old);
}

static void add_words(struct zpf_load *ld, const struct zpf_stmt *st,
		      bool broken)
{
	struct zpf_walk *walk = &ld->walk;
	struct zpf_node *n = ld->root;

	for (size_t i = 0; i < walk->n; i++) {
		struct zpf_where where = word_where(ld, &st->w[i]);
		struct zpf_node *kid = walk->node[i];

		if (i && walk->value[i] && !walk->s[i]->instance &&
		    !(walk->s[i]->flags & ZPF_S_MULTI)) {
			replace_value(ld, st, n);
			kid = NULL;
		}
		n = kid ? kid : zpf_tree_add(ld->arena, n, st->w[i].text,
					     walk->s[i], walk->value[i],
					     &where);
		walk->node[i] = n;
	}
	if (broken)
		n->broken = true;
}

/**
 * zpf_load_canonical() - put a statement without old spellings onto the tree
 * @ld: the text
 * @st: the statement, at least one word
 *
 * Return: ZPF_LOAD_OK, or after an error the level of the brace block that is
 * to be left out (0: only this statement)
 */
int zpf_load_canonical(struct zpf_load *ld, const struct zpf_stmt *st)
{
	int ret;

	if (strcmp(st->w[0].text, "firewall")) {
		ld->walk.n = 0;
		return st->del ? load_delete(ld, st) : load_plain(ld, st);
	}
	ret = walk_words(ld, st);
	if (!st->del)
		add_words(ld, st, ret != ZPF_LOAD_OK);
	return st->del && ret == ZPF_LOAD_OK ? load_delete(ld, st) : ret;
}

/**
 * zpf_load_statement() - put a statement onto the tree, old spellings too
 * @ld: the text
 * @st: the statement; changed on the way
 *
 * Return: as zpf_load_canonical()
 */
int zpf_load_statement(struct zpf_load *ld, struct zpf_stmt *st)
{
	int ret = ZPF_LOAD_OK;
	size_t at = 0;

	zpf_arena_reset(&ld->scratch);
	if (!st->n)
		return ZPF_LOAD_OK;
	switch (zpf_old_rewrite(ld, st, &at)) {
	case ZPF_OLD_GO_ON:
		ret = zpf_load_canonical(ld, st);
		if (!st->rewritten)
			return ret;
		break;
	case ZPF_OLD_DONE:
		break;
	case ZPF_OLD_FAILED:
		ret = (int)st->w[at].level;
		break;
	}
	/* What went onto the tree is not what the next one may begin with. */
	ld->walk.n = 0;
	return ret;
}
