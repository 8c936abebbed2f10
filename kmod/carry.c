// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters over a commit: a row whose rule means the same as before shares the
 * slot of the old generation, so both count in one place while packets move
 * from one to the other; any other row gets a slot that stands at zero.
 * Rows are found again by (family, from, to, ruleset, number) and meaning.
 */
#include <linux/log2.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "carry.h"
#include "net.h"
#include "room.h"

#define ZPF_NO_ROW U32_MAX

/**
 * struct zpf_rowmap - where the rows of a table were in an old one
 * @old: the old table
 * @row: old row by new row, ZPF_NO_ROW: new or changed
 */
struct zpf_rowmap {
	const struct zpf_table *old;
	u32 *row;
};

static u32 zpf_row_hash(const struct zpf_table *table, u32 row)
{
	const struct zpf_row *r = &table->rows[row];
	const char *name = table->rulesets[r->ruleset];

	return full_name_hash(NULL, name, strlen(name)) ^
	       r->number * 0x9e3779b1U;
}

static bool zpf_row_same(const struct zpf_table *a, u32 ra,
			 const struct zpf_table *b, u32 rb)
{
	const struct zpf_row *x = &a->rows[ra], *y = &b->rows[rb];

	return x->number == y->number && x->meaning == y->meaning &&
	       x->action == y->action &&
	       !strcmp(a->rulesets[x->ruleset], b->rulesets[y->ruleset]);
}

/* Fill the map through a hash of the old rows that lives only here. */
static int zpf_rowmap_build(struct zpf_rowmap *map,
			    const struct zpf_table *table,
			    const struct zpf_table *old)
{
	u32 size = roundup_pow_of_two(old->n_rows + 1);
	u32 *head, *next, i, at;

	if (!map->row)
		map->row = kvmalloc_array(table->n_rows, sizeof(*map->row),
					  GFP_KERNEL);
	head = kvmalloc_array(size, sizeof(*head), GFP_KERNEL);
	next = kvmalloc_array(old->n_rows, sizeof(*next), GFP_KERNEL);
	if (!map->row || !head || !next) {
		kvfree(head);
		kvfree(next);
		return -ENOMEM;
	}
	memset(head, 0xff, size * sizeof(*head));
	for (i = 0; i < old->n_rows; i++) {
		at = zpf_row_hash(old, i) & (size - 1);
		next[i] = head[at];
		head[at] = i;
		if (!(i % 1024))
			cond_resched();
	}
	for (i = 0; i < table->n_rows; i++) {
		at = head[zpf_row_hash(table, i) & (size - 1)];
		while (at != ZPF_NO_ROW && !zpf_row_same(table, i, old, at))
			at = next[at];
		map->row[i] = at;
		if (!(i % 1024))
			cond_resched();
	}
	map->old = old;
	kvfree(head);
	kvfree(next);
	return 0;
}

/**
 * struct zpf_carry - taking counters over
 * @gen: the new generation
 * @old: the old one, or NULL
 * @maps: by id of the new table
 * @zone: old zone index by new one, -1: not there
 */
struct zpf_carry {
	struct zpf_gen *gen;
	const struct zpf_gen *old;
	struct zpf_rowmap *maps;
	int *zone;
};

static int zpf_carry_one(struct zpf_carry *c, u32 ctr, u32 old_ctr)
{
	struct zpf_pool *pool = &c->gen->zn->pool;

	if (old_ctr == ZPF_NO_ROW) {
		c->gen->ctrs[ctr] = zpf_pool_get(pool);
		return c->gen->ctrs[ctr] ? 0 : -ENOMEM;
	}
	c->gen->ctrs[ctr] = c->old->ctrs[old_ctr];
	zpf_pool_share(pool, c->gen->ctrs[ctr]);
	return 0;
}

static int zpf_carry_table(struct zpf_carry *c, const struct zpf_table *table,
			   u32 row0, const struct zpf_table *old, u32 old_row0)
{
	struct zpf_rowmap *map = &c->maps[table->id];
	u32 i, at;
	int err;

	if (old && map->old != old) {
		err = zpf_rowmap_build(map, table, old);
		if (err)
			return err;
	}
	for (i = 0; i < table->n_rows; i++) {
		at = old ? map->row[i] : ZPF_NO_ROW;
		if (at != ZPF_NO_ROW)
			at += old_row0;
		err = zpf_carry_one(c, row0 + i, at);
		if (err)
			return err;
		if (!(i % 256))
			cond_resched();
	}
	return 0;
}

