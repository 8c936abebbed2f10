// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the messages of a transaction add, but for rules and zones: options,
 * sets, tables, pairs, base chains and the source. Each checks its own message
 * against what came before it; every refusal names the attribute.
 */
#include <linux/ctype.h>
#include <linux/slab.h>
#include "log.h"
#include "room.h"
#include "txn.h"

#define ZPF_FAMILY_CHECK NLA_POLICY_RANGE(NLA_U8, NFPROTO_IPV4, NFPROTO_IPV6)

const struct nla_policy zpf_log_policy[ZPF_LOG_A_MAX + 1] = {
	[ZPF_LOG_A_LEVEL] = NLA_POLICY_MAX(NLA_U8, 7),
	[ZPF_LOG_A_GROUP] = { .type = NLA_U16 },
	[ZPF_LOG_A_SNAPLEN] = NLA_POLICY_MAX(NLA_U32, 9000),
	[ZPF_LOG_A_QTHRESHOLD] = { .type = NLA_U16 },
};

static const struct nla_policy
zpf_state_policy_policy[ZPF_STATE_POLICY_A_MAX + 1] = {
	[ZPF_STATE_POLICY_A_STATE] =
		NLA_POLICY_RANGE(NLA_U8, ZPF_STATE_ESTABLISHED,
				 ZPF_STATE_INVALID),
	[ZPF_STATE_POLICY_A_ACTION] =
		NLA_POLICY_RANGE(NLA_U8, ZPF_ACTION_ACCEPT, ZPF_ACTION_REJECT),
	[ZPF_STATE_POLICY_A_LOG] = NLA_POLICY_NESTED(zpf_log_policy),
};

ZPF_WIDE_RANGE(zpf_interval_range, 1, ZPF_MAX_LIMIT_NS);
ZPF_WIDE_RANGE(zpf_count_range, 0, ZPF_MAX_SET_ELEMS);

const struct nla_policy zpf_options_policy[ZPF_OPTIONS_A_MAX + 1] = {
	[ZPF_OPTIONS_A_FLAGS] = NLA_POLICY_MASK(NLA_U32, ZPF_OPTION_ALL),
	[ZPF_OPTIONS_A_STATE_POLICY] =
		NLA_POLICY_NESTED(zpf_state_policy_policy),
	[ZPF_OPTIONS_A_LOG_INTERVAL_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &zpf_interval_range),
	[ZPF_OPTIONS_A_LOG_BURST] = NLA_POLICY_MIN(NLA_U32, 1),
	[ZPF_OPTIONS_A_OFFSETS] = {
		.type = NLA_BINARY,
		.len = ZPF_MAX_OFFSETS * sizeof(struct zpf_offset),
	},
};

const struct nla_policy zpf_set_policy[ZPF_SET_A_MAX + 1] = {
	[ZPF_SET_A_ID] = { .type = NLA_U32 },
	[ZPF_SET_A_KIND] = NLA_POLICY_RANGE(NLA_U8, ZPF_SET_IPV4,
					    ZPF_SET_NUMBER),
	[ZPF_SET_A_COUNT] = NLA_POLICY_FULL_RANGE(NLA_U32, &zpf_count_range),
	[ZPF_SET_A_ELEMS] = { .type = NLA_BINARY },
	[ZPF_SET_A_IFNAME] = { .type = NLA_NUL_STRING, .len = ZPF_IF_NAME_MAX },
	[ZPF_SET_A_NAME] = { .type = NLA_NUL_STRING, .len = ZPF_SET_NAME_MAX },
	[ZPF_SET_A_DYNAMIC] = { .type = NLA_FLAG },
	[ZPF_SET_A_MEMBERS] = { .type = NLA_BINARY,
				.len = ZPF_MAX_SET_MEMBERS * sizeof(u32) },
};

const struct nla_policy zpf_table_policy[ZPF_TABLE_A_ROWS + 1] = {
	[ZPF_TABLE_A_ID] = { .type = NLA_U32 },
	[ZPF_TABLE_A_FAMILY] = ZPF_FAMILY_CHECK,
	[ZPF_TABLE_A_NAME] = { .type = NLA_NUL_STRING,
			       .len = ZPF_RULESET_NAME_MAX },
	[ZPF_TABLE_A_RULES] = { .type = NLA_U32 },
	[ZPF_TABLE_A_ROWS] = { .type = NLA_U32 },
};

