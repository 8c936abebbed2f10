#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Commits that have to be confirmed: what comes back if they are not, by the
# timer or by hand, and that nothing else does.
#
#	[ a ]--eth1.10--[ r ]--eth1.40--[ b ]     zones A, B, the router: L
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

setup_router
add_host a 10
add_host b 40

# policy PORT [LINE]: rule 10 is in all of them, rule 20 accepts the port.
policy() {
	cat <<-EOF
	zone A member interface eth1.10
	zone B member interface eth1.40
	zone L local-zone
	zone B from A firewall @name LAB
	zone L from A firewall @name LAL
	@ip name LAB default-action drop
	@ip name LAB rule 10 action accept
	@ip name LAB rule 10 protocol udp
	@ip name LAB rule 10 destination port 1
	@ip name LAB rule 20 action accept
	@ip name LAB rule 20 protocol udp
	@ip name LAB rule 20 destination port $1
	@ip name LAL default-action drop
	@ip name LAL rule 10 action accept
	@ip name LAL rule 10 protocol udp
	@ip name LAL rule 10 destination port $1
	${2-}
	EOF
}

zpfctl() { "$ZPFCTL" -n "$R" "$@" > "$tmp/out" 2>&1; }

# nothing_waits NAME COMMAND...: fails, and says so.
nothing_waits() {
	local name=$1
	shift
	if "$@"; then
		result not-ok "$name" "it was done: $(< "$tmp/out")"
	else
		check "$name" grep -q 'no commit waits to be confirmed' "$tmp/out"
	fi
}

running() { [[ $(status generation) == "$1" ]]; }
waits() { status confirm_seconds_left; }

# zone_of INTERFACE
zone_of() {
	"$ZPFCTL" -n "$R" --json show zones |
		jq -r --arg i "$1" '.zones[] | select(any(.members[]; .name == $i and .present)) | .name'
}

# ------------------------------------------------------ the first one of all

monitor "$tmp/events" --json commits
load --confirm 1h < <(policy 2)
check "the operator is told" grep -q '^note: what was before comes back in 3600 seconds' "$tmp/load"
left=$(waits)
check "show status counts down" test "$left" -gt 3500 -a "$left" -le 3600
zpfctl show status
check "and says to what" grep -q 'or nothing is filtered again' "$tmp/out"
probes <<-EOF
pass a b @ udp 1000 2
drop a b @ udp 1000 3 : it is enforced while it waits
EOF
zpfctl rollback
equal "rolled back, nothing is filtered" "nothing is filtered again, as before generation 1" "$(< "$tmp/out")"
equal "the mode says so" "off null" "$(status mode) $(waits)"
probes <<-EOF
pass a b @ udp 1001 3
EOF
nothing_waits "it cannot be rolled back twice" zpfctl rollback
nothing_waits "nor be confirmed then" zpfctl confirm
zpfctl disarm closed
load --confirm 5 < <(policy 2)
zpfctl show status
check "closed comes back where it was" grep -q 'or nothing is forwarded again' "$tmp/out"
zpfctl rollback
equal "rolled back, nothing is forwarded" "nothing is forwarded again, as before generation 2" "$(< "$tmp/out")"
probes <<-EOF
drop a b @ udp 1002 1
pass a r @ udp 1002 9
EOF
wait_for 30 got "$tmp/events" 2 '.event == "reverted"'
equal "as events" '["off",null] ["closed",null]' \
	"$(jq -c 'select(.event == "reverted") | [.mode, .generation]' "$tmp/events" | xargs -d '\n')"

# ---------------------------------------------------------------- the timer

