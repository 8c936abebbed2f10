// SPDX-License-Identifier: GPL-2.0-only
/*
 * The running policy as plain structs: see fetch.h. Strings live as long as
 * the snapshot; a dump repeats the same names row after row, so each is kept
 * once as long as it repeats.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "fetch.h"
#include "source.h"
#include "xmem.h"

#define ZPF_FETCH_TRIES 8

static const char *zpf_keep(struct zpf_snapshot *s, const struct nlattr *attr)
{
	size_t len = strnlen(nla_data(attr), nla_len(attr)), i;
	char *copy;

	/* Dumps are grouped: what is repeated was seen a moment ago. */
	for (i = s->n_strings; i && i + 4 > s->n_strings; i--)
		if (strlen(s->strings[i - 1]) == len &&
		    !memcmp(s->strings[i - 1], nla_data(attr), len))
			return s->strings[i - 1];
	if (s->n_strings == s->cap_strings)
		s->strings = zpf_xgrow(s->strings, &s->cap_strings,
				       sizeof(*s->strings));
	copy = zpf_xcheck(strndup(nla_data(attr), len));
	s->strings[s->n_strings++] = copy;
	return copy;
}

uint8_t zpf_get_u8(struct nlattr *const *tb, int attr)
{
	return tb[attr] && nla_len(tb[attr]) >= 1 ? nla_get_u8(tb[attr]) : 0;
}

uint16_t zpf_get_u16(struct nlattr *const *tb, int attr)
{
	return tb[attr] && nla_len(tb[attr]) >= 2 ? nla_get_u16(tb[attr]) : 0;
}

uint32_t zpf_get_u32(struct nlattr *const *tb, int attr)
{
	return tb[attr] && nla_len(tb[attr]) >= 4 ? nla_get_u32(tb[attr]) : 0;
}

uint64_t zpf_get_u64(struct nlattr *const *tb, int attr)
{
	return tb[attr] && nla_len(tb[attr]) >= 8 ? nla_get_u64(tb[attr]) : 0;
}

static int zpf_status_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_STATUS_A_MAX + 1];
	struct zpf_status *s = arg;
	struct timespec now;

	if (zpf_nl_attrs(nlh, tb, ZPF_STATUS_A_MAX))
		return -EBADMSG;
	clock_gettime(CLOCK_REALTIME, &now);
	s->unix_ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	if (tb[ZPF_STATUS_A_VERSION])
		snprintf(s->version, sizeof(s->version), "%.*s",
			 nla_len(tb[ZPF_STATUS_A_VERSION]),
			 (char *)nla_data(tb[ZPF_STATUS_A_VERSION]));
	s->mode = zpf_get_u8(tb, ZPF_STATUS_A_MODE);
	s->generation = zpf_get_u32(tb, ZPF_STATUS_A_GENERATION);
	s->zones = zpf_get_u32(tb, ZPF_STATUS_A_ZONES);
	s->pairs = zpf_get_u32(tb, ZPF_STATUS_A_PAIRS);
	s->tables = zpf_get_u32(tb, ZPF_STATUS_A_TABLES);
	s->rules = zpf_get_u32(tb, ZPF_STATUS_A_RULES);
	s->sets = zpf_get_u32(tb, ZPF_STATUS_A_SETS);
	s->memory_bytes = zpf_get_u64(tb, ZPF_STATUS_A_MEMORY_BYTES);
	s->counter_bytes = zpf_get_u64(tb, ZPF_STATUS_A_COUNTER_BYTES);
	s->malformed = zpf_get_u64(tb, ZPF_STATUS_A_MALFORMED);
	s->recent_evicted = zpf_get_u64(tb, ZPF_STATUS_A_RECENT_EVICTED);
	s->boottime_ns = zpf_get_u64(tb, ZPF_STATUS_A_BOOTTIME_NS);
	s->events = zpf_get_u64(tb, ZPF_STATUS_A_EVENTS);
	s->confirm_waits = tb[ZPF_STATUS_A_CONFIRM_SECONDS];
	s->confirm_seconds = zpf_get_u32(tb, ZPF_STATUS_A_CONFIRM_SECONDS);
	s->back_generation = zpf_get_u32(tb, ZPF_STATUS_A_BACK_GENERATION);
	s->back_mode = zpf_get_u8(tb, ZPF_STATUS_A_BACK_MODE);
	return 0;
}

