// SPDX-License-Identifier: GPL-2.0-only
/*
 * DOC: TupleMerge
 *
 * For many rules. A rule's tuple is how many leading bits of each field of a
 * key it fixes: the prefix lengths of both addresses, and whether it names one
 * protocol, port or ICMP type and code. A hash table masks a key by a tuple of
 * its own and holds rules whose tuples fix at least as much, so rules of many
 * tuples share a table:
 *
 *	table     10.0.0.0/16 > *, port
 *	holds     10.0.0.0/16 > *, port 80	10.0.7.0/24 > 10.1.0.1, port 80
 *	both in the slot of (10.0, 80), in order, one behind the other
 *
 * Which tuples the tables have is found greedily: of the tuples most rules
 * wait with, and of coarser ones made of them, the one takes that places most
 * rules without more than a few having the same key. Caps: the number of
 * tables, rules with the same key, slots looked at. Rules that are left, whose
 * ranges fix too little, go to the caller.
 *
 * Where many rules have the same key, a glance at each (index_glance.c) tells most
 * of them apart.
 *
 * A slot holds 17 bits of rule index, 14 of hash and one that is set; 0 is empty. Tables are
 * probed linearly, sixteen slots a cache line. They are at most half full, small
 * ones an eighth: most tables have nothing for a packet, and where slots are nearly
 * always empty the processor foretells it.
 *
 * Literature: Daly et al., TupleMerge: Fast Software Packet Processing for
 * Online Packet Classification, 2019.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "index_part.h"
#include "table_match.h"

#define ZPF_SLOT_IDX_BITS	17
#define ZPF_SLOT_IDX		((1U << ZPF_SLOT_IDX_BITS) - 1)
static_assert(ZPF_MAX_TABLE_RULES <= 1U << ZPF_SLOT_IDX_BITS);

#define ZPF_TM_MAX_RUN		32	/* slots looked at for one key */
#define ZPF_TM_REST		3	/* rules of many it is cheaper to compare than to probe for */
#define ZPF_TM_PLACED		16	/* worth of a place, in rules not behind another */
#define ZPF_TM_CHAIN		8	/* rules of one key in a list of a few thousand */
#define ZPF_TM_CHAIN_PER	4096	/* rules of a list that allow one more with one key */
#define ZPF_TM_SHORT		4	/* rules of one key that need no glance */
#define ZPF_TM_LONG_SET		8	/* elements of a set that is slow to compare */
#define ZPF_TM_SAMPLE		16384	/* rules a tuple is tried on */
#define ZPF_TM_TRY_BITS		16	/* counters it is tried with, log2 */

/* Fields of word 0, see zpf_tm_word(). */
#define ZPF_TM_PROTO		0xffULL
#define ZPF_TM_SPORT		(0x1ffffULL << 8)
#define ZPF_TM_SLOT		(0x3ffffULL << 25)

/* --- look-up --- */

static __always_inline u64 zpf_tm_word(u8 proto, u32 sport, u32 slot)
{
	return proto | (u64)sport << 8 | (u64)slot << 25;
}

/* A key as hash tables see it; IPv4 uses two words. */
static __always_inline void zpf_tm_pack(const struct zpf_key *key, u64 *w,
					bool v4)
{
	w[0] = zpf_tm_word(key->proto, zpf_key_sport(key), zpf_key_slot(key));
	if (v4) {
		w[1] = (u64)key->s4 << 32 | key->d4;
		return;
	}
	w[1] = key->s6.w[0];
	w[2] = key->s6.w[1];
	w[3] = key->d6.w[0];
	w[4] = key->d6.w[1];
}

/*
 * Keys are the attacker's, but rules, and so the length of runs, are not. Every
 * packet pays for this once a table: the last product spreads upwards, so only
 * the upper bits are good. What fits into an instruction is a factor without one
 * of its own.
 */
static __always_inline u64 zpf_tm_hash(const u64 *w, const u64 *mask, bool v4)
{
	u64 h = (w[0] & mask[0]) * 0x5bd1e995 ^ (w[1] & mask[1]);

	if (!v4)
		h = (h ^ (w[2] & mask[2]) * 0x165667b19e3779f9ULL) +
		    (w[3] & mask[3]) * 0x297a2d39 +
		    (w[4] & mask[4]) * 0xa0761d6478bd642fULL;
	return h * 0xe7037ed1a0b428dbULL;
}

