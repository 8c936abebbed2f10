// SPDX-License-Identifier: GPL-2.0-only
/*
 * zsend: sends crafted packets between hosts around a router and says, for
 * each, what became of it. One process serves a whole list of probes, so that
 * a case costs a millisecond, not a fork. Called by probes() in lib.sh; knows
 * nothing of zpf.
 *
 * DOC: no waiting
 *
 * How does one know that a packet will not come any more? After a probe the
 * sender asks the router for its MAC address. Every link is a veth, and this
 * process is bound to one CPU, so all frames stand in the one backlog queue of
 * that CPU in the order they were sent: once the ARP reply is here, the probe,
 * what the router made of it, and any answer have been delivered before.
 *
 *	sender ---- probe, ARP request ---> router ---- probe ----> receiver
 *	       <--- answer?, ARP reply ----
 *
 * Packets are recognised by a number: the identification of IPv4, the flow
 * label of IPv6. What the router itself receives is seen by raw sockets in its
 * namespace, which are served behind the input hook; what it sends comes from
 * raw sockets, in front of the output hook.
 *
 * Input, line by line ('#' starts a comment):
 *
 *	host NAME NETNS IFNAME N    the interface of a host. Its address is
 *				    10.0.N.2, fd00:N::2, its router .1, ::1;
 *				    10.N.0.0/16 and fd01:N::/64 are behind it;
 *				    probes use 10.N.0.1, fd01:N::1
 *	router NAME NETNS
 *	EXPECT FROM TO FAMILY WORD... [: name of the case]
 *
 * EXPECT is pass, drop, reject, or what came: parts joined by '+', such as
 * pass+icmp:11/0 or rst. pass:2 says how many of several frames came.
 * Shorthands that depend on the family: reject, reply (echo), timex, toobig.
 * FAMILY is 4, 6 or @ for one probe with each. A probe without a name is a
 * step of the next case and only shown if it fails. WORDs: see spec_word() in craft.c.
 *
 * Output: "ok NAME" or "not ok NAME # expected E, got G". Exit status: 0, also
 * when probes fail; 2 where the input or the set-up is wrong.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "craft.h"

#ifndef IPV6_FLOWINFO
#define IPV6_FLOWINFO	11	/* linux/in6.h, which clashes with netinet/in.h */
#endif
#define MAX_HOSTS	24
#define MAX_WORDS	128
/* What stands in front of the request in a slow kernel's queue goes first. */
#define SYNC_TIMEOUT_MS	300000

/* A host with its packet socket, or the router with its raw sockets. */
struct host {
	char name[16];
	char ns[64];
	char ifname[IFNAMSIZ];
	struct end end;
	int nsfd;
	int sock;
	int ifindex;
	uint8_t mac[6];
	uint8_t gw_mac[6];
	bool gw_known;
};

/* A raw socket in the router's namespace, for one protocol. */
struct raw {
	struct host *host;
	int family;
	int proto;
	int sock;
	struct raw *next;
};

static struct host hosts[MAX_HOSTS];
static int n_hosts;
static struct raw *raws;
static int lineno;
static uint32_t next_cookie = 0x5a01;

void die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "zsend: line %d: ", lineno);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	fflush(stdout);
	exit(2);
}

/* ------------------------------------------------------------- hosts */

static struct host *host_find(const char *name)
{
	for (int i = 0; i < n_hosts; i++)
		if (!strcmp(hosts[i].name, name))
			return &hosts[i];
	die("no host '%s'", name);
}

static void ns_enter(const struct host *h)
{
	static int current = -1;

	if (current == h->nsfd)
		return;
	if (setns(h->nsfd, 0))
		die("setns %s: %s", h->ns, strerror(errno));
	current = h->nsfd;
}

