// SPDX-License-Identifier: GPL-2.0-only
/*
 * DOC: the index of a large table
 *
 * A walk goes from a rule that does not match to the rule's MISS, whatever the
 * packet: the rules it asks from a given index on are always the same. They
 * are a *list*: a ruleset as it is written, or one laid flat behind a jump,
 * without the blocks of its own jumps. Every rule is in one list:
 *
 *	index   0    1    2    3    4    5    6    7
 *	rule    a    jump  [ x    y    * ]   b    c    *	*: no match, holds always
 *	MISS    1    5     3    4         6    7
 *	lists   a -> jump -------------> b -> c -> *   and   x -> y -> *
 *
 * The answer is the first rule of the list that matches, at or behind the
 * index the walk is at; one without a match ends a list. What a rule that
 * matches and does not decide leads to is the caller's next question.
 *
 * A table that is short is walked, with a sieve (index_sieve.c); a short list
 * without. A longer one is split into *stages* by what the
 * rules look like: hash tables (index_tm.c), bit-vector chunks (index_bv.c),
 * and a few rules that are compared one by one. They are searched in this order,
 * those of a kind in the order of their first rule, but none that cannot have a
 * better one.
 *
 * Behind index 0 a question follows a match, and rules that only count often
 * come in rows: a few rules are asked by hand first, so that many matches in
 * a row cost a compare each, not a search.
 *
 * Limits: caps->tm_tables hash tables a list, caps->tm_chain rules of the same
 * key; what does not fit goes to bit vectors of caps->bv_rules and bv_bytes,
 * in as many chunks as all bytes together allow; what is left is walked. So a
 * set of rules made to break an engine is slow, not large and not wrong.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "index_part.h"

const struct zpf_index_caps zpf_index_caps = {
	.engines = ~0U,
	.linear = 16,
	.bv_rules = 2048,
	.bv_bytes = 1 << 20,
	.bv_rule_bytes = 512,
	.tm_tables = 24,
	.tm_chain = 24,
};

/* Rules asked by hand behind index 0. */
#define ZPF_INDEX_AHEAD	8

/* Elements of sets a build looks at one by one. */
#define ZPF_INDEX_WORK	(1 << 22)

/* All chunks of a list: what is allowed beyond this is halved. */
#define ZPF_BV_MAX_BYTES (8 << 20)

/* Fewer rules are not worth a chunk. */
#define ZPF_BV_MIN_RULES 32
#define ZPF_BV_FEW_RULES 256

/**
 * struct zpf_list - rules a walk asks one after the other
 * @end: where it ends: a rule that holds always, a rule of another list, or
 *	the end of the table
 * @n_stages: length of @stages; 0: it is walked
 * @n_rest: those that are no hash tables, the last ones
 * @stages: the stages
 */
struct zpf_list {
	u32 end;
	u32 n_stages;
	u32 n_rest;
	struct zpf_stage *stages;
};

/**
 * struct zpf_index - the index of a table
 * @stat: what was chosen
 * @list_of: list of each rule; NULL: there is one list
 * @n_lists: length of @lists
 * @lists: the lists; rule 0 is in the first
 */
struct zpf_index {
	struct zpf_index_stat stat;
	u32 *list_of;
	u32 n_lists;
	struct zpf_list lists[];
};

/* --- look-up --- */

/* The stages behind the hash tables. Of its own, as most lists have none. */
static noinline u32 zpf_list_rest(const struct zpf_list *list,
				  const struct zpf_table *table,
				  struct zpf_set *const *sets,
				  const struct zpf_key *key, u32 from, u32 best)
{
	const struct zpf_stage *stage = list->stages + list->n_stages -
					list->n_rest;
	const struct zpf_stage *const end = list->stages + list->n_stages;
	u32 i;

	for (; stage < end; stage++) {
		if (stage->first >= best)
			continue;
		if (stage->kind == ZPF_STAGE_BV) {
			best = zpf_bv_find(stage->bv, table, sets, key, from,
					   best);
			continue;
		}
		for (i = 0; i < stage->n && stage->idx[i] < best; i++)
			if (stage->idx[i] >= from &&
			    zpf_table_holds(table, sets, key, stage->idx[i]))
				best = stage->idx[i];
	}
	return best;
}

static __always_inline u32 zpf_list_find(const struct zpf_list *list,
					 const struct zpf_table *table,
					 struct zpf_set *const *sets,
					 const struct zpf_key *key, u32 from)
{
	u32 best;

	best = zpf_tm_find(list->stages, table, sets, key, from, list->end);
	if (list->n_rest)
		best = zpf_list_rest(list, table, sets, key, from, best);
	return best;
}

