# SPDX-License-Identifier: GPL-2.0-only
"""Part 2 of the benchmark: one packet through the FORWARD hook.

Batches of the contestants are interleaved (A-B-C-A-B-C), so that whatever
else the machine does hits all alike. Every verdict is asserted against the
naive walk, and the counters of zpf and of L must have moved by the packets
sent, at the deciding rules and nowhere else.
"""
import time
from dataclasses import dataclass, replace

import report
from rig import ALL, ESTABLISHED, NEW, CouldNot, Wrong, run
from rules import V6, Policy

BATCH_NS = 150_000          # about what one batch should take
SMALLEST = 16               # packets of a batch
COLD_PACKETS = 32           # of a batch with cold caches
SLOW = 1.3                  # a machine that takes this for the same is not quiet


@dataclass(frozen=True)
class Scenario:
    """One line of the table. flows: different packets; cold: the caches are
    cleared every few of them; without: contestants that stay away."""
    label: str
    policy: Policy
    ct: str
    where: str = "first"
    flows: int = 1
    cold: bool = False
    without: tuple = ()


RULE = Policy(state_rule=True)
POLICY = Policy(state_policy=True)


def established(quick):
    rows = [
        ("established, rule 10 first", RULE),
        ("established, state policy", POLICY),
        ("established, base chain", replace(RULE, chain=True)),
        ("… rule 10 first, ipv6", replace(RULE, family=V6)),
        ("… rule 10 first, 50 zones", replace(RULE, zones=50)),
        ("… state policy, 50 zones", replace(POLICY, zones=50)),
        ("… rule 10 first, 1000 rules", replace(RULE, n=1000)),
        ("… rule 10 first, 10000 rules", replace(RULE, n=10000)),
    ]
    if not quick:
        rows += [
            ("… rule 10 first, 100000 rules", replace(RULE, n=100000)),
            ("… rule 10 first, 2 zones", replace(RULE, zones=2)),
            ("… state policy, 2 zones", replace(POLICY, zones=2)),
            ("… rule 10 first, tcp", replace(RULE, proto="tcp")),
            ("… rule 10 first, ipv6 tcp", replace(RULE, family=V6, proto="tcp")),
            ("… state policy, reply", POLICY),
        ]
    return [Scenario(label, policy, "reply" if label.endswith("reply") else ESTABLISHED)
            for label, policy in rows]


def ports(quick):
    """New flows and lists of ports."""
    out = []
    for family in ("ipv4", V6):
        for n in (10, 100, 1000, 10000) + (() if quick else (100000,)):
            places = ("first", "middle", "last", "default")
            if family == V6 or quick:
                places = {10: ("first", "last", "default")}.get(n, ("first", "last"))
            if family == V6 and n not in (10, 1000, 10000):
                continue
            policy = replace(POLICY, n=n, family=family)
            out += [Scenario(f"new, {n} ports, {where}" + ", ipv6" * (family == V6),
                             policy, NEW, where) for where in places]
            if n == 10 and family != V6:
                out.append(Scenario("new, 10 ports, last, no state policy",
                                    replace(policy, state_policy=False), NEW, "last"))
    return out


def shapes(quick):
    """New flows and rule sets of a shape."""
    out = []
    for shape in ("fw1", "acl1", "acl2"):
        for n in (1000, 10000) if quick else (100, 1000, 10000, 100000):
            policy = replace(POLICY, n=n, shape=shape)
            # nftables walks: what it takes to load and to pass is known by then.
            without = ("L", "T", "I") if n > (1000 if quick else 10000) else ()
            places = ("last", "random") if quick else \
                ("first", "middle", "last", "default", "random")
            out += [Scenario(f"new, {n} {shape}, {where}", policy, NEW, where,
                             64, without=without) for where in places]
        if not quick:
            out.append(Scenario(f"new, 10000 {shape}, random, ipv6",
                                replace(POLICY, n=10000, shape=shape, family=V6), NEW,
                                "random", 64, without=("L", "T", "I")))
    return out