/* Names as given to `host` and `router`; the sockets are opened at once. */
static void host_add(char **w, int n)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET };
	int on = 1, buf = 8 << 20;
	struct host *h;
	struct ifreq ifr;
	char path[128];

	if (n_hosts == MAX_HOSTS)
		die("more than %d hosts", MAX_HOSTS);
	h = &hosts[n_hosts];
	h->end.router = !strcmp(w[0], "router");
	if (n != (h->end.router ? 3 : 5))
		die("%s: wrong number of words", w[0]);
	snprintf(h->name, sizeof(h->name), "%s", w[1]);
	snprintf(h->ns, sizeof(h->ns), "%s", w[2]);
	snprintf(path, sizeof(path), "/run/netns/%s", h->ns);
	h->nsfd = open(path, O_RDONLY | O_CLOEXEC);
	if (h->nsfd < 0)
		die("%s: %s", path, strerror(errno));
	n_hosts++;
	if (h->end.router)
		return;

	snprintf(h->ifname, sizeof(h->ifname), "%s", w[3]);
	h->end.net = strtoul(w[4], NULL, 10);
	ns_enter(h);
	h->sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (h->sock < 0)
		die("packet socket: %s", strerror(errno));
	memset(&ifr, 0, sizeof(ifr));
	strcpy(ifr.ifr_name, h->ifname);
	if (ioctl(h->sock, SIOCGIFINDEX, &ifr))
		die("%s in %s: %s", h->ifname, h->ns, strerror(errno));
	h->ifindex = ifr.ifr_ifindex;
	if (ioctl(h->sock, SIOCGIFHWADDR, &ifr))
		die("%s: %s", h->ifname, strerror(errno));
	memcpy(h->mac, ifr.ifr_hwaddr.sa_data, 6);
	setsockopt(h->sock, SOL_SOCKET, SO_RCVBUFFORCE, &buf, sizeof(buf));
	setsockopt(h->sock, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	ll.sll_protocol = htons(ETH_P_ALL);
	ll.sll_ifindex = h->ifindex;
	if (bind(h->sock, (struct sockaddr *)&ll, sizeof(ll)))
		die("bind %s: %s", h->ifname, strerror(errno));
}

/* Asks the router behind @h for its MAC address and waits for the answer. */
static void host_sync_send(struct host *h)
{
	uint8_t f[60] = { 0 };

	memset(f, 0xff, 6);
	if (h->gw_known)
		memcpy(f, h->gw_mac, 6);
	memcpy(f + 6, h->mac, 6);
	put16(f + 12, ETH_P_ARP);
	memcpy(f + 14, "\x00\x01\x08\x00\x06\x04\x00\x01", 8);
	memcpy(f + 22, h->mac, 6);
	f[28] = 10;
	f[30] = h->end.net;
	f[31] = 2;
	f[38] = 10;
	f[40] = h->end.net;
	f[41] = 1;
	if (send(h->sock, f, sizeof(f), 0) < 0)
		die("%s: send: %s", h->name, strerror(errno));
}

static bool host_sync_is_reply(struct host *h, const uint8_t *f, int n)
{
	if (n < 42 || get16(f + 12) != ETH_P_ARP || f[21] != 2 ||
	    f[28] != 10 || f[30] != h->end.net || f[31] != 1)
		return false;
	memcpy(h->gw_mac, f + 22, 6);
	h->gw_known = true;
	return true;
}

/* ------------------------------------------------------------ sending */

/*
 * One IP packet onto the wire of @from, or through the router's own output.
 * Returns false where the router's policy forbade it (EPERM).
 */
