#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `zpfctl test` case by case: who decides, why each earlier rule did not match,
# exit statuses, JSON, and that asking changes nothing. truth.sh holds random
# packets against their fate.
#
#	a eth1.10: zone A	b eth1.40: zone B	r: the router, zone L
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40
add_host u 70

cat > "$tmp/policy" <<'EOF'
global-options state-policy invalid action drop
global-options state-policy invalid log
group port-group WEB port 80
group port-group WEB port 443
zone A member interface eth1.10
zone B member interface eth1.40
zone L local-zone
zone L from A firewall @name A_L
zone B from A firewall @name A_B
zone A default-action reject
@ip name A_L default-action drop
@ip name A_B default-action drop
@ip name A_B default-log
@ip name A_B rule 10 action accept
@ip name A_B rule 10 state established
@ip name A_B rule 20 action accept
@ip name A_B rule 20 protocol tcp
@ip name A_B rule 20 destination group port-group WEB
@ip name A_B rule 30 action drop
@ip name A_B rule 30 source address @{a.9}
@ip name A_B rule 40 action jump
@ip name A_B rule 40 jump-target SUB
@ip name A_B rule 40 protocol udp
@ip name A_B rule 50 action reject
@ip name A_B rule 50 protocol tcp
@ip name A_B rule 50 tcp flags syn
@ip name A_B rule 60 action accept
@ip name A_B rule 60 inbound-interface name eth1.10
@ip name A_B rule 60 protocol esp
@ip name A_B rule 70 action accept
@ip name A_B rule 70 protocol udp
@ip name A_B rule 70 source port !1-9
@ip name SUB default-action return
@ip name SUB rule 10 action accept
@ip name SUB rule 10 limit rate 1/day
@ip name SUB rule 10 limit burst 2
@ip name SUB rule 10 destination port 53
@ip name SUB rule 10 protocol udp
ipv4 name A_B rule 55 action accept
ipv4 name A_B rule 55 ttl eq 7
ipv4 name A_B rule 55 protocol 253
ipv6 forward filter rule 5 action drop
ipv6 forward filter rule 5 destination address fd01:40::66
EOF
load < "$tmp/policy"
clear_counters

ask() { "$ZPFCTL" -n "$R" --json test "$@"; }

# verdict NAME EXPECTED WORD...: "verdict ruleset rule log" and the exit status.
verdict() {
	local name=$1 want=$2 got rc=0
	shift 2
	got=$(ask "$@" 2>&1) || rc=$?
	got=$(jq -r '[.verdict, .ruleset // "-", .rule, .reason, .log] | map(tostring) | join(" ")' <<< "$got" 2>&1)
	equal "$name" "$want" "$got $rc"
}

# why NAME EXPECTED WORD...: the way, "RULESET.RULE:WHY ..."
why() {
	local name=$1 want=$2
	shift 2
	equal "$name" "$want" "$(ask "$@" 2>&1 |
		jq -r '[.trace[] | "\(.ruleset).\(.rule):\(if .matched then "yes" else .because end)"] | join(" ")')"
}

