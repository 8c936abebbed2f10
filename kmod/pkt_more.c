// SPDX-License-Identifier: GPL-2.0-only
/*
 * What rare matches look at, read from a packet on demand: see extra.h. Called
 * in front of the first table that asks, behind pkt.c, so that the headers are
 * known to be sound. One case a number.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include "compat.h"
#include "pkt.h"
#include "policy.h"

/**
 * struct zpf_look - the packet a number is read from
 * @skb: the packet
 * @ct: its connection, NULL where it is not tracked
 * @key: its key
 * @hook: ZPF_IN, ZPF_FWD or ZPF_OUT
 * @v4: it is an IPv4 packet
 */
struct zpf_look {
	const struct sk_buff *skb;
	const struct nf_conn *ct;
	const struct zpf_key *key;
	unsigned int hook;
	bool v4;
};

static u64 zpf_look_nat(const struct nf_conn *ct)
{
	return (ct->status & IPS_SRC_NAT ? 1 : 0) +
	       (ct->status & IPS_DST_NAT ? 2 : 0);
}

static bool zpf_look_ct_mark(const struct zpf_look *look, u64 *v)
{
#ifdef CONFIG_NF_CONNTRACK_MARK
	if (!look->ct)
		return false;
	*v = READ_ONCE(look->ct->mark);
	return true;
#else
	return false;
#endif
}

/* The frame it came in by, if that was an Ethernet one. */
static const struct ethhdr *zpf_look_eth(const struct zpf_look *look)
{
	const struct sk_buff *skb = look->skb;

	if (look->hook == ZPF_OUT || !skb->dev ||
	    skb->dev->type != ARPHRD_ETHER || !skb_mac_header_was_set(skb) ||
	    skb_mac_header(skb) < skb->head ||
	    skb_mac_header(skb) + ETH_HLEN > skb->data)
		return NULL;
	return eth_hdr(skb);
}

static bool zpf_look_mac(const struct zpf_look *look, bool dst, u64 *v)
{
	const struct ethhdr *eth = zpf_look_eth(look);

	if (!eth)
		return false;
	*v = ether_addr_to_u64(dst ? eth->h_dest : eth->h_source);
	return true;
}

/* A packet put together again tells by the largest fragment it was made of. */
static bool zpf_look_frag(const struct zpf_look *look)
{
	if (look->v4)
		return ip_is_fragment(ip_hdr(look->skb)) ||
		       IPCB(look->skb)->frag_max_size;
	return (look->key->ext & zpf_ext_bit(NEXTHDR_FRAGMENT)) ||
	       IP6CB(look->skb)->frag_max_size;
}

/* Return: false if the packet has no such number */
static bool zpf_look(const struct zpf_look *look, unsigned int num, u64 *v)
{
	const struct sk_buff *skb = look->skb;

	switch (num) {
	case ZPF_NUM_CT_NAT:
		if (!look->ct)
			return false;
		*v = zpf_look_nat(look->ct);
		return true;
	case ZPF_NUM_CT_MARK:
		return zpf_look_ct_mark(look, v);
	case ZPF_NUM_MARK:
		*v = skb->mark;
		return true;
	case ZPF_NUM_SMAC:
	case ZPF_NUM_DMAC:
		return zpf_look_mac(look, num == ZPF_NUM_DMAC, v);
	case ZPF_NUM_TTL:
		*v = look->v4 ? ip_hdr(skb)->ttl : ipv6_hdr(skb)->hop_limit;
		return true;
	case ZPF_NUM_LENGTH:
		*v = skb->len - skb_network_offset(skb);
		if (!look->v4)
			*v -= sizeof(struct ipv6hdr);
		return true;
	case ZPF_NUM_PKTTYPE:
		*v = skb->pkt_type;
		return true;
	case ZPF_NUM_DSCP:
		*v = (look->v4 ? ipv4_get_dsfield(ip_hdr(skb)) :
				 ipv6_get_dsfield(ipv6_hdr(skb))) >> 2;
		return true;
	case ZPF_NUM_FRAG:
		*v = zpf_look_frag(look);
		return true;
	}
	return false;
}

/**
 * zpf_pkt_more() - read the numbers a table asks for
 * @skb: the packet
 * @hook: ZPF_IN, ZPF_FWD or ZPF_OUT
 * @need: ZPF_NUM_BIT()s of what to read
 * @key: its key; `more` gains what the packet has of @need
 *
 * Context: under RCU, softirq or with BH off.
 */
void zpf_pkt_more(const struct sk_buff *skb, unsigned int hook, u32 need,
		  struct zpf_key *key)
{
	struct zpf_look look = {
		.skb = skb,
		.key = key,
		.hook = hook,
		.v4 = ip_hdr(skb)->version == 4,
	};
	enum ip_conntrack_info ctinfo;
	struct zpf_more *more = &key->more;

	look.ct = nf_ct_get(skb, &ctinfo);
	if (look.ct && nf_ct_is_template(look.ct))
		look.ct = NULL;
	more->have &= ~need;
	for (; need; need &= need - 1) {
		const unsigned int num = __ffs(need);

		if (zpf_look(&look, num, &more->num[num]))
			more->have |= ZPF_NUM_BIT(num);
	}
}
