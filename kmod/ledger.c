// SPDX-License-Identifier: GPL-2.0-only
/*
 * The drop ledger: what the packet path writes and dumps read. tally.c is the
 * table; here are its per-CPU instances, the key made from a packet, and the
 * life of it all. A drop takes no lock and allocates nothing; an accepted
 * packet never comes here.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include "compat.h"
#include "ctx.h"
#include "ledger.h"
#include "net.h"
#include "news.h"
#include "pkt.h"
#include "trace.h"

static u64 zpf_ledger_secret[4] __ro_after_init;

/**
 * zpf_ledger_init() - once, when the module is loaded
 */
void __init zpf_ledger_init(void)
{
	get_random_bytes(zpf_ledger_secret, sizeof(zpf_ledger_secret));
}

/* --- life --- */

static int zpf_ledger_grow(struct zpf_ledger *ledger)
{
	struct zpf_tally *tally;
	int cpu;

	for_each_online_cpu(cpu) {
		struct zpf_ledger_cpu *share = per_cpu_ptr(ledger->cpu, cpu);

		if (share->tally)
			continue;
		tally = kvzalloc_node(sizeof(*tally), GFP_KERNEL_ACCOUNT,
				      cpu_to_node(cpu));
		if (!tally)
			return -ENOMEM;
		zpf_tally_reset(tally, READ_ONCE(ledger->epoch));
		/* Pairs with the address dependency of whoever reads it. */
		smp_store_release(&share->tally, tally);
	}
	return 0;
}

static void zpf_ledger_grow_work(struct work_struct *work)
{
	zpf_ledger_grow(container_of(work, struct zpf_ledger, grow));
}

static void zpf_ledger_free(struct zpf_ledger *ledger)
{
	int cpu;

	zpf_news_exit(ledger);
	cancel_work_sync(&ledger->grow);
	for_each_possible_cpu(cpu)
		kvfree(per_cpu_ptr(ledger->cpu, cpu)->tally);
	free_percpu(ledger->cpu);
	kfree(ledger);
}

static void zpf_ledger_free_work(struct work_struct *work)
{
	zpf_ledger_free(container_of(to_rcu_work(work), struct zpf_ledger, rwork));
}

/**
 * zpf_ledger_alloc() - an empty ledger
 * @zn: its namespace
 *
 * Return: the ledger with one reference, or NULL without memory
 */
struct zpf_ledger *zpf_ledger_alloc(struct zpf_net *zn)
{
	struct zpf_ledger *ledger = kzalloc(sizeof(*ledger), GFP_KERNEL_ACCOUNT);
	int cpu;

	if (!ledger)
		return NULL;
	ledger->zn = zn;
	refcount_set(&ledger->refs, 1);
	zpf_news_init(ledger);
	INIT_WORK(&ledger->grow, zpf_ledger_grow_work);
	INIT_RCU_WORK(&ledger->rwork, zpf_ledger_free_work);
	ledger->cpu = alloc_percpu_gfp(struct zpf_ledger_cpu, GFP_KERNEL_ACCOUNT);
	if (!ledger->cpu) {
		kfree(ledger);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(ledger->cpu, cpu)->lost.syncp);
	if (zpf_ledger_grow(ledger)) {
		zpf_ledger_free(ledger);
		return NULL;
	}
	return ledger;
}

/**
 * zpf_ledger_get() - pin the ledger of a namespace
 * @zn: the namespace
 *
 * Context: process. Return: the ledger, or NULL where nothing is armed
 */
struct zpf_ledger *zpf_ledger_get(struct zpf_net *zn)
{
	struct zpf_ledger *ledger;

	rcu_read_lock();
	ledger = rcu_dereference(zn->ledger);
	if (ledger && !refcount_inc_not_zero(&ledger->refs))
		ledger = NULL;
	rcu_read_unlock();
	return ledger;
}

/**
 * zpf_ledger_put() - give a reference back
 * @ledger: the ledger, or NULL
 *
 * The last one frees it after a grace period, on zpf_wq.
 */
void zpf_ledger_put(struct zpf_ledger *ledger)
{
	if (ledger && refcount_dec_and_test(&ledger->refs))
		queue_rcu_work(zpf_wq, &ledger->rwork);
}

