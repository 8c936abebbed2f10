// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel gets: tables laid flat (random rulesets against a naive
 * interpreter that really jumps), matches, sets shared, zones, pairs, rows and
 * their meaning.
 */
#include "test.h"

#include <linux/netfilter.h>

#define BASE "set firewall zone Z member interface eth9\n" \
	"set firewall zone Z default-firewall name A\n"
#define BASE6 "set firewall zone Z member interface eth9\n" \
	"set firewall zone Z default-firewall ipv6-name A\n"
#define R "set firewall ipv4 name A rule 1 "
#define R6 "set firewall ipv6 name A rule 1 "

/* ---- random rulesets ---- */

#define SETS 6
#define RULES 6
#define PORTS 9

struct rule {
	int action, target;
	const char *ports;	/* NULL: matches all */
	bool disabled;
};

struct ruleset {
	int n, def, def_target;
	struct rule rule[RULES];
};

static const char *const actions[] = {
	[ZPF_ACTION_ACCEPT] = "accept", [ZPF_ACTION_DROP] = "drop",
	[ZPF_ACTION_REJECT] = "reject", [ZPF_ACTION_RETURN] = "return",
	[ZPF_ACTION_JUMP] = "jump", [ZPF_ACTION_CONTINUE] = "continue",
};

static const char *const lists[] = {
	"1", "2-4", "1,3,5", "!2", "!3,!7", "8", "2,3,!3", "5,!5", NULL
};

/* Which of the ports 1 .. PORTS-1 each list holds. */
static const char *const list_has[] = {
	"1", "234", "135", "1345678", "124568", "8", "2", "", "12345678"
};

struct trace {
	int n;
	struct {
		int ruleset;
		unsigned int number;
	} at[4096];
};

static unsigned int rnd(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 10) % below;
}

static void note(struct trace *t, int ruleset, unsigned int number)
{
	assert_true(t->n < (int)ARRAY_LEN(t->at));
	t->at[t->n].ruleset = ruleset;
	t->at[t->n++].number = number;
}

static bool holds(const struct rule *r, int port)
{
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (lists[i] == r->ports)
			return strchr(list_has[i], '0' + port);
	return true;
}

/* 0: came back without a verdict */
static int naive(const struct ruleset *all, int at, int port, struct trace *t)
{
	const struct ruleset *rs = &all[at];
	int v;

	for (int i = 0; i < rs->n; i++) {
		const struct rule *r = &rs->rule[i];

		if (r->disabled || !holds(r, port))
			continue;
		note(t, at, (unsigned int)i + 1);
		if (r->action <= ZPF_ACTION_REJECT)
			return r->action;
		if (r->action == ZPF_ACTION_RETURN)
			return 0;
		if (r->action == ZPF_ACTION_JUMP) {
			v = naive(all, r->target, port, t);
			if (v)
				return v;
		}
	}
	note(t, at, 0);
	if (rs->def <= ZPF_ACTION_REJECT)
		return rs->def;
	if (rs->def == ZPF_ACTION_JUMP)
		return naive(all, rs->def_target, port, t);
	return 0;
}

static bool flat_holds(const struct zpf_policy *p,
		       const struct zpf_flat_rule *r, int port)
{
	const struct zpf_range_port *v = &r->dport;
	size_t n = 1;

	if (r->match & ZPF_FLAT_DPORT_SET) {
		v = p->sets[r->dport_set].port;
		n = p->sets[r->dport_set].n;
	} else if (!(r->match & ZPF_FLAT_DPORT)) {
		return true;
	}
	for (size_t i = 0; i < n; i++)
		if (port >= v[i].lo && port <= v[i].hi)
			return true;
	return false;
}

/* As the kernel walks, with what its validator asks asserted. */
static int flat_walk(const struct zpf_policy *p, const struct zpf_flat_table *t,
		     int port, struct trace *trace)
{
	uint32_t i = 0;

	while (i < t->n_rules) {
		const struct zpf_flat_rule *r = &t->rules[i];

		if (!flat_holds(p, r, port)) {
			assert_true(r->miss > i && r->miss < t->n_rules);
			i = r->miss;
			continue;
		}
		note(trace, atoi(t->rows[r->row].ruleset + 1),
		     t->rows[r->row].number);
		if (r->action <= ZPF_ACTION_REJECT)
			return (int)r->action;
		assert_true(r->hit > i && r->hit <= t->n_rules);
		i = r->hit;
	}
	return 0;
}