static int zpf_carry_cell(struct zpf_carry *c, unsigned int fam,
			  const struct zpf_cell *cell)
{
	const struct zpf_cell *was = NULL;
	bool same;

	if (cell->row0 == U32_MAX)
		return 0;
	if (c->old && c->zone[cell->from] >= 0 && c->zone[cell->to] >= 0)
		was = zpf_gen_cell(c->old, fam, c->zone[cell->from],
				   c->zone[cell->to]);
	if (was && was->row0 == U32_MAX)
		was = NULL;
	if (cell->table)
		return zpf_carry_table(c, cell->table, cell->row0,
				       was ? was->table : NULL,
				       was ? was->row0 : 0);
	same = was && !was->table && was->action == cell->action &&
	       was->reason == cell->reason;
	return zpf_carry_one(c, cell->row0, same ? was->row0 : ZPF_NO_ROW);
}

static int zpf_carry_all(struct zpf_carry *c)
{
	struct zpf_gen *gen = c->gen;
	unsigned int hook, fam, i;
	u32 n;
	int err;

	for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
		for (n = 0; n < gen->dim * gen->dim; n++) {
			err = zpf_carry_cell(c, fam, &gen->cells[fam][n]);
			if (err)
				return err;
			if (!(n % 256))
				cond_resched();
		}
		for (hook = 0; hook < ZPF_N_HOOKS; hook++) {
			const struct zpf_chain *chain = &gen->chains[hook][fam];
			const struct zpf_chain *was;

			if (!chain->table)
				continue;
			was = c->old ? &c->old->chains[hook][fam] : NULL;
			err = zpf_carry_table(c, chain->table, chain->row0,
					      was ? was->table : NULL,
					      was ? was->row0 : 0);
			if (err)
				return err;
		}
	}
	for (i = 0; i < ZPF_N_SP; i++) {
		bool same = c->old && c->old->sp[i].action == gen->sp[i].action;

		if (!gen->sp[i].action)
			continue;
		err = zpf_carry_one(c, gen->sp[i].row0, same ?
				    c->old->sp[i].row0 : ZPF_NO_ROW);
		if (err)
			return err;
	}
	return 0;
}

static void zpf_carry_zones(struct zpf_carry *c)
{
	u32 i, j;

	for (i = 0; i < c->gen->dim; i++)
		c->zone[i] = -1;
	if (!c->old)
		return;
	c->zone[ZPF_ZONE_NONE] = ZPF_ZONE_NONE;
	for (i = 1; i <= c->gen->n_zones; i++)
		for (j = 1; j <= c->old->n_zones; j++)
			if (!strcmp(c->gen->zones[i].name,
				    c->old->zones[j].name))
				c->zone[i] = j;
}

/**
 * zpf_carry_counters() - give every row of a generation its counter
 * @gen: the generation, with its cells and chains built
 * @old: the one that runs now, or NULL
 *
 * Context: process, under zpf_net.commit.
 * Return: 0 or -ENOMEM
 */
int zpf_carry_counters(struct zpf_gen *gen, const struct zpf_gen *old)
{
	struct zpf_carry c = { .gen = gen, .old = old };
	int err = -ENOMEM;
	u32 i;

	gen->ctrs = zpf_room(gen->n_ctrs, sizeof(*gen->ctrs));
	c.maps = kvcalloc(gen->n_tables, sizeof(*c.maps), GFP_KERNEL);
	c.zone = kvcalloc(gen->dim, sizeof(*c.zone), GFP_KERNEL);
	if (!gen->ctrs || !c.maps || !c.zone)
		goto out;
	zpf_carry_zones(&c);
	err = zpf_carry_all(&c);
out:
	for (i = 0; c.maps && i < gen->n_tables; i++)
		kvfree(c.maps[i].row);
	kvfree(c.maps);
	kvfree(c.zone);
	return err;
}
