// SPDX-License-Identifier: GPL-2.0-only
/*
 * GROUP_*: the contents of a set with a name are received beside the running
 * ones, message by message, and swapped whole. Like a transaction they belong
 * to a socket, and the first error or the end of the socket discards them.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <net/sock.h>
#include "nl.h"
#include "nl_group.h"
#include "txn.h"

ZPF_WIDE_RANGE(zpf_group_count_range, 0, ZPF_MAX_SET_ELEMS);

#define ZPF_GROUP_KIND NLA_POLICY_RANGE(NLA_U8, ZPF_SET_IPV4, ZPF_SET_IPV6)
#define ZPF_GROUP_NAME { .type = NLA_NUL_STRING, .len = ZPF_SET_NAME_MAX }

const struct nla_policy zpf_fill_begin_policy[ZPF_GROUP_A_NAME + 1] = {
	[ZPF_GROUP_A_NAME] = ZPF_GROUP_NAME,
};

const struct nla_policy zpf_fill_add_policy[ZPF_GROUP_A_ELEMS + 1] = {
	[ZPF_GROUP_A_KIND] = ZPF_GROUP_KIND,
	[ZPF_GROUP_A_COUNT] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &zpf_group_count_range),
	[ZPF_GROUP_A_ELEMS] = { .type = NLA_BINARY },
};

const struct nla_policy zpf_fill_commit_policy[ZPF_GROUP_A_MESSAGES + 1] = {
	[ZPF_GROUP_A_MESSAGES] = { .type = NLA_U32 },
};

const struct nla_policy zpf_group_elem_policy[ZPF_GROUP_A_KIND + 1] = {
	[ZPF_GROUP_A_NAME] = ZPF_GROUP_NAME,
	[ZPF_GROUP_A_KIND] = ZPF_GROUP_KIND,
};

/* The two families of a set, as indices. */
static const u8 zpf_fill_kinds[ZPF_N_FAMILIES] = {
	[ZPF_V4] = ZPF_SET_IPV4,
	[ZPF_V6] = ZPF_SET_IPV6,
};

/**
 * struct zpf_fill_state - contents on their way; under zpf_groups.lock
 * @node: in zpf_groups.fills
 * @portid: the socket
 * @messages: ADD messages taken
 * @content: by family; NULL: nothing of it was announced
 * @name: the set
 */
struct zpf_fill_state {
	struct list_head node;
	u32 portid;
	u32 messages;
	struct zpf_content *content[ZPF_N_FAMILIES];
	char name[ZPF_SET_NAME_MAX + 1];
};

static struct zpf_fill_state *zpf_fill_find(struct zpf_groups *groups,
					    u32 portid)
{
	struct zpf_fill_state *fill;

	lockdep_assert_held(&groups->lock);
	list_for_each_entry(fill, &groups->fills, node)
		if (fill->portid == portid)
			return fill;
	return NULL;
}

/* Of a fill that is in no list, or no more. */
static void zpf_fill_free(struct zpf_fill_state *fill)
{
	unsigned int fam;

	for (fam = 0; fam < ZPF_N_FAMILIES; fam++)
		zpf_content_put(fill->content[fam]);
	kfree(fill);
}

/**
 * zpf_fill_begin() - GROUP_BEGIN
 * @skb: the message
 * @info: its attributes
 */
int zpf_fill_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_groups *groups = &zpf_net_of(genl_info_net(info))->groups;
	struct zpf_fill_state *fill;
	int err;

	err = zpf_txn_need(info, ZPF_GROUP_A_NAME, "which set is missing");
	if (err)
		return err;
	fill = kzalloc(sizeof(*fill), GFP_KERNEL_ACCOUNT);
	if (!fill)
		return -ENOMEM;
	fill->portid = info->snd_portid;
	strscpy(fill->name, nla_data(info->attrs[ZPF_GROUP_A_NAME]),
		sizeof(fill->name));
	mutex_lock(&groups->lock);
	if (zpf_fill_find(groups, fill->portid)) {
		NL_SET_ERR_MSG(info->extack, "this socket fills a set already");
		err = -EBUSY;
	} else if (!zpf_owner_find(groups, ZPF_SET_IPV4, fill->name) &&
		   !zpf_owner_find(groups, ZPF_SET_IPV6, fill->name)) {
		zpf_txn_refuse(info, ZPF_GROUP_A_NAME,
			       "the policy has no set of this name");
		err = -ENOENT;
	} else {
		list_add(&fill->node, &groups->fills);
	}
	mutex_unlock(&groups->lock);
	if (err)
		zpf_fill_free(fill);
	return err;
}

