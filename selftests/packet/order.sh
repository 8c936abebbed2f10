#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The order of judgement of SEMANTICS section 2: what is accepted untouched,
# malformed packets, state policy, base chains, zones; and what neither local
# zone nor default action may stop (D5, D9).
#
#	a 10: zone A	b 40: zone B	u 70: in no zone	r: zone L
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40
add_host u 70

zones='
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
zone A from B firewall @name B_A'

# ------------------------------------------- base chains, then the zones
# The router tells of the groups it joined whenever the kernel's one worker for
# all namespaces finds the time: a rule of its own counts these reports.
load <<EOF
$zones
zone L local-zone
zone L from A firewall @name A_L
zone B from L firewall @name L_B
@ip forward filter rule 10 action drop
@ip forward filter rule 10 protocol udp
@ip forward filter rule 10 destination port 10
@ip forward filter rule 20 action reject
@ip forward filter rule 20 protocol tcp_udp
@ip forward filter rule 20 destination port 20
@ip forward filter rule 30 action accept
@ip forward filter rule 30 protocol udp
@ip forward filter rule 30 destination port 30-39
@ip forward filter rule 40 action return
@ip forward filter rule 40 protocol udp
@ip forward filter rule 40 destination port 40-49
@ip forward filter rule 50 action jump
@ip forward filter rule 50 jump-target SUB
@ip forward filter rule 50 protocol udp
@ip forward filter rule 50 destination port 50-59
@ip forward filter rule 60 action continue
@ip forward filter rule 60 protocol udp
@ip forward filter rule 60 destination port 50
@ip forward filter rule 70 action drop
@ip forward filter rule 70 protocol udp
@ip forward filter rule 70 destination port 30-59
@ip name SUB default-action return
@ip name SUB rule 10 action drop
@ip name SUB rule 10 protocol udp
@ip name SUB rule 10 destination port 51
@ip name SUB rule 20 action accept
@ip name SUB rule 20 protocol udp
@ip name SUB rule 20 destination port 52
@ip input filter rule 10 action drop
@ip input filter rule 10 protocol 250
@ip input filter rule 20 action accept
@ip input filter rule 20 protocol 251
ipv6 output filter rule 1 action accept
ipv6 output filter rule 1 protocol ipv6-icmp
ipv6 output filter rule 1 icmpv6 type 143
@ip output filter rule 10 action drop
@ip output filter rule 10 protocol udp
@ip output filter rule 10 destination port 10
@ip output filter rule 20 action accept
@ip output filter rule 20 protocol udp
@ip output filter rule 20 destination port 20-21
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 protocol tcp_udp
@ip name A_B rule 10 destination port 10,20,30,40,50,52,60
@ip name A_L default-action accept
@ip name A_L rule 10 action drop
@ip name A_L rule 10 protocol 251
@ip name L_B default-action accept
@ip name L_B rule 10 action drop
@ip name L_B rule 10 protocol udp
@ip name L_B rule 10 destination port 21
@ip name B_A default-action accept
EOF
probes <<'EOF'
drop   a b @ udp 1 10        : drop in the base chain is final
reject a b @ udp 1 20        : reject in the base chain is final
reject a b @ tcp 1 20 S      : reject in the base chain answers TCP with RST
pass   a b @ udp 1 30        : accept in the base chain goes on to the zones, which accept
drop   a b @ udp 1 31        : accept in the base chain goes on to the zones, which drop
pass   a b @ udp 1 40        : return in the base chain goes on to the zones, which accept
drop   a b @ udp 1 41        : return in the base chain goes on to the zones, which drop
drop   a b @ udp 1 51        : a ruleset the base chain jumps to drops
pass   a b @ udp 1 52        : a ruleset the base chain jumps to accepts, so do the zones
drop   a b @ udp 1 50        : return from a jump goes on in the base chain
pass   a b @ udp 1 60        : falling off the base chain goes on to the zones, which accept
drop   a b @ udp 1 61        : falling off the base chain goes on to the zones, which drop
drop   a r @ proto 250       : input, drop in the base chain is final
drop   a r @ proto 251       : input, accept in the base chain goes on to the zones
pass   a r @ proto 252       : input, falling off goes on to the zones
drop   r b @ udp 1 10        : output, drop in the base chain is final
pass   r b @ udp 1 20        : output, accept in the base chain goes on to the zones, which accept
drop   r b @ udp 1 21        : output, accept in the base chain goes on to the zones, which drop
EOF
expect_counters -x "chain output ipv6 output-filter 1 " "base chains and zones count in turn" <<'EOF'
chain forward @ forward-filter 10 1
chain forward @ forward-filter 20 2
chain forward @ forward-filter 30 2
chain forward @ forward-filter 40 2
chain forward @ forward-filter 50 3
chain forward @ forward-filter 60 1
chain forward @ forward-filter 70 1
chain forward @ forward-filter default 2
chain forward @ SUB 10 1
chain forward @ SUB 20 1
chain forward @ SUB default 1
chain input @ input-filter 10 1
chain input @ input-filter 20 1
chain input @ input-filter default 1
chain output @ output-filter 10 1
chain output @ output-filter 20 2
A B @ A_B 10 4
A B @ A_B default 3
A L @ A_L 10 1
A L @ A_L default 1
L B @ L_B 10 1
L B @ L_B default 1
EOF

