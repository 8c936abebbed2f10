// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life cycle of enforcement in a namespace: off, armed, closed. Everything
 * that can fail is done first; the publishing itself cannot, and it is
 * answered after a grace period, so that "loaded" means "enforced".
 */
#include <linux/module.h>
#include <net/netfilter/nf_conntrack.h>
#include "arm.h"
#include "event.h"
#include "hook.h"
#include "log.h"

/* What an armed namespace holds, each undone on failure. */
static int zpf_arm(struct zpf_net *zn, struct netlink_ext_ack *extack)
{
	struct zpf_ledger *ledger;
	int err;

	lockdep_assert_held(&zn->commit);
	if (zn->armed)
		return 0;
	ledger = zpf_ledger_alloc(zn);
	if (!ledger) {
		NL_SET_ERR_MSG(extack, "not enough memory for the drop ledger");
		return -ENOMEM;
	}
	err = nf_ct_netns_get(zn->net, NFPROTO_INET);
	if (err) {
		NL_SET_ERR_MSG(extack, "connection tracking cannot be turned on");
		goto err_ledger;
	}
	rcu_assign_pointer(zn->ledger, ledger);
	err = zpf_hook_register(zn);
	if (err) {
		NL_SET_ERR_MSG(extack, "netfilter hooks cannot be registered");
		goto err_ct;
	}
	/* Open flows pass conntrack once before anything is judged. */
	synchronize_net();
	__module_get(THIS_MODULE);
	zn->armed = true;
	return 0;

err_ct:
	RCU_INIT_POINTER(zn->ledger, NULL);
	nf_ct_netns_put(zn->net, NFPROTO_INET);
err_ledger:
	zpf_ledger_put(ledger);
	return err;
}

/* No packet sees the ledger any more, but a dump may have it pinned. */
static void zpf_disarm_ledger(struct zpf_net *zn)
{
	struct zpf_ledger *ledger = rcu_dereference_protected(zn->ledger, true);

	RCU_INIT_POINTER(zn->ledger, NULL);
	zpf_ledger_put(ledger);
}

static void zpf_disarm_hooks(struct zpf_net *zn)
{
	zpf_hook_unregister(zn);
	nf_ct_netns_put(zn->net, NFPROTO_INET);
}

/* Hooks may still run when this begins, but not when it ends. */
static void zpf_disarm(struct zpf_net *zn)
{
	if (!zn->armed)
		return;
	zpf_disarm_hooks(zn);
	synchronize_net();
	zpf_log_unbind(zn);
	zpf_disarm_ledger(zn);
	zn->armed = false;
	module_put(THIS_MODULE);
}

/* The one place that replaces what packets see. Cannot fail. */
static struct zpf_live *zpf_publish(struct zpf_net *zn, struct zpf_live *live)
{
	lockdep_assert_held(&zn->lock);
	return rcu_replace_pointer(zn->live, live, lockdep_is_held(&zn->lock));
}

/* Number of the generation that runs, 0: none does. */
static u32 zpf_arm_id(struct zpf_net *zn)
{
	/* The interface notifier may retire the snapshot meanwhile. */
	struct zpf_live *live = zpf_live_get(zn);
	const u32 id = live && live->gen ? live->gen->id : 0;

	lockdep_assert_held(&zn->commit);
	zpf_live_put(live);
	return id;
}

static int zpf_arm_runs(struct zpf_net *zn, u32 want,
			struct netlink_ext_ack *extack)
{
	if (want == zpf_arm_id(zn))
		return 0;
	NL_SET_ERR_MSG(extack, "another generation is running meanwhile");
	return -ESTALE;
}

static int zpf_commit_allowed(struct zpf_net *zn,
			      const struct zpf_commit *commit,
			      struct netlink_ext_ack *extack)
{
	if (zn->held.waits && !commit->confirm) {
		NL_SET_ERR_MSG(extack,
			       "the running generation waits to be confirmed: confirm it, roll it back, or commit with a timer");
		return -EBUSY;
	}
	return commit->has_base ? zpf_arm_runs(zn, commit->base, extack) : 0;
}

static int zpf_commit_build(struct zpf_net *zn, struct zpf_gen *gen,
			    struct netlink_ext_ack *extack)
{
	struct zpf_live *old;
	const char *why = NULL;
	int err;

