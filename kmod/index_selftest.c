// SPDX-License-Identifier: GPL-2.0-only
/*
 * The index against the linear walk. A table is made of rules of all kinds,
 * over values so few that rules overlap and packets hit, or shaped like real
 * prefixes and ports; packets are random, or stand at the edges of a rule, or
 * are all there are. Never called by the packet path.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/string.h>
#include "index_part.h"
#include "index_selftest.h"

#define ZPF_TEST_SETS	12
#define ZPF_TEST_NUMS	4
#define ZPF_TEST_ELEMS	40

/**
 * struct zpf_testbed - a table and what belongs to it
 * @test: what to try
 * @table: the table
 * @tiny: few values
 * @jumps: many jumps and blocks, not just a few
 * @sets: pointers to @set, as a policy has them
 * @set: four sets each of IPv4, IPv6 and ports
 * @num_set: sets of numbers, behind them
 * @num: their elements
 * @elems: their elements
 * @members: of sets that are unions, and change from packet to packet
 * @ifs: interface sets a packet's ports are in
 */
struct zpf_testbed {
	struct zpf_selftest *test;
	struct zpf_table table;
	bool tiny;
	bool jumps;
	struct zpf_set *sets[ZPF_TEST_SETS + ZPF_TEST_NUMS];
	struct zpf_set set[ZPF_TEST_SETS];
	struct zpf_set num_set[ZPF_TEST_NUMS];
	struct zpf_range64 num[ZPF_TEST_NUMS];
	struct zpf_range6 elems[ZPF_TEST_SETS][ZPF_TEST_ELEMS];
	const struct zpf_set *members[ZPF_TEST_SETS][2];
	unsigned long ifs[2][2];
};

static u32 zpf_test_rnd(struct zpf_testbed *bed, u32 n)
{
	bed->test->seed = bed->test->seed * 1664525 + 1013904223;
	return (u32)(((u64)(bed->test->seed ^ bed->test->seed >> 15) * n) >> 32);
}

static bool zpf_test_one_in(struct zpf_testbed *bed, u32 n)
{
	return !zpf_test_rnd(bed, n);
}

/* --- values --- */

static u32 zpf_test_addr4(struct zpf_testbed *bed)
{
	static const u32 edge[] = { 0, 1, ~0U, ~0U - 1 };

	if (bed->tiny)
		return zpf_test_one_in(bed, 16) ? edge[zpf_test_rnd(bed, 4)] :
						  zpf_test_rnd(bed, 16);
	return 0x0a000000 | zpf_test_rnd(bed, 4) << 16 |
	       zpf_test_rnd(bed, 8) << 8 | zpf_test_rnd(bed, 256);
}

static void zpf_test_addr6(struct zpf_testbed *bed, u64 *w)
{
	if (bed->tiny) {
		w[0] = zpf_test_one_in(bed, 16) ? ~0ULL : zpf_test_rnd(bed, 3);
		w[1] = zpf_test_one_in(bed, 16) ? ~0ULL : zpf_test_rnd(bed, 8);
		return;
	}
	w[0] = 0x20010db800000000ULL | zpf_test_rnd(bed, 8) << 16 |
	       zpf_test_rnd(bed, 8);
	w[1] = zpf_test_one_in(bed, 2) ? zpf_test_rnd(bed, 64) : 1;
}

static u16 zpf_test_port(struct zpf_testbed *bed)
{
	if (bed->tiny)
		return zpf_test_one_in(bed, 12) ? 0xffff : zpf_test_rnd(bed, 8);
	return zpf_test_rnd(bed, 200);
}

/* A range: a point, a prefix, or anything from one value to another. */
static void zpf_test_range4(struct zpf_testbed *bed, struct zpf_range4 *r)
{
	const u32 a = zpf_test_addr4(bed), b = zpf_test_addr4(bed);
	const u32 host = zpf_test_rnd(bed, 4) * (bed->tiny ? 1 : 8);

	r->lo = a;
	r->hi = a;
	if (zpf_test_one_in(bed, 3)) {
		r->lo = a < b ? a : b;
		r->hi = a < b ? b : a;
	} else if (zpf_test_one_in(bed, 2)) {
		r->lo = a & ~((1U << host) - 1);
		r->hi = a | ((1U << host) - 1);
	}
}

