/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From skb to key: everything zpf reads from a packet's headers.
 */
#ifndef ZPF_PKT_H
#define ZPF_PKT_H

#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>
#include "clock.h"
#include "table.h"

int zpf_pkt_key4(const struct sk_buff *skb, struct zpf_key *key);
int zpf_pkt_key6(const struct sk_buff *skb, struct zpf_key *key);
void zpf_pkt_more(const struct sk_buff *skb, unsigned int hook, u32 need,
		  const struct zpf_clock *clock, struct zpf_key *key);
bool zpf_pkt_mss(const struct sk_buff *skb, const struct zpf_key *key, u16 *mss,
		 unsigned int *at);
bool zpf_pkt_is_nd(u8 hop_limit, const struct zpf_key *key);
bool zpf_pkt_peek4(const struct sk_buff *skb, struct zpf_key *key);
bool zpf_pkt_peek6(const struct sk_buff *skb, struct zpf_key *key);
bool zpf_pkt_spi4(const struct sk_buff *skb, const struct zpf_key *key,
		  u32 *spi);
bool zpf_pkt_spi6(const struct sk_buff *skb, const struct zpf_key *key,
		  u32 *spi);
bool zpf_pkt_is_error4(const struct zpf_key *key);
bool zpf_pkt_is_error6(const struct zpf_key *key);

/**
 * zpf_pkt_state() - connection state of a packet
 * @skb: the packet, behind conntrack
 *
 * IP_CT_ESTABLISHED is 0, so that the state counts only where there is a
 * connection: none at all is invalid, or untracked if ctinfo says so.
 *
 * Return: one ZPF_STATE_* bit, 0: untracked
 */
static inline u8 zpf_pkt_state(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct)
		return ctinfo == IP_CT_UNTRACKED ? 0 : ZPF_STATE_INVALID;
	if (nf_ct_is_template(ct))
		return 0;
	switch (ctinfo) {
	case IP_CT_ESTABLISHED:
	case IP_CT_ESTABLISHED_REPLY:
		return ZPF_STATE_ESTABLISHED;
	case IP_CT_RELATED:
	case IP_CT_RELATED_REPLY:
		return ZPF_STATE_RELATED;
	default:
		return ZPF_STATE_NEW;
	}
}

#endif /* ZPF_PKT_H */
