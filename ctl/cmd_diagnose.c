// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl diagnose vpn: asks about every leg a VPN has, adds what the drop
 * ledger and the counters saw, and prints the rules that are missing.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <net/if.h>
#include <netinet/in.h>
#include <linux/netfilter.h>

#include "asker.h"
#include "drops.h"
#include "show.h"
#include "vpn.h"
#include "xmem.h"

/* Where nothing better is known: addresses for documentation (RFC 5737). */
#define ZPF_SOME_CLIENT "192.0.2.10"
#define ZPF_SOME_SERVER "198.51.100.10"

/**
 * struct zpf_case - a diagnosis on its way
 * @from: zone of the client
 * @to: zone of the server
 * @client: address, or NULL
 * @server: address, or NULL
 * @s: zones, counters, source
 * @drops: the ledger
 * @ends: zones and addresses of all packets
 * @client_text: the address asked with
 * @server_text: the address asked with
 */
struct zpf_case {
	const char *from, *to, *client, *server;
	struct zpf_snapshot s;
	struct zpf_drops drops;
	struct zpf_packet ends;
	char client_text[INET6_ADDRSTRLEN], server_text[INET6_ADDRSTRLEN];
};

/* --- the command line --- */

static int zpf_case_parse(struct zpf_ctx *ctx, struct zpf_case *c,
			  const struct zpf_vpn **vpn)
{
	const struct {
		const char *word;
		const char **to;
	} words[] = {
		{ "from", &c->from }, { "to", &c->to },
		{ "client", &c->client }, { "server", &c->server },
	};
	size_t k;
	int i;

	*vpn = zpf_vpn_find(ctx->argv[0]);
	if (!*vpn)
		return zpf_cmd_usage(ctx->cmd, "vpn '%s': expected globalprotect, ikev2, wireguard or openvpn",
				     ctx->argv[0]);
	for (i = 1; i < ctx->argc; i += 2) {
		for (k = 0; k < ZPF_ARRAY_LEN(words); k++)
			if (!strcmp(ctx->argv[i], words[k].word))
				break;
		if (k == ZPF_ARRAY_LEN(words))
			return zpf_cmd_usage(ctx->cmd, "'%s': expected from, to, client or server",
					     ctx->argv[i]);
		if (*words[k].to)
			return zpf_cmd_usage(ctx->cmd, "%s is given twice", words[k].word);
		if (i + 1 == ctx->argc)
			return zpf_cmd_usage(ctx->cmd, "%s needs a value", words[k].word);
		*words[k].to = ctx->argv[i + 1];
	}
	if (!c->from || !c->to)
		return zpf_cmd_usage(ctx->cmd, "from which zone to which?");
	return 0;
}

/* --- the addresses --- */

static bool zpf_drop_is(const struct zpf_drop *d, const struct zpf_leg *leg,
			const char *from, const char *to)
{
	return d->key.has_proto && d->key.proto == leg->proto &&
	       (!leg->port || (d->key.has_port && d->key.port == leg->port)) &&
	       !strcmp(d->key.from, from) && !strcmp(d->key.to, to);
}

static void zpf_addr_text(const struct zpf_addr *a, char *buf, size_t size)
{
	if (a->len == 4 || a->len == 16)
		inet_ntop(a->len == 4 ? AF_INET : AF_INET6, a->b, buf, size);
}

/* Those of a packet of this VPN that was dropped. */
static void zpf_case_sample(struct zpf_case *c, const struct zpf_vpn *vpn)
{
	const struct zpf_leg *leg;
	size_t i;

	for (i = 0; i < c->drops.n; i++)
		for (leg = vpn->legs; leg->proto; leg++)
			if (zpf_drop_is(&c->drops.v[i], leg, c->from, c->to)) {
				zpf_addr_text(&c->drops.v[i].src, c->client_text,
					      sizeof(c->client_text));
				zpf_addr_text(&c->drops.v[i].dst, c->server_text,
					      sizeof(c->server_text));
				return;
			}
}

