// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl monitor: events of the namespace as they happen, one line each, until
 * interrupted. Events are numbered by the kernel: a gap is what this reader
 * was too slow for.
 */
#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "drops.h"
#include "show.h"
#include "xmem.h"

/** struct zpf_event_kind - a row an event; fields are written by @json, @text */
struct zpf_event_kind {
	uint8_t type;
	const char *word;
	const char *group;	/* the operand that asks for it */
	void (*json)(struct zpf_out *o, struct nlattr **tb);
	void (*text)(FILE *f, struct nlattr **tb);
};

/**
 * struct zpf_monitor - what is watched
 * @seq: number of the newest event that came, or is known to be lost
 * @newest: number of the newest there was when the queue had run over
 */
struct zpf_monitor {
	struct zpf_out *o;
	const char *group;
	uint64_t seq, newest;
};

static const char *zpf_event_string(struct nlattr **tb, int attr)
{
	return tb[attr] ? nla_get_string(tb[attr]) : NULL;
}

static void zpf_commit_json(struct zpf_out *o, struct nlattr **tb)
{
	zpf_json_uint(o, "generation", zpf_get_u32(tb, ZPF_EVENT_A_GENERATION));
}

static void zpf_commit_text(FILE *f, struct nlattr **tb)
{
	fprintf(f, "generation %" PRIu32, zpf_get_u32(tb, ZPF_EVENT_A_GENERATION));
}

static void zpf_disarm_json(struct zpf_out *o, struct nlattr **tb)
{
	zpf_json_string(o, "mode", zpf_mode_word(zpf_get_u8(tb, ZPF_EVENT_A_MODE)));
}

static void zpf_disarm_text(FILE *f, struct nlattr **tb)
{
	fputs(zpf_mode_word(zpf_get_u8(tb, ZPF_EVENT_A_MODE)), f);
}

static void zpf_iface_json(struct zpf_out *o, struct nlattr **tb)
{
	zpf_json_string(o, "interface", zpf_event_string(tb, ZPF_EVENT_A_IFNAME));
	zpf_json_uint(o, "ifindex", zpf_get_u32(tb, ZPF_EVENT_A_IFINDEX));
	zpf_json_string(o, "zone", zpf_event_string(tb, ZPF_EVENT_A_ZONE));
}

static void zpf_iface_text(FILE *f, struct nlattr **tb)
{
	const char *name = zpf_event_string(tb, ZPF_EVENT_A_IFNAME);
	const char *zone = zpf_event_string(tb, ZPF_EVENT_A_ZONE);

	fprintf(f, "%s %s%s", name ? name : "?", zone ? "zone " : "no zone",
		zone ? zone : "");
}

static int zpf_event_drop(struct nlattr **tb, struct zpf_drop *d)
{
	struct nlattr *in[ZPF_DROP_A_MAX + 1];

	if (!tb[ZPF_EVENT_A_DROP] ||
	    nla_parse_nested(in, ZPF_DROP_A_MAX, tb[ZPF_EVENT_A_DROP], NULL) < 0)
		return -EBADMSG;
	return zpf_drop_read(in, d);
}

static uint64_t zpf_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void zpf_news_json(struct zpf_out *o, struct nlattr **tb)
{
	struct zpf_snapshot clocks = {
		.status.unix_ns = zpf_clock(CLOCK_REALTIME),
		.status.boottime_ns = zpf_clock(CLOCK_BOOTTIME),
	};
	struct zpf_drop d;

	if (!zpf_event_drop(tb, &d))
		zpf_drop_json(o, &d, &clocks);
}

static void zpf_news_text(FILE *f, struct nlattr **tb)
{
	char proto[ZPF_DROP_TEXT], port[ZPF_DROP_TEXT], place[ZPF_DROP_TEXT];
	char sample[ZPF_DROP_TEXT];
	const char *p, *n;
	struct zpf_drop d;

	if (zpf_event_drop(tb, &d))
		return;
	p = zpf_drop_proto(proto, &d.key);
	n = zpf_drop_port(port, &d.key);
	fprintf(f, "%s > %s: %s%s%s by %s: %s", d.key.from, d.key.to, p ? p : "?",
		n ? " " : "", n ? n : "", zpf_drop_place(place, &d.key),
		zpf_drop_sample(sample, &d));
}

static void zpf_wait_json(struct zpf_out *o, struct nlattr **tb)
{
	zpf_commit_json(o, tb);
	zpf_json_uint(o, "seconds", zpf_get_u32(tb, ZPF_EVENT_A_SECONDS));
}

static void zpf_wait_text(FILE *f, struct nlattr **tb)
{
	zpf_commit_text(f, tb);
	fprintf(f, " within %" PRIu32 " s", zpf_get_u32(tb, ZPF_EVENT_A_SECONDS));
}

static void zpf_revert_json(struct zpf_out *o, struct nlattr **tb)
{
	zpf_disarm_json(o, tb);
	if (tb[ZPF_EVENT_A_GENERATION])
		zpf_commit_json(o, tb);
	else
		zpf_json_null(o, "generation");
}

static void zpf_revert_text(FILE *f, struct nlattr **tb)
{
	fputs("to ", f);
	if (tb[ZPF_EVENT_A_GENERATION])
		zpf_commit_text(f, tb);
	else
		zpf_disarm_text(f, tb);
}

