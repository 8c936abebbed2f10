// SPDX-License-Identifier: GPL-2.0-only
/*
 * What zpf_push() sends, message by message, and how it words what a kernel
 * answers. The kernel is a fake below the netlink layer: it keeps every
 * message, acknowledges what asks for it, and refuses one message if told to.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/genl.h>

#include "attrs.h"
#include "push.h"

#define FAMILY		0x21
#define MAX_MESSAGES	20000

/**
 * struct fake - the kernel
 * @sent: every message that was sent
 * @n: how many
 * @datagrams: in how many datagrams
 * @answers: bytes waiting to be received, one datagram
 * @refuse: index of the message to refuse, -1: none
 * @code: with this errno
 * @words: and these words
 * @attr: top-level attribute to point at, 0: none
 * @nested: attribute within @attr to point at
 * @missing: attribute to miss, 0: none
 * @refused: the refused one has been seen: all later ones get ENOENT
 */
struct fake {
	struct nlmsghdr *sent[MAX_MESSAGES];
	size_t n, datagrams;
	char answers[1 << 20];
	size_t len;
	int refuse, code, attr, nested, missing;
	const char *words;
	bool refused;
};

static struct nlattr *find(const struct nlmsghdr *nlh, int type)
{
	return nlmsg_find_attr((struct nlmsghdr *)nlh, GENL_HDRLEN, type);
}

static uint8_t cmd_of(const struct nlmsghdr *nlh)
{
	return ((struct genlmsghdr *)nlmsg_data(nlh))->cmd;
}

static void answer(struct fake *k, struct nl_msg *msg)
{
	const struct nlmsghdr *nlh = nlmsg_hdr(msg);

	assert_true(k->len + NLMSG_ALIGN(nlh->nlmsg_len) <= sizeof(k->answers));
	memcpy(k->answers + k->len, nlh, nlh->nlmsg_len);
	k->len += NLMSG_ALIGN(nlh->nlmsg_len);
	nlmsg_free(msg);
}

static void answer_error(struct fake *k, const struct nlmsghdr *req, int code, bool tell)
{
	struct nl_msg *msg = nlmsg_alloc_size(1024);
	struct nlmsghdr *nlh = nlmsg_put(msg, 0, req->nlmsg_seq, NLMSG_ERROR, 0,
					 NLM_F_CAPPED | NLM_F_ACK_TLVS);
	struct nlmsgerr err = { .error = -code, .msg = *req };
	struct nlattr *at, *in;

	(void)nlh;
	nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	if (tell && k->words)
		nla_put_string(msg, NLMSGERR_ATTR_MSG, k->words);
	at = tell && k->attr ? find(req, k->attr) : NULL;
	in = at && k->nested ? nla_find(nla_data(at), nla_len(at), k->nested) : NULL;
	if (in)
		at = in;
	if (at)
		nla_put_u32(msg, k->missing ? NLMSGERR_ATTR_MISS_NEST : NLMSGERR_ATTR_OFFS,
			    (char *)at - (char *)req);
	if (tell && k->missing)
		nla_put_u32(msg, NLMSGERR_ATTR_MISS_TYPE, k->missing);
	answer(k, msg);
}

static void answer_commit(struct fake *k, const struct nlmsghdr *req)
{
	struct nl_msg *msg = nlmsg_alloc_size(256);

	genlmsg_put(msg, 0, req->nlmsg_seq, FAMILY, 0, 0, ZPF_CMD_TXN_COMMIT, 1);
	nla_put_u32(msg, ZPF_TXN_A_GENERATION, 7);
	nla_put_u64(msg, ZPF_TXN_A_BUILD_NS, 900000);
	nla_put_u32(msg, ZPF_TXN_A_FLAGS, ZPF_COMMIT_FIRST);
	answer(k, msg);
}

