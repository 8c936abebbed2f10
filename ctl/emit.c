// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints a tree in set or brace form so that parse reads the same tree back,
 * and digests a rule's text into its meaning. Order is natural order at every
 * level. Called by config and flatten; judges nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "schema.h"
#include "xmem.h"

/* Room for the text of most policies; more is found where memory is free. */
#define TEXT_ROOM (64 << 10)

static void indent(FILE *out, unsigned int depth)
{
	fprintf(out, "%*s", (int)depth * 4, "");
}

static bool plain(const char *s)
{
	const char *c = s;

	while ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
	       (*c >= '-' && *c <= ':') || (*c && strchr("_+*!,@=%", *c)))
		c++;
	return c != s && !*c && strncmp(s, "//", 2) && strncmp(s, "/*", 2);
}

static void brace_word(FILE *out, const char *s)
{
	if (plain(s)) {
		fputs(s, out);
		return;
	}
	putc('"', out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', out);
		putc(*s, out);
	}
	putc('"', out);
}

/*
 * struct emit - a tree being printed
 * @out: where to; NULL: into memory
 * @line: set form: the words of the path so far, @len of @cap bytes
 * @text: in memory: the text so far, @text_len of @text_cap bytes
 */
struct emit {
	FILE *out;
	unsigned int flags;
	struct zpf_arena arena;
	char *line;
	size_t len, cap;
	char *text;
	size_t text_len, text_cap;
};

static bool printed(const struct emit *e, const struct zpf_node *n)
{
	bool any = false;

	if (!(e->flags & ZPF_EMIT_VYOS) || !n->schema || n->value)
		return true;
	if (n->schema->flags & ZPF_S_OURS)
		return false;
	if (!zpf_tree_count(n))
		return true;
	zpf_tree_for_each(c, n)
		any |= printed(e, c);
	return any;
}

static void add(struct emit *e, const char *s, size_t len)
{
	if (e->len + len > e->cap) {
		char *more = zpf_arena_alloc(&e->arena, 2 * (e->len + len));

		if (e->len)
			memcpy(more, e->line, e->len);
		e->cap = 2 * (e->len + len);
		e->line = more;
	}
	memcpy(e->line + e->len, s, len);
	e->len += len;
}

/* The word of a node on a command line: in single quotes unless it needs none. */
static void add_word(struct emit *e, const struct zpf_node *n)
{
	const char *s = n->name;
	const bool keyword = n->schema && !n->value;

	add(e, " ", 1);
	if (keyword || (!(n->schema && !n->schema->instance) && plain(s))) {
		add(e, s, strlen(s));
		return;
	}
	add(e, "'", 1);
	for (;;) {
		size_t len = strcspn(s, "'");

		add(e, s, len);
		if (!s[len])
			break;
		add(e, "'\\''", 4);
		s += len + 1;
	}
	add(e, "'", 1);
}

static void put_line(struct emit *e)
{
	if (e->out) {
		fwrite(e->line, 1, e->len, e->out);
		return;
	}
	while (e->text_len + e->len >= e->text_cap)
		e->text = zpf_xgrow(e->text, &e->text_cap, 1);
	memcpy(e->text + e->text_len, e->line, e->len);
	e->text_len += e->len;
}

static void emit_set(struct emit *e, const struct zpf_node *n)
{
	struct zpf_tree_order kids;
	struct zpf_node *kid;
	size_t len = e->len;

	if (!printed(e, n))
		return;
	add_word(e, n);
	kids = zpf_tree_order(&e->arena, n);
	while ((kid = zpf_tree_next(&kids)))
		emit_set(e, kid);
	if (!zpf_tree_first(n)) {
		add(e, "\n", 1);
		put_line(e);
	}
	e->len = len;
}

