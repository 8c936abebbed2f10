// SPDX-License-Identifier: GPL-2.0-only
/*
 * First drops of their kind, as events. The packet path only notes that its
 * CPU has begun a row, and only while somebody listens; a moment later a work
 * looks for such rows and tells of them. Rows that came and went in between
 * are counted as events nobody got.
 */
#include <net/genetlink.h>
#include "event.h"
#include "net.h"
#include "news.h"
#include "nl.h"

/* How long a row may be news before it is told: many rows cost one work. */
#define ZPF_NEWS_DELAY (HZ / 10)

/**
 * zpf_news_row() - this CPU has just begun a row
 * @ledger: the ledger
 * @share: this CPU's share
 *
 * Context: packet path, BH off. Without a listener one look; with one a full
 * barrier, and once in ZPF_NEWS_DELAY a work is queued, which takes the locks
 * of timers and work queues.
 */
void zpf_news_row(struct zpf_ledger *ledger, struct zpf_ledger_cpu *share)
{
	if (!genl_has_listeners(&zpf_nl_family, ledger->zn->net, 0))
		return;
	smp_mb(); /* the row's serial before @fresh; pairs with zpf_news_cpu() */
	if (READ_ONCE(share->fresh))
		return;
	WRITE_ONCE(share->fresh_from, share->tally->sum.serial - 1);
	smp_store_release(&share->fresh, true); /* behind @fresh_from */
	queue_delayed_work(zpf_wq, &ledger->news, ZPF_NEWS_DELAY);
}

/* Has another CPU known drops like these before? */
static bool zpf_news_is_old(const struct zpf_ledger *ledger, int cpu,
			    const struct zpf_tally_row *row,
			    const struct zpf_tally_cold *cold)
{
	struct zpf_tally_cold other_cold;
	struct zpf_tally_row other;
	int i;

	for_each_possible_cpu(i) {
		const struct zpf_tally *tally;
		u32 at;

		tally = READ_ONCE(per_cpu_ptr(ledger->cpu, i)->tally);
		if (i == cpu || !tally)
			continue;
		at = zpf_tally_find(tally, &row->code, row->chain);
		if (at != ZPF_TALLY_NONE &&
		    zpf_ledger_read(ledger, i, at, &other, &other_cold) &&
		    !memcmp(&other.code, &row->code, sizeof(row->code)) &&
		    (other_cold.first < cold->first ||
		     (other_cold.first == cold->first && i < cpu)))
			return true;
	}
	return false;
}

/* Tell of the rows a CPU has begun since it was looked at last. */
static void zpf_news_cpu(struct zpf_ledger *ledger, int cpu)
{
	struct zpf_ledger_cpu *share = per_cpu_ptr(ledger->cpu, cpu);
	struct zpf_tally_cold cold;
	struct zpf_tally_row row;
	struct zpf_tally_sum sum;
	struct zpf_event_info ev = {
		.type = ZPF_EVENT_DROP,
		.row = &row,
		.cold = &cold,
	};
	u64 from, seen = 0;
	u32 i;

	if (!smp_load_acquire(&share->fresh)) /* in front of @fresh_from */
		return;
	from = READ_ONCE(share->fresh_from);
	WRITE_ONCE(share->fresh, false);
	smp_mb(); /* @fresh before serials; pairs with zpf_news_row() */
	zpf_tally_read_sum(share->tally, &sum);
	from = max3(from, share->told, sum.base);
	share->told = max(share->told, sum.serial);
	for (i = 0; i < ZPF_TALLY_ROWS; i++) {
		if (!zpf_ledger_read(ledger, cpu, i, &row, &cold) ||
		    cold.serial <= from || cold.serial > sum.serial)
			continue;
		seen++;
		if (!zpf_news_is_old(ledger, cpu, &row, &cold))
			zpf_event_send(ledger->zn, &ev);
		cond_resched();
	}
	if (sum.serial > from + seen)
		zpf_event_skip(ledger->zn, sum.serial - from - seen);
}

static void zpf_news_work(struct work_struct *work)
{
	struct zpf_ledger *ledger = container_of(to_delayed_work(work),
						 struct zpf_ledger, news);
	int cpu;

	for_each_possible_cpu(cpu)
		zpf_news_cpu(ledger, cpu);
}

/**
 * zpf_news_init() - no news yet
 * @ledger: the ledger
 */
void zpf_news_init(struct zpf_ledger *ledger)
{
	INIT_DELAYED_WORK(&ledger->news, zpf_news_work);
}

/**
 * zpf_news_exit() - nothing is told any more
 * @ledger: the ledger; no packet sees it
 */
void zpf_news_exit(struct zpf_ledger *ledger)
{
	cancel_delayed_work_sync(&ledger->news);
}
