/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of a packet that is only thought of, and why: asked of the
 * running policy, or of a compiled one that is not loaded.
 */
#ifndef ZPF_CTL_VERDICT_H
#define ZPF_CTL_VERDICT_H

#include "nl.h"
#include "out.h"
#include "packet.h"
#include "policy.h"

/**
 * struct zpf_verdict_step - a rule on the packet's way
 * @ruleset: where it stands
 * @number: 0 is the default
 * @action: as written
 * @why: &enum zpf_why
 */
struct zpf_verdict_step {
	char ruleset[ZPF_RULESET_NAME_MAX + 1];
	uint32_t number;
	uint8_t action;
	uint8_t why;
};

/**
 * struct zpf_verdict - what becomes of a packet
 * @generation: of the policy that was asked; 0: a file
 * @action: accept, drop or reject
 * @family: NFPROTO_*
 * @hook: &enum zpf_hook
 * @kind: &enum zpf_counter_kind, 0: no counter moves
 * @state: @kind STATE: which
 * @reason: &enum zpf_reason where no rule decided
 * @log: it is logged
 * @from: zone
 * @to: zone
 * @ruleset: of the rule that decided, or empty
 * @number: its number
 * @steps: its way
 * @n: length of @steps
 */
struct zpf_verdict {
	uint32_t generation;
	uint8_t action, family, hook, kind, state, reason;
	bool log;
	char from[ZPF_ZONE_NAME_MAX + 1];
	char to[ZPF_ZONE_NAME_MAX + 1];
	char ruleset[ZPF_RULESET_NAME_MAX + 1];
	uint32_t number;
	struct zpf_verdict_step *steps;
	size_t n, cap;
};

/**
 * zpf_verdict_live() - ask the running policy
 * @nl: a socket of zpf_nl_open_zpf()
 * @p: the packet
 * @v: filled; zpf_verdict_free() also after a failure
 *
 * Return: 0 or -1 with the reason in @nl->err
 */
int zpf_verdict_live(struct zpf_nl *nl, const struct zpf_packet *p,
		     struct zpf_verdict *v);

/**
 * zpf_verdict_file() - ask a policy that is not loaded
 * @policy: the policy
 * @p: the packet
 * @v: filled; zpf_verdict_free() also after a failure
 * @err: the reason
 * @size: its size
 *
 * By the module's own matching code. A `limit` always has a token left, and an
 * interface is what its name says: VRFs are not known.
 *
 * Return: 0 or -1
 */
int zpf_verdict_file(const struct zpf_policy *policy, const struct zpf_packet *p,
		     struct zpf_verdict *v, char *err, size_t size);

/** zpf_verdict_step() - one more rule on its way, to be filled */
struct zpf_verdict_step *zpf_verdict_step(struct zpf_verdict *v);

/** zpf_verdict_free() - free what a verdict holds (not @v itself) */
void zpf_verdict_free(struct zpf_verdict *v);

/** zpf_verdict_rule() - what decided: a rule number, "default", "zone-default", ... */
const char *zpf_verdict_rule(const struct zpf_verdict *v, char *buf, size_t size);

/** zpf_verdict_reason() - the kind of what decided, as in show drops */
const char *zpf_verdict_reason(const struct zpf_verdict *v);

/** zpf_why_word() - why a rule did not match; NULL: it did */
const char *zpf_why_word(uint8_t why, uint8_t family);

/** zpf_verdict_note() - what a reader may take amiss, or NULL */
const char *zpf_verdict_note(const struct zpf_verdict *v);

/** zpf_verdict_line() - what becomes of it and who decides, for people */
void zpf_verdict_line(struct zpf_out *o, const struct zpf_verdict *v);

/** zpf_verdict_print() - for people and for programs, see zpfctl(8) */
void zpf_verdict_print(struct zpf_out *o, const struct zpf_verdict *v);

#endif /* ZPF_CTL_VERDICT_H */
