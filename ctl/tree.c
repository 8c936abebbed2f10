// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree of tree.h: children in a list in the order written, hashed from
 * nine on, so that a group of a hundred thousand members loads in linear time.
 * Called by parse, model and emit. Never frees: the arena does.
 */
#include <stdlib.h>
#include <string.h>

#include "schema.h"
#include "tree.h"

#define HASH_FROM 8

#define COL_MAX ((1U << 24) - 1)

_Static_assert(sizeof(struct zpf_node) <= 64, "a node is a line of the cache");

/*
 * struct zpf_kids_index - children of a node, where they are many
 * @first: the first one
 * @n: children
 * @slot: open addressing, @size is a power of two
 * @hash: of the names of those in @slot
 * @used: slots in use, tombstones included
 */
struct zpf_kids_index {
	struct zpf_node *first;
	size_t n;
	struct zpf_node **slot;
	uint32_t *hash;
	size_t size, used;
};

static struct zpf_node tombstone;

static uint32_t name_hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h ^ h >> 15;
}

/** zpf_tree_hash() - 64-bit hash of a string, for tables of names */
uint64_t zpf_tree_hash(const char *s)
{
	uint64_t h = 14695981039346656037ULL;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211ULL;
	return h ^ h >> 32;
}

/** zpf_tree_first() - first child as written; NULL for none or a NULL node */
struct zpf_node *zpf_tree_first(const struct zpf_node *n)
{
	return !n ? NULL : n->indexed ? n->index->first : n->first;
}

/** zpf_tree_count() - number of children */
size_t zpf_tree_count(const struct zpf_node *n)
{
	return !n ? 0 : n->indexed ? n->index->n : n->few;
}

/** zpf_tree_where() - where a node was first written */
struct zpf_where zpf_tree_where(const struct zpf_node *n)
{
	return (struct zpf_where){ n->file, n->line, n->col };
}

/**
 * zpf_tree_find() - child of a name
 * @n: the node, may be NULL
 * @name: the word
 *
 * Return: the child, NULL where there is none
 */
struct zpf_node *zpf_tree_find(const struct zpf_node *n, const char *name)
{
	const struct zpf_kids_index *k;
	uint32_t h;

	if (!n || !n->indexed) {
		zpf_tree_for_each(c, n)
			if (!strcmp(c->name, name))
				return c;
		return NULL;
	}
	k = n->index;
	h = name_hash(name);
	for (size_t i = h & (k->size - 1); k->slot[i];
	     i = (i + 1) & (k->size - 1))
		if (k->hash[i] == h && k->slot[i] != &tombstone &&
		    !strcmp(k->slot[i]->name, name))
			return k->slot[i];
	return NULL;
}

/**
 * zpf_tree_get() - descendant by a path of keywords
 * @n: the node, may be NULL
 * @path: words separated by one blank
 *
 * Return: the node, NULL where there is none
 */
struct zpf_node *zpf_tree_get(const struct zpf_node *n, const char *path)
{
	struct zpf_node *at = (struct zpf_node *)n;
	char word[64];

	while (at && *path) {
		size_t len = strcspn(path, " ");

		if (len >= sizeof(word))
			return NULL;
		memcpy(word, path, len);
		word[len] = '\0';
		at = zpf_tree_find(at, word);
		path += len + (path[len] == ' ');
	}
	return at;
}

static void index_put(struct zpf_kids_index *k, struct zpf_node *c)
{
	uint32_t h = name_hash(c->name);
	size_t i = h & (k->size - 1);

	while (k->slot[i])
		i = (i + 1) & (k->size - 1);
	k->slot[i] = c;
	k->hash[i] = h;
	k->used++;
}

/* Count a child that is in the list already. */
static void index_add(struct zpf_arena *a, struct zpf_node *parent,
		      struct zpf_node *c)
{
	struct zpf_kids_index *k;

	if (!parent->indexed && parent->few < HASH_FROM) {
		parent->few++;
		return;
	}
	if (!parent->indexed) {
		k = zpf_arena_alloc(a, sizeof(*k));
		k->first = parent->first;
		k->n = parent->few;
		parent->index = k;
		parent->indexed = true;
	}
	k = parent->index;
	k->n++;
	if (k->used + 1 <= k->size / 2) {
		index_put(k, c);
		return;
	}
	k->size = 32;
	while (k->size < 3 * k->n)
		k->size *= 2;
	k->slot = zpf_arena_alloc(a, k->size * sizeof(*k->slot));
	k->hash = zpf_arena_alloc(a, k->size * sizeof(*k->hash));
	k->used = 0;
	zpf_tree_for_each(s, parent)
		index_put(k, s);
}

static void set_first(struct zpf_node *parent, struct zpf_node *c)
{
	if (parent->indexed)
		parent->index->first = c;
	else
		parent->first = c;
}

/**
 * zpf_tree_add() - append a child; there must be none of that name
 * @a: arena of the tree
 * @parent: the node it goes under, NULL to make a root
 * @name: the word, copied
 * @schema: what the language says about it, or NULL
 * @value: it is a value or an instance name, not a keyword
 * @where: where it was written, or NULL
 *
 * Return: the child
 */
struct zpf_node *zpf_tree_add(struct zpf_arena *a, struct zpf_node *parent,
			      const char *name,
			      const struct zpf_schema *schema, bool value,
			      const struct zpf_where *where)
{
	struct zpf_node *c = zpf_arena_alloc(a, sizeof(*c));
	struct zpf_node *first = zpf_tree_first(parent), *last;

	/* the schema stays, and has the word already */
	c->name = schema && !value && !strcmp(schema->word, name) ?
		schema->word : zpf_arena_strdup(a, name);
	c->parent = parent;
	c->schema = schema;
	c->value = value;
	if (where) {
		c->file = where->file;
		c->line = where->line;
		c->col = where->col < COL_MAX ? where->col : COL_MAX;
	}
	if (!parent)
		return c;
	if (!first) {
		c->prev = c;
		set_first(parent, c);
	} else {
		last = first->prev;
		if (!parent->unsorted && zpf_tree_natcmp(last->name, c->name) > 0)
			parent->unsorted = true;
		c->prev = last;
		last->next = c;
		first->prev = c;
	}
	index_add(a, parent, c);
	return c;
}

