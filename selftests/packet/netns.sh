#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Network namespaces have nothing to do with one another, a module that is only
# loaded does nothing, and a namespace may go at any time.
#
#	[ a ]--eth1.10--[ r ]--eth1.40--[ b ]     twice, with the same addresses
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

whole=$T

# shellcheck disable=SC2317 # called by finish
cleanup() {
	T=$whole
	stop_jobs
}

# use 1|2: which of the two routers everything below is about.
use() {
	T=$whole-$1 R=$whole-$1-r
	zsend_hosts=("router r $R" "host a $T-a eth0 10" "host b $T-b eth0 40")
}

for i in 1 2; do
	use $i
	setup_router
	add_host a 10
	add_host b 40
done

# tracked: connections of the router's namespace.
tracked() { nsx r cat /proc/sys/net/netfilter/nf_conntrack_count; }

# hooks: how many hooks of zpf the namespace has, or "unknown".
hooks() { nsx r python3 "$ZPFNL" hooks; }

# hooked NAME N
hooked() {
	local got
	got=$(hooks)
	if [[ $got == unknown ]]; then
		skip "$1" "the kernel has no nfnetlink_hook"
	else
		equal "$1" "$2" "$got"
	fi
}
modprobe -q nfnetlink_hook

# ------------------------------------------------------- loaded, not armed

for i in 1 2; do
	use $i
	probes <<-EOF
	pass a b @ udp 1000 1
	pass a r @ udp 1000 1
	pass r a @ udp 1000 1 : router $i: a loaded module stops nothing
	EOF
	equal "router $i: and tracks nothing" 0 "$(tracked)"
	hooked "router $i: and has no hook" 0
	equal "router $i: and no policy" "false" "$(status armed)"
done

# --------------------------------------------------------------- isolation

policy() { # NAME PORT
	cat <<-EOF
	zone A member interface eth1.10
	zone B member interface eth1.40
	zone B from A firewall @name $1
	@ip name $1 rule 10 action accept
	@ip name $1 rule 10 protocol udp
	@ip name $1 rule 10 destination port $2
	EOF
}
use 1
policy ONE 1 | load
hooked "the first load registers the hooks" 6
policy ONE 1 | load
hooked "the second load registers no more" 6
probes <<-EOF
pass a b @ udp 1000 1
drop a b @ udp 1000 2
drop b a @ udp 1000 2 : the armed router filters
EOF
check "and tracks" test "$(tracked)" -gt 0
use 2
hooked "the other has no hook" 0
probes <<-EOF
pass a b @ udp 1000 1
pass a b @ udp 1000 2
pass b a @ udp 1000 2 : the other filters nothing
EOF
equal "and tracks nothing" 0 "$(tracked)"
equal "and has no policy" "false 0" "$(status armed) $(status 'generation // 0')"
policy TWO 2 | load
equal "its generations are its own" "1 true" "$(status generation) $(status armed)"
probes <<-EOF
drop a b @ udp 1000 1
pass a b @ udp 1000 2 : and its verdicts
EOF
expect_counters "and its counters" <<-EOF
A B @ TWO 10 1
A B @ TWO default 1
EOF
use 1
equal "the first router's generation stays" 2 "$(status generation)"
expect_counters "and its counters" <<-EOF
A B @ ONE 10 1
A B @ ONE default 1
B A @ - default 1
EOF
flush
"$ZPFCTL" -n "$R" disarm open > "$tmp/out" 2>&1 || bail "disarm: $(< "$tmp/out")"
hooked "disarmed open, the hooks are gone" 0
probes <<-EOF
pass a b @ udp 1000 2 : disarmed open, everything passes
EOF
equal "and nothing is tracked" 0 "$(tracked)"
use 2
probes <<-EOF
drop a b @ udp 1001 1
pass a b @ udp 1001 2 : the other router stays armed
EOF

# -------------------------------------------------- namespaces that go away

use 1
policy ONE 1 | load
sink got:1
flood "$tmp/flood" 4 1
ip netns del "$R"
check "a namespace goes while it is armed and forwards" test ! -e "/run/netns/$R"
stop_jobs
use 2
probes <<-EOF
drop a b @ udp 1002 1
pass a b @ udp 1002 2 : the other router does not notice
EOF

for what in txn dump events "txn dump events"; do
	ns=$whole-tmp
	ip netns add "$ns"
	ip netns exec "$ns" python3 "$ZPFNL" load > "$tmp/out" 2>&1 || bail "$(< "$tmp/out")"
	rm -f "$tmp/held"
	# shellcheck disable=SC2086 # several words
	ip netns exec "$ns" python3 "$ZPFNL" hold "$tmp/held" $what &
	jobs=($!)
	wait_for 20 test -s "$tmp/held" || bail "no holder"
	ip netns del "$ns"
	kill -KILL "${jobs[@]}"
	wait "${jobs[@]}" 2>/dev/null
	jobs=()
	check "a namespace goes with open: $what" test ! -e "/run/netns/$ns"
done
for ((i = 0; i < 12; i++)); do
	ns=$whole-c$((i % 4))
	((i < 4)) || ip netns del "$ns"
	ip netns add "$ns"
	ip -n "$ns" link add za0 type dummy
	ip netns exec "$ns" python3 "$ZPFNL" load za0 zb0 > "$tmp/out" 2>&1 || bail "$(< "$tmp/out")"
done
equal "twelve namespaces are armed and deleted in turn" 1 \
	"$(ip netns exec "$ns" python3 "$ZPFNL" status | jq .GENERATION)"
use 2
probes <<-EOF
drop a b @ udp 1003 1
pass a b @ udp 1003 2 : the other router has not noticed
EOF
equal "nor its generation" 1 "$(status generation)"
T=$whole
