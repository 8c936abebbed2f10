// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of a packet that is only thought of: see verdict.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <linux/netfilter.h>

#include "drops.h"
#include "fetch.h"
#include "show.h"
#include "verdict.h"
#include "xmem.h"

/* Room of a request, all attributes given. */
#define ZPF_TEST_ROOM 1024

struct zpf_verdict_step *zpf_verdict_step(struct zpf_verdict *v)
{
	struct zpf_verdict_step *step;

	if (v->n == v->cap)
		v->steps = zpf_xgrow(v->steps, &v->cap, sizeof(*v->steps));
	step = &v->steps[v->n++];
	memset(step, 0, sizeof(*step));
	return step;
}

void zpf_verdict_free(struct zpf_verdict *v)
{
	free(v->steps);
	memset(v, 0, sizeof(*v));
}

/* --- the running policy --- */

static void zpf_take_string(struct nlattr *attr, char *buf, size_t size)
{
	if (attr)
		snprintf(buf, size, "%.*s", nla_len(attr), (char *)nla_data(attr));
}

static int zpf_verdict_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_TEST_A_MAX + 1];
	struct zpf_verdict *v = arg;
	struct zpf_verdict_step *step;
	const struct {
		int attr;
		uint8_t *to;
	} bytes[] = {
		{ ZPF_TEST_A_ACTION,	&v->action },
		{ ZPF_TEST_A_FAMILY,	&v->family },
		{ ZPF_TEST_A_HOOK,	&v->hook },
		{ ZPF_TEST_A_KIND,	&v->kind },
		{ ZPF_TEST_A_STATE,	&v->state },
		{ ZPF_TEST_A_REASON,	&v->reason },
	};
	size_t i;

	if (zpf_nl_attrs(nlh, tb, ZPF_TEST_A_MAX) || !tb[ZPF_TEST_A_ACTION])
		return -EBADMSG;
	if (tb[ZPF_TEST_A_WHY]) {
		step = zpf_verdict_step(v);
		step->why = nla_get_u8(tb[ZPF_TEST_A_WHY]);
		step->action = nla_get_u8(tb[ZPF_TEST_A_ACTION]);
		zpf_take_string(tb[ZPF_TEST_A_RULESET], step->ruleset,
				sizeof(step->ruleset));
		if (tb[ZPF_TEST_A_NUMBER])
			step->number = nla_get_u32(tb[ZPF_TEST_A_NUMBER]);
		return 0;
	}
	for (i = 0; i < ZPF_ARRAY_LEN(bytes); i++)
		if (tb[bytes[i].attr])
			*bytes[i].to = nla_get_u8(tb[bytes[i].attr]);
	if (tb[ZPF_TEST_A_GENERATION])
		v->generation = nla_get_u32(tb[ZPF_TEST_A_GENERATION]);
	if (tb[ZPF_TEST_A_NUMBER])
		v->number = nla_get_u32(tb[ZPF_TEST_A_NUMBER]);
	v->log = tb[ZPF_TEST_A_LOG];
	zpf_take_string(tb[ZPF_TEST_A_FROM], v->from, sizeof(v->from));
	zpf_take_string(tb[ZPF_TEST_A_TO], v->to, sizeof(v->to));
	zpf_take_string(tb[ZPF_TEST_A_RULESET], v->ruleset, sizeof(v->ruleset));
	return 0;
}

int zpf_verdict_live(struct zpf_nl *nl, const struct zpf_packet *p,
		     struct zpf_verdict *v)
{
	const struct {
		int attr;
		const char *name;
	} places[] = {
		{ ZPF_TEST_A_FROM,	p->from },
		{ ZPF_TEST_A_TO,	p->to },
		{ ZPF_TEST_A_IN,	p->in },
		{ ZPF_TEST_A_OUT,	p->out },
	};
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_TEST_GET, ZPF_TEST_ROOM);
	size_t i;

	memset(v, 0, sizeof(*v));
	for (i = 0; i < ZPF_ARRAY_LEN(places); i++)
		if (places[i].name)
			zpf_attr_put_string(msg, places[i].attr, places[i].name);
	zpf_attr_put_u8(msg, ZPF_TEST_A_FAMILY, p->family);
	for (i = 0; i <= ZPF_TEST_A_MAX; i++)
		if (p->attr[i].len)
			zpf_attr_put(msg, i, p->attr[i].len, p->attr[i].data);
	if (p->n_nums)
		zpf_attr_put(msg, ZPF_TEST_A_NUMS, p->n_nums * sizeof(*p->nums), p->nums);
	return zpf_nl_dump(nl, msg, zpf_verdict_cb, v);
}

/* --- in words --- */

