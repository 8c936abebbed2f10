// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spellings of VyOS 1.3 and early 1.4, rewritten to those of today before a
 * statement meets the schema, so that nothing behind here knows them and what
 * is printed is canonical. Called by load for every statement.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "model.h"

enum old_what {
	OLD_REWRITE,	/* to the words of @to */
	OLD_OFF,	/* `X disable`: X is deleted */
	OLD_IGNORE,	/* with a warning */
};

/*
 * @from: words a statement begins with: `*` any, `a|b` one of these, `<name>`
 *	one that begins with a letter
 * @to: what they become; a number is that word of @from
 */
struct old_row {
	const char *from;
	const char *to;
	enum old_what what;
};

#define OPT "firewall ipv4|ipv6 * * rule * "	/* an option is word 6 */
#define OPT_TO "0 1 2 3 4 5 "
#define OPT6 "firewall ipv6 * * rule * "

/* applied in this order, each at most once */
static const struct old_row old_rows[] = {
	{ "zone-policy zone", "firewall zone", OLD_REWRITE },
	{ "firewall name", "firewall ipv4 name", OLD_REWRITE },
	{ "firewall ipv6-name", "firewall ipv6 name", OLD_REWRITE },
	{ "firewall config-trap", "", OLD_IGNORE },
	{ "firewall global-options config-trap", "", OLD_IGNORE },
	{ "firewall state-policy|all-ping|broadcast-ping|directed-broadcast"
	  "|ip-src-route|ipv6-receive-redirects|ipv6-source-validation"
	  "|ipv6-src-route|log-martians|receive-redirects|resolver-cache"
	  "|resolver-interval|send-redirects|source-validation|syn-cookies"
	  "|twa-hazards-protection", "0 global-options 1", OLD_REWRITE },
	{ "firewall global-options state-policy * log enable", "0 1 2 3 4",
	  OLD_REWRITE },
	{ "firewall global-options state-policy * log disable", "0 1 2 3 4",
	  OLD_OFF },
	{ "firewall zone * interface", "0 1 2 member 3", OLD_REWRITE },
	{ "firewall ipv4|ipv6 name * enable-default-log", "0 1 2 3 default-log",
	  OLD_REWRITE },
	{ OPT "log enable", OPT_TO "6", OLD_REWRITE },
	{ OPT "log disable", OPT_TO "6", OLD_OFF },
	{ OPT "state * enable", OPT_TO "6 7", OLD_REWRITE },
	{ OPT "state * disable", OPT_TO "6 7", OLD_OFF },
	{ OPT "inbound-interface|outbound-interface interface-name",
	  OPT_TO "6 name", OLD_REWRITE },
	{ OPT "inbound-interface|outbound-interface interface-group",
	  OPT_TO "6 group", OLD_REWRITE },
	{ OPT "ipsec match-ipsec", OPT_TO "6 match-ipsec-in", OLD_REWRITE },
	{ OPT "ipsec match-none", OPT_TO "6 match-none-in", OLD_REWRITE },
	{ OPT "icmp|icmpv6 type <name>", OPT_TO "6 type-name 8", OLD_REWRITE },
	{ OPT6 "source|destination group ipv6-address-group",
	  OPT_TO "6 7 address-group", OLD_REWRITE },
	{ OPT6 "source|destination group ipv6-network-group",
	  OPT_TO "6 7 network-group", OLD_REWRITE },
};

static bool word_fits(const char *pat, size_t len, const char *word)
{
	if (len == 1 && *pat == '*')
		return true;
	if (len == 6 && !memcmp(pat, "<name>", 6))
		return isalpha((unsigned char)*word);
	while (len) {
		size_t l = 0;

		while (l < len && pat[l] != '|')
			l++;
		if (strlen(word) == l && !memcmp(pat, word, l))
			return true;
		if (l == len)
			return false;
		pat += l + 1;
		len -= l + 1;
	}
	return false;
}

/* Number of words the pattern has; 0 where the statement does not begin so. */
static size_t row_fits(const char *from, const struct zpf_stmt *st)
{
	size_t n = 0;

	while (*from) {
		size_t len = strcspn(from, " ");

		if (n == st->n || !word_fits(from, len, st->w[n].text))
			return 0;
		n++;
		from += len + (from[len] == ' ');
	}
	return n;
}

/* Words of @to, then what stood behind the @n words that matched. */
static bool row_apply(struct zpf_load *ld, const struct old_row *row,
		      struct zpf_stmt *st, size_t n)
{
	struct zpf_stmt_word w[ZPF_STMT_WORDS];
	const char *to = row->to;
	size_t k = 0, rest = st->n - n;

