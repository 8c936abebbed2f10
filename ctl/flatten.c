// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lays the model flat: rulesets and what they jump to become tables as the
 * kernel walks them (uapi: "How a table is walked"), groups and port lists
 * become shared sets, zones and their bindings positions. Called by config on
 * a model without errors; refuses only what exceeds a cap.
 */
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter.h>

#include "emit.h"
#include "model.h"
#include "policy_mem.h"
#include "range.h"
#include "setpool.h"

struct flat {
	struct zpf_model *m;
	struct zpf_policy *p;
	struct zpf_arena *arena;	/* of the policy */
	struct zpf_set_pool *sets;
	struct zpf_flat_table *t;	/* being filled */
	uint32_t table;
	uint64_t n_rules;		/* of all tables */
};

/* ---- matches of one rule ---- */

static uint32_t group_set(struct flat *f, enum zpf_group_kind kind,
			  const char *name)
{
	struct zpf_group *g = zpf_model_group(f->m, kind, name);

	if (g->set == ZPF_NO_TABLE)
		g->set = zpf_set_pool_add(f->sets, &g->resolved);
	return g->set;
}

static uint32_t side_group(struct flat *f, int fam, enum zpf_group_kind kind,
			   const char *name)
{
	struct zpf_group *g = zpf_model_group(f->m, kind, name);

	switch (kind) {
	case ZPF_GROUP_DOMAIN:
		return zpf_set_pool_filled(f->sets, fam, "domain", g->name, g->node);
	case ZPF_GROUP_REMOTE:
		return zpf_set_pool_filled(f->sets, fam, "remote", g->name, g->node);
	case ZPF_GROUP_DYNAMIC:
	case ZPF_GROUP_DYNAMIC6:
		return zpf_set_pool_owned(f->sets, fam, "dynamic", g->name, g->node);
	default:
		return group_set(f, kind, name);
	}
}

/* Groups nobody refers to can be filled all the same. */
static void flat_groups(struct flat *f)
{
	for (size_t i = 0; i < f->m->n_groups; i++) {
		const struct zpf_group *g = &f->m->groups[i];

		if (zpf_group_owned(g->kind))
			side_group(f, g->kind == ZPF_GROUP_DYNAMIC6 ?
				   ZPF_FAM6 : ZPF_FAM4, g->kind, g->name);
	}
}

static void flat_addr_set(struct zpf_flat_rule *r, bool dst, uint32_t set,
			  bool not)
{
	r->match |= dst ? ZPF_FLAT_DADDR_SET : ZPF_FLAT_SADDR_SET;
	*(dst ? &r->daddr_set : &r->saddr_set) = set;
	if (not)
		r->not |= dst ? ZPF_NOT_DADDR : ZPF_NOT_SADDR;
}

static void flat_addr(struct flat *f, const struct zpf_side *side, bool dst,
		      int fam, struct zpf_flat_rule *r)
{
	const struct zpf_v_addr *a = &side->addr;
	enum zpf_group_kind kind;
	const struct zpf_v_name *group;

	if (side->mask.node) {
		r->match |= dst ? ZPF_FLAT_DADDR_MASK : ZPF_FLAT_SADDR_MASK;
		memcpy(dst ? r->daddr_mask : r->saddr_mask, side->mask.m,
		       sizeof(side->mask.m));
	}
	if (a->node && side->mask.node) {
		struct zpf_range4 r4 = a->r4;
		struct zpf_range6 r6 = a->r6;
		struct zpf_flat_set set = { .kind = ZPF_SET_IPV4, .n = 1,
			.r4 = &r4, .where = a->node->where };

		if (fam == ZPF_FAM6) {
			set.kind = ZPF_SET_IPV6;
			set.r6 = &r6;
		}
		r->match |= dst ? ZPF_FLAT_DADDR_SET : ZPF_FLAT_SADDR_SET;
		*(dst ? &r->daddr_set : &r->saddr_set) =
			zpf_set_pool_add(f->sets, &set);
	} else if (a->node) {
		r->match |= dst ? ZPF_FLAT_DADDR : ZPF_FLAT_SADDR;
		if (fam == ZPF_FAM6)
			*(dst ? &r->daddr6 : &r->saddr6) = a->r6;
		else
			*(dst ? &r->daddr4 : &r->saddr4) = a->r4;
	}
	if (a->not)
		r->not |= dst ? ZPF_NOT_DADDR : ZPF_NOT_SADDR;
	for (size_t i = 0; i < ZPF_SIDE_GROUPS; i++) {
		group = zpf_side_groups(side, fam, i, &kind);
		if (group->node)
			flat_addr_set(r, dst, side_group(f, fam, kind, group->s),
				      group->not);
	}
	if (side->fqdn.node)
		flat_addr_set(r, dst, zpf_set_pool_filled(f->sets, fam, "fqdn",
							  side->fqdn.s,
							  side->fqdn.node),
			      side->fqdn.not);
	if (side->country.node)
		flat_addr_set(r, dst, zpf_set_pool_countries(f->sets, fam,
							     &side->country),
			      side->country_not.node);
}