static void check_table(const struct zpf_flat_table *t)
{
	size_t rows = 0, defaults = 0;

	for (size_t i = 0; i < t->n_rules; i++) {
		const struct zpf_flat_rule *r = &t->rules[i];
		const struct zpf_flat_row *row = &t->rows[r->row];

		assert_true(r->row <= rows && r->row < t->n_rows);
		rows += r->row == rows;
		assert_int_equal(r->action, row->action);
		if (!r->match)
			assert_int_equal(r->miss, i + 1);
		if (!row->number) {
			assert_int_equal(r->match, 0);
			defaults += !strcmp(row->ruleset, t->name);
		}
	}
	assert_int_equal(rows, t->n_rows);
	assert_int_equal(defaults, 1);
	assert_int_equal(t->rules[t->n_rules - 1].match, 0);
}

static char *random_text(struct ruleset *all, unsigned int *seed)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fputs("set firewall zone Z member interface eth0\n"
	      "set firewall zone Z default-firewall name N0\n", out);
	for (int s = 0; s < SETS; s++) {
		struct ruleset *rs = &all[s];
		unsigned int n = s == SETS - 1 ? 4 : 6;

		rs->n = (int)rnd(seed, RULES + 1);
		rs->def = (int)(1 + rnd(seed, n));
		if (rs->def == ZPF_ACTION_JUMP && s == SETS - 1)
			rs->def = ZPF_ACTION_CONTINUE;
		fprintf(out, "set firewall ipv4 name N%d default-action %s\n", s,
			actions[rs->def]);
		if (rs->def == ZPF_ACTION_JUMP) {
			rs->def_target = s + 1 + (int)rnd(seed, (unsigned int)(SETS - 1 - s));
			fprintf(out, "set firewall ipv4 name N%d default-jump-target N%d\n",
				s, rs->def_target);
		}
		for (int i = 0; i < rs->n; i++) {
			struct rule *r = &rs->rule[i];

			r->action = (int)(1 + rnd(seed, 6));
			if (r->action == ZPF_ACTION_JUMP && s == SETS - 1)
				r->action = ZPF_ACTION_CONTINUE;
			r->ports = lists[rnd(seed, ARRAY_LEN(lists))];
			r->disabled = !rnd(seed, 8);
			fprintf(out, "set firewall ipv4 name N%d rule %d action %s\n",
				s, i + 1, actions[r->action]);
			if (r->action == ZPF_ACTION_JUMP) {
				r->target = s + 1 + (int)rnd(seed, (unsigned int)(SETS - 1 - s));
				fprintf(out, "set firewall ipv4 name N%d rule %d jump-target N%d\n",
					s, i + 1, r->target);
			}
			if (r->ports)
				fprintf(out, "set firewall ipv4 name N%d rule %d protocol tcp\n"
					"set firewall ipv4 name N%d rule %d destination port %s\n",
					s, i + 1, s, i + 1, r->ports);
			if (r->disabled)
				fprintf(out, "set firewall ipv4 name N%d rule %d disable\n",
					s, i + 1);
		}
	}
	fclose(out);
	return text;
}

static void flat_is_what_jumping_does(void **state)
{
	static struct trace a, b;
	unsigned int seed = 42;

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct ruleset all[SETS] = { 0 };
		char *text = random_text(all, &seed);
		struct job j = { 0 };

		job_text(&j, text);
		if (!job_compile(&j, 0))
			zpf_diag_print(&j.diag, stderr);
		assert_non_null(j.policy);
		assert_int_equal(j.policy->n_tables, 1);
		check_table(&j.policy->tables[0]);
		for (int port = 1; port < PORTS; port++) {
			int want, have;

			a.n = b.n = 0;
			want = naive(all, 0, port, &a);
			have = flat_walk(j.policy, &j.policy->tables[0], port, &b);
			if (want != have || a.n != b.n ||
			    memcmp(a.at, b.at, (size_t)a.n * sizeof(a.at[0])))
				fail_msg("port %d: %d, %d\n%s", port, want, have, text);
		}
		free(text);
		job_end(&j);
	}
}

/* ---- matches ---- */

static const struct zpf_flat_rule *first_rule(struct job *j, const char *text)
{
	job_text(j, text);
	if (!job_compile(j, 0))
		zpf_diag_print(&j->diag, stderr);
	assert_non_null(j->policy);
	return &j->policy->tables[0].rules[0];
}

