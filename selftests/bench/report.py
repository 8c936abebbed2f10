#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The benchmark's JSON as tables: report.py FILE. Also the statistics that
bench.py writes into it. Measures nothing."""
import json
import statistics
import sys

import goals

HEAD = """\
ns per packet at the FORWARD hook: what calls it included; the same packet in
a namespace without hooks ("none") is the cost of the measuring loop. empty: a
hook that accepts everything. L: nftables as VyOS generates it, with counters.
T: nftables tuned by hand, without counters. I: iptables. x: how many times
zpf's median. Medians of up to {rounds} interleaved batches; zpf also min and
95th percentile. Ports: one flow or as said; shapes: 64 flows, every eighth
rule drops. k: thousand flows; cold: caches cleared before every 8 packets."""
CONTESTANTS = ("L", "T", "I")


def stats(values):
    """Median, minimum, 95th percentile and number of values."""
    ordered = sorted(values)
    return {"median": statistics.median(ordered), "min": ordered[0],
            "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
            "n": len(ordered)}


def number(value):
    if value is None:
        return "-"
    return f"{value:.1f}" if value < 1000 else f"{value:.0f}"


def row(scenario):
    """Cells of one line of the table."""
    ns = scenario["ns"]
    zpf = ns["zpf"]
    cells = [scenario["label"]]
    cells += [number(ns[c]["median"]) if c in ns else "-" for c in ("none", "empty")]
    cells += [number(zpf[k]) for k in ("median", "min", "p95")]
    for c in CONTESTANTS:
        cells += [number(ns[c]["median"]), f"{ns[c]['median'] / zpf['median']:.1f}x"] \
            if c in ns else ["-", ""]
    note = [f"{c}: {why}" for c, why in scenario["could_not"].items()]
    if "logged" in scenario:
        note.append(f"{scenario['logged']} logged, {scenario['suppressed']} suppressed")
    return cells + ["; ".join(note)[:60]]


def table(rows):
    """Lines with aligned columns: the first and last to the left."""
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    for r in rows:
        yield "  ".join(c.ljust(w) if i in (0, len(r) - 1) else c.rjust(w)
                        for i, (c, w) in enumerate(zip(r, widths))).rstrip()


def show_table(title, rows):
    print(f"\n{title}\n")
    for line in table(rows):
        print(line)


def show_hook(result):
    head = ["scenario", "none", "empty", "zpf", "min", "p95"]
    for c in CONTESTANTS:
        head += [c, ""]
    show_table("2. hook: " + HEAD.format(rounds=result["rounds"]),
               [head + [""]] + [row(s) for s in result["hook"]])


def show_engine(engine):
    keys = [("build_ms", 2), ("held_ms", 2)] + \
        [(f"{p}_ns", 0) for p in ("first", "middle", "last", "default", "random", "cold")]
    rows = [["shape", "family", "rules", "engine", "probes", "B/rule"] +
            [k.replace("_ns", "").replace("_", " ") for k, _ in keys] + [""]]
    rows += [[e["shape"], e["family"], str(e["rules"]), e["engine"], str(e["probes"]),
              f"{e['bytes'] / e['rules']:.0f}"] + [f"{e[k]:.{d}f}" for k, d in keys] + [""]
             for e in engine]
    show_table("1. engine, in user space, the module's files: ns a look-up, hot but for the\n"
               "last column; bytes of the index a rule; longest time without giving way", rows)


def show_commit(commit):
    router = commit["router"]
    ms, bare = router["ms"], router["bare_ms"]
    print(f"\n4. commit, Linux {commit['kernel']}\n\nzpfctl load {router['config']} "
          f"({router['rules']} rules, {router['pairs']} pairs) from start to exit, of {ms['n']}: "
          f"median {ms['median']:.1f} ms,\nmin {ms['min']:.1f}, p95 {ms['p95']:.1f}; in the kernel "
          f"{router['build_us'] / 1000:.2f}; zpfctl help: median {bare['median']:.1f}")
    parts = list(commit["policies"][0]["zpf"]["parts_us"])
    rows = [["shape", "rules", "zpfctl load"] + parts + ["nft -f L", "", "B/rule", "counters",
                                                        "meminfo", "of L", ""]]
    for c in commit["policies"]:
        z, n = c["zpf"], c["L"]
        rows.append([c["shape"], str(c["rules"]), f"{z['ms']['median']:.1f}"] +
                    [f"{z['parts_us'][p] / 1000:.1f}" for p in parts] +
                    ([f"{n['ms']['median']:.0f}", f"{n['ms']['median'] / z['ms']['median']:.1f}x"]
                     if n else ["-", ""]) +
                    [f"{z['bytes_per_rule']:.0f}", f"{z['counter_bytes_per_rule']:.0f}",
                     f"{z['meminfo_per_rule']:.0f}",
                     f"{n['meminfo_per_rule']:.0f}" if n else "-", c.get("could_not", "")[:60]])
    show_table("From text to live in ms, from the program's start to its end, and its parts; the\n"
               "kernel's build is within push. A further rule in bytes: as the module says, of\n"
               "that counters, and as SUnreclaim + VmallocUsed + Percpu of /proc/meminfo grow", rows)


def show_path(path):
    rows = [["contestant", "Mpps", "min", "p95", "ns", "of nothing", ""]]
    rows += [[name, f"{p['mpps']['median']:.3f}", f"{p['mpps']['min']:.3f}",
              f"{p['mpps']['p95']:.3f}", f"{1000 / p['mpps']['median']:.0f}",
              f"{p['mpps']['median'] / path['nothing']['mpps']['median']:.2f}", p["about"]]
             for name, p in path.items()]
    show_table("3. path: pktgen, VLAN, router, VLAN, sink, all on one processor", rows)


def show_storm(storm):
    rows = [["contestant", "ns a drop", "Mdrops/s", "logging", "ratio", ""]]
    rows += [[s["contestant"], number(s["off_ns"]["median"]),
              f"{1000 / s['off_ns']['median']:.2f}", f"{1000 / s['on_ns']['median']:.2f}",
              f"{s['ratio']:.3f}", s["about"]] for s in storm]
    show_table("5. log storm: drops by a default, without and with logging", rows)


def show_ledger(ledger):
    rows = [["flows", "drop", "accept", "a hook that drops", "one that accepts", "ledger", ""]]
    rows += [[flows] + [number(row[k]) for k in ("drop_ns", "accept_ns", "bare_drop_ns",
                                                 "bare_accept_ns", "ledger_ns")] + [""]
             for flows, row in ledger["flows"].items()]
    show_table("5. the drop ledger, ns: a default that drops, less one that accepts, less the same\n"
               "of hooks that do nothing else, is what keeping the record of a drop costs", rows)


def show_scaling(scaling):
    rows = [["contestant", "one processor", "two", "ratio", ""]]
    rows += [[s["contestant"], f"{number(s['alone_ns']['median'])} ns",
              f"{number(s['both_ns']['median'])} ns", f"{s['ratio']:.2f}", s["label"]]
             for s in scaling["rows"]]
    show_table(f"6. scaling: one rule on two processors at once, Linux {scaling['kernel']}", rows)


def show(result):
    """Prints everything."""
    v = result["versions"]
    print(f"kernel    {v['kernel']}\ncpu       {v['cpu']}\nnftables  {v['nft']}\n"
          f"iptables  {v['iptables']}\ncompiler  {v['compiler']}\n"
          f"host load {v['host_load_before'] or 'unknown'}")
    for key, fn in (("engine", show_engine), ("hook", lambda _: show_hook(result)),
                    ("path", show_path), ("commit", show_commit), ("storm", show_storm),
                    ("ledger", show_ledger), ("scaling", show_scaling)):
        if result.get(key):
            fn(result[key])
    judged = goals.judge(result)
    if judged:
        show_table("goals: ratios within this run; distance: how far the must is, in its own "
                   "direction",
                   [["goal", "measured", "must", "", "moonshot", "", "distance", ""]] +
                   [g + [""] for g in judged])
    print()
    for failure in result["failed"]:
        print(f"not ok: {failure}")
    print(f"{result['checks']} checks of verdicts and counters passed, "
          f"{len(result['failed'])} failed")


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        show(json.load(file))
