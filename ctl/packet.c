// SPDX-License-Identifier: GPL-2.0-only
/*
 * A packet described in words: see packet.h. One row a word: the attribute it
 * becomes, how it is read, and its range.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter.h>

#include "names.h"
#include "packet.h"
#include "tz.h"
#include "value.h"
#include "xmem.h"

/**
 * struct reading - where a word is being read
 * @p: the packet
 * @row: the word's row
 * @err: the reason, where it is refused
 * @size: its size
 */
struct reading {
	struct zpf_packet *p;
	const struct packet_word *row;
	char *err;
	size_t size;
};

struct packet_word {
	const char *word;
	int attr;
	int (*read)(const struct reading *r, const char *value);
	uint32_t lo, hi;
	bool alone;		/* takes no value; not said, it is not so */
	const char * const *words;
};

void zpf_packet_set(struct zpf_packet *p, int attr, const void *data, size_t len)
{
	p->attr[attr].len = len;
	memcpy(p->attr[attr].data, data, len);
}

void zpf_packet_set_u8(struct zpf_packet *p, int attr, uint8_t value)
{
	zpf_packet_set(p, attr, &value, sizeof(value));
}

void zpf_packet_set_u16(struct zpf_packet *p, int attr, uint16_t value)
{
	zpf_packet_set(p, attr, &value, sizeof(value));
}

__attribute__((format(printf, 2, 3)))
static int refuse(const struct reading *r, const char *fmt, ...)
{
	size_t len = snprintf(r->err, r->size, "%s ", r->row->word);
	va_list ap;

	va_start(ap, fmt);
	if (len < r->size)
		vsnprintf(r->err + len, r->size - len, fmt, ap);
	va_end(ap);
	return -1;
}

static int number(const struct reading *r, const char *value, uint32_t lo,
		  uint32_t hi, uint32_t *out)
{
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(value, &end, 0);
	if (errno || *end || *value < '0' || *value > '9' || v < lo || v > hi)
		return refuse(r, "'%s': expected %u-%u", value, lo, hi);
	*out = v;
	return 0;
}

_Static_assert(ZPF_NUM_MAX == ZPF_NUM_WEEK_UTC,
	       "a number more that a rule can match: it needs a word below");

/* The packet has a number: the row's attribute is an &enum zpf_num. */
static int have(const struct reading *r, uint64_t value)
{
	struct zpf_test_num *num = &r->p->nums[r->p->n_nums++];

	num->what = r->row->attr;
	num->value = value;
	return 0;
}

static int read_num(const struct reading *r, const char *value)
{
	uint32_t v;

	if (number(r, value, r->row->lo, r->row->hi, &v))
		return -1;
	return r->row->attr ? have(r, v) : 0;
}

static int read_port(const struct reading *r, const char *value)
{
	int port = zpf_name_service(value);
	uint32_t v = port;

	if (port < 0 && number(r, value, 0, 65535, &v))
		return -1;
	zpf_packet_set_u16(r->p, r->row->attr, v);
	return 0;
}

/* The first byte of the address on top. */
static int read_mac(const struct reading *r, const char *value)
{
	unsigned int b[6];
	uint64_t mac = 0;
	char more;
	int i;

	if (sscanf(value, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3],
		   &b[4], &b[5], &more) != 6)
		return refuse(r, "'%s': expected an Ethernet address", value);
	for (i = 0; i < 6; i++)
		mac = mac << 8 | b[i];
	return have(r, mac);
}

/* As clocks show it here, or with a Z behind it in UTC. */
static int read_moment(const struct reading *r, const char *value)
{
	char *text = zpf_xstrdup(value);
	struct zpf_value_ctx ctx = { 0 };
	size_t len = strlen(text);
	struct zpf_v_date date;
	bool utc = len && text[len - 1] == 'Z';
	int64_t at = -1;

	if (utc)
		text[len - 1] = '\0';
	if (!zpf_value_parse(ZPF_KIND_DATE, &ctx, text, &date))
		at = utc ? date.civil : zpf_tz_moment(date.civil);
	free(text);
	return at < 0 ? refuse(r, "'%s': expected YYYY-MM-DDThh:mm:ss, or with a Z behind it for UTC",
			       value) : have(r, (uint64_t)at);
}

