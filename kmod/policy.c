// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a generation: filled by a transaction, built into what packets
 * read (the zone matrix, log sites; counters in carry.c, the fast path in
 * fast.c), freed whole. Runs under zpf_net.commit; nothing here is seen by a
 * packet before arm.c publishes it.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include "carry.h"
#include "fast.h"
#include "index.h"
#include "log.h"
#include "net.h"

/**
 * zpf_gen_alloc() - an empty generation
 * @zn: its namespace
 *
 * Return: the generation with one reference, or NULL
 */
struct zpf_gen *zpf_gen_alloc(struct zpf_net *zn)
{
	struct zpf_gen *gen = kvzalloc(sizeof(*gen), GFP_KERNEL_ACCOUNT);
	unsigned int hook, fam;

	if (!gen)
		return NULL;
	refcount_set(&gen->refs, 1);
	hash_init(gen->members);
	gen->zn = zn;
	gen->log_burst = ZPF_LOG_BURST;
	gen->log_rate = zpf_rate_make(ZPF_LOG_INTERVAL_NS, ZPF_LOG_BURST);
	for (hook = 0; hook < ZPF_N_HOOKS; hook++)
		for (fam = 0; fam < ZPF_N_FAMILIES; fam++)
			gen->chains[hook][fam].table_id = ZPF_NO_TABLE;
	return gen;
}

static void zpf_table_free(struct zpf_table *table)
{
	if (!table)
		return;
	zpf_index_free(table);
	kvfree(table->rules);
	kvfree(table->rows);
	kvfree(table->addr6);
	kvfree(table->extras);
	kvfree(table->rulesets);
	kvfree(table->names);
	kfree(table);
}

static void zpf_gen_free(struct zpf_gen *gen)
{
	struct zpf_net *zn = gen->zn;
	u32 i;

	if (gen->ctrs)
		zpf_pool_put(&zn->pool, gen->ctrs, gen->n_ctrs);
	for (i = 0; i < gen->n_sites; i++) {
		zpf_keep_put(&zn->keeper, gen->sites[i].keep);
		cond_resched();
	}
	for (i = 0; i < gen->n_limits; i++) {
		zpf_keep_put(&zn->keeper, gen->limits[i].keep);
		zpf_keep_put(&zn->keeper, gen->limits[i].recent);
		cond_resched();
	}
	zpf_names_release(gen);
	for (i = 0; i < gen->have_sets; i++) {
		if (gen->sets[i]->owner)
			zpf_owner_put(&zn->groups, gen->sets[i]->owner);
		else
			kvfree(gen->sets[i]->data);
		kfree(gen->sets[i]);
		cond_resched();
	}
	for (i = 0; i < gen->have_tables; i++) {
		zpf_table_free(gen->tables[i]);
		cond_resched();
	}
	for (i = 1; i <= gen->have_zones; i++)
		kvfree(gen->zones[i].members);
	kvfree(gen->cells[ZPF_V4]);
	kvfree(gen->cells[ZPF_V6]);
	kvfree(gen->zone_names);
	kvfree(gen->ctrs);
	kvfree(gen->sites);
	kvfree(gen->limits);
	kvfree(gen->sets);
	kvfree(gen->tables);
	kvfree(gen->zones);
	kvfree(gen->binds);
	kvfree(gen->bound);
	kvfree(gen->source);
	kvfree(gen->clock.offsets);
	kvfree(gen);
}

/**
 * zpf_gen_put() - give a reference back
 * @gen: the generation, or NULL
 *
 * Context: process; if a packet could have seen it, after a grace period.
 */
void zpf_gen_put(struct zpf_gen *gen)
{
	if (gen && refcount_dec_and_test(&gen->refs))
		zpf_gen_free(gen);
}

/**
 * zpf_vec_room() - make room for one more element of a growing array
 * @vec: the array
 * @n: elements in use
 * @cap: room; doubled if it is used up
 * @size: bytes an element
 *
 * Return: 0 or -ENOMEM (the array is as it was)
 */
int zpf_vec_room(void **vec, u32 n, u32 *cap, size_t size)
{
	u32 more = *cap ? *cap * 2 : 16;
	void *grown;

	if (n < *cap)
		return 0;
	grown = kvcalloc(more, size, GFP_KERNEL_ACCOUNT);
	if (!grown)
		return -ENOMEM;
	if (n)
		memcpy(grown, *vec, size * n);
	kvfree(*vec);
	*vec = grown;
	*cap = more;
	return 0;
}

