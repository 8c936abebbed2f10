// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the shadow headers under include/ cannot define themselves.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <time.h>
#include "room.h"

int zpf_shadow_memory = -1;
unsigned long zpf_shadow_yields;
unsigned long long zpf_shadow_held_ns;

static unsigned long long last_ns;

static unsigned long long cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

void cond_resched(void)
{
	unsigned long long now = cpu_ns();

	zpf_shadow_yields++;
	if (last_ns && now - last_ns > zpf_shadow_held_ns)
		zpf_shadow_held_ns = now - last_ns;
	last_ns = now;
}

void zpf_shadow_hold(void)
{
	last_ns = cpu_ns();
	zpf_shadow_held_ns = 0;
}

void *zpf_room(size_t n, size_t size)
{
	return kvcalloc(n, size, GFP_KERNEL_ACCOUNT);
}
