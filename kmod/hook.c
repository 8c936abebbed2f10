// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet path: from the netfilter hooks to a verdict, in the order of
 * judgement the documentation fixes. One snapshot a judgement; no allocation and
 * no lock, atomics only in buckets of limits and log sites, but where a rule asks
 * for a source's bucket or adds an address: the lock of one line of sources.c.
 *
 * An established packet whose cell is fast runs through some 45 instructions
 * (x86-64, -O2) without a call or a taken branch and touches these cache lines:
 *
 *	2	net_device: ifindex of the input and the output device
 *	1	sk_buff: _nfct and len; no header of the packet
 *	1-3	zpf_live: the matrix, sizes, and the two ports: of the interfaces
 *		with an ifindex below 9 in the same line, then 16 to a line
 *	1	zpf_cell: the verdict and where it is counted
 *	1-2	zpf_counter of this CPU, the only lines written, and jiffies
 */
#include <linux/netdevice.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include "change.h"
#include "compat.h"
#include "ctx.h"
#include "hook.h"
#include "index.h"
#include "ledger.h"
#include "log.h"
#include "net.h"
#include "pkt.h"
#include "probe.h"
#include "reject.h"
#include "trace.h"

/* Behind the filter chains of nftables and iptables, whoever loads first. */
#define ZPF_PRIORITY (NF_IP_PRI_FILTER + 10)
static_assert((int)NF_IP_PRI_FILTER == (int)NF_IP6_PRI_FILTER);

/* The actions a packet can end in, as netfilter verdicts. */
static const unsigned int zpf_verdict[] = {
	[ZPF_ACTION_UNSPEC] = NF_DROP,
	[ZPF_ACTION_ACCEPT] = NF_ACCEPT,
	[ZPF_ACTION_DROP] = NF_DROP,
	[ZPF_ACTION_REJECT] = NF_DROP,
};

static unsigned int zpf_finish(struct zpf_ctx *ctx, u8 action)
{
	trace_verdict(ctx->live, ctx->skb, ctx->fam, ctx->hook, action);
	if (action != ZPF_ACTION_ACCEPT)
		zpf_ledger_drop(ctx, action);
	if (action == ZPF_ACTION_REJECT)
		zpf_reject(ctx->skb, ctx->state, &ctx->key);
	return zpf_verdict[action];
}

static __always_inline void zpf_hit(const struct zpf_ctx *ctx,
				    struct zpf_probe *probe, u32 ctr, u32 site)
{
	const struct zpf_gen *gen = ctx->live->gen;

	if (probe) {
		probe->ctr = ctr;
		probe->site = site;
		return;
	}
	zpf_count(gen->ctrs[ctr], ctx->skb->len);
	if (unlikely(site))
		zpf_log(gen, site, ctx->skb, ctx->state);
}

static struct zpf_in6 zpf_ctx_addr(const struct zpf_ctx *ctx, bool dst)
{
	if (ctx->fam == ZPF_V4)
		return zpf_in6_of4(dst ? ctx->key.d4 : ctx->key.s4);
	return dst ? ctx->key.d6 : ctx->key.s6;
}

/* What a probe finds: the same, and nothing is spent. */
static bool zpf_limit_probe(const struct zpf_ctx *ctx, struct zpf_probe *probe,
			    const struct zpf_limit *limit)
{
	struct zpf_in6 src = zpf_ctx_addr(ctx, false);

	if (limit->keep && !zpf_keep_peek(limit->keep, &limit->rate)) {
		zpf_probe_limited(probe, ZPF_WHY_LIMIT);
		return false;
	}
	if (limit->recent && zpf_sources_peek(limit->recent->sources, &src,
					      &limit->per_source)) {
		zpf_probe_limited(probe, ZPF_WHY_RECENT);
		return false;
	}
	return true;
}

/* Do `limit` and `recent` hold? The latter where the source has no token. */
static __always_inline bool zpf_limit(const struct zpf_ctx *ctx,
				      struct zpf_probe *probe,
				      const struct zpf_rule *rule)
{
	const struct zpf_limit *limit = &ctx->live->gen->limits[rule->limit - 1];
	struct zpf_in6 src;

	if (probe)
		return zpf_limit_probe(ctx, probe, limit);
	if (limit->keep && !zpf_keep_take(limit->keep, &limit->rate))
		return false;
	if (!limit->recent)
		return true;
	src = zpf_ctx_addr(ctx, false);
	return !zpf_sources_take(limit->recent->sources, &src,
				 &limit->per_source);
}

