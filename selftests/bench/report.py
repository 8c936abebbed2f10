#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The benchmark's JSON as a table: report.py FILE. Also the statistics that
bench.py writes into it. Measures nothing."""
import json
import statistics
import sys

HEAD = """\
ns per packet at the FORWARD hook: what calls it included; the same packet in
a namespace without hooks ("none") is the cost of the measuring loop. empty: a
hook that accepts everything. L: nftables as VyOS generates it, with counters.
T: nftables tuned by hand, without counters. Medians of {rounds} interleaved
batches; zpf also min and 95th percentile; x: how many times zpf's median.
"""


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


def judge(values, target):
    """Is a target met? On a busy machine perhaps only the minimum tells."""
    if values["median"] <= target:
        return "ok"
    return "ok (min)" if values["min"] <= target else "MISSED"


def row(scenario):
    """Cells of one line of the table."""
    ns = scenario["ns"]
    zpf = ns["zpf"]
    cells = [scenario["label"]]
    cells += [number(ns[c]["median"]) if c in ns else "-" for c in ("none", "empty")]
    cells += [number(zpf[k]) for k in ("median", "min", "p95")]
    for c in ("L", "T"):
        cells += [number(ns[c]["median"]), f"{ns[c]['median'] / zpf['median']:.1f}x"] \
            if c in ns else ["-", ""]
    target = scenario["target_ns"]
    if target:
        cells.append(f"<= {target} {judge(zpf, target)}")
    elif "logged" in scenario:
        cells.append(f"{scenario['logged']} logged, {scenario['suppressed']} suppressed")
    else:
        cells.append("")
    return cells


def table(rows):
    """Lines with aligned columns: the first and last to the left."""
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    for r in rows:
        yield "  ".join(c.ljust(w) if i in (0, len(r) - 1) else c.rjust(w)
                        for i, (c, w) in enumerate(zip(r, widths))).rstrip()


def show(result):
    """Prints everything."""
    v = result["versions"]
    print(f"kernel    {v['kernel']}\ncpu       {v['cpu']}\nnftables  {v['nft']}\n"
          f"compiler  {v['compiler']}\nhost load {v['host_load_before'] or 'unknown'}\n")
    if result["scenarios"]:
        print(HEAD.format(rounds=result["rounds"]))
        head = ["scenario", "none", "empty", "zpf", "min", "p95", "L", "", "T", "", "target"]
        for line in table([head] + [row(s) for s in result["scenarios"]]):
            print(line)
    load = result.get("load")
    if load:
        ms, bare = load["ms"], load["bare_ms"]
        print(f"\nzpfctl load {load['config']} ({load['rules']} rules, {load['pairs']} pairs) "
              f"from start to exit, of {ms['n']}:\nmedian {ms['median']:.1f} ms, min "
              f"{ms['min']:.1f}, p95 {ms['p95']:.1f}; in the kernel {load['build_us'] / 1000:.2f}; "
              f"zpfctl help: median {bare['median']:.1f}, min {bare['min']:.1f}; target <= 50 " +
              judge(ms, 50))
    if result.get("memory"):
        print("\nmemory of a policy with one pair; a further rule in bytes: as the module\n"
              "says, and as Slab + VmallocUsed + Percpu of /proc/meminfo grow")
        for line in table([["rules", "bytes", "bytes/rule", "further", "meminfo", ""]] + [
                [str(m["rules"]), str(m["memory_bytes"]), f"{m['bytes_per_rule']:.0f}",
                 f"{m['bytes_per_more_rule']:.0f}", f"{m['meminfo_per_more_rule']:.0f}",
                 f"(text it was made from: {m['source_bytes'] / m['rules']:.0f})"]
                for m in result["memory"]]):
            print(line)
    print()
    for failure in result["failed"]:
        print(f"not ok: {failure}")
    print(f"{result['checks']} checks of verdicts and counters passed, "
          f"{len(result['failed'])} failed")


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        show(json.load(file))
