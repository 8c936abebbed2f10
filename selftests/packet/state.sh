#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connection states, in rules and in the global state policy, and what the
# short way for established packets must not skip.
#
#	a 10: zone A	b 40: zone B	r: the router, zone L
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

zones='
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
zone A from B firewall @name B_A'

# An untracked port.
nsx r nft -f - <<'EOF' || bail "nft failed"
table inet t {
	chain pre {
		type filter hook prerouting priority -310
		udp dport 98 notrack
		udp dport 99 notrack
	}
}
EOF

load <<EOF
$zones
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 state established
@ip name A_B rule 20 action accept
@ip name A_B rule 20 state related
@ip name A_B rule 30 action drop
@ip name A_B rule 30 state invalid
@ip name A_B rule 40 action accept
@ip name A_B rule 40 state new
@ip name A_B rule 50 action accept
@ip name A_B rule 50 protocol udp
@ip name A_B rule 50 destination port 98
@ip name B_A default-action drop
@ip name B_A rule 10 action accept
@ip name B_A rule 10 state established
@ip name B_A rule 10 state related
@ip name B_A rule 30 action drop
@ip name B_A rule 30 state invalid
EOF

probes <<'EOF'
pass a b @ udp 1000 53               : the first packet of a flow is new
pass a b @ udp 1000 53               : it stays new until the other side speaks
pass b a @ udp 53 1000               : the reply is established
pass a b @ udp 1000 53               : the flow is established afterwards
drop b a @ udp 53 1001               : no flow, no reply
EOF
expect_counters "states of a UDP flow" <<'EOF'
A B @ A_B 40 2
A B @ A_B 10 1
B A @ B_A 10 1
B A @ B_A default 1
EOF

probes <<'EOF'
pass a b @ tcp 1000 80 S seq 100     : SYN is new
pass b a @ tcp 80 1000 SA seq 500 ack 101 : SYN-ACK is established
pass a b @ tcp 1000 80 A seq 101 ack 501 : ACK is established
pass b a @ tcp 80 1000 PA seq 501 ack 101 len 100 : data is established
pass a b @ ping                      : an echo request is new
pass b a @ pong                      : an echo reply is established
drop b a @ pong id 5                 : an echo reply nobody asked for is invalid
EOF
expect_counters "states of TCP and ICMP" <<'EOF'
A B @ A_B 40 2
A B @ A_B 10 1
B A @ B_A 10 3
B A @ B_A 30 1
EOF

# Errors about the flow of the first group, from an address of its own.
probes <<'EOF'
pass b a 4 s 9 icmp 3/1 quote udp 1000 53 end  : an ICMP error about a flow is related, ipv4
pass b a 6 s 9 icmp6 1/3 quote udp 1000 53 end : an ICMP error about a flow is related, ipv6
drop b a 4 s 9 icmp 3/1 quote udp 9000 53 end  : an ICMP error about no flow is invalid, ipv4
drop b a 6 s 9 icmp6 1/3 quote udp 9000 53 end : an ICMP error about no flow is invalid, ipv6
EOF
expect_counters "states of ICMP errors" <<'EOF'
B A @ B_A 10 1
B A @ B_A 30 1
EOF

# A packet that conntrack refused has no connection at all, and the number of
# "established" is 0: the two must not be taken for one another.
probes <<'EOF'
drop a b @ tcp 2000 80 SF            : impossible TCP flags are invalid, not established
drop a b @ tcp 2000 80 R             : RST without a connection is invalid
drop a b @ udp 1000 53 badsum        : a wrong checksum is invalid, even within a flow
drop a b @ tcp 1000 80 A badsum seq 101 ack 501 : a wrong TCP checksum is invalid within a connection
drop b a @ tcp 80 1000 SF            : impossible flags are invalid in the other direction
EOF
expect_counters "invalid packets match invalid only" <<'EOF'
A B @ A_B 30 4
B A @ B_A 30 1
EOF

probes <<'EOF'
drop a b @ udp 1000 99               : an untracked packet matches no state
pass a b @ udp 1000 98               : an untracked packet matches a rule without state
EOF
expect_counters "untracked packets" <<'EOF'
A B @ A_B default 1
A B @ A_B 50 1
EOF