static void flat_port(struct flat *f, const struct zpf_side *side, bool dst,
		      struct zpf_flat_rule *r)
{
	const struct zpf_v_name *group = &side->port_group;
	struct zpf_flat_set set = { .kind = ZPF_SET_PORT };
	uint32_t id;

	if (side->port.node && side->port.n == 1) {
		r->match |= dst ? ZPF_FLAT_DPORT : ZPF_FLAT_SPORT;
		*(dst ? &r->dport : &r->sport) = side->port.r[0];
		return;
	}
	if (side->port.node) {
		set.n = side->port.n;
		set.port = side->port.r;
		set.where = side->port.node->where;
		id = zpf_set_pool_add(f->sets, &set);
	} else if (group->node) {
		id = group_set(f, ZPF_GROUP_PORT, group->s);
		if (group->not)
			r->not |= dst ? ZPF_NOT_DPORT : ZPF_NOT_SPORT;
	} else {
		return;
	}
	r->match |= dst ? ZPF_FLAT_DPORT_SET : ZPF_FLAT_SPORT_SET;
	*(dst ? &r->dport_set : &r->sport_set) = id;
}

static void flat_iface(struct flat *f, const struct zpf_v_name *name,
		       const struct zpf_v_name *group, bool out,
		       struct zpf_flat_rule *r)
{
	char *names[1] = { (char *)name->s };
	struct zpf_flat_set set = { .kind = ZPF_SET_IFACE, .n = 1,
		.ifname = names };
	bool not = name->node ? name->not : group->not;
	uint32_t id;

	if (name->node) {
		set.where = name->node->where;
		id = zpf_set_pool_add(f->sets, &set);
	} else if (group->node) {
		id = group_set(f, ZPF_GROUP_INTERFACE, group->s);
	} else {
		return;
	}
	r->match |= out ? ZPF_FLAT_OUT_SET : ZPF_FLAT_IN_SET;
	*(out ? &r->out_set : &r->in_set) = id;
	if (not)
		r->not |= out ? ZPF_NOT_OUT : ZPF_NOT_IN;
}

static void flat_icmp(const struct zpf_rule *in, struct zpf_flat_rule *r)
{
	int type = in->icmp_type.node ? (int)in->icmp_type.v : -1;
	int code = in->icmp_code.node ? (int)in->icmp_code.v : -1;

	if (in->icmp_name.node) {
		type = in->icmp_name.type;
		code = in->icmp_name.code;
	}
	if (type >= 0) {
		r->match |= ZPF_FLAT_ICMP_TYPE;
		r->icmp_type = (uint8_t)type;
	}
	if (code >= 0) {
		r->match |= ZPF_FLAT_ICMP_CODE;
		r->icmp_code = (uint8_t)code;
	}
}

/* ---- numbers of the packet ---- */

static void add_num(struct flat *f, struct zpf_flat_rule *r, enum zpf_num what,
		    uint32_t set)
{
	struct zpf_flat_num num = { .what = what, .set = set };

	ZPF_PUSH(f->arena, r->nums, r->n_nums, num);
	r->match |= ZPF_FLAT_NUM;
}

