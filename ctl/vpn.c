// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a VPN needs of a firewall in between: see vpn.h.
 */
#include <inttypes.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <linux/netfilter.h>

#include "fetch.h"
#include "vpn.h"
#include "xmem.h"

#define BOTH (ZPF_LEG_CONTROL | ZPF_LEG_DATA)

/* GlobalProtect: Palo Alto; IKEv2: RFC 7296, 3948; the others: their defaults. */
static const struct zpf_vpn vpns[] = {
	{ "globalprotect", {
		{ IPPROTO_TCP, 443, ZPF_LEG_CONTROL, "login, keys" },
		{ IPPROTO_UDP, 4501, ZPF_LEG_DATA, "ESP in UDP" },
		{ IPPROTO_ESP, 0, ZPF_LEG_DATA | ZPF_LEG_SOME, "ESP of some clients" },
		{ IPPROTO_UDP, 500, ZPF_LEG_SOME, "IKE of some clients" },
	} },
	{ "ikev2", {
		{ IPPROTO_UDP, 500, ZPF_LEG_CONTROL, "IKE" },
		{ IPPROTO_UDP, 4500, ZPF_LEG_DATA, "IKE and ESP behind NAT" },
		{ IPPROTO_ESP, 0, ZPF_LEG_DATA, "ESP without NAT" },
	} },
	{ "wireguard", {
		{ IPPROTO_UDP, 51820, BOTH, "handshake, data" },
	} },
	{ "openvpn", {
		{ IPPROTO_UDP, 1194, BOTH, "tunnel over UDP" },
		{ IPPROTO_TCP, 1194, BOTH | ZPF_LEG_SOME, "tunnel over TCP" },
	} },
};

const struct zpf_vpn *zpf_vpn_find(const char *name)
{
	size_t i;

	for (i = 0; i < ZPF_ARRAY_LEN(vpns); i++)
		if (!strcmp(vpns[i].name, name))
			return &vpns[i];
	return NULL;
}

static const char *proto_word(uint8_t proto)
{
	return proto == IPPROTO_TCP ? "tcp" : proto == IPPROTO_UDP ? "udp" : "esp";
}

const char *zpf_leg_name(const struct zpf_leg *leg, char *buf, size_t size)
{
	if (leg->port)
		snprintf(buf, size, "%s %u", proto_word(leg->proto), leg->port);
	else
		snprintf(buf, size, "%s", proto_word(leg->proto));
	return buf;
}

/* A port a client may have; servers answer to it. */
#define CLIENT_PORT 40000

void zpf_leg_packet(const struct zpf_leg *leg, const struct zpf_packet *ends,
		    bool back, uint8_t state, struct zpf_packet *p)
{
	const struct zpf_property *src = &ends->attr[ZPF_TEST_A_SADDR];
	const struct zpf_property *dst = &ends->attr[ZPF_TEST_A_DADDR];
	/* IKE comes from its own port, unless NAT is on the way. */
	uint16_t client = leg->port == 500 ? leg->port : CLIENT_PORT;

	memset(p, 0, sizeof(*p));
	p->family = ends->family;
	p->from = back ? ends->to : ends->from;
	p->to = back ? ends->from : ends->to;
	p->attr[ZPF_TEST_A_SADDR] = back ? *dst : *src;
	p->attr[ZPF_TEST_A_DADDR] = back ? *src : *dst;
	zpf_packet_set_u8(p, ZPF_TEST_A_STATE, state);
	zpf_packet_set_u8(p, ZPF_TEST_A_PROTO, leg->proto);
	if (leg->port) {
		zpf_packet_set_u16(p, ZPF_TEST_A_SPORT, back ? leg->port : client);
		zpf_packet_set_u16(p, ZPF_TEST_A_DPORT, back ? client : leg->port);
	}
	if (leg->proto == IPPROTO_TCP)	/* syn, and what answers it */
		zpf_packet_set_u8(p, ZPF_TEST_A_TCP_FLAGS,
				  back ? 0x12 : 0x02);
}

static bool passes_out(const struct zpf_leg_state *s)
{
	return s->out.action == ZPF_ACTION_ACCEPT;
}

static bool passes(const struct zpf_leg_state *s)
{
	return passes_out(s) && s->back.action == ZPF_ACTION_ACCEPT;
}

static bool is_seen(const struct zpf_leg_state *s)
{
	return s->dropped || s->dropped_back;
}

__attribute__((format(printf, 2, 3)))
static void note(struct zpf_diagnosis *d, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	if (d->n_notes == d->cap_notes)
		d->notes = zpf_xgrow(d->notes, &d->cap_notes, sizeof(*d->notes));
	d->notes[d->n_notes++] = zpf_xcheck(text);
}

/* --- the symptom --- */