a4='src 10.10.0.1 dst 10.40.0.1' a6='src fd01:10::1 dst fd01:40::1'
# shellcheck disable=SC2086 # words
{
verdict "a rule of a pair accepts" "accept A_B 20 rule false 0" from A to B proto tcp $a4 dport 443
verdict "the same in IPv6" "accept A_B 20 rule false 0" from A to B proto tcp $a6 dport 443
verdict "a service has a name" "accept A_B 20 rule false 0" from A to B proto tcp $a4 dport https
verdict "a default drops, and logs" "drop A_B default default true 3" from A to B proto 47 $a4
verdict "a rule rejects" "reject A_B 50 rule false 4" from A to B proto tcp $a4 dport 22 flags syn
verdict "by interfaces" "accept A_B 60 rule false 0" in eth1.10 out eth1.40 proto esp $a4 spi 0xc1a40b7e
verdict "a zone alone is no interface" "drop A_B default default true 3" from A to B proto esp $a4
verdict "an established packet" "accept A_B 10 rule false 0" from A to B proto 47 $a4 state established
verdict "an invalid packet" "drop - state-policy invalid state-policy true 3" from A to B proto 47 $a4 state invalid
verdict "an untracked packet has no state" "drop A_B default default true 3" from A to B proto 47 $a4 state untracked
verdict "time to live" "accept A_B 55 rule false 0" from A to B proto 253 $a4 ttl 7
verdict "no time to live" "drop A_B default default true 3" from A to B proto 253 $a4
verdict "a zone default" "reject - zone-default zone-default false 4" from B to A proto tcp src 10.40.0.1 dst 10.10.0.1
verdict "inside a zone" "accept - intra-zone intra-zone false 0" from A to A proto tcp $a4
verdict "in no zone" "drop - no-zone no-zone false 3" from none to A proto tcp $a4
verdict "between interfaces in no zone" "accept - unfiltered unfiltered false 0" in eth1.70 to none proto tcp $a4
verdict "to the router" "drop A_L default default false 3" from A to router proto tcp $a4
verdict "to the router by its zone's name" "drop A_L default default false 3" from A to L proto tcp $a4
verdict "from the router, its zone's default" "drop - zone-default zone-default false 3" from L to A proto tcp $a4
verdict "neighbour discovery" "accept - neighbour-discovery neighbour-discovery false 0" \
	in eth1.10 to router src fe80::1 dst ff02::1 icmp 135 ttl 255
verdict "not with another hop limit" "drop A_L default default false 3" \
	in eth1.10 to router src fe80::1 dst ff02::1 icmp 135 ttl 254
verdict "errors the router sends" "accept - router-errors router-errors false 0" \
	from router to A src 10.0.10.1 dst 10.10.0.1 icmp 3/4
verdict "a base chain drops" "drop forward filter 5 base-chain false 3" from A to B proto udp src fd01:10::1 dst fd01:40::66

why "each rule with the first match that failed" \
	"A_B.10:state A_B.20:destination-port A_B.30:source-address A_B.40:protocol A_B.50:tcp-flags A_B.55:protocol A_B.60:protocol A_B.70:protocol A_B.default:yes" \
	from A to B proto tcp $a4 dport 22
why "an interface that is not given" \
	"forward filter.5:destination-address forward filter.default:yes A_B.10:state A_B.20:protocol A_B.30:source-address A_B.40:protocol A_B.50:protocol A_B.60:inbound-interface A_B.70:protocol A_B.default:yes" \
	from A to B proto esp $a6
why "a jump and its return" \
	"forward filter.5:destination-address forward filter.default:yes A_B.10:state A_B.20:protocol A_B.30:source-address A_B.40:yes SUB.10:destination-port SUB.default:yes A_B.50:protocol A_B.60:protocol A_B.70:yes" \
	from A to B proto udp $a6 dport 54 sport 10
why "a port that is not given fails, negated too" \
	"forward filter.5:destination-address forward filter.default:yes A_B.10:state A_B.20:protocol A_B.30:source-address A_B.40:yes SUB.10:destination-port SUB.default:yes A_B.50:protocol A_B.60:protocol A_B.70:source-port A_B.default:yes" \
	from A to B proto udp $a6 dport 54
}

# A limit is read, not spent, however often one asks.
for _ in 1 2 3 4 5; do
	ask from A to B proto udp src 10.10.0.1 dst 10.40.0.1 dport 53 sport 5 > "$tmp/limit"
