// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lays the model flat: rulesets and what they jump to become tables as the
 * kernel walks them (uapi: "How a table is walked"), groups and port lists
 * become shared sets, zones and their bindings positions. Called by config on
 * a model without errors; refuses only what exceeds a cap.
 */
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter.h>

#include "emit.h"
#include "flat.h"
#include "policy_mem.h"

static const struct zpf_log_spec no_log = {
	.level = -1, .group = -1, .snaplen = -1, .qthreshold = -1
};

/* Groups nobody refers to can be filled all the same. */
static void flat_groups(struct zpf_flat *f)
{
	for (size_t i = 0; i < f->m->n_groups; i++) {
		const struct zpf_group *g = &f->m->groups[i];

		if (zpf_group_owned(g->kind))
			zpf_flat_group(f, g->kind == ZPF_GROUP_DYNAMIC6 ?
				   ZPF_FAM6 : ZPF_FAM4, g->kind, g->name);
	}
}

/* ---- tables ---- */

static enum zpf_action default_action(const struct zpf_ruleset *rs)
{
	if (rs->default_action.node)
		return (enum zpf_action)rs->default_action.v;
	return rs->hook ? ZPF_ACTION_ACCEPT : ZPF_ACTION_DROP;
}

static uint64_t default_meaning(enum zpf_action action, const char *target)
{
	char text[ZPF_RULESET_NAME_MAX + 32];

	snprintf(text, sizeof(text), "default %d %s", (int)action,
		 target ? target : "");
	return zpf_tree_hash(text);
}

static uint32_t add_row(struct zpf_flat *f, const struct zpf_ruleset *rs,
			uint32_t number, enum zpf_action action,
			uint64_t meaning)
{
	struct zpf_flat_row row = { .number = number, .action = action,
		.meaning = meaning };

	row.ruleset = f->t->n_rows && !strcmp(f->t->rows[f->t->n_rows - 1].ruleset,
					      rs->name) ?
		f->t->rows[f->t->n_rows - 1].ruleset :
		zpf_arena_strdup(f->arena, rs->name);
	f->t->rows[f->t->n_rows] = row;
	return (uint32_t)f->t->n_rows++;
}

static uint32_t rule_row(struct zpf_flat *f, const struct zpf_ruleset *rs,
			 struct zpf_rule *r)
{
	if (r->row_of != f->table) {
		r->row_of = f->table;
		r->row = add_row(f, rs, r->number, (enum zpf_action)r->action.v,
				 zpf_emit_meaning(&f->scratch, r->node, NULL));
	}
	return r->row;
}

static uint32_t default_row(struct zpf_flat *f, struct zpf_ruleset *rs)
{
	enum zpf_action action = default_action(rs);

	if (rs->row_of != f->table) {
		rs->row_of = f->table;
		rs->row = add_row(f, rs, 0, action,
				  default_meaning(action, rs->default_jump.s));
	}
	return rs->row;
}

/*
 * Lay @rs flat at the end of the table:
 *
 *	rules ... jump (MISS behind the block) [block of its target] ...
 *	default, and where that is a jump the block of its target
 *
 * `return` goes on behind the whole: where the caller goes on, or at the end of
 * the table for the outermost.
 */
static void lay(struct zpf_flat *f, struct zpf_ruleset *rs)
{
	struct zpf_flat_table *t = f->t;
	uint32_t *returns = NULL, at;
	size_t n_returns = 0;

	for (size_t i = 0; i <= rs->n_rules; i++) {
		struct zpf_flat_rule flat = { .log = no_log,
			.rare = &zpf_flat_none };
		struct zpf_ruleset *target = NULL;

		if (i < rs->n_rules) {
			struct zpf_rule *r = &rs->rules[i];

			if (!zpf_rule_live(r))
				continue;
			flat.action = (enum zpf_action)r->action.v;
			flat.row = rule_row(f, rs, r);
			flat.where = zpf_tree_where(r->node);
			zpf_flat_matches(f, r, rs->fam, &flat);
			target = r->target;
		} else {
			flat.action = default_action(rs);
			flat.row = default_row(f, rs);
			flat.where = zpf_tree_where(rs->node);
			flat.log.on = rs->default_log.node;
			target = rs->default_target;
		}
		at = (uint32_t)t->n_rules;
		flat.hit = flat.miss = at + 1;
		t->rules[t->n_rules++] = flat;
		if (flat.action == ZPF_ACTION_RETURN)
			ZPF_PUSH(f->m->arena, returns, n_returns, at);
		if (flat.action == ZPF_ACTION_JUMP && target) {
			lay(f, target);
			/* what always holds has no MISS */
			if (flat.match)
				t->rules[at].miss = (uint32_t)t->n_rules;
		}
	}
	for (size_t i = 0; i < n_returns; i++)
		t->rules[returns[i]].hit = (uint32_t)t->n_rules;
}