static int zpf_fill_elems(struct zpf_groups *groups,
			  struct zpf_fill_state *fill, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct zpf_content **content;
	unsigned int fam;
	int err;
	u8 kind;

	err = zpf_txn_need(info, ZPF_GROUP_A_KIND, "of which kind is missing");
	if (err)
		return err;
	kind = nla_get_u8(attrs[ZPF_GROUP_A_KIND]);
	fam = kind == ZPF_SET_IPV4 ? ZPF_V4 : ZPF_V6;
	content = &fill->content[fam];
	if (*content && attrs[ZPF_GROUP_A_COUNT])
		return zpf_txn_refuse(info, ZPF_GROUP_A_COUNT,
				      "only with the first message of a kind");
	if (!*content) {
		err = zpf_txn_need(info, ZPF_GROUP_A_COUNT,
				   "the first message of a kind needs a count");
		if (err)
			return err;
		if (!zpf_owner_find(groups, kind, fill->name))
			return zpf_txn_refuse(info, ZPF_GROUP_A_KIND,
					      "the set has nothing of this kind");
		*content = zpf_content_alloc(kind,
					     nla_get_u32(attrs[ZPF_GROUP_A_COUNT]));
		if (!*content)
			return -ENOMEM;
	}
	if (attrs[ZPF_GROUP_A_ELEMS])
		return zpf_txn_ranges(&(*content)->set, info,
				      ZPF_GROUP_A_ELEMS);
	return 0;
}

/**
 * zpf_fill_add() - GROUP_ADD
 * @skb: the message
 * @info: its attributes
 *
 * An error discards what was received.
 */
int zpf_fill_add(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_groups *groups = &zpf_net_of(genl_info_net(info))->groups;
	struct zpf_fill_state *fill;
	int err = -ENOENT;

	mutex_lock(&groups->lock);
	fill = zpf_fill_find(groups, info->snd_portid);
	if (!fill) {
		NL_SET_ERR_MSG(info->extack, "no set is filled by this socket");
		goto out;
	}
	err = zpf_fill_elems(groups, fill, info);
	if (err) {
		list_del(&fill->node);
		zpf_fill_free(fill);
	} else {
		fill->messages++;
	}
out:
	mutex_unlock(&groups->lock);
	return err;
}

/* Take the contents from the socket; they are complete. */
static struct zpf_fill_state *zpf_fill_take(struct zpf_groups *groups,
					    struct genl_info *info, int *err)
{
	struct zpf_fill_state *fill;
	unsigned int fam;

	*err = -EINVAL;
	mutex_lock(&groups->lock);
	fill = zpf_fill_find(groups, info->snd_portid);
	if (fill)
		list_del(&fill->node);
	mutex_unlock(&groups->lock);
	if (!fill) {
		NL_SET_ERR_MSG(info->extack, "no set is filled by this socket");
		*err = -ENOENT;
		return NULL;
	}
	if (zpf_txn_need(info, ZPF_GROUP_A_MESSAGES,
			 "number of messages is missing"))
		goto err;
	if (nla_get_u32(info->attrs[ZPF_GROUP_A_MESSAGES]) != fill->messages) {
		zpf_txn_refuse(info, ZPF_GROUP_A_MESSAGES,
			       "not every message was taken");
		goto err;
	}
	for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
		if (fill->content[fam] && fill->content[fam]->set.have !=
		    fill->content[fam]->set.n) {
			NL_SET_ERR_MSG(info->extack,
				       "fewer elements than announced");
			goto err;
		}
	}
	return fill;
err:
	zpf_fill_free(fill);
	return NULL;
}

