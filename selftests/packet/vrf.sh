#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# VRFs: a VRF as member brings every device enslaved to it, now and later; a
# device's own membership comes first; packets of the router are judged once.
#
#	a 10: zone A			b 40, b3 42: VRF blue, zone V
#	b2 41: VRF blue, zone W by name	c 50: VRF red, in no zone at first
#	r: the router, zone L
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40
add_host b2 41
add_host b3 42
add_host c 50

# enslave HOST VRF TABLE: the router's device of that host into a VRF; what the
# move made it forget comes again, with routes between the tables.
enslave() {
	local n=${net_of[$1]} vrf=$2 table=$3
	ipb r <<-EOF
	link set eth1.$n master $vrf
	addr replace fd00:$n::1/64 dev eth1.$n nodad
	neigh replace 10.0.$n.2 lladdr $H_MAC dev eth1.$n
	neigh replace fd00:$n::2 lladdr $H_MAC dev eth1.$n
	route replace 10.$n.0.0/16 via 10.0.$n.2 dev eth1.$n table $table
	route replace fd01:$n::/64 via fd00:$n::2 dev eth1.$n table $table
	route replace 10.$n.0.0/16 via 10.0.$n.2 dev eth1.$n onlink
	route replace fd01:$n::/64 via fd00:$n::2 dev eth1.$n onlink
	EOF
}
ipb r <<'EOF'
link add blue type vrf table 100
link add red type vrf table 200
link set blue up
link set red up
route add 10.10.0.0/16 via 10.0.10.2 dev eth1.10 onlink table 100
route add fd01:10::/64 via fd00:10::2 dev eth1.10 onlink table 100
route add 10.10.0.0/16 via 10.0.10.2 dev eth1.10 onlink table 200
route add fd01:10::/64 via fd00:10::2 dev eth1.10 onlink table 200
EOF
enslave b blue 100
enslave b2 blue 100
enslave b3 blue 100
enslave c red 200

load <<'EOF'
zone A member interface eth1.10
zone V member vrf blue
zone W member interface eth1.41
zone L local-zone
zone V from A firewall @name A_V
zone A from V firewall @name V_A
zone W from A firewall @name A_W
zone W from V firewall @name V_W
zone L from V firewall @name V_L
zone V from L firewall @name L_V
@ip name A_V default-action drop
@ip name A_V rule 10 action accept
@ip name A_V rule 10 protocol udp
@ip name A_V rule 10 destination port 10
@ip name A_V rule 20 action accept
@ip name A_V rule 20 protocol udp
@ip name A_V rule 20 destination port 20
@ip name A_V rule 20 inbound-interface name blue
@ip name A_W default-action drop
@ip name A_W rule 10 action accept
@ip name A_W rule 10 protocol udp
@ip name A_W rule 10 destination port 11
@ip name V_A default-action drop
@ip name V_A rule 10 action accept
@ip name V_A rule 10 protocol udp
@ip name V_A rule 10 destination port 10
@ip name V_A rule 10 inbound-interface name blue
@ip name V_A rule 20 action accept
@ip name V_A rule 20 protocol udp
@ip name V_A rule 20 destination port 20
@ip name V_A rule 20 inbound-interface name eth1.40
@ip name V_A rule 30 action accept
@ip name V_A rule 30 protocol udp
@ip name V_A rule 30 destination port 30
@ip name V_A rule 30 inbound-interface name !blue
@ip name V_A rule 40 action accept
@ip name V_A rule 40 protocol udp
@ip name V_A rule 40 destination port 40
@ip name V_A rule 40 inbound-interface name red
@ip name V_W default-action accept
@ip name V_L default-action drop
@ip name V_L rule 10 action accept
@ip name V_L rule 10 protocol 253
@ip name V_L rule 10 inbound-interface name blue
@ip name V_L rule 20 action accept
@ip name V_L rule 20 protocol 252
@ip name V_L rule 20 inbound-interface name eth1.40
@ip name L_V default-action drop
@ip name L_V rule 10 action accept
@ip name L_V rule 10 protocol udp
@ip name L_V rule 10 destination port 10
EOF