# Flows that were accepted meet a base chain that drops all, and a state
# policy, which comes first.
flush
probes <<'EOF'
pass a b @ udp 1 30
pass b a @ udp 30 1
EOF
load <<EOF
$zones
global-options state-policy established action accept
@ip forward filter default-action drop
@ip name A_B default-action accept
@ip name B_A default-action accept
EOF
probes <<'EOF'
pass a b @ udp 1 30          : state policy comes before the base chain
drop a b @ udp 2 30          : a base chain's default-action drop is final
EOF
expect_counters "a packet the state policy accepts reaches no base chain" <<'EOF'
state established 2
chain forward @ forward-filter default 1
EOF

# Base chains without any zone.
load <<EOF
@ip input filter rule 10 action drop
@ip input filter rule 10 protocol 250
@ip input filter rule 10 inbound-interface name eth1.10
EOF
probes <<'EOF'
drop a r @ proto 250         : base chains work without zones
pass b r @ proto 250         : base chains without zones, the rule does not match
pass a b @ udp 1 2           : base chains without zones, forwarding is not filtered
drop a r @ udp 1 2 cut 4     : a base chain judges its hook: malformed packets are dropped
pass a b @ udp 1 2 cut 4     : forwarding that is not judged lets malformed packets pass
EOF

# ------------------------------------------------------------ malformed
# A hook that is judged drops what it cannot parse before any rule: also where
# every rule accepts; a hook that is not judged leaves it alone.
load <<EOF
$zones
@ip name A_B default-action accept
@ip name B_A default-action accept
EOF
{
	for family in 4 6; do
		for cut in 0 1 2 3 4 5 6 7; do
			echo "drop a b $family udp 1 2 cut $cut : UDP cut to $cut bytes is dropped, ipv$family"
		done
		for cut in 0 1 3 4 7 8 12 13 14 16 19; do
			echo "drop a b $family tcp 1 2 S cut $cut : TCP cut to $cut bytes is dropped, ipv$family"
		done
		for cut in 0 1 2 3; do
			echo "drop a b $family ping cut $cut : ICMP cut to $cut bytes is dropped, ipv$family"
		done
	done
	cat <<-'EOF'
	drop a b @ tcp 1 2 S doff 4          : TCP header length below 5 words is dropped
	drop a b @ tcp 1 2 S doff 15 cut 30  : TCP options cut short are dropped
	drop a b @ udp 1 2 ulen 7            : UDP length below its header is dropped
	drop a b 6 hbh cut 0 udp 1 2         : an extension header cut away is dropped
	drop a b 6 hbh cut 4 udp 1 2         : an extension header cut short is dropped
	drop a b 6 dst extlen 40 udp 1 2     : an extension header longer than the packet is dropped
	drop a b 6 hbh dst cut 9 udp 1 2     : a second extension header cut short is dropped
	drop a b 6 ah cut 10 udp 1 2         : an authentication header cut short is dropped
	pass a b @ udp 1 2 len 0             : UDP without payload is not malformed
	pass a b @ tcp 1 2 S len 0           : TCP without payload is not malformed
	pass a b @ tcp 1 2 S doff 15         : TCP with 40 bytes of options is not malformed
	pass a b @ proto 253 len 0           : an unknown protocol without payload is not malformed
	pass a r @ udp 1 2 cut 4             : input that is not judged lets malformed packets pass
	pass a r @ tcp 1 2 S cut 10          : input that is not judged lets cut TCP pass
	EOF
} | probes
expect_counters "malformed packets reach no rule" <<'EOF'
A B @ A_B default 4
EOF

# ------------------------------------------------------------- loopback
load <<EOF
$zones
zone L local-zone
@ip name A_B default-action accept
@ip name B_A default-action accept
EOF
for to in 127.0.0.1 10.0.10.1 10.0.40.1 ::1 fd00:10::1; do
	check "the router reaches itself at $to through lo" nsx r ping -q -c 1 -W 5 $to
done
expect_counters "packets through lo are not counted" <<'EOF'
EOF

