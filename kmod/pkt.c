// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parsing packets, once each, for the hooks. Every read is checked against
 * the packet's length; whatever is cut short or contradicts itself makes the
 * packet malformed. Never writes to the skb, never linearises it.
 */
#include <linux/dccp.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "compat.h"
#include "pkt.h"

/* More extension headers than any sender has a use for: malformed. */
#define ZPF_EXT_MAX 16

struct zpf_ports {
	__be16 source;
	__be16 dest;
};

/* TCP: the data offset must lie within the segment. */
static __always_inline int
zpf_pkt_tcp(const struct sk_buff *skb, unsigned int off, unsigned int len,
	    bool whole, struct zpf_key *key)
{
	struct tcphdr buf __uninitialized;
	const struct tcphdr *th;

	if (len < sizeof(buf))
		return -EINVAL;
	th = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!th || th->doff < 5 || (whole && th->doff * 4 > len))
		return -EINVAL;
	key->sport = ntohs(th->source);
	key->dport = ntohs(th->dest);
	key->tcp_flags = ((const u8 *)th)[13];
	key->l4 = ZPF_L4_PORTS | ZPF_L4_TCP;
	return 0;
}

static __always_inline int
zpf_pkt_udp(const struct sk_buff *skb, unsigned int off, unsigned int len,
	    bool whole, struct zpf_key *key)
{
	struct udphdr buf __uninitialized;
	const struct udphdr *uh;
	unsigned int ulen;

	if (len < sizeof(buf))
		return -EINVAL;
	uh = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!uh)
		return -EINVAL;
	/* 0: a jumbogram, or a segment still to be cut by GSO */
	ulen = ntohs(uh->len);
	if (ulen && (ulen < sizeof(buf) ||
		     (whole && ulen > len && !skb_is_gso(skb))))
		return -EINVAL;
	key->sport = ntohs(uh->source);
	key->dport = ntohs(uh->dest);
	key->l4 = ZPF_L4_PORTS;
	return 0;
}

static int zpf_pkt_ports(const struct sk_buff *skb, unsigned int off,
			 unsigned int len, unsigned int need,
			 struct zpf_key *key)
{
	const struct zpf_ports *ports;
	struct zpf_ports buf __uninitialized;

	if (len < need)
		return -EINVAL;
	ports = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!ports)
		return -EINVAL;
	key->sport = ntohs(ports->source);
	key->dport = ntohs(ports->dest);
	key->l4 = ZPF_L4_PORTS;
	return 0;
}

static int zpf_pkt_icmp(const struct sk_buff *skb, unsigned int off,
			unsigned int len, struct zpf_key *key)
{
	const u8 *hdr;
	u8 buf[2] __uninitialized;

	if (len < sizeof(struct icmphdr))
		return -EINVAL;
	hdr = skb_header_pointer(skb, off, sizeof(buf), buf);
	if (!hdr)
		return -EINVAL;
	key->icmp = hdr[0] << 8 | hdr[1];
	key->l4 = ZPF_L4_ICMP;
	return 0;
}

/*
 * Rules glance at ports before they ask whether there are some. Of its own, as
 * most packets have ports.
 */
static noinline void zpf_pkt_no_ports(struct zpf_key *key)
{
	key->sport = 0;
	key->dport = 0;
}

/**
 * zpf_pkt_l4() - read the upper-layer header
 * @skb: the packet
 * @off: where the header begins
 * @len: bytes of the packet from there on
 * @icmp: protocol number that is ICMP in this family
 * @whole: not a first fragment, so lengths can be held against @len
 * @key: proto is set; the rest is filled in
 *
 * Return: 0, or -EINVAL if it is cut short or contradicts itself
 */