/* Bits below those that choose the slot, where a slot has them; never 0. */
static __always_inline u32 zpf_tm_tag(u64 h)
{
	return ((u32)(h >> 11) & ~ZPF_SLOT_IDX) | 1U << 31;
}

static __always_inline u32 zpf_stage_len(const struct zpf_stage *stage)
{
	/* A run may end behind the last slot, and an empty one ends that. */
	return (1U << (64 - stage->shift)) + ZPF_TM_MAX_RUN + 1;
}

/* The glance of a slot of a stage that has some. */
static __always_inline struct zpf_glance *
zpf_stage_glance(const struct zpf_stage *stage, const u32 *slot)
{
	struct zpf_glance *glances = (void *)(stage->slots +
					      zpf_stage_len(stage));

	return &glances[slot - stage->slots];
}

/* First rule of a hash table that matches, from @from on and before @best. */
static __always_inline u32
zpf_tm_probe(const struct zpf_stage *stage, const struct zpf_table *table,
	     struct zpf_set *const *sets, const struct zpf_key *key,
	     const u64 *words, u32 from, u32 best, const bool v4)
{
	const u64 h = zpf_tm_hash(words, stage->mask, v4);
	const u32 *slot = stage->slots + (h >> stage->shift);
	u32 tag;

	if (!*slot)
		return best;
	tag = zpf_tm_tag(h);
	do {
		const u32 idx = *slot ^ tag;

		/* Of another tag it is beyond all rules. */
		if (idx >= best || idx < from)
			continue;
		if (stage->glances &&
		    zpf_glance_fails(zpf_stage_glance(stage, slot), key))
			continue;
		/* Rules of one key stand in order, so the first is the best. */
		if (zpf_rule_matches(table, &table->rules[idx], sets, key,
				     v4 ? ZPF_M_CALL : ZPF_M_CALL6))
			return idx;
	} while (*++slot);
	return best;
}

static __always_inline u32
zpf_tm_probe_all(const struct zpf_stage *stage, const struct zpf_table *table,
		 struct zpf_set *const *sets, const struct zpf_key *key,
		 u32 from, u32 best, const bool v4)
{
	u64 words[ZPF_TM_WORDS];

	zpf_tm_pack(key, words, v4);
	for (; stage->first < best; stage++)
		best = zpf_tm_probe(stage, table, sets, key, words, from, best,
				    v4);
	return best;
}

/**
 * zpf_tm_find() - first rule of some hash tables that matches
 * @stage: the first of them; an END is behind the last
 * @table: the table
 * @sets: the sets of the policy
 * @key: the packet
 * @from: no rule before this index
 * @best: only rules before this index
 *
 * Return: index of the rule, or @best
 */
u32 zpf_tm_find(const struct zpf_stage *stage, const struct zpf_table *table,
		struct zpf_set *const *sets, const struct zpf_key *key,
		u32 from, u32 best)
{
	if (table->family == 2)
		return zpf_tm_probe_all(stage, table, sets, key, from, best,
					true);
	return zpf_tm_probe_all(stage, table, sets, key, from, best, false);
}

/* --- tuples --- */

/**
 * struct zpf_spec - a rule on its way into a hash table
 * @w: its key, where it has one
 * @idx: the rule
 * @tuple: what its key fixes
 * @placed: it has a place in the table that is being filled
 * @slow: it compares with a long set
 */
struct zpf_spec {
	u64 w[ZPF_TM_WORDS];
	u32 idx;
	struct zpf_tuple tuple;
	bool placed;
	bool slow;
};

/* Leading bits two values share, of 128. */
static u8 zpf_spec_common(const struct zpf_range6 *span)
{
	u64 diff = span->lo[0] ^ span->hi[0];
	u8 n = 0;

	if (!diff) {
		diff = span->lo[1] ^ span->hi[1];
		n = 64;
		if (!diff)
			return 128;
	}
	while (!(diff >> 63)) {
		diff <<= 1;
		n++;
	}
	return n;
}

static void zpf_spec_addr(const struct zpf_pick *pick, struct zpf_spec *spec,
			  unsigned int side)
{
	const bool v4 = pick->table->family == 2;
	struct zpf_range6 span;
	struct zpf_want want;

	zpf_want_get(pick->table, pick->sets, &pick->table->rules[spec->idx],
		     side, &want);
	spec->slow |= want.set && want.set->n > ZPF_TM_LONG_SET;
	if (!zpf_want_span(&want, &span))
		return;
	spec->tuple.len[side] = zpf_spec_common(&span) - (v4 ? 96 : 0);
	if (v4) {
		spec->w[1] |= side ? span.lo[1] : span.lo[1] << 32;
	} else {
		spec->w[1 + 2 * side] = span.lo[0];
		spec->w[2 + 2 * side] = span.lo[1];
	}
}

