/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libnl's nla_put_*(), for messages that were made with room for what they say.
 * An attribute that found none would be left out, and the message would say
 * something else: that ends the program.
 */
#ifndef ZPF_CTL_ATTR_PUT_H
#define ZPF_CTL_ATTR_PUT_H

#include <netlink/attr.h>
#include <stdlib.h>

static inline void zpf_attr_must(int err)
{
	if (err)
		abort();
}

static inline void zpf_attr_put(struct nl_msg *msg, int attr, size_t len,
				const void *data)
{
	zpf_attr_must(nla_put(msg, attr, (int)len, data));
}

static inline void zpf_attr_put_u8(struct nl_msg *msg, int attr, uint8_t v)
{
	zpf_attr_must(nla_put_u8(msg, attr, v));
}

static inline void zpf_attr_put_u16(struct nl_msg *msg, int attr, uint16_t v)
{
	zpf_attr_must(nla_put_u16(msg, attr, v));
}

static inline void zpf_attr_put_u32(struct nl_msg *msg, int attr, uint32_t v)
{
	zpf_attr_must(nla_put_u32(msg, attr, v));
}

static inline void zpf_attr_put_u64(struct nl_msg *msg, int attr, uint64_t v)
{
	zpf_attr_must(nla_put_u64(msg, attr, v));
}

static inline void zpf_attr_put_string(struct nl_msg *msg, int attr, const char *s)
{
	zpf_attr_must(nla_put_string(msg, attr, s));
}

static inline void zpf_attr_put_flag(struct nl_msg *msg, int attr)
{
	zpf_attr_must(nla_put_flag(msg, attr));
}

/** zpf_attr_nest() - begin a nest, ended by nla_nest_end() */
static inline struct nlattr *zpf_attr_nest(struct nl_msg *msg, int attr)
{
	struct nlattr *nest = nla_nest_start(msg, attr | NLA_F_NESTED);

	zpf_attr_must(!nest);
	return nest;
}

#endif /* ZPF_CTL_ATTR_PUT_H */
