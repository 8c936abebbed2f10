// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps. Each pins the snapshot that was live when it began and shows that one
 * to its end, whatever is committed meanwhile; none takes a lock. One message
 * a row, so that a dump may stop and go on anywhere.
 */
#include <net/sock.h>
#include "index.h"
#include "net.h"
#include "nl.h"

/**
 * zpf_nl_dump_start() - pin what is live
 * @cb: the dump
 *
 * Return: 0, or -ENOENT if no policy is loaded
 */
int zpf_nl_dump_start(struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	struct zpf_live *live = zpf_live_get(zpf_net_of(sock_net(cb->skb->sk)));

	if (!live || !live->gen) {
		zpf_live_put(live);
		NL_SET_ERR_MSG(cb->extack, "no policy is loaded");
		return -ENOENT;
	}
	dump->live = live;
	dump->i = 0;
	dump->j = 0;
	return 0;
}

/**
 * zpf_nl_dump_done() - let the snapshot go
 * @cb: the dump
 */
int zpf_nl_dump_done(struct netlink_callback *cb)
{
	zpf_live_put(zpf_dump_of(cb)->live);
	return 0;
}

/**
 * zpf_dump_put() - begin a message of a dump
 * @skb: the messages
 * @cb: the dump
 * @cmd: &enum zpf_cmd
 *
 * Return: its header, or NULL without room
 */
void *zpf_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &zpf_nl_family, NLM_F_MULTI, cmd);
}

/* --- zones --- */