static u64 zpf_fill_addresses(const struct zpf_set *set)
{
	u64 n = 0, more;
	u32 i;

	for (i = 0; i < set->n; i++) {
		more = U64_MAX;
		if (set->kind == ZPF_SET_IPV4)
			more = set->r4[i].hi - set->r4[i].lo;
		else if (set->r6[i].hi[0] == set->r6[i].lo[0])
			more = set->r6[i].hi[1] - set->r6[i].lo[1];
		if (more >= ZPF_MAX_DYNAMIC_FILL)
			return U64_MAX;
		n += more + 1;
	}
	return n;
}

static bool zpf_fill_put_range(struct zpf_sources *sources,
			       struct zpf_in6 lo, u64 hi)
{
	for (;; lo.w[1]++) {
		if (zpf_sources_add(sources, &lo, ZPF_SRCTAB_FOREVER) != ZPF_SRC_NEW)
			return false;
		if (lo.w[1] == hi)
			return true;
	}
}

/*
 * A dynamic set that holds the addresses of ranges, there for ever: one a line
 * on average. Where a line gets more than it holds, another key will do.
 */
static struct zpf_sources *zpf_fill_dynamic(const struct zpf_content *content,
					    struct genl_info *info, int *err)
{
	const u64 n = content ? zpf_fill_addresses(&content->set) : 0;
	struct zpf_sources *sources;
	unsigned int try;
	u32 i;

	if (n > ZPF_MAX_DYNAMIC_FILL) {
		NL_SET_ERR_MSG(info->extack,
			       "a dynamic set takes at most 65536 addresses");
		*err = -EINVAL;
		return NULL;
	}
	for (try = 0; try < 4; try++) {
		*err = -ENOMEM;
		sources = zpf_sources_alloc(max_t(u32, ZPF_GROUP_PLACES,
						  ZPF_SRCTAB_WAYS * n));
		if (!sources)
			return NULL;
		for (i = 0; content && i < content->set.n; i++) {
			const struct zpf_set *set = &content->set;
			const bool v4 = set->kind == ZPF_SET_IPV4;
			struct zpf_in6 lo = v4 ? zpf_in6_of4(set->r4[i].lo) :
				(struct zpf_in6){ { set->r6[i].lo[0],
						    set->r6[i].lo[1] } };

			if (!zpf_fill_put_range(sources, lo, v4 ?
						set->r4[i].hi : set->r6[i].hi[1]))
				break;
			cond_resched();
		}
		if (!content || i == content->set.n)
			return sources;
		zpf_sources_put(sources);
		*err = -ENOSPC;
	}
	return NULL;
}

/**
 * struct zpf_swap - new contents for one owner
 * @owner: the owner, with a reference; NULL: nothing to do
 * @content: what it is given, then what it held
 * @sources: the same of a dynamic set
 */
struct zpf_swap {
	struct zpf_owner *owner;
	struct zpf_content *content;
	struct zpf_sources *sources;
};

/* Everything that can fail. */
static int zpf_swap_prepare(struct zpf_groups *groups, struct zpf_swap *swap,
			    struct zpf_fill_state *fill, unsigned int fam,
			    struct genl_info *info)
{
	int err = 0;

	mutex_lock(&groups->lock);
	swap->owner = zpf_owner_find(groups, zpf_fill_kinds[fam], fill->name);
	if (swap->owner)
		swap->owner->refs++;
	mutex_unlock(&groups->lock);
	if (!swap->owner) {
		if (!fill->content[fam])
			return 0;
		NL_SET_ERR_MSG(info->extack, "the set is gone meanwhile");
		return -ENOENT;
	}
	if (swap->owner->dynamic)
		swap->sources = zpf_fill_dynamic(fill->content[fam], info, &err);
	else
		swap(swap->content, fill->content[fam]);
	return swap->owner->dynamic && !swap->sources ? err : 0;
}

/* Nothing here can fail. Return: the new revision */
static u32 zpf_swap_publish(struct zpf_groups *groups, struct zpf_swap *swap)
{
	struct zpf_content *content = swap->content;
	struct zpf_sources *sources = swap->sources;
	struct zpf_owner *owner = swap->owner;

	lockdep_assert_held(&groups->lock);
	owner->filled_ns = ktime_get_boottime_ns();
	if (owner->dynamic) {
		swap->sources = zpf_owner_sources(groups, owner);
		rcu_assign_pointer(owner->table, &sources->tab);
		owner->evicted += atomic64_read(&swap->sources->evicted);
	} else {
		swap->content = zpf_owner_content(groups, owner);
		rcu_assign_pointer(owner->now, content ? &content->set : NULL);
	}
	return ++owner->revision;
}

