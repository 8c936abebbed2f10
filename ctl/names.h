/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of services, protocols and ICMP types. Own tables first, so that a
 * configuration means the same on every machine; /etc/services and
 * /etc/protocols add what these do not know.
 */
#ifndef ZPF_CTL_NAMES_H
#define ZPF_CTL_NAMES_H

#include <stdbool.h>
#include <stdint.h>

int zpf_name_service(const char *name);
int zpf_name_protocol(const char *name);
const char *zpf_protocol_name(int number);
bool zpf_name_icmp(uint8_t family, const char *name, int *type, int *code);

#endif /* ZPF_CTL_NAMES_H */
