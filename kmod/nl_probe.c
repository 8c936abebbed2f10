// SPDX-License-Identifier: GPL-2.0-only
/*
 * TEST_GET: a packet that is only thought of is judged at the dump's first
 * message; what is dumped is its way, a message a rule, and the verdict. What
 * is wrong with it is said there too: in 6.1 the start of a dump has no
 * extended ack.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/sock.h>
#include "ask.h"
#include "compat.h"
#include "hook.h"
#include "net.h"
#include "nl.h"
#include "probe.h"

const struct nla_policy zpf_test_policy[ZPF_TEST_A_MAX + 1] = {
	[ZPF_TEST_A_FROM] = { .type = NLA_NUL_STRING, .len = ZPF_ZONE_NAME_MAX },
	[ZPF_TEST_A_TO] = { .type = NLA_NUL_STRING, .len = ZPF_ZONE_NAME_MAX },
	[ZPF_TEST_A_IN] = { .type = NLA_NUL_STRING, .len = ZPF_IF_NAME_MAX },
	[ZPF_TEST_A_OUT] = { .type = NLA_NUL_STRING, .len = ZPF_IF_NAME_MAX },
	[ZPF_TEST_A_FAMILY] = { .type = NLA_U8 },
	[ZPF_TEST_A_STATE] = NLA_POLICY_MAX(NLA_U8, ZPF_STATE_ALL),
	[ZPF_TEST_A_PROTO] = { .type = NLA_U8 },
	[ZPF_TEST_A_SADDR] = { .type = NLA_BINARY },
	[ZPF_TEST_A_DADDR] = { .type = NLA_BINARY },
	[ZPF_TEST_A_SPORT] = { .type = NLA_U16 },
	[ZPF_TEST_A_DPORT] = { .type = NLA_U16 },
	[ZPF_TEST_A_ICMP] = { .type = NLA_U16 },
	[ZPF_TEST_A_TCP_FLAGS] = { .type = NLA_U8 },
	[ZPF_TEST_A_NUMS] = { .type = NLA_BINARY },
	/* answers */
	[ZPF_TEST_A_WHY] = { .type = NLA_REJECT },
	[ZPF_TEST_A_RULESET] = { .type = NLA_REJECT },
	[ZPF_TEST_A_NUMBER] = { .type = NLA_REJECT },
	[ZPF_TEST_A_ACTION] = { .type = NLA_REJECT },
	[ZPF_TEST_A_GENERATION] = { .type = NLA_REJECT },
	[ZPF_TEST_A_KIND] = { .type = NLA_REJECT },
	[ZPF_TEST_A_HOOK] = { .type = NLA_REJECT },
	[ZPF_TEST_A_REASON] = { .type = NLA_REJECT },
	[ZPF_TEST_A_LOG] = { .type = NLA_REJECT },
};

/**
 * struct zpf_test - a TEST_GET, behind netlink_callback.ctx
 * @live: the pinned snapshot
 * @judged: @probe has its answer
 * @i: messages sent; step @probe.n is the verdict
 * @probe: the packet and its way
 */
struct zpf_test {
	struct zpf_live *live;
	bool judged;
	u32 i;
	struct zpf_probe probe;
};

static struct zpf_test **zpf_test_of(struct netlink_callback *cb)
{
	return (struct zpf_test **)cb->ctx;
}

static int zpf_test_refuse(struct netlink_callback *cb,
			   const struct nlattr *attr, const char *why)
{
	if (cb->extack) {
		cb->extack->bad_attr = attr;
		cb->extack->_msg = why;
	}
	return -EINVAL;
}

/* --- the packet --- */

static int zpf_test_key(struct netlink_callback *cb, struct nlattr **attrs,
			struct zpf_probe *probe)
{
	const u8 pf = attrs[ZPF_TEST_A_FAMILY] ?
		nla_get_u8(attrs[ZPF_TEST_A_FAMILY]) : 0;
	const size_t addr = pf == NFPROTO_IPV4 ? sizeof(u32) :
						 sizeof(struct zpf_in6);
	const char *why;
	int i;

	if (pf != NFPROTO_IPV4 && pf != NFPROTO_IPV6)
		return zpf_test_refuse(cb, attrs[ZPF_TEST_A_FAMILY],
				       "family is neither IPv4 nor IPv6");
	probe->fam = zpf_fam_idx(pf);
	if (!attrs[ZPF_TEST_A_PROTO] || !attrs[ZPF_TEST_A_SADDR] ||
	    !attrs[ZPF_TEST_A_DADDR])
		return zpf_test_refuse(cb, NULL,
				       "a packet has a protocol and two addresses");
	if (nla_len(attrs[ZPF_TEST_A_SADDR]) != addr)
		return zpf_test_refuse(cb, attrs[ZPF_TEST_A_SADDR],
				       "not one address of the family");
	if (nla_len(attrs[ZPF_TEST_A_DADDR]) != addr)
		return zpf_test_refuse(cb, attrs[ZPF_TEST_A_DADDR],
				       "not one address of the family");

