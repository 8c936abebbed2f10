// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the language: any bytes are read, compiled and, where they are a
 * configuration, printed in both forms and read back to the same text and the
 * same policy. With
 * REPLAY defined it is a program that feeds files, for compilers without a
 * fuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *emit(const struct zpf_config *cfg, enum zpf_config_form form,
		  size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (!out)
		abort();
	zpf_config_emit(cfg, out, form, 0);
	fclose(out);
	return text;
}

static struct zpf_config *read_text(const char *text, size_t len, int *ret,
				    struct zpf_diag *diag)
{
	struct zpf_config *cfg = zpf_config_new();
	FILE *in = fmemopen((void *)(len ? text : "\n"), len ? len : 1, "r");

	if (!in)
		abort();
	*ret = zpf_config_read(cfg, in, "fuzz", diag);
	fclose(in);
	return cfg;
}

static struct zpf_policy *compile(struct zpf_config *cfg)
{
	struct zpf_diag diag = { 0 };
	struct zpf_policy *p;

	p = zpf_config_compile(cfg, ZPF_COMPILE_SKIP_UNENFORCED | ZPF_COMPILE_FORCE,
			       &diag);
	zpf_diag_free(&diag);
	return p;
}

/* As far as it shows without comparing every field: test_emit does that. */
static void same_policy(struct zpf_config *a, struct zpf_config *b)
{
	struct zpf_policy *p = compile(a), *q = compile(b);

	if (!p != !q)
		abort();
	if (p && (p->n_tables != q->n_tables || p->n_sets != q->n_sets ||
		  p->n_rules != q->n_rules || p->n_pairs != q->n_pairs ||
		  p->source_len != q->source_len ||
		  memcmp(p->source, q->source, p->source_len)))
		abort();
	for (size_t i = 0; p && i < p->n_tables; i++)
		if (p->tables[i].n_rules != q->tables[i].n_rules)
			abort();
	zpf_policy_free(p);
	zpf_policy_free(q);
}

/* What is printed loads back to what prints the same, and is the same. */
static void round_trip(struct zpf_config *cfg, enum zpf_config_form form)
{
	struct zpf_diag diag = { 0 };
	struct zpf_config *again;
	size_t len, len2;
	char *text = emit(cfg, form, &len), *text2;
	int ret;

	again = read_text(text, len, &ret, &diag);
	zpf_diag_free(&diag);
	if (ret)
		abort();
	text2 = emit(again, form, &len2);
	if (len != len2 || memcmp(text, text2, len))
		abort();
	same_policy(cfg, again);
	free(text);
	free(text2);
	zpf_config_free(again);
}

/* The same errors, but for the lines they are on. */
static void same_errors(const struct zpf_diag *a, const struct zpf_diag *b)
{
	if (a->n_errors != b->n_errors || a->n != b->n)
		abort();
	for (size_t i = 0; i < a->n; i++) {
		const struct zpf_diag_entry *x = &a->entries[i], *y = &b->entries[i];

		if (x->severity != y->severity || x->where.col != y->where.col ||
		    (x->severity == ZPF_DIAG_ERROR && strcmp(x->message, y->message)))
			abort();
	}
}

/*
 * A line says the same whatever line it follows: that it was read by what it
 * has in common with the one before does not show.
 */
static void line_by_line(struct zpf_config *cfg, const char *text, size_t len,
			 const struct zpf_diag *diag)
{
	char *apart = malloc(2 * len + 1), *a, *b;
	struct zpf_diag apart_diag = { 0 };
	struct zpf_config *again;
	size_t n = 0, len_a, len_b;
	int ret;

	if (!apart)
		abort();
	for (size_t i = 0; i < len; i++) {
		apart[n++] = text[i];
		if (text[i] == '\n')
			apart[n++] = '\n';
	}
	again = read_text(apart, n, &ret, &apart_diag);
	same_errors(diag, &apart_diag);
	a = emit(cfg, ZPF_FORM_SET, &len_a);
	b = emit(again, ZPF_FORM_SET, &len_b);
	if (len_a != len_b || memcmp(a, b, len_a))
		abort();
	free(a);
	free(b);
	free(apart);
	zpf_diag_free(&apart_diag);
	zpf_config_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned int flags[] = {
		0, ZPF_COMPILE_SKIP_UNENFORCED | ZPF_COMPILE_FORCE
	};
	struct zpf_diag read_diag = { 0 };
	struct zpf_config *cfg;
	int ret;

	cfg = read_text((const char *)data, size, &ret, &read_diag);
	line_by_line(cfg, (const char *)data, size, &read_diag);
	zpf_diag_free(&read_diag);
	for (size_t i = 0; i < 2; i++) {
		struct zpf_diag diag = { 0 };
		struct zpf_policy *p;

		p = zpf_config_compile(cfg, flags[i], &diag);
		if (!p && !diag.n_errors)
			abort();
		if (p)
			zpf_config_check_present(p, NULL, 0, &diag);
		zpf_policy_free(p);
		zpf_diag_free(&diag);
	}
	if (!ret) {
		round_trip(cfg, ZPF_FORM_SET);
		round_trip(cfg, ZPF_FORM_BRACE);
	}
	zpf_config_free(cfg);
	return 0;
}

#ifdef REPLAY
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *in = fopen(argv[i], "rb");
		static uint8_t buf[1 << 20];
		size_t n;

		if (!in) {
			perror(argv[i]);
			return 1;
		}
		n = fread(buf, 1, sizeof(buf), in);
		fclose(in);
		LLVMFuzzerTestOneInput(buf, n);
	}
	return 0;
}
#endif
