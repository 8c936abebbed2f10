#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Events as they happen: first drops of their kind, commits, interfaces; what a
# reader loses, it loses with a count. And the tracepoints.
#
#	[ a ]--eth1.10--+ r +--eth1.40--[ b ]     zones A, B
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

tracing=/sys/kernel/tracing
# shellcheck disable=SC2317 # called by finish
cleanup() {
	stop_jobs
	[[ ! -d $tracing/instances/$T ]] || rmdir "$tracing/instances/$T"
}

setup_router
add_host a 10
add_host b 40
base=$(cat <<EOF
zone A member interface eth1.10
zone A member interface mon*
zone B member interface eth1.40
zone B from A firewall @name M-AB
@ip name M-AB default-action drop
@ip name M-AB rule 10 action accept
@ip name M-AB rule 10 protocol udp
@ip name M-AB rule 10 destination port 1
EOF
)
load <<< "$base"

# ------------------------------------------------------------------ events

monitor "$tmp/all" --json
monitor "$tmp/drops" drops
monitor "$tmp/commits" --json commits
monitor "$tmp/ifaces" interfaces
probes <<-EOF
pass a b @ udp 1000 1
drop a b @ udp 1000 2 count 5
EOF
wait_for 30 got "$tmp/all" 2 '.event == "drop" and .dport == 2' || say "$(cat "$tmp/all")"
probes <<-EOF
drop a b @ udp 1000 2 count 5
drop a b 4 udp 1000 3
EOF
wait_for 30 got "$tmp/all" 1 '.event == "drop" and .dport == 3'
load <<< "$base"
wait_for 30 got "$tmp/all" 1 '.event == "commit"'
ip -n "$R" link add mon7 type dummy
wait_for 30 got "$tmp/all" 1 '.event == "join"'
ip -n "$R" link del mon7
wait_for 30 got "$tmp/all" 1 '.event == "leave"'
equal "the first drop of a kind is an event, later ones are not" "2 1" \
	"$(count_of "$tmp/all" '.event == "drop" and .dport == 2') $(count_of "$tmp/all" '.event == "drop" and .dport == 3')"
equal "with the fields of show drops" '["A","B","ipv4","M-AB","default","default","udp",3,"10.10.0.0/24",1,"eth1.10"]' \
	"$(jq -c 'select(.event == "drop" and .dport == 3) | [.from, .to, .family, .ruleset, .rule, .reason,
		.protocol, .dport, .source, .packets, .sample.in]' "$tmp/all")"
generation=$(status generation)
equal "a commit, with its generation" "$generation" "$(jq 'select(.event == "commit") | .generation' "$tmp/all")"
equal "an interface that comes and goes" '["join","mon7","A"] ["leave","mon7","A"]' \
	"$(jq -c 'select(.interface) | [.event, .interface, .zone]' "$tmp/all" | xargs -d '\n')"
equal "nothing is lost" 0 "$(count_of "$tmp/all" '.event == "lost"')"

probes <<-EOF
drop a b 4 udp 1000 4
EOF
wait_for 30 grep -q 'udp 4 by' "$tmp/drops"
equal "drops only, for people" \
	"drop A > B: udp 4 by M-AB default: 10.10.0.1:1000 > 10.40.0.1 (eth1.10 > eth1.40)" \
	"$(tail -n 1 "$tmp/drops" | cut -d ' ' -f 2-)"
equal "and nothing else" 4 "$(wc -l < "$tmp/drops")"
equal "commits only" "commit" "$(jq -r .event "$tmp/commits" | sort -u)"
equal "interfaces only, for people" "join mon7 zone A leave mon7 zone A" \
	"$(cut -d ' ' -f 2- "$tmp/ifaces" | xargs)"
"$ZPFCTL" -n "$R" disarm closed > /dev/null
wait_for 30 got "$tmp/commits" 1 '.event == "disarm"'
equal "disarm is an event" '"closed"' "$(jq 'select(.event == "disarm") | .mode' "$tmp/commits")"
stop_jobs

# -------------------------------------------------------------- processors

load <<< "$base"
if (($(nproc) > 1)); then
	monitor "$tmp/all" --json drops
	helper=$ZSEND
	for cpu in 0 1; do
		printf '#!/bin/sh\nexec taskset -c %d "%s" "$@"\n' "$cpu" "$helper" > "$tmp/zsend-$cpu"
		chmod +x "$tmp/zsend-$cpu"
		ZSEND=$tmp/zsend-$cpu
		probes <<-EOF
		drop a b 4 udp 1000 5
		drop a b 4 udp 1000 $((6 + cpu))
		EOF
	done
	ZSEND=$helper
	wait_for 30 got "$tmp/all" 1 '.dport == 7'
	wait_for 30 got "$tmp/all" 1 '.dport == 6'
	equal "of a kind two processors drop, one event" 1 "$(count_of "$tmp/all" '.dport == 5')"
	stop_jobs