static void want(struct zpf_ruleset *rs)
{
	if (rs && rs->table == ZPF_NO_TABLE)
		rs->table = 0;
}

static void want_tables(struct zpf_model *m)
{
	for (size_t i = 0; i < m->n_zones; i++) {
		struct zpf_zone *z = &m->zones[i];

		for (int fam = 0; fam < ZPF_FAMS; fam++) {
			want(z->default_set[fam]);
			want(z->intra_set[fam]);
			for (size_t j = 0; j < z->n_from; j++)
				want(z->from[j].bind[fam].ruleset);
		}
	}
	for (int fam = 0; fam < ZPF_FAMS; fam++)
		for (int c = 0; c < ZPF_CHAINS; c++)
			want(m->chains[fam][c]);
}

static void flat_tables(struct zpf_flat *f)
{
	struct zpf_ruleset *largest = NULL;
	struct zpf_policy *p = f->p;

	want_tables(f->m);
	zpf_for_each_ruleset(f->m, rs) {
		if (rs->table == ZPF_NO_TABLE)
			continue;
		f->n_rules += rs->size;
		if (!largest || rs->size > largest->size)
			largest = rs;
		rs->table = (uint32_t)p->n_tables++;
	}
	if (p->n_tables > ZPF_MAX_TABLES)
		zpf_error(f->m, f->m->firewall, "%zu rulesets are in use; at most %d are allowed",
			  p->n_tables, ZPF_MAX_TABLES);
	if (f->n_rules > ZPF_MAX_RULES)
		zpf_error(f->m, largest->node, "the rulesets become %llu rules with their jumps laid flat; at most %d are allowed: %s alone becomes %llu",
			  (unsigned long long)f->n_rules, ZPF_MAX_RULES,
			  largest->name, (unsigned long long)largest->size);
	if (f->m->diag->n_errors)
		return;
	p->tables = zpf_arena_alloc(f->arena, p->n_tables * sizeof(*p->tables));
	zpf_for_each_ruleset(f->m, rs) {
		if (rs->table == ZPF_NO_TABLE)
			continue;
		f->table = rs->table;
		f->t = &p->tables[rs->table];
		f->t->name = zpf_arena_strdup(f->arena, rs->name);
		f->t->family = zpf_model_family(rs->fam);
		f->t->where = zpf_tree_where(rs->node);
		/* A rule that is laid flat twice has one row. */
		f->t->rules = zpf_arena_alloc(f->arena, rs->size *
					      sizeof(*f->t->rules));
		f->t->rows = zpf_arena_alloc(f->arena, rs->size *
					     sizeof(*f->t->rows));
		lay(f, rs);
	}
}

/* ---- zones, chains, options ---- */

static uint32_t table_of(const struct zpf_ruleset *rs)
{
	return rs ? rs->table : ZPF_NO_TABLE;
}

static void flat_zones(struct zpf_flat *f)
{
	struct zpf_policy *p = f->p;

	p->n_zones = f->m->n_zones;
	p->zones = zpf_arena_alloc(f->arena, p->n_zones * sizeof(*p->zones));
	for (size_t i = 0; i < p->n_zones; i++) {
		const struct zpf_zone *in = &f->m->zones[i];
		struct zpf_flat_zone *z = &p->zones[i];

		z->name = zpf_arena_strdup(f->arena, in->name);
		z->local = in->local.node;
		z->default_log = in->default_log.node;
		z->default_action = in->default_action.node ?
			(enum zpf_action)in->default_action.v : ZPF_ACTION_DROP;
		z->default_table4 = table_of(in->default_set[ZPF_FAM4]);
		z->default_table6 = table_of(in->default_set[ZPF_FAM6]);
		z->intra_action = in->intra_action.node ?
			(enum zpf_action)in->intra_action.v : ZPF_ACTION_ACCEPT;
		z->intra_table4 = table_of(in->intra_set[ZPF_FAM4]);
		z->intra_table6 = table_of(in->intra_set[ZPF_FAM6]);
		z->where = zpf_tree_where(in->node);
		z->n_members = in->n_members;
		z->members = zpf_arena_alloc(f->arena, z->n_members *
					     sizeof(*z->members));
		for (size_t j = 0; j < z->n_members; j++) {
			z->members[j].name = zpf_arena_strdup(f->arena,
						in->members[j].name);
			z->members[j].vrf = in->members[j].vrf;
			z->members[j].where = zpf_tree_where(in->members[j].node);
		}
	}
	/* in natural order of to, from, family */
	for (size_t to = 0; to < f->m->n_zones; to++) {
		const struct zpf_zone *z = &f->m->zones[to];

		for (size_t j = 0; j < z->n_from; j++)
			for (int fam = 0; fam < ZPF_FAMS; fam++) {
				const struct zpf_binding *b = &z->from[j].bind[fam];
				struct zpf_flat_pair pair = {
					.to = z->id,
					.family = zpf_model_family(fam),
				};

				if (!b->ruleset)
					continue;
				pair.from = z->from[j].zone->id;
				pair.table = b->ruleset->table;
				pair.where = zpf_tree_where(b->node);
				ZPF_PUSH(f->arena, p->pairs, p->n_pairs, pair);
			}
	}
}

