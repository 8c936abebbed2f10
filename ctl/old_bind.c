// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rulesets that VyOS 1.3 binds to interfaces become jumps of base chains.
 * Called by old for every statement and by parse at the end of a text.
 *
 * In and out bindings judged a forwarded packet in turn: `accept` ended the
 * one and left the packet to the other. An accept of what a base chain jumps
 * to is final. So where a family has both, rulesets that are bound say
 * `return` instead, and the packet is left to the jump of the other:
 *
 *	forward filter rule 5	in by eth0	jump A	A: accept -> return
 *	forward filter rule 10	out by eth1	jump B	B: accept -> return
 *	default-action accept
 *
 * Nothing is accepted by that which was not before: every packet meets the
 * same rules, and more of them.
 */
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "model.h"

/* `interfaces ethernet eth1 vif 10 firewall in name N`: the interface's name */
static const char *binding_ifname(struct zpf_load *ld,
				  const struct zpf_stmt *st, size_t fw)
{
	const char *name = st->w[2].text;

	for (size_t i = 3; i + 1 < fw; i += 2) {
		const char *word = st->w[i].text;

		if (!strncmp(word, "vif", 3))
			name = zpf_arena_printf(&ld->scratch, "%s.%s", name,
						st->w[i + 1].text);
		else if (!strcmp(word, "pppoe"))
			name = zpf_arena_printf(&ld->scratch, "pppoe%s",
						st->w[i + 1].text);
	}
	return name;
}

static struct zpf_node *only_kid(const struct zpf_node *n)
{
	return zpf_tree_count(n) == 1 ? zpf_tree_first(n) : NULL;
}

/*
 * struct binding - a ruleset bound to an interface
 * @fam: ZPF_FAM4 or ZPF_FAM6
 * @forward: `in` or `out`, not `local`
 * @chain: base chain it becomes a jump of
 * @option: the match of that jump
 */
struct binding {
	int fam;
	bool forward;
	const char *chain, *option;
	const char *ifname, *ruleset;
};

/* Read DIR name|ipv6-name RULESET from word @at_dir on. */
static enum zpf_old_result read_binding(struct zpf_load *ld,
					struct zpf_stmt *st, size_t *at,
					size_t at_dir, struct binding *b)
{
	const char *dir, *kind;

	if (st->n < at_dir + 3)
		return zpf_old_fail(ld, st, at, st->n - 1, st->del ?
			    "name the ruleset that is to be unbound" :
			    "a binding is: in, out or local, then name or ipv6-name and a ruleset");
	dir = st->w[at_dir].text;
	kind = st->w[at_dir + 1].text;
	if (strcmp(dir, "in") && strcmp(dir, "out") && strcmp(dir, "local"))
		return zpf_old_fail(ld, st, at, at_dir,
			    "unknown word; expected one of in, out, local");
	if (strcmp(kind, "name") && strcmp(kind, "ipv6-name"))
		return zpf_old_fail(ld, st, at, at_dir + 1,
			    "unknown word; expected one of name, ipv6-name");
	if (st->n > at_dir + 3)
		return zpf_old_fail(ld, st, at, at_dir + 3,
			    "unexpected word after the ruleset's name");
	b->ruleset = st->w[at_dir + 2].text;
	b->fam = strcmp(kind, "name") ? ZPF_FAM6 : ZPF_FAM4;
	b->forward = strcmp(dir, "local");
	b->chain = b->forward ? "forward" : "input";
	b->option = strcmp(dir, "out") ? "inbound-interface" :
		"outbound-interface";
	return ZPF_OLD_GO_ON;
}

/* Whether a rule is what a binding becomes; NULL names stand for any. */
static bool is_binding(const struct zpf_node *rule, const char *option,
		       const char *ifname, const char *ruleset)
{
	struct zpf_node *target, *name;

	if (zpf_tree_count(rule) != 3 || !zpf_tree_get(rule, "action jump"))
		return false;
	target = only_kid(zpf_tree_find(rule, "jump-target"));
	name = only_kid(zpf_tree_get(zpf_tree_find(rule, option), "name"));
	return target && name && (!ruleset || !strcmp(target->name, ruleset)) &&
		(!ifname || !strcmp(name->name, ifname));
}