static void zpf_look_up(struct zpf_ctx *ctx, const struct zpf_table *table)
{
	zpf_pkt_more(ctx->skb, ctx->hook, table->needs & ~ctx->asked,
		     &ctx->live->gen->clock, &ctx->key);
	ctx->asked |= table->needs;
}

/*
 * What a rule does besides deciding. Whoever looks at the packet behind it
 * sees what was changed.
 *
 * Return: false if the packet could not be changed
 */
static noinline bool zpf_effects(struct zpf_ctx *ctx,
				 const struct zpf_table *table,
				 const struct zpf_extra *extra)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(extra->adds); i++) {
		const struct zpf_adds *adds = &extra->adds[i];
		struct zpf_in6 addr;

		if (!adds->set)
			continue;
		addr = zpf_ctx_addr(ctx, i);
		zpf_group_add(ctx->live->gen->sets[adds->set - 1], &addr,
			      adds->for_ns);
	}
	if (!extra->changes)
		return true;
	if (zpf_change(ctx->zn->net, ctx->skb, &ctx->key, extra))
		return false;
	ctx->asked = 0;
	zpf_look_up(ctx, table);
	return true;
}

/**
 * zpf_walk_table() - walk a table
 * @ctx: the packet
 * @probe: NULL, or what it is only thought of for
 * @table: the table
 * @row0: its first counter
 *
 * Return: ACCEPT, DROP or REJECT; UNSPEC if the walk left the table
 */
static __always_inline u8
zpf_walk_table(struct zpf_ctx *ctx, struct zpf_probe *probe,
	       const struct zpf_table *table, u32 row0)
{
	const struct zpf_gen *gen = ctx->live->gen;
	u32 i = 0;

	if (unlikely(table->needs & ~ctx->asked))
		zpf_look_up(ctx, table);
	for (;;) {
		const struct zpf_rule *rule;
		const u32 from = i;

		i = zpf_table_next(table, gen->sets, &ctx->key, i);
		if (probe)
			i = zpf_probe_walk(probe, table, gen->sets, from, i);
		if (i >= table->n_rules)
			return ZPF_ACTION_UNSPEC;
		rule = &table->rules[i];
		if (unlikely(rule->limit) && !zpf_limit(ctx, probe, rule)) {
			i = rule->miss;
			continue;
		}
		zpf_hit(ctx, probe, row0 + rule->row, rule->site);
		if (unlikely(rule->extra) && !probe &&
		    !zpf_effects(ctx, table, &table->extras[rule->extra - 1])) {
			ctx->rule = rule;
			return ZPF_ACTION_DROP;
		}
		if (rule->action <= ZPF_ACTION_REJECT) {
			ctx->rule = rule;
			return rule->action;
		}
		i = rule->hit;
	}
}

static noinline u8 zpf_walk_real(struct zpf_ctx *ctx,
				 const struct zpf_table *table, u32 row0)
{
	return zpf_walk_table(ctx, NULL, table, row0);
}

static noinline u8 zpf_walk_probe(struct zpf_ctx *ctx, struct zpf_probe *probe,
				  const struct zpf_table *table, u32 row0)
{
	return zpf_walk_table(ctx, probe, table, row0);
}

static __always_inline u8 zpf_run(struct zpf_ctx *ctx, struct zpf_probe *probe,
				  const struct zpf_table *table, u32 row0)
{
	return probe ? zpf_walk_probe(ctx, probe, table, row0) :
		       zpf_walk_real(ctx, table, row0);
}

/* Frames br_netfilter hands up on their way from port to port. */
static __always_inline bool zpf_bridged(const struct zpf_ctx *ctx, u8 hook)
{
	return hook == ZPF_FWD && ctx->state->in == ctx->state->out &&
	       nf_bridge_get_physoutif(ctx->skb);
}

