// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink transport: see nl.h. The kernel handles a datagram while it is
 * being sent, so whatever it has against a batch is waiting to be read when
 * send returns: after every datagram the socket is read empty without
 * blocking. Hence no deadlock, and the messages a refusal may concern are
 * those of the datagram still in the buffer.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <poll.h>
#include <sys/socket.h>

#include <linux/zpf.h>

#include "attrs.h"
#include "nl.h"
#include "xmem.h"

#define ZPF_NL_RECV_SIZE	(256 * 1024)	/* a datagram we receive */
#define ZPF_NL_BATCH_SIZE	(128 * 1024)	/* a datagram we send */
#define ZPF_NL_SOCKET_BUF	(4 * 1024 * 1024)

/* The real transport: a libnl socket. */

static int zpf_nl_sock_send(void *priv, const void *buf, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nl_sock *sk = priv;
	ssize_t n;

	do
		n = sendto(nl_socket_get_fd(sk), buf, len, 0,
			   (struct sockaddr *)&kernel, sizeof(kernel));
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static ssize_t zpf_nl_sock_recv(void *priv, void *buf, size_t size, bool wait)
{
	struct sockaddr_nl from;
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	struct nl_sock *sk = priv;
	ssize_t n;

	do {
		n = recvmsg(nl_socket_get_fd(sk), &msg, wait ? 0 : MSG_DONTWAIT);
	} while ((n < 0 && errno == EINTR) ||
		 (n >= 0 && from.nl_pid != 0));	/* not from the kernel */
	if (n < 0)
		return -errno;
	if (msg.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	return n;
}

static int zpf_nl_sock_join(void *priv, uint32_t group)
{
	struct nl_sock *sk = priv;

	return setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
			  &group, sizeof(group)) ? -errno : 0;
}

static void zpf_nl_sock_close(void *priv)
{
	nl_socket_free(priv);
}

static const struct zpf_nl_ops zpf_nl_sock_ops = {
	.send = zpf_nl_sock_send,
	.recv = zpf_nl_sock_recv,
	.join = zpf_nl_sock_join,
	.close = zpf_nl_sock_close,
};

struct zpf_nl *zpf_nl_new(const struct zpf_nl_ops *ops, void *priv, bool genl)
{
	struct zpf_nl *nl = zpf_xcalloc(1, sizeof(*nl));

	nl->ops = ops;
	nl->priv = priv;
	nl->genl = genl;
	nl->rbuf = zpf_xcalloc(1, ZPF_NL_RECV_SIZE);
	nl->batch = zpf_xcalloc(1, ZPF_NL_BATCH_SIZE);
	return nl;
}

static int zpf_nl_fail(struct zpf_nl *nl, int code, const char *sentence)
{
	memset(&nl->err, 0, sizeof(nl->err));
	nl->err.code = code;
	if (sentence)
		snprintf(nl->err.sentence, sizeof(nl->err.sentence), "%s", sentence);
	return -1;
}

int zpf_nl_open(struct zpf_nl **out, int protocol)
{
	struct nl_sock *sk = zpf_xcheck(nl_socket_alloc());
	struct zpf_nl *nl;
	int size = ZPF_NL_SOCKET_BUF, one = 1, fd;

	nl = zpf_nl_new(&zpf_nl_sock_ops, sk, protocol == NETLINK_GENERIC);
	*out = nl;
	if (nl_connect(sk, protocol) < 0)
		return zpf_nl_fail(nl, errno ? errno : EIO,
				   "cannot open a netlink socket");
	fd = nl_socket_get_fd(sk);
	/* A large dump comes in bursts; without the privilege less will do. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	return 0;
}

void zpf_nl_close(struct zpf_nl *nl)
{
	if (!nl)
		return;
	if (nl->ops->close)
		nl->ops->close(nl->priv);
	nlmsg_free(nl->spare);
	free(nl->rbuf);
	free(nl->batch);
	free(nl->refs);
	free(nl);
}

/*
 * zpf_nl_refused() - decode an error or the end of a failed dump
 * @tlv: the extended ack's attributes
 * @tlv_len: their length
 * @req: the message the error concerns, or NULL
 */
static void zpf_nl_refused(struct zpf_nl *nl, int code, const void *tlv,
			   int tlv_len, const struct nlmsghdr *req)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = { NULL };
	const struct nlattr *pos;
	uint32_t offset = 0;
	int rem;

	zpf_nl_fail(nl, code, NULL);
	nla_for_each_attr(pos, (struct nlattr *)tlv, tlv_len, rem)
		if (nla_type(pos) <= NLMSGERR_ATTR_MAX)
			tb[nla_type(pos)] = (struct nlattr *)pos;
	if (tb[NLMSGERR_ATTR_MSG])
		snprintf(nl->err.kernel, sizeof(nl->err.kernel), "%.*s",
			 (int)strnlen(nla_data(tb[NLMSGERR_ATTR_MSG]),
				      nla_len(tb[NLMSGERR_ATTR_MSG])),
			 (char *)nla_data(tb[NLMSGERR_ATTR_MSG]));
	if (!req || !nl->genl || req->nlmsg_type != nl->family)
		return;
	if (tb[NLMSGERR_ATTR_MISS_TYPE] &&
	    nla_len(tb[NLMSGERR_ATTR_MISS_TYPE]) >= 4) {
		if (tb[NLMSGERR_ATTR_MISS_NEST] &&
		    nla_len(tb[NLMSGERR_ATTR_MISS_NEST]) >= 4)
			offset = nla_get_u32(tb[NLMSGERR_ATTR_MISS_NEST]);
		nl->err.missing = true;
		zpf_attr_missing(req, offset, nla_get_u32(tb[NLMSGERR_ATTR_MISS_TYPE]),
				 nl->err.attr, sizeof(nl->err.attr));
	} else if (tb[NLMSGERR_ATTR_OFFS] && nla_len(tb[NLMSGERR_ATTR_OFFS]) >= 4) {
		zpf_attr_at(req, nla_get_u32(tb[NLMSGERR_ATTR_OFFS]),
			    nl->err.attr, sizeof(nl->err.attr));
	}
}

/* The message of the batch with that sequence number. */
static const struct nlmsghdr *zpf_nl_sent(struct zpf_nl *nl, uint32_t seq)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->batch;
	int left = nl->batch_len;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next((struct nlmsghdr *)nlh, &left))
		if (nlh->nlmsg_seq == seq)
			return nlh;
	return NULL;
}