def many_flows(quick):
    """The same with more flows than the caches hold, and with cold caches."""
    rows = [("established, rule 10 first", RULE, ESTABLISHED, "first"),
            ("new, 10 ports, last", POLICY, NEW, "last"),
            ("new, 1000 ports, random", replace(POLICY, n=1000), NEW, "random"),
            ("new, 10000 fw1, random", replace(POLICY, n=10000, shape="fw1"), NEW, "random"),
            ("new, 100000 acl1, random", replace(POLICY, n=100000, shape="acl1"), NEW, "random")]
    kinds = [(1000, False), (1000, True)] if quick else \
        [(1000, False), (1000, True), (65536, False), (65536, True)]
    out = []
    for label, policy, ct, where in rows[:3] if quick else rows:
        without = ("L", "T", "I") if policy.n > 1000 else ()
        out += [Scenario(f"{label}, {flows // 1000 if flows < 65536 else 64}k "
                         f"{'cold' if cold else 'hot'}", policy, ct, where, flows, cold, without)
                for flows, cold in kinds]
    return out


def scenarios(quick):
    return established(quick) + ports(quick) + shapes(quick) + many_flows(quick)


def moved(before, after):
    """What counters moved, and by how much."""
    return {k: tuple(a - b for a, b in zip(v, before.get(k, (0, 0))))
            for k, v in after.items() if v != before.get(k, (0, 0))}