# ------------------------------------------- neighbours and listeners (D5)
# The local zone drops by default, and nothing else is said.
nd() {
	local host=$1 fate=$2 what=$3 type
	for type in 133 134 135 136; do
		echo "$fate $host r 6 ttl 255 icmp6 $type len 16 : $what, type $type to the router"
		echo "$fate r $host 6 ttl 255 icmp6 $type len 16 : $what, type $type from the router"
	done
}
mld() {
	local host=$1 fate=$2 what=$3 type
	for type in 130 131 132 143; do
		echo "$fate $host r 6 s fe80::99 ttl 1 hbh icmp6 $type len 16 : $what, type $type to the router"
		echo "$fate $host r 6 s :: ttl 1 hbh icmp6 $type len 16 : $what, type $type to the router from ::"
		echo "$fate r $host 6 s fe80::99 ttl 1 d ff02::16 dev eth1.10 hbh icmp6 $type len 16 : $what, type $type from the router"
	done
}
{
	nd a pass "neighbour discovery"
	nd u pass "neighbour discovery at an interface in no zone"
	mld a pass "multicast listener"
	cat <<-'EOF'
	drop a r 6 ttl 254 icmp6 135 len 16   : neighbour discovery from far away is judged
	drop r a 6 ttl 254 icmp6 135 len 16   : neighbour discovery to far away is judged
	drop a r 6 ttl 255 icmp6 137 len 40   : a redirect is judged
	drop a r 6 s fe80::99 ttl 2 hbh icmp6 143 len 16 : a listener report from far away is judged
	drop a r 6 ttl 1 hbh icmp6 143 len 16 : a listener report with a global source is judged
	drop a r 4 ttl 255 icmp 135           : type 135 of IPv4 is not neighbour discovery
	EOF
} | probes
expect_counters "neighbour discovery is not counted, what only looks like it is" <<'EOF'
A L ipv6 - default 4
L A ipv6 - default 1
A L ipv4 - default 1
EOF

# For real: the router forgets a neighbour and finds it again.
# Solicitations come from link-local addresses.
ipb b <<'EOF'
addr add fe80::2/64 dev eth0 nodad
neigh del fd00:40::1 dev eth0
EOF
ipb r <<'EOF'
addr add fe80::1/64 dev eth1.40 nodad
neigh del fd00:40::2 dev eth1.40
EOF
check "IPv6 works under a dropping local zone" nsx a ping -q -c 3 -W 5 fd00:40::2
ipb r <<EOF
addr del fe80::1/64 dev eth1.40
neigh replace fd00:40::2 lladdr $H_MAC dev eth1.40
EOF

load <<EOF
$zones
global-options neighbour-discovery filter
zone L local-zone
zone L from A firewall ipv6-name A_L
ipv6 name A_L default-action drop
ipv6 name A_L rule 10 action accept
ipv6 name A_L rule 10 protocol ipv6-icmp
ipv6 name A_L rule 10 icmpv6 type 135
@ip name A_B default-action accept
@ip name B_A default-action accept
EOF
probes <<'EOF'
pass a r 6 ttl 255 icmp6 135 len 16   : neighbour-discovery filter, a rule accepts solicitations
drop a r 6 ttl 255 icmp6 136 len 16   : neighbour-discovery filter, the rest is judged
drop r a 6 ttl 255 icmp6 136 len 16   : neighbour-discovery filter, the router's own is judged
drop a r 6 s fe80::99 ttl 1 hbh icmp6 143 len 16 : neighbour-discovery filter, listener reports are judged
drop a b 6 ttl 255 icmp6 135 cut 2    : malformed neighbour discovery is dropped
EOF

# --------------------------------------------------- router errors (D9)
ip -n "$R" link set eth1.40 mtu 1280
load <<EOF
$zones
zone L local-zone
zone L from A firewall @name A_L
@ip name A_L default-action accept
@ip name A_B default-action accept
@ip name B_A default-action accept
EOF
probes <<'EOF'
timex       a b @ ttl 1 udp 1 2        : time exceeded leaves a dropping local zone
toobig      a b @ udp 1 2 len 1300 df  : path-MTU discovery works under a dropping local zone
pass+reject a r @ udp 1 9              : the router's port unreachable leaves
pass        r a 4 icmp 12/0 quote udp 1 2 end : the router's parameter problem leaves, ipv4
pass        r a 6 icmp6 4/0 quote udp 1 2 end : the router's parameter problem leaves, ipv6
drop        r a 4 icmp 5/1 quote udp 1 2 end  : a redirect of the router is judged
drop        r a @ pong                 : the router's echo reply is no error
drop        r a @ ping                 : the router's echo request is no error
EOF
expect_counters "router errors are not counted, other ICMP of the router is" <<'EOF'
A L @ A_L default 1
L A ipv4 - default 3
L A ipv6 - default 2
EOF

load <<EOF
$zones
global-options router-errors filter
zone L local-zone
zone L from A firewall @name A_L
@ip name A_L default-action accept
@ip name A_B default-action accept
@ip name B_A default-action accept
EOF
probes <<'EOF'
drop a b @ ttl 1 udp 1 2               : router-errors filter, time exceeded is judged
drop a b @ udp 1 2 len 1300 df         : router-errors filter, packet too big is judged
pass a r @ udp 1 9                     : router-errors filter, a step
EOF
expect_counters "router-errors filter counts them" <<'EOF'
A L @ A_L default 1
L A @ - default 3
EOF