static __always_inline int
zpf_pkt_l4(const struct sk_buff *skb, unsigned int off, unsigned int len,
	   u8 icmp, bool whole, struct zpf_key *key)
{
	key->l4_off = off;
	switch (key->proto) {
	case IPPROTO_TCP:
		return zpf_pkt_tcp(skb, off, len, whole, key);
	case IPPROTO_UDP:
		return zpf_pkt_udp(skb, off, len, whole, key);
	case IPPROTO_UDPLITE:
		return zpf_pkt_ports(skb, off, len, sizeof(struct udphdr), key);
	case IPPROTO_SCTP:
		return zpf_pkt_ports(skb, off, len, sizeof(struct sctphdr), key);
	case IPPROTO_DCCP:
		return zpf_pkt_ports(skb, off, len, sizeof(struct dccp_hdr), key);
	}
	zpf_pkt_no_ports(key);
	if (key->proto == icmp)
		return zpf_pkt_icmp(skb, off, len, key);
	return 0;
}

static __always_inline void zpf_pkt_addr4(const struct iphdr *iph,
					  struct zpf_key *key)
{
	key->s4 = ntohl(iph->saddr);
	key->d4 = ntohl(iph->daddr);
}

static __always_inline void zpf_pkt_addr6(const struct ipv6hdr *ip6h,
					  struct zpf_key *key)
{
	key->s6.w[0] = be64_to_cpu(*(__be64 *)&ip6h->saddr.s6_addr32[0]);
	key->s6.w[1] = be64_to_cpu(*(__be64 *)&ip6h->saddr.s6_addr32[2]);
	key->d6.w[0] = be64_to_cpu(*(__be64 *)&ip6h->daddr.s6_addr32[0]);
	key->d6.w[1] = be64_to_cpu(*(__be64 *)&ip6h->daddr.s6_addr32[2]);
}

/**
 * zpf_pkt_key4() - read an IPv4 packet
 * @skb: the packet, at one of the IPv4 hooks
 * @key: filled in, but for state and interfaces
 *
 * Context: any. Return: 0, or -EINVAL: malformed
 */
int zpf_pkt_key4(const struct sk_buff *skb, struct zpf_key *key)
{
	unsigned int off = skb_network_offset(skb), len, hlen;
	const struct iphdr *iph;
	struct iphdr buf __uninitialized;
	u16 frag;

	iph = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5)
		return -EINVAL;
	hlen = iph->ihl * 4;
	len = ntohs(iph->tot_len);
	if (!len && skb_is_gso(skb))
		len = skb->len - off;
	if (len < hlen || len > skb->len - off)
		return -EINVAL;

	key->proto = iph->protocol;
	key->ext = 0;
	key->l4 = 0;
	key->l4_off = 0;
	zpf_pkt_addr4(iph, key);
	frag = ntohs(iph->frag_off);
	if (frag & IP_OFFSET) {
		zpf_pkt_no_ports(key);
		return 0;
	}
	return zpf_pkt_l4(skb, off + hlen, len - hlen, IPPROTO_ICMP,
			  !(frag & IP_MF), key);
}

/**
 * struct zpf_walk - position in a chain of IPv6 headers
 * @off: where the next header begins
 * @end: where the packet ends
 * @first_frag: a fragment header said more follow
 * @later_frag: a fragment header said this is not the first
 */
struct zpf_walk {
	unsigned int off;
	unsigned int end;
	bool first_frag;
	bool later_frag;
};

/* Step over one extension header; key->proto becomes what follows it. */
static int zpf_pkt_ext(const struct sk_buff *skb, struct zpf_walk *walk,
		       struct zpf_key *key)
{
	unsigned int hlen;
	const u8 *hdr;
	u8 buf[8] __uninitialized;

	if (walk->off + sizeof(buf) > walk->end)
		return -EINVAL;
	hdr = skb_header_pointer(skb, walk->off, sizeof(buf), buf);
	if (!hdr)
		return -EINVAL;