/**
 * zpf_ledger_clear() - let a ledger start anew
 * @zn: the namespace; its commit mutex is held
 *
 * Only the number of clears is written: from then on readers take all tables
 * for empty, and each CPU resets its own at its next drop.
 */
void zpf_ledger_clear(struct zpf_net *zn)
{
	struct zpf_ledger *ledger = zpf_ledger_get(zn);

	if (ledger)
		WRITE_ONCE(ledger->epoch, ledger->epoch + 1);
	zpf_ledger_put(ledger);
}

/* --- a drop in words, for tracepoints --- */

/**
 * zpf_drop_number() - number of the rule that decided
 * @drop: the drop
 *
 * Return: 0: a default, or no ruleset
 */
u32 zpf_drop_number(const struct zpf_drop *drop)
{
	return drop->table ? drop->table->rows[drop->row].number : 0;
}

/**
 * zpf_drop_ruleset() - name of the ruleset that decided, or ""
 * @drop: the drop
 */
const char *zpf_drop_ruleset(const struct zpf_drop *drop)
{
	const struct zpf_table *table = drop->table;

	return table ? table->rulesets[table->rows[drop->row].ruleset] : "";
}

/**
 * zpf_drop_zone() - name of a zone
 * @drop: the drop
 * @zone: its @from or @to
 */
const char *zpf_drop_zone(const struct zpf_drop *drop, u16 zone)
{
	const struct zpf_gen *gen = drop->ctx->live->gen;

	return zone <= gen->n_zones ? gen->zones[zone].name : "router";
}

/* --- the packet path --- */

/* The key of a drop, without what is not known of the packet: @key, or NULL. */
static __always_inline struct zpf_tally_key
zpf_ledger_key(const struct zpf_drop *drop, const struct zpf_key *key)
{
	const struct zpf_ctx *ctx = drop->ctx;
	struct zpf_tally_key k = {
		.from = ctx->cell->from_name,
		.to = ctx->cell->to_name,
		.reason = drop->reason,
		.family = ctx->fam,
		.action = drop->action,
	};

	if (drop->table) {
		const struct zpf_row *row = &drop->table->rows[drop->row];

		k.ruleset = drop->table->names[row->ruleset];
		k.number = row->number;
	}
	if (!key)
		return k;
	if (drop->reason == ZPF_REASON_STATE_POLICY)
		k.number = key->state;
	k.proto = key->proto;
	k.source = ctx->fam == ZPF_V4 ? key->s4 >> 8 : key->s6.w[0];
	k.has = ZPF_TALLY_PROTO | ZPF_TALLY_SOURCE;
	if (key->l4 & ZPF_L4_PORTS) {
		k.has |= ZPF_TALLY_PORT;
		k.port = key->dport;
	} else if (key->l4 & ZPF_L4_ICMP) {
		k.has |= ZPF_TALLY_ICMP;
		k.port = key->icmp >> 8;
	}
	return k;
}

static void zpf_ledger_put6(u8 *to, const struct zpf_in6 *addr)
{
	const __be64 w[2] = { cpu_to_be64(addr->w[0]), cpu_to_be64(addr->w[1]) };

	memcpy(to, w, sizeof(w));
}

/* What a row keeps of its first packet. */
static void zpf_ledger_sample(const struct zpf_drop *drop,
			      const struct zpf_key *key,
			      struct zpf_tally_sample *sample)
{
	const struct zpf_ctx *ctx = drop->ctx;
	const struct zpf_ent *ents = ctx->live->ents;

	memset(sample, 0, sizeof(*sample));
	memcpy(sample->in, ents[ctx->in.ent].name, sizeof(sample->in));
	memcpy(sample->out, ents[ctx->out.ent].name, sizeof(sample->out));
	if (!key)
		return;
	sample->has_addr = true;
	if (ctx->fam == ZPF_V4) {
		const __be32 w[2] = { htonl(key->s4), htonl(key->d4) };

		memcpy(sample->src, &w[0], sizeof(w[0]));
		memcpy(sample->dst, &w[1], sizeof(w[1]));
	} else {
		zpf_ledger_put6(sample->src, &key->s6);
		zpf_ledger_put6(sample->dst, &key->d6);
	}
	if (key->l4 & ZPF_L4_PORTS)
		sample->sport = key->sport;
	if (drop->reason != ZPF_REASON_MALFORMED)
		sample->has_spi = ctx->fam == ZPF_V4 ?
			zpf_pkt_spi4(ctx->skb, key, &sample->spi) :
			zpf_pkt_spi6(ctx->skb, key, &sample->spi);
}

