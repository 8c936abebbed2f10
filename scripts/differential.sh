#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The differential test, from set-up to result: builds zpf.ko, the test module
# and zpfctl, and lets the same packets through zpf's and nftables' hooks under
# user-mode Linux, where kernel code runs at native speed.
set -euo pipefail

usage() {
	cat <<USAGE
usage: differential.sh [-o FILE] [--sabotage | --hold] [run.py argument...]
  -o FILE        where the JSON goes (default: differential.json in the build
                 folder)
  --sabotage     break the index, and what rules change and remember, in
                 copies: each run must find a difference
  --hold         instead: how long loading holds a processor, at 10 ms fails
  --policies N   random policies (1000); --packets N a policy and connection
                 state (2100); --rules N at most (10000); --seed N the first
Environment: QUICK=1 tries 60 policies of up to 2000 rules.
Exit status: 1 if a verdict differs, or too little was tried to tell.
USAGE
}

# shellcheck source=scripts/kernels.sh
. "$(dirname "$0")/kernels.sh"

output=$zpf_top/build/differential.json args=() sabotage=0 hold=0
while (($#)); do
	case $1 in
	-h|--help) usage; exit 0 ;;
	-o) output=$2; shift 2 ;;
	--sabotage) sabotage=1; shift ;;
	--hold) hold=1; shift ;;
	*) args+=("$1"); shift ;;
	esac
done
[[ ${QUICK-} != 1 ]] || args=(--policies 60 --rules 2000 "${args[@]}")

zpf_kernel_release uml > /dev/null || "$zpf_top/scripts/setup.sh" uml
result=$(mktemp -d "${TMPDIR:-/tmp}/zpf-differential.XXXXXX")
trap 'rm -rf "$result"' EXIT

# build ARG...: a module for user-mode Linux; what make says is only shown if
# it fails.
build() {
	"$zpf_top/scripts/build-module.sh" uml "$@" 2> "$result/build.log" ||
		{ cat "$result/build.log" >&2; exit 1; }
}

# Copies, so that nobody builds something else underneath.
cp "$(build)" "$result/zpf.ko"
cp "$(build --dir selftests/kmod)" "$result/zpf_bench.ko"
make -s -C "$zpf_top/ctl"
cp "$zpf_top/build/ctl/zpfctl" "$result/zpfctl"
export ZPF_KO=$result/zpf.ko ZPF_BENCH_KO=$result/zpf_bench.ko ZPFCTL=$result/zpfctl
export ZPF_VM_ENV="ZPF_KO ZPF_BENCH_KO ZPFCTL"

guest() {
	"$zpf_top/scripts/uml.sh" --mem 2G --timeout 7200 --rwdir "$result" -- \
		selftests/differential/guest.sh "$@" "$result/differential.json"
}

if ((hold)); then
	mkdir "$result/hold"
	cp -a "$zpf_top"/{Kbuild,kmod,uapi} "$result/hold/"
	cp "$zpf_top/selftests/differential/yield.h" "$result/hold/kmod/"
	# shellcheck disable=SC2016 # make's
	echo 'ccflags-y += -include $(src)/kmod/yield.h' >> "$result/hold/Kbuild"
	cp "$(ZPF_SRC=$result/hold build)" "$result/zpf.ko"
	# What else runs on this machine must not count.
	rt=(chrt -f 1)
	"${rt[@]}" true 2> /dev/null || rt=()
	"${rt[@]}" "$zpf_top/scripts/uml.sh" --mem 2G --timeout 1800 --rwdir "$result" -- \
		selftests/differential/hold.sh
	exit
fi

# What is broken: the file, the line, what it becomes.
bugs=(
	"index_tm.c|~(~0ULL >> (len - from))|~(~0ULL >> (len - from + 1))"
	"index_tm.c|} while (\*++slot);|} while (*(slot += 2));"
	"index_bv.c|half & -(u32)(bounds\[pos + half\] <= v)|half \& -(u32)(bounds[pos + half] < v)"
	"index_bv.c|if (want.not)|if (0)"
	"index_tm.c|stage->first < best|stage->first < best / 2"
	"index.c|stage->first >= best|stage->first >= best / 2"
	"index_glance.c|.lo = lo, .span = span|.lo = lo + 1, .span = span"
	"index_sieve.c|.lo = first.lo\[1\],|.lo = first.lo[1] + 1,"
	"change.c|= htons(mss);|= htons(mss - 1);"
	"change.c|ttl << 8));|ttl << 9));"
	"change.c|WRITE_ONCE(ct->mark, mark)|WRITE_ONCE(ct->mark, mark + 1)"
	"bucket.c|now > rate->depth_ns)|now >= rate->depth_ns)"
	"clock.c|now + ahead + ZPF_EPOCH_WEEK|now + ahead"
	"srctab.c|for (i = 0; i < ZPF_SRCTAB_WAYS|for (i = 1; i < ZPF_SRCTAB_WAYS"
	"index_want.c|want->n = want->all ? 0 : want->set->n;|want->n = want->all ? 0 : (want->set->n + 1) / 2;"
)

if ((sabotage)); then
	missed=0
	for bug in "${bugs[@]}"; do
		IFS='|' read -r file from to <<< "$bug"
		copy=$result/broken
		rm -rf "$copy"
		mkdir "$copy"
		cp -a "$zpf_top"/{Kbuild,kmod,uapi} "$copy/"
		sed -i "s|$from|$to|" "$copy/kmod/$file"
		cmp -s "$zpf_top/kmod/$file" "$copy/kmod/$file" && zpf_die "$file: nothing to break: $from"
		cp "$(ZPF_SRC=$copy build)" "$result/zpf.ko"
		if guest --policies 60 --rules 2000 "${args[@]}" > "$result/log" 2>&1; then
			echo "not ok - $file: $to"
			missed=$((missed + 1))
		else
			grep -q '^not ok - seed .* disagree' "$result/log" || { cat "$result/log"; exit 1; }
			echo "ok - $file: $to # $(grep -c '^not ok - seed' "$result/log") differences reported"
		fi
	done
	exit $((missed > 0))
fi

mkdir -p "$(dirname "$output")"
output=$(realpath "$output")
rc=0
guest "${args[@]}" || rc=$?
if [[ -s $result/differential.json ]]; then
	mv "$result/differential.json" "$output"
	echo "numbers: $output"
fi
exit "$rc"