static void every_match(void **state)
{
	const struct zpf_flat_rule *r;
	struct job j = { 0 };

	(void)state;
	r = first_rule(&j, BASE
		"set firewall group network-group N network 10.0.0.0/8\n"
		"set firewall group network-group N network 11.0.0.0/8\n"
		"set firewall group interface-group I interface eth1\n"
		"set firewall group interface-group I interface 'eth2*'\n"
		R "action accept\n" R "state new\n" R "state related\n"
		R "protocol tcp\n" R "source address '!192.0.2.0/24'\n"
		R "destination group network-group '!N'\n" R "source port 1-1023\n"
		R "destination port 80,443\n" R "inbound-interface group '!I'\n"
		R "outbound-interface name 'ppp*'\n" R "tcp flags syn\n"
		R "tcp flags not ack\n" R "tcp flags not rst\n"
		R "limit rate 5/minute\n" R "log\n" R "log-options group 7\n"
		R "log-options level info\n" R "log-options snapshot-length 64\n"
		R "log-options queue-threshold 3\n");
	assert_int_equal(r->action, ZPF_ACTION_ACCEPT);
	assert_int_equal(r->match, ZPF_FLAT_STATE | ZPF_FLAT_PROTO |
			 ZPF_FLAT_SADDR | ZPF_FLAT_DADDR_SET | ZPF_FLAT_SPORT |
			 ZPF_FLAT_DPORT_SET | ZPF_FLAT_IN_SET | ZPF_FLAT_OUT_SET |
			 ZPF_FLAT_TCP_FLAGS | ZPF_FLAT_LIMIT);
	assert_int_equal(r->not, ZPF_NOT_SADDR | ZPF_NOT_DADDR | ZPF_NOT_IN);
	assert_int_equal(r->state, ZPF_STATE_NEW | ZPF_STATE_RELATED);
	assert_int_equal(r->n_proto, 1);
	assert_int_equal(r->proto[0], 6);
	assert_int_equal(r->saddr4.lo, 0xc0000200);
	assert_int_equal(r->saddr4.hi, 0xc00002ff);
	/* the two networks touch: one range */
	assert_int_equal(j.policy->sets[r->daddr_set].n, 1);
	assert_int_equal(j.policy->sets[r->daddr_set].r4[0].lo, 0x0a000000);
	assert_int_equal(j.policy->sets[r->daddr_set].r4[0].hi, 0x0bffffff);
	assert_int_equal(r->sport.lo, 1);
	assert_int_equal(r->sport.hi, 1023);
	assert_int_equal(j.policy->sets[r->dport_set].n, 2);
	assert_int_equal(j.policy->sets[r->in_set].n, 2);
	assert_string_equal(j.policy->sets[r->out_set].ifname[0], "ppp*");
	assert_int_equal(r->tcp_mask, 2 | 16 | 4);
	assert_int_equal(r->tcp_value, 2);
	assert_true(r->rare->limit_interval_ns == 12000000000ULL);
	assert_int_equal(r->rare->limit_burst, 5);
	assert_true(r->log.on);
	assert_int_equal(r->log.group, 7);
	assert_int_equal(r->log.level, -1);	/* NFLOG has none */
	assert_int_equal(r->log.snaplen, 64);
	assert_int_equal(r->log.qthreshold, 3);
	assert_int_equal(r->where.line, 7);
	job_end(&j);
}

static void ipv6_matches(void **state)
{
	const struct zpf_flat_rule *r;
	struct job j = { 0 };

	(void)state;
	r = first_rule(&j, BASE6 "set firewall group ipv6-address-group G address ::1\n"
		R6 "action drop\n" R6 "protocol icmpv6\n" R6 "icmpv6 type-name no-route\n"
		R6 "source group address-group G\n"
		R6 "destination address 2001:db8::/64\n" R6 "limit rate 1/second\n"
		R6 "limit burst 9\n");
	assert_int_equal(j.policy->tables[0].family, NFPROTO_IPV6);
	assert_int_equal(r->match, ZPF_FLAT_PROTO | ZPF_FLAT_ICMP_TYPE |
			 ZPF_FLAT_ICMP_CODE | ZPF_FLAT_SADDR_SET |
			 ZPF_FLAT_DADDR | ZPF_FLAT_LIMIT);
	assert_int_equal(r->proto[0], 58);
	assert_int_equal(r->icmp_type, 1);
	assert_int_equal(r->icmp_code, 0);
	assert_true(r->daddr6.lo[0] == 0x20010db800000000ULL);
	assert_true(r->daddr6.hi[1] == UINT64_MAX);
	assert_int_equal(r->rare->limit_burst, 9);
	assert_int_equal(j.policy->sets[r->saddr_set].kind, ZPF_SET_IPV6);
	job_end(&j);
}