class Hook:
    """rounds: batches of each contestant, as long as budget_ns lasts."""

    def __init__(self, rounds, budget_ns):
        self.rounds, self.budget_ns = rounds, budget_ns
        self.field = {}         # zones -> contestants
        self.checks = 0

    def contestants(self, zones):
        if zones not in self.field:
            self.field[zones] = [kind(zones) for kind in ALL]
        return self.field[zones]

    def verdicts(self, c, got, label):
        """A batch must have ended as the policy says."""
        want = got["want_dropped"] if c.judges else 0
        if (got["accepted"], got["dropped"]) != (got["packets"] - want, want):
            raise Wrong(f"{label}: {c.name}: of {got['packets']} packets {got['accepted']} were "
                        f"accepted and {got['dropped']} dropped, not "
                        f"{got['packets'] - want} and {want}")
        self.checks += 1

    def counted(self, c, before, since, state, label):
        """Counters must have moved by the packets sent, and no others."""
        if before is None:
            return
        want = {}
        for (rule, _, packet), times in zip(c.rig.flows, c.rig.times_sent(since)):
            if state == ESTABLISHED and c.policy.state_rule:
                rule = c.policy.number(0)
            for key in c.expect(c.policy, state, rule) if times else ():
                packets, size = want.get(key, (0, 0))
                want[key] = (packets + times, size + times * len(packet))
        got = moved(before, c.counters())
        if got != want:
            raise Wrong(f"{label}: {c.name}: counters moved {got}, not {want}"[:1000])
        self.checks += 1

    def ready(self, c, s, flows):
        """(counters, position) of a contestant with that policy, warmed up,
        and how long its batches are."""
        c.take(s.policy)
        c.rig.aim(s.policy, s.ct, flows)
        start = c.counters(), c.rig.at
        size = COLD_PACKETS
        self.verdicts(c, c.rig.batch(SMALLEST, s.cold), s.label)
        if not s.cold:
            got = c.rig.batch(64)
            self.verdicts(c, got, s.label)
            size = max(SMALLEST, min(50_000, BATCH_NS * 64 // max(got["ns"], 1)))
        return start, size

    def measure(self, s):
        state = NEW if s.ct == NEW else ESTABLISHED
        flows = s.policy.flows(s.where, s.flows)
        field, start, size, absent = [], {}, {}, {}
        for c in self.contestants(s.policy.zones):
            if c.name in s.without:
                continue
            try:
                start[c], size[c] = self.ready(c, s, flows)
                field.append(c)
            except CouldNot as err:
                absent[c.name] = str(err)
        times, hooks = {c: [] for c in field}, {}
        spent = {c: 0 for c in field}
        for turn in range(self.rounds):
            for c in field:
                if turn >= 5 and spent[c] > self.budget_ns:
                    continue
                # The first packets after a change of contestant are cold.
                if not s.cold:
                    self.verdicts(c, c.rig.batch(max(1, min(64, size[c] // 4))), s.label)
                got = c.rig.batch(size[c], s.cold)
                self.verdicts(c, got, s.label)
                times[c].append(got["ns"] / size[c])
                # Cleared caches cost more than the packets do.
                spent[c] += got["ns"] + (self.budget_ns // 12 if s.cold else 0)
                hooks[c.name] = got["hooks"]
        for c in field:
            self.counted(c, start[c][0], start[c][1], state, s.label)
        return {"label": s.label, "hooks": hooks, "policy": vars(s.policy), "ct": s.ct,
                "position": s.where, "flows": len(flows), "cold": s.cold,
                "ns": {c.name: report.stats(v) for c, v in times.items()},
                "could_not": absent,
                "packets": {c.name: c.rig.at - start[c][1] for c in field}}

    @staticmethod
    def floor(rows):
        """What a hook that does nothing takes while the machine is quiet."""
        return min((r["ns"]["empty"]["median"] for r in rows
                    if not r["cold"] and "empty" in r["ns"]), default=0)

    @staticmethod
    def unrest(row, floor):
        """How far a row is from one of a quiet machine: a hook that does nothing took
        longer than it can, or a contestant longer than in its best batch."""
        return max([row["ns"]["empty"]["median"] / floor] +
                   [s["median"] / s["min"] for name, s in row["ns"].items() if name != "none"])

    def disturbed(self, rows):
        """(row, how much) of rows that were measured in noisy moments."""
        hot = [r for r in rows if not r["cold"] and "empty" in r["ns"]]
        floor = self.floor(rows)
        return [(r, unrest) for r in hot if (unrest := self.unrest(r, floor)) > SLOW]

    def settle(self, rows, of, patience):
        """Measures disturbed rows again, for so many seconds. of: the scenario of
        a label. Of a row's measurements that in the quietest moment stays, whole."""
        end = time.monotonic() + patience
        while time.monotonic() < end and (bad := self.disturbed(rows)):
            for row, unrest in bad:
                if time.monotonic() > end:
                    break
                again = self.measure(of[row["label"]])
                if self.unrest(again, self.floor(rows)) < unrest:
                    row.update(again)

    def logging(self):
        """A rule that logs is not passed by: each packet is a line, or is
        counted as a suppressed one."""
        label = "established, rule 10 logs"
        policy = replace(RULE, log=True)
        c = next(c for c in self.contestants(policy.zones) if c.name == "zpf")
        c.take(policy)
        c.rig.aim(policy, ESTABLISHED, policy.flows("first", 1))
        before, since = c.counters(), c.rig.at
        logged0, suppressed0 = c.sites()
        lines0 = log_lines()
        times = []
        for _ in range(self.rounds):
            self.verdicts(c, c.rig.batch(64), label)
            got = c.rig.batch(2000)
            self.verdicts(c, got, label)
            times.append(got["ns"] / 2000)
        self.counted(c, before, since, ESTABLISHED, label)
        sent = c.rig.at - since
        logged, suppressed = c.sites()
        logged, suppressed = logged - logged0, suppressed - suppressed0
        if logged + suppressed != sent or not logged:
            raise Wrong(f"{label}: {logged} lines logged and {suppressed} suppressed of "
                        f"{sent} packets")
        lines = log_lines() - lines0
        if lines != logged:
            raise Wrong(f"{label}: {lines} lines in the kernel log, {logged} counted")
        self.checks += 2
        return {"label": label, "ns": {"zpf": report.stats(times)},
                "policy": vars(policy), "ct": ESTABLISHED, "position": "first", "flows": 1,
                "cold": False, "packets": {"zpf": sent}, "logged": logged,
                "suppressed": suppressed, "could_not": {}}


def log_lines():
    return sum("NAM-BENCH-10-A]" in line for line in run("dmesg").splitlines())
