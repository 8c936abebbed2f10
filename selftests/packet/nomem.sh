#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every allocation of a commit fails once (fault injection, one task, the
# n-th allocation, n = 1, 2 ...): nothing may change, and a first load has to
# take back all it did. Needs CONFIG_FAILSLAB, which the debug kernel has.
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

HOSTILE=$zpf_top/selftests/tools/zpfhostile.py
failslab=/sys/kernel/debug/failslab

if [[ ! -e /proc/self/fail-nth || ! -d $failslab ]]; then
	skip "out of memory at every allocation" "the kernel has no CONFIG_FAILSLAB"
	exit 0
fi
# Also allocations that may sleep, no report of each, and only by fail-nth.
echo N > $failslab/ignore-gfp-wait
echo 0 > $failslab/verbose
echo 0 > $failslab/probability

ip netns add "$T-arm"
ip -n "$T-arm" link set lo up
ip -n "$T-arm" link add za0 type dummy
ip -n "$T-arm" link add zb0 type dummy
for mode in arm commit; do
	ktap ip netns exec "$T-arm" python3 "$HOSTILE" nomem za0 zb0 $mode
done
