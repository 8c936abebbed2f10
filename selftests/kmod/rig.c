// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test only: what a packet costs at the FORWARD hook of a network namespace.
 * Whoever opens /proc/zpf_bench gets a rig of its own, says by lines written
 * to it what the packets look like, and lets batches of them pass through
 * whatever is registered at the hook; reading tells how the last batch went.
 * It compares and interleaves nothing: selftests/bench does.
 *
 *	net FD		network namespace, by a file descriptor of it
 *	in NAME		input device
 *	out NAME	output device
 *	ct STATE	connection of the packets added from now on: established,
 *			reply, related, new, invalid or untracked
 *	mark N		mark of the packets added from now on; in the same way
 *			connmark N, nat N, helper N of their connections; type N, source
 *			MAC, dest MAC of their frames; ipsec N: see craft.h
 *	packet HEX	add an IPv4 or IPv6 packet; batches use them in turn and go
 *			on where the last one ended
 *	again STATE	give the packets there are connections of that state
 *	flush		forget the packets
 *	accept		register a hook that accepts everything, for comparison
 *	drop		the same, but it drops everything
 *	run N		let N packets pass, BH off
 *	cold N		the same, with this processor's caches cleared before
 *			every few packets
 *	compare		ask the last hook about every packet, and those before it:
 *			do they say the same, and change the same?
 *
 * The answer: packets, accepted, dropped, nanoseconds, hooks that were
 * registered, packets the hooks of a comparison did not agree about, and the
 * first of them. In a run a dropped packet is freed, so every packet has N
 * references more than it needs during a batch; those missing afterwards were
 * drops. Several lines may be written at once.
 */
#include <linux/version.h>
#if KERNEL_VERSION(6, 12, 0) <= LINUX_VERSION_CODE
#include <linux/hex.h>
#endif
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/vmalloc.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include "craft.h"

#define ZPF_BENCH_LINES_MAX	65536		/* bytes of commands at once */
#define ZPF_BENCH_SKBS_MAX	65536
#define ZPF_BENCH_EVICT		(8 << 20)	/* more than a level-2 cache holds */
#define ZPF_BENCH_COLD		8		/* packets between two clearings */
#define ZPF_BENCH_GROUP		64		/* packets touched beforehand */
#define ZPF_BENCH_RUN_MAX	100000000	/* packets of a batch */

/**
 * struct zpf_bench_result - how a batch went
 * @packets: length of the batch
 * @accepted: packets that came through
 * @dropped: packets that were freed on the way
 * @ns: how long all that took
 * @hooks: hooks that were registered
 * @differ: packets the hooks of a comparison did not agree about
 * @first: the first of them
 */
struct zpf_bench_result {
	u32 packets;
	u32 accepted;
	u32 dropped;
	u64 ns;
	u32 hooks;
	u32 differ;
	u32 first;
};

/**
 * struct zpf_bench - a rig: the state of one open file
 * @lock: one command at a time
 * @net: the namespace, or NULL
 * @in: input device, or NULL
 * @out: output device, or NULL
 * @ct: index into zpf_bench_states
 * @beside: what stands beside packets to come
 * @pf: family of the packets, NFPROTO_UNSPEC: none yet
 * @n: packets
 * @at: the packet that is next
 * @skbs: the packets
 * @besides: what stands beside each of them
 * @evict: what is written to clear the caches, or NULL
 * @hooked: @ops are registered
 * @ops: hooks that accept or drop everything
 * @runs: batches so far
 * @result: of the last batch
 */
struct zpf_bench {
	struct mutex lock; /* one command at a time */
	struct net *net;
	struct net_device *in;
	struct net_device *out;
	unsigned int ct;
	struct zpf_craft_beside beside;
	u8 pf;
	u32 n;
	u32 at;
	struct sk_buff **skbs;
	struct zpf_craft_beside *besides;
	u8 *evict;
	bool hooked;
	struct nf_hook_ops ops[2];
	u32 runs;
	struct zpf_bench_result result;
};

static const struct {
	const char *name;
	unsigned int ctinfo;
} zpf_bench_states[] = {
	{ "established", IP_CT_ESTABLISHED },
	{ "reply", IP_CT_ESTABLISHED_REPLY },
	{ "related", IP_CT_RELATED },
	{ "new", IP_CT_NEW },
	{ "invalid", ZPF_CRAFT_INVALID },
	{ "untracked", IP_CT_UNTRACKED },
};

