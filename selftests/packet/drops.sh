#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The drop ledger: every dropped or rejected packet is in a row of it, with
# what dropped it and a sample, or counted as lost; over commits, clears,
# processors and floods.
#
#	[ a ]--eth1.10--+---+--eth1.40--[ b ]     zones A, B; the router is L
#	[ c ]--eth1.50--+ r +                     c: in no zone
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

drops_json() { "$ZPFCTL" -n "$R" --json show drops "$@"; }

# rows [show drops operand...]: one a line, sorted, blanks in names as "-":
#	FROM TO FAMILY RULESET RULE REASON PROTO PORT ACTION PACKETS
# PORT is t8 for an ICMP type; "-" stands for what is not there.
rows() {
	drops_json "$@" | jq -r '
		def name: . // "-" | tostring | gsub(" "; "-");
		.drops[] | [.from, .to, .family, (.ruleset | name), (.rule | name), .reason,
			(.protocol | name),
			(if .icmp_type then "t\(.icmp_type)" else .dport | name end),
			.action, .packets] | map(tostring) | join(" ")' | sort
}

# expect_drops NAME: the rows, and no others, from standard input; a family @
# stands for both. Nothing is lost. Drops start from nothing again.
expect_drops() {
	local line want got
	while read -r line; do
		case $line in
		*' @ '*) echo "${line/ @ / ipv4 }"; echo "${line/ @ / ipv6 }" ;;
		?*) echo "$line" ;;
		esac
	done > "$tmp/want"
	want=$(sort "$tmp/want")
	got=$(rows)
	if [[ $want == "$got" && $(drops_json | jq .lost) == 0 ]]; then
		result ok "$1"
	else
		result not-ok "$1" "rows that differ, < expected, > got:"
		diff <(echo "$want") <(echo "$got") | grep '^[<>]' | sed 's/^/#   /'
	fi
	clear_drops
}

clear_drops() { "$ZPFCTL" -n "$R" clear drops > /dev/null || bail "clear drops"; }

# field JQ [operand...]: of the only row there is.
field() { drops_json "${@:2}" | jq -c "if (.drops | length) == 1 then .drops[0] | $1 else .drops | length end"; }

malformed() { status malformed; }

# counted: packets the counters say were dropped or rejected.
counted() {
	"$ZPFCTL" -n "$R" --json show counters | jq '[(.pairs[], .chains[]).rules[],
		.state_policy[] | select(.action == "drop" or .action == "reject") | .packets] | add'
}

# in_ledger: packets of all rows, and lost ones.
in_ledger() { drops_json | jq '.lost + ([.drops[].packets] | add // 0)'; }

setup_router
add_host a 10
add_host b 40
add_host c 50

check "there is no ledger before the first load" bash -c \
	'! '"$ZPFCTL -n $R"' show drops 2>&1 | grep -v "no policy is loaded"'

zones='
zone A member interface eth1.10
zone B member interface eth1.40
zone L local-zone'

# ------------------------------------------- what decides, and how it shows

