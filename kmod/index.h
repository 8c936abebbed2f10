/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The index of a large table: gives the answer of the linear walk without the
 * walk. Built once, when a generation is; immutable; portable like the table.
 */
#ifndef ZPF_INDEX_H
#define ZPF_INDEX_H

#include "table.h"

/* Bits of an aggregate times bits of a word. */
#define ZPF_BV_MAX_RULES 4096

/**
 * struct zpf_index_caps - what the builder may use
 * @engines: mask of 1 << &enum zpf_engine; LINEAR is always allowed
 * @force: take an engine whatever it costs, the last that is allowed
 * @linear: a list of up to so many rules is walked
 * @bv_rules: rules of one bit-vector chunk, 64 .. ZPF_BV_MAX_RULES
 * @bv_bytes: bytes of one bit-vector chunk, and of all chunks of a list until
 *	@bv_rule_bytes allows more
 * @bv_rule_bytes: bytes of all chunks of a list, for each rule in them
 * @tm_tables: hash tables of a list
 * @tm_chain: rules of a hash table with the same key, where there are very many
 *
 * The defaults are what the module runs with; tests set others.
 */
struct zpf_index_caps {
	u32 engines;
	bool force;
	u32 linear;
	u32 bv_rules;
	u32 bv_bytes;
	u32 bv_rule_bytes;
	u32 tm_tables;
	u32 tm_chain;
};

extern const struct zpf_index_caps zpf_index_caps;

/**
 * struct zpf_index_stat - what was chosen for a table
 * @engine: &enum zpf_engine of the longest list
 * @probes: most places a packet is looked for in one list: rules compared,
 *	steps of bisections, words of bit vectors, hash buckets
 * @bytes: memory of the index
 * @tables: hash tables of all lists
 * @chunks: bit-vector chunks of all lists
 * @chain: most rules with the same key in a hash table
 * @rest: rules that are walked besides an engine
 */
struct zpf_index_stat {
	u8 engine;
	u32 probes;
	u64 bytes;
	u32 tables;
	u32 chunks;
	u32 chain;
	u32 rest;
};

int zpf_index_build(struct zpf_table *table, struct zpf_set *const *sets,
		    const struct zpf_index_caps *caps);
void zpf_index_free(struct zpf_table *table);
u32 zpf_index_next(const struct zpf_table *table, struct zpf_set *const *sets,
		   const struct zpf_key *key, u32 idx);
void zpf_index_stat(const struct zpf_table *table, struct zpf_index_stat *stat);

/**
 * zpf_table_next() - first rule that matches, at or behind an index
 * @table: the table
 * @sets: the sets of the policy
 * @key: the packet
 * @idx: where to begin; 0, a rule's hit, or its miss where its limit failed
 *
 * Context: any; the caller keeps the policy alive (RCU in the kernel).
 * Return: index of the rule, @table->n_rules or more if the walk left the table
 */
static inline u32 zpf_table_next(const struct zpf_table *table,
				 struct zpf_set *const *sets,
				 const struct zpf_key *key, u32 idx)
{
	return table->index ? zpf_index_next(table, sets, key, idx) :
			      zpf_table_short(table, sets, key, idx);
}

#endif /* ZPF_INDEX_H */