probes <<'EOF'
pass a b  @ udp 1 10      : into a VRF that is a member, accepted
drop a b  @ udp 1 11      : into a VRF that is a member, dropped
pass a b2 @ udp 1 11      : a device's own membership beats its VRF's, accepted
drop a b2 @ udp 1 10      : a device's own membership beats its VRF's, dropped
pass b b3 @ udp 1 10      : two devices of the VRF are in one zone
pass b b2 @ udp 1 10      : within the VRF, from the VRF's zone to the device's own
drop b2 b @ udp 1 10      : within the VRF, from the device's own zone to the VRF's
drop a b  @ udp 1 20      : inbound interface by VRF, a device outside
pass b a  @ udp 1 10      : inbound interface by VRF, a device of it
pass b3 a @ udp 1 10      : inbound interface by VRF, another device of it
pass b a  @ udp 1 20      : inbound interface by name, a device in a VRF
drop b3 a @ udp 1 20      : inbound interface by name, another device of that VRF
drop b a  @ udp 1 30      : inbound interface, VRF negated
drop b a  @ udp 1 40      : inbound interface by another VRF
drop a c  @ udp 1 10      : into a VRF in no zone
drop c a  @ udp 1 10      : out of a VRF in no zone
EOF
expect_counters "forwarding between VRFs counts once" <<'EOF'
A V @ A_V 10 1
A V @ A_V default 2
A W @ A_W 10 1
A W @ A_W default 1
V V @ - default 1
V W @ V_W default 1
W V @ - default 1
V A @ V_A 10 2
V A @ V_A 20 1
V A @ V_A default 3
A none @ - default 1
none A @ - default 1
EOF

probes <<'EOF'
pass b r @ proto 253            : to the router in a VRF, inbound interface by VRF
pass b r @ proto 252            : to the router in a VRF, inbound interface by name
drop b r @ udp 1 10             : to the router in a VRF, dropped
drop b2 r @ proto 253           : to the router, the device's own zone
pass r b @ dev blue udp 1 10    : from the router in a VRF, accepted
drop r b @ dev blue udp 1 11    : from the router in a VRF, dropped
drop r b2 @ dev blue udp 1 10   : from the router in a VRF, to the device's own zone
EOF
expect_counters "the router's packets in a VRF count once" <<'EOF'
V L @ V_L 10 1
V L @ V_L 20 1
V L @ V_L default 1
W L @ - default 1
L V @ L_V 10 1
L V @ L_V default 1
L W @ - default 1
EOF

# A device that comes into the VRF, leaves it, comes again by another name.
ip -n "$R" link set eth1.50 nomaster
enslave c blue 100
probes <<'EOF'
pass a c @ udp 1 10             : a device enslaved later belongs to the zone
drop a c @ udp 1 11             : a device enslaved later is judged as its zone is
EOF
ip -n "$R" link set eth1.50 nomaster
enslave c red 200
probes <<'EOF'
drop a c @ udp 1 10             : a device that leaves the VRF leaves the zone
EOF
expect_counters "a device counts where it belongs at the time" <<'EOF'
A V @ A_V 10 1
A V @ A_V default 1
A none @ - default 1
EOF

# A route may name the VRF's device instead of one in it: the packet then
# passes the forward hook towards that device, and the output hook as if it
# were the router's own. It is still a packet from A to V.
ipb r <<'EOF'
route replace 10.40.0.0/16 dev blue
route replace fd01:40::/64 dev blue
EOF
load <<'EOF'
zone A member interface eth1.10
zone V member vrf blue
zone V from A firewall @name A_V
@ip name A_V default-action drop
@ip name A_V rule 10 action accept
@ip name A_V rule 10 protocol udp
@ip name A_V rule 10 destination port 10
EOF
probes <<'EOF'
pass a b @ udp 1 10             : routed to the VRF's device, accepted
drop a b @ udp 1 11             : routed to the VRF's device, dropped
EOF
expect_counters "a packet routed to the VRF's device counts once" <<'EOF'
A V @ A_V 10 1
A V @ A_V default 1
EOF
