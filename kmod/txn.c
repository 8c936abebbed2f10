// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a transaction. A socket has at most one; whatever goes wrong in
 * any of its messages frees it whole, and so does the socket's end.
 */
#include <linux/netlink.h>
#include <linux/slab.h>
#include "arm.h"
#include "nl.h"
#include "nl_group.h"
#include "txn.h"

ZPF_WIDE_RANGE(zpf_sets_range, 0, ZPF_MAX_SETS);
ZPF_WIDE_RANGE(zpf_source_range, 0, ZPF_MAX_SOURCE);
ZPF_WIDE_RANGE(zpf_confirm_range, 1, ZPF_MAX_CONFIRM);

const struct nla_policy zpf_begin_policy[ZPF_TXN_A_SOURCE_BYTES + 1] = {
	[ZPF_TXN_A_SETS] = NLA_POLICY_FULL_RANGE(NLA_U32, &zpf_sets_range),
	[ZPF_TXN_A_TABLES] = NLA_POLICY_MAX(NLA_U32, ZPF_MAX_TABLES),
	[ZPF_TXN_A_ZONES] = NLA_POLICY_MAX(NLA_U32, ZPF_MAX_ZONES),
	[ZPF_TXN_A_SOURCE_BYTES] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &zpf_source_range),
};

const struct nla_policy zpf_commit_policy[ZPF_TXN_A_CONFIRM_SECONDS + 1] = {
	[ZPF_TXN_A_MESSAGES] = { .type = NLA_U32 },
	[ZPF_TXN_A_BASE_GENERATION] = { .type = NLA_U32 },
	[ZPF_TXN_A_CONFIRM_SECONDS] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &zpf_confirm_range),
};

static struct zpf_txn *zpf_txn_find(struct zpf_net *zn, u32 portid)
{
	struct zpf_txn *txn;

	lockdep_assert_held(&zn->txn);
	list_for_each_entry(txn, &zn->txns, node)
		if (txn->portid == portid)
			return txn;
	return NULL;
}

static void zpf_txn_free(struct zpf_txn *txn)
{
	list_del(&txn->node);
	zpf_gen_put(txn->gen);
	kfree(txn);
}

static u32 zpf_attr_u32(struct genl_info *info, int attr)
{
	return info->attrs[attr] ? nla_get_u32(info->attrs[attr]) : 0;
}

/* Room for everything that was announced. */
static int zpf_txn_reserve(struct zpf_gen *gen)
{
	gen->sets = kvcalloc(gen->n_sets, sizeof(*gen->sets),
			     GFP_KERNEL_ACCOUNT);
	gen->tables = kvcalloc(gen->n_tables, sizeof(*gen->tables),
			       GFP_KERNEL_ACCOUNT);
	/* Zone 0 is "none"; two more stand for the router and for lo. */
	gen->zones = kvcalloc(gen->n_zones + 3, sizeof(*gen->zones),
			      GFP_KERNEL_ACCOUNT);
	gen->bound = kvcalloc(BITS_TO_LONGS(zpf_bind_bit(gen, ZPF_N_FAMILIES, 0, 0)),
			      sizeof(*gen->bound), GFP_KERNEL_ACCOUNT);
	gen->source = kvzalloc(gen->source_len + 1, GFP_KERNEL_ACCOUNT);
	if (!gen->sets || !gen->tables || !gen->zones || !gen->bound ||
	    !gen->source)
		return -ENOMEM;
	strscpy(gen->zones[ZPF_ZONE_NONE].name, "none",
		sizeof(gen->zones[ZPF_ZONE_NONE].name));
	return 0;
}

/**
 * zpf_txn_begin() - TXN_BEGIN
 * @skb: the message
 * @info: its attributes
 */
int zpf_txn_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_net *zn = zpf_net_of(genl_info_net(info));
	struct zpf_txn *txn;
	int err = -ENOMEM;

	txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);
	if (!txn)
		return -ENOMEM;
	INIT_LIST_HEAD(&txn->node);
	txn->portid = info->snd_portid;
	txn->gen = zpf_gen_alloc(zn);
	if (!txn->gen)
		goto err;
	txn->gen->n_sets = zpf_attr_u32(info, ZPF_TXN_A_SETS);
	txn->gen->n_tables = zpf_attr_u32(info, ZPF_TXN_A_TABLES);
	txn->gen->n_zones = zpf_attr_u32(info, ZPF_TXN_A_ZONES);
	txn->gen->source_len = zpf_attr_u32(info, ZPF_TXN_A_SOURCE_BYTES);
	err = zpf_txn_reserve(txn->gen);
	if (err)
		goto err;

	mutex_lock(&zn->txn);
	if (zpf_txn_find(zn, txn->portid)) {
		NL_SET_ERR_MSG(info->extack,
			       "this socket already has a transaction");
		err = -EBUSY;
	} else {
		list_add(&txn->node, &zn->txns);
	}
	mutex_unlock(&zn->txn);
	if (!err)
		return 0;
err:
	zpf_txn_free(txn);
	return err;
}

static int (* const zpf_txn_adders[ZPF_CMD_MAX + 1])(struct zpf_gen *gen,
						     struct genl_info *info) = {
	[ZPF_CMD_OPTIONS_SET] = zpf_txn_options,
	[ZPF_CMD_SET_ADD] = zpf_txn_set,
	[ZPF_CMD_TABLE_ADD] = zpf_txn_table,
	[ZPF_CMD_RULE_ADD] = zpf_txn_rule,
	[ZPF_CMD_ZONE_ADD] = zpf_txn_zone,
	[ZPF_CMD_PAIR_ADD] = zpf_txn_pair,
	[ZPF_CMD_CHAIN_ADD] = zpf_txn_chain,
	[ZPF_CMD_SOURCE_ADD] = zpf_txn_source,
};

