#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The outcome table of SEMANTICS section 2, row by row, in both families: what
# becomes of a packet from one zone to another, inside a zone, to and from the
# router, and where an interface is in no zone.
#
#	a 10, a2 11: zone A	b 40: zone B	c 50: zone C	d 60: zone D
#	u 70, u2 71: in no zone			r: the router, zone L
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host a2 11
add_host b 40
add_host c 50
add_host d 60
add_host u 70
add_host u2 71

zones() {
	cat <<-'EOF'
	zone A member interface eth1.10
	zone A member interface eth1.11
	zone A default-action reject
	zone B member interface eth1.40
	zone C member interface eth1.50
	zone D member interface eth1.60
	EOF
}

{
zones
cat <<'EOF'
zone B from A firewall @name A_B
zone B from C firewall name C_B
zone B from L firewall @name L_B
zone B intra-zone-filtering action drop
zone C default-firewall @name C_DEF
zone C from A firewall @name A_C
zone C intra-zone-filtering firewall @name C_INTRA
zone D from A firewall @name A_D
zone D from C firewall @name C_D
zone D intra-zone-filtering firewall name D_INTRA
zone L local-zone
zone L from A firewall @name A_L
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 protocol udp
@ip name A_B rule 10 destination port 10
@ip name A_B rule 20 action drop
@ip name A_B rule 20 protocol udp
@ip name A_B rule 20 destination port 20
@ip name A_B rule 30 action return
@ip name A_B rule 30 protocol udp
@ip name A_B rule 30 destination port 30
@ip name A_B rule 40 action continue
@ip name A_B rule 40 protocol udp
@ip name A_B rule 40 destination port 40
@ip name A_B rule 50 action reject
@ip name A_B rule 50 protocol udp
@ip name A_B rule 50 destination port 50
@ip name A_C default-action continue
@ip name A_C rule 10 action drop
@ip name A_C rule 10 protocol udp
@ip name A_C rule 10 destination port 10
@ip name A_D default-action return
@ip name A_D rule 10 action drop
@ip name A_D rule 10 protocol udp
@ip name A_D rule 10 destination port 10
@ip name C_D default-action reject
@ip name C_DEF default-action accept
@ip name C_INTRA default-action drop
@ip name C_INTRA rule 10 action accept
@ip name C_INTRA rule 10 protocol udp
@ip name C_INTRA rule 10 destination port 10
ipv4 name C_B default-action accept
ipv4 name D_INTRA default-action drop
@ip name L_B default-action accept
@ip name A_L default-action drop
@ip name A_L rule 10 action accept
@ip name A_L rule 10 protocol 253
@ip name A_L rule 20 action accept
@ip name A_L rule 20 protocol udp
@ip name A_L rule 20 destination port 67,547
EOF
} | load

probes <<'EOF'
pass   a b @ udp 1 10       : a bound ruleset accepts
drop   a b @ udp 1 20       : a bound ruleset drops
pass   a b @ udp 1 30       : leaving a bound ruleset by return accepts
drop   a b @ udp 1 40       : continue goes on with the next rule of a bound ruleset
reject a b @ udp 1 50       : a bound ruleset rejects
drop   a b @ udp 1 60       : the default action of a bound ruleset
pass   a c @ udp 1 20       : leaving a bound ruleset by default-action continue accepts
drop   a c @ udp 1 10       : a from-ruleset comes before the default-firewall
pass   a d @ udp 1 20       : leaving a bound ruleset by default-action return accepts
reject c d @ udp 1 10       : default-action reject of a bound ruleset
EOF
expect_counters "bound rulesets count under their pair and rule" <<'EOF'
A B @ A_B 10 1
A B @ A_B 20 1
A B @ A_B 30 1
A B @ A_B 40 1
A B @ A_B 50 1
A B @ A_B default 2
A C @ A_C 10 1
A C @ A_C default 1
A D @ A_D default 1
C D @ C_D default 1
EOF

probes <<'EOF'
pass   b c @ udp 1 10       : none bound, the default-firewall of the zone judges
drop   b d @ udp 1 10       : none bound, no default-firewall, default-action drop
reject d a @ udp 1 10       : none bound, no default-firewall, default-action reject
reject d a @ tcp 1 10 S     : none bound, default-action reject answers TCP with RST
pass   c b 4 udp 1 10       : a ruleset bound for IPv4 alone judges IPv4
drop   c b 6 udp 1 10       : a ruleset bound for IPv4 alone leaves IPv6 to the default
EOF
expect_counters "zone defaults and default-firewalls count under their pair" <<'EOF'
B C @ C_DEF default 1
B D @ - default 1
D A @ - default 2
C B ipv4 C_B default 1
C B ipv6 - default 1
EOF

