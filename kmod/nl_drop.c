// SPDX-License-Identifier: GPL-2.0-only
/*
 * The DROP_GET dump: rows of the ledger, CPU after CPU. It pins the ledger,
 * not a policy, and copies a row at a time while packets go on: what it shows
 * is exact for drops that were over when it began.
 */
#include <net/sock.h>
#include "net.h"
#include "nl.h"
#include "nl_drop.h"

/**
 * struct zpf_drop_dump - where a dump stands, in netlink_callback.ctx
 * @zn: the namespace
 * @ledger: pinned
 * @cpu: CPU
 * @row: its next row; ZPF_TALLY_ROWS: what was lost
 */
struct zpf_drop_dump {
	struct zpf_net *zn;
	struct zpf_ledger *ledger;
	u32 cpu;
	u32 row;
};

static struct zpf_drop_dump *zpf_drop_dump_of(struct netlink_callback *cb)
{
	static_assert(sizeof(struct zpf_drop_dump) <= sizeof(cb->ctx));

	return (struct zpf_drop_dump *)cb->ctx;
}

/**
 * zpf_nl_drop_start() - pin the ledger
 * @cb: the dump
 *
 * Return: 0, or -ENOENT where nothing is armed
 */
int zpf_nl_drop_start(struct netlink_callback *cb)
{
	struct zpf_drop_dump *dump = zpf_drop_dump_of(cb);

	dump->zn = zpf_net_of(sock_net(cb->skb->sk));
	dump->ledger = zpf_ledger_get(dump->zn);
	if (!dump->ledger) {
		NL_SET_ERR_MSG(cb->extack, "no policy is loaded");
		return -ENOENT;
	}
	dump->cpu = 0;
	dump->row = 0;
	return 0;
}

/**
 * zpf_nl_drop_done() - let the ledger go
 * @cb: the dump
 */
int zpf_nl_drop_done(struct netlink_callback *cb)
{
	zpf_ledger_put(zpf_drop_dump_of(cb)->ledger);
	return 0;
}

static int zpf_drop_fill_names(struct sk_buff *msg, const struct zpf_net *zn,
			       const struct zpf_tally_key *key)
{
	const char *from = zpf_name_of(&zn->names, key->from);
	const char *to = zpf_name_of(&zn->names, key->to);
	const char *ruleset = NULL;

	if (key->ruleset)
		ruleset = zpf_name_of(&zn->names, key->ruleset);
	/* The row gave way after it was copied, and its names with it. */
	if (!from || !to || (key->ruleset && !ruleset))
		return -ENOENT;
	return nla_put_string(msg, ZPF_DROP_A_FROM, from) ||
	       nla_put_string(msg, ZPF_DROP_A_TO, to) ||
	       (ruleset &&
		(nla_put_string(msg, ZPF_DROP_A_RULESET, ruleset) ||
		 nla_put_u32(msg, ZPF_DROP_A_NUMBER, key->number))) ?
		-EMSGSIZE : 0;
}

/* The /24 or /64, as an address. */
static int zpf_drop_fill_source(struct sk_buff *msg,
				const struct zpf_tally_key *key)
{
	const __be64 net6[2] = { cpu_to_be64(key->source), 0 };
	const __be32 net4 = htonl((u32)key->source << 8);

	if (key->family == ZPF_V4)
		return nla_put(msg, ZPF_DROP_A_SOURCE, sizeof(net4), &net4);
	return nla_put(msg, ZPF_DROP_A_SOURCE, sizeof(net6), net6);
}

static int zpf_drop_fill_key(struct sk_buff *msg,
			     const struct zpf_tally_key *key)
{
	return nla_put_u8(msg, ZPF_DROP_A_FAMILY, zpf_fam_proto(key->family)) ||
	       (key->reason == ZPF_REASON_STATE_POLICY &&
		nla_put_u8(msg, ZPF_DROP_A_STATE, key->number)) ||
	       nla_put_u8(msg, ZPF_DROP_A_REASON, key->reason) ||
	       nla_put_u8(msg, ZPF_DROP_A_ACTION, key->action) ||
	       ((key->has & ZPF_TALLY_PROTO) &&
		nla_put_u8(msg, ZPF_DROP_A_PROTO, key->proto)) ||
	       ((key->has & ZPF_TALLY_PORT) &&
		nla_put_u16(msg, ZPF_DROP_A_PORT, key->port)) ||
	       ((key->has & ZPF_TALLY_ICMP) &&
		nla_put_u8(msg, ZPF_DROP_A_ICMP_TYPE, key->port)) ||
	       ((key->has & ZPF_TALLY_SOURCE) &&
		zpf_drop_fill_source(msg, key)) ? -EMSGSIZE : 0;
}

