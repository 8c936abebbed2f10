# SPDX-License-Identifier: GPL-2.0-only
"""Part 5 of the benchmark: a thousand flows of packets that a default drops,
with and without logging, and with and without the drop ledger."""
from dataclasses import replace

import report
from rig import NEW, Nothing, Vyos, Wrong, Zpf
from rules import DEFAULT, Policy

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
    """[median times of each], one batch of each after the other."""
    times = [[] for _ in rivals]
    for _ in range(rounds):
        for i, c in enumerate(rivals):
            times[i].append(batch(c, packets))
    return [report.stats(t) for t in times]


def storm(rounds):
    out = []
    flows = OFF.flows(DEFAULT, FLOWS)
    for kind, packets in ((Zpf, PACKETS), (Vyos, PACKETS // 10)):
        off, on = (rival(kind, f"storm-{kind.name}-{word}", policy, flows)
                   for word, policy in (("off", OFF), ("on", ON)))
        before = on.sites() if kind is Zpf else None
        sent = on.rig.at
        off_ns, on_ns = interleaved((off, on), packets, rounds)
        row = {"contestant": kind.name, "off_ns": off_ns, "on_ns": on_ns,
               "ratio": off_ns["median"] / on_ns["median"], "about": ABOUT[kind.name]}
        if before:
            row["logged"], row["suppressed"] = (b - a for a, b in zip(before, on.sites()))
            if row["logged"] + row["suppressed"] != on.rig.at - sent:
                raise Wrong(f"storm: {row['logged']} logged and {row['suppressed']} suppressed "
                            f"of {on.rig.at - sent}")
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
        drop = rival(Zpf, f"ledger-drop-{flows}", OFF, packets)
        passed = rival(Zpf, f"ledger-accept-{flows}", accept, packets)
        passed.judges = False
        hooks = []
        for word in ("accept", "drop"):
            c = rival(type("Bare", (Nothing,), {}), f"ledger-bare-{word}-{flows}", OFF, packets)
            c.rig.command(word)
            hooks.append(c)
        stats = interleaved((drop, passed, *hooks), PACKETS, rounds)
        drop_ns, accept_ns, bare_accept, bare_drop = (s["median"] for s in stats)
        out[str(flows)] = {
            "drop_ns": drop_ns, "accept_ns": accept_ns, "bare_drop_ns": bare_drop,
            "bare_accept_ns": bare_accept,
            "ledger_ns": drop_ns - accept_ns - (bare_drop - bare_accept)}
    return {"flows": out, "ns": out["1"]["ledger_ns"]}
