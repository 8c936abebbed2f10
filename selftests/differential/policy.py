#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Random policies, each written twice: for zpfctl and for nft.

A policy judges what goes from one zone to another: a ruleset with rulesets it
jumps to, groups, maybe a base chain before it and a global state policy. All
follows from the seed. packets() makes packets that stand in or at the edge of
its rules. Run by hand, with `set` or `nft` and a seed, it
prints one of the texts.
"""
import ipaddress
import random
import sys

import kinds
import packets
from rule import (ESP, FLAGS, GRE, ICMP, ICMPV6, IN, NAMES, OUT, SCTP, STATES, TCP, UDP, Rule, merged,
                  words)

GRE_FLAGS = {"checksum": 0x8000, "key": 0x2000, "sequence": 0x1000}
MAX_RULES = 10000


class Policy:
    def __init__(self, seed, max_rules=MAX_RULES):
        self.r = random.Random(seed)
        self.seed = seed
        self.v6 = self.r.random() < 0.4
        self.groups = {}        # name: (kind, [members])
        self.nft_sets = []      # for nft alone: what `recent` remembers
        # Packets with a route can be asked where they go, and not be rejected:
        # the route leads nowhere.
        self.routed = self.r.random() < 0.2
        self.make_pools()
        self.make_groups()
        size = int(max_rules ** self.r.random())
        if self.r.random() < 0.01:
            size = max_rules
        # What the rules look like decides which engine they get.
        self.shape = self.r.choice(("mixed", "mixed", "hosts", "ports", "wild"))
        self.rulesets = {}
        self.make_rulesets(max(1, size))
        self.base = self.ruleset(self.name("base"), self.r.randint(1, 30), []) \
            if self.r.random() < 0.3 else None
        if self.base:
            self.base_default = self.r.choice(("accept", "accept", "drop"))
        self.state_policy = self.r.random() < 0.1

    def name(self, what):
        """Nobody else's: what zpf remembers for a rule or group outlives it."""
        return f"{what}-{self.seed}"

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

    def spans(self, top):
        r = self.r
        return merged([(lo, min(top, lo + r.choice((0, 0, 3, 20))))
                       for lo in [r.randrange(1, top) for _ in range(r.choice((1, 1, 3)))]])

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
        self.groups[self.dynamic()] = ("dynamic", [])
        self.groups["I0"] = ("interface", [IN, "eth9"])
        self.groups["I1"] = ("interface", ["eth7", OUT])

    def dynamic(self):
        return self.name("D")

    def nft_set(self):
        self.nft_sets.append(f"R{len(self.nft_sets)}")
        return self.nft_sets[-1]

    # -------------------------------------------------------------- rules

    def side(self, rule, dst):
        r, name = self.r, "destination" if dst else "source"
        key = "d" if dst else "s"
        field = ("ip6 " if self.v6 else "ip ") + ("daddr" if dst else "saddr")
        no = r.random() < 0.15
        kind = r.random()
        if kind < 0.04:
            rule.set.append(f"{name} group dynamic-address-group {'!' * no}{self.dynamic()}")
            rule.nft.append(f"{field} {'!= ' * no}@{self.dynamic()}")
            rule.kinds.append("not dynamic group" if no else "dynamic group")
            return
        if kind < 0.32:
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
            spans = [self.port_span() if r.random() < 0.3 else (p, p)
                     for p in [self.port() for _ in range(3)]]
            rule.kinds.append("port list")
        elif kind < 0.55:
            spans = [self.port_span()]
            rule.kinds.append("port range")
        else:
            p = self.port()
            spans = [(p, p)]
            rule.kinds.append("port")
        spans = merged(spans)
        rule.set.append(f"{name} port {','.join(words(spans))}")
        rule.nft.append(f"{field} {{ {', '.join(words(spans))} }}")
        rule.hint[key] = r.choice(spans)

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
            elif protos == (TCP,) and r.random() < 0.1:
                self.segment_size(rule)
        elif kind < 0.75:
            self.gre(rule)
        elif kind < 0.87:
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
            proto, no = r.choice((TCP, ESP, GRE)), r.random() < 0.4
            rule.set.append(f"protocol {'!' * no}{NAMES[proto]}")
            rule.nft.append(f"meta l4proto {'!= ' * no}{proto}")
            rule.kinds.append("not protocol" if no else "protocol")
            rule.hint["proto"] = UDP if no else proto

    def segment_size(self, rule):
        lo = self.r.randrange(500, 1500)
        hi = lo + self.r.choice((0, 40))
        rule.set.append("tcp mss " + words([(lo, hi)])[0])
        rule.nft.append(f"tcp flags & 2 == 2 tcp option maxseg size {words([(lo, hi)])[0]}")
        rule.kinds.append("tcp mss")
        rule.hint.update(flags=2, mss=(lo, hi))

    def gre(self, rule):
        """nft of this age has no words for it: bits of the header."""
        r = self.r
        rule.set.append("protocol gre")
        rule.nft.append("meta l4proto gre")
        rule.kinds.append("gre")
        flags, number = 0, r.randrange(8)
        said = {f: r.random() < 0.5 for f in r.sample(list(GRE_FLAGS), r.randrange(3))}
        key = r.random() < 0.3
        if key:
            said.update(checksum=False, key=True)
        for flag, yes in said.items():
            rule.set.append(f"gre flags {flag}{'' if yes else ' unset'}")
            flags |= GRE_FLAGS[flag] * yes
        tests = []
        if said:
            mask = sum(GRE_FLAGS[f] for f in said)
            tests.append(f"@th,0,16 & {mask:#x} == {flags:#x}")
        if key:
            rule.set.append(f"gre key {number}")
            tests.append(f"@th,32,32 {number}")
        elif r.random() < 0.3:
            rule.set.append("gre inner-proto ip6")
            tests.append("@th,16,16 0x86dd")
        elif r.random() < 0.3:
            rule.set.append("gre version gre")
            tests.append("@th,0,16 & 7 == 0")
        if tests:
            self.whole(rule)
        rule.nft += tests
        rule.hint.update(proto=GRE, gre=(flags, number))

    def masked(self, rule):
        """One side's address under a mask that is no prefix."""
        r, dst = self.r, self.r.random() < 0.5
        name, field = ("destination", "daddr") if dst else ("source", "saddr")
        no, address = r.random() < 0.2, self.address()
        mask = r.choice((0xff, 0xffff, 0xff | 0xffff << (self.bits - 16)))
        rule.set += [f"{name} address {'!' * no}{self.text(address & mask)}",
                     f"{name} address-mask {self.text(mask)}"]
        rule.nft.append(f"{'ip6' if self.v6 else 'ip'} {field} & {self.text(mask)} "
                        f"{'!=' if no else '=='} {self.text(address & mask)}")
        rule.kinds.append("address mask")
        rule.hint["d" if dst else "s"] = (address, address)

    def rare(self, rule):
        r = self.r
        if r.random() < 0.2:
            r.choice(kinds.MATCHES)(self, rule)
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

    def rule(self, name, targets):
        """The rules of a base chain, which has no name of its own, remember nothing."""
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
            if r.random() < 0.04:
                self.masked(rule)
            else:
                if r.random() < 0.6:
                    self.side(rule, True)
                if r.random() < 0.5:
                    self.side(rule, False)
        if shape == "mixed" or r.random() < 0.05:
            self.rare(rule)
        if not rule.nft:
            self.side(rule, True)
        if name != self.name("base") and r.random() < 0.04:
            r.choice((kinds.limit, kinds.recent))(self, rule)
        if r.random() < 0.06:
            r.choice((kinds.add_address, kinds.change, kinds.change, kinds.change_segment))(self, rule)
        kind = r.random()
        if targets and kind < 0.5:
            rule.action, rule.target = "jump", r.choice(targets)
        elif kind < 0.04:
            rule.action = "return"
        elif kind < 0.10:
            rule.action = "continue"
        elif kind < 0.13:
            rule.action = "drop" if self.routed else "reject"
        else:
            rule.action = r.choice(("accept", "drop"))
        rule.kinds.append(rule.action)
        return rule

    def ruleset(self, name, n, targets):
        """Jumps are few: each lays its target flat once more."""
        jumps = set(self.r.sample(range(n), min(n, self.r.randint(1, 4)))) if targets else set()
        rules = [self.rule(name, targets if i in jumps else []) for i in range(n)]
        default = self.r.choice(("drop", "drop", "accept", "drop" if self.routed else "reject"))
        self.rulesets[name] = (rules, default)
        return name

    def make_rulesets(self, size):
        blocks = []
        if self.r.random() < 0.6:
            for i in range(self.r.randint(1, 3)):
                blocks.append(self.ruleset(self.name(f"B{i}"), self.r.randint(1, max(1, min(200, size // 8 + 1))),
                                           blocks[-1:]))
        self.main = self.ruleset(self.name("MAIN"), size, blocks)

    # -------------------------------------------------------------- texts

    def set_form(self):
        fw, fam = "set firewall", "ipv6" if self.v6 else "ipv4"
        six = "ipv6-" if self.v6 else ""
        out = []
        for name, (kind, members) in self.groups.items():
            if kind == "dynamic":
                out.append(f"{fw} group dynamic-group {six}address-group {name}")
                continue
            head = f"{fw} group {six if kind in ('address', 'network') else ''}{kind}-group {name} {kind}"
            for m in members:
                word = m if kind == "interface" else words([m])[0] if kind == "port" else m[2]
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
                f"{fw} zone Z2 from Z1 firewall {six}name {self.main}"]
        return "\n".join(dict.fromkeys(out)) + "\n"

    def nft(self):
        address = "ipv6_addr" if self.v6 else "ipv4_addr"
        out = [f"table {'ip6' if self.v6 else 'ip'} diff {{"]
        out += [f"set {name} {{ type {address}; flags dynamic; size 65535; }}" for name in self.nft_sets]
        for name, (kind, members) in self.groups.items():
            if kind == "interface":
                out.append(f"set {name} {{ type ifname; elements = {{ "
                           + ", ".join(f'"{m}"' for m in members) + " } }")
                continue
            type_ = "inet_service" if kind == "port" else address
            if kind == "dynamic":
                out.append(f"set {name} {{ type {address}; flags dynamic; size 65535; }}")
                continue
            texts = words(members) if kind == "port" else [m[2] for m in members]
            out.append(f"set {name} {{ type {type_}; flags interval; auto-merge; "
                       f"elements = {{ {', '.join(dict.fromkeys(texts))} }} }}")
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
                out.append(f"{rule.expressions()} {action}")
            out += [verdict.get(default, default), "}"]
        out += ["chain zones {", "type filter hook forward priority 0; policy drop;", *state,
                f'iifname "{IN}" oifname "{OUT}" jump {self.main}', "accept", "}", "}"]
        return "\n".join(out) + "\n"

    def hooks(self):
        """Base chains of nft, and zpf."""
        return 2 + bool(self.base)

    # ------------------------------------------------------------ packets

    def packets(self, n):
        rules = [rule for rules, _ in self.rulesets.values() for rule in rules]
        return [packets.make(self, self.r.choice(rules).hint if self.r.random() < 0.92 else {})
                for _ in range(n)]


if __name__ == "__main__":
    policy = Policy(int(sys.argv[2]))
    print(policy.nft() if sys.argv[1] == "nft" else policy.set_form(), end="")