	switch (key->proto) {
	case NEXTHDR_FRAGMENT:
		hlen = sizeof(struct frag_hdr);
		walk->later_frag = (hdr[2] << 8 | hdr[3]) & IP6_OFFSET;
		walk->first_frag = hdr[3] & IP6_MF;
		break;
	case NEXTHDR_AUTH:
		hlen = (hdr[1] + 2) * 4;
		break;
	default:
		hlen = (hdr[1] + 1) * 8;
	}
	if (walk->off + hlen > walk->end)
		return -EINVAL;
	key->proto = hdr[0];
	walk->off += hlen;
	return 0;
}

/**
 * zpf_pkt_key6() - read an IPv6 packet
 * @skb: the packet, at one of the IPv6 hooks
 * @key: filled in, but for state and interfaces
 *
 * Walks the extension headers to the upper layer, at most ZPF_EXT_MAX of
 * them. Behind the fragment header of a later fragment nothing is read.
 *
 * Context: any. Return: 0, or -EINVAL: malformed
 */
int zpf_pkt_key6(const struct sk_buff *skb, struct zpf_key *key)
{
	unsigned int off = skb_network_offset(skb), len, n = 0;
	const struct ipv6hdr *ip6h;
	struct zpf_walk walk = {};
	struct ipv6hdr buf __uninitialized;
	u8 bit;

	ip6h = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!ip6h || ip6h->version != 6)
		return -EINVAL;
	len = ntohs(ip6h->payload_len) + sizeof(*ip6h);
	/* 0: a jumbogram, or one GSO has still to cut */
	if (!ip6h->payload_len)
		len = skb->len - off;
	if (len > skb->len - off)
		return -EINVAL;

	key->proto = ip6h->nexthdr;
	key->ext = 0;
	key->l4 = 0;
	key->l4_off = 0;
	zpf_pkt_addr6(ip6h, key);

	walk.off = off + sizeof(*ip6h);
	walk.end = off + len;
	while ((bit = zpf_ext_bit(key->proto))) {
		if (++n > ZPF_EXT_MAX || zpf_pkt_ext(skb, &walk, key))
			return -EINVAL;
		key->ext |= bit;
		if (walk.later_frag) {
			zpf_pkt_no_ports(key);
			return 0;
		}
	}
	return zpf_pkt_l4(skb, walk.off, walk.end - walk.off, IPPROTO_ICMPV6,
			  !walk.first_frag, key);
}

/**
 * zpf_pkt_peek4() - what is to be had of a packet that is malformed
 * @skb: the packet, refused by zpf_pkt_key4()
 * @key: protocol and addresses are filled in, l4 is 0
 *
 * Context: any. Return: false if there is not even an IPv4 header
 */
bool zpf_pkt_peek4(const struct sk_buff *skb, struct zpf_key *key)
{
	struct iphdr buf __uninitialized;
	const struct iphdr *iph;

	iph = skb_header_pointer(skb, skb_network_offset(skb), sizeof(buf), &buf);
	if (!iph)
		return false;
	zpf_pkt_addr4(iph, key);
	key->proto = iph->protocol;
	key->l4 = 0;
	key->l4_off = 0;
	return true;
}

/**
 * zpf_pkt_peek6() - what is to be had of a packet that is malformed
 * @skb: the packet, refused by zpf_pkt_key6()
 * @key: next header as protocol and addresses are filled in, l4 is 0
 *
 * Context: any. Return: false if there is not even an IPv6 header
 */
bool zpf_pkt_peek6(const struct sk_buff *skb, struct zpf_key *key)
{
	struct ipv6hdr buf __uninitialized;
	const struct ipv6hdr *ip6h;

	ip6h = skb_header_pointer(skb, skb_network_offset(skb), sizeof(buf), &buf);
	if (!ip6h)
		return false;
	zpf_pkt_addr6(ip6h, key);
	key->proto = ip6h->nexthdr;
	key->l4 = 0;
	key->l4_off = 0;
	return true;
}

