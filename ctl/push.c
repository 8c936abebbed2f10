// SPDX-License-Identifier: GPL-2.0-only
/*
 * A compiled policy to the kernel: see push.h. Every function zpf_put_x()
 * encodes one kind of object; each message carries a reference to the object
 * it came from, and a refusal is put in words from that.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <time.h>

#include "push.h"
#include "source.h"
#include "xmem.h"

#define ZPF_SET_CHUNK	32768	/* bytes of elements a message */
#define ZPF_IFACE_CHUNK	1024	/* names a message */
#define ZPF_FAMILY_IPV6	10	/* NFPROTO_IPV6 */

/* struct zpf_nl_ref.kind */
enum {
	ZPF_REF_NONE,
	ZPF_REF_OPTIONS,
	ZPF_REF_SET,
	ZPF_REF_TABLE,
	ZPF_REF_RULE,
	ZPF_REF_ZONE,
	ZPF_REF_PAIR,
	ZPF_REF_CHAIN,
	ZPF_REF_SOURCE,
};

static struct zpf_nl_ref zpf_ref(int kind, size_t a, size_t b)
{
	return (struct zpf_nl_ref){ .kind = kind, .a = a, .b = b };
}

static void zpf_put_log(struct nl_msg *msg, int attr, const struct zpf_log_spec *log)
{
	struct nlattr *nest;

	if (!log->on)
		return;
	nest = zpf_attr_nest(msg, attr);
	if (log->group >= 0) {
		zpf_attr_put_u16(msg, ZPF_LOG_A_GROUP, log->group);
		if (log->snaplen >= 0)
			zpf_attr_put_u32(msg, ZPF_LOG_A_SNAPLEN, log->snaplen);
		if (log->qthreshold >= 0)
			zpf_attr_put_u16(msg, ZPF_LOG_A_QTHRESHOLD, log->qthreshold);
	} else if (log->level >= 0) {
		zpf_attr_put_u8(msg, ZPF_LOG_A_LEVEL, log->level);
	}
	/* An empty nest says something: to the kernel log, level warning. */
	nla_nest_end_keep_empty(msg, nest);
}

static int zpf_put_begin(struct zpf_nl *nl, const struct zpf_policy *p,
			 size_t source_bytes)
{
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_TXN_BEGIN, ZPF_NL_ROOM);

	zpf_attr_put_u32(msg, ZPF_TXN_A_SETS, p->n_sets);
	zpf_attr_put_u32(msg, ZPF_TXN_A_TABLES, p->n_tables);
	zpf_attr_put_u32(msg, ZPF_TXN_A_ZONES, p->n_zones);
	zpf_attr_put_u32(msg, ZPF_TXN_A_SOURCE_BYTES, source_bytes);
	return zpf_nl_request(nl, msg, NULL, NULL);
}

static int zpf_put_options(struct zpf_nl *nl, const struct zpf_policy *p)
{
	const struct {
		uint8_t bit;
		const struct zpf_flat_state *state;
	} states[] = {
		{ ZPF_STATE_ESTABLISHED,	&p->established },
		{ ZPF_STATE_RELATED,		&p->related },
		{ ZPF_STATE_INVALID,		&p->invalid },
	};
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_OPTIONS_SET, ZPF_NL_ROOM +
					p->n_offsets * sizeof(*p->offsets));
	struct nlattr *nest;
	size_t i;

	zpf_attr_put_u32(msg, ZPF_OPTIONS_A_FLAGS, p->option_flags);
	for (i = 0; i < ZPF_ARRAY_LEN(states); i++) {
		if (states[i].state->action == ZPF_ACTION_UNSPEC)
			continue;
		nest = zpf_attr_nest(msg, ZPF_OPTIONS_A_STATE_POLICY);
		zpf_attr_put_u8(msg, ZPF_STATE_POLICY_A_STATE, states[i].bit);
		zpf_attr_put_u8(msg, ZPF_STATE_POLICY_A_ACTION, states[i].state->action);
		zpf_put_log(msg, ZPF_STATE_POLICY_A_LOG, &states[i].state->log);
		nla_nest_end(msg, nest);
	}
	if (p->log_interval_ns)
		zpf_attr_put_u64(msg, ZPF_OPTIONS_A_LOG_INTERVAL_NS, p->log_interval_ns);
	if (p->log_burst)
		zpf_attr_put_u32(msg, ZPF_OPTIONS_A_LOG_BURST, p->log_burst);
	if (p->n_offsets)
		zpf_attr_put(msg, ZPF_OPTIONS_A_OFFSETS,
			p->n_offsets * sizeof(*p->offsets), p->offsets);
	return zpf_nl_queue(nl, msg, zpf_ref(ZPF_REF_OPTIONS, 0, 0));
}

