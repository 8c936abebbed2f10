/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets from words: what a probe of zsend says, as bytes. Knows no socket.
 */
#ifndef ZPF_SELFTESTS_CRAFT_H
#define ZPF_SELFTESTS_CRAFT_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define MAX_EXT		12

union addr {
	uint8_t v4[4];
	uint8_t v6[16];
};

/**
 * struct end - one end of a probe, as far as addresses go
 * @net: number of the host: 10.0.N.2, fd00:N::2
 * @router: the router; its address is that on the link of the other end
 */
struct end {
	unsigned int net;
	bool router;
};

struct ext {
	uint8_t type;		/* protocol number of the extension header */
	uint16_t len;		/* bytes, a multiple of 8 (ah: of 4) */
	uint16_t off;		/* fragment: offset in bytes */
	bool mf;
	uint8_t raw_len;	/* what the length field says; 255: the truth */
};

struct spec {
	int family;
	union addr src, dst;
	int ttl, tos;
	uint32_t cookie;
	bool df;
	int frag_off;		/* IPv4, bytes; -1: not a fragment */
	bool frag_mf;
	int n_frags;		/* send cut into so many fragments */
	uint8_t opts[40];
	int n_opts;
	struct ext ext[MAX_EXT];
	int n_ext;
	int proto;
	uint16_t sport, dport;
	uint8_t tcp_flags;
	int mss, mss_pad;	/* option of TCP, behind so many bytes; -1: none */
	int gre_flags, gre_proto;	/* first and second 16 bits */
	uint32_t gre_key;
	const char *data;	/* payload: a line of text, _ for blanks */
	int want_ttl, want_tos, want_mss;	/* what must arrive; -1: whatever */
	uint32_t seq, ack;
	uint8_t icmp_type, icmp_code;
	uint16_t icmp_id, icmp_seq;
	int payload;
	int cut, shorten, iplen, doff, ulen, ihl, version;
	bool badsum;
	int count;
	uint8_t mac[6];
	bool mac_set;
	uint8_t smac[6];
	bool smac_set;
	char dev[IFNAMSIZ];
	struct spec *quote;
};
void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

static inline void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static inline uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

/** sum_add() - adds @n bytes to an Internet checksum */
uint32_t sum_add(uint32_t sum, const uint8_t *p, size_t n);

/** sum_fold() - the checksum of what sum_add() summed */
uint16_t sum_fold(uint32_t sum);

/**
 * spec_parse() - the packet that words describe; see spec_word()
 * @s: all zero but for the family; defaults are filled in
 * @from: sender, for its addresses
 * @to: receiver
 * @w: words
 * @n: number of words
 */
void spec_parse(struct spec *s, const struct end *from, const struct end *to,
		char **w, int n);

/**
 * ip_build() - the IP packet
 * @s: what it should be
 * @out: room for 64 KiB
 * @l4_at: set to where the part that may be cut into fragments starts, or NULL
 *
 * Return: its length
 */
int ip_build(const struct spec *s, uint8_t *out, int *l4_at);

/** ext_build() - extension header @e, followed by protocol @next, into @p */
void ext_build(const struct ext *e, uint8_t next, uint32_t id, uint8_t *p);

#endif /* ZPF_SELFTESTS_CRAFT_H */