/* Can the data go on some leg of the kind, each way? */
static void data_ways(const struct zpf_diagnosis *d, bool *both, bool *out, bool *back)
{
	size_t i;

	*both = *out = *back = false;
	for (i = 0; i < d->n; i++) {
		const struct zpf_leg_state *s = &d->legs[i];

		/* What few clients use does not carry the data of the others. */
		if (!(s->leg->role & ZPF_LEG_DATA) ||
		    ((s->leg->role & ZPF_LEG_SOME) && !(s->leg->role & ZPF_LEG_CONTROL)))
			continue;
		*both |= passes(s);
		*out |= passes_out(s);
		*back |= s->first.action == ZPF_ACTION_ACCEPT;
	}
}

/* The control leg that does not pass; where it is also the data's, one is enough. */
static const struct zpf_leg_state *no_control(const struct zpf_diagnosis *d)
{
	const struct zpf_leg_state *bad = NULL;
	size_t i;

	for (i = 0; i < d->n; i++) {
		const struct zpf_leg_state *s = &d->legs[i];

		if (!(s->leg->role & ZPF_LEG_CONTROL))
			continue;
		if (!passes(s))
			bad = bad ? bad : s;
		else if (s->leg->role & ZPF_LEG_DATA)
			return NULL;
	}
	return bad;
}

static void symptom(struct zpf_diagnosis *d)
{
	const struct zpf_leg_state *bad = no_control(d);
	bool both, out, back;
	char name[32];
	size_t i;

	data_ways(d, &both, &out, &back);
	if (bad) {
		snprintf(d->symptom, sizeof(d->symptom), passes_out(bad) ?
			 "cannot connect: %s goes out and its answers are dropped" :
			 "cannot connect: %s is dropped",
			 zpf_leg_name(bad->leg, name, sizeof(name)));
		return;
	}
	if (!both) {
		if (out)
			snprintf(d->symptom, sizeof(d->symptom),
				 "one-way: data goes out, what comes from %s to %s is dropped",
				 d->legs[0].out.to, d->legs[0].out.from);
		else if (back)
			snprintf(d->symptom, sizeof(d->symptom),
				 "one-way: data comes in, what goes from %s to %s is dropped",
				 d->legs[0].out.from, d->legs[0].out.to);
		else
			snprintf(d->symptom, sizeof(d->symptom),
				 "the tunnel comes up and carries no data");
		return;
	}
	for (i = 0; i < d->n; i++) {
		const struct zpf_leg_state *s = &d->legs[i];

		if (passes(s) || !is_seen(s))
			continue;
		snprintf(d->symptom, sizeof(d->symptom), s->leg->role & ZPF_LEG_DATA ?
			 "clients that use %s carry no data" : "clients that use %s fail",
			 zpf_leg_name(s->leg, name, sizeof(name)));
		return;
	}
}

/* --- what is missing --- */

static bool is_missing(const struct zpf_diagnosis *d, const struct zpf_leg_state *s)
{
	bool both, out, back;

	if (passes(s))
		return false;
	if (is_seen(s))
		return true;
	if (s->leg->role & ZPF_LEG_SOME)
		return false;
	if (s->leg->role == ZPF_LEG_CONTROL)
		return true;
	data_ways(d, &both, &out, &back);
	return !both;
}

/* The path of a ruleset, as set lines have it. */
static void ruleset_path(const struct zpf_verdict *v, const char *ruleset,
			 char *buf, size_t size)
{
	const char *family = zpf_family_name(v->family);

	if (v->kind == ZPF_COUNTER_CHAIN)
		snprintf(buf, size, "firewall %s %s", family, ruleset);
	else
		snprintf(buf, size, "firewall %s name %s", family, ruleset);
}

static bool number_used(const struct zpf_diagnosis *d, const char *source,
			const char *path, unsigned int number)
{
	char want[256];
	size_t i, len;

	len = snprintf(want, sizeof(want), "set %s rule %u ", path, number);
	for (i = 0; i < d->n_add; i++)
		if (!strncmp(d->add[i], want, len))
			return true;
	return strstr(source, want);
}

/* A number in front of rule @before (0: of the default) and behind the others. */
static unsigned int number_free(const struct zpf_diagnosis *d, const char *source,
				const char *path, unsigned int before)
{
	unsigned int n, last = 0;

	if (before) {
		for (n = before - 1; n; n--)
			if (!number_used(d, source, path, n))
				return n;
			else if (strstr(source, path))
				break;
		return 0;
	}
	for (n = 1; n <= ZPF_MAX_RULE_NUMBER && n <= last + 1000; n++)
		if (number_used(d, source, path, n))
			last = n;
	n = (last / 5 + 1) * 5;
	return n <= ZPF_MAX_RULE_NUMBER ? n : 0;
}

