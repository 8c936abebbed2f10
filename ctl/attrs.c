// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of the contract's attributes: see attrs.h. The tables follow the
 * header: the assertion behind each fails when an attribute is added at its
 * end and not here, test_push when one is added in between.
 */
#include <assert.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>

#include <linux/zpf.h>

#include "attrs.h"
#include "xmem.h"

/**
 * struct zpf_attr_desc - an attribute
 * @name: as in the header
 * @nest: attributes inside it, or NULL
 * @n_nest: how many
 */
struct zpf_attr_desc {
	const char *name;
	const struct zpf_attr_desc *nest;
	size_t n_nest;
};

#define ATTR(a)		[a] = { .name = #a }
#define NEST(a, t)	[a] = { .name = #a, .nest = t, .n_nest = ZPF_ARRAY_LEN(t) }
#define COMPLETE(t, max) \
	static_assert(ZPF_ARRAY_LEN(t) == (max) + 1, "an attribute has no name")

static const struct zpf_attr_desc zpf_log_attrs[] = {
	ATTR(ZPF_LOG_A_LEVEL),
	ATTR(ZPF_LOG_A_GROUP),
	ATTR(ZPF_LOG_A_SNAPLEN),
	ATTR(ZPF_LOG_A_QTHRESHOLD),
};
COMPLETE(zpf_log_attrs, ZPF_LOG_A_MAX);

static const struct zpf_attr_desc zpf_state_policy_attrs[] = {
	ATTR(ZPF_STATE_POLICY_A_STATE),
	ATTR(ZPF_STATE_POLICY_A_ACTION),
	NEST(ZPF_STATE_POLICY_A_LOG, zpf_log_attrs),
};
COMPLETE(zpf_state_policy_attrs, ZPF_STATE_POLICY_A_MAX);

static const struct zpf_attr_desc zpf_member_attrs[] = {
	ATTR(ZPF_MEMBER_A_NAME),
	ATTR(ZPF_MEMBER_A_VRF),
};
COMPLETE(zpf_member_attrs, ZPF_MEMBER_A_MAX);

static const struct zpf_attr_desc zpf_iface_attrs[] = {
	ATTR(ZPF_IFACE_A_INDEX),
	ATTR(ZPF_IFACE_A_NAME),
	ATTR(ZPF_IFACE_A_MEMBER),
};
COMPLETE(zpf_iface_attrs, ZPF_IFACE_A_MAX);

static const struct zpf_attr_desc zpf_txn_attrs[] = {
	ATTR(ZPF_TXN_A_PAD),
	ATTR(ZPF_TXN_A_SETS),
	ATTR(ZPF_TXN_A_TABLES),
	ATTR(ZPF_TXN_A_ZONES),
	ATTR(ZPF_TXN_A_SOURCE_BYTES),
	ATTR(ZPF_TXN_A_MESSAGES),
	ATTR(ZPF_TXN_A_BASE_GENERATION),
	ATTR(ZPF_TXN_A_GENERATION),
	ATTR(ZPF_TXN_A_BUILD_NS),
	ATTR(ZPF_TXN_A_FLAGS),
	ATTR(ZPF_TXN_A_CONFIRM_SECONDS),
};
COMPLETE(zpf_txn_attrs, ZPF_TXN_A_MAX);

static const struct zpf_attr_desc zpf_options_attrs[] = {
	ATTR(ZPF_OPTIONS_A_PAD),
	ATTR(ZPF_OPTIONS_A_FLAGS),
	NEST(ZPF_OPTIONS_A_STATE_POLICY, zpf_state_policy_attrs),
	ATTR(ZPF_OPTIONS_A_LOG_INTERVAL_NS),
	ATTR(ZPF_OPTIONS_A_LOG_BURST),
	ATTR(ZPF_OPTIONS_A_OFFSETS),
};
COMPLETE(zpf_options_attrs, ZPF_OPTIONS_A_MAX);

static const struct zpf_attr_desc zpf_set_attrs[] = {
	ATTR(ZPF_SET_A_ID),
	ATTR(ZPF_SET_A_KIND),
	ATTR(ZPF_SET_A_COUNT),
	ATTR(ZPF_SET_A_ELEMS),
	ATTR(ZPF_SET_A_IFNAME),
	ATTR(ZPF_SET_A_NAME),
	ATTR(ZPF_SET_A_DYNAMIC),
	ATTR(ZPF_SET_A_MEMBERS),
};
COMPLETE(zpf_set_attrs, ZPF_SET_A_MAX);

