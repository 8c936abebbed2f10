#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Fragments. Tracked ones are put together before zpf sees them. Untracked
# ones come one by one: a later fragment has no ports, flags or types, so such
# a match fails, negated too, whatever bytes stand there.
#
#	a 10: zone A	b 40: zone B	c 50: zone C
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40
add_host c 50

load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 protocol udp
@ip name A_B rule 10 destination port 53
EOF
probes <<'EOF'
pass a b @ udp 1 53 len 2000 frags 2  : tracked fragments match by their port
pass a b @ udp 1 53 len 4000 frags 5  : five fragments
drop a b @ udp 1 54 len 2000 frags 2  : tracked fragments with another port
drop a b @ udp 1 53 frag 8            : a later fragment alone
drop a b @ udp 1 53 frag 0+ len 1232  : a first fragment alone
EOF
expect_counters "fragments put together count once" <<'EOF'
A B @ A_B 10 2
A B @ A_B default 1
EOF

# From here on nothing is tracked, so nothing is put together.
nsx r nft -f - <<'EOF' || bail "nft failed"
table inet t {
	chain pre {
		type filter hook prerouting priority -450
		notrack
	}
}
EOF

zones='
zone A member interface eth1.10
zone B member interface eth1.40
group port-group P port 53'
match_table "$zones" <<'EOF'
match @ protocol udp; destination port 53
+ udp 1 53                            : untracked, a whole packet
+ udp 1 53 frag 0+                    : untracked, a first fragment has ports
- udp 1 53 frag 8                     : a later fragment has no destination port
- udp 1 53 frag 1480+                 : a fragment in the middle has no destination port
match @ protocol udp; source port 53
- udp 53 1 frag 8                     : a later fragment has no source port
match @ protocol udp; destination port !53
+ udp 1 54 frag 0+                    : negated port, a first fragment
- udp 1 54 frag 8                     : negated port, a later fragment has none
match @ protocol udp; source port !53,!54
- udp 1 54 frag 8                     : negated port list, a later fragment has none
match @ protocol tcp_udp; destination port 1-65535
- udp 1 54 frag 8                     : every port, a later fragment has none
- tcp 1 54 S frag 24                  : every port, a later fragment of TCP has none
match @ protocol udp; destination group port-group P
- udp 1 53 frag 8                     : port group, a later fragment has no port
match @ protocol udp; destination group port-group !P
- udp 1 54 frag 8                     : port group negated, a later fragment has no port
match @ protocol tcp; tcp flags syn
+ tcp 1 2 S frag 0+ len 12            : flags, a first fragment
- tcp 1 2 S frag 24                   : flags, a later fragment has none
match @ protocol tcp; tcp flags not syn
- tcp 1 2 A frag 24                   : flags not set, a later fragment has none
match @ protocol @proto; @icmp type-name echo-request
+ ping frag 0+                        : ICMP type, a first fragment
- ping frag 8                         : ICMP type, a later fragment has none
match @ protocol udp
+ udp 1 2 frag 8                      : a later fragment has a protocol
- tcp 1 2 S frag 24                   : a later fragment has a protocol, another
match @ protocol !udp
+ tcp 1 2 S frag 24                   : a later fragment, protocol negated
match @ protocol tcp_udp; source address @{a.5}
+ udp 1 2 frag 8 s 5                  : a later fragment has addresses
- udp 1 2 frag 8 s 6                  : a later fragment has addresses, another
match @ inbound-interface name eth1.10
+ udp 1 2 frag 8                      : a later fragment has an interface
match 6 protocol ipv6-frag
+ udp 1 2 frag 8                      : a later fragment has a fragment header
+ udp 1 2 frag 0+                     : so has a first one
+ hbh frag 0 tcp 1 2 S                : so has a fragment that is all of the packet
- udp 1 2                             : a whole packet has none
match 6 protocol udp; destination port 53
+ frag 0 udp 1 53                     : a fragment that is all of the packet has ports
+ hbh frag 0+ udp 1 53                : a first fragment behind another header has ports
+ hbh frag 0+ dst udp 1 53            : a header between fragment header and port
- hbh frag 8 udp 1 53                 : a later fragment behind another header has none
match 6 protocol ah
- frag 8 ah udp 1 2                   : what stands in a later fragment is no header
+ frag 0+ ah udp 1 2                  : what stands in a first fragment is one
EOF

