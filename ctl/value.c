// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may stand where a value is wanted: one row of a table a kind, with the
 * function that reads it. Called by parse to check and by model to store.
 * Knows no tree and no file; a refusal is a sentence in the context.
 */
#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/netfilter.h>

#include "names.h"
#include "range.h"
#include "value.h"
#include "value_read.h"
#include "wordcmp.h"

#define TEXT_MAX	255
#define SHOWN_MAX	60	/* of a value, in a message */


/** zpf_value_refuse() - a refusal; fills @c->err. Return: -1 */
int zpf_value_refuse(struct zpf_value_ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->err, sizeof(c->err), fmt, ap);
	va_end(ap);
	return -1;
}

/* A value as messages show it: cut where it is long. */
static const char *shown(const char *s, char buf[SHOWN_MAX + 8])
{
	size_t len = strlen(s);

	if (len <= SHOWN_MAX)
		return s;
	memcpy(buf, s, SHOWN_MAX);
	strcpy(buf + SHOWN_MAX, "...");
	return buf;
}

/** zpf_value_unlike() - the refusal that says what was expected. Return: -1 */
int zpf_value_unlike(struct zpf_value_ctx *c, enum zpf_kind kind, const char *s)
{
	char expects[256], cut[SHOWN_MAX + 8];

	zpf_value_expects(kind, c, expects, sizeof(expects));
	return zpf_value_refuse(c, "bad value '%s'; expected %s", shown(s, cut), expects);
}

/** zpf_value_negated() - `!x`: step over the mark */
const char *zpf_value_negated(const char *s, bool *not)
{
	*not = *s == '!';
	return s + *not;
}

static bool all_digits(const char *s)
{
	return *s && !s[strspn(s, "0123456789")];
}

/** zpf_value_number() - decimal digits only; -1: something else, or above @max */
int64_t zpf_value_number(const char *s, uint32_t max)
{
	uint64_t v = 0;

	if (!all_digits(s))
		return -1;
	for (; *s; s++) {
		v = v * 10 + (uint64_t)(*s - '0');
		if (v > max)
			return -1;
	}
	return (int64_t)v;
}

/* ---- words and plain texts ---- */

/**
 * zpf_word_find() - look a word up
 * @table: ends with a NULL word
 * @word: the word
 *
 * Return: the row, NULL where there is none
 */
const struct zpf_word *zpf_word_find(const struct zpf_word *table,
				     const char *word)
{
	for (; table && table->word; table++)
		if (!strcmp(table->word, word))
			return table;
	return NULL;
}

/** zpf_word_name() - the first word of a table with a value; "?" for none */
const char *zpf_word_name(const struct zpf_word *table, uint32_t value)
{
	for (; table && table->word; table++)
		if (table->value == value)
			return table->word;
	return "?";
}

static int v_word(struct zpf_value_ctx *c, const char *s, void *out)
{
	const struct zpf_word *w = zpf_word_find(c->words, s);
	struct zpf_v_word *v = out;

	if (!w)
		return zpf_value_unlike(c, ZPF_KIND_WORD, s);
	v->v = w->value;
	return 0;
}

static int v_mask(struct zpf_value_ctx *c, const char *s, void *out)
{
	const struct zpf_word *w = zpf_word_find(c->words, s);
	struct zpf_v_word *v = out;

	if (!w)
		return zpf_value_unlike(c, ZPF_KIND_MASK, s);
	v->v |= w->value;
	return 0;
}

static int v_flag(struct zpf_value_ctx *c, const char *s, void *out)
{
	(void)c;
	(void)s;
	(void)out;
	return 0;
}

static int v_text(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	if (strlen(s) > TEXT_MAX)
		return zpf_value_refuse(c, "the text has %zu characters; at most %d are allowed",
			      strlen(s), TEXT_MAX);
	v->s = s;
	return 0;
}

static int v_other(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	if (!*s)
		return zpf_value_refuse(c, "the value is empty");
	v->s = s;
	return 0;
}

