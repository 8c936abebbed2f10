#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every match on addresses, protocols, ports, ICMP, interfaces and TCP flags:
# for each rule packets that match and packets that just miss.
#
#	a eth1.10, a2 eth1.11, w eth0: zone A	b eth1.40, b2 eth1.41: zone B
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host a2 11
add_link w 100 eth0
add_host b 40
add_host b2 41

zones='
zone A member interface eth1.10
zone A member interface eth1.11
zone A member interface eth0
zone B member interface eth1.40
zone B member interface eth1.41'

match_table "$zones" <<'EOF'
match @ protocol udp
+ udp 1 2                          : protocol by name
- tcp 1 2 S                        : protocol by name, another
match @ protocol 17
+ udp 1 2                          : protocol by number
- udplite 1 2                      : protocol by number, another
match @ protocol !udp
+ tcp 1 2 S                        : protocol negated, another
+ proto 253                        : protocol negated, one without ports
- udp 1 2                          : protocol negated, the one
match @ protocol !17
+ tcp 1 2 S                        : protocol number negated, another
- udp 1 2                          : protocol number negated, the one
match @ protocol tcp_udp
+ tcp 1 2 S                        : tcp_udp matches TCP
+ udp 1 2                          : tcp_udp matches UDP
- udplite 1 2                      : tcp_udp does not match UDP-Lite
- sctp 1 2                         : tcp_udp does not match SCTP
match @ protocol all
+ tcp 1 2 S                        : protocol all matches TCP
+ proto 253                        : protocol all matches an unknown protocol
match @ protocol @proto
+ ping                             : protocol ICMP of the family
- udp 1 2                          : protocol ICMP of the family, another
match 4 protocol 58
+ icmp6 128                        : protocol 58 in IPv4 is but a number
- ping                             : protocol 58 in IPv4 is not ICMP
match @ protocol esp
+ esp                              : protocol esp
- gre                              : protocol esp, another
match @ protocol gre
+ gre                              : protocol gre
- esp                              : protocol gre, another
match 4 protocol ah
+ proto 51                         : protocol ah in IPv4
- esp                              : protocol ah in IPv4, another
match @ protocol 253
+ proto 253                        : protocol without a name
- proto 254                        : protocol without a name, another
match @ protocol 255
+ proto 255                        : the highest protocol number
- proto 254                        : the highest protocol number, another
match 6 protocol udp
+ hbh udp 1 2                      : upper layer behind hop-by-hop options
+ dst udp 1 2                      : upper layer behind destination options
+ rt udp 1 2                       : upper layer behind a routing header
+ ah udp 1 2                       : upper layer behind an authentication header
+ hbh dst rt ah dst udp 1 2        : upper layer behind five headers
+ udp 1 2 len 2000 frags 2         : upper layer of a packet that came in fragments
- hbh dst tcp 1 2 S                : upper layer behind headers, another
match 6 protocol udp; destination port 2
+ hbh dst udp 1 2                  : port behind extension headers
- hbh dst udp 1 3                  : port behind extension headers, another
match 6 protocol ah
+ ah udp 1 2                       : presence of an authentication header
+ hbh ah dst tcp 1 2 S             : presence of an authentication header amid others
- hbh dst udp 1 2                  : absence of an authentication header
match 6 protocol hopopt
+ hbh udp 1 2                      : presence of hop-by-hop options
- dst udp 1 2                      : absence of hop-by-hop options
match 6 protocol 43
+ dst rt udp 1 2                   : presence of a routing header
- dst udp 1 2                      : absence of a routing header
match 6 protocol 60
+ hbh dst udp 1 2                  : presence of destination options
- hbh rt udp 1 2                   : absence of destination options
match 6 protocol !ah
+ hbh udp 1 2                      : presence negated, absent
- hbh ah udp 1 2                   : presence negated, present
match 6 protocol 59
+ proto 59                         : no next header
- proto 253                        : no next header, another

