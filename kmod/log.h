/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Log sites: prefixes, loggers, and writing a line through the kernel's
 * netfilter logger.
 */
#ifndef ZPF_LOG_H
#define ZPF_LOG_H

#include <linux/netfilter.h>
#include <net/netfilter/nf_log.h>
#include "policy.h"

/* A site's bucket unless OPTIONS_SET says otherwise: 100 a minute, 20 at once. */
#define ZPF_LOG_INTERVAL_NS	600000000ULL
#define ZPF_LOG_BURST		20

/* A burst is over when so long nothing was suppressed; if it goes on and on,
 * there is a summary now and then.
 */
#define ZPF_LOG_QUIET		HZ
#define ZPF_LOG_LONG		(60 * HZ)

#define ZPF_LOG_DEFAULT { \
	.type = NF_LOG_TYPE_LOG, \
	.u.log.level = LOGLEVEL_WARNING, \
	.u.log.logflags = NF_LOG_DEFAULT_MASK, \
}

void zpf_log_prefix_rule(char *buf, size_t size, unsigned int fam,
			 const char *ruleset, u32 number, u8 action);
void zpf_log_prefix_zone(char *buf, size_t size, unsigned int fam,
			 const char *from, const char *to, bool intra,
			 u8 action);
void zpf_log_prefix_state(char *buf, size_t size, unsigned int sp, u8 action);
void zpf_log_bind(struct zpf_net *zn, const struct zpf_gen *gen);
void zpf_log_unbind(struct zpf_net *zn);
void zpf_log_net_init(struct zpf_net *zn);
void zpf_log_net_exit(struct zpf_net *zn);
void zpf_log_tell(struct zpf_net *zn, struct zpf_keep *keep);
u32 zpf_log_flags(const struct zpf_net *zn, const struct zpf_gen *gen);
void zpf_log(const struct zpf_gen *gen, u32 site, struct sk_buff *skb,
	     const struct nf_hook_state *state);

#endif /* ZPF_LOG_H */
