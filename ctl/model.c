// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the tree into the typed model: the schema says which field of which
 * object a statement is, so there is no statement named here that has one.
 * Refuses only what it cannot read (statements not enforced yet, names that
 * are nothing); what does not fit together is for the check_* files. Called by
 * config.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter.h>

#include "model.h"
#include "schema.h"

/** zpf_model_family() - NFPROTO_* of ZPF_FAM4 or ZPF_FAM6 */
uint8_t zpf_model_family(int fam)
{
	return fam == ZPF_FAM6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
}

/** zpf_model_family_word() - the keyword of a family: "ipv4" or "ipv6" */
const char *zpf_model_family_word(int fam)
{
	return fam == ZPF_FAM6 ? "ipv6" : "ipv4";
}

static const char *const group_words[] = {
	[ZPF_GROUP_ADDRESS] = "address-group",
	[ZPF_GROUP_NETWORK] = "network-group",
	[ZPF_GROUP_ADDRESS6] = "ipv6-address-group",
	[ZPF_GROUP_NETWORK6] = "ipv6-network-group",
	[ZPF_GROUP_PORT] = "port-group",
	[ZPF_GROUP_INTERFACE] = "interface-group",
	[ZPF_GROUP_MAC] = "mac-group",
	[ZPF_GROUP_DOMAIN] = "domain-group",
	[ZPF_GROUP_REMOTE] = "remote-group",
	[ZPF_GROUP_DYNAMIC] = "dynamic-group address-group",
	[ZPF_GROUP_DYNAMIC6] = "dynamic-group ipv6-address-group",
};
_Static_assert(sizeof(group_words) / sizeof(group_words[0]) == ZPF_GROUP_KINDS,
	       "every kind of group has its keyword");

/** zpf_model_group_word() - the keyword of a kind of group */
const char *zpf_model_group_word(enum zpf_group_kind kind)
{
	return group_words[kind];
}

/**
 * zpf_model_say() - add a finding about a node
 * @m: the model
 * @severity: error or warning
 * @at: the node; NULL: about the whole
 * @fmt: the message
 */
void zpf_model_say(const struct zpf_model *m, enum zpf_severity severity,
		   const struct zpf_node *at, const char *fmt, ...)
{
	struct zpf_where where = { 0 };
	char *msg = NULL;
	va_list ap;

	if (at)
		where = zpf_tree_where(at);
	va_start(ap, fmt);
	if (vasprintf(&msg, fmt, ap) < 0)
		msg = NULL;
	va_end(ap);
	zpf_diag_add(m->diag, severity, &where,
		     zpf_tree_path(m->arena, at), "%s", msg ? msg : fmt);
	free(msg);
}

/** zpf_rule_live() - whether a rule is enforced: not disabled, not left out */
bool zpf_rule_live(const struct zpf_rule *r)
{
	return !r->disable.node && !r->skip;
}

const struct zpf_rare zpf_rare_none;
const struct zpf_side zpf_side_none = { .rare = &zpf_rare_none.source };

/* What is being read: the object, and the rule where it is one. */
struct reader {
	struct zpf_model *m;
	char *obj;
	struct zpf_rule *rule;
	struct zpf_side *side[2];	/* its own, once it has them */
	struct zpf_rare *rare;		/* the same */
	const char *ruleset;	/* name, for messages about @rule */
	uint8_t family;
	bool broken;
};

static void unenforced(struct reader *rd, const struct zpf_node *n)
{
	const struct zpf_node *top = rd->rule ? rd->rule->node :
		rd->m->firewall;
	const char *path = zpf_tree_path(rd->m->arena, n);

	rd->m->unenforced = true;
	path += strlen(zpf_tree_path(rd->m->arena, top)) + 1;
	if (!(rd->m->flags & ZPF_COMPILE_SKIP_UNENFORCED)) {
		if (!rd->rule || !zpf_tree_find(rd->rule->node, "disable"))
			zpf_error(rd->m, n, "known but not enforced yet: %s",
				  path);
		return;
	}
	if (!rd->rule) {
		zpf_warn(rd->m, n, "left out, not enforced yet: %s", path);
		return;
	}
	rd->rule->skip = true;
	if (!zpf_tree_find(rd->rule->node, "disable"))
		zpf_warn(rd->m, n, "rule %u of %s is left out, because %s is not enforced yet: its packets go on to the rules after it",
			 rd->rule->number, rd->ruleset, path);
}

/* What a rule has no statement of stands at what no rule has any of. */
static struct zpf_side *side_of(struct reader *rd, bool dst)
{
	const struct zpf_side **at = dst ? &rd->rule->destination :
					   &rd->rule->source;
	const struct zpf_rare *rare = rd->rule->rare;