base=$(cat <<EOF
$zones
zone A intra-zone-filtering action drop
zone B default-action reject
zone B from A firewall @name D-AB
zone L from A firewall @name D-AL
@ip name D-AB default-action drop
@ip name D-AB rule 10 action accept
@ip name D-AB rule 10 protocol udp
@ip name D-AB rule 10 destination port 1
@ip name D-AB rule 20 action drop
@ip name D-AB rule 20 protocol udp
@ip name D-AB rule 20 destination port 2
@ip name D-AB rule 30 action reject
@ip name D-AB rule 30 protocol udp
@ip name D-AB rule 30 destination port 3
@ip name D-AB rule 50 action jump
@ip name D-AB rule 50 jump-target D-SUB
@ip name D-AB rule 50 protocol udp
@ip name D-AB rule 50 destination port 5-6
@ip name D-SUB default-action drop
@ip name D-SUB rule 10 action drop
@ip name D-SUB rule 10 protocol udp
@ip name D-SUB rule 10 destination port 5
@ip name D-AL default-action reject
@ip forward filter default-action accept
@ip forward filter rule 10 action drop
@ip forward filter rule 10 protocol udp
@ip forward filter rule 10 destination port 11
@ip output filter rule 10 action drop
@ip output filter rule 10 protocol udp
@ip output filter rule 10 destination port 11
EOF
)
load <<< "$base"
equal "no drop, no row" '{"lost":0,"drops":[]}' "$(drops_json)"
before=$(malformed)
probes <<-EOF
pass a b @ udp 1000 1
drop a b @ udp 1000 2
drop a b @ udp 1000 2 count 4
reject a b @ udp 1000 3
drop a b @ udp 1000 5
drop a b @ udp 1000 6
drop a b @ udp 1000 7
drop a b @ udp 1000 7 s 300
drop a b @ tcp 1000 7 S
drop a b @ ping
drop a b @ esp
drop a b @ udp 1000 7 frag 8
drop a b @ proto 253
drop a b @ udp 1000 11
drop r a @ udp 1000 11
reject a r @ udp 1000 7
drop b a @ udp 1000 7
drop r b @ udp 1000 7
drop c b @ udp 1000 7
drop b c @ udp 1000 7
drop c r @ udp 1000 7
drop a b @ udp 1000 1 cut 4
drop a a @ udp 1000 7 s 7 d 1
EOF
equal "the sum of all rows is what was counted" $(($(counted) + $(malformed) - before)) "$(in_ledger)"
drops_json > "$tmp/all.json"
expect_drops "a row for each place, port, network, with its reason" <<-EOF
A B @ D-AB 20 rule udp 2 drop 5
A B @ D-AB 30 rule udp 3 reject 1
A B @ D-SUB 10 rule udp 5 drop 1
A B @ D-SUB default default udp 6 drop 1
A B ipv4 D-AB default default udp 7 drop 1
A B ipv4 D-AB default default udp 7 drop 1
A B ipv6 D-AB default default udp 7 drop 2
A B @ D-AB default default tcp 7 drop 1
A B ipv4 D-AB default default icmp t8 drop 1
A B ipv6 D-AB default default icmpv6 t128 drop 1
A B @ D-AB default default esp - drop 1
A B @ D-AB default default 253 - drop 1
A B @ forward-filter 10 base-chain udp 11 drop 1
L A @ output-filter 10 base-chain udp 11 drop 1
A L @ D-AL default default udp 7 reject 1
B A @ - zone-default zone-default udp 7 drop 1
L B @ - zone-default zone-default udp 7 drop 1
none B @ - no-zone no-zone udp 7 drop 1
B none @ - no-zone no-zone udp 7 drop 1
none L @ - no-zone no-zone udp 7 drop 1
A B @ - malformed malformed udp - drop 1
A A @ - intra-zone intra-zone udp 7 drop 1
EOF
equal "a clear leaves nothing" '{"lost":0,"drops":[]}' "$(drops_json)"

# ------------------------------------------------------------- the fields

# of FAMILY DPORT JQ: fields of the row of a port, network 0.
of() {
	jq -rc --arg f "ipv$1" --argjson p "$2" '.drops[] | select(.family == $f and .dport == $p and
		.from == "A" and .to == "B") | '"$3" "$tmp/all.json"
}
equal "ipv4: bytes are those of the counters" $((5 * 36)) "$(of 4 2 .bytes)"
equal "ipv6: bytes are those of the counters" $((5 * 56)) "$(of 6 2 .bytes)"
equal "ipv4: the source's network" 10.10.0.0/24 "$(of 4 2 .source)"
equal "ipv6: the source's network" fd01:10::/64 "$(of 6 2 .source)"
equal "ipv4: a network is a /24" "10.10.0.0/24 10.10.1.0/24" "$(of 4 7 'select(.ruleset == "D-AB" and .protocol == "udp") | .source' | sort | xargs)"
equal "ipv4: a sample" \
	'{"src":"10.10.0.1","dst":"10.40.0.1","sport":1000,"in":"eth1.10","out":"eth1.40","spi":null}' \
	"$(of 4 2 .sample)"
equal "ipv6: a sample" \
	'{"src":"fd01:10::1","dst":"fd01:40::1","sport":1000,"in":"eth1.10","out":"eth1.40","spi":null}' \
	"$(of 6 2 .sample)"