done
equal "a limit is not spent by asking" "accept SUB 10" "$(jq -r '[.verdict, .ruleset, .rule] | join(" ")' "$tmp/limit")"
expect_counters "asking counts nothing" <<< ""
probes <<'EOF'
pass a b 4 udp 1 53 : the limit has both its tokens
pass a b 4 udp 2 53 : and the second
drop a b 4 udp 3 53 : and no third
EOF
# shellcheck disable=SC2086 # words
why "a limit without a token is why" \
	"A_B.10:state A_B.20:protocol A_B.30:source-address A_B.40:yes SUB.10:limit SUB.default:yes A_B.50:protocol A_B.55:protocol A_B.60:protocol A_B.70:source-port A_B.default:yes" \
	from A to B proto udp $a4 dport 53 sport 4

equal "no log line but that of the packet that was dropped" 1 "$("$ZPFCTL" -n "$R" --json show log-sites |
	jq '[."log-sites"[] | select(.site | test("A_B-default")) | (.logged + .suppressed + .undeliverable)] | add')"
equal "the note tells of destination NAT" true \
	"$(ask from A to B proto tcp src 10.10.0.1 dst 10.40.0.1 | jq '.note | test("destination NAT")')"
equal "not for what the router sends" null \
	"$(ask from router to A proto tcp src 10.10.0.1 dst 10.40.0.1 | jq -c .note)"
equal "the generation is told" "$("$ZPFCTL" -n "$R" --json show status | jq .generation)" \
	"$(ask from A to B proto tcp src 10.10.0.1 dst 10.40.0.1 | jq .generation)"

# refused NAME STATUS PATTERN WORD...
refused() {
	local name=$1 status=$2 pattern=$3 rc=0 text
	shift 3
	text=$("$ZPFCTL" -n "$R" test "$@" 2>&1) || rc=$?
	if [[ $rc == "$status" && $text == *"$pattern"* ]]; then
		result ok "$name"
	else
		result not-ok "$name" "status $rc: $text"
	fi
}
refused "an unknown zone" 1 "no such zone" from X to B proto tcp src 10.10.0.1 dst 10.40.0.1
refused "an unknown interface" 1 "no such interface" in eth9 to B proto tcp src 10.10.0.1 dst 10.40.0.1
refused "an interface of another zone" 1 "not in that zone" from B in eth1.10 to B proto tcp src 10.10.0.1 dst 10.40.0.1
refused "ports of a protocol without" 1 "no ports" from A to B proto esp src 10.10.0.1 dst 10.40.0.1 dport 1
refused "flags of another protocol" 1 "not TCP" from A to B proto udp src 10.10.0.1 dst 10.40.0.1 flags syn
refused "ICMP of another protocol" 1 "not the family's ICMP" from A to B proto udp src 10.10.0.1 dst 10.40.0.1 icmp 8
refused "two families" 2 "other family" from A to B proto udp src 10.10.0.1 dst fd01::1
refused "no destination" 2 "proto, src and dst" from A to B proto udp src 10.10.0.1
refused "nowhere to go" 2 "goes to one" from A proto udp src 10.10.0.1 dst 10.40.0.1
refused "an unknown word" 2 "unknown word" from A to B proto udp src 10.10.0.1 dst 10.40.0.1 colour red
refused "a word twice" 2 "twice" from A from B proto udp src 10.10.0.1 dst 10.40.0.1
refused "a port out of range" 2 "0-65535" from A to B proto udp src 10.10.0.1 dst 10.40.0.1 dport 65536

# ------------------------------------------- every other word, and `recent`