	while (*to) {
		size_t len = strcspn(to, " ");

		if (k + rest == ZPF_STMT_WORDS)
			return false;
		if (isdigit((unsigned char)*to)) {
			w[k++] = st->w[*to - '0'];
		} else {
			w[k] = st->w[k < n ? k : n - 1];
			w[k++].text = zpf_arena_strndup(&ld->scratch, to, len);
		}
		to += len + (to[len] == ' ');
	}
	memmove(st->w + k, st->w + n, rest * sizeof(st->w[0]));
	memcpy(st->w, w, k * sizeof(w[0]));
	st->n = k + rest;
	return true;
}

static enum zpf_old_result fail(struct zpf_load *ld, struct zpf_stmt *st,
				size_t *at, size_t word, const char *msg)
{
	*at = word;
	zpf_load_say(ld, ZPF_DIAG_ERROR, st, word, "%s", msg);
	return ZPF_OLD_FAILED;
}

/* ---- `icmpv6 type 128/0` and `tcp flags SYN,!ACK` of 1.3 ---- */

static bool old_icmp_code(const struct zpf_stmt *st)
{
	return st->n == 9 && row_fits(OPT "icmp|icmpv6 type *", st) &&
		strchr(st->w[8].text, '/');
}

static enum zpf_old_result load_icmp_code(struct zpf_load *ld,
					  struct zpf_stmt *st)
{
	char *type = zpf_arena_strdup(&ld->scratch, st->w[8].text);
	char *code = strchr(type, '/');
	struct zpf_stmt one = *st;

	*code++ = '\0';
	one.w[8].text = type;
	zpf_load_canonical(ld, &one);
	one.w[7].text = "code";
	one.w[8].text = code;
	zpf_load_canonical(ld, &one);
	return ZPF_OLD_DONE;
}

static bool old_tcp_flags(const struct zpf_stmt *st)
{
	const char *v;

	if (st->n != 9 || !row_fits(OPT "tcp flags *", st))
		return false;
	v = st->w[8].text;
	return strpbrk(v, ",!") || isupper((unsigned char)*v);
}

static enum zpf_old_result load_tcp_flags(struct zpf_load *ld,
					  struct zpf_stmt *st)
{
	char *list = zpf_arena_strdup(&ld->scratch, st->w[8].text), *item;
	struct zpf_stmt one = *st;

