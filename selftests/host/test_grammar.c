// SPDX-License-Identifier: GPL-2.0-only
/*
 * The language read aloud: every word of the schema is listed where it may
 * stand, every row and old spelling is in the manual page.
 */
#include "test.h"

#include "grammar.h"
#include "schema.h"

/* What zpf_grammar_list() prints as an object, NULL where it refuses. */
static char *list(const char *path, char *err, size_t size)
{
	char *copy = strdup(path), *words[64], *save = NULL, *text = NULL;
	struct zpf_out o = { .json = true };
	size_t len;
	int n = 0, ret;

	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		words[n++] = w;
	o.f = open_memstream(&text, &len);
	assert_non_null(o.f);
	ret = zpf_grammar_list(&o, n, words, err, size);
	fclose(o.f);
	free(copy);
	if (!ret)
		return text;
	assert_int_equal(len, 0);
	free(text);
	return NULL;
}

static void has(const char *text, const char *word, const char *path)
{
	char key[256];

	snprintf(key, sizeof(key), "{\"word\":\"%s\",", word);
	if (!strstr(text, key))
		fail_msg("%s is not listed after %s: %s", word, path, text);
}

static size_t n_words;

static void walk(const struct zpf_schema *s, const char *path, uint8_t family)
{
	char err[1600], *text = list(path, err, sizeof(err));
	const struct zpf_word *w = s->row ? s->row->words : NULL;

	if (!text)
		fail_msg("%s: %s", path, err);
	for (; w && w->word && zpf_schema_leaf(s); w++)
		has(text, w->word, path);
	if (s->instance_of) {
		char *next;

		has(text, s->instance_of->word, path);
		assert_true(asprintf(&next, "%s %s", path, s->instance_of->word) > 0);
		walk(s->instance_of, next, family);
		free(next);
	}
	for (size_t i = 0; i < s->n_kids; i++) {
		const char *word = s->kids[i]->word;
		char *next;

		if (!zpf_schema_kid(s, word, family))
			continue;
		has(text, word, path);
		n_words++;
		assert_true(asprintf(&next, "%s %s", path, word) > 0);
		walk(s->kids[i], next, strcmp(path, "firewall") ? family :
		     !strcmp(word, "ipv4") ? 2 : !strcmp(word, "ipv6") ? 10 : 0);
		free(next);
	}
	free(text);
}

static void every_word_is_listed(void **state)
{
	(void)state;
	walk(zpf_schema_root(), "firewall", 0);
	assert_true(n_words > 300);
}

struct row {
	const char *path, *part;	/* @part of the list, or of the refusal */
	bool refused;
};

static const struct row rows[] = {
	{ "", "{\"word\":\"zone\",\"value\":\"a zone name\"," },
	{ "zone", "{\"word\":\"<zone>\",\"value\":\"a zone name\"," },
	{ "zone Z member", "\"several\":true,\"what\":\"VRF in the zone\"" },
	{ "ipv4 name A rule", "\"value\":\"a number 1-999999\"" },
	{ "ipv4 name A rule 10 action", "{\"word\":\"queue\",\"value\":null,\"vyos\":true,\"enforced\":false," },
	{ "ipv4 name A rule 10 protocol", "{\"word\":\"<value>\",\"value\":\"a protocol name" },
	{ "ipv4 name A rule 10 log", "{\"words\":[]}" },
	{ "ipv4 name A rule 10 action drop", "{\"words\":[]}" },
	{ "global-options", "{\"word\":\"unassigned\",\"value\":null,\"vyos\":true," },
	{ "global-options unassigned", "{\"word\":\"accept\",\"value\":null,\"vyos\":false," },
	{ "zonk", "unknown word 'zonk'; expected bridge, ", true },
	{ "ipv4 name A rule 10 icmpv6", "unknown word 'icmpv6'; expected action, ", true },
	{ "ipv4 name A rule 10 log enable", "unknown word 'enable'; expected nothing", true },
	{ "ipv4 name A rule 10 action drop x", "unknown word 'x'; expected nothing", true },
	{ "ipv4 name A rule 10 action allow", "bad value 'allow'; expected accept, ", true },
	{ "ipv4 name A rule 0", "expected a number 1-999999", true },
};

static void lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char err[1600] = "", *text;

		text = list(rows[i].path, err, sizeof(err));
		if (!text != rows[i].refused ||
		    !strstr(text ? text : err, rows[i].part))
			fail_msg("%s: %s", rows[i].path, text ? text : err);
		free(text);
	}
}

/* The page without the macros between words. */
static char *page(void)
{
	char *text = NULL, *to, *from;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	zpf_grammar_page(out);
	fclose(out);
	for (to = from = text; *from;) {
		if (!strncmp(from, " Cm ", 4) || !strncmp(from, " Ar ", 4))
			from += 3;
		*to++ = *from++;
	}
	*to = '\0';
	return text;
}

static void every_row_is_in_the_page(void **state)
{
	const struct zpf_schema_row *r;
	char *text = page();
	size_t n;

	(void)state;
	r = zpf_schema_rows(&n);
	for (size_t i = 0; i < n; i++) {
		char want[512], *to = want;

		to = stpcpy(to, ".It ");
		for (const char *s = r[i].path; *s; s++)
			if (*s != '<' && *s != '>')
				*to++ = *s;
		strcpy(to, "\n");
		if (!strstr(text, want))
			fail_msg("not in the page: %s", want);
	}
	assert_non_null(strstr(text, ".It zone-policy zone\n.Dl firewall zone\n"));
	assert_non_null(strstr(text, ".It firewall config-trap\nis ignored"));
	assert_non_null(strstr(text, "not enforced yet: queue, offload, synproxy"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_listed),
		cmocka_unit_test(lists),
		cmocka_unit_test(every_row_is_in_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
