# SPDX-License-Identifier: GPL-2.0-only
"""Part 4 of the benchmark: from text to a policy that is live, and what it
takes of the kernel's memory. Beside it nft -f of the same rules as VyOS
generates them. Run by smp.sh in a guest with Linux 7.2, whose user-mode Linux
takes a few microseconds for a page that is touched, where that of 6.1 takes
over forty; prints JSON."""
import argparse
import json
import os
import platform
import re
import statistics
import time

import report
from rig import LOAD_SECONDS, CouldNot, netns_add, run
from rules import Policy

TOP = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../..")
# A shell measures: starting a program from a process as large as this one
# costs more than the program, under user-mode Linux. $1: how often, then the
# command; its last answer goes to /tmp/answer.
TIMER = """n=$1; shift; for ((i = 0; i < n; i++)); do
    a=$EPOCHREALTIME; "$@" > /tmp/answer 2> /tmp/why || { tail -qc 200 /tmp/why /tmp/answer >&2; exit 1; }
    b=$EPOCHREALTIME; echo $((${b/./} - ${a/./}))
done"""


def timed(times, *cmd, timeout=None):
    """([milliseconds], what the last one printed)"""
    out = run("bash", "-c", TIMER, "bash", str(times), *cmd, timeout=timeout)
    with open("/tmp/answer", encoding="utf-8") as f:
        return [int(us) / 1000 for us in out.split()], f.read()


def router(times):
    """zpfctl load of a real configuration, from its start to its end; beside
    it what a program that does nothing takes there."""
    ns, ctl = "bench-load", os.environ["ZPFCTL"]
    config = os.path.join(TOP, "selftests/configs/home-router.set")
    netns_add(ns, ["eth0", "eth1"] + [f"eth1.{n}0" for n in range(1, 7)])
    ms, text = timed(times, ctl, "-n", ns, "--json", "load", config)
    bare, _ = timed(times, ctl, "help")
    answer = json.loads(text)
    return {"config": "home-router.set", "rules": answer["rules"], "pairs": answer["pairs"],
            "build_us": answer["build_us"], "times_us": answer["times_us"],
            "ms": report.stats(ms), "bare_ms": report.stats(bare)}


def meminfo():
    """Bytes the kernel holds in slabs, vmalloc and per-CPU memory; without slabs
    it could do without, which are of the files that were read meanwhile."""
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
        f.write("3")
    time.sleep(0.3)
    with open("/proc/meminfo", encoding="ascii") as f:
        kb = dict(re.findall(r"^(\w+):\s+(\d+) kB", f.read(), re.M))
    return {k: int(kb[k]) * 1024 for k in ("SUnreclaim", "VmallocUsed", "Percpu")}


def growth(small, large, rules, times):
    """Memory of @rules more rules: two policies are loaded in turn, as what else
    a kernel does is as much as a few hundred of them; the median of so many times."""
    deltas = []
    for _ in range(times):
        small()
        before = meminfo()
        large()
        after = meminfo()
        deltas.append({k: after[k] - before[k] for k in after})
    deltas.sort(key=lambda d: sum(d.values()))
    delta = deltas[len(deltas) // 2]
    return {"meminfo": delta, "meminfo_per_rule": sum(delta.values()) / rules}


def write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)
    return len(text)


class Loader:
    """A firewall in a namespace of its own that takes one policy again and again."""

    def __init__(self, policy):
        self.ns, self.policy, self.ms = f"bench-commit-{self.name}", policy, []
        netns_add(self.ns, policy.interfaces())
        self.file, self.one = (f"/tmp/{size}.{self.name}" for size in ("policy", "small"))
        self.text_bytes = write(self.file, self.text(policy))
        write(self.one, self.text(Policy(zones=policy.zones, n=1)))
        run(*self.cmd(self.one))

    def load(self):
        """What it answered."""
        ms, text = timed(1, *self.cmd(self.file), timeout=LOAD_SECONDS)
        self.ms += ms
        return text

    def result(self, weighings):
        out = growth(lambda: run(*self.cmd(self.one)), lambda: run(*self.cmd(self.file)),
                     self.policy.n - 1, weighings)
        out.update(ms=report.stats(self.ms), text_bytes=self.text_bytes)
        return out


class OfZpf(Loader):
    name = "zpf"

    def __init__(self, policy):
        super().__init__(policy)
        self.small, self.answers = self.status(), []

    @staticmethod
    def text(policy):
        return policy.set_form()

    def cmd(self, file):
        return os.environ["ZPFCTL"], "-n", self.ns, "--json", "load", file

    def status(self):
        return json.loads(run(os.environ["ZPFCTL"], "-n", self.ns, "--json", "show", "status"))

    def load(self):
        self.answers.append(json.loads(super().load()))

    def result(self, weighings):
        out = super().result(weighings)
        status, more = self.status(), self.policy.n - 1
        # Each part's median; what is not said by the tool is starting it and telling.
        parts = {k: statistics.median(a["times_us"][k] for a in self.answers)
                 for k in self.answers[0]["times_us"]}
        parts["kernel build"] = statistics.median(a["build_us"] for a in self.answers)
        out.update(parts_us=parts, tables=status.get("tables"), memory_bytes=status["memory_bytes"],
                   counter_bytes=status["counter_bytes"],
                   bytes_per_rule=(status["memory_bytes"] - self.small["memory_bytes"]) / more,
                   counter_bytes_per_rule=(status["counter_bytes"] - self.small["counter_bytes"]) / more)
        return out


class OfNft(Loader):
    name = "L"

    @staticmethod
    def text(policy):
        return "flush ruleset\n" + policy.vyos()

    def cmd(self, file):
        return "ip", "netns", "exec", self.ns, "nft", "-f", file


def compare(policy, times, weighings, kinds):
    """One policy, loaded by each in turn, then its memory weighed."""
    row = {"shape": policy.shape, "rules": policy.n, "L": None}
    loaders = []
    try:
        loaders += [kind(policy) for kind in kinds]
        for _ in range(times):
            for loader in loaders:
                loader.load()
        for loader in loaders:
            row[loader.name] = loader.result(weighings)
    except CouldNot as err:
        row["could_not"] = str(err)
    run(os.environ["ZPFCTL"], "-n", f"bench-commit-{OfZpf.name}", "disarm", "open")
    for kind in kinds:
        run("ip", "netns", "del", f"bench-commit-{kind.name}")
    return row


def scale(quick):
    """[one policy: zpf and L]"""
    both, zpf = (OfZpf, OfNft), (OfZpf,)
    # shape, rules, how often it is loaded and weighed, by whom
    plan = [("ports", 10000, 9, 1, both), ("fw1", 10000, 3, 1, zpf),
            ("ports", 100000, 1, 1, zpf)] if quick else \
        [("ports", 1000, 9, 5, both), ("ports", 10000, 9, 5, both), ("fw1", 10000, 5, 5, both),
         ("ports", 100000, 3, 1, both), ("fw1", 100000, 3, 1, zpf)]
    return [compare(Policy(zones=2, n=n, shape=shape), *how) for shape, n, *how in plan]


def main():
    parser = argparse.ArgumentParser(description="run by smp.sh in a guest")
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    print(json.dumps({"kernel": platform.release(), "processors": os.cpu_count(),
                      "router": router(5 if quick else 20), "policies": scale(quick)}))


if __name__ == "__main__":
    main()