/* @what is in @in, or 0 .. @max without it, and not in @out. */
static void flat_num(struct flat *f, struct zpf_flat_rule *r, enum zpf_num what,
		     const struct zpf_v_nums *in, const struct zpf_v_nums *out,
		     uint64_t max)
{
	struct zpf_range64 all = { .lo = 0, .hi = max };
	struct zpf_flat_set set = { .kind = ZPF_SET_NUMBER, .r64 = &all, .n = 1 };

	if (!(in && in->node) && !(out && out->node))
		return;
	set.where = (in && in->node ? in : out)->node->where;
	if (in && in->node) {
		set.r64 = in->r;
		set.n = zpf_range64_merge(in->r, in->n);
	}
	if (out && out->node)
		set.r64 = zpf_range64_sub(f->m->arena, set.r64, set.n, out->r,
					  zpf_range64_merge(out->r, out->n),
					  &set.n);
	add_num(f, r, what, zpf_set_pool_add(f->sets, &set));
}

/* Without `!` a test for the ranges, with it one for all others up to @max. */
static void flat_not(struct flat *f, struct zpf_flat_rule *r, enum zpf_num what,
		     const struct zpf_v_nums *v, uint64_t max)
{
	flat_num(f, r, what, v->not ? NULL : v, v->not ? v : NULL, max);
}

static void flat_range(struct flat *f, struct zpf_flat_rule *r,
		       enum zpf_num what, const struct zpf_node *at,
		       uint64_t lo, uint64_t hi)
{
	struct zpf_range64 range = { .lo = lo, .hi = hi };
	struct zpf_v_nums v = { .node = at, .r = &range, .n = 1 };

	flat_num(f, r, what, &v, NULL, hi);
}

static void flat_ttl(struct flat *f, const struct zpf_rule *in,
		     struct zpf_flat_rule *r)
{
	if (in->ttl_eq.node)
		flat_range(f, r, ZPF_NUM_TTL, in->ttl_eq.node, in->ttl_eq.v,
			   in->ttl_eq.v);
	else if (in->ttl_gt.node)
		flat_range(f, r, ZPF_NUM_TTL, in->ttl_gt.node,
			   in->ttl_gt.v + 1, 255);
	else if (in->ttl_lt.node)
		flat_range(f, r, ZPF_NUM_TTL, in->ttl_lt.node, 0,
			   in->ttl_lt.v - 1);
}

/* One bit of a number is set, whatever the other @bits are. */
static void flat_nat(struct flat *f, const struct zpf_rule *in,
		     struct zpf_flat_rule *r)
{
	static const struct zpf_range64 has[][2] = {
		[1] = { { 1, 1 }, { 3, 3 } },
		[2] = { { 2, 3 } },
	};
	struct zpf_range64 range[2];
	struct zpf_v_nums v = { .node = in->ct_nat.node, .r = range };

	if (!v.node)
		return;
	v.n = in->ct_nat.r[0].lo == 1 ? 2 : 1;
	memcpy(range, has[in->ct_nat.r[0].lo], sizeof(range));
	flat_num(f, r, ZPF_NUM_CT_NAT, &v, NULL, 3);
}

#define MAC_MAX 0xffffffffffffULL

static void flat_mac(struct flat *f, const struct zpf_side *side, bool dst,
		     struct zpf_flat_rule *r)
{
	enum zpf_num what = dst ? ZPF_NUM_DMAC : ZPF_NUM_SMAC;
	const struct zpf_v_name *group = &side->mac_group;
	const struct zpf_group *g;

	flat_not(f, r, what, &side->mac, MAC_MAX);
	if (!group->node)
		return;
	g = zpf_model_group(f->m, ZPF_GROUP_MAC, group->s);
	if (group->not) {
		struct zpf_v_nums v = { .node = group->node, .not = true,
			.r = g->resolved.r64, .n = g->resolved.n };

		flat_not(f, r, what, &v, MAC_MAX);
	} else {
		add_num(f, r, what, group_set(f, ZPF_GROUP_MAC, group->s));
	}
}

static void flat_yes_no(struct flat *f, struct zpf_flat_rule *r,
			enum zpf_num what, const struct zpf_v_flag *yes,
			const struct zpf_v_flag *no)
{
	if (yes->node)
		flat_range(f, r, what, yes->node, 1, 1);
	if (no->node)
		flat_range(f, r, what, no->node, 0, 0);
}

