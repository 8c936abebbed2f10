// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets from words: parsing and building, for zsend. Headers may be made
 * wrong on purpose: cut short, with false lengths or checksums. Called by
 * zsend.c only; opens no socket.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "craft.h"

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

uint32_t sum_add(uint32_t sum, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i + 1 < n; i += 2)
		sum += get16(p + i);
	if (n & 1)
		sum += p[n - 1] << 8;
	return sum;
}

uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Address number @num behind a host, or its own (@num < 0). */
static void end_addr(const struct end *h, unsigned int net, int family,
		      int num, union addr *a)
{
	char text[64];

	memset(a, 0, sizeof(*a));
	if (family == 4) {
		a->v4[0] = 10;
		if (num < 0) {
			a->v4[2] = net;
			a->v4[3] = h->router ? 1 : 2;
		} else {
			a->v4[1] = net;
			put16(a->v4 + 2, num);
		}
		return;
	}
	if (num < 0)
		snprintf(text, sizeof(text), "fd00:%u::%d", net,
			 h->router ? 1 : 2);
	else
		snprintf(text, sizeof(text), "fd01:%u::%x", net, num);
	if (inet_pton(AF_INET6, text, a->v6) != 1)
		die("%s is no address", text);
}

struct l4name {
	const char *name;
	int proto;
};

static const struct l4name l4names[] = {
	{ "udp", 17 }, { "tcp", 6 }, { "sctp", 132 }, { "dccp", 33 },
	{ "udplite", 136 },
};

static const struct l4name extnames[] = {
	{ "hbh", 0 }, { "rt", 43 }, { "dst", 60 }, { "ah", 51 },
	{ "mobility", 135 }, { "shim6", 140 }, { "hip", 139 },
};

static const char tcp_letters[] = "FSRPAUEC";	/* bit 0 first */

static int number(const char *s)
{
	char *end;
	long v = strtol(s, &end, 0);

	if (!*s || *end)
		die("'%s' is no number", s);
	return v;
}

static bool all_digits(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

static void spec_addr(struct spec *s, const struct end *h,
		      unsigned int net, const char *word, union addr *a)
{
	if (!strcmp(word, "own"))
		end_addr(h, net, s->family, -1, a);
	else if (all_digits(word))
		end_addr(h, net, s->family, atoi(word), a);
	else if (inet_pton(s->family == 4 ? AF_INET : AF_INET6, word, a) != 1)
		die("'%s' is no IPv%d address", word, s->family);
}

static void spec_type_code(const char *word, uint8_t *type, uint8_t *code)
{
	const char *slash = strchr(word, '/');

	*type = atoi(word);
	*code = slash ? atoi(slash + 1) : 0;
}

static void spec_mac(const char *word, uint8_t mac[6])
{
	if (sscanf(word, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5]) != 6)
		die("'%s' is no MAC address", word);
}

static void spec_ext(struct spec *s, int type)
{
	struct ext *e;

	if (s->n_ext == MAX_EXT)
		die("more than %d extension headers", MAX_EXT);
	e = &s->ext[s->n_ext++];
	*e = (struct ext){ .type = type, .len = type == 51 ? 16 : 8, .raw_len = 255 };
}

/*
 * One word and its arguments; returns how many words were used.
 *
 * upper layer: udp|tcp|sctp|dccp|udplite SPORT DPORT (tcp: flags, e.g. S, SA,
 * 0), icmp T/C, ping, pong, esp, gre, proto N; below it: ext headers hbh, rt,
 * dst, ah, mobility..., frag OFF[+] in bytes. s, d ADDR: a number N is the
 * host's address N (default 1), own its own. quote WORD... end: what an ICMP error carries.
 */