static int v_num(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_num *v = out;
	int64_t n = zpf_value_number(s, c->hi);

	if (n < 0 || n < c->lo)
		return zpf_value_unlike(c, ZPF_KIND_NUM, s);
	v->v = (uint32_t)n;
	return 0;
}

/* ---- names ---- */

static int name_check(struct zpf_value_ctx *c, const char *s, size_t max,
		      const char *first, const char *more, const char *what)
{
	char cut[SHOWN_MAX + 8];
	size_t len = strlen(s);

	if (len > max)
		return zpf_value_refuse(c, "the %s '%s' has %zu characters; at most %zu are allowed",
			      what, shown(s, cut), len, max);
	if (!len)
		return zpf_value_refuse(c, "the %s is empty", what);
	if (!isalnum((unsigned char)*s) && !strchr(first, *s))
		return zpf_value_refuse(c, "the %s '%s' must begin with a letter or digit",
			      what, shown(s, cut));
	for (const char *p = s; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(more, *p))
			return zpf_value_refuse(c, "'%c' cannot stand in the %s '%s'; letters, digits and %s can",
				      isprint((unsigned char)*p) ? *p : '?',
				      what, shown(s, cut), more);
	return 0;
}

static int v_zone(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	v->s = s;
	if (!strcmp(s, "none") || !strcmp(s, "any"))
		return zpf_value_refuse(c, "the zone name '%s' is reserved", s);
	return name_check(c, s, ZPF_ZONE_NAME_MAX, "", "_.-", "zone name");
}

static int v_ruleset(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	v->s = s;
	return name_check(c, s, ZPF_RULESET_NAME_MAX, "", "_.-",
			  "ruleset name");
}

static int v_group(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	v->s = s;
	return name_check(c, s, TEXT_MAX, "_-", "_.+-", "group name");
}

static int v_groupref(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	s = zpf_value_negated(s, &v->not);
	return v_group(c, s, out);
}

static int ifname_check(struct zpf_value_ctx *c, const char *s, bool wildcard)
{
	char cut[SHOWN_MAX + 8];
	size_t len = strlen(s);

	if (!len || !strcmp(s, ".") || !strcmp(s, ".."))
		return zpf_value_refuse(c, "'%s' is not an interface name", s);
	if (len > ZPF_IF_NAME_MAX)
		return zpf_value_refuse(c, "the interface name '%s' has %zu characters; at most %d are allowed",
			      shown(s, cut), len, ZPF_IF_NAME_MAX);
	for (size_t i = 0; i < len; i++) {
		unsigned char ch = (unsigned char)s[i];

		if (ch == '*' && wildcard && i == len - 1)
			continue;
		if (ch == '*')
			return zpf_value_refuse(c, "'%s': a * can %s", s, wildcard ?
				      "only stand at the end" : "not stand here");
		if (ch <= ' ' || ch == 0x7f || strchr("/:!\"'`\\", ch))
			return zpf_value_refuse(c, "'%s' is not an interface name", s);
	}
	return 0;
}

static int v_ifname(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	v->s = s;
	return ifname_check(c, s, true);
}

static int v_ifmatch(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	s = zpf_value_negated(s, &v->not);
	v->s = s;
	return ifname_check(c, s, true);
}

static int v_vrf(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	v->s = s;
	return ifname_check(c, s, false);
}

/* ---- addresses ---- */

static bool one_addr(const char *s, bool v6, __u64 a[2])
{
	unsigned char b[16];

	if (inet_pton(v6 ? AF_INET6 : AF_INET, s, b) != 1)
		return false;
	a[0] = a[1] = 0;
	for (int i = 0; i < (v6 ? 16 : 4); i++)
		a[v6 ? i / 8 : 1] = a[v6 ? i / 8 : 1] << 8 | b[i];
	return true;
}

