// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows of the drop ledger: see drops.h. Every processor has rows of its own,
 * so those that are alike are added up; the sample is that of the oldest.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>

#include "drops.h"
#include "names.h"
#include "show.h"
#include "xmem.h"

static void zpf_drop_text(char *to, size_t size, const struct nlattr *attr)
{
	if (attr)
		snprintf(to, size, "%.*s", (int)strnlen(nla_data(attr), nla_len(attr)),
			 (const char *)nla_data(attr));
}

static void zpf_drop_addr(struct zpf_addr *to, const struct nlattr *attr)
{
	if (!attr || (nla_len(attr) != 4 && nla_len(attr) != 16))
		return;
	to->len = nla_len(attr);
	memcpy(to->b, nla_data(attr), to->len);
}

int zpf_drop_read(struct nlattr **tb, struct zpf_drop *d)
{
	struct zpf_drop_key *key = &d->key;

	memset(d, 0, sizeof(*d));
	if (!tb[ZPF_DROP_A_FROM] || !tb[ZPF_DROP_A_TO] || !tb[ZPF_DROP_A_REASON])
		return -EBADMSG;
	zpf_drop_text(key->from, sizeof(key->from), tb[ZPF_DROP_A_FROM]);
	zpf_drop_text(key->to, sizeof(key->to), tb[ZPF_DROP_A_TO]);
	zpf_drop_text(key->ruleset, sizeof(key->ruleset), tb[ZPF_DROP_A_RULESET]);
	key->number = zpf_get_u32(tb, ZPF_DROP_A_NUMBER);
	key->family = zpf_get_u8(tb, ZPF_DROP_A_FAMILY);
	key->reason = zpf_get_u8(tb, ZPF_DROP_A_REASON);
	key->action = zpf_get_u8(tb, ZPF_DROP_A_ACTION);
	key->state = zpf_get_u8(tb, ZPF_DROP_A_STATE);
	key->has_proto = tb[ZPF_DROP_A_PROTO];
	key->proto = zpf_get_u8(tb, ZPF_DROP_A_PROTO);
	key->has_port = tb[ZPF_DROP_A_PORT];
	key->port = zpf_get_u16(tb, ZPF_DROP_A_PORT);
	key->has_icmp = tb[ZPF_DROP_A_ICMP_TYPE];
	key->icmp_type = zpf_get_u8(tb, ZPF_DROP_A_ICMP_TYPE);
	zpf_drop_addr(&key->source, tb[ZPF_DROP_A_SOURCE]);
	d->packets = zpf_get_u64(tb, ZPF_DROP_A_PACKETS);
	d->bytes = zpf_get_u64(tb, ZPF_DROP_A_BYTES);
	d->first_ns = zpf_get_u64(tb, ZPF_DROP_A_FIRST_NS);
	d->last_ns = zpf_get_u64(tb, ZPF_DROP_A_LAST_NS);
	zpf_drop_addr(&d->src, tb[ZPF_DROP_A_SRC]);
	zpf_drop_addr(&d->dst, tb[ZPF_DROP_A_DST]);
	d->has_sport = tb[ZPF_DROP_A_SPORT];
	d->sport = zpf_get_u16(tb, ZPF_DROP_A_SPORT);
	d->has_spi = tb[ZPF_DROP_A_SPI];
	d->spi = zpf_get_u32(tb, ZPF_DROP_A_SPI);
	zpf_drop_text(d->in, sizeof(d->in), tb[ZPF_DROP_A_IN]);
	zpf_drop_text(d->out, sizeof(d->out), tb[ZPF_DROP_A_OUT]);
	return 0;
}

static int zpf_drop_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_DROP_A_MAX + 1];
	struct zpf_drops *drops = arg;

	if (zpf_nl_attrs(nlh, tb, ZPF_DROP_A_MAX))
		return -EBADMSG;
	if (tb[ZPF_DROP_A_LOST_PACKETS]) {
		drops->lost += zpf_get_u64(tb, ZPF_DROP_A_LOST_PACKETS);
		return 0;
	}
	if (drops->n == drops->cap)
		drops->v = zpf_xgrow(drops->v, &drops->cap, sizeof(*drops->v));
	return zpf_drop_read(tb, &drops->v[drops->n++]);
}

/* Those that are alike stand together, the oldest first. */
static int zpf_drop_by_key(const void *a, const void *b)
{
	const struct zpf_drop *x = a, *y = b;
	int diff = memcmp(&x->key, &y->key, sizeof(x->key));

	return diff ? diff : (x->first_ns > y->first_ns) - (x->first_ns < y->first_ns);
}

