#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What zpf writes to the kernel log and to NFLOG: every prefix, levels, token
# buckets, and lines nobody would have read.
#
#	[ a ]--eth1.10--+---+--eth1.40--[ b ]     zones A, B; the router is L
#	[ c ]--eth1.50--+ r +                     c: in no zone
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

declare -A seen=()

# shellcheck disable=SC2317 # called by finish
cleanup() {
	stop_jobs
	sysctl -qw net.netfilter.nf_log_all_netns=1
}

# sent: probes, and the kernel log as it is then.
sent() { probes; dmesg -r > "$tmp/dmesg"; }

# lines PREFIX: how many lines of the kernel log carried it then.
lines() { grep -cF -- "$1" "$tmp/dmesg"; }

# expect_log NAME PREFIX N: the log has N new lines with that prefix.
expect_log() {
	local now
	now=$(lines "$2")
	equal "$1" "$3" $((now - ${seen[$2]-0}))
	seen[$2]=$now
}

# forget PREFIX...: lines so far belong to no case.
forget() { local p; for p; do seen[$p]=$(lines "$p"); done; }

# level PREFIX: of the newest line with it.
level() { grep -F -- "$1" "$tmp/dmesg" | tail -n 1 | sed 's/^<\([0-9]*\)>.*/\1/'; }

# site PREFIX FIELD: of show log-sites, summed.
site() {
	"$ZPFCTL" -n "$R" --json show log-sites |
		jq --arg p "$1" --arg f "$2" '[.. | objects | select(.site? == $p) | .[$f]] | add'
}

dmesg -r > "$tmp/dmesg"
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
EOF
all=()
for f in ipv4 ipv6; do
	for p in FWD-filter-10-D INP-filter-10-A OUT-filter-10-D ZON-B-A-default-D \
		ZON-none-B-default-D ZON-B-none-default-D ZON-none-L-default-D \
		ZON-A-L-default-D ZON-L-A-default-D ZON-A-A-intra-D ZON-L-none-default-D; do
		all+=("[$f-$p]")
	done
done
forget "${all[@]}"

sent <<-EOF
pass a b @ udp 1000 1
drop a b @ udp 1000 2
reject a b @ udp 1000 3
drop a b @ udp 1000 4
drop a b @ udp 1000 5
pass a b @ udp 1000 6
drop a b @ udp 1000 7
drop a b @ udp 1000 11
drop a r @ udp 1000 11
drop b a @ udp 1000 7
drop c b @ udp 1000 7
drop b c @ udp 1000 7
drop c r @ udp 1000 7
drop a r @ udp 1000 7
drop r a @ udp 1000 7
drop r a @ udp 1000 11
drop r c @ udp 1000 7
EOF
for f in ipv4 ipv6; do
	expect_log "$f: rule, accept" "[$f-NAM-LOG-AB-10-A]" 1
	expect_log "$f: rule, drop" "[$f-NAM-LOG-AB-20-D]" 1
	expect_log "$f: rule, reject" "[$f-NAM-LOG-AB-30-R]" 1
	expect_log "$f: rule, continue" "[$f-NAM-LOG-AB-40-C]" 1
	expect_log "$f: rule, jump" "[$f-NAM-LOG-AB-50-J]" 1
	expect_log "$f: rule, return, under the called ruleset's name" "[$f-NAM-LOG-SUB-10-R]" 1
	expect_log "$f: default, after continue and return too" "[$f-NAM-LOG-AB-default-D]" 3
	expect_log "$f: base chain forward" "[$f-FWD-filter-10-D]" 1
	expect_log "$f: base chain input" "[$f-INP-filter-10-A]" 1
	expect_log "$f: base chain output" "[$f-OUT-filter-10-D]" 1
	expect_log "$f: zone default" "[$f-ZON-B-A-default-D]" 1
	expect_log "$f: from no zone" "[$f-ZON-none-B-default-D]" 1
	expect_log "$f: into no zone" "[$f-ZON-B-none-default-D]" 1
	expect_log "$f: from no zone to the router" "[$f-ZON-none-L-default-D]" 1
	expect_log "$f: zone default to the router" "[$f-ZON-A-L-default-D]" 2
	expect_log "$f: zone default from the router" "[$f-ZON-L-A-default-D]" 1
	expect_log "$f: router into no zone" "[$f-ZON-L-none-default-D]" 1
done
line=$(grep -F '[ipv4-NAM-LOG-AB-20-D]' "$tmp/dmesg" | tail -n 1)
check "a line has the kernel's usual fields" grep -qE \
	'IN=eth1\.10 OUT=eth1\.40 .*SRC=10\.10\.0\.1 DST=10\.40\.0\.1 .*PROTO=UDP SPT=1000 DPT=2' <<< "$line"
