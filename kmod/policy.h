/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A generation: everything compiled from one configuration. The transaction
 * fills it object by object; zpf_gen_build() turns it into what the packet
 * path reads. From then on it never changes, and it is freed whole.
 */
#ifndef ZPF_POLICY_H
#define ZPF_POLICY_H

#include <linux/hashtable.h>
#include <linux/refcount.h>
#include <linux/stringhash.h>
#include <net/netfilter/nf_log.h>
#include "clock.h"
#include "count.h"
#include "keep.h"
#include "table.h"

struct zpf_net;

#define ZPF_NO_TABLE	U32_MAX

/* Zone indices: 0 is "in no zone", then the zones by id, then two more. */
#define ZPF_ZONE_NONE	0

/* Families and hooks as array indices. */
enum { ZPF_V4, ZPF_V6, ZPF_N_FAMILIES };
enum { ZPF_IN, ZPF_FWD, ZPF_OUT, ZPF_N_HOOKS };

static inline unsigned int zpf_fam_idx(u8 nfproto)
{
	return nfproto == NFPROTO_IPV4 ? ZPF_V4 : ZPF_V6;
}

static inline u8 zpf_fam_proto(unsigned int fam)
{
	return fam == ZPF_V4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
}

/**
 * struct zpf_member - what brings an interface into a zone
 * @node: in zpf_gen.members
 * @name: name, prefix with trailing '*', or VRF name
 * @vrf: @name is a VRF
 * @zone: id of the zone
 * @pos: position in the zone
 */
struct zpf_member {
	struct hlist_node node;
	char name[ZPF_IF_NAME_MAX + 1];
	bool vrf;
	u16 zone;
	u16 pos;
};

/**
 * struct zpf_zone - a zone of the policy
 * @name: name
 * @flags: &enum zpf_zone_flags
 * @default_action: ZPF_ACTION_DROP or ZPF_ACTION_REJECT
 * @intra_action: ZPF_ACTION_ACCEPT or ZPF_ACTION_DROP
 * @default_table: by family, ZPF_NO_TABLE: none
 * @intra_table: by family, ZPF_NO_TABLE: none
 * @n_members: length of @members
 * @members: the members
 */
struct zpf_zone {
	char name[ZPF_ZONE_NAME_MAX + 1];
	u32 flags;
	u8 default_action;
	u8 intra_action;
	u32 default_table[ZPF_N_FAMILIES];
	u32 intra_table[ZPF_N_FAMILIES];
	u32 n_members;
	struct zpf_member *members;
};

/**
 * struct zpf_bind - a PAIR_ADD
 * @from: zone id
 * @to: zone id
 * @fam: ZPF_V4 or ZPF_V6
 * @table: table
 */
struct zpf_bind {
	u16 from;
	u16 to;
	u32 fam;
	u32 table;
};

/**
 * struct zpf_site - a place that logs
 * @keep: its bucket and statistics
 * @copy: an earlier site of the generation has the same bucket
 * @li: what the netfilter logger is told
 */
struct zpf_site {
	struct zpf_keep *keep;
	bool copy;
	struct nf_loginfo li;
};

/**
 * struct zpf_limit - the `limit` and the `recent` of a rule
 * @keep: bucket of `limit`, or NULL
 * @rate: its parameters
 * @burst: as asked for
 * @recent: buckets of `recent`, or NULL
 * @per_source: parameters of each of them
 * @recent_count: as asked for
 * @recent_ns: likewise
 */
struct zpf_limit {
	struct zpf_keep *keep;
	struct zpf_rate rate;
	u32 burst;
	struct zpf_keep *recent;
	struct zpf_rate per_source;
	u32 recent_count;
	u64 recent_ns;
};

/* What a cell of the matrix is about, besides &enum zpf_reason. */
#define ZPF_CELL_TABLE		0	/* a table judges */
#define ZPF_CELL_UNFILTERED	100	/* zones have no say */
#define ZPF_CELL_EXEMPT		101	/* accepted untouched */

/**
 * struct zpf_cell - one (from, to, family) of the matrix, one cache line
 * @fast: ctinfo values (a bit each) that are accepted without looking further
 * @judged: this hook is judged at all: chain, state policy or zones
 * @action: &enum zpf_action where @table is NULL
 * @reason: ZPF_CELL_* or &enum zpf_reason
 * @from: zone index
 * @to: zone index
 * @row0: first counter in zpf_gen.ctrs; U32_MAX: none
 * @site: log site plus 1 where @table is NULL, 0: does not log
 * @from_name: number of the zone's name in the drop ledger
 * @to_name: the same
 * @table: the table that judges, or NULL
 * @fast_ctr: counters to bump, by class (0 established, 1 related); a NULL
 *	ends the list
 */
struct zpf_cell {
	u8 fast;
	u8 judged;
	u8 action;
	u8 reason;
	u16 from;
	u16 to;
	u32 row0;
	u32 site;
	u32 from_name;
	u32 to_name;
	const struct zpf_table *table;
	struct zpf_counter __percpu *fast_ctr[2][2];
} ____cacheline_aligned;

/**
 * struct zpf_chain - a base chain
 * @table: its table, or NULL
 * @table_id: id of the table, ZPF_NO_TABLE: none
 * @row0: first counter in zpf_gen.ctrs
 */
struct zpf_chain {
	const struct zpf_table *table;
	u32 table_id;
	u32 row0;
};