/* What the kernel says in an NLMSG_ERROR or NLMSG_DONE; 0 if it is content. */
static int zpf_nl_verdict(struct zpf_nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsghdr *req;
	const char *tlv;
	size_t head;
	int code;

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *e = nlmsg_data(nlh);

		if ((size_t)nlmsg_datalen(nlh) < sizeof(*e))
			return zpf_nl_fail(nl, EBADMSG, NULL);
		code = e->error;
		head = sizeof(*e);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED) &&
		    e->msg.nlmsg_len > NLMSG_HDRLEN)
			head += e->msg.nlmsg_len - NLMSG_HDRLEN;
	} else {
		if (nlmsg_datalen(nlh) < (int)sizeof(code))
			return 0;
		memcpy(&code, nlmsg_data(nlh), sizeof(code));
		head = sizeof(code);
	}
	if (code >= 0)
		return 0;

	head = NLMSG_ALIGN(head);
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    head > (size_t)nlmsg_datalen(nlh))
		head = nlmsg_datalen(nlh);
	tlv = (const char *)nlmsg_data(nlh) + head;
	req = zpf_nl_sent(nl, nlh->nlmsg_seq);
	zpf_nl_refused(nl, -code, tlv, nlmsg_datalen(nlh) - head, req);
	if (req && nlh->nlmsg_seq - nl->batch_seq < nl->n_refs)
		nl->err.ref = nl->refs[nlh->nlmsg_seq - nl->batch_seq];
	return -1;
}

/*
 * zpf_nl_read() - read answers
 * @wait: until the message with the last sequence number has been answered;
 *	otherwise only what is there
 *
 * Answers to messages before the batch are left-overs of an earlier failure
 * and not looked at.
 */