/* Every pair of zones has counters of its own for the rows of its table. */
static void check_counters(struct zpf_flat *f)
{
	const struct zpf_policy *p = f->p;
	size_t n = p->n_zones;
	uint64_t rows = 0;
	uint32_t *table;

	table = zpf_arena_alloc(f->m->arena, (2 * n * n + 1) * sizeof(*table));
	for (size_t to = 0; to < n; to++)
		for (size_t from = 0; from < n; from++) {
			const struct zpf_flat_zone *z = &p->zones[to];
			uint32_t *cell = table + 2 * (from * n + to);

			cell[0] = from == to ? z->intra_table4 : z->default_table4;
			cell[1] = from == to ? z->intra_table6 : z->default_table6;
		}
	for (size_t i = 0; i < p->n_pairs; i++)
		table[2 * ((p->pairs[i].from - 1) * n + p->pairs[i].to - 1) +
		      (p->pairs[i].family == NFPROTO_IPV6)] = p->pairs[i].table;
	for (size_t i = 0; i < 2 * n * n; i++)
		rows += table[i] == ZPF_NO_TABLE ? 1 :
			p->tables[table[i]].n_rows;
	if (rows > ZPF_MAX_ROWS)
		zpf_error(f->m, f->m->firewall, "the pairs of zones need %llu counters; at most %d are allowed",
			  (unsigned long long)rows, ZPF_MAX_ROWS);
}

static void flat_chains(struct zpf_flat *f)
{
	struct zpf_policy *p = f->p;

	for (int fam = 0; fam < ZPF_FAMS; fam++)
		for (int c = 0; c < ZPF_CHAINS; c++) {
			const struct zpf_ruleset *rs = f->m->chains[fam][c];
			struct zpf_flat_chain chain = {
				.family = zpf_model_family(fam),
			};

			if (!rs)
				continue;
			chain.hook = rs->hook;
			chain.table = rs->table;
			chain.where = zpf_tree_where(rs->node);
			ZPF_PUSH(f->arena, p->chains, p->n_chains, chain);
		}
}

static void flat_state(const struct zpf_state_policy *in,
		       struct zpf_flat_state *out)
{
	out->log = no_log;
	if (!in->action.node)
		return;
	out->action = (enum zpf_action)in->action.v;
	out->where = zpf_tree_where(in->action.node);
	out->log.on = in->log.node;
	if (in->level.node)
		out->log.level = (int)in->level.v;
}

static void flat_options(struct zpf_flat *f)
{
	const struct zpf_options *o = &f->m->options;
	struct zpf_policy *p = f->p;

	flat_state(&o->established, &p->established);
	flat_state(&o->related, &p->related);
	flat_state(&o->invalid, &p->invalid);
	p->log_interval_ns = o->log_rate.interval_ns;
	p->log_burst = o->log_burst.v;
	if (o->log_off.node)
		p->option_flags |= ZPF_OPTION_LOG_UNLIMITED;
	if (o->unassigned_accept.node)
		p->option_flags |= ZPF_OPTION_UNASSIGNED_ACCEPT;
	if (o->filter_nd.node)
		p->option_flags |= ZPF_OPTION_FILTER_ND;
	if (o->filter_errors.node)
		p->option_flags |= ZPF_OPTION_FILTER_ERRORS;
}

/**
 * zpf_flatten() - lay a model flat
 * @m: a model the checks have passed
 *
 * Return: the policy without its source, zpf_policy_free(); NULL with errors in the model's diag
 */
struct zpf_policy *zpf_flatten(struct zpf_model *m)
{
	struct zpf_set_pool pool = { 0 };
	struct zpf_flat f = { .m = m, .sets = &pool };

	f.p = zpf_policy_new(&f.arena);
	zpf_set_pool_init(&pool, m->arena, f.arena, f.p);
	flat_tables(&f);
	flat_groups(&f);
	if (!m->diag->n_errors) {
		flat_zones(&f);
		check_counters(&f);
		flat_chains(&f);
		flat_options(&f);
		zpf_flat_sysctls(m, f.arena, f.p);
		zpf_set_pool_check(&pool, m);
	}
	f.p->n_rulesets = m->n_rulesets[ZPF_FAM4] + m->n_rulesets[ZPF_FAM6];
	f.p->n_groups = m->n_groups;
	zpf_for_each_ruleset(m, rs)
		for (size_t i = 0; i < rs->n_rules; i++)
			f.p->n_rules += zpf_rule_live(&rs->rules[i]);
	zpf_arena_free(&f.scratch);
	if (!m->diag->n_errors)
		return f.p;
	zpf_policy_free(f.p);
	return NULL;
}
