// SPDX-License-Identifier: GPL-2.0-only
/*
 * A compiled policy that is not loaded is asked by the module's own portable
 * code: its flat tables become the kernel's, only those the packet meets, and
 * the packet a key. What the zones say follows the kernel's policy.c, the
 * steps follow hook.c; a packet test holds the two against each other.
 */
#include <netinet/in.h>
#include <time.h>
#include <linux/netfilter.h>

#include "policy.h"		/* this directory's, not the module's */
#include "verdict.h"
#include "xmem.h"

#include "../kmod/ask.h"
#include "../kmod/clock.h"

#define ZPF_NOWHERE 0		/* zone id of interfaces in no zone */

/**
 * struct asked - a packet on its way through a policy
 * @p: the policy
 * @v: the verdict
 * @sets: the sets, as the module has them
 * @key: the packet
 * @in: sets the input interface is in
 * @out: sets the output interface is in
 * @from: zone id
 * @to: zone id
 * @local: id of the local zone, 0: none
 * @router: zone id of the router
 */
struct asked {
	const struct zpf_policy *p;
	struct zpf_verdict *v;
	struct zpf_set **sets;
	struct zpf_key key;
	unsigned long *in, *out;
	uint32_t from, to, local, router;
};

/* --- flat to kernel --- */

static void sets_make(struct asked *a)
{
	size_t i;

	a->sets = zpf_xcalloc(a->p->n_sets, sizeof(struct zpf_set *));
	for (i = 0; i < a->p->n_sets; i++) {
		const struct zpf_flat_set *flat = &a->p->sets[i];
		struct zpf_set *set = zpf_xcalloc(1, sizeof(*set));

		set->kind = flat->kind;
		set->n = set->have = flat->n;
		set->data = flat->r4;
		set->ifset = i;
		a->sets[i] = set;
	}
}

static void sets_free(struct asked *a)
{
	size_t i;

	for (i = 0; i < a->p->n_sets; i++)
		free(a->sets[i]);
	free(a->sets);
}

/* A mask takes the set of its side out of the rule, as in txn_extra.c. */
static void mask_make(const __u64 *mask, uint32_t set, struct zpf_masked *masked)
{
	masked->mask.w[0] = mask[0];
	masked->mask.w[1] = mask[1];
	masked->set = set;
}

static void extra_make(const struct zpf_flat_rule *flat, struct zpf_rule *rule,
		       struct zpf_table *t)
{
	struct zpf_extra *extra = &t->extras[t->n_extras];
	size_t i;

	if (flat->match & ZPF_FLAT_SADDR_MASK) {
		extra->match |= ZPF_X_SMASK;
		rule->match &= ~ZPF_M_SSET;
		mask_make(flat->rare->saddr_mask, flat->saddr_set, &extra->saddr);
	}
	if (flat->match & ZPF_FLAT_DADDR_MASK) {
		extra->match |= ZPF_X_DMASK;
		rule->match &= ~ZPF_M_DSET;
		mask_make(flat->rare->daddr_mask, flat->daddr_set, &extra->daddr);
	}
	for (i = 0; (flat->match & ZPF_FLAT_NUM) && i < flat->rare->n_nums; i++) {
		extra->nums |= ZPF_NUM_BIT(flat->rare->nums[i].what);
		extra->set[flat->rare->nums[i].what] = flat->rare->nums[i].set;
	}
	if (!extra->match && !extra->nums)
		return;
	extra->not = flat->not;
	rule->extra = ++t->n_extras;
	rule->match |= ZPF_M_EXTRA;
}

static void proto_make(const struct zpf_flat_rule *flat, struct zpf_rule *rule,
		       uint8_t family)
{
	uint8_t ext = family == NFPROTO_IPV6 ? zpf_ext_bit(flat->proto[0]) : 0;

	if (!(flat->match & ZPF_FLAT_PROTO))
		return;
	rule->match |= ext ? ZPF_M_EXT : ZPF_M_PROTO;
	rule->proto[0] = ext ? ext : flat->proto[0];
	rule->proto[1] = ext ? 0 : flat->proto[flat->n_proto - 1];
}

/* One side's addresses; IPv6 ranges stand in an array of the table. */
static void addr_make(const struct zpf_flat_rule *flat, bool dst,
		      struct zpf_rule *rule, struct zpf_table *t)
{
	struct zpf_range4 *to = dst ? &rule->daddr : &rule->saddr;