now=$(date +%s)
first=$(date -d "$(of 4 2 .first)" +%s) last=$(date -d "$(of 4 2 .last)" +%s)
check "first and last are now, in this order" test \
	"$first" -le "$last" -a "$first" -ge $((now - 300)) -a "$last" -le $((now + 1))
equal "the fields of the documentation, in their order" \
	'["from","to","family","ruleset","rule","reason","protocol","dport","icmp_type","action","source","packets","bytes","first","last","sample"]' \
	"$(jq -c '.drops[0] | keys_unsorted' "$tmp/all.json")"
for f in 4 6; do
	equal "ipv$f: ESP has its SPI" 3248753534 "$(jq --arg f "ipv$f" '.drops[] |
		select(.family == $f and .protocol == "esp") | .sample.spi' "$tmp/all.json")"
	equal "ipv$f: input has no output interface" '["eth1.10",null]' "$(jq -c --arg f "ipv$f" '.drops[] |
		select(.family == $f and .ruleset == "D-AL") | [.sample.in, .sample.out]' "$tmp/all.json")"
	equal "ipv$f: output has no input interface" '[null,"eth1.40"]' "$(jq -c --arg f "ipv$f" '.drops[] |
		select(.family == $f and .from == "L" and .to == "B") | [.sample.in, .sample.out]' "$tmp/all.json")"
done

probes <<-EOF
drop a b 4 proto 51 len 20
EOF
equal "ipv4: AH has its SPI" 43981 "$(field .sample.spi)"
clear_drops
probes <<-EOF
drop a b 6 ah udp 1000 7
EOF
equal "ipv6: a packet behind AH has the SPI, and its port" "[43981,7]" "$(field '[.sample.spi, .dport]')"
clear_drops

# ----------------------------------------------------------- table, filters

probes <<-EOF
drop a b 4 udp 51820 2 count 3
drop a b 4 esp count 2
drop b a 4 udp 1000 7
EOF
"$ZPFCTL" -n "$R" show drops from A to B > "$tmp/table"
equal "the table, most packets first, without what was asked for" "PROTO DPORT PACKETS LAST RULE SAMPLE
udp 2 3 N s D-AB 20 10.10.0.1:51820 > 10.40.0.1 (eth1.10 > eth1.40)
esp - 2 N s D-AB default 10.10.0.1 > 10.40.0.1 spi 0xc1a40b7e (eth1.10 > eth1.40)" \
	"$(tr -s ' ' < "$tmp/table" | sed -E 's/^ //; s/ [0-9]+ s / N s /')"
equal "from a zone" "B A ipv4 - zone-default zone-default udp 7 drop 1" "$(rows from B)"
equal "to a zone" 2 "$(rows to B | wc -l)"
equal "since a span" 3 "$(rows --since 1h | wc -l)"
equal "since a time" 0 "$(rows --since 2100-01-01T00:00:00Z | wc -l)"
"$ZPFCTL" -n "$R" show drops from X > "$tmp/out" 2>&1
equal "a zone that never was is refused" "1 error: no zone 'X': expected one of A, B, L, none" \
	"$? $(< "$tmp/out")"
"$ZPFCTL" -n "$R" show drops --since yesterday > "$tmp/out" 2>&1
equal "and so is a time that is none" 2 $?
clear_drops

# ---------------------------------------------------------------- commits

probes <<-EOF
drop a b @ udp 1000 2
drop b a @ udp 1000 7
EOF
load <<-EOF
zone A2 member interface eth1.10
zone B member interface eth1.40
zone B from A2 firewall @name E-AB
@ip name E-AB default-action drop
EOF
probes <<-EOF
drop a b @ udp 1000 2
EOF
rows > "$tmp/rows"
equal "rows of rules and zones that are gone keep their names" 4 \
	"$(grep -cE '^(A B ipv[46] D-AB 20 rule udp 2 drop 1|B A ipv[46] - zone-default .* 1)$' "$tmp/rows")"