load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall name MORE
ipv4 name MORE default-action drop
ipv4 name MORE rule 10 action accept
ipv4 name MORE rule 10 protocol tcp
ipv4 name MORE rule 10 tcp mss 1-1400
ipv4 name MORE rule 20 action accept
ipv4 name MORE rule 20 ipsec match-ipsec-in
ipv4 name MORE rule 30 action accept
ipv4 name MORE rule 30 conntrack-helper ftp
ipv4 name MORE rule 40 action accept
ipv4 name MORE rule 40 protocol gre
ipv4 name MORE rule 40 gre flags checksum unset
ipv4 name MORE rule 40 gre flags key
ipv4 name MORE rule 40 gre key 7
ipv4 name MORE rule 50 action accept
ipv4 name MORE rule 50 protocol udp
ipv4 name MORE rule 50 fragment match-non-frag
ipv4 name MORE rule 50 ipsec match-none-in
ipv4 name MORE rule 60 action accept
ipv4 name MORE rule 60 ipsec match-ipsec-out
ipv4 name MORE rule 70 action drop
ipv4 name MORE rule 70 protocol 253
ipv4 name MORE rule 70 recent count 2
ipv4 name MORE rule 70 recent time hour
ipv4 name MORE rule 80 action accept
ipv4 name MORE rule 80 protocol 253
EOF
cat > "$tmp/words" <<'EOF'
10 proto tcp mss 1400
default proto tcp mss 1401
default proto tcp
20 proto tcp ipsec
30 proto tcp helper ftp
default proto tcp helper sip
40 proto gre gre-flags key gre-key 7
default proto gre gre-flags key,checksum gre-key 7
default proto gre gre-flags key gre-key 8
50 proto udp
default proto udp frag
60 proto udp frag ipsec-out
80 proto 253
EOF
sed "s/^[^ ]*/from A to B $a4/" "$tmp/words" > "$tmp/asked"
cut -d ' ' -f 1 "$tmp/words" > "$tmp/want"
"$ZPFCTL" -n "$R" test - < "$tmp/asked" 2>&1 | sed 's/^.* MORE //' > "$tmp/live"
check "every word for what a rule can look at" diff "$tmp/want" "$tmp/live"
"$ZPFCTL" test --config "$tmp/config" - < "$tmp/asked" 2>&1 | sed 's/^.* MORE //' > "$tmp/file"
check "a file says the same" diff "$tmp/want" "$tmp/file"

for _ in 1 2 3 4 5; do
	ask from A to B proto 253 src 10.10.0.1 dst 10.40.0.1 > "$tmp/recent"
done
equal "recent is not spent by asking" "accept MORE 80" \
	"$(jq -r '[.verdict, .ruleset, .rule] | join(" ")' "$tmp/recent")"
probes <<'EOF'
pass a b 4 proto 253 : recent lets two pass
pass a b 4 proto 253 : and the second
EOF
verdict "a third would not pass" "drop MORE 70 rule false 3" \
	from A to B proto 253 src 10.10.0.1 dst 10.40.0.1
probes <<'EOF'
drop a b 4 proto 253 : nor does it
EOF
refused "a helper that is none" 2 "expected ftp" from A to B proto tcp src 10.10.0.1 dst 10.40.0.1 helper foo
refused "a flag of GRE that is none" 2 "expected flags" from A to B proto gre src 10.10.0.1 dst 10.40.0.1 gre-flags foo

# refused_file NAME PATTERN WORD...
refused_file() {
	local name=$1 pattern=$2 rc=0 text
	shift 2
	text=$("$ZPFCTL" test --config "$tmp/config" "$@" proto udp src 10.10.0.1 dst 10.40.0.1 2>&1) || rc=$?
	if [[ $rc == 1 && $text == *"$pattern"* ]]; then
		result ok "$name"
	else
		result not-ok "$name" "status $rc: $text"
	fi
}
refused_file "of a file: an unknown zone" "no zone 'X': expected one of A, B, router, none" from X to B
refused_file "of a file: an interface for a zone" \
	"no zone 'eth1.10': that is an interface, say in or out" from eth1.10 to B
refused_file "of a file: a zone for an interface" \
	"no interface 'A': that is a zone, say from or to" in A to B

"$ZPFCTL" -n "$R" disarm open > /dev/null 2>&1
refused "without a policy" 1 "no policy is loaded" from A to B proto tcp src 10.10.0.1 dst 10.40.0.1