static int zpf_put_set(struct zpf_nl *nl, const struct zpf_policy *p, size_t id)
{
	static const size_t elem_size[] = {
		[ZPF_SET_IPV4] = sizeof(struct zpf_range4),
		[ZPF_SET_IPV6] = sizeof(struct zpf_range6),
		[ZPF_SET_PORT] = sizeof(struct zpf_range_port),
		[ZPF_SET_IFACE] = 0,
		[ZPF_SET_NUMBER] = sizeof(struct zpf_range64),
	};
	const struct zpf_flat_set *set = &p->sets[id];
	size_t size = elem_size[set->kind];
	size_t chunk = size ? ZPF_SET_CHUNK / size : ZPF_IFACE_CHUNK;
	size_t at = 0, n, i;
	struct nl_msg *msg;

	if (set->name || set->n_members) {
		msg = zpf_nl_msg(nl, ZPF_CMD_SET_ADD, ZPF_NL_ROOM +
				 set->n_members * sizeof(*set->members));
		zpf_attr_put_u32(msg, ZPF_SET_A_ID, id);
		zpf_attr_put_u8(msg, ZPF_SET_A_KIND, set->kind);
		if (set->name)
			zpf_attr_put_string(msg, ZPF_SET_A_NAME, set->name);
		else
			zpf_attr_put(msg, ZPF_SET_A_MEMBERS, set->n_members *
				sizeof(*set->members), set->members);
		if (set->dynamic)
			zpf_attr_put_flag(msg, ZPF_SET_A_DYNAMIC);
		return zpf_nl_queue(nl, msg, zpf_ref(ZPF_REF_SET, id, 0));
	}
	do {
		n = set->n - at < chunk ? set->n - at : chunk;
		msg = zpf_nl_msg(nl, ZPF_CMD_SET_ADD, ZPF_NL_ROOM + n *
				 (size ? size : NLA_HDRLEN + NLA_ALIGN(ZPF_IF_NAME_MAX + 1)));
		zpf_attr_put_u32(msg, ZPF_SET_A_ID, id);
		if (!at) {
			zpf_attr_put_u8(msg, ZPF_SET_A_KIND, set->kind);
			zpf_attr_put_u32(msg, ZPF_SET_A_COUNT, set->n);
		}
		if (n && size)
			zpf_attr_put(msg, ZPF_SET_A_ELEMS, n * size,
				(const char *)set->r4 + at * size);
		for (i = 0; i < n && !size; i++)
			zpf_attr_put_string(msg, ZPF_SET_A_IFNAME, set->ifname[at + i]);
		if (zpf_nl_queue(nl, msg, zpf_ref(ZPF_REF_SET, id, at)))
			return -1;
		at += n;
	} while (at < set->n);
	return 0;
}

/* The matches of a rule: which bit asks for which attribute, and where from. */
#define ZPF_MATCH(flag, attr, field) \
	{ ZPF_FLAT_##flag, ZPF_RULE_A_##attr, \
	  offsetof(struct zpf_flat_rule, field), \
	  sizeof(((struct zpf_flat_rule *)NULL)->field) }

static const struct {
	uint32_t flag;
	int attr;
	size_t offset, size;
} zpf_matches[] = {
	ZPF_MATCH(STATE,	STATE,		state),
	ZPF_MATCH(SADDR_SET,	SADDR_SET,	saddr_set),
	ZPF_MATCH(DADDR_SET,	DADDR_SET,	daddr_set),
	ZPF_MATCH(SPORT,	SPORT,		sport),
	ZPF_MATCH(DPORT,	DPORT,		dport),
	ZPF_MATCH(SPORT_SET,	SPORT_SET,	sport_set),
	ZPF_MATCH(DPORT_SET,	DPORT_SET,	dport_set),
	ZPF_MATCH(IN_SET,	IN_SET,		in_set),
	ZPF_MATCH(OUT_SET,	OUT_SET,	out_set),
	ZPF_MATCH(ICMP_TYPE,	ICMP_TYPE,	icmp_type),
	ZPF_MATCH(ICMP_CODE,	ICMP_CODE,	icmp_code),
};