match @ source address @{a.5}
+ udp 1 2 s 5                      : source address
- udp 1 2 s 4                      : source address, one below
- udp 1 2 s 6                      : source address, one above
match @ source address !@{a.5}
+ udp 1 2 s 6                      : source address negated, another
- udp 1 2 s 5                      : source address negated, the one
match @ source address @{a.8/29}
+ udp 1 2 s 8                      : source prefix, first
+ udp 1 2 s 15                     : source prefix, last
- udp 1 2 s 7                      : source prefix, one below
- udp 1 2 s 16                     : source prefix, one above
match @ source address !@{a.8/29}
+ udp 1 2 s 16                     : source prefix negated, outside
- udp 1 2 s 15                     : source prefix negated, inside
match @ source address @{a.250}-@{a.260}
+ udp 1 2 s 250                    : source range, first
+ udp 1 2 s 260                    : source range, last
+ udp 1 2 s 256                    : source range, between
- udp 1 2 s 249                    : source range, one below
- udp 1 2 s 261                    : source range, one above
match @ source address !@{a.250}-@{a.260}
+ udp 1 2 s 261                    : source range negated, outside
- udp 1 2 s 260                    : source range negated, inside
match 4 source address 0.0.0.0/0
+ udp 1 2 s 223.255.255.254        : prefix of length 0, ipv4
match 6 source address ::/0
+ udp 1 2                          : prefix of length 0, ipv6
match 4 source address 200.0.0.0/8
+ udp 1 2 s 200.255.255.255        : upper half of the IPv4 addresses
- udp 1 2 s 201.0.0.0              : upper half of the IPv4 addresses, another
match 6 source address fd01:10:0:0:8000::/65
+ udp 1 2 s fd01:10:0:0:8000::     : IPv6 prefix that ends in the lower half, first
- udp 1 2 s fd01:10::7fff:ffff:ffff:ffff : IPv6 prefix that ends in the lower half, one below
- udp 1 2 s fd01:10:0:1::          : IPv6 prefix that ends in the lower half, one above
match 6 source address fd01:10::ffff:ffff:ffff:fffe-fd01:10:0:1::1
+ udp 1 2 s fd01:10::ffff:ffff:ffff:fffe : IPv6 range over the middle, first
+ udp 1 2 s fd01:10:0:1::1         : IPv6 range over the middle, last
- udp 1 2 s fd01:10::ffff:ffff:ffff:fffd : IPv6 range over the middle, one below
- udp 1 2 s fd01:10:0:1::2         : IPv6 range over the middle, one above
- udp 1 2 s fd01:11::ffff:ffff:ffff:ffff : IPv6 range over the middle, another upper half
smatch @ destination address @{b.5}
+ udp 1 2 d 5                      : destination address
- udp 1 2 d 6                      : destination address, another
smatch @ destination address !@{b.5}
+ udp 1 2 d 6                      : destination address negated, another
- udp 1 2 d 5                      : destination address negated, the one
smatch @ destination address @{b.8/29}
+ udp 1 2 d 15                     : destination prefix
- udp 1 2 d 16                     : destination prefix, one above
smatch @ destination address !@{b.8/29}
+ udp 1 2 d 16                     : destination prefix negated, outside
- udp 1 2 d 15                     : destination prefix negated, inside
smatch @ destination address @{b.20}-@{b.29}
+ udp 1 2 d 29                     : destination range
- udp 1 2 d 30                     : destination range, one above
smatch @ destination address !@{b.20}-@{b.29}
+ udp 1 2 d 30                     : destination range negated, outside
- udp 1 2 d 29                     : destination range negated, inside
match @ source address @{a.5}; protocol udp; source port 1; destination port 2
+ udp 1 2 s 5                      : four matches in one rule
- udp 1 2 s 6                      : four matches in one rule, another source
- tcp 1 2 S s 5                    : four matches in one rule, another protocol
- udp 3 2 s 5                      : four matches in one rule, another source port
- udp 1 3 s 5                      : four matches in one rule, another destination port
EOF