/* A neighbour of the router in the client's zone. */
static void zpf_case_neighbour(struct zpf_case *c)
{
	struct ifaddrs *list, *a;
	struct in_addr addr;
	size_t z, i;

	if (getifaddrs(&list))
		return;
	for (a = list; a && !*c->client_text; a = a->ifa_next) {
		if (!a->ifa_addr || a->ifa_addr->sa_family != AF_INET)
			continue;
		for (z = 0; z < c->s.n_zones; z++)
			for (i = 0; i < c->s.zones[z].n_ifaces; i++)
				if (!strcmp(c->s.zones[z].name, c->from) &&
				    !strcmp(c->s.zones[z].ifaces[i].name, a->ifa_name)) {
					addr = ((struct sockaddr_in *)a->ifa_addr)->sin_addr;
					addr.s_addr ^= htonl(3);
					inet_ntop(AF_INET, &addr, c->client_text,
						  sizeof(c->client_text));
				}
	}
	freeifaddrs(list);
}

static int zpf_case_ends(struct zpf_ctx *ctx, struct zpf_case *c,
			 const struct zpf_vpn *vpn)
{
	char *words[] = { "from", NULL, "to", NULL, "src", NULL, "dst", NULL,
			  "proto", "udp" };
	char err[256];

	zpf_case_sample(c, vpn);
	if (c->server)
		snprintf(c->server_text, sizeof(c->server_text), "%s", c->server);
	else if (!*c->server_text)
		strcpy(c->server_text, ZPF_SOME_SERVER);
	if (c->client)
		snprintf(c->client_text, sizeof(c->client_text), "%s", c->client);
	else if (!*c->client_text && !strchr(c->server_text, ':'))
		zpf_case_neighbour(c);
	if (!*c->client_text)
		strcpy(c->client_text, strchr(c->server_text, ':') ?
		       "2001:db8::10" : ZPF_SOME_CLIENT);
	words[1] = (char *)c->from;
	words[3] = (char *)c->to;
	words[5] = c->client_text;
	words[7] = c->server_text;
	if (zpf_packet_parse(&c->ends, ZPF_ARRAY_LEN(words), words, err, sizeof(err)))
		return zpf_cmd_usage(ctx->cmd, "%s", err);
	return 0;
}

/* --- asking --- */

static uint64_t zpf_case_accepted(const struct zpf_case *c, const struct zpf_verdict *v)
{
	uint64_t packets = 0;
	size_t i;

	for (i = 0; i < c->s.n_counters; i++) {
		const struct zpf_counter *k = &c->s.counters[i];

		if (k->kind == ZPF_COUNTER_PAIR && k->kind == v->kind &&
		    k->family == v->family && k->number == v->number &&
		    !strcmp(zpf_snapshot_zone(&c->s, k->from), v->from) &&
		    !strcmp(zpf_snapshot_zone(&c->s, k->to), v->to) &&
		    !strcmp(k->ruleset ? k->ruleset : "", v->ruleset))
			packets += k->packets;
	}
	return packets;
}

static uint64_t zpf_case_dropped(const struct zpf_case *c, const struct zpf_leg *leg,
				 const char *from, const char *to)
{
	uint64_t packets = 0;
	size_t i;

	for (i = 0; i < c->drops.n; i++)
		if (zpf_drop_is(&c->drops.v[i], leg, from, to))
			packets += c->drops.v[i].packets;
	return packets;
}