static void protocol_forms(void **state)
{
	static const struct {
		const char *text;
		uint32_t match, not;
		uint8_t n, a, b;
	} rows[] = {
		{ "all", 0, 0, 0, 0, 0 },
		{ "tcp_udp", ZPF_FLAT_PROTO, 0, 2, 6, 17 },
		{ "!tcp_udp", ZPF_FLAT_PROTO, ZPF_NOT_PROTO, 2, 6, 17 },
		{ "!esp", ZPF_FLAT_PROTO, ZPF_NOT_PROTO, 1, 50, 0 },
		{ "0", ZPF_FLAT_PROTO, 0, 1, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct zpf_flat_rule *r;
		struct job j = { 0 };
		char text[512];

		snprintf(text, sizeof(text), BASE R "action drop\n" R
			 "protocol '%s'\n", rows[i].text);
		r = first_rule(&j, text);
		assert_int_equal(r->match, rows[i].match);
		assert_int_equal(r->not, rows[i].not);
		assert_int_equal(r->n_proto, rows[i].n);
		assert_int_equal(r->proto[0], rows[i].a);
		assert_int_equal(r->proto[1], rows[i].b);
		job_end(&j);
	}
}

static void sets_are_shared(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, BASE
		 "set firewall group port-group P port 80\n"
		 "set firewall group port-group P port 443\n"
		 "set firewall group port-group E description none\n"
		 "set firewall ipv4 name A rule 1 action drop\n"
		 "set firewall ipv4 name A rule 1 protocol tcp\n"
		 "set firewall ipv4 name A rule 1 destination group port-group P\n"
		 "set firewall ipv4 name A rule 2 action drop\n"
		 "set firewall ipv4 name A rule 2 protocol udp\n"
		 "set firewall ipv4 name A rule 2 source port https,http\n"
		 "set firewall ipv4 name A rule 3 action drop\n"
		 "set firewall ipv4 name A rule 3 protocol udp\n"
		 "set firewall ipv4 name A rule 3 source group port-group '!E'\n");
	assert_non_null(job_compile(&j, 0));
	assert_int_equal(j.policy->n_sets, 2);
	assert_int_equal(j.policy->sets[0].n, 2);
	/* an empty group is an empty set: nothing is in it */
	assert_int_equal(j.policy->sets[1].n, 0);
	assert_int_equal(j.policy->tables[0].rules[2].not, ZPF_NOT_SPORT);
	job_end(&j);
}

static void groups_include(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, BASE
		 "set firewall group address-group A include B\n"
		 "set firewall group address-group A include C\n"
		 "set firewall group address-group A address 10.0.0.1\n"
		 "set firewall group address-group B address 10.0.0.2\n"
		 "set firewall group address-group B include C\n"
		 "set firewall group address-group C address 10.0.0.9-10.0.0.10\n"
		 R "action drop\n" R "source group address-group A\n");
	assert_non_null(job_compile(&j, 0));
	assert_int_equal(j.policy->sets[0].n, 2);
	assert_int_equal(j.policy->sets[0].r4[0].lo, 0x0a000001);
	assert_int_equal(j.policy->sets[0].r4[0].hi, 0x0a000002);
	assert_int_equal(j.policy->sets[0].r4[1].hi, 0x0a00000a);
	job_end(&j);
}

/* ---- meaning ---- */

static uint64_t meaning(const char *text)
{
	struct job j = { 0 };
	uint64_t m;

	first_rule(&j, text);
	m = j.policy->tables[0].rows[0].meaning;
	job_end(&j);
	return m;
}