static void zpf_put_nums(struct nl_msg *msg, const struct zpf_flat_rule *r)
{
	struct nlattr *nest;
	size_t i;

	for (i = 0; i < r->rare->n_nums; i++) {
		nest = zpf_attr_nest(msg, ZPF_RULE_A_NUM);
		zpf_attr_put_u8(msg, ZPF_NUM_A_WHAT, r->rare->nums[i].what);
		zpf_attr_put_u32(msg, ZPF_NUM_A_SET, r->rare->nums[i].set);
		nla_nest_end(msg, nest);
	}
}

static void zpf_put_changes(struct nl_msg *msg, const struct zpf_flat_rule *r)
{
	struct nlattr *nest;
	size_t i;

	for (i = 0; i < r->rare->n_changes; i++) {
		nest = zpf_attr_nest(msg, ZPF_RULE_A_CHANGE);
		zpf_attr_put_u8(msg, ZPF_CHANGE_A_WHAT, r->rare->changes[i].what);
		zpf_attr_put_u32(msg, ZPF_CHANGE_A_VALUE, r->rare->changes[i].value);
		nla_nest_end(msg, nest);
	}
}

/* A mask is sent as wide as an address of the family. */
static void zpf_put_mask(struct nl_msg *msg, int attr, size_t addr,
			 const __u64 mask[2])
{
	if (addr == sizeof(struct zpf_range6))
		zpf_attr_put(msg, attr, 2 * sizeof(*mask), mask);
	else
		zpf_attr_put_u32(msg, attr, mask[1]);
}

static void zpf_put_adds(struct nl_msg *msg, const struct zpf_flat_rule *r)
{
	static const int attrs[2][2] = {
		{ ZPF_RULE_A_ADD_SADDR_SET, ZPF_RULE_A_ADD_SADDR_NS },
		{ ZPF_RULE_A_ADD_DADDR_SET, ZPF_RULE_A_ADD_DADDR_NS },
	};
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!r->rare->add[i].on)
			continue;
		zpf_attr_put_u32(msg, attrs[i][0], r->rare->add[i].set);
		if (r->rare->add[i].for_ns)
			zpf_attr_put_u64(msg, attrs[i][1], r->rare->add[i].for_ns);
	}
}

static int zpf_put_rule(struct zpf_nl *nl, const struct zpf_policy *p, size_t t,
			size_t idx)
{
	const struct zpf_flat_table *table = &p->tables[t];
	const struct zpf_flat_rule *r = &table->rules[idx];
	const struct zpf_flat_row *row = &table->rows[r->row];
	size_t addr = table->family == ZPF_FAMILY_IPV6 ?
		sizeof(struct zpf_range6) : sizeof(struct zpf_range4);
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_RULE_ADD, ZPF_NL_ROOM);
	size_t i;

	zpf_attr_put_u32(msg, ZPF_RULE_A_TABLE, t);
	zpf_attr_put_u32(msg, ZPF_RULE_A_ROW, r->row);
	if (strcmp(row->ruleset, table->name))
		zpf_attr_put_string(msg, ZPF_RULE_A_RULESET, row->ruleset);
	zpf_attr_put_u32(msg, ZPF_RULE_A_NUMBER, row->number);
	zpf_attr_put_u64(msg, ZPF_RULE_A_MEANING, row->meaning);
	zpf_attr_put_u8(msg, ZPF_RULE_A_ACTION, r->action);
	if (r->action >= ZPF_ACTION_RETURN && r->hit != idx + 1)
		zpf_attr_put_u32(msg, ZPF_RULE_A_HIT, r->hit);
	if (r->miss != idx + 1)
		zpf_attr_put_u32(msg, ZPF_RULE_A_MISS, r->miss);
	zpf_put_log(msg, ZPF_RULE_A_LOG, &r->log);

	if (r->match & ZPF_FLAT_PROTO)
		zpf_attr_put(msg, ZPF_RULE_A_PROTO, r->n_proto, r->proto);
	if (r->match & ZPF_FLAT_SADDR)
		zpf_attr_put(msg, ZPF_RULE_A_SADDR, addr, &r->saddr6);
	if (r->match & ZPF_FLAT_DADDR)
		zpf_attr_put(msg, ZPF_RULE_A_DADDR, addr, &r->daddr6);
	if (r->match & ZPF_FLAT_TCP_FLAGS)
		zpf_attr_put(msg, ZPF_RULE_A_TCP_FLAGS, 2,
			(uint8_t[]){ r->tcp_mask, r->tcp_value });
	if (r->match & ZPF_FLAT_SADDR_MASK)
		zpf_put_mask(msg, ZPF_RULE_A_SADDR_MASK, addr, r->rare->saddr_mask);
	if (r->match & ZPF_FLAT_DADDR_MASK)
		zpf_put_mask(msg, ZPF_RULE_A_DADDR_MASK, addr, r->rare->daddr_mask);
	zpf_put_nums(msg, r);
	zpf_put_changes(msg, r);
	for (i = 0; i < ZPF_ARRAY_LEN(zpf_matches); i++)
		if (r->match & zpf_matches[i].flag)
			zpf_attr_put(msg, zpf_matches[i].attr, zpf_matches[i].size,
				(const char *)r + zpf_matches[i].offset);
	if (r->match & ZPF_FLAT_LIMIT)
		zpf_attr_put_u64(msg, ZPF_RULE_A_LIMIT_INTERVAL_NS, r->rare->limit_interval_ns);
	if ((r->match & ZPF_FLAT_LIMIT) && r->rare->limit_burst)
		zpf_attr_put_u32(msg, ZPF_RULE_A_LIMIT_BURST, r->rare->limit_burst);
	if (r->match & ZPF_FLAT_RECENT) {
		zpf_attr_put_u32(msg, ZPF_RULE_A_RECENT_COUNT, r->rare->recent_count);
		zpf_attr_put_u64(msg, ZPF_RULE_A_RECENT_NS, r->rare->recent_ns);
	}
	if (r->not)
		zpf_attr_put_u32(msg, ZPF_RULE_A_NOT, r->not);
	zpf_put_adds(msg, r);
	return zpf_nl_queue(nl, msg, zpf_ref(ZPF_REF_RULE, t, idx));
}

