#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The matches few rules make, which have a side record in the kernel: for each
# rule packets that match and packets that just miss.
#
#	a eth1.10: zone A	b eth1.40: zone B	the router: zone L
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

zones='
zone A member interface eth1.10
zone B member interface eth1.40
group address-group MASKED address 0.0.0.9
group ipv6-address-group MASKED address ::9
group mac-group MACS mac-address 02:00:00:00:00:11
group mac-group MACS include MORE
group mac-group MORE mac-address 02:00:00:00:00:13
group mac-group NONE'

# What stands in front of zpf: marks of packets by source port, marks of
# connections and translations by destination port, and what has a DSCP of 8 is
# neither tracked nor put together from fragments.
nsx r nft -f - <<'EOF' || bail "nft failed"
table inet marks {
	chain early {
		type filter hook prerouting priority raw
		udp dport 79 notrack
	}
	chain first {
		type filter hook prerouting priority -450
		ip dscp cs1 notrack
		ip6 dscp cs1 notrack
	}
	chain packets {
		type filter hook prerouting priority mangle
		udp sport 15 meta mark set 15
		udp sport 16 meta mark set 16
		udp sport 17 meta mark set 17
		udp sport 18 meta mark set 18
		udp dport 70 ct mark set 70
		udp dport 71 ct mark set 71
		udp dport 72 ct mark set 72
	}
}
table ip nat {
	chain pre {
		type nat hook prerouting priority dstnat
		udp dport 90 dnat to :91
	}
	chain post {
		type nat hook postrouting priority srcnat
		udp dport 92 snat to :93
	}
}
table ip6 nat {
	chain pre {
		type nat hook prerouting priority dstnat
		udp dport 90 dnat to :91
	}
	chain post {
		type nat hook postrouting priority srcnat
		udp dport 92 snat to :93
	}
}
EOF