probes <<'EOF'
pass   a a2 @ udp 1 10      : inside a zone packets are accepted by absence
pass   a a @ udp 1 10 s 5   : hairpin on one interface is inside the zone
drop   b b @ udp 1 10 s 5   : intra-zone-filtering action drop
pass   c c @ udp 1 10 s 5   : an intra-zone ruleset accepts
drop   c c @ udp 1 20 s 5   : an intra-zone ruleset drops
drop   d d 4 udp 1 10 s 5   : an intra-zone ruleset for IPv4 alone judges IPv4
pass   d d 6 udp 1 10 s 5   : an intra-zone ruleset for IPv4 alone lets IPv6 pass
EOF
expect_counters "packets inside a zone count under that zone twice" <<'EOF'
A A @ - default 2
B B @ - default 1
C C @ C_INTRA 10 1
C C @ C_INTRA default 1
D D ipv4 D_INTRA default 1
D D ipv6 - default 1
EOF

probes <<'EOF'
pass   a r @ proto 253      : to the router, the local zone's from-ruleset accepts
drop   a r @ udp 1 10       : to the router, the local zone's from-ruleset drops
drop   b r @ proto 253      : to the router, none bound, the local zone's default-action
pass   r b @ udp 1 10       : from the router, the zone's ruleset from the local zone
pass   r c @ udp 1 10       : from the router, none bound, the zone's default-firewall
drop   r d @ udp 1 10       : from the router, none bound, the local zone's default-action
drop   r a @ udp 1 10       : from the router, the zone's own default-action is not asked
pass   a r 4 udp 68 67 s 0.0.0.0 d 255.255.255.255 mac ff:ff:ff:ff:ff:ff : DHCP to the router passes by a rule
drop   a r 4 udp 68 68 s 0.0.0.0 d 255.255.255.255 mac ff:ff:ff:ff:ff:ff : other broadcast to the router is judged
pass   a r 6 udp 546 547 s fe80::99 d ff02::1 mac 33:33:00:00:00:01 : IPv6 multicast to the router passes by a rule
drop   a r 6 udp 546 546 s fe80::99 d ff02::1 mac 33:33:00:00:00:01 : other IPv6 multicast to the router is judged
drop   a r 4 proto 112 ttl 255 d 224.0.0.1 mac 01:00:5e:00:00:01 : VRRP to the router is judged
drop   a r 4 proto 2 ttl 1 d 224.0.0.1 mac 01:00:5e:00:00:01     : IGMP to the router is judged
EOF
expect_counters "packets to and from the router count under the local zone" <<'EOF'
A L @ A_L 10 1
A L @ A_L 20 1
A L ipv4 A_L default 4
A L ipv6 A_L default 2
B L @ - default 1
L B @ L_B default 1
L C @ C_DEF default 1
L D @ - default 1
L A @ - default 1
EOF

probes <<'EOF'
drop   a u @ udp 1 10       : a zone to an interface in no zone (D1)
drop   u a @ udp 1 10       : an interface in no zone to a zone, even with default-action reject (D1)
drop   u c @ udp 1 10       : an interface in no zone never reaches a default-firewall (D1)
pass   u u2 @ udp 1 10      : between interfaces in no zone nothing is filtered
drop   u r @ proto 253      : an interface in no zone to the router, the local zone's default-action
drop   r u @ udp 1 10       : the router to an interface in no zone, the local zone's default-action
EOF
expect_counters "drops at an interface in no zone count under none" <<'EOF'
A none @ - default 1
none A @ - default 1
none C @ - default 1
none L @ - default 1
L none @ - default 1
EOF

