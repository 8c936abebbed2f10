// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the packet tests with the schema: every match and action of a rule
 * that is enforced must have met a packet that matches it and one that does
 * not, in every family it exists in. Run by `make check` as
 *
 *	tested_rows [-l] SCRIPT...	-l lists every row and where it was met
 *
 * What a script tests is read from it as text, in two forms that lib.sh knows:
 *
 *	match 4 protocol icmp; icmp type 3	a match table: `+` is a hit of
 *	+ icmp 3/1				each option, `-` a near-miss
 *	- icmp 4/1
 *
 *	@ip name A_B rule 10 action accept	a configuration, and what the
 *	@ip name A_B rule 10 state established	rules must have counted: a count
 *	A B @ A_B 10 2				is a hit of the rule's options,
 *	A B @ A_B default 1			one at a rule behind it a miss
 *
 * A test whose rules come from a shell function proves nothing here.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/zpf.h>

#include "model.h"
#include "parse.h"
#include "schema.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/*
 * struct row - a match or action
 * @s: its keyword; @word: one of its words, or NULL
 * @wanted: families it exists in
 * @hit: first place where a packet matched it, by family
 * @miss: first place where one did not
 */
struct row {
	const struct zpf_schema *s;
	const char *word, *path;
	bool wanted[ZPF_FAMS];
	char *hit[ZPF_FAMS], *miss[ZPF_FAMS];
};

static struct row rows[512];
static size_t n_rows;
static struct zpf_arena arena;

/* ---- what the schema has ---- */

/* No match and no action: a rule with it is as if it were not written. */
static bool exempt(const struct zpf_schema *s)
{
	return s->flags & (ZPF_S_UNENFORCED | ZPF_S_MUTE) ||
		!strcmp(s->word, "disable");
}

static void row_add(const struct zpf_schema *s, const char *path,
		    const char *word)
{
	struct row *r = &rows[n_rows++];

	if (n_rows == ARRAY_LEN(rows)) {
		fputs("tested_rows: too many rows\n", stderr);
		exit(2);
	}
	r->s = s;
	r->word = word;
	r->path = word ? zpf_arena_printf(&arena, "%s %s", path, word) : path;
	r->wanted[ZPF_FAM4] = !(s->flags & ZPF_S_V6);
	r->wanted[ZPF_FAM6] = !(s->flags & ZPF_S_V4);
}

static void rows_add(const struct zpf_schema *s, const char *path)
{
	for (size_t i = 0; i < s->n_kids; i++) {
		const struct zpf_schema *kid = s->kids[i];
		const struct zpf_word *w;
		const char *at;

		at = zpf_arena_printf(&arena, "%s%s%s", path, *path ? " " : "",
				      kid->word);
		if (kid->n_kids)
			rows_add(kid, at);
		if (exempt(kid) || !kid->row)
			continue;
		/* each action and each state is a row of its own */
		w = kid->row->words;
		if (!w || (kid->kind != ZPF_KIND_MASK && strcmp(at, "action")))
			row_add(kid, at, NULL);
		else
			for (; w->word; w++)
				if (!w->unenforced)
					row_add(kid, at, w->word);
	}
}

static void schema_rows(void)
{
	const struct zpf_schema *s = zpf_schema_root();

	s = zpf_schema_kid(zpf_schema_kid(s, "ipv4", 0), "name", 0);
	s = zpf_schema_kid(s->instance_of, "rule", 0);
	rows_add(s->instance_of, "");
}

/* ---- what a test says ---- */

/* One option of a rule, as rows. */
struct option {
	struct option *next;
	struct row *row;
};

/* The rows of a statement under a rule: keywords, and words where they count. */
static void find_rows(const struct zpf_node *n, struct option **list)
{
	zpf_tree_for_each(kid, n) {
		for (size_t i = 0; i < n_rows; i++) {
			struct option *o;

			if (rows[i].s != kid->schema || kid->value ||
			    (rows[i].word && !zpf_tree_find(kid, rows[i].word)))
				continue;
			o = zpf_arena_alloc(&arena, sizeof(*o));
			o->row = &rows[i];
			o->next = *list;
			*list = o;
		}
		find_rows(kid, list);
	}
}

