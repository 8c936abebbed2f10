#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the benchmark compares: one policy, written for each contestant.

A Policy is a full mesh of zones, one interface each, of which one pair is
measured: its ruleset BENCH accepts one destination port a rule and drops the
rest. vyos() is the same policy as VyOS generates it for nftables, tuned() as
an expert writes it by hand. Imported by bench.py; run with --help it prints
one of the texts.
"""
import argparse
import dataclasses
import ipaddress
import socket
import struct

PORT0 = 10000           # destination port of the first port rule
DROPPED_PORT = 9        # no rule has it
V4, V6 = "ipv4", "ipv6"
TABLE = {V4: "ip", V6: "ip6"}


@dataclasses.dataclass(frozen=True)
class Policy:
    """n: rules of BENCH; state_policy: the global one accepts established;
    state_rule: the first rule of BENCH does; chain: so does a base chain
    before the zones; log: the rule of BENCH that accepts established logs."""
    zones: int = 6
    n: int = 10
    state_policy: bool = False
    state_rule: bool = False
    chain: bool = False
    log: bool = False
    family: str = V4
    proto: str = "udp"

    def interfaces(self):
        return [f"eth1.{10 * (i + 1)}" for i in range(self.zones)]

    def pair(self):
        """The measured pair: in the middle, so that a chain of zones costs
        what it costs on average."""
        at = (self.zones - 1) // 2
        return at, at + 1

    def zone(self, i):
        return f"Z{i + 1}"

    def ports(self):
        """[(rule number, port)] of the port rules."""
        skip = 1 if self.state_rule else 0
        return [(10 * (i + 1), PORT0 + i) for i in range(skip, self.n)]

    def rules(self, ruleset):
        """[(number, None or port)] of a ruleset; None: established."""
        if ruleset == "OTHER":
            return [(10, None)]
        return [(10, None)] * self.state_rule + self.ports()

    def ruleset(self, src, dst):
        return "BENCH" if (src, dst) == self.pair() else "OTHER"

    def position(self, where):
        """(rule number, port) for first, middle, last and default."""
        ports = self.ports()
        if where == "default":
            return "default", DROPPED_PORT
        return ports[{"first": 0, "middle": len(ports) // 2, "last": -1}[where]]

    # ------------------------------------------------------------------ zpf

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
        for ruleset in ("BENCH", "OTHER"):
            head = f"{fw} {self.family} name {ruleset}"
            out.append(f"{head} default-action drop")
            for number, port in self.rules(ruleset):
                rule = f"{head} rule {number}"
                out.append(f"{rule} action accept")
                if port is None:
                    out += [f"{rule} state established", f"{rule} state related"]
                    if self.log and ruleset == "BENCH":
                        out.append(f"{rule} log")
                else:
                    out += [f"{rule} protocol {self.proto}",
                            f"{rule} destination port {port}"]
        for i, name in enumerate(self.interfaces()):
            zone = f"{fw} zone {self.zone(i)}"
            out += [f"{zone} default-action drop", f"{zone} member interface {name}"]
            out += [f"{zone} from {self.zone(j)} firewall {names[self.family]} "
                    f"{self.ruleset(j, i)}" for j in range(self.zones) if j != i]
        return "\n".join(out) + "\n"

    # ------------------------------------------------------------ nftables

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
        for ruleset in ("BENCH", "OTHER"):
            rules = []
            for number, port in self.rules(ruleset):
                match = (states[0] if port is None else
                         f"meta l4proto {self.proto} {self.proto} dport {{ {port} }} counter accept")
                rules.append(f"{match} comment \"{ruleset}-{number}\"")
            rules.append(f"counter drop comment \"{ruleset}-default\"")
            chain(f"NAME_{ruleset}", rules)
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
        """nft text as an expert writes it: three look-ups, no counters."""
        ifs = self.interfaces()
        ports = ", ".join(f"{port} : accept" for _, port in self.ports())
        pairs = ", ".join(f"\"{ifs[i]}\" . \"{ifs[j]}\" : goto {self.ruleset(i, j)}"
                          for i in range(self.zones) for j in range(self.zones) if i != j)
        return (f"table {TABLE[self.family]} tuned {{\n"
                "  chain OTHER {\n    drop\n  }\n"
                f"  chain BENCH {{\n    {self.proto} dport vmap {{ {ports} }}\n    drop\n  }}\n"
                "  chain forward {\n"
                "    type filter hook forward priority 0; policy drop;\n"
                "    ct state vmap { established : accept, related : accept, invalid : drop }\n"
                f"    iif . oif vmap {{ {pairs} }}\n"
                "  }\n}\n")

    # -------------------------------------------------------------- packet

    def packet(self, port, payload=b"\0" * 18):
        """A whole packet to that port, from the network layer on."""
        if self.proto == "udp":
            l4 = struct.pack("!HHHH", 40000, port, 8 + len(payload), 0)
            number = socket.IPPROTO_UDP
        else:
            l4 = struct.pack("!HHIIBBHHH", 40000, port, 1, 1, 5 << 4, 0x10, 1024, 0, 0)
            number = socket.IPPROTO_TCP
        l4 += payload
        if self.family == V6:
            return struct.pack("!IHBB16s16s", 6 << 28, len(l4), number, 63,
                               ipaddress.ip_address("2001:db8:1::2").packed,
                               ipaddress.ip_address("2001:db8:2::2").packed) + l4
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(l4), 1, 0x4000, 63, number, 0,
                           ipaddress.ip_address("10.1.0.2").packed,
                           ipaddress.ip_address("10.2.0.2").packed)
        total = sum(struct.unpack("!10H", head))
        total = (total & 0xffff) + (total >> 16)
        total = ~(total + (total >> 16)) & 0xffff
        return head[:10] + struct.pack("!H", total) + head[12:] + l4


def main():
    parser = argparse.ArgumentParser(description="prints a policy of the benchmark")
    parser.add_argument("form", choices=("set", "vyos", "tuned"))
    parser.add_argument("-n", type=int, default=10, help="rules")
    parser.add_argument("-z", "--zones", type=int, default=6)
    parser.add_argument("-f", "--family", choices=(V4, V6), default=V4)
    parser.add_argument("-p", "--proto", choices=("udp", "tcp"), default="udp")
    for name in ("state-policy", "state-rule", "chain", "log"):
        parser.add_argument("--" + name, action="store_true")
    args = vars(parser.parse_args())
    form = args.pop("form")
    policy = Policy(**args)
    text = {"set": policy.set_form, "vyos": policy.vyos, "tuned": policy.tuned}[form]()
    print(text, end="")


if __name__ == "__main__":
    main()