# The router has taken one off the time to live when the packet is judged.
match_table "$zones" <<'EOF'
match 4 ttl eq 63
+ udp 1 2 ttl 64                   : time to live, equal
- udp 1 2 ttl 65                   : time to live equal, one above
- udp 1 2 ttl 63                   : time to live equal, one below
match 4 ttl gt 63
+ udp 1 2 ttl 65                   : time to live, greater
- udp 1 2 ttl 64                   : time to live greater, equal
match 4 ttl lt 63
+ udp 1 2 ttl 63                   : time to live, less
- udp 1 2 ttl 64                   : time to live less, equal
match 6 hop-limit eq 63
+ udp 1 2 ttl 64                   : hop limit, equal
- udp 1 2 ttl 65                   : hop limit equal, one above
- udp 1 2 ttl 63                   : hop limit equal, one below
match 6 hop-limit gt 63
+ udp 1 2 ttl 65                   : hop limit, greater
- udp 1 2 ttl 64                   : hop limit greater, equal
match 6 hop-limit lt 63
+ udp 1 2 ttl 63                   : hop limit, less
- udp 1 2 ttl 64                   : hop limit less, equal
match @ connection-status nat destination
+ udp 1 90                         : destination is translated
- udp 1 92                         : destination, nothing is translated yet
- udp 1 92                         : destination, the source is translated
- udp 1 91                         : destination, not translated
- udp 1 79                         : destination, not tracked
match @ mark 16
+ udp 16 2                         : mark
- udp 15 2                         : mark, one below
- udp 17 2                         : mark, one above
- udp 1 2                          : mark, none
match @ mark 16-17
- udp 15 2                         : range of marks, below
+ udp 16 2                         : range of marks, first
+ udp 17 2                         : range of marks, last
- udp 18 2                         : range of marks, above
match @ mark !16
- udp 16 2                         : not this mark
+ udp 17 2                         : not this mark, another
+ udp 1 2                          : not this mark, none
match @ connection-mark 70; connection-mark 72
+ udp 1 70                         : connection mark, first
- udp 1 71                         : connection mark, between
+ udp 1 72                         : connection mark, last
- udp 1 2                          : connection mark, none
match @ connection-mark 0
+ udp 1 2                          : connection mark 0
- udp 1 79                         : connection mark 0, not tracked
match 4 source address 0.0.0.9; source address-mask 0.0.0.255
+ udp 1 2 s 265                    : source under a mask
- udp 1 2 s 266                    : source under a mask, one above
match 4 source address !0.0.0.9; source address-mask 0.0.0.255
- udp 1 2 s 265                    : source not under a mask
+ udp 1 2 s 266                    : source not under a mask, one above
match 4 source group address-group MASKED; source address-mask 0.0.0.255
+ udp 1 2 s 521                    : source under a mask, group
- udp 1 2 s 520                    : source under a mask, group, one below
smatch 4 destination address 10.0.0.8-10.0.0.9; destination address-mask 255.0.0.255
- udp 1 2 d 263                    : destination under a mask, below the range
+ udp 1 2 d 264                    : destination under a mask, first of a range
+ udp 1 2 d 265                    : destination under a mask, last of a range
- udp 1 2 d 266                    : destination under a mask, above the range
match 6 source address ::9; source address-mask ::ff
+ udp 1 2 s 265                    : source under a mask, IPv6
- udp 1 2 s 266                    : source under a mask, one above, IPv6
match 6 source address !::9; source address-mask ::ff
- udp 1 2 s 265                    : source not under a mask, IPv6
+ udp 1 2 s 266                    : source not under a mask, one above, IPv6
match 6 source group address-group MASKED; source address-mask ::ff
+ udp 1 2 s 521                    : source under a mask, group, IPv6
- udp 1 2 s 520                    : source under a mask, group, one below, IPv6
smatch 6 destination address fd00::8-fd00::9; destination address-mask ff00::ff
- udp 1 2 d 263                    : destination under a mask, below the range, IPv6
+ udp 1 2 d 264                    : destination under a mask, first of a range, IPv6
+ udp 1 2 d 265                    : destination under a mask, last of a range, IPv6
- udp 1 2 d 266                    : destination under a mask, above the range, IPv6
match @ source mac-address 02:00:00:00:00:11
+ udp 1 2 smac 02:00:00:00:00:11   : source MAC
- udp 1 2 smac 02:00:00:00:00:12   : source MAC, one above
- udp 1 2 smac 12:00:00:00:00:11   : source MAC, another first byte
match @ source mac-address !02:00:00:00:00:11
- udp 1 2 smac 02:00:00:00:00:11   : not this source MAC
+ udp 1 2 smac 02:00:00:00:00:10   : not this source MAC, one below
match @ destination mac-address 02:00:00:00:00:01
+ udp 1 2                          : destination MAC
match @ destination mac-address 02:00:00:00:00:02
- udp 1 2                          : destination MAC, one above
match @ destination mac-address !02:00:00:00:00:02
+ udp 1 2                          : not this destination MAC
match @ source group mac-group MACS
+ udp 1 2 smac 02:00:00:00:00:11   : MAC group
- udp 1 2 smac 02:00:00:00:00:12   : MAC group, between members
+ udp 1 2 smac 02:00:00:00:00:13   : MAC group, included
match @ source group mac-group !MACS
- udp 1 2 smac 02:00:00:00:00:13   : not in a MAC group, member
+ udp 1 2 smac 02:00:00:00:00:12   : not in a MAC group
match @ destination group mac-group !NONE
+ udp 1 2                          : not in an empty MAC group
match @ destination group mac-group MACS
- udp 1 2                          : destination in no MAC group
match 4 packet-length 100
- udp 1 2 len 71                   : length, one less
+ udp 1 2 len 72                   : length, with all headers
- udp 1 2 len 73                   : length, one more
match 6 packet-length 100
- udp 1 2 len 91                   : length, one less, IPv6
+ udp 1 2 len 92                   : length, without the IPv6 header
+ hbh udp 1 2 len 84               : length, with extension headers
- udp 1 2 len 93                   : length, one more, IPv6
match 4 packet-length 100-101; packet-length 103
- udp 1 2 len 71                   : lengths, below
+ udp 1 2 len 73                   : lengths, last of a range
- udp 1 2 len 74                   : lengths, between
+ udp 1 2 len 75                   : lengths, another value
match 4 packet-length-exclude 100
+ udp 1 2 len 71                   : any other length, one less
- udp 1 2 len 72                   : any other length
+ udp 1 2 len 73                   : any other length, one more
match 6 packet-length-exclude 100-101
+ udp 1 2 len 91                   : any other length, one less, IPv6
- udp 1 2 len 92                   : any other length, IPv6
- udp 1 2 len 93                   : any other length, last of the range, IPv6
+ udp 1 2 len 94                   : any other length, one more, IPv6
match 4 packet-length 100-110; packet-length-exclude 105
+ udp 1 2 len 76                   : length in a range without one, below it
- udp 1 2 len 77                   : length in a range without one
+ udp 1 2 len 78                   : length in a range without one, above it
match @ dscp 10
+ udp 1 2 tos 40                   : DSCP
+ udp 1 2 tos 43                   : DSCP, congestion bits do not count
- udp 1 2 tos 36                   : DSCP, one below
- udp 1 2 tos 44                   : DSCP, one above
match @ dscp 10-12; dscp 46
- udp 1 2 tos 39                   : DSCP values, below the range
+ udp 1 2 tos 48                   : DSCP values, last of the range
- udp 1 2 tos 52                   : DSCP values, above the range
+ udp 1 2 tos 184                  : DSCP values, another
match @ dscp-exclude 10
- udp 1 2 tos 40                   : any other DSCP
+ udp 1 2 tos 44                   : any other DSCP, one above
match @ dscp 0-63; dscp-exclude 0-45; dscp-exclude 47-63
- udp 1 2 tos 180                  : DSCP in a range without others, below
+ udp 1 2 tos 184                  : DSCP in a range without others
- udp 1 2 tos 188                  : DSCP in a range without others, above
match @ fragment match-frag
+ udp 1 2 len 64 frags 2           : fragments, put together
- udp 1 2 len 64                   : fragments, in one piece
match @ fragment match-non-frag
- udp 1 2 len 64 frags 2           : no fragments, put together
+ udp 1 2 len 64                   : no fragments
match 4 fragment match-frag
+ udp 1 2 frag 0+ tos 32           : fragments, a first that was not put together
+ udp 1 2 frag 64 tos 32           : fragments, a last that was not put together
- udp 1 2 tos 32                   : fragments, whole and not tracked
match 6 fragment match-frag
+ frag 0+ udp 1 2 tos 32           : fragments, a first that was not put together, IPv6
+ frag 64 udp 1 2 tos 32           : fragments, a last that was not put together, IPv6
- udp 1 2 tos 32                   : fragments, whole and not tracked, IPv6
match @ protocol tcp; tcp mss 1300
+ tcp 1 2 S mss 1300               : segment size
- tcp 1 2 S mss 1299               : segment size, one less
- tcp 1 2 S mss 1301               : segment size, one more
- tcp 1 2 S                        : segment size, none
- tcp 1 2 A mss 1300               : segment size, not in a SYN
match @ protocol tcp; tcp mss 1300-1400
- tcp 1 2 S mss 1299               : range of segment sizes, below
+ tcp 1 2 S mss 1300 msspad 1      : range of segment sizes, first, behind an option
+ tcp 1 2 S mss 1400 msspad 4      : range of segment sizes, last
- tcp 1 2 S mss 1401               : range of segment sizes, above
match @ protocol gre; gre flags key
+ gre gflags 0x2000 len 12         : GRE key
- gre gflags 0x8000 len 12         : GRE key, a checksum
match @ protocol gre; gre flags key unset
- gre gflags 0x2000 len 12         : no GRE key, a key
+ gre gflags 0x1000 len 12         : no GRE key, a sequence number
match @ protocol gre; gre flags checksum
+ gre gflags 0x8000                : GRE checksum
- gre gflags 0x2000                : GRE checksum, a key
match @ protocol gre; gre flags checksum unset
+ gre gflags 0x2000                : no GRE checksum, a key
- gre gflags 0xa000                : no GRE checksum, both
match @ protocol gre; gre flags sequence
+ gre gflags 0x1000                : GRE sequence number
- gre gflags 0x2000                : GRE sequence number, a key
match @ protocol gre; gre flags sequence unset; gre flags checksum
+ gre gflags 0xa000                : GRE checksum without sequence number, a key as well
- gre gflags 0x9000                : GRE checksum without sequence number, both
- gre gflags 0x2000                : GRE checksum without sequence number, neither
match @ protocol gre; gre flags checksum unset; gre key 4294967295
+ gre gflags 0x2000 gkey 0xffffffff : GRE key by number
- gre gflags 0x2000 gkey 0xfffffffe : GRE key by number, one below
- gre gflags 0xa000 gkey 0xffffffff : GRE key by number, behind a checksum
- gre gflags 0x0000                : GRE key by number, none
match @ protocol gre; gre flags checksum; gre key 7
+ gre gflags 0xa000 gkey 7         : GRE key behind a checksum
- gre gflags 0xa000 gkey 8         : GRE key behind a checksum, one above
- gre gflags 0xa000 gkey 7 cut 10  : GRE key behind a checksum, cut short
match @ protocol gre; gre inner-proto ip6
+ gre gproto 0x86dd                : in GRE, by name
- gre gproto 0x86dc                : in GRE, by name, one below
match @ protocol gre; gre inner-proto 25944
+ gre gproto 0x6558                : in GRE, by number
- gre gproto 0x6559                : in GRE, by number, one above
match @ protocol gre; gre version pptp
+ gre gflags 0x2001 gproto 0x880b  : GRE version
- gre gflags 0x2000 gproto 0x880b  : GRE version, one below
match @ protocol gre; gre version gre
- gre gflags 0x2001 gproto 0x880b  : GRE version 0, one above
+ gre                              : GRE version 0
match @ ipsec match-ipsec-in
- udp 1 2                          : came out of IPsec, in the clear
match @ ipsec match-none-in
+ udp 1 2                          : did not come out of IPsec
match @ ipsec match-ipsec-out
- udp 1 2                          : will go into IPsec, in the clear
match @ ipsec match-none-out
+ udp 1 2                          : will not go into IPsec
EOF

