#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's half of the benchmark: loads zpf.ko and zpf_bench.ko, runs
# bench.py with the arguments given. scripts/bench.sh starts it, under
# user-mode Linux; it never runs on the machine itself.
set -euo pipefail

[[ ${ZPF_VM-} ]] || { echo "run.sh: for guests only: use scripts/bench.sh" >&2; exit 2; }
: "${ZPF_KO:?the module zpf.ko}" "${ZPF_BENCH_KO:?the module zpf_bench.ko}" "${ZPFCTL:?the tool}"
cd "$(dirname "$0")"

for m in nf_conntrack nf_log_syslog nf_tables nft_ct dummy 8021q; do
	modprobe -q "$m" || true
done
insmod "$ZPF_KO"
insmod "$ZPF_BENCH_KO"
insmod "${ZPF_PKTGEN_KO:?the generator of packets}"
# The log line test counts lines; no more than it needs are made.
sysctl -qw kernel.printk_ratelimit=0
# A namespace has the connections of several rigs.
sysctl -qw net.netfilter.nf_conntrack_max=262144
PYTHONDONTWRITEBYTECODE=1 exec python3 bench.py "$@"
