#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the packet tests in a virtual machine whose kernel module zpf.ko was
# built before: loads it fresh, runs each script, prints KTAP with the scripts'
# own results nested. Scripts that say ALONE=1 (they unload the module, or
# change what others rely on) run last, one by one. Its last line is "N passed, N failed, N skipped" over
# the nested cases. Exit status: 0, 1 failures, 4 nothing but skips.
set -euo pipefail

usage() {
	cat <<USAGE
usage: run.sh [-j N] [--time] [SCRIPT...]
  SCRIPT   a name in selftests/packet, with or without .sh (default: all)
  -j N     scripts at once (default: number of processors)
  --time   tell how long each script took
Environment: ZPF_KO the module, ZPFCTL the tool, ZSEND the packet helper.
Run it as: scripts/vm.sh -- selftests/run.sh
USAGE
}

cd "$(dirname "$0")/.."
# shellcheck source=scripts/kernels.sh
. scripts/kernels.sh

jobs=$(nproc) timing=0 scripts=()
while (($#)); do
	case $1 in
	-j) jobs=$2; shift 2 ;;
	--time) timing=1; shift ;;
	-h|--help) usage; exit 0 ;;
	-*) usage >&2; exit 2 ;;
	*) s=${1##*/}; scripts+=("selftests/packet/${s%.sh}.sh"); shift ;;
	esac
done
((${#scripts[@]})) || scripts=(selftests/packet/*.sh)
[[ ${ZPF_VM-} ]] || zpf_die "this loads a kernel module: run it through scripts/vm.sh"

out=$(mktemp -d)
cleanup() {
	local pid
	for pid in $(jobs -p); do kill "$pid" 2>/dev/null || true; done
	rm -rf "$out"
}
trap cleanup EXIT

# The packet helper is built on the host; a guest can do it too, slowly.
export ZSEND=${ZSEND:-$zpf_top/selftests/tools/zsend}
[[ -x $ZSEND ]] || make -s -C selftests/tools
export ZPFCTL=${ZPFCTL:-$zpf_top/build/ctl/zpfctl}
[[ -x $ZPFCTL ]] || zpf_die "$ZPFCTL is missing: make -C ctl"

find_module() {
	local dir
	case $ZPF_VM in
	debug|uml) dir=$(zpf_tree "$ZPF_VM"); dir=${dir##*/} ;;
	*) dir=$(uname -r) ;;
	esac
	echo "$(zpf_kernel_builddir "$ZPF_VM")/$dir/zpf.ko"
}
export ZPF_KO=${ZPF_KO:-$(find_module)}
[[ -r $ZPF_KO ]] || zpf_die "$ZPF_KO is missing: scripts/build-module.sh $ZPF_VM"

for m in $(modinfo -F depends "$ZPF_KO" | tr ',' ' ') nf_log_syslog nf_conntrack_netlink veth 8021q; do
	modprobe -q "$m" || true
done
[[ ! -e /sys/module/zpf ]] || rmmod zpf
insmod "$ZPF_KO" || zpf_die "$ZPF_KO cannot be loaded: $(dmesg | tail -n 3)"
sysctl -qw net.netfilter.nf_log_all_netns=1 net.core.netdev_max_backlog=10000 || true
# One listener report for each address, at once, instead of more later on.
sysctl -qw net.ipv6.mld_qrv=1 || true

run_one() {
	local rc=0 t0=$EPOCHREALTIME
	bash "$1" > "$out/$2" 2>&1 || rc=$?
	echo "$rc" > "$out/$2.rc"
	awk -v a="$t0" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f s\n", b - a }' > "$out/$2.time"
	mv "$out/$2.rc" "$out/$2.done"
}

passed=0 failed=0 skipped=0 bad=0

# report I: the script's KTAP line, its own lines nested before it.
report() {
	local i=$1 rc name verdict=ok note='' p f s
	name=${scripts[i]##*/}
	rc=$(< "$out/$i.done")
	echo "# Subtest: ${name%.sh}" | sed 's/^/    /'
	sed 's/^/    /' "$out/$i"
	p=$(grep -c '^ok ' "$out/$i" || true)
	s=$(grep -c '^ok .* # SKIP' "$out/$i" || true)
	f=$(grep -c '^not ok ' "$out/$i" || true)
	# A script that died without a word is a failed case of its own.
	((rc == 0 || rc == 4 || f > 0)) || f=1
	((p + f > 0)) || f=1
	((passed += p - s, failed += f, skipped += s)) || true
	if ((f)); then verdict='not ok'; bad=1; elif ((rc == 4)); then note=' # SKIP'; fi
	((timing == 0)) || note+=" # $(< "$out/$i.time")"
	echo "$verdict $((i + 1)) ${name%.sh}$note"
}

alone() { grep -q '^ALONE=1' "${scripts[$1]}"; }

# Those that run alone go to the end, otherwise the order stays.
together=() solitary=()
for i in "${!scripts[@]}"; do
	if alone "$i"; then solitary+=("${scripts[i]}"); else together+=("${scripts[i]}"); fi
done
scripts=("${together[@]}" "${solitary[@]}")

# Namespaces that were deleted go in the background and hold the module so long.
unused() {
	local i
	for ((i = 0; i < 200; i++)); do
		[[ $(cat /sys/module/zpf/refcnt 2>/dev/null || echo 0) != 0 ]] || return 0
		sleep 0.1
	done
	return 1
}

# One script fewer runs: tell of those whose turn it is.
reap() {
	wait -n || true
	((--running)) || true
	while ((told < next)) && [[ -e $out/$told.done ]]; do
		report "$told"
		((++told))
	done
}

echo "KTAP version 1"
echo "1..${#scripts[@]}"
next=0 told=0 running=0
while ((told < ${#scripts[@]})); do
	while ((next < ${#scripts[@]} && running < jobs)); do
		if alone "$next"; then
			while ((running)); do reap; done
			unused || true
		fi
		run_one "${scripts[next]}" "$next" &
		((++next, ++running))
		! alone $((next - 1)) || reap
	done
	((running == 0)) || reap
done

# What the tests left behind must not hold the module.
unused || true
if ! rmmod zpf 2> "$out/rmmod"; then
	echo "# rmmod: $(< "$out/rmmod")"
	((++failed)); bad=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
((bad == 0)) || exit 1
((passed > 0)) || exit 4
