// SPDX-License-Identifier: GPL-2.0-only
/*
 * Printing is the inverse of reading: for every sample, for every row of the
 * schema, in both forms; and what is printed for the samples stays what it was
 * (golden files, written anew by `make golden`). The same walk over the schema
 * holds that what is known and not enforced is refused, or listed when asked.
 */
#include "test.h"

#include "schema.h"
#include "wire.h"

static const char *const samples[] = {
	"home-router.set", "branch-office.set", "ipsec-gateway.set",
	"iot-vpn-change.set", "ipsec-relay.boot",
};

static void same_again(struct job *j, enum zpf_config_form form)
{
	char *text = job_emit(j, form, 0), *text2;
	struct job again = { 0 };

	job_text(&again, text);
	if (again.diag.n)
		zpf_diag_print(&again.diag, stderr);
	assert_int_equal(again.ret, 0);
	assert_int_equal(again.diag.n, 0);
	for (int f = ZPF_FORM_SET; f <= ZPF_FORM_BRACE; f++) {
		char *one = job_emit(j, (enum zpf_config_form)f, 0);

		text2 = job_emit(&again, (enum zpf_config_form)f, 0);
		assert_string_equal(one, text2);
		free(one);
		free(text2);
	}
	free(text);
	job_end(&again);
}

/* ... and to the same tables, sets, zones and pairs, flattened again. */
static void same_policy_again(struct job *j, enum zpf_config_form form)
{
	static const unsigned int flags = ZPF_COMPILE_FORCE | ZPF_COMPILE_SKIP_UNENFORCED;
	char *text = job_emit(j, form, 0);
	struct job again = { 0 };

	job_text(&again, text);
	job_compile(j, flags);
	job_compile(&again, flags);
	same_to_the_kernel(j, &again);
	job_end(&again);
	free(text);

	/* the kernel's own copy of the text is such a text */
	job_read(&again, j->policy->source, j->policy->source_len, "source");
	assert_int_equal(again.diag.n, 0);
	job_compile(&again, flags);
	same_to_the_kernel(j, &again);
	job_end(&again);
}

static void samples_round_trip(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		char path[128];
		struct job j = { 0 };

		snprintf(path, sizeof(path), CONFIGS "%s", samples[i]);
		job_file(&j, path);
		assert_int_equal(j.ret, 0);
		same_again(&j, ZPF_FORM_SET);
		same_again(&j, ZPF_FORM_BRACE);
		/* a change record is a policy with what it changes */
		if (!strncmp(samples[i], "iot-vpn-", 8))
			job_file(&j, CONFIGS "home-router.set");
		same_policy_again(&j, ZPF_FORM_SET);
		same_policy_again(&j, ZPF_FORM_BRACE);
		job_end(&j);
	}
}