static void zpf_test_range6(struct zpf_testbed *bed, struct zpf_range6 *r)
{
	u64 a[2], b[2];

	zpf_test_addr6(bed, a);
	zpf_test_addr6(bed, b);
	memcpy(r->lo, a, sizeof(a));
	memcpy(r->hi, a, sizeof(a));
	if (zpf_test_one_in(bed, 3)) {
		const bool up = zpf_in6_cmp(a, b) < 0;

		memcpy(r->lo, up ? a : b, sizeof(a));
		memcpy(r->hi, up ? b : a, sizeof(a));
	} else if (zpf_test_one_in(bed, 2)) {
		r->lo[1] = 0;
		r->hi[1] = ~0ULL;
	} else if (zpf_test_one_in(bed, 3)) {
		r->lo[0] &= ~0xffffULL;
		r->hi[0] |= 0xffff;
		r->lo[1] = 0;
		r->hi[1] = ~0ULL;
	}
}

static void zpf_test_range_port(struct zpf_testbed *bed,
				struct zpf_range_port *r)
{
	u16 a = zpf_test_port(bed), b = zpf_test_port(bed);

	r->lo = a < b ? a : b;
	r->hi = a < b ? b : a;
	if (zpf_test_one_in(bed, 2))
		r->hi = r->lo;
}

/* --- sets --- */

/* Ascending, with gaps: the next begins behind the last. */
static void zpf_test_set(struct zpf_testbed *bed, u32 i)
{
	struct zpf_set *set = &bed->set[i];
	u32 at = zpf_test_rnd(bed, 4), n = 0, max;
	u32 base = bed->tiny ? 0 : 0x0a000000;

	memset(set, 0, sizeof(*set));
	set->kind = ZPF_SET_IPV4 + i % 3;
	set->data = bed->elems[i];
	max = zpf_test_one_in(bed, 6) ? 0 : zpf_test_rnd(bed, bed->tiny ? 5 : ZPF_TEST_ELEMS);
	for (; n < max; n++) {
		u32 hi = at + zpf_test_rnd(bed, bed->tiny ? 3 : 20);

		if (set->kind == ZPF_SET_IPV4)
			set->r4[n] = (struct zpf_range4){ base + at, base + hi };
		else if (set->kind == ZPF_SET_PORT)
			set->port[n] = (struct zpf_range_port){ at, hi };
		else if (bed->tiny)
			set->r6[n] = (struct zpf_range6){ { 0, at }, { 0, hi } };
		else
			set->r6[n] = (struct zpf_range6){
				{ 0x20010db800000000ULL + at, 0 },
				{ 0x20010db800000000ULL + hi, ~0ULL } };
		at = hi + 2 + zpf_test_rnd(bed, bed->tiny ? 3 : 60);
	}
	set->n = n;
	set->have = n;
	bed->sets[i] = set;
}

static void zpf_test_num(struct zpf_testbed *bed, u32 i)
{
	struct zpf_set *set = &bed->num_set[i];

	memset(set, 0, sizeof(*set));
	bed->num[i].lo = zpf_test_rnd(bed, 8);
	bed->num[i].hi = bed->num[i].lo + zpf_test_rnd(bed, 4);
	set->kind = ZPF_SET_NUMBER;
	set->r64 = &bed->num[i];
	set->n = 1;
	set->have = 1;
	bed->sets[ZPF_TEST_SETS + i] = set;
}