static int zpf_zone_member(struct zpf_snapshot *s, struct zpf_zone_info *z,
			   const struct nlattr *nest)
{
	struct nlattr *tb[ZPF_MEMBER_A_MAX + 1];
	struct zpf_member_info *m;

	if (nla_parse_nested(tb, ZPF_MEMBER_A_MAX, (struct nlattr *)nest, NULL) < 0 ||
	    !tb[ZPF_MEMBER_A_NAME])
		return -EBADMSG;
	if (z->n_members == z->cap_members)
		z->members = zpf_xgrow(z->members, &z->cap_members,
				       sizeof(*z->members));
	m = &z->members[z->n_members++];
	m->name = zpf_keep(s, tb[ZPF_MEMBER_A_NAME]);
	m->vrf = tb[ZPF_MEMBER_A_VRF];
	return 0;
}

static int zpf_zone_iface(struct zpf_snapshot *s, struct zpf_zone_info *z,
			  const struct nlattr *nest)
{
	struct nlattr *tb[ZPF_IFACE_A_MAX + 1];
	struct zpf_iface_info *i;

	if (nla_parse_nested(tb, ZPF_IFACE_A_MAX, (struct nlattr *)nest, NULL) < 0 ||
	    !tb[ZPF_IFACE_A_NAME])
		return -EBADMSG;
	if (z->n_ifaces == z->cap_ifaces)
		z->ifaces = zpf_xgrow(z->ifaces, &z->cap_ifaces, sizeof(*z->ifaces));
	i = &z->ifaces[z->n_ifaces++];
	i->name = zpf_keep(s, tb[ZPF_IFACE_A_NAME]);
	i->index = zpf_get_u32(tb, ZPF_IFACE_A_INDEX);
	i->member = tb[ZPF_IFACE_A_MEMBER] ?
		zpf_get_u32(tb, ZPF_IFACE_A_MEMBER) : ZPF_NO_MEMBER;
	return 0;
}

static int zpf_zone_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_ZONE_A_MAX + 1];
	struct zpf_snapshot *s = arg;
	struct zpf_zone_info *z;
	struct nlattr *pos;
	int ret = 0, rem;
	uint32_t id;

	if (zpf_nl_attrs(nlh, tb, ZPF_ZONE_A_MAX) || !tb[ZPF_ZONE_A_ID])
		return -EBADMSG;
	id = zpf_get_u32(tb, ZPF_ZONE_A_ID);
	/* More interfaces of the zone before? */
	if (!s->n_zones || s->zones[s->n_zones - 1].id != id) {
		if (s->n_zones == s->cap_zones)
			s->zones = zpf_xgrow(s->zones, &s->cap_zones,
					     sizeof(*s->zones));
		z = &s->zones[s->n_zones++];
		memset(z, 0, sizeof(*z));
		z->id = id;
		z->name = id && tb[ZPF_ZONE_A_NAME] ?
			zpf_keep(s, tb[ZPF_ZONE_A_NAME]) : "none";
		z->flags = zpf_get_u32(tb, ZPF_ZONE_A_FLAGS);
		z->default_action = zpf_get_u8(tb, ZPF_ZONE_A_DEFAULT_ACTION);
		if (!z->default_action)
			z->default_action = ZPF_ACTION_DROP;
		z->intra_action = zpf_get_u8(tb, ZPF_ZONE_A_INTRA_ACTION);
	}
	z = &s->zones[s->n_zones - 1];
	nlmsg_for_each_attr(pos, (struct nlmsghdr *)nlh, NLMSG_ALIGN(4), rem) {
		if (nla_type(pos) == ZPF_ZONE_A_MEMBER)
			ret = zpf_zone_member(s, z, pos);
		else if (nla_type(pos) == ZPF_ZONE_A_IFACE)
			ret = zpf_zone_iface(s, z, pos);
		if (ret)
			return ret;
	}
	return 0;
}

