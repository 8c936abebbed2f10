/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test only: packets made for the FORWARD hook, with all that stands beside
 * them and a rule can look at.
 */
#ifndef ZPF_BENCH_CRAFT_H
#define ZPF_BENCH_CRAFT_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>

/* Of a header this much is looked at for changes, and put back. */
#define ZPF_CRAFT_HEAD	160

/* struct zpf_craft_beside.nat */
#define ZPF_CRAFT_DNAT	1
#define ZPF_CRAFT_SNAT	2

/* struct zpf_craft_beside.ipsec: where there is no route, none can use IPsec. */
#define ZPF_CRAFT_CAME	1	/* came out of IPsec */
#define ZPF_CRAFT_ROUTE	2	/* has a route */
#define ZPF_CRAFT_GOES	4	/* has a route, through IPsec */

/**
 * struct zpf_craft_beside - what stands beside a packet
 * @mark: its mark
 * @connmark: mark of its connection
 * @type: how its frame was addressed, PACKET_HOST to PACKET_OTHERHOST
 * @nat: translation of its connection
 * @helper: an FTP connection expected this one
 * @ipsec: ZPF_CRAFT_CAME and the others
 * @source: who sent its frame
 * @dest: to whom
 */
struct zpf_craft_beside {
	u32 mark;
	u32 connmark;
	u32 type;
	u32 nat;
	u32 helper;
	u32 ipsec;
	u8 source[ETH_ALEN];
	u8 dest[ETH_ALEN];
};

/**
 * struct zpf_craft_state - what rules may change of a packet
 * @mark: its mark
 * @connmark: mark of its connection, 0: it has none
 * @len: bytes of @head
 * @head: the packet from its network header on
 */
struct zpf_craft_state {
	u32 mark;
	u32 connmark;
	u32 len;
	u8 head[ZPF_CRAFT_HEAD];
};

struct sk_buff *zpf_craft_skb(const struct zpf_craft_beside *beside,
			      struct net_device *in, const u8 *l3,
			      unsigned int len);
int zpf_craft_connect(struct net *net, struct sk_buff *skb,
		      const struct zpf_craft_beside *beside,
		      unsigned int ctinfo);
void zpf_craft_save(const struct sk_buff *skb, struct zpf_craft_state *state);
void zpf_craft_restore(struct sk_buff *skb,
		       const struct zpf_craft_state *state);
bool zpf_craft_same(const struct zpf_craft_state *a,
		    const struct zpf_craft_state *b);

/* ctinfo of packets with a connection is below IP_CT_NUMBER. */
#define ZPF_CRAFT_INVALID	IP_CT_NUMBER

#endif /* ZPF_BENCH_CRAFT_H */
