/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The source text of a policy as the kernel keeps it: a zlib stream of its lines
 * without what they share, a twentieth of the text, where that is shorter than
 * the text itself. The kernel knows neither.
 */
#ifndef ZPF_CTL_SOURCE_H
#define ZPF_CTL_SOURCE_H

#include <stddef.h>

/**
 * zpf_source_pack() - what is sent
 * @text: the text
 * @len: bytes in it
 * @packed: gets how many there are to send
 *
 * Return: the bytes, to be freed; NULL without memory
 */
char *zpf_source_pack(const char *text, size_t len, size_t *packed);

/**
 * zpf_source_unpack() - what was received
 * @text: the bytes, from malloc(); becomes the text, NUL-terminated
 * @len: how many; becomes the length of the text
 *
 * Return: 0, or -1 if it is neither a text nor a stream of one that may be a
 * policy's
 */
int zpf_source_unpack(char **text, size_t *len);

#endif /* ZPF_CTL_SOURCE_H */
