// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rulesets as text: see rules.h. Reads lines the tool has printed itself:
 *
 *	set firewall ipv4 name IOT_WAN rule 20 destination port '443'
 *	|            |    |            |       `- condition
 *	|            |    `- ruleset   `- rule
 *
 * and takes every line it does not know for a condition, so that a new kind
 * of match is shown without a change here.
 */
#include "rules.h"
#include "xmem.h"

size_t zpf_rules_words(char *line, char **words)
{
	size_t n = 0;
	char *out, quote;

	while (*line && n < ZPF_WORDS_MAX) {
		line += strspn(line, " \t");
		if (!*line || *line == '#')
			break;
		words[n++] = out = line;
		for (quote = 0; *line && (quote || (*line != ' ' && *line != '\t')); line++) {
			if (quote ? *line == quote : *line == '\'' || *line == '"')
				quote = quote ? 0 : *line;
			else
				*out++ = *line;
		}
		if (*line)
			line++;
		*out = '\0';
	}
	return n;
}

static struct zpf_ruleset_text *zpf_ruleset_get(struct zpf_rules_text *r,
						uint8_t family, const char *name,
						bool chain)
{
	struct zpf_ruleset_text *set;
	size_t i;

	for (i = r->n_sets; i; i--) {
		set = &r->sets[i - 1];
		if (set->family == family && set->chain == chain &&
		    !strcmp(set->name, name))
			return set;
	}
	if (r->n_sets == r->cap_sets)
		r->sets = zpf_xgrow(r->sets, &r->cap_sets, sizeof(*r->sets));
	set = &r->sets[r->n_sets++];
	memset(set, 0, sizeof(*set));
	set->family = family;
	set->name = zpf_xstrdup(name);
	set->chain = chain;
	return set;
}

static struct zpf_rule_text *zpf_rule_get(struct zpf_ruleset_text *set,
					  uint32_t number)
{
	struct zpf_rule_text *rule;
	size_t i;

	for (i = set->n_rules; i; i--)
		if (set->rules[i - 1].number == number)
			return &set->rules[i - 1];
	if (set->n_rules == set->cap_rules)
		set->rules = zpf_xgrow(set->rules, &set->cap_rules,
				       sizeof(*set->rules));
	rule = &set->rules[set->n_rules++];
	memset(rule, 0, sizeof(*rule));
	rule->number = number;
	return rule;
}

static void zpf_set_text(char **where, const char *text)
{
	free(*where);
	*where = zpf_xstrdup(text);
}

/* Puts words after one another into @buf. */
static void zpf_join(char *buf, size_t size, char **words, size_t n)
{
	size_t i, len = 0;

	*buf = '\0';
	for (i = 0; i < n && len < size; i++)
		len += snprintf(buf + len, size - len, "%s%s", i ? " " : "", words[i]);
}

/*
 * zpf_add_condition() - "destination port 443"; a second value of the same
 * match is an alternative: "state established|related"
 */
static void zpf_add_condition(struct zpf_rule_text *rule, char **words, size_t n)
{
	char path[512], all[1024];
	const char *value = words[n - 1];
	bool again;
	char *grown;
	int len;

	zpf_join(path, sizeof(path), words, n > 1 ? n - 1 : n);
	zpf_join(all, sizeof(all), words, n);
	again = n > 1 && rule->last_match && !strcmp(rule->last_match, path);
	if (!rule->conditions)
		len = asprintf(&grown, "%s", all);
	else
		len = asprintf(&grown, "%s%s%s", rule->conditions,
			       again ? "|" : ", ", again ? value : all);
	free(rule->conditions);
	rule->conditions = zpf_xcheck(len < 0 ? NULL : grown);
	zpf_set_text(&rule->last_match, path);
}

/* A statement below a rule, or below a ruleset for its default. */
static void zpf_rule_line(struct zpf_rule_text *rule, char **words, size_t n)
{
	const char *word = words[0], *value = n > 1 ? words[1] : "";

	if (!rule->number && !strncmp(word, "default-", 8))
		word += 8;
	else if (!rule->number && strcmp(word, "description"))
		return;
	if (!strcmp(word, "action"))
		zpf_set_text(&rule->action, value);
	else if (!strcmp(word, "jump-target"))
		zpf_set_text(&rule->target, value);
	else if (!strcmp(word, "protocol"))
		zpf_set_text(&rule->protocol, value);
	else if (!strcmp(word, "description"))
		zpf_set_text(&rule->description, value);
	else if (!strcmp(word, "log"))
		rule->log = true;
	else if (!strcmp(word, "disable"))
		rule->disabled = true;
	else if (strcmp(word, "log-options") && strcmp(word, "last-used") && rule->number)
		zpf_add_condition(rule, words, n);
}

static void zpf_rules_line(struct zpf_rules_text *r, char *line)
{
	struct zpf_ruleset_text *set;
	char *words[ZPF_WORDS_MAX], **rest, name[256];
	size_t n = zpf_rules_words(line, words);
	uint32_t number = 0;
	uint8_t family;

	if (n < 5 || strcmp(words[0], "set") || strcmp(words[1], "firewall"))
		return;
	if (!strcmp(words[2], "ipv4"))
		family = 2;
	else if (!strcmp(words[2], "ipv6"))
		family = 10;
	else
		return;
	if (!strcmp(words[3], "name"))
		snprintf(name, sizeof(name), "%s", words[4]);
	else
		snprintf(name, sizeof(name), "%s %s", words[3], words[4]);
	set = zpf_ruleset_get(r, family, name, strcmp(words[3], "name"));
	rest = words + 5;
	n -= 5;
	if (n >= 2 && !strcmp(rest[0], "rule")) {
		number = strtoul(rest[1], NULL, 10);
		rest += 2;
		n -= 2;
		if (!number)
			return;
		zpf_rule_get(set, number);
	}
	if (n)
		zpf_rule_line(zpf_rule_get(set, number), rest, n);
}

static int zpf_rule_order(const void *a, const void *b)
{
	/* The default, 0, comes last. */
	uint32_t x = ((const struct zpf_rule_text *)a)->number - 1;
	uint32_t y = ((const struct zpf_rule_text *)b)->number - 1;

	return x < y ? -1 : x > y;
}

/* What is not written: the default action, "all" protocols, the jump's target. */
static void zpf_rules_complete(struct zpf_ruleset_text *set)
{
	struct zpf_rule_text *rule = zpf_rule_get(set, 0);
	size_t i;
	char *s;

	if (!rule->action)
		rule->action = zpf_xstrdup(set->chain ? "accept" : "drop");
	for (i = 0; i < set->n_rules; i++) {
		rule = &set->rules[i];
		if (!rule->protocol)
			rule->protocol = zpf_xstrdup("all");
		if (!rule->action)
			rule->action = zpf_xstrdup("?");
		if (!rule->target)
			continue;
		if (asprintf(&s, "%s %s", rule->action, rule->target) < 0)
			s = NULL;
		free(rule->action);
		rule->action = zpf_xcheck(s);
	}
	qsort(set->rules, set->n_rules, sizeof(*set->rules), zpf_rule_order);
}

void zpf_rules_parse(const char *text, struct zpf_rules_text *out)
{
	const char *end;
	char *line;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		line = zpf_xcheck(strndup(text, end - text));
		zpf_rules_line(out, line);
		free(line);
	}
	for (i = 0; i < out->n_sets; i++)
		zpf_rules_complete(&out->sets[i]);
}

void zpf_rules_free(struct zpf_rules_text *r)
{
	struct zpf_rule_text *rule;
	size_t i, k;

	for (i = 0; i < r->n_sets; i++) {
		for (k = 0; k < r->sets[i].n_rules; k++) {
			rule = &r->sets[i].rules[k];
			free(rule->action);
			free(rule->target);
			free(rule->protocol);
			free(rule->conditions);
			free(rule->last_match);
			free(rule->description);
		}
		free(r->sets[i].rules);
		free(r->sets[i].name);
	}
	free(r->sets);
	memset(r, 0, sizeof(*r));
}
