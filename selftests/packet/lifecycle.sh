#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The life of the module and of a policy: who may do what, loading, unloading,
# disarming, clients that die, transactions that meet or fail. Unloads the
# module, so nothing else may run at the time.
#
#	[ a ]--eth1.10--[ r ]--eth1.40--[ b ]     zones A, B
#
# shellcheck disable=SC2034 # read by run.sh
ALONE=1
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"


# shellcheck disable=SC2317 # called by finish
cleanup() {
	stop_jobs
	[[ -e /sys/module/zpf ]] || insmod "$ZPF_KO"
}

refs() { cat /sys/module/zpf/refcnt; }

# refused NAME WORDS COMMAND...: fails, and says so in these words.
refused() {
	local name=$1 words=$2
	shift 2
	if "$@" > "$tmp/out" 2>&1; then
		result not-ok "$name" "it was done: $(< "$tmp/out")"
	elif grep -qiE "$words" "$tmp/out"; then
		result ok "$name"
	else
		result not-ok "$name" "it said: $(< "$tmp/out")"
	fi
}

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }

[[ ${ZPF_KO-} ]] || bail "ZPF_KO does not name the module"
setup_router
add_host a 10
add_host b 40
policy=$(cat <<-EOF
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name LAB
@ip name LAB rule 10 action accept
@ip name LAB rule 10 protocol udp
@ip name LAB rule 10 destination port 1
EOF
)

# -------------------------------------------------------- not loaded at all

rmmod zpf || bail "the module cannot be unloaded before the test"
equal "the module has no alias to be loaded by" "" "$(modinfo -F alias "$ZPF_KO")"
equal "asking for the family does not load it" "family ENOENT" "$(python3 "$ZPFNL" ops)"
equal "nor does anybody else" "family ENOENT" "$(as_nobody python3 "$ZPFNL" ops)"
check "it is not loaded" test ! -e /sys/module/zpf
refused "zpfctl says so" 'module|zpf' "$ZPFCTL" -n "$R" show status
insmod "$ZPF_KO" || bail "insmod"
equal "loading it holds nothing" 0 "$(refs)"
probes <<-EOF
pass a b @ udp 1000 2
pass b a @ udp 1000 2 : loading it stops nothing
EOF
rmmod zpf
check "it is unloaded again" test ! -e /sys/module/zpf
insmod "$ZPF_KO"

# -------------------------------------------------------------- privileges

load <<< "$policy"
probes <<-EOF
pass a b @ udp 1000 1
EOF
# All of the header but the notification and the 0 in front.
operations=$(($(grep -cE '^	ZPF_CMD_[A-Z_]+,$' "$zpf_top/uapi/linux/zpf.h") - 2))
# The group of a namespace of one's own may be joined: nobody sends there.
for who in "another user:as_nobody" "root of a user namespace:as_nobody unshare -Ur" \
	"root of a user and network namespace:as_nobody unshare -Urn"; do
	got=$(nsx r bash -c "$(declare -f as_nobody); ${who#*:} python3 $ZPFNL ops" 2>&1)
	other=$(grep -v ' EPERM$' <<< "$got")
	[[ $who != *-Urn || $other != "join 0" ]] || other=''
	equal "${who%%:*} is refused every operation" "$operations" "$(grep -v ^join <<< "$got" | grep -c ' EPERM$')"
	equal "and nothing else happens" "" "$other"
	refused "${who%%:*} is told by zpfctl" 'permi|privilege|administrator|root' nsx r \
		bash -c "$(declare -f as_nobody); ${who#*:} $ZPFCTL show status"
done
equal "the policy is untouched" "1 true" "$(status generation) $(status armed)"
expect_counters "and its counters" <<-EOF
A B @ LAB 10 1
EOF

# ------------------------------------------------------------ armed, closed

refused "an armed module is not unloaded" 'in use|busy|unavailable' rmmod zpf
probes <<-EOF
pass a b @ udp 1001 1
drop a b @ udp 1001 2 : and goes on filtering
EOF
"$ZPFCTL" -n "$R" disarm closed > "$tmp/out" 2>&1 || bail "disarm: $(< "$tmp/out")"
probes <<-EOF
drop a b @ udp 1001 1
drop a b @ tcp 1001 1 S
drop b a @ udp 1 1001
drop b a @ ping : disarmed closed, nothing is forwarded
pass a r @ udp 1001 1
pass r a @ udp 1001 1 : to and from the router everything passes
EOF
equal "it is not armed" false "$(status armed)"
refused "and the module is not unloaded" 'in use|busy|unavailable' rmmod zpf
ip -n "$R" link add link eth1 name eth1.90 type vlan id 90
ip -n "$R" link set eth1.90 name renamed
ip -n "$R" link del renamed
result ok "interfaces come and go meanwhile"
load <<< "$policy"
probes <<-EOF
pass a b @ udp 1002 1
drop a b @ udp 1002 2 : a load arms again
EOF
equal "with the next generation" "2 true" "$(status generation) $(status armed)"
"$ZPFCTL" -n "$R" disarm closed > /dev/null
"$ZPFCTL" -n "$R" disarm open > /dev/null
probes <<-EOF
pass a b @ udp 1002 2
pass b a @ udp 1002 3 : closed, then open
EOF
equal "disarmed open, nothing holds the module" 0 "$(refs)"
check "and it is unloaded" rmmod zpf
insmod "$ZPF_KO"

