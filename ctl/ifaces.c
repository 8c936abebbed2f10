// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interfaces of the network namespace: see ifaces.h.
 */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "ifaces.h"
#include "nl.h"
#include "xmem.h"

/** struct zpf_link - an interface */
struct zpf_link {
	int index, master;
	char *name, *kind;
	bool dynamic;
};

struct zpf_links {
	struct zpf_link *list;
	size_t n, cap;
};

static int zpf_link_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];
	const struct ifinfomsg *ifi = nlmsg_data(nlh);
	struct zpf_links *links = arg;
	struct zpf_link *l;

	if (nlh->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse((struct nlmsghdr *)nlh, sizeof(*ifi), tb, IFLA_MAX, NULL) < 0 ||
	    !tb[IFLA_IFNAME])
		return 0;
	if (links->n == links->cap)
		links->list = zpf_xgrow(links->list, &links->cap, sizeof(*links->list));
	l = &links->list[links->n++];
	memset(l, 0, sizeof(*l));
	l->index = ifi->ifi_index;
	l->name = zpf_xstrdup(nla_get_string(tb[IFLA_IFNAME]));
	if (tb[IFLA_MASTER] && nla_len(tb[IFLA_MASTER]) >= 4)
		l->master = nla_get_u32(tb[IFLA_MASTER]);
	if (tb[IFLA_LINKINFO] &&
	    !nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], NULL) &&
	    info[IFLA_INFO_KIND])
		l->kind = zpf_xstrdup(nla_get_string(info[IFLA_INFO_KIND]));
	return 0;
}

/* IPv4 only: an IPv6 address that expires usually came by router advertisement. */
static int zpf_addr_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifaddrmsg *ifa = nlmsg_data(nlh);
	struct zpf_links *links = arg;
	size_t i;

	if (nlh->nlmsg_type != RTM_NEWADDR ||
	    nlmsg_datalen(nlh) < (int)sizeof(*ifa) || ifa->ifa_family != AF_INET ||
	    (ifa->ifa_flags & IFA_F_PERMANENT))
		return 0;
	for (i = 0; i < links->n; i++)
		if ((unsigned int)links->list[i].index == ifa->ifa_index)
			links->list[i].dynamic = true;
	return 0;
}

static int zpf_rt_dump(struct zpf_nl *nl, int type, const void *head, size_t len,
		       zpf_nl_cb *cb, void *arg)
{
	struct nl_msg *msg = zpf_xcheck(nlmsg_alloc_size(256));

	zpf_xcheck(nlmsg_put(msg, 0, 0, type, 0, 0));
	nlmsg_append(msg, (void *)head, len, NLMSG_ALIGNTO);
	if (type == RTM_GETLINK)
		zpf_attr_put_u32(msg, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return zpf_nl_dump(nl, msg, cb, arg);
}

static void zpf_links_free(struct zpf_links *links)
{
	size_t i;

	for (i = 0; i < links->n; i++) {
		free(links->list[i].name);
		free(links->list[i].kind);
	}
	free(links->list);
	memset(links, 0, sizeof(*links));
}

static int zpf_links_get(struct zpf_links *links)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct ifaddrmsg ifa = { .ifa_family = AF_INET };
	struct zpf_nl *nl;
	int tries, ret = -1;

	if (!zpf_nl_open(&nl, NETLINK_ROUTE)) {
		for (tries = 0; tries < 5; tries++) {
			zpf_links_free(links);
			ret = zpf_rt_dump(nl, RTM_GETLINK, &ifi, sizeof(ifi),
					  zpf_link_cb, links);
			if (!ret)
				ret = zpf_rt_dump(nl, RTM_GETADDR, &ifa, sizeof(ifa),
						  zpf_addr_cb, links);
			if (!ret || nl->err.code != EINTR)
				break;
		}
	}
	zpf_nl_close(nl);
	return ret;
}

void zpf_ifaces_warn(const struct zpf_policy *policy, struct zpf_diag *diag)
{
	struct zpf_links links = { 0 };
	struct zpf_present *present;
	size_t i, k;

	if (zpf_links_get(&links)) {
		zpf_links_free(&links);
		return;
	}
	present = zpf_xcalloc(links.n, sizeof(*present));
	for (i = 0; i < links.n; i++) {
		present[i].name = links.list[i].name;
		present[i].dynamic = links.list[i].dynamic;
		for (k = 0; links.list[i].master && k < links.n; k++) {
			if (links.list[k].index != links.list[i].master)
				continue;
			present[i].master = links.list[k].name;
			present[i].master_kind = links.list[k].kind;
		}
	}
	zpf_config_check_present(policy, present, links.n, diag);
	free(present);
	zpf_links_free(&links);
}