static int zpf_nl_read(struct zpf_nl *nl, bool wait, zpf_nl_cb *cb, void *arg)
{
	bool interrupted = false, lost = false;
	const struct nlmsghdr *nlh;
	ssize_t n;
	int left, ret;

	for (;;) {
		n = nl->ops->recv(nl->priv, nl->rbuf, ZPF_NL_RECV_SIZE, wait);
		if (n == -EAGAIN || n == -EWOULDBLOCK)
			return lost ? zpf_nl_fail(nl, ENOBUFS, NULL) : 0;
		if (n == -ENOBUFS && !lost) {
			/* What was queued before the overrun can still be read. */
			lost = true;
			if (wait)
				return zpf_nl_fail(nl, ENOBUFS, NULL);
			continue;
		}
		if (n <= 0)
			return zpf_nl_fail(nl, n ? -n : EIO, NULL);
		left = n;
		for (nlh = (const struct nlmsghdr *)nl->rbuf; nlmsg_ok(nlh, left);
		     nlh = nlmsg_next((struct nlmsghdr *)nlh, &left)) {
			if (nlh->nlmsg_seq - nl->batch_seq > nl->seq - nl->batch_seq)
				continue;
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = true;
			if (nlh->nlmsg_type == NLMSG_ERROR ||
			    nlh->nlmsg_type == NLMSG_DONE) {
				if (zpf_nl_verdict(nl, nlh))
					return -1;
				if (nlh->nlmsg_seq != nl->seq)
					continue;
				return interrupted ? zpf_nl_fail(nl, EINTR, NULL) : 0;
			}
			if (nlh->nlmsg_type < NLMSG_MIN_TYPE || !cb)
				continue;
			ret = cb(nlh, arg);
			if (ret)
				return zpf_nl_fail(nl, -ret, NULL);
		}
	}
}

static int zpf_nl_send_batch(struct zpf_nl *nl)
{
	int ret = nl->ops->send(nl->priv, nl->batch, nl->batch_len);

	if (ret)
		/* ENOBUFS here is an skb the kernel could not allocate */
		return zpf_nl_fail(nl, ret == -ENOBUFS ? ENOMEM : -ret,
				   "cannot send to the kernel");
	return 0;
}

static void zpf_nl_batch_reset(struct zpf_nl *nl)
{
	nl->batch_len = 0;
	nl->n_refs = 0;
	nl->batch_seq = nl->seq + 1;
}

/* Bytes of a message whose attributes need as many as @room. */
static size_t zpf_nl_size(size_t room)
{
	return NLMSG_HDRLEN + GENL_HDRLEN + room;
}

/*
 * A message has been sent or will not be: its memory does for the next one, if
 * it has the room the next one may need.
 */
static void zpf_nl_done(struct zpf_nl *nl, struct nl_msg *msg)
{
	if (nl->spare || nlmsg_get_max_size(msg) < zpf_nl_size(ZPF_NL_ROOM))
		nlmsg_free(msg);
	else
		nl->spare = msg;
}

/* Gives a message its number and puts it behind the batch. */
static int zpf_nl_append(struct zpf_nl *nl, struct nl_msg *msg, int flags,
			 struct zpf_nl_ref ref)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	size_t len = NLMSG_ALIGN(nlh->nlmsg_len);

	if (len > ZPF_NL_BATCH_SIZE - nl->batch_len) {
		zpf_nl_done(nl, msg);
		return zpf_nl_fail(nl, EMSGSIZE, NULL);
	}
	nlh->nlmsg_flags |= NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++nl->seq;
	nlh->nlmsg_pid = 0;
	memset(nl->batch + nl->batch_len, 0, len);
	memcpy(nl->batch + nl->batch_len, nlh, nlh->nlmsg_len);
	nl->batch_len += len;
	if (nl->n_refs == nl->cap_refs)
		nl->refs = zpf_xgrow(nl->refs, &nl->cap_refs, sizeof(*nl->refs));
	nl->refs[nl->n_refs++] = ref;
	zpf_nl_done(nl, msg);
	return 0;
}

static int zpf_nl_talk(struct zpf_nl *nl, struct nl_msg *msg, int flags,
		       zpf_nl_cb *cb, void *arg)
{
	int ret;

	if (nl->batch_len && zpf_nl_flush(nl)) {
		zpf_nl_done(nl, msg);
		return -1;
	}
	zpf_nl_batch_reset(nl);
	ret = zpf_nl_append(nl, msg, flags, (struct zpf_nl_ref){ 0 });
	if (!ret)
		ret = zpf_nl_send_batch(nl);
	if (!ret)
		ret = zpf_nl_read(nl, true, cb, arg);
	nl->batch_len = 0;
	return ret;
}

int zpf_nl_request(struct zpf_nl *nl, struct nl_msg *msg, zpf_nl_cb *cb, void *arg)
{
	return zpf_nl_talk(nl, msg, NLM_F_ACK, cb, arg);
}

int zpf_nl_dump(struct zpf_nl *nl, struct nl_msg *msg, zpf_nl_cb *cb, void *arg)
{
	return zpf_nl_talk(nl, msg, NLM_F_DUMP, cb, arg);
}