/* Of all combinations of flags those that are asked for. */
static void flat_gre(struct flat *f, const struct zpf_rule *in,
		     struct zpf_flat_rule *r)
{
	const struct zpf_node *at = NULL;
	struct zpf_range64 range[8];
	struct zpf_v_nums v = { .r = range };
	unsigned int set = 0, unset = 0;

	for (unsigned int i = 0; i < 3; i++) {
		if (!in->gre_flag[i].node)
			continue;
		at = in->gre_flag[i].node;
		*(in->gre_unset[i].node ? &unset : &set) |= 1u << i;
	}
	for (unsigned int flags = 0; flags < 8; flags++)
		if ((flags & set) == set && !(flags & unset))
			range[v.n++] = (struct zpf_range64){ flags, flags };
	v.node = at;
	flat_num(f, r, ZPF_NUM_GRE_FLAGS, &v, NULL, 7);
	if (in->gre_key.node)
		flat_range(f, r, ZPF_NUM_GRE_KEY, in->gre_key.node,
			   in->gre_key.v, in->gre_key.v);
	flat_num(f, r, ZPF_NUM_GRE_PROTO, &in->gre_proto, NULL, 0);
	flat_num(f, r, ZPF_NUM_GRE_VERSION, &in->gre_version, NULL, 0);
}

static void flat_changes(struct flat *f, const struct zpf_rule *in,
			 struct zpf_flat_rule *r)
{
	const struct {
		enum zpf_change what;
		const struct zpf_v_num *v;
	} all[] = {
		{ ZPF_CHANGE_DSCP, &in->set_dscp },
		{ ZPF_CHANGE_MARK, &in->set_mark },
		{ ZPF_CHANGE_CT_MARK, &in->set_ct_mark },
		{ ZPF_CHANGE_MSS, &in->set_mss },
		{ ZPF_CHANGE_TTL, &in->set_ttl },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct zpf_flat_change c = { all[i].what, all[i].v->v };

		if (all[i].v->node)
			ZPF_PUSH(f->arena, r->changes, r->n_changes, c);
	}
}

static void flat_nums(struct flat *f, const struct zpf_rule *in,
		      struct zpf_flat_rule *r)
{
	flat_nat(f, in, r);
	flat_num(f, r, ZPF_NUM_CT_MARK, &in->ct_mark, NULL, UINT32_MAX);
	flat_not(f, r, ZPF_NUM_MARK, &in->mark, UINT32_MAX);
	flat_mac(f, &in->source, false, r);
	flat_mac(f, &in->destination, true, r);
	flat_ttl(f, in, r);
	flat_num(f, r, ZPF_NUM_LENGTH, &in->length, &in->length_not, UINT32_MAX);
	flat_num(f, r, ZPF_NUM_PKTTYPE, &in->pkttype, NULL, 0);
	flat_num(f, r, ZPF_NUM_DSCP, &in->dscp, &in->dscp_not, 63);
	flat_yes_no(f, r, ZPF_NUM_FRAG, &in->frag, &in->no_frag);
	flat_num(f, r, ZPF_NUM_CT_HELPER, &in->helper, NULL, 0);
	flat_yes_no(f, r, ZPF_NUM_IPSEC_IN, &in->ipsec_in, &in->ipsec_no_in);
	flat_yes_no(f, r, ZPF_NUM_IPSEC_OUT, &in->ipsec_out, &in->ipsec_no_out);
	flat_gre(f, in, r);
	flat_num(f, r, ZPF_NUM_MSS, &in->mss, NULL, 0);
}

static void flat_recent(const struct zpf_rule *in, struct zpf_flat_rule *r)
{
	if (!in->recent_count.node || !in->recent_time.node)
		return;
	r->match |= ZPF_FLAT_RECENT;
	r->recent_count = in->recent_count.v;
	r->recent_ns = in->recent_time.v * 1000000000ULL;
}

