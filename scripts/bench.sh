#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The benchmark, from set-up to table: builds zpf.ko, the measuring module and
# zpfctl, and runs selftests/bench under user-mode Linux, where kernel code
# runs at native speed. Prints a table and keeps the numbers as JSON.
set -euo pipefail

usage() {
	cat <<USAGE
usage: bench.sh [-o FILE] [bench.py argument...]
       bench.sh --load [generate.py argument...]
  -o FILE        where the JSON goes (default: bench.json in the build folder)
  --part NAME    only that part: engine, hook, path, commit, storm, scaling; repeatable
  --only TEXT    only scenarios of the hook with TEXT in their name
  --load         only how long a large configuration takes to be loaded
                 (default: 43,000 lines), and its memory
  --rounds N     batches of each contestant in a scenario
Environment: QUICK=1 measures less, in two minutes with what it builds first.
ZPF_SRC=DIR takes the module's source from another tree.
Exit status: 1 if a verdict or a counter was wrong. A missed target is only
told: times on a shared machine prove nothing.
USAGE
}

# shellcheck source=scripts/kernels.sh
. "$(dirname "$0")/kernels.sh"

output=$zpf_top/build/bench.json args=() load='' parts='' only=''
while (($#)); do
	case $1 in
	-h|--help) usage; exit 0 ;;
	-o) output=$2; shift 2 ;;
	--load) load=1; shift ;;
	--part)
		parts+=" $2"
		[[ $2 =~ ^(engine|commit|scaling)$ ]] && args+=(--no-parts) || args+=(--part "$2")
		shift 2 ;;
	--only) only=$2; args+=(--only "$2"); shift 2 ;;
	*) args+=("$1"); shift ;;
	esac
done
quick=()
[[ ${QUICK-} != 1 ]] || quick=(--quick)
args+=("${quick[@]}")

# want PART: has that been asked for?
want() { [[ ! $load && ! $only && (! $parts || " $parts " == *" $1 "*) ]]; }

setup=(uml)
if want commit || want scaling; then
	setup+=(smp)
fi
"$zpf_top/scripts/setup.sh" "${setup[@]}"
result=$(mktemp -d "${TMPDIR:-/tmp}/zpf-bench.XXXXXX")
trap 'rm -rf "$result"' EXIT

zpf_say "building zpfctl, zpf.ko and what measures them..."
make -s -O -j -C "$zpf_top/selftests/bench" OUT="$result" KERNELS="${setup[*]}" > "$result/build.log" 2>&1 ||
	{ cat "$result/build.log" >&2; zpf_die "that does not build"; }
cp "$(zpf_kernel_kdir uml)/net/core/pktgen.ko" "$result/uml/"
export ZPF_KO=$result/uml/zpf.ko ZPF_BENCH_KO=$result/uml/zpf_bench.ko
export ZPF_KO_SMP=$result/smp/zpf.ko ZPF_BENCH_KO_SMP=$result/smp/zpf_bench.ko
export ZPF_PKTGEN_KO=$result/uml/pktgen.ko ZPFCTL=$result/zpfctl
export ZPF_SHAPE_TEXT=$result/shape_text

read -r one five _ < /proc/loadavg
ZPF_BENCH_LOAD="$one (5 minutes: $five) on $(nproc) processors"
ZPF_BENCH_CPU=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
export ZPF_BENCH_CPU ZPF_BENCH_LOAD
export ZPF_VM_ENV="ZPF_KO ZPF_BENCH_KO ZPF_PKTGEN_KO ZPFCTL ZPF_SHAPE_TEXT ZPF_BENCH_LOAD ZPF_BENCH_CPU"

if [[ $load ]]; then
	"$zpf_top/scripts/uml.sh" --mem 2G --rwdir "$result" -- selftests/bench/load.sh "${args[@]}"
	exit
fi

# engine: part 1 runs on this machine itself, in user space.
engine() {
	local n sizes=(10 100 1000 10000 100000)
	[[ ${QUICK-} != 1 ]] || sizes=(100 10000)
	for n in "${sizes[@]}"; do
		"$result/bench_index" -j -n "$n"
		[[ ${QUICK-} == 1 ]] || "$result/bench_index" -6 -j -n "$n"
	done | python3 -c 'import json, sys
decoder, text, out = json.JSONDecoder(), sys.stdin.read().strip(), []
while text:
    part, end = decoder.raw_decode(text)
    out, text = out + part, text[end:].strip()
json.dump(out, sys.stdout)'
}

# They are shown with the rest, so they go first.
if want engine; then
	echo "bench.sh: part 1, the engine" >&2
	engine > "$result/engine.json"
	export ZPF_BENCH_ENGINE=$result/engine.json
	ZPF_VM_ENV+=" ZPF_BENCH_ENGINE"
fi
rc=0

# on_smp NAME PROCESSORS ARG...: a part that runs under user-mode Linux 7.2: 6.1
# has one processor there, and takes forty microseconds for every page a program
# touches. A kernel with one stays on one of this machine, for the reason uml.sh
# tells; two on one would wait for each other.
on_smp() {
	local pin=() allowed
	if (($2 == 1)); then
		allowed=$(taskset -pc $$)
		pin=(taskset -c "${allowed##*[ ,-]}")
	fi
	ZPF_VM_ENV="ZPF_KO_SMP ZPF_BENCH_KO_SMP ZPFCTL ZPF_SHAPE_TEXT" "${pin[@]}" "$zpf_top/scripts/uml.sh" \
		--kernel smp --append "ncpus=$2" --mem 4G --timeout 600 --rwdir "$result" -- \
		selftests/bench/smp.sh "$1.py" "$result/$1.json" "${@:3}" || rc=$?
}

if want commit; then
	echo "bench.sh: part 4, from text to live" >&2
	on_smp commit 1 "${quick[@]}"
	export ZPF_BENCH_COMMIT=$result/commit.json
	ZPF_VM_ENV+=" ZPF_BENCH_COMMIT"
fi
if want scaling; then
	echo "bench.sh: part 6, two processors" >&2
	on_smp scale 2 "${quick[@]}"
	export ZPF_BENCH_SCALING=$result/scale.json
	ZPF_VM_ENV+=" ZPF_BENCH_SCALING"
fi
mkdir -p "$(dirname "$output")"
output=$(realpath "$output")
"$zpf_top/scripts/uml.sh" --mem 4G --rwdir "$result" -- \
	selftests/bench/run.sh "${args[@]}" "$result/bench.json" || rc=$?
if [[ -s $result/bench.json ]]; then
	mv "$result/bench.json" "$output"
	echo "numbers: $output"
fi
exit "$rc"
