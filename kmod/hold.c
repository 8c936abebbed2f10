// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timer of a commit that has to be confirmed. It touches no policy: when
 * the time is over, arm swaps two pointers, which needs no memory and cannot
 * fail, whatever has become of the client.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>
#include "arm.h"

static void zpf_hold_work(struct work_struct *work)
{
	struct zpf_net *zn = container_of(to_delayed_work(work), struct zpf_net,
					  held.work);

	mutex_lock(&zn->commit);
	/* It may have been confirmed, or given more time, just before. */
	if (zn->held.waits && !time_before64(get_jiffies_64(), zn->held.until))
		zpf_arm_restore(zn);
	mutex_unlock(&zn->commit);
}

/**
 * zpf_hold_init() - nothing waits
 * @zn: the namespace
 */
void zpf_hold_init(struct zpf_net *zn)
{
	INIT_DELAYED_WORK(&zn->held.work, zpf_hold_work);
}

/**
 * zpf_hold_exit() - the namespace goes: nothing comes back any more
 * @zn: the namespace; no request reaches it
 *
 * Context: process; waits for the timer's work.
 */
void zpf_hold_exit(struct zpf_net *zn)
{
	cancel_delayed_work_sync(&zn->held.work);
}

/**
 * zpf_hold_begin() - a commit was published and waits to be confirmed
 * @zn: the namespace; zpf_net.commit and zpf_net.lock are held
 * @old: what it replaced, or NULL; consumed
 * @mode: the mode it replaced
 * @seconds: time to confirm it, not 0
 *
 * Where one waits already, what that one replaced stays held, and the time
 * begins again.
 *
 * Return: the snapshot nobody holds any more, or NULL
 */
struct zpf_live *zpf_hold_begin(struct zpf_net *zn, struct zpf_live *old,
				u8 mode, u32 seconds)
{
	struct zpf_held *held = &zn->held;
	const u64 time = (u64)seconds * HZ;

	lockdep_assert_held(&zn->lock);
	held->until = get_jiffies_64() + time;
	mod_delayed_work(zpf_wq, &held->work, time);
	if (held->waits)
		return old;
	held->waits = true;
	held->live = old;
	held->mode = mode;
	return NULL;
}

/**
 * zpf_hold_end() - nothing waits any more
 * @zn: the namespace; zpf_net.commit and zpf_net.lock are held
 *
 * Return: what was held; the caller's now
 */
struct zpf_live *zpf_hold_end(struct zpf_net *zn)
{
	struct zpf_held *held = &zn->held;
	struct zpf_live *live = held->live;

	lockdep_assert_held(&zn->lock);
	/* Not _sync: the work takes zpf_net.commit, and looks. */
	cancel_delayed_work(&held->work);
	held->waits = false;
	held->live = NULL;
	return live;
}

/**
 * zpf_hold_left() - how much time is left
 * @zn: the namespace; zpf_net.commit or zpf_net.lock is held; a commit waits
 *
 * Return: seconds, rounded up
 */
u32 zpf_hold_left(const struct zpf_net *zn)
{
	const u64 now = get_jiffies_64();

	if (time_after_eq64(now, zn->held.until))
		return 0;
	return div_u64(zn->held.until - now + HZ - 1, HZ);
}