static int zpf_fill_publish(struct zpf_groups *groups,
			    struct zpf_fill_state *fill,
			    struct genl_info *info, u32 *revision)
{
	struct zpf_swap swaps[ZPF_N_FAMILIES] = {};
	unsigned int fam;
	int err = 0;

	for (fam = 0; fam < ZPF_N_FAMILIES && !err; fam++)
		err = zpf_swap_prepare(groups, &swaps[fam], fill, fam, info);
	if (!err) {
		mutex_lock(&groups->lock);
		for (fam = 0; fam < ZPF_N_FAMILIES; fam++)
			if (swaps[fam].owner)
				*revision = max(*revision,
						zpf_swap_publish(groups, &swaps[fam]));
		mutex_unlock(&groups->lock);
		zpf_live_settle();
	}
	for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
		zpf_content_put(swaps[fam].content);
		zpf_sources_put(swaps[fam].sources);
		zpf_owner_put(groups, swaps[fam].owner);
	}
	return err;
}

/**
 * zpf_fill_commit() - GROUP_COMMIT
 * @skb: the message
 * @info: its attributes
 *
 * The answer is allocated first, and given after a grace period.
 */
int zpf_fill_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_groups *groups = &zpf_net_of(genl_info_net(info))->groups;
	struct zpf_fill_state *fill;
	struct sk_buff *msg;
	u32 revision = 0;
	void *hdr;
	int err;

	fill = zpf_fill_take(groups, info, &err);
	if (!fill)
		return err;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg) {
		zpf_fill_free(fill);
		return -ENOMEM;
	}
	hdr = genlmsg_put(msg, info->snd_portid, info->snd_seq, &zpf_nl_family,
			  0, ZPF_CMD_GROUP_COMMIT);
	err = zpf_fill_publish(groups, fill, info, &revision);
	zpf_fill_free(fill);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	/* Fits: NLMSG_DEFAULT_SIZE is far more than this. */
	nla_put_u32(msg, ZPF_GROUP_A_REVISION, revision);
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/**
 * zpf_fill_release() - a socket is closed
 * @zn: the namespace
 * @portid: the socket
 */
void zpf_fill_release(struct zpf_net *zn, u32 portid)
{
	struct zpf_fill_state *fill;

	mutex_lock(&zn->groups.lock);
	fill = zpf_fill_find(&zn->groups, portid);
	if (fill)
		list_del(&fill->node);
	mutex_unlock(&zn->groups.lock);
	if (fill)
		zpf_fill_free(fill);
}

/**
 * zpf_fill_net_exit() - the namespace goes, and with it what is left open
 * @zn: the namespace
 */
void zpf_fill_net_exit(struct zpf_net *zn)
{
	struct zpf_fill_state *fill, *next;

	mutex_lock(&zn->groups.lock);
	list_for_each_entry_safe(fill, next, &zn->groups.fills, node) {
		list_del(&fill->node);
		zpf_fill_free(fill);
	}
	mutex_unlock(&zn->groups.lock);
}

/* --- dumps --- */

static u32 zpf_sources_count(const struct zpf_sources *sources)
{
	const u64 now = ktime_get_ns();
	struct zpf_src src;
	u32 pos = 0, n = 0;

	while (zpf_srctab_next(&sources->tab, &pos, now, &src))
		n++;
	return n;
}

static int zpf_fill_group(struct sk_buff *skb, struct zpf_groups *groups,
			  struct zpf_owner *owner)
{
	const struct zpf_content *content = zpf_owner_content(groups, owner);
	const struct zpf_sources *sources = zpf_owner_sources(groups, owner);
	u32 count = content ? content->set.n : 0;
	u64 evicted = owner->evicted;

