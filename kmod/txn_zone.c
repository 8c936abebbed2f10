// SPDX-License-Identifier: GPL-2.0-only
/*
 * ZONE_ADD: a zone with its members, checked against the zones before it.
 */
#include <linux/slab.h>
#include "txn.h"

static const struct nla_policy zpf_member_policy[ZPF_MEMBER_A_MAX + 1] = {
	[ZPF_MEMBER_A_NAME] = { .type = NLA_NUL_STRING,
				.len = ZPF_IF_NAME_MAX },
	[ZPF_MEMBER_A_VRF] = { .type = NLA_FLAG },
};

const struct nla_policy zpf_zone_policy[ZPF_ZONE_A_MEMBER + 1] = {
	[ZPF_ZONE_A_ID] = NLA_POLICY_RANGE(NLA_U32, 1, ZPF_MAX_ZONES),
	[ZPF_ZONE_A_NAME] = { .type = NLA_NUL_STRING,
			      .len = ZPF_ZONE_NAME_MAX },
	[ZPF_ZONE_A_FLAGS] = NLA_POLICY_MASK(NLA_U32, ZPF_ZONE_FLAGS_ALL),
	[ZPF_ZONE_A_DEFAULT_ACTION] =
		NLA_POLICY_RANGE(NLA_U8, ZPF_ACTION_DROP, ZPF_ACTION_REJECT),
	[ZPF_ZONE_A_DEFAULT_TABLE4] = { .type = NLA_U32 },
	[ZPF_ZONE_A_DEFAULT_TABLE6] = { .type = NLA_U32 },
	[ZPF_ZONE_A_INTRA_ACTION] =
		NLA_POLICY_RANGE(NLA_U8, ZPF_ACTION_ACCEPT, ZPF_ACTION_DROP),
	[ZPF_ZONE_A_INTRA_TABLE4] = { .type = NLA_U32 },
	[ZPF_ZONE_A_INTRA_TABLE6] = { .type = NLA_U32 },
	[ZPF_ZONE_A_MEMBER] = NLA_POLICY_NESTED(zpf_member_policy),
};

static int zpf_txn_one_member(struct zpf_zone *zone, u16 id,
			      struct genl_info *info,
			      const struct nlattr *nest)
{
	struct zpf_member *member = &zone->members[zone->n_members];
	struct nlattr *tb[ZPF_MEMBER_A_MAX + 1];
	int err;

	err = nla_parse_nested(tb, ZPF_MEMBER_A_MAX, nest, zpf_member_policy,
			       info->extack);
	if (err)
		return err;
	if (!tb[ZPF_MEMBER_A_NAME]) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest, "a member needs a name");
		return -EINVAL;
	}
	member->vrf = nla_get_flag(tb[ZPF_MEMBER_A_VRF]);
	strscpy(member->name, nla_data(tb[ZPF_MEMBER_A_NAME]),
		sizeof(member->name));
	if (!zpf_txn_ifname_ok(member->name, !member->vrf)) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[ZPF_MEMBER_A_NAME],
				    "not an interface name");
		return -EINVAL;
	}
	member->zone = id;
	member->pos = zone->n_members++;
	return 0;
}

/* File a member under its name, wildcards under "*", unless it is there. */
static bool zpf_txn_member_file(struct zpf_gen *gen, struct zpf_member *member)
{
	const char *star = strchr(member->name, '*');
	u32 hash = zpf_member_hash(star ? "*" : member->name);
	const struct zpf_member *m;

	hash_for_each_possible(gen->members, m, node, hash)
		if (m->vrf == member->vrf && !strcmp(m->name, member->name))
			return false;
	hash_add(gen->members, &member->node, hash);
	return true;
}

static int zpf_txn_members(struct zpf_gen *gen, struct zpf_zone *zone,
			   struct genl_info *info)
{
	struct nlattr *nest;
	u32 n = 0;
	int err, rem;

	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(nest) == ZPF_ZONE_A_MEMBER;
	if (n && (zone->flags & ZPF_ZONE_LOCAL))
		return zpf_txn_refuse(info, ZPF_ZONE_A_MEMBER,
				      "the local zone has no members");
	if (!n && !(zone->flags & ZPF_ZONE_LOCAL))
		return zpf_txn_refuse(info, ZPF_ZONE_A_ID,
				      "a zone that is not local needs members");
	if (n > ZPF_MAX_MEMBERS)
		return zpf_txn_refuse(info, ZPF_ZONE_A_MEMBER,
				      "more than 1024 members");
	if (!n)
		return 0;
	zone->members = kvcalloc(n, sizeof(*zone->members), GFP_KERNEL_ACCOUNT);
	if (!zone->members)
		return -ENOMEM;
	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(nest) != ZPF_ZONE_A_MEMBER)
			continue;
		err = zpf_txn_one_member(zone, gen->have_zones, info, nest);
		if (err)
			return err;
		if (!zpf_txn_member_file(gen,
					 &zone->members[zone->n_members - 1])) {
			NL_SET_ERR_MSG_ATTR(info->extack, nest,
					    "a member of a zone already");
			return -EINVAL;
		}
	}
	return 0;
}