	if (!rd->side[dst]) {
		rd->side[dst] = zpf_arena_alloc(rd->m->arena, sizeof(**at));
		rd->side[dst]->rare = dst ? &rare->destination : &rare->source;
		*at = rd->side[dst];
	}
	return rd->side[dst];
}

static struct zpf_rare *rare_of(struct reader *rd)
{
	if (!rd->rare) {
		rd->rare = zpf_arena_alloc(rd->m->arena, sizeof(*rd->rare));
		rd->rare->node = rd->rule->node;
		rd->rule->rare = rd->rare;
		side_of(rd, false)->rare = &rd->rare->source;
		side_of(rd, true)->rare = &rd->rare->destination;
	}
	return rd->rare;
}

/* The record a statement has its field in, made when it is first needed. */
static char *part_of(struct reader *rd, enum zpf_part part)
{
	switch (part) {
	case ZPF_PART_SOURCE:
	case ZPF_PART_DESTINATION:
		return (char *)side_of(rd, part == ZPF_PART_DESTINATION);
	case ZPF_PART_RARE:
		return (char *)rare_of(rd);
	case ZPF_PART_WHOLE:
		break;
	}
	return rd->obj;
}

static void read_values(struct reader *rd, const struct zpf_node *n)
{
	const struct zpf_schema *s = n->schema;
	struct zpf_value_ctx ctx = { .arena = rd->m->arena };
	const struct zpf_node **node;

	if (n->broken)
		return;
	node = (void *)(part_of(rd, s->row->part) + s->row->field);
	zpf_schema_ctx(s, rd->family, &ctx);
	if (s->kind == ZPF_KIND_FLAG || s->kind == ZPF_KIND_SELF) {
		zpf_value_parse(s->kind, &ctx, n->name, node);
		*node = n;
		return;
	}
	zpf_tree_for_each(v, n) {
		if (s->row->words) {
			const struct zpf_word *w;

			w = zpf_word_find(s->row->words, v->name);
			if (w && w->unenforced)
				unenforced(rd, v);
		}
		if (zpf_value_parse(s->kind, &ctx, v->name, node) < 0) {
			zpf_error(rd->m, v, "%s", ctx.err);
			rd->broken = true;
		}
		*node = v;
	}
}

static void read_object(struct reader *rd, const struct zpf_node *n)
{
	zpf_tree_for_each(kid, n) {
		const struct zpf_schema *s = kid->schema;

		if (kid->broken)
			rd->broken = true;
		if (s->flags & ZPF_S_UNENFORCED) {
			unenforced(rd, kid);
		} else if (s->row && s->row->field) {
			read_values(rd, kid);
			if (s->n_kids)
				read_object(rd, kid);
		} else if (s->instance_of) {
			zpf_tree_for_each(i, kid)
				if (i->schema->flags & ZPF_S_UNENFORCED)
					unenforced(rd, i);
				else if (!i->schema->row || !i->schema->row->sub)
					read_object(rd, i);
		} else if (!(s->row && s->row->sub) && !zpf_schema_leaf(s)) {
			read_object(rd, kid);
		}
	}
}

static void read_rule(struct zpf_model *m, struct zpf_ruleset *rs,
		      struct zpf_rule *r, const struct zpf_node *n)
{
	struct reader rd = { .m = m, .obj = (char *)r, .rule = r,
		.ruleset = rs->name, .family = zpf_model_family(rs->fam) };

	r->node = n;
	r->number = (uint32_t)strtoul(n->name, NULL, 10);
	r->row_of = UINT32_MAX;
	r->source = r->destination = &zpf_side_none;
	r->rare = &zpf_rare_none;
	read_object(&rd, n);
	r->broken = rd.broken || n->broken;
}

static void read_ruleset(struct zpf_model *m, struct zpf_ruleset *rs,
			 const struct zpf_node *n, int fam, const char *name)
{
	struct reader rd = { .m = m, .obj = (char *)rs,
		.family = zpf_model_family(fam) };
	struct zpf_node **rules;

	rs->node = n;
	rs->name = name;
	rs->fam = fam;
	rs->table = ZPF_NO_TABLE;
	rs->row_of = UINT32_MAX;
	read_object(&rd, n);
	rs->broken = rd.broken || n->broken;
	rules = zpf_tree_sorted(m->arena, zpf_tree_find(n, "rule"),
				&rs->n_rules);
	rs->rules = zpf_arena_alloc(m->arena,
				    rs->n_rules * sizeof(*rs->rules));
	for (size_t i = 0; i < rs->n_rules; i++)
		read_rule(m, rs, &rs->rules[i], rules[i]);
}