static int zpf_counter_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_COUNTER_A_MAX + 1];
	struct zpf_snapshot *s = arg;
	struct zpf_counter *c;

	if (zpf_nl_attrs(nlh, tb, ZPF_COUNTER_A_MAX) || !tb[ZPF_COUNTER_A_KIND])
		return -EBADMSG;
	if (s->n_counters == s->cap_counters)
		s->counters = zpf_xgrow(s->counters, &s->cap_counters,
					sizeof(*s->counters));
	c = &s->counters[s->n_counters++];
	memset(c, 0, sizeof(*c));
	c->kind = zpf_get_u8(tb, ZPF_COUNTER_A_KIND);
	c->family = zpf_get_u8(tb, ZPF_COUNTER_A_FAMILY);
	c->hook = zpf_get_u8(tb, ZPF_COUNTER_A_HOOK);
	c->state = zpf_get_u8(tb, ZPF_COUNTER_A_STATE);
	c->action = zpf_get_u8(tb, ZPF_COUNTER_A_ACTION);
	c->reason = zpf_get_u8(tb, ZPF_COUNTER_A_REASON);
	c->from = zpf_get_u32(tb, ZPF_COUNTER_A_FROM);
	c->to = zpf_get_u32(tb, ZPF_COUNTER_A_TO);
	c->number = zpf_get_u32(tb, ZPF_COUNTER_A_NUMBER);
	if (tb[ZPF_COUNTER_A_TABLE])
		c->table = zpf_keep(s, tb[ZPF_COUNTER_A_TABLE]);
	if (tb[ZPF_COUNTER_A_RULESET])
		c->ruleset = zpf_keep(s, tb[ZPF_COUNTER_A_RULESET]);
	c->packets = zpf_get_u64(tb, ZPF_COUNTER_A_PACKETS);
	c->bytes = zpf_get_u64(tb, ZPF_COUNTER_A_BYTES);
	c->last_ns = zpf_get_u64(tb, ZPF_COUNTER_A_LAST_NS);
	c->since_ns = zpf_get_u64(tb, ZPF_COUNTER_A_SINCE_NS);
	return 0;
}

static int zpf_site_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_SITE_A_MAX + 1];
	struct zpf_snapshot *s = arg;
	struct zpf_site *site;

	if (zpf_nl_attrs(nlh, tb, ZPF_SITE_A_MAX) || !tb[ZPF_SITE_A_PREFIX])
		return -EBADMSG;
	if (s->n_sites == s->cap_sites)
		s->sites = zpf_xgrow(s->sites, &s->cap_sites, sizeof(*s->sites));
	site = &s->sites[s->n_sites++];
	site->prefix = zpf_keep(s, tb[ZPF_SITE_A_PREFIX]);
	site->interval_ns = zpf_get_u64(tb, ZPF_SITE_A_INTERVAL_NS);
	site->burst = zpf_get_u32(tb, ZPF_SITE_A_BURST);
	site->logged = zpf_get_u64(tb, ZPF_SITE_A_LOGGED);
	site->suppressed = zpf_get_u64(tb, ZPF_SITE_A_SUPPRESSED);
	site->undeliverable = zpf_get_u64(tb, ZPF_SITE_A_UNDELIVERABLE);
	return 0;
}

