// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's table walk: each match with its near miss, the forward jumps,
 * and a few million random packets over random tables against a reference
 * that reads a rule the way a person would.
 */
#include <stdlib.h>
#include <string.h>
#include "test.h"
#include "index.h"

static struct zpf_range4 set4_r[] = { { 5, 6 }, { 9, 9 } };
static struct zpf_range6 set6_r[] = { { { 0, 5 }, { 0, 6 } }, { { 1, 0 }, { 1, 3 } } };
static struct zpf_range_port setp_r[] = { { 2, 3 }, { 6, 6 } };
static struct zpf_set set4 = { .kind = ZPF_SET_IPV4, .n = 2, .r4 = set4_r };
static struct zpf_set set6 = { .kind = ZPF_SET_IPV6, .n = 2, .r6 = set6_r };
static struct zpf_set setp = { .kind = ZPF_SET_PORT, .n = 2, .port = setp_r };
static struct zpf_set *const sets[] = { &set4, &set6, &setp };
enum { SET4, SET6, SETP };

static u32 seed = 1;

static u32 rnd(u32 n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* --- the reference --- */

static bool ref_in_ranges(u64 v, const struct zpf_range4 *r, u32 n)
{
	for (u32 i = 0; i < n; i++)
		if (v >= r[i].lo && v <= r[i].hi)
			return true;
	return false;
}

static bool ref_addr(const struct zpf_table *t, const struct zpf_range4 *r,
		     bool one, u32 v4, const struct zpf_in6 *v6)
{
	const struct zpf_range6 *ranges = one ? &t->addr6[r->lo] : set6_r;

	if (t->family == 2)
		return one ? ref_in_ranges(v4, r, 1) : ref_in_ranges(v4, set4_r, 2);
	for (u32 i = 0; i < (one ? 1 : 2); i++) {
		unsigned __int128 lo = (unsigned __int128)ranges[i].lo[0] << 64 | ranges[i].lo[1];
		unsigned __int128 hi = (unsigned __int128)ranges[i].hi[0] << 64 | ranges[i].hi[1];
		unsigned __int128 v = (unsigned __int128)v6->w[0] << 64 | v6->w[1];

		if (v >= lo && v <= hi)
			return true;
	}
	return false;
}

static bool ref_port(const struct zpf_range_port *r, bool one, u16 port)
{
	if (one)
		return port >= r->lo && port <= r->hi;
	return (port >= 2 && port <= 3) || port == 6;
}

static bool ref_matches(const struct zpf_table *t, const struct zpf_rule *r,
			const struct zpf_key *k)
{
	bool ok = true;
	const u16 m = r->match;

	if (m & ZPF_M_STATE)
		ok = ok && (r->state & k->state);
	if (m & ZPF_M_PROTO)
		ok = ok && (r->not & ZPF_NOT_PROTO ?
			    k->proto != r->proto[0] && k->proto != r->proto[1] :
			    k->proto == r->proto[0] || k->proto == r->proto[1]);
	if (m & ZPF_M_EXT)
		ok = ok && (r->not & ZPF_NOT_PROTO ? !(k->ext & r->proto[0]) :
						     !!(k->ext & r->proto[0]));
	if (m & (ZPF_M_SADDR | ZPF_M_SSET))
		ok = ok && ref_addr(t, &r->saddr, m & ZPF_M_SADDR, k->s4, &k->s6) !=
			   !!(r->not & ZPF_NOT_SADDR);
	if (m & (ZPF_M_DADDR | ZPF_M_DSET))
		ok = ok && ref_addr(t, &r->daddr, m & ZPF_M_DADDR, k->d4, &k->d6) !=
			   !!(r->not & ZPF_NOT_DADDR);
	if (m & (ZPF_M_SPORT | ZPF_M_SPORTSET))
		ok = ok && k->l4 & ZPF_L4_SPORT &&
		     ref_port(&r->sport, m & ZPF_M_SPORT, k->sport) !=
		     !!(r->not & ZPF_NOT_SPORT);
	if (m & (ZPF_M_DPORT | ZPF_M_DPORTSET))
		ok = ok && k->l4 & ZPF_L4_DPORT &&
		     ref_port(&r->dport, m & ZPF_M_DPORT, k->dport) !=
		     !!(r->not & ZPF_NOT_DPORT);
	if (m & ZPF_M_IN)
		ok = ok && k->in && !!(k->in[r->in / 64] >> r->in % 64 & 1) !=
				    !!(r->not & ZPF_NOT_IN);
	if (m & ZPF_M_OUT)
		ok = ok && k->out && !!(k->out[r->out / 64] >> r->out % 64 & 1) !=
				     !!(r->not & ZPF_NOT_OUT);
	if (m & ZPF_M_ICMP)
		ok = ok && k->l4 & ZPF_L4_ICMP &&
		     (k->icmp & r->l4_mask) == r->l4_value;
	if (m & ZPF_M_TCP)
		ok = ok && k->l4 & ZPF_L4_TCP &&
		     (k->tcp_flags & r->l4_mask) == r->l4_value;
	return ok;
}

static u32 ref_next(const struct zpf_table *t, const struct zpf_key *k, u32 i)
{
	for (; i < t->n_rules; i = t->rules[i].miss)
		if (ref_matches(t, &t->rules[i], k))
			return i;
	return t->n_rules;
}

/* The first test that fails, by the reference. */
static u8 ref_why(const struct zpf_table *t, const struct zpf_rule *r,
		  const struct zpf_key *k)
{
	static const struct {
		u16 bits;
		u8 why;
	} order[] = {
		{ ZPF_M_STATE, ZPF_WHY_STATE },
		{ ZPF_M_PROTO | ZPF_M_EXT, ZPF_WHY_PROTOCOL },
		{ ZPF_M_DADDR | ZPF_M_DSET, ZPF_WHY_DST_ADDRESS },
		{ ZPF_M_DPORT | ZPF_M_DPORTSET, ZPF_WHY_DST_PORT },
		{ ZPF_M_SADDR | ZPF_M_SSET, ZPF_WHY_SRC_ADDRESS },
		{ ZPF_M_SPORT | ZPF_M_SPORTSET, ZPF_WHY_SRC_PORT },
		{ ZPF_M_IN, ZPF_WHY_IN },
		{ ZPF_M_OUT, ZPF_WHY_OUT },
		{ ZPF_M_ICMP, ZPF_WHY_ICMP },
		{ ZPF_M_TCP, ZPF_WHY_TCP_FLAGS },
	};
	struct zpf_rule one = *r;

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		one.match = r->match & order[i].bits;
		if (one.match && !ref_matches(t, &one, k))
			return order[i].why;
	}
	return ZPF_WHY_NONE;
}