	if (flat->match & (dst ? ZPF_FLAT_DADDR_SET : ZPF_FLAT_SADDR_SET)) {
		rule->match |= dst ? ZPF_M_DSET : ZPF_M_SSET;
		to->lo = dst ? flat->daddr_set : flat->saddr_set;
	} else if (flat->match & (dst ? ZPF_FLAT_DADDR : ZPF_FLAT_SADDR)) {
		rule->match |= dst ? ZPF_M_DADDR : ZPF_M_SADDR;
		if (t->family == NFPROTO_IPV4) {
			*to = dst ? flat->daddr4 : flat->saddr4;
			return;
		}
		t->addr6[t->n_addr6] = dst ? flat->daddr6 : flat->saddr6;
		to->lo = t->n_addr6++;
	}
}

static void port_make(const struct zpf_flat_rule *flat, bool dst,
		      struct zpf_rule *rule)
{
	struct zpf_range_port *to = dst ? &rule->dport : &rule->sport;

	if (flat->match & (dst ? ZPF_FLAT_DPORT_SET : ZPF_FLAT_SPORT_SET)) {
		rule->match |= dst ? ZPF_M_DPORTSET : ZPF_M_SPORTSET;
		to->lo = dst ? flat->dport_set : flat->sport_set;
	} else if (flat->match & (dst ? ZPF_FLAT_DPORT : ZPF_FLAT_SPORT)) {
		rule->match |= dst ? ZPF_M_DPORT : ZPF_M_SPORT;
		*to = dst ? flat->dport : flat->sport;
	}
}

static void rule_make(const struct zpf_flat_rule *flat, struct zpf_rule *rule,
		      struct zpf_table *t)
{
	rule->action = flat->action;
	rule->row = flat->row;
	rule->hit = flat->hit;
	rule->miss = flat->miss;
	rule->site = flat->log.on;
	rule->not = flat->not;
	if (flat->match & ZPF_FLAT_STATE) {
		rule->match |= ZPF_M_STATE;
		rule->state = flat->state;
	}
	proto_make(flat, rule, t->family);
	addr_make(flat, false, rule, t);
	addr_make(flat, true, rule, t);
	port_make(flat, false, rule);
	port_make(flat, true, rule);
	if (flat->match & ZPF_FLAT_IN_SET) {
		rule->match |= ZPF_M_IN;
		rule->in = flat->in_set;
	}
	if (flat->match & ZPF_FLAT_OUT_SET) {
		rule->match |= ZPF_M_OUT;
		rule->out = flat->out_set;
	}
	if (flat->match & ZPF_FLAT_ICMP_TYPE) {
		rule->match |= ZPF_M_ICMP;
		rule->l4_mask = flat->match & ZPF_FLAT_ICMP_CODE ? 0xffff : 0xff00;
		rule->l4_value = (flat->icmp_type << 8 | flat->icmp_code) & rule->l4_mask;
	}
	if (flat->match & ZPF_FLAT_TCP_FLAGS) {
		rule->match |= ZPF_M_TCP;
		rule->l4_mask = flat->tcp_mask;
		rule->l4_value = flat->tcp_value;
	}
	extra_make(flat, rule, t);
}

static void table_make(const struct zpf_flat_table *flat, struct zpf_table *t)
{
	size_t i;

	memset(t, 0, sizeof(*t));
	t->family = flat->family;
	t->n_rules = flat->n_rules;
	/* calloc() does not align to a cache line */
	t->rules = zpf_xcheck(aligned_alloc(64, flat->n_rules * sizeof(*t->rules)));
	memset(t->rules, 0, flat->n_rules * sizeof(*t->rules));
	t->addr6 = zpf_xcalloc(2 * flat->n_rules, sizeof(*t->addr6));
	t->extras = zpf_xcalloc(flat->n_rules, sizeof(*t->extras));
	for (i = 0; i < flat->n_rules; i++)
		rule_make(&flat->rules[i], &t->rules[i], t);
}

static void table_free(struct zpf_table *t)
{
	free(t->rules);
	free(t->addr6);
	free(t->extras);
}

/* --- where the packet comes from and goes to --- */

static uint32_t zone_of_name(const struct asked *a, const char *name)
{
	size_t i;

	for (i = 0; i < a->p->n_zones; i++)
		if (!strcmp(a->p->zones[i].name, name))
			return i + 1;
	if (!strcmp(name, "router"))
		return a->router;
	return strcmp(name, "none") ? UINT32_MAX : ZPF_NOWHERE;
}

