/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * strcmp() for words, most of which differ in the first letter already.
 */
#ifndef ZPF_CTL_WORDCMP_H
#define ZPF_CTL_WORDCMP_H

#include <stdbool.h>
#include <string.h>

/** zpf_word_cmp() - as strcmp() */
static inline int zpf_word_cmp(const char *a, const char *b)
{
	const int d = (unsigned char)*a - (unsigned char)*b;

	return d ? d : strcmp(a, b);
}

/** zpf_word_is() - are two words the same */
static inline bool zpf_word_is(const char *a, const char *b)
{
	return *a == *b && !strcmp(a, b);
}

#endif /* ZPF_CTL_WORDCMP_H */
