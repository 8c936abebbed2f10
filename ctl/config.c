// SPDX-License-Identifier: GPL-2.0-only
/*
 * The front door of the language (config.h): owns the tree, runs parse on
 * texts and model, checks, lint and flatten on the result. Called by the
 * commands; does no work of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config.h"
#include "emit.h"
#include "load.h"
#include "model.h"
#include "parse.h"

/*
 * struct zpf_config - a configuration
 * @failed: a text had errors
 * @times: where the time went
 */
struct zpf_config {
	struct zpf_arena arena;
	struct zpf_node *root;
	bool failed;
	struct zpf_ignored *ignored;
	struct zpf_statements statements;
	struct zpf_times times;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/** zpf_config_new() - an empty configuration */
struct zpf_config *zpf_config_new(void)
{
	struct zpf_config *cfg = calloc(1, sizeof(*cfg));

	if (!cfg) {
		fputs("zpfctl: out of memory\n", stderr);
		abort();
	}
	cfg->root = zpf_tree_add(&cfg->arena, NULL, "", NULL, false, NULL);
	return cfg;
}

/** zpf_config_free() - free a configuration; policies made of it go first */
void zpf_config_free(struct zpf_config *cfg)
{
	if (!cfg)
		return;
	free(cfg->ignored);
	zpf_arena_free(&cfg->arena);
	free(cfg);
}

static char *read_all(FILE *in, size_t *len)
{
	size_t cap = 65536, n;
	char *text = malloc(cap);

	*len = 0;
	while (text && (n = fread(text + *len, 1, cap - *len, in)) > 0) {
		char *more;

		*len += n;
		if (*len < cap)
			continue;
		cap *= 2;
		more = realloc(text, cap);
		if (!more)
			free(text);
		text = more;
	}
	return text;
}

/**
 * zpf_config_read_text() - merge one text that is in memory
 * @cfg: the configuration
 * @text: any bytes
 * @len: how many
 * @name: file name for messages
 * @diag: gets every error and warning of the text
 *
 * Return: 0, or -1 if @diag got errors
 */
int zpf_config_read_text(struct zpf_config *cfg, const char *text, size_t len,
			 const char *name, struct zpf_diag *diag)
{
	struct zpf_load ld = { .arena = &cfg->arena, .root = cfg->root,
		.diag = diag };
	uint64_t start = now_ns();
	size_t before = diag->n_errors;

	ld.file = zpf_arena_strdup(&cfg->arena, name);
	zpf_parse(&ld, text, len);
	zpf_arena_free(&ld.scratch);
	cfg->times.read_ns += now_ns() - start;
	if (diag->n_errors == before)
		return 0;
	cfg->failed = true;
	return -1;
}

/**
 * zpf_config_read() - merge one text, set or brace form, onto a configuration
 * @cfg: the configuration
 * @in: the text; read to its end, not closed
 * @name: file name for messages
 * @diag: gets every error and warning of the text
 *
 * Return: 0, or -1 if @diag got errors
 */
int zpf_config_read(struct zpf_config *cfg, FILE *in, const char *name,
		    struct zpf_diag *diag)
{
	size_t len;
	char *text = read_all(in, &len);
	int ret;

