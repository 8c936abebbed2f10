#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Part 6 of the benchmark: the same rule hit on two processors at once, each
with packets of its own, against one at a time. Run by smp.sh in a guest with
two processors; prints JSON."""
import argparse
import json
import os
import platform
import time
from dataclasses import replace

import report
from rig import ESTABLISHED, NEW, Empty, Rig, Tuned, Vyos, Wrong, Zpf
from rules import Policy

POLICY = Policy(state_policy=True)
BATCH_NS = 20_000_000   # long beside what it takes both to start
AHEAD_NS = 3_000_000


class Worker:
    """A process on one processor with a rig of its own, told what to do."""

    def __init__(self, cpu, ns, policy, ct, flows):
        ask, self.ask = os.pipe()
        self.answer, answer = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(ask)
            os.close(answer)
            return
        try:
            os.sched_setaffinity(0, {cpu})
            rig = Rig(ns)
            rig.aim(policy, ct, flows)
            while True:
                packets, start = (int(x) for x in os.read(ask, 64).split())
                if not packets:
                    break
                while time.monotonic_ns() < start:
                    pass
                got = rig.batch(packets)
                os.write(answer, f"{got['ns']} {got['dropped'] - got['want_dropped']}".encode())
        finally:
            os._exit(1)

    def begin(self, packets, start=0):
        os.write(self.ask, f"{packets} {start}".encode())

    def end(self, packets):
        """Nanoseconds a packet."""
        ns, wrong = (int(x) for x in os.read(self.answer, 64).split())
        if wrong:
            raise Wrong(f"{wrong} of {packets} verdicts are wrong")
        return ns / packets

    def run(self, packets):
        self.begin(packets)
        return self.end(packets)

    def quit(self):
        self.begin(0)
        os.waitpid(self.pid, 0)


def measure(c, label, policy, ct, rounds):
    c.take(policy)
    flows = policy.flows("first", 64)
    workers = [Worker(cpu, c.ns, policy, ct, flows) for cpu in (0, 1)]
    per = max(w.run(10000) for w in workers)
    packets = int(BATCH_NS / per)
    alone, both, ratios = [], [], []
    for _ in range(rounds):
        one = [w.run(packets) for w in workers]
        start = time.monotonic_ns() + AHEAD_NS
        for w in workers:
            w.begin(packets, start)
        two = [w.end(packets) for w in workers]
        alone += one
        both += two
        # Packets of both in a second, over those of one alone.
        ratios.append(sum(1 / t for t in two) / (sum(1 / t for t in one) / 2))
    for w in workers:
        w.quit()
    return {"contestant": c.name, "label": label, "alone_ns": report.stats(alone),
            "both_ns": report.stats(both), "ratio": report.stats(ratios)["median"],
            "ratios": report.stats(ratios)}


def main():
    parser = argparse.ArgumentParser(description="run by smp.sh in a guest")
    parser.add_argument("--quick", action="store_true")
    rounds = 9 if parser.parse_args().quick else 15
    if os.cpu_count() < 2:
        raise SystemExit("scale.py: needs two processors")
    rows = []
    for kind in (Zpf, Empty, Vyos, Tuned):
        c = kind(POLICY.zones)
        rows.append(measure(c, "new, 10 ports, first", POLICY, NEW, rounds))
        if kind is not Empty:
            rows.append(measure(c, "established, rule 10 first",
                                replace(POLICY, state_policy=False, state_rule=True), ESTABLISHED,
                                rounds))
    print(json.dumps({"kernel": platform.release(), "rows": rows}))


if __name__ == "__main__":
    main()
