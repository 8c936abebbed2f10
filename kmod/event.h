/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifications to the multicast group "events" of the namespace concerned.
 */
#ifndef ZPF_EVENT_H
#define ZPF_EVENT_H

#include <linux/types.h>

struct zpf_net;
struct zpf_tally_cold;
struct zpf_tally_row;

/**
 * struct zpf_event_info - an event; unused fields are zero
 * @type: &enum zpf_event
 * @generation: COMMIT, CONFIRM_WAIT, CONFIRMED, REVERTED; 0: none
 * @mode: DISARM, REVERTED
 * @seconds: CONFIRM_WAIT
 * @ifindex: JOIN, LEAVE
 * @ifname: JOIN, LEAVE
 * @zone: JOIN, LEAVE: zone name, NULL: none
 * @row: DROP: copy of the row that was begun
 * @cold: DROP: the rest of it
 */
struct zpf_event_info {
	u8 type;
	u32 generation;
	u8 mode;
	u32 seconds;
	u32 ifindex;
	const char *ifname;
	const char *zone;
	const struct zpf_tally_row *row;
	const struct zpf_tally_cold *cold;
};

void zpf_event_send(struct zpf_net *zn, const struct zpf_event_info *ev);
void zpf_event_skip(struct zpf_net *zn, u64 n);
u64 zpf_event_newest(struct zpf_net *zn);

#endif /* ZPF_EVENT_H */