static void addr_text(bool v6, const __u64 a[2], char buf[INET6_ADDRSTRLEN])
{
	unsigned char b[16];

	for (int i = 0; i < 16; i++)
		b[i] = (unsigned char)(a[i / 8] >> (56 - i % 8 * 8));
	inet_ntop(v6 ? AF_INET6 : AF_INET, v6 ? b : b + 12, buf,
		  INET6_ADDRSTRLEN);
}

/* Last address of a prefix that begins at @a; false: @a has host bits. */
static bool prefix_last(const __u64 a[2], unsigned int host_bits, __u64 last[2],
			__u64 net[2])
{
	__u64 mask[2];	/* the host bits */

	mask[0] = host_bits <= 64 ? 0 :
		host_bits == 128 ? ~0ULL : (1ULL << (host_bits - 64)) - 1;
	mask[1] = host_bits >= 64 ? ~0ULL : (1ULL << host_bits) - 1;
	for (int i = 0; i < 2; i++) {
		last[i] = a[i] | mask[i];
		net[i] = a[i] & ~mask[i];
	}
	return net[0] == a[0] && net[1] == a[1];
}

static void addr_store(struct zpf_v_addr *v, bool v6, const __u64 lo[2],
		       const __u64 hi[2])
{
	v->v6 = v6;
	if (!v6) {
		v->r4.lo = (uint32_t)lo[1];
		v->r4.hi = (uint32_t)hi[1];
		return;
	}
	for (int i = 0; i < 2; i++) {
		v->r6.lo[i] = lo[i];
		v->r6.hi[i] = hi[i];
	}
}

enum { ADDR_SINGLE = 1, ADDR_RANGE = 2, ADDR_PREFIX = 4 };

/* Read @s as one of @forms in one family: 1 done, 0 not of this kind, -1 refused */
static int addr_try(struct zpf_value_ctx *c, const char *s, bool v6,
		    unsigned int forms, struct zpf_v_addr *v)
{
	char buf[128], net_text[INET6_ADDRSTRLEN];
	__u64 lo[2], hi[2], net[2];
	unsigned int bits = v6 ? 128 : 32;
	char *sep;

	if (strlen(s) >= sizeof(buf))
		return 0;
	strcpy(buf, s);
	sep = strpbrk(buf, "/-");
	if (!sep) {
		if (!(forms & ADDR_SINGLE) || !one_addr(buf, v6, lo))
			return 0;
		addr_store(v, v6, lo, lo);
		return 1;
	}
	if (*sep == '/') {
		int64_t len = zpf_value_number(sep + 1, bits);

		*sep = '\0';
		if (!(forms & ADDR_PREFIX) || !one_addr(buf, v6, lo))
			return 0;
		if (len < 0)
			return zpf_value_refuse(c, "'%s': the prefix length must be 0-%u",
				      s, bits);
		if (!prefix_last(lo, bits - (unsigned int)len, hi, net)) {
			addr_text(v6, net, net_text);
			return zpf_value_refuse(c, "'%s' has host bits set; the network is %s/%d",
				      s, net_text, (int)len);
		}
		addr_store(v, v6, lo, hi);
		return 1;
	}
	*sep = '\0';
	if (!(forms & ADDR_RANGE) || !one_addr(buf, v6, lo) ||
	    !one_addr(sep + 1, v6, hi))
		return 0;
	if (zpf_range6_cmp(lo, hi) > 0)
		return zpf_value_refuse(c, "'%s': the range ends before it begins", s);
	addr_store(v, v6, lo, hi);
	return 1;
}

static int addr_read(struct zpf_value_ctx *c, enum zpf_kind kind,
		     const char *s, uint8_t family, unsigned int forms,
		     struct zpf_v_addr *v)
{
	struct zpf_v_addr other;
	int ret = 0;