static __always_inline u8 zpf_state_policy(const struct zpf_ctx *ctx,
					   struct zpf_probe *probe)
{
	const struct zpf_state_policy *sp;

	switch (ctx->key.state) {
	case ZPF_STATE_ESTABLISHED:
		sp = &ctx->live->gen->sp[ZPF_SP_ESTABLISHED];
		break;
	case ZPF_STATE_INVALID:
		sp = &ctx->live->gen->sp[ZPF_SP_INVALID];
		break;
	case ZPF_STATE_RELATED:
		sp = &ctx->live->gen->sp[ZPF_SP_RELATED];
		break;
	default:
		return ZPF_ACTION_UNSPEC;
	}
	if (sp->action)
		zpf_hit(ctx, probe, sp->row0, sp->site);
	return sp->action;
}

/*
 * Packets of the router that no zone policy is asked about: ND, MLD, errors.
 * Return: &enum zpf_reason, or 0
 */
static __always_inline u8 zpf_router_business(const struct zpf_ctx *ctx,
					      const struct zpf_probe *probe,
					      u8 fam, u8 hook)
{
	const u32 flags = ctx->live->gen->option_flags;

	if (hook == ZPF_FWD)
		return 0;
	if (fam == ZPF_V6 && !(flags & ZPF_OPTION_FILTER_ND) &&
	    zpf_pkt_is_nd(probe ? (u8)ctx->key.more.num[ZPF_NUM_TTL] :
			  ipv6_hdr(ctx->skb)->hop_limit, &ctx->key))
		return ZPF_REASON_DISCOVERY;
	if (hook != ZPF_OUT || (flags & ZPF_OPTION_FILTER_ERRORS))
		return 0;
	if (fam == ZPF_V4 ? zpf_pkt_is_error4(&ctx->key) :
			    zpf_pkt_is_error6(&ctx->key))
		return ZPF_REASON_ROUTER_ERROR;
	return 0;
}

static __always_inline u8 zpf_zones(struct zpf_ctx *ctx, struct zpf_probe *probe)
{
	const struct zpf_cell *cell = ctx->cell;

	if (cell->reason == ZPF_CELL_UNFILTERED)
		return ZPF_ACTION_ACCEPT;
	if (cell->table)
		return zpf_run(ctx, probe, cell->table, cell->row0) ?:
			ZPF_ACTION_ACCEPT;
	zpf_hit(ctx, probe, cell->row0, cell->site);
	return cell->action;
}

static const unsigned long *zpf_port_bits(const struct zpf_live *live,
					  struct zpf_port port)
{
	return live->words ? live->bits + (size_t)port.ent * live->words : NULL;
}

static __always_inline int zpf_parse(struct zpf_ctx *ctx, u8 fam, u8 hook)
{
	struct zpf_key *key = &ctx->key;
	const struct zpf_live *live = ctx->live;

	ctx->asked = 0;
	key->more.have = 0;
	key->state = zpf_pkt_state(ctx->skb);
	key->in = hook == ZPF_OUT ? NULL : zpf_port_bits(live, ctx->in);
	key->out = hook == ZPF_IN ? NULL : zpf_port_bits(live, ctx->out);
	return fam == ZPF_V4 ? zpf_pkt_key4(ctx->skb, key) :
			       zpf_pkt_key6(ctx->skb, key);
}

/* A packet that has been parsed: the steps in the order of judgement. */
static __always_inline u8 zpf_judge_key(struct zpf_ctx *ctx,
					struct zpf_probe *probe, u8 fam, u8 hook)
{
	const struct zpf_chain *chain;
	u8 action, business;

	ctx->reason = ZPF_REASON_STATE_POLICY;
	action = zpf_state_policy(ctx, probe);
	if (action)
		return action;

	chain = &ctx->live->gen->chains[hook][fam];
	if (chain->table) {
		ctx->reason = ZPF_REASON_BASE_CHAIN;
		action = zpf_run(ctx, probe, chain->table, chain->row0);
		if (action > ZPF_ACTION_ACCEPT)
			return action;
	}
	business = zpf_router_business(ctx, probe, fam, hook);
	if (business) {
		if (probe)
			probe->business = business;
		return ZPF_ACTION_ACCEPT;
	}
	ctx->reason = ctx->cell->reason;
	return zpf_zones(ctx, probe);
}

