#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `limit`: the burst is exact, the bucket belongs to the rule wherever it is
# used and outlives commits, and only a packet that fits all else pays.
# Rates are low, so that no token is earned while a case runs.
#
#	a 10: zone A	c 50: zone C	b 40: zone B
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host c 50
add_host b 40

# config RULE-30-BURST: the same every time but for that.
config() {
	cat <<-EOF
	zone A member interface eth1.10
	zone B member interface eth1.40
	zone C member interface eth1.50
	zone B from A firewall @name X_B
	zone B from C firewall @name X_B
	zone C from A firewall @name X_C
	@ip name X_B default-action drop
	@ip name X_B rule 10 action accept
	@ip name X_B rule 10 protocol udp
	@ip name X_B rule 10 destination port 10
	@ip name X_B rule 10 limit rate 1/day
	@ip name X_B rule 20 action accept
	@ip name X_B rule 20 protocol udp
	@ip name X_B rule 20 destination port 20
	@ip name X_B rule 20 source address @{a.5}
	@ip name X_B rule 20 limit rate 1/hour
	@ip name X_B rule 20 limit burst 3
	@ip name X_B rule 30 action accept
	@ip name X_B rule 30 protocol udp
	@ip name X_B rule 30 destination port 30
	@ip name X_B rule 30 limit rate 1/day
	@ip name X_B rule 30 limit burst $1
	@ip name X_B rule 40 action drop
	@ip name X_B rule 40 protocol udp
	@ip name X_B rule 40 destination port 40
	@ip name X_B rule 40 limit rate 1/day
	@ip name X_B rule 40 limit burst 2
	@ip name X_B rule 45 action accept
	@ip name X_B rule 45 protocol udp
	@ip name X_B rule 45 destination port 40
	@ip name X_B rule 50 action jump
	@ip name X_B rule 50 jump-target SUB
	@ip name X_B rule 60 action jump
	@ip name X_B rule 60 jump-target SUB
	@ip name X_C default-action drop
	@ip name X_C rule 10 action jump
	@ip name X_C rule 10 jump-target SUB
	@ip name SUB default-action return
	@ip name SUB rule 10 action continue
	@ip name SUB rule 10 protocol udp
	@ip name SUB rule 10 destination port 50
	@ip name SUB rule 10 limit rate 1/day
	@ip name SUB rule 10 limit burst 5
	@ip name SUB rule 20 action accept
	@ip name SUB rule 20 protocol udp
	@ip name SUB rule 20 destination port 60
	@ip name SUB rule 20 limit rate 5/second
	@ip name SUB rule 20 limit burst 1
	EOF
}

config 7 | load
probes <<'EOF'
pass:5 a b @ udp 1 10 count 8         : without burst five packets match at once
drop   a b @ udp 2 10                 : an empty bucket matches no more
drop   c b @ udp 1 10                 : the bucket is shared by the pairs that use the ruleset
drop   a b @ udp 1 20 s 6 count 9     : packets that another match refuses
pass:3 a b @ udp 1 20 s 5 count 9     : cost no token (D2)
drop   a b @ tcp 1 20 S s 5           : an empty bucket and another protocol
pass   c b @ udp 1 30 count 4
pass:3 a b @ udp 1 30 count 9         : burst 7, four taken by one pair leave three to another
pass:4 a b @ udp 1 40 count 6         : a limited drop drops the burst and no more
EOF
expect_counters "limits count what they let match" <<'EOF'
A B @ X_B 10 5
A B @ X_B 20 3
A B @ X_B 30 3
A B @ X_B 40 2
A B @ X_B 45 4
A B @ X_B 50 26
A B @ X_B 60 26
A B @ SUB default 52
A B @ X_B default 26
C B @ X_B 30 4
C B @ X_B 50 1
C B @ X_B 60 1
C B @ SUB default 2
C B @ X_B default 1
EOF

# One rule laid flat twice, by two jumps, has one bucket; SUB is also used by
# another pair. Rule 10 of SUB is passed twice by each packet: 2 + 2 + 1.
probes <<'EOF'
drop a b @ udp 1 50 count 2           : a limited continue decides nothing
drop a c @ udp 1 50 count 3           : so it does in another table
EOF
expect_counters "copies of a rule share one bucket" <<'EOF'
A B @ X_B 50 2
A B @ X_B 60 2
A B @ SUB 10 4
A B @ SUB default 4
A B @ X_B default 2
A C @ X_C 10 3
A C @ SUB 10 1
A C @ SUB default 3
A C @ X_C default 3
EOF

# A commit that changes another rule leaves the bucket as it is.
config 7 | sed 's/X_B rule 45 action accept/X_B rule 45 action reject/' | load
probes <<'EOF'
drop   a b @ udp 1 10                 : the bucket outlives a commit
drop   a b @ udp 1 30                 : a second bucket outlives it too
EOF

# Tokens are earned: 5 a second, so soon one packet passes again.
refilled() {
	echo "pass a b $1 udp 1 60" > "$tmp/one"
	{ printf '%s\n' "${zsend_hosts[@]}"; cat "$tmp/one"; } | "$ZSEND" > "$tmp/one.fate"
	[[ ! -s $tmp/one.fate ]]
}
flush
for family in 4 6; do
	probes <<-EOF
	pass:1 a b $family udp 1 60 count 2
	EOF
	check "a token is earned in time, ipv$family" wait_for 10 refilled $family
done
