// SPDX-License-Identifier: GPL-2.0-only
/*
 * One rule of the model as a rule of a table: addresses, ports and groups
 * become shared sets, numbers of the packet ranges of them. Called by flatten.
 */
#include <stdlib.h>
#include <string.h>

#include "flat.h"
#include "range.h"

static uint32_t group_set(struct zpf_flat *f, enum zpf_group_kind kind,
			  const char *name)
{
	struct zpf_group *g = zpf_model_group(f->m, kind, name);

	if (g->set == ZPF_NO_TABLE)
		g->set = zpf_set_pool_add(f->sets, &g->resolved);
	return g->set;
}

/**
 * zpf_flat_group() - the set of a group
 * @f: what is being laid flat
 * @fam: of the rule that asks; sets that are filled have one a family
 * @kind: of the group
 * @name: of the group
 *
 * Return: the set's id
 */
uint32_t zpf_flat_group(struct zpf_flat *f, int fam, enum zpf_group_kind kind,
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

static void flat_addr_set(struct zpf_flat_rule *r, bool dst, uint32_t set,
			  bool not)
{
	r->match |= dst ? ZPF_FLAT_DADDR_SET : ZPF_FLAT_SADDR_SET;
	*(dst ? &r->daddr_set : &r->saddr_set) = set;
	if (not)
		r->not |= dst ? ZPF_NOT_DADDR : ZPF_NOT_SADDR;
}

static void flat_addr(struct zpf_flat *f, const struct zpf_side *side, bool dst,
		      int fam, struct zpf_flat_rule *r)
{
	const struct zpf_v_addr *a = &side->addr;
	enum zpf_group_kind kind;
	const struct zpf_v_name *group;

	if (side->rare->mask.node) {
		r->match |= dst ? ZPF_FLAT_DADDR_MASK : ZPF_FLAT_SADDR_MASK;
		memcpy(dst ? f->rare->daddr_mask : f->rare->saddr_mask,
		       side->rare->mask.m, sizeof(side->rare->mask.m));
	}
	if (a->node && side->rare->mask.node) {
		struct zpf_range4 r4 = a->r4;
		struct zpf_range6 r6 = a->r6;
		struct zpf_flat_set set = { .kind = ZPF_SET_IPV4, .n = 1,
			.r4 = &r4, .where = zpf_tree_where(a->node) };

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
			flat_addr_set(r, dst, zpf_flat_group(f, fam, kind, group->s),
				      group->not);
	}
	if (side->rare->fqdn.node)
		flat_addr_set(r, dst, zpf_set_pool_filled(f->sets, fam, "fqdn",
							  side->rare->fqdn.s,
							  side->rare->fqdn.node),
			      side->rare->fqdn.not);
	if (side->rare->country.node)
		flat_addr_set(r, dst, zpf_set_pool_countries(f->sets, fam,
							     &side->rare->country),
			      side->rare->country_not.node);
}

static void flat_port(struct zpf_flat *f, const struct zpf_side *side, bool dst,
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
		set.where = zpf_tree_where(side->port.node);
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

static void flat_iface(struct zpf_flat *f, const struct zpf_v_name *name,
		       const struct zpf_v_name *group, bool out,
		       struct zpf_flat_rule *r)
{
	char *names[1] = { (char *)name->s };
	struct zpf_flat_set set = { .kind = ZPF_SET_IFACE, .n = 1,
		.ifname = names };
	bool not = name->node ? name->not : group->not;
	uint32_t id;

	if (name->node) {
		set.where = zpf_tree_where(name->node);
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
	int type = in->rare->icmp_type.node ? (int)in->rare->icmp_type.v : -1;
	int code = in->rare->icmp_code.node ? (int)in->rare->icmp_code.v : -1;

	if (in->rare->icmp_name.node) {
		type = in->rare->icmp_name.type;
		code = in->rare->icmp_name.code;
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

static void add_num(struct zpf_flat *f, struct zpf_flat_rule *r, enum zpf_num what,
		    uint32_t set)
{
	struct zpf_flat_num num = { .what = what, .set = set };

	ZPF_PUSH(f->arena, f->rare->nums, f->rare->n_nums, num);
	r->match |= ZPF_FLAT_NUM;
}

/**
 * zpf_flat_num() - a number is in a set
 * @f: what is being laid flat
 * @r: gets the match
 * @what: the number
 * @in: it is in these, or 0 .. @max without any
 * @out: and not in these
 * @max: greatest there is
 */
void zpf_flat_num(struct zpf_flat *f, struct zpf_flat_rule *r, enum zpf_num what,
		  const struct zpf_v_nums *in, const struct zpf_v_nums *out,
		  uint64_t max)
{
	struct zpf_range64 all = { .lo = 0, .hi = max };
	struct zpf_flat_set set = { .kind = ZPF_SET_NUMBER, .r64 = &all, .n = 1 };

	if (!(in && in->node) && !(out && out->node))
		return;
	set.where = zpf_tree_where((in && in->node ? in : out)->node);
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
static void flat_not(struct zpf_flat *f, struct zpf_flat_rule *r, enum zpf_num what,
		     const struct zpf_v_nums *v, uint64_t max)
{
	zpf_flat_num(f, r, what, v->not ? NULL : v, v->not ? v : NULL, max);
}

static void flat_range(struct zpf_flat *f, struct zpf_flat_rule *r,
		       enum zpf_num what, const struct zpf_node *at,
		       uint64_t lo, uint64_t hi)
{
	struct zpf_range64 range = { .lo = lo, .hi = hi };
	struct zpf_v_nums v = { .node = at, .r = &range, .n = 1 };

	zpf_flat_num(f, r, what, &v, NULL, hi);
}

static void flat_ttl(struct zpf_flat *f, const struct zpf_rule *in,
		     struct zpf_flat_rule *r)
{
	if (in->rare->ttl_eq.node)
		flat_range(f, r, ZPF_NUM_TTL, in->rare->ttl_eq.node, in->rare->ttl_eq.v,
			   in->rare->ttl_eq.v);
	else if (in->rare->ttl_gt.node)
		flat_range(f, r, ZPF_NUM_TTL, in->rare->ttl_gt.node,
			   in->rare->ttl_gt.v + 1, 255);
	else if (in->rare->ttl_lt.node)
		flat_range(f, r, ZPF_NUM_TTL, in->rare->ttl_lt.node, 0,
			   in->rare->ttl_lt.v - 1);
}

/* One bit of a number is set, whatever the other @bits are. */
static void flat_nat(struct zpf_flat *f, const struct zpf_rule *in,
		     struct zpf_flat_rule *r)
{
	static const struct zpf_range64 has[][2] = {
		[1] = { { 1, 1 }, { 3, 3 } },
		[2] = { { 2, 3 } },
	};
	struct zpf_range64 range[2];
	struct zpf_v_nums v = { .node = in->rare->ct_nat.node, .r = range };

	if (!v.node)
		return;
	v.n = in->rare->ct_nat.r[0].lo == 1 ? 2 : 1;
	memcpy(range, has[in->rare->ct_nat.r[0].lo], sizeof(range));
	zpf_flat_num(f, r, ZPF_NUM_CT_NAT, &v, NULL, 3);
}

#define MAC_MAX 0xffffffffffffULL

static void flat_mac(struct zpf_flat *f, const struct zpf_side *side, bool dst,
		     struct zpf_flat_rule *r)
{
	enum zpf_num what = dst ? ZPF_NUM_DMAC : ZPF_NUM_SMAC;
	const struct zpf_v_name *group = &side->rare->mac_group;
	const struct zpf_group *g;

	flat_not(f, r, what, &side->rare->mac, MAC_MAX);
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

static void flat_yes_no(struct zpf_flat *f, struct zpf_flat_rule *r,
			enum zpf_num what, const struct zpf_v_flag *yes,
			const struct zpf_v_flag *no)
{
	if (yes->node)
		flat_range(f, r, what, yes->node, 1, 1);
	if (no->node)
		flat_range(f, r, what, no->node, 0, 0);
}

/* Of all combinations of flags those that are asked for. */
static void flat_gre(struct zpf_flat *f, const struct zpf_rule *in,
		     struct zpf_flat_rule *r)
{
	const struct zpf_node *at = NULL;
	struct zpf_range64 range[8];
	struct zpf_v_nums v = { .r = range };
	unsigned int set = 0, unset = 0;

	for (unsigned int i = 0; i < 3; i++) {
		if (!in->rare->gre_flag[i].node)
			continue;
		at = in->rare->gre_flag[i].node;
		*(in->rare->gre_unset[i].node ? &unset : &set) |= 1u << i;
	}
	for (unsigned int flags = 0; flags < 8; flags++)
		if ((flags & set) == set && !(flags & unset))
			range[v.n++] = (struct zpf_range64){ flags, flags };
	v.node = at;
	zpf_flat_num(f, r, ZPF_NUM_GRE_FLAGS, &v, NULL, 7);
	if (in->rare->gre_key.node)
		flat_range(f, r, ZPF_NUM_GRE_KEY, in->rare->gre_key.node,
			   in->rare->gre_key.v, in->rare->gre_key.v);
	zpf_flat_num(f, r, ZPF_NUM_GRE_PROTO, &in->rare->gre_proto, NULL, 0);
	zpf_flat_num(f, r, ZPF_NUM_GRE_VERSION, &in->rare->gre_version, NULL, 0);
}

static void flat_changes(struct zpf_flat *f, const struct zpf_rule *in)
{
	const struct {
		enum zpf_change what;
		const struct zpf_v_num *v;
	} all[] = {
		{ ZPF_CHANGE_DSCP, &in->rare->set_dscp },
		{ ZPF_CHANGE_MARK, &in->rare->set_mark },
		{ ZPF_CHANGE_CT_MARK, &in->rare->set_ct_mark },
		{ ZPF_CHANGE_MSS, &in->rare->set_mss },
		{ ZPF_CHANGE_TTL, &in->rare->set_ttl },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct zpf_flat_change c = { all[i].what, all[i].v->v };

		if (all[i].v->node)
			ZPF_PUSH(f->arena, f->rare->changes, f->rare->n_changes, c);
	}
}

static void flat_nums(struct zpf_flat *f, const struct zpf_rule *in,
		      struct zpf_flat_rule *r)
{
	flat_nat(f, in, r);
	zpf_flat_num(f, r, ZPF_NUM_CT_MARK, &in->rare->ct_mark, NULL, UINT32_MAX);
	flat_not(f, r, ZPF_NUM_MARK, &in->rare->mark, UINT32_MAX);
	flat_mac(f, in->source, false, r);
	flat_mac(f, in->destination, true, r);
	flat_ttl(f, in, r);
	zpf_flat_num(f, r, ZPF_NUM_LENGTH, &in->rare->length, &in->rare->length_not, UINT32_MAX);
	zpf_flat_num(f, r, ZPF_NUM_PKTTYPE, &in->rare->pkttype, NULL, 0);
	zpf_flat_num(f, r, ZPF_NUM_DSCP, &in->rare->dscp, &in->rare->dscp_not, 63);
	flat_yes_no(f, r, ZPF_NUM_FRAG, &in->rare->frag, &in->rare->no_frag);
	zpf_flat_num(f, r, ZPF_NUM_CT_HELPER, &in->rare->helper, NULL, 0);
	flat_yes_no(f, r, ZPF_NUM_IPSEC_IN, &in->rare->ipsec_in, &in->rare->ipsec_no_in);
	flat_yes_no(f, r, ZPF_NUM_IPSEC_OUT, &in->rare->ipsec_out, &in->rare->ipsec_no_out);
	flat_gre(f, in, r);
	zpf_flat_num(f, r, ZPF_NUM_MSS, &in->rare->mss, NULL, 0);
	zpf_flat_time(f, in, r);
}

static void flat_recent(struct zpf_flat *f, const struct zpf_rule *in,
			struct zpf_flat_rule *r)
{
	if (!in->rare->recent_count.node || !in->rare->recent_time.node)
		return;
	r->match |= ZPF_FLAT_RECENT;
	f->rare->recent_count = in->rare->recent_count.v;
	f->rare->recent_ns = in->rare->recent_time.v * 1000000000ULL;
}

static void flat_add(struct zpf_flat *f, const struct zpf_add *in, int fam,
		     struct zpf_flat_add *add)
{
	if (!in->group.node)
		return;
	add->on = true;
	add->set = zpf_flat_group(f, fam, fam == ZPF_FAM6 ? ZPF_GROUP_DYNAMIC6 :
			      ZPF_GROUP_DYNAMIC, in->group.s);
	add->for_ns = in->timeout.ns;
}

static void flat_log(const struct zpf_rule *in, struct zpf_log_spec *log)
{
	if (in->rare->log_level.node)
		log->level = (int)in->rare->log_level.v;
	if (in->rare->log_group.node) {
		log->group = (int)in->rare->log_group.v;
		log->level = -1;	/* NFLOG has none */
	}
	if (in->rare->log_snaplen.node)
		log->snaplen = (int)in->rare->log_snaplen.v;
	if (in->rare->log_qthreshold.node)
		log->qthreshold = (int)in->rare->log_qthreshold.v;
}

const struct zpf_flat_rare zpf_flat_none;

/* What few rules have. */
static void flat_rare(struct zpf_flat *f, const struct zpf_rule *in, int fam,
		      struct zpf_flat_rule *r)
{
	const struct zpf_rare *rare = in->rare;

	flat_iface(f, &rare->in_name, &rare->in_group, false, r);
	flat_iface(f, &rare->out_name, &rare->out_group, true, r);
	flat_icmp(in, r);
	if (rare->tcp_set.v | rare->tcp_not.v) {
		r->match |= ZPF_FLAT_TCP_FLAGS;
		r->tcp_mask = (uint8_t)(rare->tcp_set.v | rare->tcp_not.v);
		r->tcp_value = (uint8_t)rare->tcp_set.v;
	}
	if (rare->limit_rate.node) {
		r->match |= ZPF_FLAT_LIMIT;
		f->rare->limit_interval_ns = rare->limit_rate.interval_ns;
		f->rare->limit_burst = rare->limit_burst.node ? rare->limit_burst.v : 5;
	}
	flat_nums(f, in, r);
	flat_recent(f, in, r);
	flat_add(f, &rare->add_source, fam, &f->rare->add[0]);
	flat_add(f, &rare->add_destination, fam, &f->rare->add[1]);
	flat_changes(f, in);
	flat_log(in, &r->log);
}

/**
 * zpf_flat_matches() - matches, changes and log of one rule
 * @f: what is being laid flat
 * @in: the rule
 * @fam: of its ruleset
 * @r: gets them. A new match is a line here
 */
void zpf_flat_matches(struct zpf_flat *f, const struct zpf_rule *in, int fam,
		      struct zpf_flat_rule *r)
{
	if (in->rare != &zpf_rare_none) {
		f->rare = zpf_arena_alloc(f->arena, sizeof(*f->rare));
		r->rare = f->rare;
	}
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
	flat_addr(f, in->source, false, fam, r);
	flat_addr(f, in->destination, true, fam, r);
	flat_port(f, in->source, false, r);
	flat_port(f, in->destination, true, r);
	r->log.on = in->log.node;
	if (in->rare != &zpf_rare_none)
		flat_rare(f, in, fam, r);
}