static int read_alone(const struct reading *r, const char *value)
{
	(void)value;
	return have(r, 1);
}

static int read_helper(const struct reading *r, const char *value)
{
	const struct zpf_word *helper = zpf_word_find(zpf_words_helper, value);

	if (!helper)
		return refuse(r, "'%s': expected ftp, h323, pptp, nfs, rtsp, sip, tftp or sqlnet",
			      value);
	return have(r, helper->value);
}

/* checksum,key; "none" for a header without any. */
static int read_gre_flags(const struct reading *r, const char *value)
{
	static const char * const flags[] = { "checksum", "key", "sequence" };
	char *list = zpf_xstrdup(value), *save = NULL, *word;
	uint64_t bits = 0;
	int ret = 0;
	size_t i;

	if (strcmp(value, "none"))
		for (word = strtok_r(list, ",", &save); word;
		     word = strtok_r(NULL, ",", &save)) {
			for (i = 0; i < ZPF_ARRAY_LEN(flags); i++)
				if (!strcmp(word, flags[i]))
					break;
			if (i < ZPF_ARRAY_LEN(flags))
				bits |= 1ULL << i;
			else
				ret = refuse(r, "'%s': expected flags of checksum,key,sequence, or none",
					     word);
		}
	free(list);
	return ret ? ret : have(r, bits);
}

/* One of some words; their place is the number. */
static int read_word(const struct reading *r, const char *value)
{
	uint32_t i;

	for (i = 0; r->row->words[i]; i++)
		if (!strcmp(r->row->words[i], value))
			return have(r, i);
	return refuse(r, "'%s': no such word there", value);
}

/* The first address says the family, the other must be of the same. */
static int read_addr(const struct reading *r, const char *value)
{
	struct zpf_packet *p = r->p;
	struct in6_addr a6;
	struct in_addr a4;
	uint64_t w[2];
	uint32_t v4;
	uint8_t family;

	if (inet_pton(AF_INET, value, &a4) == 1) {
		family = NFPROTO_IPV4;
		v4 = ntohl(a4.s_addr);
		zpf_packet_set(p, r->row->attr, &v4, sizeof(v4));
	} else if (inet_pton(AF_INET6, value, &a6) == 1) {
		family = NFPROTO_IPV6;
		memcpy(w, &a6, sizeof(w));
		w[0] = be64toh(w[0]);
		w[1] = be64toh(w[1]);
		zpf_packet_set(p, r->row->attr, w, sizeof(w));
	} else {
		return refuse(r, "'%s': expected an IPv4 or IPv6 address", value);
	}
	if (p->family && p->family != family)
		return refuse(r, "'%s': the other address is of the other family", value);
	p->family = family;
	return 0;
}

static int read_proto(const struct reading *r, const char *value)
{
	char *end;
	long v = strtol(value, &end, 10);

	if (*end || *value < '0' || *value > '9')
		v = zpf_name_protocol(value);
	if (v < 0 || v > 255)
		return refuse(r, "'%s': expected a protocol name or 0-255", value);
	/* People say icmp in both families. */
	if (!strcmp(value, "icmp") && r->p->family == NFPROTO_IPV6)
		v = IPPROTO_ICMPV6;
	zpf_packet_set_u8(r->p, r->row->attr, v);
	return 0;
}

/* TYPE or TYPE/CODE, a name or numbers; no code is code 0. */
static int read_icmp(const struct reading *r, const char *value)
{
	int type, code;
	char word[64], *slash;
	uint32_t t, c = 0;

	if (zpf_name_icmp(r->p->family, value, &type, &code) && type >= 0) {
		zpf_packet_set_u16(r->p, r->row->attr,
				   type << 8 | (code < 0 ? 0 : code));
		return 0;
	}
	if ((size_t)snprintf(word, sizeof(word), "%s", value) >= sizeof(word))
		return refuse(r, "'%s': expected TYPE, TYPE/CODE or a name", value);
	slash = strchr(word, '/');
	if (slash)
		*slash++ = '\0';
	if (number(r, word, 0, 255, &t) || (slash && number(r, slash, 0, 255, &c)))
		return refuse(r, "'%s': expected TYPE, TYPE/CODE or a name", value);
	zpf_packet_set_u16(r->p, r->row->attr, t << 8 | c);
	return 0;
}