static int zpf_put_table(struct zpf_nl *nl, const struct zpf_policy *p, size_t t)
{
	const struct zpf_flat_table *table = &p->tables[t];
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_TABLE_ADD, ZPF_NL_ROOM);
	size_t i;

	zpf_attr_put_u32(msg, ZPF_TABLE_A_ID, t);
	zpf_attr_put_u8(msg, ZPF_TABLE_A_FAMILY, table->family);
	zpf_attr_put_string(msg, ZPF_TABLE_A_NAME, table->name);
	zpf_attr_put_u32(msg, ZPF_TABLE_A_RULES, table->n_rules);
	zpf_attr_put_u32(msg, ZPF_TABLE_A_ROWS, table->n_rows);
	if (zpf_nl_queue(nl, msg, zpf_ref(ZPF_REF_TABLE, t, 0)))
		return -1;
	for (i = 0; i < table->n_rules; i++)
		if (zpf_put_rule(nl, p, t, i))
			return -1;
	return 0;
}

static int zpf_put_zone(struct zpf_nl *nl, const struct zpf_policy *p, size_t i)
{
	const struct zpf_flat_zone *z = &p->zones[i];
	const struct {
		int attr;
		uint32_t table;
	} tables[] = {
		{ ZPF_ZONE_A_DEFAULT_TABLE4,	z->default_table4 },
		{ ZPF_ZONE_A_DEFAULT_TABLE6,	z->default_table6 },
		{ ZPF_ZONE_A_INTRA_TABLE4,	z->intra_table4 },
		{ ZPF_ZONE_A_INTRA_TABLE6,	z->intra_table6 },
	};
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_ZONE_ADD,
					ZPF_NL_ROOM + z->n_members * 48);
	struct nlattr *nest;
	uint32_t flags = 0;
	size_t k;

	if (z->local)
		flags |= ZPF_ZONE_LOCAL;
	if (z->default_log)
		flags |= ZPF_ZONE_DEFAULT_LOG;
	zpf_attr_put_u32(msg, ZPF_ZONE_A_ID, i + 1);
	zpf_attr_put_string(msg, ZPF_ZONE_A_NAME, z->name);
	if (flags)
		zpf_attr_put_u32(msg, ZPF_ZONE_A_FLAGS, flags);
	if (z->default_action)
		zpf_attr_put_u8(msg, ZPF_ZONE_A_DEFAULT_ACTION, z->default_action);
	for (k = 0; k < ZPF_ARRAY_LEN(tables); k++)
		if (tables[k].table != ZPF_NO_TABLE)
			zpf_attr_put_u32(msg, tables[k].attr, tables[k].table);
	if (z->intra_action == ZPF_ACTION_DROP)
		zpf_attr_put_u8(msg, ZPF_ZONE_A_INTRA_ACTION, z->intra_action);
	for (k = 0; k < z->n_members; k++) {
		nest = zpf_attr_nest(msg, ZPF_ZONE_A_MEMBER);
		zpf_attr_put_string(msg, ZPF_MEMBER_A_NAME, z->members[k].name);
		if (z->members[k].vrf)
			zpf_attr_put_flag(msg, ZPF_MEMBER_A_VRF);
		nla_nest_end(msg, nest);
	}
	return zpf_nl_queue(nl, msg, zpf_ref(ZPF_REF_ZONE, i, 0));
}

