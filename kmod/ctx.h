/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of a packet while it is judged: hook.c fills it in, and whoever
 * is told of the outcome reads it there.
 */
#ifndef ZPF_CTX_H
#define ZPF_CTX_H

#include "live.h"
#include "table.h"

struct nf_hook_state;
struct sk_buff;
struct zpf_net;

/**
 * struct zpf_ctx - one packet on its way through the judgement
 * @zn: the namespace
 * @live: the snapshot
 * @skb: the packet
 * @state: the hook
 * @cell: the pair it belongs to
 * @in: input port; unused at the output hook
 * @out: output port; unused at the input hook
 * @fam: ZPF_V4 or ZPF_V6
 * @hook: ZPF_IN, ZPF_FWD or ZPF_OUT
 * @reason: &enum zpf_reason of the step that judges; 0: a pair's table does
 * @asked: ZPF_NUM_BIT()s of numbers that were read, or found absent
 * @rule: the rule of a table that decided last
 * @key: its key
 *
 * A packet may also be only thought of: whatever takes a probe then counts,
 * logs, spends and answers nothing, but notes it there; @skb and @state are not
 * there. For real packets the probe is a constant NULL, and costs nothing.
 */
struct zpf_ctx {
	struct zpf_net *zn;
	const struct zpf_live *live;
	struct sk_buff *skb;
	const struct nf_hook_state *state;
	const struct zpf_cell *cell;
	struct zpf_port in;
	struct zpf_port out;
	u8 fam;
	u8 hook;
	u8 reason;
	u32 asked;
	const struct zpf_rule *rule;
	struct zpf_key key;
};

#endif /* ZPF_CTX_H */