enum { ZPF_SP_ESTABLISHED, ZPF_SP_RELATED, ZPF_SP_INVALID, ZPF_N_SP };

/**
 * struct zpf_state_policy - one state of the global state policy
 * @action: &enum zpf_action, UNSPEC: not set
 * @log: log these packets
 * @site: log site plus 1, 0: does not log
 * @row0: its counter in zpf_gen.ctrs
 * @li: how it logs
 */
struct zpf_state_policy {
	u8 action;
	bool log;
	u32 site;
	u32 row0;
	struct nf_loginfo li;
};

/**
 * struct zpf_gen - a generation
 * @option_flags: &enum zpf_option_flags
 * @has_options: OPTIONS_SET was seen
 * @log_rate: bucket of every log site; interval 0: unlimited
 * @sets: the sets, by id
 * @sites: the log sites
 * @ctrs: the counters
 * @zone_names: their numbers in the drop ledger, by zone index
 * @limits: the limits
 * @chains: base chains, by hook and family
 * @sp: global state policy
 * @clock: what the clocks show
 * @refs: users: the transaction, or live snapshots
 * @id: number, from 1 per namespace; 0 until it is published
 * @zn: its namespace
 * @log_burst: for display
 * @n_sets: sets announced
 * @have_sets: sets received
 * @n_elems: elements of all sets announced so far
 * @n_ifsets: IFACE sets among them
 * @ifsets: their ids
 * @n_dynamic: DYNAMIC sets among them
 * @n_tables: tables announced
 * @have_tables: tables received
 * @n_rules: rules of all tables received so far
 * @n_real_rules: those that are not defaults
 * @tables: the tables, by id
 * @n_zones: zones announced
 * @have_zones: zones received
 * @local: id of the local zone, 0: none
 * @zones: the zones, by id; entry 0 stands for "in no zone"
 * @members: the members of all zones, by name; wildcards under "*"
 * @n_binds: bound pairs
 * @bound: which pairs are, a bit each, see zpf_bind_bit()
 * @cap_binds: room in @binds
 * @binds: the bound pairs
 * @source_len: bytes announced
 * @have_source: bytes received
 * @source: the text
 * @n_sites: log sites
 * @cap_sites: room in @sites
 * @n_limits: limits
 * @n_recents: those with a `recent`
 * @cap_limits: room in @limits
 * @dim: rows and columns of the matrix
 * @router: zone index of the router: @local, or one that is not filtered
 * @exempt: zone index of lo and VRF masters
 * @cells: @dim * @dim cells by family, [from * dim + to]
 * @n_ctrs: counters
 * @memory_bytes: what all this takes
 *
 * What packets touch comes first: two cache lines where there were six.
 */
struct zpf_gen {
	u32 option_flags;
	bool has_options;
	struct zpf_rate log_rate;
	struct zpf_set **sets;
	struct zpf_site *sites;
	struct zpf_counter __percpu **ctrs;
	u32 *zone_names;
	struct zpf_limit *limits;
	struct zpf_chain chains[ZPF_N_HOOKS][ZPF_N_FAMILIES];
	struct zpf_state_policy sp[ZPF_N_SP];
	struct zpf_clock clock;
	refcount_t refs;
	u32 id;
	struct zpf_net *zn;
	u32 log_burst;
	u32 n_sets;
	u32 have_sets;
	u32 n_elems;
	u32 n_ifsets;
	u16 ifsets[ZPF_MAX_IFSETS];
	u32 n_dynamic;
	u32 n_tables;
	u32 have_tables;
	u32 n_rules;
	u32 n_real_rules;
	struct zpf_table **tables;
	u32 n_zones;
	u32 have_zones;
	u32 local;
	struct zpf_zone *zones;
	DECLARE_HASHTABLE(members, 10);
	u32 n_binds;
	unsigned long *bound;
	u32 cap_binds;
	struct zpf_bind *binds;
	u32 source_len;
	u32 have_source;
	char *source;
	u32 n_sites;
	u32 cap_sites;
	u32 n_limits;
	u32 n_recents;
	u32 cap_limits;
	u32 dim;
	u32 router;
	u32 exempt;
	struct zpf_cell *cells[ZPF_N_FAMILIES];
	u32 n_ctrs;
	u64 memory_bytes;
};

static inline struct zpf_cell *zpf_gen_cell(const struct zpf_gen *gen,
					    unsigned int fam, u32 from, u32 to)
{
	return &gen->cells[fam][from * gen->dim + to];
}

static inline u32 zpf_bind_bit(const struct zpf_gen *gen, unsigned int fam,
			       u32 from, u32 to)
{
	return (fam * (gen->n_zones + 1) + from) * (gen->n_zones + 1) + to;
}

static inline u32 zpf_member_hash(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

struct zpf_gen *zpf_gen_alloc(struct zpf_net *zn);
void zpf_gen_put(struct zpf_gen *gen);
int zpf_gen_build(struct zpf_gen *gen, const struct zpf_gen *old,
		  const char **why);
int zpf_gen_add_site(struct zpf_gen *gen, const char *prefix,
		     const struct nf_loginfo *li, u32 *site);
int zpf_vec_room(void **vec, u32 n, u32 *cap, size_t size);
u32 zpf_cell_rows(const struct zpf_cell *cell);
unsigned int zpf_cell_hook(const struct zpf_gen *gen,
			   const struct zpf_cell *cell);

#endif /* ZPF_POLICY_H */
