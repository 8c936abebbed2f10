/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answering rejected packets, and knowing our own answers again.
 */
#ifndef ZPF_REJECT_H
#define ZPF_REJECT_H

#include <linux/netfilter.h>
#include <linux/percpu.h>
#include "table.h"

DECLARE_PER_CPU(bool, zpf_answering);

/* Is this CPU sending an answer right now? Context: BH off. */
static inline bool zpf_reject_answering(void)
{
	return __this_cpu_read(zpf_answering);
}

void zpf_reject(struct sk_buff *skb, const struct nf_hook_state *state,
		const struct zpf_key *key);
bool zpf_reject_is_answer(void);

#endif /* ZPF_REJECT_H */
