// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes a rule makes to its packet and to the connection: called from the
 * hooks behind the log, in front of the rule's verdict. Checksums stay right
 * whoever is to compute them: a header with one of its own is fixed, data under
 * the TCP checksum is taken out of it and put in, and where the network card's
 * sum over the whole packet would no longer fit, it is not used.
 */
#include <linux/swab.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/dsfield.h>
#include <net/dst.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include "change.h"
#include "pkt.h"

/* Room of the network header, to write into. Return: NULL without memory */
static void *zpf_change_ip(struct sk_buff *skb, bool v4)
{
	const unsigned int len = skb_network_offset(skb) +
		(v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));

	if (skb_ensure_writable(skb, len))
		return NULL;
	/* IPv6 has no checksum that would even a change out. */
	if (!v4 && skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return skb_network_header(skb);
}

static int zpf_change_dscp(struct sk_buff *skb, bool v4, u32 dscp)
{
	void *hdr = zpf_change_ip(skb, v4);

	if (!hdr)
		return -ENOMEM;
	if (v4)
		ipv4_change_dsfield(hdr, INET_ECN_MASK, dscp << 2);
	else
		ipv6_change_dsfield(hdr, INET_ECN_MASK, dscp << 2);
	return 0;
}

static int zpf_change_ttl(struct sk_buff *skb, bool v4, u32 ttl)
{
	void *hdr = zpf_change_ip(skb, v4);
	struct iphdr *iph = hdr;

	if (!hdr)
		return -ENOMEM;
	if (!v4) {
		((struct ipv6hdr *)hdr)->hop_limit = ttl;
		return 0;
	}
	csum_replace2(&iph->check, htons(iph->ttl << 8), htons(ttl << 8));
	iph->ttl = ttl;
	return 0;
}

static void zpf_change_ct_mark(struct sk_buff *skb, u32 mark)
{
#ifdef CONFIG_NF_CONNTRACK_MARK
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || nf_ct_is_template(ct) || READ_ONCE(ct->mark) == mark)
		return;
	WRITE_ONCE(ct->mark, mark);
	nf_conntrack_event_cache(IPCT_MARK, ct);
#endif
}

/* The segment that fits the way there and the way back, 0: unknown. */
static u32 zpf_change_path_mss(struct net *net, const struct sk_buff *skb,
			       bool v4)
{
	const u32 head = sizeof(struct tcphdr) +
		(v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));
	struct dst_entry *back = NULL;
	struct flowi fl = {};
	u32 mtu;

	if (!skb_dst(skb))
		return 0;
	mtu = dst_mtu(skb_dst(skb));
	if (v4)
		fl.u.ip4.daddr = ip_hdr(skb)->saddr;
	else
		fl.u.ip6.daddr = ipv6_hdr(skb)->saddr;
	nf_route(net, &back, &fl, false, v4 ? AF_INET : AF_INET6);
	if (back) {
		mtu = min(mtu, dst_mtu(back));
		dst_release(back);
	}
	return mtu > head && mtu <= U16_MAX ? mtu - head : 0;
}

/*
 * Only ever down: a larger segment than a host asked for would not arrive. A
 * value that begins at an odd byte stands the other way round in the sum.
 */
static int zpf_change_mss(struct net *net, struct sk_buff *skb,
			  const struct zpf_key *key, bool v4, u32 mss)
{
	unsigned int at, end;
	struct tcphdr *th;
	__be16 from, to;
	u16 was;

	if (!zpf_pkt_mss(skb, key, &was, &at))
		return 0;
	if (!mss)
		mss = zpf_change_path_mss(net, skb, v4);
	if (!mss || was <= mss)
		return 0;
	end = max_t(unsigned int, at + sizeof(to),
		    key->l4_off + sizeof(struct tcphdr));
	if (skb_ensure_writable(skb, end))
		return -ENOMEM;
	th = (struct tcphdr *)(skb->data + key->l4_off);
	from = htons(was);
	to = htons(mss);
	memcpy(skb->data + at, &to, sizeof(to));
	if ((at - key->l4_off) & 1) {
		from = (__force __be16)swab16((__force u16)from);
		to = (__force __be16)swab16((__force u16)to);
	}
	inet_proto_csum_replace2(&th->check, skb, from, to, false);
	return 0;
}

/**
 * zpf_change() - change a packet as a rule says
 * @net: the namespace
 * @skb: the packet; its headers may move
 * @key: its key, which stays as it is
 * @extra: side record of the rule
 *
 * Context: under RCU, softirq or with BH off; allocates where the packet is
 * shared with others. Return: 0, -ENOMEM: not all changes were made
 */
int zpf_change(struct net *net, struct sk_buff *skb, const struct zpf_key *key,
	       const struct zpf_extra *extra)
{
	const bool v4 = ip_hdr(skb)->version == 4;
	u32 left;
	int err = 0;

	for (left = extra->changes; left && !err; left &= left - 1) {
		const unsigned int what = __ffs(left);
		const u32 value = extra->value[what];

		switch (what) {
		case ZPF_CHANGE_DSCP:
			err = zpf_change_dscp(skb, v4, value);
			break;
		case ZPF_CHANGE_MARK:
			skb->mark = value;
			break;
		case ZPF_CHANGE_CT_MARK:
			zpf_change_ct_mark(skb, value);
			break;
		case ZPF_CHANGE_MSS:
			err = zpf_change_mss(net, skb, key, v4, value);
			break;
		case ZPF_CHANGE_TTL:
			err = zpf_change_ttl(skb, v4, value);
			break;
		}
	}
	return err;
}