static void flat_add(struct flat *f, const struct zpf_add *in, int fam,
		     struct zpf_flat_add *add)
{
	if (!in->group.node)
		return;
	add->on = true;
	add->set = side_group(f, fam, fam == ZPF_FAM6 ? ZPF_GROUP_DYNAMIC6 :
			      ZPF_GROUP_DYNAMIC, in->group.s);
	add->for_ns = in->timeout.ns;
}

static void flat_log(const struct zpf_rule *in, struct zpf_log_spec *log)
{
	log->on = in->log.node;
	if (in->log_level.node)
		log->level = (int)in->log_level.v;
	if (in->log_group.node) {
		log->group = (int)in->log_group.v;
		log->level = -1;	/* NFLOG has none */
	}
	if (in->log_snaplen.node)
		log->snaplen = (int)in->log_snaplen.v;
	if (in->log_qthreshold.node)
		log->qthreshold = (int)in->log_qthreshold.v;
}

static const struct zpf_log_spec no_log = {
	.level = -1, .group = -1, .snaplen = -1, .qthreshold = -1
};

/* One rule: its matches, its log. A new match is a line here. */
static void flat_matches(struct flat *f, const struct zpf_rule *in, int fam,
			 struct zpf_flat_rule *r)
{
	if (in->state.node) {
		r->match |= ZPF_FLAT_STATE;
		r->state = (uint8_t)in->state.v;
	}
	if (in->protocol.node && in->protocol.n) {
		r->match |= ZPF_FLAT_PROTO;
		r->n_proto = in->protocol.n;
		memcpy(r->proto, in->protocol.proto, sizeof(r->proto));
		if (in->protocol.not)
			r->not |= ZPF_NOT_PROTO;
	}
	flat_addr(f, &in->source, false, fam, r);
	flat_addr(f, &in->destination, true, fam, r);
	flat_port(f, &in->source, false, r);
	flat_port(f, &in->destination, true, r);
	flat_iface(f, &in->in_name, &in->in_group, false, r);
	flat_iface(f, &in->out_name, &in->out_group, true, r);
	flat_icmp(in, r);
	if (in->tcp_set.v | in->tcp_not.v) {
		r->match |= ZPF_FLAT_TCP_FLAGS;
		r->tcp_mask = (uint8_t)(in->tcp_set.v | in->tcp_not.v);
		r->tcp_value = (uint8_t)in->tcp_set.v;
	}
	if (in->limit_rate.node) {
		r->match |= ZPF_FLAT_LIMIT;
		r->limit_interval_ns = in->limit_rate.interval_ns;
		r->limit_burst = in->limit_burst.node ? in->limit_burst.v : 5;
	}
	flat_nums(f, in, r);
	flat_recent(in, r);
	flat_add(f, &in->add_source, fam, &r->add[0]);
	flat_add(f, &in->add_destination, fam, &r->add[1]);
	flat_changes(f, in, r);
	flat_log(in, &r->log);
}

/* ---- tables ---- */

static enum zpf_action default_action(const struct zpf_ruleset *rs)
{
	if (rs->default_action.node)
		return (enum zpf_action)rs->default_action.v;
	return rs->hook ? ZPF_ACTION_ACCEPT : ZPF_ACTION_DROP;
}

static uint64_t default_meaning(enum zpf_action action, const char *target)
{
	char text[ZPF_RULESET_NAME_MAX + 32];

	snprintf(text, sizeof(text), "default %d %s", (int)action,
		 target ? target : "");
	return zpf_tree_hash(text);
}

static uint32_t add_row(struct flat *f, const struct zpf_ruleset *rs,
			uint32_t number, enum zpf_action action,
			uint64_t meaning)
{
	struct zpf_flat_row row = { .number = number, .action = action,
		.meaning = meaning };

	row.ruleset = f->t->n_rows && !strcmp(f->t->rows[f->t->n_rows - 1].ruleset,
					      rs->name) ?
		f->t->rows[f->t->n_rows - 1].ruleset :
		zpf_arena_strdup(f->arena, rs->name);
	ZPF_PUSH(f->arena, f->t->rows, f->t->n_rows, row);
	return (uint32_t)f->t->n_rows - 1;
}

