// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building a generation from what a transaction received: resolve the zone
 * matrix, give every row a counter (the old one where the rule means the
 * same), and precompute for every cell whether established and related
 * packets are accepted from ctinfo alone. Runs under zpf_net.commit; nothing
 * here is seen by a packet before live.c publishes it.
 */
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include <net/netfilter/nf_conntrack.h>
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
	kvfree(table->rules);
	kvfree(table->rows);
	kvfree(table->addr6);
	kvfree(table->rulesets);
	kfree(table);
}

static void zpf_gen_free(struct zpf_gen *gen)
{
	struct zpf_net *zn = gen->zn;
	u32 i;

	if (gen->ctrs)
		zpf_pool_put(&zn->pool, gen->ctrs, gen->n_ctrs);
	for (i = 0; i < gen->n_sites; i++)
		zpf_keep_put(&zn->keeper, gen->sites[i].keep);
	for (i = 0; i < gen->n_limits; i++)
		zpf_keep_put(&zn->keeper, gen->limits[i].keep);
	for (i = 0; i < gen->have_sets; i++) {
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
	kvfree(gen->ctrs);
	kvfree(gen->sites);
	kvfree(gen->limits);
	kvfree(gen->sets);
	kvfree(gen->tables);
	kvfree(gen->zones);
	kvfree(gen->binds);
	kvfree(gen->bound);
	kvfree(gen->source);
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
	}
	return 0;
}

static const struct zpf_table *zpf_gen_table(const struct zpf_gen *gen, u32 id)
{
	return id == ZPF_NO_TABLE ? NULL : gen->tables[id];
}

/* Which hook leads to this cell? */
static unsigned int zpf_cell_hook(const struct zpf_gen *gen,
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
	gen->exempt = gen->n_zones + 2;
	gen->dim = gen->n_zones + 3;
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

/* --- counters: taken over from the old generation where nothing changed --- */

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
	}
	cond_resched();
	for (i = 0; i < table->n_rows; i++) {
		at = head[zpf_row_hash(table, i) & (size - 1)];
		while (at != ZPF_NO_ROW && !zpf_row_same(table, i, old, at))
			at = next[at];
		map->row[i] = at;
	}
	map->old = old;
	kvfree(head);
	kvfree(next);
	cond_resched();
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
	if (old_ctr == ZPF_NO_ROW)
		return zpf_pool_get(&c->gen->zn->pool, &c->gen->ctrs[ctr]);
	c->gen->ctrs[ctr] = c->old->ctrs[old_ctr];
	zpf_pool_share(&c->gen->zn->pool, &c->gen->ctrs[ctr]);
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

