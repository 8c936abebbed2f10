/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results for people and for programs. One row writer prints the same cells
 * as an aligned table or as JSON objects; a small JSON writer makes what
 * stands around the rows. Knows nothing of policies or netlink.
 */
#ifndef ZPF_CTL_OUT_H
#define ZPF_CTL_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ZPF_OUT_DEPTH 16

/**
 * struct zpf_out - an output
 * @f: stream, not owned
 * @json: objects instead of tables
 * @color: escape sequences may be used
 * @depth: open JSON objects and arrays
 * @comma: per depth: something was written before
 */
struct zpf_out {
	FILE *f;
	bool json;
	bool color;
	int depth;
	bool comma[ZPF_OUT_DEPTH];
};

/**
 * zpf_out_init() - set an output up
 * @o: the output
 * @f: stream
 * @json: objects instead of tables
 * @no_color: never use colour; else it is used on a terminal if the
 *	environment has no NO_COLOR
 */
void zpf_out_init(struct zpf_out *o, FILE *f, bool json, bool no_color);

/* JSON: @key is NULL inside an array and for the outermost object. */

/** zpf_json_open() - open an object ('{') or an array ('[') */
void zpf_json_open(struct zpf_out *o, const char *key, char kind);
/** zpf_json_close() - close it, @kind as it was opened; the outermost one ends the line */
void zpf_json_close(struct zpf_out *o, char kind);
/** zpf_json_string() - a string, escaped; NULL: null */
void zpf_json_string(struct zpf_out *o, const char *key, const char *value);
/** zpf_json_uint() - a whole number */
void zpf_json_uint(struct zpf_out *o, const char *key, uint64_t value);
/** zpf_json_bool() - true or false */
void zpf_json_bool(struct zpf_out *o, const char *key, bool value);
/** zpf_json_null() - null */
void zpf_json_null(struct zpf_out *o, const char *key);

/* struct zpf_col.flags */
enum {
	ZPF_COL_RIGHT	= 1 << 0,	/* aligned right: numbers */
	ZPF_COL_ACTION	= 1 << 1,	/* accept, drop, reject in colour */
	ZPF_COL_TABLE	= 1 << 2,	/* not in JSON */
	ZPF_COL_JSON	= 1 << 3,	/* not in tables */
};

/**
 * struct zpf_col - a column
 * @head: heading in tables
 * @key: field name in JSON; NULL: @head in lower case
 * @flags: ZPF_COL_*
 */
struct zpf_col {
	const char *head;
	const char *key;
	unsigned int flags;
};

/** struct zpf_rows - rows being written; fields are the writer's own */
struct zpf_rows {
	struct zpf_out *o;
	const struct zpf_col *cols;
	size_t n_cols;
	size_t at;		/* column of the next cell */
	char **cells;		/* tables: all cells, row by row */
	size_t n_cells, cap;
};

/**
 * zpf_rows_begin() - start a table or a JSON array
 * @r: state
 * @o: the output
 * @key: JSON: name of the array, NULL inside an array
 * @cols: the columns; must outlive @r
 * @n_cols: how many
 *
 * Then every row's cells follow in the order of the columns.
 */
void zpf_rows_begin(struct zpf_rows *r, struct zpf_out *o, const char *key,
		    const struct zpf_col *cols, size_t n_cols);
/** zpf_rows_text() - a cell; NULL: "-" or null */
void zpf_rows_text(struct zpf_rows *r, const char *text);
/** zpf_rows_uint() - a cell with a whole number */
void zpf_rows_uint(struct zpf_rows *r, uint64_t value);
/** zpf_rows_bool() - a cell: "yes", "no" or true, false */
void zpf_rows_bool(struct zpf_rows *r, bool value);
/**
 * zpf_rows_time() - a cell with a point in time
 * @r: the rows
 * @unix_ns: time for JSON, in ns since 1970; 0: never
 * @age_ns: how long ago that is, for tables
 */
void zpf_rows_time(struct zpf_rows *r, uint64_t unix_ns, uint64_t age_ns);
/** zpf_rows_end() - print the table or close the array; frees the rows */
void zpf_rows_end(struct zpf_rows *r);

/**
 * zpf_out_heading() - a line above a table, bold on a terminal; not in JSON
 * @o: the output
 * @text: the line
 */
void zpf_out_heading(struct zpf_out *o, const char *text);

/* Enough for any string the two functions below make. */
#define ZPF_TIME_LEN 40

/** zpf_time_rfc3339() - ns since 1970 as "2026-01-31T12:00:00Z" */
const char *zpf_time_rfc3339(char buf[ZPF_TIME_LEN], uint64_t unix_ns);
/** zpf_time_age() - a span as "2 s", "1 m", "3 h", "4 d" */
const char *zpf_time_age(char buf[ZPF_TIME_LEN], uint64_t ns);

#endif /* ZPF_CTL_OUT_H */