static uint32_t rule_row(struct flat *f, const struct zpf_ruleset *rs,
			 struct zpf_rule *r)
{
	if (r->row_of != f->table) {
		r->row_of = f->table;
		r->row = add_row(f, rs, r->number, (enum zpf_action)r->action.v,
				 zpf_emit_meaning(r->node, NULL));
	}
	return r->row;
}

static uint32_t default_row(struct flat *f, struct zpf_ruleset *rs)
{
	enum zpf_action action = default_action(rs);

	if (rs->row_of != f->table) {
		rs->row_of = f->table;
		rs->row = add_row(f, rs, 0, action,
				  default_meaning(action, rs->default_jump.s));
	}
	return rs->row;
}

/*
 * Lay @rs flat at the end of the table:
 *
 *	rules ... jump (MISS behind the block) [block of its target] ...
 *	default, and where that is a jump the block of its target
 *
 * `return` goes on behind the whole: where the caller goes on, or at the end of
 * the table for the outermost.
 */
static void lay(struct flat *f, struct zpf_ruleset *rs)
{
	struct zpf_flat_table *t = f->t;
	uint32_t *returns = NULL, at;
	size_t n_returns = 0;

	for (size_t i = 0; i <= rs->n_rules; i++) {
		struct zpf_flat_rule flat = { .log = no_log };
		struct zpf_ruleset *target = NULL;

		if (i < rs->n_rules) {
			struct zpf_rule *r = &rs->rules[i];

			if (!zpf_rule_live(r))
				continue;
			flat.action = (enum zpf_action)r->action.v;
			flat.row = rule_row(f, rs, r);
			flat.where = r->node->where;
			flat_matches(f, r, rs->fam, &flat);
			target = r->target;
		} else {
			flat.action = default_action(rs);
			flat.row = default_row(f, rs);
			flat.where = rs->node->where;
			flat.log.on = rs->default_log.node;
			target = rs->default_target;
		}
		at = (uint32_t)t->n_rules;
		flat.hit = flat.miss = at + 1;
		ZPF_PUSH(f->arena, t->rules, t->n_rules, flat);
		if (flat.action == ZPF_ACTION_RETURN)
			ZPF_PUSH(f->m->arena, returns, n_returns, at);
		if (flat.action == ZPF_ACTION_JUMP && target) {
			lay(f, target);
			/* what always holds has no MISS */
			if (flat.match)
				t->rules[at].miss = (uint32_t)t->n_rules;
		}
	}
	for (size_t i = 0; i < n_returns; i++)
		t->rules[returns[i]].hit = (uint32_t)t->n_rules;
}

static void want(struct zpf_ruleset *rs)
{
	if (rs && rs->table == ZPF_NO_TABLE)
		rs->table = 0;
}

static void want_tables(struct zpf_model *m)
{
	for (size_t i = 0; i < m->n_zones; i++) {
		struct zpf_zone *z = &m->zones[i];

		for (int fam = 0; fam < ZPF_FAMS; fam++) {
			want(z->default_set[fam]);
			want(z->intra_set[fam]);
			for (size_t j = 0; j < z->n_from; j++)
				want(z->from[j].bind[fam].ruleset);
		}
	}
	for (int fam = 0; fam < ZPF_FAMS; fam++)
		for (int c = 0; c < ZPF_CHAINS; c++)
			want(m->chains[fam][c]);
}

static void flat_tables(struct flat *f)
{
	struct zpf_ruleset *largest = NULL;
	struct zpf_policy *p = f->p;

	want_tables(f->m);
	zpf_for_each_ruleset(f->m, rs) {
		if (rs->table == ZPF_NO_TABLE)
			continue;
		f->n_rules += rs->size;
		if (!largest || rs->size > largest->size)
			largest = rs;
		rs->table = (uint32_t)p->n_tables++;
	}
	if (p->n_tables > ZPF_MAX_TABLES)
		zpf_error(f->m, f->m->firewall, "%zu rulesets are in use; at most %d are allowed",
			  p->n_tables, ZPF_MAX_TABLES);
	if (f->n_rules > ZPF_MAX_RULES)
		zpf_error(f->m, largest->node, "the rulesets become %llu rules with their jumps laid flat; at most %d are allowed: %s alone becomes %llu",
			  (unsigned long long)f->n_rules, ZPF_MAX_RULES,
			  largest->name, (unsigned long long)largest->size);
	if (f->m->diag->n_errors)
		return;
	p->tables = zpf_arena_alloc(f->arena, p->n_tables * sizeof(*p->tables));
	zpf_for_each_ruleset(f->m, rs) {
		if (rs->table == ZPF_NO_TABLE)
			continue;
		f->table = rs->table;
		f->t = &p->tables[rs->table];
		f->t->name = zpf_arena_strdup(f->arena, rs->name);
		f->t->family = zpf_model_family(rs->fam);
		f->t->where = rs->node->where;
		lay(f, rs);
	}
}

