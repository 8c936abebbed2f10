#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What zpf writes to the kernel log and to NFLOG: every prefix, levels, token
# buckets, and lines nobody would have read.
#
#	[ a ]--eth1.10--+---+--eth1.40--[ b ]     zones A, B; the router is L
#	[ c ]--eth1.50--+ r +                     c: in no zone
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

ZPFNL=$zpf_top/selftests/tools/zpfnl.py
declare -A seen=()
reader=''

# shellcheck disable=SC2317 # called by finish
cleanup() {
	[[ ! $reader ]] || kill "$reader" 2>/dev/null
	sysctl -qw net.netfilter.nf_log_all_netns=1
}

# lines PREFIX: how many lines of the kernel log carry it, in all.
lines() { dmesg | grep -cF -- "$1"; }

# expect_log NAME PREFIX N: the log has N new lines with that prefix.
expect_log() {
	local now
	now=$(lines "$2")
	equal "$1" "$3" $((now - ${seen[$2]-0}))
	seen[$2]=$now
}

# forget PREFIX...: lines so far belong to no case.
forget() { local p; for p; do seen[$p]=$(lines "$p"); done; }

# site PREFIX FIELD: of show log-sites, summed.
site() {
	"$ZPFCTL" -n "$R" --json show log-sites |
		jq --arg p "$1" --arg f "$2" '[.. | objects | select(.site? == $p) | .[$f]] | add'
}

dmesg -n 1
setup_router
add_host a 10
add_host b 40
add_host c 50

# ------------------------------------------------------- rules and defaults

load <<-EOF
zone A member interface eth1.10
zone A default-log
zone B member interface eth1.40
zone B default-log
zone B default-action reject
zone L local-zone
zone L default-log
zone B from A firewall @name LOG-AB
zone A intra-zone-filtering action drop
@ip name LOG-AB default-action drop
@ip name LOG-AB default-log
@ip name LOG-AB rule 10 action accept
@ip name LOG-AB rule 10 log
@ip name LOG-AB rule 10 protocol udp
@ip name LOG-AB rule 10 destination port 1
@ip name LOG-AB rule 20 action drop
@ip name LOG-AB rule 20 log
@ip name LOG-AB rule 20 protocol udp
@ip name LOG-AB rule 20 destination port 2
@ip name LOG-AB rule 30 action reject
@ip name LOG-AB rule 30 log
@ip name LOG-AB rule 30 protocol udp
@ip name LOG-AB rule 30 destination port 3
@ip name LOG-AB rule 40 action continue
@ip name LOG-AB rule 40 log
@ip name LOG-AB rule 40 protocol udp
@ip name LOG-AB rule 40 destination port 4
@ip name LOG-AB rule 50 action jump
@ip name LOG-AB rule 50 jump-target LOG-SUB
@ip name LOG-AB rule 50 log
@ip name LOG-AB rule 50 protocol udp
@ip name LOG-AB rule 50 destination port 5
@ip name LOG-AB rule 60 action accept
@ip name LOG-AB rule 60 protocol udp
@ip name LOG-AB rule 60 destination port 6
@ip name LOG-SUB default-action return
@ip name LOG-SUB default-log
@ip name LOG-SUB rule 10 action return
@ip name LOG-SUB rule 10 log
@ip name LOG-SUB rule 10 protocol udp
@ip name LOG-SUB rule 10 destination port 5
@ip forward filter default-action accept
@ip forward filter rule 10 action drop
@ip forward filter rule 10 log
@ip forward filter rule 10 protocol udp
@ip forward filter rule 10 destination port 11
@ip input filter rule 10 action accept
@ip input filter rule 10 log
@ip input filter rule 10 protocol udp
@ip input filter rule 10 destination port 11
@ip output filter rule 10 action drop
@ip output filter rule 10 log
@ip output filter rule 10 protocol udp
@ip output filter rule 10 destination port 11
