/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration tree: words under words, values too are nodes. Keeps where
 * each node was written. Knows the schema only as a pointer it carries.
 */
#ifndef ZPF_CTL_TREE_H
#define ZPF_CTL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arena.h"
#include "policy.h"

struct zpf_schema;
struct zpf_kids_index;

/**
 * struct zpf_node - one word of the configuration; a line of the cache, for
 * there are eight of a rule
 * @name: the word, owned by the tree's arena
 * @parent: the node it stands under; NULL for the root
 * @prev: sibling, in the order written; of the first one the last
 * @next: sibling, in the order written
 * @first: first child, in the order written
 * @index: where there are many children, finds them: @indexed
 * @schema: what the language says about it; NULL outside `firewall`
 * @file: where it was first written, see zpf_tree_where()
 * @line: the same
 * @col: the same; the last one there is room for stands for all behind it
 * @few: number of children without an index
 * @value: a value (of a leaf) or the name of an instance, not a keyword
 * @broken: an error was found in it or right below: what it says is not known
 * @unsorted: children may be in another order than the natural one
 * @indexed: there is an @index
 */
struct zpf_node {
	const char *name;
	struct zpf_node *parent;
	struct zpf_node *prev, *next;
	union {
		struct zpf_node *first;
		struct zpf_kids_index *index;
	};
	const struct zpf_schema *schema;
	const char *file;
	uint32_t line;
	uint32_t col : 24;
	uint32_t few : 4;
	uint32_t value : 1;
	uint32_t broken : 1;
	uint32_t unsorted : 1;
	uint32_t indexed : 1;
};

/**
 * struct zpf_tree_order - children of a node in natural order, one by one
 * @next: the next one
 * @rest: those behind it; NULL: as in the list
 * @end: end of @rest
 */
struct zpf_tree_order {
	struct zpf_node *next;
	struct zpf_node **rest, **end;
};

struct zpf_node *zpf_tree_first(const struct zpf_node *n);
size_t zpf_tree_count(const struct zpf_node *n);
struct zpf_where zpf_tree_where(const struct zpf_node *n);
struct zpf_node *zpf_tree_find(const struct zpf_node *n, const char *name);
struct zpf_node *zpf_tree_get(const struct zpf_node *n, const char *path);
struct zpf_node *zpf_tree_add(struct zpf_arena *a, struct zpf_node *parent,
			      const char *name,
			      const struct zpf_schema *schema, bool value,
			      const struct zpf_where *where);
void zpf_tree_remove(struct zpf_node *n);
size_t zpf_tree_leaves(const struct zpf_node *n);
int zpf_tree_natcmp(const char *a, const char *b);
struct zpf_node **zpf_tree_sorted(struct zpf_arena *a,
				  const struct zpf_node *n, size_t *count);
struct zpf_tree_order zpf_tree_order(struct zpf_arena *a,
				     const struct zpf_node *n);
const char *zpf_tree_path(struct zpf_arena *a, const struct zpf_node *n);
uint64_t zpf_tree_hash(const char *s);

/** zpf_tree_next() - the next child; NULL: there is none left */
static inline struct zpf_node *zpf_tree_next(struct zpf_tree_order *o)
{
	struct zpf_node *n = o->next;

	if (o->rest)
		o->next = o->rest < o->end ? *o->rest++ : NULL;
	else if (n)
		o->next = n->next;
	return n;
}

#define zpf_tree_for_each(kid, n) \
	for (struct zpf_node *kid = zpf_tree_first(n); kid; kid = kid->next)

#endif /* ZPF_CTL_TREE_H */
