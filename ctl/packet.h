/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet described in words, as `zpfctl test` takes it: what the kernel and a
 * file are asked about. Its properties are the attributes of TEST_GET.
 */
#ifndef ZPF_CTL_PACKET_H
#define ZPF_CTL_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/zpf.h>

/** struct zpf_property - an attribute of the packet; @len 0: not given */
struct zpf_property {
	uint8_t len;
	uint8_t data[16];
};

/**
 * struct zpf_packet - a packet that is only thought of
 * @from: zone, "router", "none", or NULL where @in says it
 * @to: likewise
 * @in: interface, or NULL
 * @out: interface, or NULL
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @attr: by &enum zpf_test_attr, but for NUMS
 * @nums: the attribute NUMS
 * @n_nums: how many
 */
struct zpf_packet {
	const char *from, *to, *in, *out;
	uint8_t family;
	struct zpf_property attr[ZPF_TEST_A_MAX + 1];
	struct zpf_test_num nums[ZPF_NUM_MAX];
	size_t n_nums;
};

/**
 * zpf_packet_parse() - words to packet
 * @p: filled
 * @argc: number of words
 * @argv: WORD VALUE pairs, and words without a value
 * @err: the reason, where it is refused
 * @size: its size
 *
 * Return: 0 or -1
 */
int zpf_packet_parse(struct zpf_packet *p, int argc, char **argv, char *err,
		     size_t size);

/** zpf_packet_set() - give it one property */
void zpf_packet_set(struct zpf_packet *p, int attr, const void *data, size_t len);
/** zpf_packet_set_u8() - likewise, one byte */
void zpf_packet_set_u8(struct zpf_packet *p, int attr, uint8_t value);
/** zpf_packet_set_u16() - likewise, two */
void zpf_packet_set_u16(struct zpf_packet *p, int attr, uint16_t value);

#endif /* ZPF_CTL_PACKET_H */