/* Exact beats wildcard, a longer prefix beats a shorter one. */
static uint32_t zone_of_iface(const struct asked *a, const char *name)
{
	uint32_t zone = ZPF_NOWHERE;
	size_t i, k, best = 0, len;

	for (i = 0; i < a->p->n_zones; i++) {
		for (k = 0; k < a->p->zones[i].n_members; k++) {
			const struct zpf_flat_member *m = &a->p->zones[i].members[k];

			if (m->vrf || !zpf_name_matches(m->name, name))
				continue;
			if (!strcmp(m->name, name))
				return i + 1;
			len = strlen(m->name);
			if (len > best) {
				best = len;
				zone = i + 1;
			}
		}
	}
	return zone;
}

static unsigned long *iface_bits(const struct asked *a, const char *name)
{
	unsigned long *bits = zpf_xcalloc(a->p->n_sets / (8 * sizeof(long)) + 1,
					  sizeof(long));
	size_t i, k;

	for (i = 0; i < a->p->n_sets; i++) {
		const struct zpf_flat_set *set = &a->p->sets[i];

		for (k = 0; set->kind == ZPF_SET_IFACE && k < set->n; k++)
			if (zpf_name_matches(set->ifname[k], name))
				bits[i / (8 * sizeof(long))] |=
					1UL << i % (8 * sizeof(long));
	}
	return bits;
}

/* An interface instead of a zone is what people say most. */
static void refuse_zone(const struct asked *a, const char *name, char *err, size_t size)
{
	size_t i, len = snprintf(err, size, "no zone '%s': expected one of ", name);

	if (zone_of_iface(a, name)) {
		snprintf(err, size, "no zone '%s': that is an interface, say in or out", name);
		return;
	}
	for (i = 0; i < a->p->n_zones && len < size; i++)
		len += snprintf(err + len, size - len, "%s, ", a->p->zones[i].name);
	if (len < size)
		snprintf(err + len, size - len, "router, none");
}

static int place(const struct asked *a, const char *zone, const char *iface,
		 uint32_t *id, unsigned long **bits, char *err, size_t size)
{
	uint32_t by_iface;

	*id = zone ? zone_of_name(a, zone) : ZPF_NOWHERE;
	if (*id == UINT32_MAX) {
		refuse_zone(a, zone, err, size);
		return -1;
	}
	if (!iface)
		return 0;
	if (zone_of_name(a, iface) != UINT32_MAX && !zone_of_iface(a, iface)) {
		snprintf(err, size, "no interface '%s': that is a zone, say from or to",
			 iface);
		return -1;
	}
	by_iface = zone_of_iface(a, iface);
	if (zone && by_iface != *id) {
		snprintf(err, size, "interface %s is not in zone %s", iface, zone);
		return -1;
	}
	*id = by_iface;
	*bits = iface_bits(a, iface);
	return 0;
}

static const char *zone_name(const struct asked *a, uint32_t id)
{
	if (id == ZPF_NOWHERE)
		return "none";
	return id <= a->p->n_zones ? a->p->zones[id - 1].name : "router";
}

/* --- the judgement --- */

static void decided(struct zpf_verdict *v, uint8_t kind, uint8_t action, bool log)
{
	v->kind = kind;
	v->action = action;
	v->log = log;
	v->ruleset[0] = '\0';
}

/* Returns as zpf_run() of the module. */
static uint8_t walk(struct asked *a, uint32_t id, uint8_t kind)
{
	const struct zpf_flat_table *flat = &a->p->tables[id];
	struct zpf_verdict *v = a->v;
	uint8_t action = ZPF_ACTION_UNSPEC;
	struct zpf_table t;
	uint32_t i = 0;

	table_make(flat, &t);
	while (i < t.n_rules && action == ZPF_ACTION_UNSPEC) {
		const struct zpf_rule *rule = &t.rules[i];
		const struct zpf_flat_row *row = &flat->rows[rule->row];
		struct zpf_verdict_step *step = zpf_verdict_step(v);

		step->why = zpf_rule_why(&t, rule, a->sets, &a->key);
		/* Nobody has sent anything before. */
		if (step->why == ZPF_WHY_NONE &&
		    flat->rules[i].match & ZPF_FLAT_RECENT)
			step->why = ZPF_WHY_RECENT;
		step->number = row->number;
		step->action = row->action;
		snprintf(step->ruleset, sizeof(step->ruleset), "%s", row->ruleset);
		if (step->why != ZPF_WHY_NONE) {
			i = rule->miss;
			continue;
		}
		decided(v, kind, ZPF_ACTION_ACCEPT, rule->site);
		memcpy(v->ruleset, step->ruleset, sizeof(v->ruleset));
		v->number = row->number;
		if (rule->action <= ZPF_ACTION_REJECT)
			action = rule->action;
		i = rule->hit;
	}
	table_free(&t);
	if (action)
		v->action = action;
	return action;
}