/* syn,ack; "none" for a segment without any. */
static int read_flags(const struct reading *r, const char *value)
{
	char *list = zpf_xstrdup(value), *save = NULL, *word;
	const struct zpf_word *flag;
	uint8_t flags = 0;
	int ret = 0;

	if (strcmp(value, "none"))
		for (word = strtok_r(list, ",", &save); word;
		     word = strtok_r(NULL, ",", &save)) {
			flag = zpf_word_find(zpf_words_tcp_flag, word);
			if (flag)
				flags |= flag->value;
			else
				ret = refuse(r, "'%s': expected flags of syn,ack,fin,rst,urg,psh,ecn,cwr, or none",
					     word);
		}
	free(list);
	zpf_packet_set_u8(r->p, r->row->attr, flags);
	return ret;
}

static int read_state(const struct reading *r, const char *value)
{
	const struct zpf_word *state = zpf_word_find(zpf_words_state, value);

	if (!state && strcmp(value, "untracked"))
		return refuse(r, "'%s': expected new, established, related, invalid or untracked",
			      value);
	zpf_packet_set_u8(r->p, r->row->attr, state ? state->value : 0);
	return 0;
}

static int read_place(const struct reading *r, const char *value)
{
	size_t len = strlen(value);

	if (!len || len > r->row->hi)
		return refuse(r, "'%s': expected 1 to %u characters", value, r->row->hi);
	switch (r->row->attr) {
	case ZPF_TEST_A_FROM:
		r->p->from = value;
		break;
	case ZPF_TEST_A_TO:
		r->p->to = value;
		break;
	case ZPF_TEST_A_IN:
		r->p->in = value;
		break;
	default:
		r->p->out = value;
	}
	return 0;
}

/* As in linux/if_packet.h. */
static const char * const pkttypes[] = { "host", "broadcast", "multicast", "other", NULL };
static const char * const nats[] = { "none", "source", "destination", "both", NULL };

/* In the order in which they are read: addresses say what names mean. */
static const struct packet_word packet_words[] = {
	{ "from",	ZPF_TEST_A_FROM,	read_place, 0, ZPF_ZONE_NAME_MAX, false, NULL },
	{ "to",		ZPF_TEST_A_TO,		read_place, 0, ZPF_ZONE_NAME_MAX, false, NULL },
	{ "in",		ZPF_TEST_A_IN,		read_place, 0, ZPF_IF_NAME_MAX, false, NULL },
	{ "out",	ZPF_TEST_A_OUT,		read_place, 0, ZPF_IF_NAME_MAX, false, NULL },
	{ "src",	ZPF_TEST_A_SADDR,	read_addr, 0, 0, false, NULL },
	{ "dst",	ZPF_TEST_A_DADDR,	read_addr, 0, 0, false, NULL },
	{ "proto",	ZPF_TEST_A_PROTO,	read_proto, 0, 0, false, NULL },
	{ "sport",	ZPF_TEST_A_SPORT,	read_port, 0, 65535, false, NULL },
	{ "dport",	ZPF_TEST_A_DPORT,	read_port, 0, 65535, false, NULL },
	{ "icmp",	ZPF_TEST_A_ICMP,	read_icmp, 0, 0, false, NULL },
	{ "flags",	ZPF_TEST_A_TCP_FLAGS,	read_flags, 0, 0, false, NULL },
	{ "state",	ZPF_TEST_A_STATE,	read_state, 0, 0, false, NULL },
	{ "spi",	0,			read_num, 0, UINT32_MAX, false, NULL },
	/* numbers */
	{ "ttl",	ZPF_NUM_TTL,		read_num, 0, 255, false, NULL },
	{ "dscp",	ZPF_NUM_DSCP,		read_num, 0, 63, false, NULL },
	{ "length",	ZPF_NUM_LENGTH,		read_num, 1, 65535, false, NULL },
	{ "mark",	ZPF_NUM_MARK,		read_num, 0, UINT32_MAX, false, NULL },
	{ "ct-mark",	ZPF_NUM_CT_MARK,	read_num, 0, UINT32_MAX, false, NULL },
	{ "mac",	ZPF_NUM_SMAC,		read_mac, 0, 0, false, NULL },
	{ "dst-mac",	ZPF_NUM_DMAC,		read_mac, 0, 0, false, NULL },
	{ "frag",	ZPF_NUM_FRAG,		read_alone, 0, 0, true, NULL },
	{ "ipsec",	ZPF_NUM_IPSEC_IN,	read_alone, 0, 0, true, NULL },
	{ "ipsec-out",	ZPF_NUM_IPSEC_OUT,	read_alone, 0, 0, true, NULL },
	{ "mss",	ZPF_NUM_MSS,		read_num, 0, 65535, false, NULL },
	{ "helper",	ZPF_NUM_CT_HELPER,	read_helper, 0, 0, false, NULL },
	{ "gre-flags",	ZPF_NUM_GRE_FLAGS,	read_gre_flags, 0, 0, false, NULL },
	{ "gre-key",	ZPF_NUM_GRE_KEY,	read_num, 0, UINT32_MAX, false, NULL },
	{ "gre-proto",	ZPF_NUM_GRE_PROTO,	read_num, 0, 65535, false, NULL },
	{ "gre-version", ZPF_NUM_GRE_VERSION,	read_num, 0, 7, false, NULL },
	{ "packet-type", ZPF_NUM_PKTTYPE,	read_word, 0, 0, false, pkttypes },
	{ "nat",	ZPF_NUM_CT_NAT,		read_word, 0, 0, false, nats },
	{ "time",	ZPF_NUM_TIME,		read_moment, 0, 0, false, NULL },
};