const struct nla_policy zpf_pair_policy[ZPF_PAIR_A_MAX + 1] = {
	[ZPF_PAIR_A_FROM] = { .type = NLA_U32 },
	[ZPF_PAIR_A_TO] = { .type = NLA_U32 },
	[ZPF_PAIR_A_FAMILY] = ZPF_FAMILY_CHECK,
	[ZPF_PAIR_A_TABLE] = { .type = NLA_U32 },
};

const struct nla_policy zpf_chain_policy[ZPF_CHAIN_A_MAX + 1] = {
	[ZPF_CHAIN_A_HOOK] = NLA_POLICY_RANGE(NLA_U8, ZPF_HOOK_INPUT,
					      ZPF_HOOK_OUTPUT),
	[ZPF_CHAIN_A_FAMILY] = ZPF_FAMILY_CHECK,
	[ZPF_CHAIN_A_TABLE] = { .type = NLA_U32 },
};

const struct nla_policy zpf_source_policy[ZPF_SOURCE_A_TEXT + 1] = {
	[ZPF_SOURCE_A_TEXT] = { .type = NLA_BINARY, .len = ZPF_SOURCE_CHUNK },
};

/**
 * zpf_txn_need() - insist on an attribute
 * @info: the message
 * @attr: the attribute
 * @why: the reason, a string literal
 *
 * Return: 0 if it is there, or -EINVAL with the reason set
 */
int zpf_txn_need(struct genl_info *info, int attr, const char *why)
{
	if (!GENL_REQ_ATTR_CHECK(info, attr))
		return 0;
	info->extack->_msg = why;
	return -EINVAL;
}

/**
 * zpf_txn_family() - read a family attribute
 * @info: the message
 * @attr: the attribute, which is there
 * @fam: ZPF_V4 or ZPF_V6
 *
 * Return: false, with the reason set, for any other family
 */
bool zpf_txn_family(struct genl_info *info, int attr, unsigned int *fam)
{
	u8 proto = nla_get_u8(info->attrs[attr]);

	if (proto != NFPROTO_IPV4 && proto != NFPROTO_IPV6) {
		zpf_txn_refuse(info, attr, "family is neither IPv4 nor IPv6");
		return false;
	}
	*fam = zpf_fam_idx(proto);
	return true;
}

/**
 * zpf_txn_name_ok() - is this a zone or ruleset name
 * @name: the name
 */
bool zpf_txn_name_ok(const char *name)
{
	if (!isascii(*name) || !isalnum(*name))
		return false;
	for (; *name; name++)
		if (!isascii(*name) ||
		    (!isalnum(*name) && !strchr("_.-", *name)))
			return false;
	return true;
}

/**
 * zpf_txn_ifname_ok() - is this an interface name
 * @name: the name
 * @wildcard: one trailing '*' is fine
 */
bool zpf_txn_ifname_ok(const char *name, bool wildcard)
{
	const char *c;

	for (c = name; *c; c++) {
		if (*c == '*' && wildcard && !c[1])
			return true;
		if (*c == '/' || *c == '*' || isspace(*c) || iscntrl(*c))
			return false;
	}
	return c != name;
}

/**
 * zpf_txn_table_ref() - a reference to a table
 * @gen: the candidate
 * @info: the message
 * @attr: the attribute, which is there
 * @fam: family the table must be of
 *
 * Return: 0 or -EINVAL with the reason set
 */
int zpf_txn_table_ref(const struct zpf_gen *gen, struct genl_info *info,
		      int attr, unsigned int fam)
{
	u32 id = nla_get_u32(info->attrs[attr]);

	if (id >= gen->have_tables)
		return zpf_txn_refuse(info, attr, "no such table yet");
	if (zpf_fam_idx(gen->tables[id]->family) != fam)
		return zpf_txn_refuse(info, attr,
				      "the table is of the other family");
	return 0;
}

/**
 * zpf_txn_log() - read a log nest
 * @info: the message
 * @nest: the nest
 * @li: filled in
 *
 * Return: 0 or -EINVAL with the reason set
 */
