/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets whose contents belong to the namespace: filled from user space, or
 * added to by rules. Owned here, refcounted by the generations that name them,
 * found again by the next one.
 */
#ifndef ZPF_GROUP_H
#define ZPF_GROUP_H

#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include "set.h"
#include "sources.h"

/* Places of a dynamic set; 400 KiB. */
#define ZPF_GROUP_PLACES 16384

/**
 * struct zpf_content - what a filled set holds, until it holds something else
 * @refs: the owner, dumps
 * @set: the ranges, a FIXED set
 */
struct zpf_content {
	refcount_t refs;
	struct zpf_set set;
};

/**
 * struct zpf_owner - a set with a name
 * @node: in zpf_groups.table
 * @refs: generations using it; under zpf_groups.lock
 * @kind: ZPF_SET_IPV4 or ZPF_SET_IPV6
 * @dynamic: rules add to it
 * @revision: how often it was filled; under zpf_groups.lock
 * @filled_ns: boottime of the last time; under zpf_groups.lock
 * @evicted: dynamic: addresses evicted from tables that are gone
 * @now: filled: zpf_content.set, or NULL; RCU, written under zpf_groups.lock
 * @table: dynamic: zpf_sources.tab; RCU, written under zpf_groups.lock
 * @name: identity within the namespace and kind
 */
struct zpf_owner {
	struct hlist_node node;
	u32 refs;
	u8 kind;
	bool dynamic;
	u32 revision;
	u64 filled_ns;
	u64 evicted;
	struct zpf_set __rcu *now;
	struct zpf_srctab __rcu *table;
	char name[];
};

/**
 * struct zpf_groups - the named sets of a namespace
 * @lock: protects all of this
 * @table: by kind and name
 * @serial: raised when a set comes or goes, for dumps
 * @fills: fills in progress, one a socket; nl_group.c
 */
struct zpf_groups {
	struct mutex lock;
	DECLARE_HASHTABLE(table, 8);
	u32 serial;
	struct list_head fills;
};

void zpf_groups_init(struct zpf_groups *groups);
void zpf_groups_destroy(struct zpf_groups *groups);
struct zpf_owner *zpf_owner_find(struct zpf_groups *groups, u8 kind,
				 const char *name);
struct zpf_owner *zpf_owner_get(struct zpf_groups *groups, u8 kind,
				const char *name, bool dynamic);
void zpf_owner_put(struct zpf_groups *groups, struct zpf_owner *owner);
struct zpf_content *zpf_owner_content(struct zpf_groups *groups,
				      struct zpf_owner *owner);
struct zpf_sources *zpf_owner_sources(struct zpf_groups *groups,
				      struct zpf_owner *owner);
struct zpf_content *zpf_content_alloc(u8 kind, u32 n);
void zpf_content_put(struct zpf_content *content);
void zpf_group_add(const struct zpf_set *set, const struct zpf_in6 *addr,
		   u64 for_ns);

#endif /* ZPF_GROUP_H */