/* `@{a.5}`, `@{b.8/29}`, `@icmp` and the like of lib.sh, for one family. */
static char *expand(const char *s, int fam)
{
	static const struct {
		const char *from, *to[ZPF_FAMS];
	} macros[] = {
		{ "@ip", { "ipv4", "ipv6" } },
		{ "@name", { "name", "ipv6-name" } },
		{ "@proto", { "icmp", "ipv6-icmp" } },
		{ "@icmp", { "icmp", "icmpv6" } },
		{ "@v", { "4", "6" } },
		{ "@6", { "", "ipv6-" } },
	};
	char *out = zpf_arena_strdup(&arena, "");

	while (*s) {
		size_t len = 1, m = 0;

		if (!strncmp(s, "@{", 2)) {
			char *slash;

			len = strcspn(s, "}");
			slash = memchr(s, '/', len);
			out = zpf_arena_printf(&arena, "%s%s", out, fam == ZPF_FAM6 ?
					       "fd00::" : "0.0.0.0");
			if (slash)
				out = zpf_arena_printf(&arena, "%s/%d", out, atoi(slash + 1) +
						       (fam == ZPF_FAM6 ? 96 : 0));
			s += len + (s[len] == '}');
			continue;
		}
		while (m < ARRAY_LEN(macros) &&
		       strncmp(s, macros[m].from, strlen(macros[m].from)))
			m++;
		if (m < ARRAY_LEN(macros)) {
			len = strlen(macros[m].from);
			out = zpf_arena_printf(&arena, "%s%s", out, macros[m].to[fam]);
		} else {
			out = zpf_arena_printf(&arena, "%s%c", out, *s);
		}
		s += len;
	}
	return out;
}

/* Rows of one option of a rule; @must: refuse what the language refuses. */
static struct option *read_option(const char *text, int fam, bool must,
				  const char *where)
{
	const char *line = zpf_arena_printf(&arena, "set firewall %s name X rule 10 %s\n",
					    zpf_model_family_word(fam),
					    expand(text, fam));
	struct zpf_diag diag = { 0 };
	struct zpf_load ld = { .arena = &arena, .file = where, .diag = &diag };
	struct option *list = NULL;
	struct zpf_node *rule;

	ld.root = zpf_tree_add(&arena, NULL, "", NULL, false, NULL);
	zpf_parse(&ld, line, strlen(line));
	zpf_arena_free(&ld.scratch);
	if (diag.n_errors && must) {
		fprintf(stderr, "%s: %s", where, line);
		zpf_diag_print(&diag, stderr);
		exit(2);
	}
	zpf_diag_free(&diag);
	rule = zpf_tree_get(ld.root, zpf_arena_printf(&arena, "firewall %s name X rule 10",
						     zpf_model_family_word(fam)));
	if (rule)
		find_rows(rule, &list);
	return list;
}

static bool in_family(const char *word, size_t len, int fam)
{
	return len && (*word == '@' || word[len - 1] == (fam == ZPF_FAM6 ? '6' : '4'));
}

/* ---- match tables ---- */

struct table_rule {
	struct option *options[ZPF_FAMS];
	size_t n;
};

static void match_line(const char *line, struct table_rule *t, const char *where)
{
	const char *fam_word = strchr(line, ' ') + 1;
	size_t fam_len = strcspn(fam_word, " ");

	memset(t, 0, sizeof(*t));
	for (int fam = 0; fam < ZPF_FAMS; fam++) {
		char *options, *one;

		if (!in_family(fam_word, fam_len, fam))
			continue;
		options = zpf_arena_strdup(&arena, fam_word + fam_len);
		t->n = 0;
		while ((one = strsep(&options, ";"))) {
			struct option *list = read_option(one, fam, true, where);

			for (struct option *o = list; o; o = o->next)
				if (!o->next) {
					o->next = t->options[fam];
					t->options[fam] = list;
					break;
				}
			t->n++;
		}
	}
}

static void note(char **at, const char *where)
{
	if (!*at)
		*at = zpf_arena_strdup(&arena, where);
}

static void probe_line(bool hit, const struct table_rule *t, const char *where)
{
	for (int fam = 0; fam < ZPF_FAMS; fam++)
		for (struct option *o = t->options[fam]; o; o = o->next) {
			/* of several options the protocol only prepares others */
			if (!hit && t->n > 1 && !strcmp(o->row->path, "protocol"))
				continue;
			note(hit ? &o->row->hit[fam] : &o->row->miss[fam], where);
		}
}

/* ---- configurations and counters ---- */

#define LAST UINT32_MAX		/* the default stands behind every rule */

struct rule {
	char ruleset[112];
	int fam;
	uint32_t number;
	bool final, off;
	struct option *options;
	uint64_t count;		/* of the counters being read */
};

static struct rule *rules;
static size_t n_rules;
static bool counted;		/* counters came after the last rule */

static struct rule *rule_get(int fam, const char *ruleset, uint32_t number)
{
	struct rule r = { .fam = fam, .number = number };

	snprintf(r.ruleset, sizeof(r.ruleset), "%s", ruleset);
	for (size_t i = 0; i < n_rules; i++)
		if (rules[i].fam == fam && rules[i].number == number &&
		    !strcmp(rules[i].ruleset, r.ruleset))
			return &rules[i];
	ZPF_PUSH(&arena, rules, n_rules, r);
	return &rules[n_rules - 1];
}