static int zpf_drop_by_packets(const void *a, const void *b)
{
	const struct zpf_drop *x = a, *y = b;

	if (x->packets != y->packets)
		return x->packets < y->packets ? 1 : -1;
	return zpf_drop_by_key(a, b);
}

static void zpf_drops_add_up(struct zpf_drops *drops)
{
	struct zpf_drop *d, *to = NULL;
	size_t i, n = 0;

	if (!drops->n)
		return;
	qsort(drops->v, drops->n, sizeof(*drops->v), zpf_drop_by_key);
	for (i = 0; i < drops->n; i++) {
		d = &drops->v[i];
		if (to && !memcmp(&to->key, &d->key, sizeof(d->key))) {
			to->packets += d->packets;
			to->bytes += d->bytes;
			if (to->last_ns < d->last_ns)
				to->last_ns = d->last_ns;
			continue;
		}
		to = &drops->v[n++];
		*to = *d;
	}
	drops->n = n;
	qsort(drops->v, drops->n, sizeof(*drops->v), zpf_drop_by_packets);
}

int zpf_drops_fetch(struct zpf_nl *nl, struct zpf_drops *drops)
{
	memset(drops, 0, sizeof(*drops));
	if (zpf_nl_dump(nl, zpf_nl_msg(nl, ZPF_CMD_DROP_GET, 64), zpf_drop_cb, drops))
		return -1;
	zpf_drops_add_up(drops);
	return 0;
}

void zpf_drops_free(struct zpf_drops *drops)
{
	free(drops->v);
	memset(drops, 0, sizeof(*drops));
}

const char *zpf_reason_word(uint8_t reason)
{
	static const char * const words[] = {
		[ZPF_REASON_ZONE_DEFAULT] = "zone-default",
		[ZPF_REASON_INTRA_ZONE] = "intra-zone",
		[ZPF_REASON_NO_ZONE] = "no-zone",
		[ZPF_REASON_UNFILTERED] = "unfiltered",
		[ZPF_REASON_DISCOVERY] = "neighbour-discovery",
		[ZPF_REASON_ROUTER_ERROR] = "router-errors",
		[ZPF_REASON_RULE] = "rule",
		[ZPF_REASON_DEFAULT] = "default",
		[ZPF_REASON_BASE_CHAIN] = "base-chain",
		[ZPF_REASON_STATE_POLICY] = "state-policy",
		[ZPF_REASON_MALFORMED] = "malformed",
	};

	_Static_assert(ZPF_ARRAY_LEN(words) == ZPF_REASON_MAX + 1,
		       "a reason has no word");
	return reason < ZPF_ARRAY_LEN(words) && words[reason] ? words[reason] : "?";
}

const char *zpf_drop_rule(char buf[ZPF_DROP_TEXT], const struct zpf_drop_key *key)
{
	if (*key->ruleset)
		return zpf_show_rule(buf, ZPF_DROP_TEXT, key->number);
	if (key->state)
		snprintf(buf, ZPF_DROP_TEXT, "%s %s", zpf_reason_word(key->reason),
			 zpf_state_word(key->state));
	else
		snprintf(buf, ZPF_DROP_TEXT, "%s", zpf_reason_word(key->reason));
	return buf;
}

const char *zpf_drop_place(char buf[ZPF_DROP_TEXT], const struct zpf_drop_key *key)
{
	char rule[ZPF_DROP_TEXT];

	snprintf(buf, ZPF_DROP_TEXT, "%s%s%s", key->ruleset, *key->ruleset ? " " : "",
		 zpf_drop_rule(rule, key));
	return buf;
}

const char *zpf_drop_proto(char buf[ZPF_DROP_TEXT], const struct zpf_drop_key *key)
{
	const char *name;

	if (!key->has_proto)
		return NULL;
	name = zpf_protocol_name(key->proto);
	if (name)
		return name;
	snprintf(buf, ZPF_DROP_TEXT, "%u", key->proto);
	return buf;
}

const char *zpf_drop_port(char buf[ZPF_DROP_TEXT], const struct zpf_drop_key *key)
{
	if (key->has_port)
		snprintf(buf, ZPF_DROP_TEXT, "%u", key->port);
	else if (key->has_icmp)
		snprintf(buf, ZPF_DROP_TEXT, "type %u", key->icmp_type);
	else
		return NULL;
	return buf;
}