/* Every step but the fast path. */
static __always_inline unsigned int zpf_judge(struct zpf_ctx *ctx, u8 fam,
					      u8 hook)
{
	if (!ctx->cell->judged)
		return NF_ACCEPT;
	if (unlikely(!ctx->live->gen))
		return hook == ZPF_FWD ? NF_DROP : NF_ACCEPT;

	if (unlikely(zpf_parse(ctx, fam, hook))) {
		zpf_count(ctx->zn->malformed, ctx->skb->len);
		ctx->reason = ZPF_REASON_MALFORMED;
		return zpf_finish(ctx, ZPF_ACTION_DROP);
	}
	return zpf_finish(ctx, zpf_judge_key(ctx, NULL, fam, hook));
}

static __always_inline const struct zpf_cell *
zpf_cell_of(const struct zpf_live *live, u8 fam, u8 hook, struct zpf_port in,
	    struct zpf_port out)
{
	u32 from = hook == ZPF_OUT ? live->router : in.zone;
	u32 to = hook == ZPF_IN ? live->router : out.zone;

	return &live->cells[fam][from * live->dim + to];
}

/* The two ctinfo values of a related packet, a bit each. */
#define ZPF_RELATED (BIT(IP_CT_RELATED) | BIT(IP_CT_RELATED_REPLY))

/**
 * zpf_fast() - accept a packet whose state alone decides
 * @cell: the pair it belongs to
 * @skb: the packet
 *
 * ctinfo is in the low bits of _nfct, and 0 is established: only where the
 * pointer is there, too, does it mean anything (invalid packets have neither).
 *
 * Return: true if it was accepted and counted
 */
static __always_inline bool zpf_fast(const struct zpf_cell *cell,
				     const struct sk_buff *skb)
{
	const unsigned long nfct = skb->_nfct;
	const unsigned int ctinfo = nfct & NFCT_INFOMASK;
	struct zpf_counter __percpu *const *ctr;

	if (!(cell->fast >> ctinfo & 1) || !(nfct & NFCT_PTRMASK))
		return false;
	ctr = cell->fast_ctr[ZPF_RELATED >> ctinfo & 1];
	if (ctr[0]) {
		zpf_count(ctr[0], skb->len);
		if (unlikely(ctr[1]))
			zpf_count(ctr[1], skb->len);
	}
	return true;
}

/*
 * A port of a VRF is hidden by the VRF's master, which is exempt. Input: the
 * port is in the control block; without one the packet came over the master
 * itself, a loopback. Forwarding by a route to the master (a leak from another
 * VRF): the port is not known yet, so the VRF's own zone is asked. Its second
 * pass comes by the output hook, as if the router sent it.
 */
static noinline void zpf_unmask_vrf(struct zpf_ctx *ctx)
{
	const struct zpf_live *live = ctx->live;
	int sdif;

	sdif = ctx->fam == ZPF_V4 ? inet_sdif(ctx->skb) : inet6_sdif(ctx->skb);
	if (sdif)
		ctx->in = zpf_live_port(live, sdif);
	if (ctx->hook == ZPF_FWD && live->gen &&
	    ctx->out.zone == live->gen->exempt)
		ctx->out.zone = live->ents[ctx->out.ent].leak;
	ctx->cell = zpf_cell_of(live, ctx->fam, ctx->hook, ctx->in, ctx->out);
}

/* The long way; it takes a snapshot of its own. */
static __always_inline unsigned int
zpf_slow(struct zpf_net *zn, struct sk_buff *skb,
	 const struct nf_hook_state *state, const u8 fam, const u8 hook)
{
	const struct zpf_live *live = rcu_dereference(zn->live);
	struct zpf_ctx ctx __uninitialized;

	if (unlikely(!live))
		return NF_ACCEPT;
	/* Not as an initialiser, which would clear the key first. */
	ctx.zn = zn;
	ctx.live = live;
	ctx.skb = skb;
	ctx.state = state;
	ctx.fam = fam;
	ctx.hook = hook;
	ctx.in = (struct zpf_port){};
	ctx.out = (struct zpf_port){};
	if (hook != ZPF_IN)
		ctx.out = zpf_live_port(live, state->out->ifindex);
	if (hook != ZPF_OUT)
		ctx.in = zpf_live_port(live, state->in->ifindex);
	ctx.cell = zpf_cell_of(live, fam, hook, ctx.in, ctx.out);

	if (hook == ZPF_OUT) {
		if (ctx.cell->judged && zpf_reject_is_answer())
			return NF_ACCEPT;
	} else if (unlikely(ctx.cell->reason == ZPF_CELL_EXEMPT)) {
		zpf_unmask_vrf(&ctx);
	}
	if (zpf_bridged(&ctx, hook) || zpf_fast(ctx.cell, skb))
		return NF_ACCEPT;
	return zpf_judge(&ctx, fam, hook);
}