/* Load `firewall FAM CHAIN filter rule NUMBER A [B] VALUE`. */
static void load_option(struct zpf_load *ld, const struct zpf_stmt *from,
			const struct binding *b, unsigned long number,
			const char *const option[3])
{
	const char *words[] = { "firewall", zpf_model_family_word(b->fam),
		b->chain, "filter", "rule",
		zpf_arena_printf(&ld->scratch, "%lu", number),
		option[0], option[1], option[2] };
	struct zpf_stmt st = { 0 };

	while (st.n < 9 && words[st.n]) {
		st.w[st.n] = from->w[from->n - 1];
		st.w[st.n].text = words[st.n];
		st.n++;
	}
	zpf_load_canonical(ld, &st);
}

static enum zpf_old_result load_binding(struct zpf_load *ld,
					struct zpf_stmt *st, size_t *at,
					const char *ifname, size_t at_dir)
{
	struct binding b = { .ifname = ifname };
	const struct zpf_node *rules;
	enum zpf_old_result ret;
	unsigned long last = 0;

	ret = read_binding(ld, st, at, at_dir, &b);
	if (ret != ZPF_OLD_GO_ON)
		return ret;
	rules = zpf_tree_get(ld->root, zpf_arena_printf(&ld->scratch,
			     "firewall %s %s filter rule",
			     zpf_model_family_word(b.fam), b.chain));
	zpf_tree_for_each(rule, rules) {
		unsigned long number = strtoul(rule->name, NULL, 10);

		if (number > last)
			last = number;
		if (!is_binding(rule, b.option, ifname, b.ruleset))
			continue;
		if (st->del)
			zpf_load_remove(rule);
		return ZPF_OLD_DONE;
	}
	if (st->del) {
		zpf_load_say(ld, ZPF_DIAG_WARNING, st, st->n - 1,
			     "nothing to delete: %s is not bound to %s",
			     b.ruleset, ifname);
		return ZPF_OLD_DONE;
	}
	if (b.forward)
		zpf_old_seen(ld, b.fam, st);
	last = (last / 5 + 1) * 5;
	load_option(ld, st, &b, last, (const char *[]){ "action", "jump", NULL });
	load_option(ld, st, &b, last,
		    (const char *[]){ "jump-target", b.ruleset, NULL });
	load_option(ld, st, &b, last,
		    (const char *[]){ b.option, "name", ifname });
	return ZPF_OLD_DONE;
}

/**
 * zpf_old_binding() - turn a binding into a jump of a base chain
 * @ld: the text
 * @st: the statement
 * @at: gets the word an error is about
 *
 * Return: &enum zpf_old_result; ZPF_OLD_GO_ON where it is no binding
 */
enum zpf_old_result zpf_old_binding(struct zpf_load *ld, struct zpf_stmt *st,
				    size_t *at)
{
	size_t i = 3;

	/* firewall interface X in name N */
	if (!strcmp(st->w[0].text, "firewall")) {
		if (st->n < 3 || strcmp(st->w[1].text, "interface"))
			return ZPF_OLD_GO_ON;
		return load_binding(ld, st, at, st->w[2].text, 3);
	}
	if (strcmp(st->w[0].text, "interfaces"))
		return ZPF_OLD_GO_ON;
	/* only interfaces inside it stand between: a value may be any word */
	while (i + 1 < st->n && (!strncmp(st->w[i].text, "vif", 3) ||
				 !strcmp(st->w[i].text, "pppoe")))
		i += 2;
	if (i >= st->n || strcmp(st->w[i].text, "firewall"))
		return ZPF_OLD_GO_ON;
	return load_binding(ld, st, at, binding_ifname(ld, st, i), i + 1);
}

/* ---- in and out together ---- */

/**
 * zpf_old_seen() - note that a text speaks of rulesets as 1.3 did
 * @ld: the text
 * @fam: ZPF_FAM4 or ZPF_FAM6
 * @st: the statement
 */
void zpf_old_seen(struct zpf_load *ld, int fam, const struct zpf_stmt *st)
{
	const struct zpf_stmt_word *w = &st->w[st->n - 1];

	ld->old[fam] = (struct zpf_where){ ld->file, w->line, w->col };
}

static struct zpf_node *find_ruleset(struct zpf_load *ld, int fam,
				     const char *name)
{
	return zpf_tree_find(zpf_tree_get(ld->root, zpf_arena_printf(&ld->scratch,
			     "firewall %s name", zpf_model_family_word(fam))),
			     name);
}

