// SPDX-License-Identifier: GPL-2.0-only
/*
 * GROUP_* of the contract: see named.h.
 */
#include <ctype.h>
#include <errno.h>

#include "named.h"
#include "range.h"
#include "xmem.h"

#define ZPF_NAMED_TRIES	8
#define ZPF_NAMED_CHUNK	32768	/* bytes of elements a message */
#define ZPF_NAMED_ROOM	512

static int zpf_named_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_GROUP_A_MAX + 1];
	struct zpf_named_all *all = arg;
	struct zpf_named *g;

	if (zpf_nl_attrs(nlh, tb, ZPF_GROUP_A_MAX) || !tb[ZPF_GROUP_A_NAME] ||
	    !tb[ZPF_GROUP_A_KIND] || !tb[ZPF_GROUP_A_COUNT] ||
	    !tb[ZPF_GROUP_A_REVISION])
		return -EBADMSG;
	if (all->n == all->cap)
		all->list = zpf_xgrow(all->list, &all->cap, sizeof(*all->list));
	g = &all->list[all->n++];
	memset(g, 0, sizeof(*g));
	g->name = zpf_xcheck(strndup(nla_data(tb[ZPF_GROUP_A_NAME]),
				     nla_len(tb[ZPF_GROUP_A_NAME])));
	g->v6 = nla_get_u8(tb[ZPF_GROUP_A_KIND]) == ZPF_SET_IPV6;
	g->dynamic = tb[ZPF_GROUP_A_DYNAMIC];
	g->count = nla_get_u32(tb[ZPF_GROUP_A_COUNT]);
	g->revision = nla_get_u32(tb[ZPF_GROUP_A_REVISION]);
	if (tb[ZPF_GROUP_A_FILLED_NS])
		g->filled_ns = nla_get_u64(tb[ZPF_GROUP_A_FILLED_NS]);
	if (tb[ZPF_GROUP_A_EVICTED])
		g->evicted = nla_get_u64(tb[ZPF_GROUP_A_EVICTED]);
	return 0;
}

static int zpf_named_order(const void *a, const void *b)
{
	const struct zpf_named *x = a, *y = b;
	int diff = strcmp(x->name, y->name);

	return diff ? diff : x->v6 - y->v6;
}

/**
 * zpf_named_get() - the sets there are
 * @nl: a socket of zpf_nl_open_zpf()
 * @all: filled; zpf_named_free() also after a failure
 *
 * Return: 0 or -1 with the reason in @nl->err
 */
int zpf_named_get(struct zpf_nl *nl, struct zpf_named_all *all)
{
	int tries, ret = -1;

	memset(all, 0, sizeof(*all));
	for (tries = 0; tries < ZPF_NAMED_TRIES; tries++) {
		ret = zpf_nl_dump(nl, zpf_nl_msg(nl, ZPF_CMD_GROUP_GET, 64),
				  zpf_named_cb, all);
		if (!ret || (nl->err.code != EINTR && nl->err.code != ENOBUFS))
			break;
		zpf_named_free(all);
	}
	if (all->n)
		qsort(all->list, all->n, sizeof(*all->list), zpf_named_order);
	return ret;
}

/** zpf_named_free() - free what @all holds (not @all itself) */
void zpf_named_free(struct zpf_named_all *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		free(all->list[i].name);
	free(all->list);
	memset(all, 0, sizeof(*all));
}

/* "X" means domain:X, remote:X and dynamic:X; hosts and countries say so. */
static bool zpf_named_is(const char *name, const char *word)
{
	static const char * const plain[] = { "domain:", "remote:", "dynamic:" };
	size_t i;

	if (!strncasecmp(word, "geoip:", 6) || !strncasecmp(word, "fqdn:", 5))
		return !strcasecmp(name, word);
	if (!strcmp(name, word))
		return true;
	for (i = 0; i < ZPF_ARRAY_LEN(plain); i++)
		if (!strncmp(name, plain[i], strlen(plain[i])) &&
		    !strcmp(name + strlen(plain[i]), word))
			return true;
	return false;
}

/**
 * zpf_named_find() - the set a word means
 * @all: the sets there are
 * @word: a name, or a group's own
 * @why: gets the reason of a failure
 * @size: its size
 *
 * Return: its first family (the other one may stand behind it), or NULL
 */
const struct zpf_named *zpf_named_find(const struct zpf_named_all *all,
				       const char *word, char *why, size_t size)
{
	const struct zpf_named *found = NULL;
	size_t i;

	for (i = 0; i < all->n; i++) {
		if (!zpf_named_is(all->list[i].name, word))
			continue;
		if (found && strcmp(found->name, all->list[i].name)) {
			snprintf(why, size, "'%s' may be %s or %s: say which", word,
				 found->name, all->list[i].name);
			return NULL;
		}
		if (!found)
			found = &all->list[i];
	}
	if (!found)
		snprintf(why, size, "the running policy has no domain, remote or dynamic group %s, and no fqdn or geoip of this name",
			 word);
	return found;
}

struct zpf_elems_arg {
	const struct zpf_named *set;
	struct zpf_named_elems *elems;
};

