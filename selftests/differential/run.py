#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The same packets through the hooks of zpf and of nftables, under the same
rules: every verdict must be the same.

In one network namespace stand both, for one random policy after another (see
policy.py): the test module asks the hooks of nft and that of zpf about every
packet and compares. What was tried is counted by zpf's own counters: how many
packets a rule decided, by which kinds of match, under which engine. Started by
guest.sh with zpf.ko and zpf_bench.ko loaded. Writes JSON.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import time

import kinds
from policy import Policy
from rule import IN, OUT

NS = "differential"
CT = ("new", "established", "related", "invalid", "untracked")
# What must have been hit for the run to mean something.
KINDS = kinds.NAMED | {
    "prefix", "range", "not address", "address-group", "network-group", "dynamic group",
    "not dynamic group", "address mask", "port", "port range", "port list", "port-group", "not port",
    "protocol", "not protocol", "tcp_udp", "tcp flags", "tcp mss", "icmp", "gre", "state", "interface",
    "interface-group", "ttl", "accept", "drop", "reject", "return", "jump", "continue", "base chain",
    "state policy"}
ENGINES = {"linear", "bitvector", "tuple"}


def run(*cmd, text=None):
    done = subprocess.run(cmd, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(cmd)}: status {done.returncode}: "
                           f"{(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


class Rig:
    def __init__(self):
        self.fd = os.open("/proc/zpf_bench", os.O_RDWR)
        net = os.open(f"/run/netns/{NS}", os.O_RDONLY)
        self.commands(f"net {net}", f"in {IN}", f"out {OUT}")
        os.close(net)

    def commands(self, *lines):
        text = b""
        for line in lines:
            if len(text) + len(line) > 60000:
                os.write(self.fd, text)
                text = b""
            text += line.encode() + b"\n"
        os.write(self.fd, text)

    def compare(self):
        self.commands("compare")
        keys = ("packets", "accepted", "dropped", "ns", "hooks", "differ", "first")
        return dict(zip(keys, map(int, os.pread(self.fd, 120, 0).split())))