/**
 * zpf_index_next() - zpf_table_next() for a table with an index
 * @table: the table
 * @sets: the sets of the policy
 * @key: the packet
 * @idx: where to begin
 *
 * Context: any; the caller keeps the policy alive (RCU in the kernel).
 * Return: as zpf_table_next()
 */
u32 zpf_index_next(const struct zpf_table *table, struct zpf_set *const *sets,
		   const struct zpf_key *key, u32 idx)
{
	const struct zpf_index *index = table->index;
	const struct zpf_list *list;
	u32 ahead;

	for (ahead = idx ? ZPF_INDEX_AHEAD : 0; ahead && idx < table->n_rules;
	     ahead--) {
		if (zpf_table_holds(table, sets, key, idx))
			return idx;
		idx = table->rules[idx].miss;
	}
	while (idx < table->n_rules) {
		list = index->lists;
		if (index->list_of)
			list += index->list_of[idx];
		if (list->n_stages)
			idx = zpf_list_find(list, table, sets, key, idx);
		else
			idx = zpf_table_walk(table, sets, key, idx, list->end);
		if (idx != list->end)
			break;
		if (idx < table->n_rules && !table->rules[idx].match)
			break;
	}
	return idx;
}

/* --- building --- */

/**
 * struct zpf_build - an index in the making
 * @pick: the rules of the list that is being built
 * @index: the index
 * @list_of: list of each rule
 * @longest: length of the longest list so far
 * @work: elements of sets that may still be looked at
 */
struct zpf_build {
	struct zpf_pick pick;
	struct zpf_index *index;
	u32 *list_of;
	u32 longest;
	u32 work;
};

#define ZPF_NO_LIST (~0U)

static void zpf_stages_free(struct zpf_stage *stages, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		if (stages[i].kind == ZPF_STAGE_BV)
			zpf_bv_free(stages[i].bv);
		else
			kvfree(stages[i].data);
	}
	kvfree(stages);
}

static void zpf_index_destroy(struct zpf_index *index)
{
	u32 i;

	if (!index)
		return;
	for (i = 0; i < index->n_lists; i++)
		zpf_stages_free(index->lists[i].stages,
				index->lists[i].n_stages);
	kvfree(index->list_of);
	kvfree(index);
}

/**
 * zpf_index_free() - take back what zpf_index_build() gave
 * @table: the table; is walked from now on
 */
void zpf_index_free(struct zpf_table *table)
{
	zpf_index_destroy(table->index);
	kvfree(table->sieve);
	table->index = NULL;
	table->sieve = NULL;
}

/* A rule that holds always ends the list before it. */
static bool zpf_ends_list(const struct zpf_table *table, u32 idx)
{
	return idx >= table->n_rules || !table->rules[idx].match;
}

/* Which list every rule is in. Return: number of lists */
static u32 zpf_lists_mark(const struct zpf_table *table, u32 *list_of)
{
	u32 n = 0, i, at;

	for (i = 0; i < table->n_rules; i++)
		list_of[i] = ZPF_NO_LIST;
	for (i = 0; i < table->n_rules; i++) {
		if (list_of[i] != ZPF_NO_LIST)
			continue;
		list_of[i] = n;
		for (at = i; !zpf_ends_list(table, at);) {
			at = table->rules[at].miss;
			if (zpf_ends_list(table, at) ||
			    list_of[at] != ZPF_NO_LIST)
				break;
			list_of[at] = n;
		}
		n++;
		if (i % 8192 == 8191)
			cond_resched();
	}
	return n;
}

/* The rules of a list that can match at all; @end: where it ends. */
static void zpf_pick_list(struct zpf_pick *pick, const u32 *list_of, u32 first,
			  u32 *end)
{
	const struct zpf_table *table = pick->table;
	u32 at = first;

	pick->n = 0;
	while (!zpf_ends_list(table, at) && list_of[at] == list_of[first]) {
		pick->idx[pick->n++] = at;
		at = table->rules[at].miss;
	}
	*end = at;
}

/* Sets of rules are numbered up to here. */
static u32 zpf_sets_used(const struct zpf_table *table)
{
	u32 n = 0, i, j;

	for (i = 0; i < table->n_rules; i++) {
		const struct zpf_rule *r = &table->rules[i];
		const u32 ids[] = {
			r->match & ZPF_M_SSET ? r->saddr.lo : 0,
			r->match & ZPF_M_DSET ? r->daddr.lo : 0,
			r->match & ZPF_M_SPORTSET ? r->sport.lo : 0,
			r->match & ZPF_M_DPORTSET ? r->dport.lo : 0,
		};

		for (j = 0; j < ARRAY_SIZE(ids); j++)
			if (ids[j] >= n)
				n = ids[j] + 1;
	}
	return n;
}