static unsigned int zpf_bench_accept(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

static unsigned int zpf_bench_drop(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	return NF_DROP;
}

/* --- packets --- */

static void zpf_bench_flush(struct zpf_bench *b)
{
	while (b->n) {
		struct sk_buff *skb = b->skbs[--b->n];

		refcount_set(&skb->users, 1);
		consume_skb(skb);
	}
	b->pf = NFPROTO_UNSPEC;
	b->at = 0;
}

static int zpf_bench_connect(const struct zpf_bench *b, u32 i)
{
	return zpf_craft_connect(b->net, b->skbs[i], &b->besides[i],
				 zpf_bench_states[b->ct].ctinfo);
}

static int zpf_bench_packet(struct zpf_bench *b, const char *arg)
{
	unsigned int len = strlen(arg) / 2;
	struct sk_buff *skb;
	u8 *l3, pf;
	int err;

	if (!b->net || !b->in || b->n == ZPF_BENCH_SKBS_MAX ||
	    len < sizeof(struct iphdr))
		return -EINVAL;
	l3 = kmalloc(len, GFP_KERNEL);
	if (!l3)
		return -ENOMEM;
	err = hex2bin(l3, arg, len);
	if (err)
		goto out;
	err = -EINVAL;
	pf = l3[0] >> 4 == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	if (b->n && pf != b->pf)
		goto out;
	b->pf = pf;

	err = -ENOMEM;
	skb = zpf_craft_skb(&b->beside, b->in, l3, len);
	if (!skb)
		goto out;
	b->skbs[b->n] = skb;
	b->besides[b->n] = b->beside;
	err = zpf_bench_connect(b, b->n);
	if (err)
		kfree_skb(skb);
	else
		b->n++;
out:
	kfree(l3);
	return err;
}

/* --- batches --- */

static struct nf_hook_entries __rcu **zpf_bench_hooks(const struct zpf_bench *b)
{
	return b->pf == NFPROTO_IPV4 ?
		&b->net->nf.hooks_ipv4[NF_INET_FORWARD] :
		&b->net->nf.hooks_ipv6[NF_INET_FORWARD];
}

/* As nf_hook() does it, without a call for a packet no hook looks at. */
static noinline u32 zpf_bench_batch(struct zpf_bench *b,
				    struct nf_hook_state *state, u32 packets)
{
	struct nf_hook_entries __rcu **hooks = zpf_bench_hooks(b);
	struct sk_buff **const skbs = b->skbs;
	const u32 n = b->n;
	u32 accepted = 0, at = b->at, i;

	for (i = 0; i < packets; i++) {
		const struct nf_hook_entries *e = rcu_dereference(*hooks);

		accepted += !e || nf_hook_slow(skbs[at], state, e, 0) == 1;
		at = at + 1 == n ? 0 : at + 1;
	}
	b->at = at;
	return accepted;
}

/* Whoever has just routed a packet has it in the cache: so have the next few. */
static void zpf_bench_touch(const struct zpf_bench *b, u32 packets)
{
	u32 at = b->at, i, line;

	for (i = 0; i < packets; i++) {
		const struct sk_buff *skb = b->skbs[at];

		for (line = 0; line < sizeof(*skb); line += L1_CACHE_BYTES)
			(void)READ_ONCE(((const u8 *)skb)[line]);
		for (line = 0; line < skb->len; line += L1_CACHE_BYTES)
			(void)READ_ONCE(skb->data[line]);
		at = at + 1 == b->n ? 0 : at + 1;
	}
}

static void zpf_bench_timed(struct zpf_bench *b, struct nf_hook_state *state,
			    u32 packets)
{
	u64 start = ktime_get_ns();

	b->result.accepted += zpf_bench_batch(b, state, packets);
	b->result.ns += ktime_get_ns() - start;
}

/*
 * Where the stack lies modulo a page decides whether its stores collide with
 * a contestant's loads, which costs as much as a small hook. So it is moved on
 * after every two batches, a warm-up and a measured one.
 */
static noinline void zpf_bench_shifted(struct zpf_bench *b,
				       struct nf_hook_state *state,
				       u32 packets, bool cold)
{
	u8 *pad = __builtin_alloca(b->runs++ / 2 % 16 * 96 + 16);
	const u32 group = cold ? ZPF_BENCH_COLD : ZPF_BENCH_GROUP;

	OPTIMIZER_HIDE_VAR(pad);
	if (!cold && b->n <= ZPF_BENCH_GROUP) {
		zpf_bench_timed(b, state, packets);
		return;
	}
	while (packets) {
		const u32 some = min(packets, group);

		if (cold)
			memset(b->evict, b->runs, ZPF_BENCH_EVICT);
		zpf_bench_touch(b, some);
		zpf_bench_timed(b, state, some);
		packets -= some;
	}
}

static int zpf_bench_pass(struct zpf_bench *b, const char *arg, bool cold)
{
	const struct nf_hook_entries *e;
	struct nf_hook_state state;
	u32 packets, i;
	int err;

	err = kstrtou32(arg, 0, &packets);
	if (err)
		return err;
	if (!b->n || !b->out || !packets || packets > ZPF_BENCH_RUN_MAX)
		return -EINVAL;

	if (cold && !b->evict) {
		b->evict = vmalloc(ZPF_BENCH_EVICT);
		if (!b->evict)
			return -ENOMEM;
	}

	memset(&b->result, 0, sizeof(b->result));
	b->result.packets = packets;
	for (i = 0; i < b->n; i++)
		refcount_set(&b->skbs[i]->users, packets + 1);
	nf_hook_state_init(&state, NF_INET_FORWARD, b->pf, b->in, b->out,
			   NULL, b->net, NULL);

	local_bh_disable();
	rcu_read_lock();
	e = rcu_dereference(*zpf_bench_hooks(b));
	b->result.hooks = e ? e->num_hook_entries : 0;
	zpf_bench_shifted(b, &state, packets, cold);
	rcu_read_unlock();
	local_bh_enable();

	for (i = 0; i < b->n; i++)
		b->result.dropped += packets + 1 -
				     refcount_read(&b->skbs[i]->users);
	return 0;
}

static int zpf_bench_run(struct zpf_bench *b, const char *arg)
{
	return zpf_bench_pass(b, arg, false);
}

static int zpf_bench_cold(struct zpf_bench *b, const char *arg)
{
	return zpf_bench_pass(b, arg, true);
}

/* A hook may free what it drops, and say that it was stolen. */
static unsigned int zpf_bench_ask(const struct nf_hook_entries *e,
				  unsigned int i, struct nf_hook_state *state,
				  struct sk_buff *skb)
{
	unsigned int verdict;

	verdict = nf_hook_entry_hookfn(&e->hooks[i], skb, state) &
		  NF_VERDICT_MASK;
	return verdict == NF_STOLEN ? NF_DROP : verdict;
}

/*
 * One packet: what the last hook says of it, if the ones before it, one after
 * the other, say the same and leave it in the same state; else
 * NF_MAX_VERDICT + 1.
 */
static unsigned int zpf_bench_judge(const struct nf_hook_entries *e,
				    struct nf_hook_state *state,
				    struct sk_buff *skb)
{
	const unsigned int last = e->num_hook_entries - 1;
	struct zpf_craft_state was, left, now;
	unsigned int before = NF_ACCEPT, verdict, i;
	bool same;

	refcount_set(&skb->users, e->num_hook_entries + 1);
	zpf_craft_save(skb, &was);
	for (i = 0; i < last && before == NF_ACCEPT; i++)
		before = zpf_bench_ask(e, i, state, skb);
	zpf_craft_save(skb, &left);
	zpf_craft_restore(skb, &was);
	verdict = zpf_bench_ask(e, last, state, skb);
	zpf_craft_save(skb, &now);
	zpf_craft_restore(skb, &was);
	refcount_set(&skb->users, 1);
	same = verdict == before &&
	       (verdict != NF_ACCEPT || zpf_craft_same(&left, &now));
	return !last || same ? verdict : NF_MAX_VERDICT + 1;
}

static int zpf_bench_compare(struct zpf_bench *b, const char *arg)
{
	struct zpf_bench_result *r = &b->result;
	const struct nf_hook_entries *e;
	struct nf_hook_state state;
	u32 i;

	if (!b->n || !b->out)
		return -EINVAL;
	memset(r, 0, sizeof(*r));
	r->packets = b->n;
	nf_hook_state_init(&state, NF_INET_FORWARD, b->pf, b->in, b->out,
			   NULL, b->net, NULL);
	r->ns = ktime_get_ns();
	for (i = 0; i < b->n; i++) {
		unsigned int verdict = NF_MAX_VERDICT + 1;

		local_bh_disable();
		rcu_read_lock();
		e = rcu_dereference(*zpf_bench_hooks(b));
		if (e) {
			r->hooks = e->num_hook_entries;
			verdict = zpf_bench_judge(e, &state, b->skbs[i]);
		}
		rcu_read_unlock();
		local_bh_enable();
		if (verdict == NF_ACCEPT)
			r->accepted++;
		else if (verdict == NF_DROP)
			r->dropped++;
		else if (!r->differ++)
			r->first = i;
		cond_resched();
	}
	r->ns = ktime_get_ns() - r->ns;
	return 0;
}

/* --- the rig --- */

static int zpf_bench_net(struct zpf_bench *b, const char *arg)
{
	struct net *net;
	int fd, err;

	err = kstrtoint(arg, 0, &fd);
	if (err)
		return err;
	if (b->net)
		return -EBUSY;
	net = get_net_ns_by_fd(fd);
	if (IS_ERR(net))
		return PTR_ERR(net);
	b->net = net;
	return 0;
}

/* The packets know their input device. */
static int zpf_bench_dev(struct zpf_bench *b, struct net_device **dev,
			 const char *name)
{
	struct net_device *found;

	if (!b->net || b->n)
		return -EINVAL;
	found = dev_get_by_name(b->net, name);
	if (!found)
		return -ENODEV;
	dev_put(*dev);
	*dev = found;
	return 0;
}

static int zpf_bench_in(struct zpf_bench *b, const char *arg)
{
	return zpf_bench_dev(b, &b->in, arg);
}

static int zpf_bench_out(struct zpf_bench *b, const char *arg)
{
	return zpf_bench_dev(b, &b->out, arg);
}

static int zpf_bench_ct(struct zpf_bench *b, const char *arg)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(zpf_bench_states); i++) {
		if (!strcmp(arg, zpf_bench_states[i].name)) {
			b->ct = i;
			return 0;
		}
	}
	return -EINVAL;
}