load < <(policy 2)
start=$(status generation)
probes <<-EOF
pass a b @ udp 1010 1
pass a b @ udp 1010 2 count 2
pass a r @ udp 1010 2
EOF
policy 3 | cfg > "$tmp/locked"
before=$EPOCHREALTIME
zpfctl load --confirm 20s "$tmp/locked" || bail "$(< "$tmp/out")"
equal "it is the next generation" $((start + 1)) "$(status generation)"
probes <<-EOF
drop a r @ udp 1011 2 : the operator is locked out
EOF
check "and let in again" wait_for 60 running "$start"
after=$EPOCHREALTIME
check "not before the time is over" test $((${after/./} - ${before/./})) -ge 20000000
probes <<-EOF
pass a r @ udp 1012 2
pass a b @ udp 1012 1
pass a b @ udp 1012 2
drop a b @ udp 1012 3
EOF
expect_counters "with the counters there were" <<-EOF
A B @ LAB 10 2
A B @ LAB 20 3
A B @ LAB default 1
A L @ LAL 10 2
A L @ LAL default 1
EOF
"$ZPFCTL" -n "$R" show config --set > "$tmp/config-now"
zpfctl check "$tmp/config-now"
check "and the source" test "$(grep -c 'port .\?2' "$tmp/config-now")" -gt 0 -a "$(grep -c 'port .\?3' "$tmp/config-now")" -eq 0
wait_for 30 got "$tmp/events" 3 '.event == "reverted"'
equal "as events, in order" "[\"commit\",$((start + 1))] [\"confirm\",$((start + 1)),20] [\"reverted\",\"armed\",$start]" \
	"$(jq -c '[.event, .mode, .generation, .seconds] | map(select(. != null))' "$tmp/events" | tail -n 3 | xargs -d '\n')"
nothing_waits "nothing waits any more" zpfctl confirm
load < <(policy 4)
equal "numbers go on" $((start + 2)) "$(status generation)"

# ---------------------------------------------------------------- confirmed

start=$(status generation)
load --confirm 8s < <(policy 5)
zpfctl confirm
equal "it is confirmed" "generation $((start + 1)) stays" "$(< "$tmp/out")"
equal "nothing waits" null "$(waits)"
sleep 9
probes <<-EOF
pass a b @ udp 1020 5 : and stays when the time is over
EOF
wait_for 30 got "$tmp/events" 1 '.event == "confirmed"'
equal "as an event" $((start + 1)) "$(jq 'select(.event == "confirmed") | .generation' "$tmp/events")"
nothing_waits "confirmed twice" zpfctl confirm
nothing_waits "rolled back behind it" zpfctl rollback
load --confirm 60s < <(policy 6)
"$ZPFCTL" -n "$R" --json confirm > "$tmp/out" 2>&1
equal "as JSON" "{\"ok\":true,\"generation\":$((start + 2))}" "$(jq -c . "$tmp/out")"
load --confirm 60s < <(policy 7)
"$ZPFCTL" -n "$R" --json rollback > "$tmp/out" 2>&1
equal "rolled back, as JSON" "{\"ok\":true,\"generation\":$((start + 2)),\"mode\":\"armed\"}" "$(jq -c . "$tmp/out")"

# -------------------------------------------------------- commits meanwhile

start=$(status generation)
load --confirm 60s < <(policy 7)
next=$(status generation)
policy 8 | cfg > "$tmp/other"
if zpfctl load "$tmp/other"; then
	result not-ok "a commit without a timer is refused" "$(< "$tmp/out")"
else
	check "a commit without a timer is refused" grep -q 'waits to be confirmed: confirm it, roll it back' "$tmp/out"
fi
equal "and changes nothing" "$next" "$(status generation)"
zpfctl load --confirm 1h "$tmp/other"
equal "one with a timer is done" $((next + 1)) "$(status generation)"
check "and begins the time again" test "$(waits)" -gt 3000
echo 'set firewall ipv4 name LAB rule 30 action accept' > "$tmp/change"
zpfctl merge --confirm 30m "$tmp/change"
equal "a merge too" $((next + 2)) "$(status generation)"
zpfctl rollback
equal "all of them go" "generation $start is back" "$(< "$tmp/out")"
probes <<-EOF
pass a b @ udp 1030 6
drop a b @ udp 1030 7
drop a b @ udp 1030 8
EOF
load --confirm 1s < <(policy 7)
zpfctl disarm open
sleep 2
equal "disarmed, nothing comes back" "off null" "$(status mode) $(waits)"
probes <<-EOF
pass a b @ udp 1031 99
EOF
for bad in 0 0s 90x -5 1d1 25h '' 2d; do
	zpfctl load --confirm="$bad" "$tmp/other"
	equal "--confirm '$bad' is no time" 2 $?
done

# --------------------------------------------------------------- interfaces