const char *zpf_why_word(uint8_t why, uint8_t family)
{
	static const char * const words[] = {
		[ZPF_WHY_STATE] = "state",
		[ZPF_WHY_PROTOCOL] = "protocol",
		[ZPF_WHY_DST_ADDRESS] = "destination-address",
		[ZPF_WHY_DST_PORT] = "destination-port",
		[ZPF_WHY_SRC_ADDRESS] = "source-address",
		[ZPF_WHY_SRC_PORT] = "source-port",
		[ZPF_WHY_IN] = "inbound-interface",
		[ZPF_WHY_OUT] = "outbound-interface",
		[ZPF_WHY_TTL] = "ttl",
		[ZPF_WHY_ICMP] = "icmp",
		[ZPF_WHY_TCP_FLAGS] = "tcp-flags",
		[ZPF_WHY_HELPER] = "conntrack-helper",
		[ZPF_WHY_NAT] = "connection-status",
		[ZPF_WHY_DST_MAC] = "destination-mac-address",
		[ZPF_WHY_SRC_MAC] = "source-mac-address",
		[ZPF_WHY_LENGTH] = "packet-length",
		[ZPF_WHY_PACKET_TYPE] = "packet-type",
		[ZPF_WHY_DSCP] = "dscp",
		[ZPF_WHY_IPSEC] = "ipsec",
		[ZPF_WHY_FRAGMENT] = "fragment",
		[ZPF_WHY_GRE] = "gre",
		[ZPF_WHY_TIME] = "time",
		[ZPF_WHY_MSS] = "tcp-mss",
		[ZPF_WHY_MARK] = "mark",
		[ZPF_WHY_CT_MARK] = "connection-mark",
		[ZPF_WHY_LIMIT] = "limit",
		[ZPF_WHY_RECENT] = "recent",
		[ZPF_WHY_OTHER] = "other",
	};

	if (why == ZPF_WHY_NONE)
		return NULL;
	if (family == NFPROTO_IPV6 && why == ZPF_WHY_TTL)
		return "hop-limit";
	if (family == NFPROTO_IPV6 && why == ZPF_WHY_ICMP)
		return "icmpv6";
	return why < ZPF_ARRAY_LEN(words) && words[why] ? words[why] : "?";
}

const char *zpf_verdict_rule(const struct zpf_verdict *v, char *buf, size_t size)
{
	if (v->kind == ZPF_COUNTER_STATE)
		snprintf(buf, size, "state-policy %s", zpf_state_word(v->state));
	else if (*v->ruleset)
		zpf_show_rule(buf, size, v->number);
	else
		snprintf(buf, size, "%s", zpf_reason_word(v->reason));
	return buf;
}

const char *zpf_verdict_reason(const struct zpf_verdict *v)
{
	if (v->kind == ZPF_COUNTER_STATE)
		return "state-policy";
	if (v->kind == ZPF_COUNTER_CHAIN)
		return "base-chain";
	if (*v->ruleset)
		return v->number ? "rule" : "default";
	return zpf_reason_word(v->reason);
}

const char *zpf_verdict_note(const struct zpf_verdict *v)
{
	if (v->hook == ZPF_HOOK_OUTPUT)
		return NULL;
	return "destinations are judged after destination NAT: dst is the translated address";
}

static const struct zpf_col zpf_step_cols[] = {
	{ "RULESET", NULL, 0 },
	{ "RULE", NULL, 0 },
	{ "ACTION", NULL, ZPF_COL_ACTION },
	{ "MATCHED", NULL, 0 },
	{ "BECAUSE", NULL, 0 },
};

static void zpf_verdict_trace(struct zpf_out *o, const struct zpf_verdict *v)
{
	struct zpf_rows r;
	char rule[16];
	size_t i;

	zpf_rows_begin(&r, o, "trace", zpf_step_cols, ZPF_ARRAY_LEN(zpf_step_cols));
	for (i = 0; i < v->n; i++) {
		const struct zpf_verdict_step *step = &v->steps[i];

		zpf_rows_text(&r, step->ruleset);
		zpf_rows_text(&r, zpf_show_rule(rule, sizeof(rule), step->number));
		zpf_rows_text(&r, zpf_action_word(step->action));
		zpf_rows_bool(&r, step->why == ZPF_WHY_NONE);
		zpf_rows_text(&r, zpf_why_word(step->why, v->family));
	}
	zpf_rows_end(&r);
}

void zpf_verdict_line(struct zpf_out *o, const struct zpf_verdict *v)
{
	char rule[64];

	fprintf(o->f, "%s: from %s to %s, %s, by %s%s%s%s\n",
		zpf_action_word(v->action), v->from, v->to,
		zpf_family_name(v->family), v->ruleset, *v->ruleset ? " " : "",
		zpf_verdict_rule(v, rule, sizeof(rule)), v->log ? ", logged" : "");
}

void zpf_verdict_print(struct zpf_out *o, const struct zpf_verdict *v)
{
	char rule[64];

	zpf_verdict_rule(v, rule, sizeof(rule));
	if (!o->json) {
		zpf_verdict_line(o, v);
		if (v->n)
			zpf_verdict_trace(o, v);
		if (zpf_verdict_note(v))
			fprintf(o->f, "note: %s\n", zpf_verdict_note(v));
		return;
	}
	zpf_json_open(o, NULL, '{');
	if (v->generation)
		zpf_json_uint(o, "generation", v->generation);
	else
		zpf_json_null(o, "generation");
	zpf_json_string(o, "verdict", zpf_action_word(v->action));
	zpf_json_string(o, "from", v->from);
	zpf_json_string(o, "to", v->to);
	zpf_json_string(o, "family", zpf_family_name(v->family));
	zpf_json_string(o, "ruleset", *v->ruleset ? v->ruleset : NULL);
	zpf_json_string(o, "rule", rule);
	zpf_json_string(o, "reason", zpf_verdict_reason(v));
	zpf_json_bool(o, "log", v->log);
	zpf_verdict_trace(o, v);
	zpf_json_string(o, "note", zpf_verdict_note(v));
	zpf_json_close(o, '{');
}