groups='
group @6address-group HOSTS@v address @{a.5}
group @6address-group HOSTS@v address @{a.20}-@{a.29}
group @6address-group HOSTS@v address @{a.25}-@{a.35}
group @6address-group HOSTS@v address @{a.36}
group @6address-group MORE@v include HOSTS@v
group @6address-group MORE@v address @{a.50}
group @6address-group MOST@v include MORE@v
group @6address-group NONE@v description nothing
group @6network-group NETS@v network @{a.8/29}
group @6network-group NETS@v network @{a.64/26}
group @6network-group MNETS@v include NETS@v
group @6network-group MNETS@v network @{a.256/24}
group @6address-group DHOSTS@v address @{b.5}
group @6network-group DNETS@v network @{b.8/29}
group port-group WEB port 80
group port-group WEB port 443
group port-group WEB port 8000-8010
group port-group ALL include WEB
group port-group ALL port domain
group port-group EMPTY description nothing
group interface-group IN interface eth1.10
group interface-group IN interface eth9
group interface-group WILD interface eth1.*
group interface-group OUT interface eth1.40
group interface-group BOTH include IN
group interface-group BOTH interface eth1.11'

match_table "$zones$groups" <<'EOF'
match @ source group address-group HOSTS@v
+ udp 1 2 s 5                      : address group, a host
+ udp 1 2 s 20                     : address group, first of a range
+ udp 1 2 s 36                     : address group, last of merged members
- udp 1 2 s 4                      : address group, one below a host
- udp 1 2 s 6                      : address group, one above a host
- udp 1 2 s 19                     : address group, one below a range
- udp 1 2 s 37                     : address group, one above merged members
match @ source group address-group !HOSTS@v
+ udp 1 2 s 37                     : address group negated, outside
- udp 1 2 s 30                     : address group negated, inside
match @ source group address-group MOST@v
+ udp 1 2 s 50                     : included group, its own member
+ udp 1 2 s 25                     : included group, a member two levels down
- udp 1 2 s 51                     : included group, outside
match @ source group address-group NONE@v
- udp 1 2 s 1                      : an empty group matches nothing
match @ source group address-group !NONE@v
+ udp 1 2 s 1                      : an empty group negated matches everything
match @ source group network-group NETS@v
+ udp 1 2 s 8                      : network group, first
+ udp 1 2 s 15                     : network group, last of the first network
+ udp 1 2 s 127                    : network group, last of the second network
- udp 1 2 s 16                     : network group, between the networks
- udp 1 2 s 128                    : network group, one above
match @ source group network-group !NETS@v
+ udp 1 2 s 16                     : network group negated, outside
- udp 1 2 s 64                     : network group negated, inside
match @ source group network-group MNETS@v
+ udp 1 2 s 511                    : included network group, its own member
+ udp 1 2 s 65                     : included network group, a member of the other
- udp 1 2 s 255                    : included network group, outside
smatch @ destination group address-group DHOSTS@v
+ udp 1 2 d 5                      : destination address group
- udp 1 2 d 6                      : destination address group, outside
smatch @ destination group address-group !DHOSTS@v
+ udp 1 2 d 6                      : destination address group negated, outside
- udp 1 2 d 5                      : destination address group negated, inside
smatch @ destination group network-group DNETS@v
+ udp 1 2 d 15                     : destination network group
- udp 1 2 d 16                     : destination network group, outside
smatch @ destination group network-group !DNETS@v
+ udp 1 2 d 16                     : destination network group negated, outside
- udp 1 2 d 15                     : destination network group negated, inside