static int fake_send(void *priv, const void *buf, size_t len)
{
	struct fake *k = priv;
	const struct nlmsghdr *nlh = buf;
	int left = len;

	k->datagrams++;
	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next((struct nlmsghdr *)nlh, &left)) {
		assert_int_equal(nlh->nlmsg_type, FAMILY);
		assert_true(k->n < MAX_MESSAGES);
		k->sent[k->n] = malloc(nlh->nlmsg_len);
		memcpy(k->sent[k->n], nlh, nlh->nlmsg_len);
		if ((int)k->n++ == k->refuse) {
			k->refused = true;
			answer_error(k, nlh, k->code, true);
		} else if (k->refused) {
			answer_error(k, nlh, ENOENT, false);
		} else if (nlh->nlmsg_flags & NLM_F_ACK) {
			if (cmd_of(nlh) == ZPF_CMD_TXN_COMMIT)
				answer_commit(k, nlh);
			answer_error(k, nlh, 0, false);
		}
	}
	assert_int_equal(left, 0);
	return 0;
}

static ssize_t fake_recv(void *priv, void *buf, size_t size, bool wait)
{
	struct fake *k = priv;
	size_t n = 0, len;

	/* As the kernel does it, an answer is a datagram. */
	if (!k->len) {
		assert_false(wait);
		return -EAGAIN;
	}
	len = NLMSG_ALIGN(((struct nlmsghdr *)k->answers)->nlmsg_len);
	n = len < size ? len : size;
	memcpy(buf, k->answers, n);
	memmove(k->answers, k->answers + len, k->len - len);
	k->len -= len;
	return n;
}

static const struct zpf_nl_ops fake_ops = { .send = fake_send, .recv = fake_recv };

static struct fake *fake_new(void)
{
	struct fake *k = calloc(1, sizeof(*k));

	k->refuse = -1;
	return k;
}

static void fake_free(struct fake *k)
{
	while (k->n)
		free(k->sent[--k->n]);
	free(k);
}

/* --- a policy with one of everything --- */

#define N_RANGES 10000

static struct zpf_range4 ranges[N_RANGES];
static char source[70000];
static char *names[] = { (char *)"eth1", (char *)"wg*" };

static struct zpf_flat_row rows[] = {
	{ .ruleset = "A_B", .number = 10, .action = ZPF_ACTION_JUMP, .meaning = 11 },
	{ .ruleset = "SUB", .number = 20, .action = ZPF_ACTION_ACCEPT, .meaning = 22 },
	{ .ruleset = "SUB", .number = 0, .action = ZPF_ACTION_RETURN, .meaning = 33 },
	{ .ruleset = "A_B", .number = 0, .action = ZPF_ACTION_DROP, .meaning = 44 },
};

static const struct zpf_flat_rare limited = { .limit_interval_ns = 1000, .limit_burst = 5 };
static const struct zpf_flat_rare nothing;

static struct zpf_flat_rule rules[] = {
	{ .row = 0, .action = ZPF_ACTION_JUMP, .hit = 1, .miss = 3, .log = { .level = -1 },
	  .match = ZPF_FLAT_STATE | ZPF_FLAT_IN_SET | ZPF_FLAT_LIMIT, .state = 1,
	  .in_set = 1, .rare = &limited },
	{ .row = 1, .rare = &nothing, .action = ZPF_ACTION_ACCEPT, .miss = 2,
	  .log = { .on = true, .level = -1, .group = -1, .snaplen = -1, .qthreshold = -1 },
	  .match = ZPF_FLAT_PROTO | ZPF_FLAT_SADDR | ZPF_FLAT_DADDR_SET | ZPF_FLAT_DPORT |
		   ZPF_FLAT_TCP_FLAGS,
	  .not = ZPF_NOT_SADDR, .proto = { 6 }, .n_proto = 1,
	  .saddr4 = { 0x0a000000, 0x0affffff }, .daddr_set = 0, .dport = { 80, 81 },
	  .tcp_mask = 0x12, .tcp_value = 0x02, .where = { "f.set", 41, 5 } },
	{ .row = 2, .rare = &nothing, .action = ZPF_ACTION_RETURN, .hit = 3, .miss = 3 },
	{ .row = 3, .rare = &nothing, .action = ZPF_ACTION_DROP, .miss = 4,
	  .log = { .on = true, .level = -1, .group = 9, .snaplen = 64, .qthreshold = -1 } },
};