class Differential:
    def __init__(self, args):
        self.args = args
        os.environ["TZ"] = "UTC"
        self.ctl = (os.environ["ZPFCTL"], "-n", NS)
        run("ip", "netns", "add", NS)
        run("ip", "-n", NS, "-batch", "-", text=f"link add {IN} type dummy\nlink add {OUT} type dummy\n")
        self.rig = Rig()
        self.policies = self.packets = self.by_rule = self.differ = 0
        self.accepted = self.dropped = 0
        self.kinds, self.engines, self.families = (collections.Counter() for _ in range(3))
        self.rules = []
        self.beside = {}

    def load(self, policy):
        run(*self.ctl, "load", "-", text=policy.set_form())
        run("ip", "netns", "exec", NS, "nft", "-f", "-", text="flush ruleset\n" + policy.nft())

    def differs(self, policy, ct, packet):
        self.differ += 1
        print(f"not ok - seed {policy.seed}, connection {ct}: nft and zpf disagree about {packet}",
              flush=True)

    def counted(self, policy, packets):
        """Where the packets were decided, by zpf's counters."""
        seen = json.loads(run(*self.ctl, "show", "counters", "--json"))
        rows = [(row, policy.rulesets.get(row["ruleset"])) for pair in seen["pairs"]
                if (pair["from"], pair["to"]) == ("Z1", "Z2") for row in pair["rules"]]
        base = [(row, policy.rulesets[policy.base]) for chain in seen.get("chains", ())
                for row in chain["rules"] if row["ruleset"] == "forward filter"]
        decided = default = 0
        for row, ruleset in rows + base:
            n = row["packets"]
            if not n:
                continue
            if row["rule"] == "default":
                # What the base chain lets pass is decided later.
                if (row, ruleset) in base and row["action"] == "accept":
                    continue
                default += n
                decided += n
                continue
            for kind in ruleset[0][int(row["rule"]) - 1].kinds:
                self.kinds[kind] += n
            if (row, ruleset) in base:
                self.kinds["base chain"] += n
        state = sum(row["packets"] for row in seen["state_policy"])
        if state:
            self.kinds["state policy"] += state
        self.by_rule += packets - default

    def lines(self, packet):
        """What the rig must be told to add a packet."""
        new = {k: v for k, v in packet.beside.items() if self.beside.get(k) != v}
        self.beside.update(new)
        return *(f"{k} {v}" for k, v in new.items()), f"packet {packet.l3.hex()}"

    def policy(self, seed):
        policy = Policy(seed, self.args.rules)
        time.clock_settime(time.CLOCK_REALTIME, kinds.NOW)
        self.load(policy)
        packets = policy.packets(self.args.packets)
        self.rig.commands("flush", "ct new", *(line for p in packets for line in self.lines(p)))
        asked = 0
        for ct in CT:
            if ct != "new":
                self.rig.commands(f"again {ct}")
            got = self.rig.compare()
            if got["hooks"] != policy.hooks():
                raise RuntimeError(f"seed {seed}: {got['hooks']} hooks, not {policy.hooks()}")
            if got["differ"]:
                self.differs(policy, ct, packets[got["first"]])
            asked += got["packets"]
            self.accepted += got["accepted"]
            self.dropped += got["dropped"]
        self.packets += asked
        self.policies += 1
        self.counted(policy, asked)
        tables = json.loads(run(*self.ctl, "show", "status", "--json"))["tables"]
        main = next(t for t in tables if t["table"] == policy.main)
        self.engines[main["engine"]] += asked
        self.families["IPv6" if policy.v6 else "IPv4"] += asked
        self.rules.append(len(policy.rulesets[policy.main][0]))

    def sizes(self):
        """How many policies there were by the rules their table was written with."""
        count = collections.Counter(len(str(n)) for n in self.rules)
        return {f"{10 ** (k - 1)}..{10 ** k - 1}": count[k] for k in sorted(count)}

    def missing(self):
        """What was never hit."""
        ends = {f"a table of {n} rules" for n in (1, self.args.rules) if n not in self.rules}
        return sorted(ends | (KINDS - set(self.kinds)) | (ENGINES - set(self.engines)))

    def result(self):
        return {"seeds": [self.args.seed, self.args.seed + self.policies - 1],
                "policies": self.policies, "packets": self.packets,
                "accepted": self.accepted, "dropped": self.dropped,
                "decided_by_rule": self.by_rule, "differences": self.differ,
                "packets_by_engine": dict(self.engines),
                "packets_by_family": dict(self.families),
                "rules_of_a_table": [min(self.rules, default=0), max(self.rules, default=0)],
                "policies_by_rules": self.sizes(),
                "packets_by_kind": dict(self.kinds.most_common())}


def main():
    parser = argparse.ArgumentParser(description="run by guest.sh in a guest")
    parser.add_argument("--policies", type=int, default=1000)
    parser.add_argument("--packets", type=int, default=2100, help="a policy and connection state")
    parser.add_argument("--rules", type=int, default=10000, help="of a policy, at most")
    parser.add_argument("--seed", type=int, default=1, help="of the first policy")
    parser.add_argument("output", help="JSON goes there")
    args = parser.parse_args()

    diff, start, wrong = Differential(args), time.monotonic(), []
    for seed in range(args.seed, args.seed + args.policies):
        try:
            diff.policy(seed)
        except (RuntimeError, OSError, KeyError, ValueError, StopIteration) as err:
            wrong.append(f"seed {seed}: {type(err).__name__}: {err}")
            print(f"not ok - {wrong[-1]}", flush=True)
        if diff.policies % 50 == 0:
            print(f"# {diff.policies} policies, {diff.packets} packets, {diff.differ} differences, "
                  f"{time.monotonic() - start:.0f} s", flush=True)
        if diff.differ + len(wrong) >= 10:
            break
    result = diff.result()
    result["seconds"] = round(time.monotonic() - start)
    result["broken"] = wrong
    # A short run may miss a kind; a long one that does proves less than it says.
    missing = diff.missing()
    if diff.policies >= 200 and missing:
        wrong.append(f"never hit: {', '.join(missing)}")
    if 2 * diff.by_rule < diff.packets:
        wrong.append("fewer than half of the packets were decided by a rule")
    result["missing"] = missing
    with open(args.output, "w", encoding="utf-8") as f:
        json.dump(result, f, indent=1)
        f.write("\n")
    print(json.dumps(result, indent=1))
    ok = not (diff.differ or wrong)
    print(f"{'ok' if ok else 'not ok'} - {diff.packets} packets through {diff.policies} policies, "
          f"{diff.differ} differences")
    for line in wrong:
        print(f"# {line}")
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