	if (family != NFPROTO_IPV6)
		ret = addr_try(c, s, false, forms, v);
	if (!ret && family != NFPROTO_IPV4)
		ret = addr_try(c, s, true, forms, v);
	if (ret)
		return ret < 0 ? -1 : 0;
	if (family && addr_try(c, s, family == NFPROTO_IPV4, forms, &other) > 0)
		return zpf_value_refuse(c, "'%s' is an %s address; expected an %s one", s,
			      family == NFPROTO_IPV4 ? "IPv6" : "IPv4",
			      family == NFPROTO_IPV4 ? "IPv4" : "IPv6");
	return zpf_value_unlike(c, kind, s);
}

static int v_addr(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_addr *v = out;

	s = zpf_value_negated(s, &v->not);
	return addr_read(c, ZPF_KIND_ADDR, s, c->family,
			 ADDR_SINGLE | ADDR_RANGE | ADDR_PREFIX, v);
}

static int v_member4(struct zpf_value_ctx *c, const char *s, void *out)
{
	return addr_read(c, ZPF_KIND_MEMBER4, s, NFPROTO_IPV4,
			 ADDR_SINGLE | ADDR_RANGE, out);
}

static int v_member6(struct zpf_value_ctx *c, const char *s, void *out)
{
	return addr_read(c, ZPF_KIND_MEMBER6, s, NFPROTO_IPV6,
			 ADDR_SINGLE | ADDR_RANGE, out);
}

static int v_prefix4(struct zpf_value_ctx *c, const char *s, void *out)
{
	return addr_read(c, ZPF_KIND_PREFIX4, s, NFPROTO_IPV4, ADDR_PREFIX, out);
}

static int v_prefix6(struct zpf_value_ctx *c, const char *s, void *out)
{
	return addr_read(c, ZPF_KIND_PREFIX6, s, NFPROTO_IPV6, ADDR_PREFIX, out);
}

/* ---- ports and protocols ---- */

static int one_port(struct zpf_value_ctx *c, enum zpf_kind kind, char *s,
		    struct zpf_range_port *r)
{
	size_t digits = strspn(s, "0123456789");
	int64_t lo, hi;

	if (!*s)
		return zpf_value_refuse(c, "a port is missing; expected a port, a range a-b or a service name");
	if (digits && s[digits] == '-' && all_digits(s + digits + 1)) {
		s[digits] = '\0';
		lo = zpf_value_number(s, 65535);
		hi = zpf_value_number(s + digits + 1, 65535);
		s[digits] = '-';
		if (lo < 1 || hi < 1)
			return zpf_value_refuse(c, "'%s': a port must be 1-65535", s);
		if (lo > hi)
			return zpf_value_refuse(c, "'%s': the range ends before it begins", s);
	} else if (all_digits(s)) {
		lo = hi = zpf_value_number(s, 65535);
		if (lo < 1)
			return zpf_value_refuse(c, "'%s': a port must be 1-65535", s);
	} else {
		if (!isalpha((unsigned char)*s) && !isdigit((unsigned char)*s))
			return zpf_value_unlike(c, kind, s);
		lo = hi = zpf_name_service(s);
		if (lo < 0)
			return zpf_value_refuse(c, "no service is called '%s'", s);
	}
	r->lo = (uint16_t)lo;
	r->hi = (uint16_t)hi;
	return 0;
}

/*
 * The union of the plain items, or every port if there are only negated ones,
 * without the negated ones. Items of several values of one leaf add up only
 * inside one value: a port leaf is single, a group's ports are merged there.
 */
static int v_ports(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_range_port *plain = NULL, *minus = NULL, one;
	size_t n_plain = 0, n_minus = 0;
	struct zpf_v_ports *v = out;
	char *copy = zpf_arena_strdup(c->arena, s), *item;

	while ((item = strsep(&copy, ","))) {
		bool not = *item == '!';

		if (one_port(c, ZPF_KIND_PORTS, item + not, &one) < 0)
			return -1;
		if (not)
			ZPF_PUSH(c->arena, minus, n_minus, one);
		else
			ZPF_PUSH(c->arena, plain, n_plain, one);
	}
	if (!n_plain) {
		one.lo = 0;
		one.hi = 65535;
		ZPF_PUSH(c->arena, plain, n_plain, one);
	}
	n_plain = zpf_range_port_merge(plain, n_plain);
	n_minus = zpf_range_port_merge(minus, n_minus);
	v->r = zpf_range_port_sub(c->arena, plain, n_plain, minus, n_minus,
				  &v->n);
	return 0;
}