/**
 * zpf_gen_add_site() - add a log site
 * @gen: the generation that is being filled or built
 * @prefix: its prefix, which is its identity
 * @li: what the netfilter logger is told
 * @site: index plus 1
 *
 * Return: 0 or -ENOMEM
 */
int zpf_gen_add_site(struct zpf_gen *gen, const char *prefix,
		     const struct nf_loginfo *li, u32 *site)
{
	struct zpf_site *s;
	int err;

	err = zpf_vec_room((void **)&gen->sites, gen->n_sites, &gen->cap_sites,
			   sizeof(*gen->sites));
	if (err)
		return err;
	s = &gen->sites[gen->n_sites];
	s->keep = zpf_keep_get(&gen->zn->keeper, ZPF_KEEP_SITE, prefix);
	if (!s->keep)
		return -ENOMEM;
	s->li = *li;
	s->keep->level = li->type == NF_LOG_TYPE_LOG ? li->u.log.level :
						       LOGLEVEL_WARNING;
	*site = ++gen->n_sites;
	return 0;
}

/**
 * zpf_cell_rows() - counters of a cell
 * @cell: the cell
 */
u32 zpf_cell_rows(const struct zpf_cell *cell)
{
	if (cell->row0 == U32_MAX)
		return 0;
	return cell->table ? cell->table->n_rows : 1;
}

/* Every announced object is there, and every table is whole. */
static int zpf_gen_complete(const struct zpf_gen *gen, const char **why)
{
	u32 i;

	if (gen->have_sets != gen->n_sets)
		*why = "fewer sets than announced";
	else if (gen->have_tables != gen->n_tables)
		*why = "fewer tables than announced";
	else if (gen->have_zones != gen->n_zones)
		*why = "fewer zones than announced";
	else if (gen->have_source != gen->source_len)
		*why = "less source text than announced";
	if (*why)
		return -EINVAL;

	for (i = 0; i < gen->n_sets; i++) {
		if (gen->sets[i]->have != gen->sets[i]->n) {
			*why = "a set has fewer elements than announced";
			return -EINVAL;
		}
		if (!(i % 1024))
			cond_resched();
	}
	for (i = 0; i < gen->n_tables; i++) {
		const struct zpf_table *table = gen->tables[i];

		if (table->have != table->n_rules) {
			*why = "a table has fewer rules than announced";
			return -EINVAL;
		}
		if (table->have_rows != table->n_rows) {
			*why = "a table has fewer rows than announced";
			return -EINVAL;
		}
		if (!table->defaults) {
			*why = "a table has no default";
			return -EINVAL;
		}
		if (!(i % 1024))
			cond_resched();
	}
	return 0;
}

static const struct zpf_table *zpf_gen_table(const struct zpf_gen *gen, u32 id)
{
	return id == ZPF_NO_TABLE ? NULL : gen->tables[id];
}

/**
 * zpf_cell_hook() - the hook that leads to a cell
 * @gen: the generation
 * @cell: the cell
 *
 * Return: ZPF_IN, ZPF_FWD or ZPF_OUT
 */
unsigned int zpf_cell_hook(const struct zpf_gen *gen,
			   const struct zpf_cell *cell)
{
	if (cell->to == gen->router)
		return ZPF_IN;
	return cell->from == gen->router ? ZPF_OUT : ZPF_FWD;
}

/* One side is an interface in no zone: SEMANTICS calls this no-zone. */
static const struct zpf_zone *zpf_cell_no_zone(const struct zpf_gen *gen,
					       struct zpf_cell *cell)
{
	const struct zpf_zone *zone = &gen->zones[cell->from ?: cell->to];

	cell->reason = ZPF_REASON_NO_ZONE;
	cell->action = ZPF_ACTION_DROP;
	if (zone->flags & ZPF_ZONE_LOCAL)
		cell->action = zone->default_action;
	else if (!cell->to && (gen->option_flags & ZPF_OPTION_UNASSIGNED_ACCEPT))
		cell->action = ZPF_ACTION_ACCEPT;
	return zone;
}

/**
 * zpf_cell_resolve() - what the zones say about a pair
 * @gen: the generation
 * @fam: ZPF_V4 or ZPF_V6
 * @cell: from, to, and the bound table, if any; the rest is filled in
 *
 * Return: the zone whose `default-log` counts, or NULL where nothing is logged
 */
static const struct zpf_zone *zpf_cell_resolve(const struct zpf_gen *gen,
					       unsigned int fam,
					       struct zpf_cell *cell)
{
	const bool router = cell->from == gen->router || cell->to == gen->router;
	const struct zpf_zone *from = &gen->zones[cell->from];
	const struct zpf_zone *to = &gen->zones[cell->to];
	const struct zpf_zone *zone = to;