int zpf_txn_log(struct genl_info *info, const struct nlattr *nest,
		struct nf_loginfo *li)
{
	const struct nf_loginfo def = ZPF_LOG_DEFAULT;
	struct nlattr *tb[ZPF_LOG_A_MAX + 1];
	int err;

	*li = def;
	err = nla_parse_nested(tb, ZPF_LOG_A_MAX, nest, zpf_log_policy,
			       info->extack);
	if (err)
		return err;
	if (!tb[ZPF_LOG_A_GROUP]) {
		if (tb[ZPF_LOG_A_SNAPLEN] || tb[ZPF_LOG_A_QTHRESHOLD]) {
			NL_SET_ERR_MSG_ATTR(info->extack, tb[ZPF_LOG_A_SNAPLEN] ?:
					    tb[ZPF_LOG_A_QTHRESHOLD],
					    "only with an NFLOG group");
			return -EINVAL;
		}
		if (tb[ZPF_LOG_A_LEVEL])
			li->u.log.level = nla_get_u8(tb[ZPF_LOG_A_LEVEL]);
		return 0;
	}
	if (tb[ZPF_LOG_A_LEVEL]) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[ZPF_LOG_A_LEVEL],
				    "not with an NFLOG group");
		return -EINVAL;
	}
	memset(li, 0, sizeof(*li));
	li->type = NF_LOG_TYPE_ULOG;
	li->u.ulog.group = nla_get_u16(tb[ZPF_LOG_A_GROUP]);
	if (tb[ZPF_LOG_A_SNAPLEN]) {
		li->u.ulog.copy_len = nla_get_u32(tb[ZPF_LOG_A_SNAPLEN]);
		li->u.ulog.flags |= NF_LOG_F_COPY_LEN;
	}
	if (tb[ZPF_LOG_A_QTHRESHOLD])
		li->u.ulog.qthreshold = nla_get_u16(tb[ZPF_LOG_A_QTHRESHOLD]);
	return 0;
}

/* --- options --- */

static int zpf_txn_one_state(struct zpf_gen *gen, struct genl_info *info,
			     const struct nlattr *nest)
{
	struct nlattr *tb[ZPF_STATE_POLICY_A_MAX + 1];
	struct zpf_state_policy *sp;
	int err;

	err = nla_parse_nested(tb, ZPF_STATE_POLICY_A_MAX, nest,
			       zpf_state_policy_policy, info->extack);
	if (err)
		return err;
	if (!tb[ZPF_STATE_POLICY_A_STATE] || !tb[ZPF_STATE_POLICY_A_ACTION]) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest,
				    "a state policy needs state and action");
		return -EINVAL;
	}
	switch (nla_get_u8(tb[ZPF_STATE_POLICY_A_STATE])) {
	case ZPF_STATE_ESTABLISHED:
		sp = &gen->sp[ZPF_SP_ESTABLISHED];
		break;
	case ZPF_STATE_RELATED:
		sp = &gen->sp[ZPF_SP_RELATED];
		break;
	case ZPF_STATE_INVALID:
		sp = &gen->sp[ZPF_SP_INVALID];
		break;
	default:
		NL_SET_ERR_MSG_ATTR(info->extack, tb[ZPF_STATE_POLICY_A_STATE],
				    "not one of established, related, invalid");
		return -EINVAL;
	}
	if (sp->action) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest,
				    "this state has a policy already");
		return -EINVAL;
	}
	sp->action = nla_get_u8(tb[ZPF_STATE_POLICY_A_ACTION]);
	if (!tb[ZPF_STATE_POLICY_A_LOG])
		return 0;
	sp->log = true;
	return zpf_txn_log(info, tb[ZPF_STATE_POLICY_A_LOG], &sp->li);
}

