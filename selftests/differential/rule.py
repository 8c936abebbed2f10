#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A rule written twice, for zpfctl and for nft, and what goes into it."""

IN, OUT = "eth1.10", "eth1.20"
STATES = ("new", "established", "related", "invalid")
TCP, UDP, ICMP, GRE, ESP, SCTP, ICMPV6 = 6, 17, 1, 47, 50, 132, 58
NAMES = {TCP: "tcp", UDP: "udp", ESP: "esp", SCTP: "sctp", GRE: "gre"}
FLAGS = ("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr")


class Rule:
    """set: lines behind `rule N`; nft: expressions, tail: those behind all
    matches; hint: fields of a packet that may match; kinds: what it is made of."""

    def __init__(self):
        self.set, self.nft, self.tail, self.hint, self.kinds = [], [], [], {}, []
        self.action, self.target = "accept", None

    def expressions(self):
        return " ".join(self.nft + self.tail)


def merged(spans):
    """Sorted, without overlaps: as nft wants the members of a set."""
    out = []
    for lo, hi in sorted(spans):
        if out and lo <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(hi, out[-1][1]))
        else:
            out.append((lo, hi))
    return out


def words(spans):
    return [str(lo) if lo == hi else f"{lo}-{hi}" for lo, hi in spans]