	probe->key.state = ZPF_STATE_NEW;
	for (i = 1; i <= ZPF_TEST_A_MAX; i++)
		if (attrs[i] && zpf_ask_set(&probe->key, i, nla_data(attrs[i]),
					    nla_len(attrs[i])) < 0)
			return zpf_test_refuse(cb, attrs[i],
					       "not as long as it should be, or not a number there is");
	why = zpf_ask_finish(&probe->key, pf == NFPROTO_IPV6, &i);
	return why ? zpf_test_refuse(cb, attrs[i], why) : 0;
}

static bool zpf_test_zone(const struct zpf_live *live, const char *name,
			  u16 *zone)
{
	const struct zpf_gen *gen = live->gen;
	u32 i;

	for (i = 1; i <= gen->n_zones; i++) {
		if (!strcmp(gen->zones[i].name, name)) {
			*zone = i;
			return true;
		}
	}
	*zone = strcmp(name, "router") ? ZPF_ZONE_NONE : gen->router;
	return *zone || !strcmp(name, "none");
}

/* One end of the way: by its interface, by its zone, or by both. */
static int zpf_test_port(struct netlink_callback *cb,
			 const struct zpf_live *live, struct nlattr *zone,
			 struct nlattr *iface, struct zpf_port *port)
{
	u16 named;
	u32 i;

	if (zone && !zpf_test_zone(live, nla_data(zone), &named))
		return zpf_test_refuse(cb, zone, "no such zone");
	if (!iface && !zone)
		return zpf_test_refuse(cb, NULL,
				       "a packet comes from a zone or interface and goes to one");
	if (!iface) {
		port->zone = named;
		return 0;
	}
	for (i = 1; i < live->n_ents; i++)
		if (!strcmp(live->ents[i].name, nla_data(iface)))
			break;
	if (i >= live->n_ents)
		return zpf_test_refuse(cb, iface, "no such interface");
	port->zone = live->ents[i].zone;
	port->ent = i;
	if (zone && named != port->zone)
		return zpf_test_refuse(cb, iface, "not in that zone");
	return 0;
}

static int zpf_test_ends(struct netlink_callback *cb, struct nlattr **attrs,
			 const struct zpf_live *live, struct zpf_probe *probe)
{
	const u32 router = live->gen->router;
	int err;

	err = zpf_test_port(cb, live, attrs[ZPF_TEST_A_FROM],
			    attrs[ZPF_TEST_A_IN], &probe->in);
	if (!err)
		err = zpf_test_port(cb, live, attrs[ZPF_TEST_A_TO],
				    attrs[ZPF_TEST_A_OUT], &probe->out);
	if (err)
		return err;
	probe->hook = probe->out.zone == router ? ZPF_IN :
		      probe->in.zone == router ? ZPF_OUT : ZPF_FWD;
	return 0;
}

/* Room for every rule the packet may meet. */
static int zpf_test_room(const struct zpf_live *live, struct zpf_probe *probe)
{
	const struct zpf_gen *gen = live->gen;
	const struct zpf_table *table;

	table = gen->chains[probe->hook][probe->fam].table;
	if (table)
		probe->cap = table->n_rules;
	table = zpf_gen_cell(gen, probe->fam, probe->in.zone,
			     probe->out.zone)->table;
	if (table)
		probe->cap += table->n_rules;
	if (!probe->cap)
		return 0;
	probe->steps = kvcalloc(probe->cap, sizeof(*probe->steps),
				GFP_KERNEL_ACCOUNT);
	return probe->steps ? 0 : -ENOMEM;
}

static void zpf_test_free(struct zpf_test *test)
{
	zpf_live_put(test->live);
	kvfree(test->probe.steps);
	kfree(test);
}

/**
 * zpf_nl_test_start() - pin what is live
 * @cb: the dump
 *
 * Return: 0; -ENOENT if no policy is loaded, -ENOMEM
 */
int zpf_nl_test_start(struct netlink_callback *cb)
{
	struct zpf_test *test;

	test = kzalloc(sizeof(*test), GFP_KERNEL_ACCOUNT);
	if (!test)
		return -ENOMEM;
	test->live = zpf_live_get(zpf_net_of(sock_net(cb->skb->sk)));
	if (!test->live || !test->live->gen) {
		zpf_test_free(test);
		NL_SET_ERR_MSG(cb->extack, "no policy is loaded");
		return -ENOENT;
	}
	*zpf_test_of(cb) = test;
	return 0;
}

static int zpf_test_judge(struct netlink_callback *cb, struct zpf_test *test)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	int err;

	err = zpf_test_key(cb, attrs, &test->probe);
	if (!err)
		err = zpf_test_ends(cb, attrs, test->live, &test->probe);
	if (!err)
		err = zpf_test_room(test->live, &test->probe);
	if (err)
		return err;
	zpf_hook_probe(test->live, &test->probe);
	test->judged = true;
	return 0;
}

/**
 * zpf_nl_test_done() - forget the packet
 * @cb: the dump
 */
