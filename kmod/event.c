// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends events. Called by commit, its timer, disarm, the interface notifier and the work
 * that looks for first drops; a listener that is slow or absent costs them
 * nothing. Events are numbered: what a listener did not get, because it was
 * slow or there was no memory, it knows by the gap.
 */
#include <net/genetlink.h>
#include "event.h"
#include "net.h"
#include "nl.h"
#include "nl_drop.h"

static int zpf_event_fill_drop(struct sk_buff *msg, const struct zpf_net *zn,
			       const struct zpf_event_info *ev)
{
	struct nlattr *nest = nla_nest_start(msg, ZPF_EVENT_A_DROP);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = zpf_drop_fill(msg, zn, ev->row, ev->cold);
	if (!err)
		nla_nest_end(msg, nest);
	return err;
}

static int zpf_event_fill(struct sk_buff *msg, const struct zpf_net *zn,
			  const struct zpf_event_info *ev)
{
	void *hdr = genlmsg_put(msg, 0, 0, &zpf_nl_family, 0, ZPF_CMD_EVENT);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u8(msg, ZPF_EVENT_A_TYPE, ev->type) ||
	    nla_put_u64_64bit(msg, ZPF_EVENT_A_SEQ, zn->event_seq,
			      ZPF_EVENT_A_PAD))
		return -EMSGSIZE;
	if (ev->generation &&
	    nla_put_u32(msg, ZPF_EVENT_A_GENERATION, ev->generation))
		return -EMSGSIZE;
	if ((ev->type == ZPF_EVENT_DISARM || ev->type == ZPF_EVENT_REVERTED) &&
	    nla_put_u8(msg, ZPF_EVENT_A_MODE, ev->mode))
		return -EMSGSIZE;
	if (ev->seconds && nla_put_u32(msg, ZPF_EVENT_A_SECONDS, ev->seconds))
		return -EMSGSIZE;
	if (ev->ifname &&
	    (nla_put_u32(msg, ZPF_EVENT_A_IFINDEX, ev->ifindex) ||
	     nla_put_string(msg, ZPF_EVENT_A_IFNAME, ev->ifname)))
		return -EMSGSIZE;
	if (ev->zone && nla_put_string(msg, ZPF_EVENT_A_ZONE, ev->zone))
		return -EMSGSIZE;
	if (ev->row && zpf_event_fill_drop(msg, zn, ev))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
}

static void zpf_event_send_locked(struct zpf_net *zn,
				  const struct zpf_event_info *ev)
{
	struct sk_buff *msg;

	lockdep_assert_held(&zn->event);
	zn->event_seq++;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return;
	if (zpf_event_fill(msg, zn, ev)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast_netns(&zpf_nl_family, zn->net, msg, 0, 0, GFP_KERNEL);
}

/**
 * zpf_event_send() - tell the listeners of a namespace
 * @zn: the namespace
 * @ev: the event
 *
 * Context: process; may be under RTNL and zpf_net.lock.
 */
void zpf_event_send(struct zpf_net *zn, const struct zpf_event_info *ev)
{
	if (!genl_has_listeners(&zpf_nl_family, zn->net, 0))
		return;
	mutex_lock(&zn->event);
	zpf_event_send_locked(zn, ev);
	mutex_unlock(&zn->event);
}

/**
 * zpf_event_skip() - events that cannot be sent any more
 * @zn: the namespace
 * @n: how many; listeners know of them by the next event
 *
 * Context: process.
 */
void zpf_event_skip(struct zpf_net *zn, u64 n)
{
	mutex_lock(&zn->event);
	zn->event_seq += n;
	mutex_unlock(&zn->event);
}

/**
 * zpf_event_newest() - number of the newest event
 * @zn: the namespace
 *
 * Context: process.
 */
u64 zpf_event_newest(struct zpf_net *zn)
{
	u64 seq;

	mutex_lock(&zn->event);
	seq = zn->event_seq;
	mutex_unlock(&zn->event);
	return seq;
}
