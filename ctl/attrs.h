/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of the contract's attributes, so that a refusal can name the one it
 * is about. One table a command, nests included.
 */
#ifndef ZPF_CTL_ATTRS_H
#define ZPF_CTL_ATTRS_H

#include <stddef.h>
#include <stdint.h>
#include <linux/netlink.h>

/**
 * zpf_attr_at() - name the attribute at a place of a message
 * @nlh: a message of the zpf family
 * @offset: bytes from @nlh to the attribute, as NLMSGERR_ATTR_OFFS gives them
 * @buf: gets the name, or is emptied
 * @size: its size
 */
void zpf_attr_at(const struct nlmsghdr *nlh, uint32_t offset, char *buf, size_t size);

/**
 * zpf_attr_missing() - name an attribute that is missing from a message
 * @nlh: a message of the zpf family
 * @offset: of the nest it is missing from; 0: the message itself
 * @type: its number
 * @buf: gets the name
 * @size: its size
 */
void zpf_attr_missing(const struct nlmsghdr *nlh, uint32_t offset, uint32_t type,
		      char *buf, size_t size);

#endif /* ZPF_CTL_ATTRS_H */
