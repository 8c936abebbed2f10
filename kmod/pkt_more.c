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
#include <linux/timekeeping.h>
#include <net/dsfield.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/tcp.h>
#include <net/xfrm.h>
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

/* Names the kernel's helpers have; on another port with "-PORT" behind. */
static const struct {
	const char *name;
	u8 helper;
} zpf_helpers[] = {
	{ "ftp", ZPF_HELPER_FTP },
	{ "RAS", ZPF_HELPER_H323 },
	{ "Q.931", ZPF_HELPER_H323 },
	{ "H.245", ZPF_HELPER_H323 },
	{ "pptp", ZPF_HELPER_PPTP },
	{ "rpc", ZPF_HELPER_NFS },
	{ "rtsp", ZPF_HELPER_RTSP },
	{ "sip", ZPF_HELPER_SIP },
	{ "tftp", ZPF_HELPER_TFTP },
	{ "tns", ZPF_HELPER_SQLNET },
};

/* The helper of the connection that this one was expected by. */
static bool zpf_look_helper(const struct zpf_look *look, u64 *v)
{
	const struct nf_conntrack_helper *helper;
	const struct nf_conn_help *help;
	unsigned int i;

	if (!look->ct || !look->ct->master)
		return false;
	help = nfct_help(look->ct->master);
	helper = help ? rcu_dereference(help->helper) : NULL;
	if (!helper)
		return false;
	*v = ZPF_HELPER_UNSPEC;
	for (i = 0; i < ARRAY_SIZE(zpf_helpers); i++) {
		const size_t len = strlen(zpf_helpers[i].name);

		if (!strncmp(helper->name, zpf_helpers[i].name, len) &&
		    (!helper->name[len] || helper->name[len] == '-'))
			*v = zpf_helpers[i].helper;
	}
	return true;
}

static bool zpf_look_ipsec(const struct zpf_look *look, bool out, u64 *v)
{
	const struct sk_buff *skb = look->skb;

	if (look->hook == (out ? ZPF_IN : ZPF_OUT))
		return false;
	if (out)
		*v = skb_dst(skb) && dst_xfrm(skb_dst(skb));
	else
		*v = secpath_exists((struct sk_buff *)skb);
	return true;
}

#define ZPF_GRE_CSUM	0x8000
#define ZPF_GRE_KEY	0x2000
#define ZPF_GRE_SEQ	0x1000
#define ZPF_GRE_VERSION	0x0007

/* RFC 2784, 2890: flags and version, protocol, then what the flags announce. */
static bool zpf_look_gre(const struct zpf_look *look, unsigned int num, u64 *v)
{
	unsigned int off = look->key->l4_off;
	__be16 buf[2] __uninitialized;
	const __be16 *gre;
	const __be32 *key;
	__be32 kbuf;
	u16 flags;

	if (look->key->proto != IPPROTO_GRE || !off)
		return false;
	gre = skb_header_pointer(look->skb, off, sizeof(buf), buf);
	if (!gre)
		return false;
	flags = ntohs(gre[0]);
	switch (num) {
	case ZPF_NUM_GRE_FLAGS:
		*v = (flags & ZPF_GRE_CSUM ? 1 : 0) +
		     (flags & ZPF_GRE_KEY ? 2 : 0) +
		     (flags & ZPF_GRE_SEQ ? 4 : 0);
		return true;
	case ZPF_NUM_GRE_PROTO:
		*v = ntohs(gre[1]);
		return true;
	case ZPF_NUM_GRE_VERSION:
		*v = flags & ZPF_GRE_VERSION;
		return true;
	}
	if (!(flags & ZPF_GRE_KEY))
		return false;
	off += sizeof(buf) + (flags & ZPF_GRE_CSUM ? 4 : 0);
	key = skb_header_pointer(look->skb, off, sizeof(kbuf), &kbuf);
	if (!key)
		return false;
	*v = ntohl(*key);
	return true;
}

/**
 * zpf_pkt_mss() - maximum segment size a TCP SYN announces
 * @skb: the packet
 * @key: its key
 * @mss: gets the size
 * @at: gets where it stands, from skb->data on
 *
 * Return: false if there is none
 */
bool zpf_pkt_mss(const struct sk_buff *skb, const struct zpf_key *key, u16 *mss,
		 unsigned int *at)
{
	unsigned int off = key->l4_off + sizeof(struct tcphdr), len, i = 0;
	u8 buf[MAX_TCP_OPTION_SPACE] __uninitialized;
	struct tcphdr tbuf __uninitialized;
	const struct tcphdr *th;
	const u8 *opt;

	if (!(key->l4 & ZPF_L4_TCP) || !(key->tcp_flags & TCPHDR_SYN))
		return false;
	th = skb_header_pointer(skb, key->l4_off, sizeof(tbuf), &tbuf);
	if (!th || th->doff * 4 <= sizeof(*th))
		return false;
	len = th->doff * 4 - sizeof(*th);
	opt = skb_header_pointer(skb, off, len, buf);
	if (!opt)
		return false;
	while (i < len && opt[i] != TCPOPT_EOL) {
		if (opt[i] == TCPOPT_NOP) {
			i++;
			continue;
		}
		if (i + 1 == len || opt[i + 1] < 2 || i + opt[i + 1] > len)
			return false;
		if (opt[i] == TCPOPT_MSS && opt[i + 1] == TCPOLEN_MSS) {
			*mss = opt[i + 2] << 8 | opt[i + 3];
			*at = off + i + 2;
			return true;
		}
		i += opt[i + 1];
	}
	return false;
}

static bool zpf_look_mss(const struct zpf_look *look, u64 *v)
{
	unsigned int at;
	u16 mss;

	if (!zpf_pkt_mss(look->skb, look->key, &mss, &at))
		return false;
	*v = mss;
	return true;
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
	case ZPF_NUM_CT_HELPER:
		return zpf_look_helper(look, v);
	case ZPF_NUM_IPSEC_IN:
	case ZPF_NUM_IPSEC_OUT:
		return zpf_look_ipsec(look, num == ZPF_NUM_IPSEC_OUT, v);
	case ZPF_NUM_GRE_FLAGS:
	case ZPF_NUM_GRE_KEY:
	case ZPF_NUM_GRE_PROTO:
	case ZPF_NUM_GRE_VERSION:
		return zpf_look_gre(look, num, v);
	case ZPF_NUM_MSS:
		return zpf_look_mss(look, v);
	}
	return false;
}

/**
 * zpf_pkt_more() - read the numbers a table asks for
 * @skb: the packet
 * @hook: ZPF_IN, ZPF_FWD or ZPF_OUT
 * @need: ZPF_NUM_BIT()s of what to read
 * @clock: of the policy
 * @key: its key; `more` gains what the packet has of @need
 *
 * Context: under RCU, softirq or with BH off.
 */
void zpf_pkt_more(const struct sk_buff *skb, unsigned int hook, u32 need,
		  const struct zpf_clock *clock, struct zpf_key *key)
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
	if (need & ZPF_NUM_CLOCK)
		zpf_clock_tell(clock, ktime_get_real_seconds(), more);
	for (need &= ~ZPF_NUM_CLOCK; need; need &= need - 1) {
		const unsigned int num = __ffs(need);

		if (zpf_look(&look, num, &more->num[num]))
			more->have |= ZPF_NUM_BIT(num);
	}
}