	if (sources) {
		count = zpf_sources_count(sources);
		evicted += atomic64_read(&sources->evicted);
	}
	if (nla_put_string(skb, ZPF_GROUP_A_NAME, owner->name) ||
	    nla_put_u8(skb, ZPF_GROUP_A_KIND, owner->kind) ||
	    (owner->dynamic && nla_put_flag(skb, ZPF_GROUP_A_DYNAMIC)) ||
	    nla_put_u32(skb, ZPF_GROUP_A_COUNT, count) ||
	    nla_put_u32(skb, ZPF_GROUP_A_REVISION, owner->revision) ||
	    (owner->filled_ns &&
	     nla_put_u64_64bit(skb, ZPF_GROUP_A_FILLED_NS, owner->filled_ns,
			       ZPF_GROUP_A_PAD)) ||
	    (sources &&
	     nla_put_u64_64bit(skb, ZPF_GROUP_A_EVICTED, evicted,
			       ZPF_GROUP_A_PAD)))
		return -EMSGSIZE;
	return 0;
}

static int zpf_group_message(struct sk_buff *skb, struct netlink_callback *cb,
			     struct zpf_groups *groups, struct zpf_owner *owner)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &zpf_nl_family, NLM_F_MULTI,
				ZPF_CMD_GROUP_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (zpf_fill_group(skb, groups, owner)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * zpf_nl_dump_groups() - GROUP_GET
 * @skb: the messages
 * @cb: the dump; sets that come or go meanwhile are told by NLM_F_DUMP_INTR
 */
int zpf_nl_dump_groups(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_groups *groups = &zpf_net_of(sock_net(cb->skb->sk))->groups;
	struct zpf_dump *dump = zpf_dump_of(cb);
	struct zpf_owner *owner;
	unsigned int bucket;
	int err = 0;
	u32 i = 0;

	mutex_lock(&groups->lock);
	/* 0 would mean that nobody looks. */
	cb->seq = groups->serial + 1;
	hash_for_each(groups->table, bucket, owner, node) {
		if (!err && i++ == dump->i) {
			err = zpf_group_message(skb, cb, groups, owner);
			if (!err)
				dump->i++;
		}
	}
	mutex_unlock(&groups->lock);
	return skb->len ? skb->len : err;
}

/**
 * struct zpf_elem_dump - where the dump of one set stands
 * @content: pinned: of a filled set, or NULL
 * @sources: pinned: of a dynamic set, or NULL
 * @revision: of these
 * @at: position in either
 */
struct zpf_elem_dump {
	struct zpf_content *content;
	struct zpf_sources *sources;
	u32 revision;
	u32 at;
};

static struct zpf_elem_dump *zpf_elem_dump_of(struct netlink_callback *cb)
{
	static_assert(sizeof(struct zpf_elem_dump) <= sizeof(cb->ctx));

	return (struct zpf_elem_dump *)cb->ctx;
}

/**
 * zpf_nl_dump_elems_start() - pin the contents of a set
 * @cb: the dump
 */
int zpf_nl_dump_elems_start(struct netlink_callback *cb)
{
	struct zpf_groups *groups = &zpf_net_of(sock_net(cb->skb->sk))->groups;
	struct zpf_elem_dump *dump = zpf_elem_dump_of(cb);
	struct nlattr *tb[ZPF_GROUP_A_KIND + 1];
	struct zpf_owner *owner;
	int err;

	err = nlmsg_parse(cb->nlh, GENL_HDRLEN, tb, ZPF_GROUP_A_KIND,
			  zpf_group_elem_policy, cb->extack);
	if (err)
		return err;
	if (!tb[ZPF_GROUP_A_NAME] || !tb[ZPF_GROUP_A_KIND]) {
		NL_SET_ERR_MSG(cb->extack, "which set: name and kind");
		return -EINVAL;
	}
	mutex_lock(&groups->lock);
	owner = zpf_owner_find(groups, nla_get_u8(tb[ZPF_GROUP_A_KIND]),
			       nla_data(tb[ZPF_GROUP_A_NAME]));
	if (owner) {
		dump->content = zpf_owner_content(groups, owner);
		dump->sources = zpf_owner_sources(groups, owner);
		dump->revision = owner->revision;
		dump->at = 0;
		if (dump->content)
			refcount_inc(&dump->content->refs);
		if (dump->sources)
			refcount_inc(&dump->sources->refs);
	}
	mutex_unlock(&groups->lock);
	if (owner)
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, tb[ZPF_GROUP_A_NAME],
			    "the policy has no set of this name and kind");
	return -ENOENT;
}

