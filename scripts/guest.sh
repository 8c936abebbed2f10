# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What vm.sh and uml.sh share: options, the control directory a guest finds on
# /run/zpf, waiting for the guest, and the verdict on its kernel log. Sourced,
# never run. The caller sets kernel, mem and the like first and starts the
# guest between guest_prepare and guest_verdict.

# shellcheck source=scripts/kernels.sh
. "$(dirname "${BASH_SOURCE[0]}")/kernels.sh"

# shellcheck disable=SC2034 # used by vm.sh and uml.sh
kernel='' cpus=2 mem='' timeout=1800 log='' append='' scan=1 leaks=1 rwdirs=() command=()
ctl='' guest_pid='' guest_status=0

# guest_options ARG...: sets the variables above; usage() is the caller's.
# shellcheck disable=SC2034
guest_options() {
	local dir
	while (($#)); do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--no-scan) scan=0; shift; continue ;;
		--no-leaks) leaks=0; shift; continue ;;
		--) shift; command=("$@"); break ;;
		--?*) (($# > 1)) || { usage >&2; exit 2; } ;;&
		--kernel)  kernel=$2 ;;
		--cpus)    cpus=$2 ;;
		--mem)     mem=$2 ;;
		--timeout) timeout=$2 ;;
		--log)     log=$2 ;;
		--append)  append=$2 ;;
		--rwdir)   dir=$(realpath -e -- "$2") && rwdirs+=("$dir") ;;
		*) usage >&2; exit 2 ;;
		esac
		shift 2
	done
	((${#command[@]})) || { usage >&2; exit 2; }
}

# shellcheck disable=SC2317 # called by the trap
guest_cleanup() {
	if [[ $guest_pid ]]; then
		kill "$guest_pid" 2>/dev/null || true
		{ wait "$guest_pid"; } 2> /dev/null || true
	fi
	[[ ! $ctl ]] || rm -rf "$ctl"
}

# guest_prepare: the control directory, with the guest's process 1 and its
# environment.
guest_prepare() {
	local name
	zpf_kernel_need "$kernel"
	ctl=$(mktemp -d "${TMPDIR:-/tmp}/zpf-guest.XXXXXX")
	trap guest_cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	: > "$ctl/console"
	cp "$zpf_top/scripts/guest-init.sh" "$ctl/init"
	{
		printf 'release=%q\nmodroot=%q\ntop=%q\n' "$(zpf_kernel_release "$kernel")" \
			"$(zpf_kernel_modroot "$kernel")" "$zpf_top"
		printf 'search_leaks=%q\n' "$leaks"
		printf 'rwdirs=('
		((${#rwdirs[@]} == 0)) || printf ' %q' "${rwdirs[@]}"
		printf ' )\ncmd=('
		printf ' %q' "${command[@]}"
		printf ' )\n'
		for name in HOME ZPF_CACHE ${ZPF_VM_ENV-}; do
			[[ ! -v $name ]] || printf 'export %s=%q\n' "$name" "${!name}"
		done
		printf 'export ZPF_VM=%q\n' "$kernel"
	} > "$ctl/env"
}

# guest_slot: waits until few enough virtual machines run. Emulated processors
# that wait for each other's locks make an overloaded machine slower than a
# queue does.
guest_slot() {
	local slots=${ZPF_VM_SLOTS:-$(($(nproc) + 1))} i fd said=0
	mkdir -p "$zpf_cache/vm"
	while :; do
		for ((i = 0; i < slots; i++)); do
			exec {fd}> "$zpf_cache/vm/slot.$i"
			flock -n "$fd" && return
			exec {fd}>&-
		done
		((said++)) || zpf_say "waiting: $slots other virtual machines are running"
		sleep 0.5
	done
}

# guest_wait PID: waits for the guest's process; its status in guest_status.
guest_wait() {
	guest_pid=$1
	{ wait "$guest_pid"; } 2> /dev/null || guest_status=$?
	guest_pid=''
}

# Only what came after the command's start: a kernel's boot is its own affair.
guest_since_start() {
	sed '1,/zpf-vm: the command starts/d' "$1" 2>/dev/null || true
}

# guest_verdict: keeps the logs, judges them, ends the program.
guest_verdict() {
	local logs rc file trouble
	logs=${log:-$zpf_cache/log/vm-$(date +%m%d-%H%M%S)-$kernel-$$}
	mkdir -p "$logs"
	for file in console dmesg kmemleak; do
		[[ ! -e $ctl/$file ]] || tr -d '\r' < "$ctl/$file" > "$logs/$file"
	done
	# Logs nobody asked for are kept for a day.
	[[ $log ]] || find "$zpf_cache/log" -maxdepth 1 -name 'vm-*' -mmin +1440 \
		-exec rm -rf {} +

	if [[ ! -s $ctl/rc ]]; then
		if ((guest_status == 124 || guest_status == 137)); then
			zpf_say "no end after $timeout s; last lines of the console:"
			rc=124
		else
			zpf_say "the guest died; last lines of the console:"
			rc=255
		fi
		tail -n 60 "$logs/console" >&2
		zpf_say "logs in $logs"
		exit $rc
	fi
	rc=$(< "$ctl/rc")
	trouble='RIP:|Call Trace:|WARNING:|BUG:|ref_tracker:|unreferenced object'
	trouble+='|possible circular|suspicious RCU|UBSAN:|ODEBUG:|INFO: (task|rcu)|unregister_netdevice: waiting'
	if ((scan)) && {
		guest_since_start "$logs/dmesg"
		cat "$logs/kmemleak" 2>/dev/null || true
	} | grep -E -B 2 -A 30 -e "$trouble" > "$ctl/found"; then
		zpf_say "kernel $kernel reports trouble (the command's own status was $rc):"
		head -n 150 "$ctl/found" >&2
		zpf_say "logs in $logs"
		exit 99
	fi
	exit "$rc"
}
