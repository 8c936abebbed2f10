# SPDX-License-Identifier: GPL-2.0-only
"""Part 2 of the benchmark: one packet through the FORWARD hook.

Batches of the contestants are interleaved (A-B-C-A-B-C), and so are those of
scenarios that goals compare, so that whatever else the machine does hits all
alike. Every verdict is asserted against the
naive walk, and the counters of zpf and of L must have moved by the packets
sent, at the deciding rules and nowhere else.
"""
import time
from dataclasses import dataclass, replace

import report
from rig import ALL, ESTABLISHED, NEW, CouldNot, Wrong, run
from rules import V4, V6, Policy

BATCH_NS = 150_000          # about what one batch should take
SMALLEST = 16               # packets of a batch
WARM_UPS = 4                # batches that tell how long one takes
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
            if family == V6 and n not in ((10, 1000) if quick else (10, 1000, 10000)):
                continue
            policy = replace(POLICY, n=n, family=family)
            out += [Scenario(f"new, {n} ports, {where}" + ", ipv6" * (family == V6),
                             policy, NEW, where) for where in places]
            if n == 10 and family != V6:
                out += [Scenario("new, 10 ports, last, no state policy",
                                 replace(policy, state_policy=False), NEW, "last"),
                        Scenario("new, 10 ports, default accepts",
                                 replace(policy, default_accept=True), NEW, "default")]
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
    rows = established(quick) + ports(quick) + shapes(quick) + many_flows(quick)
    # Some seconds of two minutes go into loading these into iptables.
    return [replace(s, without=s.without or ("I",)) if quick and s.policy.n > 1000 else s
            for s in rows]


def moved(before, after):
    """What counters moved, and by how much."""
    return {k: tuple(a - b for a, b in zip(v, before.get(k, (0, 0))))
            for k, v in after.items() if v != before.get(k, (0, 0))}


