#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's half of the benchmark's parts that run under user-mode Linux 7.2:
# smp.sh PART.py FILE [ARG...]; scripts/bench.sh starts it, the JSON goes to FILE.
set -euo pipefail

[[ ${ZPF_VM-} ]] || { echo "smp.sh: for guests only: use scripts/bench.sh" >&2; exit 2; }
cd "$(dirname "$0")"
insmod "${ZPF_KO_SMP:?the module zpf.ko}"
insmod "${ZPF_BENCH_KO_SMP:?the module zpf_bench.ko}"
PYTHONDONTWRITEBYTECODE=1 exec python3 "$1" "${@:3}" > "$2"