static int spec_word(struct spec *s, const struct end *from,
		     const struct end *to, char **w, int n)
{
	const char *word = w[0], *arg = n > 1 ? w[1] : "";
	unsigned int from_net = from->router ? to->net : from->net;
	unsigned int to_net = to->router ? from->net : to->net;
	bool v6 = s->family == 6;

	for (size_t i = 0; i < ARRAY_SIZE(l4names); i++) {
		if (strcmp(word, l4names[i].name))
			continue;
		if (n < 3)
			die("%s needs two ports", word);
		s->proto = l4names[i].proto;
		s->sport = number(w[1]);
		s->dport = number(w[2]);
		if (s->proto != 6)
			return 3;
		if (n < 4)
			die("tcp needs flags");
		for (const char *p = w[3]; *p; p++) {
			const char *bit = strchr(tcp_letters, *p);

			if (bit)
				s->tcp_flags |= 1 << (bit - tcp_letters);
			else if (*p != '0')
				die("'%c' is no TCP flag", *p);
		}
		return 4;
	}
	for (size_t i = 0; i < ARRAY_SIZE(extnames); i++) {
		if (strcmp(word, extnames[i].name))
			continue;
		spec_ext(s, extnames[i].proto);
		return 1;
	}
	if (!strcmp(word, "ping") || !strcmp(word, "pong")) {
		s->proto = v6 ? 58 : 1;
		s->icmp_type = word[1] == 'i' ? (v6 ? 128 : 8) : (v6 ? 129 : 0);
		return 1;
	}
	if (!strcmp(word, "esp") || !strcmp(word, "gre")) {
		s->proto = word[0] == 'e' ? 50 : 47;
		return 1;
	}
	if (!strcmp(word, "df") || !strcmp(word, "badsum")) {
		if (word[0] == 'd')
			s->df = true;
		else
			s->badsum = true;
		return 1;
	}
	if (!strcmp(word, "quote")) {
		int end = 1;

		while (end < n && strcmp(w[end], "end"))
			end++;
		if (end == n)
			die("quote without end");
		s->quote = calloc(1, sizeof(*s->quote));
		s->quote->family = s->family;
		spec_parse(s->quote, to, from, w + 1, end - 1);
		return end + 1;
	}

	if (n < 2)
		die("'%s' is no word, or its argument is missing", word);
	if (!strcmp(word, "s")) {
		spec_addr(s, from, from_net, arg, &s->src);
	} else if (!strcmp(word, "d")) {
		spec_addr(s, to, to_net, arg, &s->dst);
	} else if (!strcmp(word, "proto")) {
		s->proto = number(arg);
	} else if (!strcmp(word, "icmp") || !strcmp(word, "icmp6")) {
		s->proto = word[4] ? 58 : 1;
		spec_type_code(arg, &s->icmp_type, &s->icmp_code);
	} else if (!strcmp(word, "frag")) {
		bool mf = arg[strlen(arg) - 1] == '+';

		if (v6) {
			spec_ext(s, 44);
			s->ext[s->n_ext - 1].off = atoi(arg);
			s->ext[s->n_ext - 1].mf = mf;
		} else {
			s->frag_off = atoi(arg);
			s->frag_mf = mf;
		}
	} else if (!strcmp(word, "extlen")) {
		s->ext[s->n_ext - 1].raw_len = number(arg);
	} else if (!strcmp(word, "mac")) {
		s->mac_set = true;
		spec_mac(arg, s->mac);
	} else if (!strcmp(word, "smac")) {
		s->smac_set = true;
		spec_mac(arg, s->smac);
	} else if (!strcmp(word, "dev")) {
		snprintf(s->dev, sizeof(s->dev), "%s", arg);
	} else if (!strcmp(word, "opts")) {
		s->n_opts = number(arg);	/* bytes of no-operation */
		memset(s->opts, 1, sizeof(s->opts));
	} else if (!strcmp(word, "seq")) {
		s->seq = number(arg);
		s->icmp_seq = s->seq;
	} else if (!strcmp(word, "ack")) {
		s->ack = number(arg);
	} else {
		const struct { const char *name; int *to; } ints[] = {
			{ "ttl", &s->ttl }, { "tos", &s->tos },
			{ "len", &s->payload }, { "cut", &s->cut },
			{ "short", &s->shorten }, { "iplen", &s->iplen },
			{ "doff", &s->doff }, { "ulen", &s->ulen },
			{ "ihl", &s->ihl }, { "ver", &s->version },
			{ "count", &s->count }, { "frags", &s->n_frags },
			{ "mss", &s->mss }, { "msspad", &s->mss_pad },
			{ "gflags", &s->gre_flags }, { "gproto", &s->gre_proto },
			{ "getttl", &s->want_ttl }, { "gettos", &s->want_tos },
			{ "getmss", &s->want_mss },
		};

		for (size_t i = 0; i < ARRAY_SIZE(ints); i++) {
			if (strcmp(word, ints[i].name))
				continue;
			*ints[i].to = number(arg);
			return 2;
		}
		if (!strcmp(word, "gkey")) {
			s->gre_key = strtoul(arg, NULL, 0);
			return 2;
		}
		if (!strcmp(word, "data")) {
			s->data = arg;
			s->payload = strlen(arg) + 2;
			return 2;
		}
		if (!strcmp(word, "id")) {
			s->icmp_id = number(arg);
			return 2;
		}
		die("unknown word '%s'", word);
	}
	return 2;
}