static bool ip_send(struct host *from, struct host *to, const struct spec *s,
		    const uint8_t *ip, int len)
{
	uint8_t f[65536 + ETH_HLEN];
	int fd, one = 1, family = s->family == 4 ? AF_INET : AF_INET6;
	ssize_t done;

	if (s->shorten >= 0 && s->shorten < len)
		len = s->shorten;
	if (!from->end.router) {
		memcpy(f, s->mac_set ? s->mac : from->gw_mac, 6);
		memcpy(f + 6, s->smac_set ? s->smac : from->mac, 6);
		put16(f + 12, s->family == 4 ? ETH_P_IP : ETH_P_IPV6);
		memcpy(f + ETH_HLEN, ip, len);
		if (send(from->sock, f, ETH_HLEN + len, 0) < 0)
			die("%s: send: %s", from->name, strerror(errno));
		return true;
	}

	ns_enter(from);
	fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (fd < 0)
		die("raw socket: %s", strerror(errno));
	if (s->dev[0] &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, s->dev, strlen(s->dev)))
		die("%s: %s", s->dev, strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one));
	if (family == AF_INET) {
		struct sockaddr_in sin = { .sin_family = AF_INET };

		memcpy(&sin.sin_addr, s->dst.v4, 4);
		done = sendto(fd, ip, len, 0, (void *)&sin, sizeof(sin));
	} else {
		struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };

		memcpy(&sin6.sin6_addr, s->dst.v6, 16);
		if (s->dev[0])
			sin6.sin6_scope_id = if_nametoindex(s->dev);
		done = sendto(fd, ip, len, 0, (void *)&sin6, sizeof(sin6));
	}
	if (done < 0 && errno != EPERM)
		die("raw send to %s: %s", to->name, strerror(errno));
	close(fd);
	return done >= 0;
}

/* Sends what @s describes; returns the number of frames. */
static int spec_send(struct host *from, struct host *to, const struct spec *s)
{
	static uint8_t ip[65536], part[65536];
	int l4_at, len, frames = 0, step, end, n;

	len = ip_build(s, ip, &l4_at);
	if (s->n_frags <= 1) {
		for (int i = 0; i < s->count; i++)
			ip_send(from, to, s, ip, len);
		return s->count;
	}
	step = ((len - l4_at + s->n_frags - 1) / s->n_frags + 7) & ~7;
	for (int at = l4_at; at < len; at = end) {
		end = at + step < len ? at + step : len;
		memcpy(part, ip, l4_at);
		if (s->family == 4) {
			n = l4_at;
			put16(part + 2, n + end - at);
			put16(part + 6, (end < len) << 13 | (at - l4_at) / 8);
			put16(part + 10, 0);
			put16(part + 10, sum_fold(sum_add(0, part, l4_at)));
		} else {
			/* The fragment header follows the other headers. */
			struct ext e = { .type = 44, .len = 8, .mf = end < len,
					 .off = at - l4_at };

			part[s->n_ext ? l4_at - s->ext[s->n_ext - 1].len : 6] = 44;
			ext_build(&e, s->proto, s->cookie, part + l4_at);
			n = l4_at + 8;
			put16(part + 4, n + end - at - 40);
		}
		memcpy(part + n, ip + at, end - at);
		ip_send(from, to, s, part, n + end - at);
		frames++;
	}
	return frames;
}

/* ----------------------------------------------------------- receiving */

static struct raw *raw_get(struct host *h, int family, int proto)
{
	int on = 1, buf = 8 << 20;
	struct raw *r;

	for (r = raws; r; r = r->next)
		if (r->host == h && r->family == family && r->proto == proto)
			return r;
	ns_enter(h);
	r = calloc(1, sizeof(*r));
	*r = (struct raw){ .host = h, .family = family, .proto = proto, .next = raws };
	r->sock = socket(family == 4 ? AF_INET : AF_INET6,
			 SOCK_RAW | SOCK_CLOEXEC, proto);
	if (r->sock < 0)
		die("raw socket for protocol %d: %s", proto, strerror(errno));
	setsockopt(r->sock, SOL_SOCKET, SO_RCVBUFFORCE, &buf, sizeof(buf));
	if (family == 6 && setsockopt(r->sock, IPPROTO_IPV6, IPV6_FLOWINFO, &on, sizeof(on)))
		die("IPV6_FLOWINFO: %s", strerror(errno));
	raws = r;
	return r;
}

