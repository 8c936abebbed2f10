/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of zones and rulesets as numbers that outlive a generation: what the
 * rows of the drop ledger are keyed with. Owned by the namespace, refcounted
 * by generations; a name no generation has stays as long as a row may name it.
 */
#ifndef ZPF_NAMES_H
#define ZPF_NAMES_H

#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

struct zpf_gen;
struct zpf_net;

/**
 * struct zpf_names - the names of a namespace
 * @lock: serialises everything but zpf_name_of()
 * @table: struct zpf_name by text
 * @ids: struct zpf_name by number, from 1; a number is not used again
 * @next: where the search for the next number begins
 * @idle: names no generation has
 * @sweep_at: so many of them are worth a sweep
 */
struct zpf_names {
	struct mutex lock;
	DECLARE_HASHTABLE(table, 8);
	struct xarray ids;
	u32 next;
	u32 idle;
	u32 sweep_at;
};

void zpf_names_init(struct zpf_names *names);
void zpf_names_destroy(struct zpf_names *names);
int zpf_names_build(struct zpf_gen *gen);
void zpf_names_release(struct zpf_gen *gen);
const char *zpf_name_of(const struct zpf_names *names, u32 id);

#endif /* ZPF_NAMES_H */