	cell->action = ZPF_ACTION_ACCEPT;
	if (cell->from == gen->exempt || cell->to == gen->exempt ||
	    (cell->from == gen->router && cell->to == gen->router)) {
		cell->reason = ZPF_CELL_EXEMPT;
		return NULL;
	}
	if ((router && !gen->local) || (!cell->from && !cell->to)) {
		cell->reason = ZPF_CELL_UNFILTERED;
		return NULL;
	}
	if (cell->table)
		return NULL;
	if (!cell->from || !cell->to)
		return zpf_cell_no_zone(gen, cell);

	if (cell->from == cell->to) {
		cell->table = zpf_gen_table(gen, zone->intra_table[fam]);
		cell->reason = ZPF_REASON_INTRA_ZONE;
		cell->action = zone->intra_action;
	} else {
		cell->table = zpf_gen_table(gen, zone->default_table[fam]);
		if (from->flags & ZPF_ZONE_LOCAL)
			zone = from;
		cell->reason = ZPF_REASON_ZONE_DEFAULT;
		cell->action = zone->default_action;
	}
	if (!cell->table)
		return zone;
	cell->reason = ZPF_CELL_TABLE;
	return NULL;
}

static int zpf_cell_build(struct zpf_gen *gen, unsigned int fam,
			  struct zpf_cell *cell)
{
	const struct nf_loginfo li = ZPF_LOG_DEFAULT;
	const struct zpf_zone *zone;
	char prefix[ZPF_KEEP_NAME_MAX + 1];
	int err;

	zone = zpf_cell_resolve(gen, fam, cell);
	if (zone && (zone->flags & ZPF_ZONE_DEFAULT_LOG) &&
	    cell->action != ZPF_ACTION_ACCEPT) {
		zpf_log_prefix_zone(prefix, sizeof(prefix), fam,
				    gen->zones[cell->from].name,
				    gen->zones[cell->to].name,
				    cell->from == cell->to, cell->action);
		err = zpf_gen_add_site(gen, prefix, &li, &cell->site);
		if (err)
			return err;
	}

	cell->row0 = U32_MAX;
	if (cell->reason != ZPF_CELL_EXEMPT &&
	    cell->reason != ZPF_CELL_UNFILTERED) {
		cell->judged = true;
		cell->row0 = gen->n_ctrs;
		gen->n_ctrs += cell->table ? cell->table->n_rows : 1;
		if (gen->n_ctrs > ZPF_MAX_ROWS)
			return -E2BIG;
	} else if (cell->reason == ZPF_CELL_UNFILTERED) {
		cell->judged = gen->chains[zpf_cell_hook(gen, cell)][fam].table ||
			       gen->sp[ZPF_SP_ESTABLISHED].action ||
			       gen->sp[ZPF_SP_RELATED].action ||
			       gen->sp[ZPF_SP_INVALID].action;
	}
	return 0;
}

static int zpf_cells_build(struct zpf_gen *gen, const char **why)
{
	unsigned int fam;
	u32 i, from, to;
	int err;

	gen->router = gen->local ?: gen->n_zones + 1;
	gen->exempt = max(gen->n_zones, gen->router) + 1;
	gen->dim = gen->exempt + 1;
	for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
		gen->cells[fam] = kvcalloc(gen->dim * gen->dim,
					   sizeof(*gen->cells[fam]),
					   GFP_KERNEL_ACCOUNT);
		if (!gen->cells[fam])
			return -ENOMEM;
	}
	for (i = 0; i < gen->n_binds; i++) {
		const struct zpf_bind *bind = &gen->binds[i];

		zpf_gen_cell(gen, bind->fam, bind->from, bind->to)->table =
			gen->tables[bind->table];
	}
	for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
		for (from = 0; from < gen->dim; from++) {
			for (to = 0; to < gen->dim; to++) {
				struct zpf_cell *cell;

				cell = zpf_gen_cell(gen, fam, from, to);
				cell->from = from;
				cell->to = to;
				err = zpf_cell_build(gen, fam, cell);
				if (err == -E2BIG)
					*why = "too many counters: pairs times rules";
				if (err)
					return err;
			}
			cond_resched();
		}
	}
	return 0;
}