static bool state_policy(const struct asked *a)
{
	const struct zpf_flat_state *sp;

	switch (a->key.state) {
	case ZPF_STATE_ESTABLISHED:
		sp = &a->p->established;
		break;
	case ZPF_STATE_RELATED:
		sp = &a->p->related;
		break;
	case ZPF_STATE_INVALID:
		sp = &a->p->invalid;
		break;
	default:
		return false;
	}
	if (!sp->action)
		return false;
	decided(a->v, ZPF_COUNTER_STATE, sp->action, sp->log.on);
	a->v->state = a->key.state;
	return true;
}

/* RFC 4861, 2710, 3810; redirects are left to the policy. */
static bool is_discovery(const struct zpf_key *key)
{
	const uint8_t type = key->icmp >> 8;

	if (type >= 133 && type <= 136)
		return key->more.num[ZPF_NUM_TTL] == 255;
	return ((type >= 130 && type <= 132) || type == 143) && key->more.num[ZPF_NUM_TTL] == 1 &&
	       (key->s6.w[0] >> 54 == 0xfe80 >> 6 || (!key->s6.w[0] && !key->s6.w[1]));
}

static uint8_t router_business(const struct asked *a)
{
	const uint8_t type = a->key.icmp >> 8;
	const bool v6 = a->v->family == NFPROTO_IPV6;

	if (!(a->key.l4 & ZPF_L4_ICMP) || a->v->hook == ZPF_HOOK_FORWARD)
		return 0;
	if (v6 && !(a->p->option_flags & ZPF_OPTION_FILTER_ND) && is_discovery(&a->key))
		return ZPF_REASON_DISCOVERY;
	if (a->v->hook != ZPF_HOOK_OUTPUT ||
	    (a->p->option_flags & ZPF_OPTION_FILTER_ERRORS))
		return 0;
	if (v6 ? type >= 1 && type <= 4 : type == 3 || type == 11 || type == 12)
		return ZPF_REASON_ROUTER_ERROR;
	return 0;
}

static uint32_t bound_table(const struct asked *a)
{
	size_t i;

	for (i = 0; i < a->p->n_pairs; i++)
		if (a->p->pairs[i].from == a->from && a->p->pairs[i].to == a->to &&
		    a->p->pairs[i].family == a->v->family)
			return a->p->pairs[i].table;
	return ZPF_NO_TABLE;
}

static void zone_default(struct asked *a, uint8_t reason, uint8_t action, bool log)
{
	decided(a->v, ZPF_COUNTER_PAIR, action, log && action != ZPF_ACTION_ACCEPT);
	a->v->reason = reason;
}

/* One side is in no zone. */
static void no_zone(struct asked *a)
{
	const struct zpf_flat_zone *zone = &a->p->zones[(a->from ? a->from : a->to) - 1];
	uint8_t action = ZPF_ACTION_DROP;

	if (zone->local)
		action = zone->default_action;
	else if (!a->to && (a->p->option_flags & ZPF_OPTION_UNASSIGNED_ACCEPT))
		action = ZPF_ACTION_ACCEPT;
	zone_default(a, ZPF_REASON_NO_ZONE, action, zone->default_log);
}

static void zones(struct asked *a)
{
	const bool v6 = a->v->family == NFPROTO_IPV6;
	const struct zpf_flat_zone *zone;
	uint32_t table = bound_table(a);

	if (table != ZPF_NO_TABLE) {
		walk(a, table, ZPF_COUNTER_PAIR);
		return;
	}
	if (!a->from || !a->to) {
		no_zone(a);
		return;
	}
	zone = &a->p->zones[a->to - 1];
	if (a->from == a->to)
		table = v6 ? zone->intra_table6 : zone->intra_table4;
	else
		table = v6 ? zone->default_table6 : zone->default_table4;
	if (table != ZPF_NO_TABLE) {
		walk(a, table, ZPF_COUNTER_PAIR);
	} else if (a->from == a->to) {
		zone_default(a, ZPF_REASON_INTRA_ZONE, zone->intra_action ?
			     zone->intra_action : ZPF_ACTION_ACCEPT, zone->default_log);
	} else {
		if (a->p->zones[a->from - 1].local)
			zone = &a->p->zones[a->from - 1];
		zone_default(a, ZPF_REASON_ZONE_DEFAULT, zone->default_action ?
			     zone->default_action : ZPF_ACTION_DROP, zone->default_log);
	}
}