# ----------------------------------------------------------- clients that die

nsx r python3 "$ZPFNL" kill eth1.10 eth1.40 > "$tmp/stages" 2>&1 || bail "$(< "$tmp/stages")"
equal "killed at any message before the commit, a first load changes nothing" "" \
	"$(sed '$d' "$tmp/stages" | grep -v ' 0$')"
equal "killed after it, all is loaded" "commit 1" "$(tail -n 1 "$tmp/stages")"
equal "only the policy holds the module" 1 "$(refs)"
nsx r python3 "$ZPFNL" kill eth1.10 eth1.40 > "$tmp/stages" 2>&1
equal "killed at any message, a later load changes nothing" "" \
	"$(sed '$d' "$tmp/stages" | grep -v ' 1$')"
load <<< "$policy"
generation=$(status generation)
for ms in 005 010 015 020 025 030 040 050 060 080 100 150; do
	timeout -s KILL "0.$ms" "$ZPFCTL" -n "$R" load "$tmp/config" > /dev/null 2>&1
done 2>/dev/null
got=$(status generation)
check "zpfctl killed at any time leaves a whole policy" test "$got" -ge "$generation" \
	-a "$got" -le $((generation + 12))
load <<< "$policy"
equal "and the next load is done" $((got + 1)) "$(status generation)"
probes <<-EOF
pass a b @ udp 1003 1
drop a b @ udp 1003 2
EOF
expect_counters "as written" <<-EOF
A B @ LAB 10 1
A B @ LAB default 1
EOF

# ----------------------------------------------- transactions, failing loads

probes <<-EOF
pass a b @ udp 1004 1 count 3
EOF
generation=$(status generation)
for bad in "zone B from A firewall name NONE" "ipv4 name LAB rule 10 destination port 99999" \
	"zone C member interface eth1.40"; do
	{ cfg <<< "$policy"; echo "set firewall $bad"; } > "$tmp/bad"
	refused "a load is refused: $bad" "$tmp/bad:" "$ZPFCTL" -n "$R" load "$tmp/bad"
done
equal "the generation is what it was" "$generation" "$(status generation)"
expect_counters "and the counters" <<-EOF
A B @ LAB 10 3
EOF
echo 'set firewall ipv4 name LAB rule 20 action accept' > "$tmp/change"
check "a merge is done" "$ZPFCTL" -n "$R" merge "$tmp/change"
echo 'set firewall ipv4 name LAB rule 30 jump-target NONE' > "$tmp/change"
refused "a merge is refused" "$tmp/change:" "$ZPFCTL" -n "$R" merge "$tmp/change"
equal "and changes nothing" $((generation + 1)) "$(status generation)"
probes <<-EOF
pass a b 4 udp 1005 9
drop a b 6 udp 1005 9 : what was merged before is in force
EOF
for ((i = 0; i < 4; i++)); do
	echo "set firewall ipv4 name LAB rule $((40 + i)) action drop" > "$tmp/change$i"
	"$ZPFCTL" -n "$R" merge "$tmp/change$i" > "$tmp/merge$i" 2>&1 &
	jobs+=($!)
done
done=0
for ((i = 0; i < 4; i++)); do
	if wait "${jobs[i]}"; then ((++done)); else say "merge: $(< "$tmp/merge$i")"; fi
done
jobs=()
equal "of merges at the same time none is lost in silence" "$done" \
	"$("$ZPFCTL" -n "$R" show config --set | grep -c 'rule 4[0-3] action')"
ktap nsx r python3 "$ZPFNL" txn eth1.10 eth1.40

# ------------------------------------------------- unloading under requests

"$ZPFCTL" -n "$R" disarm open > /dev/null
for i in 1 2; do
	background r hammer "$tmp/hammer$i"
done
for ((i = 0; i < 10; i++)); do
	wait_for 20 rmmod zpf 2>/dev/null || bail "rmmod: refs $(refs)"
	insmod "$ZPF_KO" || bail "insmod"
done
result ok "the module is unloaded and loaded ten times under requests"
stop_jobs
say "requests done, refused: $(sed -n 's/^done //p' "$tmp"/hammer? | tr '\n' ' ')"
sink got:1
flood "$tmp/flood" 4 1
for ((i = 0; i < 8; i++)); do
	load <<< "$policy"
	rmmod zpf 2>/dev/null && bail "unloaded while armed"
	"$ZPFCTL" -n "$R" disarm open > /dev/null || bail "disarm"
	rmmod zpf || bail "rmmod: refs $(refs)"
	insmod "$ZPF_KO"
done
result ok "armed, disarmed and unloaded eight times under traffic"
stop_jobs
ip netns add "$T-gone"
ip netns exec "$T-gone" python3 "$ZPFNL" load > "$tmp/out" 2>&1 || bail "$(< "$tmp/out")"
equal "an armed namespace holds the module" 1 "$(refs)"
ip netns del "$T-gone"
unheld() { [[ $(refs) == 0 ]]; }
check "deleted, it holds it no more" wait_for 20 unheld
