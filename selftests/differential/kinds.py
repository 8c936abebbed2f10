#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What few rules say: matches beside addresses and ports, matches that
remember, and what a rule does besides deciding.

Every function adds one kind to a rule; r is the policy's random generator.
What remembers (limit, recent, dynamic groups) earns nothing while a policy is
tried: a token a day. Its table of sources may forget when it is crowded, so
such rules are for few sources. NOW is what the guest's clock is set to; no rule
begins or ends within half an hour of it.
"""
from rule import TCP, words

NOW = 1784116800            # 2026-07-15 12:00 UTC, a Wednesday
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FRAME_TYPES = ("host", "broadcast", "multicast", "other")


# ------------------------------------------------------- beside the packet

def mark(policy, rule):
    r = policy.r
    lo, no = r.randrange(20), r.random() < 0.3
    word = words([(lo, lo + r.choice((0, 5)))])[0]
    rule.set.append(f"mark {'!' * no}{word}")
    rule.nft.append(f"meta mark {'!= ' * no}{word}")
    rule.kinds.append("not mark" if no else "mark")
    rule.hint["mark"] = (lo, lo)


def mac(policy, rule):
    r = policy.r
    side, last, no = r.choice(("source", "destination")), r.randrange(8), r.random() < 0.3
    field = "saddr" if side == "source" else "daddr"
    rule.set.append(f"{side} mac-address {'!' * no}02:00:00:00:00:{last:02x}")
    rule.nft.append(f"ether {field} {'!= ' * no}02:00:00:00:00:{last:02x}")
    rule.kinds.append(f"{'not ' * no}{side} mac")
    rule.hint["mac " + side] = (last, last)


def frame_type(policy, rule):
    kind = policy.r.randrange(4)
    rule.set.append(f"packet-type {FRAME_TYPES[kind]}")
    rule.nft.append(f"meta pkttype {FRAME_TYPES[kind]}")
    rule.kinds.append("packet-type")
    rule.hint["frame"] = (kind, kind)


def helper(policy, rule):
    name = policy.r.choice(("ftp", "ftp", "sip"))
    rule.set.append(f"conntrack-helper {name}")
    rule.nft.append(f'ct helper "{name}"')
    rule.kinds.append("conntrack-helper")
    rule.hint["helper"] = (1, 1)


def translated(policy, rule):
    side = policy.r.choice(("destination", "source"))
    rule.set.append(f"connection-status nat {side}")
    rule.nft.append(f"ct status {'dnat' if side == 'destination' else 'snat'}")
    rule.kinds.append("connection-status nat")
    bit = 1 if side == "destination" else 2
    rule.hint["nat"] = (bit, bit)


def ipsec(policy, rule):
    """Where packets go is only known of those with a route."""
    r = policy.r
    out, no = policy.routed and r.random() < 0.5, r.random() < 0.4
    rule.set.append(f"ipsec match-{'none' if no else 'ipsec'}-{'out' if out else 'in'}")
    rule.nft.append(f"{'rt ipsec' if out else 'meta ipsec'} {'missing' if no else 'exists'}")
    rule.kinds.append(("not " * no) + ("ipsec out" if out else "ipsec in"))
    bit = (4 if out else 1) * (not no)
    rule.hint["ipsec"] = (bit, bit)


# --------------------------------------------------------- of the packet

def fragment(policy, rule):
    no = policy.r.random() < 0.5
    rule.set.append(f"fragment match-{'non-' * no}frag")
    rule.nft.append(f"exthdr frag {'missing' if no else 'exists'}" if policy.v6 else
                    f"ip frag-off & 0x3fff {'==' if no else '!='} 0")
    rule.kinds.append("not fragment" if no else "fragment")
    rule.hint["fragment"] = not no


def number(key, field, top, exclude=None):
    """A number of the packet is in one of some ranges, or in none of them."""
    def kind(policy, rule):
        r = policy.r
        spans = policy.spans(top)
        no = bool(exclude) and r.random() < 0.3
        rule.set += [f"{exclude if no else key} {word}" for word in words(spans)]
        rule.nft.append(f"{field.format(ip='ip6' if policy.v6 else 'ip')} "
                        f"{'!= ' * no}{{ {', '.join(words(spans))} }}")
        rule.kinds.append(f"{'not ' * no}{key}")
        rule.hint[key] = r.choice(spans)
    return kind


# ------------------------------------------------------------- the moment

def hours(policy, rule):
    """From an hour on, until one, or between two, midnight in between or not."""
    r = policy.r
    start, stop = r.sample(range(24), 2)
    kind = r.random()
    if kind < 0.25:
        rule.set.append(f"time starttime {start:02}:30")
        rule.nft.append(f'meta hour >= "{start:02}:30"')
    elif kind < 0.5:
        rule.set.append(f"time stoptime {stop:02}:30")
        rule.nft.append(f'meta hour < "{stop:02}:30"')
    else:
        rule.set += [f"time starttime {start:02}:30", f"time stoptime {stop:02}:30"]
        if start < stop:
            rule.nft += [f'meta hour >= "{start:02}:30"', f'meta hour < "{stop:02}:30"']
        else:
            rule.nft.append(f'meta hour != "{stop:02}:30"-"{start:02}:29:59"')
    rule.kinds.append("time of day")


def weekdays(policy, rule):
    r = policy.r
    days, no = r.sample(DAYS, r.randint(1, 5)), r.random() < 0.3
    rule.set.append(f"time weekdays {'!' * no}{','.join(days)}")
    quoted = ", ".join(f'"{day}"' for day in days)
    rule.nft.append(f"meta day {'!= ' * no}{{ {quoted} }}")
    rule.kinds.append("not weekdays" if no else "weekdays")


def dates(policy, rule):
    r = policy.r
    start, stop = sorted(r.sample(range(1, 29), 2))
    kind = r.random()
    if kind < 0.7:
        rule.set.append(f"time startdate 2026-07-{start:02}")
        rule.nft.append(f'meta time >= "2026-07-{start:02} 00:00:00"')
    if kind > 0.3:
        rule.set.append(f"time stopdate 2026-07-{stop:02}")
        rule.nft.append(f'meta time < "2026-07-{stop:02} 00:00:00"')
    rule.kinds.append("date")


# -------------------------------------------------------- what remembers

def few_sources(policy, rule):
    """Unless its source is asked for already, the rule is for 32 of them."""
    if any(line.startswith("source ") for line in rule.set):
        return False
    lo = policy.address() & ~31
    rule.set.append(f"source address {policy.text(lo)}/{policy.bits - 5}")
    rule.nft.append(f"{'ip6' if policy.v6 else 'ip'} saddr {policy.text(lo)}/{policy.bits - 5}")
    rule.hint["s"] = (lo, lo | 31)
    return True


def limit(policy, rule):
    burst = policy.r.choice((1, 3, 20, 300))
    rule.set += ["limit rate 1/day", f"limit burst {burst}"]
    rule.tail.append(f"limit rate 1/day burst {burst} packets")
    rule.kinds.append("limit")


def recent(policy, rule):
    if len(policy.nft_sets) >= 20 or not few_sources(policy, rule):
        return
    count = policy.r.choice((1, 2, 5, 30))
    rule.set += [f"recent count {count}", "recent time hour"]
    name = policy.nft_set()
    rule.tail.append(f"add @{name} {{ {'ip6' if policy.v6 else 'ip'} saddr "
                     f"limit rate over {count}/hour burst {count} packets }}")
    rule.kinds.append("recent")


# ------------------------------------------------- besides the verdict

def add_address(policy, rule):
    """Later rules, and later packets, find it in the group."""
    if not few_sources(policy, rule):
        return
    name = policy.dynamic()
    rule.set.append(f"add-address-to-group source-address address-group {name}")
    rule.tail.append(f"add @{name} {{ {'ip6' if policy.v6 else 'ip'} saddr }}")
    rule.kinds.append("add-address-to-group")


def change(policy, rule):
    r, ip = policy.r, "ip6" if policy.v6 else "ip"
    n = r.randrange(1, 20)
    what, nft = r.choice((
        ("mark", f"meta mark set {n}"), ("connection-mark", f"ct mark set {n}"),
        ("dscp", f"{ip} dscp set {n}"),
        ("hop-limit", f"ip6 hoplimit set {n}") if policy.v6 else ("ttl", f"ip ttl set {n}")))
    rule.set.append(f"set {what} {n}")
    rule.tail.append(nft)
    rule.kinds.append("set " + what)


def change_segment(policy, rule):
    """nft changes what it finds in any segment, zpf in a SYN."""
    if rule.hint.get("proto", TCP) != TCP or any(line.startswith("protocol ") for line in rule.set):
        return
    size = policy.r.randrange(500, 1500)
    policy.whole(rule)
    rule.set += ["protocol tcp", "tcp flags syn", f"set tcp-mss {size}"]
    rule.nft.append("meta l4proto tcp tcp flags & 2 == 2")
    rule.tail.append(f"tcp option maxseg size set {size}")
    rule.kinds.append("set tcp-mss")
    rule.hint.update(proto=TCP, flags=2, mss=(size - 100, size + 100))


MATCHES = (
    mark, mac, mac, frame_type, fragment, helper, translated, ipsec,
    number("connection-mark", "ct mark", 20),
    number("dscp", "{ip} dscp", 63, "dscp-exclude"),
    number("packet-length", "{ip} length", 120, "packet-length-exclude"),
    hours, weekdays, dates)
# What they call themselves; the rest of a rule is policy.py's.
NAMED = {"mark", "not mark", "source mac", "not source mac", "destination mac",
         "not destination mac", "packet-type", "fragment", "not fragment", "conntrack-helper",
         "connection-status nat", "ipsec in", "not ipsec in", "ipsec out", "not ipsec out",
         "connection-mark", "dscp", "not dscp", "packet-length", "not packet-length",
         "time of day", "weekdays", "not weekdays", "date", "limit", "recent",
         "add-address-to-group", "set mark", "set connection-mark", "set dscp", "set ttl",
         "set hop-limit", "set tcp-mss"}
