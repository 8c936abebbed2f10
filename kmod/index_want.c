// SPDX-License-Identifier: GPL-2.0-only
/*
 * What values of a dimension a rule can match, for the engines of the index.
 * May say more than is true (the final compare decides), never less, whatever
 * becomes of sets that change under a policy.
 */
#include "index_part.h"

static void zpf_want_add(struct zpf_want *want, u32 lo, u32 hi)
{
	struct zpf_range6 *range = &want->range[want->n++];

	range->lo[0] = 0;
	range->lo[1] = lo;
	range->hi[0] = 0;
	range->hi[1] = hi;
}

static void zpf_want_set(struct zpf_want *want, struct zpf_set *const *sets,
			 u32 id)
{
	/* Nothing may be precomputed from a set that changes. */
	want->all = sets[id]->sort != ZPF_SET_FIXED;
	want->set = sets[id];
	want->set_id = id;
	want->n = want->all ? 0 : want->set->n;
}

static void zpf_want_addr(const struct zpf_table *table,
			  struct zpf_set *const *sets,
			  const struct zpf_range4 *range, bool one, bool set,
			  struct zpf_want *want)
{
	const bool v6 = table->family != 2;

	want->all = !one && !set;
	want->top.hi[0] = v6 ? ~0ULL : 0;
	want->top.hi[1] = v6 ? ~0ULL : ~0U;
	if (set)
		zpf_want_set(want, sets, range->lo);
	else if (one && v6)
		want->range[want->n++] = table->addr6[range->lo];
	else if (one)
		zpf_want_add(want, range->lo, range->hi);
}

static void zpf_want_port(struct zpf_set *const *sets,
			  const struct zpf_range_port *range, bool one,
			  bool set, struct zpf_want *want)
{
	want->all = !one && !set;
	want->top.hi[1] = 0xffff;
	if (set)
		zpf_want_set(want, sets, range->lo);
	else if (one)
		zpf_want_add(want, range->lo, range->hi);
}

static void zpf_want_proto(const struct zpf_rule *rule, struct zpf_want *want)
{
	const u8 a = rule->proto[0], b = rule->proto[1];

	want->all = !(rule->match & ZPF_M_PROTO);
	want->top.hi[1] = 0xff;
	if (want->all)
		return;
	zpf_want_add(want, a < b ? a : b, a < b ? a : b);
	if (a != b)
		zpf_want_add(want, a < b ? b : a, a < b ? b : a);
}

static void zpf_want_state(const struct zpf_rule *rule, struct zpf_want *want)
{
	u32 v, lo = 0;
	bool in = false;

	want->all = !(rule->match & ZPF_M_STATE);
	want->top.hi[1] = ZPF_STATE_ALL;
	if (want->all)
		return;
	for (v = 0; v <= ZPF_STATE_ALL + 1; v++) {
		bool has = v <= ZPF_STATE_ALL && (v & rule->state);

		if (has && !in)
			lo = v;
		if (!has && in)
			zpf_want_add(want, lo, v - 1);
		in = has;
	}
}

/* ICMP type and code are found where other packets have a port. */
static void zpf_want_slot(struct zpf_set *const *sets,
			  const struct zpf_rule *rule, struct zpf_want *want)
{
	const u16 m = rule->match;

	zpf_want_port(sets, &rule->dport, m & ZPF_M_DPORT, m & ZPF_M_DPORTSET,
		      want);
	if (!want->all || !(m & ZPF_M_ICMP))
		return;
	want->all = false;
	zpf_want_add(want, ZPF_SLOT_ICMP | rule->l4_value, ZPF_SLOT_ICMP |
		     rule->l4_value | (u16)~rule->l4_mask);
}

/**
 * zpf_want_get() - the values of a dimension a rule can match
 * @table: the table
 * @sets: the sets of the policy
 * @rule: the rule, of @table
 * @dim: &enum zpf_dim
 * @want: filled in
 */
void zpf_want_get(const struct zpf_table *table, struct zpf_set *const *sets,
		  const struct zpf_rule *rule, unsigned int dim,
		  struct zpf_want *want)
{
	static const u8 nots[ZPF_N_DIMS] = {
		[ZPF_DIM_SRC] = ZPF_NOT_SADDR,
		[ZPF_DIM_DST] = ZPF_NOT_DADDR,
		[ZPF_DIM_SPORT] = ZPF_NOT_SPORT,
		[ZPF_DIM_SLOT] = ZPF_NOT_DPORT,
		[ZPF_DIM_PROTO] = ZPF_NOT_PROTO,
	};
	const u16 m = rule->match;

	want->not = rule->not & nots[dim];
	want->n = 0;
	want->set = NULL;
	want->top = (struct zpf_range6){};
	switch (dim) {
	case ZPF_DIM_SRC:
		zpf_want_addr(table, sets, &rule->saddr, m & ZPF_M_SADDR,
			      m & ZPF_M_SSET, want);
		break;
	case ZPF_DIM_DST:
		zpf_want_addr(table, sets, &rule->daddr, m & ZPF_M_DADDR,
			      m & ZPF_M_DSET, want);
		break;
	case ZPF_DIM_SPORT:
		zpf_want_port(sets, &rule->sport, m & ZPF_M_SPORT,
			      m & ZPF_M_SPORTSET, want);
		break;
	case ZPF_DIM_SLOT:
		zpf_want_slot(sets, rule, want);
		if (!(m & (ZPF_M_DPORT | ZPF_M_DPORTSET)))
			want->not = false;
		break;
	case ZPF_DIM_PROTO:
		zpf_want_proto(rule, want);
		break;
	default:
		zpf_want_state(rule, want);
		break;
	}
}

/**
 * zpf_want_range() - one range of those a rule can match
 * @want: what zpf_want_get() said
 * @i: which, below @want->n
 * @out: the range
 */
void zpf_want_range(const struct zpf_want *want, u32 i, struct zpf_range6 *out)
{
	const struct zpf_set *set = want->set;

	if (!set) {
		*out = want->range[i];
		return;
	}
	if (set->kind == ZPF_SET_IPV6) {
		*out = set->r6[i];
		return;
	}
	out->lo[0] = 0;
	out->hi[0] = 0;
	if (set->kind == ZPF_SET_IPV4) {
		out->lo[1] = set->r4[i].lo;
		out->hi[1] = set->r4[i].hi;
	} else {
		out->lo[1] = set->port[i].lo;
		out->hi[1] = set->port[i].hi;
	}
}

/**
 * zpf_want_span() - the span of all values a rule can match
 * @want: what zpf_want_get() said
 * @span: filled in
 *
 * Return: false if there is no use in it: nearly all values, or none
 */
bool zpf_want_span(const struct zpf_want *want, struct zpf_range6 *span)
{
	struct zpf_range6 last;

	if (want->all || want->not || !want->n)
		return false;
	zpf_want_range(want, 0, span);
	zpf_want_range(want, want->n - 1, &last);
	span->hi[0] = last.hi[0];
	span->hi[1] = last.hi[1];
	return true;
}