/* Packets of this probe that the router's raw socket got. */
static int raw_drain(struct raw *r, uint32_t cookie)
{
	uint8_t buf[65536], ctl[256];
	int found = 0;

	for (;;) {
		struct iovec iov = { buf, sizeof(buf) };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
				      .msg_control = ctl, .msg_controllen = sizeof(ctl) };
		ssize_t n = recvmsg(r->sock, &msg, MSG_DONTWAIT);

		if (n < 0)
			return found;
		if (r->family == 4) {
			found += n >= 20 && get16(buf + 4) == cookie;
			continue;
		}
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
			uint32_t flow;

			if (c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_FLOWINFO)
				continue;
			memcpy(&flow, CMSG_DATA(c), 4);
			found += (ntohl(flow) & 0xfffff) == cookie;
		}
	}
}

/* What one probe came to. */
struct outcome {
	int passed;
	char answers[256];
};

static void outcome_add(struct outcome *o, const char *fmt, ...)
{
	size_t n = strlen(o->answers);
	va_list ap;

	if (n && n + 1 < sizeof(o->answers))
		o->answers[n++] = '+';
	va_start(ap, fmt);
	vsnprintf(o->answers + n, sizeof(o->answers) - n, fmt, ap);
	va_end(ap);
}

static bool is_cookie(const uint8_t *ip, int n, const struct spec *s)
{
	if (s->family == 4)
		return n >= 20 && ip[0] >> 4 == 4 && get16(ip + 4) == s->cookie;
	return n >= 40 && ip[0] >> 4 == 6 &&
	       ((uint32_t)(ip[1] & 0xf) << 16 | get16(ip + 2)) == s->cookie;
}

/* What arrived: is it what it should be, and are its checksums right? */
static void arrived(struct outcome *o, const struct spec *s, const uint8_t *ip,
		    int n)
{
	bool v4 = s->family == 4;
	int l4 = v4 ? (ip[0] & 0xf) * 4 : 40;
	int ttl = v4 ? ip[8] : ip[7];
	int tos = v4 ? ip[1] : (get16(ip) >> 4 & 0xff), mss = 0;
	uint32_t sum = 0;

	if (v4 && !s->badsum && sum_fold(sum_add(0, ip, l4)))
		outcome_add(o, "bad-ip-sum");
	if (s->want_ttl >= 0 && ttl != s->want_ttl)
		outcome_add(o, "ttl:%d", ttl);
	if (s->want_tos >= 0 && tos != s->want_tos)
		outcome_add(o, "tos:%d", tos);
	if (s->want_mss < 0)
		return;
	for (int i = l4 + 20; i + 4 <= l4 + (ip[l4 + 12] >> 4) * 4 && !mss;)
		if (ip[i] == 2)
			mss = get16(ip + i + 2);
		else
			i += ip[i] == 1 ? 1 : ip[i + 1];
	if (mss != s->want_mss)
		outcome_add(o, "mss:%d", mss);
	if (v4)
		n = get16(ip + 2);
	sum = sum_add(sum, v4 ? ip + 12 : ip + 8, v4 ? 8 : 32);
	sum += n - l4 + s->proto;
	if (sum_fold(sum_add(sum, ip + l4, n - l4)))
		outcome_add(o, "bad-tcp-sum");
}

