/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netlink transport on libnl-3: one socket, requests and dumps, batches of
 * many messages, and extended acks decoded into words. Knows the envelope of
 * the zpf family, not its objects; the same code reads rtnetlink.
 */
#ifndef ZPF_CTL_NL_H
#define ZPF_CTL_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <netlink/msg.h>

#include "attr_put.h"

/**
 * struct zpf_nl_ops - how bytes get to the kernel and back; replaced in tests
 * @send: send one datagram; 0 or -errno
 * @recv: receive one datagram, waiting for it if @wait; its length, -EAGAIN
 *	if there is none, or -errno
 * @join: also receive what a multicast group gets; 0 or -errno
 * @close: release @priv
 */
struct zpf_nl_ops {
	int (*send)(void *priv, const void *buf, size_t len);
	ssize_t (*recv)(void *priv, void *buf, size_t size, bool wait);
	int (*join)(void *priv, uint32_t group);
	void (*close)(void *priv);
};

/**
 * struct zpf_nl_ref - what a message is about, for the decoding of a refusal
 * @kind: meaning of @a and @b, chosen by who queues the message
 * @a: first index
 * @b: second index
 */
struct zpf_nl_ref {
	int kind;
	size_t a, b;
};

/**
 * struct zpf_nl_error - why the last call failed
 * @code: errno, positive; 0: none
 * @sentence: said instead of all that follows, if not empty
 * @kernel: the kernel's words, or empty
 * @attr: name of the attribute it is about, or empty
 * @missing: @attr is missing, not wrong
 * @ref: what the refused message was about; kind 0 where not known
 */
struct zpf_nl_error {
	int code;
	char sentence[160];
	char kernel[256];
	char attr[64];
	bool missing;
	struct zpf_nl_ref ref;
};

/**
 * struct zpf_nl - a netlink socket
 * @err: why the last call failed
 * @family: message type of the generic netlink family
 * @family_version: version of the contract the module speaks
 * @events: number of the group of events
 * @seq: sequence number of the last message; they are numbered without gaps
 */
struct zpf_nl {
	struct zpf_nl_error err;
	uint16_t family;
	uint8_t family_version;
	uint32_t events;
	uint32_t seq;
	/* private */
	const struct zpf_nl_ops *ops;
	void *priv;
	bool genl;
	char *rbuf;
	char *batch;
	size_t batch_len;
	uint32_t batch_seq;	/* of the first message of the batch */
	struct zpf_nl_ref *refs;
	size_t n_refs, cap_refs;
	struct nl_msg *spare;	/* of ZPF_NL_ROOM at least */
};

/* Room of a message that is not made of arrays. */
#define ZPF_NL_ROOM 1024

/**
 * zpf_nl_new() - a socket over a transport of one's own
 * @ops: the transport
 * @priv: handed to it
 * @genl: messages are generic netlink ones
 */
struct zpf_nl *zpf_nl_new(const struct zpf_nl_ops *ops, void *priv, bool genl);

/**
 * zpf_nl_open() - a socket to the kernel
 * @nl: the socket; also set on failure, for its @err, unless out of memory
 * @protocol: NETLINK_ROUTE, NETLINK_GENERIC
 *
 * Return: 0 or -1
 */
int zpf_nl_open(struct zpf_nl **nl, int protocol);

/**
 * zpf_nl_open_zpf() - a socket to the module
 * @nl: as zpf_nl_open()
 *
 * Return: 0, or -1 if there is no module (ENOENT), it speaks another contract
 * (EPROTO) or the socket cannot be had
 */
int zpf_nl_open_zpf(struct zpf_nl **nl);

/** zpf_nl_close() - close a socket; a transaction it began is discarded */
void zpf_nl_close(struct zpf_nl *nl);

/**
 * zpf_nl_msg() - a message of the zpf family
 * @nl: the socket
 * @cmd: &enum zpf_cmd
 * @room: bytes its attributes will need, headers included
 *
 * Return: the message; give it to zpf_nl_request(), zpf_nl_dump() or
 * zpf_nl_queue(), whose it is then
 */
struct nl_msg *zpf_nl_msg(struct zpf_nl *nl, uint8_t cmd, size_t room);

/**
 * typedef zpf_nl_cb - called for every message of an answer
 *
 * Return: 0, or -errno to give up
 */
typedef int zpf_nl_cb(const struct nlmsghdr *nlh, void *arg);

/**
 * zpf_nl_request() - send a message and wait until it has been answered
 * @nl: the socket
 * @msg: the message, freed
 * @cb: gets the answer; NULL: only success or failure matter
 * @arg: for @cb
 *
 * Return: 0, or -1 with the reason in @nl->err
 */
int zpf_nl_request(struct zpf_nl *nl, struct nl_msg *msg, zpf_nl_cb *cb, void *arg);

/**
 * zpf_nl_dump() - send a dump request and receive all of it
 *
 * Return: 0, or -1 with the reason in @nl->err; EINTR: what is dumped changed
 * meanwhile and the dump has to be done again
 */
int zpf_nl_dump(struct zpf_nl *nl, struct nl_msg *msg, zpf_nl_cb *cb, void *arg);

/**
 * zpf_nl_join() - receive the events of the namespace from now on
 * @nl: a socket of zpf_nl_open_zpf()
 *
 * Return: 0 or -1 with the reason in @nl->err
 */
int zpf_nl_join(struct zpf_nl *nl);

/**
 * zpf_nl_listen() - receive events until something fails
 * @nl: the socket
 * @cb: gets each; what it returns but 0 ends the listening
 * @overrun: called where events were lost because this reader was slow: first
 *	as soon as that is known, then again when all that came before the first
 *	call has been given to @cb
 * @arg: for @cb and @overrun
 *
 * Return: -1 with the reason in @nl->err
 */
int zpf_nl_listen(struct zpf_nl *nl, zpf_nl_cb *cb,
		  int (*overrun)(void *arg, bool drained), void *arg);

/**
 * zpf_nl_queue() - add a message that is answered only if it is refused
 * @nl: the socket
 * @msg: the message, freed
 * @ref: what it is about, put into @nl->err if it is refused
 *
 * Sends what has gathered when a datagram is full.
 *
 * Return: 0, or -1 with the reason in @nl->err: the first refusal of any
 * message queued so far
 */
int zpf_nl_queue(struct zpf_nl *nl, struct nl_msg *msg, struct zpf_nl_ref ref);

/** zpf_nl_flush() - send what is queued; returns as zpf_nl_queue() */
int zpf_nl_flush(struct zpf_nl *nl);

/**
 * zpf_nl_attrs() - attributes of a message of the zpf family
 * @nlh: the message
 * @tb: table of @max + 1 entries
 * @max: highest attribute number known
 *
 * Return: 0 or -EBADMSG
 */
int zpf_nl_attrs(const struct nlmsghdr *nlh, struct nlattr **tb, int max);

/**
 * zpf_nl_why() - the last error as one clause for people
 * @nl: the socket
 * @buf: for the text
 * @size: its size
 *
 * Return: @buf
 */
const char *zpf_nl_why(const struct zpf_nl *nl, char *buf, size_t size);

#endif /* ZPF_CTL_NL_H */