# Real sockets over the same rules, both ways, with segmentation offload.
# shellcheck disable=SC2317 # called by check
transfer() {
	local port=7000 pid got
	nsx b socat -u "TCP$1-LISTEN:$port,reuseaddr" SYSTEM:wc\ -c > "$tmp/count" &
	pid=$!
	wait_for 10 nsx b sh -c "ss -ltn | grep -q :$port" || return 1
	head -c 300000 /dev/zero | nsx a socat -u - "TCP$1:$2:$port" || return 1
	wait $pid
	got=$(< "$tmp/count")
	[[ ${got// } == 300000 ]] || { echo "got $got bytes"; return 1; }
}
flush
check "a TCP transfer passes by its established replies, ipv4" transfer 4 "$(address 4 b)"
check "a TCP transfer passes by its established replies, ipv6" transfer 6 "[$(address 6 b)]"
clear_counters
flush

# The global state policy, before any rule.
load <<EOF
$zones
global-options state-policy established action accept
global-options state-policy related action accept
global-options state-policy invalid action drop
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 protocol udp
@ip name B_A default-action drop
EOF
probes <<'EOF'
pass a b @ udp 1000 53               : state policy, the first packet is judged by the ruleset
pass b a @ udp 53 1000               : state policy accepts established
pass a b @ udp 1000 53               : state policy accepts established, the other way
drop b a @ udp 53 1001               : state policy leaves new packets to the ruleset
drop a b @ udp 1000 53 badsum        : state policy drops invalid
drop a b @ tcp 1 2 SF                : state policy drops invalid before any rule
drop a b @ proto 250                 : state policy leaves new packets of any protocol
pass a b @ udp 1000 98               : state policy has nothing to say about untracked packets
pass b a 4 s 9 icmp 3/1 quote udp 1000 53 end  : state policy accepts related, ipv4
pass b a 6 s 9 icmp6 1/3 quote udp 1000 53 end : state policy accepts related, ipv6
EOF
expect_counters "state policy counts by state" <<'EOF'
state established 4
state related 2
state invalid 4
A B @ A_B 10 2
A B @ A_B default 1
B A @ B_A default 1
EOF

# Invalid packets rejected, related ones dropped.
load <<EOF
$zones
global-options state-policy related action drop
global-options state-policy invalid action reject
global-options state-policy established action reject
@ip name A_B default-action accept
@ip name B_A default-action accept
EOF
flush
probes <<'EOF'
reject a b @ tcp 3000 80 SF          : state policy rejects invalid
pass   a b @ udp 3000 53             : state policy, new passes
reject b a @ udp 53 3000             : state policy rejects established
drop   b a 4 s 9 icmp 3/1 quote udp 3000 53 end  : state policy drops related, ipv4
drop   b a 6 s 9 icmp6 1/3 quote udp 3000 53 end : state policy drops related, ipv6
EOF
expect_counters "state policy counts rejected and dropped states" <<'EOF'
state established 2
state related 2
state invalid 2
A B @ A_B default 1
EOF

# What stands before "accept established" still counts and decides.
load <<EOF
$zones
@ip name A_B default-action accept
@ip name B_A default-action drop
@ip name B_A rule 5 action drop
@ip name B_A rule 5 protocol udp
@ip name B_A rule 5 source port 53
@ip name B_A rule 7 action continue
@ip name B_A rule 7 state established
@ip name B_A rule 10 action accept
@ip name B_A rule 10 state established
EOF
flush
probes <<'EOF'
pass a b @ udp 1000 53
drop b a @ udp 53 1000               : a rule before accept established is not skipped
pass a b @ udp 1000 54
pass b a @ udp 54 1000               : established packets it does not concern pass
EOF
expect_counters "rules before accept established count" <<'EOF'
A B @ A_B default 2
B A @ B_A 5 1
B A @ B_A 7 1
B A @ B_A 10 1
EOF

# Established is accepted by the base chain, but not by the zones.
load <<EOF
$zones
@ip forward filter rule 10 action accept
@ip forward filter rule 10 state established
@ip forward filter rule 20 action accept
@ip forward filter rule 20 state new
@ip name A_B default-action accept
@ip name B_A default-action drop
@ip name B_A rule 10 action accept
@ip name B_A rule 10 state new
EOF
flush
probes <<'EOF'
pass a b @ udp 1000 53
drop b a @ udp 53 1000               : accept established in the base chain is not final
EOF
expect_counters "base chain and zone both count an established packet" <<'EOF'
chain forward @ forward-filter 20 1
chain forward @ forward-filter 10 1
A B @ A_B default 1
B A @ B_A default 1
EOF

# Accepted by every step from its state alone: the short way; every counter
# on the way still counts, in each direction, to and from the router as well.
load <<EOF
$zones
zone L local-zone
zone L from A firewall @name A_L
zone A from L firewall @name L_A
@ip forward filter rule 10 action accept
@ip forward filter rule 10 state established
@ip forward filter rule 10 state related
@ip name A_B default-action accept
@ip name A_B rule 10 action accept
@ip name A_B rule 10 state established
@ip name B_A default-action drop
@ip name B_A rule 10 action accept
@ip name B_A rule 10 state established
@ip name A_L default-action accept
@ip name A_L rule 10 action accept
@ip name A_L rule 10 state established
@ip name L_A default-action drop
@ip name L_A rule 10 action accept
@ip name L_A rule 10 state established
EOF
flush
probes <<'EOF'
pass       a b @ udp 1000 53
pass       b a @ udp 53 1000 count 3 : established packets pass the base chain and the pair
pass       a b @ udp 1000 53 count 2 : so they do the other way
pass+reply a r @ ping                : the router's reply is established
pass+reply a r @ ping                : the next request is established
EOF
expect_counters "every step counts established packets" <<'EOF'
chain forward @ forward-filter 10 5
chain forward @ forward-filter default 1
A B @ A_B default 1
A B @ A_B 10 2
B A @ B_A 10 3
A L @ A_L default 1
A L @ A_L 10 1
L A @ L_A 10 2
EOF
