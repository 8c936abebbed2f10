// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the rows of schema_rows.c into a tree of keywords once, and answers
 * what may stand where. Called by parse, model and emit; holds no
 * configuration.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter.h>

#include "schema.h"
#include "wordcmp.h"

static struct zpf_arena arena;
static struct zpf_schema *scope_root[ZPF_SCOPE_N];
static struct zpf_schema firewall_root;

/* `<zone>` and the like in the path of a row */
static const struct {
	const char *word;
	enum zpf_kind kind;
} placeholders[] = {
	{ "<zone>", ZPF_KIND_ZONE },
	{ "<ruleset>", ZPF_KIND_RULESET },
	{ "<group>", ZPF_KIND_GROUP },
	{ "<number>", ZPF_KIND_NUM },
	{ "<name>", ZPF_KIND_OTHER },
};

static int cmp_kid(const void *a, const void *b)
{
	const struct zpf_schema *const *x = a, *const *y = b;

	return zpf_word_cmp((*x)->word, (*y)->word);
}

static struct zpf_schema *kid_get(struct zpf_schema *s, const char *word,
				  size_t len)
{
	struct zpf_schema *kid;

	for (size_t i = 0; i < s->n_kids; i++)
		if (!strncmp(s->kids[i]->word, word, len) &&
		    !s->kids[i]->word[len])
			return s->kids[i];
	kid = zpf_arena_alloc(&arena, sizeof(*kid));
	kid->word = zpf_arena_strndup(&arena, word, len);
	ZPF_PUSH(&arena, s->kids, s->n_kids, kid);
	return kid;
}

static struct zpf_schema *instance_get(struct zpf_schema *s, const char *word,
				       size_t len)
{
	if (s->instance_of)
		return s->instance_of;
	s->instance_of = zpf_arena_alloc(&arena, sizeof(*s));
	s->instance_of->word = zpf_arena_strndup(&arena, word, len);
	s->instance_of->instance = true;
	for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++)
		if (!strcmp(s->instance_of->word, placeholders[i].word))
			s->instance_of->kind = placeholders[i].kind;
	assert(s->instance_of->kind != ZPF_KIND_NODE);
	return s->instance_of;
}

/* Hang the rest of a row's path, with its alternatives, under @s. */
static void row_add(struct zpf_schema *s, const struct zpf_schema_row *row,
		    const char *path)
{
	size_t len = strcspn(path, " "), at = 0;

	if (!len) {
		s->row = row;
		s->flags = row->flags;
		if (!s->instance)
			s->kind = row->kind;
		return;
	}
	while (at < len) {
		size_t l = strcspn(path + at, "| ");
		struct zpf_schema *next;

		next = path[at] == '<' ? instance_get(s, path + at, l) :
			kid_get(s, path + at, l);
		row_add(next, row, path + len + (path[len] == ' '));
		at += l + 1;
	}
}

static void finish(struct zpf_schema *s)
{
	if (s->row && s->row->sub) {
		s->kids = scope_root[s->row->sub]->kids;
		s->n_kids = scope_root[s->row->sub]->n_kids;
		return;
	}
	if (s->n_kids)
		qsort(s->kids, s->n_kids, sizeof(*s->kids), cmp_kid);
	for (size_t i = 0; i < s->n_kids; i++)
		finish(s->kids[i]);
	if (s->instance_of)
		finish(s->instance_of);
}

static void build(void)
{
	const struct zpf_schema_row *rows;
	size_t n;

	rows = zpf_schema_rows(&n);
	for (int i = 0; i < ZPF_SCOPE_N; i++)
		scope_root[i] = zpf_arena_alloc(&arena, sizeof(*scope_root[i]));
	for (size_t i = 0; i < n; i++)
		row_add(scope_root[rows[i].scope], &rows[i], rows[i].path);
	/* deepest scopes first: kids are shared by pointer */
	for (int i = ZPF_SCOPE_N - 1; i > 0; i--)
		finish(scope_root[i]);
	firewall_root = *scope_root[ZPF_SCOPE_FIREWALL];
	firewall_root.word = "firewall";
}

/** zpf_schema_root() - what stands under `firewall` */
const struct zpf_schema *zpf_schema_root(void)
{
	if (!firewall_root.word)
		build();
	return &firewall_root;
}

static bool fits(const struct zpf_schema *s, uint8_t family)
{
	if (family == NFPROTO_IPV4 && s->flags & ZPF_S_V6)
		return false;
	if (family == NFPROTO_IPV6 && s->flags & ZPF_S_V4)
		return false;
	if (!s->n_kids || s->row)
		return true;
	/* a node all of whose keywords belong to the other family */
	for (size_t i = 0; i < s->n_kids; i++)
		if (fits(s->kids[i], family))
			return true;
	return false;
}

/**
 * zpf_schema_kid() - a keyword under a node
 * @s: the node
 * @word: the keyword
 * @family: of the ruleset it stands in, 0: none
 *
 * Return: its node, NULL where it may not stand there
 */
const struct zpf_schema *zpf_schema_kid(const struct zpf_schema *s,
					const char *word, uint8_t family)
{
	struct zpf_schema key = { .word = word }, *p = &key, **hit;

	if (!s->n_kids)
		return NULL;
	hit = bsearch(&p, s->kids, s->n_kids, sizeof(*s->kids), cmp_kid);
	return hit && fits(*hit, family) ? *hit : NULL;
}

/** zpf_schema_leaf() - whether values stand right under this keyword */
bool zpf_schema_leaf(const struct zpf_schema *s)
{
	return !s->instance && s->kind != ZPF_KIND_NODE &&
		s->kind != ZPF_KIND_FLAG && s->kind != ZPF_KIND_SELF;
}

/**
 * zpf_schema_ctx() - prepare the reading of a value
 * @s: the leaf, or the instance node
 * @family: of the ruleset it stands in, 0: none
 * @ctx: gets words and bounds
 */
void zpf_schema_ctx(const struct zpf_schema *s, uint8_t family,
		    struct zpf_value_ctx *ctx)
{
	ctx->words = s->row ? s->row->words : NULL;
	ctx->lo = s->row ? s->row->lo : 0;
	ctx->hi = s->row ? s->row->hi : UINT32_MAX;
	ctx->family = family;
}

/**
 * zpf_schema_expected() - what may stand under a node, for messages
 * @s: the node
 * @family: of the ruleset it stands in, 0: none
 * @buf: gets the list of keywords or the kind of value
 * @size: bytes in @buf
 */
void zpf_schema_expected(const struct zpf_schema *s, uint8_t family,
			 char *buf, size_t size)
{
	struct zpf_value_ctx ctx = { 0 };
	const struct zpf_schema *of = s->instance_of;
	const char *sep = "";
	size_t at = 0;

	buf[0] = '\0';
	if (zpf_schema_leaf(s) || of) {
		zpf_schema_ctx(of ? of : s, family, &ctx);
		zpf_value_expects(of ? of->kind : s->kind, &ctx, buf, size);
		return;
	}
	for (size_t i = 0; i < s->n_kids; i++) {
		int n;

		if (!fits(s->kids[i], family))
			continue;
		n = snprintf(buf + at, size - at, "%s%s", sep, s->kids[i]->word);
		if (n < 0 || (size_t)n >= size - at)
			return;
		at += (size_t)n;
		sep = ", ";
	}
}
