#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `zpfctl test` held against what really happens: random packets are judged by
# the running policy, by its file, and then sent; the fate of each and every
# counter that moved must be what both said. PROBES says how many (default
# 1500; make test-truth sends 100000).
#
#	a eth1.10, a2 eth1.11: zone A	b eth1.40: zone B	c eth1.50: zone C
#	u eth1.70: in no zone		r: the router, zone L
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

total=${PROBES:-1500}
batch=1500
seed=${SEED:-$RANDOM}

setup_router
add_host a 10
add_host a2 11
add_host b 40
add_host c 50
add_host u 70

# What conntrack would call invalid or related is not tracked, so that the
# state of a packet is known: a first packet is new, or untracked.
nsx r nft -f - <<'EOF' || bail "nft failed"
table inet truth {
	chain raw {
		type filter hook prerouting priority raw
		meta l4proto tcp tcp flags & (fin|syn|rst|ack) != syn notrack
		icmp type != echo-request notrack
		icmpv6 type != echo-request notrack
	}
	chain out {
		type filter hook output priority raw
		meta l4proto udp notrack
		meta l4proto tcp notrack
	}
}
EOF

# Every match that exists, plain, negated and through groups; jumps; a base
# chain; all the ways zones are bound. Address N is 10.VLAN.0.N, fd01:VLAN::N.
{
cat <<'EOF'
group port-group PG port 3-4
group port-group PG port 8
group interface-group IG interface eth1.11
group interface-group IG interface eth1.5*
zone A member interface eth1.10
zone A member interface eth1.11
zone A from B firewall @name B_A
zone A from C firewall @name ANY_A
zone B member interface eth1.40
zone B from A firewall @name A_B
zone B default-firewall @name DEF_B
zone B default-action reject
zone B intra-zone-filtering action drop
zone C member interface eth1.5*
zone C from A firewall name A_C4
zone C default-action reject
zone L local-zone
zone L from A firewall @name A_L
zone A from L firewall @name L_A
group @6address-group AG address @{a.1}
group @6address-group AG address @{a.4}-@{a.6}
group @6network-group NG network @{b.8/30}
@ip forward filter rule 5 action drop
@ip forward filter rule 5 protocol udp
@ip forward filter rule 5 destination port 9
@ip forward filter rule 5 source address @{a.2}
@ip forward filter rule 6 action accept
@ip forward filter rule 6 protocol tcp
@ip forward filter rule 6 destination port 7
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 state established
@ip name A_B rule 20 action drop
@ip name A_B rule 20 source group @6address-group AG
@ip name A_B rule 20 destination port 1-2
@ip name A_B rule 20 protocol tcp_udp
@ip name A_B rule 30 action jump
@ip name A_B rule 30 jump-target SUB
@ip name A_B rule 30 protocol udp
@ip name A_B rule 40 action accept
@ip name A_B rule 40 protocol tcp
@ip name A_B rule 40 tcp flags syn
@ip name A_B rule 40 tcp flags not ack
@ip name A_B rule 40 destination group port-group PG
@ip name A_B rule 50 action reject
@ip name A_B rule 50 protocol !tcp
@ip name A_B rule 50 destination address !@{b.8/30}
@ip name A_B rule 60 action accept
@ip name A_B rule 60 inbound-interface group !IG
@ip name A_B rule 60 source address @{a.2}-@{a.3}
@ip name A_B rule 70 action continue
@ip name A_B rule 70 protocol esp
@ip name A_B rule 80 action accept
@ip name A_B rule 80 destination group @6network-group NG
@ip name A_B rule 80 outbound-interface name eth1.4*
@ip name SUB default-action return
@ip name SUB rule 10 action return
@ip name SUB rule 10 destination port 1,5-6
@ip name SUB rule 10 protocol udp
@ip name SUB rule 20 action accept
@ip name SUB rule 20 protocol udp
@ip name SUB rule 20 source port 20000-20299
@ip name SUB rule 30 action drop
@ip name SUB rule 30 state new
@ip name SUB rule 30 protocol udp
@ip name SUB rule 30 destination group port-group !PG
@ip name B_A default-action drop
@ip name B_A rule 10 action accept
@ip name B_A rule 10 @icmp type-name echo-request
@ip name B_A rule 10 protocol @proto
@ip name B_A rule 20 action accept
@ip name B_A rule 20 protocol udp
@ip name B_A rule 20 source port !20000-20599
@ip name ANY_A default-action continue
@ip name ANY_A rule 10 action reject
@ip name ANY_A rule 10 protocol tcp
@ip name ANY_A rule 10 tcp flags ack
@ip name DEF_B default-action accept
@ip name DEF_B rule 10 action reject
@ip name DEF_B rule 10 inbound-interface name eth1.5*
@ip name DEF_B rule 10 protocol udp
ipv4 name A_C4 default-action accept
ipv4 name A_C4 rule 10 action drop
ipv4 name A_C4 rule 10 ttl lt 60
ipv4 name A_C4 rule 20 action drop
ipv4 name A_C4 rule 20 protocol icmp
ipv4 name A_C4 rule 20 icmp type 3
@ip name A_L default-action drop
@ip name A_L rule 10 action accept
@ip name A_L rule 10 source group @6address-group AG
@ip name L_A default-action accept
@ip name L_A rule 10 action drop
@ip name L_A rule 10 protocol udp
@ip name L_A rule 10 destination port 1-4
EOF
} | load