/** zpf_tree_remove() - take a node and all below it out of its parent */
void zpf_tree_remove(struct zpf_node *n)
{
	struct zpf_node *parent = n->parent, *first;
	struct zpf_kids_index *k;
	size_t i;

	if (!parent)
		return;
	first = zpf_tree_first(parent);
	if (n == first)
		set_first(parent, n->next);
	else
		n->prev->next = n->next;
	if (n->next)
		n->next->prev = n->prev;
	else
		first->prev = n->prev;
	if (!parent->indexed) {
		parent->few--;
	} else {
		k = parent->index;
		k->n--;
		i = name_hash(n->name) & (k->size - 1);
		while (k->slot[i] != n)
			i = (i + 1) & (k->size - 1);
		k->slot[i] = &tombstone;
	}
	n->parent = n->prev = n->next = NULL;
}

/** zpf_tree_leaves() - number of nodes without children, @n itself if it has none */
size_t zpf_tree_leaves(const struct zpf_node *n)
{
	size_t sum = 0;

	zpf_tree_for_each(c, n)
		sum += zpf_tree_leaves(c);
	return zpf_tree_count(n) ? sum : 1;
}

/**
 * zpf_tree_natcmp() - compare names in natural order: eth2 before eth10
 *
 * Return: below, equal or above 0; 0 only for equal strings
 */
int zpf_tree_natcmp(const char *a, const char *b)
{
	const char *x = a, *y = b;

	while (*x && *y) {
		bool dx = *x >= '0' && *x <= '9', dy = *y >= '0' && *y <= '9';

		if (dx && dy) {
			size_t nx, ny;
			int c;

			while (*x == '0')
				x++;
			while (*y == '0')
				y++;
			for (nx = 0; x[nx] >= '0' && x[nx] <= '9'; nx++)
				;
			for (ny = 0; y[ny] >= '0' && y[ny] <= '9'; ny++)
				;
			if (nx != ny)
				return nx < ny ? -1 : 1;
			c = memcmp(x, y, nx);
			if (c)
				return c;
			x += nx;
			y += ny;
			continue;
		}
		if (*x != *y)
			return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
		x++;
		y++;
	}
	if (*x || *y)
		return *x ? 1 : -1;
	return strcmp(a, b);
}

static int cmp_nodes(const void *a, const void *b)
{
	const struct zpf_node *const *x = a, *const *y = b;

	return zpf_tree_natcmp((*x)->name, (*y)->name);
}

/* Most nodes have a few children: qsort() would take longer to begin. */
static void sort_few(struct zpf_node **v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct zpf_node *c = v[i];
		size_t k = i;

		for (; k && zpf_tree_natcmp(v[k - 1]->name, c->name) > 0; k--)
			v[k] = v[k - 1];
		v[k] = c;
	}
}

/**
 * zpf_tree_sorted() - children in canonical order
 * @a: arena for the array
 * @n: the node, may be NULL
 * @count: gets their number
 *
 * Return: the array, not to be changed; keywords, instances and values alike in
 * natural order
 */
struct zpf_node **zpf_tree_sorted(struct zpf_arena *a,
				  const struct zpf_node *n, size_t *count)
{
	struct zpf_node **v;
	size_t i = 0;

	*count = zpf_tree_count(n);
	if (*count == 1)
		return n->indexed ? &n->index->first :
			(struct zpf_node **)&n->first;
	v = zpf_arena_alloc(a, (*count + 1) * sizeof(*v));
	zpf_tree_for_each(c, n)
		v[i++] = c;
	if (!n || !n->unsorted)
		return v;
	if (*count <= HASH_FROM)
		sort_few(v, *count);
	else
		qsort(v, *count, sizeof(*v), cmp_nodes);
	return v;
}

/**
 * zpf_tree_order() - walk children in canonical order
 * @a: arena for an array, where one is needed
 * @n: the node, may be NULL
 *
 * Mostly they were written in this order, and nothing is sorted or copied.
 *
 * Return: for zpf_tree_next(); no child may be added or removed meanwhile
 */
struct zpf_tree_order zpf_tree_order(struct zpf_arena *a,
				     const struct zpf_node *n)
{
	struct zpf_tree_order o = { .next = zpf_tree_first(n) };
	size_t count;

	if (n && n->unsorted && o.next) {
		o.rest = zpf_tree_sorted(a, n, &count);
		o.end = o.rest + count;
		o.next = *o.rest++;
	}
	return o;
}

/**
 * zpf_tree_path() - the words from the root to a node, separated by blanks
 * @a: arena for the string
 * @n: the node; NULL gives NULL
 */
const char *zpf_tree_path(struct zpf_arena *a, const struct zpf_node *n)
{
	size_t len = 0;
	char *buf, *p;

	if (!n)
		return NULL;
	for (const struct zpf_node *m = n; m->parent; m = m->parent)
		len += strlen(m->name) + 1;
	buf = zpf_arena_alloc(a, len + 1);
	p = buf + len;
	for (const struct zpf_node *m = n; m->parent; m = m->parent) {
		size_t l = strlen(m->name);

		if (m != n)
			*--p = ' ';
		p -= l;
		memcpy(p, m->name, l);
	}
	return p;
}