match @ protocol udp; destination port 53
+ udp 1 53                         : destination port
- udp 53 1                         : destination port, the source has it
- udp 1 54                         : destination port, another
- tcp 1 53 S                       : destination port, another protocol
match @ protocol tcp; source port 53
+ tcp 53 1 S                       : source port
- tcp 1 53 S                       : source port, the destination has it
match @ protocol udp; destination port 100-110
+ udp 1 100                        : port range, first
+ udp 1 110                        : port range, last
- udp 1 99                         : port range, one below
- udp 1 111                        : port range, one above
match @ protocol tcp_udp; destination port 22,100-110,https
+ tcp 1 22 S                       : port list, a number
+ udp 1 105                        : port list, in a range
+ udp 1 443                        : port list, a service name
- udp 1 23                         : port list, another
match @ protocol udp; destination port !53
+ udp 1 54                         : port negated, another
- udp 1 53                         : port negated, the one
- tcp 1 54 S                       : port negated, another protocol
match @ protocol udp; source port !50-60
+ udp 61 1                         : source port range negated, outside
- udp 60 1                         : source port range negated, inside
match @ protocol udp; destination port !53,!123
+ udp 1 54                         : two negated ports, neither
- udp 1 53                         : two negated ports, the first
- udp 1 123                        : two negated ports, the second
match @ protocol udp; destination port 100-200,!150
+ udp 1 149                        : port list with a negated one, inside
- udp 1 150                        : port list with a negated one, that one
- udp 1 201                        : port list with a negated one, outside
match @ protocol udp; destination port 65535
+ udp 1 65535                      : the highest port
- udp 1 65534                      : one below the highest port
match @ protocol udp; destination port 1-65535
+ udp 1 1                          : every port
- udp 1 0                          : port 0 is not in 1-65535
match @ protocol tcp; destination group port-group WEB
+ tcp 1 80 S                       : port group, a number
+ tcp 1 8010 S                     : port group, last of a range
- tcp 1 8011 S                     : port group, outside
- udp 1 80                         : port group, another protocol
match @ protocol tcp; destination group port-group !WEB
+ tcp 1 81 S                       : port group negated, outside
- tcp 1 443 S                      : port group negated, inside
match @ protocol udp; source group port-group ALL
+ udp 53 1                         : included port group, a service name
+ udp 8005 1                       : included port group, a member of the other
- udp 54 1                         : included port group, outside
match @ protocol udp; source group port-group !ALL
+ udp 54 1                         : source port group negated, outside
- udp 53 1                         : source port group negated, inside
match @ protocol udp; destination group port-group EMPTY
- udp 1 80                         : an empty port group matches nothing
match @ protocol udp; destination group port-group !EMPTY
+ udp 1 80                         : an empty port group negated matches every port
match @ protocol sctp; destination port 80
+ sctp 1 80                        : port of SCTP (D10)
- sctp 1 81                        : port of SCTP, another
match @ protocol dccp; destination port 80
+ dccp 1 80                        : port of DCCP (D10)
- dccp 1 81                        : port of DCCP, another
match @ protocol udplite; source port 80
+ udplite 80 1                     : port of UDP-Lite (D10)
- udplite 81 1                     : port of UDP-Lite, another
match 4 protocol udp; destination port 53
+ udp 1 53 opts 12                 : port behind IPv4 options
- udp 1 54 opts 12                 : port behind IPv4 options, another

match @ protocol @proto; @icmp type-name echo-request
+ ping                             : ICMP type by name
- pong                             : ICMP type by name, another
- udp 1 2                          : ICMP type by name, another protocol
match 4 protocol icmp; icmp type 3
+ icmp 3/1                         : ICMP type by number
+ icmp 3/4                         : ICMP type by number, any code
- icmp 4/1                         : ICMP type by number, another
match 4 protocol icmp; icmp type 3; icmp code 4
+ icmp 3/4                         : ICMP type and code
- icmp 3/3                         : ICMP type and code, another code
- icmp 5/4                         : ICMP type and code, another type
match 4 protocol icmp; icmp type 0
+ pong                             : ICMP type 0
- ping                             : ICMP type 0, another
match 4 protocol icmp; icmp type 255
+ icmp 255/0                       : ICMP type 255
- icmp 254/0                       : ICMP type 255, another
match 4 protocol icmp; icmp type-name time-exceeded
+ icmp 11/0                        : time-exceeded
- icmp 12/0                        : time-exceeded, another
match 6 protocol ipv6-icmp; icmpv6 type 1
+ icmp6 1/4                        : ICMPv6 type by number
- icmp6 2/0                        : ICMPv6 type by number, another
match 6 protocol ipv6-icmp; icmpv6 type 1; icmpv6 code 4
+ icmp6 1/4                        : ICMPv6 type and code
- icmp6 1/3                        : ICMPv6 type and code, another code
match 6 protocol ipv6-icmp; icmpv6 type-name packet-too-big
+ icmp6 2/0                        : packet-too-big
- icmp6 3/0                        : packet-too-big, another
match 6 protocol ipv6-icmp; icmpv6 type-name echo-reply
+ hbh pong                         : ICMPv6 type behind an extension header
- hbh ping                         : ICMPv6 type behind an extension header, another

