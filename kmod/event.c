// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends events. Called by commit, disarm and the interface notifier; a
 * listener that is slow or absent costs them nothing, and an event that
 * cannot be built is lost, as netlink's own ENOBUFS tells its reader.
 */
#include <net/genetlink.h>
#include "event.h"
#include "net.h"
#include "nl.h"

static int zpf_event_fill(struct sk_buff *msg, const struct zpf_event_info *ev)
{
	void *hdr = genlmsg_put(msg, 0, 0, &zpf_nl_family, 0, ZPF_CMD_EVENT);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u8(msg, ZPF_EVENT_A_TYPE, ev->type))
		return -EMSGSIZE;
	if (ev->generation &&
	    nla_put_u32(msg, ZPF_EVENT_A_GENERATION, ev->generation))
		return -EMSGSIZE;
	if (ev->type == ZPF_EVENT_DISARM &&
	    nla_put_u8(msg, ZPF_EVENT_A_MODE, ev->mode))
		return -EMSGSIZE;
	if (ev->ifname &&
	    (nla_put_u32(msg, ZPF_EVENT_A_IFINDEX, ev->ifindex) ||
	     nla_put_string(msg, ZPF_EVENT_A_IFNAME, ev->ifname)))
		return -EMSGSIZE;
	if (ev->zone && nla_put_string(msg, ZPF_EVENT_A_ZONE, ev->zone))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
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
	struct sk_buff *msg;

	if (!genl_has_listeners(&zpf_nl_family, zn->net, 0))
		return;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return;
	if (zpf_event_fill(msg, ev)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast_netns(&zpf_nl_family, zn->net, msg, 0, 0, GFP_KERNEL);
}