static int zpf_elems_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_GROUP_A_MAX + 1];
	const struct zpf_elems_arg *a = arg;
	struct zpf_named_elems *e = a->elems;
	size_t size = a->set->v6 ? sizeof(*e->r6) : sizeof(*e->r4);
	size_t n;

	if (zpf_nl_attrs(nlh, tb, ZPF_GROUP_A_MAX))
		return -EBADMSG;
	if (!tb[ZPF_GROUP_A_ELEMS])
		return 0;
	n = nla_len(tb[ZPF_GROUP_A_ELEMS]) / size;
	if (a->set->dynamic && (!tb[ZPF_GROUP_A_LEFT_NS] ||
				nla_len(tb[ZPF_GROUP_A_LEFT_NS]) != (int)(n * 8)))
		return -EBADMSG;
	while (e->n + n > e->cap) {
		size_t cap = e->cap;

		if (a->set->v6)
			e->r6 = zpf_xgrow(e->r6, &e->cap, sizeof(*e->r6));
		else
			e->r4 = zpf_xgrow(e->r4, &e->cap, sizeof(*e->r4));
		e->left_ns = zpf_xgrow(e->left_ns, &cap, sizeof(*e->left_ns));
	}
	if (a->set->v6)
		memcpy(e->r6 + e->n, nla_data(tb[ZPF_GROUP_A_ELEMS]), n * size);
	else
		memcpy(e->r4 + e->n, nla_data(tb[ZPF_GROUP_A_ELEMS]), n * size);
	if (a->set->dynamic)
		memcpy(e->left_ns + e->n, nla_data(tb[ZPF_GROUP_A_LEFT_NS]), n * 8);
	e->n += n;
	return 0;
}

/**
 * zpf_named_elems_get() - what a set holds
 * @nl: a socket of zpf_nl_open_zpf()
 * @set: the set
 * @elems: filled; zpf_named_elems_free() also after a failure
 *
 * Return: 0 or -1 with the reason in @nl->err
 */
int zpf_named_elems_get(struct zpf_nl *nl, const struct zpf_named *set,
			struct zpf_named_elems *elems)
{
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_GROUP_ELEM_GET, ZPF_NAMED_ROOM);
	struct zpf_elems_arg arg = { set, elems };

	memset(elems, 0, sizeof(*elems));
	zpf_attr_put_string(msg, ZPF_GROUP_A_NAME, set->name);
	zpf_attr_put_u8(msg, ZPF_GROUP_A_KIND, set->v6 ? ZPF_SET_IPV6 : ZPF_SET_IPV4);
	return zpf_nl_dump(nl, msg, zpf_elems_cb, &arg);
}

/** zpf_named_elems_free() - free what @elems holds (not @elems itself) */
void zpf_named_elems_free(struct zpf_named_elems *elems)
{
	free(elems->r4);
	free(elems->r6);
	free(elems->left_ns);
	memset(elems, 0, sizeof(*elems));
}

/* Return: number of messages, or -1 */
static int zpf_named_put(struct zpf_nl *nl, uint8_t kind, const void *data,
			 size_t size, size_t n)
{
	size_t chunk = ZPF_NAMED_CHUNK / size, at = 0, some;
	struct zpf_nl_ref ref = { 0 };
	int messages = 0;
	struct nl_msg *msg;

	do {
		some = n - at < chunk ? n - at : chunk;
		msg = zpf_nl_msg(nl, ZPF_CMD_GROUP_ADD, ZPF_NAMED_ROOM + some * size);
		zpf_attr_put_u8(msg, ZPF_GROUP_A_KIND, kind);
		if (!at)
			zpf_attr_put_u32(msg, ZPF_GROUP_A_COUNT, n);
		if (some)
			zpf_attr_put(msg, ZPF_GROUP_A_ELEMS, some * size,
				(const char *)data + at * size);
		if (zpf_nl_queue(nl, msg, ref))
			return -1;
		messages++;
		at += some;
	} while (at < n);
	return messages;
}

static int zpf_named_commit_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_GROUP_A_MAX + 1];

	if (zpf_nl_attrs(nlh, tb, ZPF_GROUP_A_MAX) || !tb[ZPF_GROUP_A_REVISION])
		return -EBADMSG;
	*(uint32_t *)arg = nla_get_u32(tb[ZPF_GROUP_A_REVISION]);
	return 0;
}

/**
 * zpf_named_fill() - replace what a set holds
 * @nl: a socket of zpf_nl_open_zpf()
 * @name: its whole name
 * @v4: it has an IPv4 family
 * @v6: it has an IPv6 family
 * @list: the new contents
 * @revision: gets its revision
 *
 * Return: 0, or -1 with the reason in @nl->err and nothing changed
 */
int zpf_named_fill(struct zpf_nl *nl, const char *name, bool v4, bool v6,
		   const struct zpf_list *list, uint32_t *revision)
{
	struct nl_msg *msg = zpf_nl_msg(nl, ZPF_CMD_GROUP_BEGIN, ZPF_NAMED_ROOM);
	int n4 = 0, n6 = 0;

	zpf_attr_put_string(msg, ZPF_GROUP_A_NAME, name);
	if (zpf_nl_request(nl, msg, NULL, NULL))
		return -1;
	if (v4)
		n4 = zpf_named_put(nl, ZPF_SET_IPV4, list->r4, sizeof(*list->r4), list->n4);
	if (v6 && n4 >= 0)
		n6 = zpf_named_put(nl, ZPF_SET_IPV6, list->r6, sizeof(*list->r6), list->n6);
	if (n4 < 0 || n6 < 0 || zpf_nl_flush(nl))
		return -1;
	msg = zpf_nl_msg(nl, ZPF_CMD_GROUP_COMMIT, ZPF_NAMED_ROOM);
	zpf_attr_put_u32(msg, ZPF_GROUP_A_MESSAGES, n4 + n6);
	return zpf_nl_request(nl, msg, zpf_named_commit_cb, revision);
}