/* The packets stay, what is known of them changes. */
static int zpf_bench_again(struct zpf_bench *b, const char *arg)
{
	u32 i;
	int err;

	err = zpf_bench_ct(b, arg);
	for (i = 0; !err && i < b->n; i++)
		err = zpf_bench_connect(b, i);
	return err;
}

static int zpf_bench_clear(struct zpf_bench *b, const char *arg)
{
	zpf_bench_flush(b);
	return 0;
}

static int zpf_bench_register(struct zpf_bench *b, nf_hookfn *hook)
{
	unsigned int i;
	int err;

	if (!b->net || b->hooked)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(b->ops); i++) {
		b->ops[i].hook = hook;
		b->ops[i].pf = i ? NFPROTO_IPV6 : NFPROTO_IPV4;
		b->ops[i].hooknum = NF_INET_FORWARD;
	}
	err = nf_register_net_hooks(b->net, b->ops, ARRAY_SIZE(b->ops));
	b->hooked = !err;
	return err;
}

static int zpf_bench_hook(struct zpf_bench *b, const char *arg)
{
	return zpf_bench_register(b, zpf_bench_accept);
}

static int zpf_bench_dropper(struct zpf_bench *b, const char *arg)
{
	return zpf_bench_register(b, zpf_bench_drop);
}