/* The last two sets of addresses: unions of others, this time of these. */
static void zpf_test_change(struct zpf_testbed *bed)
{
	u32 kind;

	for (kind = 0; kind < 2; kind++) {
		const u32 i = ZPF_TEST_SETS - 3 + kind;
		struct zpf_set *set = &bed->set[i];

		set->sort = ZPF_SET_UNION;
		set->n = 2;
		set->members = bed->members[i];
		bed->members[i][0] = &bed->set[kind];
		bed->members[i][1] = &bed->set[3 + 3 * zpf_test_rnd(bed, 2) + kind];
	}
}

static u32 zpf_test_pick_set(struct zpf_testbed *bed, u8 kind)
{
	return zpf_test_rnd(bed, ZPF_TEST_SETS / 3) * 3 + kind - ZPF_SET_IPV4;
}

/* --- rules --- */

static void zpf_test_addr(struct zpf_testbed *bed, struct zpf_rule *r,
			  struct zpf_range4 *out, u16 one, u16 set)
{
	struct zpf_table *t = &bed->table;
	const bool v4 = t->family == 2;

	if (zpf_test_one_in(bed, 5)) {
		r->match |= set;
		out->lo = zpf_test_pick_set(bed, v4 ? ZPF_SET_IPV4 : ZPF_SET_IPV6);
		return;
	}
	r->match |= one;
	if (v4) {
		zpf_test_range4(bed, out);
		return;
	}
	out->lo = t->n_addr6++;
	zpf_test_range6(bed, &t->addr6[out->lo]);
}

static void zpf_test_ports(struct zpf_testbed *bed, struct zpf_rule *r,
			   struct zpf_range_port *out, u16 one, u16 set)
{
	if (zpf_test_one_in(bed, 5)) {
		r->match |= set;
		out->lo = zpf_test_pick_set(bed, ZPF_SET_PORT);
	} else {
		r->match |= one;
		zpf_test_range_port(bed, out);
	}
}

static void zpf_test_l4(struct zpf_testbed *bed, struct zpf_rule *r)
{
	const u32 kind = zpf_test_rnd(bed, 6);

	if (kind < 4) {
		r->match |= ZPF_M_PROTO;
		r->proto[0] = kind & 1 ? 6 : 17;
		r->proto[1] = zpf_test_one_in(bed, 3) ? 23 - r->proto[0] : r->proto[0];
		if (!zpf_test_one_in(bed, 3))
			zpf_test_ports(bed, r, &r->dport, ZPF_M_DPORT, ZPF_M_DPORTSET);
		if (zpf_test_one_in(bed, 6))
			zpf_test_ports(bed, r, &r->sport, ZPF_M_SPORT, ZPF_M_SPORTSET);
		if (zpf_test_one_in(bed, 8)) {
			r->match |= ZPF_M_TCP;
			r->l4_mask = 18;
			r->l4_value = 2;
		}
	} else if (kind == 4) {
		r->match |= ZPF_M_PROTO | ZPF_M_ICMP;
		r->proto[0] = 1;
		r->proto[1] = 1;
		r->l4_mask = zpf_test_one_in(bed, 2) ? 0xff00 : 0xffff;
		r->l4_value = (zpf_test_rnd(bed, 3) << 8 | zpf_test_rnd(bed, 2)) &
			      r->l4_mask;
	} else if (zpf_test_one_in(bed, 4)) {
		r->match |= ZPF_M_EXT;
		r->proto[0] = 1 << zpf_test_rnd(bed, 8);
	}
}

/*
 * A rule goes on behind itself, or, like a jump laid flat, further on: within
 * about what is left of a block, so that blocks lie in blocks.
 */
static void zpf_test_targets(struct zpf_testbed *bed, struct zpf_rule *r, u32 i)
{
	const u32 left = bed->table.n_rules - i;
	const u32 far = left < 40 ? left : 40;

	r->hit = i + 1 + zpf_test_rnd(bed, far);
	r->miss = i + 1;
	if (zpf_test_one_in(bed, bed->jumps ? 12 : 200))
		r->miss = i + 1 + zpf_test_rnd(bed, far);
	if (zpf_test_one_in(bed, 200))
		r->miss = i + 1 + zpf_test_rnd(bed, left);
}