	/* The interface notifier may retire the snapshot meanwhile. */
	old = zpf_live_get(zn);
	err = zpf_gen_build(gen, old ? old->gen : NULL, &why);
	zpf_live_put(old);
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "not enough memory for this policy");
	else if (err && extack)
		extack->_msg = why;
	return err;
}

static int zpf_commit_publish(struct zpf_net *zn,
			      const struct zpf_commit *commit,
			      struct netlink_ext_ack *extack)
{
	struct zpf_gen *gen = commit->gen;
	struct zpf_live *live, *old;

	mutex_lock(&zn->lock);
	live = zpf_live_build(zn, gen, GFP_KERNEL);
	if (!live) {
		mutex_unlock(&zn->lock);
		NL_SET_ERR_MSG(extack, "not enough memory for the interfaces");
		return -ENOMEM;
	}
	/* Nothing from here on can fail. */
	gen->id = ++zn->last_gen;
	old = zpf_publish(zn, live);
	if (commit->confirm)
		old = zpf_hold_begin(zn, old, zn->mode, commit->confirm);
	zn->mode = ZPF_MODE_ARMED;
	mutex_unlock(&zn->lock);
	zpf_live_put(old);
	return 0;
}

static int zpf_commit_locked(struct zpf_net *zn, struct zpf_commit *commit,
			     struct netlink_ext_ack *extack)
{
	const u64 start = ktime_get_ns();
	const bool first = !zn->armed;
	struct zpf_gen *gen = commit->gen;
	int err;

	err = zpf_commit_allowed(zn, commit, extack);
	if (err)
		return err;
	err = zpf_commit_build(zn, gen, extack);
	if (err)
		return err;
	err = zpf_arm(zn, extack);
	if (err)
		return err;
	zpf_log_bind(zn, gen);
	err = zpf_commit_publish(zn, commit, extack);
	if (err) {
		if (first)
			zpf_disarm(zn);
		return err;
	}
	commit->build_ns = ktime_get_ns() - start;
	zpf_live_settle();
	commit->id = gen->id;
	commit->flags = zpf_log_flags(zn, gen) | (first ? ZPF_COMMIT_FIRST : 0);
	return 0;
}

/**
 * zpf_arm_commit() - build, arm and publish
 * @zn: the namespace
 * @commit: the commit; its generation is consumed
 * @extack: says why not
 *
 * Context: process; no lock held, above all not RTNL.
 * Return: 0: every packet from now on is judged by it; or an error, with
 * everything as it was
 */
int zpf_arm_commit(struct zpf_net *zn, struct zpf_commit *commit,
		   struct netlink_ext_ack *extack)
{
	struct zpf_event_info ev = { .type = ZPF_EVENT_COMMIT };
	int err;

	mutex_lock(&zn->commit);
	err = zpf_commit_locked(zn, commit, extack);
	if (!err) {
		ev.generation = commit->id;
		zpf_event_send(zn, &ev);
		ev.type = ZPF_EVENT_CONFIRM_WAIT;
		ev.seconds = commit->confirm;
		if (ev.seconds)
			zpf_event_send(zn, &ev);
	}
	mutex_unlock(&zn->commit);
	zpf_gen_put(commit->gen);
	commit->gen = NULL;
	return err;
}

/* Let packets see something else that is there already. Cannot fail. */
static void zpf_arm_swap(struct zpf_net *zn, struct zpf_live *live, u8 mode)
{
	zn->mode = mode;
	zpf_live_put(zpf_publish(zn, live));
}

/* Return when no packet is judged by what was before. */
static void zpf_arm_settle(struct zpf_net *zn)
{
	if (zn->mode == ZPF_MODE_OFF)
		zpf_disarm(zn);
	else
		zpf_live_settle();
}

/**
 * zpf_arm_disarm() - give enforcement up
 * @zn: the namespace
 * @mode: ZPF_MODE_OFF or ZPF_MODE_CLOSED
 * @extack: says why not
 *
 * Closed arms a namespace that never was: it forwards nothing from then on. A
 * commit that waits to be confirmed does so no more.
 *
 * Context: process. Return: 0 or an error, with everything as it was
 */