match @ inbound-interface name eth1.10
+ udp 1 2                          : inbound interface
- a2>b udp 1 2                     : inbound interface, another
match @ inbound-interface name !eth1.10
+ a2>b udp 1 2                     : inbound interface negated, another
- udp 1 2                          : inbound interface negated, the one
match @ inbound-interface name eth1.1*
+ udp 1 2                          : inbound interface by wildcard
+ a2>b udp 1 2                     : inbound interface by wildcard, the other one
- w>b udp 1 2                      : inbound interface by wildcard, another
match @ inbound-interface name eth1.*
+ a2>b udp 1 2                     : wildcard behind a dot
- w>b udp 1 2                      : wildcard behind a dot, another
match @ inbound-interface name eth1.10*
+ udp 1 2                          : a wildcard includes the name before the star
- a2>b udp 1 2                     : a wildcard includes the name before the star, another
match @ inbound-interface name !eth1.*
+ w>b udp 1 2                      : wildcard negated, outside
- udp 1 2                          : wildcard negated, inside
match @ inbound-interface group IN
+ udp 1 2                          : interface group
- a2>b udp 1 2                     : interface group, outside
match @ inbound-interface group !IN
+ a2>b udp 1 2                     : interface group negated, outside
- udp 1 2                          : interface group negated, inside
match @ inbound-interface group WILD
+ a2>b udp 1 2                     : interface group with a wildcard
- w>b udp 1 2                      : interface group with a wildcard, outside
match @ inbound-interface group BOTH
+ a2>b udp 1 2                     : included interface group, its own member
+ udp 1 2                          : included interface group, a member of the other
- w>b udp 1 2                      : included interface group, outside
smatch @ outbound-interface name eth1.40
+ udp 1 2                          : outbound interface
- a>b2 udp 1 2                     : outbound interface, another
smatch @ outbound-interface name !eth1.40
+ a>b2 udp 1 2                     : outbound interface negated, another
- udp 1 2                          : outbound interface negated, the one
smatch @ outbound-interface name eth1.4*
+ a>b2 udp 1 2                     : outbound interface by wildcard
smatch @ outbound-interface group OUT
+ udp 1 2                          : outbound interface group
- a>b2 udp 1 2                     : outbound interface group, outside
smatch @ outbound-interface group !OUT
+ a>b2 udp 1 2                     : outbound interface group negated, outside
- udp 1 2                          : outbound interface group negated, inside
match @ inbound-interface name eth1.10; outbound-interface name eth1.40
+ udp 1 2                          : both interfaces
- a2>b udp 1 2                     : both interfaces, another inbound one