/* --- random tables over a tiny domain, so that everything is hit --- */

#define N_RULES 24

static struct zpf_range6 addr6[2 * N_RULES];

static void random_addr(struct zpf_table *t, struct zpf_range4 *out, u16 *m,
			u16 one, u16 set)
{
	if (rnd(2)) {
		*m |= set;
		out->lo = t->family == 2 ? SET4 : SET6;
	} else if (t->family == 2) {
		*m |= one;
		out->lo = rnd(12);
		out->hi = out->lo + rnd(4);
	} else {
		struct zpf_range6 *r = &addr6[t->n_addr6];

		*m |= one;
		r->lo[0] = rnd(2);
		r->lo[1] = rnd(8);
		r->hi[0] = r->lo[0] + rnd(2);
		r->hi[1] = r->hi[0] > r->lo[0] ? rnd(8) : r->lo[1] + rnd(3);
		out->lo = t->n_addr6++;
	}
}

static void random_port(struct zpf_range_port *out, u16 *m, u16 one, u16 set)
{
	if (rnd(2)) {
		*m |= set;
		out->lo = SETP;
	} else {
		*m |= one;
		out->lo = rnd(8);
		out->hi = out->lo + rnd(3);
	}
}

static void random_rule(struct zpf_table *t, u32 i)
{
	struct zpf_rule *r = &t->rules[i];
	static const u8 flags[] = { 0, 2, 16, 18 };

	memset(r, 0, sizeof(*r));
	r->not = rnd(4) ? 0 : rnd(128);
	if (!rnd(3)) {
		r->match |= ZPF_M_STATE;
		r->state = 1 + rnd(15);
	}
	if (!rnd(2)) {
		r->match |= ZPF_M_PROTO;
		r->proto[0] = rnd(2) ? 6 : 17;
		r->proto[1] = rnd(2) ? r->proto[0] : 17;
	} else if (!rnd(6)) {
		r->match |= ZPF_M_EXT;
		r->proto[0] = 1 << rnd(8);
	}
	if (!rnd(3))
		random_addr(t, &r->saddr, &r->match, ZPF_M_SADDR, ZPF_M_SSET);
	if (!rnd(3))
		random_addr(t, &r->daddr, &r->match, ZPF_M_DADDR, ZPF_M_DSET);
	if (!rnd(4))
		random_port(&r->sport, &r->match, ZPF_M_SPORT, ZPF_M_SPORTSET);
	if (!rnd(3))
		random_port(&r->dport, &r->match, ZPF_M_DPORT, ZPF_M_DPORTSET);
	if (!rnd(6)) {
		r->match |= ZPF_M_IN;
		r->in = rnd(128);
	}
	if (!rnd(6)) {
		r->match |= ZPF_M_OUT;
		r->out = rnd(128);
	}
	if (!rnd(8)) {
		r->match |= ZPF_M_ICMP;
		r->l4_mask = rnd(2) ? 0xff00 : 0xffff;
		r->l4_value = (rnd(3) << 8 | rnd(2)) & r->l4_mask;
	} else if (!rnd(8)) {
		r->match |= ZPF_M_TCP;
		r->l4_mask = flags[1 + rnd(3)];
		r->l4_value = flags[rnd(4)] & r->l4_mask;
	}
	r->row = i;
	r->hit = i + 1 + rnd(t->n_rules - i);
	r->miss = rnd(4) ? i + 1 : i + 1 + rnd(t->n_rules - i);
}

