#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The benchmark: zpf beside nftables and iptables in the same kernel and the
same run, and whether all that was measured was also right. Started by run.sh
in a guest, with zpf.ko and zpf_bench.ko loaded; writes JSON, from which
report.py makes the tables. The parts are files of their own."""
import argparse
import json
import os
import re
import subprocess
import sys
import time

import path
import report
import storm
from hook import Hook, grouped, scenarios
from rig import CouldNot, Wrong, run

PARTS = ("hook", "path", "storm")


def versions():
    with open("/proc/version", encoding="ascii") as f:
        kernel = f.read().strip()
    with open("/proc/cpuinfo", encoding="ascii") as f:
        cpu = re.search(r"^model name\s*:\s*(.*)$", f.read(), re.M)
    return {"kernel": kernel, "cpu": os.environ.get("ZPF_BENCH_CPU") or
            (cpu.group(1) if cpu else "unknown"),
            "nft": run("nft", "--version").strip(),
            "iptables": run("iptables-legacy", "--version").strip(),
            "compiler": run("gcc", "--version").splitlines()[0],
            "zpf": json.loads(run(os.environ["ZPFCTL"], "version", "--json")),
            "host_load_before": os.environ.get("ZPF_BENCH_LOAD"),
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def read_json(name):
    """What another program of the benchmark left for us, or None."""
    file = os.environ.get(name)
    if not file or not os.path.exists(file) or not os.path.getsize(file):
        return None
    with open(file, encoding="utf-8") as f:
        return json.load(f)


def main():
    parser = argparse.ArgumentParser(description="run by run.sh in a guest")
    parser.add_argument("--quick", action="store_true", help="under two minutes")
    parser.add_argument("--rounds", type=int, help="batches of each contestant")
    parser.add_argument("--part", action="append", choices=PARTS, help="only these parts")
    parser.add_argument("--no-parts", action="store_true", help="only what others measured")
    parser.add_argument("--only", default="", help="only scenarios of the hook with that "
                        "in their name")
    parser.add_argument("output", help="JSON goes there")
    args = parser.parse_args()
    args.rounds = args.rounds or (9 if args.quick else 101)
    parts = args.part or ([] if args.no_parts else ["hook"] if args.only else PARTS)

    hook = Hook(args.rounds, 20_000_000 if args.quick else 250_000_000)
    result = {"versions": versions(), "quick": args.quick, "rounds": args.rounds,
              "engine": read_json("ZPF_BENCH_ENGINE"),
              "commit": read_json("ZPF_BENCH_COMMIT"),
              "scaling": read_json("ZPF_BENCH_SCALING"), "seconds": {}}
    failed = []

    def attempt(fn, *fn_args):
        try:
            return fn(*fn_args)
        except (Wrong, CouldNot, KeyError, OSError, ValueError,
                subprocess.SubprocessError) as err:
            failed.append(f"{type(err).__name__}: {err}" if not isinstance(err, Wrong)
                          else str(err))
            print(f"not ok: {failed[-1]}", file=sys.stderr)
            return None

    def hook_part():
        wanted = [s for s in scenarios(args.quick) if args.only in s.label]
        groups = grouped(wanted)
        rows = [r for group in groups for r in attempt(hook.measure, group) or ()]
        attempt(hook.settle, rows, groups, 5 if args.quick else 180)
        order = [s.label for s in wanted]
        rows.sort(key=lambda row: order.index(row["label"]))
        disturbed = hook.disturbed(rows)
        print(f"# {len(disturbed)} of {len(rows)} rows in noisy moments", file=sys.stderr)
        logging = None if args.only else attempt(hook.logging)
        return rows + [logging] * bool(logging)

    # A round of a storm is a millisecond, little beside making its routers.
    storms = max(args.rounds, 45)
    run_part = {
        "hook": (("hook", hook_part),),
        "path": (("path", lambda: path.path(2 * args.rounds, 3) if args.quick
                  else path.path(8 * args.rounds)),),
        "storm": (("storm", lambda: storm.storm(storms)),
                  ("ledger", lambda: storm.ledger(storms))),
    }
    for part in PARTS:
        if part not in parts:
            continue
        start = time.monotonic()
        for key, fn in run_part.get(part, ()):
            result[key] = attempt(fn)
        result["seconds"][part] = round(time.monotonic() - start, 1)
        print(f"# {part}: {result['seconds'][part]} s", file=sys.stderr, flush=True)
    result["checks"] = hook.checks
    result["failed"] = failed
    with open(args.output, "w", encoding="utf-8") as f:
        json.dump(result, f, indent=1)
        f.write("\n")
    report.show(result)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
