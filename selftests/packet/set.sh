#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Packets that rules change: what arrives, and what rules behind them see.
#
#	a eth1.10: zone A	b eth1.40: zone B, with an MTU like that of PPPoE
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40
ip -n "$R" link set eth1.40 mtu 1492

load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
@ip name A_B default-action drop
@ip name A_B rule 10 action continue
@ip name A_B rule 10 protocol udp
@ip name A_B rule 10 source port 10
@ip name A_B rule 10 set dscp 46
@ip name A_B rule 11 action accept
@ip name A_B rule 11 dscp 46
@ip name A_B rule 20 action continue
@ip name A_B rule 20 protocol udp
@ip name A_B rule 20 source port 20
@ip name A_B rule 20 set mark 7
@ip name A_B rule 21 action accept
@ip name A_B rule 21 mark 7
@ip name A_B rule 30 action accept
@ip name A_B rule 30 connection-mark 9
@ip name A_B rule 31 action accept
@ip name A_B rule 31 protocol udp
@ip name A_B rule 31 source port 30
@ip name A_B rule 31 set connection-mark 9
ipv4 name A_B rule 40 action continue
ipv4 name A_B rule 40 protocol udp
ipv4 name A_B rule 40 source port 40
ipv4 name A_B rule 40 set ttl 9
ipv4 name A_B rule 41 action accept
ipv4 name A_B rule 41 ttl eq 9
ipv6 name A_B rule 40 action continue
ipv6 name A_B rule 40 protocol udp
ipv6 name A_B rule 40 source port 40
ipv6 name A_B rule 40 set hop-limit 9
ipv6 name A_B rule 41 action accept
ipv6 name A_B rule 41 hop-limit eq 9
@ip name A_B rule 50 action continue
@ip name A_B rule 50 protocol tcp
@ip name A_B rule 50 source port 50
@ip name A_B rule 50 set tcp-mss 1200
@ip name A_B rule 51 action accept
@ip name A_B rule 51 protocol tcp
@ip name A_B rule 51 tcp mss 1200
@ip name A_B rule 60 action accept
@ip name A_B rule 60 protocol tcp
@ip name A_B rule 60 source port 60
@ip name A_B rule 60 set tcp-mss pmtu
@ip name A_B rule 70 action accept
@ip name A_B rule 70 protocol tcp
@ip name A_B rule 70 source port 70
@ip name A_B rule 70 set dscp 1
@ip name A_B rule 70 set tcp-mss 500
EOF
probes <<'EOF'
pass a b @ udp 10 1 tos 3 gettos 187            : DSCP is set, congestion bits stay
drop a b @ udp 11 1 tos 3                       : DSCP of others stays
pass a b @ udp 20 1                             : a mark is set, and found behind it
drop a b @ udp 21 1                             : others get no mark
pass a b @ udp 30 1                             : a connection mark is set
pass a b @ udp 30 1                             : and found by the next packet
drop a b @ udp 31 1                             : other connections get none
pass a b @ udp 40 1 ttl 64 getttl 9             : time to live or hop limit is set
drop a b @ udp 41 1 ttl 64                      : that of others stays
pass a b @ tcp 50 1 S mss 1460 getmss 1200      : a segment size is lowered
pass a b @ tcp 50 2 S mss 1460 msspad 1 getmss 1200 : where it begins at an odd byte
pass a b @ tcp 50 3 S mss 1201 msspad 2 getmss 1200 : by one
drop a b @ tcp 50 4 S mss 1199                  : and never raised
drop a b @ tcp 50 5 S                           : nor added
pass a b 4 tcp 60 1 S mss 1460 getmss 1452      : to what the path lets through, ipv4
pass a b 6 tcp 60 1 S mss 1440 getmss 1432      : to what the path lets through, ipv6
pass a b @ tcp 60 2 S mss 1400 getmss 1400      : but not raised to that
pass a b @ tcp 60 3 S                           : without the option there is nothing to do
pass a b @ tcp 70 1 S mss 9000 tos 0 getmss 500 gettos 4 : two changes at once
EOF
expect_counters "packets counted as they were changed" <<'EOF'
A B @ A_B 10 1
A B @ A_B 11 1
A B @ A_B 20 1
A B @ A_B 21 1
A B @ A_B 30 1
A B @ A_B 31 1
A B @ A_B 40 1
A B @ A_B 41 1
A B @ A_B 50 5
A B @ A_B 51 3
A B @ A_B 60 3
A B @ A_B 70 1
A B @ A_B default 6
EOF

# The example of the README, with a network that is there.
load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
zone A from B firewall @name A_B
@ip name A_B default-action accept
@ip forward filter rule 5 action continue
@ip forward filter rule 5 outbound-interface name eth1.4*
@ip forward filter rule 5 protocol tcp
@ip forward filter rule 5 tcp flags syn
@ip forward filter rule 5 set tcp-mss pmtu
EOF
probes <<'EOF'
pass a b 4 tcp 1 80 S mss 1460 getmss 1452      : a SYN towards the smaller MTU, ipv4
pass a b 6 tcp 1 80 S mss 1440 getmss 1432      : a SYN towards the smaller MTU, ipv6
pass b a @ tcp 1 81 S mss 1460 getmss 1460      : a SYN away from it
pass a b @ tcp 1 80 A                           : no SYN
EOF
expect_counters "only what the rule asks for is changed" <<'EOF'
A B @ A_B default 2
B A @ A_B default 1
chain forward @ forward-filter 5 1
chain forward @ forward-filter default 3
EOF