void spec_parse(struct spec *s, const struct end *from, const struct end *to,
		char **w, int n)
{
	unsigned int from_net = from->router ? to->net : from->net;
	unsigned int to_net = to->router ? from->net : to->net;

	/* Not the hosts' own addresses: their stacks would answer. */
	end_addr(from, from_net, s->family, from->router ? -1 : 1, &s->src);
	end_addr(to, to_net, s->family, to->router ? -1 : 1, &s->dst);
	s->ttl = 64;
	s->frag_off = -1;
	s->cut = s->shorten = s->iplen = s->doff = s->ulen = s->ihl = -1;
	s->mss = s->want_ttl = s->want_tos = s->want_mss = -1;
	s->gre_proto = 0x0800;
	s->version = s->family;
	s->proto = 253;
	s->payload = 8;
	s->count = 1;
	s->icmp_id = 77;
	for (int i = 0; i < n;)
		i += spec_word(s, from, to, w + i, n - i);
}

static uint16_t l4_sum(const struct spec *s, const uint8_t *p, int n)
{
	int alen = s->family == 4 ? 4 : 16;
	uint32_t sum = 0;

	if (s->proto != 1) {
		sum = sum_add(sum, (const uint8_t *)&s->src, alen);
		sum = sum_add(sum, (const uint8_t *)&s->dst, alen);
		sum += n + s->proto;
	}
	return sum_fold(sum_add(sum, p, n)) ^ (s->badsum ? 0x5555 : 0);
}

/* The upper-layer header and payload; returns their length. */
static int l4_build(const struct spec *s, uint8_t *p)
{
	int head, sum_at = -1, len;
	uint16_t sum;

	switch (s->proto) {
	case 6:
		head = s->doff > 5 ? s->doff * 4 : 20;
		if (s->mss >= 0)
			head = (24 + s->mss_pad + 3) & ~3;
		memset(p, 0, 20);
		memset(p + 20, 1, head - 20);
		if (s->mss >= 0) {
			put16(p + 20 + s->mss_pad, 0x0204);
			put16(p + 22 + s->mss_pad, s->mss);
		}
		put16(p, s->sport);
		put16(p + 2, s->dport);
		put32(p + 4, s->seq);
		put32(p + 8, s->ack);
		p[12] = (s->doff < 0 ? head / 4 : s->doff) << 4;
		p[13] = s->tcp_flags;
		put16(p + 14, 8192);
		sum_at = 16;
		break;
	case 17:
	case 136:
		head = 8;
		put16(p, s->sport);
		put16(p + 2, s->dport);
		put16(p + 4, s->ulen >= 0 ? s->ulen :
			     s->proto == 17 ? 8 + s->payload : 0);
		put16(p + 6, 0);
		sum_at = 6;
		break;
	case 132:
		/* INIT, so that connection tracking takes it for new. */
		head = 32;
		memset(p, 0, head);
		put16(p, s->sport);
		put16(p + 2, s->dport);
		p[12] = 1;
		put16(p + 14, 20);
		put32(p + 16, 0x1234);
		break;
	case 33:
		/* A request with a long sequence number. */
		head = 20;
		memset(p, 0, head);
		put16(p, s->sport);
		put16(p + 2, s->dport);
		p[4] = 5;
		p[8] = 1;
		p[15] = 9;
		sum_at = 6;
		break;
	case 1:
	case 58:
		head = 8;
		memset(p, 0, 8);
		p[0] = s->icmp_type;
		p[1] = s->icmp_code;
		if (!s->quote) {
			put16(p + 4, s->icmp_id);
			put16(p + 6, s->icmp_seq);
		}
		sum_at = 2;
		break;
	case 50:
		head = 8;
		put32(p, 0xc1a40b7e);
		put32(p + 4, 1);
		break;
	case 47:
		head = 4;
		put16(p, s->gre_flags);
		put16(p + 2, s->gre_proto);
		if (s->gre_flags & 0x8000) {
			put32(p + head, 0);
			head += 4;
		}
		if (s->gre_flags & 0x2000) {
			put32(p + head, s->gre_key);
			head += 4;
		}
		if (s->gre_flags & 0x1000) {
			put32(p + head, 1);
			head += 4;
		}
		break;
	case 51:
		head = 16;
		memset(p, 0, head);
		p[0] = 59;
		p[1] = 2;
		put32(p + 4, 0xabcd);
		break;
	default:
		head = 0;
	}
	if (s->quote) {
		len = head + ip_build(s->quote, p + head, NULL);
	} else {
		len = head + s->payload;
		for (int i = head; i < len; i++)
			p[i] = i;
		for (int i = 0; s->data && s->data[i]; i++)
			p[head + i] = s->data[i] == '_' ? ' ' : s->data[i];
		if (s->data)
			memcpy(p + len - 2, "\r\n", 2);
	}
	if (sum_at >= 0) {
		sum = l4_sum(s, p, len);
		put16(p + sum_at, sum ? sum : 0xffff);
	}
	return len;
}