/* `@ip name A_B rule 10 OPTION`, `ipv4 forward filter rule 10 OPTION` */
static bool rule_line(const char *line, const char *where)
{
	char family[8], kind[16], name[100], rest[512];
	unsigned int number;

	if (!strncmp(line, "set firewall ", 13))
		line += 13;
	if (sscanf(line, "%7s %15s %99s rule %u %511[^\n]", family, kind, name,
		   &number, rest) != 5 ||
	    (strcmp(family, "@ip") && strcmp(family, "ipv4") && strcmp(family, "ipv6")))
		return false;
	if (counted)
		n_rules = 0;	/* another configuration begins */
	counted = false;
	if (strcmp(kind, "name"))
		snprintf(name, sizeof(name), "%s-filter", kind);
	for (int fam = 0; fam < ZPF_FAMS; fam++) {
		struct option *list, *o;
		struct rule *r;

		if (*family != '@' && !in_family(family, strlen(family), fam))
			continue;
		r = rule_get(fam, expand(name, fam), number);
		if (!strncmp(rest, "action ", 7))
			r->final = strcmp(rest + 7, "continue") && strcmp(rest + 7, "jump");
		r->off |= !strcmp(rest, "disable");
		list = read_option(rest, fam, false, where);
		for (o = list; o && o->next;)
			o = o->next;
		if (o) {
			o->next = r->options;
			r->options = list;
		}
	}
	return true;
}

/* `FROM TO FAMILY RULESET RULE PACKETS`, `chain HOOK FAMILY RULESET RULE PACKETS` */
static bool counter_line(const char *line)
{
	char from[64], to[64], family[8], ruleset[100], rule[16];
	unsigned long long packets;
	int end = 0;

	if (sscanf(line, "%63s %63s %7s %99s %15s %llu %n", from, to, family,
		   ruleset, rule, &packets, &end) != 6 || line[end] ||
	    (strcmp(family, "@") && strcmp(family, "ipv4") && strcmp(family, "ipv6")))
		return false;
	counted = true;
	for (int fam = 0; fam < ZPF_FAMS; fam++)
		if (in_family(family, strlen(family), fam))
			rule_get(fam, ruleset, isdigit((unsigned char)*rule) ?
				 (uint32_t)atoi(rule) : LAST)->count += packets;
	return true;
}

/* What the counters between two heads of here-documents prove. */
static void counters_end(const char *where)
{
	for (size_t i = 0; i < n_rules; i++) {
		const struct rule *r = &rules[i];
		uint64_t behind = 0;

		for (size_t k = 0; k < n_rules; k++)
			if (rules[k].fam == r->fam && rules[k].number > r->number &&
			    !strcmp(rules[k].ruleset, r->ruleset) &&
			    (rules[k].final || rules[k].number == LAST))
				behind += rules[k].count;
		/* what a rule lets go on comes by behind it too */
		if (!r->final)
			behind -= r->count < behind ? r->count : behind;
		for (struct option *o = r->options; o && !r->off; o = o->next) {
			if (r->count)
				note(&o->row->hit[r->fam], where);
			if (behind)
				note(&o->row->miss[r->fam], where);
		}
	}
	for (size_t i = 0; i < n_rules; i++)
		rules[i].count = 0;
}

static void read_script(const char *path)
{
	FILE *in = fopen(path, "r");
	struct table_rule table = { 0 };
	char *line = NULL, where[256];
	unsigned int number = 0;
	size_t size = 0;

	if (!in) {
		perror(path);
		exit(2);
	}
	n_rules = 0;
	counted = false;
	while (getline(&line, &size, in) > 0) {
		const char *s = line + strspn(line, " \t"), *base = strrchr(path, '/');

		line[strcspn(line, "\n")] = '\0';
		snprintf(where, sizeof(where), "%s:%u", base ? base + 1 : path, ++number);
		if (!strncmp(s, "match ", 6) || !strncmp(s, "smatch ", 7))
			match_line(s, &table, where);
		else if (!strncmp(s, "+ ", 2) || !strncmp(s, "- ", 2))
			probe_line(*s == '+', &table, where);
		else if (!strcmp(s, "EOF"))
			counters_end(where);
		else if (!rule_line(s, where))
			counter_line(s);
	}
	free(line);
	fclose(in);
}

static void say(const struct row *r, const char *what, char *const at[ZPF_FAMS],
		bool list, size_t *missing)
{
	for (int fam = 0; fam < ZPF_FAMS; fam++) {
		if (!r->wanted[fam])
			continue;
		if (at[fam]) {
			if (list)
				printf("%s %s: %s: %s\n", zpf_model_family_word(fam),
				       r->path, what, at[fam]);
			continue;
		}
		printf("%s %s: no packet test has a %s\n", zpf_model_family_word(fam),
		       r->path, what);
		++*missing;
	}
}

int main(int argc, char **argv)
{
	bool list = argc > 1 && !strcmp(argv[1], "-l");
	size_t missing = 0;

	schema_rows();
	for (int i = 1 + list; i < argc; i++)
		read_script(argv[i]);
	for (size_t i = 0; i < n_rows; i++) {
		say(&rows[i], "hit", rows[i].hit, list, &missing);
		say(&rows[i], "near-miss", rows[i].miss, list, &missing);
	}
	if (list || missing)
		printf("%zu rows, %zu hits or near-misses missing\n", n_rows, missing);
	zpf_arena_free(&arena);
	return missing > 0;
}