static int zpf_source_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_SOURCE_A_MAX + 1];
	struct zpf_snapshot *s = arg;
	size_t len;

	if (zpf_nl_attrs(nlh, tb, ZPF_SOURCE_A_MAX))
		return -EBADMSG;
	if (!tb[ZPF_SOURCE_A_TEXT])
		return 0;
	len = nla_len(tb[ZPF_SOURCE_A_TEXT]);
	if (s->source_len + len > ZPF_MAX_SOURCE)
		return -EBADMSG;
	while (s->source_len + len + 1 > s->cap_source)
		s->source = zpf_xgrow(s->source, &s->cap_source, 1);
	memcpy(s->source + s->source_len, nla_data(tb[ZPF_SOURCE_A_TEXT]), len);
	s->source_len += len;
	s->source[s->source_len] = '\0';
	return 0;
}

static int zpf_table_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_TABLE_A_MAX + 1];
	struct zpf_snapshot *s = arg;
	struct zpf_table_info *t;

	if (zpf_nl_attrs(nlh, tb, ZPF_TABLE_A_MAX) || !tb[ZPF_TABLE_A_NAME])
		return -EBADMSG;
	if (s->n_tables == s->cap_tables)
		s->tables = zpf_xgrow(s->tables, &s->cap_tables,
				      sizeof(*s->tables));
	t = &s->tables[s->n_tables++];
	t->name = zpf_keep(s, tb[ZPF_TABLE_A_NAME]);
	t->family = zpf_get_u8(tb, ZPF_TABLE_A_FAMILY);
	t->engine = zpf_get_u8(tb, ZPF_TABLE_A_ENGINE);
	t->rules = zpf_get_u32(tb, ZPF_TABLE_A_RULES);
	t->probes = zpf_get_u32(tb, ZPF_TABLE_A_PROBES);
	t->index_bytes = zpf_get_u64(tb, ZPF_TABLE_A_INDEX_BYTES);
	return 0;
}

static const struct {
	unsigned int what;
	uint8_t cmd;
	zpf_nl_cb *cb;
} zpf_dumps[] = {
	{ ZPF_FETCH_ZONES,	ZPF_CMD_ZONE_GET,	zpf_zone_cb },
	{ ZPF_FETCH_COUNTERS,	ZPF_CMD_COUNTER_GET,	zpf_counter_cb },
	{ ZPF_FETCH_SITES,	ZPF_CMD_SITE_GET,	zpf_site_cb },
	{ ZPF_FETCH_SOURCE,	ZPF_CMD_SOURCE_GET,	zpf_source_cb },
	{ ZPF_FETCH_TABLES,	ZPF_CMD_TABLE_GET,	zpf_table_cb },
};

static int zpf_fetch_status(struct zpf_nl *nl, struct zpf_status *status)
{
	memset(status, 0, sizeof(*status));
	return zpf_nl_request(nl, zpf_nl_msg(nl, ZPF_CMD_STATUS_GET, 64),
			      zpf_status_cb, status);
}

/* One attempt; -1 with EINTR if it has to be repeated. */
static int zpf_fetch_once(struct zpf_nl *nl, unsigned int what,
			  struct zpf_snapshot *s)
{
	struct zpf_status before;
	size_t i;

	if (zpf_fetch_status(nl, &before))
		return -1;
	s->status = before;
	if (before.mode != ZPF_MODE_ARMED)
		what &= ~(unsigned int)ZPF_FETCH_TABLES;
	for (i = 0; i < ZPF_ARRAY_LEN(zpf_dumps); i++)
		if ((what & zpf_dumps[i].what) &&
		    zpf_nl_dump(nl, zpf_nl_msg(nl, zpf_dumps[i].cmd, 64),
				zpf_dumps[i].cb, s))
			return -1;
	if (!what)
		return 0;
	if (zpf_fetch_status(nl, &s->status))
		return -1;
	if (s->status.generation != before.generation ||
	    s->status.mode != before.mode) {
		memset(&nl->err, 0, sizeof(nl->err));
		nl->err.code = EINTR;
		return -1;
	}
	return 0;
}