/* Has there been a clear? Then this CPU begins anew. */
static void zpf_ledger_anew(struct zpf_ledger_cpu *share, u32 epoch)
{
	struct zpf_counter *lost = &share->lost;

	u64_stats_update_begin(&lost->syncp);
	u64_stats_set(&lost->packets, 0);
	u64_stats_set(&lost->bytes, 0);
	WRITE_ONCE(share->epoch, epoch);
	u64_stats_update_end(&lost->syncp);
}

/* A drop unlike all in the table. */
static noinline void zpf_ledger_begin(struct zpf_ledger *ledger,
				      struct zpf_ledger_cpu *share,
				      const struct zpf_drop *drop,
				      const struct zpf_key *key,
				      const struct zpf_tally_code *code,
				      u32 hash, u64 now)
{
	struct zpf_tally_sample sample __uninitialized;

	zpf_ledger_sample(drop, key, &sample);
	zpf_tally_begin(share->tally, code, hash, drop->ctx->skb->len, now,
			&sample);
	zpf_news_row(ledger, share);
}

static __always_inline void zpf_ledger_add(const struct zpf_drop *drop,
					   const struct zpf_key *key)
{
	const struct zpf_ctx *ctx = drop->ctx;
	struct zpf_ledger *ledger = rcu_dereference(ctx->zn->ledger);
	const unsigned int len = ctx->skb->len;
	struct zpf_ledger_cpu *share;
	struct zpf_tally_code code;
	struct zpf_tally *tally;
	u32 epoch, hash;
	u64 now;

	if (WARN_ON_ONCE(!ledger))
		return;
	epoch = READ_ONCE(ledger->epoch);
	share = this_cpu_ptr(ledger->cpu);
	tally = READ_ONCE(share->tally);
	if (unlikely(share->epoch != epoch))
		zpf_ledger_anew(share, epoch);
	if (unlikely(!tally)) {
		zpf_count(&ledger->cpu->lost, len);
		queue_work(zpf_wq, &ledger->grow);
		return;
	}
	if (unlikely(tally->sum.epoch != epoch))
		zpf_tally_reset(tally, epoch);

	code = zpf_tally_pack(zpf_ledger_key(drop, key));
	hash = zpf_tally_hash(&code, zpf_ledger_secret);
	now = get_jiffies_64();
	if (unlikely(!zpf_tally_hit(tally, &code, hash, len, now)))
		zpf_ledger_begin(ledger, share, drop, key, &code, hash, now);
}

/* Of a packet that could not be parsed the addresses are known at most. */
static noinline void zpf_ledger_malformed(const struct zpf_drop *drop)
{
	const struct zpf_ctx *ctx = drop->ctx;
	struct zpf_key peeked __uninitialized;
	bool known;

	known = ctx->fam == ZPF_V4 ? zpf_pkt_peek4(ctx->skb, &peeked) :
				     zpf_pkt_peek6(ctx->skb, &peeked);
	zpf_ledger_add(drop, known ? &peeked : NULL);
}

/* What is to be said of a drop besides its packet. */
static __always_inline struct zpf_drop zpf_ledger_why(const struct zpf_ctx *ctx,
						      u8 action)
{
	struct zpf_drop drop = {
		.ctx = ctx,
		.reason = ctx->reason,
		.action = action,
	};

	if (drop.reason == ZPF_REASON_BASE_CHAIN)
		drop.table = ctx->live->gen->chains[ctx->hook][ctx->fam].table;
	else if (!drop.reason)
		drop.table = ctx->cell->table;
	if (drop.table)
		drop.row = ctx->rule->row;
	if (!drop.reason)
		drop.reason = drop.table->rows[drop.row].number ?
			ZPF_REASON_RULE : ZPF_REASON_DEFAULT;
	return drop;
}

