// SPDX-License-Identifier: GPL-2.0-only
/*
 * Picks a packet out of a box and writes it down as arguments of `zpfctl test`,
 * for findings of lint: who doubts one can ask the policy itself. Silent where
 * something else than the ruleset would judge that packet.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "schema.h"
#include "witness.h"

/* From where to where the ruleset judges; false: nowhere by itself. */
static bool used_for(const struct zpf_model *m, const struct zpf_ruleset *rs,
		     const char **from, const char **to)
{
	for (size_t i = 0; i < m->n_zones; i++) {
		const struct zpf_zone *z = &m->zones[i];

		for (size_t j = 0; j < z->n_from; j++)
			if (z->from[j].bind[rs->fam].ruleset == rs) {
				*from = z->from[j].zone->name;
				*to = z->name;
				return true;
			}
	}
	return false;
}

/* A base chain would be asked before, and might decide. */
static bool chains(const struct zpf_model *m, int fam)
{
	for (int c = 0; c < ZPF_CHAINS; c++)
		if (m->chains[fam][c])
			return true;
	return false;
}

static bool global(const struct zpf_model *m, unsigned int state)
{
	const struct zpf_options *o = &m->options;

	switch (1U << state) {
	case ZPF_STATE_ESTABLISHED:
		return o->established.action.node;
	case ZPF_STATE_RELATED:
		return o->related.action.node;
	case ZPF_STATE_INVALID:
		return o->invalid.action.node;
	default:
		return false;
	}
}

/* The first state the global policy does not decide; -1: there is none. */
static int pick_state(const struct zpf_model *m, struct zpf_spans s)
{
	for (size_t i = 0; i < s.n; i++)
		for (zpf_point p = s.v[i].lo; p <= s.v[i].hi && p < 4; p++)
			if (!global(m, (unsigned int)p))
				return (int)p;
	return -1;
}

static uint32_t pick(struct zpf_spans s)
{
	const struct zpf_span *v = &s.v[0];

	/* 0 is a value few would send */
	return (uint32_t)(!v->lo && v->hi ? 1 : v->lo);
}

static const char *pick_addr(const struct zpf_model *m, int fam,
			     struct zpf_spans s, const char *any)
{
	char text[INET6_ADDRSTRLEN];
	zpf_point p = s.v[0].lo;
	uint8_t bytes[16];

	if (!p)
		return s.v[0].hi > UINT32_MAX / 2 ? any : NULL;
	for (size_t i = 16; i--; p >>= 8)
		bytes[i] = (uint8_t)p;
	if (fam == ZPF_FAM6)
		inet_ntop(AF_INET6, bytes, text, sizeof(text));
	else
		inet_ntop(AF_INET, bytes + 12, text, sizeof(text));
	return zpf_arena_strdup(m->arena, text);
}

static const char *flag_words(const struct zpf_model *m, uint32_t flags)
{
	const char *out = "";

	for (const struct zpf_word *w = zpf_words_tcp_flag; w->word; w++)
		if (flags & w->value)
			out = zpf_arena_printf(m->arena, "%s%s%s", out,
					       *out ? "," : "", w->word);
	return *out ? zpf_arena_printf(m->arena, " flags %s", out) : "";
}

/* What the protocol has: ports and flags, or type and code. */
static const char *upper(const struct zpf_model *m, const struct zpf_box *box)
{
	const struct zpf_spans *icmp = &box->dim[ZPF_DIM_ICMP];
	const struct zpf_spans *dport = &box->dim[ZPF_DIM_DPORT];
	const struct zpf_spans *tcp = &box->dim[ZPF_DIM_TCP];
	uint32_t value;

	if (dport->v[0].lo < ZPF_POINT_NONE)
		return zpf_arena_printf(m->arena, " sport %u dport %u%s",
					pick(box->dim[ZPF_DIM_SPORT]),
					pick(*dport),
					tcp->v[0].lo < ZPF_POINT_NONE ?
					flag_words(m, (uint32_t)tcp->v[0].lo) : "");
	if (icmp->v[0].lo < ZPF_POINT_NONE) {
		value = (uint32_t)icmp->v[0].lo;
		return zpf_arena_printf(m->arena, " icmp %u/%u", value >> 8,
					value & 255);
	}
	return "";
}

/**
 * zpf_witness() - a packet of a box
 * @m: the model; its arena gets the text
 * @rs: the ruleset that is to judge it
 * @box: packets of one kind: all with ports, or none
 *
 * Return: arguments of `zpfctl test`, or NULL where no pair of zones uses the
 * ruleset or something else judges first
 */
const char *zpf_witness(const struct zpf_model *m, const struct zpf_ruleset *rs,
			const struct zpf_box *box)
{
	static const char *const any[ZPF_FAMS][2] = {
		{ "192.0.2.1", "198.51.100.1" }, { "2001:db8::1", "2001:db8:1::1" },
	};
	const char *from, *to, *src, *dst;
	int state = pick_state(m, box->dim[ZPF_DIM_STATE]);

	if (state < 0 || chains(m, rs->fam) || !used_for(m, rs, &from, &to) ||
	    box->dim[ZPF_DIM_IN].v[0].lo || box->dim[ZPF_DIM_OUT].v[0].lo)
		return NULL;
	src = pick_addr(m, rs->fam, box->dim[ZPF_DIM_SADDR], any[rs->fam][0]);
	dst = pick_addr(m, rs->fam, box->dim[ZPF_DIM_DADDR], any[rs->fam][1]);
	if (!src || !dst)
		return NULL;
	return zpf_arena_printf(m->arena, "from %s to %s proto %u src %s dst %s%s state %s",
				from, to, (uint32_t)box->dim[ZPF_DIM_PROTO].v[0].lo,
				src, dst, upper(m, box),
				zpf_word_name(zpf_words_state, 1U << state));
}