# random COUNT SEED: so many packets to $tmp/words (zsend's, without a fate) and
# $tmp/asked (zpfctl's). Source ports are unique and beyond all destination
# ports, so that no packet looks like an answer to another.
random() {
	awk -v count="$1" -v seed="$2" -v words="$tmp/words" -v asked="$tmp/asked" '
	function pick(s,  a, n) { n = split(s, a, " "); return a[1 + int(rand() * n)] }
	function addr(h, k) {
		return f == 4 ? "10." net[h] ".0." k : sprintf("fd01:%s::%x", net[h], k)
	}
	BEGIN {
		srand(seed)
		split("a 10 a2 11 b 40 c 50 u 70", w, " ")
		for (i = 1; i in w; i += 2) net[w[i]] = w[i + 1]
		for (i = 0; i < count; i++) {
			f = pick("4 6")
			ends = pick("a>b a>b a>b a>b a2>b a2>b b>a b>a2 c>b c>a a>c a>a2 b>b c>c a>u u>b a>r c>r u>r r>a r>b")
			split(ends, e, ">")
			sk = 1 + int(rand() * 7); dk = 6 + int(rand() * 6)
			ttl = pick("64 61 60 2"); sp = 20000 + i; dp = 1 + int(rand() * 10)
			kinds = "udp udp udp tcp tcp ping err"
			if (e[1] ~ /^a/) kinds = kinds " esp 253"
			if (e[2] == "r") kinds = "253"
			if (e[1] == "r") kinds = "udp"
			k = pick(kinds); state = "new"
			if (k == "udp") {
				z = "udp " sp " " dp; q = "proto udp sport " sp " dport " dp
			} else if (k == "tcp") {
				z = pick("S S S SA A AF 0")
				if (z != "S") state = "untracked"
				q = "proto tcp sport " sp " dport " dp " flags "
				q = q (z == "0" ? "none" : z == "S" ? "syn" : z == "SA" ? "syn,ack" : z == "A" ? "ack" : "ack,fin")
				z = "tcp " sp " " dp " " z
			} else if (k == "ping") {
				z = "ping"; q = "icmp " (f == 4 ? 8 : 128)
			} else if (k == "err") {
				state = "untracked"
				t = f == 4 ? "3/1" : "1/4"
				z = (f == 4 ? "icmp " : "icmp6 ") t; q = "icmp " t
			} else if (k == "esp") {
				z = "esp"; q = "proto esp"
			} else {
				z = "proto 253"; q = "proto 253"
			}
			if (e[1] == "r") state = "untracked"
			print e[1], e[2], f, z, (e[1] == "r" ? "" : "s " sk), \
				(e[2] == "r" ? "" : "d " dk), "ttl " ttl > words
			dst = e[2] == "r" ? (f == 4 ? "10.0." net[e[1]] ".1" : "fd00:" net[e[1]] "::1") : addr(e[2], dk)
			src = e[1] == "r" ? (f == 4 ? "10.0." net[e[2]] ".1" : "fd00:" net[e[2]] "::1") : addr(e[1], sk)
			# the router takes one off what it forwards
			seen = e[1] == "r" || e[2] == "r" ? ttl : ttl - 1
			print (e[1] == "r" ? "from router" : "in eth1." net[e[1]]), \
				(e[2] == "r" ? "to router" : "out eth1." net[e[2]]), \
				"src " src " dst " dst, q, "state " state, "ttl " seen > asked
		}
	}'
}

