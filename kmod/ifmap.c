// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps the list of interfaces of every namespace through the netdev notifier,
 * and publishes a new snapshot whenever a name, a master or the set of
 * interfaces changes. An interface is registered, renamed or enslaved only if
 * that could be recorded; what cannot be refused (it goes, it is released) is
 * recorded with an allocation that does not fail.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/l3mdev.h>
#include "event.h"
#include "net.h"

/**
 * zpf_ifs_find() - an interface by index
 * @ifs: the interfaces
 * @ifindex: index
 *
 * Return: the interface or NULL
 */
struct zpf_if *zpf_ifs_find(struct zpf_ifs *ifs, u32 ifindex)
{
	struct zpf_if *zif;

	list_for_each_entry(zif, &ifs->list, node)
		if (zif->ifindex == ifindex)
			return zif;
	return NULL;
}

/**
 * zpf_ifs_destroy() - forget all interfaces
 * @ifs: the interfaces
 */
void zpf_ifs_destroy(struct zpf_ifs *ifs)
{
	struct zpf_if *zif, *next;

	list_for_each_entry_safe(zif, next, &ifs->list, node)
		kfree(zif);
	INIT_LIST_HEAD(&ifs->list);
}

static const struct zpf_member *zpf_member_named(const struct zpf_gen *gen,
						 const char *name, bool vrf)
{
	const struct zpf_member *m;

	hash_for_each_possible(gen->members, m, node, zpf_member_hash(name))
		if (m->vrf == vrf && !strcmp(m->name, name))
			return m;
	return NULL;
}

static const struct zpf_member *zpf_member_like(const struct zpf_gen *gen,
						const char *name)
{
	const struct zpf_member *best = NULL, *m;

	hash_for_each_possible(gen->members, m, node, zpf_member_hash("*"))
		if (!m->vrf && zpf_name_matches(m->name, name) &&
		    (!best || strlen(m->name) > strlen(best->name)))
			best = m;
	return best;
}

/**
 * zpf_if_bind() - find the zone of an interface
 * @gen: the generation
 * @zif: the interface
 * @vrf: name of the VRF it is enslaved to, or NULL
 *
 * An exact name beats every wildcard, a longer prefix a shorter one, and any
 * of them beats the VRF. lo belongs to no zone, and is exempt.
 */
struct zpf_binding zpf_if_bind(const struct zpf_gen *gen,
			       const struct zpf_if *zif, const char *vrf)
{
	struct zpf_binding bound = { ZPF_ZONE_NONE, ZPF_NO_MEMBER };
	const struct zpf_member *member;

	if (zif->kind == ZPF_IF_LO) {
		bound.zone = gen->exempt;
		return bound;
	}
	member = zpf_member_named(gen, zif->name, false);
	if (!member)
		member = zpf_member_like(gen, zif->name);
	if (!member && vrf)
		member = zpf_member_named(gen, vrf, true);
	if (member) {
		bound.zone = member->zone;
		bound.member = member->pos;
	}
	return bound;
}

/* --- telling of changes --- */

static const char *zpf_ent_zone(const struct zpf_live *live,
				const struct zpf_ent *ent)
{
	if (!ent->zone || ent->zone == live->gen->exempt)
		return NULL;
	return live->gen->zones[ent->zone].name;
}

static const struct zpf_ent *zpf_live_ent(const struct zpf_live *live,
					  u32 ifindex)
{
	u16 n = zpf_live_port(live, ifindex).ent;

	return n ? &live->ents[n] : NULL;
}

static void zpf_ifmap_tell(struct zpf_net *zn, u8 type,
			   const struct zpf_live *live,
			   const struct zpf_ent *ent)
{
	struct zpf_event_info ev = {
		.type = type,
		.ifindex = ent->ifindex,
		.ifname = ent->name,
		.zone = zpf_ent_zone(live, ent),
	};

	if (type == ZPF_EVENT_LEAVE && !ev.zone)
		return;
	zpf_event_send(zn, &ev);
}

static void zpf_ifmap_tell_change(struct zpf_net *zn, u32 ifindex,
				  const struct zpf_live *was,
				  const struct zpf_live *now)
{
	const struct zpf_ent *before = zpf_live_ent(was, ifindex);
	const struct zpf_ent *after = zpf_live_ent(now, ifindex);

	if (before && after && before->zone == after->zone)
		return;
	if (before)
		zpf_ifmap_tell(zn, ZPF_EVENT_LEAVE, was, before);
	if (after)
		zpf_ifmap_tell(zn, ZPF_EVENT_JOIN, now, after);
}

/* --- the notifier --- */

static void zpf_ifs_recount(struct zpf_ifs *ifs)
{
	const struct zpf_if *zif;

	ifs->n = 0;
	ifs->max_ifindex = 0;
	list_for_each_entry(zif, &ifs->list, node) {
		ifs->n++;
		ifs->max_ifindex = max(ifs->max_ifindex, zif->ifindex);
	}
}

/* A snapshot that knows the interfaces there are now, in place of @was. */
static int zpf_ifmap_rebuild(struct zpf_net *zn, struct zpf_live *was,
			     struct zpf_live **now, gfp_t gfp)
{
	*now = NULL;
	if (!was || !was->gen)
		return 0;
	*now = zpf_live_build(zn, was->gen, gfp);
	return *now ? 0 : -ENOMEM;
}

