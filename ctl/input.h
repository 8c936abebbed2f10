/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What load, merge and check have in common: texts in, a compiled policy out,
 * findings collected, and the report about it. Talks to no module.
 */
#ifndef ZPF_CTL_INPUT_H
#define ZPF_CTL_INPUT_H

#include "cmd.h"
#include "config.h"
#include "push.h"

/** struct zpf_text - a file, read whole, so that it can be parsed again */
struct zpf_text {
	const char *name;
	char *data;
	size_t len;
};

/**
 * struct zpf_input - a configuration on its way to the kernel
 * @texts: the files, in order
 * @n_texts: how many
 * @cfg: the configuration
 * @policy: compiled from @cfg, or NULL
 * @diag: everything found
 * @patient: take the time to find all there is to warn of
 * @again: it may be compiled again, so the texts stay
 */
struct zpf_input {
	struct zpf_text *texts;
	size_t n_texts;
	struct zpf_config *cfg;
	struct zpf_policy *policy;
	struct zpf_diag diag;
	bool patient;
	bool again;
};

/**
 * zpf_input_files() - read files into memory
 * @in: a zeroed input
 * @n: number of files
 * @names: their names; "-" is standard input
 *
 * Return: 0, or -1 with the reasons in @in->diag
 */
int zpf_input_files(struct zpf_input *in, int n, char **names);

/**
 * zpf_input_compile() - parse, merge, check and lay flat
 * @in: with texts; what an earlier call made is thrown away
 * @base: parsed before the texts; NULL: nothing
 * @opts: ZPF_OPT_SKIP_UNENFORCED, ZPF_OPT_FORCE
 *
 * Return: 0, or -1 with the reasons in @in->diag
 */
int zpf_input_compile(struct zpf_input *in, const struct zpf_text *base,
		      unsigned int opts);

/** zpf_input_free() - free what an input holds (not @in itself) */
void zpf_input_free(struct zpf_input *in);

/**
 * zpf_input_report() - say what came of it
 * @ctx: the invocation
 * @in: the input
 * @res: the kernel's answer; NULL: nothing was committed
 *
 * People get one line on stdout if all went well, and the findings on stderr:
 * before the line for check, behind it for a commit. Programs get one object.
 *
 * Return: exit status
 */
int zpf_input_report(struct zpf_ctx *ctx, const struct zpf_input *in,
		     const struct zpf_push_result *res);

#endif /* ZPF_CTL_INPUT_H */
