/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The drop ledger of a namespace: every packet that is dropped or rejected is
 * in a row of it, or counted as lost. It begins with the first commit, lives
 * over all others, and ends when the namespace is disarmed.
 */
#ifndef ZPF_LEDGER_H
#define ZPF_LEDGER_H

#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include "count.h"
#include "tally.h"

struct zpf_ctx;
struct zpf_net;
struct zpf_table;

/**
 * struct zpf_drop - a packet that is about to be dropped
 * @ctx: the packet; its snapshot has a generation, and its key is one unless
 *	@reason is ZPF_REASON_MALFORMED
 * @table: the table that decided, or NULL
 * @row: the row of @table that decided
 * @reason: &enum zpf_reason, never 0
 * @action: ZPF_ACTION_DROP or ZPF_ACTION_REJECT
 */
struct zpf_drop {
	const struct zpf_ctx *ctx;
	const struct zpf_table *table;
	u32 row;
	u8 reason;
	u8 action;
};

/**
 * struct zpf_ledger_cpu - one CPU's share
 * @tally: its table; NULL: the CPU came later, one is on its way
 * @epoch: clears it knows of
 * @lost: drops without a table
 * @fresh: rows were begun that nobody was told of, see news.c
 * @fresh_from: all of them have higher serials
 * @told: serial up to which rows were told
 */
struct zpf_ledger_cpu {
	struct zpf_tally *tally;
	u32 epoch;
	struct zpf_counter lost;
	bool fresh;
	u64 fresh_from;
	u64 told;
};

/**
 * struct zpf_ledger - the ledger of a namespace
 * @zn: the namespace
 * @refs: the namespace's pointer and dumps
 * @epoch: clears so far; a table with another number is as good as empty
 * @cpu: the shares
 * @grow: gives tables to CPUs that came later
 * @news: tells of rows that were begun
 * @rwork: frees it after a grace period
 */
struct zpf_ledger {
	struct zpf_net *zn;
	refcount_t refs;
	u32 epoch;
	struct zpf_ledger_cpu __percpu *cpu;
	struct work_struct grow;
	struct delayed_work news;
	struct rcu_work rwork;
};

u32 zpf_drop_number(const struct zpf_drop *drop);
const char *zpf_drop_ruleset(const struct zpf_drop *drop);
const char *zpf_drop_zone(const struct zpf_drop *drop, u16 zone);
void zpf_ledger_init(void);
struct zpf_ledger *zpf_ledger_alloc(struct zpf_net *zn);
struct zpf_ledger *zpf_ledger_get(struct zpf_net *zn);
void zpf_ledger_put(struct zpf_ledger *ledger);
void zpf_ledger_clear(struct zpf_net *zn);
void zpf_ledger_drop(const struct zpf_ctx *ctx, u8 action);
bool zpf_ledger_read(const struct zpf_ledger *ledger, int cpu, u32 i,
		     struct zpf_tally_row *row, struct zpf_tally_cold *cold);
void zpf_ledger_lost(const struct zpf_ledger *ledger, int cpu, u64 *packets,
		     u64 *bytes);
void zpf_ledger_walk(struct zpf_net *zn,
		     void (*fn)(void *arg, const struct zpf_tally_row *row),
		     void *arg);

#endif /* ZPF_LEDGER_H */