void ext_build(const struct ext *e, uint8_t next, uint32_t id, uint8_t *p)
{
	memset(p, 0, e->len);
	p[0] = next;
	switch (e->type) {
	case 44:
		put16(p + 2, e->off | e->mf);
		put32(p + 4, id);
		return;
	case 51:
		p[1] = e->len / 4 - 2;
		put32(p + 4, 0xabcd);
		break;
	case 43:
		p[1] = e->len / 8 - 1;
		p[2] = 253;		/* unknown type, no segments left */
		break;
	case 0:
	case 60:
		p[1] = e->len / 8 - 1;
		p[2] = 1;		/* PadN */
		p[3] = e->len - 4;
		break;
	default:
		p[1] = e->len / 8 - 1;
	}
	if (e->raw_len != 255)
		p[1] = e->raw_len;
}

/* The IP packet; *@l4_at: where the part that may be fragmented starts. */
int ip_build(const struct spec *s, uint8_t *out, int *l4_at)
{
	int at, len, hlen;

	if (s->family == 4) {
		hlen = 20 + s->n_opts;
		memset(out, 0, 20);
		memcpy(out + 20, s->opts, s->n_opts);
		at = hlen;
		len = at + l4_build(s, out + at);
		if (s->cut >= 0 && hlen + s->cut < len)
			len = hlen + s->cut;
		out[0] = s->version << 4 | (s->ihl >= 0 ? s->ihl : hlen / 4);
		out[1] = s->tos;
		put16(out + 2, s->iplen >= 0 ? s->iplen : len);
		put16(out + 4, s->cookie);
		put16(out + 6, s->df << 14 | s->frag_mf << 13 |
			       (s->frag_off > 0 ? s->frag_off / 8 : 0));
		out[8] = s->ttl;
		out[9] = s->proto;
		memcpy(out + 12, s->src.v4, 4);
		memcpy(out + 16, s->dst.v4, 4);
		put16(out + 10, sum_fold(sum_add(0, out, hlen)));
	} else {
		memset(out, 0, 40);
		put32(out, (uint32_t)s->version << 28 | s->tos << 20 | s->cookie);
		out[6] = s->n_ext ? s->ext[0].type : s->proto;
		out[7] = s->ttl;
		memcpy(out + 8, s->src.v6, 16);
		memcpy(out + 24, s->dst.v6, 16);
		at = 40;
		for (int i = 0; i < s->n_ext; i++) {
			ext_build(&s->ext[i], i + 1 < s->n_ext ?
				  s->ext[i + 1].type : s->proto, s->cookie, out + at);
			at += s->ext[i].len;
		}
		len = at + l4_build(s, out + at);
		if (s->cut >= 0 && 40 + s->cut < len)
			len = 40 + s->cut;
		put16(out + 4, s->iplen >= 0 ? s->iplen : len - 40);
	}
	if (l4_at)
		*l4_at = at;
	return len;
}