/**
 * zpf_txn_add() - every message that adds to a transaction
 * @skb: the message
 * @info: its attributes
 *
 * An error frees the transaction.
 */
int zpf_txn_add(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_net *zn = zpf_net_of(genl_info_net(info));
	struct zpf_txn *txn;
	int err;

	mutex_lock(&zn->txn);
	txn = zpf_txn_find(zn, info->snd_portid);
	if (!txn) {
		NL_SET_ERR_MSG(info->extack, "no transaction on this socket");
		err = -ENOENT;
		goto out;
	}
	err = zpf_txn_adders[info->genlhdr->cmd](txn->gen, info);
	if (err)
		zpf_txn_free(txn);
	else
		txn->messages++;
out:
	mutex_unlock(&zn->txn);
	return err;
}

/**
 * zpf_txn_abort() - TXN_ABORT
 * @skb: the message
 * @info: its attributes
 */
int zpf_txn_abort(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_net *zn = zpf_net_of(genl_info_net(info));
	struct zpf_txn *txn;
	int err = 0;

	mutex_lock(&zn->txn);
	txn = zpf_txn_find(zn, info->snd_portid);
	if (txn) {
		zpf_txn_free(txn);
	} else {
		NL_SET_ERR_MSG(info->extack, "no transaction on this socket");
		err = -ENOENT;
	}
	mutex_unlock(&zn->txn);
	return err;
}

/* Take the candidate out of the transaction, which ends here. */
static struct zpf_gen *zpf_txn_take(struct zpf_net *zn, struct genl_info *info,
				    int *err)
{
	struct zpf_gen *gen = NULL;
	struct zpf_txn *txn;

	mutex_lock(&zn->txn);
	txn = zpf_txn_find(zn, info->snd_portid);
	if (!txn) {
		NL_SET_ERR_MSG(info->extack, "no transaction on this socket");
		*err = -ENOENT;
		goto out;
	}
	if (GENL_REQ_ATTR_CHECK(info, ZPF_TXN_A_MESSAGES)) {
		NL_SET_ERR_MSG(info->extack, "number of messages is missing");
		*err = -EINVAL;
	} else if (nla_get_u32(info->attrs[ZPF_TXN_A_MESSAGES]) !=
		   txn->messages) {
		*err = zpf_txn_refuse(info, ZPF_TXN_A_MESSAGES,
				      "not every message of the transaction was taken");
	} else {
		gen = txn->gen;
		txn->gen = NULL;
	}
	zpf_txn_free(txn);
out:
	mutex_unlock(&zn->txn);
	return gen;
}

static struct sk_buff *zpf_txn_answer(struct genl_info *info, void **hdr)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*hdr = genlmsg_put(msg, info->snd_portid, info->snd_seq,
			   &zpf_nl_family, 0, ZPF_CMD_TXN_COMMIT);
	return msg;
}

/**
 * zpf_txn_commit() - TXN_COMMIT
 * @skb: the message
 * @info: its attributes
 *
 * The answer is allocated first: behind the publishing nothing may fail.
 */
int zpf_txn_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct zpf_net *zn = zpf_net_of(genl_info_net(info));
	struct zpf_commit commit = {};
	struct sk_buff *msg;
	int err = 0;
	void *hdr;

	commit.gen = zpf_txn_take(zn, info, &err);
	if (err)
		return err;
	commit.has_base = info->attrs[ZPF_TXN_A_BASE_GENERATION];
	commit.base = zpf_attr_u32(info, ZPF_TXN_A_BASE_GENERATION);
	commit.confirm = zpf_attr_u32(info, ZPF_TXN_A_CONFIRM_SECONDS);
	msg = zpf_txn_answer(info, &hdr);
	if (!msg) {
		zpf_gen_put(commit.gen);
		return -ENOMEM;
	}
	err = zpf_arm_commit(zn, &commit, info->extack);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	/* Fits: NLMSG_DEFAULT_SIZE is far more than this. */
	nla_put_u32(msg, ZPF_TXN_A_GENERATION, commit.id);
	nla_put_u64_64bit(msg, ZPF_TXN_A_BUILD_NS, commit.build_ns,
			  ZPF_TXN_A_PAD);
	nla_put_u32(msg, ZPF_TXN_A_FLAGS, commit.flags);
	genlmsg_end(msg, hdr);
	genlmsg_reply(msg, info);
	return 0;
}

/* --- the end of a socket --- */

static int zpf_txn_release(struct notifier_block *nb, unsigned long event,
			   void *ptr)
{
	const struct netlink_notify *notify = ptr;
	struct zpf_net *zn;
	struct zpf_txn *txn;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	zn = zpf_net_of(notify->net);
	mutex_lock(&zn->txn);
	txn = zpf_txn_find(zn, notify->portid);
	if (txn)
		zpf_txn_free(txn);
	mutex_unlock(&zn->txn);
	zpf_fill_release(zn, notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block zpf_txn_nb = {
	.notifier_call = zpf_txn_release,
};

/**
 * zpf_txn_init() - begin to watch for sockets that end
 */
int zpf_txn_init(void)
{
	return netlink_register_notifier(&zpf_txn_nb);
}

/**
 * zpf_txn_exit() - stop watching
 */
void zpf_txn_exit(void)
{
	netlink_unregister_notifier(&zpf_txn_nb);
}

/**
 * zpf_txn_net_exit() - the namespace goes, and with it what is left open
 * @zn: the namespace
 */
void zpf_txn_net_exit(struct zpf_net *zn)
{
	struct zpf_txn *txn, *next;

	mutex_lock(&zn->txn);
	list_for_each_entry_safe(txn, next, &zn->txns, node)
		zpf_txn_free(txn);
	mutex_unlock(&zn->txn);
}