load < <(policy 2 "zone A member interface hold*")
ip -n "$R" link add hold1 type dummy
ip -n "$R" link add hold2 type dummy
load --confirm 60s < <(policy 3 "zone B member interface eth1.77")
ip -n "$R" link add hold3 type dummy
ip -n "$R" link del hold1
ip -n "$R" link set hold2 name gone2
ip -n "$R" link add link eth1 name hold4 type vlan id 77
equal "while it waits, interfaces are in its zones" "/" "$(zone_of hold3)/$(zone_of hold4)"
zpfctl rollback
equal "those that came belong where they did, those that went nowhere" "//A/A" \
	"$(zone_of hold1)/$(zone_of gone2)/$(zone_of hold3)/$(zone_of hold4)"
for i in gone2 hold3 hold4; do ip -n "$R" link del $i; done

# ---------------------------------------------------------- kernel settings

cookies() { nsx r cat /proc/sys/net/ipv4/tcp_syncookies; }
was=$(cookies)
load --confirm 60s < <(policy 2 "global-options syn-cookies disable")
check "the operator is told of kernel settings" grep -q '^note: 1 kernel settings' "$tmp/load"
equal "they wait too" "$was" "$(cookies)"
zpfctl rollback
equal "and are not made if it is rolled back" "$was" "$(cookies)"
load --confirm 60s < <(policy 2 "global-options syn-cookies disable")
zpfctl confirm
equal "they are made when it is confirmed" 0 "$(cookies)"

# -------------------------------------------------------------------- races

load < <(policy 2)
policy 3 | cfg > "$tmp/other"
sink in:1
stayed=0 reverted=0 delay=500 wrong=''
for f in 4 6; do flood "$tmp/flood$f" $f 1 0 1; done
for ((i = 0; i < 12; i++)); do
	start=$(status generation)
	zpfctl load --confirm 1s "$tmp/other" || bail "$(< "$tmp/out")"
	read -r _ next _ < "$tmp/out"
	sleep "$(printf 0.%03d $delay)"
	if zpfctl confirm; then
		((++stayed, delay = delay < 900 ? delay + 80 : 980))
		running "${next%:}" || wrong+="confirmed, but $(status generation); "
	else
		((++reverted, delay = delay > 80 ? delay - 80 : 0))
		grep -qE 'no commit waits|another generation' "$tmp/out" || wrong+="$(< "$tmp/out"); "
		wait_for 30 running "$start" || wrong+="not back, but $(status generation); "
	fi
	[[ $(waits) == null ]] || wrong+="something waits behind it; "
done
equal "at the last moment it is confirmed or not, nothing between" "12 " "$((stayed + reverted)) $wrong"
say "confirmed at the last moment: $stayed, too late: $reverted"
for ((i = 0; i < 25; i++)); do
	zpfctl load --confirm 60s "$tmp/other" || bail "$(< "$tmp/out")"
	ip -n "$R" link add churn type dummy
	zpfctl rollback || bail "$(< "$tmp/out")"
	ip -n "$R" link del churn
done
stop_jobs
for f in 4 6; do
	equal "under all this no packet is judged by neither, IPv$f" "$(flood_sent "$tmp/flood$f")" "$(sunk in$f)"
done
equal "and every one is counted" "$(($(flood_sent "$tmp/flood4") + $(flood_sent "$tmp/flood6")))" \
	"$(counters | awk '$4 == "LAB" && $5 == 10 { n += $6 } END { print n }')"

# --------------------------------------------------------------- namespaces

cat > "$tmp/ns" <<-EOF
set firewall zone A member interface za0
set firewall zone B member interface zb0
EOF
for ((i = 0; i < 6; i++)); do
	ip netns add "$T-gone"
	"$ZPFCTL" -n "$T-gone" load --force "$tmp/ns" > "$tmp/out" 2>&1 || bail "$(< "$tmp/out")"
	"$ZPFCTL" -n "$T-gone" load --force --confirm $((1 + 3600 * (i & 1)))s "$tmp/ns" > "$tmp/out" 2>&1 ||
		bail "$(< "$tmp/out")"
	sleep 0.$((90 + i))
	ip netns del "$T-gone"
done
result ok "a namespace goes while a commit waits in it"