/* What is left is compared one by one. */
static int zpf_rest_build(struct zpf_build *b, struct zpf_stage *stage)
{
	const struct zpf_pick *pick = &b->pick;

	stage->kind = ZPF_STAGE_LIST;
	stage->n = pick->n;
	stage->first = pick->idx[0];
	stage->idx = zpf_room(pick->n, sizeof(*stage->idx));
	if (!stage->idx)
		return -ENOMEM;
	memcpy(stage->idx, pick->idx, pick->n * sizeof(*stage->idx));
	return 0;
}

/**
 * zpf_chunks_build() - bit-vector chunks for what waits
 * @b: the build; rules without a place are left in its pick
 * @stages: room for the chunks
 * @room: how many
 *
 * Chunks have as many rules as keep one below its cap. Where they would be
 * few, long sets are what takes the memory, and are left to the final compare.
 *
 * Return: number of chunks, or -ENOMEM
 */
static int zpf_chunks_build(struct zpf_build *b, struct zpf_stage *stages,
			    u32 room)
{
	const struct zpf_index_caps *caps = b->pick.caps;
	struct zpf_pick *pick = &b->pick;
	u64 left = (u64)pick->n * caps->bv_rule_bytes;
	u32 size = caps->bv_rules, done = 0, n = 0;
	bool all_sets = true;

	if (left < caps->bv_bytes)
		left = caps->bv_bytes;
	if (left > ZPF_BV_MAX_BYTES)
		left = max_t(u64, left / 2, ZPF_BV_MAX_BYTES);
	while (done < pick->n && n < room && size >= ZPF_BV_MIN_RULES) {
		u32 take = pick->n - done < size ? pick->n - done : size;
		struct zpf_bv *bv = zpf_bv_build(pick, done, take, all_sets,
						 &b->work);
		u32 bytes;

		if (!bv)
			return -ENOMEM;
		bytes = zpf_bv_bytes(bv);
		/* As the share of its rules in all allows. */
		if (bytes > caps->bv_bytes ||
		    (u64)bytes * (pick->n - done) > left * take) {
			zpf_bv_free(bv);
			size = take / 2;
			if (size < ZPF_BV_FEW_RULES && all_sets) {
				size = caps->bv_rules;
				all_sets = false;
			}
			continue;
		}
		stages[n].kind = ZPF_STAGE_BV;
		stages[n].n = take;
		stages[n].first = pick->idx[done];
		stages[n++].bv = bv;
		left -= bytes;
		done += take;
	}
	pick->n -= done;
	memmove(pick->idx, pick->idx + done, pick->n * sizeof(*pick->idx));
	return n;
}

static bool zpf_stage_before(const struct zpf_stage *a,
			     const struct zpf_stage *b)
{
	return a->kind == b->kind ? a->first < b->first : a->kind < b->kind;
}

static void zpf_stages_sort(struct zpf_stage *stages, u32 n)
{
	u32 i, j;

	for (i = 1; i < n; i++) {
		const struct zpf_stage stage = stages[i];

		for (j = i; j && zpf_stage_before(&stage, &stages[j - 1]); j--)
			stages[j] = stages[j - 1];
		stages[j] = stage;
	}
}

/* Chunks of one list at most. */
#define ZPF_BV_MAX_CHUNKS 512

/* Every stage of the rules that are picked. Return: how many, or -ENOMEM */
static int zpf_stages_build(struct zpf_build *b, u32 engines,
			    struct zpf_stage *stages)
{
	int n = 0, more;

	if (engines & 1 << ZPF_ENGINE_TUPLE) {
		n = zpf_tm_build(&b->pick, stages);
		if (n < 0)
			return n;
	}
	if (b->pick.n > ZPF_BV_MIN_RULES / 2 &&
	    engines & 1 << ZPF_ENGINE_BITVECTOR) {
		more = zpf_chunks_build(b, stages + n, ZPF_BV_MAX_CHUNKS);
		if (more < 0)
			return more;
		n += more;
	}
	if (b->pick.n) {
		more = zpf_rest_build(b, &stages[n]);
		if (more < 0)
			return more;
		n++;
	}
	stages[n].kind = ZPF_STAGE_END;
	stages[n].first = ~0U;
	n++;
	zpf_stages_sort(stages, n);
	return n;
}