/* An IP packet that came to the sender: is it an answer, and which? */
static void answer_add(struct outcome *o, const struct spec *s,
		       const uint8_t *ip, int n)
{
	int proto, l4, family = ip[0] >> 4;
	bool to_us;

	if (family == 4) {
		l4 = (ip[0] & 0xf) * 4;
		proto = ip[9];
		to_us = !memcmp(ip + 16, s->src.v4, 4);
	} else {
		l4 = 40;
		proto = ip[6];
		to_us = !memcmp(ip + 24, s->src.v6, 16);
		/* What the router says on its own: listener reports, ND. */
		if (proto == 0 || (proto == 58 && ip[40] >= 130 && ip[40] <= 143))
			return;
	}
	if (n < l4 + 8 || family != s->family || !to_us) {
		outcome_add(o, "stray:%d", proto);
		return;
	}
	if (proto == 6 && ip[l4 + 13] & 4)
		outcome_add(o, get16(ip + l4) == s->dport &&
			       get16(ip + l4 + 2) == s->sport ? "rst" : "wrong-rst");
	else if (proto == 1 && (ip[l4] == 3 || ip[l4] == 11 || ip[l4] == 12))
		outcome_add(o, "%s:%d/%d", is_cookie(ip + l4 + 8, n - l4 - 8, s) ?
			    "icmp" : "wrong-icmp", ip[l4], ip[l4 + 1]);
	else if (proto == 58 && ip[l4] < 128)
		outcome_add(o, "%s:%d/%d", is_cookie(ip + l4 + 8, n - l4 - 8, s) ?
			    "icmp6" : "wrong-icmp6", ip[l4], ip[l4 + 1]);
	else if (proto == 1 || proto == 58)
		outcome_add(o, "icmp%s:%d/%d", proto == 58 ? "6" : "", ip[l4], ip[l4 + 1]);
	else
		outcome_add(o, "proto:%d", proto);
}

/*
 * Reads all that has come to @h. With @sync: until the router has answered.
 * @is_to, @is_from: which ends of the probe this host is.
 */
static void host_drain(struct host *h, const struct spec *s, bool is_to,
		       bool is_from, bool sync, struct outcome *o)
{
	uint8_t f[65536 + ETH_HLEN];
	struct timespec t0, t;

	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (;;) {
		ssize_t n = recv(h->sock, f, sizeof(f), MSG_DONTWAIT);
		int proto;

		if (n < 0) {
			struct pollfd p = { .fd = h->sock, .events = POLLIN };

			if (!sync)
				return;
			poll(&p, 1, 100);
			clock_gettime(CLOCK_MONOTONIC, &t);
			if ((t.tv_sec - t0.tv_sec) * 1000 > SYNC_TIMEOUT_MS)
				die("%s: no ARP answer from the router", h->name);
			continue;
		}
		if (sync && host_sync_is_reply(h, f, n))
			return;
		proto = n >= ETH_HLEN ? get16(f + 12) : 0;
		if (!o || n < ETH_HLEN + 20 || (proto != ETH_P_IP && proto != ETH_P_IPV6))
			continue;
		if (is_to && is_cookie(f + ETH_HLEN, n - ETH_HLEN, s) &&
		    proto == (s->family == 4 ? ETH_P_IP : ETH_P_IPV6)) {
			o->passed++;
			arrived(o, s, f + ETH_HLEN, n - ETH_HLEN);
		} else if (is_from) {
			answer_add(o, s, f + ETH_HLEN, n - ETH_HLEN);
		}
	}
}

/* -------------------------------------------------------------- probes */

/* What was expected, in the words outcomes are told in. */
static void expect_expand(const char *expect, const struct spec *s,
			  char *out, size_t size)
{
	static const struct { const char *word, *v4, *v6; } words[] = {
		{ "reject", "icmp:3/3", "icmp6:1/4" },
		{ "reply", "icmp:0/0", "icmp6:129/0" },
		{ "timex", "icmp:11/0", "icmp6:3/0" },
		{ "toobig", "icmp:3/4", "icmp6:2/0" },
	};
	char copy[128], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", expect);
	*out = '\0';
	for (char *p = strtok_r(copy, "+", &save); p; p = strtok_r(NULL, "+", &save)) {
		const char *v = p;

		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			if (!strcmp(p, words[i].word))
				v = s->family == 4 ? words[i].v4 : words[i].v6;
		if (!strcmp(p, "reject") && s->proto == 6)
			v = "rst";
		snprintf(out + strlen(out), size - strlen(out), "%s%s",
			 *out ? "+" : "", v);
	}
}