/* ---- zones, chains, options ---- */

static uint32_t table_of(const struct zpf_ruleset *rs)
{
	return rs ? rs->table : ZPF_NO_TABLE;
}

static void flat_zones(struct flat *f)
{
	struct zpf_policy *p = f->p;

	p->n_zones = f->m->n_zones;
	p->zones = zpf_arena_alloc(f->arena, p->n_zones * sizeof(*p->zones));
	for (size_t i = 0; i < p->n_zones; i++) {
		const struct zpf_zone *in = &f->m->zones[i];
		struct zpf_flat_zone *z = &p->zones[i];

		z->name = zpf_arena_strdup(f->arena, in->name);
		z->local = in->local.node;
		z->default_log = in->default_log.node;
		z->default_action = in->default_action.node ?
			(enum zpf_action)in->default_action.v : ZPF_ACTION_DROP;
		z->default_table4 = table_of(in->default_set[ZPF_FAM4]);
		z->default_table6 = table_of(in->default_set[ZPF_FAM6]);
		z->intra_action = in->intra_action.node ?
			(enum zpf_action)in->intra_action.v : ZPF_ACTION_ACCEPT;
		z->intra_table4 = table_of(in->intra_set[ZPF_FAM4]);
		z->intra_table6 = table_of(in->intra_set[ZPF_FAM6]);
		z->where = in->node->where;
		z->n_members = in->n_members;
		z->members = zpf_arena_alloc(f->arena, z->n_members *
					     sizeof(*z->members));
		for (size_t j = 0; j < z->n_members; j++) {
			z->members[j].name = zpf_arena_strdup(f->arena,
						in->members[j].name);
			z->members[j].vrf = in->members[j].vrf;
			z->members[j].where = in->members[j].node->where;
		}
	}
	/* in natural order of to, from, family */
	for (size_t to = 0; to < f->m->n_zones; to++) {
		const struct zpf_zone *z = &f->m->zones[to];

		for (size_t j = 0; j < z->n_from; j++)
			for (int fam = 0; fam < ZPF_FAMS; fam++) {
				const struct zpf_binding *b = &z->from[j].bind[fam];
				struct zpf_flat_pair pair = {
					.to = z->id,
					.family = zpf_model_family(fam),
				};

				if (!b->ruleset)
					continue;
				pair.from = z->from[j].zone->id;
				pair.table = b->ruleset->table;
				pair.where = b->node->where;
				ZPF_PUSH(f->arena, p->pairs, p->n_pairs, pair);
			}
	}
}

/* Every pair of zones has counters of its own for the rows of its table. */
static void check_counters(struct flat *f)
{
	const struct zpf_policy *p = f->p;
	size_t n = p->n_zones;
	uint64_t rows = 0;
	uint32_t *table;

	table = zpf_arena_alloc(f->m->arena, (2 * n * n + 1) * sizeof(*table));
	for (size_t to = 0; to < n; to++)
		for (size_t from = 0; from < n; from++) {
			const struct zpf_flat_zone *z = &p->zones[to];
			uint32_t *cell = table + 2 * (from * n + to);

			cell[0] = from == to ? z->intra_table4 : z->default_table4;
			cell[1] = from == to ? z->intra_table6 : z->default_table6;
		}
	for (size_t i = 0; i < p->n_pairs; i++)
		table[2 * ((p->pairs[i].from - 1) * n + p->pairs[i].to - 1) +
		      (p->pairs[i].family == NFPROTO_IPV6)] = p->pairs[i].table;
	for (size_t i = 0; i < 2 * n * n; i++)
		rows += table[i] == ZPF_NO_TABLE ? 1 :
			p->tables[table[i]].n_rows;
	if (rows > ZPF_MAX_ROWS)
		zpf_error(f->m, f->m->firewall, "the pairs of zones need %llu counters; at most %d are allowed",
			  (unsigned long long)rows, ZPF_MAX_ROWS);
}

