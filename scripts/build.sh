#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds parts for the targets of the top Makefile, quietly: one line when
# something is made, the compiler's words only where it fails or warns. The
# work is done by build-module.sh and the Makefiles of the parts.
set -euo pipefail

usage() {
	cat <<USAGE
usage: build.sh module KERNEL   zpf.ko for a kernel of scripts/kernels.sh
       build.sh ko KERNEL       build it and print its path
       build.sh tool            zpfctl, into build/ctl
       build.sh helpers         what the packet tests need on the host
USAGE
}

# shellcheck source=scripts/kernels.sh
. "$(dirname "$0")/kernels.sh"
cd "$zpf_top"
mkdir -p build

# quiet NAME COMMAND...: output to build/NAME.log; shown where it failed, and
# its warnings in any case.
quiet() {
	local log=build/$1.log
	shift
	if ! "$@" > "$log" 2>&1; then
		zpf_say "failed: $*"
		cat "$log" >&2
		exit 1
	fi
	grep -E 'warning:|error:' "$log" >&2 || true
}

case ${1-} in
module|ko)
	[[ ${2-} ]] || { usage >&2; exit 2; }
	[[ $1 == ko ]] || zpf_say "zpf.ko for Linux $(zpf_kernel_release "$2")..."
	scripts/build-module.sh "$2" > "build/ko-$2" 2> "build/module-$2.log" || {
		zpf_say "zpf.ko for $2 does not build:"
		cat "build/module-$2.log" >&2
		exit 1
	}
	if [[ $1 == ko ]]; then
		cat "build/ko-$2"
	else
		grep -E 'warning:|error:' "build/module-$2.log" >&2 || true
	fi ;;
tool)
	zpf_say "zpfctl..."
	quiet tool make -C ctl -j"$(nproc)" ;;
helpers)
	quiet helpers make -C selftests/tools -j"$(nproc)" ;;
*) usage >&2; exit 2 ;;
esac
