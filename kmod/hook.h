/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The netfilter hooks of a namespace.
 */
#ifndef ZPF_HOOK_H
#define ZPF_HOOK_H

struct zpf_live;
struct zpf_net;
struct zpf_probe;

void zpf_hook_init(struct zpf_net *zn);
int zpf_hook_register(struct zpf_net *zn);
void zpf_hook_unregister(struct zpf_net *zn);
void zpf_hook_probe(const struct zpf_live *live, struct zpf_probe *probe);

#endif /* ZPF_HOOK_H */
