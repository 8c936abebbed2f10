/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engines of the index share: rules as wishes for the dimensions of
 * a key, and the stages a list is searched in. For index*.c alone.
 */
#ifndef ZPF_INDEX_PART_H
#define ZPF_INDEX_PART_H

#include <linux/sched.h>
#include <linux/slab.h>
#include "index.h"
#include "room.h"

/* --- dimensions --- */

/**
 * enum zpf_dim - what a key is indexed by
 * @ZPF_DIM_SRC: source address
 * @ZPF_DIM_DST: destination address
 * @ZPF_DIM_SPORT: source port, or ZPF_SPORT_NONE
 * @ZPF_DIM_SLOT: destination port, ZPF_SLOT_ICMP plus type and code, or
 *	ZPF_SLOT_NONE
 * @ZPF_DIM_PROTO: protocol
 * @ZPF_DIM_STATE: connection state
 */
enum zpf_dim {
	ZPF_DIM_SRC,
	ZPF_DIM_DST,
	ZPF_DIM_SPORT,
	ZPF_DIM_SLOT,
	ZPF_DIM_PROTO,
	ZPF_DIM_STATE,

	ZPF_N_DIMS
};

#define ZPF_SPORT_NONE	0x10000
#define ZPF_SLOT_ICMP	0x10000
#define ZPF_SLOT_NONE	0x20000

static inline u32 zpf_key_sport(const struct zpf_key *key)
{
	return key->l4 & ZPF_L4_SPORT ? key->sport : ZPF_SPORT_NONE;
}

/* No packet has both ports and an ICMP type. */
static inline u32 zpf_key_slot(const struct zpf_key *key)
{
	if (key->l4 & ZPF_L4_DPORT)
		return key->dport;
	return key->l4 & ZPF_L4_ICMP ? ZPF_SLOT_ICMP | key->icmp :
				       ZPF_SLOT_NONE;
}

/* States have 4 bits, so 8 runs of values at most that share one with a rule. */
#define ZPF_WANT_RANGES 8

/**
 * struct zpf_want - the values of a dimension a rule can match
 * @all: every value; nothing else counts
 * @not: every value from @top[0] to @top[1] but the ranges
 * @n: ranges; 0: no value
 * @set: they are those of a set; NULL: they are @range
 * @set_id: its id
 * @top: bounds of @not
 * @range: ascending, disjoint
 *
 * Values are pairs of 64 bits, like &struct zpf_in6.
 */
struct zpf_want {
	bool all;
	bool not;
	u32 n;
	const struct zpf_set *set;
	u32 set_id;
	struct zpf_range6 top;
	struct zpf_range6 range[ZPF_WANT_RANGES];
};

void zpf_want_get(const struct zpf_table *table, struct zpf_set *const *sets,
		  const struct zpf_rule *rule, unsigned int dim,
		  struct zpf_want *want);
void zpf_want_range(const struct zpf_want *want, u32 i, struct zpf_range6 *out);
bool zpf_want_span(const struct zpf_want *want, struct zpf_range6 *span);

int zpf_sieve_build(struct zpf_table *table, struct zpf_set *const *sets);

/* --- stages --- */

/* Kinds of stages, in the order in which they are searched. */
enum zpf_stage_kind {
	ZPF_STAGE_HASH,
	ZPF_STAGE_END,		/* of the hash tables: none comes first */
	ZPF_STAGE_BV,
	ZPF_STAGE_LIST,
};

/* Words of a key as hash tables see it, see zpf_tm_pack(). */
#define ZPF_TM_WORDS	5

struct zpf_bv;

/* What of the small fields a tuple fixes. */
#define ZPF_FIX_PROTO	1
#define ZPF_FIX_SPORT	2
#define ZPF_FIX_SLOT	4
#define ZPF_FIX_ALL	7

/**
 * struct zpf_tuple - what a rule fixes, or a hash table
 * @len: prefix lengths of source and destination
 * @fix: mask of ZPF_FIX_*
 */
struct zpf_tuple {
	u8 len[2];
	u8 fix;
};

/**
 * struct zpf_glance - values of a part of a key, without which a rule does not match
 * @lane: the part, an index into zpf_key.lane
 * @lo: the first value
 * @span: how many come behind it
 */
struct zpf_glance {
	u16 lane;
	u16 lo;
	u16 span;
};

/* Has a packet none of the values? Then the rule need not be looked at. */
static inline bool zpf_glance_fails(const struct zpf_glance *glance,
				    const struct zpf_key *key)
{
	return (u16)(key->lane[glance->lane] - glance->lo) > glance->span;
}

/**
 * struct zpf_stage - a part of a list's rules, and how it is searched
 * @mask: HASH: what of the words of a key counts
 * @first: index of its first rule: no use if a better one is known; END: ~0
 * @n: rules in it
 * @kind: &enum zpf_stage_kind
 * @shift: HASH: 64 - log2(slots)
 * @chain: HASH: most rules with the same key
 * @run: HASH: most slots looked at
 * @slow: HASH: place of the last rule with a long set among those of its key
 * @keys: HASH: different keys, up to 255
 * @glances: HASH: behind @slots there is a &struct zpf_glance for each
 * @slots: HASH: the slots
 * @bv: BV: the chunk
 * @idx: LIST: indices of the rules, ascending
 *
 * The stages of a list are in the order of @kind, then of @first.
 */
struct zpf_stage {
	u64 mask[ZPF_TM_WORDS];
	u32 first;
	u32 n;
	u8 kind;
	u8 shift;
	u8 chain;
	u8 run;
	u8 slow;
	u8 keys;
	bool glances;
	union {
		u32 *slots;
		struct zpf_bv *bv;
		u32 *idx;
		void *data;
	};
};

/**
 * struct zpf_pick - rules that wait for a place in a stage
 * @table: the table
 * @sets: the sets of the policy
 * @caps: the caps
 * @n: how many
 * @idx: which, ascending
 * @n_sets: ids of sets are below
 */
struct zpf_pick {
	const struct zpf_table *table;
	struct zpf_set *const *sets;
	const struct zpf_index_caps *caps;
	u32 n;
	u32 *idx;
	u32 n_sets;
};

/* --- engines --- */

struct zpf_bv *zpf_bv_build(const struct zpf_pick *pick, u32 from, u32 n,
			    bool sets, u32 *work);
void zpf_bv_free(struct zpf_bv *bv);
u32 zpf_bv_find(const struct zpf_bv *bv, const struct zpf_table *table,
		struct zpf_set *const *sets, const struct zpf_key *key,
		u32 from, u32 best);
u32 zpf_bv_bytes(const struct zpf_bv *bv);
u32 zpf_bv_probes(const struct zpf_bv *bv);
u32 zpf_bv_cost(const struct zpf_bv *bv);

struct zpf_glance zpf_glance_make(const struct zpf_pick *pick, u32 idx,
				  const struct zpf_tuple *known);

int zpf_tm_build(struct zpf_pick *pick, struct zpf_stage *stages);
u32 zpf_tm_find(const struct zpf_stage *stage, const struct zpf_table *table,
		struct zpf_set *const *sets, const struct zpf_key *key,
		u32 from, u32 best);
size_t zpf_tm_bytes(const struct zpf_stage *stage);

#endif /* ZPF_INDEX_PART_H */
