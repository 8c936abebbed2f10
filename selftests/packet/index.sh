#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tables of many rules are found by an index: the rule that counts is the first
# that matches, whatever the engine, in front of, inside and behind rulesets
# that are jumped to; and the operator sees which table has which engine.
#
#	a 10: zone A	b 40: zone B
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

zones='
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name MAIN'

# ports FIRST LAST RULESET ACTION: a rule a port, numbered as the port.
ports() {
	local p
	for ((p = $1; p <= $2; p++)); do
		echo "@ip name $3 rule $p action $4"
		echo "@ip name $3 rule $p protocol udp"
		echo "@ip name $3 rule $p destination port $p"
	done
}

# ranges FIRST N RULESET: ranges around port 20000, each within the one before it
# but for the last; all but the last only count.
ranges() {
	local i
	for ((i = 0; i < $2; i++)); do
		echo "@ip name $3 rule $(($1 + i)) action continue"
		echo "@ip name $3 rule $(($1 + i)) protocol udp"
		echo "@ip name $3 rule $(($1 + i)) destination port $((19000 + i))-$((21000 - i))"
		echo "@ip name $3 rule $(($1 + i)) source port $((1 + i))-$((60000 - i))"
	done
}

# table FAMILY NAME FIELD
table() {
	"$ZPFCTL" -n "$R" --json show status |
		jq -r --arg f "$1" --arg t "$2" --arg x "$3" \
			'.tables[] | select(.family == $f and .table == $t) | .[$x]'
}

# status_is NAME FIELD WANT TABLE: the same for both families.
status_is() {
	equal "$1" "$3 $3" "$(table ipv4 "$4" "$2") $(table ipv6 "$4" "$2")"
}

# -------------------------------------------------- hash tables, and a jump
{
	cat <<-END
	$zones
	@ip name MAIN default-action drop
	@ip name MAIN rule 150 action jump
	@ip name MAIN rule 150 jump-target SUB
	@ip name MAIN rule 150 protocol tcp_udp
	@ip name MAIN rule 150 destination port 120-220
	@ip name MAIN rule 400 action drop
	@ip name MAIN rule 400 protocol udp
	@ip name MAIN rule 400 destination port 100-399
	@ip name SUB default-action return
	END
	ports 100 140 MAIN accept
	ports 160 240 MAIN accept
	ports 130 200 SUB accept
} > "$tmp/rules"
load < "$tmp/rules"
probes <<'EOF'
pass a b @ udp 1 100   : the first rule
pass a b @ udp 1 120   : a rule in front of the jump, which would hold, too
pass a b @ udp 1 145   : a rule of the ruleset jumped to
pass a b @ udp 1 205   : none of that ruleset: one behind the jump
pass a b @ udp 1 240   : the last rule that accepts
drop a b @ udp 1 300   : the wide rule behind all
drop a b @ udp 1 99    : the default
drop a b @ tcp 1 130 S : another protocol: the ruleset jumped to returns
EOF
expect_counters "counters: hash tables" <<'EOF'
A B @ MAIN 100 1
A B @ MAIN 120 1
A B @ MAIN 150 3
A B @ SUB 145 1
A B @ SUB default 2
A B @ MAIN 205 1
A B @ MAIN 240 1
A B @ MAIN 400 1
A B @ MAIN default 2
EOF
status_is "status: hash tables" engine tuple MAIN
status_is "status: rules of the table, defaults included" rules 197 MAIN
equal "status: what the hash tables take" true \
	"$("$ZPFCTL" -n "$R" --json show status |
		jq '[.tables[] | .bytes > 0 and .bytes < 20000 and .probes < 60] | all')"

# ------------------------------- bit vectors, and rules that match in a row
{
	cat <<-END
	$zones
	@ip name MAIN default-action drop
	@ip name MAIN rule 500 action accept
	@ip name MAIN rule 500 protocol udp
	@ip name MAIN rule 500 destination port 20000
	END
	ranges 10 120 MAIN
} > "$tmp/rules"
load < "$tmp/rules"
probes <<'EOF'
pass a b @ udp 30000 20000 : every rule matches, the last one decides
drop a b @ udp 30000 19050 : some rules match, the default decides
drop a b @ udp 30000 21001 : just outside of the widest
EOF
{
	for ((i = 0; i < 120; i++)); do
		echo "A B @ MAIN $((10 + i)) $((1 + (i <= 50)))"
	done
	echo "A B @ MAIN 500 1"
	echo "A B @ MAIN default 2"
} > "$tmp/ranges"
expect_counters "counters: bit vectors" < "$tmp/ranges"
status_is "status: bit vectors" engine bitvector MAIN

# --------------------------------------------------------------- no index
{
	cat <<-END
	$zones
	@ip name MAIN default-action drop
	END
	ports 100 109 MAIN accept
} > "$tmp/rules"
load < "$tmp/rules"
probes <<'EOF'
pass a b @ udp 1 109 : a short table
EOF
expect_counters "counters: a short table" <<'EOF'
A B @ MAIN 109 1
EOF
status_is "status: a short table is walked" engine linear MAIN
status_is "status: and takes four bytes a rule" bytes 44 MAIN
equal "status: tables that are walked are told in a line" \
	"engines     2 tables walked rule by rule (11 rules at most), 0 by an index" \
	"$("$ZPFCTL" -n "$R" show status | grep ^engines)"

finish
