#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the benchmark compares: one policy, written for each contestant.

A Policy is a full mesh of zones, one interface each, of which one pair is
measured: its ruleset BENCH is a list of destination ports, each accepted, or
a rule set of a shape; the rest is dropped. vyos() is the same policy as VyOS
generates it for nftables, tuned() as an expert writes it by hand, iptables()
for iptables-restore. Run with --help it prints one of the texts.
"""
import argparse
import dataclasses
import ipaddress
import random
import socket
import struct

from shapes import Flow, Rule, packets, shape

PORT0 = 10000           # destination port of the first port rule
PORTS = 50000           # so many, then the other protocol's
DROPPED_PORT = 9        # no rule has it
V4, V6 = "ipv4", "ipv6"
TABLE = {V4: "ip", V6: "ip6"}
UDP, TCP = socket.IPPROTO_UDP, socket.IPPROTO_TCP
PROTO = {UDP: "udp", TCP: "tcp"}
SRC = {V4: int(ipaddress.ip_address("10.1.0.2")),
       V6: int(ipaddress.ip_address("2001:db8:1::2"))}
DST = {V4: int(ipaddress.ip_address("10.2.0.2")),
       V6: int(ipaddress.ip_address("2001:db8:2::2"))}
DEFAULT = "default"


def prefix(lo, hi, bits):
    """Length of the prefix that range is, None if it is none."""
    size = hi - lo + 1
    if size & (size - 1) or lo % size:
        return None
    return bits - size.bit_length() + 1


def span(pair):
    """A range of ports as text."""
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}-{pair[1]}"


@dataclasses.dataclass(frozen=True)
class Policy:
    """n: rules of BENCH; shape: what they are; state_policy: the global one
    accepts established; state_rule: the first rule of BENCH does; chain: so
    does a base chain before the zones; log: the rule of BENCH that accepts
    established logs; default_log: so does its default; default_accept: that
    accepts."""
    zones: int = 6
    n: int = 10
    shape: str = "ports"
    state_policy: bool = False
    state_rule: bool = False
    chain: bool = False
    log: bool = False
    default_log: bool = False
    default_accept: bool = False
    family: str = V4
    proto: str = "udp"

    def default(self):
        """What becomes of packets no rule of BENCH matches."""
        return "accept" if self.default_accept else "drop"

    def interfaces(self):
        return [f"eth1.{10 * (i + 1)}" for i in range(self.zones)]

    def pair(self):
        """The measured pair: in the middle, so that a chain of zones costs
        what it costs on average."""
        at = (self.zones - 1) // 2
        return at, at + 1

    def zone(self, i):
        return f"Z{i + 1}"

    def number(self, i):
        """Number of a rule of BENCH."""
        return (10 if self.n <= 1000 else 1) * (i + 1)

    def bench(self):
        """The rules of BENCH; None: established and related."""
        if self.shape != "ports":
            return shape(self.shape, self.n, self.family == V6)
        first = PROTO_NUMBER[self.proto]
        rules = [Rule("accept", first if i < PORTS else UDP + TCP - first,
                      dport=(PORT0 + i % PORTS,) * 2) for i in range(self.n)]
        if self.state_rule:
            rules[0] = None
        return rules

    def ruleset(self, src, dst):
        return "BENCH" if (src, dst) == self.pair() else "OTHER"

    def flows(self, where, k):
        """[(number of the deciding rule, whether it accepts, packet)] of k
        flows at a place: first, middle, last, default or random."""
        if self.shape != "ports":
            rules = self.bench()
            return [(self.number(f.rule), rules[f.rule].action == "accept", self.packet(f))
                    if f.rule < self.n else (DEFAULT, self.default_accept, self.packet(f))
                    for f in packets(self.shape, self.n, self.family == V6, where, k)]
        rules, skip = self.bench(), int(self.state_rule)
        rand = random.Random(1)
        out = []
        for i in range(k):
            at = {"first": skip, "middle": (skip + self.n) // 2, "last": self.n - 1,
                  DEFAULT: None, "random": rand.randrange(skip, self.n)}[where]
            proto, port = (PROTO_NUMBER[self.proto], DROPPED_PORT) if at is None else \
                (rules[at].proto, rules[at].dport[0])
            out.append((DEFAULT if at is None else self.number(at),
                        at is not None or self.default_accept,
                        self.packet(Flow(0, proto, SRC[self.family] + i, DST[self.family] +
                                         i // 7, 40000 + i % 1000, port))))
        return out

    # ------------------------------------------------------------------ zpf

    def addresses(self, pair):
        """A range of addresses as zpf and nftables write it."""
        bits = 32 if self.family == V4 else 128
        kind = ipaddress.IPv4Address if self.family == V4 else ipaddress.IPv6Address
        length = prefix(*pair, bits)
        if length is None:
            return f"{kind(pair[0])}-{kind(pair[1])}"
        return str(kind(pair[0])) + (f"/{length}" if length < bits else "")

    def set_form(self):
        fw = "set firewall"
        names = {V4: "name", V6: "ipv6-name"}
        out = []
        if self.state_policy:
            out += [f"{fw} global-options state-policy {s} action {a}" for s, a in
                    (("established", "accept"), ("related", "accept"), ("invalid", "drop"))]
        if self.chain:
            base = f"{fw} {self.family} forward filter rule 10"
            out += [f"{base} action accept", f"{base} state established",
                    f"{base} state related"]
        for name, rules in (("BENCH", self.bench()), ("OTHER", [None])):
            head = f"{fw} {self.family} name {name}"
            out.append(f"{head} default-action {self.default()}")
            if self.default_log:
                out.append(f"{head} default-log")
            for i, rule in enumerate(rules):
                at = f"{head} rule {self.number(i)}"
                out.append(f"{at} action {rule.action if rule else 'accept'}")
                if rule is None:
                    out += [f"{at} state established", f"{at} state related"]
                    if self.log and name == "BENCH":
                        out.append(f"{at} log")
                    continue
                if rule.proto is not None:
                    out.append(f"{at} protocol {PROTO.get(rule.proto, rule.proto)}")
                for side, addr, port in (("source", rule.src, rule.sport),
                                         ("destination", rule.dst, rule.dport)):
                    if addr:
                        out.append(f"{at} {side} address {self.addresses(addr)}")
                    if port:
                        out.append(f"{at} {side} port {span(port)}")
        for i, name in enumerate(self.interfaces()):
            zone = f"{fw} zone {self.zone(i)}"
            out += [f"{zone} default-action drop", f"{zone} member interface {name}"]
            out += [f"{zone} from {self.zone(j)} firewall {names[self.family]} "
                    f"{self.ruleset(j, i)}" for j in range(self.zones) if j != i]
        return "\n".join(out) + "\n"

    # ------------------------------------------------------------ nftables

    def match(self, rule, port):
        """What a rule looks at, for nft; port: how ports are written."""
        out, ip = [], TABLE[self.family]
        name = PROTO.get(rule.proto)
        if rule.proto is not None:
            out.append(f"meta l4proto {name or rule.proto}")
        out += [f"{ip} {side} {self.addresses(pair)}"
                for side, pair in (("saddr", rule.src), ("daddr", rule.dst)) if pair]
        out += [f"{name} {side} {port.format(span(pair))}"
                for side, pair in (("sport", rule.sport), ("dport", rule.dport)) if pair]
        return " ".join(out)

    def vyos(self):
        """nft text as VyOS 1.4 generates it: zones chained one by one, a set
        and a counter in every rule."""
        out = [f"table {TABLE[self.family]} vyos_filter {{"]
        states = ["ct state {established,related} counter accept"]
        policy = ["jump VYOS_STATE_POLICY"] * self.state_policy

        def chain(name, rules):
            out.append(f"  chain {name} {{")
            out.extend(f"    {r}" for r in rules)
            out.append("  }")

        if self.state_policy:
            chain("VYOS_STATE_POLICY", [
                "ct state established counter accept comment \"state-policy\"",
                "ct state invalid counter drop", "ct state related counter accept", "return"])
        if self.chain:
            chain("VYOS_FORWARD_filter",
                  ["type filter hook forward priority 0; policy accept;", *policy,
                   states[0] + " comment \"FWD-filter-10\"",
                   "counter accept comment \"FWD-filter default-action accept\""])
        for name, rules in (("BENCH", self.bench()), ("OTHER", [None])):
            text = [f"{states[0]} comment \"{name}-{self.number(i)}\"" if rule is None else
                    f"{self.match(rule, '{{ {} }}')} counter {rule.action} "
                    f"comment \"{name}-{self.number(i)}\"" for i, rule in enumerate(rules)]
            log = f"log prefix \"[{TABLE[self.family]}v4-NAM-{name}-default-D]\" " \
                if self.default_log else ""
            chain(f"NAME_{name}", text + [f"counter {log}{self.default()} "
                                           f"comment \"{name}-default\""])
        ifs = self.interfaces()
        for i, name in enumerate(ifs):
            rules = [f"iifname {{ \"{name}\" }} counter return"]
            for j, other in enumerate(ifs):
                if j != i:
                    rules += [f"iifname {{ \"{other}\" }} counter jump NAME_{self.ruleset(j, i)}",
                              f"iifname {{ \"{other}\" }} counter return"]
            chain(f"VZONE_{self.zone(i)}",
                  rules + [f"counter drop comment \"zone_{self.zone(i)} default-action drop\""])
        chain("VYOS_ZONE_FORWARD",
              ["type filter hook forward priority 1; policy accept;", *policy] +
              [f"oifname {{ \"{name}\" }} counter jump VZONE_{self.zone(i)}"
               for i, name in enumerate(ifs)])
        return "\n".join(out + ["}"]) + "\n"

    def tuned(self):
        """nft text as an expert writes it: three look-ups, no counters. Ports
        are a map; rules that overlap cannot be one, so a shape is a list."""
        ifs = self.interfaces()
        rules = self.bench()
        if self.shape == "ports":
            bench, maps = [], {}
            for rule in rules:
                if rule:
                    maps.setdefault(PROTO[rule.proto], []).append(f"{rule.dport[0]} : accept")
            bench = [f"{proto} dport vmap {{ {', '.join(ports)} }}"
                     for proto, ports in maps.items()]
        else:
            bench = [f"{self.match(rule, '{}')} {rule.action}" for rule in rules]
        pairs = ", ".join(f"\"{ifs[i]}\" . \"{ifs[j]}\" : goto {self.ruleset(i, j)}"
                          for i in range(self.zones) for j in range(self.zones) if i != j)
        return (f"table {TABLE[self.family]} tuned {{\n"
                "  chain OTHER {\n    drop\n  }\n"
                "  chain BENCH {\n    " + "\n    ".join(bench) + f"\n    {self.default()}\n  }}\n"
                "  chain forward {\n"
                "    type filter hook forward priority 0; policy drop;\n"
                "    ct state vmap { established : accept, related : accept, invalid : drop }\n"
                f"    iif . oif vmap {{ {pairs} }}\n"
                "  }\n}\n")

    def iptables(self):
        """Text for iptables-restore: states first, then the pairs."""
        ifs = self.interfaces()
        out = ["*filter", ":FORWARD DROP", ":BENCH -", ":OTHER -",
               "-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"]
        out += [f"-A FORWARD -i {ifs[i]} -o {ifs[j]} -g {self.ruleset(i, j)}"
                for j in range(self.zones) for i in range(self.zones) if i != j]
        for rule in filter(None, self.bench()):
            line = ["-A BENCH"]
            if rule.proto is not None:
                line.append(f"-p {rule.proto}")
            for option, name, pair in (("-s", "src", rule.src), ("-d", "dst", rule.dst)):
                if pair:
                    text = self.addresses(pair)
                    line.append(f"-m iprange --{name}-range {text}" if "-" in text
                                else f"{option} {text}")
            line += [f"--{side} {pair[0]}:{pair[1]}"
                     for side, pair in (("sport", rule.sport), ("dport", rule.dport)) if pair]
            out.append(" ".join(line) + (" -j ACCEPT" if rule.action == "accept" else " -j DROP"))
        return "\n".join(out + [f"-A BENCH -j {self.default().upper()}", "-A OTHER -j DROP", "COMMIT"]) + "\n"

    # -------------------------------------------------------------- packet

    def packet(self, flow, payload=b"\0" * 18):
        """A whole packet, from the network layer on."""
        if flow.proto == UDP:
            l4 = struct.pack("!HHHH", flow.sport, flow.dport, 8 + len(payload), 0)
        elif flow.proto == TCP:
            l4 = struct.pack("!HHIIBBHHH", flow.sport, flow.dport, 1, 1, 5 << 4, 0x10, 1024, 0, 0)
        elif flow.proto == socket.IPPROTO_ICMP:
            l4 = struct.pack("!BBHHH", 8, 0, 0, 1, 1)
        else:
            l4 = struct.pack("!II", 0, 0)
        l4 += payload
        if self.family == V6:
            return struct.pack("!IHBB16s16s", 6 << 28, len(l4), flow.proto, 63,
                               flow.src.to_bytes(16, "big"), flow.dst.to_bytes(16, "big")) + l4
        head = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(l4), 1, 0x4000, 63, flow.proto, 0,
                           flow.src, flow.dst)
        total = sum(struct.unpack("!10H", head))
        total = (total & 0xffff) + (total >> 16)
        total = ~(total + (total >> 16)) & 0xffff
        return head[:10] + struct.pack("!H", total) + head[12:] + l4


PROTO_NUMBER = {name: number for number, name in PROTO.items()}


def main():
    parser = argparse.ArgumentParser(description="prints a policy of the benchmark")
    parser.add_argument("form", choices=("set", "vyos", "tuned", "iptables"))
    parser.add_argument("-n", type=int, default=10, help="rules")
    parser.add_argument("-s", "--shape", default="ports",
                        help="ports, or fw1, acl1 ... (ZPF_SHAPE_TEXT: the program that knows)")
    parser.add_argument("-z", "--zones", type=int, default=6)
    parser.add_argument("-f", "--family", choices=(V4, V6), default=V4)
    parser.add_argument("-p", "--proto", choices=("udp", "tcp"), default="udp")
    for name in ("state-policy", "state-rule", "chain", "log"):
        parser.add_argument("--" + name, action="store_true")
    args = vars(parser.parse_args())
    form = args.pop("form")
    policy = Policy(**args)
    text = {"set": policy.set_form, "vyos": policy.vyos, "tuned": policy.tuned,
            "iptables": policy.iptables}[form]()
    print(text, end="")


if __name__ == "__main__":
    main()
