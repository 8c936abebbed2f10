/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interfaces of a namespace as the netdev notifier tells them: index,
 * name, master. No net_device is held; zones are bound by name when a snapshot
 * is built.
 */
#ifndef ZPF_IFMAP_H
#define ZPF_IFMAP_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/zpf.h>

struct zpf_gen;
struct zpf_net;

enum zpf_if_kind {
	ZPF_IF_PLAIN,
	ZPF_IF_LO,
	ZPF_IF_VRF,	/* the master itself */
};

/**
 * struct zpf_if - one interface
 * @node: in zpf_ifs.list
 * @ifindex: index
 * @vrf: ifindex of the VRF it is enslaved to, 0: none
 * @kind: &enum zpf_if_kind
 * @name: name
 */
struct zpf_if {
	struct list_head node;
	u32 ifindex;
	u32 vrf;
	u8 kind;
	char name[ZPF_IF_NAME_MAX + 1];
};

/**
 * struct zpf_ifs - the interfaces of a namespace; under zpf_net.lock
 * @list: struct zpf_if, in order of appearance
 * @n: how many
 * @max_ifindex: highest index among them
 */
struct zpf_ifs {
	struct list_head list;
	u32 n;
	u32 max_ifindex;
};

/**
 * struct zpf_binding - where an interface belongs
 * @zone: zone index
 * @member: member of the zone that brought it there, ZPF_NO_MEMBER: none
 */
struct zpf_binding {
	u16 zone;
	u32 member;
};

struct zpf_if *zpf_ifs_find(struct zpf_ifs *ifs, u32 ifindex);
struct zpf_binding zpf_if_bind(const struct zpf_gen *gen,
			       const struct zpf_if *zif, const char *vrf);
void zpf_ifs_destroy(struct zpf_ifs *ifs);
int zpf_ifmap_init(void);
void zpf_ifmap_exit(void);

#endif /* ZPF_IFMAP_H */
