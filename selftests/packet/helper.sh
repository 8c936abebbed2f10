#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What another connection brought about: FTP in active mode, whose data
# connection the kernel's helper expects, and which is related by it.
#
#	a eth1.10: zone A, clients	b eth1.40: zone B, servers
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

nsx r nft -f - <<'EOF' || bail "nft failed"
table inet helpers {
	ct helper ftp-standard {
		type "ftp" protocol tcp
	}
	chain pre {
		type filter hook prerouting priority filter
		tcp dport 21 ct helper set "ftp-standard"
	}
}
EOF

load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
global-options state-policy established action accept
zone B from A firewall @name A_B
zone A from B firewall @name B_A
@ip name A_B default-action accept
@ip name B_A default-action drop
@ip name B_A rule 10 action accept
@ip name B_A rule 10 conntrack-helper tftp
@ip name B_A rule 10 conntrack-helper sip
@ip name B_A rule 20 action accept
@ip name B_A rule 20 conntrack-helper sip
@ip name B_A rule 20 conntrack-helper ftp
@ip name B_A rule 20 state related
EOF

# The first line is not looked at: the helper learns from it where lines begin.
probes <<'EOF'
pass a b @ tcp 1000 21 S seq 100
pass b a @ tcp 21 1000 SA seq 500 ack 101
pass a b @ tcp 1000 21 A seq 101 ack 501 len 0
pass a b @ tcp 1000 21 PA seq 101 ack 501 data USER_zpf
drop b a @ tcp 20 1025 S seq 9     : a data connection before it is asked for
pass a b 4 tcp 1000 21 PA seq 111 ack 501 data PORT_10,10,0,1,4,0
pass a b 6 tcp 1000 21 PA seq 111 ack 501 data EPRT_|2|fd01:10::1|1024|
drop b a @ tcp 20 1025 S seq 9     : another port than the one that was asked for
pass b a @ tcp 20 1024 S seq 9     : the data connection the helper expects
drop b a @ tcp 21 1024 S seq 9     : it is expected once
EOF
expect_counters -x state "the data connection is counted by its helper" <<'EOF'
A B @ A_B default 1
B A @ B_A 20 1
B A @ B_A default 3
EOF