static void golden(void **state)
{
	static const char *const ext[] = { "set", "boot" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		for (int f = ZPF_FORM_SET; f <= ZPF_FORM_BRACE; f++) {
			char path[160], *have;
			struct job j = { 0 };

			snprintf(path, sizeof(path), CONFIGS "%s", samples[i]);
			job_file(&j, path);
			have = job_emit(&j, (enum zpf_config_form)f, 0);
			snprintf(path, sizeof(path), "golden/%.*s.%s",
				 (int)strcspn(samples[i], "."), samples[i],
				 ext[f]);
			job_golden(path, have);
			free(have);
			job_end(&j);
		}
}

/* A value each kind takes; NULL: the kind has none. */
static const char *const values[ZPF_KIND_N] = {
	[ZPF_KIND_TEXT] = "it's \"quoted\" \\ #{/* */}",
	[ZPF_KIND_OTHER] = "x y",
	[ZPF_KIND_ZONE] = "Z-1",
	[ZPF_KIND_RULESET] = "R.1",
	[ZPF_KIND_GROUP] = "_G+1",
	[ZPF_KIND_GROUPREF] = "!G",
	[ZPF_KIND_IFNAME] = "eth1.*",
	[ZPF_KIND_IFMATCH] = "!eth1*",
	[ZPF_KIND_VRF] = "red",
	[ZPF_KIND_MEMBER4] = "10.0.0.1-10.0.0.9",
	[ZPF_KIND_MEMBER6] = "2001:db8::1",
	[ZPF_KIND_PREFIX4] = "0.0.0.0/0",
	[ZPF_KIND_PREFIX6] = "::/0",
	[ZPF_KIND_PORTS] = "80,!443,1-9,ssh",
	[ZPF_KIND_PORT] = "imaps",
	[ZPF_KIND_PROTO] = "!tcp_udp",
	[ZPF_KIND_MSS] = "pmtu",
	[ZPF_KIND_MAC] = "00:11:22:aa:bb:cc",
	[ZPF_KIND_NOTMAC] = "!00:11:22:aa:bb:cc",
	[ZPF_KIND_RATE] = "5/minute",
	[ZPF_KIND_ICMP4] = "echo-request",
	[ZPF_KIND_ICMP6] = "packet-too-big",
	[ZPF_KIND_DOMAIN] = "_dmarc.Example.com",
	[ZPF_KIND_DOMAINREF] = "!example.com",
	[ZPF_KIND_COUNTRY] = "de",
	[ZPF_KIND_URL] = "https://example.com/list?a=1",
	[ZPF_KIND_TIME] = "90m",
	[ZPF_KIND_DATE] = "2026-12-24T18:00:00",
	[ZPF_KIND_DAYTIME] = "23:59:59",
	[ZPF_KIND_WEEKDAYS] = "!Sat,Sun",
};

static void value_of(const struct zpf_schema *s, bool v6, char *buf, size_t size)
{
	const char *v = values[s->kind];

	if (s->kind == ZPF_KIND_NUM)
		snprintf(buf, size, "%u", s->row ? s->row->hi : 7);
	else if (s->kind == ZPF_KIND_SPAN || s->kind == ZPF_KIND_NOTSPAN)
		snprintf(buf, size, "%s%u-%u", s->kind == ZPF_KIND_NOTSPAN ? "!" : "",
			 s->row->lo, s->row->hi);
	else if (s->kind == ZPF_KIND_WORD || s->kind == ZPF_KIND_MASK ||
		 s->kind == ZPF_KIND_CODE || s->kind == ZPF_KIND_CODENUM)
		snprintf(buf, size, "%s", s->row->words[0].word);
	else if (s->kind == ZPF_KIND_ADDRMASK)
		snprintf(buf, size, "%s", v6 ? "::ffff" : "0.0.0.255");
	else if (s->kind == ZPF_KIND_ADDR)
		snprintf(buf, size, "%s", v6 ? "!2001:db8::/32" : "!10.0.0.0/8");
	else
		snprintf(buf, size, "%s", v ? v : "");
}

static void quoted(FILE *out, const char *s)
{
	fputs(" '", out);
	for (; *s; s++)
		fputs(*s == '\'' ? "'\\''" : (char[]){ *s, '\0' }, out);
	putc('\'', out);
}

static size_t n_statements;
static const struct zpf_schema *on_path[64];	/* of the statement walked to */
static size_t n_on_path;
static const struct zpf_schema_row *known[256];	/* rows refused as they must be */
static size_t n_known;
static FILE *seed;	/* every statement, for the fuzzer; with GOLDEN set */

/* The keyword of @s, or what of its words is not enforced. */
static bool is_known(const struct zpf_schema *s, const char *value)
{
	const struct zpf_word *w;

	if (s->flags & ZPF_S_UNENFORCED)
		return true;
	w = s->row && s->row->words && *value ?
		zpf_word_find(s->row->words, value) : NULL;
	return w && w->unenforced;
}

/* Refused by name unless asked to be left out, and then listed. */
static void refused_and_skipped(struct job *j, const char *text, bool must)
{
	bool error = false, warning = false;
	size_t i = 0;

	assert_null(job_compile(j, ZPF_COMPILE_FORCE) && must ? "loaded" : NULL);
	for (; i < j->diag.n; i++)
		error |= j->diag.entries[i].severity == ZPF_DIAG_ERROR &&
			j->diag.entries[i].where.line == 1 &&
			j->diag.entries[i].where.col > strlen("set firewall ") &&
			strstr(j->diag.entries[i].message, "known but not enforced yet: ");
	job_compile(j, ZPF_COMPILE_FORCE | ZPF_COMPILE_SKIP_UNENFORCED);
	for (; i < j->diag.n; i++) {
		assert_null(strstr(j->diag.entries[i].message, "known but"));
		warning |= j->diag.entries[i].severity == ZPF_DIAG_WARNING &&
			strstr(j->diag.entries[i].message, "not enforced yet");
		assert_false(must && j->diag.entries[i].severity == ZPF_DIAG_ERROR);
	}
	if (error != must || warning != must)
		fail_msg("error %d, warning %d for: %s", error, warning, text);
}

/* The rows of the statement walked to that are known only. */
static bool note_known(const char *value)
{
	bool any = false;

	for (size_t i = 0; i < n_on_path; i++) {
		const struct zpf_schema_row *row = on_path[i]->row;
		size_t k = 0;

		any |= is_known(on_path[i], i + 1 == n_on_path ? value : "");
		if (!row || !(row->flags & ZPF_S_UNENFORCED))
			continue;
		while (k < n_known && known[k] != row)
			k++;
		assert_true(k < ARRAY_LEN(known));
		if (k == n_known)
			known[n_known++] = row;
	}
	return any;
}

static void statement(const char *prefix, bool leaf, const char *value)
{
	struct job j = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fputs(prefix, out);
	if (leaf)
		quoted(out, value);
	putc('\n', out);
	fclose(out);

	job_text(&j, text);
	if (j.diag.n)
		zpf_diag_print(&j.diag, stderr);
	assert_int_equal(j.ret, 0);
	same_again(&j, ZPF_FORM_SET);
	same_again(&j, ZPF_FORM_BRACE);
	refused_and_skipped(&j, text, note_known(value));
	job_end(&j);
	n_statements++;
	if (seed)
		fputs(text, seed);
	free(text);
}

/* Every statement below @s, each as a configuration of its own. */
static void walk(const struct zpf_schema *s, const char *prefix, uint8_t family)
{
	const bool v6 = family == 10;
	char value[256], *text = NULL;
	bool node = s->n_kids || s->instance_of;
	const struct zpf_word *w;
	size_t len;
	FILE *out;

	assert_true(n_on_path < ARRAY_LEN(on_path));
	on_path[n_on_path++] = s;

	/* the same rows again, but for those of bridged frames */
	if (s->row && s->row->sub && s->row->flags & ZPF_S_UNENFORCED &&
	    strcmp(prefix, "set firewall bridge name 'R.1'"))
		node = false;
	for (size_t i = 0; node && i < s->n_kids; i++) {
		char *path = NULL;

		if (!zpf_schema_kid(s, s->kids[i]->word, family))
			continue;
		assert_true(asprintf(&path, "%s %s", prefix,
				     s->kids[i]->word) > 0);
		walk(s->kids[i], path, family);
		free(path);
	}
	if (s->instance_of) {
		out = open_memstream(&text, &len);
		fputs(prefix, out);
		value_of(s->instance_of, v6, value, sizeof(value));
		quoted(out, value);
		fclose(out);
		walk(s->instance_of, text, family);
		free(text);
	}
	if (node) {
		n_on_path--;
		return;
	}
	value_of(s, v6, value, sizeof(value));
	statement(prefix, zpf_schema_leaf(s), value);
	for (w = s->row ? s->row->words : NULL; w && w->word && zpf_schema_leaf(s); w++)
		if (w->unenforced)
			statement(prefix, true, w->word);
	n_on_path--;
}

static void every_row_round_trips(void **state)
{
	const struct zpf_schema *root = zpf_schema_root();
	const struct zpf_schema_row *row;
	size_t n_rows, n = 0;

	(void)state;
	if (getenv("GOLDEN"))
		seed = fopen("seeds/every-statement.set", "w");
	for (size_t i = 0; i < root->n_kids; i++) {
		char prefix[64];

		snprintf(prefix, sizeof(prefix), "set firewall %s",
			 root->kids[i]->word);
		walk(root->kids[i], prefix,
		     !strcmp(root->kids[i]->word, "ipv6") ? 10 :
		     !strcmp(root->kids[i]->word, "ipv4") ? 2 : 0);
	}
	row = zpf_schema_rows(&n_rows);
	assert_true(n_statements > n_rows);
	/* every row that is only known was refused by name, and skipped */
	for (size_t i = 0; i < n_rows; i++)
		n += !!(row[i].flags & ZPF_S_UNENFORCED);
	assert_int_equal(n_known, n);
	if (seed)
		fclose(seed);
}

static void vyos_leaves_out_ours(void **state)
{
	struct job j = { 0 };
	char *text;

	(void)state;
	job_text(&j, "set firewall global-options log-limit rate 5/minute\n"
		 "set firewall global-options unassigned accept\n"
		 "set firewall global-options neighbour-discovery filter\n"
		 "set firewall global-options router-errors filter\n"
		 "set firewall zone A local-zone\n");
	text = job_emit(&j, ZPF_FORM_SET, ZPF_EMIT_VYOS);
	assert_string_equal(text, "set firewall zone A local-zone\n");
	free(text);
	text = job_emit(&j, ZPF_FORM_BRACE, ZPF_EMIT_VYOS);
	assert_string_equal(text, "firewall {\n    zone A {\n        local-zone\n    }\n}\n");
	free(text);
	job_end(&j);
}

static void canonical_order(void **state)
{
	struct job j = { 0 };
	char *text;

	(void)state;
	job_text(&j, "set firewall ipv4 name B rule 100 action drop\n"
		 "set firewall ipv4 name B rule 20 action drop\n"
		 "set firewall ipv4 name B rule 3 action drop\n"
		 "set firewall zone Z10 member interface eth10\n"
		 "set firewall zone Z9 member interface eth9\n"
		 "set firewall zone Z9 member interface eth2\n");
	text = job_emit(&j, ZPF_FORM_SET, 0);
	assert_string_equal(text, "set firewall ipv4 name B rule 3 action 'drop'\n"
			    "set firewall ipv4 name B rule 20 action 'drop'\n"
			    "set firewall ipv4 name B rule 100 action 'drop'\n"
			    "set firewall zone Z9 member interface 'eth2'\n"
			    "set firewall zone Z9 member interface 'eth9'\n"
			    "set firewall zone Z10 member interface 'eth10'\n");
	free(text);
	job_end(&j);
}

static void source_is_the_firewall_only(void **state)
{
	struct job j = { 0 };
	char *text;

	(void)state;
	job_file(&j, CONFIGS "home-router.set");
	assert_non_null(job_compile(&j, 0));
	text = job_emit(&j, ZPF_FORM_SET, 0);
	assert_string_equal(text, j.policy->source);
	assert_int_equal(strlen(text), j.policy->source_len);
	assert_null(strstr(text, "masquerade"));
	assert_null(strstr(text, "dhcp"));
	free(text);
	job_end(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_round_trip),
		cmocka_unit_test(golden),
		cmocka_unit_test(every_row_round_trips),
		cmocka_unit_test(vyos_leaves_out_ours),
		cmocka_unit_test(canonical_order),
		cmocka_unit_test(source_is_the_firewall_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
