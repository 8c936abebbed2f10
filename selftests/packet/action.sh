#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Actions: accept, drop, reject, return, jump, continue, nested and as default
# actions; disable.
#
#	a 10: zone A	b 40: zone B	c 50: zone C	d 60: zone D
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40
add_host c 50
add_host d 60

# rule RULESET NUMBER PORT ACTION [TARGET]: UDP to PORT.
rule() {
	echo "@ip name $1 rule $2 action $4"
	[[ ! ${5-} ]] || echo "@ip name $1 rule $2 jump-target $5"
	[[ $3 == all ]] || echo "@ip name $1 rule $2 protocol udp"
	[[ $3 == all ]] || echo "@ip name $1 rule $2 destination port $3"
}

{
cat <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name MAIN
zone C member interface eth1.50
zone C from A firewall @name TAIL
zone D member interface eth1.60
zone D from A firewall @name DEEP0
@ip name MAIN default-action drop
@ip name ONE default-action return
@ip name TWO default-action continue
@ip name THREE default-action drop
@ip name FOUR default-action accept
@ip name FIVE default-action reject
@ip name TAIL default-action jump
@ip name TAIL default-jump-target LAST
@ip name LAST default-action return
@ip name MAIN rule 70 disable
@ip name MAIN rule 95 description 'rules come by number, not as written'
EOF
rule MAIN 200 200-299 accept
rule MAIN 100 100-199 accept
rule MAIN 150 150 drop
rule MAIN 95 201 drop
rule MAIN 10 10-19 jump ONE
rule MAIN 20 15 reject
rule MAIN 30 30-39 jump TWO
rule MAIN 40 40-49 jump THREE
rule MAIN 50 50-59 jump FOUR
rule MAIN 60 60-69 jump FIVE
rule MAIN 70 70 accept
rule MAIN 80 80-89 continue
rule MAIN 82 81 accept
rule MAIN 84 82 return
rule MAIN 90 10-39 accept
rule ONE 10 11 accept
rule ONE 20 12 drop
rule ONE 30 13 return
rule ONE 40 14 reject
rule ONE 50 13 drop
rule ONE 60 16-19 jump TWO
rule ONE 70 17 drop
rule TWO 10 16 return
rule TWO 20 18 accept
rule TWO 30 31 drop
rule TWO 40 32 return
rule TWO 50 32 drop
rule TWO 60 33-34 continue
rule TWO 70 34 drop
rule THREE 10 41 return
rule FOUR 10 51 drop
rule FOUR 20 52 return
rule FIVE 10 61 accept
rule TAIL 10 10 accept
rule TAIL 20 20 drop
rule LAST 10 30 drop
rule LAST 20 40 accept
# A chain of 15 jumps; the last one decides.
for ((i = 0; i < 15; i++)); do
	rule DEEP$i 10 all jump DEEP$((i + 1))
	rule DEEP$i 20 $((i + 1)) accept
	echo "@ip name DEEP$i default-action return"
done
rule DEEP15 10 100 accept
rule DEEP15 20 101 drop
echo "@ip name DEEP15 default-action return"
echo "@ip name DEEP0 rule 30 action drop"
} | load

probes <<'EOF'
pass   a b @ udp 1 100   : accept
drop   a b @ udp 1 300   : nothing matches
pass   a b @ udp 1 150   : the first rule that matches decides
drop   a b @ udp 1 201   : rules stand in the order of their numbers
drop   a b @ udp 1 70    : a disabled rule is not enforced
pass   a b @ udp 1 10    : jump, the target returns by default, a later rule accepts
pass   a b @ udp 1 11    : jump, the target accepts
drop   a b @ udp 1 12    : jump, the target drops
pass   a b @ udp 1 13    : jump, the target returns before its drop
reject a b @ udp 1 14    : jump, the target rejects
reject a b @ udp 1 15    : jump, the rule behind it decides after the return
pass   a b @ udp 1 16    : jump twice, the inner one returns to the outer, that to the first
drop   a b @ udp 1 17    : jump twice, the inner one falls off by continue, the outer drops
pass   a b @ udp 1 18    : jump twice, the inner one accepts
pass   a b @ udp 1 19    : jump twice, both fall off
pass   a b @ udp 1 30    : jump, the target ends by default-action continue
drop   a b @ udp 1 31    : jump, a target ending in continue drops before
pass   a b @ udp 1 32    : jump, the same target returns
pass   a b @ udp 1 33    : jump, continue in the target goes on in the target
drop   a b @ udp 1 34    : jump, continue in the target, its next rule drops
drop   a b @ udp 1 40    : jump, the target drops by default
drop   a b @ udp 1 41    : jump, return passes by the target's default, nothing else matches
pass   a b @ udp 1 50    : jump, the target accepts by default
drop   a b @ udp 1 51    : jump, a rule comes before the target's default
drop   a b @ udp 1 52    : jump, return passes by the target's accept
reject a b @ udp 1 60    : jump, the target rejects by default
pass   a b @ udp 1 61    : jump, a rule comes before the target's reject
drop   a b @ udp 1 80    : continue, nothing follows
pass   a b @ udp 1 81    : continue, the next rule accepts
pass   a b @ udp 1 82    : return from a bound ruleset accepts
EOF
expect_counters "every rule passed counts, the deciding one last" <<'EOF'
A B @ MAIN 10 10
A B @ MAIN 20 1
A B @ MAIN 30 5
A B @ MAIN 40 2
A B @ MAIN 50 3
A B @ MAIN 60 2
A B @ MAIN 80 3
A B @ MAIN 82 1
A B @ MAIN 84 1
A B @ MAIN 90 7
A B @ MAIN 95 1
A B @ MAIN 100 2
A B @ MAIN default 5
A B @ ONE 10 1
A B @ ONE 20 1
A B @ ONE 30 1
A B @ ONE 40 1
A B @ ONE 60 4
A B @ ONE 70 1
A B @ ONE default 4
A B @ TWO 10 1
A B @ TWO 20 1
A B @ TWO 30 1
A B @ TWO 40 1
A B @ TWO 60 2
A B @ TWO 70 1
A B @ TWO default 4
A B @ THREE 10 1
A B @ THREE default 1
A B @ FOUR 10 1
A B @ FOUR 20 1
A B @ FOUR default 1
A B @ FIVE 10 1
A B @ FIVE default 1
EOF

probes <<'EOF'
pass a c @ udp 1 10      : default-action jump, a rule comes before it
drop a c @ udp 1 20      : default-action jump, a dropping rule comes before it
drop a c @ udp 1 30      : default-action jump, the target drops
pass a c @ udp 1 40      : default-action jump, the target accepts
pass a c @ udp 1 50      : default-action jump, the target returns and so leaves the ruleset
EOF
expect_counters "default-action jump counts under both" <<'EOF'
A C @ TAIL 10 1
A C @ TAIL 20 1
A C @ TAIL default 3
A C @ LAST 10 1
A C @ LAST 20 1
A C @ LAST default 1
EOF

probes <<'EOF'
pass a d @ udp 1 100     : fifteen jumps deep a rule accepts
drop a d @ udp 1 101     : fifteen jumps deep a rule drops
pass a d @ udp 1 15      : back from fifteen jumps, the last but one accepts
pass a d @ udp 1 8       : back from fifteen jumps, one in the middle accepts
drop a d @ udp 1 200     : back from all of them the first ruleset drops
EOF
clear_counters