static int zpf_txn_clock(struct zpf_gen *gen, struct genl_info *info)
{
	const struct nlattr *nla = info->attrs[ZPF_OPTIONS_A_OFFSETS];
	struct zpf_clock *clock = &gen->clock;

	if (!nla || !nla_len(nla))
		return 0;
	if (nla_len(nla) % sizeof(*clock->offsets))
		return zpf_txn_refuse(info, ZPF_OPTIONS_A_OFFSETS,
				      "not a whole number of offsets");
	clock->offsets = kmemdup(nla_data(nla), nla_len(nla),
				 GFP_KERNEL_ACCOUNT);
	if (!clock->offsets)
		return -ENOMEM;
	clock->n = nla_len(nla) / sizeof(*clock->offsets);
	if (!zpf_clock_sound(clock->offsets, clock->n))
		return zpf_txn_refuse(info, ZPF_OPTIONS_A_OFFSETS,
				      "offsets ascend and are less than a week");
	return 0;
}

/**
 * zpf_txn_options() - OPTIONS_SET
 * @gen: the candidate
 * @info: the message
 */
int zpf_txn_options(struct zpf_gen *gen, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	u64 interval = ZPF_LOG_INTERVAL_NS;
	struct nlattr *nest;
	int err, rem;

	if (gen->has_options) {
		NL_SET_ERR_MSG(info->extack, "options were set already");
		return -EINVAL;
	}
	gen->has_options = true;
	if (attrs[ZPF_OPTIONS_A_FLAGS])
		gen->option_flags = nla_get_u32(attrs[ZPF_OPTIONS_A_FLAGS]);
	if (attrs[ZPF_OPTIONS_A_LOG_INTERVAL_NS])
		interval = nla_get_u64(attrs[ZPF_OPTIONS_A_LOG_INTERVAL_NS]);
	if (attrs[ZPF_OPTIONS_A_LOG_BURST])
		gen->log_burst = nla_get_u32(attrs[ZPF_OPTIONS_A_LOG_BURST]);
	gen->log_rate = zpf_rate_make(interval, gen->log_burst);
	if (gen->option_flags & ZPF_OPTION_LOG_UNLIMITED)
		gen->log_rate.interval_ns = 0;

	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(nest) != ZPF_OPTIONS_A_STATE_POLICY)
			continue;
		err = zpf_txn_one_state(gen, info, nest);
		if (err)
			return err;
	}
	return zpf_txn_clock(gen, info);
}

/* --- sets --- */

/* How many elements it has, and room for them. */
static int zpf_txn_set_room(struct zpf_gen *gen, struct genl_info *info,
			    struct zpf_set *set)
{
	int err;
	u32 n;

	err = zpf_txn_need(info, ZPF_SET_A_COUNT, "a new set needs a count");
	if (err)
		return err;
	n = nla_get_u32(info->attrs[ZPF_SET_A_COUNT]);
	if (n > ZPF_MAX_ELEMS - gen->n_elems)
		return zpf_txn_refuse(info, ZPF_SET_A_COUNT,
				      "a policy has at most 4194304 set elements");
	set->data = zpf_room(n, zpf_set_elem_size(set->kind));
	if (!set->data)
		return -ENOMEM;
	set->n = n;
	gen->n_elems += n;
	if (set->kind == ZPF_SET_IFACE) {
		set->ifset = gen->n_ifsets++;
		gen->ifsets[set->ifset] = set->id;
	}
	return 0;
}

/* A set of earlier ones. */
static int zpf_txn_set_members(struct zpf_gen *gen, struct genl_info *info,
			       struct zpf_set *set)
{
	const struct nlattr *attr = info->attrs[ZPF_SET_A_MEMBERS];
	const u32 *ids = nla_data(attr);
	u32 n = nla_len(attr) / sizeof(*ids);

	if (!n || nla_len(attr) % sizeof(*ids))
		return zpf_txn_refuse(info, ZPF_SET_A_MEMBERS,
				      "length is no multiple of an id");
	set->members = kcalloc(n, sizeof(*set->members), GFP_KERNEL_ACCOUNT);
	if (!set->members)
		return -ENOMEM;
	set->sort = ZPF_SET_UNION;
	for (; set->n < n; set->n++) {
		const struct zpf_set *member;

		if (ids[set->n] >= gen->have_sets - 1)
			return zpf_txn_refuse(info, ZPF_SET_A_MEMBERS,
					      "no such set yet");
		member = gen->sets[ids[set->n]];
		if (member->kind != set->kind)
			return zpf_txn_refuse(info, ZPF_SET_A_MEMBERS,
					      "a member holds something else");
		if (member->sort == ZPF_SET_UNION)
			return zpf_txn_refuse(info, ZPF_SET_A_MEMBERS,
					      "a member has members itself");
		set->members[set->n] = member;
	}
	set->have = set->n;
	return 0;
}