static void meaning_of_a_rule(void **state)
{
	uint64_t m = meaning(BASE R "action accept\n" R "protocol tcp\n" R "destination port 80\n");

	(void)state;
	assert_true(m != 0);
	/* not of it: order, description, logging, the members of a group */
	assert_true(m == meaning(BASE R "destination port 80\n" R "log\n"
				 R "log-options level info\n" R "description x\n"
				 R "protocol tcp\n" R "action accept\n" R "last-used\n"));
	assert_true(m != meaning(BASE R "action drop\n" R "protocol tcp\n"
				 R "destination port 80\n"));
	assert_true(m != meaning(BASE R "action accept\n" R "protocol tcp\n"
				 R "destination port 81\n"));
	assert_true(m != meaning(BASE R "action accept\n" R "protocol tcp\n"
				 R "source port 80\n"));
	m = meaning(BASE "set firewall group port-group P port 80\n" R "action accept\n"
		    R "protocol tcp\n" R "source group port-group P\n");
	assert_true(m == meaning(BASE "set firewall group port-group P port 81\n"
				 R "action accept\n" R "protocol tcp\n"
				 R "source group port-group P\n"));
	/* of a default: its action, not its log */
	m = meaning(BASE "set firewall ipv4 name A default-action drop\n");
	assert_true(m == meaning(BASE "set firewall ipv4 name A default-log\n"));
	assert_true(m != meaning(BASE "set firewall ipv4 name A default-action reject\n"));
}

/* ---- zones ---- */

static void branch_office(void **state)
{
	const struct zpf_policy *p;
	struct job j = { 0 };

	(void)state;
	job_file(&j, CONFIGS "branch-office.set");
	p = job_compile(&j, 0);
	assert_non_null(p);
	for (size_t i = 0; i < p->n_tables; i++)
		check_table(&p->tables[i]);
	assert_int_equal(p->n_zones, 4);
	assert_string_equal(p->zones[0].name, "GUESTS");
	assert_true(p->zones[0].members[0].vrf);
	assert_int_equal(p->zones[0].intra_action, ZPF_ACTION_DROP);
	assert_string_equal(p->zones[1].name, "LAB");
	assert_string_equal(p->tables[p->zones[1].intra_table4].name, "LAB_PEERS");
	assert_int_equal(p->zones[1].intra_table6, ZPF_NO_TABLE);
	assert_string_equal(p->zones[2].name, "OUT");
	assert_int_equal(p->zones[2].default_action, ZPF_ACTION_REJECT);
	assert_true(p->zones[2].default_log);
	assert_string_equal(p->tables[p->zones[2].default_table4].name, "ANYONE");
	assert_string_equal(p->zones[2].members[1].name, "pppoe*");
	assert_int_equal(p->n_pairs, 2);
	assert_int_equal(p->pairs[0].from, 4);
	assert_int_equal(p->pairs[0].to, 3);
	assert_int_equal(p->n_chains, 1);
	assert_int_equal(p->chains[0].hook, ZPF_HOOK_FORWARD);
	assert_string_equal(p->tables[p->chains[0].table].name, "forward filter");
	assert_int_equal(p->established.action, ZPF_ACTION_ACCEPT);
	assert_int_equal(p->invalid.action, ZPF_ACTION_DROP);
	assert_true(p->invalid.log.on);
	assert_false(p->related.log.on);
	job_end(&j);
}

static void only_used_rulesets_are_tables(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, BASE "set firewall ipv4 name A default-action drop\n"
		 "set firewall ipv4 name UNUSED rule 1 action drop\n"
		 "set firewall ipv6 name UNUSED rule 1 action drop\n");
	assert_non_null(job_compile(&j, 0));
	assert_int_equal(j.policy->n_tables, 1);
	assert_int_equal(j.policy->n_rulesets, 3);
	assert_int_equal(j.policy->n_rules, 2);
	job_end(&j);
}