int zpf_nl_flush(struct zpf_nl *nl)
{
	int ret = 0;

	if (nl->batch_len) {
		ret = zpf_nl_send_batch(nl);
		if (!ret)
			ret = zpf_nl_read(nl, false, NULL, NULL);
	}
	zpf_nl_batch_reset(nl);
	return ret;
}

int zpf_nl_queue(struct zpf_nl *nl, struct nl_msg *msg, struct zpf_nl_ref ref)
{
	size_t len = NLMSG_ALIGN(nlmsg_hdr(msg)->nlmsg_len);

	if (nl->batch_len && nl->batch_len + len > ZPF_NL_BATCH_SIZE &&
	    zpf_nl_flush(nl)) {
		zpf_nl_done(nl, msg);
		return -1;
	}
	if (!nl->batch_len)
		zpf_nl_batch_reset(nl);
	return zpf_nl_append(nl, msg, 0, ref);
}

struct nl_msg *zpf_nl_msg(struct zpf_nl *nl, uint8_t cmd, size_t room)
{
	struct nl_msg *msg = nl->spare;

	if (msg && room <= ZPF_NL_ROOM) {
		nl->spare = NULL;
		nlmsg_hdr(msg)->nlmsg_len = NLMSG_HDRLEN;
	} else {
		msg = zpf_xcheck(nlmsg_alloc_size(zpf_nl_size(
			room > ZPF_NL_ROOM ? room : ZPF_NL_ROOM)));
	}
	zpf_xcheck(genlmsg_put(msg, 0, 0, nl->family, 0, 0, cmd, ZPF_GENL_VERSION));
	return msg;
}

int zpf_nl_attrs(const struct nlmsghdr *nlh, struct nlattr **tb, int max)
{
	return nlmsg_parse((struct nlmsghdr *)nlh, GENL_HDRLEN, tb, max, NULL) < 0 ?
		-EBADMSG : 0;
}

/* Number of the events' group, among the groups of the family. */
static uint32_t zpf_nl_group(const struct nlattr *groups)
{
	struct nlattr *tb[CTRL_ATTR_MCAST_GRP_MAX + 1];
	struct nlattr *pos;
	int rem;

	nla_for_each_nested(pos, (struct nlattr *)groups, rem) {
		if (nla_parse_nested(tb, CTRL_ATTR_MCAST_GRP_MAX, pos, NULL) < 0 ||
		    !tb[CTRL_ATTR_MCAST_GRP_NAME] || !tb[CTRL_ATTR_MCAST_GRP_ID] ||
		    nla_len(tb[CTRL_ATTR_MCAST_GRP_ID]) < 4)
			continue;
		if (!strncmp(nla_data(tb[CTRL_ATTR_MCAST_GRP_NAME]), ZPF_GENL_MCGRP_EVENTS,
			     nla_len(tb[CTRL_ATTR_MCAST_GRP_NAME])))
			return nla_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
	}
	return 0;
}

static int zpf_nl_family_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct zpf_nl *nl = arg;

	if (zpf_nl_attrs(nlh, tb, CTRL_ATTR_MAX) || !tb[CTRL_ATTR_FAMILY_ID] ||
	    nla_len(tb[CTRL_ATTR_FAMILY_ID]) < 2)
		return -EBADMSG;
	nl->family = nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	if (tb[CTRL_ATTR_VERSION] && nla_len(tb[CTRL_ATTR_VERSION]) >= 4)
		nl->family_version = nla_get_u32(tb[CTRL_ATTR_VERSION]);
	if (tb[CTRL_ATTR_MCAST_GROUPS])
		nl->events = zpf_nl_group(tb[CTRL_ATTR_MCAST_GROUPS]);
	return 0;
}

int zpf_nl_open_zpf(struct zpf_nl **out)
{
	struct nl_msg *msg;
	struct zpf_nl *nl;
	int code;

	if (zpf_nl_open(out, NETLINK_GENERIC))
		return -1;
	nl = *out;
	msg = zpf_xcheck(nlmsg_alloc_size(128));
	zpf_xcheck(genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, CTRL_CMD_GETFAMILY, 1));
	zpf_attr_put_string(msg, CTRL_ATTR_FAMILY_NAME, ZPF_GENL_NAME);
	if (zpf_nl_request(nl, msg, zpf_nl_family_cb, nl)) {
		code = nl->err.code;
		return zpf_nl_fail(nl, code, code == ENOENT ?
				   "zpf: the kernel module is not loaded: modprobe zpf" :
				   NULL);
	}
	if (nl->family_version != ZPF_GENL_VERSION) {
		zpf_nl_fail(nl, EPROTO, NULL);
		snprintf(nl->err.sentence, sizeof(nl->err.sentence),
			 "the module speaks contract %u, this zpfctl %u: install both from the same release",
			 nl->family_version, ZPF_GENL_VERSION);
		return -1;
	}
	return 0;
}