/* A set whose contents belong to the namespace. */
static int zpf_txn_set_owned(struct zpf_gen *gen, struct genl_info *info,
			     struct zpf_set *set)
{
	const char *name = nla_data(info->attrs[ZPF_SET_A_NAME]);
	const bool dynamic = info->attrs[ZPF_SET_A_DYNAMIC];
	struct zpf_owner *owner;
	u32 i;

	if (!*name)
		return zpf_txn_refuse(info, ZPF_SET_A_NAME, "the name is empty");
	if (dynamic && gen->n_dynamic == ZPF_MAX_DYNAMIC)
		return zpf_txn_refuse(info, ZPF_SET_A_DYNAMIC,
				      "a policy has at most 256 dynamic sets");
	owner = zpf_owner_get(&gen->zn->groups, set->kind, name, dynamic);
	if (IS_ERR(owner))
		return PTR_ERR(owner) == -EEXIST ?
			zpf_txn_refuse(info, ZPF_SET_A_NAME,
				       "a set of this name, of which one is dynamic and one is not, is in use") :
			PTR_ERR(owner);
	set->owner = owner;
	if (dynamic) {
		gen->n_dynamic++;
		set->sort = ZPF_SET_DYNAMIC;
		set->table = &owner->table;
	} else {
		set->sort = ZPF_SET_FILLED;
		set->now = &owner->now;
	}
	for (i = 0; i < gen->have_sets - 1; i++)
		if (gen->sets[i]->owner == owner)
			return zpf_txn_refuse(info, ZPF_SET_A_NAME,
					      "this policy has this set already");
	return 0;
}

/* Which of the three it is, and that nothing of another one is said. */
static int zpf_txn_set_sort(struct zpf_gen *gen, struct genl_info *info,
			    struct zpf_set *set)
{
	static const int owned_not[] = { ZPF_SET_A_COUNT, ZPF_SET_A_ELEMS,
					 ZPF_SET_A_MEMBERS };
	static const int union_not[] = { ZPF_SET_A_COUNT, ZPF_SET_A_ELEMS };
	struct nlattr **attrs = info->attrs;
	const int *not = NULL;
	unsigned int i, n = 0;
	int sort = 0;

	if (attrs[ZPF_SET_A_NAME]) {
		sort = ZPF_SET_A_NAME;
		not = owned_not;
		n = ARRAY_SIZE(owned_not);
	} else if (attrs[ZPF_SET_A_DYNAMIC]) {
		return zpf_txn_refuse(info, ZPF_SET_A_DYNAMIC,
				      "a dynamic set needs a name");
	} else if (attrs[ZPF_SET_A_MEMBERS]) {
		sort = ZPF_SET_A_MEMBERS;
		not = union_not;
		n = ARRAY_SIZE(union_not);
	}
	if (!sort)
		return zpf_txn_set_room(gen, info, set);
	if (set->kind != ZPF_SET_IPV4 && set->kind != ZPF_SET_IPV6)
		return zpf_txn_refuse(info, ZPF_SET_A_KIND,
				      "only a set of addresses has a name or members");
	for (i = 0; i < n; i++)
		if (attrs[not[i]])
			return zpf_txn_refuse(info, not[i],
					      "not in a set with a name or members");
	return sort == ZPF_SET_A_NAME ? zpf_txn_set_owned(gen, info, set) :
					zpf_txn_set_members(gen, info, set);
}