	if (!text || ferror(in)) {
		struct zpf_where where = { .file = zpf_arena_strdup(&cfg->arena, name) };

		zpf_diag_add(diag, ZPF_DIAG_ERROR, &where, NULL,
			     text ? "cannot be read to its end" :
			     "is too large to be read");
		cfg->failed = true;
		ret = -1;
	} else {
		ret = zpf_config_read_text(cfg, text, len, name, diag);
	}
	free(text);
	return ret;
}

/**
 * zpf_config_emit() - print the `firewall` subtree canonically
 * @cfg: the configuration
 * @out: where to
 * @form: set or brace
 * @flags: &enum zpf_config_emit_flags
 */
void zpf_config_emit(const struct zpf_config *cfg, FILE *out,
		     enum zpf_config_form form, unsigned int flags)
{
	zpf_emit(zpf_tree_find(cfg->root, "firewall"), out, form, flags);
}

/* Whether anything would ever be judged. */
static bool filters(const struct zpf_model *m)
{
	if (m->n_zones)
		return true;
	for (int fam = 0; fam < ZPF_FAMS; fam++)
		for (int c = 0; c < ZPF_CHAINS; c++) {
			const struct zpf_ruleset *rs = m->chains[fam][c];

			if (!rs)
				continue;
			if (rs->default_action.v == ZPF_ACTION_DROP)
				return true;
			for (size_t i = 0; i < rs->n_rules; i++)
				if (zpf_rule_live(&rs->rules[i]))
					return true;
		}
	return false;
}

/* By file, then by place; what has no place is last. */
static int cmp_entry(const void *a, const void *b)
{
	const struct zpf_diag_entry *const *x = a, *const *y = b;
	const struct zpf_where *p = &(*x)->where, *q = &(*y)->where;

	if (!p->file != !q->file)
		return p->file ? -1 : 1;
	if (p->file != q->file) {
		int c = strcmp(p->file, q->file);

		if (c)
			return c;
	}
	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	if (p->col != q->col)
		return p->col < q->col ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

/* Findings come up in the order of the checks; tell them in that of the text. */
static void tell(struct zpf_arena *a, const struct zpf_diag *found,
		 struct zpf_diag *diag)
{
	const struct zpf_diag_entry **v;

	v = zpf_arena_alloc(a, (found->n + 1) * sizeof(*v));
	for (size_t i = 0; i < found->n; i++)
		v[i] = &found->entries[i];
	qsort(v, found->n, sizeof(*v), cmp_entry);
	for (size_t i = 0; i < found->n; i++) {
		zpf_diag_add(diag, v[i]->severity, &v[i]->where, v[i]->path,
			     "%s", v[i]->message);
		zpf_diag_witness(diag, v[i]->witness);
	}
}

/* Nanoseconds since @start, which becomes now. */
static uint64_t lap(uint64_t *start)
{
	uint64_t now = now_ns(), ns = now - *start;

	*start = now;
	return ns;
}

static struct zpf_policy *with_source(struct zpf_config *cfg,
				      struct zpf_policy *p,
				      struct zpf_diag *diag)
{
	p->source = zpf_emit_text(zpf_tree_find(cfg->root, "firewall"),
				  &p->source_len);
	if (p->source_len <= ZPF_MAX_SOURCE)
		return p;
	zpf_diag_add(diag, ZPF_DIAG_ERROR, NULL, "firewall",
		     "the configuration has %zu bytes; at most %d are allowed",
		     p->source_len, ZPF_MAX_SOURCE);
	zpf_policy_free(p);
	return NULL;
}

/**
 * zpf_config_compile() - check a configuration and lay it flat
 * @cfg: the configuration; after a failed read this only finds more errors
 * @flags: &enum zpf_compile_flags
 * @diag: gets every refusal and every warning that needs no kernel
 *
 * Return: the policy (zpf_policy_free()), or NULL with errors in @diag
 */
struct zpf_policy *zpf_config_compile(struct zpf_config *cfg,
				      unsigned int flags,
				      struct zpf_diag *diag)
{
	struct zpf_policy *policy = NULL;
	struct zpf_arena arena = { NULL };
	struct zpf_diag found = { 0 };
	uint64_t start = now_ns();
	struct zpf_model *m;

	m = zpf_model_build(&arena, cfg->root, flags, &found);
	zpf_groups_resolve(m);
	zpf_rules_check(m);
	zpf_hooks_check(m);
	zpf_jumps_check(m);
	zpf_zones_check(m);
	zpf_statements_count(m, &cfg->statements);
	if (!filters(m) && !cfg->failed && !found.n_errors &&
	    !(flags & ZPF_COMPILE_FORCE))
		zpf_error(m, m->firewall, "the configuration filters nothing: it has no zone and no base chain rule (--force loads it)");
	if (!found.n_errors && !cfg->failed) {
		cfg->times.check_ns = lap(&start);
		zpf_lint(m);
		cfg->times.lint_ns = lap(&start);
		policy = zpf_flatten(m);
		cfg->times.flatten_ns = lap(&start);
	}
	tell(&arena, &found, diag);
	zpf_diag_free(&found);
	/* Its memory does for the text. */
	zpf_arena_free(&arena);
	if (policy)
		policy = with_source(cfg, policy, diag);
	cfg->times.flatten_ns += lap(&start);
	if (cfg->failed && !diag->n_errors)
		zpf_diag_add(diag, ZPF_DIAG_ERROR, NULL, NULL,
			     "the configuration was not read without errors");
	return policy;
}

/** zpf_config_times() - of all reading, and the last zpf_config_compile() */
const struct zpf_times *zpf_config_times(const struct zpf_config *cfg)
{
	return &cfg->times;
}

/** zpf_config_statements() - as counted by the last zpf_config_compile() */
const struct zpf_statements *zpf_config_statements(const struct zpf_config *cfg)
{
	return &cfg->statements;
}

static int cmp_ignored(const void *a, const void *b)
{
	const struct zpf_ignored *x = a, *y = b;

	if (x->leaves != y->leaves)
		return x->leaves > y->leaves ? -1 : 1;
	return zpf_tree_natcmp(x->word, y->word);
}

/**
 * zpf_config_ignored() - statements outside `firewall`, most leaves first
 * @cfg: the configuration
 * @list: gets the array, owned by the configuration
 *
 * Return: length of @list
 */
size_t zpf_config_ignored(struct zpf_config *cfg,
			  const struct zpf_ignored **list)
{
	size_t n = 0;

	free(cfg->ignored);
	cfg->ignored = calloc(zpf_tree_count(cfg->root) + 1,
			      sizeof(*cfg->ignored));
	*list = cfg->ignored;
	if (!cfg->ignored)
		return 0;
	zpf_tree_for_each(top, cfg->root) {
		if (!strcmp(top->name, "firewall"))
			continue;
		cfg->ignored[n].word = top->name;
		cfg->ignored[n++].leaves = zpf_tree_leaves(top);
	}
	qsort(cfg->ignored, n, sizeof(*cfg->ignored), cmp_ignored);
	return n;
}
