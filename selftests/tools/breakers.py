#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Rule sets made to break a packet classifier, in set form: ruleset MAIN of
both families, from zone A to zone B. Packets that its first rule, its last rule
and nothing but its default decide:

shape   made of                               first        last         default
                                        (source and destination behind the hosts
                                         of the packet tests, source port, port)
ranges  10,000 rules, each a range of        32768 1        32768 1      32768 1
        sources and of both ports, each      30000 32000    30000 42000  30000 42001
        around the one before it
nested  10,240 rules, 256 pairs of nested    7 9            16391 16393  32775 9
        prefixes times 40 ports              1 1000         1 1039       1 1000
group   100,000 prefixes in the group of     2 1            2 1          3 1
        the last of 20 rules, each a host    1 1            1 99         1 99
masks   IPv4 1,024, IPv6 10,000 rules, each  7 9            16391 16393  16391 32777
        with its own pair of prefix lengths  1 1            1 1          1 1
many    100,000 rules, each a host and       as the first   as the last  any other
        a port: nothing but many
"""
import ipaddress
import sys


def ranges(v6):
    """As (source, destination, source port, destination port), None: any."""
    for i in range(1, 10001):
        source = f"{at(v6, 10, 32768 - i)}-{at(v6, 10, 32768 + i)}"
        yield source, None, f"{30000 - i}-{30000 + i}", f"{32000 - i}-{32000 + i}"


def nested(v6):
    pairs = sorted(((a, b) for a in range(16) for b in range(16)), key=sum)
    bits = 128 if v6 else 32
    for a, b in pairs:
        for port in range(1000, 1040):
            yield net(v6, 10, 7, bits - a), net(v6, 40, 9, bits - b), None, port


def group(v6):
    """What stands in front of it takes other packets."""
    for port in range(1, 20):
        yield None, None, None, port
    yield "@BIG", None, None, None


def members(v6):
    """Every other address of host a, and others below, none beside another."""
    for i in range(100000 - 32767):
        if v6:
            yield f"2001:db8:{i >> 12:x}:{(i & 0xfff) * 2:x}::/64"
        else:
            yield f"9.{i >> 14}.{i >> 6 & 0xff}.{(i & 63) * 4}/31"
    for i in range(2, 65536, 2):
        yield f"{at(v6, 10, i)}/{128 if v6 else 32}"


def masks(v6):
    """Longest first; what is too short to be told apart by a host of the tests
    begins with another bit. (17, 17), for IPv6 (113, 113), is the last."""
    top, low, reach = (128, 29, 113) if v6 else (32, 1, 17)
    pairs = sorted(((a, b) for a in range(low, top + 1) for b in range(low, top + 1)),
                   key=lambda p: (p != (reach, reach), sum(p)), reverse=True)
    for a, b in pairs:
        source = net(v6, 10, 7, a)
        if min(a, b) < reach:
            source = str(ipaddress.ip_network(f"{'2001:db8::7' if v6 else '172.16.0.7'}/{a}", strict=False))
        yield source, net(v6, 40, 9, b), None, None


def many(v6):
    for i in range(100000):
        yield None, net(v6, 40, i * 7 % 50000, 128 if v6 else 32), None, 1 + i // 50000 + i % 5 * 100


def at(v6, n, host):
    """What the packet tests call number `host` behind the host of VLAN n."""
    return f"fd01:{n}::{host:x}" if v6 else f"10.{n}.{host >> 8}.{host & 0xff}"


def net(v6, n, host, length):
    return str(ipaddress.ip_network(f"{at(v6, n, host)}/{length}", strict=False))


def rule_lines(head, number, rule):
    yield f"{head} rule {number} action accept"
    yield f"{head} rule {number} protocol udp"
    for value, word in zip(rule, ("source address", "destination address",
                                  "source port", "destination port")):
        if value is None:
            continue
        if str(value).startswith("@"):
            word, value = word.replace("address", "group network-group"), value[1:]
        yield f"{head} rule {number} {word} {value}"


def main():
    shapes = {f.__name__: f for f in (ranges, nested, group, masks, many)}
    if len(sys.argv) < 2 or sys.argv[1] not in shapes:
        sys.exit(f"usage: breakers.py {'|'.join(shapes)}\n{__doc__}")
    fw = "set firewall"
    out = [f"{fw} zone A member interface eth1.10", f"{fw} zone B member interface eth1.40",
           f"{fw} zone B from A firewall name MAIN", f"{fw} zone B from A firewall ipv6-name MAIN"]
    for v6 in (False, True):
        if sys.argv[1] == "group":
            out += [f"{fw} group {'ipv6-' * v6}network-group BIG network {m}" for m in members(v6)]
        head = f"{fw} {'ipv6' if v6 else 'ipv4'} name MAIN"
        out.append(f"{head} default-action drop")
        for i, rule in enumerate(shapes[sys.argv[1]](v6)):
            out += rule_lines(head, i + 1, rule)
    print("\n".join(out))


if __name__ == "__main__":
    main()
