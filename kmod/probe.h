/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet that is only thought of, on its way through the judgement, and the
 * trace it leaves. Judged by hook.c, asked for by TEST_GET in nl_probe.c.
 */
#ifndef ZPF_PROBE_H
#define ZPF_PROBE_H

#include "live.h"

#define ZPF_PROBE_NO_CTR U32_MAX

/**
 * struct zpf_step - one rule on the way of a probe
 * @table: the table it stands in
 * @idx: its index there
 * @why: &enum zpf_why: what kept it from matching; NONE: it matched
 */
struct zpf_step {
	const struct zpf_table *table;
	u32 idx;
	u8 why;
};

/**
 * struct zpf_probe - a packet that is only thought of
 * @fam: ZPF_V4 or ZPF_V6
 * @hook: ZPF_IN, ZPF_FWD or ZPF_OUT
 * @in: input port; entry 0: only the zone is known
 * @out: output port, likewise
 * @key: what it is
 * @steps: room for the trace
 * @cap: steps it has room for
 * @n: steps taken
 * @cell: answer: the pair it belongs to
 * @ctr: answer: counter of the step that decided, or ZPF_PROBE_NO_CTR
 * @site: answer: log site of that step plus 1, 0: does not log
 * @action: answer: ACCEPT, DROP or REJECT
 * @business: answer: &enum zpf_reason where it is the router's own business
 */
struct zpf_probe {
	u8 fam;
	u8 hook;
	struct zpf_port in;
	struct zpf_port out;
	struct zpf_key key;
	struct zpf_step *steps;
	u32 cap;
	u32 n;
	const struct zpf_cell *cell;
	u32 ctr;
	u32 site;
	u8 action;
	u8 business;
};

u32 zpf_probe_walk(struct zpf_probe *probe, const struct zpf_table *table,
		   struct zpf_set *const *sets, u32 from, u32 to);
void zpf_probe_limited(struct zpf_probe *probe, u8 why);

#endif /* ZPF_PROBE_H */