static void zpf_test_rule(struct zpf_testbed *bed, u32 i)
{
	struct zpf_rule *r = &bed->table.rules[i];

	zpf_test_targets(bed, r, i);
	/* The default of a block, or of the table. */
	if (zpf_test_one_in(bed, bed->jumps ? 50 : 800) || (i + 1 == bed->table.n_rules &&
					 !zpf_test_one_in(bed, 4)))
		return;
	if (zpf_test_one_in(bed, 6)) {
		r->match |= ZPF_M_STATE;
		r->state = 1 + zpf_test_rnd(bed, 15);
	}
	zpf_test_l4(bed, r);
	if (zpf_test_one_in(bed, 2))
		zpf_test_addr(bed, r, &r->saddr, ZPF_M_SADDR, ZPF_M_SSET);
	if (!zpf_test_one_in(bed, 3))
		zpf_test_addr(bed, r, &r->daddr, ZPF_M_DADDR, ZPF_M_DSET);
	if (zpf_test_one_in(bed, 12)) {
		r->match |= ZPF_M_IN;
		r->in = zpf_test_rnd(bed, 2 * BITS_PER_LONG);
	}
	if (zpf_test_one_in(bed, 12)) {
		r->match |= ZPF_M_OUT;
		r->out = zpf_test_rnd(bed, 2 * BITS_PER_LONG);
	}
	if (zpf_test_one_in(bed, 12)) {
		struct zpf_extra *extra = &bed->table.extras[i];

		r->match |= ZPF_M_EXTRA;
		r->extra = i + 1;
		extra->nums = ZPF_NUM_BIT(ZPF_NUM_TTL);
		extra->set[ZPF_NUM_TTL] = ZPF_TEST_SETS +
					  zpf_test_rnd(bed, ZPF_TEST_NUMS);
	}
	if (zpf_test_one_in(bed, 6))
		r->not = zpf_test_rnd(bed, 128);
}

/* --- packets --- */

static void zpf_test_key(struct zpf_testbed *bed, struct zpf_key *key)
{
	static const u8 protos[] = { 6, 17, 1, 50, 6, 17 };

	memset(key, 0, sizeof(*key));
	key->state = zpf_test_one_in(bed, 5) ? 0 : 1 << zpf_test_rnd(bed, 4);
	key->proto = protos[zpf_test_rnd(bed, 6)];
	key->ext = zpf_test_one_in(bed, 4) ? zpf_test_rnd(bed, 256) : 0;
	if (!zpf_test_one_in(bed, 10))
		key->l4 = key->proto == 6 ? ZPF_L4_PORTS | ZPF_L4_TCP :
			  key->proto == 17 ? ZPF_L4_PORTS :
			  key->proto == 1 ? ZPF_L4_ICMP : 0;
	/* One that is only thought of may have one port alone. */
	if (zpf_test_one_in(bed, 20))
		key->l4 &= ~(zpf_test_one_in(bed, 2) ? ZPF_L4_SPORT : ZPF_L4_DPORT);
	key->sport = zpf_test_port(bed);
	key->dport = zpf_test_port(bed);
	key->icmp = zpf_test_rnd(bed, 3) << 8 | zpf_test_rnd(bed, 3);
	key->tcp_flags = zpf_test_rnd(bed, 32);
	if (bed->table.family == 2) {
		key->s4 = zpf_test_addr4(bed);
		key->d4 = zpf_test_addr4(bed);
	} else {
		zpf_test_addr6(bed, key->s6.w);
		zpf_test_addr6(bed, key->d6.w);
	}
	key->more.have = ZPF_NUM_BIT(ZPF_NUM_TTL);
	key->more.num[ZPF_NUM_TTL] = zpf_test_rnd(bed, 12);
	key->in = zpf_test_one_in(bed, 5) ? NULL : bed->ifs[0];
	key->out = zpf_test_one_in(bed, 5) ? NULL : bed->ifs[1];
}

