/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language explained from its own table: what may stand where, and the
 * manual page of every statement.
 */
#ifndef ZPF_CTL_GRAMMAR_H
#define ZPF_CTL_GRAMMAR_H

#include <stdio.h>
#include "out.h"

/**
 * zpf_grammar_list() - what may stand after some words of a statement
 * @o: gets a row for each word or kind of value
 * @n: number of words
 * @words: the words after `set`; `firewall` in front may be left out
 * @err: says why the words are none of a statement
 * @size: bytes in @err
 *
 * Return: 0, or -1 with @err set and nothing printed
 */
int zpf_grammar_list(struct zpf_out *o, int n, char **words, char *err,
		     size_t size);

/** zpf_grammar_page() - every statement and old spelling, as mdoc(7) */
void zpf_grammar_page(FILE *out);

#endif /* ZPF_CTL_GRAMMAR_H */