static const struct zpf_attr_desc zpf_group_attrs[] = {
	ATTR(ZPF_GROUP_A_PAD),
	ATTR(ZPF_GROUP_A_NAME),
	ATTR(ZPF_GROUP_A_KIND),
	ATTR(ZPF_GROUP_A_DYNAMIC),
	ATTR(ZPF_GROUP_A_COUNT),
	ATTR(ZPF_GROUP_A_ELEMS),
	ATTR(ZPF_GROUP_A_MESSAGES),
	ATTR(ZPF_GROUP_A_REVISION),
	ATTR(ZPF_GROUP_A_FILLED_NS),
	ATTR(ZPF_GROUP_A_EVICTED),
	ATTR(ZPF_GROUP_A_LEFT_NS),
};
COMPLETE(zpf_group_attrs, ZPF_GROUP_A_MAX);

static const struct zpf_attr_desc zpf_table_attrs[] = {
	ATTR(ZPF_TABLE_A_ID),
	ATTR(ZPF_TABLE_A_FAMILY),
	ATTR(ZPF_TABLE_A_NAME),
	ATTR(ZPF_TABLE_A_RULES),
	ATTR(ZPF_TABLE_A_ROWS),
	ATTR(ZPF_TABLE_A_PAD),
	ATTR(ZPF_TABLE_A_GENERATION),
	ATTR(ZPF_TABLE_A_ENGINE),
	ATTR(ZPF_TABLE_A_INDEX_BYTES),
	ATTR(ZPF_TABLE_A_PROBES),
};
COMPLETE(zpf_table_attrs, ZPF_TABLE_A_MAX);

static const struct zpf_attr_desc zpf_change_attrs[] = {
	ATTR(ZPF_CHANGE_A_WHAT),
	ATTR(ZPF_CHANGE_A_VALUE),
};
COMPLETE(zpf_change_attrs, ZPF_CHANGE_A_MAX);

static const struct zpf_attr_desc zpf_num_attrs[] = {
	ATTR(ZPF_NUM_A_WHAT),
	ATTR(ZPF_NUM_A_SET),
};
COMPLETE(zpf_num_attrs, ZPF_NUM_A_MAX);

static const struct zpf_attr_desc zpf_rule_attrs[] = {
	ATTR(ZPF_RULE_A_PAD),
	ATTR(ZPF_RULE_A_TABLE),
	ATTR(ZPF_RULE_A_ROW),
	ATTR(ZPF_RULE_A_RULESET),
	ATTR(ZPF_RULE_A_NUMBER),
	ATTR(ZPF_RULE_A_MEANING),
	ATTR(ZPF_RULE_A_ACTION),
	ATTR(ZPF_RULE_A_HIT),
	ATTR(ZPF_RULE_A_MISS),
	NEST(ZPF_RULE_A_LOG, zpf_log_attrs),
	ATTR(ZPF_RULE_A_STATE),
	ATTR(ZPF_RULE_A_PROTO),
	ATTR(ZPF_RULE_A_SADDR),
	ATTR(ZPF_RULE_A_DADDR),
	ATTR(ZPF_RULE_A_SADDR_SET),
	ATTR(ZPF_RULE_A_DADDR_SET),
	ATTR(ZPF_RULE_A_SPORT),
	ATTR(ZPF_RULE_A_DPORT),
	ATTR(ZPF_RULE_A_SPORT_SET),
	ATTR(ZPF_RULE_A_DPORT_SET),
	ATTR(ZPF_RULE_A_IN_SET),
	ATTR(ZPF_RULE_A_OUT_SET),
	ATTR(ZPF_RULE_A_ICMP_TYPE),
	ATTR(ZPF_RULE_A_ICMP_CODE),
	ATTR(ZPF_RULE_A_TCP_FLAGS),
	ATTR(ZPF_RULE_A_NOT),
	ATTR(ZPF_RULE_A_LIMIT_INTERVAL_NS),
	ATTR(ZPF_RULE_A_LIMIT_BURST),
	ATTR(ZPF_RULE_A_RECENT_COUNT),
	ATTR(ZPF_RULE_A_RECENT_NS),
	ATTR(ZPF_RULE_A_ADD_SADDR_SET),
	ATTR(ZPF_RULE_A_ADD_SADDR_NS),
	ATTR(ZPF_RULE_A_ADD_DADDR_SET),
	ATTR(ZPF_RULE_A_ADD_DADDR_NS),
	ATTR(ZPF_RULE_A_SADDR_MASK),
	ATTR(ZPF_RULE_A_DADDR_MASK),
	NEST(ZPF_RULE_A_NUM, zpf_num_attrs),
	NEST(ZPF_RULE_A_CHANGE, zpf_change_attrs),
};
COMPLETE(zpf_rule_attrs, ZPF_RULE_A_MAX);

