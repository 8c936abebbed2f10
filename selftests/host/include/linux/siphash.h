/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow header: a keyed hash of two words. Not SipHash: tests need numbers
 * that are spread, not ones that cannot be guessed.
 */
#ifndef ZPF_SHADOW_SIPHASH_H
#define ZPF_SHADOW_SIPHASH_H

#include <linux/types.h>

typedef struct {
	u64 key[2];
} siphash_key_t;

static inline u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key)
{
	u64 h = (a ^ key->key[0]) * 0x9e3779b97f4a7c15ULL;

	h = (h ^ (h >> 32) ^ b ^ key->key[1]) * 0xbf58476d1ce4e5b9ULL;
	return h ^ (h >> 29);
}

#endif /* ZPF_SHADOW_SIPHASH_H */
