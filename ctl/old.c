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
#include "wordcmp.h"

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
	{ OPT "log-level", OPT_TO "log-options level", OLD_REWRITE },
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
	{ OPT6 "source|destination group dynamic-ipv6-address-group",
	  OPT_TO "6 7 dynamic-address-group", OLD_REWRITE },
	{ OPT6 "source|destination group ipv6-network-group",
	  OPT_TO "6 7 network-group", OLD_REWRITE },
};

#define PATTERN_WORDS 10	/* of the longest pattern */

/*
 * struct pattern - `from` of a row, taken apart once
 * @n: words
 * @w: where they begin
 * @len: how long they are
 * @last: first letter of the last word, 0 where it may be several words
 */
struct pattern {
	size_t n;
	char last;
	const char *w[PATTERN_WORDS];
	size_t len[PATTERN_WORDS];
};

#define N_ROWS (sizeof(old_rows) / sizeof(old_rows[0]))

static struct pattern patterns[N_ROWS];

/* Second words of today; most statements have one, and few patterns do. */
static const char *const second_words[] = {
	"ipv4", "ipv6", "group", "zone", "global-options",
};

#define N_SECONDS (sizeof(second_words) / sizeof(second_words[0]))

/* Rows that may fit, a bit each, by the second word of a statement. */
static uint32_t rows_of[N_SECONDS + 1];
_Static_assert(N_ROWS <= 32, "a row is a bit");

/* Rows about an option of a rule, and those whose option begins with a letter. */
static uint32_t rows_opt, rows_opt_of[256];

/* Position of the second word, N_SECONDS for any other. */
static size_t second_of(const struct zpf_stmt *st)
{
	size_t i = 0;

	while (i < N_SECONDS && st->n > 1 &&
	       strcmp(second_words[i], st->w[1].text))
		i++;
	return i;
}

static void pattern_read(struct pattern *p, const char *from)
{
	p->n = 0;
	while (*from && p->n < PATTERN_WORDS) {
		size_t len = strcspn(from, " ");

		p->w[p->n] = from;
		p->len[p->n++] = len;
		from += len + (from[len] == ' ');
		p->last = memchr(p->w[p->n - 1], '|', len) ||
			!isalpha((unsigned char)*p->w[p->n - 1]) ? '\0' :
			*p->w[p->n - 1];
	}
}

static bool word_fits(const char *pat, size_t len, const char *word)
{
	size_t n;

	if (len == 1 && *pat == '*')
		return true;
	if (len == 6 && !memcmp(pat, "<name>", 6))
		return isalpha((unsigned char)*word);
	n = strlen(word);
	while (len) {
		size_t l = 0;

		while (l < len && pat[l] != '|')
			l++;
		if (n == l && !memcmp(pat, word, l))
			return true;
		if (l == len)
			return false;
		pat += l + 1;
		len -= l + 1;
	}
	return false;
}

/* Whether a statement begins so; the last words tell patterns apart. */
static bool pattern_fits(const struct pattern *p, const struct zpf_stmt *st)
{
	if (p->n > st->n ||
	    (p->last && p->last != *st->w[p->n - 1].text))
		return false;
	for (size_t i = p->n; i-- > 0;)
		if (!word_fits(p->w[i], p->len[i], st->w[i].text))
			return false;
	return true;
}

static void patterns_read(void)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		const struct pattern *p = &patterns[i];

		pattern_read(&patterns[i], old_rows[i].from);
		rows_of[N_SECONDS] |= 1u << i;
		for (size_t k = 0; k < N_SECONDS; k++)
			if (word_fits(p->w[1], p->len[1], second_words[k]))
				rows_of[k] |= 1u << i;
		if (strncmp(old_rows[i].from, OPT6, sizeof(OPT6) - 1) &&
		    strncmp(old_rows[i].from, OPT, sizeof(OPT) - 1))
			continue;
		rows_opt |= 1u << i;
		for (size_t at = 0; at < p->len[6]; at++)
			if (!at || p->w[6][at - 1] == '|')
				rows_opt_of[(unsigned char)p->w[6][at]] |= 1u << i;
	}
}

/* Of @rows, those that may fit a statement of today's first two words. */
static uint32_t rows_left(uint32_t rows, const struct zpf_stmt *st)
{
	const uint32_t opt = st->n > 6 ?
		rows_opt_of[(unsigned char)*st->w[6].text] : 0;

	return rows & (~rows_opt | opt);
}