static int zpf_counters_build(struct zpf_gen *gen, const struct zpf_gen *old)
{
	struct zpf_carry c = { .gen = gen, .old = old };
	int err = -ENOMEM;
	u32 i;

	gen->ctrs = kvcalloc(gen->n_ctrs, sizeof(*gen->ctrs),
			     GFP_KERNEL_ACCOUNT);
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

/* --- fast path --- */

/**
 * struct zpf_fast - the counters a packet of one state moves on its way
 * @state: ZPF_STATE_ESTABLISHED or ZPF_STATE_RELATED
 * @n: counters so far
 * @ctr: the counters
 */
struct zpf_fast {
	u8 state;
	u8 n;
	struct zpf_counter __percpu *ctr[2];
};

static bool zpf_fast_add(struct zpf_fast *fast, const struct zpf_ctr *ctr)
{
	if (fast->n == ARRAY_SIZE(fast->ctr))
		return false;
	fast->ctr[fast->n++] = ctr->cpu;
	return true;
}

/*
 * Does a table let this state pass, whatever else is in the packet? Only if
 * every rule on the way decides from the state alone, and none logs or limits.
 */
static bool zpf_fast_table(const struct zpf_gen *gen, struct zpf_fast *fast,
			   const struct zpf_table *table, u32 row0)
{
	u32 i = 0;

	while (i < table->n_rules) {
		const struct zpf_rule *rule = &table->rules[i];

		if ((rule->match & ZPF_M_STATE) && !(rule->state & fast->state)) {
			i = rule->miss;
			continue;
		}
		if ((rule->match & ~ZPF_M_STATE) || rule->limit || rule->site)
			return false;
		if (!zpf_fast_add(fast, &gen->ctrs[row0 + rule->row]))
			return false;
		if (rule->action <= ZPF_ACTION_REJECT)
			return rule->action == ZPF_ACTION_ACCEPT;
		i = rule->hit;
	}
	return true;
}

static bool zpf_fast_cell(const struct zpf_gen *gen, struct zpf_fast *fast,
			  unsigned int fam, const struct zpf_cell *cell)
{
	const bool related = fast->state == ZPF_STATE_RELATED;
	const struct zpf_state_policy *sp =
		&gen->sp[related ? ZPF_SP_RELATED : ZPF_SP_ESTABLISHED];
	const unsigned int hook = zpf_cell_hook(gen, cell);
	const struct zpf_chain *chain = &gen->chains[hook][fam];

	if (sp->action)
		return sp->action == ZPF_ACTION_ACCEPT && !sp->site &&
		       zpf_fast_add(fast, &gen->ctrs[sp->row0]);
	if (chain->table &&
	    !zpf_fast_table(gen, fast, chain->table, chain->row0))
		return false;
	/* Errors the router sends are related, and accepted uncounted. */
	if (related && hook == ZPF_OUT)
		return false;
	if (cell->reason == ZPF_CELL_UNFILTERED)
		return true;
	if (cell->table)
		return zpf_fast_table(gen, fast, cell->table, cell->row0);
	return cell->action == ZPF_ACTION_ACCEPT && !cell->site &&
	       zpf_fast_add(fast, &gen->ctrs[cell->row0]);
}

static void zpf_fast_build(struct zpf_gen *gen)
{
	static const struct {
		u8 state;
		u8 ctinfos;
	} classes[] = {
		{ ZPF_STATE_ESTABLISHED,
		  BIT(IP_CT_ESTABLISHED) | BIT(IP_CT_ESTABLISHED_REPLY) },
		{ ZPF_STATE_RELATED,
		  BIT(IP_CT_RELATED) | BIT(IP_CT_RELATED_REPLY) },
	};
	unsigned int fam, k;
	u32 n;

	for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
		for (n = 0; n < gen->dim * gen->dim; n++) {
			struct zpf_cell *cell = &gen->cells[fam][n];

			for (k = 0; cell->judged && k < ARRAY_SIZE(classes); k++) {
				struct zpf_fast fast = {
					.state = classes[k].state
				};

				if (!zpf_fast_cell(gen, &fast, fam, cell))
					continue;
				cell->fast |= classes[k].ctinfos;
				cell->fast_ctr[k][0] = fast.ctr[0];
				cell->fast_ctr[k][1] = fast.ctr[1];
			}
			if (!(n % 1024))
				cond_resched();
		}
	}
}

/* Copies of a rule share a bucket: show it once. */
static void zpf_sites_mark(struct zpf_gen *gen)
{
	u32 i;

	for (i = 0; i < gen->n_sites; i++) {
		struct zpf_site *site = &gen->sites[i];

		site->copy = site->keep->user == gen;
		site->keep->user = gen;
	}
}

static void zpf_gen_measure(struct zpf_gen *gen)
{
	u64 bytes = sizeof(*gen) + gen->source_len;
	u32 i;

	for (i = 0; i < gen->n_sets; i++)
		bytes += sizeof(*gen->sets[i]) + sizeof(gen->sets[i]) +
			 gen->sets[i]->n * zpf_set_elem_size(gen->sets[i]->kind);
	for (i = 0; i < gen->n_tables; i++) {
		const struct zpf_table *t = gen->tables[i];

		bytes += sizeof(*t) + sizeof(t) +
			 t->n_rules * sizeof(*t->rules) +
			 t->n_rows * sizeof(*t->rows) +
			 t->cap_addr6 * sizeof(*t->addr6) +
			 t->n_rulesets * sizeof(*t->rulesets);
	}
	for (i = 1; i <= gen->n_zones; i++)
		bytes += sizeof(gen->zones[i]) + gen->zones[i].n_members *
			 sizeof(*gen->zones[i].members);
	bytes += gen->cap_binds * sizeof(*gen->binds) +
		 gen->cap_sites * sizeof(*gen->sites) +
		 gen->cap_limits * sizeof(*gen->limits) +
		 ZPF_N_FAMILIES * gen->dim * gen->dim * sizeof(struct zpf_cell);
	bytes += gen->n_ctrs * (sizeof(*gen->ctrs) + sizeof(struct zpf_slot));
	gen->memory_bytes = bytes;
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
	err = zpf_chains_build(gen);
	if (err)
		return err;
	err = zpf_cells_build(gen, why);
	if (err)
		return err;
	err = zpf_counters_build(gen, old);
	if (err)
		return err;
	zpf_fast_build(gen);
	zpf_sites_mark(gen);
	zpf_gen_measure(gen);
	return 0;
}