# The destination that counts is the one after translation.
nsx r nft -f - <<EOF || bail "nft failed"
table inet t {
	chain pre {
		type nat hook prerouting priority -100
		udp dport 1010 ip daddr $(address 4 d 9) dnat ip to $(address 4 b 9):10
		udp dport 1010 ip6 daddr $(address 6 d 9) dnat ip6 to [$(address 6 b 9)]:10
		udp dport 1011 ip daddr $(address 4 d 9) dnat ip to $(address 4 a2 9):20
		udp dport 1011 ip6 daddr $(address 6 d 9) dnat ip6 to [$(address 6 a2 9)]:20
		udp dport 1012 ip daddr 10.0.10.1 dnat ip to $(address 4 b 9):20
		udp dport 1012 ip6 daddr fd00:10::1 dnat ip6 to [$(address 6 b 9)]:20
	}
}
EOF
probes <<EOF
pass   a b  4 udp 9 1010 d $(address 4 d 9)  : address and port after DNAT are judged, ipv4
pass   a b  6 udp 9 1010 d $(address 6 d 9)  : address and port after DNAT are judged, ipv6
pass   a a2 4 udp 9 1011 d $(address 4 d 9)  : DNAT back into the zone is inside the zone, ipv4
pass   a a2 6 udp 9 1011 d $(address 6 d 9)  : DNAT back into the zone is inside the zone, ipv6
drop   a b  4 udp 9 1012 d 10.0.10.1   : DNAT of the router's address is forwarding, ipv4
drop   a b  6 udp 9 1012 d fd00:10::1  : DNAT of the router's address is forwarding, ipv6
EOF
nsx r nft delete table inet t
expect_counters "translated packets count under the zone they go to" <<'EOF'
A B @ A_B 10 1
A B @ A_B 20 1
A A @ - default 1
EOF

# The same zones, with rejecting local zone, its default-firewall, and D1 off.
{
zones
cat <<'EOF'
global-options unassigned accept
zone A intra-zone-filtering action accept
zone L local-zone
zone L default-action reject
zone L from A firewall name A_L
zone L default-firewall @name L_DEF
@ip name L_DEF default-action drop
@ip name L_DEF rule 10 action accept
@ip name L_DEF rule 10 protocol 253
ipv4 name A_L default-action drop
EOF
} | load

probes <<'EOF'
pass   a a2 @ udp 1 10      : intra-zone-filtering action accept
pass   b r @ proto 253      : to the router, none bound, the local zone's default-firewall accepts
drop   b r @ udp 1 10       : to the router, none bound, the local zone's default-firewall drops
drop   a r 4 proto 253      : the local zone's from-ruleset of one family comes before its default-firewall
pass   a r 6 proto 253      : the other family goes to the local zone's default-firewall
reject u r @ udp 1 10       : an interface in no zone to the router with a rejecting local zone
pass   a u @ udp 1 10       : unassigned accept lets a zone reach an interface in no zone
drop   u a @ udp 1 10       : unassigned accept lets nothing back in
pass   u u2 @ udp 1 10      : unassigned accept changes nothing between interfaces in no zone
EOF
expect_counters "the local zone's default-firewall counts under the pair" <<'EOF'
A A @ - default 1
B L @ L_DEF 10 1
B L @ L_DEF default 1
A L ipv4 A_L default 1
A L ipv6 L_DEF 10 1
none L @ - default 1
A none @ - default 1
none A @ - default 1
EOF

# The router's own packet is answered too, by way of its loopback.
refused() {
	local text
	text=$(timeout 20 ip netns exec "$R" bash -c "exec 3<>/dev/tcp/$1/9" 2>&1)
	[[ $text == *refused* ]]
}
check "from the router, a rejecting local zone refuses the connection, ipv4" refused "$(address 4 d)"
check "from the router, a rejecting local zone refuses the connection, ipv6" refused "$(address 6 d)"
check "the router to no zone, a rejecting local zone refuses, ipv4" refused "$(address 4 u)"
check "the router to no zone, a rejecting local zone refuses, ipv6" refused "$(address 6 u)"
expect_counters "refused connections of the router count under the local zone" <<'EOF'
L D @ - default 1
L none @ - default 1
EOF

zones | load
probes <<'EOF'
pass   a r @ proto 253      : without a local zone, to the router is not filtered
pass   r a @ udp 1 10       : without a local zone, from the router is not filtered
pass   u r @ proto 253      : without a local zone, no zone to the router is not filtered
pass   r u @ udp 1 10       : without a local zone, the router to no zone is not filtered
pass   u u2 @ udp 1 10      : without a local zone, no zone to no zone is not filtered
drop   a u @ udp 1 10       : without a local zone, a zone to no zone is still dropped
EOF
expect_counters "without a local zone the router has no counters" <<'EOF'
A none @ - default 1
EOF
