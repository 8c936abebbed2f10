/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the readers of values share, and those of value_num.c and value_time.c.
 * Included by these three only.
 */
#ifndef ZPF_CTL_VALUE_READ_H
#define ZPF_CTL_VALUE_READ_H

#include "value.h"

/* Reads @s into @out, the C type of the kind. Return: 0, -1: refused */
typedef int zpf_value_fn(struct zpf_value_ctx *c, const char *s, void *out);

__attribute__((format(printf, 2, 3)))
int zpf_value_refuse(struct zpf_value_ctx *c, const char *fmt, ...);
int zpf_value_unlike(struct zpf_value_ctx *c, enum zpf_kind kind, const char *s);
const char *zpf_value_negated(const char *s, bool *not);
int64_t zpf_value_number(const char *s, uint32_t max);

zpf_value_fn zpf_value_span;
zpf_value_fn zpf_value_notspan;
zpf_value_fn zpf_value_code;
zpf_value_fn zpf_value_codenum;
zpf_value_fn zpf_value_mss;
zpf_value_fn zpf_value_mac;
zpf_value_fn zpf_value_notmac;
zpf_value_fn zpf_value_time;
zpf_value_fn zpf_value_date;
zpf_value_fn zpf_value_daytime;
zpf_value_fn zpf_value_weekdays;

#endif /* ZPF_CTL_VALUE_READ_H */
