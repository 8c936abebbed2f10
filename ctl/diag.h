/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Diagnostics: errors and warnings about a configuration, collected in order
 * so that one run reports them all, for people and as JSON.
 */
#ifndef ZPF_CTL_DIAG_H
#define ZPF_CTL_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "policy.h"

enum zpf_severity {
	ZPF_DIAG_ERROR,
	ZPF_DIAG_WARNING,
};

/**
 * struct zpf_diag_entry - one finding
 * @severity: error or warning
 * @where: place; file NULL where there is none
 * @path: configuration path it is about ("firewall zone IOT"), or NULL
 * @message: one lower-case clause
 * @witness: a packet that shows it, as arguments of `zpfctl test`, or NULL
 */
struct zpf_diag_entry {
	enum zpf_severity severity;
	struct zpf_where where;
	char *path;
	char *message;
	char *witness;
};

/** struct zpf_diag - findings in the order they were made */
struct zpf_diag {
	struct zpf_diag_entry *entries;
	size_t n, cap;
	size_t n_errors, n_warnings;
};

/**
 * zpf_diag_add() - add a finding
 * @d: the collection
 * @severity: error or warning
 * @where: place, or NULL
 * @path: configuration path, copied, or NULL
 * @fmt: the message
 */
__attribute__((format(printf, 5, 6)))
void zpf_diag_add(struct zpf_diag *d, enum zpf_severity severity,
		  const struct zpf_where *where, const char *path,
		  const char *fmt, ...);

/**
 * zpf_diag_witness() - give the last finding a packet that shows it
 * @d: the collection
 * @witness: arguments of `zpfctl test`, copied; NULL: there is none
 */
void zpf_diag_witness(struct zpf_diag *d, const char *witness);

/** zpf_diag_free() - free what a collection holds (not @d itself) */
void zpf_diag_free(struct zpf_diag *d);

/**
 * zpf_diag_print() - print every finding, one a line, for people
 *
 * "error: FILE:LINE:COL: MESSAGE (PATH)" and "warning: FILE:LINE:COL: MESSAGE".
 */
void zpf_diag_print(const struct zpf_diag *d, FILE *out);

#endif /* ZPF_CTL_DIAG_H */