static struct zpf_flat_member members[] = { { .name = "eth1" }, { .name = "RED", .vrf = true } };

static struct zpf_flat_set sets[] = {
	{ .kind = ZPF_SET_IPV4, .n = N_RANGES, { .r4 = ranges } },
	{ .kind = ZPF_SET_IFACE, .n = 2, { .ifname = names } },
	{ .kind = ZPF_SET_PORT, .n = 0 },
};

static struct zpf_flat_table tables[] = {
	{ .name = "A_B", .family = 2, .n_rules = 4, .rules = rules, .n_rows = 4, .rows = rows },
};

static struct zpf_flat_zone zones[] = {
	{ .name = "A", .default_action = ZPF_ACTION_DROP, .intra_action = ZPF_ACTION_ACCEPT,
	  .default_table4 = ZPF_NO_TABLE, .default_table6 = ZPF_NO_TABLE,
	  .intra_table4 = ZPF_NO_TABLE, .intra_table6 = ZPF_NO_TABLE,
	  .n_members = 2, .members = members, .where = { "f.set", 3, 1 } },
	{ .name = "B", .local = true, .default_log = true, .default_action = ZPF_ACTION_REJECT,
	  .intra_action = ZPF_ACTION_DROP, .default_table4 = 0, .default_table6 = ZPF_NO_TABLE,
	  .intra_table4 = ZPF_NO_TABLE, .intra_table6 = ZPF_NO_TABLE },
};

static struct zpf_flat_pair pairs[] = { { .from = 1, .to = 2, .family = 2, .table = 0 } };
static struct zpf_flat_chain chains[] = { { .hook = ZPF_HOOK_FORWARD, .family = 2, .table = 0 } };

static struct zpf_policy policy = {
	.option_flags = ZPF_OPTION_FILTER_ND,
	.established = { .action = ZPF_ACTION_ACCEPT },
	.invalid = { .action = ZPF_ACTION_DROP,
		     .log = { .on = true, .level = 3, .group = -1 } },
	.n_sets = 3, .sets = sets,
	.n_tables = 1, .tables = tables,
	.n_zones = 2, .zones = zones,
	.n_pairs = 1, .pairs = pairs,
	.n_chains = 1, .chains = chains,
	.source = source, .source_len = sizeof(source),
};

static int push(struct fake *k, const struct zpf_push_terms *terms,
		struct zpf_push_result *res, struct zpf_diag *diag)
{
	struct zpf_nl *nl = zpf_nl_new(&fake_ops, k, true);
	int ret;
	size_t i;

	for (i = 0; i < N_RANGES; i++)
		ranges[i].lo = ranges[i].hi = 2 * i;
	/* what cannot be packed goes as it is */
	for (i = 0; i < sizeof(source); i++)
		source[i] = (char)(random() >> 8);
	source[0] = 's';
	nl->family = FAMILY;
	memset(diag, 0, sizeof(*diag));
	ret = zpf_push(nl, &policy, terms, res, diag);
	zpf_nl_close(nl);
	return ret;
}

/* The order of the contract, sets split over three messages. */
static const uint8_t order[] = {
	ZPF_CMD_TXN_BEGIN, ZPF_CMD_OPTIONS_SET,
	ZPF_CMD_SET_ADD, ZPF_CMD_SET_ADD, ZPF_CMD_SET_ADD,	/* 10000 * 8 bytes */
	ZPF_CMD_SET_ADD, ZPF_CMD_SET_ADD,
	ZPF_CMD_TABLE_ADD, ZPF_CMD_RULE_ADD, ZPF_CMD_RULE_ADD, ZPF_CMD_RULE_ADD,
	ZPF_CMD_RULE_ADD,
	ZPF_CMD_ZONE_ADD, ZPF_CMD_ZONE_ADD, ZPF_CMD_PAIR_ADD, ZPF_CMD_CHAIN_ADD,
	ZPF_CMD_SOURCE_ADD, ZPF_CMD_SOURCE_ADD, ZPF_CMD_SOURCE_ADD,
	ZPF_CMD_TXN_COMMIT,
};
#define N_ORDER (sizeof(order) / sizeof(order[0]))
enum { AT_SET = 2, AT_IFSET = 5, AT_EMPTY = 6, AT_RULE = 8, AT_ZONE = 12, AT_SOURCE = 16 };

