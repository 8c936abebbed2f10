#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Bridges: frames that br_netfilter hands up are left alone, packets routed
# through a bridge are judged, also where they leave by the bridge they came in.
#
#	[ c ]--p80--+
#	            br0 (zone B)--[ r ]--eth1.10--[ a ] (zone A)
#	[ d ]--p81--+
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
modprobe -q br_netfilter 2>/dev/null
[[ -e /proc/sys/net/bridge ]] || { skip "bridged frames" "no br_netfilter"; exit; }

C_MAC=02:00:00:00:00:80
D_MAC=02:00:00:00:00:81
ipb r <<EOF
link add br0 address 02:00:00:00:00:0b type bridge
link set br0 up
EOF
# port HOST N MAC: a host behind a port of the bridge, on a network of its own.
port() {
	local name=$1 n=$2 mac=$3
	ip netns add "$T-$name"
	net_of[$name]=$n
	ipb r <<-EOF
	link add p$n type veth peer name eth0 address $mac netns $T-$name
	link set p$n master br0
	link set p$n up
	addr add 10.0.$n.1/24 dev br0
	addr add fd00:$n::1/64 dev br0 nodad
	neigh replace 10.0.$n.2 lladdr $mac dev br0
	neigh replace fd00:$n::2 lladdr $mac dev br0
	route add 10.$n.0.0/16 via 10.0.$n.2 dev br0
	route add fd01:$n::/64 via fd00:$n::2 dev br0
	EOF
	ip -n "$T-$name" link set eth0 up
	zsend_hosts+=("host $name $T-$name eth0 $n")
}
port c 80 $C_MAC
port d 81 $D_MAC
nsx r sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1

# Learns both MAC addresses, so that no frame is flooded.
warm_up() {
	probes <<-'EOF'
	pass c d @ udp 1 1 mac ff:ff:ff:ff:ff:ff
	pass d c @ udp 1 1 mac ff:ff:ff:ff:ff:ff
	EOF
}
warm_up

load <<'EOF'
zone A member interface eth1.10
zone B member interface br0
zone B from A firewall @name A_B
zone A from B firewall @name B_A
zone B intra-zone-filtering firewall @name B_B
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 protocol udp
@ip name A_B rule 10 destination port 10
@ip name B_A default-action drop
@ip name B_A rule 10 action accept
@ip name B_A rule 10 protocol udp
@ip name B_A rule 10 destination port 10
@ip name B_A rule 10 inbound-interface name br0
@ip name B_B default-action drop
@ip name B_B rule 10 action accept
@ip name B_B rule 10 protocol udp
@ip name B_B rule 10 destination port 10
EOF
probes <<EOF
pass c d @ udp 1 11 mac $D_MAC         : a bridged frame is left alone
pass d c @ tcp 1 11 S mac $C_MAC       : a bridged frame is left alone, the other way
pass c d @ udp 1 11 cut 4 mac $D_MAC   : a bridged malformed packet is left alone
EOF
expect_counters "bridged frames are not counted" <<'EOF'
EOF
probes <<'EOF'
pass c a @ udp 1 10                    : routed out of the bridge, accepted
drop c a @ udp 1 11                    : routed out of the bridge, dropped
pass a d @ udp 1 10                    : routed into the bridge, accepted
drop a d @ udp 1 11                    : routed into the bridge, dropped
pass c d @ udp 1 10                    : routed from the bridge to the bridge, accepted
drop c d @ udp 1 11                    : routed from the bridge to the bridge, dropped
EOF
expect_counters "packets routed through a bridge count once" <<'EOF'
B A @ B_A 10 1
B A @ B_A default 1
A B @ A_B 10 1
A B @ A_B default 1
B B @ B_B 10 1
B B @ B_B default 1
EOF

# The same without br_netfilter.
nsx r sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0
probes <<EOF
pass c d @ udp 1 11 mac $D_MAC         : without br_netfilter, a bridged frame
pass c d @ udp 1 10                    : without br_netfilter, routed within the bridge, accepted
drop c d @ udp 1 11                    : without br_netfilter, routed within the bridge, dropped
EOF
expect_counters "without br_netfilter, routed packets count once" <<'EOF'
B B @ B_B 10 1
B B @ B_B default 1
EOF

# A base chain on forward: bridged frames do not see it either.
nsx r sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1
load <<'EOF'
@ip forward filter default-action drop
EOF
probes <<EOF
pass c d @ udp 1 11 mac $D_MAC         : a bridged frame does not see a base chain
drop c d @ udp 1 11                    : a routed packet does
EOF
expect_counters "the base chain counts the routed packet" <<'EOF'
chain forward @ forward-filter default 1
EOF
