#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Random policies, each written twice: for zpfctl and for nft.

A policy judges what goes from one zone to another: a ruleset with rulesets it
jumps to, groups, maybe a base chain before it and a global state policy. All
follows from the seed. packets() makes packets that stand in or at the edge of
its rules. Run by hand with a seed it prints one of the texts.
"""
import ipaddress
import random
import socket
import struct
import sys

IN, OUT = "eth1.10", "eth1.20"
STATES = ("new", "established", "related", "invalid")
TCP, UDP, ICMP, ESP, SCTP, ICMPV6 = 6, 17, 1, 50, 132, 58
NAMES = {TCP: "tcp", UDP: "udp", ESP: "esp", SCTP: "sctp", 47: "gre"}
FLAGS = ("fin", "syn", "rst", "psh", "ack", "urg")
MAX_RULES = 10000


class Rule:
    """set: lines behind `rule N`; nft: expressions; hint: fields of a packet
    that may match; kinds: what it is made of."""

    def __init__(self):
        self.set, self.nft, self.hint, self.kinds = [], [], {}, []
        self.action, self.target = "accept", None


class Policy:
    def __init__(self, seed, max_rules=MAX_RULES):
        self.r = random.Random(seed)
        self.seed = seed
        self.v6 = self.r.random() < 0.4
        self.groups = {}        # name: (kind, [members])
        self.make_pools()
        self.make_groups()
        size = int(max_rules ** self.r.random())
        if self.r.random() < 0.01:
            size = max_rules
        # What the rules look like decides which engine they get.
        self.shape = self.r.choice(("mixed", "mixed", "hosts", "ports", "wild"))
        self.rulesets = {}
        self.make_rulesets(max(1, size))
        self.base = self.ruleset("base", self.r.randint(1, 30), []) \
            if self.r.random() < 0.3 else None
        if self.base:
            self.base_default = self.r.choice(("accept", "accept", "drop"))
        self.state_policy = self.r.random() < 0.1

    # ------------------------------------------------------------- values

    def make_pools(self):
        r = self.r
        bits = 128 if self.v6 else 32
        self.bits = bits
        self.nets = []
        for _ in range(r.choice((1, 3, 8, 40))):
            if self.v6:
                self.nets.append((0x20010db8 << 96) | (r.randrange(1 << 16) << 80))
            else:
                self.nets.append((10 << 24) | (r.randrange(256) << 16))
        self.spread = r.choice((4, 64, 1 << 16))
        self.few_ports = [r.randrange(1, 65536) for _ in range(r.choice((4, 30, 2000)))] + [1, 65535]

    def text(self, value):
        if self.v6:
            return str(ipaddress.IPv6Address(value))
        return str(ipaddress.IPv4Address(value))

    def address(self):
        net = self.r.choice(self.nets)
        host = self.r.randrange(self.spread)
        if self.v6 and self.r.random() < 0.5:
            return net | (host << 64) | self.r.choice((1, 2, 0xffff))
        return net | host

    def prefix(self):
        """(lo, hi, text)"""
        length = self.r.choice((self.bits, self.bits, self.bits - 8, self.bits - 16,
                                self.bits - self.r.randrange(self.bits // 2)))
        host = (1 << (self.bits - length)) - 1
        lo = self.address() & ~host
        return lo, lo | host, f"{self.text(lo)}/{length}"

    def span(self):
        a, b = sorted((self.address(), self.address()))
        return a, b, f"{self.text(a)}-{self.text(b)}"

    def port(self):
        return self.r.choice(self.few_ports)

    def port_span(self):
        a, b = sorted((self.port(), self.port()))
        return (a, b) if a < b else (a, min(a + 1, 65535)) if a < 65535 else (a - 1, a)

    # ------------------------------------------------------------- groups

    def make_groups(self):
        for i in range(3):
            members = [self.span() if self.r.random() < 0.3 else (lambda a: (a, a, self.text(a)))(self.address())
                       for _ in range(self.r.choice((1, 4, 40)))]
            self.groups[f"A{i}"] = ("address", members)
            members = [self.prefix() for _ in range(self.r.choice((1, 4, 40)))]
            self.groups[f"N{i}"] = ("network", members)
            members = [self.port_span() if self.r.random() < 0.4 else (lambda p: (p, p))(self.port())
                       for _ in range(self.r.choice((1, 3, 10)))]
            self.groups[f"P{i}"] = ("port", members)
        self.groups["I0"] = ("interface", [IN, "eth9"])
        self.groups["I1"] = ("interface", ["eth7", OUT])

    # -------------------------------------------------------------- rules

    def side(self, rule, dst):
        r, name = self.r, "destination" if dst else "source"
        key = "d" if dst else "s"
        field = ("ip6 " if self.v6 else "ip ") + ("daddr" if dst else "saddr")
        no = r.random() < 0.15
        kind = r.random()
        if kind < 0.3:
            group = r.choice("AN") + str(r.randrange(3))
            word = "network-group" if group[0] == "N" else "address-group"
            rule.set.append(f"{name} group {word} {'!' * no}{group}")
            rule.nft.append(f"{field} {'!= ' * no}@{group}")
            rule.kinds.append(word)
            lo, hi, _ = r.choice(self.groups[group][1])
        else:
            lo, hi, text = self.span() if kind < 0.45 else self.prefix()
            rule.set.append(f"{name} address {'!' * no}{text}")
            rule.nft.append(f"{field} {'!= ' * no}{text}")
            rule.kinds.append("range" if "-" in text else "prefix")
        if no:
            rule.kinds.append("not address")
        rule.hint[key] = (lo, hi)

    def whole(self, rule):
        """Before what looks into the upper layer: nft of Linux 6.1 takes what
        stands there in a later fragment for ports."""
        guard = "ip frag-off & 0x1fff == 0"
        if not self.v6 and guard not in rule.nft:
            rule.nft.append(guard)

    def ports(self, rule, dst):
        r, name = self.r, "destination" if dst else "source"
        key = "dp" if dst else "sp"
        field = "th " + ("dport" if dst else "sport")
        kind = r.random()
        self.whole(rule)
        if kind < 0.2:
            group, no = f"P{r.randrange(3)}", r.random() < 0.3
            rule.set.append(f"{name} group port-group {'!' * no}{group}")
            rule.nft.append(f"{field} {'!= ' * no}@{group}")
            rule.kinds.append("port-group")
            if no:
                rule.kinds.append("not port")
            rule.hint[key] = r.choice(self.groups[group][1])
            return
        if kind < 0.35:
            spans = sorted({self.port_span() if r.random() < 0.3 else (p, p)
                            for p in [self.port() for _ in range(3)]})
            rule.kinds.append("port list")
        elif kind < 0.55:
            spans = [self.port_span()]
            rule.kinds.append("port range")
        else:
            p = self.port()
            spans = [(p, p)]
            rule.kinds.append("port")
        merged = []
        for lo, hi in spans:
            if merged and lo <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(hi, merged[-1][1]))
            else:
                merged.append((lo, hi))
        words = [str(lo) if lo == hi else f"{lo}-{hi}" for lo, hi in merged]
        rule.set.append(f"{name} port {','.join(words)}")
        rule.nft.append(f"{field} {{ {', '.join(words)} }}")
        rule.hint[key] = r.choice(merged)

    def layer4(self, rule):
        r = self.r
        kind = r.random()
        if kind < 0.7:
            protos = r.choice(((TCP,), (TCP,), (UDP,), (TCP, UDP), (SCTP,)))
            names = [NAMES[p] for p in protos]
            rule.set.append("protocol " + "_".join(names))
            rule.nft.append(f"meta l4proto {{ {', '.join(names)} }}")
            rule.kinds.append("tcp_udp" if len(protos) > 1 else "protocol")
            rule.hint["proto"] = r.choice(protos)
            if r.random() < 0.7:
                self.ports(rule, True)
            if r.random() < 0.15:
                self.ports(rule, False)
            if protos == (TCP,) and r.random() < 0.2:
                yes = r.sample(FLAGS, r.randint(0, 2))
                no = [f for f in r.sample(FLAGS, 2) if f not in yes]
                rule.set += [f"tcp flags {f}" for f in yes] + [f"tcp flags not {f}" for f in no]
                self.whole(rule)
                bits = lambda names: sum(1 << FLAGS.index(f) for f in names)
                rule.nft.append(f"tcp flags & {bits(yes + no):#x} == {bits(yes):#x}")
                rule.kinds.append("tcp flags")
                rule.hint["flags"] = bits(yes)
        elif kind < 0.85:
            proto, word = (ICMPV6, "icmpv6") if self.v6 else (ICMP, "icmp")
            icmp = r.choice(((1, 0), (3, 4), (128, 0), (135, 0)) if self.v6 else
                            ((8, 0), (0, 0), (3, 4), (11, 1)))
            rule.set += ["protocol " + ("ipv6-icmp" if self.v6 else "icmp"), f"{word} type {icmp[0]}"]
            self.whole(rule)
            rule.nft.append(f"meta l4proto {proto} {word} type {icmp[0]}")
            if r.random() < 0.5:
                rule.set.append(f"{word} code {icmp[1]}")
                rule.nft.append(f"{word} code {icmp[1]}")
            rule.kinds.append("icmp")
            rule.hint.update(proto=proto, icmp=icmp)
        else:
            proto, no = r.choice((TCP, ESP, 47)), r.random() < 0.4
            rule.set.append(f"protocol {'!' * no}{NAMES[proto]}")
            rule.nft.append(f"meta l4proto {'!= ' * no}{proto}")
            rule.kinds.append("not protocol" if no else "protocol")
            rule.hint["proto"] = UDP if no else proto

    def rare(self, rule):
        r = self.r
        if r.random() < 0.12:
            states = r.sample(STATES, r.randint(1, 3))
            rule.set += [f"state {s}" for s in states]
            rule.nft.append("ct state { " + ", ".join(states) + " }")
            rule.kinds.append("state")
        if r.random() < 0.06:
            out, no = r.random() < 0.5, r.random() < 0.4
            name = r.choice((OUT, "eth8")) if out else r.choice((IN, "eth8"))
            rule.set.append(f"{'out' if out else 'in'}bound-interface name {'!' * no}{name}")
            rule.nft.append(f"{'o' if out else 'i'}ifname {'!= ' * no}\"{name}\"")
            rule.kinds.append("interface")
        elif r.random() < 0.04:
            out = r.random() < 0.5
            rule.set.append(f"{'out' if out else 'in'}bound-interface group I{int(out)}")
            rule.nft.append(f"{'o' if out else 'i'}ifname @I{int(out)}")
            rule.kinds.append("interface-group")
        if r.random() < 0.06:
            op, ttl = r.choice((("eq", "=="), ("gt", ">"), ("lt", "<"))), r.choice((1, 63, 64, 128))
            rule.set.append(f"{'hop-limit' if self.v6 else 'ttl'} {op[0]} {ttl}")
            rule.nft.append(f"{'ip6 hoplimit' if self.v6 else 'ip ttl'} {op[1]} {ttl}")
            rule.kinds.append("ttl")
            rule.hint["ttl"] = ttl + {"eq": 0, "gt": 1, "lt": -1}[op[0]]

    def rule(self, targets):
        rule, r = Rule(), self.r
        shape = self.shape if r.random() < 0.9 else "mixed"
        if shape == "hosts":
            self.side(rule, True)
            if r.random() < 0.3:
                self.side(rule, False)
            if r.random() < 0.7:
                self.layer4(rule)
        elif shape == "ports":
            p = self.port()
            proto = r.choice((TCP, UDP))
            rule.set += [f"protocol {NAMES[proto]}", f"destination port {p}"]
            self.whole(rule)
            rule.nft.append(f"{NAMES[proto]} dport {p}")
            rule.kinds.append("port")
            rule.hint.update(proto=proto, dp=(p, p))
        else:
            wild = shape == "wild"
            if r.random() < (0.3 if wild else 0.7):
                self.layer4(rule)
            if r.random() < 0.6:
                self.side(rule, True)
            if r.random() < 0.5:
                self.side(rule, False)
        if shape == "mixed" or r.random() < 0.05:
            self.rare(rule)
        if not rule.nft:
            self.side(rule, True)
        kind = r.random()
        if targets and kind < 0.5:
            rule.action, rule.target = "jump", r.choice(targets)
        elif kind < 0.04:
            rule.action = "return"
        elif kind < 0.10:
            rule.action = "continue"
        elif kind < 0.13:
            rule.action = "reject"
        else:
            rule.action = r.choice(("accept", "drop"))
        rule.kinds.append(rule.action)
        return rule

    def ruleset(self, name, n, targets):
        """Jumps are few: each lays its target flat once more."""
        jumps = set(self.r.sample(range(n), min(n, self.r.randint(1, 4)))) if targets else set()
        rules = [self.rule(targets if i in jumps else []) for i in range(n)]
        default = self.r.choice(("drop", "drop", "accept", "reject"))
        self.rulesets[name] = (rules, default)
        return name

    def make_rulesets(self, size):
        blocks = []
        if self.r.random() < 0.6:
            for i in range(self.r.randint(1, 3)):
                blocks.append(self.ruleset(f"B{i}", self.r.randint(1, max(1, min(200, size // 8 + 1))),
                                           blocks[-1:]))
        self.ruleset("MAIN", size, blocks)

    # -------------------------------------------------------------- texts

    def set_form(self):
        fw, fam = "set firewall", "ipv6" if self.v6 else "ipv4"
        six = "ipv6-" if self.v6 else ""
        out = []
        for name, (kind, members) in self.groups.items():
            head = f"{fw} group {six if kind in ('address', 'network') else ''}{kind}-group {name} {kind}"
            for m in members:
                word = m if kind == "interface" else m[2] if kind in ("address", "network") else \
                    str(m[0]) if m[0] == m[1] else f"{m[0]}-{m[1]}"
                out.append(f"{head} {word}")
        if self.state_policy:
            out += [f"{fw} global-options state-policy {s} action {a}" for s, a in
                    (("established", "accept"), ("related", "accept"), ("invalid", "drop"))]
        for name, (rules, default) in self.rulesets.items():
            head = f"{fw} {fam} name {name}"
            if name == self.base:
                head, default = f"{fw} {fam} forward filter", self.base_default
            out.append(f"{head} default-action {default}")
            for i, rule in enumerate(rules):
                at = f"{head} rule {i + 1}"
                out.append(f"{at} action {rule.action}")
                if rule.target:
                    out.append(f"{at} jump-target {rule.target}")
                out += [f"{at} {line}" for line in rule.set]
        out += [f"{fw} zone Z1 member interface {IN}", f"{fw} zone Z2 member interface {OUT}",
                f"{fw} zone Z1 default-action drop", f"{fw} zone Z2 default-action drop",
                f"{fw} zone Z2 from Z1 firewall {six}name MAIN"]
        return "\n".join(dict.fromkeys(out)) + "\n"

    def nft(self):
        out = [f"table {'ip6' if self.v6 else 'ip'} diff {{"]
        for name, (kind, members) in self.groups.items():
            if kind == "interface":
                out.append(f"set {name} {{ type ifname; elements = {{ "
                           + ", ".join(f'"{m}"' for m in members) + " } }")
                continue
            type_ = "inet_service" if kind == "port" else "ipv6_addr" if self.v6 else "ipv4_addr"
            words = [m[2] if kind != "port" else
                     str(m[0]) if m[0] == m[1] else f"{m[0]}-{m[1]}" for m in members]
            out.append(f"set {name} {{ type {type_}; flags interval; auto-merge; "
                       f"elements = {{ {', '.join(dict.fromkeys(words))} }} }}")
        state = []
        if self.state_policy:
            state = ["ct state established accept", "ct state related accept", "ct state invalid drop"]
        verdict = {"reject": "drop", "continue": "counter"}
        for name, (rules, default) in self.rulesets.items():
            out.append(f"chain {name} {{")
            if name == self.base:
                # As VyOS writes it: what returns goes on behind the chain.
                default = self.base_default
                out += ["type filter hook forward priority -1; policy accept;", *state]
            for rule in rules:
                action = f"jump {rule.target}" if rule.target else \
                    verdict.get(rule.action, rule.action)
                out.append(" ".join(rule.nft) + " " + action)
            out += [verdict.get(default, default), "}"]
        out += ["chain zones {", "type filter hook forward priority 0; policy drop;", *state,
                f'iifname "{IN}" oifname "{OUT}" jump MAIN', "accept", "}", "}"]
        return "\n".join(out) + "\n"

    def hooks(self):
        """Base chains of nft, and zpf."""
        return 2 + bool(self.base)

    # ------------------------------------------------------------ packets

    def packet(self, hint):
        r = self.r

        def pick(key, make):
            """In the rule's range or at its edge; now and then just outside."""
            if key not in hint or r.random() < 0.06:
                return make()
            lo, hi = hint[key]
            v = r.choice((lo, hi, r.randint(lo, hi)))
            return v + (r.choice((-1, 1)) if r.random() < 0.06 else 0)

        proto = hint.get("proto") or r.choice((TCP, UDP, ESP, ICMPV6 if self.v6 else ICMP, SCTP))
        top = (1 << self.bits) - 1
        src, dst = pick("s", self.address) & top, pick("d", self.address) & top
        sport, dport = pick("sp", self.port) & 0xffff, pick("dp", self.port) & 0xffff
        ttl = max(1, min(255, hint.get("ttl", r.choice((1, 2, 63, 64, 65, 128)))))
        if proto == TCP:
            flags = hint.get("flags", r.choice((2, 18, 16, 4, 1, 0x29)))
            l4 = struct.pack("!HHIIBBHHH", sport, dport, 1, 1, 5 << 4, flags, 1024, 0, 0)
        elif proto == UDP:
            l4 = struct.pack("!HHHH", sport, dport, 16, 0) + b"\0" * 8
        elif proto in (ICMP, ICMPV6):
            icmp = hint.get("icmp") or r.choice(((8, 0), (128, 0), (3, 4), (1, 3)))
            l4 = struct.pack("!BBHHH", *icmp, 0, 1, 1) + b"\0" * 40
        else:
            l4 = struct.pack("!HHII", sport, dport, 0, 0) + b"\0" * 16
        if self.v6:
            return struct.pack("!IHBB", 6 << 28, len(l4), proto, ttl) + \
                src.to_bytes(16, "big") + dst.to_bytes(16, "big") + l4
        # A later fragment has no upper layer to look at.
        frag = 0x2003 if r.random() < 0.02 else 0x4000
        return struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(l4), 1, frag, ttl, proto, 0, src, dst) + l4

    def packets(self, n):
        rules = [rule for rules, _ in self.rulesets.values() for rule in rules]
        return [self.packet(self.r.choice(rules).hint if self.r.random() < 0.92 else {})
                for _ in range(n)]


if __name__ == "__main__":
    policy = Policy(int(sys.argv[2]))
    print(policy.nft() if sys.argv[1] == "nft" else policy.set_form(), end="")