static const struct packet_word *word_find(const char *word)
{
	size_t i;

	for (i = 0; i < ZPF_ARRAY_LEN(packet_words); i++)
		if (!strcmp(packet_words[i].word, word))
			return &packet_words[i];
	return NULL;
}

static int words_sort(const char **value, int argc, char **argv, char *err,
		      size_t size)
{
	const struct packet_word *row;
	int i;

	for (i = 0; i < argc; i++) {
		row = word_find(argv[i]);
		if (!row) {
			snprintf(err, size, "unknown word '%s' of a packet", argv[i]);
			return -1;
		}
		if (value[row - packet_words]) {
			snprintf(err, size, "%s is given twice", row->word);
			return -1;
		}
		if (!row->alone && ++i == argc) {
			snprintf(err, size, "%s needs a value", row->word);
			return -1;
		}
		value[row - packet_words] = argv[i];	/* its own name: alone */
	}
	return 0;
}

int zpf_packet_parse(struct zpf_packet *p, int argc, char **argv, char *err,
		     size_t size)
{
	const char *value[ZPF_ARRAY_LEN(packet_words)] = { NULL };
	struct reading r = { .p = p, .err = err, .size = size };
	size_t i;

	memset(p, 0, sizeof(*p));
	if (words_sort(value, argc, argv, err, size))
		return -1;
	for (i = 0; i < ZPF_ARRAY_LEN(packet_words); i++) {
		r.row = &packet_words[i];
		if (value[i] ? r.row->read(&r, value[i]) : r.row->alone && have(&r, 0))
			return -1;
	}
	/* Only one protocol has it. */
	if (p->attr[ZPF_TEST_A_ICMP].len && !p->attr[ZPF_TEST_A_PROTO].len)
		zpf_packet_set_u8(p, ZPF_TEST_A_PROTO, p->family == NFPROTO_IPV6 ?
				  IPPROTO_ICMPV6 : IPPROTO_ICMP);
	if ((!p->from && !p->in) || (!p->to && !p->out)) {
		snprintf(err, size, "a packet comes from a zone (from) or interface (in) and goes to one (to, out)");
		return -1;
	}
	if (!p->attr[ZPF_TEST_A_PROTO].len || !p->attr[ZPF_TEST_A_SADDR].len ||
	    !p->attr[ZPF_TEST_A_DADDR].len) {
		snprintf(err, size, "a packet has proto, src and dst");
		return -1;
	}
	return 0;
}