# Tiny first fragments, cut inside the header that rules ask for.
load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
@ip name A_B default-action accept
EOF
{
	for cut in 0 4 7; do
		echo "drop a b 4 udp 1 53 frag 0+ cut $cut : a first fragment with $cut bytes of UDP is malformed, ipv4"
		echo "drop a b 6 frag 0+ udp 1 53 cut $((8 + cut)) : a first fragment with $cut bytes of UDP is malformed, ipv6"
	done
	for cut in 4 8 16; do
		echo "drop a b 4 tcp 1 80 S frag 0+ cut $cut : a first fragment with $cut bytes of TCP is malformed, ipv4"
		echo "drop a b 6 frag 0+ tcp 1 80 S cut $((8 + cut)) : a first fragment with $cut bytes of TCP is malformed, ipv6"
	done
	cat <<-'EOF'
	drop a b 6 frag 0+ cut 4              : a fragment header cut short is malformed
	drop a b 6 frag 0+ dst udp 1 2 cut 12 : a first fragment that ends inside a header is malformed
	pass a b @ udp 1 53 frag 8            : a later fragment is not malformed
	pass a b @ udp 1 53 frag 8 cut 9      : a short later fragment is not malformed
	EOF
} | probes
expect_counters "malformed fragments reach no rule" <<'EOF'
A B @ A_B default 2
EOF

# Every byte: a packet cut anywhere never passes by a rule on its port.
load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 protocol tcp_udp
@ip name A_B rule 10 destination port 53
@ip name A_B rule 20 action accept
@ip name A_B rule 20 protocol tcp_udp
@ip name A_B rule 20 destination port !53
@ip name A_B rule 30 action accept
@ip name A_B rule 30 protocol @proto
@ip name A_B rule 30 @icmp type-name echo-request
EOF
expect_fates() {
	local name=$1 before=$tap_failed n
	# Many fates, one case: only failures are told one by one.
	sed 's/ : .*//' > "$tmp/steps"
	n=$(wc -l < "$tmp/steps")
	probes < "$tmp/steps"
	if ((before == tap_failed)); then
		result ok "$name, $n packets"
	else
		result not-ok "$name, $n packets"
	fi
}
{
	for cut in {0..19}; do
		echo "drop a b @ tcp 1 53 S cut $cut"
		echo "drop a b @ tcp 1 54 S cut $cut frag 0+"
	done
	for cut in {0..7}; do
		echo "drop a b @ udp 1 53 cut $cut"
		echo "drop a b @ udp 1 54 cut $cut"
	done
	for cut in 0 1; do
		echo "drop a b @ ping cut $cut"
	done
	for cut in {0..27}; do
		echo "drop a b 6 hbh dst udp 1 53 cut $cut"
		echo "drop a b 6 rt ah udp 1 53 cut $cut"
		echo "drop a b 6 frag 0+ dst udp 1 53 cut $((cut < 24 ? cut : 23))"
	done
} | sed '/hbh dst/s/cut 2[4-7]/cut 23/' | expect_fates "a packet cut at any byte of its headers does not pass"
{
	for n in {1..59}; do
		echo "drop a b 4 tcp 1 53 S len 20 short $n"
		echo "drop a b 6 tcp 1 53 S len 20 short $n"
	done
} | expect_fates "a frame cut at any byte does not pass"
{
	for ihl in 0 1 4 15; do echo "drop a b 4 udp 1 53 len 8 ihl $ihl"; done
	for ver in 0 5 7 15; do echo "drop a b 4 udp 1 53 ver $ver"; done
	for n in 0 19 21 27 37 65535; do echo "drop a b 4 udp 1 53 iplen $n"; done
	for n in 0 1 7 17 65535; do echo "drop a b 6 udp 1 53 iplen $n"; done
	# From 2 on the header swallows the whole packet, or more.
	for n in 2 3 254; do
		echo "drop a b 6 dst extlen $n udp 1 53"
		echo "drop a b 6 rt extlen $n udp 1 53"
	done
	for n in 6 7 254; do echo "drop a b 6 ah extlen $n udp 1 53"; done
} | expect_fates "a packet with wrong lengths does not pass"
clear_counters
