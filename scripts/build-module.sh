#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds zpf.ko, or the test modules of another directory, for one kernel and
# prints the paths of the .ko files. Sources are copied (with their times, so
# that make stays incremental) to a folder per kernel in the cache: objects of
# different kernels never mix and the source tree stays clean.
set -euo pipefail

usage() {
	cat <<USAGE
usage: build-module.sh KERNEL [--dir DIR] [make argument...]
  KERNEL     6.1, 6.12, 7.2, debug, uml or smp
  --dir DIR  a directory of the repository with a Kbuild of its own, such as
             selftests/kmod (default: the top, zpf.ko)
Anything else goes to make: W=1, C=2, KCFLAGS=..., V=1, clean.
Prints the modules' paths on stdout, make's output on stderr.
USAGE
}

# shellcheck source=scripts/kernels.sh
. "$(dirname "$0")/kernels.sh"

(($#)) || { usage >&2; exit 2; }
case $1 in -h|--help) usage; exit 0 ;; esac
kernel=$1 dir=. args=()
shift
while (($#)); do
	case $1 in
	--dir) dir=$2; shift 2 ;;
	*) args+=("$1"); shift ;;
	esac
done
zpf_kernel_need "$kernel"
top=${ZPF_SRC:-$zpf_top}
[[ -e $top/$dir/Kbuild ]] || zpf_die "$dir: no Kbuild there"

case $kernel in
debug|uml|smp) release=$(basename "$(zpf_tree "$kernel")") ;;
*) release=$(zpf_kernel_release "$kernel") ;;
esac
# Objects are also kept apart by what they were built with: a checking run
# (C=2 touches every file) or other flags must not spoil the normal objects.
variant=$(printf '%s\n' "${args[@]}" | grep -E '^[A-Z_]+=' | grep -v '^V=' |
	sort | tr -c 'A-Za-z0-9\n' _ | paste -sd+ || true)
variant=$release${variant:+-$variant}
out=$(zpf_kernel_builddir "$kernel")/$variant
mkdir -p "$out"

# Only one make at a time in one folder.
exec {lock}> "$out.lock"
flock "$lock"

sources=(Kbuild kmod uapi)
[[ $dir == . ]] || sources=("$dir" uapi)
present=()
for s in "${sources[@]}"; do
	[[ ! -e $top/$s ]] || present+=("./$s")
done
# --delete keeps removed sources from being built; what make wrote is excluded,
# and so protected.
(cd "$top" && rsync -aR --no-owner --no-group --delete \
	--exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
	--exclude='.*.cmd' --exclude='.*.d' --exclude=modules.order --exclude=Module.symvers \
	"${present[@]}" "$out/")

module_dir=$out
[[ $dir == . ]] || module_dir=$out/$dir
# shellcheck disable=SC2016 # expanded by the inner shell
nice -n 2 bash -c '. "$1"; shift; zpf_kernel_make "$@"' _ "$zpf_top/scripts/kernels.sh" \
	"$kernel" "$module_dir" -j"$(nproc)" "${args[@]}" {lock}>&- 1>&2

# One line a module; which path and suffix it has differs between kernels.
[[ -s $module_dir/modules.order && " ${args[*]} " != *" clean "* ]] || exit 0
sort -u "$module_dir/modules.order" | while read -r s; do
	s=${s##*/}
	echo "$module_dir/${s%.*}.ko"
done
