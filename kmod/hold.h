/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a commit with a timer holds back until it is confirmed: the snapshot
 * and the mode that come back if it is not.
 */
#ifndef ZPF_HOLD_H
#define ZPF_HOLD_H

#include <linux/workqueue.h>

struct zpf_live;
struct zpf_net;

/**
 * struct zpf_held - a commit that waits to be confirmed; written under
 * zpf_net.commit and zpf_net.lock, read under either
 * @live: what comes back; NULL: nothing was enforced. Maintained by the
 *	interface notifier as the live one is
 * @mode: &enum zpf_mode that comes back
 * @waits: a commit waits
 * @until: jiffies of 64 bits at which its time is over
 * @work: looks whether it is
 */
struct zpf_held {
	struct zpf_live *live;
	u8 mode;
	bool waits;
	u64 until;
	struct delayed_work work;
};

void zpf_hold_init(struct zpf_net *zn);
void zpf_hold_exit(struct zpf_net *zn);
struct zpf_live *zpf_hold_begin(struct zpf_net *zn, struct zpf_live *old,
				u8 mode, u32 seconds);
struct zpf_live *zpf_hold_end(struct zpf_net *zn);
u32 zpf_hold_left(const struct zpf_net *zn);

#endif /* ZPF_HOLD_H */
