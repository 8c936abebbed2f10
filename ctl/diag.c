// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collects the findings about a configuration and prints them for people. The
 * language files add, the commands print. Sorts nothing, drops nothing.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

static void oom(void)
{
	fputs("zpfctl: out of memory\n", stderr);
	abort();
}

/**
 * zpf_diag_add() - add a finding
 * @d: the collection
 * @severity: error or warning
 * @where: place, or NULL
 * @path: configuration path, copied, or NULL
 * @fmt: the message
 */
void zpf_diag_add(struct zpf_diag *d, enum zpf_severity severity,
		  const struct zpf_where *where, const char *path,
		  const char *fmt, ...)
{
	struct zpf_diag_entry *e;
	va_list ap;

	if (d->n == d->cap) {
		size_t cap = d->cap ? 2 * d->cap : 16;

		e = realloc(d->entries, cap * sizeof(*e));
		if (!e)
			oom();
		d->entries = e;
		d->cap = cap;
	}
	e = &d->entries[d->n];
	memset(e, 0, sizeof(*e));
	e->severity = severity;
	if (where)
		e->where = *where;
	if (path && !(e->path = strdup(path)))
		oom();
	va_start(ap, fmt);
	if (vasprintf(&e->message, fmt, ap) < 0)
		oom();
	va_end(ap);
	d->n++;
	if (severity == ZPF_DIAG_ERROR)
		d->n_errors++;
	else
		d->n_warnings++;
}

/**
 * zpf_diag_witness() - give the last finding a packet that shows it
 * @d: the collection
 * @witness: arguments of `zpfctl test`, copied; NULL: there is none
 */
void zpf_diag_witness(struct zpf_diag *d, const char *witness)
{
	struct zpf_diag_entry *e = &d->entries[d->n - 1];

	if (witness && !(e->witness = strdup(witness)))
		oom();
}

/** zpf_diag_free() - free what a collection holds (not @d itself) */
void zpf_diag_free(struct zpf_diag *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->entries[i].path);
		free(d->entries[i].message);
		free(d->entries[i].witness);
	}
	free(d->entries);
	memset(d, 0, sizeof(*d));
}

/**
 * zpf_diag_print() - print every finding, one a line, for people
 * @d: the findings
 * @out: where to
 */
void zpf_diag_print(const struct zpf_diag *d, FILE *out)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct zpf_diag_entry *e = &d->entries[i];

		fputs(e->severity == ZPF_DIAG_ERROR ? "error: " : "warning: ",
		      out);
		if (e->where.file && e->where.line)
			fprintf(out, "%s:%u:%u: ", e->where.file,
				e->where.line, e->where.col);
		else if (e->where.file)
			fprintf(out, "%s: ", e->where.file);
		fputs(e->message, out);
		/* a warning names what it is about */
		if (e->severity == ZPF_DIAG_ERROR && e->path && *e->path)
			fprintf(out, " (%s)", e->path);
		putc('\n', out);
	}
}