/* Answers come back to the client's port, so only ESP can be told there. */
static int zpf_case_leg(struct zpf_asker *a, const struct zpf_case *c,
			struct zpf_leg_state *s)
{
	const struct {
		bool back;
		uint8_t state;
		struct zpf_verdict *v;
	} asked[] = {
		{ false,	ZPF_STATE_NEW,		&s->out },
		{ true,		ZPF_STATE_ESTABLISHED,	&s->back },
		{ true,		ZPF_STATE_NEW,		&s->first },
	};
	struct zpf_packet p;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < ZPF_ARRAY_LEN(asked); i++) {
		zpf_leg_packet(s->leg, &c->ends, asked[i].back, asked[i].state, &p);
		ret = zpf_asker_ask(a, &p, asked[i].v);
	}
	if (ret)
		return ret;
	if (s->out.action == ZPF_ACTION_ACCEPT)
		s->accepted = zpf_case_accepted(c, &s->out);
	s->dropped = zpf_case_dropped(c, s->leg, c->from, c->to);
	if (!s->leg->port)
		s->dropped_back = zpf_case_dropped(c, s->leg, c->to, c->from);
	return 0;
}

static int zpf_case_fetch(struct zpf_asker *a, struct zpf_case *c)
{
	char why[512];

	if (!a->nl)
		return 0;
	if (zpf_drops_fetch(a->nl, &c->drops) ||
	    zpf_fetch(a->nl, ZPF_FETCH_ZONES | ZPF_FETCH_COUNTERS | ZPF_FETCH_SOURCE, &c->s))
		return zpf_cmd_error("%s", zpf_nl_why(a->nl, why, sizeof(why)));
	return 0;
}

/* --- printing --- */

static const struct zpf_col zpf_leg_cols[] = {
	{ "LEG", NULL, 0 },
	{ "WHAT", NULL, 0 },
	{ "OUT", NULL, ZPF_COL_ACTION },
	{ "BACK", NULL, ZPF_COL_ACTION },
	{ "SEEN", NULL, 0 },
};

static void zpf_case_seen(const struct zpf_leg_state *s, char *buf, size_t size)
{
	int n = 0;

	*buf = '\0';
	if (s->accepted)
		n = snprintf(buf, size, "accepted %" PRIu64, s->accepted);
	if (s->dropped)
		n += snprintf(buf + n, size - n, "%sdropped %" PRIu64, n ? ", " : "",
			      s->dropped);
	if (s->dropped_back)
		n += snprintf(buf + n, size - n, "%sdropped %" PRIu64 " back",
			      n ? ", " : "", s->dropped_back);
	if (!n)
		snprintf(buf, size, "-");
}

static void zpf_case_table(struct zpf_out *o, const struct zpf_case *c,
			   const struct zpf_diagnosis *d)
{
	char seen[96], text[sizeof(seen) + sizeof(d->symptom) + 8], name[32];
	const char *mark = d->symptom;
	struct zpf_rows r;
	size_t i;

	fprintf(o->f, "%s from %s (%s) to %s (%s)\n", d->vpn->name, c->from,
		c->client_text, c->to, c->server_text);
	zpf_rows_begin(&r, o, NULL, zpf_leg_cols, ZPF_ARRAY_LEN(zpf_leg_cols));
	for (i = 0; i < d->n; i++) {
		const struct zpf_leg_state *s = &d->legs[i];

		zpf_rows_text(&r, zpf_leg_name(s->leg, name, sizeof(name)));
		zpf_rows_text(&r, s->leg->what);
		zpf_rows_text(&r, zpf_action_word(s->out.action));
		snprintf(text, sizeof(text), "%s (established)",
			 zpf_action_word(s->back.action));
		zpf_rows_text(&r, text);
		zpf_case_seen(s, seen, sizeof(seen));
		snprintf(text, sizeof(text), "%s%s%s", seen, s->missing ? "  \u2190 " : "",
			 s->missing ? mark : "");
		zpf_rows_text(&r, text);
		/* the symptom once, at the first */
		if (s->missing)
			mark = "missing";
	}
	zpf_rows_end(&r);
	if (mark == d->symptom)
		fprintf(o->f, "%s\n", *mark ? mark : "every leg it needs passes");
	for (i = 0; i < d->n_notes; i++)
		fprintf(o->f, "note: %s\n", d->notes[i]);
	for (i = 0; i < d->n_add; i++)
		fprintf(o->f, "%s %s\n", i ? "    " : "add:", d->add[i]);
}

