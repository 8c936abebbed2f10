/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rulesets of a canonical set-form text as a person reads them: action,
 * protocol, the rest of the conditions in one string. For `show firewall`
 * only; what is enforced is compiled by the language front end.
 */
#ifndef ZPF_CTL_RULES_H
#define ZPF_CTL_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct zpf_rule_text - one rule, or the default of a ruleset (number 0)
 * @action: "accept", ..., "jump TARGET"
 * @protocol: "tcp", "!udp", "all"
 * @conditions: the other matches, NULL: none
 * @description: as written, NULL: none
 * @log: logs
 * @disabled: not enforced
 */
struct zpf_rule_text {
	uint32_t number;
	char *action, *target, *protocol, *conditions, *last_match, *description;
	bool log, disabled;
};

/**
 * struct zpf_ruleset_text - a ruleset or base chain
 * @family: NFPROTO_IPV4, NFPROTO_IPV6
 * @name: its name; for a base chain "forward filter" and the like
 * @chain: it is a base chain
 * @rules: in order; the default is last
 */
struct zpf_ruleset_text {
	uint8_t family;
	char *name;
	bool chain;
	struct zpf_rule_text *rules;
	size_t n_rules, cap_rules;
};

/** struct zpf_rules_text - all of them */
struct zpf_rules_text {
	struct zpf_ruleset_text *sets;
	size_t n_sets, cap_sets;
};

/**
 * zpf_rules_parse() - read the rulesets of a text
 * @text: canonical set form; not changed
 * @out: filled
 */
void zpf_rules_parse(const char *text, struct zpf_rules_text *out);

#define ZPF_WORDS_MAX 32

/**
 * zpf_rules_words() - split a line of that text into words
 * @line: the line; quotes are taken off in place
 * @words: room for ZPF_WORDS_MAX
 *
 * Return: how many
 */
size_t zpf_rules_words(char *line, char **words);

/** zpf_rules_free() - free what @r holds (not @r itself) */
void zpf_rules_free(struct zpf_rules_text *r);

#endif /* ZPF_CTL_RULES_H */
