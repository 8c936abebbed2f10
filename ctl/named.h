/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's sets with a name: which there are, what they hold, and filling
 * them. A name is "domain:G", "remote:G" or "dynamic:G" for a group G, else
 * "fqdn:host.name" or "geoip:cc".
 */
#ifndef ZPF_CTL_NAMED_H
#define ZPF_CTL_NAMED_H

#include "list.h"
#include "nl.h"

/**
 * struct zpf_named - one family of a set with a name
 * @name: its name
 * @v6: holds IPv6 addresses
 * @dynamic: rules add to it
 * @count: ranges or addresses in it
 * @revision: how often it was filled
 * @filled_ns: CLOCK_BOOTTIME of the last time, 0: never
 * @evicted: dynamic: addresses that gave way to others
 */
struct zpf_named {
	char *name;
	bool v6, dynamic;
	uint32_t count, revision;
	uint64_t filled_ns, evicted;
};

/** struct zpf_named_all - all of them, by name, IPv4 first */
struct zpf_named_all {
	struct zpf_named *list;
	size_t n, cap;
};

/**
 * struct zpf_named_elems - what one holds
 * @n: ranges
 * @r4: of IPv4, ascending
 * @r6: of IPv6, ascending
 * @left_ns: dynamic: for how long each is there, UINT64_MAX: for ever
 */
struct zpf_named_elems {
	size_t n, cap;
	struct zpf_range4 *r4;
	struct zpf_range6 *r6;
	uint64_t *left_ns;
};

int zpf_named_get(struct zpf_nl *nl, struct zpf_named_all *all);
void zpf_named_free(struct zpf_named_all *all);
const struct zpf_named *zpf_named_find(const struct zpf_named_all *all,
				       const char *word, char *why, size_t size);
int zpf_named_elems_get(struct zpf_nl *nl, const struct zpf_named *set,
			struct zpf_named_elems *elems);
void zpf_named_elems_free(struct zpf_named_elems *elems);
int zpf_named_fill(struct zpf_nl *nl, const char *name, bool v4, bool v6,
		   const struct zpf_list *list, uint32_t *revision);

#endif /* ZPF_CTL_NAMED_H */
