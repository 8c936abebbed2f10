/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the language share: text in, findings, policy and printed
 * text out. Include it first; it brings cmocka.
 */
#ifndef ZPF_SELFTESTS_TEST_H
#define ZPF_SELFTESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "config.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define CONFIGS "../configs/"

/** struct job - a configuration being tested */
struct job {
	struct zpf_config *cfg;
	struct zpf_diag diag;
	struct zpf_policy *policy;
	int ret;	/* of the last read */
};

__attribute__((unused))
static void job_read(struct job *j, const char *text, size_t len,
		     const char *name)
{
	FILE *in;

	if (!j->cfg)
		j->cfg = zpf_config_new();
	in = fmemopen((void *)(len ? text : "\n"), len ? len : 1, "r");
	assert_non_null(in);
	j->ret = zpf_config_read(j->cfg, in, name, &j->diag);
	fclose(in);
}

__attribute__((unused))
static void job_text(struct job *j, const char *text)
{
	job_read(j, text, strlen(text), "t");
}

__attribute__((unused))
static void job_file(struct job *j, const char *path)
{
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	if (!j->cfg)
		j->cfg = zpf_config_new();
	j->ret = zpf_config_read(j->cfg, in, path, &j->diag);
	fclose(in);
}

__attribute__((unused))
static struct zpf_policy *job_compile(struct job *j, unsigned int flags)
{
	zpf_policy_free(j->policy);
	j->policy = zpf_config_compile(j->cfg, flags, &j->diag);
	return j->policy;
}

/* Free the result. */
__attribute__((unused))
static char *job_emit(struct job *j, enum zpf_config_form form,
		      unsigned int flags)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	zpf_config_emit(j->cfg, out, form, flags);
	fclose(out);
	return text;
}

__attribute__((unused))
static void job_end(struct job *j)
{
	zpf_policy_free(j->policy);
	zpf_config_free(j->cfg);
	zpf_diag_free(&j->diag);
	memset(j, 0, sizeof(*j));
}

/* The finding at line:col with @part in its message, NULL where there is none. */
__attribute__((unused))
static const struct zpf_diag_entry *job_find(const struct job *j,
					     enum zpf_severity severity,
					     unsigned int line,
					     unsigned int col, const char *part)
{
	for (size_t i = 0; i < j->diag.n; i++) {
		const struct zpf_diag_entry *e = &j->diag.entries[i];

		if (e->severity == severity && e->where.line == line &&
		    (!col || e->where.col == col) && strstr(e->message, part))
			return e;
	}
	return NULL;
}

/* Like job_find(), and fails with all there is where there is no such one. */
__attribute__((unused))
static const struct zpf_diag_entry *job_expect(const struct job *j,
					       enum zpf_severity severity,
					       unsigned int line,
					       unsigned int col,
					       const char *part)
{
	const struct zpf_diag_entry *e = job_find(j, severity, line, col, part);

	if (!e) {
		zpf_diag_print(&j->diag, stderr);
		fail_msg("no %s at %u:%u with \"%s\"",
			 severity == ZPF_DIAG_ERROR ? "error" : "warning", line,
			 col, part);
	}
	return e;
}

/* @have is what the golden file holds; GOLDEN=write makes it so. */
__attribute__((unused))
static void job_golden(const char *path, const char *have)
{
	FILE *f = getenv("GOLDEN") ? fopen(path, "w") : NULL;
	char *want = NULL;
	size_t len = 0;

	if (f) {
		fputs(have, f);
		fclose(f);
	}
	f = fopen(path, "r");
	assert_non_null(f);
	if (getdelim(&want, &len, '\0', f) < 0)
		assert_true(feof(f));
	fclose(f);
	assert_string_equal(have, want ? want : "");
	free(want);
}

#endif /* ZPF_SELFTESTS_TEST_H */