line=$(grep -F '[ipv6-NAM-LOG-AB-20-D]' "$tmp/dmesg" | tail -n 1)
check "an IPv6 line too" grep -qE \
	'IN=eth1\.10 OUT=eth1\.40 .*SRC=fd01:0010:.*PROTO=UDP .*DPT=2' <<< "$line"
equal "at level warning" 4 "$(level '[ipv4-NAM-LOG-AB-20-D]')"

# log_rows OPERAND...: of show log firewall, what tells them apart.
log_rows() {
	"$ZPFCTL" -n "$R" --json show log firewall "$@" | jq -r '.log[] | [.family, .ruleset // "-", .rule,
		.action, .protocol, .src, .sport, .dst, .dport, .in, .out, .level] | map(tostring) | join(" ")'
}
equal "show log firewall, a rule" \
	"ipv4 LOG-AB 20 drop udp 10.10.0.1 1000 10.40.0.1 2 eth1.10 eth1.40 4" \
	"$(log_rows ipv4 name LOG-AB rule 20)"
equal "show log firewall, a ruleset" "10 20 30 40 50 default default default" \
	"$("$ZPFCTL" -n "$R" --json show log firewall ipv6 name LOG-AB | jq -r '.log[].rule' | sort | xargs)"
equal "show log firewall, zones and base chains" "forward filter 10,input filter 10,output filter 10" \
	"$("$ZPFCTL" -n "$R" --json show log firewall ipv4 | jq -r '.log[] | select(.dport == 11 and
		(.ruleset // "" | endswith("filter"))) | .ruleset + " " + .rule' | sort -u | paste -sd ,)"
equal "show log firewall, for people" "ipv4 LOG-AB 30 reject udp 10.10.0.1 1000 10.40.0.1 3 eth1.10 eth1.40" \
	"$("$ZPFCTL" -n "$R" show log firewall ipv4 name LOG-AB rule 30 | tail -n 1 | tr -s ' ' | sed -E 's/^ ?[0-9]+ [smh] //; s/ -$//')"
"$ZPFCTL" -n "$R" show log firewall ipv5 > "$tmp/out" 2>&1
equal "show log firewall, a family that is none" 2 $?
clear_counters

# Hairpin: a packet that comes in and goes out through one interface.
sent <<-EOF
drop a a @ udp 1000 7 s 7 d 1
EOF
for f in ipv4 ipv6; do
	expect_log "$f: intra-zone" "[$f-ZON-A-A-intra-D]" 1
done
clear_counters

# ------------------------------------- names, levels, groups, state policy

name=$(printf 'N%.0s' {1..96})
zone=$(printf 'Z%.0s' {1..48})
zone2=$(printf 'Y%.0s' {1..48})
load <<-EOF
zone $zone member interface eth1.10
zone $zone default-log
zone $zone2 member interface eth1.40
zone $zone2 from $zone firewall @name $name
@ip name $name default-log
@ip name $name rule 999999 action drop
@ip name $name rule 999999 log
@ip name $name rule 999999 protocol udp
@ip name $name rule 999999 destination port 2
EOF
sent <<-EOF
drop a b @ udp 1000 2
drop a b @ udp 1000 3
drop b a @ udp 1000 3
EOF
for f in ipv4 ipv6; do
	expect_log "$f: the longest ruleset name is not cut" "[$f-NAM-$name-999999-D]" 1
	expect_log "$f: nor in the default's line" "[$f-NAM-$name-default-D]" 1
	expect_log "$f: the longest zone names are not cut" "[$f-ZON-$zone2-$zone-default-D]" 1
done
clear_counters

levels=(emerg alert crit err warn notice info debug)
for i in "${!levels[@]}"; do
	cat <<-EOF
	ipv4 name LOGLEV rule $((i + 1)) action drop
	ipv4 name LOGLEV rule $((i + 1)) log
	ipv4 name LOGLEV rule $((i + 1)) log-options level ${levels[i]}
	ipv4 name LOGLEV rule $((i + 1)) protocol udp
	ipv4 name LOGLEV rule $((i + 1)) destination port $((i + 1))
	EOF
done > "$tmp/levels"
load <<-EOF
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall name LOGLEV
$(< "$tmp/levels")
ipv4 name LOGLEV rule 20 action accept
ipv4 name LOGLEV rule 20 log
ipv4 name LOGLEV rule 20 log-options group 7
ipv4 name LOGLEV rule 20 log-options snapshot-length 24
ipv4 name LOGLEV rule 20 protocol udp
ipv4 name LOGLEV rule 20 destination port 20
ipv4 name LOGLEV rule 21 action drop
ipv4 name LOGLEV rule 21 log
ipv4 name LOGLEV rule 21 log-options group 7
ipv4 name LOGLEV rule 21 protocol udp
ipv4 name LOGLEV rule 21 destination port 21
EOF
for i in {1..8}; do echo "drop a b 4 udp 1000 $i"; done > "$tmp/each"
sent < "$tmp/each"
for i in "${!levels[@]}"; do
	equal "level ${levels[i]}, one line a packet" "<$i>" "$(
		grep -F "[ipv4-NAM-LOGLEV-$((i + 1))-D]" "$tmp/dmesg" | sed 's/^\(<[0-9]*>\).*/\1/')"
