/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who is asked about packets: the running policy, or a file.
 */
#ifndef ZPF_CTL_ASKER_H
#define ZPF_CTL_ASKER_H

#include "cmd.h"
#include "input.h"
#include "verdict.h"

/**
 * struct zpf_asker - who is asked
 * @config: the file, or NULL
 * @nl: a socket to the module, or NULL
 * @in: the file, compiled
 */
struct zpf_asker {
	const char *config;
	struct zpf_nl *nl;
	struct zpf_input in;
};

/**
 * zpf_asker_open() - get ready
 * @ctx: the invocation, for --config
 * @a: filled; zpf_asker_close() also after a failure
 *
 * Return: 0, or an exit status, said why
 */
int zpf_asker_open(struct zpf_ctx *ctx, struct zpf_asker *a);

/**
 * zpf_asker_ask() - what becomes of a packet
 * @v: filled; zpf_verdict_free() also after a failure
 *
 * Return: 0, or an exit status, said why
 */
int zpf_asker_ask(struct zpf_asker *a, const struct zpf_packet *p,
		  struct zpf_verdict *v);

/** zpf_asker_close() - no more questions */
void zpf_asker_close(struct zpf_asker *a);

#endif /* ZPF_CTL_ASKER_H */
