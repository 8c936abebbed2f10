#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs parts of the tests one after the other, from set-up to verdict, and adds
# their results up. `make test` and its relatives call it.
set -euo pipefail

usage() {
	cat <<USAGE
usage: test.sh PART...
  host    unit tests of the tool and of the module's portable files
  demo    the demonstration, and every way to sabotage it
  6.1, 6.12, 7.2, debug
          the packet tests, in a virtual machine with that kernel;
          TESTS="name..." runs only these scripts of selftests/packet;
          PROBES=N packets, from SEED=N, for the script truth, FLOOD=N for drops
The last line is "N passed, N failed, N skipped" over all parts. Exit status:
0, 1 something failed, 4 nothing but skips.
USAGE
}

# shellcheck source=scripts/kernels.sh
. "$(dirname "$0")/kernels.sh"
cd "$zpf_top"
mkdir -p build
(($#)) || { usage >&2; exit 2; }

passed=0 failed=0 skipped=0 lines=()

# part NAME COMMAND...: runs it, shows what it prints without its last line,
# and adds that up. A part that ends badly and says of no failure is one.
part() {
	local name=$1 rc=0 log=build/test-$1.log p=0 f=0 s=0 start=$SECONDS
	shift
	echo "# $name"
	"$@" < /dev/null 2>&1 | tee "$log" |
		{ grep --line-buffered -vE '^[0-9]+ passed, ' || true; } || rc=${PIPESTATUS[0]}
	if [[ $(grep -E '^[0-9]+ passed, ' "$log" | tail -n 1) =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped ]]; then
		p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[3]}
	else
		echo "not ok - $name did not come to its end (status $rc)"
		((++f))
	fi
	if ((rc != 0 && rc != 4 && f == 0)); then
		echo "not ok - $name ended with status $rc"
		((++f))
	fi
	((passed += p, failed += f, skipped += s)) || true
	lines+=("# $name: $p passed, $f failed, $s skipped ($((SECONDS - start)) s)")
}

# shellcheck disable=SC2317 # called through part
packets() {
	local kernel=$1 timeout=1500
	scripts/build.sh module "$kernel"
	scripts/build.sh tool
	scripts/build.sh helpers
	ZPFCTL=$zpf_top/build/ctl/zpfctl
	ZPF_KO=$(scripts/build.sh ko "$kernel")
	ZPF_VM_ENV="${ZPF_VM_ENV-} ZPFCTL ZPF_KO PROBES SEED FLOOD"
	export ZPFCTL ZPF_KO ZPF_VM_ENV
	# Takes an hour alone; the limit is for a guest that hangs, not for a busy machine.
	[[ $kernel != debug ]] || timeout=10800
	# shellcheck disable=SC2086 # a list
	scripts/vm.sh --kernel "$kernel" --timeout $timeout -- selftests/run.sh --time ${TESTS-}
}

# shellcheck disable=SC2317 # called through part
host() { make -s -C selftests/host -j"$(nproc)" run; }

setup=(host)
for p; do
	case $p in
	host) ;;
	demo|6.1) setup+=(vm) ;;
	6.12|7.2|debug) setup+=(vm "$p") ;;
	-h|--help) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done
scripts/setup.sh "${setup[@]}"

for p; do
	case $p in
	host) part host host ;;
	demo) part demo scripts/demo.sh --selftest ;;
	*) part "packets-$p" packets "$p" ;;
	esac
done

# What failed, once more at the end, where it is seen.
for p; do
	[[ $p == host || $p == demo ]] || p=packets-$p
	grep -E '^ *not ok ' "build/test-$p.log" | sed "s/^ */# $p: /" || true
done
printf '%s\n' "${lines[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0)) || exit 1
((passed > 0)) || exit 4