done
background r nflog "$tmp/nflog" 7 2
sent <<-EOF
pass a b 4 udp 1000 20 len 100
drop a b 4 udp 1000 21 len 100
EOF
wait_for 20 grep -q -- '-21-' "$tmp/nflog" || say "NFLOG: $(< "$tmp/nflog")"
stop_jobs
equal "an NFLOG group gets prefix and snapshot" "[ipv4-NAM-LOGLEV-20-A] 24" \
	"$(grep -e -20- "$tmp/nflog")"
equal "and the whole packet without one" "[ipv4-NAM-LOGLEV-21-D] 128" \
	"$(grep -e -21- "$tmp/nflog")"
equal "the kernel log does not" 0 "$(lines '[ipv4-NAM-LOGLEV-20-A]')"
nsx r timeout 60 tcpdump -nn -l -c 2 -i nflog:7 > "$tmp/tcpdump" 2> "$tmp/tcpdump.err" &
reader=$!
wait_for 60 grep -q listening "$tmp/tcpdump.err" || say "tcpdump: $(< "$tmp/tcpdump.err")"
sent <<-EOF
pass a b 4 udp 1000 20 len 100
drop a b 4 udp 1000 21 len 100
EOF
wait $reader || say "tcpdump: status $?: $(< "$tmp/tcpdump.err")"
equal "tcpdump reads the group" "10.10.0.1.1000 > 10.40.0.1.21: UDP, length 100" \
	"$(grep -o '10.10.0.1.1000 > 10.40.0.1.21.*' "$tmp/tcpdump")"
clear_counters

flush
load <<-EOF
global-options state-policy established action accept
global-options state-policy established log
global-options state-policy related action accept
global-options state-policy related log
global-options state-policy related log-level info
global-options state-policy invalid action drop
global-options state-policy invalid log
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name LOGST
@ip name LOGST default-action accept
EOF
forget '[STATE-POLICY-EST-A]' '[STATE-POLICY-REL-A]' '[STATE-POLICY-INV-D]'
sent <<-EOF
pass a b @ udp 1000 2000
pass b a @ udp 2000 1000
pass a b @ udp 1000 2000
pass b a 4 icmp 3/1 quote udp 1000 2000 end
pass b a 6 icmp6 1/0 quote udp 1000 2000 end
drop b a @ pong
EOF
expect_log "state policy, established" '[STATE-POLICY-EST-A]' 4
expect_log "state policy, related" '[STATE-POLICY-REL-A]' 2
expect_log "state policy, invalid" '[STATE-POLICY-INV-D]' 2
equal "state policy, at its level" 6 "$(level '[STATE-POLICY-REL-A]')"
expect_counters "a state that logs is counted" <<-EOF
A B @ LOGST default 1
state established 4
state related 2
state invalid 2
EOF

load <<-EOF
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name LOGEST
zone A from B firewall @name LOGEST
@ip name LOGEST rule 10 action accept
@ip name LOGEST rule 10 state established
@ip name LOGEST rule 10 log
@ip name LOGEST rule 10 log-options level notice
@ip name LOGEST rule 20 action accept
@ip name LOGEST rule 20 protocol udp
EOF
flush
sent <<-EOF
pass a b @ udp 1000 2000
pass b a @ udp 2000 1000 count 3
pass a b @ udp 1000 2000 count 2
EOF
for f in ipv4 ipv6; do
	expect_log "$f: an established rule logs every packet once" "[$f-NAM-LOGEST-10-A]" 5
done
expect_counters "and counts it" <<-EOF
A B @ LOGEST 10 2
A B @ LOGEST 20 1
B A @ LOGEST 10 3
EOF

# ------------------------------------------------------------ token buckets

load <<-EOF
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name LOGDEF
@ip name LOGDEF default-log
EOF
t0=$EPOCHREALTIME
sent <<-EOF
drop a b 4 udp 1000 2 count 50
EOF
more=$(awk -v a="$t0" -v b="$EPOCHREALTIME" 'BEGIN { print int((b - a) / 0.6) + 1 }')
prefix='[ipv4-NAM-LOGDEF-default-D]'
got=$(lines "$prefix")
check "by default a burst of 20 lines, then 100 a minute" \
	test "$got" -ge 20 -a "$got" -le $((20 + more))