int zpf_fetch(struct zpf_nl *nl, unsigned int what, struct zpf_snapshot *s)
{
	int tries, ret = -1;

	memset(s, 0, sizeof(*s));
	for (tries = 0; tries < ZPF_FETCH_TRIES; tries++) {
		ret = zpf_fetch_once(nl, what, s);
		if (!ret || (nl->err.code != EINTR && nl->err.code != ENOBUFS))
			break;
		zpf_snapshot_free(s);
	}
	if (!ret && (what & ZPF_FETCH_SOURCE) && !s->source)
		s->source = zpf_xstrdup("");
	if (!ret && s->source && zpf_source_unpack(&s->source, &s->source_len)) {
		memset(&nl->err, 0, sizeof(nl->err));
		nl->err.code = EBADMSG;
		snprintf(nl->err.sentence, sizeof(nl->err.sentence),
			 "the source text of the running policy is not one that can be read");
		zpf_snapshot_free(s);
		return -1;
	}
	return ret;
}

void zpf_snapshot_free(struct zpf_snapshot *s)
{
	size_t i;

	for (i = 0; i < s->n_zones; i++) {
		free(s->zones[i].members);
		free(s->zones[i].ifaces);
	}
	for (i = 0; i < s->n_strings; i++)
		free(s->strings[i]);
	free(s->zones);
	free(s->counters);
	free(s->sites);
	free(s->tables);
	free(s->source);
	free(s->strings);
	memset(s, 0, sizeof(*s));
}

const char *zpf_snapshot_zone(const struct zpf_snapshot *s, uint32_t id)
{
	size_t i;

	if (!id)
		return "none";
	/* As they are numbered, so they come. */
	if (id <= s->n_zones && s->zones[id - 1].id == id)
		return s->zones[id - 1].name;
	for (i = 0; i < s->n_zones; i++)
		if (s->zones[i].id == id)
			return s->zones[i].name;
	return "?";
}

#define ZPF_WORD(table, value) \
	((value) < ZPF_ARRAY_LEN(table) && (table)[value] ? (table)[value] : "?")

const char *zpf_action_word(uint8_t action)
{
	static const char * const words[] = {
		[ZPF_ACTION_ACCEPT] = "accept",
		[ZPF_ACTION_DROP] = "drop",
		[ZPF_ACTION_REJECT] = "reject",
		[ZPF_ACTION_RETURN] = "return",
		[ZPF_ACTION_JUMP] = "jump",
		[ZPF_ACTION_CONTINUE] = "continue",
	};

	_Static_assert(ZPF_ARRAY_LEN(words) == ZPF_ACTION_MAX + 1,
		       "an action has no word");
	return ZPF_WORD(words, action);
}

const char *zpf_family_name(uint8_t family)
{
	static const char * const words[] = { [2] = "ipv4", [10] = "ipv6" };

	return ZPF_WORD(words, family);
}

const char *zpf_hook_word(uint8_t hook)
{
	static const char * const words[] = {
		[ZPF_HOOK_INPUT] = "input",
		[ZPF_HOOK_FORWARD] = "forward",
		[ZPF_HOOK_OUTPUT] = "output",
	};

	return ZPF_WORD(words, hook);
}

const char *zpf_state_word(uint8_t state)
{
	static const char * const words[] = {
		[ZPF_STATE_NEW] = "new",
		[ZPF_STATE_ESTABLISHED] = "established",
		[ZPF_STATE_RELATED] = "related",
		[ZPF_STATE_INVALID] = "invalid",
	};

	return ZPF_WORD(words, state);
}

const char *zpf_mode_word(uint8_t mode)
{
	static const char * const words[] = {
		[ZPF_MODE_OFF] = "off",
		[ZPF_MODE_ARMED] = "armed",
		[ZPF_MODE_CLOSED] = "closed",
	};

	return ZPF_WORD(words, mode);
}

const char *zpf_engine_word(uint8_t engine)
{
	static const char * const words[] = {
		[ZPF_ENGINE_LINEAR] = "linear",
		[ZPF_ENGINE_BITVECTOR] = "bitvector",
		[ZPF_ENGINE_TUPLE] = "tuple",
	};

	return ZPF_WORD(words, engine);
}