static bool row_fits(const char *from, const struct zpf_stmt *st)
{
	struct pattern p;

	pattern_read(&p, from);
	return pattern_fits(&p, st);
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
	st->rewritten = true;
	st->same = 0;
	memmove(st->w + k, st->w + n, rest * sizeof(st->w[0]));
	memcpy(st->w, w, k * sizeof(w[0]));
	st->n = k + rest;
	return true;
}

/**
 * zpf_old_fail() - refuse a statement in an old spelling
 * @ld: the text
 * @st: the statement
 * @at: gets @word
 * @word: index of the word that is wrong
 * @msg: the message
 *
 * Return: ZPF_OLD_FAILED
 */
enum zpf_old_result zpf_old_fail(struct zpf_load *ld, struct zpf_stmt *st,
				 size_t *at, size_t word, const char *msg)
{
	*at = word;
	zpf_load_say(ld, ZPF_DIAG_ERROR, st, word, "%s", msg);
	return ZPF_OLD_FAILED;
}

/* ---- `icmpv6 type 128/0` and `tcp flags SYN,!ACK` of 1.3 ---- */

static bool old_icmp_code(const struct zpf_stmt *st)
{
	return st->n == 9 && *st->w[6].text == 'i' && row_fits(OPT "icmp|icmpv6 type *", st) &&
		strchr(st->w[8].text, '/');
}

static enum zpf_old_result load_icmp_code(struct zpf_load *ld,
					  struct zpf_stmt *st)
{
	char *type = zpf_arena_strdup(&ld->scratch, st->w[8].text);
	char *code = strchr(type, '/');
	struct zpf_stmt one = *st;

	one.same = 0;
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

	if (st->n != 9 || *st->w[6].text != 't' || !row_fits(OPT "tcp flags *", st))
		return false;
	v = st->w[8].text;
	return strpbrk(v, ",!") || isupper((unsigned char)*v);
}

static enum zpf_old_result load_tcp_flags(struct zpf_load *ld,
					  struct zpf_stmt *st)
{
	char *list = zpf_arena_strdup(&ld->scratch, st->w[8].text), *item;
	struct zpf_stmt one = *st;

	one.same = 0;
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
	uint32_t done = 0, left;
	size_t second = ld->second;

	/* Most statements begin with the two words of the one before. */
	if (!ld->today || st->same < 2) {
		ld->today = false;
		ret = zpf_old_binding(ld, st, at);
		if (ret != ZPF_OLD_GO_ON)
			return ret;
		if (strcmp(st->w[0].text, "firewall") &&
		    strcmp(st->w[0].text, "zone-policy"))
			return ZPF_OLD_GO_ON;
		if (st->n > 1 && !strcmp(st->w[1].text, "name"))
			zpf_old_seen(ld, ZPF_FAM4, st);
		else if (st->n > 1 && !strcmp(st->w[1].text, "ipv6-name"))
			zpf_old_seen(ld, ZPF_FAM6, st);
		if (!patterns[0].n)
			patterns_read();
		second = second_of(st);
		ld->second = second;
		ld->today = *st->w[0].text == 'f' && second < N_SECONDS;
	}
	while ((left = rows_left(rows_of[second], st) & ~done)) {
		const size_t i = (size_t)__builtin_ctz(left);
		const struct old_row *row = &old_rows[i];
		const size_t n = patterns[i].n;

		done = (2u << i) - 1;
		if (!pattern_fits(&patterns[i], st))
			continue;
		if (row->what == OLD_IGNORE) {
			zpf_load_say(ld, ZPF_DIAG_WARNING, st, n - 1,
				     "%s is ignored: it has no meaning here",
				     st->w[n - 1].text);
			return ZPF_OLD_DONE;
		}
		if (!row_apply(ld, row, st, n))
			return zpf_old_fail(ld, st, at, st->n - 1,
				    "too many words in one statement");
		second = second_of(st);
		if (row->what == OLD_OFF) {
			if (st->del)
				return ZPF_OLD_DONE;
			st->del = true;
			st->quiet = true;
		}
	}
	if (!ld->today && !strcmp(st->w[0].text, "zone-policy") && st->n > 1)
		return zpf_old_fail(ld, st, at, 1, "unknown word after zone-policy; expected zone");
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

	for (size_t i = 0; i < N_ROWS; i++) {
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
