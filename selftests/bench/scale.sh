#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's half of the benchmark's part about two processors: scripts/bench.sh
# starts it under user-mode Linux 7.2, the JSON goes to the file it names.
set -euo pipefail

[[ ${ZPF_VM-} ]] || { echo "scale.sh: for guests only: use scripts/bench.sh" >&2; exit 2; }
cd "$(dirname "$0")"
insmod "${ZPF_KO_SMP:?the module zpf.ko}"
insmod "${ZPF_BENCH_KO_SMP:?the module zpf_bench.ko}"
PYTHONDONTWRITEBYTECODE=1 exec python3 scale.py > "$1"