/**
 * zpf_ledger_drop() - a packet is dropped: put it into the ledger
 * @ctx: the packet; its snapshot has a generation, and its key is one unless it
 *	is malformed
 * @action: ZPF_ACTION_DROP or ZPF_ACTION_REJECT
 *
 * Context: packet path, BH off, before the packet is answered.
 */
void zpf_ledger_drop(const struct zpf_ctx *ctx, u8 action)
{
	const struct zpf_drop drop = zpf_ledger_why(ctx, action);

	trace_drop(&drop);
	if (unlikely(drop.reason == ZPF_REASON_MALFORMED))
		zpf_ledger_malformed(&drop);
	else
		zpf_ledger_add(&drop, &ctx->key);
}

/* --- readers --- */

static const struct zpf_tally *zpf_ledger_tally(const struct zpf_ledger *ledger,
						int cpu)
{
	return READ_ONCE(per_cpu_ptr(ledger->cpu, cpu)->tally);
}

/**
 * zpf_ledger_read() - copy a row of one CPU
 * @ledger: the ledger
 * @cpu: a possible CPU
 * @i: 0 .. ZPF_TALLY_ROWS - 1
 * @row: filled in
 * @cold: filled in
 *
 * Context: process. Return: false if there is no such row
 */
bool zpf_ledger_read(const struct zpf_ledger *ledger, int cpu, u32 i,
		     struct zpf_tally_row *row, struct zpf_tally_cold *cold)
{
	const struct zpf_tally *tally = zpf_ledger_tally(ledger, cpu);
	struct zpf_tally_sum sum;

	if (!tally || !zpf_tally_read(tally, i, row, cold))
		return false;
	zpf_tally_read_sum(tally, &sum);
	return sum.epoch == READ_ONCE(ledger->epoch);
}

/**
 * zpf_ledger_lost() - drops of one CPU that are in no row
 * @ledger: the ledger
 * @cpu: a possible CPU
 * @packets: filled in
 * @bytes: filled in
 *
 * Context: process.
 */
void zpf_ledger_lost(const struct zpf_ledger *ledger, int cpu, u64 *packets,
		     u64 *bytes)
{
	const struct zpf_ledger_cpu *share = per_cpu_ptr(ledger->cpu, cpu);
	const struct zpf_tally *tally = zpf_ledger_tally(ledger, cpu);
	const u32 epoch = READ_ONCE(ledger->epoch);
	struct zpf_tally_sum sum;
	unsigned int seq;
	bool stale;

	do {
		seq = u64_stats_fetch_begin(&share->lost.syncp);
		*packets = u64_stats_read(&share->lost.packets);
		*bytes = u64_stats_read(&share->lost.bytes);
		stale = READ_ONCE(share->epoch) != epoch;
	} while (u64_stats_fetch_retry(&share->lost.syncp, seq));
	if (stale) {
		*packets = 0;
		*bytes = 0;
	}
	if (!tally)
		return;
	zpf_tally_read_sum(tally, &sum);
	if (sum.epoch != epoch)
		return;
	*packets += sum.lost_packets;
	*bytes += sum.lost_bytes;
}

/**
 * zpf_ledger_walk() - look at every row of every CPU
 * @zn: the namespace
 * @fn: called with a copy of each row; also of rows that a clear has hidden
 * @arg: for @fn
 *
 * Context: process.
 */
void zpf_ledger_walk(struct zpf_net *zn,
		     void (*fn)(void *arg, const struct zpf_tally_row *row),
		     void *arg)
{
	struct zpf_ledger *ledger = zpf_ledger_get(zn);
	struct zpf_tally_cold cold;
	struct zpf_tally_row row;
	int cpu;
	u32 i;

	if (!ledger)
		return;
	for_each_possible_cpu(cpu) {
		const struct zpf_tally *tally = zpf_ledger_tally(ledger, cpu);

		for (i = 0; tally && i < ZPF_TALLY_ROWS; i++)
			if (zpf_tally_read(tally, i, &row, &cold))
				fn(arg, &row);
		cond_resched();
	}
	zpf_ledger_put(ledger);
}
