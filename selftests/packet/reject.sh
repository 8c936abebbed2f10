#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Answers to rejected packets: which, and to whom there is none. They leave
# although the local zone drops everything the router sends.
#
#	a 10: zone A	b 40: zone B	r: the router, zone L, default drop
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
zone B from L firewall @name L_B
zone A from B firewall @name B_A
zone L local-zone
zone L from A firewall @name A_L
@ip name A_B default-action reject
@ip name B_A default-action accept
@ip name A_L default-action reject
@ip name A_L rule 10 action accept
@ip name A_L rule 10 protocol 250
@ip name L_B default-action reject
EOF

probes <<'EOF'
rst       a b @ tcp 1 80 S            : a connection attempt is reset (D3)
rst       a b @ tcp 1 80 A            : data is reset
drop      a b @ tcp 1 80 R            : RST is not answered
drop      a b @ tcp 1 80 RA           : RST with ACK is not answered
icmp:3/3  a b 4 udp 1 53              : UDP is answered by port unreachable, ipv4
icmp6:1/4 a b 6 udp 1 53              : UDP is answered by port unreachable, ipv6
icmp:3/3  a b 4 esp                   : ESP is answered by port unreachable, ipv4
icmp6:1/4 a b 6 esp                   : ESP is answered by port unreachable, ipv6
reject    a b @ proto 253             : a protocol the kernel does not know is answered
reject    a b @ ping                  : an echo request is answered
reject    a b 6 hbh dst udp 1 53      : a packet behind extension headers is answered
rst       a b 6 hbh dst tcp 1 80 S    : a connection behind extension headers is reset
drop      a b 4 icmp 3/1              : an ICMP error is not answered
drop      a b 4 icmp 11/0             : time exceeded is not answered
drop      a b 6 icmp6 1/3             : an ICMPv6 error is not answered
drop      a b 6 icmp6 2/0             : packet too big is not answered
reject    a b @ udp 1 53 len 2000 frags 2 : a packet that came in fragments is answered
EOF
expect_counters "a reject counts, answered or not" <<'EOF'
A B ipv4 A_B default 11
A B ipv6 A_B default 13
EOF

probes <<'EOF'
reject    a r @ tcp 1 80 S            : to the router, a connection attempt is reset
reject    a r @ udp 1 53              : to the router, UDP is answered
drop      a r @ tcp 1 80 R            : to the router, RST is not answered
drop      a r 4 udp 1 53 d 224.0.0.1 mac 01:00:5e:00:00:01 : multicast is not answered, ipv4
drop      a r 6 udp 1 53 d ff02::1 mac 33:33:00:00:00:01   : multicast is not answered, ipv6
drop      a r 4 tcp 1 80 S d 224.0.0.1 mac 01:00:5e:00:00:01 : TCP to multicast is not answered, ipv4
drop      a r 6 tcp 1 80 S d ff02::1 mac 33:33:00:00:00:01   : TCP to multicast is not answered, ipv6
drop      a r 4 udp 1 53 d 10.0.10.255 mac ff:ff:ff:ff:ff:ff : the network's broadcast is not answered
drop      a r 4 udp 1 53 d 255.255.255.255 mac ff:ff:ff:ff:ff:ff : the limited broadcast is not answered
drop      a r 4 udp 67 67 s 0.0.0.0 d 255.255.255.255 mac ff:ff:ff:ff:ff:ff : DHCP discovery is not answered
drop      a r 4 udp 1 53 mac ff:ff:ff:ff:ff:ff : a broadcast frame with the router's address is not answered
EOF
expect_counters "rejects to the router count" <<'EOF'
A L ipv4 A_L default 9
A L ipv6 A_L default 5
EOF

# Real clients notice at once.
refused() {
	local text
	text=$(timeout 20 ip netns exec "$T-$1" bash -c "exec 3<>/dev/tcp/$2/9" 2>&1)
	[[ $text == *refused* ]]
}
check "a client behind the router is refused at once, ipv4" refused a "$(address 4 b)"
check "a client behind the router is refused at once, ipv6" refused a "$(address 6 b)"
check "a client of the router itself is refused at once, ipv4" refused r "$(address 4 b)"
check "a client of the router itself is refused at once, ipv6" refused r "$(address 6 b)"
expect_counters "refused clients sent one packet each" <<'EOF'
A B @ A_B default 1
L B @ L_B default 1
EOF

# The answer itself is no hole: what looks like one is judged.
probes <<'EOF'
drop r a @ tcp 80 1 R                 : a reset nobody asked for does not leave
pass a r @ proto 250                  : a step
drop r a @ proto 250                  : nothing else of the router leaves
EOF
