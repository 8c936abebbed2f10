#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Counters: what a commit keeps and what it resets (SEMANTICS D6), exactness
# under traffic while policies are replaced, clearing, bytes, last hit.
#
#	[ a ]--eth1.10--[ r ]--eth1.40--[ b ]     zones A, B
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

# reload: the configuration on standard input, without touching the counters.
reload() {
	cfg > "$tmp/config"
	"$ZPFCTL" -n "$R" load "$tmp/config" > "$tmp/load" 2>&1 ||
		bail "load failed: $(< "$tmp/load")"
}

# keeps NAME: the counters are those on standard input, and stay.
keeps() {
	local want got
	want=$(while read -r line; do
		case $line in
		*' @ '*) echo "${line/ @ / ipv4 }"; echo "${line/ @ / ipv6 }" ;;
		*) echo "$line" ;;
		esac
	done | sort)
	got=$(counters)
	equal "$1" "$want" "$got"
}

setup_router
add_host a 10
add_host b 40

# -------------------------------------------------- over a commit (D6)

base=$(cat <<-EOF
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name CAB
zone A from B firewall @name CBA
group port-group PG port 30
@ip name CAB default-action drop
@ip name CAB rule 10 action accept
@ip name CAB rule 10 protocol udp
@ip name CAB rule 10 destination port 10
@ip name CAB rule 20 action drop
@ip name CAB rule 20 protocol udp
@ip name CAB rule 20 destination port 20
@ip name CAB rule 30 action accept
@ip name CAB rule 30 protocol udp
@ip name CAB rule 30 destination group port-group PG
@ip name CAB rule 40 action jump
@ip name CAB rule 40 jump-target CSUB
@ip name CAB rule 40 protocol udp
@ip name CAB rule 40 destination port 40
@ip name CSUB default-action return
@ip name CSUB rule 5 action accept
@ip name CSUB rule 5 protocol udp
@ip name CSUB rule 5 source port 1005
@ip name CBA default-action accept
EOF
)
load <<< "$base"
probes <<-EOF
pass a b @ udp 1000 10
drop a b @ udp 1000 20 count 2
pass a b @ udp 1000 30 count 3
pass a b @ udp 1005 40 count 4
drop a b @ udp 1000 40 count 5
drop a b @ udp 1000 99 count 6
pass b a @ udp 1001 99 count 7
EOF
all="A B @ CAB 10 1
A B @ CAB 20 2
A B @ CAB 30 3
A B @ CAB 40 9
A B @ CSUB 5 4
A B @ CSUB default 5
A B @ CAB default 11
B A @ CBA default 7"
keeps "every packet is counted once by each rule it meets" <<< "$all"
reload <<< "$base"
keeps "the same configuration again keeps every counter" <<< "$all"
reload <<-EOF
$base
@ip name CAB description words
@ip name CAB rule 10 description words
@ip name CAB rule 10 log
@ip name CAB rule 10 log-options level info
@ip name CAB default-log
zone A description words
EOF
keeps "descriptions and log options change no counter" <<< "$all"
reload <<-EOF
$base
group port-group PG port 31-39
group port-group PG description words
EOF
keeps "what is in a group changes no counter" <<< "$all"
reload <<-EOF
$base
@ip name CAB rule 15 action accept
@ip name CAB rule 15 protocol udp
@ip name CAB rule 15 destination port 15
@ip name NEW rule 1 action accept
zone C member interface eth9
zone C from A firewall @name NEW
EOF
keeps "new rules, rulesets and zones change no counter" <<< "$all"
reload <<< "$base"
keeps "nor does taking them away" <<< "$all"
reload <<-EOF
$base
@ip name CAB rule 10 destination port 11
@ip name CAB rule 20 action reject
@ip name CSUB rule 5 disable
EOF
keeps "a rule that means something else starts from zero, alone" <<-EOF
A B @ CAB 30 3
A B @ CAB 40 9
A B @ CSUB default 5
A B @ CAB default 11
B A @ CBA default 7
EOF
reload <<< "$base"
keeps "and does not find its old count again" <<-EOF
A B @ CAB 30 3
A B @ CAB 40 9
A B @ CSUB default 5
A B @ CAB default 11
B A @ CBA default 7
EOF
reload <<-EOF
$base
@ip name CAB default-action reject
@ip name CAB rule 30 state new
zone A from B firewall @name CAB
EOF
keeps "a default action, a further match, another ruleset for a pair" <<-EOF
A B @ CAB 40 9
A B @ CSUB default 5
EOF
clear_counters

# ------------------------------------------------- bytes, last hit, clear

load <<< "$base"
equal "a rule that never matched has no last hit" null "$(hits A B 4 CAB 10 last_hit)"
t0=$(date +%s)
probes <<-EOF
pass a b @ udp 1000 10 len 100
pass a b @ udp 1000 10 len 0 count 2
EOF
equal "ipv4: bytes are those from the IP header on" $((128 + 2 * 28)) "$(hits A B 4 CAB 10 bytes)"
equal "ipv6: bytes are those from the IP header on" $((148 + 2 * 48)) "$(hits A B 6 CAB 10 bytes)"
last=$(date -d "$(hits A B 4 CAB 10 last_hit)" +%s)
check "the last hit is now" test "$last" -ge $((t0 - 1)) -a "$last" -le $(($(date +%s) + 1))

