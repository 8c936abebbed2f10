#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The demonstration, from a fresh machine on: sets up what is missing, builds
# module and tool, boots a virtual machine and plays scripts/demo/play.sh in
# it. Loads nothing and changes no network on the machine itself. SABOTAGE=STEP
# breaks a step on purpose; the exit status is the play's.
set -euo pipefail

usage() {
	cat <<USAGE
usage: demo.sh [--list | --selftest] [--kernel NAME]
  --list      the steps, and what SABOTAGE=STEP does to each
  --selftest  play once as it should be and once with every step sabotaged,
              in one boot; last line "N passed, N failed, N skipped"
  --kernel    6.1 (default), 6.12, 7.2 or debug
USAGE
}

# shellcheck source=scripts/kernels.sh
. "$(dirname "$0")/kernels.sh"
cd "$zpf_top"

kernel=6.1 args=()
while (($#)); do
	case $1 in
	--list) exec scripts/demo/play.sh --list ;;
	--selftest) args+=(--selftest); shift ;;
	--kernel) kernel=${2:?}; shift 2 ;;
	-h|--help) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done

# A misspelt sabotage would demonstrate nothing.
if [[ ${SABOTAGE-} ]] && ! scripts/demo/play.sh --list | grep -q "^$SABOTAGE "; then
	zpf_say "SABOTAGE=$SABOTAGE: no such step; the steps are:"
	scripts/demo/play.sh --list >&2
	exit 2
fi

scripts/setup.sh host vm
[[ $kernel == 6.1 ]] || zpf_kernel_need "$kernel"
scripts/build.sh module "$kernel"
scripts/build.sh tool

style=''
case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in *UTF-8*|*utf8*) style+=utf8, ;; esac
[[ ! -t 1 || ${NO_COLOR-} ]] || style+=colour,
ZPF_DEMO_STYLE=$style
ZPFCTL=$zpf_top/build/ctl/zpfctl
ZPF_KO=$(scripts/build.sh ko "$kernel")
ZPF_VM_ENV="ZPFCTL ZPF_KO ZPF_DEMO_STYLE SABOTAGE"
export ZPFCTL ZPF_KO ZPF_DEMO_STYLE ZPF_VM_ENV SABOTAGE=${SABOTAGE-}
zpf_say "booting a virtual machine with Linux $(zpf_kernel_release "$kernel")..."
SECONDS=0 rc=0
scripts/vm.sh --kernel "$kernel" --timeout 900 -- scripts/demo/play.sh "${args[@]}" || rc=$?
((${#args[@]})) || printf '(%d s from start to power-off; exit status %d)\n' "$SECONDS" "$rc"
exit $rc