static int zpf_drop_fill_counts(struct sk_buff *msg,
				const struct zpf_tally_row *row,
				const struct zpf_tally_cold *cold)
{
	return nla_put_u64_64bit(msg, ZPF_DROP_A_PACKETS, row->packets,
				 ZPF_DROP_A_PAD) ||
	       nla_put_u64_64bit(msg, ZPF_DROP_A_BYTES, row->bytes,
				 ZPF_DROP_A_PAD) ||
	       nla_put_u64_64bit(msg, ZPF_DROP_A_MISSED, cold->missed,
				 ZPF_DROP_A_PAD) ||
	       nla_put_u64_64bit(msg, ZPF_DROP_A_FIRST_NS,
				 zpf_count_last_ns(cold->first),
				 ZPF_DROP_A_PAD) ||
	       nla_put_u64_64bit(msg, ZPF_DROP_A_LAST_NS,
				 zpf_count_last_ns(row->last),
				 ZPF_DROP_A_PAD) ? -EMSGSIZE : 0;
}

static int zpf_drop_fill_sample(struct sk_buff *msg,
				const struct zpf_tally_key *key,
				const struct zpf_tally_sample *sample)
{
	const int len = key->family == ZPF_V4 ? 4 : 16;

	return (sample->has_addr &&
		(nla_put(msg, ZPF_DROP_A_SRC, len, sample->src) ||
		 nla_put(msg, ZPF_DROP_A_DST, len, sample->dst))) ||
	       ((key->has & ZPF_TALLY_PORT) &&
		nla_put_u16(msg, ZPF_DROP_A_SPORT, sample->sport)) ||
	       (sample->has_spi &&
		nla_put_u32(msg, ZPF_DROP_A_SPI, sample->spi)) ||
	       (sample->in[0] &&
		nla_put_string(msg, ZPF_DROP_A_IN, sample->in)) ||
	       (sample->out[0] &&
		nla_put_string(msg, ZPF_DROP_A_OUT, sample->out)) ?
		-EMSGSIZE : 0;
}

/**
 * zpf_drop_fill() - a row as attributes, all but CPU and LOST_*
 * @msg: the message
 * @zn: the namespace
 * @row: copy of the row
 * @cold: copy of the rest
 *
 * Context: process. Return: 0; -EMSGSIZE; -ENOENT if it is gone meanwhile
 */
int zpf_drop_fill(struct sk_buff *msg, const struct zpf_net *zn,
		  const struct zpf_tally_row *row,
		  const struct zpf_tally_cold *cold)
{
	const struct zpf_tally_key key = zpf_tally_unpack(&row->code);
	int err;

	rcu_read_lock();
	err = zpf_drop_fill_names(msg, zn, &key);
	rcu_read_unlock();
	return err ?: zpf_drop_fill_key(msg, &key) ?:
		zpf_drop_fill_counts(msg, row, cold) ?:
		zpf_drop_fill_sample(msg, &key, &cold->sample);
}

static int zpf_drop_fill_lost(struct sk_buff *msg,
			      const struct zpf_ledger *ledger, u32 cpu)
{
	u64 packets, bytes;

	zpf_ledger_lost(ledger, cpu, &packets, &bytes);
	return nla_put_u64_64bit(msg, ZPF_DROP_A_LOST_PACKETS, packets,
				 ZPF_DROP_A_PAD) ||
	       nla_put_u64_64bit(msg, ZPF_DROP_A_LOST_BYTES, bytes,
				 ZPF_DROP_A_PAD) ? -EMSGSIZE : 0;
}

/* The message a dump stands at. Return: -ENOENT if there is none. */
static int zpf_drop_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct zpf_drop_dump *dump)
{
	struct zpf_tally_cold cold;
	struct zpf_tally_row row;
	void *hdr;
	int err;

	if (dump->row < ZPF_TALLY_ROWS &&
	    !zpf_ledger_read(dump->ledger, dump->cpu, dump->row, &row, &cold))
		return -ENOENT;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &zpf_nl_family, NLM_F_MULTI, ZPF_CMD_DROP_GET);
	if (!hdr)
		return -EMSGSIZE;
	err = nla_put_u32(skb, ZPF_DROP_A_CPU, dump->cpu);
	if (!err && dump->row < ZPF_TALLY_ROWS)
		err = zpf_drop_fill(skb, dump->zn, &row, &cold);
	else if (!err)
		err = zpf_drop_fill_lost(skb, dump->ledger, dump->cpu);
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

/**
 * zpf_nl_drop_dump() - DROP_GET
 * @skb: the messages
 * @cb: the dump
 */
int zpf_nl_drop_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_drop_dump *dump = zpf_drop_dump_of(cb);
	int err = 0;

	while (dump->cpu < nr_cpu_ids) {
		if (cpu_possible(dump->cpu))
			err = zpf_drop_dump_one(skb, cb, dump);
		if (err && err != -ENOENT)
			break;
		err = 0;
		if (!cpu_possible(dump->cpu) || ++dump->row > ZPF_TALLY_ROWS) {
			dump->cpu++;
			dump->row = 0;
		}
	}
	return skb->len ? skb->len : err;
}
