/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel would get of a policy, byte by byte: the messages of its
 * transaction as zpf_push() makes them, without their sequence numbers. Two
 * policies that are the same there are the same to the kernel, whatever fields
 * a rule may have. Include it after test.h.
 */
#ifndef ZPF_SELFTESTS_WIRE_H
#define ZPF_SELFTESTS_WIRE_H

#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

#include "push.h"

#define WIRE_FAMILY 0x21

/**
 * struct wire - a transaction
 * @text: the messages, one after the other
 * @len: bytes
 * @answers: what is to be received yet
 */
struct wire {
	char *text;
	size_t len, cap;
	char answers[4096];
	size_t n_answers;
};

static void wire_answer(struct wire *w, struct nl_msg *msg)
{
	const struct nlmsghdr *nlh = nlmsg_hdr(msg);

	assert_true(w->n_answers + NLMSG_ALIGN(nlh->nlmsg_len) <= sizeof(w->answers));
	memcpy(w->answers + w->n_answers, nlh, nlh->nlmsg_len);
	w->n_answers += NLMSG_ALIGN(nlh->nlmsg_len);
	nlmsg_free(msg);
}

static void wire_message(struct wire *w, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = nlmsg_data((struct nlmsghdr *)nlh);
	struct nlmsghdr *copy;
	struct nlmsgerr ok = { .msg = *nlh };
	struct nl_msg *msg;

	if (w->len + nlh->nlmsg_len > w->cap) {
		w->cap = 2 * (w->len + nlh->nlmsg_len);
		w->text = realloc(w->text, w->cap);
		assert_non_null(w->text);
	}
	copy = (struct nlmsghdr *)(w->text + w->len);
	memcpy(copy, nlh, nlh->nlmsg_len);
	memset((char *)copy + offsetof(struct nlmsghdr, nlmsg_seq), 0,
	       sizeof(copy->nlmsg_seq));
	w->len += nlh->nlmsg_len;
	if (!(nlh->nlmsg_flags & NLM_F_ACK))
		return;
	if (genl->cmd == ZPF_CMD_TXN_COMMIT) {
		msg = nlmsg_alloc_size(256);
		genlmsg_put(msg, 0, nlh->nlmsg_seq, WIRE_FAMILY, 0, 0,
			    ZPF_CMD_TXN_COMMIT, 1);
		nla_put_u32(msg, ZPF_TXN_A_GENERATION, 1);
		nla_put_u64(msg, ZPF_TXN_A_BUILD_NS, 1);
		nla_put_u32(msg, ZPF_TXN_A_FLAGS, 0);
		wire_answer(w, msg);
	}
	msg = nlmsg_alloc_size(256);
	nlmsg_put(msg, 0, nlh->nlmsg_seq, NLMSG_ERROR, 0, NLM_F_CAPPED);
	nlmsg_append(msg, &ok, sizeof(ok), NLMSG_ALIGNTO);
	wire_answer(w, msg);
}

static int wire_send(void *priv, const void *buf, size_t len)
{
	const struct nlmsghdr *nlh = buf;
	int left = (int)len;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next((struct nlmsghdr *)nlh, &left))
		wire_message(priv, nlh);
	return 0;
}

static ssize_t wire_recv(void *priv, void *buf, size_t size, bool wait)
{
	struct wire *w = priv;
	size_t len;

	if (!w->n_answers) {
		assert_false(wait);
		return -EAGAIN;
	}
	len = NLMSG_ALIGN(((struct nlmsghdr *)w->answers)->nlmsg_len);
	assert_true(len <= size);
	memcpy(buf, w->answers, len);
	memmove(w->answers, w->answers + len, w->n_answers - len);
	w->n_answers -= len;
	return (ssize_t)len;
}

static const struct zpf_nl_ops wire_ops = { .send = wire_send, .recv = wire_recv };

/* The transaction of a policy; free its text. */
static struct wire wire_of(const struct zpf_policy *p)
{
	struct zpf_push_result res = { 0 };
	struct zpf_diag diag = { 0 };
	struct wire w = { NULL };
	struct zpf_nl *nl = zpf_nl_new(&wire_ops, &w, true);

	assert_non_null(p);
	nl->family = WIRE_FAMILY;
	if (zpf_push(nl, p, NULL, &res, &diag)) {
		zpf_diag_print(&diag, stderr);
		fail_msg("the transaction was not sent");
	}
	assert_int_equal(res.generation, 1);
	zpf_diag_free(&diag);
	zpf_nl_close(nl);
	return w;
}

/* Both compiled policies are the same to the kernel. */
static void same_to_the_kernel(const struct job *a, const struct job *b)
{
	struct wire x = wire_of(a->policy), y = wire_of(b->policy);

	assert_int_equal(x.len, y.len);
	assert_memory_equal(x.text, y.text, x.len);
	free(x.text);
	free(y.text);
}

#endif /* ZPF_SELFTESTS_WIRE_H */
