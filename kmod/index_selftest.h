/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The index against the linear walk, on random tables and packets. Portable:
 * run when a debug kernel loads the module, and at length by the host tests.
 */
#ifndef ZPF_INDEX_SELFTEST_H
#define ZPF_INDEX_SELFTEST_H

#include "index.h"

/**
 * struct zpf_selftest - what to try, and what came out
 * @seed: of the generator; goes on from run to run
 * @caps: for the builder
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @max_rules: tables have 1 to so many rules
 * @packets: packets a table; twice as many where they are tried exhaustively
 * @tables: tables tried
 * @asked: questions asked
 * @matched: answers that were a rule with a match
 * @engines: tables by &enum zpf_engine
 * @table: of a difference: the table's number
 * @idx: of a difference: where the question began
 * @want: of a difference: answer of the walk
 * @got: of a difference: answer of the index
 */
struct zpf_selftest {
	u32 seed;
	const struct zpf_index_caps *caps;
	u8 family;
	u32 max_rules;
	u32 packets;
	u32 tables;
	u64 asked;
	u64 matched;
	u32 engines[3];
	u32 table;
	u32 idx;
	u32 want;
	u32 got;
};

int zpf_selftest_table(struct zpf_selftest *test);
int zpf_selftest_load(void);

#endif /* ZPF_INDEX_SELFTEST_H */