static void flat_chains(struct flat *f)
{
	struct zpf_policy *p = f->p;

	for (int fam = 0; fam < ZPF_FAMS; fam++)
		for (int c = 0; c < ZPF_CHAINS; c++) {
			const struct zpf_ruleset *rs = f->m->chains[fam][c];
			struct zpf_flat_chain chain = {
				.family = zpf_model_family(fam),
			};

			if (!rs)
				continue;
			chain.hook = rs->hook;
			chain.table = rs->table;
			chain.where = rs->node->where;
			ZPF_PUSH(f->arena, p->chains, p->n_chains, chain);
		}
}

static void flat_state(const struct zpf_state_policy *in,
		       struct zpf_flat_state *out)
{
	out->log = no_log;
	if (!in->action.node)
		return;
	out->action = (enum zpf_action)in->action.v;
	out->where = in->action.node->where;
	out->log.on = in->log.node;
	if (in->level.node)
		out->log.level = (int)in->level.v;
}

static void flat_options(struct flat *f)
{
	const struct zpf_options *o = &f->m->options;
	struct zpf_policy *p = f->p;

	flat_state(&o->established, &p->established);
	flat_state(&o->related, &p->related);
	flat_state(&o->invalid, &p->invalid);
	p->log_interval_ns = o->log_rate.interval_ns;
	p->log_burst = o->log_burst.v;
	if (o->log_off.node)
		p->option_flags |= ZPF_OPTION_LOG_UNLIMITED;
	if (o->unassigned_accept.node)
		p->option_flags |= ZPF_OPTION_UNASSIGNED_ACCEPT;
	if (o->filter_nd.node)
		p->option_flags |= ZPF_OPTION_FILTER_ND;
	if (o->filter_errors.node)
		p->option_flags |= ZPF_OPTION_FILTER_ERRORS;
}

static void flat_source(struct flat *f)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	out = open_memstream(&text, &len);
	if (out) {
		zpf_emit(f->m->firewall, out, ZPF_FORM_SET, 0);
		fclose(out);
		f->p->source = zpf_arena_strndup(f->arena, text, len);
		f->p->source_len = len;
	}
	free(text);
	if (len > ZPF_MAX_SOURCE)
		zpf_error(f->m, f->m->firewall, "the configuration has %zu bytes; at most %d are allowed",
			  len, ZPF_MAX_SOURCE);
}

/**
 * zpf_flatten() - lay a model flat
 * @m: a model the checks have passed
 *
 * Return: the policy, zpf_policy_free(); NULL with errors in the model's diag
 */
struct zpf_policy *zpf_flatten(struct zpf_model *m)
{
	struct zpf_set_pool pool = { 0 };
	struct flat f = { .m = m, .sets = &pool };

	f.p = zpf_policy_new(&f.arena);
	zpf_set_pool_init(&pool, m->arena, f.arena, f.p);
	flat_tables(&f);
	flat_groups(&f);
	if (!m->diag->n_errors) {
		flat_zones(&f);
		check_counters(&f);
		flat_chains(&f);
		flat_options(&f);
		zpf_flat_sysctls(m, f.arena, f.p);
		flat_source(&f);
		zpf_set_pool_check(&pool, m);
	}
	f.p->n_rulesets = m->n_rulesets[ZPF_FAM4] + m->n_rulesets[ZPF_FAM6];
	f.p->n_groups = m->n_groups;
	zpf_for_each_ruleset(m, rs)
		for (size_t i = 0; i < rs->n_rules; i++)
			f.p->n_rules += zpf_rule_live(&rs->rules[i]);
	if (!m->diag->n_errors)
		return f.p;
	zpf_policy_free(f.p);
	return NULL;
}