/* The one value a rule has in a small dimension, or false. */
static bool zpf_spec_value(const struct zpf_pick *pick, struct zpf_spec *spec,
			   unsigned int dim, u8 fix, u32 *value)
{
	struct zpf_range6 span;
	struct zpf_want want;

	zpf_want_get(pick->table, pick->sets, &pick->table->rules[spec->idx],
		     dim, &want);
	if (!zpf_want_span(&want, &span) || span.lo[1] != span.hi[1])
		return false;
	spec->tuple.fix |= fix;
	*value = span.lo[1];
	return true;
}

static void zpf_spec_make(const struct zpf_pick *pick, struct zpf_spec *spec,
			  u32 idx)
{
	u32 proto = 0, sport = 0, slot = 0;

	spec->idx = idx;
	zpf_spec_addr(pick, spec, ZPF_DIM_SRC);
	zpf_spec_addr(pick, spec, ZPF_DIM_DST);
	zpf_spec_value(pick, spec, ZPF_DIM_PROTO, ZPF_FIX_PROTO, &proto);
	zpf_spec_value(pick, spec, ZPF_DIM_SPORT, ZPF_FIX_SPORT, &sport);
	zpf_spec_value(pick, spec, ZPF_DIM_SLOT, ZPF_FIX_SLOT, &slot);
	spec->w[0] = zpf_tm_word(proto, sport, slot);
}

/* The leading bits of 64, from bit @from of an address on. */
static u64 zpf_tuple_bits(u8 len, u8 from)
{
	if (len <= from)
		return 0;
	return len - from >= 64 ? ~0ULL : ~(~0ULL >> (len - from));
}

static void zpf_tuple_mask(const struct zpf_tuple *t, bool v4, u64 *mask)
{
	mask[0] = (t->fix & ZPF_FIX_PROTO ? ZPF_TM_PROTO : 0) |
		  (t->fix & ZPF_FIX_SPORT ? ZPF_TM_SPORT : 0) |
		  (t->fix & ZPF_FIX_SLOT ? ZPF_TM_SLOT : 0);
	if (v4) {
		mask[1] = zpf_tuple_bits(t->len[0], 0) |
			  zpf_tuple_bits(t->len[1], 0) >> 32;
		mask[2] = 0;
		mask[3] = 0;
		mask[4] = 0;
		return;
	}
	mask[1] = zpf_tuple_bits(t->len[0], 0);
	mask[2] = zpf_tuple_bits(t->len[0], 64);
	mask[3] = zpf_tuple_bits(t->len[1], 0);
	mask[4] = zpf_tuple_bits(t->len[1], 64);
}

static bool zpf_tuple_holds(const struct zpf_tuple *t,
			    const struct zpf_tuple *rule)
{
	return rule->len[0] >= t->len[0] && rule->len[1] >= t->len[1] &&
	       !(t->fix & ~rule->fix);
}

static bool zpf_tuple_same(const struct zpf_tuple *a, const struct zpf_tuple *b)
{
	return a->len[0] == b->len[0] && a->len[1] == b->len[1] &&
	       a->fix == b->fix;
}

/* --- building --- */

/* Tuples a round tries: coarser forms of the most common ones. */
#define ZPF_TM_COMMON	3
#define ZPF_TM_TRIES	(ZPF_TM_COMMON * 24)

/**
 * struct zpf_plan - hash tables in the making
 * @pick: the rules
 * @v4: family
 * @chain: rules of one key a table takes
 * @n: rules without a place
 * @specs: those
 * @histo: how many rules wait with each tuple
 * @counts: rules with the same key, by hash
 * @n_tries: tuples to try
 * @tries: those
 */
struct zpf_plan {
	const struct zpf_pick *pick;
	bool v4;
	u32 chain;
	u32 n;
	struct zpf_spec *specs;
	u32 *histo;
	u8 *counts;
	u32 n_tries;
	struct zpf_tuple tries[ZPF_TM_TRIES];
};

static u32 zpf_histo_len(bool v4)
{
	return (v4 ? 33 * 33 : 129 * 129) * (ZPF_FIX_ALL + 1);
}