static uint32_t u32_of(const struct nlmsghdr *nlh, int attr)
{
	assert_non_null(find(nlh, attr));
	return nla_get_u32(find(nlh, attr));
}

static void order_and_envelope(void **state)
{
	struct zpf_push_result res;
	struct fake *k = fake_new();
	struct zpf_diag diag;
	bool ack;
	size_t i;

	(void)state;
	assert_int_equal(push(k, NULL, &res, &diag), 0);
	assert_int_equal(res.generation, 7);
	assert_int_equal(res.build_ns, 900000);
	assert_int_equal(res.flags, ZPF_COMMIT_FIRST);
	assert_int_equal(diag.n, 0);
	assert_int_equal(k->n, N_ORDER);
	for (i = 0; i < N_ORDER; i++) {
		assert_int_equal(cmd_of(k->sent[i]), order[i]);
		assert_int_equal(k->sent[i]->nlmsg_seq, k->sent[0]->nlmsg_seq + i);
		ack = order[i] == ZPF_CMD_TXN_BEGIN || order[i] == ZPF_CMD_TXN_COMMIT;
		assert_int_equal(k->sent[i]->nlmsg_flags,
				 NLM_F_REQUEST | (ack ? NLM_F_ACK : 0));
	}
	assert_true(k->datagrams <= 5);
	assert_int_equal(u32_of(k->sent[0], ZPF_TXN_A_SETS), 3);
	assert_int_equal(u32_of(k->sent[0], ZPF_TXN_A_SOURCE_BYTES), sizeof(source));
	assert_int_equal(u32_of(k->sent[N_ORDER - 1], ZPF_TXN_A_MESSAGES), N_ORDER - 2);
	assert_null(find(k->sent[N_ORDER - 1], ZPF_TXN_A_BASE_GENERATION));
	assert_null(find(k->sent[N_ORDER - 1], ZPF_TXN_A_CONFIRM_SECONDS));
	fake_free(k);
}

static void sets_are_split(void **state)
{
	struct zpf_push_result res;
	struct fake *k = fake_new();
	struct zpf_diag diag;
	size_t i, n = 0;

	(void)state;
	assert_int_equal(push(k, NULL, &res, &diag), 0);
	for (i = AT_SET; i < AT_IFSET; i++) {
		struct nlattr *elems = find(k->sent[i], ZPF_SET_A_ELEMS);

		assert_int_equal(u32_of(k->sent[i], ZPF_SET_A_ID), 0);
		assert_int_equal(!!find(k->sent[i], ZPF_SET_A_COUNT), i == AT_SET);
		assert_int_equal(!!find(k->sent[i], ZPF_SET_A_KIND), i == AT_SET);
		assert_memory_equal(nla_data(elems), ranges + n, nla_len(elems));
		n += nla_len(elems) / sizeof(ranges[0]);
	}
	assert_int_equal(n, N_RANGES);
	assert_string_equal(nla_get_string(find(k->sent[AT_IFSET], ZPF_SET_A_IFNAME)), "eth1");
	assert_int_equal(u32_of(k->sent[AT_EMPTY], ZPF_SET_A_COUNT), 0);
	assert_null(find(k->sent[AT_EMPTY], ZPF_SET_A_ELEMS));
	for (n = 0, i = AT_SOURCE; i < N_ORDER - 1; i++)
		n += nla_len(find(k->sent[i], ZPF_SOURCE_A_TEXT));
	assert_int_equal(n, sizeof(source));
	fake_free(k);
}