/* Rules are walked at this cost each; below the other, no better is looked for. */
#define ZPF_WALK_COST	4
#define ZPF_CHEAP_COST	80

/* Keys of a hash table that many packets have. */
#define ZPF_FEW_KEYS	4

/**
 * zpf_stages_cost() - what a packet costs that matches no rule
 * @stages: the stages
 * @n: how many
 *
 * Return: about a quarter of a nanosecond each, to compare with others
 */
static u32 zpf_stages_cost(const struct zpf_stage *stages, u32 n)
{
	u32 cost = 0, i;

	for (i = 0; i < n; i++) {
		/* With few keys, many packets have one of them. */
		if (stages[i].kind == ZPF_STAGE_HASH)
			cost += 16 + 40 * stages[i].slow + stages[i].chain *
				(stages[i].keys < ZPF_FEW_KEYS ? 10 : 1);
		else if (stages[i].kind == ZPF_STAGE_BV)
			cost += zpf_bv_cost(stages[i].bv);
		else
			cost += 10 * stages[i].n;
	}
	return cost;
}

/* Engines a list is tried with, the cheapest wins. */
static const u32 zpf_ways[] = {
	1 << ZPF_ENGINE_TUPLE | 1 << ZPF_ENGINE_BITVECTOR,
	1 << ZPF_ENGINE_BITVECTOR,
};

/* The stages of a list, if they are worth it. */
static int zpf_list_build(struct zpf_build *b, struct zpf_list *list, u32 first)
{
	const struct zpf_index_caps *caps = b->pick.caps;
	const u32 room = caps->tm_tables + ZPF_BV_MAX_CHUNKS + 2;
	u32 least, i;

	zpf_pick_list(&b->pick, b->list_of, first, &list->end);
	if (b->pick.n <= caps->linear)
		return 0;
	least = b->pick.n * ZPF_WALK_COST;
	for (i = 0; i < ARRAY_SIZE(zpf_ways); i++) {
		const u32 engines = zpf_ways[i] & caps->engines;
		struct zpf_stage *stages;
		u32 cost;
		int n;

		if (!engines || (i && engines == (zpf_ways[0] & caps->engines)))
			continue;
		zpf_pick_list(&b->pick, b->list_of, first, &list->end);
		/* Cheap as it is, or too many rules for one chunk. */
		if (i && list->n_stages &&
		    (least < ZPF_CHEAP_COST || b->pick.n > caps->bv_rules))
			break;
		stages = kvcalloc(room, sizeof(*stages), GFP_KERNEL_ACCOUNT);
		if (!stages)
			return -ENOMEM;
		n = zpf_stages_build(b, engines, stages);
		if (n < 0) {
			zpf_stages_free(stages, room);
			return n;
		}
		cost = zpf_stages_cost(stages, n);
		if (cost < least || caps->force) {
			zpf_stages_free(list->stages, list->n_stages);
			list->stages = stages;
			list->n_stages = n;
			least = cost;
		} else {
			zpf_stages_free(stages, n);
		}
		cond_resched();
	}
	return 0;
}

/* Stages are made in an array for the most there can be, hash tables first. */
static int zpf_list_trim(struct zpf_list *list)
{
	struct zpf_stage *stages;

	if (!list->n_stages)
		return 0;
	stages = kvcalloc(list->n_stages, sizeof(*stages), GFP_KERNEL_ACCOUNT);
	if (!stages)
		return -ENOMEM;
	memcpy(stages, list->stages, list->n_stages * sizeof(*stages));
	kvfree(list->stages);
	list->stages = stages;
	while (stages[list->n_stages - list->n_rest - 1].kind != ZPF_STAGE_END)
		list->n_rest++;
	return 0;
}