static u32 zpf_histo_at(const struct zpf_plan *plan, const struct zpf_tuple *t)
{
	return (t->len[0] * (plan->v4 ? 33 : 129) + t->len[1]) *
	       (ZPF_FIX_ALL + 1) + t->fix;
}

static void zpf_plan_try(struct zpf_plan *plan, u8 src, u8 dst, u8 fix)
{
	const struct zpf_tuple t = { { src, dst }, fix };
	u32 i;

	if (!src && !dst && !fix)
		return;
	for (i = 0; i < plan->n_tries; i++)
		if (zpf_tuple_same(&plan->tries[i], &t))
			return;
	if (plan->n_tries < ZPF_TM_TRIES)
		plan->tries[plan->n_tries++] = t;
}

/* A tuple and coarser ones, the finest first. */
static void zpf_plan_coarsen(struct zpf_plan *plan, const struct zpf_tuple *t)
{
	const u8 step = 8;
	const u8 s = t->len[0], d = t->len[1];
	const u8 lens[][2] = {
		{ s, d }, { s - s % step, d - d % step }, { s, 0 }, { 0, d },
		{ s - s % step, 0 }, { 0, d - d % step },
	};
	const u8 fixes[] = {
		t->fix, t->fix & ~ZPF_FIX_SPORT, t->fix & ~ZPF_FIX_PROTO, 0
	};
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(lens); i++)
		for (j = 0; j < ARRAY_SIZE(fixes); j++)
			zpf_plan_try(plan, lens[i][0], lens[i][1], fixes[j]);
}

/* What is worth a try: the most common tuples and coarser ones. */
static void zpf_plan_tries(struct zpf_plan *plan)
{
	u32 i, round;

	memset(plan->histo, 0, zpf_histo_len(plan->v4) * sizeof(*plan->histo));
	for (i = 0; i < plan->n; i++)
		plan->histo[zpf_histo_at(plan, &plan->specs[i].tuple)]++;
	cond_resched();
	plan->n_tries = 0;
	for (round = 0; round < ZPF_TM_COMMON; round++) {
		const struct zpf_tuple *common = NULL;
		u32 most = 0;

		for (i = 0; i < plan->n; i++) {
			const struct zpf_tuple *t = &plan->specs[i].tuple;
			u32 n = plan->histo[zpf_histo_at(plan, t)];

			if (n > most) {
				most = n;
				common = t;
			}
		}
		if (!common)
			break;
		plan->histo[zpf_histo_at(plan, common)] = 0;
		zpf_plan_coarsen(plan, common);
		cond_resched();
	}
}

/**
 * zpf_plan_score() - what a tuple would be good for
 * @plan: the plan
 * @t: the tuple
 *
 * Tried on the rules whose hash falls into a part of the hash space, so that
 * those with the same key stay together.
 *
 * Return: rules it would place, less a part for those behind others
 */
static u32 zpf_plan_score(struct zpf_plan *plan, const struct zpf_tuple *t)
{
	u32 placed = 0, behind = 0, part = 0, i;
	u64 mask[ZPF_TM_WORDS];

	while (plan->n >> part > ZPF_TM_SAMPLE)
		part++;
	zpf_tuple_mask(t, plan->v4, mask);
	memset(plan->counts, 0, 1U << ZPF_TM_TRY_BITS);
	for (i = 0; i < plan->n; i++) {
		const struct zpf_spec *spec = &plan->specs[i];
		u8 *count;
		u64 h;

		if (!zpf_tuple_holds(t, &spec->tuple))
			continue;
		h = zpf_tm_hash(spec->w, mask, plan->v4);
		if (part && h >> (64 - part))
			continue;
		count = &plan->counts[h << part >> (64 - ZPF_TM_TRY_BITS)];
		if (*count < plan->chain) {
			placed++;
			behind += *count;
			++*count;
		}
	}
	cond_resched();
	/* A rule behind others costs a compare, a table more costs a probe. */
	return (placed * ZPF_TM_PLACED - behind) << part;
}

static const struct zpf_tuple *zpf_plan_best(struct zpf_plan *plan)
{
	const struct zpf_tuple *best = NULL;
	u32 top = 0, i;

	for (i = 0; i < plan->n_tries; i++) {
		u32 score = zpf_plan_score(plan, &plan->tries[i]);

		if (score > top) {
			top = score;
			best = &plan->tries[i];
		}
	}
	return best;
}