else
	skip "of a kind two processors drop, one event" "one processor"
fi

# ------------------------------------------------------------ a slow reader
# It stands still while far more happens than a socket holds. Packets are
# dropped as if nobody listened; afterwards it is told how much it missed.

"$ZPFCTL" -n "$R" clear drops > /dev/null
clear_counters
monitor "$tmp/slow" --json
monitor "$tmp/quick" --json
probes <<-EOF
drop a b 4 udp 1000 8
EOF
wait_for 30 got "$tmp/slow" 1 '.dport == 8'
kill -STOP "${jobs[0]}"
nsx a python3 - <<-EOF
	import random, socket
	s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
	for n in range(20000):
	    src = bytes([10, 10, random.randrange(256), random.randrange(256)])
	    ip = bytes([0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0]) + src + bytes([10, 40, 0, 1])
	    udp = bytes([3, 232, 16 + random.randrange(200), random.randrange(256), 0, 8, 0, 0])
	    s.sendto(ip + udp, ("10.40.0.1", 0))
EOF
dropped=$(hits A B 4 M-AB default)
equal "packets are dropped and counted as ever" 20001 "$dropped"
probes <<-EOF
drop a b 6 udp 1000 9
EOF
wait_for 60 got "$tmp/quick" 1 '.dport == 9'
kill -CONT "${jobs[0]}"
events() { jq -s '[.[] | if .event == "lost" then .count else 1 end] | add' "$1"; }
lost() { jq -s '[.[] | select(.event == "lost") | .count] | add // 0' "$1"; }
even() { [[ $(events "$tmp/slow") == "$(events "$tmp/quick")" ]]; }
wait_for 60 even
say "slow: $(wc -l < "$tmp/slow") lines, $(lost "$tmp/slow") lost; quick: $(wc -l < "$tmp/quick") lines, $(lost "$tmp/quick") lost"
check "the slow one is told how much it lost" test "$(lost "$tmp/slow")" -gt 0
equal "both know of the same number of events" "$(events "$tmp/quick")" "$(events "$tmp/slow")"
check "as many as there were kinds, or fewer" test "$(events "$tmp/slow")" -gt 1000 -a "$(events "$tmp/slow")" -le 20002
stop_jobs

# ---------------------------------------------------------------- failures

"$ZPFCTL" -n "$R" monitor nothing > "$tmp/out" 2>&1
equal "what cannot be monitored is refused" 2 $?
unshare -Ur "$ZPFCTL" monitor > "$tmp/out" 2>&1
equal "not without privilege" 1 $?
"$ZPFCTL" -n "$R" monitor > /dev/full 2> "$tmp/out" &
pid=$!
wait_for 60 listening 0
load <<< "$base"
wait "$pid"
equal "a full disk ends it, with an error" 1 $?

# ------------------------------------------------------------- tracepoints

[[ -e $tracing/events ]] || mount -t tracefs tracefs "$tracing" 2> /dev/null
if [[ -d $tracing/events/zpf ]] && mkdir "$tracing/instances/$T" 2> /dev/null; then
	t=$tracing/instances/$T
	echo 1 > "$t/events/zpf/drop/enable"
	echo 'len == 805 || len == 825' > "$t/events/zpf/verdict/filter"
	echo 1 > "$t/events/zpf/verdict/enable"
	probes <<-EOF
	drop a b @ udp 1000 2 len 777 count 3
	pass a b @ udp 1000 1 len 777
	EOF
	echo 0 > "$t/events/zpf/enable"
	grep -o 'zpf_.*\|drop: .*\|verdict: .*' "$t/trace" > "$tmp/trace"
	equal "zpf:drop, every dropped packet" 3 "$(grep -c \
		'^drop: .* family=2 from=A to=B ruleset=M-AB rule=0 reason=default len=805 action=drop$' "$tmp/trace")"
	equal "zpf:drop, IPv6" 3 "$(grep -c \
		'^drop: .* family=10 from=A to=B ruleset=M-AB rule=0 reason=default len=825 action=drop$' "$tmp/trace")"
	equal "zpf:verdict, dropped" 6 "$(grep -c '^verdict: .* hook=forward .* action=drop$' "$tmp/trace")"
	equal "zpf:verdict, accepted" 2 "$(grep -c '^verdict: .* hook=forward .* action=accept$' "$tmp/trace")"
else
	skip "zpf:drop, every dropped packet" "no tracefs"
fi
