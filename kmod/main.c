// SPDX-License-Identifier: GPL-2.0-only
/*
 * The init ladder, which is also the order of dependence: work queue,
 * namespaces, interfaces, transactions, netlink last. Loading the module
 * changes nothing for any packet.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <net/netns/generic.h>
#include "arm.h"
#include "hook.h"
#include "index_selftest.h"
#include "log.h"
#include "nl.h"
#include "nl_group.h"
#include "txn.h"
#include "version.h"

struct workqueue_struct *zpf_wq;
static unsigned int zpf_net_id __read_mostly;

/**
 * zpf_net_of() - zpf's part of a network namespace
 * @net: the namespace
 */
struct zpf_net *zpf_net_of(const struct net *net)
{
	return net_generic(net, zpf_net_id);
}

static int __net_init zpf_net_init(struct net *net)
{
	struct zpf_net *zn = zpf_net_of(net);

	zn->net = net;
	zn->malformed = alloc_percpu(struct zpf_counter);
	if (!zn->malformed)
		return -ENOMEM;
	mutex_init(&zn->commit);
	mutex_init(&zn->lock);
	mutex_init(&zn->txn);
	mutex_init(&zn->event);
	INIT_LIST_HEAD(&zn->txns);
	INIT_LIST_HEAD(&zn->ifs.list);
	zpf_pool_init(&zn->pool);
	zpf_keeper_init(&zn->keeper);
	zpf_groups_init(&zn->groups);
	zpf_names_init(&zn->names);
	zpf_log_net_init(zn);
	zpf_hold_init(zn);
	zpf_hook_init(zn);
	return 0;
}

static void __net_exit zpf_net_pre_exit(struct net *net)
{
	zpf_hold_exit(zpf_net_of(net));
	zpf_arm_net_pre_exit(zpf_net_of(net));
}

static void __net_exit zpf_net_exit_batch(struct list_head *nets)
{
	struct net *net;

	list_for_each_entry(net, nets, exit_list) {
		zpf_txn_net_exit(zpf_net_of(net));
		zpf_fill_net_exit(zpf_net_of(net));
		zpf_arm_net_exit(zpf_net_of(net));
		zpf_log_net_exit(zpf_net_of(net));
	}
	/* Snapshots are freed behind a grace period, and need what follows. */
	rcu_barrier();
	flush_workqueue(zpf_wq);
	list_for_each_entry(net, nets, exit_list) {
		struct zpf_net *zn = zpf_net_of(net);

		zpf_ifs_destroy(&zn->ifs);
		zpf_groups_destroy(&zn->groups);
		zpf_keeper_destroy(&zn->keeper);
		zpf_names_destroy(&zn->names);
		zpf_pool_destroy(&zn->pool);
		free_percpu(zn->malformed);
	}
}

static struct pernet_operations zpf_net_ops = {
	.init = zpf_net_init,
	.pre_exit = zpf_net_pre_exit,
	.exit_batch = zpf_net_exit_batch,
	.id = &zpf_net_id,
	.size = sizeof(struct zpf_net),
};

static int __init zpf_init(void)
{
	int err;

#ifdef ZPF_SELFTEST
	err = zpf_selftest_load();
	if (err)
		return err;
#endif
	err = -ENOMEM;
	zpf_ledger_init();
	zpf_wq = alloc_workqueue("zpf", WQ_UNBOUND, 0);
	if (!zpf_wq)
		return err;
	err = register_pernet_subsys(&zpf_net_ops);
	if (err)
		goto err_wq;
	err = zpf_ifmap_init();
	if (err)
		goto err_net;
	err = zpf_txn_init();
	if (err)
		goto err_ifmap;
	err = zpf_nl_init();
	if (err)
		goto err_txn;
	return 0;

err_txn:
	zpf_txn_exit();
err_ifmap:
	zpf_ifmap_exit();
err_net:
	unregister_pernet_subsys(&zpf_net_ops);
err_wq:
	destroy_workqueue(zpf_wq);
	return err;
}

static void __exit zpf_exit(void)
{
	zpf_nl_exit();
	zpf_txn_exit();
	zpf_ifmap_exit();
	unregister_pernet_subsys(&zpf_net_ops);
	rcu_barrier();
	destroy_workqueue(zpf_wq);
}

module_init(zpf_init);
module_exit(zpf_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("the zpf founders");
MODULE_DESCRIPTION("Zone Policy Firewall");
MODULE_VERSION(ZPF_VERSION);
MODULE_SOFTDEP("pre: nf_log_syslog");
