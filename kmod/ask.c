// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the attributes of TEST_GET to a key: see ask.h. One row an attribute:
 * where it goes, and what the packet has with it.
 */
#include <linux/string.h>
#include "ask.h"

#define ZPF_PROTO_ICMP		1
#define ZPF_PROTO_TCP		6
#define ZPF_PROTO_UDP		17
#define ZPF_PROTO_DCCP		33
#define ZPF_PROTO_ICMPV6	58
#define ZPF_PROTO_SCTP		132
#define ZPF_PROTO_UDPLITE	136

#define ZPF_ASK(field, has_l4) {					\
	.off = offsetof(struct zpf_key, field),				\
	.size = sizeof(((struct zpf_key *)NULL)->field),		\
	.l4 = has_l4,							\
}

static const struct {
	u16 off;
	u16 size;
	u8 l4;
} zpf_ask_rows[ZPF_TEST_A_MAX + 1] = {
	[ZPF_TEST_A_STATE] = ZPF_ASK(state, 0),
	[ZPF_TEST_A_PROTO] = ZPF_ASK(proto, 0),
	[ZPF_TEST_A_SADDR] = ZPF_ASK(s4, 0),
	[ZPF_TEST_A_DADDR] = ZPF_ASK(d4, 0),
	[ZPF_TEST_A_SPORT] = ZPF_ASK(sport, ZPF_L4_SPORT),
	[ZPF_TEST_A_DPORT] = ZPF_ASK(dport, ZPF_L4_DPORT),
	[ZPF_TEST_A_ICMP] = ZPF_ASK(icmp, ZPF_L4_ICMP),
	[ZPF_TEST_A_TCP_FLAGS] = ZPF_ASK(tcp_flags, ZPF_L4_TCP),
};

static int zpf_ask_nums(struct zpf_key *key, const void *data, size_t len)
{
	struct zpf_test_num num;
	size_t at;

	if (len % sizeof(num))
		return -1;
	for (at = 0; at < len; at += sizeof(num)) {
		memcpy(&num, (const char *)data + at, sizeof(num));
		if (!num.what || num.what > ZPF_NUM_MAX || num.zero)
			return -1;
		key->more.num[num.what] = num.value;
		key->more.have |= ZPF_NUM_BIT(num.what);
	}
	return 0;
}

/**
 * zpf_ask_set() - give a packet one more property
 * @key: the packet; all zero at first
 * @attr: &enum zpf_test_attr
 * @data: the attribute
 * @len: its length
 *
 * Return: 0; -1 if the length is not that of the attribute; 1 if it is no
 * property of the packet itself
 */
int zpf_ask_set(struct zpf_key *key, int attr, const void *data, size_t len)
{
	void *to = (char *)key + zpf_ask_rows[attr].off;
	size_t size = zpf_ask_rows[attr].size;

	if (attr == ZPF_TEST_A_NUMS)
		return zpf_ask_nums(key, data, len);
	if (!size)
		return 1;
	if (len == sizeof(struct zpf_in6) && attr == ZPF_TEST_A_SADDR)
		to = &key->s6;
	else if (len == sizeof(struct zpf_in6) && attr == ZPF_TEST_A_DADDR)
		to = &key->d6;
	else if (len != size)
		return -1;
	memcpy(to, data, len);
	key->l4 |= zpf_ask_rows[attr].l4;
	return 0;
}

static bool zpf_ask_has_ports(u8 proto)
{
	return proto == ZPF_PROTO_TCP || proto == ZPF_PROTO_UDP ||
	       proto == ZPF_PROTO_UDPLITE || proto == ZPF_PROTO_SCTP ||
	       proto == ZPF_PROTO_DCCP;
}

/**
 * zpf_ask_finish() - all properties are given: can such a packet be?
 * @key: the packet
 * @v6: it is IPv6
 * @attr: set to the property that cannot be
 *
 * Return: NULL, or why not
 */
const char *zpf_ask_finish(struct zpf_key *key, bool v6, int *attr)
{
	if ((key->l4 & ZPF_L4_PORTS) && !zpf_ask_has_ports(key->proto)) {
		*attr = key->l4 & ZPF_L4_DPORT ? ZPF_TEST_A_DPORT :
						 ZPF_TEST_A_SPORT;
		return "the protocol has no ports";
	}
	if ((key->l4 & ZPF_L4_ICMP) &&
	    key->proto != (v6 ? ZPF_PROTO_ICMPV6 : ZPF_PROTO_ICMP)) {
		*attr = ZPF_TEST_A_ICMP;
		return "the protocol is not the family's ICMP";
	}
	if ((key->l4 & ZPF_L4_TCP) && key->proto != ZPF_PROTO_TCP) {
		*attr = ZPF_TEST_A_TCP_FLAGS;
		return "the protocol is not TCP";
	}
	if (key->state & (key->state - 1)) {
		*attr = ZPF_TEST_A_STATE;
		return "more than one state";
	}
	if (v6)
		key->ext = zpf_ext_bit(key->proto);
	return NULL;
}
