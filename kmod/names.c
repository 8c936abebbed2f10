// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of names the drop ledger speaks of. Commits get, retired
 * generations put; packets only copy numbers. A name is dropped when neither a
 * generation nor a row of the ledger has it: rows are written by packets of a
 * living generation only, so one that has no name any more will not get it.
 */
#include <linux/slab.h>
#include <linux/stringhash.h>
#include "names.h"
#include "net.h"

/* Names that may lie idle before the ledger is searched for them. */
#define ZPF_NAMES_IDLE 256

/**
 * struct zpf_name - one name
 * @node: in zpf_names.table
 * @rcu: frees it behind readers of zpf_name_of()
 * @id: its number
 * @refs: uses in generations
 * @kept: a row names it: of the sweep that runs
 * @text: the name
 */
struct zpf_name {
	struct hlist_node node;
	struct rcu_head rcu;
	u32 id;
	u32 refs;
	bool kept;
	char text[];
};

/**
 * zpf_names_init() - make an empty registry
 * @names: the registry
 */
void zpf_names_init(struct zpf_names *names)
{
	mutex_init(&names->lock);
	hash_init(names->table);
	xa_init_flags(&names->ids, XA_FLAGS_ALLOC1);
	names->next = 1;
	names->sweep_at = ZPF_NAMES_IDLE;
}

static void zpf_name_drop(struct zpf_names *names, struct zpf_name *name)
{
	hash_del(&name->node);
	xa_erase(&names->ids, name->id);
	kfree_rcu(name, rcu);
	names->idle--;
}

/**
 * zpf_names_destroy() - the namespace goes
 * @names: the registry; no generation is left
 */
void zpf_names_destroy(struct zpf_names *names)
{
	struct zpf_name *name;
	struct hlist_node *tmp;
	unsigned int bucket;

	hash_for_each_safe(names->table, bucket, tmp, name, node) {
		WARN_ON_ONCE(name->refs);
		zpf_name_drop(names, name);
	}
	xa_destroy(&names->ids);
	mutex_destroy(&names->lock);
}

static struct zpf_name *zpf_name_make(struct zpf_names *names,
				      const char *text, u32 hash)
{
	size_t len = strlen(text) + 1;
	struct zpf_name *name;

	name = kzalloc(struct_size(name, text, len), GFP_KERNEL_ACCOUNT);
	if (!name)
		return NULL;
	memcpy(name->text, text, len);
	if (xa_alloc_cyclic(&names->ids, &name->id, name, xa_limit_32b,
			    &names->next, GFP_KERNEL_ACCOUNT) < 0) {
		kfree(name);
		return NULL;
	}
	hash_add(names->table, &name->node, hash);
	names->idle++;
	return name;
}

/* Number of a name, with one reference more; 0 without memory. */
static u32 zpf_name_get(struct zpf_names *names, const char *text)
{
	const u32 hash = full_name_hash(NULL, text, strlen(text));
	struct zpf_name *name;

	lockdep_assert_held(&names->lock);
	hash_for_each_possible(names->table, name, node, hash)
		if (!strcmp(name->text, text))
			goto found;
	name = zpf_name_make(names, text, hash);
	if (!name)
		return 0;
found:
	if (!name->refs++)
		names->idle--;
	return name->id;
}

static void zpf_name_put(struct zpf_names *names, u32 id)
{
	struct zpf_name *name = id ? xa_load(&names->ids, id) : NULL;

	if (name && !--name->refs)
		names->idle++;
}

/**
 * zpf_name_of() - the text behind a number
 * @names: the registry
 * @id: the number
 *
 * Context: under RCU, which also keeps the text.
 * Return: the text, or NULL if the name is gone
 */
const char *zpf_name_of(const struct zpf_names *names, u32 id)
{
	const struct zpf_name *name = xa_load((struct xarray *)&names->ids, id);

	return name ? name->text : NULL;
}

