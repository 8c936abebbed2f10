/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Findings of one kind: a few are told one by one, many as one line with their
 * number and three names.
 */
#ifndef ZPF_CTL_FOLD_H
#define ZPF_CTL_FOLD_H

#include "arena.h"
#include "diag.h"

struct zpf_node;

#define ZPF_FOLD_NAMES 3

/** struct zpf_fold_item - @message is told alone, @name where many are; @witness: see diag.h */
struct zpf_fold_item {
	struct zpf_where where;
	const char *path;
	const char *name;
	const char *message;
	const char *witness;
};

/** struct zpf_fold - zero-initialise it */
struct zpf_fold {
	size_t n;
	struct zpf_fold_item *items;
};

struct zpf_fold_item *zpf_fold_add(struct zpf_arena *a, struct zpf_fold *f,
				   const struct zpf_where *where,
				   const char *path, const char *name,
				   const char *message);
struct zpf_fold_item *zpf_fold_node(struct zpf_arena *a, struct zpf_fold *f,
				    const struct zpf_node *at, const char *name,
				    const char *message);
void zpf_fold_say(struct zpf_arena *a, const struct zpf_fold *f,
		  struct zpf_diag *diag, const char *before, const char *after);

#endif /* ZPF_CTL_FOLD_H */
