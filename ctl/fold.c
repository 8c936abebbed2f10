// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folds long lists of warnings (fold.h). Called by lint and present.
 */
#include "fold.h"
#include "tree.h"

/**
 * zpf_fold_add() - remember a finding
 * @a: where the list lives; strings are borrowed
 * @f: the list
 * @where: place, or NULL
 * @path: configuration path, or NULL
 * @name: short, for the folded line
 * @message: whole, for the line of its own
 *
 * Return: the finding, until the next one is added
 */
struct zpf_fold_item *zpf_fold_add(struct zpf_arena *a, struct zpf_fold *f,
				   const struct zpf_where *where,
				   const char *path, const char *name,
				   const char *message)
{
	struct zpf_fold_item item = { .path = path, .name = name,
		.message = message };

	if (where)
		item.where = *where;
	ZPF_PUSH(a, f->items, f->n, item);
	return &f->items[f->n - 1];
}

/**
 * zpf_fold_node() - remember a finding about a node
 * @a: where the list lives; strings are borrowed
 * @f: the list
 * @at: the node
 * @name: as of zpf_fold_add()
 * @message: as of zpf_fold_add()
 *
 * Return: as zpf_fold_add()
 */
struct zpf_fold_item *zpf_fold_node(struct zpf_arena *a, struct zpf_fold *f,
				    const struct zpf_node *at, const char *name,
				    const char *message)
{
	struct zpf_where where = zpf_tree_where(at);

	return zpf_fold_add(a, f, &where, zpf_tree_path(a, at), name, message);
}

/**
 * zpf_fold_say() - turn the list into warnings
 * @a: scratch memory
 * @f: the list
 * @diag: gets one warning an item, or one for all where there are many
 * @before: what stands behind the number: "groups are empty: "
 * @after: what stands behind the names
 */
void zpf_fold_say(struct zpf_arena *a, const struct zpf_fold *f,
		  struct zpf_diag *diag, const char *before, const char *after)
{
	const char *names = "";

	if (f->n <= ZPF_FOLD_NAMES) {
		for (size_t i = 0; i < f->n; i++) {
			zpf_diag_add(diag, ZPF_DIAG_WARNING, &f->items[i].where,
				     f->items[i].path, "%s",
				     f->items[i].message);
			zpf_diag_witness(diag, f->items[i].witness);
		}
		return;
	}
	for (size_t i = 0; i < ZPF_FOLD_NAMES; i++)
		names = zpf_arena_printf(a, "%s%s%s", names, i ? ", " : "",
					 f->items[i].name);
	zpf_diag_add(diag, ZPF_DIAG_WARNING, &f->items[0].where,
		     f->items[0].path, "%zu %s%s and %zu more%s", f->n, before,
		     names, f->n - ZPF_FOLD_NAMES, after);
	zpf_diag_witness(diag, f->items[0].witness);
}
