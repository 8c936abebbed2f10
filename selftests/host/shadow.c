// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the shadow headers under include/ cannot define themselves.
 */
#include <linux/sched.h>
#include <linux/slab.h>

int zpf_shadow_memory = -1;
unsigned long zpf_shadow_yields;

void cond_resched(void)
{
	zpf_shadow_yields++;
}