equal "a filter takes a zone that is gone" 2 "$(rows from A | wc -l)"
load <<< "$base"
probes <<-EOF
drop a b @ udp 1000 2
EOF
expect_drops "and go on when they come back" <<-EOF
A B @ D-AB 20 rule udp 2 drop 2
A2 B @ E-AB default default udp 2 drop 1
B A @ - zone-default zone-default udp 7 drop 1
EOF

# More names than the registry keeps idle: those of rows stay, others go.
probes <<-EOF
drop a b 4 udp 1000 2
EOF
for round in 1 2 3; do
	awk -v r="$round" 'BEGIN {
		print "set firewall zone A member interface eth1.10"
		print "set firewall zone B member interface eth1.40"
		print "set firewall zone B from A firewall name CHURN-" r
		for (i = 1; i <= 150; i++) {
			rule = "set firewall ipv4 name CHURN-" r " rule " i
			print "set firewall ipv4 name CHURN-" r "-" i " default-action drop"
			print rule " action jump"
			print rule " jump-target CHURN-" r "-" i
			print rule " protocol udp"
			print rule " destination port " i
		}
	}' > "$tmp/churn"
	"$ZPFCTL" -n "$R" load "$tmp/churn" > /dev/null 2>&1 || bail "a policy of many names"
	probes <<-EOF
	drop a b 4 udp 1000 $((round + 20))
	EOF
done
equal "names of rows outlive hundreds of others" "A B ipv4 CHURN-1-21 default default udp 21 drop 1
A B ipv4 CHURN-2-22 default default udp 22 drop 1
A B ipv4 CHURN-3-23 default default udp 23 drop 1
A B ipv4 D-AB 20 rule udp 2 drop 1" "$(rows)"

# -------------------------------------------- state policy, no local zone

flush
load <<-EOF
zone A member interface eth1.10
zone B member interface eth1.40
global-options state-policy established action accept
global-options state-policy related action drop
global-options state-policy invalid action drop
zone B from A firewall @name D-AB
@ip name D-AB default-action accept
@ip input filter default-action drop
EOF
clear_drops
probes <<-EOF
pass a b @ udp 1000 2000
drop b a 4 icmp 3/1 quote udp 1000 2000 end
drop b a 6 icmp6 1/0 quote udp 1000 2000 end
drop a r @ udp 1000 7
drop b a @ pong
EOF
expect_drops "state policy; the router where no zone is local" <<-EOF
B A ipv4 - state-policy-related state-policy icmp t3 drop 1
B A ipv6 - state-policy-related state-policy icmpv6 t1 drop 1
B A ipv4 - state-policy-invalid state-policy icmp t0 drop 1
B A ipv6 - state-policy-invalid state-policy icmpv6 t129 drop 1
A router @ input-filter default base-chain udp 7 drop 1
EOF

# -------------------------------------------------------------- processors

load <<< "$base"
helper=$ZSEND
for cpu in 0 1; do
	printf '#!/bin/sh\nexec taskset -c %d "%s" "$@"\n' "$cpu" "$helper" > "$tmp/zsend-$cpu"
	chmod +x "$tmp/zsend-$cpu"
done
if (($(nproc) > 1)); then
	for cpu in 0 1; do
		ZSEND=$tmp/zsend-$cpu
		probes <<-EOF
		drop a b @ udp 1000 2 count $((50 + cpu))
		EOF
	done
	ZSEND=$helper
	expect_drops "alike drops of two processors are one row" <<-EOF
	A B @ D-AB 20 rule udp 2 drop 101
	EOF
else
	skip "alike drops of two processors are one row" "one processor"
fi

# ------------------------------------------------------------------ floods
# Random sources and ports, many times what the ledger has rows, beside a
# steady sender: what is dropped is in a row or lost, exactly; the steady one
# is found with an error of at most packets / 1024.