static const struct zpf_attr_desc zpf_zone_attrs[] = {
	ATTR(ZPF_ZONE_A_ID),
	ATTR(ZPF_ZONE_A_NAME),
	ATTR(ZPF_ZONE_A_FLAGS),
	ATTR(ZPF_ZONE_A_DEFAULT_ACTION),
	ATTR(ZPF_ZONE_A_DEFAULT_TABLE4),
	ATTR(ZPF_ZONE_A_DEFAULT_TABLE6),
	ATTR(ZPF_ZONE_A_INTRA_ACTION),
	ATTR(ZPF_ZONE_A_INTRA_TABLE4),
	ATTR(ZPF_ZONE_A_INTRA_TABLE6),
	NEST(ZPF_ZONE_A_MEMBER, zpf_member_attrs),
	NEST(ZPF_ZONE_A_IFACE, zpf_iface_attrs),
};
COMPLETE(zpf_zone_attrs, ZPF_ZONE_A_MAX);

static const struct zpf_attr_desc zpf_pair_attrs[] = {
	ATTR(ZPF_PAIR_A_FROM),
	ATTR(ZPF_PAIR_A_TO),
	ATTR(ZPF_PAIR_A_FAMILY),
	ATTR(ZPF_PAIR_A_TABLE),
};
COMPLETE(zpf_pair_attrs, ZPF_PAIR_A_MAX);

static const struct zpf_attr_desc zpf_chain_attrs[] = {
	ATTR(ZPF_CHAIN_A_HOOK),
	ATTR(ZPF_CHAIN_A_FAMILY),
	ATTR(ZPF_CHAIN_A_TABLE),
};
COMPLETE(zpf_chain_attrs, ZPF_CHAIN_A_MAX);

static const struct zpf_attr_desc zpf_source_attrs[] = {
	ATTR(ZPF_SOURCE_A_TEXT),
	ATTR(ZPF_SOURCE_A_GENERATION),
};
COMPLETE(zpf_source_attrs, ZPF_SOURCE_A_MAX);

static const struct zpf_attr_desc zpf_disarm_attrs[] = {
	ATTR(ZPF_DISARM_A_MODE),
};
COMPLETE(zpf_disarm_attrs, ZPF_DISARM_A_MAX);

static const struct zpf_attr_desc zpf_confirm_attrs[] = {
	ATTR(ZPF_CONFIRM_A_GENERATION),
};
COMPLETE(zpf_confirm_attrs, ZPF_CONFIRM_A_MAX);

static const struct zpf_attr_desc zpf_test_attrs[] = {
	ATTR(ZPF_TEST_A_FROM),
	ATTR(ZPF_TEST_A_TO),
	ATTR(ZPF_TEST_A_IN),
	ATTR(ZPF_TEST_A_OUT),
	ATTR(ZPF_TEST_A_FAMILY),
	ATTR(ZPF_TEST_A_STATE),
	ATTR(ZPF_TEST_A_PROTO),
	ATTR(ZPF_TEST_A_SADDR),
	ATTR(ZPF_TEST_A_DADDR),
	ATTR(ZPF_TEST_A_SPORT),
	ATTR(ZPF_TEST_A_DPORT),
	ATTR(ZPF_TEST_A_ICMP),
	ATTR(ZPF_TEST_A_TCP_FLAGS),
	ATTR(ZPF_TEST_A_NUMS),
	ATTR(ZPF_TEST_A_WHY),
	ATTR(ZPF_TEST_A_RULESET),
	ATTR(ZPF_TEST_A_NUMBER),
	ATTR(ZPF_TEST_A_ACTION),
	ATTR(ZPF_TEST_A_GENERATION),
	ATTR(ZPF_TEST_A_KIND),
	ATTR(ZPF_TEST_A_HOOK),
	ATTR(ZPF_TEST_A_REASON),
	ATTR(ZPF_TEST_A_LOG),
};
COMPLETE(zpf_test_attrs, ZPF_TEST_A_MAX);

