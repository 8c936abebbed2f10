# SPDX-License-Identifier: GPL-2.0-only
"""Part 5 of the benchmark: a thousand flows of packets that a default drops,
with and without logging, and with and without the drop ledger."""
from dataclasses import replace

import report
from rig import NEW, Nothing, Vyos, Wrong, Zpf
from rules import DEFAULT, Policy

ROUTERS = 3             # of a contestant, as where memory lies is luck
FLOWS = 1024
PACKETS = 2000          # of a batch
OFF = Policy(state_policy=True)
ON = replace(OFF, default_log=True)
ABOUT = {"zpf": "token bucket a site, what is suppressed is counted",
         "L": "every drop a line"}


def rival(kind, name, policy, flows):
    """A contestant of its own namespace, ready."""
    named = type(kind.__name__, (kind,), {"name": name})
    c = named(policy.zones)
    c.take(policy)
    c.rig.aim(policy, NEW, flows)
    c.rig.batch(FLOWS)
    return c


def batch(c, packets):
    got = c.rig.batch(packets)
    if c.judges and got["dropped"] != packets:
        raise Wrong(f"storm: {c.name}: {packets - got['dropped']} of {packets} packets passed")
    return got["ns"] / packets


def interleaved(rivals, packets, rounds):
    """[times of each], one batch of each after the other; a rival is some routers
    of one kind, which take turns."""
    times = [[] for _ in rivals]
    for _ in range(rounds):
        for turn in zip(*rivals):
            for i, c in enumerate(turn):
                times[i].append(batch(c, packets))
    return [report.stats(t) for t in times]


def sites(routers):
    """[lines logged, lines suppressed] by all of them."""
    return [sum(n) for n in zip(*(c.sites() for c in routers))]


def storm(rounds):
    out = []
    flows = OFF.flows(DEFAULT, FLOWS)
    for kind, packets in ((Zpf, PACKETS), (Vyos, PACKETS // 10)):
        off, on = ([rival(kind, f"storm-{kind.name}-{word}-{i}", policy, flows)
                    for i in range(ROUTERS)]
                   for word, policy in (("off", OFF), ("on", ON)))
        before = sites(on) if kind is Zpf else None
        sent = sum(c.rig.at for c in on)
        off_ns, on_ns = interleaved((off, on), packets, rounds)
        row = {"contestant": kind.name, "off_ns": off_ns, "on_ns": on_ns,
               "ratio": off_ns["median"] / on_ns["median"], "about": ABOUT[kind.name]}
        if before:
            row["logged"], row["suppressed"] = (b - a for a, b in zip(before, sites(on)))
            sent = sum(c.rig.at for c in on) - sent
            if row["logged"] + row["suppressed"] != sent:
                raise Wrong(f"storm: {row['logged']} logged and {row['suppressed']} suppressed "
                            f"of {sent}")
            row["about"] = f"{row['logged']} lines, {row['suppressed']} suppressed and counted"
        out.append(row)
    return out


def ledger(rounds):
    """What a drop costs that a module without the ledger does not pay.

    Dropped and accepted packets take the same way to a default, but for the
    ledger and the freeing; what the freeing costs, a hook shows that only drops.
    """
    accept = replace(OFF, default_accept=True)
    out = {}
    for flows in (1, FLOWS):
        packets = OFF.flows(DEFAULT, flows)
        rivals = {"drop": [], "accept": [], "bare-accept": [], "bare-drop": []}
        for name, routers in rivals.items():
            bare, _, word = name.rpartition("-")
            kind = type("Bare", (Nothing,), {}) if bare else Zpf
            policy = accept if name == "accept" else OFF
            for i in range(ROUTERS):
                c = rival(kind, f"ledger-{name}-{flows}-{i}", policy, packets)
                if bare:
                    c.rig.command(word)
                if name == "accept":
                    c.judges = False
                routers.append(c)
        stats = interleaved(rivals.values(), PACKETS, rounds)
        drop_ns, accept_ns, bare_accept, bare_drop = (s["median"] for s in stats)
        out[str(flows)] = {
            "drop_ns": drop_ns, "accept_ns": accept_ns, "bare_drop_ns": bare_drop,
            "bare_accept_ns": bare_accept,
            "ledger_ns": drop_ns - accept_ns - (bare_drop - bare_accept)}
    return {"flows": out, "ns": out["1"]["ledger_ns"]}