int zpf_arm_disarm(struct zpf_net *zn, u8 mode,
		   struct netlink_ext_ack *extack)
{
	struct zpf_event_info ev = { .type = ZPF_EVENT_DISARM, .mode = mode };
	struct zpf_live *live = NULL;
	int err = 0;

	mutex_lock(&zn->commit);
	if (mode == zn->mode)
		goto out;
	if (mode == ZPF_MODE_CLOSED) {
		live = zpf_live_closed(GFP_KERNEL);
		err = live ? zpf_arm(zn, extack) : -ENOMEM;
		if (err) {
			zpf_live_free(live);
			goto out;
		}
	}
	mutex_lock(&zn->lock);
	zpf_live_put(zpf_hold_end(zn));
	zpf_arm_swap(zn, live, mode);
	mutex_unlock(&zn->lock);
	zpf_arm_settle(zn);
	zpf_event_send(zn, &ev);
out:
	mutex_unlock(&zn->commit);
	return err;
}

static int zpf_arm_waits(struct zpf_net *zn, const u32 *generation,
			 struct netlink_ext_ack *extack)
{
	if (!zn->held.waits) {
		NL_SET_ERR_MSG(extack, "no commit waits to be confirmed");
		return -ENOENT;
	}
	return generation ? zpf_arm_runs(zn, *generation, extack) : 0;
}

/**
 * zpf_arm_confirm() - what runs stays
 * @zn: the namespace
 * @generation: the one that is meant, NULL: whatever runs
 * @extack: says why not
 *
 * Context: process. Return: 0, -ENOENT: none waits, -ESTALE: another one runs
 */
int zpf_arm_confirm(struct zpf_net *zn, const u32 *generation,
		    struct netlink_ext_ack *extack)
{
	struct zpf_event_info ev = { .type = ZPF_EVENT_CONFIRMED };
	int err;

	mutex_lock(&zn->commit);
	err = zpf_arm_waits(zn, generation, extack);
	if (err)
		goto out;
	mutex_lock(&zn->lock);
	zpf_live_put(zpf_hold_end(zn));
	mutex_unlock(&zn->lock);
	ev.generation = zpf_arm_id(zn);
	zpf_event_send(zn, &ev);
out:
	mutex_unlock(&zn->commit);
	return err;
}

/**
 * zpf_arm_restore() - what runs was not confirmed: back to what was before
 * @zn: the namespace; zpf_net.commit is held and a commit waits
 *
 * Allocates nothing but the event, and cannot fail.
 *
 * Context: process.
 */
void zpf_arm_restore(struct zpf_net *zn)
{
	struct zpf_event_info ev = {
		.type = ZPF_EVENT_REVERTED,
		.mode = zn->held.mode,
	};

	lockdep_assert_held(&zn->commit);
	mutex_lock(&zn->lock);
	zpf_arm_swap(zn, zpf_hold_end(zn), ev.mode);
	mutex_unlock(&zn->lock);
	zpf_arm_settle(zn);
	ev.generation = zpf_arm_id(zn);
	zpf_event_send(zn, &ev);
}

/**
 * zpf_arm_rollback() - do not wait for the timer
 * @zn: the namespace
 * @generation: the one that is meant, NULL: whatever runs
 * @extack: says why not
 *
 * Context: process. Return: 0, -ENOENT: none waits, -ESTALE: another one runs
 */
int zpf_arm_rollback(struct zpf_net *zn, const u32 *generation,
		     struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&zn->commit);
	err = zpf_arm_waits(zn, generation, extack);
	if (!err)
		zpf_arm_restore(zn);
	mutex_unlock(&zn->commit);
	return err;
}

/**
 * zpf_arm_net_pre_exit() - the namespace goes: see no more packets
 * @zn: the namespace
 */
void zpf_arm_net_pre_exit(struct zpf_net *zn)
{
	if (zn->armed)
		zpf_disarm_hooks(zn);
}

/**
 * zpf_arm_net_exit() - the namespace goes: let go of everything
 * @zn: the namespace; a grace period has passed since pre_exit
 */
void zpf_arm_net_exit(struct zpf_net *zn)
{
	zpf_live_put(rcu_dereference_protected(zn->live, true));
	zpf_live_put(zn->held.live);
	if (!zn->armed)
		return;
	zpf_log_unbind(zn);
	zpf_disarm_ledger(zn);
	module_put(THIS_MODULE);
}