static void probe(int family, const char *expect, struct host *from,
		  struct host *to, char **w, int n, const char *name, bool both)
{
	struct host *syncer = from->end.router ? to : from;
	struct spec s = { .family = family };
	struct outcome o = { 0 };
	char want[256], got[512];
	struct raw *raw = NULL;
	int frames;

	spec_parse(&s, &from->end, &to->end, w, n);
	s.cookie = next_cookie++;
	if (s.quote)
		s.quote->cookie = s.cookie;
	if (to->end.router)
		raw = raw_get(to, family, s.proto);

	if (!syncer->gw_known) {
		host_sync_send(syncer);
		host_drain(syncer, &s, false, false, true, NULL);
	}
	if (!from->end.router)
		host_drain(from, &s, false, false, false, NULL);
	if (!to->end.router)
		host_drain(to, &s, false, false, false, NULL);

	frames = spec_send(from, to, &s);
	host_sync_send(syncer);
	host_drain(syncer, &s, syncer == to, syncer == from, true, &o);
	if (!to->end.router && to != syncer)
		host_drain(to, &s, true, false, false, &o);
	if (raw) {
		o.passed = raw_drain(raw, s.cookie);
		/* Fragments come to a local socket as one packet. */
		if (s.n_frags > 1 && o.passed == 1)
			o.passed = frames;
		/* What the router's stack answers by itself is not asked. */
		if (o.passed && !strchr(expect, '+'))
			o.answers[0] = '\0';
	}
	free(s.quote);

	if (o.passed == frames)
		snprintf(got, sizeof(got), "pass");
	else if (o.passed)
		snprintf(got, sizeof(got), "pass:%d", o.passed);
	else
		got[0] = '\0';
	if (o.answers[0])
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s",
			 got[0] ? "+" : "", o.answers);
	if (!got[0])
		strcpy(got, "drop");

	expect_expand(expect, &s, want, sizeof(want));
	if (!strcmp(want, got)) {
		if (*name)
			printf("ok %s%s\n", name,
			       !both ? "" : family == 4 ? ", ipv4" : ", ipv6");
		return;
	}
	printf("not ok %s%s # line %d: expected %s, got %s\n",
	       *name ? name : "a step", !both ? "" : family == 4 ? ", ipv4" : ", ipv6",
	       lineno, want, got);
}

int main(void)
{
	char line[4096];
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("sched_setaffinity: %s", strerror(errno));

	while (fgets(line, sizeof(line), stdin)) {
		char *w[MAX_WORDS], *save = NULL, *name = "", *p;
		struct host *from, *to;
		int n = 0;

		lineno++;
		line[strcspn(line, "#\n")] = '\0';
		p = strstr(line, " : ");
		if (p) {
			*p = '\0';
			name = p + 3;
			name += strspn(name, " \t");
		}
		for (p = strtok_r(line, " \t", &save); p; p = strtok_r(NULL, " \t", &save)) {
			if (n == MAX_WORDS)
				die("more than %d words", MAX_WORDS);
			w[n++] = p;
		}
		if (!n)
			continue;
		if (!strcmp(w[0], "host") || !strcmp(w[0], "router")) {
			host_add(w, n);
			continue;
		}
		if (n < 4)
			die("EXPECT FROM TO FAMILY are needed");
		from = host_find(w[1]);
		to = host_find(w[2]);
		if (from->end.router && to->end.router)
			die("one end must be a host");
		if (strchr("4@", w[3][0]))
			probe(4, w[0], from, to, w + 4, n - 4, name, w[3][0] == '@');
		if (strchr("6@", w[3][0]))
			probe(6, w[0], from, to, w + 4, n - 4, name, w[3][0] == '@');
	}
	return 0;
}
