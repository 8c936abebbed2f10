#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Everything at once for DURATION seconds: commits, traffic in both families,
# interfaces that come, go and are renamed, dumps, clears, half transactions,
# namespaces that are armed and deleted. Then the kernel log must be silent,
# the traffic must have flowed and the policy must be as written.
#
#	[ a ]--eth1.10--[ r ]--eth1.40--[ b ]     zones A, B
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

DURATION=${DURATION:-15}
loops=()

# shellcheck disable=SC2317 # called by finish
cleanup() {
	stop_jobs
	((${#loops[@]} == 0)) || kill "${loops[@]}" 2>/dev/null
}

# trouble: what the kernel has complained about.
trouble() {
	dmesg | grep -E 'RIP:|Call Trace:|WARNING:|BUG:|ref_tracker:|UBSAN:|ODEBUG:' |
		grep -c -v 'zpf-vm'
}

setup_router
add_host a 10
add_host b 40
silence=$(trouble)
taint=$(< /proc/sys/kernel/tainted)
for i in 0 1; do
	cfg <<-EOF > "$tmp/policy$i"
	zone A member interface eth1.10
	zone B member interface eth1.40
	zone C member interface eth1.9*
	zone C member interface churn*
	zone L local-zone
	zone B from A firewall @name SAB
	zone A from B firewall @name SBA
	zone L from A firewall @name SBA
	zone A from L firewall @name SBA
	global-options state-policy established action accept
	@ip name SAB rule $((10 + i)) action accept
	@ip name SAB rule $((10 + i)) protocol udp
	@ip name SAB rule $((10 + i)) destination port 1
	@ip name SAB rule 50 action drop
	@ip name SAB rule 50 log
	@ip name SAB rule 50 log-options level info
	@ip name SAB rule 50 protocol udp
	@ip name SAB rule 50 destination port 2
	@ip name SAB rule 60 action drop
	@ip name SAB rule 60 protocol udp
	@ip name SAB rule 60 limit rate 10/second
	@ip name SBA default-action accept
	EOF
done
load < "$tmp/policy0"
sink accepted:1

for f in 4 6; do
	flood "$tmp/accepted$f" $f 1 0 2
	flood "$tmp/dropped$f" $f 2 $(($(nproc) - 1)) 2
done
background r hammer "$tmp/dumps"
background r hammer "$tmp/clears" COUNTER_CLEAR STATUS_GET TXN_BEGIN ZONE_GET
background r events "$tmp/events" 1000000

end=$((SECONDS + DURATION))
(
	rounds=0
	while ((SECONDS < end)); do
		for i in 1 0; do
			if "$ZPFCTL" -n "$R" load "$tmp/policy$i" > "$tmp/last" 2>&1; then
				((++rounds))
			else
				cat "$tmp/last" >&2
			fi
		done
	done
	echo $rounds > "$tmp/commits"
) 2> "$tmp/commits.err" &
loops+=($!)
(
	rounds=0
	while ((SECONDS < end)); do
		ip -n "$R" -batch - <<-EOF
		link add churn0 type dummy
		link add link eth1 name eth1.90 type vlan id 90
		link add link eth1 name far0 index $((1000000 + rounds)) type vlan id 91
		link set eth1.90 up
		link set far0 name churn1
		link set churn1 up
		link set eth1.90 down
		link set eth1.90 name lost
		link del churn0
		link del lost
		link set churn1 down
		link set churn1 name eth1.91
		link del eth1.91
		EOF
		((++rounds))
	done
	echo $rounds > "$tmp/churns"
) 2> "$tmp/churns.err" &
loops+=($!)
(
	rounds=0
	while ((SECONDS < end)); do
		ns=$T-s$((rounds % 2))
		ip netns add "$ns"
		ip -n "$ns" link add za0 type dummy
		ip netns exec "$ns" python3 "$ZPFNL" load za0 zb0 > /dev/null
		ip netns del "$ns"
		((++rounds))
	done
	echo $rounds > "$tmp/spaces"
) 2> "$tmp/spaces.err" &
loops+=($!)
wait "${loops[@]}"
loops=()
stop_jobs

for what in commits churns spaces; do
	say "$what: $(< "$tmp/$what")"
	check "$what went on" test "$(< "$tmp/$what")" -gt 0
	equal "$what met no error" "" "$(head -c 300 "$tmp/$what.err")"
done
for f in accepted4 accepted6 dropped4 dropped6; do
	sent=$(flood_sent "$tmp/$f")
	say "$f: $sent packets"
	check "$f: traffic flowed" test "${sent:-0}" -gt 0
done
for f in dumps clears; do
	say "$f, done and refused: $(sed -n 's/^done //p' "$tmp/$f")"
	check "$f were answered" grep -qE '^done [1-9]' "$tmp/$f"
done
say "events: $(wc -l < "$tmp/events")"
equal "the generations are the commits" $((1 + $(< "$tmp/commits"))) "$(status generation)"
flush
load < "$tmp/policy0"
probes <<-EOF
pass a b @ udp 7 1
drop a b @ udp 7 2
pass b a @ udp 7 7 : the policy is as written
EOF
equal "the kernel did not complain" "$silence" "$(trouble)"
equal "nor is it tainted by more" "$taint" "$(< /proc/sys/kernel/tainted)"