static int zpf_put_pair(struct zpf_nl *nl, const struct zpf_policy *p, size_t i)
{
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_PAIR_ADD, ZPF_NL_ROOM);

	zpf_attr_put_u32(msg, ZPF_PAIR_A_FROM, p->pairs[i].from);
	zpf_attr_put_u32(msg, ZPF_PAIR_A_TO, p->pairs[i].to);
	zpf_attr_put_u8(msg, ZPF_PAIR_A_FAMILY, p->pairs[i].family);
	zpf_attr_put_u32(msg, ZPF_PAIR_A_TABLE, p->pairs[i].table);
	return zpf_nl_queue(nl, msg, zpf_ref(ZPF_REF_PAIR, i, 0));
}

static int zpf_put_chain(struct zpf_nl *nl, const struct zpf_policy *p, size_t i)
{
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_CHAIN_ADD, ZPF_NL_ROOM);

	zpf_attr_put_u8(msg, ZPF_CHAIN_A_HOOK, p->chains[i].hook);
	zpf_attr_put_u8(msg, ZPF_CHAIN_A_FAMILY, p->chains[i].family);
	zpf_attr_put_u32(msg, ZPF_CHAIN_A_TABLE, p->chains[i].table);
	return zpf_nl_queue(nl, msg, zpf_ref(ZPF_REF_CHAIN, i, 0));
}

static int zpf_put_source(struct zpf_nl *nl, const char *source, size_t len)
{
	struct nl_msg *msg;
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = len - at < ZPF_SOURCE_CHUNK ? len - at : ZPF_SOURCE_CHUNK;
		msg = zpf_nl_msg(nl, ZPF_CMD_SOURCE_ADD, ZPF_NL_ROOM + n);
		zpf_attr_put(msg, ZPF_SOURCE_A_TEXT, n, source + at);
		if (zpf_nl_queue(nl, msg, zpf_ref(ZPF_REF_SOURCE, 0, 0)))
			return -1;
	}
	return 0;
}

static int zpf_commit_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_TXN_A_MAX + 1];
	struct zpf_push_result *res = arg;

	if (zpf_nl_attrs(nlh, tb, ZPF_TXN_A_MAX) || !tb[ZPF_TXN_A_GENERATION])
		return -EBADMSG;
	res->generation = nla_get_u32(tb[ZPF_TXN_A_GENERATION]);
	if (tb[ZPF_TXN_A_BUILD_NS])
		res->build_ns = nla_get_u64(tb[ZPF_TXN_A_BUILD_NS]);
	if (tb[ZPF_TXN_A_FLAGS])
		res->flags = nla_get_u32(tb[ZPF_TXN_A_FLAGS]);
	return 0;
}

static int zpf_put_commit(struct zpf_nl *nl, uint32_t messages,
			  const struct zpf_push_terms *terms,
			  struct zpf_push_result *res)
{
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_TXN_COMMIT, ZPF_NL_ROOM);

	zpf_attr_put_u32(msg, ZPF_TXN_A_MESSAGES, messages);
	if (terms && terms->base)
		zpf_attr_put_u32(msg, ZPF_TXN_A_BASE_GENERATION, *terms->base);
	if (terms && terms->confirm)
		zpf_attr_put_u32(msg, ZPF_TXN_A_CONFIRM_SECONDS, terms->confirm);
	memset(res, 0, sizeof(*res));
	return zpf_nl_request(nl, msg, zpf_commit_cb, res);
}