/* Add up what was chosen. */
static void zpf_list_stat(struct zpf_build *b, const struct zpf_list *list,
			  u32 rules)
{
	struct zpf_index_stat *stat = &b->index->stat;
	u32 probes = list->n_stages ? 0 : rules, i;
	u8 engine = ZPF_ENGINE_LINEAR;

	for (i = 0; i < list->n_stages; i++) {
		const struct zpf_stage *stage = &list->stages[i];

		stat->bytes += sizeof(*stage);
		if (stage->kind == ZPF_STAGE_HASH) {
			engine = ZPF_ENGINE_TUPLE;
			stat->tables++;
			stat->bytes += zpf_tm_bytes(stage);
			/* Cache lines of slots, and rules. */
			probes += 1 + stage->run / 16 + stage->chain;
			if (stage->chain > stat->chain)
				stat->chain = stage->chain;
		} else if (stage->kind == ZPF_STAGE_BV) {
			if (engine == ZPF_ENGINE_LINEAR)
				engine = ZPF_ENGINE_BITVECTOR;
			stat->chunks++;
			stat->bytes += zpf_bv_bytes(stage->bv);
			probes += zpf_bv_probes(stage->bv);
		} else {
			stat->rest += stage->n;
			stat->bytes += stage->n * sizeof(*stage->idx);
			probes += stage->n;
		}
	}
	if (probes > stat->probes)
		stat->probes = probes;
	if (rules >= b->longest) {
		b->longest = rules;
		stat->engine = engine;
	}
}

static int zpf_lists_build(struct zpf_build *b)
{
	const struct zpf_table *table = b->pick.table;
	u32 next = 0, i, j;
	int err;

	for (i = 0; i < table->n_rules; i++) {
		struct zpf_list *list = &b->index->lists[next];

		/* Lists are numbered in the order of their first rules. */
		if (next == b->index->n_lists || b->list_of[i] != next)
			continue;
		next++;
		err = zpf_list_build(b, list, i) ?: zpf_list_trim(list);
		if (err)
			return err;
		zpf_pick_list(&b->pick, b->list_of, i, &j);
		zpf_list_stat(b, list, b->pick.n);
		if (i % 256 == 255)
			cond_resched();
	}
	return 0;
}

/* Does any list have an engine? */
static bool zpf_index_useful(const struct zpf_index *index)
{
	return index->stat.tables || index->stat.chunks;
}

static int zpf_index_make(struct zpf_build *b)
{
	const struct zpf_table *table = b->pick.table;
	u32 n_lists;
	int err;

	b->list_of = zpf_room(table->n_rules, sizeof(*b->list_of));
	b->pick.idx = kvcalloc(table->n_rules, sizeof(*b->pick.idx),
			       GFP_KERNEL_ACCOUNT);
	if (!b->list_of || !b->pick.idx)
		return -ENOMEM;
	n_lists = zpf_lists_mark(table, b->list_of);
	b->index = kvzalloc(struct_size(b->index, lists, n_lists),
			    GFP_KERNEL_ACCOUNT);
	if (!b->index)
		return -ENOMEM;
	b->index->n_lists = n_lists;
	b->index->stat.bytes = struct_size(b->index, lists, n_lists);
	b->pick.n_sets = zpf_sets_used(table);
	err = zpf_lists_build(b);
	if (err)
		return err;
	if (n_lists > 1) {
		b->index->list_of = b->list_of;
		b->list_of = NULL;
		b->index->stat.bytes += table->n_rules * sizeof(*b->list_of);
	}
	return 0;
}

/**
 * zpf_index_build() - give a table its index
 * @table: a whole table; gets a sieve instead if it is walked
 * @sets: the sets of the policy, whole
 * @caps: what may be used; &zpf_index_caps outside of tests
 *
 * Context: process; may sleep, gives the CPU away now and then.
 * Return: 0 or -ENOMEM
 */
int zpf_index_build(struct zpf_table *table, struct zpf_set *const *sets,
		    const struct zpf_index_caps *caps)
{
	struct zpf_build b = {
		.pick = { .table = table, .sets = sets, .caps = caps },
		.work = ZPF_INDEX_WORK,
	};
	int err;

	table->index = NULL;
	table->sieve = NULL;
	if (table->n_rules <= caps->linear)
		return zpf_sieve_build(table, sets);
	err = zpf_index_make(&b);
	if (!err && zpf_index_useful(b.index)) {
		table->index = b.index;
		b.index = NULL;
	} else if (!err) {
		err = zpf_sieve_build(table, sets);
	}
	zpf_index_destroy(b.index);
	kvfree(b.pick.idx);
	kvfree(b.list_of);
	return err;
}

/**
 * zpf_index_stat() - what was chosen for a table
 * @table: the table
 * @stat: filled in
 */
void zpf_index_stat(const struct zpf_table *table, struct zpf_index_stat *stat)
{
	if (table->index) {
		*stat = table->index->stat;
		return;
	}
	*stat = (struct zpf_index_stat){
		.engine = ZPF_ENGINE_LINEAR,
		.probes = table->n_rules,
		.bytes = table->sieve ? table->n_rules * sizeof(*table->sieve) : 0,
	};
}