static int zpf_txn_new_set(struct zpf_gen *gen, struct genl_info *info)
{
	struct zpf_set *set;

	if (gen->have_sets == gen->n_sets)
		return zpf_txn_refuse(info, ZPF_SET_A_ID,
				      "more sets than announced");
	if (zpf_txn_need(info, ZPF_SET_A_KIND, "a new set needs a kind"))
		return -EINVAL;
	if (nla_get_u8(info->attrs[ZPF_SET_A_KIND]) == ZPF_SET_IFACE &&
	    gen->n_ifsets == ZPF_MAX_IFSETS)
		return zpf_txn_refuse(info, ZPF_SET_A_KIND,
				      "too many interface sets");
	set = kzalloc(sizeof(*set), GFP_KERNEL_ACCOUNT);
	if (!set)
		return -ENOMEM;
	set->kind = nla_get_u8(info->attrs[ZPF_SET_A_KIND]);
	set->id = gen->have_sets;
	/* From here on the candidate frees it, filled or not. */
	gen->sets[gen->have_sets++] = set;
	return zpf_txn_set_sort(gen, info, set);
}

/**
 * zpf_txn_ranges() - more ranges for a set that is being received
 * @set: a FIXED set of any kind
 * @info: the message
 * @id: the attribute with the ranges, which is there
 *
 * Return: 0 or -EINVAL with the reason set
 */
int zpf_txn_ranges(struct zpf_set *set, struct genl_info *info, int id)
{
	const size_t size = zpf_set_elem_size(set->kind);
	const struct nlattr *attr = info->attrs[id];
	u32 first = set->have, n = nla_len(attr) / size;

	if (set->kind == ZPF_SET_IFACE)
		return zpf_txn_refuse(info, id,
				      "an interface set holds names");
	if (set->sort != ZPF_SET_FIXED)
		return zpf_txn_refuse(info, id,
				      "not in a set with a name or members");
	if (!n || nla_len(attr) % size)
		return zpf_txn_refuse(info, id,
				      "length is no multiple of an element");
	if (n > set->n - first)
		return zpf_txn_refuse(info, id,
				      "more elements than announced");
	memcpy((u8 *)set->data + first * size, nla_data(attr), n * size);
	set->have += n;
	if (!zpf_set_ordered(set, first))
		return zpf_txn_refuse(info, id,
				      "ranges are not in order, or touch");
	return 0;
}

static int zpf_txn_ifnames(struct zpf_set *set, struct genl_info *info)
{
	struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != ZPF_SET_A_IFNAME)
			continue;
		if (set->kind != ZPF_SET_IFACE) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "only in an interface set");
			return -EINVAL;
		}
		if (!zpf_txn_ifname_ok(nla_data(attr), true)) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "not an interface name");
			return -EINVAL;
		}
		if (set->have == set->n || set->have == ZPF_MAX_MEMBERS) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "more names than announced or allowed");
			return -EINVAL;
		}
		strscpy(set->ifname[set->have++], nla_data(attr),
			sizeof(*set->ifname));
	}
	return 0;
}

/**
 * zpf_txn_set() - SET_ADD
 * @gen: the candidate
 * @info: the message
 */
int zpf_txn_set(struct zpf_gen *gen, struct genl_info *info)
{
	static const int only_new[] = { ZPF_SET_A_KIND, ZPF_SET_A_COUNT,
					ZPF_SET_A_NAME, ZPF_SET_A_DYNAMIC,
					ZPF_SET_A_MEMBERS };
	unsigned int i;
	u32 id;
	int err;

	err = zpf_txn_need(info, ZPF_SET_A_ID, "a set needs an id");
	if (err)
		return err;
	id = nla_get_u32(info->attrs[ZPF_SET_A_ID]);
	if (id == gen->have_sets) {
		err = zpf_txn_new_set(gen, info);
		if (err)
			return err;
	} else if (gen->have_sets && id == gen->have_sets - 1) {
		for (i = 0; i < ARRAY_SIZE(only_new); i++)
			if (info->attrs[only_new[i]])
				return zpf_txn_refuse(info, only_new[i],
						      "only with a new id");
	} else {
		return zpf_txn_refuse(info, ZPF_SET_A_ID,
				      "ids count up from 0");
	}
	if (info->attrs[ZPF_SET_A_ELEMS]) {
		err = zpf_txn_ranges(gen->sets[id], info, ZPF_SET_A_ELEMS);
		if (err)
			return err;
	}
	return zpf_txn_ifnames(gen->sets[id], info);
}

/* --- tables --- */

