#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Packets that stand in the rules of a policy, or at their edge."""
import struct

from rule import ESP, GRE, ICMP, ICMPV6, SCTP, TCP, UDP


class Packet:
    """A packet from its network header on, and what stands beside it: by the
    commands of zpf_bench.ko."""

    def __init__(self, l3, beside):
        self.l3, self.beside = l3, beside

    def __str__(self):
        return f"{self.l3.hex()} ({', '.join(f'{k} {v}' for k, v in self.beside.items())})"


def checksum(header):
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


# Command, name of the hint, all bits that mean something.
BESIDE = (("mark", "mark", 0xffff), ("connmark", "connection-mark", 0xffff), ("type", "frame", 3),
          ("nat", "nat", 3), ("helper", "helper", 1), ("ipsec", "ipsec", 7))
MACS = {"source": "mac source", "dest": "mac destination"}


def make(policy, hint):
    """A packet that a rule with these hints may match."""
    r = policy.r

    def pick(key, make):
        """In the rule's range or at its edge; now and then just outside."""
        if key not in hint or r.random() < 0.06:
            return make()
        lo, hi = hint[key]
        v = r.choice((lo, hi, r.randint(lo, hi)))
        return v + (r.choice((-1, 1)) if r.random() < 0.06 else 0)

    proto = hint.get("proto") or r.choice((TCP, UDP, ESP, ICMPV6 if policy.v6 else ICMP, SCTP, GRE))
    top = (1 << policy.bits) - 1
    src, dst = pick("s", policy.address) & top, pick("d", policy.address) & top
    sport, dport = pick("sp", policy.port) & 0xffff, pick("dp", policy.port) & 0xffff
    ttl = max(1, min(255, hint.get("ttl", r.choice((1, 2, 63, 64, 65, 128)))))
    tos = (pick("dscp", lambda: r.choice((0, 0, 46))) & 63) << 2 | r.randrange(4)
    if proto == TCP:
        flags = hint.get("flags", r.choice((2, 18, 16, 4, 1, 0x29, 0xc2)))
        options = b""
        if "mss" in hint or r.random() < 0.1:
            # The size itself, behind some padding or in front of it.
            options = struct.pack("!BBH", 2, 4, pick("mss", lambda: 1460) & 0xffff)
            options = r.choice((options, b"\1" * 4 + options, options + b"\0" * 4))
        l4 = struct.pack("!HHIIBBHHH", sport, dport, 1, 1, 5 + len(options) // 4 << 4,
                         flags, 1024, 0, 0) + options
    elif proto == UDP:
        l4 = struct.pack("!HHHH", sport, dport, 16, 0) + b"\0" * 8
    elif proto in (ICMP, ICMPV6):
        icmp = hint.get("icmp") or r.choice(((8, 0), (128, 0), (3, 4), (1, 3)))
        l4 = struct.pack("!BBHHH", *icmp, 0, 1, 1) + b"\0" * 40
    elif proto == GRE:
        flags, number = hint.get("gre", (0, 0))
        if r.random() < 0.3:
            flags = r.choice((0, 0x8000, 0x2000, 0xa000, 0xb000, 0x2001))
        l4 = struct.pack("!HHII", flags, r.choice((0x0800, 0x86dd)), number, number) + b"\0" * 16
    else:
        l4 = struct.pack("!HHII", sport, dport, 0, 0) + b"\0" * 16
    fragment = hint.get("fragment", False)
    if "fragment" not in hint or r.random() < 0.06:
        fragment = r.random() < 0.02
    l3 = l3_v6 if policy.v6 else l3_v4
    beside = {key: max(0, pick(name, lambda: 0)) & most for key, name, most in BESIDE}
    beside.update((key, f"02:00:00:00:00:{pick(MACS[key], lambda: 1) & 0xff:02x}")
                  for key in ("source", "dest"))
    # A route, or none that could lead through IPsec.
    beside["ipsec"] = beside["ipsec"] | 2 if policy.routed else beside["ipsec"] & 1
    return Packet(l3(r, src, dst, proto, ttl, tos, fragment, l4, pick("packet-length", lambda: 0)),
                  beside)


def l3_v4(r, src, dst, proto, ttl, tos, fragment, l4, length):
    l4 += b"\0" * (length - 20 - len(l4))
    # A first fragment, or a later one, which has no upper layer to look at.
    frag = r.choice((0x2000, 0x2003, 0x0003)) if fragment else 0x4000
    def header(check):
        return struct.pack("!BBHHHBBHII", 0x45, tos, 20 + len(l4), 1, frag, ttl, proto, check,
                           src, dst)
    return header(checksum(header(0))) + l4


def l3_v6(r, src, dst, proto, ttl, tos, fragment, l4, length):
    """Later fragments are left out: nft takes what stands there for ports."""
    if fragment:
        l4 = struct.pack("!BBHI", proto, 0, 1, 7) + l4
        proto = 44
    elif r.random() < 0.02:
        l4 = struct.pack("!BB", proto, 0) + b"\1\4\0\0\0\0" + l4
        proto = 60
    l4 += b"\0" * (length - len(l4))
    return struct.pack("!IHBB", 6 << 28 | tos << 20, len(l4), proto, ttl) + \
        src.to_bytes(16, "big") + dst.to_bytes(16, "big") + l4
