/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arming and disarming a namespace, and publishing a generation in it.
 */
#ifndef ZPF_ARM_H
#define ZPF_ARM_H

#include <linux/netlink.h>
#include "net.h"

/**
 * struct zpf_commit - a commit and its outcome
 * @gen: what to publish; the reference is taken over in any case
 * @has_base: @base counts
 * @base: generation that must be running
 * @confirm: seconds to confirm it in, else what was before comes back; 0: it
 *	need not be
 * @id: outcome: number of the generation
 * @build_ns: outcome: time until it was published
 * @flags: outcome: &enum zpf_commit_flags
 */
struct zpf_commit {
	struct zpf_gen *gen;
	bool has_base;
	u32 base;
	u32 confirm;
	u32 id;
	u64 build_ns;
	u32 flags;
};

int zpf_arm_commit(struct zpf_net *zn, struct zpf_commit *commit,
		   struct netlink_ext_ack *extack);
int zpf_arm_disarm(struct zpf_net *zn, u8 mode,
		   struct netlink_ext_ack *extack);
int zpf_arm_confirm(struct zpf_net *zn, const u32 *generation,
		    struct netlink_ext_ack *extack);
int zpf_arm_rollback(struct zpf_net *zn, const u32 *generation,
		     struct netlink_ext_ack *extack);
void zpf_arm_restore(struct zpf_net *zn);
void zpf_arm_net_pre_exit(struct zpf_net *zn);
void zpf_arm_net_exit(struct zpf_net *zn);

#endif /* ZPF_ARM_H */