/**
 * zpf_hook_probe() - judge a packet that is only thought of
 * @live: the snapshot, with a generation; kept alive by the caller
 * @probe: the packet; gets the answer
 *
 * The very steps a packet takes behind the fast path, which takes no other
 * decision than they do. Nothing of the policy changes.
 *
 * Context: process.
 */
void zpf_hook_probe(const struct zpf_live *live, struct zpf_probe *probe)
{
	struct zpf_ctx ctx = {
		.live = live,
		.in = probe->in,
		.out = probe->out,
		.fam = probe->fam,
		.hook = probe->hook,
		.asked = ~0U,
		.key = probe->key,
	};

	ctx.cell = zpf_cell_of(live, ctx.fam, ctx.hook, ctx.in, ctx.out);
	ctx.key.in = probe->in.ent ? zpf_port_bits(live, ctx.in) : NULL;
	ctx.key.out = probe->out.ent ? zpf_port_bits(live, ctx.out) : NULL;
	if (!(ctx.key.more.have & ZPF_NUM_BIT(ZPF_NUM_TIME)))
		ctx.key.more.num[ZPF_NUM_TIME] = ktime_get_real_seconds();
	zpf_clock_tell(&live->gen->clock, ctx.key.more.num[ZPF_NUM_TIME],
		       &ctx.key.more);
	probe->key = ctx.key;
	probe->cell = ctx.cell;
	probe->ctr = ZPF_PROBE_NO_CTR;
	rcu_read_lock();
	probe->action = ctx.cell->judged ?
		zpf_judge_key(&ctx, probe, ctx.fam, ctx.hook) : ZPF_ACTION_ACCEPT;
	rcu_read_unlock();
}

/* The long way of each hook: what it asks of family and hook is known by then. */

static noinline unsigned int zpf_slow_in4(struct zpf_net *zn,
					  struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	return zpf_slow(zn, skb, state, ZPF_V4, ZPF_IN);
}

static noinline unsigned int zpf_slow_fwd4(struct zpf_net *zn,
					   struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	return zpf_slow(zn, skb, state, ZPF_V4, ZPF_FWD);
}

static noinline unsigned int zpf_slow_out4(struct zpf_net *zn,
					   struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	return zpf_slow(zn, skb, state, ZPF_V4, ZPF_OUT);
}

static noinline unsigned int zpf_slow_in6(struct zpf_net *zn,
					  struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	return zpf_slow(zn, skb, state, ZPF_V6, ZPF_IN);
}

static noinline unsigned int zpf_slow_fwd6(struct zpf_net *zn,
					   struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	return zpf_slow(zn, skb, state, ZPF_V6, ZPF_FWD);
}

static noinline unsigned int zpf_slow_out6(struct zpf_net *zn,
					   struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	return zpf_slow(zn, skb, state, ZPF_V6, ZPF_OUT);
}

/*
 * The quick way, on which a packet of a connection that lives is accepted with
 * no call. The long one is for all others, for what leaves through the interface
 * it came in by (it may be a bridged frame), for interfaces beyond the array, and
 * for all output while an answer is sent.
 */
