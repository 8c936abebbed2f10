// SPDX-License-Identifier: GPL-2.0-only
/*
 * What rare matches look at, read from a packet on demand: see extra.h. Called
 * in front of the first table that asks, behind pkt.c, so that the headers are
 * known to be sound.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include "pkt.h"

/**
 * zpf_pkt_more() - read what a table asks for
 * @skb: the packet
 * @need: mask of ZPF_X_* to read
 * @key: its key; `more` gains what the packet has of @need
 *
 * Context: under RCU, softirq or with BH off.
 */
void zpf_pkt_more(const struct sk_buff *skb, u32 need, struct zpf_key *key)
{
	struct zpf_more *more = &key->more;
	const bool v4 = ip_hdr(skb)->version == 4;

	if (need & ZPF_X_TTL) {
		more->ttl = v4 ? ip_hdr(skb)->ttl : ipv6_hdr(skb)->hop_limit;
		more->have |= ZPF_X_TTL;
	}
}