class Seat:
    """A contestant in a scenario: its rig there, and what it has done."""

    def __init__(self, s, c, rig, flows):
        self.s, self.c, self.rig = s, c, rig
        rig.aim(s.policy, s.ct, flows)
        self.since, self.size = self.rig.at, COLD_PACKETS
        self.times, self.spent, self.hooks = [], 0, 0

    def batch(self, packets, cold=False):
        """A batch, which must have ended as the policy says."""
        got = self.rig.batch(packets, cold)
        want = got["want_dropped"] if self.c.judges else 0
        if (got["accepted"], got["dropped"]) != (got["packets"] - want, want):
            raise Wrong(f"{self.s.label}: {self.c.name}: of {got['packets']} packets "
                        f"{got['accepted']} were accepted and {got['dropped']} dropped, not "
                        f"{got['packets'] - want} and {want}")
        return got

    def warm_up(self):
        """Finds how long its batches are, with caches as warm as they get: loading a
        policy has just cleared them. Return: batches it took"""
        self.batch(SMALLEST, self.s.cold)
        if self.s.cold:
            return 1
        ns = [self.batch(64)["ns"] for _ in range(WARM_UPS)]
        self.size = max(SMALLEST, min(50_000, BATCH_NS * 64 // max(min(ns), 1)))
        return 1 + WARM_UPS

    def turn(self, budget_ns):
        """Its batch of a round, if there is time left for it. Return: batches it took"""
        if len(self.times) >= 5 and self.spent > budget_ns:
            return 0
        # The first packets after a change of seat are cold.
        if not self.s.cold:
            self.batch(max(1, min(64, self.size // 4)))
        got = self.batch(self.size, self.s.cold)
        self.times.append(got["ns"] / self.size)
        # Cleared caches cost more than the packets do.
        self.spent += got["ns"] + (budget_ns // 12 if self.s.cold else 0)
        self.hooks = got["hooks"]
        return 1 if self.s.cold else 2

    def counts(self, want):
        """Adds what its packets must have counted."""
        state = NEW if self.s.ct == NEW else ESTABLISHED
        for (rule, _, packet), times in zip(self.rig.flows, self.rig.times_sent(self.since)):
            if state == ESTABLISHED and self.c.policy.state_rule:
                rule = self.c.policy.number(0)
            for key in self.c.expect(self.c.policy, state, rule) if times else ():
                packets, size = want.get(key, (0, 0))
                want[key] = (packets + times, size + times * len(packet))


def grouped(scenarios_):
    """Scenarios that are compared with one another: told apart by nothing but the place
    of the packets in the rules, and the family. Groups of one policy follow each other,
    as to load it takes longer than to measure."""
    policies = {}
    for s in scenarios_:
        groups = policies.setdefault(replace(s.policy, family=V4), {})
        groups.setdefault((s.ct, s.flows, s.cold), []).append(s)
    return [group for groups in policies.values() for group in groups.values()]


class Hook:
    """rounds: batches of each contestant, as long as budget_ns lasts."""

    def __init__(self, rounds, budget_ns):
        self.rounds, self.budget_ns = rounds, budget_ns
        self.field = {}         # zones, family -> contestants
        self.checks = 0

    def contestants(self, policy):
        key = policy.zones, policy.family
        if key not in self.field:
            self.field[key] = [kind(*key) for kind in ALL]
        return self.field[key]

    def counted(self, seats, before, label):
        """A contestant's counters must have moved by the packets sent from its seats,
        and no others."""
        if before is None:
            return
        want = {}
        for seat in seats:
            seat.counts(want)
        got = moved(before, seats[0].c.counters())
        if got != want:
            raise Wrong(f"{label}: {seats[0].c.name}: counters moved {got}, not {want}"[:1000])
        self.checks += 1

    def measure(self, group):
        """Rows of the scenarios of a group, their batches interleaved like those of the
        contestants: a ratio of two of them is as good as one of two contestants."""
        seats, before, could_not = [], {}, {}
        for s in group:
            flows = s.policy.flows(s.where, s.flows)
            for c in self.contestants(s.policy):
                if c.name in s.without or c in could_not:
                    continue
                try:
                    c.take(s.policy)
                except CouldNot as err:
                    could_not[c] = str(err)
                    continue
                if c not in before:
                    before[c] = c.counters()
                rig = c.rig_at(sum(seat.c is c for seat in seats))
                seats.append(Seat(s, c, rig, flows))
        self.checks += sum(seat.warm_up() for seat in seats)
        for _ in range(self.rounds):
            self.checks += sum(seat.turn(self.budget_ns) for seat in seats)
        for c, start in before.items():
            self.counted([seat for seat in seats if seat.c is c], start, group[0].label)
        return [self.row(s, [seat for seat in seats if seat.s is s],
                         {c.name: why for c, why in could_not.items()
                          if c in self.contestants(s.policy)}) for s in group]

    @staticmethod
    def row(s, seats, could_not):
        return {"label": s.label, "hooks": {seat.c.name: seat.hooks for seat in seats},
                "policy": vars(s.policy), "ct": s.ct, "position": s.where,
                "flows": len(seats[0].rig.flows), "cold": s.cold,
                "ns": {seat.c.name: report.stats(seat.times) for seat in seats},
                "could_not": could_not,
                "packets": {seat.c.name: seat.rig.at - seat.since for seat in seats}}

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
        """Labels of rows that were measured in noisy moments."""
        floor = self.floor(rows)
        return {r["label"] for r in rows if not r["cold"] and "empty" in r["ns"] and
                self.unrest(r, floor) > SLOW}

    def settle(self, rows, groups, patience):
        """Measures groups with disturbed rows again, for so many seconds. Of a group's
        measurements that in the quietest moment stays, whole."""
        place = {row["label"]: i for i, row in enumerate(rows)}
        end = time.monotonic() + patience
        while time.monotonic() < end and (bad := self.disturbed(rows)):
            for group in groups:
                if time.monotonic() > end:
                    break
                if not any(s.label in bad for s in group):
                    continue
                again, floor = self.measure(group), self.floor(rows)
                before = [rows[place[row["label"]]] for row in again]
                if max(self.unrest(r, floor) for r in again) < \
                        max(self.unrest(r, floor) for r in before):
                    for row in again:
                        rows[place[row["label"]]] = row

    def logging(self):
        """A rule that logs is not passed by: each packet is a line, or is
        counted as a suppressed one."""
        s = Scenario("established, rule 10 logs", replace(RULE, log=True), ESTABLISHED)
        c = next(c for c in self.contestants(s.policy) if c.name == "zpf")
        c.take(s.policy)
        before = c.counters()
        seat = Seat(s, c, c.rig, s.policy.flows(s.where, s.flows))
        logged0, suppressed0 = c.sites()
        lines0 = log_lines()
        for _ in range(self.rounds):
            seat.batch(64)
            seat.times.append(seat.batch(2000)["ns"] / 2000)
        self.checks += 2 * self.rounds
        self.counted([seat], before, s.label)
        sent = seat.rig.at - seat.since
        logged, suppressed = c.sites()
        logged, suppressed = logged - logged0, suppressed - suppressed0
        if logged + suppressed != sent or not logged:
            raise Wrong(f"{s.label}: {logged} lines logged and {suppressed} suppressed of "
                        f"{sent} packets")
        lines = log_lines() - lines0
        if lines != logged:
            raise Wrong(f"{s.label}: {lines} lines in the kernel log, {logged} counted")
        self.checks += 2
        return {**self.row(s, [seat], {}), "logged": logged, "suppressed": suppressed}


def log_lines():
    return sum("NAM-BENCH-10-A]" in line for line in run("dmesg").splitlines())