/* At an edge of a rule's range, just inside or just outside. */
static bool zpf_test_edge(struct zpf_testbed *bed, const struct zpf_rule *rule,
			  unsigned int dim, u64 *v)
{
	struct zpf_range6 range;
	struct zpf_want want;
	bool hi = zpf_test_one_in(bed, 2);

	zpf_want_get(&bed->table, bed->sets, rule, dim, &want);
	if (want.all || !want.n)
		return false;
	zpf_want_range(&want, zpf_test_rnd(bed, want.n), &range);
	memcpy(v, hi ? range.hi : range.lo, sizeof(range.lo));
	if (!zpf_test_one_in(bed, 4))
		return true;
	if (hi) {
		v[1]++;
		v[0] += !v[1];
	} else {
		v[0] -= !v[1];
		v[1]--;
	}
	return true;
}

static void zpf_test_corner(struct zpf_testbed *bed, struct zpf_key *key)
{
	const struct zpf_rule *rule;
	u64 v[2];

	rule = &bed->table.rules[zpf_test_rnd(bed, bed->table.n_rules)];
	if (zpf_test_edge(bed, rule, ZPF_DIM_SRC, v)) {
		if (bed->table.family == 2)
			key->s4 = v[1];
		else
			memcpy(key->s6.w, v, sizeof(v));
	}
	if (zpf_test_edge(bed, rule, ZPF_DIM_DST, v)) {
		if (bed->table.family == 2)
			key->d4 = v[1];
		else
			memcpy(key->d6.w, v, sizeof(v));
	}
	if (rule->match & ZPF_M_PROTO) {
		key->proto = rule->proto[zpf_test_rnd(bed, 2)];
		key->l4 = key->proto == 1 ? ZPF_L4_ICMP :
			  key->proto == 6 ? ZPF_L4_PORTS | ZPF_L4_TCP :
					    ZPF_L4_PORTS;
	}
	if (key->l4 & ZPF_L4_PORTS) {
		if (zpf_test_edge(bed, rule, ZPF_DIM_SPORT, v))
			key->sport = v[1];
		if (zpf_test_edge(bed, rule, ZPF_DIM_SLOT, v))
			key->dport = v[1];
	}
}

/* --- asking --- */

/* Every question a packet's way through the table may ask. */
static int zpf_test_ask(struct zpf_testbed *bed, const struct zpf_key *key)
{
	const struct zpf_table *t = &bed->table;
	struct zpf_selftest *test = bed->test;
	u32 idx = 0;

	if (zpf_test_one_in(bed, 4))
		idx = zpf_test_rnd(bed, t->n_rules + 1);
	for (;;) {
		u32 want = zpf_table_walk(t, bed->sets, key, idx, t->n_rules);
		u32 got = zpf_table_next(t, bed->sets, key, idx);

		test->asked++;
		if (want != got) {
			test->table = test->tables;
			test->idx = idx;
			test->want = want;
			test->got = got;
			return -EINVAL;
		}
		if (want >= t->n_rules)
			return 0;
		test->matched += !!t->rules[want].match;
		/* As after a match, or as where its limit failed. */
		idx = zpf_test_one_in(bed, 2) ? t->rules[want].hit :
						t->rules[want].miss;
	}
}

/* Tiny values of IPv4: all addresses, ports, protocols, one after another. */
static int zpf_test_all(struct zpf_testbed *bed, u32 packets)
{
	u32 i = zpf_test_rnd(bed, 1 << 16), end = i + packets;
	struct zpf_key key;
	int err = 0;

	zpf_test_key(bed, &key);
	for (; !err && i < end; i++) {
		key.s4 = i & 15;
		key.d4 = i >> 4 & 15;
		key.dport = i >> 8 & 7;
		key.proto = i >> 11 & 1 ? 6 : 17;
		key.l4 = ZPF_L4_PORTS | (key.proto == 6 ? ZPF_L4_TCP : 0);
		key.state = 1 << (i >> 12 & 3);
		err = zpf_test_ask(bed, &key);
	}
	return err;
}

