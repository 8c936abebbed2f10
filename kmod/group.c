// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of sets with a name. Transactions get and put them, nl_group.c
 * replaces what they hold; the packet path asks through set.c and adds to
 * dynamic ones, under RCU.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include "group.h"
#include "room.h"

/**
 * zpf_groups_init() - make an empty registry
 * @groups: the registry
 */
void zpf_groups_init(struct zpf_groups *groups)
{
	mutex_init(&groups->lock);
	hash_init(groups->table);
	INIT_LIST_HEAD(&groups->fills);
}

/**
 * zpf_groups_destroy() - the namespace goes
 * @groups: the registry; every reference has been put, every fill is gone
 */
void zpf_groups_destroy(struct zpf_groups *groups)
{
	WARN_ON_ONCE(!hash_empty(groups->table));
	WARN_ON_ONCE(!list_empty(&groups->fills));
	mutex_destroy(&groups->lock);
}

/**
 * zpf_content_alloc() - contents that are still to be received
 * @kind: ZPF_SET_IPV4 or ZPF_SET_IPV6
 * @n: how many ranges
 *
 * Context: process. Return: the contents with one reference, or NULL
 */
struct zpf_content *zpf_content_alloc(u8 kind, u32 n)
{
	struct zpf_content *content;

	content = kzalloc(sizeof(*content), GFP_KERNEL_ACCOUNT);
	if (!content)
		return NULL;
	content->set.data = zpf_room(n, zpf_set_elem_size(kind));
	if (!content->set.data) {
		kfree(content);
		return NULL;
	}
	refcount_set(&content->refs, 1);
	content->set.kind = kind;
	content->set.n = n;
	return content;
}

/**
 * zpf_content_put() - give a reference back
 * @content: the contents, or NULL
 *
 * Context: process, after a grace period if a packet could have seen it.
 */
void zpf_content_put(struct zpf_content *content)
{
	if (!content || !refcount_dec_and_test(&content->refs))
		return;
	kvfree(content->set.data);
	kfree(content);
}

/**
 * zpf_owner_content() - what a filled set holds now
 * @groups: the registry; its lock is held
 * @owner: the set
 *
 * Return: the contents, no reference taken; NULL: nothing
 */
struct zpf_content *zpf_owner_content(struct zpf_groups *groups,
				      struct zpf_owner *owner)
{
	struct zpf_set *now = rcu_dereference_protected(owner->now,
				lockdep_is_held(&groups->lock));

	return now ? container_of(now, struct zpf_content, set) : NULL;
}

/**
 * zpf_owner_sources() - what a dynamic set holds now
 * @groups: the registry; its lock is held
 * @owner: the set
 *
 * Return: the table, no reference taken; NULL if the set is not dynamic
 */
struct zpf_sources *zpf_owner_sources(struct zpf_groups *groups,
				      struct zpf_owner *owner)
{
	struct zpf_srctab *tab = rcu_dereference_protected(owner->table,
				lockdep_is_held(&groups->lock));

	return tab ? container_of(tab, struct zpf_sources, tab) : NULL;
}

static u32 zpf_owner_hash(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

/**
 * zpf_owner_find() - find a set by name
 * @groups: the registry; its lock is held
 * @kind: ZPF_SET_IPV4 or ZPF_SET_IPV6
 * @name: its name
 *
 * Return: the set, no reference taken, or NULL
 */
struct zpf_owner *zpf_owner_find(struct zpf_groups *groups, u8 kind,
				 const char *name)
{
	struct zpf_owner *owner;

	lockdep_assert_held(&groups->lock);
	hash_for_each_possible(groups->table, owner, node, zpf_owner_hash(name))
		if (owner->kind == kind && !strcmp(owner->name, name))
			return owner;
	return NULL;
}

static struct zpf_owner *zpf_owner_new(struct zpf_groups *groups, u8 kind,
				       const char *name, bool dynamic)
{
	size_t len = strlen(name) + 1;
	struct zpf_sources *sources;
	struct zpf_owner *owner;

	owner = kzalloc(struct_size(owner, name, len), GFP_KERNEL_ACCOUNT);
	if (!owner)
		return NULL;
	if (dynamic) {
		sources = zpf_sources_alloc(ZPF_GROUP_PLACES);
		if (!sources) {
			kfree(owner);
			return NULL;
		}
		RCU_INIT_POINTER(owner->table, &sources->tab);
	}
	owner->refs = 1;
	owner->kind = kind;
	owner->dynamic = dynamic;
	memcpy(owner->name, name, len);
	hash_add(groups->table, &owner->node, zpf_owner_hash(name));
	groups->serial++;
	return owner;
}

/**
 * zpf_owner_get() - find or make a set
 * @groups: the registry
 * @kind: ZPF_SET_IPV4 or ZPF_SET_IPV6
 * @name: its name
 * @dynamic: rules add to it
 *
 * A new one is empty. Context: process.
 * Return: the set with one reference more; -ENOMEM; -EEXIST: there is one of
 * this name that is, or is not, dynamic
 */
struct zpf_owner *zpf_owner_get(struct zpf_groups *groups, u8 kind,
				const char *name, bool dynamic)
{
	struct zpf_owner *owner;

	mutex_lock(&groups->lock);
	owner = zpf_owner_find(groups, kind, name);
	if (!owner)
		owner = zpf_owner_new(groups, kind, name, dynamic) ?:
			ERR_PTR(-ENOMEM);
	else if (owner->dynamic != dynamic)
		owner = ERR_PTR(-EEXIST);
	else
		owner->refs++;
	mutex_unlock(&groups->lock);
	return owner;
}

/**
 * zpf_owner_put() - give a reference back
 * @groups: the registry
 * @owner: the set, or NULL
 *
 * Context: process, after a grace period if a packet could have seen it.
 */
void zpf_owner_put(struct zpf_groups *groups, struct zpf_owner *owner)
{
	if (!owner)
		return;
	mutex_lock(&groups->lock);
	if (!--owner->refs) {
		hash_del(&owner->node);
		groups->serial++;
		zpf_content_put(zpf_owner_content(groups, owner));
		zpf_sources_put(zpf_owner_sources(groups, owner));
		kfree(owner);
	}
	mutex_unlock(&groups->lock);
}

/**
 * zpf_group_add() - a rule adds an address to a dynamic set
 * @set: the set
 * @addr: the address
 * @for_ns: for how long; ZPF_SRCTAB_FOREVER
 *
 * Context: packet, under RCU, BH off. Takes the lock of one line.
 */
void zpf_group_add(const struct zpf_set *set, const struct zpf_in6 *addr,
		   u64 for_ns)
{
	struct zpf_srctab *tab = rcu_dereference(*set->table);

	zpf_sources_add(container_of(tab, struct zpf_sources, tab), addr, for_ns);
}
