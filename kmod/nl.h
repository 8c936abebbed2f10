/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family and its dumps.
 */
#ifndef ZPF_NL_H
#define ZPF_NL_H

#include <net/genetlink.h>
#include <linux/zpf.h>

struct nf_loginfo;
struct zpf_live;

extern struct genl_family zpf_nl_family;

int zpf_nl_init(void);
void zpf_nl_exit(void);

/**
 * struct zpf_dump - where a dump stands, in netlink_callback.ctx
 * @live: the pinned snapshot
 * @i: position in the outer sequence
 * @j: position within
 */
struct zpf_dump {
	struct zpf_live *live;
	u32 i;
	u32 j;
};

static inline struct zpf_dump *zpf_dump_of(struct netlink_callback *cb)
{
	static_assert(sizeof(struct zpf_dump) <= sizeof(cb->ctx));

	return (struct zpf_dump *)cb->ctx;
}

void *zpf_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);

/* One message written by @fill, or none. */
#define zpf_dump_one(skb, cb, cmd, fill) ({				\
	void *_hdr = zpf_dump_put(skb, cb, cmd);			\
	int _err = _hdr ? (fill) : -EMSGSIZE;				\
									\
	if (!_err)							\
		genlmsg_end(skb, _hdr);					\
	else if (_hdr)							\
		genlmsg_cancel(skb, _hdr);				\
	_err;								\
})

int zpf_nl_dump_start(struct netlink_callback *cb);
int zpf_nl_dump_done(struct netlink_callback *cb);
int zpf_nl_dump_zones(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_counters(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_sites(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_tables(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_source(struct sk_buff *skb, struct netlink_callback *cb);

int zpf_nl_dump_options_start(struct netlink_callback *cb);
int zpf_nl_dump_options(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_sets(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_rules(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_pairs(struct sk_buff *skb, struct netlink_callback *cb);
int zpf_nl_dump_chains(struct sk_buff *skb, struct netlink_callback *cb);

int zpf_nl_put_log(struct sk_buff *skb, int attr, const struct nf_loginfo *li);
u8 zpf_nl_hook(unsigned int hook);

extern const struct nla_policy zpf_test_policy[ZPF_TEST_A_MAX + 1];
int zpf_nl_test_start(struct netlink_callback *cb);
int zpf_nl_test_done(struct netlink_callback *cb);
int zpf_nl_test(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* ZPF_NL_H */