/* Into its slot, behind those with the same key; false: a cap is reached. */
static bool zpf_stage_put(struct zpf_stage *stage, const struct zpf_spec *spec,
			  bool v4, u32 cap)
{
	const u64 h = zpf_tm_hash(spec->w, stage->mask, v4);
	const u32 tag = zpf_tm_tag(h);
	u32 *slot = stage->slots + (h >> stage->shift);
	u32 run = 1, chain = 1;

	for (; *slot; slot++, run++)
		chain += (*slot ^ tag) <= ZPF_SLOT_IDX;
	if (chain > cap || run > ZPF_TM_MAX_RUN)
		return false;
	*slot = tag | spec->idx;
	if (!stage->n++)
		stage->first = spec->idx;
	if (chain > stage->chain)
		stage->chain = chain;
	if (chain == 1 && stage->keys < 255)
		stage->keys++;
	if (spec->slow && chain > stage->slow)
		stage->slow = chain;
	return true;
}

/* The longest run, which a packet may have to look at to its end. */
static void zpf_stage_measure(struct zpf_stage *stage)
{
	u32 len = zpf_stage_len(stage), run = 0, i;

	for (i = 0; i < len; i++) {
		run = stage->slots[i] ? run + 1 : 0;
		if (run > stage->run)
			stage->run = run > 255 ? 255 : run;
		if (i % 65536 == 65535)
			cond_resched();
	}
}

/*
 * Where some have to be compared for one packet, a glance at each comes first.
 * Most tables have no such rules, or they are few.
 */
static int zpf_stage_look(struct zpf_stage *stage, const struct zpf_pick *pick,
			  const struct zpf_tuple *t)
{
	const u32 len = zpf_stage_len(stage);
	u32 *slots, i;

	if (stage->chain <= ZPF_TM_SHORT)
		return 0;
	slots = zpf_room(len, sizeof(*slots) + sizeof(struct zpf_glance));
	if (!slots)
		return -ENOMEM;
	memcpy(slots, stage->slots, len * sizeof(*slots));
	kvfree(stage->slots);
	stage->slots = slots;
	stage->glances = true;
	for (i = 0; i < len; i++) {
		if (slots[i])
			*zpf_stage_glance(stage, &slots[i]) =
				zpf_glance_make(pick, slots[i] & ZPF_SLOT_IDX,
						t);
		if (i % 8192 == 8191)
			cond_resched();
	}
	return 0;
}

/* Slots a rule: what is a luxury for many rules costs nothing for a few. */
static u32 zpf_stage_room(u32 rules)
{
	return rules < 512 ? 8 : rules < 4096 ? 4 : 2;
}

/* A hash table with so many slots, of the rules that fit. */
static int zpf_plan_fill(struct zpf_plan *plan, const struct zpf_tuple *t,
			 u32 rules, struct zpf_stage *stage)
{
	u32 bits = 2, i;

	while (1U << bits < rules * zpf_stage_room(rules))
		bits++;
	stage->kind = ZPF_STAGE_HASH;
	stage->shift = 64 - bits;
	zpf_tuple_mask(t, plan->v4, stage->mask);
	stage->slots = zpf_room(zpf_stage_len(stage), sizeof(*stage->slots));
	if (!stage->slots)
		return -ENOMEM;
	for (i = 0; i < plan->n; i++) {
		struct zpf_spec *spec = &plan->specs[i];

		spec->placed = zpf_tuple_holds(t, &spec->tuple) &&
			       zpf_stage_put(stage, spec, plan->v4,
					     plan->chain);
		if (i % 8192 == 8191)
			cond_resched();
	}
	return 0;
}

/* A hash table for a tuple; rules it does not take wait on. */
static int zpf_plan_place(struct zpf_plan *plan, const struct zpf_tuple *t,
			  struct zpf_stage *stage)
{
	u32 fit = 0, left = 0, i;
	int err;

	for (i = 0; i < plan->n; i++)
		fit += zpf_tuple_holds(t, &plan->specs[i].tuple);
	err = zpf_plan_fill(plan, t, fit, stage);
	if (err)
		return err;
	/* Many with the same key: most of the room is not needed. */
	if (stage->n < fit / 2) {
		fit = stage->n;
		kvfree(stage->slots);
		*stage = (struct zpf_stage){};
		err = zpf_plan_fill(plan, t, fit, stage);
		if (err)
			return err;
	}
	for (i = 0; i < plan->n; i++)
		if (!plan->specs[i].placed)
			plan->specs[left++] = plan->specs[i];
	plan->n = left;
	zpf_stage_measure(stage);
	return zpf_stage_look(stage, plan->pick, t);
}

