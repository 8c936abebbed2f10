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


def growth(small, large, rules):
    """Memory of @rules more rules: two policies are loaded in turn, as what else
    a kernel does is as much as a few hundred of them."""
    deltas = []
    for _ in range(5 if rules < 20000 else 1):
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


def zpf(ns, policy, times):
    ctl, file, one = (os.environ["ZPFCTL"], "-n", ns), "/tmp/policy.set", "/tmp/small.set"
    write(one, Policy(zones=policy.zones, n=1).set_form())
    size = write(file, policy.set_form())
    run(*ctl, "load", one)
    small = json.loads(run(*ctl, "show", "status", "--json"))
    answers, ms = [], []
    for _ in range(times):
        some, text = timed(1, *ctl, "--json", "load", file)
        ms += some
        answers.append(json.loads(text))
    out = growth(lambda: run(*ctl, "load", one), lambda: run(*ctl, "load", file), policy.n - 1)
    status = json.loads(run(*ctl, "show", "status", "--json"))
    # Each part's median; what is not said by the tool is starting it and telling.
    parts = {k: statistics.median(a["times_us"][k] for a in answers)
             for k in answers[0]["times_us"]}
    parts["kernel build"] = statistics.median(a["build_us"] for a in answers)
    out.update(ms=report.stats(ms), parts_us=parts, text_bytes=size,
               memory_bytes=status["memory_bytes"], counter_bytes=status["counter_bytes"],
               bytes_per_rule=(status["memory_bytes"] - small["memory_bytes"]) / (policy.n - 1),
               counter_bytes_per_rule=(status["counter_bytes"] - small["counter_bytes"]) /
               (policy.n - 1), tables=status.get("tables"))
    run(*ctl, "disarm", "open")
    return out


def nft(ns, policy, times):
    file, one = "/tmp/policy.nft", "/tmp/small.nft"
    write(one, "flush ruleset\n" + Policy(zones=policy.zones, n=1).vyos())
    size = write(file, "flush ruleset\n" + policy.vyos())
    load = ("ip", "netns", "exec", ns, "nft", "-f")
    run(*load, one)
    ms, _ = timed(times, *load, file, timeout=LOAD_SECONDS)
    out = growth(lambda: run(*load, one), lambda: run(*load, file), policy.n - 1)
    out.update(ms=report.stats(ms), text_bytes=size)
    return out


def scale(quick):
    """[one policy: zpf and L]"""
    out = []
    for shape, n, times, with_nft in (("ports", 1000, 5, True), ("ports", 10000, 5, True),
                                      ("fw1", 10000, 5, not quick),
                                      ("ports", 100000, 1 if quick else 3, not quick),
                                      ("fw1", 100000, 1 if quick else 3, False)):
        if quick and shape == "fw1" and n > 10000:
            continue
        policy = Policy(zones=2, n=n, shape=shape)
        row = {"shape": shape, "rules": n, "L": None}
        for name, fn in (("zpf", zpf),) + ((("L", nft),) if with_nft else ()):
            ns = f"bench-commit-{name}"
            netns_add(ns, policy.interfaces())
            try:
                row[name] = fn(ns, policy, times if name == "zpf" else 1)
            except CouldNot as err:
                row["could_not"] = str(err)
            run("ip", "netns", "del", ns)
        out.append(row)
    return out


def main():
    parser = argparse.ArgumentParser(description="run by smp.sh in a guest")
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    print(json.dumps({"kernel": platform.release(), "processors": os.cpu_count(),
                      "router": router(5 if quick else 20), "policies": scale(quick)}))


if __name__ == "__main__":
    main()