static void rules_are_encoded(void **state)
{
	const uint8_t flags[] = { 0x12, 0x02 };
	struct zpf_push_result res;
	struct fake *k = fake_new();
	struct zpf_diag diag;
	struct nlattr *log;
	struct nlmsghdr *m;

	(void)state;
	assert_int_equal(push(k, NULL, &res, &diag), 0);
	m = k->sent[AT_RULE];
	assert_null(find(m, ZPF_RULE_A_RULESET));
	assert_null(find(m, ZPF_RULE_A_HIT));		/* the next one */
	assert_int_equal(u32_of(m, ZPF_RULE_A_MISS), 3);
	assert_null(find(m, ZPF_RULE_A_LOG));
	assert_int_equal(nla_get_u8(find(m, ZPF_RULE_A_STATE)), 1);
	assert_int_equal(u32_of(m, ZPF_RULE_A_IN_SET), 1);
	assert_int_equal(nla_get_u64(find(m, ZPF_RULE_A_LIMIT_INTERVAL_NS)), 1000);
	assert_int_equal(u32_of(m, ZPF_RULE_A_LIMIT_BURST), 5);
	assert_int_equal(nla_get_u64(find(m, ZPF_RULE_A_MEANING)), 11);

	m = k->sent[AT_RULE + 1];
	assert_string_equal(nla_get_string(find(m, ZPF_RULE_A_RULESET)), "SUB");
	assert_null(find(m, ZPF_RULE_A_HIT));
	assert_null(find(m, ZPF_RULE_A_MISS));
	log = find(m, ZPF_RULE_A_LOG);
	assert_non_null(log);				/* empty: kernel log, warning */
	assert_int_equal(nla_len(log), 0);
	assert_int_equal(nla_len(find(m, ZPF_RULE_A_PROTO)), 1);
	assert_int_equal(nla_len(find(m, ZPF_RULE_A_SADDR)), sizeof(struct zpf_range4));
	assert_memory_equal(nla_data(find(m, ZPF_RULE_A_TCP_FLAGS)), flags, 2);
	assert_int_equal(u32_of(m, ZPF_RULE_A_NOT), ZPF_NOT_SADDR);
	assert_null(find(m, ZPF_RULE_A_STATE));

	assert_null(find(k->sent[AT_RULE + 2], ZPF_RULE_A_HIT));
	log = find(k->sent[AT_RULE + 3], ZPF_RULE_A_LOG);
	assert_int_equal(nla_get_u16(nla_find(nla_data(log), nla_len(log), ZPF_LOG_A_GROUP)), 9);
	assert_null(nla_find(nla_data(log), nla_len(log), ZPF_LOG_A_LEVEL));
	fake_free(k);
}

static void zones_are_encoded(void **state)
{
	const uint32_t base = 6;
	const struct zpf_push_terms terms = { .base = &base, .confirm = 90 };
	struct zpf_push_result res;
	struct fake *k = fake_new();
	struct zpf_diag diag;
	struct nlattr *nest;

	(void)state;
	assert_int_equal(push(k, &terms, &res, &diag), 0);
	assert_int_equal(u32_of(k->sent[AT_ZONE], ZPF_ZONE_A_ID), 1);
	assert_null(find(k->sent[AT_ZONE], ZPF_ZONE_A_DEFAULT_TABLE4));
	nest = find(k->sent[AT_ZONE], ZPF_ZONE_A_MEMBER);
	assert_true(nest->nla_type & NLA_F_NESTED);
	assert_string_equal(nla_get_string(nla_find(nla_data(nest), nla_len(nest),
						    ZPF_MEMBER_A_NAME)), "eth1");
	assert_int_equal(u32_of(k->sent[AT_ZONE + 1], ZPF_ZONE_A_FLAGS),
			 ZPF_ZONE_LOCAL | ZPF_ZONE_DEFAULT_LOG);
	assert_int_equal(u32_of(k->sent[AT_ZONE + 1], ZPF_ZONE_A_DEFAULT_TABLE4), 0);
	assert_int_equal(u32_of(k->sent[N_ORDER - 1], ZPF_TXN_A_BASE_GENERATION), base);
	assert_int_equal(u32_of(k->sent[N_ORDER - 1], ZPF_TXN_A_CONFIRM_SECONDS), 90);
	fake_free(k);
}