static void read_rulesets(struct zpf_model *m, int fam)
{
	static const struct {
		const char *path, *name;
		enum zpf_hook hook;
	} chains[ZPF_CHAINS] = {
		{ "forward filter", "forward filter", ZPF_HOOK_FORWARD },
		{ "input filter", "input filter", ZPF_HOOK_INPUT },
		{ "output filter", "output filter", ZPF_HOOK_OUTPUT },
	};
	const struct zpf_node *family, *n;
	struct zpf_node **sorted;

	family = zpf_tree_find(m->firewall, zpf_model_family_word(fam));
	sorted = zpf_tree_sorted(m->arena, zpf_tree_find(family, "name"),
				 &m->n_rulesets[fam]);
	m->rulesets[fam] = zpf_arena_alloc(m->arena, m->n_rulesets[fam] *
					   sizeof(struct zpf_ruleset));
	for (size_t i = 0; i < m->n_rulesets[fam]; i++)
		read_ruleset(m, &m->rulesets[fam][i], sorted[i], fam,
			     sorted[i]->name);
	for (int c = 0; c < ZPF_CHAINS; c++) {
		n = zpf_tree_get(family, chains[c].path);
		if (!n)
			continue;
		m->chains[fam][c] = zpf_arena_alloc(m->arena,
						    sizeof(struct zpf_ruleset));
		m->chains[fam][c]->hook = chains[c].hook;
		read_ruleset(m, m->chains[fam][c], n, fam, chains[c].name);
	}
}

static void read_groups(struct zpf_model *m)
{
	const struct zpf_node *top = zpf_tree_find(m->firewall, "group");
	size_t n = 0, count;

	for (int k = 0; k < ZPF_GROUP_KINDS; k++)
		n += zpf_tree_count(zpf_tree_get(top, group_words[k]));
	m->groups = zpf_arena_alloc(m->arena, n * sizeof(*m->groups));
	for (int k = 0; k < ZPF_GROUP_KINDS; k++) {
		struct zpf_node **sorted;

		m->first_group[k] = m->n_groups;
		sorted = zpf_tree_sorted(m->arena, zpf_tree_get(top,
					 group_words[k]), &count);
		for (size_t i = 0; i < count; i++) {
			struct zpf_group *g = &m->groups[m->n_groups++];
			struct reader rd = { .m = m, .obj = (char *)g };

			g->node = sorted[i];
			g->kind = (enum zpf_group_kind)k;
			g->name = sorted[i]->name;
			g->set = ZPF_NO_TABLE;
			read_object(&rd, g->node);
			g->broken = rd.broken || g->node->broken;
		}
	}
	m->first_group[ZPF_GROUP_KINDS] = m->n_groups;
}

static void read_members(struct zpf_model *m, struct zpf_zone *z)
{
	static const char *const kinds[] = { "interface", "vrf" };
	const struct zpf_node *top = zpf_tree_find(z->node, "member");

	for (int vrf = 0; vrf < 2; vrf++) {
		struct zpf_node **sorted;
		size_t n;

		sorted = zpf_tree_sorted(m->arena,
					 zpf_tree_find(top, kinds[vrf]), &n);
		for (size_t i = 0; i < n; i++) {
			struct zpf_member mb = { .node = sorted[i],
				.name = sorted[i]->name, .vrf = vrf };

			ZPF_PUSH(m->arena, z->members, z->n_members, mb);
		}
	}
}

static void read_from(struct zpf_model *m, struct zpf_zone *z)
{
	static const char *const words[ZPF_FAMS] = {
		"firewall name", "firewall ipv6-name"
	};
	struct zpf_node **sorted;

	sorted = zpf_tree_sorted(m->arena, zpf_tree_find(z->node, "from"),
				 &z->n_from);
	z->from = zpf_arena_alloc(m->arena, z->n_from * sizeof(*z->from));
	for (size_t i = 0; i < z->n_from; i++) {
		z->from[i].node = sorted[i];
		for (int f = 0; f < ZPF_FAMS; f++)
			z->from[i].bind[f].node =
				zpf_tree_first(zpf_tree_get(sorted[i],
							    words[f]));
		z->broken |= sorted[i]->broken;
	}
}