/* @n with what stands below, its words so far already printed. */
static void emit_brace(struct emit *e, const struct zpf_node *n,
		       unsigned int depth)
{
	const struct zpf_schema *s = n->schema;
	struct zpf_node **kids;
	size_t count;

	if (!printed(e, n))
		return;
	kids = zpf_tree_sorted(&e->arena, n, &count);
	/* leaves and tags: one line, or one block, a value */
	if (count && s && !n->value && (zpf_schema_leaf(s) || s->instance_of)) {
		for (size_t i = 0; i < count; i++) {
			struct zpf_node **below;
			size_t n_below;

			indent(e->out, depth);
			brace_word(e->out, n->name);
			putc(' ', e->out);
			brace_word(e->out, kids[i]->name);
			if (!s->instance_of) {
				putc('\n', e->out);
				continue;
			}
			fputs(" {\n", e->out);
			below = zpf_tree_sorted(&e->arena, kids[i], &n_below);
			for (size_t k = 0; k < n_below; k++)
				emit_brace(e, below[k], depth + 1);
			indent(e->out, depth);
			fputs("}\n", e->out);
		}
		return;
	}
	indent(e->out, depth);
	brace_word(e->out, n->name);
	if (!count && s && (s->kind == ZPF_KIND_FLAG ||
			    s->kind == ZPF_KIND_SELF)) {
		putc('\n', e->out);
		return;
	}
	fputs(" {\n", e->out);
	for (size_t i = 0; i < count; i++)
		emit_brace(e, kids[i], depth + 1);
	indent(e->out, depth);
	fputs("}\n", e->out);
}

/**
 * zpf_emit() - print a tree
 * @top: the node, NULL prints nothing
 * @out: where to
 * @form: set or brace
 * @flags: &enum zpf_config_emit_flags
 */
void zpf_emit(const struct zpf_node *top, FILE *out, enum zpf_config_form form,
	      unsigned int flags)
{
	struct emit e = { .out = out, .flags = flags };

	if (!top || (!zpf_tree_count(top) && form == ZPF_FORM_SET))
		return;
	if (form == ZPF_FORM_SET) {
		add(&e, "set", 3);
		emit_set(&e, top);
	} else {
		emit_brace(&e, top, 0);
	}
	zpf_arena_free(&e.arena);
}

/**
 * zpf_emit_text() - a tree in set form, in memory
 * @top: the node
 * @len: gets the length, without a NUL that follows
 *
 * Return: the text, to be freed
 */
char *zpf_emit_text(const struct zpf_node *top, size_t *len)
{
	struct emit e = { .text_cap = TEXT_ROOM };

	e.text = zpf_xcheck(malloc(e.text_cap));
	if (zpf_tree_count(top)) {
		add(&e, "set", 3);
		emit_set(&e, top);
	}
	zpf_arena_free(&e.arena);
	e.text[e.text_len] = '\0';
	*len = e.text_len;
	return zpf_xcheck(realloc(e.text, e.text_len + 1));
}

static uint64_t digest_bytes(uint64_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211ULL;
	return h;
}

static bool is_one_of(const char *s, const char *const *list)
{
	for (; list && *list; list++)
		if (!strcmp(s, *list))
			return true;
	return false;
}

/* Nothing below has a say in what a rule means, as in `log-options`. */
static bool is_mute(const struct zpf_schema *s)
{
	if (!s || s->flags & ZPF_S_MUTE || !s->n_kids)
		return s && s->flags & ZPF_S_MUTE;
	for (size_t i = 0; i < s->n_kids; i++)
		if (!is_mute(s->kids[i]))
			return false;
	return true;
}

static uint64_t digest(struct zpf_arena *a, uint64_t h,
		       const struct zpf_node *n, const char *const *without)
{
	struct zpf_tree_order kids = zpf_tree_order(a, n);
	struct zpf_node *kid;

	while ((kid = zpf_tree_next(&kids))) {
		if (!kid->value && is_mute(kid->schema))
			continue;
		if (is_one_of(kid->name, without))
			continue;
		h = digest_bytes(h, kid->name);
		h = (h ^ '{') * 1099511628211ULL;
		h = digest(a, h, kid, NULL);
		h = (h ^ '}') * 1099511628211ULL;
	}
	return h;
}

/**
 * zpf_emit_meaning() - digest of what a rule says
 * @scratch: for itself: emptied, and the caller's to free. Whoever asks for many
 *	rules takes the same for all
 * @n: node of the rule
 * @without: options to leave out, ends with NULL; or NULL
 *
 * FNV-1a over the canonical text without description and logging, then the
 * finaliser of MurmurHash3.
 */
uint64_t zpf_emit_meaning(struct zpf_arena *scratch, const struct zpf_node *n,
			  const char *const *without)
{
	uint64_t h;

	zpf_arena_reset(scratch);
	h = digest(scratch, 14695981039346656037ULL, n, without);
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdULL;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53ULL;
	return h ^ h >> 33;
}
