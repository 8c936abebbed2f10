/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long the module holds a processor: `scripts/differential.sh --hold` puts
 * this in front of every file of a copy of it. Every cond_resched() tells the
 * kernel log how long ago the same task came by the one before, unless it has
 * slept in between; that counts too long where it was in user space meanwhile.
 */
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#define ZPF_YIELD_TELL_NS	300000

struct zpf_yield {
	u64 last_ns;
	unsigned long switches;
	const struct task_struct *task;
	const char *func;
	int line;
};

/* One for the whole module. */
struct zpf_yield zpf_yield __weak;

static inline int zpf_yield_tell(const char *func, int line)
{
	const unsigned long switches = current->nvcsw + current->nivcsw;
	struct zpf_yield *h = &zpf_yield;
	u64 held;
	int ret;

	held = ktime_get_ns() - h->last_ns;
	if (h->task == current && h->switches == switches &&
	    held > ZPF_YIELD_TELL_NS)
		printk(KERN_INFO "zpf held %s:%d %s:%d %llu\n", h->func,
		       h->line, func, line, held / 1000);
	ret = _cond_resched();
	h->task = current;
	h->switches = current->nvcsw + current->nivcsw;
	h->func = func;
	h->line = line;
	h->last_ns = ktime_get_ns();
	return ret;
}

#undef cond_resched
#define cond_resched() zpf_yield_tell(__func__, __LINE__)