static const struct {
	const char *word;
	int (*fn)(struct zpf_bench *b, const char *arg);
} zpf_bench_commands[] = {
	{ "net", zpf_bench_net },
	{ "in", zpf_bench_in },
	{ "out", zpf_bench_out },
	{ "ct", zpf_bench_ct },
	{ "packet", zpf_bench_packet },
	{ "again", zpf_bench_again },
	{ "flush", zpf_bench_clear },
	{ "accept", zpf_bench_hook },
	{ "drop", zpf_bench_dropper },
	{ "run", zpf_bench_run },
	{ "cold", zpf_bench_cold },
	{ "compare", zpf_bench_compare },
};

#define ZPF_BENCH_BESIDE(name) offsetof(struct zpf_craft_beside, name)

/* What stands beside packets to come: numbers up to a limit, and addresses. */
static const struct {
	const char *word;
	size_t at;
	u32 max;
} zpf_bench_numbers[] = {
	{ "mark", ZPF_BENCH_BESIDE(mark), U32_MAX },
	{ "connmark", ZPF_BENCH_BESIDE(connmark), U32_MAX },
	{ "type", ZPF_BENCH_BESIDE(type), PACKET_OTHERHOST },
	{ "nat", ZPF_BENCH_BESIDE(nat), ZPF_CRAFT_DNAT | ZPF_CRAFT_SNAT },
	{ "helper", ZPF_BENCH_BESIDE(helper), 1 },
	{ "ipsec", ZPF_BENCH_BESIDE(ipsec), 7 },
}, zpf_bench_macs[] = {
	{ "source", ZPF_BENCH_BESIDE(source) },
	{ "dest", ZPF_BENCH_BESIDE(dest) },
};

