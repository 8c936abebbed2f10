// SPDX-License-Identifier: GPL-2.0-only
/*
 * The index of the module in user space: what was chosen for rule sets of
 * several shapes and sizes, how large it is, how long it takes to build and to
 * ask. Every answer is compared with the walk's.
 *
 *	bench_index [-6] [-j] [-s SHAPE] [-n RULES] [-e ENGINES] [-b]
 *
 * -6 IPv6, -j JSON, -s one shape, -n one size, -e mask of engines (all but
 * linear: 6, bit vectors 2, tuples 4, walk 0), -b also the shapes made to
 * break it.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "index.h"
#include "linux/sched.h"
#include "shapes.h"

#define KEYS 4096
#define EVICT (8 << 20)

static const char *const places[] = { "first", "middle", "last", "default", "random" };
enum { FIRST, MIDDLE, LAST, DEFAULT, RANDOM, PLACES };

static struct zpf_key keys[KEYS];
static volatile u32 sink;
static bool json;
static bool more;

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void make_keys(const struct ruleset *rs, int place, u32 n)
{
	const u32 rules = rs->table.n_rules - 1;

	for (u32 i = 0; i < n; i++) {
		u32 rule = place == FIRST ? i % (rules < 4 ? rules : 4) :
			   place == MIDDLE ? rules / 2 + i % 2 :
			   place == LAST ? rules - 1 - i % (rules < 4 ? rules : 4) :
			   place == DEFAULT ? rules : shape_rnd(rules);

		shape_key(rs, rule, &keys[i]);
	}
}

static void check(const struct ruleset *rs, u32 n)
{
	const struct zpf_table *t = &rs->table;

	for (u32 i = 0; i < n; i++) {
		u32 want = zpf_table_walk(t, rs->sets, &keys[i], 0, t->n_rules);
		u32 got = zpf_table_next(t, rs->sets, &keys[i], 0);

		if (want == got)
			continue;
		fprintf(stderr, "bench_index: key %u: walk %u, index %u\n", i, want, got);
		exit(1);
	}
}

static u32 ask(const struct ruleset *rs, u32 n, u32 rounds)
{
	u32 sum = 0;

	for (u32 r = 0; r < rounds; r++)
		for (u32 i = 0; i < n; i++)
			sum += zpf_table_next(&rs->table, rs->sets, &keys[i], 0);
	return sum;
}

/* The best of some batches: the machine is not ours alone. */
static double hot_ns(const struct ruleset *rs, u32 n)
{
	double best = 1e18, t;
	u32 rounds = 1;

	do {
		rounds *= 2;
		t = now_ns();
		sink = ask(rs, n, rounds);
		t = now_ns() - t;
	} while (t < 1e6);
	for (int i = 0; i < 7; i++) {
		t = now_ns();
		sink = ask(rs, n, rounds);
		t = (now_ns() - t) / rounds / n;
		if (t < best)
			best = t;
	}
	return best;
}

/* Caches of this core cleared between batches of eight. */
static double cold_ns(const struct ruleset *rs)
{
	static u8 *evict;
	double sum = 0;
	const int batches = 60;

	if (!evict)
		evict = malloc(EVICT);
	for (int b = 0; b < batches; b++) {
		u32 out = 0;
		double t;

		memset(evict, b, EVICT);
		t = now_ns();
		for (u32 i = 0; i < 8; i++)
			out += zpf_table_next(&rs->table, rs->sets, &keys[b * 8 + i], 0);
		sum += now_ns() - t;
		sink = out;
	}
	return sum / batches / 8;
}

static void measure(const struct shape *shape, u32 n, bool v6,
		    const struct zpf_index_caps *caps)
{
	static const char *const engines[] = { "linear", "bitvector", "tuple" };
	struct ruleset *rs = shape_make(shape, n, v6);
	struct zpf_index_stat stat;
	double ns[PLACES], cold, build;

	zpf_shadow_hold();
	build = now_ns();
	if (zpf_index_build(&rs->table, rs->sets, caps))
		exit(1);
	build = now_ns() - build;
	zpf_index_stat(&rs->table, &stat);
	for (int p = 0; p < PLACES; p++) {
		u32 n_keys = p == RANDOM ? KEYS : 64;

		make_keys(rs, p, n_keys);
		check(rs, n_keys > 512 && n > 2000 ? 512 : n_keys);
		ns[p] = hot_ns(rs, n_keys);
	}
	cold = cold_ns(rs);
	if (json) {
		printf("%s{\"shape\":\"%s\",\"family\":\"ipv%d\",\"rules\":%u,\"engine\":\"%s\",\"tables\":%u,\"chunks\":%u,\"chain\":%u,\"rest\":%u,\"probes\":%u,\"bytes\":%llu,\"build_ms\":%.3f,\"held_ms\":%.3f",
		       more ? ",\n" : "[", shape->name, v6 ? 6 : 4, n,
		       engines[stat.engine], stat.tables, stat.chunks, stat.chain,
		       stat.rest, stat.probes, (unsigned long long)stat.bytes,
		       build / 1e6, zpf_shadow_held_ns / 1e6);
		for (int p = 0; p < PLACES; p++)
			printf(",\"%s_ns\":%.1f", places[p], ns[p]);
		printf(",\"cold_ns\":%.1f}", cold);
	} else {
		if (!more)
			printf("%-7s %-4s %6s %-9s %6s %6s %5s %5s %6s %6s %8s %7s %7s %7s %7s %7s %7s %7s\n",
			       "shape", "ip", "rules", "engine", "tables", "chunks",
			       "chain", "rest", "probes", "B/rule", "build ms", "held ms", "first",
			       "middle", "last", "default", "random", "cold");
		printf("%-7s ipv%d %6u %-9s %6u %6u %5u %5u %6u %6.0f %8.2f %7.2f",
		       shape->name, v6 ? 6 : 4, n, engines[stat.engine], stat.tables,
		       stat.chunks, stat.chain, stat.rest, stat.probes,
		       (double)stat.bytes / n, build / 1e6, zpf_shadow_held_ns / 1e6);
		for (int p = 0; p < PLACES; p++)
			printf(" %7.1f", ns[p]);
		printf(" %7.0f\n", cold);
	}
	more = true;
	fflush(stdout);
	zpf_index_free(&rs->table);
	shape_free(rs);
}

int main(int argc, char **argv)
{
	static const u32 sizes[] = { 10, 16, 24, 32, 64, 100, 300, 1000, 3000, 10000, 30000, 100000 };
	struct zpf_index_caps caps = zpf_index_caps;
	bool v6 = false, bad = false;
	const char *only = NULL;
	u32 size = 0;
	int c;

	while ((c = getopt(argc, argv, "6bjs:n:e:c:t:")) != -1) {
		switch (c) {
		case '6': v6 = true; break;
		case 'b': bad = true; break;
		case 'j': json = true; break;
		case 's': only = optarg; break;
		case 'n': size = atoi(optarg); break;
		case 'e': caps.engines = atoi(optarg); caps.force = true; break;
		case 'c': caps.tm_chain = atoi(optarg); break;
		case 't': caps.tm_tables = atoi(optarg); break;
		default: return 2;
		}
	}
	for (size_t s = 0; s < n_shapes; s++) {
		if (only ? strcmp(only, shapes[s].name) : shapes[s].bad && !bad)
			continue;
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			if (!size || size == sizes[i])
				measure(&shapes[s], sizes[i], v6, &caps);
	}
	if (json)
		printf("]\n");
	return 0;
}