__attribute__((format(printf, 4, 5)))
static void add_line(struct zpf_diagnosis *d, const char *path, unsigned int rule,
		     const char *fmt, ...)
{
	char rest[64];
	va_list ap;
	char *line;
	int ret;

	va_start(ap, fmt);
	vsnprintf(rest, sizeof(rest), fmt, ap);
	va_end(ap);
	ret = rule ? asprintf(&line, "set %s rule %u %s", path, rule, rest) :
		     asprintf(&line, "set %s %s", path, rest);
	if (d->n_add == d->cap_add)
		d->add = zpf_xgrow(d->add, &d->cap_add, sizeof(*d->add));
	d->add[d->n_add++] = zpf_xcheck(ret < 0 ? NULL : line);
}

/* Two zones without a ruleset between them get one that does the same else. */
static void add_ruleset(struct zpf_diagnosis *d, const struct zpf_verdict *v,
			const char *source, char *path, size_t size)
{
	char name[ZPF_RULESET_NAME_MAX + 1], zone[160];
	size_t i;

	snprintf(name, sizeof(name), "%.40s_%.40s", v->from, v->to);
	ruleset_path(v, name, path, size);
	snprintf(zone, sizeof(zone), "firewall zone %s from %s firewall %s", v->to,
		 v->from, v->family == NFPROTO_IPV6 ? "ipv6-name" : "name");
	/* Somebody else's ruleset may have that name. */
	if (strstr(source, path))
		snprintf(path + strlen(path), size - strlen(path), "-vpn");
	for (i = 0; i < d->n_add; i++)
		if (!strncmp(d->add[i] + 4, path, strlen(path)))
			return;
	add_line(d, path, 0, "default-action %s", zpf_action_word(v->action));
	add_line(d, zone, 0, "%s", strrchr(path, ' ') + 1);
}

/* @v dropped a packet: a rule that lets it pass, or a note that none can. */
static void add_rule(struct zpf_diagnosis *d, const struct zpf_leg *leg,
		     const struct zpf_verdict *v, bool answers, const char *source)
{
	char path[192], name[32], by[64];
	unsigned int rule, i;

	zpf_leg_name(leg, name, sizeof(name));
	if (*v->ruleset) {
		ruleset_path(v, v->ruleset, path, sizeof(path));
	} else if (v->reason == ZPF_REASON_ZONE_DEFAULT && v->kind == ZPF_COUNTER_PAIR) {
		add_ruleset(d, v, source, path, sizeof(path));
	} else {
		note(d, "%s: no rule can let it pass: %s decides", name,
		     zpf_verdict_rule(v, by, sizeof(by)));
		return;
	}
	rule = number_free(d, source, path, *v->ruleset ? v->number : 0);
	if (!rule) {
		note(d, "%s: no rule number is free in front of rule %u of %s", name,
		     v->number, v->ruleset);
		return;
	}
	/* One rule for the answers of all legs is enough. */
	for (i = 0; answers && i < d->n_add; i++)
		if (!strncmp(d->add[i] + 4, path, strlen(path)) &&
		    strstr(d->add[i], " state established"))
			return;
	add_line(d, path, rule, "action accept");
	if (answers) {
		add_line(d, path, rule, "state established");
		return;
	}
	add_line(d, path, rule, "protocol %s", proto_word(leg->proto));
	if (leg->port)
		add_line(d, path, rule, "destination port %u", leg->port);
}

/* --- what the policy depends on --- */

static void dependence(struct zpf_diagnosis *d, const struct zpf_leg_state *s)
{
	char name[32];

	if (!passes(s) || s->first.action == ZPF_ACTION_ACCEPT)
		return;
	zpf_leg_name(s->leg, name, sizeof(name));
	if (s->leg->proto == IPPROTO_ESP)
		note(d, "%s from %s passes only while conntrack knows the tunnel: it knows no SPI, and forgets it after 600 s without a packet",
		     name, s->out.to);
	else if (s->leg->proto == IPPROTO_UDP)
		note(d, "%s from %s passes only as an answer: a flow without one is forgotten after 30 s",
		     name, s->out.to);
}

void zpf_diagnose(struct zpf_diagnosis *d, const char *source)
{
	size_t i;

	symptom(d);
	for (i = 0; i < d->n; i++) {
		struct zpf_leg_state *s = &d->legs[i];

		s->missing = is_missing(d, s);
		if (s->missing && !passes_out(s))
			add_rule(d, s->leg, &s->out, false, source);
		if (s->missing && s->back.action != ZPF_ACTION_ACCEPT)
			add_rule(d, s->leg, &s->back, true, source);
		dependence(d, s);
	}
}

void zpf_diagnosis_free(struct zpf_diagnosis *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		zpf_verdict_free(&d->legs[i].out);
		zpf_verdict_free(&d->legs[i].back);
		zpf_verdict_free(&d->legs[i].first);
	}
	for (i = 0; i < d->n_add; i++)
		free(d->add[i]);
	for (i = 0; i < d->n_notes; i++)
		free(d->notes[i]);
	free(d->add);
	free(d->notes);
}
