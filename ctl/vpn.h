/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a VPN needs of a firewall in between: its legs, asked about in both
 * directions, the symptom they add up to, and the rules that are missing.
 */
#ifndef ZPF_CTL_VPN_H
#define ZPF_CTL_VPN_H

#include "verdict.h"

/* What a leg is for, a mask. */
enum {
	ZPF_LEG_CONTROL	= 1 << 0,	/* without it there is no connection */
	ZPF_LEG_DATA	= 1 << 1,	/* one such leg has to carry the data */
	ZPF_LEG_SOME	= 1 << 2,	/* only some clients use it */
};

/**
 * struct zpf_leg - one kind of packets a VPN sends
 * @proto: protocol
 * @port: destination port, 0: it has none
 * @role: mask of ZPF_LEG_*
 * @what: what it carries
 */
struct zpf_leg {
	uint8_t proto;
	uint16_t port;
	unsigned int role;
	const char *what;
};

/** struct zpf_vpn - a kind of VPN; @legs ends with protocol 0 */
struct zpf_vpn {
	const char *name;
	struct zpf_leg legs[5];
};

/**
 * struct zpf_leg_state - how a leg fares
 * @leg: the leg
 * @out: a new packet from the client's side
 * @back: its answer, established
 * @first: a packet of the other side that conntrack does not know, new
 * @accepted: packets the deciding rule accepted so far
 * @dropped: such packets in the drop ledger, out
 * @dropped_back: and back
 * @missing: rules for it are suggested
 */
struct zpf_leg_state {
	const struct zpf_leg *leg;
	struct zpf_verdict out, back, first;
	uint64_t accepted, dropped, dropped_back;
	bool missing;
};

#define ZPF_VPN_LEGS 5

/**
 * struct zpf_diagnosis - what is wrong with a VPN
 * @vpn: which
 * @legs: its legs
 * @n: how many
 * @symptom: what its user sees, or empty
 * @add: missing rules, `set` lines
 * @notes: what the policy depends on
 */
struct zpf_diagnosis {
	const struct zpf_vpn *vpn;
	struct zpf_leg_state legs[ZPF_VPN_LEGS];
	size_t n;
	char symptom[256];
	char **add;
	size_t n_add, cap_add;
	char **notes;
	size_t n_notes, cap_notes;
};

/** zpf_vpn_find() - a kind by its name, or NULL */
const struct zpf_vpn *zpf_vpn_find(const char *name);

/** zpf_leg_name() - "udp 4501", "esp" */
const char *zpf_leg_name(const struct zpf_leg *leg, char *buf, size_t size);

/** zpf_leg_packet() - one of its packets; @back: of the other side */
void zpf_leg_packet(const struct zpf_leg *leg, const struct zpf_packet *ends,
		    bool back, uint8_t state, struct zpf_packet *p);

/**
 * zpf_diagnose() - the symptom, and what is missing
 * @d: with @vpn, and @legs asked and counted; the rest is filled
 * @source: the policy in set form, for rule numbers that are free
 */
void zpf_diagnose(struct zpf_diagnosis *d, const char *source);

/** zpf_diagnosis_free() - free what it holds (not @d itself) */
void zpf_diagnosis_free(struct zpf_diagnosis *d);

#endif /* ZPF_CTL_VPN_H */