#define CMD(c, t)	[c] = { .nest = t, .n_nest = ZPF_ARRAY_LEN(t) }

/* What a message of each command may carry. */
static const struct zpf_attr_desc zpf_cmd_attrs[ZPF_CMD_MAX + 1] = {
	CMD(ZPF_CMD_TXN_BEGIN, zpf_txn_attrs),
	CMD(ZPF_CMD_TXN_COMMIT, zpf_txn_attrs),
	CMD(ZPF_CMD_OPTIONS_SET, zpf_options_attrs),
	CMD(ZPF_CMD_SET_ADD, zpf_set_attrs),
	CMD(ZPF_CMD_TABLE_ADD, zpf_table_attrs),
	CMD(ZPF_CMD_RULE_ADD, zpf_rule_attrs),
	CMD(ZPF_CMD_ZONE_ADD, zpf_zone_attrs),
	CMD(ZPF_CMD_PAIR_ADD, zpf_pair_attrs),
	CMD(ZPF_CMD_CHAIN_ADD, zpf_chain_attrs),
	CMD(ZPF_CMD_SOURCE_ADD, zpf_source_attrs),
	CMD(ZPF_CMD_DISARM, zpf_disarm_attrs),
	CMD(ZPF_CMD_CONFIRM, zpf_confirm_attrs),
	CMD(ZPF_CMD_ROLLBACK, zpf_confirm_attrs),
	CMD(ZPF_CMD_GROUP_BEGIN, zpf_group_attrs),
	CMD(ZPF_CMD_GROUP_ADD, zpf_group_attrs),
	CMD(ZPF_CMD_GROUP_COMMIT, zpf_group_attrs),
	CMD(ZPF_CMD_GROUP_GET, zpf_group_attrs),
	CMD(ZPF_CMD_GROUP_ELEM_GET, zpf_group_attrs),
	CMD(ZPF_CMD_TEST_GET, zpf_test_attrs),
};

static const struct zpf_attr_desc *zpf_attr_root(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *g = nlmsg_data(nlh);

	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN || g->cmd > ZPF_CMD_MAX)
		return NULL;
	return &zpf_cmd_attrs[g->cmd];
}

/*
 * zpf_attr_find() - the description of the attribute that starts at @offset
 *
 * Goes down from the message through every nest that contains the place.
 */
static const struct zpf_attr_desc *zpf_attr_find(const struct nlmsghdr *nlh,
						 uint32_t offset)
{
	const struct zpf_attr_desc *level = zpf_attr_root(nlh), *desc;
	const char *base = (const char *)nlh;
	const struct nlattr *pos;
	int rem = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	uint32_t start;

	pos = (const struct nlattr *)(base + NLMSG_HDRLEN + GENL_HDRLEN);
	while (level && level->nest && nla_ok(pos, rem)) {
		start = (const char *)pos - base;
		if (offset >= start + NLA_ALIGN(pos->nla_len)) {
			pos = nla_next(pos, &rem);
			continue;
		}
		if ((size_t)nla_type(pos) >= level->n_nest)
			return NULL;
		desc = &level->nest[nla_type(pos)];
		if (offset < start + NLA_HDRLEN || !desc->nest)
			return desc;
		level = desc;
		rem = nla_len(pos);
		pos = nla_data(pos);
	}
	return NULL;
}

void zpf_attr_at(const struct nlmsghdr *nlh, uint32_t offset, char *buf, size_t size)
{
	const struct zpf_attr_desc *desc = zpf_attr_find(nlh, offset);

	snprintf(buf, size, "%s", desc && desc->name ? desc->name : "");
}

void zpf_attr_missing(const struct nlmsghdr *nlh, uint32_t offset, uint32_t type,
		      char *buf, size_t size)
{
	const struct zpf_attr_desc *level;

	level = offset ? zpf_attr_find(nlh, offset) : zpf_attr_root(nlh);
	if (level && type < level->n_nest && level->nest[type].name)
		snprintf(buf, size, "%s", level->nest[type].name);
	else
		snprintf(buf, size, "number %u", type);
}