static void zpf_case_list(struct zpf_out *o, const char *key, char *const *v, size_t n)
{
	size_t i;

	zpf_json_open(o, key, '[');
	for (i = 0; i < n; i++)
		zpf_json_string(o, NULL, v[i]);
	zpf_json_close(o, '[');
}

static void zpf_case_json(struct zpf_out *o, const struct zpf_case *c,
			  const struct zpf_diagnosis *d)
{
	char name[32], rule[64];
	size_t i;

	zpf_json_open(o, NULL, '{');
	if (c->s.status.generation)
		zpf_json_uint(o, "generation", c->s.status.generation);
	else
		zpf_json_null(o, "generation");
	zpf_json_string(o, "vpn", d->vpn->name);
	zpf_json_string(o, "from", c->from);
	zpf_json_string(o, "to", c->to);
	zpf_json_string(o, "client", c->client_text);
	zpf_json_string(o, "server", c->server_text);
	zpf_json_open(o, "legs", '[');
	for (i = 0; i < d->n; i++) {
		const struct zpf_leg_state *s = &d->legs[i];

		zpf_json_open(o, NULL, '{');
		zpf_json_string(o, "leg", zpf_leg_name(s->leg, name, sizeof(name)));
		zpf_json_string(o, "what", s->leg->what);
		zpf_json_string(o, "out", zpf_action_word(s->out.action));
		zpf_json_string(o, "ruleset", *s->out.ruleset ? s->out.ruleset : NULL);
		zpf_json_string(o, "rule", zpf_verdict_rule(&s->out, rule, sizeof(rule)));
		zpf_json_string(o, "back", zpf_action_word(s->back.action));
		zpf_json_string(o, "back_new", zpf_action_word(s->first.action));
		zpf_json_uint(o, "accepted", s->accepted);
		zpf_json_uint(o, "dropped", s->dropped);
		zpf_json_uint(o, "dropped_back", s->dropped_back);
		zpf_json_bool(o, "missing", s->missing);
		zpf_json_close(o, '{');
	}
	zpf_json_close(o, '[');
	zpf_json_string(o, "symptom", *d->symptom ? d->symptom : NULL);
	zpf_case_list(o, "add", d->add, d->n_add);
	zpf_case_list(o, "notes", d->notes, d->n_notes);
	zpf_json_close(o, '{');
}

/** zpf_cmd_diagnose_vpn() - run `zpfctl diagnose vpn`; returns an exit status */
int zpf_cmd_diagnose_vpn(struct zpf_ctx *ctx)
{
	struct zpf_diagnosis d = { 0 };
	const struct zpf_leg *leg;
	struct zpf_case c = { 0 };
	struct zpf_asker a;
	const char *source;
	int ret;

	ret = zpf_case_parse(ctx, &c, &d.vpn);
	if (ret)
		return ret;
	ret = zpf_asker_open(ctx, &a);
	if (!ret)
		ret = zpf_case_fetch(&a, &c);
	if (!ret)
		ret = zpf_case_ends(ctx, &c, d.vpn);
	for (leg = d.vpn->legs; !ret && leg->proto; leg++) {
		d.legs[d.n].leg = leg;
		ret = zpf_case_leg(&a, &c, &d.legs[d.n++]);
	}
	if (!ret) {
		source = a.nl ? c.s.source : a.in.policy->source;
		zpf_diagnose(&d, source ? source : "");
		if (ctx->out.json)
			zpf_case_json(&ctx->out, &c, &d);
		else
			zpf_case_table(&ctx->out, &c, &d);
	}
	zpf_diagnosis_free(&d);
	zpf_drops_free(&c.drops);
	zpf_snapshot_free(&c.s);
	zpf_asker_close(&a);
	return ret;
}