static int zpf_txn_zone_tables(struct zpf_gen *gen, struct zpf_zone *zone,
			       struct genl_info *info)
{
	const struct {
		int attr;
		unsigned int fam;
		u32 *table;
	} refs[] = {
		{ ZPF_ZONE_A_DEFAULT_TABLE4, ZPF_V4, &zone->default_table[ZPF_V4] },
		{ ZPF_ZONE_A_DEFAULT_TABLE6, ZPF_V6, &zone->default_table[ZPF_V6] },
		{ ZPF_ZONE_A_INTRA_TABLE4, ZPF_V4, &zone->intra_table[ZPF_V4] },
		{ ZPF_ZONE_A_INTRA_TABLE6, ZPF_V6, &zone->intra_table[ZPF_V6] },
	};
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(refs); i++) {
		*refs[i].table = ZPF_NO_TABLE;
		if (!info->attrs[refs[i].attr])
			continue;
		err = zpf_txn_table_ref(gen, info, refs[i].attr, refs[i].fam);
		if (err)
			return err;
		*refs[i].table = nla_get_u32(info->attrs[refs[i].attr]);
	}
	return 0;
}

static int zpf_txn_zone_intra(struct zpf_zone *zone, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	bool table = attrs[ZPF_ZONE_A_INTRA_TABLE4] ||
		     attrs[ZPF_ZONE_A_INTRA_TABLE6];

	zone->intra_action = ZPF_ACTION_ACCEPT;
	if ((zone->flags & ZPF_ZONE_LOCAL) &&
	    (table || attrs[ZPF_ZONE_A_INTRA_ACTION])) {
		NL_SET_ERR_MSG(info->extack,
			       "the local zone has no traffic inside");
		return -EINVAL;
	}
	if (!attrs[ZPF_ZONE_A_INTRA_ACTION])
		return 0;
	if (table)
		return zpf_txn_refuse(info, ZPF_ZONE_A_INTRA_ACTION,
				      "not with a table for traffic inside");
	zone->intra_action = nla_get_u8(attrs[ZPF_ZONE_A_INTRA_ACTION]);
	return 0;
}

static int zpf_txn_zone_name(struct zpf_gen *gen, struct zpf_zone *zone,
			     struct genl_info *info)
{
	u32 z;

	strscpy(zone->name, nla_data(info->attrs[ZPF_ZONE_A_NAME]),
		sizeof(zone->name));
	if (!zpf_txn_name_ok(zone->name) || !strcmp(zone->name, "none") ||
	    !strcmp(zone->name, "any"))
		return zpf_txn_refuse(info, ZPF_ZONE_A_NAME, "not a zone name");
	for (z = 1; z < gen->have_zones; z++)
		if (!strcmp(gen->zones[z].name, zone->name))
			return zpf_txn_refuse(info, ZPF_ZONE_A_NAME,
					      "there is such a zone already");
	return 0;
}

/**
 * zpf_txn_zone() - ZONE_ADD
 * @gen: the candidate
 * @info: the message
 */
int zpf_txn_zone(struct zpf_gen *gen, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct zpf_zone *zone;
	int err;

	if (zpf_txn_need(info, ZPF_ZONE_A_ID, "a zone needs an id") ||
	    zpf_txn_need(info, ZPF_ZONE_A_NAME, "a zone needs a name"))
		return -EINVAL;
	if (gen->have_zones == gen->n_zones)
		return zpf_txn_refuse(info, ZPF_ZONE_A_ID,
				      "more zones than announced");
	if (nla_get_u32(attrs[ZPF_ZONE_A_ID]) != gen->have_zones + 1)
		return zpf_txn_refuse(info, ZPF_ZONE_A_ID,
				      "ids count up from 1");
	zone = &gen->zones[++gen->have_zones];
	err = zpf_txn_zone_name(gen, zone, info);
	if (err)
		return err;
	if (attrs[ZPF_ZONE_A_FLAGS])
		zone->flags = nla_get_u32(attrs[ZPF_ZONE_A_FLAGS]);
	if (zone->flags & ZPF_ZONE_LOCAL) {
		if (gen->local)
			return zpf_txn_refuse(info, ZPF_ZONE_A_FLAGS,
					      "there is a local zone already");
		gen->local = gen->have_zones;
	}
	zone->default_action = ZPF_ACTION_DROP;
	if (attrs[ZPF_ZONE_A_DEFAULT_ACTION])
		zone->default_action =
			nla_get_u8(attrs[ZPF_ZONE_A_DEFAULT_ACTION]);
	err = zpf_txn_zone_tables(gen, zone, info);
	if (err)
		return err;
	err = zpf_txn_zone_intra(zone, info);
	if (err)
		return err;
	return zpf_txn_members(gen, zone, info);
}