int zpf_nl_join(struct zpf_nl *nl)
{
	int ret = nl->events ? nl->ops->join(nl->priv, nl->events) : -EPROTO;

	return ret ? zpf_nl_fail(nl, -ret, "cannot listen to events") : 0;
}

/* One datagram to @cb. Return: 0, -EAGAIN, -ENOBUFS, or what ends it all */
static int zpf_nl_hear(struct zpf_nl *nl, bool wait, zpf_nl_cb *cb, void *arg)
{
	const struct nlmsghdr *nlh;
	int left, ret;
	ssize_t n;

	n = nl->ops->recv(nl->priv, nl->rbuf, ZPF_NL_RECV_SIZE, wait);
	if (n <= 0)
		return n ? n : -EIO;
	left = n;
	for (nlh = (const struct nlmsghdr *)nl->rbuf; nlmsg_ok(nlh, left);
	     nlh = nlmsg_next((struct nlmsghdr *)nlh, &left)) {
		ret = nlh->nlmsg_type == nl->family ? cb(nlh, arg) : 0;
		if (ret)
			return ret;
	}
	return 0;
}

int zpf_nl_listen(struct zpf_nl *nl, zpf_nl_cb *cb,
		  int (*overrun)(void *arg, bool drained), void *arg)
{
	int ret;

	for (;;) {
		ret = zpf_nl_hear(nl, true, cb, arg);
		/* The queue ran over: what stands in it is still to be had. */
		while (ret == -ENOBUFS) {
			ret = overrun(arg, false);
			while (!ret)
				ret = zpf_nl_hear(nl, false, cb, arg);
			if (ret == -EAGAIN || ret == -EWOULDBLOCK)
				ret = overrun(arg, true);
		}
		if (ret)
			return zpf_nl_fail(nl, -ret, NULL);
	}
}

/* What an errno means here, where the kernel has no words of its own. */
static const struct {
	int code;
	const char *text;
} zpf_nl_words[] = {
	{ EPERM,	"no permission: needs CAP_NET_ADMIN in the initial user namespace" },
	{ EACCES,	"no permission: needs CAP_NET_ADMIN in the initial user namespace" },
	{ ENOENT,	"no policy is loaded" },
	{ ESTALE,	"another commit came in between" },
	{ EBUSY,	"a transaction is already under way" },
	{ ENOMEM,	"the kernel is out of memory" },
	{ ENOBUFS,	"the kernel's answer did not fit the receive buffer" },
	{ EINTR,	"the policy kept changing while it was read" },
	{ EINVAL,	"a value is not valid" },
	{ ERANGE,	"a value is out of range" },
	{ E2BIG,	"more than the kernel takes" },
	{ EMSGSIZE,	"a message is too large" },
	{ EEXIST,	"it is already there" },
	{ EBADMSG,	"a message of the kernel cannot be read: tool and module do not match" },
	{ EOPNOTSUPP,	"the module does not know this request: tool and module do not match" },
	{ EAFNOSUPPORT,	"the kernel lacks this address family" },
	{ EPROTONOSUPPORT, "the kernel has no generic netlink" },
};

const char *zpf_nl_why(const struct zpf_nl *nl, char *buf, size_t size)
{
	const struct zpf_nl_error *e = &nl->err;
	const char *words = e->kernel;
	size_t i, len;

	for (i = 0; !*words && i < ZPF_ARRAY_LEN(zpf_nl_words); i++)
		if (zpf_nl_words[i].code == e->code)
			words = zpf_nl_words[i].text;
	if (!*words)
		words = strerror(e->code);
	if (*e->sentence) {
		snprintf(buf, size, "%s", e->sentence);
		if (e->code != ENOENT && e->code != EPROTO) {
			len = strlen(buf);
			snprintf(buf + len, size - len, ": %s", words);
		}
		return buf;
	}
	snprintf(buf, size, "%s", words);
	len = strlen(buf);
	if (*e->attr)
		snprintf(buf + len, size - len, " (%sattribute %s)",
			 e->missing ? "missing " : "", e->attr);
	return buf;
}