static void options(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, BASE "set firewall ipv4 name A\n"
		 "set firewall global-options log-limit rate 2/second\n"
		 "set firewall global-options log-limit burst 3\n"
		 "set firewall global-options unassigned accept\n"
		 "set firewall global-options neighbour-discovery filter\n"
		 "set firewall global-options router-errors filter\n"
		 "set firewall global-options state-policy related action reject\n"
		 "set firewall global-options state-policy related log\n"
		 "set firewall global-options state-policy related log-level debug\n");
	assert_non_null(job_compile(&j, 0));
	assert_true(j.policy->log_interval_ns == 500000000);
	assert_int_equal(j.policy->log_burst, 3);
	assert_int_equal(j.policy->option_flags, ZPF_OPTION_UNASSIGNED_ACCEPT |
			 ZPF_OPTION_FILTER_ND | ZPF_OPTION_FILTER_ERRORS);
	assert_int_equal(j.policy->related.action, ZPF_ACTION_REJECT);
	assert_int_equal(j.policy->related.log.level, 7);
	assert_int_equal(j.policy->established.action, ZPF_ACTION_UNSPEC);
	job_text(&j, "delete firewall global-options log-limit\n"
		 "set firewall global-options log-limit off\n");
	assert_non_null(job_compile(&j, 0));
	assert_true(j.policy->option_flags & ZPF_OPTION_LOG_UNLIMITED);
	assert_true(!j.policy->log_interval_ns);
	job_end(&j);
}

/* ---- sets whose contents are not the policy's ---- */

static const struct zpf_flat_set *set_named(const struct zpf_policy *p, const char *name,
					    enum zpf_set_kind kind)
{
	for (size_t i = 0; i < p->n_sets; i++)
		if (p->sets[i].name && !strcmp(p->sets[i].name, name) &&
		    p->sets[i].kind == kind)
			return &p->sets[i];
	return NULL;
}

static void named_sets(void **state)
{
	struct job j = { 0 };
	struct zpf_policy *p;
	const struct zpf_flat_rule *r;
	const struct zpf_flat_set *set;

	(void)state;
	job_text(&j, BASE
		 "set firewall group domain-group D address example.com\n"
		 "set firewall group remote-group U url https://example.com/\n"
		 "set firewall group dynamic-group ipv6-address-group Y\n"
		 "set firewall group dynamic-group address-group Y\n"
		 R "action accept\n" R "source geoip country-code DE\n"
		 R "source geoip country-code fr\n" R "source geoip inverse-match\n"
		 R "destination fqdn Www.Example.com\n"
		 R "add-address-to-group destination-address address-group Y\n"
		 R "add-address-to-group destination-address timeout 2h\n"
		 R "recent count 7\n" R "recent time minute\n");
	p = job_compile(&j, 0);
	assert_non_null(p);
	/* both families of what user space fills, used or not */
	static const char *const both[] = { "domain:D", "remote:U", "geoip:de", "geoip:fr",
		"fqdn:www.example.com", "dynamic:Y" };

	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		assert_non_null(set_named(p, both[i], ZPF_SET_IPV4));
		assert_non_null(set_named(p, both[i], ZPF_SET_IPV6));
		assert_int_equal(set_named(p, both[i], ZPF_SET_IPV4)->dynamic,
				 !strncmp(both[i], "dynamic", 7));
	}
	assert_int_equal(p->n_sets, 2 * ARRAY_LEN(both) + 1);
	r = &p->tables[0].rules[0];
	assert_int_equal(r->not, ZPF_NOT_SADDR);
	set = &p->sets[r->saddr_set];
	assert_int_equal(set->n_members, 2);
	assert_ptr_equal(&p->sets[set->members[0]], set_named(p, "geoip:de", ZPF_SET_IPV4));
	assert_ptr_equal(&p->sets[set->members[1]], set_named(p, "geoip:fr", ZPF_SET_IPV4));
	assert_ptr_equal(&p->sets[r->daddr_set],
			 set_named(p, "fqdn:www.example.com", ZPF_SET_IPV4));
	assert_false(r->rare->add[0].on);
	assert_true(r->rare->add[1].on);
	assert_ptr_equal(&p->sets[r->rare->add[1].set], set_named(p, "dynamic:Y", ZPF_SET_IPV4));
	assert_true(r->rare->add[1].for_ns == 7200ULL * 1000000000);
	assert_true(r->match & ZPF_FLAT_RECENT);
	assert_int_equal(r->rare->recent_count, 7);
	assert_true(r->rare->recent_ns == 60ULL * 1000000000);
	job_end(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flat_is_what_jumping_does),
		cmocka_unit_test(every_match),
		cmocka_unit_test(ipv6_matches),
		cmocka_unit_test(protocol_forms),
		cmocka_unit_test(sets_are_shared),
		cmocka_unit_test(groups_include),
		cmocka_unit_test(meaning_of_a_rule),
		cmocka_unit_test(branch_office),
		cmocka_unit_test(only_used_rulesets_are_tables),
		cmocka_unit_test(options),
		cmocka_unit_test(named_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