static int zpf_fill_iface(struct sk_buff *skb, const struct zpf_ent *ent)
{
	struct nlattr *nest = nla_nest_start(skb, ZPF_ZONE_A_IFACE);

	if (!nest || nla_put_u32(skb, ZPF_IFACE_A_INDEX, ent->ifindex) ||
	    nla_put_string(skb, ZPF_IFACE_A_NAME, ent->name) ||
	    (ent->member != ZPF_NO_MEMBER &&
	     nla_put_u32(skb, ZPF_IFACE_A_MEMBER, ent->member))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int zpf_fill_member(struct sk_buff *skb, const struct zpf_member *member)
{
	struct nlattr *nest = nla_nest_start(skb, ZPF_ZONE_A_MEMBER);

	if (!nest || nla_put_string(skb, ZPF_MEMBER_A_NAME, member->name) ||
	    (member->vrf && nla_put_flag(skb, ZPF_MEMBER_A_VRF))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int zpf_fill_zone_table(struct sk_buff *skb, int attr, u32 table)
{
	return table != ZPF_NO_TABLE && nla_put_u32(skb, attr, table);
}

static int zpf_fill_zone_head(struct sk_buff *skb, const struct zpf_zone *zone)
{
	return nla_put_string(skb, ZPF_ZONE_A_NAME, zone->name) ||
	       nla_put_u32(skb, ZPF_ZONE_A_FLAGS, zone->flags) ||
	       nla_put_u8(skb, ZPF_ZONE_A_DEFAULT_ACTION,
			  zone->default_action) ||
	       zpf_fill_zone_table(skb, ZPF_ZONE_A_DEFAULT_TABLE4,
				   zone->default_table[ZPF_V4]) ||
	       zpf_fill_zone_table(skb, ZPF_ZONE_A_DEFAULT_TABLE6,
				   zone->default_table[ZPF_V6]) ||
	       zpf_fill_zone_table(skb, ZPF_ZONE_A_INTRA_TABLE4,
				   zone->intra_table[ZPF_V4]) ||
	       zpf_fill_zone_table(skb, ZPF_ZONE_A_INTRA_TABLE6,
				   zone->intra_table[ZPF_V6]) ||
	       (zone->intra_action == ZPF_ACTION_DROP &&
		nla_put_u8(skb, ZPF_ZONE_A_INTRA_ACTION, zone->intra_action));
}

/**
 * zpf_fill_zone() - a zone, or as much of it as fits
 * @skb: the message
 * @dump: @j counts members, then interfaces; 0: the zone has not begun
 * @id: zone index
 * @more: set if it goes on in another message
 */
static int zpf_fill_zone(struct sk_buff *skb, struct zpf_dump *dump, u32 id,
			 bool *more)
{
	const struct zpf_live *live = dump->live;
	const struct zpf_zone *zone = &live->gen->zones[id];
	const u32 head = 1 + zone->n_members;
	u32 j;

	*more = false;
	if (nla_put_u32(skb, ZPF_ZONE_A_ID, id))
		return -EMSGSIZE;
	if (!dump->j) {
		if (id && zpf_fill_zone_head(skb, zone))
			return -EMSGSIZE;
		dump->j = 1;
	}
	for (j = dump->j; j < head + live->n_ents - 1; j++) {
		const struct zpf_ent *ent = &live->ents[j - head + 1];
		int err;

		if (j < head)
			err = zpf_fill_member(skb, &zone->members[j - 1]);
		else if (ent->zone == id)
			err = zpf_fill_iface(skb, ent);
		else
			err = 0;
		if (err) {
			*more = true;
			break;
		}
	}
	/* An empty continuation would never end. */
	if (*more && j == dump->j)
		return -EMSGSIZE;
	dump->j = j;
	return 0;
}

/**
 * zpf_nl_dump_zones() - ZONE_GET
 * @skb: the messages
 * @cb: the dump
 */
int zpf_nl_dump_zones(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	const struct zpf_gen *gen = dump->live->gen;
	bool more;
	int err = 0;

	/* Zone 0, the interfaces in no zone, comes last. */
	while (!err && dump->i <= gen->n_zones) {
		u32 id = (dump->i + 1) % (gen->n_zones + 1);
		u32 was = dump->j;

		err = zpf_dump_one(skb, cb, ZPF_CMD_ZONE_GET,
				   zpf_fill_zone(skb, dump, id, &more));
		if (err) {
			dump->j = was;
		} else if (more) {
			err = -EMSGSIZE;
		} else {
			dump->i++;
			dump->j = 0;
		}
	}
	return skb->len ? skb->len : err;
}

/* --- counters --- */

static int zpf_fill_sum(struct sk_buff *skb, const struct zpf_gen *gen, u32 ctr)
{
	struct zpf_sum sum;

	zpf_count_sum(&gen->zn->pool, gen->ctrs[ctr], &sum);
	return nla_put_u32(skb, ZPF_COUNTER_A_GENERATION, gen->id) ||
	       nla_put_u64_64bit(skb, ZPF_COUNTER_A_PACKETS, sum.packets,
				 ZPF_COUNTER_A_PAD) ||
	       nla_put_u64_64bit(skb, ZPF_COUNTER_A_BYTES, sum.bytes,
				 ZPF_COUNTER_A_PAD) ||
	       nla_put_u64_64bit(skb, ZPF_COUNTER_A_SINCE_NS,
				 zpf_count_last_ns(sum.since),
				 ZPF_COUNTER_A_PAD) ||
	       (sum.last &&
		nla_put_u64_64bit(skb, ZPF_COUNTER_A_LAST_NS,
				  zpf_count_last_ns(sum.last),
				  ZPF_COUNTER_A_PAD)) ? -EMSGSIZE : 0;
}

static int zpf_fill_row(struct sk_buff *skb, const struct zpf_table *table,
			u32 row)
{
	const struct zpf_row *r = &table->rows[row];

	return nla_put_string(skb, ZPF_COUNTER_A_TABLE, table->rulesets[0]) ||
	       nla_put_string(skb, ZPF_COUNTER_A_RULESET,
			      table->rulesets[r->ruleset]) ||
	       nla_put_u32(skb, ZPF_COUNTER_A_NUMBER, r->number) ||
	       nla_put_u8(skb, ZPF_COUNTER_A_ACTION, r->action) ?
		-EMSGSIZE : 0;
}

static int zpf_fill_cell(struct sk_buff *skb, const struct zpf_gen *gen,
			 unsigned int fam, const struct zpf_cell *cell, u32 row)
{
	if (nla_put_u8(skb, ZPF_COUNTER_A_KIND, ZPF_COUNTER_PAIR) ||
	    nla_put_u8(skb, ZPF_COUNTER_A_FAMILY, zpf_fam_proto(fam)) ||
	    nla_put_u32(skb, ZPF_COUNTER_A_FROM, cell->from) ||
	    nla_put_u32(skb, ZPF_COUNTER_A_TO, cell->to))
		return -EMSGSIZE;
	if (cell->table) {
		if (zpf_fill_row(skb, cell->table, row))
			return -EMSGSIZE;
	} else if (nla_put_u32(skb, ZPF_COUNTER_A_NUMBER, 0) ||
		   nla_put_u8(skb, ZPF_COUNTER_A_ACTION, cell->action) ||
		   nla_put_u8(skb, ZPF_COUNTER_A_REASON, cell->reason)) {
		return -EMSGSIZE;
	}
	return zpf_fill_sum(skb, gen, cell->row0 + row);
}

static int zpf_fill_chain(struct sk_buff *skb, const struct zpf_gen *gen,
			  unsigned int hook, unsigned int fam, u32 row)
{
	const struct zpf_chain *chain = &gen->chains[hook][fam];

	if (nla_put_u8(skb, ZPF_COUNTER_A_KIND, ZPF_COUNTER_CHAIN) ||
	    nla_put_u8(skb, ZPF_COUNTER_A_FAMILY, zpf_fam_proto(fam)) ||
	    nla_put_u8(skb, ZPF_COUNTER_A_HOOK, zpf_nl_hook(hook)) ||
	    zpf_fill_row(skb, chain->table, row))
		return -EMSGSIZE;
	return zpf_fill_sum(skb, gen, chain->row0 + row);
}

static int zpf_fill_state(struct sk_buff *skb, const struct zpf_gen *gen,
			  unsigned int sp)
{
	static const u8 states[ZPF_N_SP] = {
		[ZPF_SP_ESTABLISHED] = ZPF_STATE_ESTABLISHED,
		[ZPF_SP_RELATED] = ZPF_STATE_RELATED,
		[ZPF_SP_INVALID] = ZPF_STATE_INVALID,
	};

	if (nla_put_u8(skb, ZPF_COUNTER_A_KIND, ZPF_COUNTER_STATE) ||
	    nla_put_u8(skb, ZPF_COUNTER_A_STATE, states[sp]) ||
	    nla_put_u8(skb, ZPF_COUNTER_A_ACTION, gen->sp[sp].action))
		return -EMSGSIZE;
	return zpf_fill_sum(skb, gen, gen->sp[sp].row0);
}

/**
 * struct zpf_group - counters that belong together: a cell, a chain, a state
 * @rows: how many
 * @cell: the cell, or NULL
 * @hook: chain: hook
 * @fam: cell, chain: family
 * @sp: state policy, if neither cell nor chain
 * @chain: it is a chain
 */
struct zpf_group {
	u32 rows;
	const struct zpf_cell *cell;
	unsigned int hook;
	unsigned int fam;
	unsigned int sp;
	bool chain;
};

/* The groups of a generation in order: cells, chains, state policy. */
static bool zpf_group_at(const struct zpf_gen *gen, u32 i,
			 struct zpf_group *group)
{
	const u32 per_fam = gen->dim * gen->dim;

	memset(group, 0, sizeof(*group));
	if (i < ZPF_N_FAMILIES * per_fam) {
		/* A pair's two families stand together. */
		group->fam = i % ZPF_N_FAMILIES;
		group->cell = &gen->cells[group->fam][i / ZPF_N_FAMILIES];
		group->rows = zpf_cell_rows(group->cell);
		return true;
	}
	i -= ZPF_N_FAMILIES * per_fam;
	if (i < ZPF_N_HOOKS * ZPF_N_FAMILIES) {
		const struct zpf_chain *chain;

		group->chain = true;
		group->hook = i / ZPF_N_FAMILIES;
		group->fam = i % ZPF_N_FAMILIES;
		chain = &gen->chains[group->hook][group->fam];
		group->rows = chain->table ? chain->table->n_rows : 0;
		return true;
	}
	i -= ZPF_N_HOOKS * ZPF_N_FAMILIES;
	if (i >= ZPF_N_SP)
		return false;
	group->sp = i;
	group->rows = gen->sp[i].action ? 1 : 0;
	return true;
}

static int zpf_fill_counter(struct sk_buff *skb, const struct zpf_gen *gen,
			    const struct zpf_group *group, u32 row)
{
	if (group->cell)
		return zpf_fill_cell(skb, gen, group->fam, group->cell, row);
	if (group->chain)
		return zpf_fill_chain(skb, gen, group->hook, group->fam, row);
	return zpf_fill_state(skb, gen, group->sp);
}

/**
 * zpf_nl_dump_counters() - COUNTER_GET
 * @skb: the messages
 * @cb: the dump
 */
int zpf_nl_dump_counters(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	const struct zpf_gen *gen = dump->live->gen;
	struct zpf_group group;
	int err = 0;

	while (!err && zpf_group_at(gen, dump->i, &group)) {
		while (!err && dump->j < group.rows) {
			err = zpf_dump_one(skb, cb, ZPF_CMD_COUNTER_GET,
					   zpf_fill_counter(skb, gen, &group,
							    dump->j));
			if (!err)
				dump->j++;
		}
		if (!err) {
			dump->i++;
			dump->j = 0;
		}
	}
	return skb->len ? skb->len : err;
}

/* --- tables --- */

static int zpf_fill_table(struct sk_buff *skb, const struct zpf_gen *gen, u32 i)
{
	const struct zpf_table *table = gen->tables[i];
	struct zpf_index_stat stat;

	zpf_index_stat(table, &stat);
	return nla_put_u32(skb, ZPF_TABLE_A_GENERATION, gen->id) ||
	       nla_put_u32(skb, ZPF_TABLE_A_ID, i) ||
	       nla_put_u8(skb, ZPF_TABLE_A_FAMILY, table->family) ||
	       nla_put_string(skb, ZPF_TABLE_A_NAME, table->rulesets[0]) ||
	       nla_put_u32(skb, ZPF_TABLE_A_RULES, table->n_rules) ||
	       nla_put_u32(skb, ZPF_TABLE_A_ROWS, table->n_rows) ||
	       nla_put_u8(skb, ZPF_TABLE_A_ENGINE, stat.engine) ||
	       nla_put_u64_64bit(skb, ZPF_TABLE_A_INDEX_BYTES, stat.bytes,
				 ZPF_TABLE_A_PAD) ||
	       nla_put_u32(skb, ZPF_TABLE_A_PROBES, stat.probes) ?
		-EMSGSIZE : 0;
}

/**
 * zpf_nl_dump_tables() - TABLE_GET
 * @skb: the messages
 * @cb: the dump
 */
int zpf_nl_dump_tables(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	const struct zpf_gen *gen = dump->live->gen;
	int err = 0;

	while (!err && dump->i < gen->n_tables) {
		err = zpf_dump_one(skb, cb, ZPF_CMD_TABLE_GET,
				   zpf_fill_table(skb, gen, dump->i));
		if (!err)
			dump->i++;
	}
	return skb->len ? skb->len : err;
}

/* --- log sites, source --- */

static int zpf_fill_site(struct sk_buff *skb, const struct zpf_gen *gen, u32 i)
{
	const struct zpf_keep *keep = gen->sites[i].keep;

	return nla_put_u32(skb, ZPF_SITE_A_GENERATION, gen->id) ||
	       nla_put_string(skb, ZPF_SITE_A_PREFIX, keep->name) ||
	       nla_put_u64_64bit(skb, ZPF_SITE_A_INTERVAL_NS,
				 gen->log_rate.interval_ns, ZPF_SITE_A_PAD) ||
	       nla_put_u32(skb, ZPF_SITE_A_BURST, gen->log_burst) ||
	       nla_put_u64_64bit(skb, ZPF_SITE_A_LOGGED,
				 atomic64_read(&keep->logged),
				 ZPF_SITE_A_PAD) ||
	       nla_put_u64_64bit(skb, ZPF_SITE_A_SUPPRESSED,
				 zpf_keep_suppressed(keep),
				 ZPF_SITE_A_PAD) ||
	       nla_put_u64_64bit(skb, ZPF_SITE_A_UNDELIVERABLE,
				 atomic64_read(&keep->undeliverable),
				 ZPF_SITE_A_PAD) ? -EMSGSIZE : 0;
}

/**
 * zpf_nl_dump_sites() - SITE_GET
 * @skb: the messages
 * @cb: the dump
 *
 * A rule that several tables hold has one site, shown where it comes first.
 */
int zpf_nl_dump_sites(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	const struct zpf_gen *gen = dump->live->gen;
	int err = 0;

	while (!err && dump->i < gen->n_sites) {
		if (!gen->sites[dump->i].copy)
			err = zpf_dump_one(skb, cb, ZPF_CMD_SITE_GET,
					   zpf_fill_site(skb, gen, dump->i));
		if (!err)
			dump->i++;
	}
	return skb->len ? skb->len : err;
}

static int zpf_fill_source(struct sk_buff *skb, const struct zpf_gen *gen,
			   u32 off, u32 len)
{
	return nla_put_u32(skb, ZPF_SOURCE_A_GENERATION, gen->id) ||
	       nla_put(skb, ZPF_SOURCE_A_TEXT, len, gen->source + off) ?
		-EMSGSIZE : 0;
}

/**
 * zpf_nl_dump_source() - SOURCE_GET
 * @skb: the messages
 * @cb: the dump; @i counts bytes
 */
int zpf_nl_dump_source(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_dump *dump = zpf_dump_of(cb);
	const struct zpf_gen *gen = dump->live->gen;
	/* What is left of the buffer after both headers and the generation. */
	const int overhead = NLMSG_HDRLEN + GENL_HDRLEN +
			     nla_total_size(sizeof(u32)) + NLA_HDRLEN +
			     NLA_ALIGNTO;
	int err = 0;

	while (!err && dump->i < gen->source_len) {
		int room = skb_tailroom(skb) - overhead;
		u32 len = min3((u32)max(room, 0), gen->source_len - dump->i,
			       (u32)ZPF_SOURCE_CHUNK);

		err = len ? zpf_dump_one(skb, cb, ZPF_CMD_SOURCE_GET,
					 zpf_fill_source(skb, gen, dump->i, len))
			  : -EMSGSIZE;
		if (!err)
			dump->i += len;
	}
	return skb->len ? skb->len : err;
}
