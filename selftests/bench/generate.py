#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes a large configuration, always the same for the same arguments.

By default 43,000 lines: 3,000 rules in 40 rulesets of both families, 450
groups of all basic kinds with 8,000 members, 16 zones, and NAT statements that
are not the firewall's to make up the number. What grown configurations have is
in it: groups that include others, objects used before they are defined,
descriptions, disabled rules, rules with eleven statements.

    generate.py [--rules N] [--groups N] [--members N] [--lines N] [--rulesets N]
"""
import argparse

KINDS = ("address", "network", "ipv6-address", "ipv6-network", "port", "interface")
ZONES = 16


class Numbers:
    """The same numbers everywhere and in every version of Python."""

    def __init__(self):
        self.state = 20260131

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        return (self.state >> 33) % n


def member(kind, i):
    if kind == "address":
        return f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}"
    if kind == "network":
        return f"172.{16 + (i >> 12 & 15)}.{i >> 4 & 255}.{(i & 15) << 4}/28"
    if kind == "ipv6-address":
        return f"2001:db8:1::{i:x}"
    if kind == "ipv6-network":
        return f"2001:db8:2:{i:x}::/64"
    if kind == "port":
        return str(1 + i % 65535) if i % 3 else f"{1 + i % 65000}-{1 + i % 65000 + 9}"
    return f"eth1.{1 + i % 4094}"


def groups(args, rand):
    """Member lines spread over the groups; every seventh group includes another."""
    leaf = {"address": "address", "network": "network", "ipv6-address": "address",
            "ipv6-network": "network", "port": "port", "interface": "interface"}
    for i in range(args.groups):
        kind = KINDS[i % len(KINDS)]
        name = f"{kind}-group {kind.upper()}-{i // len(KINDS)}"
        yield f"group {name} description 'group number {i}'"
        if i >= 7 * len(KINDS) and i % 7 == 0:
            yield f"group {name} include {kind.upper()}-{i // len(KINDS) - 3}"
        first = rand.below(4096)
        for k in range(args.members * i // args.groups, args.members * (i + 1) // args.groups):
            yield f"group {name} {leaf[kind]} {member(kind, first + 2 * k)}"


def rule(args, rand, v6, i):
    """One rule: eight to thirteen statements."""
    side = ("source", "destination")[rand.below(2)]
    other = "destination" if side == "source" else "source"
    of = args.groups // len(KINDS)
    six = "IPV6-" if v6 else ""
    yield f"action {('accept', 'drop', 'reject', 'accept')[rand.below(4)]}"
    yield f"description \"rule {i}: ticket {1000 + i}, it's old\""
    yield f"protocol {('tcp', 'udp', 'tcp_udp')[rand.below(3)]}"
    if of:
        kind = ("ADDRESS", "NETWORK")[rand.below(2)]
        yield f"{side} group {kind.lower()}-group {'!' * (rand.below(9) == 0)}{six}{kind}-{rand.below(of)}"
    # never the same twice: rules that shadow each other are the linter's matter
    if v6:
        yield f"{other} address 2001:db8:{i & 0xffff:x}:{i >> 16:x}::/64"
    else:
        yield f"{other} address 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}"
    if of and rand.below(2):
        yield f"destination group port-group PORT-{rand.below(of)}"
    else:
        yield f"destination port {1 + rand.below(60000)},{60001 + rand.below(5000)}"
    for state in ("new", "established", "related")[:1 + rand.below(3)]:
        yield f"state {state}"
    if rand.below(4) == 0:
        yield "log"
        yield "log-options level info"
    if rand.below(5) == 0:
        yield f"limit rate {1 + rand.below(99)}/second"
        yield f"limit burst {1 + rand.below(99)}"
    if rand.below(30) == 0:
        yield "disable"


def rulesets(args, rand):
    for n in range(args.rulesets):
        v6 = n % 4 == 3
        path = f"{'ipv6' if v6 else 'ipv4'} name RS-{n}"
        yield f"{path} default-action drop"
        yield f"{path} default-log"
        for i in range(args.rules * n // args.rulesets, args.rules * (n + 1) // args.rulesets):
            for option in rule(args, rand, v6, i):
                yield f"{path} rule {i + 1} {option}"


def zones(args):
    for i in range(ZONES):
        yield f"zone Z{i} member interface eth2.{i + 1}"
    yield "zone LOCAL local-zone"
    for n in range(args.rulesets):
        to = n % ZONES
        src = (to + 1 + n // ZONES) % ZONES
        yield f"zone Z{to} from Z{src} firewall {'ipv6-name' if n % 4 == 3 else 'name'} RS-{n}"
    yield "global-options state-policy established action accept"
    yield "global-options state-policy related action accept"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("rules", 3000), ("groups", 450), ("members", 8000),
                        ("lines", 43000), ("rulesets", 40)):
        parser.add_argument(f"--{name}", type=int, default=value)
    args = parser.parse_args()
    rand = Numbers()
    n = 0
    # zones and rules first: they speak of groups that come later
    for part in (zones(args), rulesets(args, rand), groups(args, rand)):
        for line in part:
            print(f"set firewall {line}")
            n += 1
    for i in range(n, args.lines):
        print(f"set nat source rule {i} translation address masquerade")


if __name__ == "__main__":
    main()