static const char *zpf_addr_text(char buf[ZPF_DROP_TEXT], const struct zpf_addr *a)
{
	if (!a->len ||
	    !inet_ntop(a->len == 4 ? AF_INET : AF_INET6, a->b, buf, ZPF_DROP_TEXT))
		return NULL;
	return buf;
}

static const char *zpf_source_text(char buf[ZPF_DROP_TEXT], const struct zpf_addr *a)
{
	size_t len;

	if (!zpf_addr_text(buf, a))
		return NULL;
	len = strlen(buf);
	snprintf(buf + len, ZPF_DROP_TEXT - len, "/%d", a->len == 4 ? 24 : 64);
	return buf;
}

const char *zpf_drop_sample(char buf[ZPF_DROP_TEXT], const struct zpf_drop *d)
{
	char src[ZPF_DROP_TEXT], dst[ZPF_DROP_TEXT];
	const bool six = d->src.len == 16;
	size_t len = 0;

	*buf = '\0';
	if (zpf_addr_text(src, &d->src) && zpf_addr_text(dst, &d->dst)) {
		if (d->has_sport)
			len = snprintf(buf, ZPF_DROP_TEXT, "%s%s%s:%u > %s ", six ? "[" : "",
				       src, six ? "]" : "", d->sport, dst);
		else
			len = snprintf(buf, ZPF_DROP_TEXT, "%s > %s ", src, dst);
	}
	if (d->has_spi)
		len += snprintf(buf + len, ZPF_DROP_TEXT - len, "spi 0x%08" PRIx32 " ",
				d->spi);
	snprintf(buf + len, ZPF_DROP_TEXT - len, "(%s%s%s)", *d->in ? d->in : "router",
		 " > ", *d->out ? d->out : "router");
	return buf;
}

static void zpf_drop_json_time(struct zpf_out *o, const char *key, uint64_t ns,
			       const struct zpf_snapshot *s)
{
	char buf[ZPF_TIME_LEN];
	uint64_t age;

	zpf_json_string(o, key, zpf_time_rfc3339(buf, zpf_show_unix(s, ns, &age)));
}

static void zpf_drop_json_sample(struct zpf_out *o, const struct zpf_drop *d)
{
	char buf[ZPF_DROP_TEXT];

	zpf_json_open(o, "sample", '{');
	zpf_json_string(o, "src", zpf_addr_text(buf, &d->src));
	zpf_json_string(o, "dst", zpf_addr_text(buf, &d->dst));
	if (d->has_sport)
		zpf_json_uint(o, "sport", d->sport);
	else
		zpf_json_null(o, "sport");
	zpf_json_string(o, "in", *d->in ? d->in : NULL);
	zpf_json_string(o, "out", *d->out ? d->out : NULL);
	if (d->has_spi)
		zpf_json_uint(o, "spi", d->spi);
	else
		zpf_json_null(o, "spi");
	zpf_json_close(o, '{');
}

void zpf_drop_json(struct zpf_out *o, const struct zpf_drop *d,
		   const struct zpf_snapshot *s)
{
	const struct zpf_drop_key *key = &d->key;
	char buf[ZPF_DROP_TEXT];

	zpf_json_string(o, "from", key->from);
	zpf_json_string(o, "to", key->to);
	zpf_json_string(o, "family", zpf_family_name(key->family));
	zpf_json_string(o, "ruleset", *key->ruleset ? key->ruleset : NULL);
	zpf_json_string(o, "rule", zpf_drop_rule(buf, key));
	zpf_json_string(o, "reason", zpf_reason_word(key->reason));
	zpf_json_string(o, "protocol", zpf_drop_proto(buf, key));
	if (key->has_port)
		zpf_json_uint(o, "dport", key->port);
	else
		zpf_json_null(o, "dport");
	if (key->has_icmp)
		zpf_json_uint(o, "icmp_type", key->icmp_type);
	else
		zpf_json_null(o, "icmp_type");
	zpf_json_string(o, "action", zpf_action_word(key->action));
	zpf_json_string(o, "source", zpf_source_text(buf, &key->source));
	zpf_json_uint(o, "packets", d->packets);
	zpf_json_uint(o, "bytes", d->bytes);
	zpf_drop_json_time(o, "first", d->first_ns, s);
	zpf_drop_json_time(o, "last", d->last_ns, s);
	zpf_drop_json_sample(o, d);
}