/* A value of `action` or `default-action`. */
static bool rewrite_accept(struct zpf_load *ld, struct zpf_node *action)
{
	struct zpf_node *value = zpf_tree_find(action, "accept");
	struct zpf_where where;

	if (!value)
		return false;
	where = zpf_tree_where(value);
	zpf_tree_remove(value);
	zpf_tree_add(ld->arena, action, "return", value->schema, true, &where);
	return true;
}

static bool rewrite_ruleset(struct zpf_load *ld, struct zpf_node *rs)
{
	bool any = rewrite_accept(ld, zpf_tree_find(rs, "default-action"));

	zpf_tree_for_each(rule, zpf_tree_find(rs, "rule"))
		any |= rewrite_accept(ld, zpf_tree_find(rule, "action"));
	return any;
}

/*
 * Where a jump leads into a bound ruleset or out of it, `return` would not be
 * an accept: it goes back to the ruleset the jump stands in.
 */
static const struct zpf_node *jump_in_the_way(const struct zpf_node *rulesets,
					      const char *bound)
{
	zpf_tree_for_each(rs, rulesets) {
		const struct zpf_node *to = zpf_tree_find(rs, "default-jump-target");

		if (to && (!strcmp(rs->name, bound) || zpf_tree_find(to, bound)))
			return zpf_tree_count(to) ? zpf_tree_first(to) : to;
		zpf_tree_for_each(rule, zpf_tree_find(rs, "rule")) {
			to = zpf_tree_find(rule, "jump-target");
			if (to && (!strcmp(rs->name, bound) ||
				   zpf_tree_find(to, bound)))
				return zpf_tree_count(to) ? zpf_tree_first(to) : to;
		}
	}
	return NULL;
}

static void both_ways(struct zpf_load *ld, int fam, const struct zpf_node *rules)
{
	const struct zpf_node *names, *jump;
	const char *list = "";

	names = zpf_tree_get(ld->root, zpf_arena_printf(&ld->scratch,
			     "firewall %s name", zpf_model_family_word(fam)));
	zpf_tree_for_each(rule, rules) {
		struct zpf_node *rs;
		const char *name;

		if (!is_binding(rule, "inbound-interface", NULL, NULL) &&
		    !is_binding(rule, "outbound-interface", NULL, NULL))
			continue;
		name = only_kid(zpf_tree_find(rule, "jump-target"))->name;
		jump = jump_in_the_way(names, name);
		if (jump) {
			struct zpf_where where = zpf_tree_where(jump);

			zpf_diag_add(ld->diag, ZPF_DIAG_ERROR, &where,
				     zpf_tree_path(&ld->scratch, jump),
				     "%s is bound to an interface where in and out bindings judge in turn: no jump may lead into it or out of it; write them as zones",
				     name);
			return;
		}
		rs = find_ruleset(ld, fam, name);
		if (rs && rewrite_ruleset(ld, rs))
			list = zpf_arena_printf(&ld->scratch, "%s%s%s", list,
						*list ? ", " : "", name);
	}
	if (*list)
		zpf_diag_add(ld->diag, ZPF_DIAG_WARNING, &ld->old[fam],
			     zpf_arena_printf(&ld->scratch, "firewall %s forward filter",
					      zpf_model_family_word(fam)),
			     "in and out bindings judge a packet in turn: accept is written as return in %s",
			     list);
}

/**
 * zpf_old_finish() - at the end of a text, let in and out bindings judge both
 * @ld: the text
 */
void zpf_old_finish(struct zpf_load *ld)
{
	for (int fam = 0; fam < ZPF_FAMS; fam++) {
		const struct zpf_node *rules;
		bool in = false, out = false;

		if (!ld->old[fam].line)
			continue;
		rules = zpf_tree_get(ld->root, zpf_arena_printf(&ld->scratch,
				     "firewall %s forward filter rule",
				     zpf_model_family_word(fam)));
		zpf_tree_for_each(rule, rules) {
			in |= is_binding(rule, "inbound-interface", NULL, NULL);
			out |= is_binding(rule, "outbound-interface", NULL, NULL);
		}
		if (in && out)
			both_ways(ld, fam, rules);
	}
}