# last_ns: newest hit of rule 10 of A to B, IPv4, in CLOCK_BOOTTIME.
last_ns() {
	nsx r python3 "$ZPFNL" dump COUNTER_GET |
		jq -s 'map(select(.RULESET == "CAB" and .NUMBER == 10 and .FAMILY == 2)) | .[0].LAST_NS'
}
first=$(last_ns)
equal "the second client reads the same counters" 1 "$(nsx r python3 "$ZPFNL" dump COUNTER_GET |
	jq -s 'map(select(.RULESET == "CAB" and .NUMBER == 10 and .FAMILY == 2 and
		.PACKETS == 3 and .BYTES == 184)) | length')"
probes <<-EOF
drop a b 4 udp 1000 20
EOF
same() { (($1 - $2 < 20000000 && $2 - $1 < 20000000)); }
check "a hit of another rule does not touch it" same "$first" "$(last_ns)"
probes <<-EOF
pass a b 4 udp 1000 10
EOF
check "a later hit is later" test "$(last_ns)" -gt "$first"
kept=$(last_ns)
reload <<< "$base"
check "the last hit is kept over a commit" same "$kept" "$(last_ns)"
clear_counters
equal "clear: packets" 0 "$(hits A B 4 CAB 10 packets)"
equal "clear: bytes" 0 "$(hits A B 4 CAB 10 bytes)"
equal "clear: last hit" null "$(hits A B 4 CAB 10 last_hit)"
reload <<< "$base"
equal "a cleared counter stays cleared over a commit" "0 0 null" \
	"$(hits A B 4 CAB 10 packets) $(hits A B 4 CAB 10 bytes) $(hits A B 4 CAB 10 last_hit)"
probes <<-EOF
pass a b 4 udp 1000 10 len 2
EOF
equal "and counts from zero" "1 30" "$(hits A B 4 CAB 10 packets) $(hits A B 4 CAB 10 bytes)"
clear_counters

# ------------------------------------------------------------- processors

if (($(nproc) > 1)); then
	helper=$ZSEND
	for cpu in 0 1; do
		ZSEND=$tmp/zsend-$cpu
		printf '#!/bin/sh\nexec taskset -c %d "%s" "$@"\n' "$cpu" "$helper" > "$ZSEND"
		chmod +x "$ZSEND"
		probes <<-EOF
		pass a b @ udp 1000 10 count $((100 + cpu))
		drop a b @ udp 1000 20 count $((50 + cpu))
		EOF
	done
	ZSEND=$helper
	expect_counters "counters are summed over the processors" <<-EOF
	A B @ CAB 10 201
	A B @ CAB 20 101
	EOF
else
	skip "counters are summed over the processors" "one processor"
fi

# ------------------------------------------- replacing policies in traffic
# Two policies of the second client differ in what a set holds, so each packet
# is either accepted by rule 20 (IPv6: 10) or dropped by the default. These
# counters live on over the commits: together they must be what was sent, and
# the accepting one what arrived.

sink got:80
commits() { nsx r python3 "$ZPFNL" commits "$1" eth1.10 eth1.40 81 80 > "$tmp/commits" 2>&1; }
commits 2 || bail "$(< "$tmp/commits")"
for f in 4 6; do
	flood "$tmp/flood$f" $f 80 $((f / 6 % $(nproc)))
done
generation=$(status generation)
check "50 commits under traffic" commits 50
equal "are 50 generations" $((generation + 50)) "$(status generation)"
stop_jobs

# count FAMILY NUMBER FIELD: of the pair's own table.
count() {
	jq -s --argjson f $(($1 == 4 ? 2 : 10)) --argjson n "$2" --arg x "$3" '[.[] |
		select(.FAMILY == $f and .FROM == 1 and .TO == 2 and .NUMBER == $n and
			.RULESET == .TABLE) | .[$x]] | add' "$tmp/dump"
}
nsx r python3 "$ZPFNL" dump COUNTER_GET > "$tmp/dump"
for f in 4 6; do
	sent=$(flood_sent "$tmp/flood$f")
	got=$(sunk got$f)
	accepted=$(count $f $((f == 4 ? 20 : 10)) PACKETS)
	dropped=$(count $f 0 PACKETS)
	say "ipv$f: $sent sent, $accepted accepted, $dropped dropped, $got arrived"
	equal "ipv$f: no packet is judged by neither policy or by both" "$sent" \
		$((accepted + dropped))
	equal "ipv$f: what was counted as accepted is what arrived" "$accepted" "$got"
	check "ipv$f: both policies have judged" test "$accepted" -gt 0 -a "$dropped" -gt 0
	equal "ipv$f: bytes are as exact" $((accepted * (f == 4 ? 36 : 56))) \
		"$(count $f $((f == 4 ? 20 : 10)) BYTES)"
done