static const struct zpf_event_kind zpf_event_kinds[] = {
	{ ZPF_EVENT_COMMIT, "commit", "commits", zpf_commit_json, zpf_commit_text },
	{ ZPF_EVENT_DISARM, "disarm", "commits", zpf_disarm_json, zpf_disarm_text },
	{ ZPF_EVENT_CONFIRM_WAIT, "confirm", "commits", zpf_wait_json, zpf_wait_text },
	{ ZPF_EVENT_CONFIRMED, "confirmed", "commits", zpf_commit_json, zpf_commit_text },
	{ ZPF_EVENT_REVERTED, "reverted", "commits", zpf_revert_json, zpf_revert_text },
	{ ZPF_EVENT_JOIN, "join", "interfaces", zpf_iface_json, zpf_iface_text },
	{ ZPF_EVENT_LEAVE, "leave", "interfaces", zpf_iface_json, zpf_iface_text },
	{ ZPF_EVENT_DROP, "drop", "drops", zpf_news_json, zpf_news_text },
};

/* What a line of any kind begins with. */
static void zpf_event_head(struct zpf_out *o, const char *word)
{
	char now[ZPF_TIME_LEN];

	zpf_time_rfc3339(now, zpf_clock(CLOCK_REALTIME));
	if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_string(o, "time", now);
		zpf_json_string(o, "event", word);
	} else {
		fprintf(o->f, "%s %s ", now, word);
	}
}

static void zpf_event_tail(struct zpf_out *o)
{
	if (o->json)
		zpf_json_close(o, '{');
	else
		fputc('\n', o->f);
	fflush(o->f);
}

static void zpf_event_lost(struct zpf_out *o, uint64_t n)
{
	zpf_event_head(o, "lost");
	if (o->json)
		zpf_json_uint(o, "count", n);
	else
		fprintf(o->f, "%" PRIu64 " events", n);
	zpf_event_tail(o);
}

static int zpf_event_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[ZPF_EVENT_A_MAX + 1];
	const struct zpf_event_kind *kind;
	struct zpf_monitor *m = arg;
	uint64_t seq;
	uint8_t type;
	size_t i;

	if (zpf_nl_attrs(nlh, tb, ZPF_EVENT_A_MAX) || !tb[ZPF_EVENT_A_TYPE])
		return -EBADMSG;
	seq = zpf_get_u64(tb, ZPF_EVENT_A_SEQ);
	if (seq > m->seq + 1)
		zpf_event_lost(m->o, seq - m->seq - 1);
	if (seq > m->seq)
		m->seq = seq;
	type = zpf_get_u8(tb, ZPF_EVENT_A_TYPE);
	for (i = 0; i < ZPF_ARRAY_LEN(zpf_event_kinds); i++) {
		kind = &zpf_event_kinds[i];
		if (kind->type != type || (m->group && strcmp(m->group, kind->group)))
			continue;
		zpf_event_head(m->o, kind->word);
		if (m->o->json)
			kind->json(m->o, tb);
		else
			kind->text(m->o->f, tb);
		zpf_event_tail(m->o);
	}
	return ferror(m->o->f) ? -EIO : 0;
}

/* Number of the newest event, asked by a socket of its own. */
static int zpf_event_newest(uint64_t *newest)
{
	struct zpf_snapshot s;
	struct zpf_nl *nl;
	int ret = 0;

	if (zpf_nl_open_zpf(&nl) || zpf_fetch(nl, 0, &s))
		ret = -nl->err.code;
	else
		*newest = s.status.events;
	zpf_nl_close(nl);
	return ret;
}

/* What was lost at the end of a storm is told without waiting for the next. */
static int zpf_event_overrun(void *arg, bool drained)
{
	struct zpf_monitor *m = arg;

	if (!drained)
		return zpf_event_newest(&m->newest);
	if (m->newest > m->seq) {
		zpf_event_lost(m->o, m->newest - m->seq);
		m->seq = m->newest;
	}
	return 0;
}

/** zpf_cmd_monitor() - run `zpfctl monitor` */
int zpf_cmd_monitor(struct zpf_ctx *ctx)
{
	struct zpf_monitor m = { .o = &ctx->out };
	struct zpf_nl *nl;
	char why[512];
	size_t i;
	int ret;

	if (ctx->argc) {
		for (i = 0; i < ZPF_ARRAY_LEN(zpf_event_kinds); i++)
			if (!strcmp(ctx->argv[0], zpf_event_kinds[i].group))
				m.group = zpf_event_kinds[i].group;
		if (!m.group)
			return zpf_cmd_usage(ctx->cmd, "'%s': expected drops, commits or interfaces",
					     ctx->argv[0]);
	}
	if (zpf_nl_open_zpf(&nl) || zpf_nl_join(nl) ||
	    zpf_event_newest(&m.seq) ||
	    zpf_nl_listen(nl, zpf_event_cb, zpf_event_overrun, &m))
		ret = zpf_cmd_error("%s", zpf_nl_why(nl, why, sizeof(why)));
	else
		ret = ZPF_EXIT_OK;
	zpf_nl_close(nl);
	return ret;
}