static bool zpf_txn_table_name_ok(const char *name)
{
	return zpf_txn_name_ok(name) || !strcmp(name, "forward filter") ||
	       !strcmp(name, "input filter") || !strcmp(name, "output filter");
}

static int zpf_txn_table_size(struct zpf_gen *gen, struct genl_info *info,
			      struct zpf_table *table)
{
	table->n_rules = nla_get_u32(info->attrs[ZPF_TABLE_A_RULES]);
	table->n_rows = nla_get_u32(info->attrs[ZPF_TABLE_A_ROWS]);
	if (!table->n_rules || table->n_rules > ZPF_MAX_TABLE_RULES)
		return zpf_txn_refuse(info, ZPF_TABLE_A_RULES,
				      "a table has 1 to 131072 rules");
	if (table->n_rules > ZPF_MAX_RULES - gen->n_rules)
		return zpf_txn_refuse(info, ZPF_TABLE_A_RULES,
				      "a policy has at most 1048576 rules");
	if (!table->n_rows || table->n_rows > table->n_rules)
		return zpf_txn_refuse(info, ZPF_TABLE_A_ROWS,
				      "a table has 1 row up to one a rule");
	table->rules = zpf_room(table->n_rules, sizeof(*table->rules));
	table->rows = zpf_room(table->n_rows, sizeof(*table->rows));
	table->rulesets = kvcalloc(1, sizeof(*table->rulesets),
				   GFP_KERNEL_ACCOUNT);
	return table->rules && table->rows && table->rulesets ? 0 : -ENOMEM;
}

/**
 * zpf_txn_table() - TABLE_ADD
 * @gen: the candidate
 * @info: the message
 */
int zpf_txn_table(struct zpf_gen *gen, struct genl_info *info)
{
	struct zpf_table *table;
	unsigned int fam;
	int err;

	if (zpf_txn_need(info, ZPF_TABLE_A_ID, "a table needs an id") ||
	    zpf_txn_need(info, ZPF_TABLE_A_FAMILY, "a table needs a family") ||
	    zpf_txn_need(info, ZPF_TABLE_A_NAME, "a table needs a name") ||
	    zpf_txn_need(info, ZPF_TABLE_A_RULES, "a table needs its length") ||
	    zpf_txn_need(info, ZPF_TABLE_A_ROWS, "a table needs its rows"))
		return -EINVAL;
	if (nla_get_u32(info->attrs[ZPF_TABLE_A_ID]) != gen->have_tables)
		return zpf_txn_refuse(info, ZPF_TABLE_A_ID,
				      "ids count up from 0");
	if (gen->have_tables == gen->n_tables)
		return zpf_txn_refuse(info, ZPF_TABLE_A_ID,
				      "more tables than announced");
	if (!zpf_txn_family(info, ZPF_TABLE_A_FAMILY, &fam))
		return -EINVAL;
	if (!zpf_txn_table_name_ok(nla_data(info->attrs[ZPF_TABLE_A_NAME])))
		return zpf_txn_refuse(info, ZPF_TABLE_A_NAME,
				      "neither a ruleset nor a base chain");

	table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	table->family = zpf_fam_proto(fam);
	table->id = gen->have_tables;
	/* From here on the candidate frees it, filled or not. */
	gen->tables[gen->have_tables++] = table;
	err = zpf_txn_table_size(gen, info, table);
	if (err)
		return err;
	gen->n_rules += table->n_rules;
	strscpy(table->rulesets[0], nla_data(info->attrs[ZPF_TABLE_A_NAME]),
		sizeof(table->rulesets[0]));
	table->n_rulesets = 1;
	return 0;
}

/* --- pairs, chains, source --- */

static int zpf_txn_zone_ref(const struct zpf_gen *gen, struct genl_info *info,
			    int attr)
{
	u32 id = nla_get_u32(info->attrs[attr]);

	if (!id || id > gen->have_zones)
		return zpf_txn_refuse(info, attr, "no such zone yet");
	return 0;
}

/**
 * zpf_txn_pair() - PAIR_ADD
 * @gen: the candidate
 * @info: the message
 */