static int zpf_names_table(struct zpf_names *names, struct zpf_table *table)
{
	u32 i;

	table->names = kvcalloc(table->n_rulesets, sizeof(*table->names),
				GFP_KERNEL_ACCOUNT);
	if (!table->names)
		return -ENOMEM;
	for (i = 0; i < table->n_rulesets; i++) {
		table->names[i] = zpf_name_get(names, table->rulesets[i]);
		if (!table->names[i])
			return -ENOMEM;
	}
	return 0;
}

/* The router has a name where no zone stands for it; lo and VRFs need none. */
static int zpf_names_zones(struct zpf_names *names, struct zpf_gen *gen)
{
	u32 i;

	gen->zone_names = kvcalloc(gen->dim, sizeof(*gen->zone_names),
				   GFP_KERNEL_ACCOUNT);
	if (!gen->zone_names)
		return -ENOMEM;
	for (i = 0; i < gen->exempt; i++) {
		gen->zone_names[i] = zpf_name_get(names, i <= gen->n_zones ?
						  gen->zones[i].name : "router");
		if (!gen->zone_names[i])
			return -ENOMEM;
	}
	return 0;
}

/* The packet path takes them from the cell it has at hand. */
static void zpf_names_cells(struct zpf_gen *gen)
{
	u32 fam, from, to;

	for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
		for (from = 0; from < gen->dim; from++) {
			for (to = 0; to < gen->dim; to++) {
				struct zpf_cell *cell;

				cell = zpf_gen_cell(gen, fam, from, to);
				cell->from_name = gen->zone_names[from];
				cell->to_name = gen->zone_names[to];
			}
			cond_resched();
		}
	}
}

/**
 * zpf_names_build() - number the names of a generation
 * @gen: the generation, with its matrix
 *
 * Context: process.
 * Return: 0, or -ENOMEM: zpf_names_release() puts what was got
 */
int zpf_names_build(struct zpf_gen *gen)
{
	struct zpf_names *names = &gen->zn->names;
	u32 i;
	int err;

	mutex_lock(&names->lock);
	err = zpf_names_zones(names, gen);
	if (!err)
		zpf_names_cells(gen);
	for (i = 0; !err && i < gen->n_tables; i++) {
		err = zpf_names_table(names, gen->tables[i]);
		cond_resched();
	}
	mutex_unlock(&names->lock);
	return err;
}

static void zpf_names_keep(void *arg, const struct zpf_tally_row *row)
{
	struct zpf_names *names = arg;
	const struct zpf_tally_key key = zpf_tally_unpack(&row->code);
	const u32 ids[] = { key.from, key.to, key.ruleset };
	struct zpf_name *name;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		name = xa_load(&names->ids, ids[i]);
		if (name)
			name->kept = true;
	}
}

static void zpf_names_sweep(struct zpf_net *zn)
{
	struct zpf_names *names = &zn->names;
	struct zpf_name *name;
	struct hlist_node *tmp;
	unsigned int bucket;

	lockdep_assert_held(&names->lock);
	hash_for_each(names->table, bucket, name, node)
		name->kept = name->refs;
	zpf_ledger_walk(zn, zpf_names_keep, names);
	hash_for_each_safe(names->table, bucket, tmp, name, node)
		if (!name->kept)
			zpf_name_drop(names, name);
	names->sweep_at = max_t(u32, ZPF_NAMES_IDLE, 2 * names->idle);
}

/**
 * zpf_names_release() - a generation gives its names back
 * @gen: the generation; no packet sees it any more
 *
 * Context: process.
 */
void zpf_names_release(struct zpf_gen *gen)
{
	struct zpf_names *names = &gen->zn->names;
	u32 i, j;

	mutex_lock(&names->lock);
	for (i = 0; gen->zone_names && i < gen->dim; i++)
		zpf_name_put(names, gen->zone_names[i]);
	for (i = 0; i < gen->have_tables; i++) {
		const struct zpf_table *table = gen->tables[i];

		for (j = 0; table->names && j < table->n_rulesets; j++)
			zpf_name_put(names, table->names[j]);
		cond_resched();
	}
	if (names->idle >= names->sweep_at)
		zpf_names_sweep(gen->zn);
	mutex_unlock(&names->lock);
}