	while ((item = strsep(&list, ","))) {
		bool not = *item == '!';

		for (char *p = item; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		if (!strcmp(item + not, "all"))
			continue;
		one.n = 9;
		if (not) {
			one.w[8].text = "not";
			one.w[9] = st->w[8];
			one.n = 10;
		}
		one.w[one.n - 1].text = item + not;
		zpf_load_canonical(ld, &one);
	}
	return ZPF_OLD_DONE;
}

/* ---- rulesets bound to an interface ---- */

/* `interfaces ethernet eth1 vif 10 firewall in name N`: the interface's name */
static const char *binding_ifname(struct zpf_load *ld,
				  const struct zpf_stmt *st, size_t fw)
{
	const char *name = st->w[2].text;

	for (size_t i = 3; i + 1 < fw; i += 2) {
		const char *word = st->w[i].text;

		if (!strncmp(word, "vif", 3))
			name = zpf_arena_printf(&ld->scratch, "%s.%s", name,
						st->w[i + 1].text);
		else if (!strcmp(word, "pppoe"))
			name = zpf_arena_printf(&ld->scratch, "pppoe%s",
						st->w[i + 1].text);
	}
	return name;
}

static struct zpf_node *only_kid(const struct zpf_node *n)
{
	return zpf_tree_count(n) == 1 ? zpf_tree_first(n) : NULL;
}

/*
 * struct binding - a ruleset bound to an interface
 * @fam: ZPF_FAM4 or ZPF_FAM6
 * @forward: `in` or `out`, not `local`
 * @chain: base chain it becomes a jump of
 * @option: the match of that jump
 * @other: the match of the other direction
 */
struct binding {
	int fam;
	bool forward;
	const char *chain, *option, *other;
	const char *ifname, *ruleset;
};

/* Read DIR name|ipv6-name RULESET from word @at_dir on. */
static enum zpf_old_result read_binding(struct zpf_load *ld,
					struct zpf_stmt *st, size_t *at,
					size_t at_dir, struct binding *b)
{
	const char *dir, *kind;

	if (st->n < at_dir + 3)
		return fail(ld, st, at, st->n - 1, st->del ?
			    "name the ruleset that is to be unbound" :
			    "a binding is: in, out or local, then name or ipv6-name and a ruleset");
	dir = st->w[at_dir].text;
	kind = st->w[at_dir + 1].text;
	if (strcmp(dir, "in") && strcmp(dir, "out") && strcmp(dir, "local"))
		return fail(ld, st, at, at_dir,
			    "unknown word; expected one of in, out, local");
	if (strcmp(kind, "name") && strcmp(kind, "ipv6-name"))
		return fail(ld, st, at, at_dir + 1,
			    "unknown word; expected one of name, ipv6-name");
	if (st->n > at_dir + 3)
		return fail(ld, st, at, at_dir + 3,
			    "unexpected word after the ruleset's name");
	b->ruleset = st->w[at_dir + 2].text;
	b->fam = strcmp(kind, "name") ? ZPF_FAM6 : ZPF_FAM4;
	b->forward = strcmp(dir, "local");
	b->chain = b->forward ? "forward" : "input";
	b->option = strcmp(dir, "out") ? "inbound-interface" :
		"outbound-interface";
	b->other = strcmp(dir, "out") ? "outbound-interface" :
		"inbound-interface";
	return ZPF_OLD_GO_ON;
}

/* Whether a rule is what a binding becomes; NULL names stand for any. */
static bool is_binding(const struct zpf_node *rule, const char *option,
		       const char *ifname, const char *ruleset)
{
	struct zpf_node *target, *name;

	if (zpf_tree_count(rule) != 3 || !zpf_tree_get(rule, "action jump"))
		return false;
	target = only_kid(zpf_tree_find(rule, "jump-target"));
	name = only_kid(zpf_tree_get(zpf_tree_find(rule, option), "name"));
	return target && name && (!ruleset || !strcmp(target->name, ruleset)) &&
		(!ifname || !strcmp(name->name, ifname));
}

/* Load `firewall FAM CHAIN filter rule NUMBER A [B] VALUE`. */
static void load_option(struct zpf_load *ld, const struct zpf_stmt *from,
			const struct binding *b, unsigned long number,
			const char *const option[3])
{
	const char *words[] = { "firewall", zpf_model_family_word(b->fam),
		b->chain, "filter", "rule",
		zpf_arena_printf(&ld->scratch, "%lu", number),
		option[0], option[1], option[2] };
	struct zpf_stmt st = { 0 };

	while (st.n < 9 && words[st.n]) {
		st.w[st.n] = from->w[from->n - 1];
		st.w[st.n].text = words[st.n];
		st.n++;
	}
	zpf_load_canonical(ld, &st);
}

static enum zpf_old_result load_binding(struct zpf_load *ld,
					struct zpf_stmt *st, size_t *at,
					const char *ifname, size_t at_dir)
{
	struct binding b = { .ifname = ifname };
	const struct zpf_node *rules;
	enum zpf_old_result ret;
	unsigned long last = 0;
	bool both = false;

	ret = read_binding(ld, st, at, at_dir, &b);
	if (ret != ZPF_OLD_GO_ON)
		return ret;
	rules = zpf_tree_get(ld->root, zpf_arena_printf(&ld->scratch,
			     "firewall %s %s filter rule",
			     zpf_model_family_word(b.fam), b.chain));
	zpf_tree_for_each(rule, rules) {
		unsigned long number = strtoul(rule->name, NULL, 10);

		if (number > last)
			last = number;
		both |= is_binding(rule, b.other, NULL, NULL);
		if (!is_binding(rule, b.option, ifname, b.ruleset))
			continue;
		if (st->del)
			zpf_load_remove(rule);
		return ZPF_OLD_DONE;
	}
	if (st->del) {
		zpf_load_say(ld, ZPF_DIAG_WARNING, st, st->n - 1,
			     "nothing to delete: %s is not bound to %s",
			     b.ruleset, ifname);
		return ZPF_OLD_DONE;
	}
	/*
	 * Two bindings judged every packet in turn; two jumps of one chain do
	 * not: what the first ruleset accepts never gets to the second.
	 */
	if (b.forward && both)
		return fail(ld, st, at, at_dir,
			    "in and out bindings together cannot be turned into jumps of one base chain: what an in ruleset accepts would not reach the out ruleset; write them as zones");

	last = (last / 5 + 1) * 5;
	load_option(ld, st, &b, last, (const char *[]){ "action", "jump", NULL });
	load_option(ld, st, &b, last,
		    (const char *[]){ "jump-target", b.ruleset, NULL });
	load_option(ld, st, &b, last,
		    (const char *[]){ b.option, "name", ifname });
	return ZPF_OLD_DONE;
}

static enum zpf_old_result old_binding(struct zpf_load *ld,
				       struct zpf_stmt *st, size_t *at)
{
	/* firewall interface X in name N */
	if (!strcmp(st->w[0].text, "firewall")) {
		if (st->n < 3 || strcmp(st->w[1].text, "interface"))
			return ZPF_OLD_GO_ON;
		return load_binding(ld, st, at, st->w[2].text, 3);
	}
	if (strcmp(st->w[0].text, "interfaces"))
		return ZPF_OLD_GO_ON;
	for (size_t i = 3; i < st->n; i += 2)
		if (!strcmp(st->w[i].text, "firewall"))
			return load_binding(ld, st, at,
					    binding_ifname(ld, st, i), i + 1);
	return ZPF_OLD_GO_ON;
}

/**
 * zpf_old_rewrite() - turn old spellings of a statement into those of today
 * @ld: the text
 * @st: the statement, rewritten in place
 * @at: gets the word an error is about
 *
 * Return: &enum zpf_old_result
 */
enum zpf_old_result zpf_old_rewrite(struct zpf_load *ld, struct zpf_stmt *st,
				    size_t *at)
{
	enum zpf_old_result ret;

	ret = old_binding(ld, st, at);
	if (ret != ZPF_OLD_GO_ON)
		return ret;
	if (strcmp(st->w[0].text, "firewall") &&
	    strcmp(st->w[0].text, "zone-policy"))
		return ZPF_OLD_GO_ON;
	for (size_t i = 0; i < sizeof(old_rows) / sizeof(old_rows[0]); i++) {
		const struct old_row *row = &old_rows[i];
		size_t n = row_fits(row->from, st);

		if (!n)
			continue;
		if (row->what == OLD_IGNORE) {
			zpf_load_say(ld, ZPF_DIAG_WARNING, st, n - 1,
				     "%s is ignored: it has no meaning here",
				     st->w[n - 1].text);
			return ZPF_OLD_DONE;
		}
		if (!row_apply(ld, row, st, n))
			return fail(ld, st, at, st->n - 1,
				    "too many words in one statement");
		if (row->what == OLD_OFF) {
			if (st->del)
				return ZPF_OLD_DONE;
			st->del = true;
			st->quiet = true;
		}
	}
	if (!strcmp(st->w[0].text, "zone-policy") && st->n > 1)
		return fail(ld, st, at, 1, "unknown word after zone-policy; expected zone");
	if (old_tcp_flags(st) && !st->del)
		return load_tcp_flags(ld, st);
	if (old_icmp_code(st) && !st->del)
		return load_icmp_code(ld, st);
	return ZPF_OLD_GO_ON;
}

/* Word @i of a pattern; "" where it has fewer. */
static const char *pattern_word(struct zpf_arena *a, const char *pat, size_t i)
{
	while (i-- && *pat) {
		pat += strcspn(pat, " ");
		pat += !!*pat;
	}
	return zpf_arena_strndup(a, pat, strcspn(pat, " "));
}

/**
 * zpf_old_each() - tell every old spelling, for the documentation
 * @each: gets what a statement begins with and what it becomes, "" where it
 *	is ignored; `*` stands for any word
 * @arg: for @each
 */
void zpf_old_each(void (*each)(void *arg, const char *from, const char *to),
		  void *arg)
{
	struct zpf_arena a = { NULL };

	for (size_t i = 0; i < sizeof(old_rows) / sizeof(old_rows[0]); i++) {
		const struct old_row *row = &old_rows[i];
		const char *text = "", *to = row->to;

		while (*to) {
			size_t len = strcspn(to, " ");
			const char *word = isdigit((unsigned char)*to) ?
				pattern_word(&a, row->from, (size_t)(*to - '0')) :
				zpf_arena_strndup(&a, to, len);

			text = zpf_arena_printf(&a, "%s%s%s", text,
						*text ? " " : "", word);
			to += len + (to[len] == ' ');
		}
		each(arg, row->from, row->what == OLD_OFF ?
		     zpf_arena_printf(&a, "delete %s", text) : text);
	}
	zpf_arena_free(&a);
}