int zpf_txn_pair(struct zpf_gen *gen, struct genl_info *info)
{
	struct zpf_bind bind;
	int err;

	if (zpf_txn_need(info, ZPF_PAIR_A_FROM, "a pair needs from") ||
	    zpf_txn_need(info, ZPF_PAIR_A_TO, "a pair needs to") ||
	    zpf_txn_need(info, ZPF_PAIR_A_FAMILY, "a pair needs a family") ||
	    zpf_txn_need(info, ZPF_PAIR_A_TABLE, "a pair needs a table"))
		return -EINVAL;
	if (!zpf_txn_family(info, ZPF_PAIR_A_FAMILY, &bind.fam))
		return -EINVAL;
	err = zpf_txn_zone_ref(gen, info, ZPF_PAIR_A_FROM) ?:
	      zpf_txn_zone_ref(gen, info, ZPF_PAIR_A_TO) ?:
	      zpf_txn_table_ref(gen, info, ZPF_PAIR_A_TABLE, bind.fam);
	if (err)
		return err;
	bind.from = nla_get_u32(info->attrs[ZPF_PAIR_A_FROM]);
	bind.to = nla_get_u32(info->attrs[ZPF_PAIR_A_TO]);
	bind.table = nla_get_u32(info->attrs[ZPF_PAIR_A_TABLE]);
	if (bind.from == bind.to)
		return zpf_txn_refuse(info, ZPF_PAIR_A_TO,
				      "a pair has two zones; see intra tables");
	if (__test_and_set_bit(zpf_bind_bit(gen, bind.fam, bind.from, bind.to),
			       gen->bound))
		return zpf_txn_refuse(info, ZPF_PAIR_A_FROM,
				      "this pair is bound already");
	err = zpf_vec_room((void **)&gen->binds, gen->n_binds, &gen->cap_binds,
			   sizeof(*gen->binds));
	if (err)
		return err;
	gen->binds[gen->n_binds++] = bind;
	return 0;
}

static unsigned int zpf_hook_idx(u8 hook)
{
	switch (hook) {
	case ZPF_HOOK_INPUT:
		return ZPF_IN;
	case ZPF_HOOK_FORWARD:
		return ZPF_FWD;
	default:
		return ZPF_OUT;
	}
}

/**
 * zpf_txn_chain() - CHAIN_ADD
 * @gen: the candidate
 * @info: the message
 */
int zpf_txn_chain(struct zpf_gen *gen, struct genl_info *info)
{
	struct zpf_chain *chain;
	unsigned int fam;
	int err;

	if (zpf_txn_need(info, ZPF_CHAIN_A_HOOK, "a chain needs a hook") ||
	    zpf_txn_need(info, ZPF_CHAIN_A_FAMILY, "a chain needs a family") ||
	    zpf_txn_need(info, ZPF_CHAIN_A_TABLE, "a chain needs a table"))
		return -EINVAL;
	if (!zpf_txn_family(info, ZPF_CHAIN_A_FAMILY, &fam))
		return -EINVAL;
	err = zpf_txn_table_ref(gen, info, ZPF_CHAIN_A_TABLE, fam);
	if (err)
		return err;
	chain = &gen->chains[zpf_hook_idx(nla_get_u8(info->attrs[ZPF_CHAIN_A_HOOK]))][fam];
	if (chain->table_id != ZPF_NO_TABLE)
		return zpf_txn_refuse(info, ZPF_CHAIN_A_HOOK,
				      "this base chain has a table already");
	chain->table_id = nla_get_u32(info->attrs[ZPF_CHAIN_A_TABLE]);
	return 0;
}

/**
 * zpf_txn_source() - SOURCE_ADD
 * @gen: the candidate
 * @info: the message
 */
int zpf_txn_source(struct zpf_gen *gen, struct genl_info *info)
{
	const struct nlattr *text = info->attrs[ZPF_SOURCE_A_TEXT];
	int err;

	err = zpf_txn_need(info, ZPF_SOURCE_A_TEXT, "text is missing");
	if (err)
		return err;
	if (nla_len(text) > gen->source_len - gen->have_source)
		return zpf_txn_refuse(info, ZPF_SOURCE_A_TEXT,
				      "more text than announced");
	memcpy(gen->source + gen->have_source, nla_data(text), nla_len(text));
	gen->have_source += nla_len(text);
	return 0;
}
