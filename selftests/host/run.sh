#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs host test programs and replays seeds: run.sh DIR "NAMES" SEED... Prints
# the programs' TAP output; the last line counts. Exit status 1 if one failed.
set -u
cd "$(dirname "$0")" || exit 1

dir=$1
read -ra names <<< "$2"
shift 2
passed=0 failed=0 skipped=0
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1

for name in "${names[@]}"; do
	echo "# $name"
	out=$("$dir/test_$name" 2>&1)
	status=$?
	echo "$out"
	skip=$(grep -ciE '^ok .*# skip' <<< "$out")
	ok=$(grep -c '^ok ' <<< "$out")
	bad=$(grep -c '^not ok ' <<< "$out")
	# a program that died took its results with it
	((status != 0 && bad == 0)) && { echo "not ok - $name died ($status)"; bad=1; }
	((status == 0 && ok == 0)) && { echo "not ok - $name ran nothing"; bad=1; }
	((passed += ok - skip, failed += bad, skipped += skip))
done

for seed; do
	if "$dir/replay_parse" "$seed"; then
		echo "ok - seed ${seed##*/}"
		((passed++))
	else
		echo "not ok - seed ${seed##*/}"
		((failed++))
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
