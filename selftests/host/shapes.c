// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule sets of a given shape: see shapes.h. An address is a network out of a
 * few and a host in it, so that prefixes nest.
 */
#include <stdlib.h>
#include <string.h>
#include "shapes.h"

static u64 seed = 88172645463325252ULL;

u32 shape_rnd(u32 n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (u32)((seed >> 32) * n >> 32);
}

static bool percent(u32 p)
{
	return shape_rnd(100) < p;
}

static u32 address(u32 nets)
{
	u32 net = shape_rnd(nets);

	/* Skewed: half of all in an eighth of the networks. */
	if (shape_rnd(2))
		net /= 8;
	return 0x0a000000 + net * 0x10000 + shape_rnd(0x10000);
}

static void prefix(struct zpf_range4 *r, u32 addr, u32 len)
{
	u32 host = len ? 0xffffffffU >> (len - 1) >> 1 : 0xffffffffU;

	r->lo = addr & ~host;
	r->hi = addr | host;
}

static void src(struct zpf_rule *r, u32 addr, u32 len)
{
	if (!len)
		return;
	r->match |= ZPF_M_SADDR;
	prefix(&r->saddr, addr, len);
}

static void dst(struct zpf_rule *r, u32 addr, u32 len)
{
	if (!len)
		return;
	r->match |= ZPF_M_DADDR;
	prefix(&r->daddr, addr, len);
}

static void proto(struct zpf_rule *r, u8 p)
{
	r->match |= ZPF_M_PROTO;
	r->proto[0] = p;
	r->proto[1] = p;
}

/* Port 0 is none in the language; @hi below @lo is one port. */
static struct zpf_range_port ports(u16 lo, u16 hi)
{
	lo = lo ?: 1;
	return (struct zpf_range_port){ lo, hi < lo ? lo : hi };
}

static void dport(struct zpf_rule *r, u16 lo, u16 hi)
{
	r->match |= ZPF_M_DPORT;
	r->dport = ports(lo, hi);
}

static void sport(struct zpf_rule *r, u16 lo, u16 hi)
{
	r->match |= ZPF_M_SPORT;
	r->sport = ports(lo, hi);
}

static u16 service(void)
{
	static const u16 common[] = { 22, 25, 53, 80, 110, 123, 143, 443, 3306, 8080 };

	return shape_rnd(3) ? common[shape_rnd(10)] : shape_rnd(65536);
}

static void rule_ports(struct zpf_rule *r, u32 i, u32 n)
{
	(void)n;
	proto(r, i & 0x10000 ? 6 : 17);
	dport(r, i & 0xffff, i & 0xffff);
}

/* Source any, destination a host, one port. */
static void rule_fw1(struct zpf_rule *r, u32 i, u32 n)
{
	u32 pair = shape_rnd(100), class = shape_rnd(100);
	u32 nets = n / 1000 + 4;
	bool ports = !percent(11);

	(void)i;
	if (ports)
		proto(r, percent(64) ? 6 : 17);
	else if (percent(60))
		proto(r, 47);
	if (pair < 55)
		dst(r, address(nets), 32);
	else if (pair < 69)
		src(r, address(nets), 32);
	else if (pair < 76)
		class = 0;	/* any to any: at least a port */
	else if (pair < 84)
		src(r, address(nets), 24), dst(r, address(nets), 32);
	else if (pair < 90)
		src(r, address(nets), 32), dst(r, address(nets), 32);
	else if (pair < 95)
		dst(r, address(nets), 16 + shape_rnd(14));
	else
		src(r, address(nets), 20 + shape_rnd(10)), dst(r, address(nets), 24);
	if (class < 57 && (r->match & ZPF_M_PROTO) && ports)
		dport(r, pair >= 69 && pair < 76 ? shape_rnd(65536) : service(), 0);
	else if (class >= 90 && ports)
		sport(r, service(), 0);
	if (r->match & ZPF_M_DPORT)
		r->dport.hi = r->dport.lo;
	if (r->match & ZPF_M_SPORT)
		r->sport.hi = r->sport.lo;
	/* No rule may hold for everything. */
	if (!(r->match & ~ZPF_M_PROTO)) {
		r->match = 0;
		proto(r, 6);
		dport(r, shape_rnd(65536), 0);
		r->dport.hi = r->dport.lo;
	}
}

/* Host to host. */
static void rule_acl1(struct zpf_rule *r, u32 i, u32 n)
{
	u32 pair = shape_rnd(100), class = shape_rnd(100), p = shape_rnd(100);
	u32 nets = n / 500 + 4;

	(void)i;
	if (p < 87)
		proto(r, 6);
	else if (p < 92)
		proto(r, 1);
	src(r, address(nets), pair < 85 ? 32 : 24 + shape_rnd(8));
	dst(r, address(nets), pair < 75 ? 32 : 21 + shape_rnd(11));
	if (p >= 87)
		return;
	if (class < 58) {
		dport(r, service(), 0);
		r->dport.hi = r->dport.lo;
	} else if (class < 70) {
		u16 lo = shape_rnd(60000);

		dport(r, lo, lo + 1 + shape_rnd(2000));
	}
}

