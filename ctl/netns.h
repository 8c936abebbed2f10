/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Option -n: the network namespace a command works in.
 */
#ifndef ZPF_CTL_NETNS_H
#define ZPF_CTL_NETNS_H

#include <stddef.h>

/**
 * zpf_netns_enter() - move this process to a network namespace
 * @which: a name of ip-netns(8), a process id, or a path (has a '/')
 * @why: gets the reason of a failure, one clause
 * @size: its size
 *
 * Comes before any socket is opened. A name wins over a process id.
 *
 * Return: 0 or -1
 */
int zpf_netns_enter(const char *which, char *why, size_t size);

#endif /* ZPF_CTL_NETNS_H */