/*
 * The interfaces changed: give the packets a snapshot that knows, and keep the
 * one that may come back up to date. @ifindex is the one that did, for the
 * event.
 */
static int zpf_ifmap_publish(struct zpf_net *zn, u32 ifindex, gfp_t gfp)
{
	struct zpf_live *was, *now, *held;

	was = rcu_dereference_protected(zn->live, lockdep_is_held(&zn->lock));
	if (zpf_ifmap_rebuild(zn, was, &now, gfp))
		return -ENOMEM;
	if (zpf_ifmap_rebuild(zn, zn->held.live, &held, gfp)) {
		zpf_live_free(now);
		return -ENOMEM;
	}
	if (held) {
		zpf_live_put(zn->held.live);
		zn->held.live = held;
	}
	if (!now)
		return 0;
	rcu_assign_pointer(zn->live, now);
	zpf_ifmap_tell_change(zn, ifindex, was, now);
	zpf_live_put(was);
	return 0;
}

static u32 zpf_if_vrf(struct net_device *dev)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);

	return master && netif_is_l3_master(master) ? master->ifindex : 0;
}

static int zpf_ifmap_register(struct zpf_net *zn, struct net_device *dev)
{
	struct zpf_if *zif = zpf_ifs_find(&zn->ifs, dev->ifindex);
	int err;

	if (zif)
		return 0;
	if (zn->ifs.n >= ZPF_MAX_PORTS - 1)
		return -ENOSPC;
	zif = kzalloc(sizeof(*zif), GFP_KERNEL);
	if (!zif)
		return -ENOMEM;
	zif->ifindex = dev->ifindex;
	zif->vrf = zpf_if_vrf(dev);
	if (dev->flags & IFF_LOOPBACK)
		zif->kind = ZPF_IF_LO;
	else if (netif_is_l3_master(dev))
		zif->kind = ZPF_IF_VRF;
	strscpy(zif->name, dev->name, sizeof(zif->name));
	list_add_tail(&zif->node, &zn->ifs.list);
	zpf_ifs_recount(&zn->ifs);
	err = zpf_ifmap_publish(zn, zif->ifindex, GFP_KERNEL);
	if (err) {
		list_del(&zif->node);
		kfree(zif);
		zpf_ifs_recount(&zn->ifs);
	}
	return err;
}

static void zpf_ifmap_unregister(struct zpf_net *zn, struct net_device *dev)
{
	struct zpf_if *zif = zpf_ifs_find(&zn->ifs, dev->ifindex);

	if (!zif)
		return;
	list_del(&zif->node);
	zpf_ifs_recount(&zn->ifs);
	zpf_ifmap_publish(zn, zif->ifindex, GFP_KERNEL | __GFP_NOFAIL);
	kfree(zif);
}

static int zpf_ifmap_rename(struct zpf_net *zn, struct net_device *dev)
{
	struct zpf_if *zif = zpf_ifs_find(&zn->ifs, dev->ifindex);
	char was[sizeof(zif->name)];
	int err;

	if (!zif)
		return 0;
	memcpy(was, zif->name, sizeof(was));
	strscpy(zif->name, dev->name, sizeof(zif->name));
	err = zpf_ifmap_publish(zn, zif->ifindex, GFP_KERNEL);
	if (err)
		memcpy(zif->name, was, sizeof(was));
	return err;
}

static int zpf_ifmap_enslave(struct zpf_net *zn, struct net_device *dev,
			     const struct netdev_notifier_changeupper_info *info)
{
	struct zpf_if *zif = zpf_ifs_find(&zn->ifs, dev->ifindex);
	u32 was;
	int err;

	if (!zif || !info->master || !netif_is_l3_master(info->upper_dev))
		return 0;
	was = zif->vrf;
	zif->vrf = info->linking ? info->upper_dev->ifindex : 0;
	err = zpf_ifmap_publish(zn, zif->ifindex, info->linking ? GFP_KERNEL :
				GFP_KERNEL | __GFP_NOFAIL);
	if (err)
		zif->vrf = was;
	return err;
}

static int zpf_ifmap_event(struct notifier_block *nb, unsigned long event,
			   void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct zpf_net *zn = zpf_net_of(dev_net(dev));
	int err = 0;

	mutex_lock(&zn->lock);
	switch (event) {
	case NETDEV_REGISTER:
		err = zpf_ifmap_register(zn, dev);
		break;
	case NETDEV_UNREGISTER:
		zpf_ifmap_unregister(zn, dev);
		break;
	case NETDEV_CHANGENAME:
		err = zpf_ifmap_rename(zn, dev);
		break;
	case NETDEV_CHANGEUPPER:
		err = zpf_ifmap_enslave(zn, dev, ptr);
		break;
	}
	mutex_unlock(&zn->lock);
	return notifier_from_errno(err);
}

static struct notifier_block zpf_ifmap_nb = {
	.notifier_call = zpf_ifmap_event,
};

/**
 * zpf_ifmap_init() - begin to follow the interfaces of all namespaces
 *
 * Replays those that are there. Return: 0 or an error
 */
int zpf_ifmap_init(void)
{
	return register_netdevice_notifier(&zpf_ifmap_nb);
}

/**
 * zpf_ifmap_exit() - stop following
 */
void zpf_ifmap_exit(void)
{
	unregister_netdevice_notifier(&zpf_ifmap_nb);
}