/* Wild and overlapping. */
static void rule_acl2(struct zpf_rule *r, u32 i, u32 n)
{
	static const u8 lens[] = { 8, 12, 14, 16, 16, 20, 22, 23, 24, 25, 26, 27, 28, 30 };
	u32 s = shape_rnd(100), d = shape_rnd(100), p = shape_rnd(100);
	u32 class = shape_rnd(100), nets = n / 100 + 4, slen, dlen;

	(void)i;
	if (p < 45)
		proto(r, 6);
	else if (p < 54)
		proto(r, 17);
	slen = s < 13 ? 0 : s < 48 ? 32 : lens[shape_rnd(sizeof(lens))];
	dlen = d < 9 ? 0 : d < 55 ? 32 : lens[shape_rnd(sizeof(lens))];
	/* Who is wild on one side is a host on the other, or no later rule lives. */
	if (slen < 16)
		dlen = 32;
	else if (dlen < 16)
		slen = 32;
	src(r, address(nets), slen);
	dst(r, address(nets), dlen);
	if (p < 54 && class < 45) {
		dport(r, service(), 0);
		r->dport.hi = r->dport.lo;
	} else if (p < 54 && class < 58) {
		u16 lo = shape_rnd(60000);

		dport(r, lo, lo + 1 + shape_rnd(5000));
	}
}

/* One prefix a rule. */
static void rule_geo(struct zpf_rule *r, u32 i, u32 n)
{
	(void)i;
	(void)n;
	src(r, 0x01000000 + shape_rnd(0xd0000000), 12 + shape_rnd(13));
}

/* Ranges that no prefix describes, all over each other. */
static void rule_ranges(struct zpf_rule *r, u32 i, u32 n)
{
	u32 a = shape_rnd(~0U), b = shape_rnd(~0U);

	(void)i;
	(void)n;
	r->match = ZPF_M_SADDR | ZPF_M_DADDR;
	r->saddr = (struct zpf_range4){ a < b ? a : b, a < b ? b : a };
	a = shape_rnd(~0U);
	b = shape_rnd(~0U);
	r->daddr = (struct zpf_range4){ a < b ? a : b, a < b ? b : a };
	proto(r, 17);
	dport(r, shape_rnd(30000), 30000 + shape_rnd(30000));
}

/* Every prefix holds the ones behind it. */
static void rule_nested(struct zpf_rule *r, u32 i, u32 n)
{
	src(r, 0x0a000000 + i, 32 - i * 31 / n);
	dst(r, 0xac100000, 32 - i % 31);
	proto(r, 6);
	dport(r, 1 + i % 7, 1 + i % 7);
}

/* Every rule has a mask of its own. */
static void rule_masks(struct zpf_rule *r, u32 i, u32 n)
{
	(void)n;
	src(r, shape_rnd(~0U), 1 + i % 32);
	dst(r, shape_rnd(~0U), 1 + i / 32 % 32);
	if (i / 1024 & 1)
		proto(r, 17);
	if (i / 2048 & 1) {
		proto(r, 17);
		dport(r, shape_rnd(65536), 65535);
	}
}

/* Nothing an index could go by. */
static void rule_ifaces(struct zpf_rule *r, u32 i, u32 n)
{
	(void)n;
	r->match = ZPF_M_IN;
	r->in = 1 + i % 63;
}

/* Many rules, few groups. */
static void rule_groups(struct zpf_rule *r, u32 i, u32 n)
{
	(void)n;
	r->match = ZPF_M_SSET | ZPF_M_DSET;
	r->saddr.lo = i % 16;
	r->daddr.lo = i / 16 % 16;
	proto(r, i & 1 ? 6 : 17);
	dport(r, shape_rnd(65536), 65535);
}

const struct shape shapes[] = {
	{ "ports", rule_ports, false },
	{ "fw1", rule_fw1, false },
	{ "acl1", rule_acl1, false },
	{ "acl2", rule_acl2, false },
	{ "geo", rule_geo, false },
	{ "ranges", rule_ranges, true },
	{ "nested", rule_nested, true },
	{ "masks", rule_masks, true },
	{ "ifaces", rule_ifaces, true },
	{ "groups", rule_groups, true },
};
const size_t n_shapes = sizeof(shapes) / sizeof(shapes[0]);

#define GROUPS 16
#define MEMBERS 400

static void make_groups(struct ruleset *rs, bool v6)
{
	rs->n_sets = GROUPS;
	rs->sets = calloc(GROUPS, sizeof(*rs->sets));
	for (u32 g = 0; g < GROUPS; g++) {
		struct zpf_set *set = calloc(1, sizeof(*set));
		u32 at = 0x0a000000 + shape_rnd(1 << 16);

		rs->sets[g] = set;
		set->kind = v6 ? ZPF_SET_IPV6 : ZPF_SET_IPV4;
		set->n = MEMBERS;
		set->have = MEMBERS;
		set->data = calloc(MEMBERS, sizeof(struct zpf_range6));
		for (u32 i = 0; i < MEMBERS; i++) {
			u32 hi = at + shape_rnd(256);

			if (v6)
				set->r6[i] = (struct zpf_range6){
					{ 0x20010db800000000ULL + at, 0 },
					{ 0x20010db800000000ULL + hi, ~0ULL } };
			else
				set->r4[i] = (struct zpf_range4){ at, hi };
			at = hi + 2 + shape_rnd(4096);
		}
	}
}