match @ protocol tcp; tcp flags syn; tcp flags not ack
+ tcp 1 2 S                        : tcp flags, one set and one not
+ tcp 1 2 SFPUEC                   : tcp flags, others do not matter
- tcp 1 2 SA                       : tcp flags, the forbidden one is set
- tcp 1 2 F                        : tcp flags, the wanted one is not set
- udp 1 2                          : tcp flags, another protocol
match @ protocol tcp; tcp flags syn; tcp flags ack
+ tcp 1 2 SA                       : tcp flags, two set
- tcp 1 2 S                        : tcp flags, one of two
- tcp 1 2 A                        : tcp flags, the other of two
match @ protocol tcp; tcp flags not syn
+ tcp 1 2 A                        : tcp flags, one not set
+ tcp 1 2 0                        : tcp flags, none set
- tcp 1 2 S                        : tcp flags, the forbidden one alone
match @ protocol tcp; tcp flags fin
+ tcp 1 2 FA                       : flag fin
- tcp 1 2 SRPAUEC                  : flag fin, all others
match @ protocol tcp; tcp flags rst
+ tcp 1 2 R                        : flag rst
- tcp 1 2 FSPAUEC                  : flag rst, all others
match @ protocol tcp; tcp flags psh
+ tcp 1 2 PA                       : flag psh
- tcp 1 2 FSRAUEC                  : flag psh, all others
match @ protocol tcp; tcp flags ack
+ tcp 1 2 A                        : flag ack
- tcp 1 2 FSRPUEC                  : flag ack, all others
match @ protocol tcp; tcp flags urg
+ tcp 1 2 UA                       : flag urg
- tcp 1 2 FSRPAEC                  : flag urg, all others
match @ protocol tcp; tcp flags ecn
+ tcp 1 2 SE                       : flag ecn
- tcp 1 2 FSRPAUC                  : flag ecn, all others
match @ protocol tcp; tcp flags cwr
+ tcp 1 2 SC                       : flag cwr
- tcp 1 2 FSRPAUE                  : flag cwr, all others
match @ protocol tcp; tcp flags not fin
+ tcp 1 2 SRPAUEC                  : flag not fin, all others
- tcp 1 2 FA                       : flag not fin, the forbidden one
match @ protocol tcp; tcp flags not rst
+ tcp 1 2 FSPAUEC                  : flag not rst, all others
- tcp 1 2 RA                       : flag not rst, the forbidden one
match @ protocol tcp; tcp flags not psh
+ tcp 1 2 FSRAUEC                  : flag not psh, all others
- tcp 1 2 PA                       : flag not psh, the forbidden one
match @ protocol tcp; tcp flags not urg
+ tcp 1 2 FSRPAEC                  : flag not urg, all others
- tcp 1 2 UA                       : flag not urg, the forbidden one
match @ protocol tcp; tcp flags not ecn
+ tcp 1 2 FSRPAUC                  : flag not ecn, all others
- tcp 1 2 EA                       : flag not ecn, the forbidden one
match @ protocol tcp; tcp flags not cwr
+ tcp 1 2 FSRPAUE                  : flag not cwr, all others
- tcp 1 2 CA                       : flag not cwr, the forbidden one
match @ protocol tcp; destination port 2; tcp flags syn
+ tcp 1 2 S                        : port and flag
- tcp 1 3 S                        : port and flag, another port
EOF

# What a packet does not have fails, negated too: it came in through nothing.
load <<'EOF'
zone B member interface eth1.40
zone B from L firewall @name L_B
zone L local-zone
zone L default-firewall @name X_L
@ip name L_B default-action drop
@ip name L_B rule 10 action accept
@ip name L_B rule 10 inbound-interface name !eth9
@ip name L_B rule 20 action accept
@ip name L_B rule 20 inbound-interface name eth*
@ip name L_B rule 30 action accept
@ip name L_B rule 30 outbound-interface name !eth9
@ip name L_B rule 30 protocol udp
@ip name X_L default-action drop
@ip name X_L rule 10 action accept
@ip name X_L rule 10 outbound-interface name !eth9
@ip name X_L rule 20 action accept
@ip name X_L rule 20 inbound-interface name eth1.40
@ip name X_L rule 20 protocol 253
EOF
probes <<'EOF'
drop r b @ proto 253               : what the router sends has no inbound interface
pass r b @ udp 1 2                 : what the router sends has an outbound interface
drop b r @ udp 1 2                 : what the router gets has no outbound interface
pass b r @ proto 253               : what the router gets has an inbound interface
EOF
expect_counters "an interface that is not there matches nothing" <<'EOF'
L B @ L_B default 1
L B @ L_B 30 1
B L @ X_L default 1
B L @ X_L 20 1
EOF