static int zpf_bench_beside(struct zpf_bench *b, const char *word,
			    const char *arg)
{
	u8 *beside = (u8 *)&b->beside;
	unsigned int i;
	u32 number;

	for (i = 0; i < ARRAY_SIZE(zpf_bench_macs); i++)
		if (!strcmp(word, zpf_bench_macs[i].word))
			return mac_pton(arg, beside + zpf_bench_macs[i].at) ?
				0 : -EINVAL;
	for (i = 0; i < ARRAY_SIZE(zpf_bench_numbers); i++) {
		if (strcmp(word, zpf_bench_numbers[i].word))
			continue;
		if (kstrtou32(arg, 0, &number) ||
		    number > zpf_bench_numbers[i].max)
			return -EINVAL;
		*(u32 *)(beside + zpf_bench_numbers[i].at) = number;
		return 0;
	}
	return -EOPNOTSUPP;
}

static int zpf_bench_command(struct zpf_bench *b, char *line)
{
	char *arg = strim(line);
	const char *word = strsep(&arg, " ");
	int (*fn)(struct zpf_bench *b, const char *arg) = NULL;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(zpf_bench_commands) && !fn; i++)
		if (!strcmp(word, zpf_bench_commands[i].word))
			fn = zpf_bench_commands[i].fn;
	arg = arg ?: "";
	mutex_lock(&b->lock);
	err = fn ? fn(b, arg) : zpf_bench_beside(b, word, arg);
	mutex_unlock(&b->lock);
	return err;
}

static ssize_t zpf_bench_write(struct file *file, const char __user *buf,
			       size_t count, loff_t *pos)
{
	char *lines, *at, *line;
	int err = 0;

	if (count > ZPF_BENCH_LINES_MAX)
		return -E2BIG;
	lines = memdup_user_nul(buf, count);
	if (IS_ERR(lines))
		return PTR_ERR(lines);
	at = strim(lines);
	while (!err && (line = strsep(&at, "\n")))
		err = zpf_bench_command(file->private_data, line);
	kfree(lines);
	return err ?: count;
}

static ssize_t zpf_bench_read(struct file *file, char __user *buf,
			      size_t count, loff_t *pos)
{
	struct zpf_bench *b = file->private_data;
	char line[120];
	int len;

	mutex_lock(&b->lock);
	len = scnprintf(line, sizeof(line), "%u %u %u %llu %u %u %u\n",
			b->result.packets, b->result.accepted,
			b->result.dropped, b->result.ns, b->result.hooks,
			b->result.differ, b->result.first);
	mutex_unlock(&b->lock);
	return simple_read_from_buffer(buf, count, pos, line, len);
}

static int zpf_bench_open(struct inode *inode, struct file *file)
{
	struct zpf_bench *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!b)
		return -ENOMEM;
	b->skbs = kvcalloc(ZPF_BENCH_SKBS_MAX, sizeof(*b->skbs), GFP_KERNEL);
	b->besides = kvcalloc(ZPF_BENCH_SKBS_MAX, sizeof(*b->besides),
			      GFP_KERNEL);
	if (!b->skbs || !b->besides) {
		kvfree(b->skbs);
		kvfree(b->besides);
		kfree(b);
		return -ENOMEM;
	}
	mutex_init(&b->lock);
	file->private_data = b;
	return 0;
}

static int zpf_bench_release(struct inode *inode, struct file *file)
{
	struct zpf_bench *b = file->private_data;

	zpf_bench_flush(b);
	if (b->hooked)
		nf_unregister_net_hooks(b->net, b->ops, ARRAY_SIZE(b->ops));
	dev_put(b->in);
	dev_put(b->out);
	if (b->net)
		put_net(b->net);
	vfree(b->evict);
	kvfree(b->skbs);
	kvfree(b->besides);
	kfree(b);
	return 0;
}

static const struct proc_ops zpf_bench_ops = {
	.proc_open = zpf_bench_open,
	.proc_read = zpf_bench_read,
	.proc_write = zpf_bench_write,
	.proc_lseek = default_llseek,
	.proc_release = zpf_bench_release,
};

static int __init zpf_bench_init(void)
{
	if (!proc_create("zpf_bench", 0600, NULL, &zpf_bench_ops))
		return -ENOMEM;
	return 0;
}
module_init(zpf_bench_init);

/* An open file holds the module, so no rig is left. */
static void __exit zpf_bench_exit(void)
{
	remove_proc_entry("zpf_bench", NULL);
}
module_exit(zpf_bench_exit);

MODULE_INFO(test, "Y");
MODULE_DESCRIPTION("Measures what a packet costs at the FORWARD hook");
MODULE_LICENSE("GPL");