static int v_port(struct zpf_value_ctx *c, const char *s, void *out)
{
	char *copy = zpf_arena_strdup(c->arena, s);
	struct zpf_v_ports *v = out;

	v->r = zpf_arena_alloc(c->arena, sizeof(*v->r));
	v->n = 1;
	return one_port(c, ZPF_KIND_PORT, copy, v->r);
}

static int v_proto(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_proto *v = out;
	const char *name = zpf_value_negated(s, &v->not);
	int proto;

	v->n = 0;
	if (zpf_word_is(name, "all")) {
		if (v->not)
			return zpf_value_refuse(c, "'!all' would match nothing");
		return 0;
	}
	if (zpf_word_is(name, "tcp_udp")) {
		v->proto[0] = IPPROTO_TCP;
		v->proto[1] = IPPROTO_UDP;
		v->n = 2;
		return 0;
	}
	if ((zpf_word_is(name, "icmp") && c->family == NFPROTO_IPV6) ||
	    ((zpf_word_is(name, "icmpv6") || zpf_word_is(name, "ipv6-icmp")) &&
	     c->family == NFPROTO_IPV4))
		return zpf_value_refuse(c, "protocol %s does not exist in %s; expected %s",
			      name, c->family == NFPROTO_IPV4 ? "ipv4" : "ipv6",
			      c->family == NFPROTO_IPV4 ? "icmp" : "ipv6-icmp");
	proto = all_digits(name) ? (int)zpf_value_number(name, 255) :
		zpf_name_protocol(name);
	if (proto < 0)
		return zpf_value_unlike(c, ZPF_KIND_PROTO, s);
	v->proto[0] = (uint8_t)proto;
	v->n = 1;
	return 0;
}

/* ---- masks ---- */

static int v_addrmask(struct zpf_value_ctx *c, const char *s, void *out)
{
	bool v6 = c->family == NFPROTO_IPV6;
	struct zpf_v_mask *v = out;
	__u64 other[2];

	if (one_addr(s, v6, v->m))
		return 0;
	if (one_addr(s, !v6, other))
		return zpf_value_refuse(c, "'%s' is an %s mask; expected an %s one", s,
			      v6 ? "IPv4" : "IPv6", v6 ? "IPv6" : "IPv4");
	return zpf_value_unlike(c, ZPF_KIND_ADDRMASK, s);
}

/* ---- rates and ICMP ---- */

static const struct zpf_word rate_units[] = {
	{ "second", 1, false },
	{ "minute", 60, false },
	{ "hour", 3600, false },
	{ "day", 86400, false },
	{ NULL, 0, false }
};

static int v_rate(struct zpf_value_ctx *c, const char *s, void *out)
{
	const char *slash = strchr(s, '/');
	const struct zpf_word *unit = NULL;
	struct zpf_v_rate *v = out;
	char digits[16] = "";
	uint64_t ns;
	int64_t n;

	if (slash && slash - s < (int)sizeof(digits)) {
		memcpy(digits, s, (size_t)(slash - s));
		unit = zpf_word_find(rate_units, slash + 1);
	}
	n = zpf_value_number(digits, UINT32_MAX);
	if (!unit || n < 0)
		return zpf_value_unlike(c, ZPF_KIND_RATE, s);
	if (n < 1)
		return zpf_value_refuse(c, "'%s': the rate must be 1 or more", s);
	ns = unit->value * 1000000000ULL / (uint64_t)n;
	if (ns < 1)
		return zpf_value_refuse(c, "'%s': more than one a nanosecond is no limit", s);
	v->interval_ns = ns;
	return 0;
}

