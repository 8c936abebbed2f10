// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts the statements under `firewall` by what becomes of them (see struct
 * zpf_statements). Called by config once the model is checked, also where it
 * has errors; judges nothing.
 */
#include <string.h>

#include "model.h"
#include "schema.h"

/* It, or the value it is, is known and cannot be enforced. */
static bool is_unenforced(const struct zpf_node *n)
{
	const struct zpf_schema *s = n->schema;
	const struct zpf_word *w;

	if (s->flags & ZPF_S_UNENFORCED)
		return true;
	if (!n->value || s->instance || !s->row || !s->row->words)
		return false;
	w = zpf_word_find(s->row->words, n->name);
	return w && w->unenforced;
}

static bool has_unenforced(const struct zpf_node *n)
{
	zpf_tree_for_each(kid, n)
		if (is_unenforced(kid) || has_unenforced(kid))
			return true;
	return false;
}

static bool group_used(const struct zpf_model *m, const struct zpf_node *n)
{
	for (int k = 0; k < ZPF_GROUP_KINDS; k++) {
		const struct zpf_group *g = zpf_model_group(m, k, n->name);

		if (g && g->node == n)
			return g->used;
	}
	return true;
}

static bool ruleset_used(const struct zpf_model *m, const struct zpf_node *n)
{
	for (int fam = 0; fam < ZPF_FAMS; fam++) {
		const struct zpf_ruleset *rs;

		if (strcmp(n->parent->parent->name, zpf_model_family_word(fam)))
			continue;
		rs = zpf_model_ruleset(m, fam, n->name);
		return !rs || rs->used;
	}
	return true;
}

/* An object that is written and does nothing. */
static bool is_idle(const struct zpf_model *m, const struct zpf_node *n)
{
	const struct zpf_schema_row *row = n->schema->row;

	if (!n->value || !n->schema->instance || !row)
		return false;
	switch (row->sub) {
	case ZPF_SCOPE_NONE:
	case ZPF_SCOPE_ZONE:
	case ZPF_SCOPE_CHAIN:
		return false;
	case ZPF_SCOPE_RULE:
		return zpf_tree_find(n, "disable");
	case ZPF_SCOPE_RULESET:
		return !ruleset_used(m, n);
	default:
		return !group_used(m, n);
	}
}

/* A statement that is for people, or read by nobody. */
static bool is_remark(const struct zpf_schema *s)
{
	return s->kind == ZPF_KIND_TEXT ||
		(s->flags & ZPF_S_MUTE && s->row && !s->row->field);
}

static void count(const struct zpf_model *m, const struct zpf_node *n,
		  struct zpf_statements *all, size_t *as)
{
	/* A model that was read whole knows whether there is any. */
	const bool all_known = !m->unenforced && !m->diag->n_errors;
	const struct zpf_schema *s = n->schema;

	if (as == &all->enforced) {
		if (!all_known && is_unenforced(n))
			as = &all->unenforced;
		else if (is_idle(m, n) || is_remark(s))
			as = &all->kept;
		else if (!all_known && n->value && s->row &&
			 s->row->sub == ZPF_SCOPE_RULE && has_unenforced(n))
			as = &all->unenforced;
	}
	if (!zpf_tree_count(n) && !n->broken)
		++*as;
	zpf_tree_for_each(kid, n)
		count(m, kid, all, as);
}

/**
 * zpf_statements_count() - count statements by what becomes of them
 * @m: the model, checked
 * @n: gets the numbers
 */
void zpf_statements_count(const struct zpf_model *m, struct zpf_statements *n)
{
	memset(n, 0, sizeof(*n));
	zpf_tree_for_each(kid, m->firewall)
		count(m, kid, n, &n->enforced);
}