/* The upper half of a prefix of 2001:db8::/32: /32 becomes /64. */
static void widen(struct zpf_table *t, struct zpf_range4 *r)
{
	struct zpf_range6 *r6 = &t->addr6[t->n_addr6];

	r6->lo[0] = 0x20010db800000000ULL + r->lo;
	r6->hi[0] = 0x20010db800000000ULL + r->hi;
	r6->lo[1] = 0;
	r6->hi[1] = ~0ULL;
	r->lo = t->n_addr6++;
}

struct ruleset *shape_make(const struct shape *shape, u32 n, bool v6)
{
	struct ruleset *rs = calloc(1, sizeof(*rs));
	struct zpf_table *t = &rs->table;

	seed = 88172645463325252ULL + n;
	make_groups(rs, v6);
	t->family = v6 ? 10 : 2;
	t->n_rules = n + 1;
	t->rules = aligned_alloc(64, (n + 1) * sizeof(*t->rules));
	t->addr6 = calloc(2 * n + 1, sizeof(*t->addr6));
	memset(t->rules, 0, (n + 1) * sizeof(*t->rules));
	for (u32 i = 0; i <= n; i++) {
		struct zpf_rule *r = &t->rules[i];

		r->hit = i + 1;
		r->miss = i + 1;
		r->action = 1;
		if (i < n)
			shape->rule(r, i, n);
		if (v6 && (r->match & ZPF_M_SADDR))
			widen(t, &r->saddr);
		if (v6 && (r->match & ZPF_M_DADDR))
			widen(t, &r->daddr);
	}
	return rs;
}

void shape_free(struct ruleset *rs)
{
	for (u32 i = 0; i < rs->n_sets; i++) {
		free(rs->sets[i]->data);
		free(rs->sets[i]);
	}
	free(rs->sets);
	free(rs->table.rules);
	free(rs->table.addr6);
	free(rs);
}

static void corner(const struct ruleset *rs, const struct zpf_range4 *r,
		   bool one, bool group, u32 *v4, struct zpf_in6 *v6)
{
	const struct zpf_table *t = &rs->table;
	bool hi = shape_rnd(2);

	if (t->family != 2) {
		if (one)
			memcpy(v6->w, hi ? t->addr6[r->lo].hi : t->addr6[r->lo].lo, 16);
		else if (group)
			memcpy(v6->w, rs->sets[r->lo]->r6[shape_rnd(MEMBERS)].lo, 16);
	} else if (one) {
		*v4 = hi ? r->hi : r->lo;
	} else if (group) {
		*v4 = rs->sets[r->lo]->r4[shape_rnd(MEMBERS)].lo;
	}
}

void shape_key(const struct ruleset *rs, u32 rule, struct zpf_key *key)
{
	static const unsigned long in[2] = { ~1UL, ~0UL };
	const struct zpf_rule *r = &rs->table.rules[rule];
	const u16 m = r->match;

	memset(key, 0, sizeof(*key));
	key->state = ZPF_STATE_NEW;
	key->proto = m & ZPF_M_PROTO ? r->proto[0] : rule & 1 ? 6 : 17;
	key->in = m & ZPF_M_IN ? in : NULL;
	if (key->proto == 6 || key->proto == 17)
		key->l4 = ZPF_L4_PORTS | (key->proto == 6 ? ZPF_L4_TCP : 0);
	else if (key->proto == 1)
		key->l4 = ZPF_L4_ICMP;
	key->sport = m & ZPF_M_SPORT ? r->sport.lo : 40000 + shape_rnd(1000);
	key->dport = m & ZPF_M_DPORT ? (shape_rnd(2) ? r->dport.lo : r->dport.hi) :
				       shape_rnd(65536);
	if (rs->table.family == 2) {
		key->s4 = 0xc0000000 + shape_rnd(0x1000000);
		key->d4 = 0xc0000000 + shape_rnd(0x1000000);
	} else {
		key->s6.w[0] = 0x20010db8c0000000ULL + shape_rnd(0x1000000);
		key->d6.w[0] = 0x20010db8c0000000ULL + shape_rnd(0x1000000);
	}
	if (rule == rs->table.n_rules - 1) {	/* the default */
		key->proto = 50;
		key->l4 = 0;
	}
	corner(rs, &r->saddr, m & ZPF_M_SADDR, m & ZPF_M_SSET, &key->s4, &key->s6);
	corner(rs, &r->daddr, m & ZPF_M_DADDR, m & ZPF_M_DSET, &key->d4, &key->d6);
}