static int icmp_read(struct zpf_value_ctx *c, uint8_t family, const char *s,
		     struct zpf_v_icmp *v)
{
	enum zpf_kind kind = family == NFPROTO_IPV6 ? ZPF_KIND_ICMP6 :
		ZPF_KIND_ICMP4;

	if (!zpf_name_icmp(family, s, &v->type, &v->code))
		return zpf_value_unlike(c, kind, s);
	return 0;
}

static int v_icmp4(struct zpf_value_ctx *c, const char *s, void *out)
{
	return icmp_read(c, NFPROTO_IPV4, s, out);
}

static int v_icmp6(struct zpf_value_ctx *c, const char *s, void *out)
{
	return icmp_read(c, NFPROTO_IPV6, s, out);
}

/* ---- what user space fills sets for, and times ---- */

/* RFC 1123, with the underscore that is met in the wild; in lower case or not. */
static int v_domain(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;
	size_t label = 0, i;
	char cut[SHOWN_MAX + 8];

	v->s = s;
	for (i = 0; s[i]; i++) {
		bool dot = s[i] == '.';

		if (dot ? !label || s[i - 1] == '-' :
		    s[i] == '-' ? !label :
		    !isalnum((unsigned char)s[i]) && s[i] != '_')
			break;
		label = dot ? 0 : label + 1;
		if (label > 63 || i >= 253)
			break;
	}
	if (s[i] || !label || s[i - 1] == '-')
		return zpf_value_refuse(c, "'%s' is not a domain name", shown(s, cut));
	return 0;
}

static int v_domainref(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;

	s = zpf_value_negated(s, &v->not);
	return v_domain(c, s, out);
}

static int v_country(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_names *v = out;

	if (!isalpha((unsigned char)s[0]) || !isalpha((unsigned char)s[1]) ||
	    s[2])
		return zpf_value_unlike(c, ZPF_KIND_COUNTRY, s);
	ZPF_PUSH(c->arena, v->s, v->n, s);
	return 0;
}

static int v_url(struct zpf_value_ctx *c, const char *s, void *out)
{
	struct zpf_v_name *v = out;
	const char *host = strstr(s, "://");

	v->s = s;
	if (!host || !host[3] || host[3] == '/' ||
	    (strncmp(s, "http:", 5) && strncmp(s, "https:", 6)))
		return zpf_value_unlike(c, ZPF_KIND_URL, s);
	for (const char *p = s; *p; p++)
		if (*p <= ' ' || *p == 0x7f)
			return zpf_value_unlike(c, ZPF_KIND_URL, s);
	return 0;
}

/* ---- the table ---- */

static const char *const expects_of[] = {
#define X(k, type, what) [ZPF_KIND_##k] = what,
	ZPF_KINDS(X)
#undef X
};