int zpf_nl_test_done(struct netlink_callback *cb)
{
	zpf_test_free(*zpf_test_of(cb));
	return 0;
}

/* --- the answer --- */

static int zpf_fill_rule(struct sk_buff *skb, const struct zpf_table *table,
			 u32 row)
{
	const struct zpf_row *r = &table->rows[row];

	return nla_put_string(skb, ZPF_TEST_A_RULESET,
			      table->rulesets[r->ruleset]) ||
	       nla_put_u32(skb, ZPF_TEST_A_NUMBER, r->number) ? -EMSGSIZE : 0;
}

static int zpf_fill_step(struct sk_buff *skb, const struct zpf_step *step)
{
	const u32 row = step->table->rules[step->idx].row;

	return nla_put_u8(skb, ZPF_TEST_A_WHY, step->why) ||
	       nla_put_u8(skb, ZPF_TEST_A_ACTION, step->table->rows[row].action) ||
	       zpf_fill_rule(skb, step->table, row) ? -EMSGSIZE : 0;
}

static const char *zpf_test_zone_name(const struct zpf_gen *gen, u32 zone)
{
	if (!zone)
		return "none";
	return zone <= gen->n_zones ? gen->zones[zone].name : "router";
}

/* What decided: the counter it moved, or the reason there is none. */
static int zpf_fill_decider(struct sk_buff *skb, const struct zpf_gen *gen,
			    const struct zpf_probe *probe)
{
	const struct zpf_chain *chain = &gen->chains[probe->hook][probe->fam];
	const struct zpf_cell *cell = probe->cell;
	const u32 ctr = probe->ctr;
	u32 i;

	if (probe->business)
		return nla_put_u8(skb, ZPF_TEST_A_REASON, probe->business);
	if (ctr == ZPF_PROBE_NO_CTR)
		return nla_put_u8(skb, ZPF_TEST_A_REASON, ZPF_REASON_UNFILTERED);
	for (i = 0; i < ZPF_N_SP; i++)
		if (gen->sp[i].action && gen->sp[i].row0 == ctr)
			return nla_put_u8(skb, ZPF_TEST_A_KIND, ZPF_COUNTER_STATE) ||
			       nla_put_u8(skb, ZPF_TEST_A_STATE, probe->key.state);
	if (chain->table && ctr >= chain->row0 &&
	    ctr - chain->row0 < chain->table->n_rows)
		return nla_put_u8(skb, ZPF_TEST_A_KIND, ZPF_COUNTER_CHAIN) ||
		       zpf_fill_rule(skb, chain->table, ctr - chain->row0);
	if (nla_put_u8(skb, ZPF_TEST_A_KIND, ZPF_COUNTER_PAIR))
		return -EMSGSIZE;
	if (cell->table)
		return zpf_fill_rule(skb, cell->table, ctr - cell->row0);
	return nla_put_u8(skb, ZPF_TEST_A_REASON, cell->reason);
}

static int zpf_fill_verdict(struct sk_buff *skb, const struct zpf_gen *gen,
			    const struct zpf_probe *probe)
{
	static const u8 hooks[ZPF_N_HOOKS] = {
		[ZPF_IN] = ZPF_HOOK_INPUT,
		[ZPF_FWD] = ZPF_HOOK_FORWARD,
		[ZPF_OUT] = ZPF_HOOK_OUTPUT,
	};
	const bool log = probe->site && !probe->business;

	return nla_put_u32(skb, ZPF_TEST_A_GENERATION, gen->id) ||
	       nla_put_u8(skb, ZPF_TEST_A_ACTION, probe->action) ||
	       nla_put_u8(skb, ZPF_TEST_A_FAMILY, zpf_fam_proto(probe->fam)) ||
	       nla_put_u8(skb, ZPF_TEST_A_HOOK, hooks[probe->hook]) ||
	       nla_put_string(skb, ZPF_TEST_A_FROM,
			      zpf_test_zone_name(gen, probe->cell->from)) ||
	       nla_put_string(skb, ZPF_TEST_A_TO,
			      zpf_test_zone_name(gen, probe->cell->to)) ||
	       (log && nla_put_flag(skb, ZPF_TEST_A_LOG)) ||
	       zpf_fill_decider(skb, gen, probe) ? -EMSGSIZE : 0;
}

/**
 * zpf_nl_test() - TEST_GET
 * @skb: the messages
 * @cb: the dump
 */
int zpf_nl_test(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct zpf_test *test = *zpf_test_of(cb);
	const struct zpf_probe *probe = &test->probe;
	int err = test->judged ? 0 : zpf_test_judge(cb, test);

	while (!err && test->i <= probe->n) {
		err = zpf_dump_one(skb, cb, ZPF_CMD_TEST_GET,
				   test->i < probe->n ?
				   zpf_fill_step(skb, &probe->steps[test->i]) :
				   zpf_fill_verdict(skb, test->live->gen, probe));
		if (!err)
			test->i++;
	}
	return skb->len ? skb->len : err;
}
