/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints for perf, bpftrace and pwru. zpf:verdict is passed by every
 * packet that is judged the long way: not by those of the fast path, whose
 * connection state alone lets them pass. zpf:drop is passed by every packet
 * the ledger gets. Both stand in hook.c and cost nothing while they are off.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM zpf

#if !defined(ZPF_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ZPF_TRACE_H

#include <linux/skbuff.h>
#include <linux/tracepoint.h>
#include "ctx.h"
#include "ledger.h"
#include "live.h"

#ifndef ZPF_TRACE_WORDS
#define ZPF_TRACE_WORDS
#define zpf_trace_action(action) __print_symbolic(action,		\
	{ ZPF_ACTION_ACCEPT, "accept" }, { ZPF_ACTION_DROP, "drop" },	\
	{ ZPF_ACTION_REJECT, "reject" })
#define zpf_trace_hook(hook) __print_symbolic(hook,			\
	{ ZPF_IN, "input" }, { ZPF_FWD, "forward" }, { ZPF_OUT, "output" })
#define zpf_trace_reason(reason) __print_symbolic(reason,		\
	{ ZPF_REASON_ZONE_DEFAULT, "zone-default" },			\
	{ ZPF_REASON_INTRA_ZONE, "intra-zone" },			\
	{ ZPF_REASON_NO_ZONE, "no-zone" },				\
	{ ZPF_REASON_RULE, "rule" }, { ZPF_REASON_DEFAULT, "default" },	\
	{ ZPF_REASON_BASE_CHAIN, "base-chain" },			\
	{ ZPF_REASON_STATE_POLICY, "state-policy" },			\
	{ ZPF_REASON_MALFORMED, "malformed" })
#endif

TRACE_EVENT(verdict,
	TP_PROTO(const struct zpf_live *live, const struct sk_buff *skb,
		 u8 fam, u8 hook, u8 action),
	TP_ARGS(live, skb, fam, hook, action),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, generation)
		__field(u32, len)
		__field(u8, family)
		__field(u8, hook)
		__field(u8, action)
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->generation = live->gen->id;
		__entry->len = skb->len;
		__entry->family = zpf_fam_proto(fam);
		__entry->hook = hook;
		__entry->action = action;
	),
	TP_printk("skbaddr=%p generation=%u family=%u hook=%s len=%u action=%s",
		  __entry->skbaddr, __entry->generation, __entry->family,
		  zpf_trace_hook(__entry->hook), __entry->len,
		  zpf_trace_action(__entry->action))
);

TRACE_EVENT(drop,
	TP_PROTO(const struct zpf_drop *drop),
	TP_ARGS(drop),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, generation)
		__field(u32, len)
		__field(u8, family)
		__field(u8, reason)
		__field(u8, action)
		__field(u32, rule)
		__array(char, ruleset, ZPF_RULESET_NAME_MAX + 1)
		__array(char, from, ZPF_ZONE_NAME_MAX + 1)
		__array(char, to, ZPF_ZONE_NAME_MAX + 1)
	),
	TP_fast_assign(
		__entry->skbaddr = drop->ctx->skb;
		__entry->generation = drop->ctx->live->gen->id;
		__entry->len = drop->ctx->skb->len;
		__entry->family = zpf_fam_proto(drop->ctx->fam);
		__entry->reason = drop->reason;
		__entry->action = drop->action;
		__entry->rule = zpf_drop_number(drop);
		strscpy(__entry->ruleset, zpf_drop_ruleset(drop),
			sizeof(__entry->ruleset));
		strscpy(__entry->from, zpf_drop_zone(drop, drop->ctx->cell->from),
			sizeof(__entry->from));
		strscpy(__entry->to, zpf_drop_zone(drop, drop->ctx->cell->to),
			sizeof(__entry->to));
	),
	TP_printk("skbaddr=%p generation=%u family=%u from=%s to=%s ruleset=%s rule=%u reason=%s len=%u action=%s",
		  __entry->skbaddr, __entry->generation, __entry->family,
		  __entry->from, __entry->to, __entry->ruleset, __entry->rule,
		  zpf_trace_reason(__entry->reason), __entry->len,
		  zpf_trace_action(__entry->action))
);

#endif /* ZPF_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
