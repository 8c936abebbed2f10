#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's half of the differential test: loads zpf.ko and zpf_bench.ko,
# runs run.py with the arguments given. scripts/differential.sh starts it,
# under user-mode Linux; it never runs on the machine itself.
set -euo pipefail

[[ ${ZPF_VM-} ]] || { echo "guest.sh: for guests only: use scripts/differential.sh" >&2; exit 2; }
: "${ZPF_KO:?the module zpf.ko}" "${ZPF_BENCH_KO:?the module zpf_bench.ko}" "${ZPFCTL:?the tool}"
cd "$(dirname "$0")"

for m in nf_conntrack nf_tables nft_ct dummy; do
	modprobe -q "$m" || true
done
insmod "$ZPF_KO"
insmod "$ZPF_BENCH_KO"
PYTHONDONTWRITEBYTECODE=1 exec python3 run.py "$@"