static void random_key(struct zpf_key *k, const unsigned long *in,
		       const unsigned long *out, u8 family)
{
	static const u8 protos[] = { 6, 17, 1, 50 };

	memset(k, 0, sizeof(*k));
	k->state = rnd(5) ? 1 << rnd(4) : 0;
	k->proto = protos[rnd(4)];
	k->ext = rnd(3) ? 0 : rnd(256);
	if (rnd(8)) {
		k->l4 = k->proto == 6 ? ZPF_L4_PORTS | ZPF_L4_TCP :
			k->proto == 17 ? ZPF_L4_PORTS :
			k->proto == 1 ? ZPF_L4_ICMP : 0;
	}
	/* packets that are only thought of may lack one */
	if (!rnd(8))
		k->l4 &= ~(rnd(2) ? ZPF_L4_SPORT : ZPF_L4_DPORT);
	k->sport = rnd(9);
	k->dport = rnd(9);
	k->icmp = rnd(3) << 8 | rnd(2);
	k->tcp_flags = rnd(32);
	if (family == 2) {
		k->s4 = rnd(14);
		k->d4 = rnd(14);
	} else {
		k->s6 = (struct zpf_in6){ { rnd(3), rnd(9) } };
		k->d6 = (struct zpf_in6){ { rnd(3), rnd(9) } };
	}
	k->in = rnd(5) ? in : NULL;
	k->out = rnd(5) ? out : NULL;
}

static void differential(u8 family)
{
	static struct zpf_rule rules[N_RULES];
	unsigned long in[2] = { 0x5555aaaa0f0f3333UL, 0x123456789abcdef0UL };
	unsigned long out[2] = { 0xfedcba9876543210UL, 0x3333f0f05555aaaaUL };
	u64 hits[N_RULES] = { 0 }, left = 0;
	u64 whys[ZPF_WHY_OTHER + 1] = { 0 };
	int named = 0;

	for (int n = 0; n < 2000; n++) {
		struct zpf_table t = {
			.family = family,
			.n_rules = N_RULES,
			.rules = rules,
			.addr6 = addr6,
		};

		for (u32 i = 0; i < N_RULES; i++)
			random_rule(&t, i);
		for (int p = 0; p < 250; p++) {
			struct zpf_key key;
			u32 i = 0;

			random_key(&key, in, out, family);
			i = rnd(N_RULES);
			assert_int_equal(zpf_rule_why(&t, &rules[i], sets, &key),
					 ref_why(&t, &rules[i], &key));
			whys[ref_why(&t, &rules[i], &key)]++;
			i = 0;
			while (i < N_RULES) {
				u32 want = ref_next(&t, &key, i);

				i = zpf_table_next(&t, sets, &key, i);
				assert_int_equal(i, want);
				if (i == N_RULES) {
					left++;
					break;
				}
				hits[i]++;
				i = rules[i].hit;
			}
		}
	}
	/* A test in which nothing matches would prove nothing. */
	for (int i = 0; i < N_RULES; i++)
		assert_true(hits[i] > 100);
	assert_true(left > 100);
	/* NONE, and those of the ten tests of ref_why() */
	for (int i = ZPF_WHY_NONE; i < ZPF_WHY_OTHER; i++)
		named += whys[i] > 100;
	assert_int_equal(named, 11);
}

static void test_differential4(void **state __attribute__((unused)))
{
	differential(2);
}

static void test_differential6(void **state __attribute__((unused)))
{
	differential(10);
}

static void test_ends(void **state __attribute__((unused)))
{
	struct zpf_rule rules[2] = {
		{ .match = ZPF_M_STATE, .state = ZPF_STATE_NEW, .hit = 1, .miss = 1 },
		{ .hit = 2, .miss = 2 },
	};
	struct zpf_table t = { .family = 2, .n_rules = 2, .rules = rules };
	struct zpf_key key = { .state = ZPF_STATE_NEW };

	assert_int_equal(zpf_table_next(&t, sets, &key, 0), 0);
	assert_int_equal(zpf_table_next(&t, sets, &key, 2), 2);
	assert_int_equal(zpf_table_next(&t, sets, &key, 7), 7);
	/* untracked matches no state at all */
	key.state = 0;
	assert_int_equal(zpf_table_next(&t, sets, &key, 0), 1);
	assert_true(zpf_rule_matchless(&rules[1]));
	assert_false(zpf_rule_matchless(&rules[0]));
	rules[1].limit = 1;
	assert_false(zpf_rule_matchless(&rules[1]));
}

static void test_ext_bits(void **state __attribute__((unused)))
{
	static const u8 ext[] = { 0, 43, 44, 51, 60, 135, 139, 140 };
	u8 all = 0;

	for (size_t i = 0; i < ARRAY_LEN(ext); i++) {
		u8 bit = zpf_ext_bit(ext[i]);

		assert_true(bit && !(bit & (bit - 1)) && !(all & bit));
		all |= bit;
	}
	assert_int_equal(all, 0xff);
	for (int p = 0; p < 256; p++)
		if (!memchr(ext, p, sizeof(ext)))
			assert_int_equal(zpf_ext_bit(p), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_differential4),
		cmocka_unit_test(test_differential6),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_ext_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