FLOOD=${FLOOD:-50000}
# shellcheck disable=SC2016 # the inner shell's
pg() { nsx a sh -c 'echo "$2" > /proc/net/pktgen/"$1"' - "$@" || bail "pktgen: $*"; }
modprobe -q pktgen || true
if nsx a test -e /proc/net/pktgen/pgctrl; then
	# What a queue in front of the router loses is not zpf's to count; a slow kernel
	# would lose what the steady sender waits for there.
	backlog=$(sysctl -n net.core.netdev_max_backlog)
	cleanup() {
		stop_jobs
		sysctl -qw net.core.netdev_max_backlog="$backlog"
	}
	sysctl -qw net.core.netdev_max_backlog=200000
	clear_counters
	pg kpktgend_0 "rem_device_all"
	pg kpktgend_0 "add_device eth0"
	while read -r line; do pg eth0 "$line"; done <<-EOF
	count $FLOOD
	pkt_size 60
	clone_skb 0
	dst_mac $R_MAC
	dst_min 10.40.0.1
	dst_max 10.40.0.1
	src_min 10.10.0.1
	src_max 10.10.255.254
	flag IPSRC_RND
	udp_src_min 1000
	udp_src_max 1000
	udp_dst_min 100
	udp_dst_max 10000
	flag UDPDST_RND
	EOF
	ZSEND=$tmp/zsend-0
	pg pgctrl start &
	for i in {1..5}; do
		probes <<-EOF
		drop a b 4 udp 1000 2 count 200
		EOF
	done
	wait $!
	ZSEND=$helper
	equal "a flood is sent" "$FLOOD" "$(nsx a grep -o 'pkts-sofar: [0-9]*' /proc/net/pktgen/eth0 | cut -d ' ' -f 2)"
	total=$(counted)
	say "$total drops counted, $(drops_json | jq .lost) lost, $(rows | wc -l) rows"
	check "most of it arrived" test "$total" -gt $((FLOOD * 9 / 10))
	equal "rows and lost ones are what the counters say" "$total" "$(in_ledger)"
	check "something was lost" test "$(drops_json | jq .lost)" -gt 0
	steady=$(rows | awk '$5 == 20 && $8 == 2 { n += $10 } END { print n + 0 }')
	exact=$(hits A B 4 D-AB 20)
	check "the steady sender is known to a 1024th of all ($steady of $exact)" test \
		"$steady" -le "$exact" -a $((exact - steady)) -le $((total / 1024))
	clear_drops
	equal "a clear also forgets what was lost" '{"lost":0,"drops":[]}' "$(drops_json)"
	probes <<-EOF
	drop a b 4 udp 1000 2
	EOF
	expect_drops "and the ledger goes on" <<-EOF
	A B ipv4 D-AB 20 rule udp 2 drop 1
	EOF
else
	skip "rows and lost ones are what the counters say" "no pktgen"
fi

# ------------------------------------------------------- readers and writers
# Dumps, clears and commits while packets are dropped: nothing breaks, and
# what was dropped after the last of them is all there.

flood "$tmp/flood4" 4 2 0
flood "$tmp/flood6" 6 2 $(($(nproc) - 1))
for i in {1..20}; do
	drops_json > "$tmp/dump" || bail "show drops under traffic"
	jq -e '.drops | all(.packets > 0)' "$tmp/dump" > /dev/null || bail "a row without a packet"
	((i % 5)) || clear_drops
	((i % 7)) || "$ZPFCTL" -n "$R" load "$tmp/config" > /dev/null 2>&1 || bail "load under traffic"
done
stop_jobs
clear_counters
clear_drops
probes <<-EOF
drop a b @ udp 1000 2 count 10
EOF
expect_drops "after dumps, clears and commits under traffic every drop is there" <<-EOF
A B @ D-AB 20 rule udp 2 drop 10
EOF

# ------------------------------------------------------------------ disarm

probes <<-EOF
drop a b 4 udp 1000 2
EOF
"$ZPFCTL" -n "$R" disarm closed > /dev/null
equal "disarmed to closed, the ledger stays" "A B ipv4 D-AB 20 rule udp 2 drop 1" "$(rows)"
"$ZPFCTL" -n "$R" disarm open > /dev/null
"$ZPFCTL" -n "$R" show drops > "$tmp/out" 2>&1
equal "disarmed to open, it is gone" "1 error: no policy is loaded" "$? $(< "$tmp/out")"
load <<< "$base"
equal "and a new one begins empty" '{"lost":0,"drops":[]}' "$(drops_json)"