/* --- refusals --- */

static const struct {
	int at, code, attr, nested, missing;
	const char *words, *message;
	unsigned int line;
} refusals[] = {
	{ AT_RULE + 1, ERANGE, ZPF_RULE_A_SADDR, 0, 0, "lo is above hi",
	  "kernel refused rule 20 of ruleset SUB: lo is above hi (attribute ZPF_RULE_A_SADDR)", 41 },
	{ AT_RULE + 3, EINVAL, 0, 0, ZPF_RULE_A_ACTION, "an action is needed",
	  "kernel refused the default of ruleset A_B: an action is needed (missing attribute ZPF_RULE_A_ACTION)", 0 },
	{ AT_ZONE, EINVAL, ZPF_ZONE_A_MEMBER, ZPF_MEMBER_A_NAME, 0, "bad name",
	  "kernel refused zone A: bad name (attribute ZPF_MEMBER_A_NAME)", 3 },
	{ AT_ZONE, EINVAL, ZPF_ZONE_A_MEMBER, 0, ZPF_MEMBER_A_NAME, NULL,
	  "kernel refused zone A: a value is not valid (missing attribute ZPF_MEMBER_A_NAME)", 3 },
	{ 1, EINVAL, ZPF_OPTIONS_A_STATE_POLICY, ZPF_STATE_POLICY_A_ACTION, 0, "no",
	  "kernel refused the global options: no (attribute ZPF_STATE_POLICY_A_ACTION)", 0 },
	{ AT_SET + 1, ENOMEM, 0, 0, 0, NULL,
	  "kernel refused set 0: the kernel is out of memory", 0 },
	{ AT_ZONE + 2, EINVAL, ZPF_PAIR_A_TO, 0, 0, "x",
	  "kernel refused the ipv4 ruleset from A to B: x (attribute ZPF_PAIR_A_TO)", 0 },
	{ AT_ZONE + 3, EINVAL, ZPF_CHAIN_A_HOOK, 0, 0, "x",
	  "kernel refused base chain ipv4 forward filter: x (attribute ZPF_CHAIN_A_HOOK)", 0 },
	{ 0, EPERM, 0, 0, 0, NULL,
	  "no permission: needs CAP_NET_ADMIN in the initial user namespace", 0 },
	{ N_ORDER - 1, ESTALE, 0, 0, 0, NULL, "another commit came in between", 0 },
};

static void refusals_name_the_object(void **state)
{
	struct zpf_push_result res;
	struct zpf_diag diag;
	struct fake *k;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		k = fake_new();
		k->refuse = refusals[i].at;
		k->code = refusals[i].code;
		k->attr = refusals[i].attr;
		k->nested = refusals[i].nested;
		k->missing = refusals[i].missing;
		k->words = refusals[i].words;
		assert_int_equal(push(k, NULL, &res, &diag), -1);
		assert_int_equal(diag.n_errors, 1);
		assert_string_equal(diag.entries[0].message, refusals[i].message);
		assert_int_equal(diag.entries[0].where.line, refusals[i].line);
		/* Nothing is sent behind the datagram that was refused. */
		assert_true(refusals[i].at == N_ORDER - 1 || k->n < N_ORDER);
		zpf_diag_free(&diag);
		fake_free(k);
	}
}