/**
 * zpf_nl_dump_elems_done() - let the contents go
 * @cb: the dump
 */
int zpf_nl_dump_elems_done(struct netlink_callback *cb)
{
	zpf_content_put(zpf_elem_dump_of(cb)->content);
	zpf_sources_put(zpf_elem_dump_of(cb)->sources);
	return 0;
}

static int zpf_put_ranges(struct sk_buff *skb, struct zpf_elem_dump *dump)
{
	const struct zpf_set *set = &dump->content->set;
	const size_t size = zpf_set_elem_size(set->kind);
	/* Behind the header of the attribute. */
	int room = skb_tailroom(skb) - NLA_HDRLEN - NLA_ALIGNTO;
	u32 n = min3((u32)max(room, 0), (u32)(set->n - dump->at) * (u32)size,
		     32768u) / size;

	if (!n || nla_put(skb, ZPF_GROUP_A_ELEMS, n * size,
			  (u8 *)set->data + dump->at * size))
		return -EMSGSIZE;
	dump->at += n;
	return 0;
}

/* Addresses of a dynamic set in one message. */
#define ZPF_ELEM_SOURCES 8

static int zpf_put_sources(struct sk_buff *skb, struct zpf_elem_dump *dump,
			   bool v4)
{
	struct zpf_range4 r4[ZPF_ELEM_SOURCES];
	struct zpf_range6 r6[ZPF_ELEM_SOURCES];
	u64 left[ZPF_ELEM_SOURCES], now = ktime_get_ns();
	u32 at = dump->at, n = 0;
	struct zpf_src src;

	while (n < ZPF_ELEM_SOURCES &&
	       zpf_srctab_next(&dump->sources->tab, &at, now, &src)) {
		r4[n].lo = src.addr.w[1];
		r4[n].hi = src.addr.w[1];
		memcpy(r6[n].lo, src.addr.w, sizeof(r6[n].lo));
		memcpy(r6[n].hi, src.addr.w, sizeof(r6[n].hi));
		left[n++] = src.until == ZPF_SRCTAB_FOREVER ?
			    ZPF_SRCTAB_FOREVER : src.until - now;
	}
	if (!n) {
		dump->at = at;
		return 0;
	}
	if (nla_put(skb, ZPF_GROUP_A_ELEMS, n * (v4 ? sizeof(*r4) : sizeof(*r6)),
		    v4 ? (void *)r4 : (void *)r6) ||
	    nla_put(skb, ZPF_GROUP_A_LEFT_NS, n * sizeof(*left), left))
		return -EMSGSIZE;
	dump->at = at;
	return 0;
}

static bool zpf_elems_over(const struct zpf_elem_dump *dump)
{
	if (dump->sources)
		return dump->at / ZPF_SRCTAB_WAYS > dump->sources->tab.mask;
	return !dump->content || dump->at == dump->content->set.n;
}

/**
 * zpf_nl_dump_elems() - GROUP_ELEM_GET
 * @skb: the messages
 * @cb: the dump
 */
int zpf_nl_dump_elems(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_elem_dump *dump = zpf_elem_dump_of(cb);
	struct nlattr *kind = nlmsg_find_attr(cb->nlh, GENL_HDRLEN,
					      ZPF_GROUP_A_KIND);
	const bool v4 = kind && nla_get_u8(kind) == ZPF_SET_IPV4;
	void *hdr;

	while (!zpf_elems_over(dump)) {
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, &zpf_nl_family,
				  NLM_F_MULTI, ZPF_CMD_GROUP_ELEM_GET);
		if (!hdr)
			return skb->len ? skb->len : -EMSGSIZE;
		if (nla_put_u32(skb, ZPF_GROUP_A_REVISION, dump->revision) ||
		    (dump->sources ? zpf_put_sources(skb, dump, v4) :
				     zpf_put_ranges(skb, dump))) {
			genlmsg_cancel(skb, hdr);
			return skb->len ? skb->len : -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
	}
	return skb->len;
}