static __always_inline bool
zpf_quick(struct zpf_net *zn, struct sk_buff *skb,
	  const struct nf_hook_state *state, const u8 fam, const u8 hook)
{
	const struct zpf_live *live = rcu_dereference(zn->live);
	struct zpf_port in = {}, out = {};

	if (unlikely(!live))
		return true;
	if (hook == ZPF_FWD && unlikely(state->in == state->out))
		return false;
	if (hook == ZPF_OUT && unlikely(zpf_reject_answering()))
		return false;
	if (hook != ZPF_OUT) {
		if (unlikely(state->in->ifindex >= live->n_dense))
			return false;
		in = live->dense[state->in->ifindex];
	}
	if (hook != ZPF_IN) {
		if (unlikely(state->out->ifindex >= live->n_dense))
			return false;
		out = live->dense[state->out->ifindex];
	}
	return zpf_fast(zpf_cell_of(live, fam, hook, in, out), skb);
}

static unsigned int zpf_in4(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	if (likely(zpf_quick(priv, skb, state, ZPF_V4, ZPF_IN)))
		return NF_ACCEPT;
	return zpf_slow_in4(priv, skb, state);
}

static unsigned int zpf_in6(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	if (likely(zpf_quick(priv, skb, state, ZPF_V6, ZPF_IN)))
		return NF_ACCEPT;
	return zpf_slow_in6(priv, skb, state);
}

static unsigned int zpf_fwd4(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	if (likely(zpf_quick(priv, skb, state, ZPF_V4, ZPF_FWD)))
		return NF_ACCEPT;
	return zpf_slow_fwd4(priv, skb, state);
}

static unsigned int zpf_fwd6(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	if (likely(zpf_quick(priv, skb, state, ZPF_V6, ZPF_FWD)))
		return NF_ACCEPT;
	return zpf_slow_fwd6(priv, skb, state);
}

/* Local output may run with BH on, where a softirq could count in between. */
static unsigned int zpf_out4(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	unsigned int verdict = NF_ACCEPT;

	local_bh_disable();
	if (unlikely(!zpf_quick(priv, skb, state, ZPF_V4, ZPF_OUT)))
		verdict = zpf_slow_out4(priv, skb, state);
	local_bh_enable();
	return verdict;
}

static unsigned int zpf_out6(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	unsigned int verdict = NF_ACCEPT;

	local_bh_disable();
	if (unlikely(!zpf_quick(priv, skb, state, ZPF_V6, ZPF_OUT)))
		verdict = zpf_slow_out6(priv, skb, state);
	local_bh_enable();
	return verdict;
}

static const struct {
	nf_hookfn *fn;
	u8 pf;
	unsigned int hooknum;
} zpf_hooks[ZPF_N_OPS] = {
	{ zpf_in4, NFPROTO_IPV4, NF_INET_LOCAL_IN },
	{ zpf_fwd4, NFPROTO_IPV4, NF_INET_FORWARD },
	{ zpf_out4, NFPROTO_IPV4, NF_INET_LOCAL_OUT },
	{ zpf_in6, NFPROTO_IPV6, NF_INET_LOCAL_IN },
	{ zpf_fwd6, NFPROTO_IPV6, NF_INET_FORWARD },
	{ zpf_out6, NFPROTO_IPV6, NF_INET_LOCAL_OUT },
};

/**
 * zpf_hook_init() - prepare the hooks of a namespace
 * @zn: the namespace, which becomes their private pointer
 */
void zpf_hook_init(struct zpf_net *zn)
{
	unsigned int i;

	for (i = 0; i < ZPF_N_OPS; i++) {
		zn->ops[i].hook = zpf_hooks[i].fn;
		zn->ops[i].pf = zpf_hooks[i].pf;
		zn->ops[i].hooknum = zpf_hooks[i].hooknum;
		zn->ops[i].priority = ZPF_PRIORITY;
		zn->ops[i].priv = zn;
	}
}

/**
 * zpf_hook_register() - begin to see packets
 * @zn: the namespace; nothing is live yet, so all are accepted
 *
 * Return: 0 or an error, with no hook left
 */
int zpf_hook_register(struct zpf_net *zn)
{
	return nf_register_net_hooks(zn->net, zn->ops, ZPF_N_OPS);
}

/**
 * zpf_hook_unregister() - see no more packets
 * @zn: the namespace
 */
void zpf_hook_unregister(struct zpf_net *zn)
{
	nf_unregister_net_hooks(zn->net, zn->ops, ZPF_N_OPS);
}