/* Do zones have a say between these two? */
static bool filtered(const struct asked *a)
{
	if (a->from == a->router || a->to == a->router)
		return a->local;
	return a->from || a->to;
}

static uint32_t chain_table(const struct asked *a)
{
	size_t i;

	for (i = 0; i < a->p->n_chains; i++)
		if (a->p->chains[i].hook == a->v->hook &&
		    a->p->chains[i].family == a->v->family)
			return a->p->chains[i].table;
	return ZPF_NO_TABLE;
}

static void judge(struct asked *a)
{
	struct zpf_verdict *v = a->v;
	uint32_t table;
	uint8_t business;

	v->action = ZPF_ACTION_ACCEPT;
	v->reason = ZPF_REASON_UNFILTERED;
	if (a->from == a->router && a->to == a->router)
		return;
	if (state_policy(a))
		return;
	table = chain_table(a);
	if (table != ZPF_NO_TABLE &&
	    walk(a, table, ZPF_COUNTER_CHAIN) > ZPF_ACTION_ACCEPT)
		return;
	business = router_business(a);
	if (business) {
		decided(v, 0, ZPF_ACTION_ACCEPT, false);
		v->reason = business;
	} else if (filtered(a)) {
		zones(a);
	}
}

static void local_zone(struct asked *a)
{
	size_t i;

	for (i = 0; i < a->p->n_zones; i++)
		if (a->p->zones[i].local)
			a->local = i + 1;
	a->router = a->local ? a->local : a->p->n_zones + 1;
}

/* The moment asked about, or the present. */
static void clock_make(struct asked *a)
{
	struct zpf_clock clock = { .n = a->p->n_offsets, .offsets = a->p->offsets };
	struct zpf_more *more = &a->key.more;

	if (!(more->have & ZPF_NUM_BIT(ZPF_NUM_TIME)))
		more->num[ZPF_NUM_TIME] = time(NULL);
	zpf_clock_tell(&clock, more->num[ZPF_NUM_TIME], more);
}

static int key_make(struct asked *a, const struct zpf_packet *p, char *err,
		    size_t size)
{
	const char *why;
	int i;

	a->key.state = ZPF_STATE_NEW;
	for (i = 0; i <= ZPF_TEST_A_MAX; i++)
		if (p->attr[i].len)
			zpf_ask_set(&a->key, i, p->attr[i].data, p->attr[i].len);
	zpf_ask_set(&a->key, ZPF_TEST_A_NUMS, p->nums, p->n_nums * sizeof(*p->nums));
	clock_make(a);
	why = zpf_ask_finish(&a->key, p->family == NFPROTO_IPV6, &i);
	if (why)
		snprintf(err, size, "%s", why);
	a->key.in = a->v->hook == ZPF_HOOK_OUTPUT ? NULL : a->in;
	a->key.out = a->v->hook == ZPF_HOOK_INPUT ? NULL : a->out;
	return why ? -1 : 0;
}

int zpf_verdict_file(const struct zpf_policy *policy, const struct zpf_packet *p,
		     struct zpf_verdict *v, char *err, size_t size)
{
	struct asked a = { .p = policy, .v = v };
	int ret;

	memset(v, 0, sizeof(*v));
	v->family = p->family;
	local_zone(&a);
	sets_make(&a);
	ret = place(&a, p->from, p->in, &a.from, &a.in, err, size);
	if (!ret)
		ret = place(&a, p->to, p->out, &a.to, &a.out, err, size);
	v->hook = a.to == a.router ? ZPF_HOOK_INPUT :
		  a.from == a.router ? ZPF_HOOK_OUTPUT : ZPF_HOOK_FORWARD;
	if (!ret)
		ret = key_make(&a, p, err, size);
	if (!ret) {
		judge(&a);
		snprintf(v->from, sizeof(v->from), "%s", zone_name(&a, a.from));
		snprintf(v->to, sizeof(v->to), "%s", zone_name(&a, a.to));
	}
	sets_free(&a);
	free(a.in);
	free(a.out);
	return ret;
}