static int zpf_test_packets(struct zpf_testbed *bed)
{
	struct zpf_key key;
	int err = 0;
	u32 i;

	for (i = 0; !err && i < bed->test->packets; i++) {
		zpf_test_key(bed, &key);
		zpf_test_change(bed);
		if (!zpf_test_one_in(bed, 3))
			zpf_test_corner(bed, &key);
		err = zpf_test_ask(bed, &key);
		if (i % 64 == 63)
			cond_resched();
	}
	if (!err && bed->tiny && bed->table.family == 2)
		err = zpf_test_all(bed, bed->test->packets);
	return err;
}

static int zpf_test_fill(struct zpf_testbed *bed)
{
	struct zpf_table *t = &bed->table;
	u32 n = bed->test->max_rules, i;

	/* As many small tables as large ones. */
	while (n > 32 && zpf_test_one_in(bed, 2))
		n /= 2;
	t->family = bed->test->family;
	t->n_rules = 1 + zpf_test_rnd(bed, n);
	t->rules = kvcalloc(t->n_rules, sizeof(*t->rules), GFP_KERNEL_ACCOUNT);
	t->addr6 = kvcalloc(2 * t->n_rules, sizeof(*t->addr6),
			    GFP_KERNEL_ACCOUNT);
	t->extras = kvcalloc(t->n_rules, sizeof(*t->extras),
			     GFP_KERNEL_ACCOUNT);
	if (!t->rules || !t->addr6 || !t->extras)
		return -ENOMEM;
	bed->tiny = zpf_test_one_in(bed, 2);
	bed->jumps = zpf_test_one_in(bed, 2);
	for (i = 0; i < 4; i++)
		bed->ifs[i / 2][i % 2] = ((u64)zpf_test_rnd(bed, ~0U) << 32 |
					  zpf_test_rnd(bed, ~0U)) & ~0UL;
	for (i = 0; i < ZPF_TEST_SETS; i++)
		zpf_test_set(bed, i);
	for (i = 0; i < ZPF_TEST_NUMS; i++)
		zpf_test_num(bed, i);
	zpf_test_change(bed);
	for (i = 0; i < t->n_rules; i++)
		zpf_test_rule(bed, i);
	return 0;
}

/**
 * zpf_selftest_table() - try one random table
 * @test: what to try; counts what was tried, and says what differs
 *
 * Context: process; may sleep. Return: 0, -ENOMEM, -EINVAL: a difference
 */
int zpf_selftest_table(struct zpf_selftest *test)
{
	struct zpf_index_stat stat;
	struct zpf_testbed *bed;
	int err;

	bed = kvzalloc(sizeof(*bed), GFP_KERNEL_ACCOUNT);
	if (!bed)
		return -ENOMEM;
	bed->test = test;
	err = zpf_test_fill(bed) ?:
	      zpf_index_build(&bed->table, bed->sets, test->caps);
	if (!err) {
		zpf_index_stat(&bed->table, &stat);
		test->engines[stat.engine]++;
		err = zpf_test_packets(bed);
		test->tables++;
	}
	zpf_index_free(&bed->table);
	kvfree(bed->table.rules);
	kvfree(bed->table.addr6);
	kvfree(bed->table.extras);
	kvfree(bed);
	return err;
}

/**
 * zpf_selftest_load() - what a debug kernel tries before it loads the module
 *
 * Context: process; may sleep. Return: 0, -ENOMEM, -EINVAL: a difference
 */
int zpf_selftest_load(void)
{
	struct zpf_index_caps caps = zpf_index_caps;
	struct zpf_selftest test = {
		.seed = 1, .caps = &caps, .max_rules = 400, .packets = 100,
	};
	int err = 0;
	u32 i;

	caps.force = true;
	for (i = 0; !err && i < 60; i++) {
		/* All engines, then each alone, over both families. */
		caps.engines = i % 3 ? 1U << (i % 3) : ~0U;
		test.family = i & 1 ? 10 : 2;
		err = zpf_selftest_table(&test);
	}
	return err;
}