# Source translation follows behind zpf: it is seen from the second packet on.
load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 connection-status nat source
@ip name A_B rule 20 action accept
@ip name A_B rule 20 connection-status nat destination
@ip name A_B rule 30 action accept
@ip name A_B rule 30 protocol udp
@ip name A_B rule 30 destination port 92
EOF
probes <<'EOF'
pass a b @ udp 1 92                : the first packet of a connection that will be translated
pass a b @ udp 1 92                : the second finds its source translated
pass a b @ udp 1 90                : a packet with a translated destination
drop a b @ udp 1 91                : one that has none
EOF
expect_counters "packets counted by the side that is translated" <<'EOF'
A B @ A_B 10 1
A B @ A_B 20 1
A B @ A_B 30 1
A B @ A_B default 1
EOF

# Frames that are not for the router alone end there: nothing forwards them.
load <<'EOF'
zone A member interface eth1.10
zone L local-zone
zone L from A firewall @name A_L
zone A from L firewall @name L_A
@ip name A_L default-action drop
@ip name A_L rule 10 action accept
@ip name A_L rule 10 packet-type broadcast
@ip name A_L rule 20 action accept
@ip name A_L rule 20 packet-type multicast
@ip name A_L rule 30 action accept
@ip name A_L rule 30 packet-type host
@ip name A_L rule 30 protocol udp
@ip name A_L rule 30 destination port 3
@ip name L_A default-action drop
@ip name L_A rule 10 action accept
@ip name L_A rule 10 destination mac-address !00:00:00:00:00:00
@ip name L_A rule 20 action accept
@ip name L_A rule 20 protocol udp
@ip name L_A rule 20 destination port 3
EOF
probes <<'EOF'
pass a r @ udp 1 2 mac ff:ff:ff:ff:ff:ff : a broadcast frame
pass a r @ udp 1 2 mac 01:00:5e:00:00:01 : a multicast frame
drop a r @ udp 1 2                       : a frame for the router
pass a r @ udp 1 3                       : a frame for the router, asked for
drop r a @ udp 1 2                       : what the router sends has no MAC address yet
pass r a @ udp 1 3
EOF
expect_counters "frames counted by how they were addressed" <<'EOF'
A L @ A_L 10 1
A L @ A_L 20 1
A L @ A_L 30 1
A L @ A_L default 1
L A @ L_A 20 1
L A @ L_A default 1
EOF
