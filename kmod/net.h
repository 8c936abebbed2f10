/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What zpf keeps for each network namespace, and the locks around it.
 */
#ifndef ZPF_NET_H
#define ZPF_NET_H

#include <linux/netfilter.h>
#include <net/net_namespace.h>
#include "group.h"
#include "hold.h"
#include "ifmap.h"
#include "ledger.h"
#include "live.h"
#include "names.h"

/**
 * DOC: locks
 *
 *	RTNL > zpf_net.lock > nothing
 *	zpf_net.commit > zpf_net.lock
 *	zpf_net.commit > zpf_pool.lock, zpf_keeper.lock, zpf_groups.lock,
 *			 zpf_names.lock
 *	zpf_net.txn    > zpf_keeper.lock, zpf_groups.lock
 *	all of these   > zpf_net.event
 *	zpf_sources.lock: packets that add an address or take a source's token
 *
 * @commit serialises commits, disarm and clear, and is held while a generation
 * is built. Nothing takes RTNL under it, and the interface notifier, which
 * runs under RTNL, never waits for it: it takes @lock, under which names are
 * resolved and the live pointer is swapped, nothing else. @txn guards the list
 * of transactions and what they fill, @event the numbers of events. Packets take
 * none but the last, dumps pin a snapshot.
 */

#define ZPF_N_OPS (ZPF_N_HOOKS * ZPF_N_FAMILIES)

/**
 * struct zpf_net - zpf in one network namespace
 * @live: what the hooks judge by; NULL: nothing yet. RCU, written under @lock
 * @net: the namespace
 * @commit: see DOC: locks
 * @lock: see DOC: locks
 * @txn: see DOC: locks
 * @event: see DOC: locks
 * @event_seq: number of the newest event; under @event
 * @txns: open transactions, one a socket
 * @ifs: interfaces of the namespace, maintained by the notifier
 * @held: what comes back if a commit is not confirmed
 * @armed: conntrack, hooks and the module are held; under @commit
 * @mode: &enum zpf_mode; under @commit
 * @last_gen: number of the newest generation; under @commit
 * @loggers: families with a bound syslog logger; a bit each
 * @log_due: a summary of suppressed lines is due, @log_work will look
 * @log_work: writes summaries
 * @ops: the hooks, with this as their private pointer
 * @pool: counters
 * @keeper: buckets
 * @groups: sets with a name
 * @names: what the ledger calls zones and rulesets
 * @ledger: the drop ledger while the namespace is armed. RCU, written under
 *	@commit
 * @malformed: packets dropped because they cannot be parsed
 */
struct zpf_net {
	struct zpf_live __rcu *live;
	struct net *net;
	struct mutex commit;
	struct mutex lock;
	struct mutex txn;
	struct mutex event;
	u64 event_seq;
	struct list_head txns;
	struct zpf_ifs ifs;
	struct zpf_held held;
	bool armed;
	u8 mode;
	u32 last_gen;
	u8 loggers;
	bool log_due;
	struct delayed_work log_work;
	struct nf_hook_ops ops[ZPF_N_OPS];
	struct zpf_pool pool;
	struct zpf_keeper keeper;
	struct zpf_groups groups;
	struct zpf_names names;
	struct zpf_ledger __rcu *ledger;
	struct zpf_counter __percpu *malformed;
};

extern struct workqueue_struct *zpf_wq;

struct zpf_net *zpf_net_of(const struct net *net);

#endif /* ZPF_NET_H */