static void zpf_plan_free(struct zpf_plan *plan)
{
	kvfree(plan->specs);
	kvfree(plan->histo);
	kvfree(plan->counts);
	kvfree(plan);
}

/*
 * The more rules, the more have a key in common. One more behind the others costs
 * who has the key a compare, a table more costs everyone a probe.
 */
static u32 zpf_plan_chain(const struct zpf_pick *pick)
{
	u32 chain = pick->n / ZPF_TM_CHAIN_PER;

	if (chain < ZPF_TM_CHAIN)
		chain = ZPF_TM_CHAIN;
	return chain < pick->caps->tm_chain ? chain : pick->caps->tm_chain;
}

static struct zpf_plan *zpf_plan_alloc(const struct zpf_pick *pick)
{
	struct zpf_plan *plan;
	u32 i;

	plan = kvzalloc(sizeof(*plan), GFP_KERNEL_ACCOUNT);
	if (!plan)
		return NULL;
	plan->pick = pick;
	plan->v4 = pick->table->family == 2;
	plan->chain = zpf_plan_chain(pick);
	plan->n = pick->n;
	plan->specs = kvcalloc(plan->n, sizeof(*plan->specs),
			       GFP_KERNEL_ACCOUNT);
	plan->histo = kvcalloc(zpf_histo_len(plan->v4), sizeof(*plan->histo),
			       GFP_KERNEL_ACCOUNT);
	plan->counts = kvcalloc(1U << ZPF_TM_TRY_BITS, 1, GFP_KERNEL_ACCOUNT);
	if (!plan->specs || !plan->histo || !plan->counts) {
		zpf_plan_free(plan);
		return NULL;
	}
	for (i = 0; i < plan->n; i++) {
		zpf_spec_make(pick, &plan->specs[i], pick->idx[i]);
		if (i % 4096 == 4095)
			cond_resched();
	}
	return plan;
}

/*
 * Rules a table must take so that it is worth a probe for every packet: of many
 * a part, of the last few all, as none is left then to be compared by each.
 */
static u32 zpf_plan_worth(const struct zpf_plan *plan)
{
	if (plan->n <= ZPF_TM_REST)
		return plan->n;
	return plan->n / 64 > ZPF_TM_REST ? plan->n / 64 : ZPF_TM_REST;
}

/*
 * Are there rules that wait? The last few stay, where one compares with a long
 * set: it would do so for whoever has its key, and a table promises more.
 */
static bool zpf_plan_waits(const struct zpf_plan *plan)
{
	u32 i;

	for (i = 0; i < plan->n && plan->n <= ZPF_TM_REST; i++)
		if (plan->specs[i].slow)
			return false;
	return plan->n;
}

/* Is a table for a tuple worth it? Rules behind others count a little less. */
static bool zpf_plan_pays(struct zpf_plan *plan, const struct zpf_tuple *t)
{
	return t && zpf_plan_score(plan, t) >
		    (zpf_plan_worth(plan) - 1) * ZPF_TM_PLACED;
}

/**
 * zpf_tm_build() - hash tables for some rules
 * @pick: the rules; those without a place are left in it
 * @stages: room for caps->tm_tables; the caller frees them, also on error
 *
 * Context: process, may sleep. Return: number of tables, or -ENOMEM
 */
int zpf_tm_build(struct zpf_pick *pick, struct zpf_stage *stages)
{
	struct zpf_plan *plan = zpf_plan_alloc(pick);
	u32 n = 0, i;
	int err = 0;

	if (!plan)
		return -ENOMEM;
	while (!err && n < pick->caps->tm_tables && zpf_plan_waits(plan)) {
		const struct zpf_tuple *best;

		zpf_plan_tries(plan);
		best = zpf_plan_best(plan);
		if (!zpf_plan_pays(plan, best))
			break;
		err = zpf_plan_place(plan, best, &stages[n++]);
	}
	pick->n = plan->n;
	for (i = 0; i < plan->n; i++)
		pick->idx[i] = plan->specs[i].idx;
	zpf_plan_free(plan);
	return err ?: (int)n;
}

/**
 * zpf_tm_bytes() - memory of a hash table
 * @stage: the table
 */
size_t zpf_tm_bytes(const struct zpf_stage *stage)
{
	size_t slot = sizeof(*stage->slots);

	if (stage->glances)
		slot += sizeof(struct zpf_glance);
	return zpf_stage_len(stage) * slot;
}