equal "log-sites: what was logged" "$got" "$(site "$prefix" logged)"
equal "log-sites: what was not" $((50 - got)) "$(site "$prefix" suppressed)"
equal "log-sites: the burst" 20 "$(site "$prefix" burst)"
equal "log-sites: nothing undeliverable" 0 "$(site "$prefix" undeliverable)"
equal "a site of its own for IPv6" 0 "$(site '[ipv6-NAM-LOGDEF-default-D]' logged)"
expect_counters "suppressed lines are still counted packets" <<-EOF
A B ipv4 LOGDEF default 50
EOF

# log_limited NAME LIMIT...: 30 packets to the default of a fresh ruleset.
log_limited() {
	local name=$1
	shift
	load <<-EOF
	$(printf 'global-options log-limit %s\n' "$@")
	zone A member interface eth1.10
	zone B member interface eth1.40
	zone B from A firewall name $name
	ipv4 name $name default-log
	EOF
	sent <<-EOF
	drop a b 4 udp 1000 2 count 30
	EOF
}
log_limited LOGONE 'rate 1/hour' 'burst 1'
equal "log-limit burst 1: one line" 1 "$(lines '[ipv4-NAM-LOGONE-default-D]')"
equal "and 29 suppressed" 29 "$(site '[ipv4-NAM-LOGONE-default-D]' suppressed)"
cp "$tmp/config" "$tmp/again"
load < "$tmp/again"
sent <<-EOF
drop a b 4 udp 1000 2
EOF
equal "a bucket survives a commit" 1 "$(lines '[ipv4-NAM-LOGONE-default-D]')"
equal "with its counts" 30 "$(site '[ipv4-NAM-LOGONE-default-D]' suppressed)"

# When a burst is over, what it did not write is told.
summary() { dmesg -r > "$tmp/dmesg"; grep -qF "zpf: $1" "$tmp/dmesg"; }
log_limited LOGSUM 'rate 1/hour' 'burst 1'
check "a burst that is over is summed up" \
	wait_for 30 summary 'ipv4-NAM-LOGSUM-default-D: 29 lines suppressed'
equal "at the level of its lines" 4 "$(level 'zpf: ipv4-NAM-LOGSUM-default-D:')"
sent <<-EOF
drop a b 4 udp 1000 2 count 5
EOF
check "and the next one for itself" \
	wait_for 30 summary 'ipv4-NAM-LOGSUM-default-D: 5 lines suppressed'
equal "lines, and those summed up, are all there were" 35 $((
	$(lines '[ipv4-NAM-LOGSUM-default-D]') + $(grep -oP 'LOGSUM-default-D: \K[0-9]+' "$tmp/dmesg" | paste -sd +)))
equal "show log firewall has the summaries" "29 5" "$("$ZPFCTL" -n "$R" --json show log firewall ipv4 name LOGSUM |
	jq '.log[] | .suppressed // empty' | xargs)"
log_limited LOGGONE 'rate 1/hour' 'burst 1'
log_limited LOGNEXT 'rate 1/hour' 'burst 1'
check "a site that a load takes away is summed up first" \
	wait_for 30 summary 'ipv4-NAM-LOGGONE-default-D: 29 lines suppressed'
log_limited LOGSEV 'rate 1/day' 'burst 7'
equal "log-limit burst 7: seven lines" 7 "$(lines '[ipv4-NAM-LOGSEV-default-D]')"
log_limited LOGOFF off
equal "log-limit off: all 30 lines" 30 "$(lines '[ipv4-NAM-LOGOFF-default-D]')"
equal "and none suppressed" 0 "$(site '[ipv4-NAM-LOGOFF-default-D]' suppressed)"
clear_counters

# -------------------------------------------------------- nobody would read

sysctl -qw net.netfilter.nf_log_all_netns=0
load <<-EOF
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name LOGMUTE
@ip name LOGMUTE default-log
EOF
check "a load into a muted namespace warns" grep -q nf_log_all_netns "$tmp/load"
sent <<-EOF
drop a b @ udp 1000 2 count 3
EOF
sysctl -qw net.netfilter.nf_log_all_netns=1
for f in ipv4 ipv6; do
	prefix="[$f-NAM-LOGMUTE-default-D]"
	equal "$f: undeliverable lines are counted" 3 "$(site "$prefix" undeliverable)"
	equal "$f: and not as logged" 0 "$(site "$prefix" logged)"
	equal "$f: they are in no log" 0 "$(lines "$prefix")"
done
sent <<-EOF
drop a b @ udp 1000 2
EOF
for f in ipv4 ipv6; do
	equal "$f: once it is heard again, a line is written" 1 \
		"$(lines "[$f-NAM-LOGMUTE-default-D]")"
done