static void read_zones(struct zpf_model *m)
{
	struct zpf_node **sorted;

	sorted = zpf_tree_sorted(m->arena, zpf_tree_find(m->firewall, "zone"),
				 &m->n_zones);
	m->zones = zpf_arena_alloc(m->arena, m->n_zones * sizeof(*m->zones));
	for (size_t i = 0; i < m->n_zones; i++) {
		struct zpf_zone *z = &m->zones[i];
		struct reader rd = { .m = m, .obj = (char *)z };

		z->node = sorted[i];
		z->name = sorted[i]->name;
		z->id = (uint32_t)i + 1;
		read_object(&rd, z->node);
		z->broken = rd.broken || z->node->broken;
		read_members(m, z);
		read_from(m, z);
	}
}

static int cmp_ruleset(const void *key, const void *obj)
{
	return zpf_tree_natcmp(key, ((const struct zpf_ruleset *)obj)->name);
}

static int cmp_group(const void *key, const void *obj)
{
	return zpf_tree_natcmp(key, ((const struct zpf_group *)obj)->name);
}

static int cmp_zone(const void *key, const void *obj)
{
	return zpf_tree_natcmp(key, ((const struct zpf_zone *)obj)->name);
}

/** zpf_model_ruleset() - ruleset of a name; NULL where there is none */
struct zpf_ruleset *zpf_model_ruleset(const struct zpf_model *m, int fam,
				      const char *name)
{
	return bsearch(name, m->rulesets[fam], m->n_rulesets[fam],
		       sizeof(struct zpf_ruleset), cmp_ruleset);
}

/** zpf_model_group() - group of a kind and name; NULL where there is none */
struct zpf_group *zpf_model_group(const struct zpf_model *m,
				  enum zpf_group_kind kind, const char *name)
{
	size_t first = m->first_group[kind];

	return bsearch(name, m->groups + first,
		       m->first_group[kind + 1] - first,
		       sizeof(struct zpf_group), cmp_group);
}

/** zpf_model_zone() - zone of a name; NULL where there is none */
struct zpf_zone *zpf_model_zone(const struct zpf_model *m, const char *name)
{
	return bsearch(name, m->zones, m->n_zones, sizeof(struct zpf_zone),
		       cmp_zone);
}

static struct zpf_ruleset *ruleset_ref(struct zpf_model *m, int fam,
				       const struct zpf_node *n)
{
	struct zpf_ruleset *rs;

	if (!n)
		return NULL;
	rs = zpf_model_ruleset(m, fam, n->name);
	if (!rs)
		zpf_error(m, n, "there is no %s ruleset %s",
			  zpf_model_family_word(fam), n->name);
	else
		rs->used = true;
	return rs;
}

/* Names to objects, now that all are known. */
static void link_names(struct zpf_model *m)
{
	zpf_for_each_ruleset(m, rs) {
		rs->default_target = ruleset_ref(m, rs->fam,
						 rs->default_jump.node);
		for (size_t i = 0; i < rs->n_rules; i++)
			rs->rules[i].target =
				ruleset_ref(m, rs->fam,
					    rs->rules[i].jump_target.node);
	}
	for (size_t i = 0; i < m->n_zones; i++) {
		struct zpf_zone *z = &m->zones[i];

		for (size_t j = 0; j < z->n_from; j++) {
			struct zpf_from *f = &z->from[j];

			f->zone = zpf_model_zone(m, f->node->name);
			if (!f->zone)
				zpf_error(m, f->node, "there is no zone %s",
					  f->node->name);
			for (int fam = 0; fam < ZPF_FAMS; fam++)
				f->bind[fam].ruleset =
					ruleset_ref(m, fam, f->bind[fam].node);
		}
		for (int fam = 0; fam < ZPF_FAMS; fam++) {
			z->default_set[fam] =
				ruleset_ref(m, fam, z->default_name[fam].node);
			z->intra_set[fam] =
				ruleset_ref(m, fam, z->intra_name[fam].node);
		}
	}
}

/**
 * zpf_model_build() - read a tree
 * @arena: where the model will live
 * @root: root of the tree
 * @flags: &enum zpf_compile_flags
 * @diag: gets the findings
 *
 * Return: the model, also where there were errors
 */
struct zpf_model *zpf_model_build(struct zpf_arena *arena,
				  const struct zpf_node *root,
				  unsigned int flags, struct zpf_diag *diag)
{
	struct zpf_model *m = zpf_arena_alloc(arena, sizeof(*m));
	struct reader rd = { .m = m, .obj = (char *)&m->options };

	m->arena = arena;
	m->diag = diag;
	m->flags = flags;
	m->firewall = zpf_tree_find(root, "firewall");
	m->options.node = m->firewall;
	read_object(&rd, m->firewall);
	read_groups(m);
	for (int fam = 0; fam < ZPF_FAMS; fam++)
		read_rulesets(m, fam);
	read_zones(m);
	link_names(m);
	return m;
}