/* Highest attribute of each command, to find one without a name. */
static const struct {
	uint8_t cmd;
	int max;
} commands[] = {
	{ ZPF_CMD_TXN_BEGIN, ZPF_TXN_A_MAX }, { ZPF_CMD_TXN_COMMIT, ZPF_TXN_A_MAX },
	{ ZPF_CMD_OPTIONS_SET, ZPF_OPTIONS_A_MAX }, { ZPF_CMD_SET_ADD, ZPF_SET_A_MAX },
	{ ZPF_CMD_TABLE_ADD, ZPF_TABLE_A_MAX }, { ZPF_CMD_RULE_ADD, ZPF_RULE_A_MAX },
	{ ZPF_CMD_ZONE_ADD, ZPF_ZONE_A_MAX }, { ZPF_CMD_PAIR_ADD, ZPF_PAIR_A_MAX },
	{ ZPF_CMD_CHAIN_ADD, ZPF_CHAIN_A_MAX }, { ZPF_CMD_SOURCE_ADD, ZPF_SOURCE_A_MAX },
	{ ZPF_CMD_DISARM, ZPF_DISARM_A_MAX },
};

static void every_attribute_has_a_name(void **state)
{
	struct nl_msg *msg;
	char name[64];
	size_t i;
	int a;

	(void)state;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		msg = nlmsg_alloc_size(64);
		genlmsg_put(msg, 0, 1, FAMILY, 0, 0, commands[i].cmd, 1);
		for (a = 1; a <= commands[i].max; a++) {
			zpf_attr_missing(nlmsg_hdr(msg), 0, a, name, sizeof(name));
			assert_int_equal(strncmp(name, "ZPF_", 4), 0);
		}
		zpf_attr_missing(nlmsg_hdr(msg), 0, a, name, sizeof(name));
		assert_int_equal(strncmp(name, "number ", 7), 0);
		nlmsg_free(msg);
	}
}

static void places_outside_have_no_name(void **state)
{
	struct nl_msg *msg = nlmsg_alloc_size(256);
	char name[64];
	uint32_t at;

	(void)state;
	genlmsg_put(msg, 0, 1, FAMILY, 0, 0, ZPF_CMD_ZONE_ADD, 1);
	nla_put_u32(msg, ZPF_ZONE_A_ID, 1);
	nla_put_u32(msg, 999, 1);
	for (at = 0; at < 300; at++)
		zpf_attr_at(nlmsg_hdr(msg), at, name, sizeof(name));
	assert_string_equal(name, "");
	zpf_attr_at(nlmsg_hdr(msg), NLMSG_HDRLEN + GENL_HDRLEN + 8, name, sizeof(name));
	assert_string_equal(name, "");
	nlmsg_free(msg);
}

/* Memory of a message does for the next one only if that has room there. */
static void a_message_has_its_room(void **state)
{
	static const char text[ZPF_NL_ROOM - 64];
	struct fake *k = fake_new();
	struct zpf_nl *nl = zpf_nl_new(&fake_ops, k, true);
	struct nl_msg *msg;

	(void)state;
	nl->family = FAMILY;
	for (int i = 0; i < 3; i++) {
		msg = nlmsg_alloc_size(i == 1 ? 70000 : 64);
		genlmsg_put(msg, 0, 0, FAMILY, 0, 0, ZPF_CMD_DISARM, 1);
		assert_int_equal(zpf_nl_queue(nl, msg, (struct zpf_nl_ref){ 0 }), 0);
		msg = zpf_nl_msg(nl, ZPF_CMD_RULE_ADD, ZPF_NL_ROOM);
		assert_int_equal(nlmsg_hdr(msg)->nlmsg_len, NLMSG_HDRLEN + GENL_HDRLEN);
		assert_int_equal(nla_put(msg, 1, sizeof(text), text), 0);
		assert_int_equal(zpf_nl_queue(nl, msg, (struct zpf_nl_ref){ 0 }), 0);
	}
	assert_int_equal(zpf_nl_flush(nl), 0);
	zpf_nl_close(nl);
	fake_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_has_its_room),
		cmocka_unit_test(order_and_envelope),
		cmocka_unit_test(sets_are_split),
		cmocka_unit_test(rules_are_encoded),
		cmocka_unit_test(zones_are_encoded),
		cmocka_unit_test(refusals_name_the_object),
		cmocka_unit_test(every_attribute_has_a_name),
		cmocka_unit_test(places_outside_have_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
