// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test only: makes the packets of a rig, and connections for them that were
 * never confirmed. Where the kernel was built without what a packet should
 * have (IPsec, a helper, marks), it is not made.
 */
#include <net/dst.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/xfrm.h>
#include "craft.h"

/* Nobody follows these; reject does, so rules beside them must not. */
static struct dst_entry zpf_craft_route;
#ifdef CONFIG_XFRM
static struct xfrm_state zpf_craft_xfrm;
static struct dst_entry zpf_craft_tunnel = { .xfrm = &zpf_craft_xfrm };
#endif

static int zpf_craft_ipsec(struct sk_buff *skb, u32 ipsec)
{
#ifdef CONFIG_XFRM
	if ((ipsec & ZPF_CRAFT_CAME) && !secpath_set(skb))
		return -ENOMEM;
	if (ipsec & ZPF_CRAFT_GOES)
		skb_dst_set_noref(skb, &zpf_craft_tunnel);
	else if (ipsec & ZPF_CRAFT_ROUTE)
		skb_dst_set_noref(skb, &zpf_craft_route);
	return 0;
#else
	if (ipsec & ZPF_CRAFT_ROUTE)
		skb_dst_set_noref(skb, &zpf_craft_route);
	return ipsec & ~ZPF_CRAFT_ROUTE ? -EOPNOTSUPP : 0;
#endif
}

/**
 * zpf_craft_skb() - an Ethernet frame that has just been routed
 * @beside: what stands beside it
 * @in: the device it came in by
 * @l3: the packet from its network header on
 * @len: its length, at least a header of IPv4, of IPv6 if it is that
 *
 * It is a packet of its own: whoever changes it makes no copy.
 *
 * Return: the packet, or NULL
 */
struct sk_buff *zpf_craft_skb(const struct zpf_craft_beside *beside,
			      struct net_device *in, const u8 *l3,
			      unsigned int len)
{
	const bool v4 = l3[0] >> 4 == 4;
	struct sk_buff *skb;

	skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + ETH_HLEN + len,
			GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb_reset_mac_header(skb);
	skb_put_zero(skb, ETH_HLEN);
	skb_put_data(skb, l3, len);
	skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, v4 ? (l3[0] & 0xf) * 4 :
					   sizeof(struct ipv6hdr));
	skb->protocol = htons(v4 ? ETH_P_IP : ETH_P_IPV6);
	eth_hdr(skb)->h_proto = skb->protocol;
	ether_addr_copy(eth_hdr(skb)->h_source, beside->source);
	ether_addr_copy(eth_hdr(skb)->h_dest, beside->dest);
	skb_reset_mac_len(skb);
	skb->mark = beside->mark;
	skb->pkt_type = beside->type;
	skb->dev = in;
	skb->skb_iif = in->ifindex;
	if (zpf_craft_ipsec(skb, beside->ipsec)) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

/* Where the mark of a packet's connection is, NULL: there is none. */
static u32 *zpf_craft_connmark(const struct sk_buff *skb)
{
#ifdef CONFIG_NF_CONNTRACK_MARK
	struct nf_conn *ct = (struct nf_conn *)skb_nfct(skb);

	return ct ? &ct->mark : NULL;
#else
	return NULL;
#endif
}

static struct nf_conn *zpf_craft_conn(struct net *net, u8 pf)
{
	struct nf_conntrack_tuple tuple = { .src.l3num = pf };
	struct nf_conn *ct;

	ct = nf_conntrack_alloc(net, &nf_ct_zone_dflt, &tuple, &tuple,
				GFP_KERNEL);
	if (IS_ERR(ct))
		return NULL;
	/* It comes without a reference and is never confirmed. */
	refcount_set(&ct->ct_general.use, 1);
	return ct;
}

/* The connection of an FTP client's commands. */
static struct nf_conn *zpf_craft_master(struct net *net, u8 pf)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK_FTP)
	struct nf_conntrack_helper *ftp;
	struct nf_conn_help *help;
	struct nf_conn *ct;

	rcu_read_lock();
	ftp = __nf_conntrack_helper_find("ftp", pf, IPPROTO_TCP);
	rcu_read_unlock();
	ct = ftp ? zpf_craft_conn(net, pf) : NULL;
	if (!ct)
		return NULL;
	help = nf_ct_helper_ext_add(ct, GFP_KERNEL);
	if (!help) {
		nf_ct_put(ct);
		return NULL;
	}
	/* Built into this kernel, or nobody unloads it under a test. */
	RCU_INIT_POINTER(help->helper, ftp);
	return ct;
#else
	return NULL;
#endif
}

/**
 * zpf_craft_connect() - give a packet a connection
 * @net: the namespace
 * @skb: the packet
 * @beside: what stands beside it
 * @ctinfo: what the packet is to it; IP_CT_UNTRACKED and ZPF_CRAFT_INVALID
 *	have none
 *
 * Return: 0 or -ENOMEM
 */
int zpf_craft_connect(struct net *net, struct sk_buff *skb,
		      const struct zpf_craft_beside *beside,
		      unsigned int ctinfo)
{
	const u8 pf = skb->protocol == htons(ETH_P_IP) ? NFPROTO_IPV4 :
							 NFPROTO_IPV6;
	struct nf_conn *ct;
	u32 *connmark;

	nf_reset_ct(skb);
	if (ctinfo == ZPF_CRAFT_INVALID)
		return 0;
	if (ctinfo == IP_CT_UNTRACKED) {
		nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
		return 0;
	}
	ct = zpf_craft_conn(net, pf);
	if (!ct)
		return -ENOMEM;
	nf_ct_set(skb, ct, ctinfo);
	if (beside->helper) {
		ct->master = zpf_craft_master(net, pf);
		if (!ct->master)
			return -ENOMEM;
	}
	if (beside->nat & ZPF_CRAFT_DNAT)
		ct->status |= IPS_DST_NAT;
	if (beside->nat & ZPF_CRAFT_SNAT)
		ct->status |= IPS_SRC_NAT;
	connmark = zpf_craft_connmark(skb);
	if (connmark)
		*connmark = beside->connmark;
	return 0;
}

/**
 * zpf_craft_save() - what a packet is like
 * @skb: the packet
 * @state: gets it
 */
void zpf_craft_save(const struct sk_buff *skb, struct zpf_craft_state *state)
{
	const u32 *connmark = zpf_craft_connmark(skb);

	state->mark = skb->mark;
	state->connmark = connmark ? *connmark : 0;
	state->len = min_t(u32, skb->len, ZPF_CRAFT_HEAD);
	memcpy(state->head, skb->data, state->len);
}

/**
 * zpf_craft_restore() - make a packet what it was like
 * @skb: the packet
 * @state: from zpf_craft_save()
 */
void zpf_craft_restore(struct sk_buff *skb, const struct zpf_craft_state *state)
{
	u32 *connmark = zpf_craft_connmark(skb);

	skb->mark = state->mark;
	if (connmark)
		*connmark = state->connmark;
	memcpy(skb->data, state->head, state->len);
}

/**
 * zpf_craft_same() - are two states the same?
 * @a: one
 * @b: the other
 */
bool zpf_craft_same(const struct zpf_craft_state *a,
		    const struct zpf_craft_state *b)
{
	return a->mark == b->mark && a->connmark == b->connmark &&
	       a->len == b->len && !memcmp(a->head, b->head, a->len);
}