# The fate of a packet, and what it is counted by, from an answer line. No
# answer is sent to an ICMP error.
fates() {
	paste -d'\t' "$tmp/answers" "$tmp/words" | awk -F'\t' '{
		fate = $1; sub(/:.*/, "", fate)
		if (fate == "accept") fate = "pass"
		if (fate == "reject" && $2 ~ /icmp6? /) fate = "drop"
		print fate, $2
	}'
}

# The counters that must have moved, as counters() prints them. Without the
# base chain, whose accepts and defaults are counted besides.
wanted() {
	sed -E 's/, logged$//; s/^[a-z]+: from ([^ ]+) to ([^ ]+), (ipv[46]), by (.*)$/\1 \2 \3 \4/' "$tmp/answers" |
		awk '$4 ~ /^(unfiltered|neighbour-discovery|router-errors)$/ { next }
		$4 == "forward" { print "chain forward", $3, "forward-filter", $6; next }
		NF == 4 { print $1, $2, $3, "-", "default"; next }
		{ print }' |
		sort | uniq -c | awk '{ print $2, $3, $4, $5, $6, $1 }' | sort
}

# Of rows in $1, those of rules that only pass a packet on are not what decides.
deciding() {
	grep -vE '^chain forward ipv[46] forward-filter (6|default) | (A_B (30|70)|SUB (10|default)) '
}

round() {
	random "$1" "$2"
	"$ZPFCTL" -n "$R" test - < "$tmp/asked" > "$tmp/answers" 2> "$tmp/err" ||
		bail "zpfctl test failed: $(< "$tmp/err")"
	"$ZPFCTL" test --config "$tmp/config" - < "$tmp/asked" > "$tmp/file" 2>&1
	cmp -s "$tmp/answers" "$tmp/file" || { ((++file_bad)); say "$(diff "$tmp/answers" "$tmp/file" | head -6)"; }
	{ printf '%s\n' "${zsend_hosts[@]}"; fates; } > "$tmp/probes"
	clear_counters
	flush
	"$ZSEND" < "$tmp/probes" > "$tmp/fates" 2> "$tmp/zsend" || bail "$(< "$tmp/zsend")"
	bad=$(grep -c '^not ok' "$tmp/fates")
	((bad == 0)) || { ((fate_bad += bad)); say "$(grep '^not ok' "$tmp/fates" | head -5)"; }
	counters | deciding > "$tmp/got"
	wanted | deciding > "$tmp/want"
	cmp -s "$tmp/want" "$tmp/got" || { ((++count_bad)); say "$(diff "$tmp/want" "$tmp/got" | head -10)"; }
	cut -d' ' -f1 "$tmp/answers" >> "$tmp/all"
}

file_bad=0 fate_bad=0 count_bad=0 sent=0
: > "$tmp/all"
say "seed $seed"
while ((sent < total)); do
	n=$((total - sent < batch ? total - sent : batch))
	round "$n" $((seed + sent))
	((sent += n))
done
say "$(sort "$tmp/all" | uniq -c | tr '\n' ' ')"
equal "the fate of $sent random packets is what test said" 0 "$fate_bad"
equal "and they moved the counters test said" 0 "$count_bad"
equal "a file says the same as the policy loaded from it" 0 "$file_bad"
for verdict in accept drop reject; do
	check "many packets were to be: $verdict" \
		test "$(grep -c "^$verdict" "$tmp/all")" -ge $((total / 20))
done
