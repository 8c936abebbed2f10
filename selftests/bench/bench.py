#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measures one packet through the FORWARD hook, zpf beside nftables, in the
same run, and whether all that was measured was also right.

Each contestant has a network namespace of its own with the same interfaces.
Batches are interleaved (A-B-C-A-B-C), so that whatever else the machine does
hits all alike. Every verdict is asserted, and the counters of zpf and of the
generated nftables rules must have moved by the packets sent, at the deciding
rule and nowhere else. Started by run.sh in a guest, with zpf.ko and
zpf_bench.ko loaded; writes JSON, from which report.py makes the table.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import replace

import report
from rules import V4, V6, Policy

TOP = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../..")
BATCH_NS = 150_000          # about what one batch should take
NS_NAME = "bench-{}-{}"
ESTABLISHED, NEW = "established", "new"


class Wrong(Exception):
    """A verdict or a counter is not what the policy says."""


def run(*cmd, text=None):
    done = subprocess.run(cmd, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Wrong(f"{' '.join(cmd)}: status {done.returncode}: "
                    f"{(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


class Rig:
    """One open /proc/zpf_bench: packets for the hook of one namespace."""

    def __init__(self, ns):
        self.fd = os.open("/proc/zpf_bench", os.O_RDWR)
        net = os.open(f"/run/netns/{ns}", os.O_RDONLY)
        self.command("net", net)
        os.close(net)

    def command(self, *words):
        os.write(self.fd, " ".join(str(w) for w in words).encode())

    def aim(self, policy, ct, port):
        ifs = policy.interfaces()
        src, dst = policy.pair()
        self.command("flush")
        self.command("in", ifs[src])
        self.command("out", ifs[dst])
        self.command("ct", ct)
        self.command("packet", policy.packet(port).hex())

    def batch(self, packets):
        """{packets, accepted, dropped, ns, hooks}"""
        self.command("run", packets)
        numbers = os.pread(self.fd, 100, 0).split()
        return dict(zip(("packets", "accepted", "dropped", "ns", "hooks"), map(int, numbers)))


class Contestant:
    """A firewall in its namespaces. judges: it decides by the policy."""
    name, judges = "", True

    def __init__(self, zones):
        self.ns = NS_NAME.format(self.name, zones)
        run("ip", "netns", "add", self.ns)
        run("ip", "-n", self.ns, "-batch", "-", text="".join(
            f"link add {i} type dummy\n" for i in Policy(zones=zones).interfaces()))
        self.rig = Rig(self.ns)
        self.sent = 0

    def load(self, policy):
        """Enforces the policy; None: the contestant cannot express it."""

    def counters(self):
        """{(what): packets} of every counter there is, None: it has none."""
        return None

    def expect(self, policy, state, rule):
        """Where that packet must be counted."""
        raise NotImplementedError

    def in_ns(self, *cmd, text=None):
        return run("ip", "netns", "exec", self.ns, *cmd, text=text)


class Nothing(Contestant):
    name, judges = "none", False


class Empty(Contestant):
    name, judges = "empty", False

    def __init__(self, zones):
        super().__init__(zones)
        self.rig.command("accept")


class Zpf(Contestant):
    name = "zpf"

    def ctl(self, *args, text=None):
        return run(os.environ["ZPFCTL"], "-n", self.ns, *args, text=text)

    def load(self, policy):
        self.ctl("load", "-", text=policy.set_form())

    def counters(self):
        seen = json.loads(self.ctl("show", "counters", "--json"))
        out = {}
        for pair in seen["pairs"]:
            for row in pair["rules"]:
                key = (pair["from"], pair["to"], pair["family"], row["ruleset"],
                       str(row["rule"]))
                out[key] = (row["packets"], row["bytes"])
        for chain in seen.get("chains", ()):
            for row in chain["rules"]:
                out[(chain["chain"], chain["family"], str(row["rule"]))] = \
                    (row["packets"], row["bytes"])
        for row in seen["state_policy"]:
            out[(row["state"],)] = (row["packets"], row["bytes"])
        return out

    def expect(self, policy, state, rule):
        if policy.state_policy and state == ESTABLISHED:
            return {(ESTABLISHED,)}
        src, dst = policy.pair()
        keys = {(policy.zone(src), policy.zone(dst), policy.family, "BENCH", str(rule))}
        if policy.chain:
            keys.add(("forward", policy.family,
                      "10" if state == ESTABLISHED else "default"))
        return keys

    def sites(self):
        """(logged, suppressed) of all log sites, undeliverable ones among
        the logged."""
        seen = json.loads(self.ctl("show", "log-sites", "--json"))
        rows = next(v for v in seen.values() if isinstance(v, list))
        return (sum(r["logged"] + r["undeliverable"] for r in rows),
                sum(r["suppressed"] for r in rows))


class Nft(Contestant):
    text = None

    def load(self, policy):
        self.in_ns("nft", "-f", "-", text="flush ruleset\n" + self.text(policy))


class Vyos(Nft):
    name, text = "L", staticmethod(lambda policy: policy.vyos())

    def counters(self):
        out = {}
        for item in json.loads(self.in_ns("nft", "-j", "list", "ruleset"))["nftables"]:
            rule = item.get("rule")
            if rule and "comment" in rule:
                for expr in rule["expr"]:
                    if "counter" in expr:
                        count = expr["counter"]
                        out[rule["comment"]] = (count["packets"], count["bytes"])
        return out

    def expect(self, policy, state, rule):
        if policy.state_policy and state == ESTABLISHED:
            # Accepted by one base chain, a packet is still seen by the next.
            return {"state-policy"}
        keys = {f"BENCH-{rule}"}
        if policy.chain:
            keys.add("FWD-filter-10" if state == ESTABLISHED
                     else "FWD-filter default-action accept")
        return keys


class Tuned(Nft):
    name, text = "T", staticmethod(lambda policy: policy.tuned())


def scenarios(quick):
    """[(group, label, Policy, ct state, where, target ns)]"""
    policy = Policy(state_policy=True)
    rule = Policy(state_rule=True)
    out = [
        ("established, state policy", policy, ESTABLISHED, 8),
        ("established, rule 10 first", rule, ESTABLISHED, 8),
        ("established, base chain", replace(rule, chain=True), ESTABLISHED, 8),
        ("… state policy, 2 zones", replace(policy, zones=2), ESTABLISHED, 8),
        ("… state policy, 50 zones", replace(policy, zones=50), ESTABLISHED, 8),
        ("… rule 10 first, 2 zones", replace(rule, zones=2), ESTABLISHED, 8),
        ("… rule 10 first, 50 zones", replace(rule, zones=50), ESTABLISHED, 8),
        ("… state policy, 1000 rules", replace(policy, n=1000), ESTABLISHED, 8),
        ("… rule 10 first, 1000 rules", replace(rule, n=1000), ESTABLISHED, 8),
    ]
    if not quick:
        out += [
            ("… state policy, reply", policy, "reply", 8),
            ("… rule 10 first, tcp", replace(rule, proto="tcp"), ESTABLISHED, 8),
            ("… rule 10 first, ipv6", replace(rule, family=V6), ESTABLISHED, 8),
            ("… rule 10 first, ipv6 tcp", replace(rule, family=V6, proto="tcp"), ESTABLISHED, 8),
        ]
    rows = [(label, p, ct, "first", target) for label, p, ct, target in out]
    for n in (10, 100, 1000):
        p = replace(policy, n=n)
        places = ("first", "last") if quick and n == 100 else \
            ("first", "middle", "last", "default")
        rows += [(f"new, {n} rules, {where}", p, NEW, where, 40 if n == 10 else None)
                 for where in places]
    more = [("ipv6", replace(policy, family=V6))]
    if not quick:
        more += [("tcp", replace(policy, proto="tcp")),
                 ("ipv6 tcp", replace(policy, family=V6, proto="tcp"))]
    for kind, p in more:
        rows += [(f"new, 10 rules, {where}, {kind}", p, NEW, where, 40)
                 for where in ("first", "last")]
    return rows


def moved(before, after):
    """What counters moved, and by how much."""
    return {k: tuple(a - b for a, b in zip(v, before.get(k, (0, 0))))
            for k, v in after.items() if v != before.get(k, (0, 0))}


class Bench:
    def __init__(self, args):
        self.args = args
        self.field = {}         # zones -> contestants
        self.loaded = {}        # contestant -> policy
        self.checks = 0

    def contestants(self, zones):
        if zones not in self.field:
            self.field[zones] = [kind(zones) for kind in (Nothing, Empty, Zpf, Vyos, Tuned)]
        return self.field[zones]

    def verdict(self, c, got, packets, want_accept, label):
        """A batch must have ended as the policy says."""
        accepted = packets if want_accept or not c.judges else 0
        if (got["accepted"], got["dropped"]) != (accepted, packets - accepted):
            raise Wrong(f"{label}: {c.name}: of {packets} packets {got['accepted']} were "
                        f"accepted and {got['dropped']} dropped, not {accepted} and "
                        f"{packets - accepted}")
        c.sent += packets
        self.checks += 1

    def counted(self, c, before, policy, state, rule, label):
        """Counters must have moved by the packets sent, and no others."""
        if before is None:
            return
        length = len(policy.packet(0))
        want = {k: (c.sent, c.sent * length) for k in c.expect(policy, state, rule)}
        got = moved(before, c.counters())
        if got != want:
            raise Wrong(f"{label}: {c.name}: counters moved {got}, not {want}")
        self.checks += 1

    def measure(self, label, policy, ct, where, target):
        state = NEW if ct == NEW else ESTABLISHED
        rule, port = policy.position(where)
        if state == ESTABLISHED and policy.state_rule:
            rule = 10
        accept = state == ESTABLISHED or where != "default"
        field = self.contestants(policy.zones)
        before, size = {}, {}
        for c in field:
            if self.loaded.get(c) != policy:
                c.load(policy)
                self.loaded[c] = policy
            c.rig.aim(policy, ct, port)
            before[c] = c.counters()
            c.sent = 0
            # How long is a batch? Also the warm-up, so it is not kept.
            got = c.rig.batch(64)
            self.verdict(c, got, 64, accept, label)
            got = c.rig.batch(256)
            self.verdict(c, got, 256, accept, label)
            size[c] = max(64, min(50_000, BATCH_NS * 256 // max(got["ns"], 1)))
        times = {c: [] for c in field}
        hooks = {}
        for _ in range(self.args.rounds):
            for c in field:
                # The first packets after a change of contestant are cold.
                warm = min(64, size[c] // 4)
                self.verdict(c, c.rig.batch(warm), warm, accept, label)
                got = c.rig.batch(size[c])
                self.verdict(c, got, size[c], accept, label)
                times[c].append(got["ns"] / size[c])
                hooks[c.name] = got["hooks"]
        for c in field:
            self.counted(c, before[c], policy, state, rule, label)
        return {"label": label, "target_ns": target, "hooks": hooks,
                "policy": vars(policy), "ct": ct, "position": where,
                "ns": {c.name: report.stats(v) for c, v in times.items()},
                "packets": {c.name: c.sent for c in field}}

    def logging(self):
        """A rule that logs is not passed by: each packet is a line, or is
        counted as a suppressed one."""
        label = "established, rule 10 logs"
        policy = Policy(state_rule=True, log=True)
        c = next(c for c in self.contestants(policy.zones) if c.name == "zpf")
        c.load(policy)
        self.loaded[c] = policy
        c.rig.aim(policy, ESTABLISHED, policy.position("first")[1])
        before, c.sent = c.counters(), 0
        logged0, suppressed0 = c.sites()
        lines0 = log_lines()
        times = []
        for _ in range(self.args.rounds):
            self.verdict(c, c.rig.batch(64), 64, True, label)
            got = c.rig.batch(2000)
            self.verdict(c, got, 2000, True, label)
            times.append(got["ns"] / 2000)
        self.counted(c, before, policy, ESTABLISHED, 10, label)
        logged, suppressed = c.sites()
        logged, suppressed = logged - logged0, suppressed - suppressed0
        if logged + suppressed != c.sent or not logged:
            raise Wrong(f"{label}: {logged} lines logged and {suppressed} suppressed of "
                        f"{c.sent} packets")
        lines = log_lines() - lines0
        if lines != logged:
            raise Wrong(f"{label}: {lines} lines in the kernel log, {logged} counted")
        self.checks += 2
        return {"label": label, "target_ns": None, "ns": {"zpf": report.stats(times)},
                "policy": vars(policy), "ct": ESTABLISHED, "position": "first",
                "packets": {"zpf": c.sent}, "logged": logged, "suppressed": suppressed}


def log_lines():
    return sum("NAM-BENCH-10-A]" in line for line in run("dmesg").splitlines())


# -------------------------------------------------------------------- load

def load_times(times):
    """zpfctl load of a real configuration, from its start to its end; beside
    it what a program that does nothing takes there."""
    ns, out = "bench-load", []
    config = os.path.join(TOP, "selftests/configs/home-router.set")
    run("ip", "netns", "add", ns)
    run("ip", "-n", ns, "-batch", "-", text="".join(
        f"link add {i} type dummy\n" for i in
        ["eth0", "eth1"] + [f"eth1.{n}0" for n in range(1, 7)]))
    ctl = os.environ["ZPFCTL"]
    # A shell measures: starting a program from a process as large as this one
    # costs more than the program, under user-mode Linux.
    script = """for ((i = 0; i <= $1; i++)); do
        a=$EPOCHREALTIME; "$2" -n "$3" load "$4" > /dev/null 2>&1 || exit
        b=$EPOCHREALTIME; "$2" help > /dev/null 2>&1 || exit
        c=$EPOCHREALTIME; echo "${a/./} ${b/./} ${c/./}"
    done"""
    bare = []
    for line in run("bash", "-c", script, "bash", str(times), ctl, ns, config).splitlines():
        start, loaded, helped = map(int, line.split())
        out.append((loaded - start) / 1e3)
        bare.append((helped - loaded) / 1e3)
    answer = json.loads(run(ctl, "-n", ns, "--json", "load", config))
    return {"config": "home-router.set", "rules": answer["rules"], "pairs": answer["pairs"],
            "build_us": answer.get("build_us"), "ms": report.stats(out[1:]),
            "bare_ms": report.stats(bare[1:])}


def meminfo():
    """Bytes the kernel holds in slabs, vmalloc and per-CPU memory."""
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
        f.write("3")
    time.sleep(0.3)
    with open("/proc/meminfo", encoding="ascii") as f:
        kb = dict(re.findall(r"^(\w+):\s+(\d+) kB", f.read(), re.M))
    return {k: int(kb[k]) * 1024 for k in ("Slab", "VmallocUsed", "Percpu")}


def memory(sizes):
    """Bytes a rule takes: as the module says, and as the kernel's own sums
    grow from a policy of one rule, with one pair."""
    out = []
    for n in sizes:
        ns = f"bench-mem-{n}"
        run("ip", "netns", "add", ns)
        ctl = (os.environ["ZPFCTL"], "-n", ns)
        status = []
        before = None
        for policy in (Policy(zones=2, n=1), Policy(zones=2, n=n)):
            text = policy.set_form()
            before = before if not status else meminfo()
            run(*ctl, "load", "-", text=text)
            status.append(json.loads(run(*ctl, "show", "status", "--json")))
        after = meminfo()
        rules = status[1]["rules"] - status[0]["rules"]
        grown = status[1]["memory_bytes"] - status[0]["memory_bytes"]
        delta = {k: after[k] - before[k] for k in after}
        out.append({"rules": n, "memory_bytes": status[1]["memory_bytes"],
                    "counter_bytes": status[1].get("counter_bytes"),
                    "source_bytes": len(text),
                    "bytes_per_rule": status[1]["memory_bytes"] / n,
                    "bytes_per_more_rule": grown / rules,
                    "meminfo": delta,
                    "meminfo_per_more_rule": sum(delta.values()) / rules})
        run(*ctl, "disarm", "open")
        run("ip", "netns", "del", ns)
    return out


def versions():
    with open("/proc/version", encoding="ascii") as f:
        kernel = f.read().strip()
    with open("/proc/cpuinfo", encoding="ascii") as f:
        cpu = re.search(r"^model name\s*:\s*(.*)$", f.read(), re.M)
    return {"kernel": kernel, "cpu": os.environ.get("ZPF_BENCH_CPU") or
            (cpu.group(1) if cpu else "unknown"),
            "nft": run("nft", "--version").strip(),
            "compiler": run("gcc", "--version").splitlines()[0],
            "zpf": json.loads(run(os.environ["ZPFCTL"], "version", "--json")),
            "host_load_before": os.environ.get("ZPF_BENCH_LOAD"),
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def main():
    parser = argparse.ArgumentParser(description="run by run.sh in a guest")
    parser.add_argument("--quick", action="store_true", help="under two minutes")
    parser.add_argument("--rounds", type=int, help="batches of each contestant")
    parser.add_argument("--only", default="", help="scenarios with this in their name")
    parser.add_argument("output", help="JSON goes there")
    args = parser.parse_args()
    args.rounds = args.rounds or (41 if args.quick else 201)

    bench = Bench(args)
    result = {"versions": versions(), "quick": args.quick, "rounds": args.rounds,
              "scenarios": []}
    failed = []

    def attempt(fn, *fn_args):
        try:
            return fn(*fn_args)
        except (Wrong, KeyError, OSError, ValueError) as err:
            failed.append(f"{type(err).__name__}: {err}" if not isinstance(err, Wrong)
                          else str(err))
            print(f"not ok: {failed[-1]}", file=sys.stderr)
            return None

    for scenario in scenarios(args.quick):
        if args.only in scenario[0]:
            result["scenarios"].append(attempt(bench.measure, *scenario))
    if not args.only:
        result["scenarios"].append(attempt(bench.logging))
        result["load"] = attempt(load_times, 20)
        result["memory"] = attempt(memory, (10, 1000) if args.quick else (10, 1000, 10000))
    result["scenarios"] = [s for s in result["scenarios"] if s]
    result["checks"] = bench.checks
    result["failed"] = failed
    with open(args.output, "w", encoding="utf-8") as f:
        json.dump(result, f, indent=1)
        f.write("\n")
    report.show(result)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
