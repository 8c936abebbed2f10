#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's half of `scripts/bench.sh --load`: how long a large configuration
# takes from the command line to being enforced, and what memory it takes.
# Arguments go to generate.py. The first load of a boot also reads the tool
# from disk and is not counted.
set -euo pipefail

[[ ${ZPF_VM-} ]] || { echo "load.sh: for guests only: use scripts/bench.sh --load" >&2; exit 2; }
: "${ZPF_KO:?the module zpf.ko}" "${ZPFCTL:?the tool}"
cd "$(dirname "$0")"

for m in nf_conntrack nf_log_syslog; do
	modprobe -q "$m" || true
done
insmod "$ZPF_KO"
file=$(mktemp)
trap 'rm -f "$file"' EXIT
python3 generate.py "$@" > "$file"
echo "$(wc -l < "$file") lines, $(grep -c ' rule [0-9]* action ' "$file") rules"
"$ZPFCTL" load "$file" 2> /dev/null
TIMEFORMAT='%R s'
for i in 1 2 3; do
	echo "read, checked and loaded, run $i: $( { time "$ZPFCTL" load "$file" > /dev/null 2>&1; } 2>&1)"
done
echo "to start the tool alone: $( { time "$ZPFCTL" version > /dev/null 2>&1; } 2>&1)"
"$ZPFCTL" --json show status |
	jq -r '"kernel memory: \(.memory_bytes) bytes, \(.counter_bytes) of them counters"'
python3 - "$ZPFCTL" "$file" <<'PY'
import resource, subprocess, sys
subprocess.run([sys.argv[1], "check", sys.argv[2]], capture_output=True, check=True)
print(f"memory of the tool: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss} KiB")
PY
