// SPDX-License-Identifier: GPL-2.0-only
/*
 * Log sites. Prefixes are made when a generation is built; the packet path
 * takes a token of the site's bucket and hands the packet to the netfilter
 * logger. Every line that is not written is counted, with the reason; when a
 * burst is over, the kernel log is told how many lines it had too many.
 */
#include <linux/kern_levels.h>
#include <linux/kmod.h>
#include <linux/netfilter.h>
#include "log.h"
#include "net.h"

static const char zpf_action_letter[] = {
	[ZPF_ACTION_ACCEPT] = 'A',
	[ZPF_ACTION_DROP] = 'D',
	[ZPF_ACTION_REJECT] = 'R',
	[ZPF_ACTION_RETURN] = 'R',
	[ZPF_ACTION_JUMP] = 'J',
	[ZPF_ACTION_CONTINUE] = 'C',
};
static_assert(ARRAY_SIZE(zpf_action_letter) == ZPF_ACTION_MAX + 1);

static const char *zpf_fam_name(unsigned int fam)
{
	return fam == ZPF_V4 ? "ipv4" : "ipv6";
}

/* "NAM-IOT_WAN", or for a base chain "FWD-filter". */
static void zpf_log_ruleset(char *buf, size_t size, const char *ruleset)
{
	static const char * const chains[][2] = {
		{ "forward filter", "FWD-filter" },
		{ "input filter", "INP-filter" },
		{ "output filter", "OUT-filter" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(chains); i++) {
		if (!strcmp(ruleset, chains[i][0])) {
			strscpy(buf, chains[i][1], size);
			return;
		}
	}
	snprintf(buf, size, "NAM-%s", ruleset);
}

/**
 * zpf_log_prefix_rule() - prefix of a rule, or of the default of a ruleset
 * @buf: filled in
 * @size: room in @buf
 * @fam: ZPF_V4 or ZPF_V6
 * @ruleset: its ruleset
 * @number: rule number, 0: the default
 * @action: &enum zpf_action
 */
void zpf_log_prefix_rule(char *buf, size_t size, unsigned int fam,
			 const char *ruleset, u32 number, u8 action)
{
	char name[ZPF_RULESET_NAME_MAX + sizeof("NAM-")];
	char rule[sizeof("4294967295")] = "";

	zpf_log_ruleset(name, sizeof(name), ruleset);
	if (number)
		snprintf(rule, sizeof(rule), "%u", number);
	snprintf(buf, size, "[%s-%s-%s-%c]", zpf_fam_name(fam), name,
		 number ? rule : "default", zpf_action_letter[action]);
}

/**
 * zpf_log_prefix_zone() - prefix of a zone default or of intra-zone filtering
 * @buf: filled in
 * @size: room in @buf
 * @fam: ZPF_V4 or ZPF_V6
 * @from: zone name, "none" for an interface in no zone
 * @to: zone name
 * @intra: from and to are the same zone
 * @action: &enum zpf_action
 */
void zpf_log_prefix_zone(char *buf, size_t size, unsigned int fam,
			 const char *from, const char *to, bool intra,
			 u8 action)
{
	snprintf(buf, size, "[%s-ZON-%s-%s-%s-%c]", zpf_fam_name(fam), from, to,
		 intra ? "intra" : "default", zpf_action_letter[action]);
}

/**
 * zpf_log_prefix_state() - prefix of the global state policy
 * @buf: filled in
 * @size: room in @buf
 * @sp: ZPF_SP_*
 * @action: &enum zpf_action
 */
void zpf_log_prefix_state(char *buf, size_t size, unsigned int sp, u8 action)
{
	static const char * const names[ZPF_N_SP] = {
		[ZPF_SP_ESTABLISHED] = "EST",
		[ZPF_SP_RELATED] = "REL",
		[ZPF_SP_INVALID] = "INV",
	};

	snprintf(buf, size, "[STATE-POLICY-%s-%c]", names[sp],
		 zpf_action_letter[action]);
}

/* --- loggers: held while the namespace is armed --- */

static const u8 zpf_log_types[] = { NF_LOG_TYPE_LOG, NF_LOG_TYPE_ULOG };

static u8 zpf_log_bit(unsigned int fam, unsigned int type)
{
	return BIT(fam + (type == NF_LOG_TYPE_ULOG ? ZPF_N_FAMILIES : 0));
}

static bool zpf_gen_logs(const struct zpf_gen *gen, unsigned int type)
{
	u32 i;

	for (i = 0; i < gen->n_sites; i++)
		if (gen->sites[i].li.type == type)
			return true;
	return false;
}

static int zpf_logger_get(u8 pf, u8 type)
{
	int err = nf_logger_find_get(pf, type);

	if (err && !request_module("nf-logger-%u-%u", pf, type))
		err = nf_logger_find_get(pf, type);
	return err;
}

/**
 * zpf_log_bind() - hold the loggers a generation needs
 * @zn: the namespace; its commit mutex is held
 * @gen: the generation about to be published
 *
 * Loads their modules. One that cannot be had is not an error: lines are then
 * counted as undeliverable.
 */
void zpf_log_bind(struct zpf_net *zn, const struct zpf_gen *gen)
{
	unsigned int fam, i;

	for (i = 0; i < ARRAY_SIZE(zpf_log_types); i++) {
		if (!zpf_gen_logs(gen, zpf_log_types[i]))
			continue;
		for (fam = 0; fam < ZPF_N_FAMILIES; fam++) {
			u8 bit = zpf_log_bit(fam, zpf_log_types[i]);

			if ((zn->loggers & bit) ||
			    zpf_logger_get(zpf_fam_proto(fam), zpf_log_types[i]))
				continue;
			WRITE_ONCE(zn->loggers, zn->loggers | bit);
		}
	}
}

/**
 * zpf_log_unbind() - let the loggers go
 * @zn: the namespace, disarmed
 */
void zpf_log_unbind(struct zpf_net *zn)
{
	unsigned int fam, i;

	for (i = 0; i < ARRAY_SIZE(zpf_log_types); i++)
		for (fam = 0; fam < ZPF_N_FAMILIES; fam++)
			if (zn->loggers & zpf_log_bit(fam, zpf_log_types[i]))
				nf_logger_put(zpf_fam_proto(fam), zpf_log_types[i]);
	zn->loggers = 0;
}

/* Does the syslog logger print for this namespace? See nf_log_syslog. */
static bool zpf_log_muted(const struct net *net)
{
	return !net_eq(net, &init_net) && !READ_ONCE(sysctl_nf_log_all_netns);
}

/**
 * zpf_log_flags() - what the operator should know about logging
 * @zn: the namespace
 * @gen: the generation
 *
 * Return: mask of ZPF_COMMIT_LOG_MUTED, ZPF_COMMIT_NO_LOGGER
 */
u32 zpf_log_flags(const struct zpf_net *zn, const struct zpf_gen *gen)
{
	unsigned int fam, i;
	u32 flags = 0;

	if (zpf_gen_logs(gen, NF_LOG_TYPE_LOG) && zpf_log_muted(zn->net))
		flags |= ZPF_COMMIT_LOG_MUTED;
	for (i = 0; i < ARRAY_SIZE(zpf_log_types); i++) {
		if (!zpf_gen_logs(gen, zpf_log_types[i]))
			continue;
		for (fam = 0; fam < ZPF_N_FAMILIES; fam++)
			if (!(zn->loggers & zpf_log_bit(fam, zpf_log_types[i])))
				flags |= ZPF_COMMIT_NO_LOGGER;
	}
	return flags;
}

static bool zpf_log_deliverable(const struct zpf_net *zn,
				const struct nf_loginfo *li, u8 pf)
{
	if (!(READ_ONCE(zn->loggers) & zpf_log_bit(zpf_fam_idx(pf), li->type)))
		return false;
	return li->type == NF_LOG_TYPE_ULOG || !zpf_log_muted(zn->net);
}

/* --- summaries --- */

/**
 * zpf_log_tell() - write how many lines of a site were suppressed
 * @zn: the namespace
 * @keep: the site; zpf_keeper.lock is held
 *
 * What was told before is not told again. Without the brackets of a prefix, so
 * that nobody takes it for a packet.
 */
void zpf_log_tell(struct zpf_net *zn, struct zpf_keep *keep)
{
	u64 suppressed = zpf_keep_suppressed(keep);

	lockdep_assert_held(&zn->keeper.lock);
	if (suppressed != keep->told && !zpf_log_muted(zn->net))
		/* The level is the site's, so no pr_*() will do. */
		_printk(KERN_SOH "%czpf: %.*s: %llu lines suppressed\n",
			'0' + keep->level, (int)strlen(keep->name) - 2,
			keep->name + 1, suppressed - keep->told);
	keep->told = suppressed;
}

/* Is the burst of a site over? Return: true if it has to be asked again. */
static bool zpf_log_look(struct zpf_net *zn, struct zpf_keep *keep)
{
	const u64 now = get_jiffies_64();
	u64 suppressed = zpf_keep_suppressed(keep);

	if (suppressed == keep->told)
		return false;
	if (keep->seen == keep->told)
		keep->seen_at = now;
	if (suppressed == keep->seen) {
		zpf_log_tell(zn, keep);
		keep->seen = keep->told;
		return false;
	}
	if (now - keep->seen_at > ZPF_LOG_LONG) {
		zpf_log_tell(zn, keep);
		suppressed = keep->told;
		keep->seen_at = now;
	}
	keep->seen = suppressed;
	return true;
}

static void zpf_log_work(struct work_struct *work)
{
	struct zpf_net *zn = container_of(to_delayed_work(work), struct zpf_net,
					  log_work);
	struct zpf_keep *keep;
	unsigned int bucket;
	bool again = false;

	WRITE_ONCE(zn->log_due, false);
	synchronize_rcu(); /* who saw it true has counted */
	mutex_lock(&zn->keeper.lock);
	hash_for_each(zn->keeper.table, bucket, keep, node)
		if (keep->kind == ZPF_KEEP_SITE && zpf_log_look(zn, keep))
			again = true;
	mutex_unlock(&zn->keeper.lock);
	if (again) {
		WRITE_ONCE(zn->log_due, true);
		queue_delayed_work(zpf_wq, &zn->log_work, ZPF_LOG_QUIET);
	}
}

/*
 * Asked for a token in vain: somebody has to tell of it. Lines that are held back
 * because the bucket is known to be dry come less than ZPF_KEEP_DRY after such a
 * one, so that zpf_log_look(), which goes on until nothing was held back for
 * ZPF_LOG_QUIET, sees them all.
 */
static noinline void zpf_log_expect(struct zpf_net *zn)
{
	if (READ_ONCE(zn->log_due))
		return;
	WRITE_ONCE(zn->log_due, true);
	queue_delayed_work(zpf_wq, &zn->log_work, ZPF_LOG_QUIET);
}
static_assert(ZPF_KEEP_DRY < ZPF_LOG_QUIET);

/**
 * zpf_log_net_init() - no summary is due
 * @zn: the namespace
 */
void zpf_log_net_init(struct zpf_net *zn)
{
	INIT_DELAYED_WORK(&zn->log_work, zpf_log_work);
}

/**
 * zpf_log_net_exit() - no summary is written any more
 * @zn: the namespace; no packet is seen
 */
void zpf_log_net_exit(struct zpf_net *zn)
{
	cancel_delayed_work_sync(&zn->log_work);
}

/**
 * zpf_log() - log a packet at a site, if the site's bucket allows
 * @gen: the generation
 * @site: site plus 1, not 0
 * @skb: the packet
 * @state: the hook
 *
 * Context: packet path, BH off. One atomic exchange for the bucket and one
 * atomic increment for the statistics where a line is written; the first line of
 * a burst that is held back also takes the locks of timers and work queues.
 */
void zpf_log(const struct zpf_gen *gen, u32 site, struct sk_buff *skb,
	     const struct nf_hook_state *state)
{
	const struct zpf_site *s = &gen->sites[site - 1];
	struct zpf_keep *keep = s->keep;

	if (gen->log_rate.interval_ns) {
		/* In a storm this is all there is to a line. */
		if (zpf_keep_dry(keep)) {
			zpf_count(keep->suppressed, skb->len);
			return;
		}
		if (!zpf_keep_draw(keep, &gen->log_rate)) {
			zpf_count(keep->suppressed, skb->len);
			zpf_log_expect(gen->zn);
			return;
		}
	}
	if (!zpf_log_deliverable(gen->zn, &s->li, state->pf)) {
		atomic64_inc(&keep->undeliverable);
		return;
	}
	atomic64_inc(&keep->logged);
	nf_log_packet(state->net, state->pf, state->hook, skb, state->in,
		      state->out, &s->li, "%s", keep->name);
}