/* The SPI comes first in ESP (RFC 4303) and second in AH (RFC 4302). */
static bool zpf_pkt_spi(const struct sk_buff *skb, unsigned int off, bool esp,
			u32 *spi)
{
	const __be32 *word;
	__be32 buf;

	word = skb_header_pointer(skb, off + (esp ? 0 : 4), sizeof(buf), &buf);
	if (!word)
		return false;
	*spi = ntohl(*word);
	return true;
}

/**
 * zpf_pkt_spi4() - security parameters index of an ESP or AH packet
 * @skb: an IPv4 packet
 * @key: its key
 * @spi: filled in, host byte order
 *
 * Context: any. Return: false if it has none
 */
bool zpf_pkt_spi4(const struct sk_buff *skb, const struct zpf_key *key,
		  u32 *spi)
{
	const bool esp = key->proto == IPPROTO_ESP;

	if ((!esp && key->proto != IPPROTO_AH) ||
	    (ip_hdr(skb)->frag_off & htons(IP_OFFSET)))
		return false;
	return zpf_pkt_spi(skb, skb_network_offset(skb) + ip_hdrlen(skb), esp,
			   spi);
}

/**
 * zpf_pkt_spi6() - security parameters index of an ESP or AH packet
 * @skb: an IPv6 packet
 * @key: its key
 * @spi: filled in, host byte order
 *
 * Context: any. Return: false if it has none
 */
bool zpf_pkt_spi6(const struct sk_buff *skb, const struct zpf_key *key,
		  u32 *spi)
{
	const bool esp = key->proto == IPPROTO_ESP;
	unsigned int off = 0;

	if (!IS_ENABLED(CONFIG_IPV6) ||
	    (!esp && !(key->ext & zpf_ext_bit(NEXTHDR_AUTH))) ||
	    ipv6_find_hdr(skb, &off, esp ? NEXTHDR_ESP : NEXTHDR_AUTH, NULL,
			  NULL) < 0)
		return false;
	return zpf_pkt_spi(skb, off, esp, spi);
}

/**
 * zpf_pkt_is_nd() - neighbour discovery or multicast listener message
 * @hop_limit: of an IPv6 packet to or from the router
 * @key: its key
 *
 * RFC 4861: hop limit 255. RFC 2710, 3810: hop limit 1, source link-local or
 * unspecified. Redirects (137) are left to the policy.
 */
bool zpf_pkt_is_nd(u8 hop_limit, const struct zpf_key *key)
{
	const u8 type = key->icmp >> 8;

	if (!(key->l4 & ZPF_L4_ICMP))
		return false;
	switch (type) {
	case NDISC_ROUTER_SOLICITATION:
	case NDISC_ROUTER_ADVERTISEMENT:
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		return hop_limit == 255;
	case ICMPV6_MGM_QUERY:
	case ICMPV6_MGM_REPORT:
	case ICMPV6_MGM_REDUCTION:
	case ICMPV6_MLD2_REPORT:
		return hop_limit == 1 &&
		       (key->s6.w[0] >> 54 == 0xfe80 >> 6 ||
			(!key->s6.w[0] && !key->s6.w[1]));
	}
	return false;
}

/**
 * zpf_pkt_is_error4() - ICMP error in answer to a packet
 * @key: an IPv4 packet
 */
bool zpf_pkt_is_error4(const struct zpf_key *key)
{
	const u8 type = key->icmp >> 8;

	return (key->l4 & ZPF_L4_ICMP) &&
	       (type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED ||
		type == ICMP_PARAMETERPROB);
}

/**
 * zpf_pkt_is_error6() - ICMPv6 error in answer to a packet
 * @key: an IPv6 packet
 */
bool zpf_pkt_is_error6(const struct zpf_key *key)
{
	const u8 type = key->icmp >> 8;

	return (key->l4 & ZPF_L4_ICMP) &&
	       type >= ICMPV6_DEST_UNREACH && type <= ICMPV6_PARAMPROB;
}