static int zpf_put_all(struct zpf_nl *nl, const struct zpf_policy *p,
		       const char *source, size_t source_len,
		       const struct zpf_push_terms *terms,
		       struct zpf_push_result *res)
{
	const struct {
		int (*put)(struct zpf_nl *nl, const struct zpf_policy *p, size_t i);
		size_t n;
	} steps[] = {
		{ zpf_put_set,		p->n_sets },
		{ zpf_put_table,	p->n_tables },
		{ zpf_put_zone,		p->n_zones },
		{ zpf_put_pair,		p->n_pairs },
		{ zpf_put_chain,	p->n_chains },
	};
	uint32_t begin;
	size_t step, i;

	if (zpf_put_begin(nl, p, source_len))
		return -1;
	begin = nl->seq;
	if (zpf_put_options(nl, p))
		return -1;
	for (step = 0; step < ZPF_ARRAY_LEN(steps); step++)
		for (i = 0; i < steps[step].n; i++)
			if (steps[step].put(nl, p, i))
				return -1;
	if (zpf_put_source(nl, source, source_len) || zpf_nl_flush(nl))
		return -1;
	return zpf_put_commit(nl, nl->seq - begin, terms, res);
}

static const char *zpf_family_word(uint8_t family)
{
	return family == ZPF_FAMILY_IPV6 ? "ipv6" : "ipv4";
}

/* Puts into words what a refused message was about. */
static const struct zpf_where *zpf_push_object(const struct zpf_policy *p,
					       struct zpf_nl_ref ref,
					       char *buf, size_t size)
{
	static const char * const hooks[] = { "", "input", "forward", "output" };
	const struct zpf_flat_table *t;
	const struct zpf_flat_row *row;
	const struct zpf_flat_pair *pair;

	switch (ref.kind) {
	case ZPF_REF_OPTIONS:
		snprintf(buf, size, "the global options");
		return NULL;
	case ZPF_REF_SET:
		snprintf(buf, size, "set %zu", ref.a);
		return &p->sets[ref.a].where;
	case ZPF_REF_TABLE:
		t = &p->tables[ref.a];
		snprintf(buf, size, "%s ruleset %s", zpf_family_word(t->family), t->name);
		return &t->where;
	case ZPF_REF_RULE:
		t = &p->tables[ref.a];
		row = &t->rows[t->rules[ref.b].row];
		if (row->number)
			snprintf(buf, size, "rule %u of ruleset %s", row->number,
				 row->ruleset);
		else
			snprintf(buf, size, "the default of ruleset %s", row->ruleset);
		return &t->rules[ref.b].where;
	case ZPF_REF_ZONE:
		snprintf(buf, size, "zone %s", p->zones[ref.a].name);
		return &p->zones[ref.a].where;
	case ZPF_REF_PAIR:
		pair = &p->pairs[ref.a];
		snprintf(buf, size, "the %s ruleset from %s to %s",
			 zpf_family_word(pair->family), p->zones[pair->from - 1].name,
			 p->zones[pair->to - 1].name);
		return &pair->where;
	case ZPF_REF_CHAIN:
		snprintf(buf, size, "base chain %s %s filter",
			 zpf_family_word(p->chains[ref.a].family),
			 hooks[p->chains[ref.a].hook & 3]);
		return &p->chains[ref.a].where;
	case ZPF_REF_SOURCE:
		snprintf(buf, size, "the source text");
		return NULL;
	default:
		return NULL;
	}
}

int zpf_push(struct zpf_nl *nl, const struct zpf_policy *p,
	     const struct zpf_push_terms *terms, struct zpf_push_result *res,
	     struct zpf_diag *diag)
{
	const struct zpf_where *where;
	char object[256] = "", why[512];
	struct timespec t0, t1;
	size_t source_len;
	char *source;
	int ret;

	clock_gettime(CLOCK_MONOTONIC, &t0);
	source = zpf_xcheck(zpf_source_pack(p->source, p->source_len, &source_len));
	ret = zpf_put_all(nl, p, source, source_len, terms, res);
	free(source);
	if (!ret) {
		clock_gettime(CLOCK_MONOTONIC, &t1);
		res->push_ns = (uint64_t)(t1.tv_sec - t0.tv_sec) * 1000000000 +
			(uint64_t)t1.tv_nsec - (uint64_t)t0.tv_nsec;
		return 0;
	}
	zpf_nl_why(nl, why, sizeof(why));
	where = zpf_push_object(p, nl->err.ref, object, sizeof(object));
	if (*object)
		zpf_diag_add(diag, ZPF_DIAG_ERROR, where, NULL,
			     "kernel refused %s: %s", object, why);
	else
		zpf_diag_add(diag, ZPF_DIAG_ERROR, NULL, NULL, "%s", why);
	return -1;
}