static int zpf_chains_build(struct zpf_gen *gen)
{
	unsigned int hook, fam, i;
	int err;

	for (hook = 0; hook < ZPF_N_HOOKS; hook++) {
		for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
			struct zpf_chain *chain = &gen->chains[hook][fam];

			chain->table = zpf_gen_table(gen, chain->table_id);
			chain->row0 = gen->n_ctrs;
			if (chain->table)
				gen->n_ctrs += chain->table->n_rows;
		}
	}
	for (i = 0; i < ZPF_N_SP; i++) {
		struct zpf_state_policy *sp = &gen->sp[i];
		char prefix[ZPF_KEEP_NAME_MAX + 1];

		sp->row0 = gen->n_ctrs;
		if (sp->action)
			gen->n_ctrs++;
		if (!sp->log)
			continue;
		zpf_log_prefix_state(prefix, sizeof(prefix), i, sp->action);
		err = zpf_gen_add_site(gen, prefix, &sp->li, &sp->site);
		if (err)
			return err;
	}
	return 0;
}

/* Copies of a rule share a bucket: show it once. */
static void zpf_sites_mark(struct zpf_gen *gen)
{
	u32 i;

	for (i = 0; i < gen->n_sites; i++) {
		struct zpf_site *site = &gen->sites[i];

		site->copy = site->keep->user == gen;
		site->keep->user = gen;
		if (!(i % 1024))
			cond_resched();
	}
}

static void zpf_gen_measure(struct zpf_gen *gen)
{
	u64 bytes = sizeof(*gen) + gen->source_len;
	u32 i;

	for (i = 0; i < gen->n_sets; i++) {
		bytes += sizeof(*gen->sets[i]) + sizeof(gen->sets[i]) +
			 gen->sets[i]->n * zpf_set_elem_size(gen->sets[i]->kind);
		if (!(i % 1024))
			cond_resched();
	}
	for (i = 0; i < gen->n_tables; i++) {
		const struct zpf_table *t = gen->tables[i];
		struct zpf_index_stat stat;

		zpf_index_stat(t, &stat);
		bytes += stat.bytes;
		bytes += sizeof(*t) + sizeof(t) +
			 t->n_rules * sizeof(*t->rules) +
			 t->n_rows * sizeof(*t->rows) +
			 t->cap_addr6 * sizeof(*t->addr6) +
			 t->cap_extras * sizeof(*t->extras) +
			 t->n_rulesets * (sizeof(*t->rulesets) +
					  sizeof(*t->names));
		cond_resched();
	}
	for (i = 1; i <= gen->n_zones; i++)
		bytes += sizeof(gen->zones[i]) + gen->zones[i].n_members *
			 sizeof(*gen->zones[i].members);
	bytes += gen->cap_binds * sizeof(*gen->binds) +
		 gen->cap_sites * sizeof(*gen->sites) +
		 gen->cap_limits * sizeof(*gen->limits) +
		 ZPF_N_FAMILIES * gen->dim * gen->dim * sizeof(struct zpf_cell);
	bytes += gen->clock.n * sizeof(*gen->clock.offsets);
	bytes += gen->n_ctrs * (sizeof(*gen->ctrs) + sizeof(struct zpf_slot));
	gen->memory_bytes = bytes;
}

/* Outside zpf_net.lock: with many rules this is what a commit takes longest. */
static int zpf_gen_index(struct zpf_gen *gen)
{
	u32 i;
	int err = 0;

	for (i = 0; !err && i < gen->n_tables; i++) {
		err = zpf_index_build(gen->tables[i], gen->sets,
				      &zpf_index_caps);
		cond_resched();
	}
	return err;
}

/**
 * zpf_gen_build() - make a received policy ready for packets
 * @gen: what a transaction received
 * @old: the generation that runs now, or NULL; kept alive by the caller
 * @why: set to the reason where there is one to tell
 *
 * Context: process, under zpf_net.commit; may sleep, never holds the CPU long.
 * Return: 0; -EINVAL or -E2BIG with @why set; -ENOMEM. On error the generation
 * is good for nothing but zpf_gen_put().
 */
int zpf_gen_build(struct zpf_gen *gen, const struct zpf_gen *old,
		  const char **why)
{
	int err;

	BUILD_BUG_ON(sizeof(struct zpf_cell) > 64);

	err = zpf_gen_complete(gen, why);
	if (err)
		return err;
	err = zpf_gen_index(gen);
	if (err)
		return err;
	err = zpf_chains_build(gen);
	if (err)
		return err;
	err = zpf_cells_build(gen, why);
	if (err)
		return err;
	err = zpf_names_build(gen);
	if (err)
		return err;
	err = zpf_carry_counters(gen, old);
	if (err)
		return err;
	zpf_fast_build(gen);
	zpf_sites_mark(gen);
	zpf_gen_measure(gen);
	return 0;
}
