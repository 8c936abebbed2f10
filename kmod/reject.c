// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reject: TCP is answered with RST, anything else with port unreachable
 * (RFC 792 3/3, RFC 4443 1/4). The kernel's senders hold the rules about what
 * must not be answered. What they send passes our own output hook before they
 * return, on this CPU and with BH off: a per-CPU mark lets exactly the first
 * packet through.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/percpu.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>
#include "reject.h"

DEFINE_PER_CPU(bool, zpf_answering);

/*
 * The kernel answers only what it can verify, and takes the payload of a
 * protocol it does not know for a checksum. There is none to be wrong.
 */
static void zpf_reject_unchecked(struct sk_buff *skb, u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return;
	}
	skb->ip_summed = CHECKSUM_UNNECESSARY;
}

/**
 * zpf_reject() - answer a packet that is about to be dropped
 * @skb: the packet
 * @state: the hook
 * @key: its key
 *
 * Context: packet path, BH off.
 */
void zpf_reject(struct sk_buff *skb, const struct nf_hook_state *state,
		const struct zpf_key *key)
{
	const bool tcp = key->l4 & ZPF_L4_TCP;

	zpf_reject_unchecked(skb, key->proto);
	__this_cpu_write(zpf_answering, true);
	if (state->pf == NFPROTO_IPV4) {
		if (tcp)
			nf_send_reset(state->net, state->sk, skb, state->hook);
		else
			nf_send_unreach(skb, ICMP_PORT_UNREACH, state->hook);
	} else if (IS_ENABLED(CONFIG_IPV6)) {
		if (tcp)
			nf_send_reset6(state->net, state->sk, skb, state->hook);
		else
			nf_send_unreach6(state->net, skb, ICMPV6_PORT_UNREACH,
					 state->hook);
	}
	__this_cpu_write(zpf_answering, false);
}

/**
 * zpf_reject_is_answer() - is this output packet the answer being sent
 *
 * True once per answer. Context: output hook, BH off.
 */
bool zpf_reject_is_answer(void)
{
	if (likely(!zpf_reject_answering()))
		return false;
	__this_cpu_write(zpf_answering, false);
	return true;
}
