#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's half of `scripts/differential.sh --hold`: the longest that the
# module (a copy that tells: yield.h) holds a processor while rule sets that are
# made to break the engines, and 200,000 rules, are loaded over nothing, over
# themselves and over each other, and while they are let go of. For every two
# places where it yields one after the other the shortest of some runs counts:
# this kernel is a process of a machine that others use, too.
set -euo pipefail

[[ ${ZPF_VM-} ]] || { echo "hold.sh: for guests only: use scripts/differential.sh" >&2; exit 2; }
: "${ZPF_KO:?the module zpf.ko}" "${ZPFCTL:?the tool}"
cd "$(dirname "$0")"

most_us=10000 runs=${RUNS:-4} failed=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
modprobe -q nf_conntrack || true
insmod "$ZPF_KO"

load() {
	"$ZPFCTL" load "$tmp/$1" > "$tmp/out" 2>&1 || { cat "$tmp/out"; exit 1; }
	# What was replaced is let go of soon afterwards.
	sleep 0.3
}

# held NAME COMMAND...: the longest time between two yields that is the
# shortest of this place in all runs.
held() {
	local name=$1 i us place
	shift
	: > "$tmp/all"
	for ((i = 0; i < runs; i++)); do
		dmesg -C
		"$@"
		dmesg | awk '/zpf held/ {
			at = $(NF - 2) " " $(NF - 1)
			if ($NF > us[at]) us[at] = $NF
		} END { for (at in us) print at, us[at] }' >> "$tmp/all"
	done
	read -r us place < <(awk -v runs="$runs" '{
			at = $1 " to " $2; n[at]++
			if (!(at in us) || $3 < us[at]) us[at] = $3
		} END {
			for (at in us) if (n[at] == runs && us[at] >= best) { best = us[at]; where = at }
			print best + 0, where
		}' "$tmp/all")
	if ((us <= most_us)); then echo -n "ok"; else echo -n "not ok"; failed=1; fi
	if ((us)); then
		echo " - $name: held for $us us at most, from $place"
	else
		echo " - $name: never held for 300 us"
	fi
}

# shellcheck disable=SC2317 # called by held
from_nothing() {
	"$ZPFCTL" disarm open > "$tmp/out" 2>&1 || { cat "$tmp/out"; exit 1; }
	load "$1"
}
# shellcheck disable=SC2317 # called by held
one_after_another() {
	local shape
	for shape in ranges many nested group masks; do
		load "$shape"
	done
}

for shape in ranges nested group masks many; do
	python3 ../tools/breakers.py "$shape" > "$tmp/$shape"
	load "$shape"
	held "$shape, loaded over itself" load "$shape"
	held "$shape, loaded over nothing" from_nothing "$shape"
	"$ZPFCTL" --json show status |
		jq -r '.tables[] | "# \(.family): engine \(.engine), \(.rules) rules, \(.bytes) bytes, \(.probes) probes"'
done
held "each, loaded over another" one_after_another
exit "$failed"
