/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language as one table: every statement of the `firewall` subtree is a
 * row. Parsing, value checks, printing, help and the model all go by it.
 */
#ifndef ZPF_CTL_SCHEMA_H
#define ZPF_CTL_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "value.h"

/**
 * enum zpf_scope - the object a row belongs to; its path begins there
 * @ZPF_SCOPE_FIREWALL: `firewall` itself; fields in struct zpf_options
 * @ZPF_SCOPE_ZONE: a zone; struct zpf_zone
 * @ZPF_SCOPE_RULESET: a ruleset; struct zpf_ruleset
 * @ZPF_SCOPE_CHAIN: a base chain; struct zpf_ruleset
 * @ZPF_SCOPE_RULE: a rule of either; struct zpf_rule
 * @ZPF_SCOPE_GROUP_*: groups; struct zpf_group
 */
enum zpf_scope {
	ZPF_SCOPE_NONE,
	ZPF_SCOPE_FIREWALL,
	ZPF_SCOPE_ZONE,
	ZPF_SCOPE_RULESET,
	ZPF_SCOPE_CHAIN,
	ZPF_SCOPE_RULE,
	ZPF_SCOPE_GROUP_ADDRESS,
	ZPF_SCOPE_GROUP_NETWORK,
	ZPF_SCOPE_GROUP_ADDRESS6,
	ZPF_SCOPE_GROUP_NETWORK6,
	ZPF_SCOPE_GROUP_PORT,
	ZPF_SCOPE_GROUP_INTERFACE,
	ZPF_SCOPE_GROUP_MAC,
	ZPF_SCOPE_GROUP_DOMAIN,
	ZPF_SCOPE_GROUP_REMOTE,
	ZPF_SCOPE_GROUP_DYNAMIC,
	ZPF_SCOPE_GROUP_DYNAMIC6,
	ZPF_SCOPE_N
};

enum zpf_schema_flags {
	ZPF_S_MULTI	= 1 << 0,	/* may have several values */
	ZPF_S_UNENFORCED = 1 << 1,	/* known, but zpf cannot do it yet */
	ZPF_S_V4	= 1 << 2,	/* not under ipv6 */
	ZPF_S_V6	= 1 << 3,	/* not under ipv4 */
	ZPF_S_OURS	= 1 << 4,	/* VyOS does not know it */
	ZPF_S_MUTE	= 1 << 5,	/* not part of what a rule means */
	ZPF_S_BRIDGE	= ZPF_S_V4 | ZPF_S_V6,	/* under neither: under bridge */
};

/**
 * enum zpf_part - where a statement has its field
 * @ZPF_PART_WHOLE: in the scope's struct
 * @ZPF_PART_SOURCE: in &zpf_rule.source
 * @ZPF_PART_DESTINATION: in &zpf_rule.destination
 * @ZPF_PART_RARE: in &zpf_rule.rare
 */
enum zpf_part {
	ZPF_PART_WHOLE,
	ZPF_PART_SOURCE,
	ZPF_PART_DESTINATION,
	ZPF_PART_RARE,
};

/**
 * struct zpf_schema_row - a statement
 * @scope: the object it belongs to
 * @path: words from there; `<kind>` is the name of an instance
 * @kind: of its value; NODE where it has children
 * @flags: &enum zpf_schema_flags
 * @lo: least NUM
 * @hi: greatest NUM
 * @words: of a WORD, MASK, SELF or CODE
 * @sub: the object an instance is
 * @part: where the field is
 * @field: offset there; 0: model reads it by hand
 * @help: one clause for people
 */
struct zpf_schema_row {
	enum zpf_scope scope;
	const char *path;
	enum zpf_kind kind;
	unsigned int flags;
	uint32_t lo, hi;
	const struct zpf_word *words;
	enum zpf_scope sub;
	enum zpf_part part;
	size_t field;
	const char *help;
};

/**
 * struct zpf_schema - a node of the tree the rows make
 * @word: the keyword, or "<kind>" where @instance
 * @row: the row that ends here, or NULL
 * @kind: of a leaf's values, or of instance names where @instance
 * @flags: &enum zpf_schema_flags
 * @kids: keywords below, sorted
 * @instance_of: of a TAG: what the instances are
 * @instance: this node stands for the names of instances
 */
struct zpf_schema {
	const char *word;
	const struct zpf_schema_row *row;
	enum zpf_kind kind;
	unsigned int flags;
	size_t n_kids;
	struct zpf_schema **kids;
	struct zpf_schema *instance_of;
	bool instance;
};

const struct zpf_schema *zpf_schema_root(void);
const struct zpf_schema *zpf_schema_kid(const struct zpf_schema *s,
					const char *word, uint8_t family);
bool zpf_schema_leaf(const struct zpf_schema *s);
void zpf_schema_expected(const struct zpf_schema *s, uint8_t family,
			 char *buf, size_t size);
void zpf_schema_ctx(const struct zpf_schema *s, uint8_t family,
		    struct zpf_value_ctx *ctx);
const struct zpf_schema_row *zpf_schema_rows(size_t *n);

#endif /* ZPF_CTL_SCHEMA_H */