static zpf_value_fn *const readers[] = {
	[ZPF_KIND_NODE] = v_flag,
	[ZPF_KIND_FLAG] = v_flag,
	[ZPF_KIND_SELF] = v_mask,
	[ZPF_KIND_TEXT] = v_text,
	[ZPF_KIND_OTHER] = v_other,
	[ZPF_KIND_NUM] = v_num,
	[ZPF_KIND_WORD] = v_word,
	[ZPF_KIND_MASK] = v_mask,
	[ZPF_KIND_ZONE] = v_zone,
	[ZPF_KIND_RULESET] = v_ruleset,
	[ZPF_KIND_GROUP] = v_group,
	[ZPF_KIND_GROUPREF] = v_groupref,
	[ZPF_KIND_IFNAME] = v_ifname,
	[ZPF_KIND_IFMATCH] = v_ifmatch,
	[ZPF_KIND_VRF] = v_vrf,
	[ZPF_KIND_ADDR] = v_addr,
	[ZPF_KIND_MEMBER4] = v_member4,
	[ZPF_KIND_MEMBER6] = v_member6,
	[ZPF_KIND_PREFIX4] = v_prefix4,
	[ZPF_KIND_PREFIX6] = v_prefix6,
	[ZPF_KIND_PORTS] = v_ports,
	[ZPF_KIND_PORT] = v_port,
	[ZPF_KIND_PROTO] = v_proto,
	[ZPF_KIND_SPAN] = zpf_value_span,
	[ZPF_KIND_NOTSPAN] = zpf_value_notspan,
	[ZPF_KIND_CODE] = zpf_value_code,
	[ZPF_KIND_CODENUM] = zpf_value_codenum,
	[ZPF_KIND_MSS] = zpf_value_mss,
	[ZPF_KIND_MAC] = zpf_value_mac,
	[ZPF_KIND_NOTMAC] = zpf_value_notmac,
	[ZPF_KIND_ADDRMASK] = v_addrmask,
	[ZPF_KIND_RATE] = v_rate,
	[ZPF_KIND_ICMP4] = v_icmp4,
	[ZPF_KIND_ICMP6] = v_icmp6,
	[ZPF_KIND_DOMAIN] = v_domain,
	[ZPF_KIND_DOMAINREF] = v_domainref,
	[ZPF_KIND_COUNTRY] = v_country,
	[ZPF_KIND_URL] = v_url,
	[ZPF_KIND_TIME] = zpf_value_time,
	[ZPF_KIND_DATE] = zpf_value_date,
	[ZPF_KIND_DAYTIME] = zpf_value_daytime,
	[ZPF_KIND_WEEKDAYS] = zpf_value_weekdays,
};

static_assert(sizeof(readers) / sizeof(readers[0]) == ZPF_KIND_N,
	      "every kind of value has a reader");

/**
 * zpf_value_expects() - what may stand in a place, for messages
 * @kind: kind of value
 * @ctx: where it stands: words, bounds
 * @buf: gets the text
 * @size: bytes in @buf
 */
void zpf_value_expects(enum zpf_kind kind, const struct zpf_value_ctx *ctx,
		       char *buf, size_t size)
{
	size_t at = 0;

	if (kind == ZPF_KIND_NUM) {
		snprintf(buf, size, "a number %u-%u", ctx->lo, ctx->hi);
		return;
	}
	if (kind == ZPF_KIND_SPAN || kind == ZPF_KIND_NOTSPAN) {
		snprintf(buf, size, "%s in %u-%u%s", expects_of[kind], ctx->lo,
			 ctx->hi, kind == ZPF_KIND_NOTSPAN ?
			 ", with ! to negate" : "");
		return;
	}
	if (kind != ZPF_KIND_WORD && kind != ZPF_KIND_MASK &&
	    kind != ZPF_KIND_CODE && kind != ZPF_KIND_CODENUM) {
		snprintf(buf, size, "%s", expects_of[kind]);
		return;
	}
	buf[0] = '\0';
	for (const struct zpf_word *w = ctx->words; w && w->word; w++) {
		bool last = (!w[1].word || w[1].unenforced) &&
			kind != ZPF_KIND_CODENUM;
		int n;

		if (w->unenforced)
			continue;
		n = snprintf(buf + at, size - at, "%s%s", !at ? "" :
			     last ? " or " : ", ", w->word);
		if (n < 0 || (size_t)n >= size - at)
			return;
		at += (size_t)n;
	}
	if (kind == ZPF_KIND_CODENUM)
		snprintf(buf + at, size - at, " or a number %u-%u", ctx->lo,
			 ctx->hi);
}

/**
 * zpf_value_parse() - read a value
 * @kind: its kind
 * @ctx: where it stands; gets the message of a refusal
 * @text: as written, without quotes; may be kept by pointer in @out
 * @out: the C type of the kind; a MASK or COUNTRY adds to what is there
 *
 * Return: 0, or -1 with @ctx->err set
 */
int zpf_value_parse(enum zpf_kind kind, struct zpf_value_ctx *ctx,
		    const char *text, void *out)
{
	return readers[kind](ctx, text, out);
}
