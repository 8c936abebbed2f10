#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The policy the kernel tells of is the one its own source text makes: what the
# text loaded again says to the kernel, seen by a netlink monitor, equals what the
# kernel dumps, object by object and attribute by attribute; and what was dumped
# makes the same policy when it is sent back.
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

configs=$zpf_top/selftests/configs
dump=$zpf_top/selftests/tools/zpfdump.py

ip netns add "$R"
modprobe -q nlmon || true
if ! ip -n "$R" link add nlmon0 type nlmon 2> "$tmp/out"; then
	skip "what the kernel tells is what it was told" "$(cat "$tmp/out")"
	exit 0
fi
ip -n "$R" link set nlmon0 up

# dump_equals NAME FILE...: loads the files, takes the kernel's text of them, and
# holds the dump against what that text says to the kernel.
dump_equals() {
	local name=$1
	shift
	"$ZPFCTL" -n "$R" load --skip-unenforced "$@" > "$tmp/out" 2>&1 || bail "$name: $(tail -n 3 "$tmp/out")"
	"$ZPFCTL" -n "$R" show config > "$tmp/text"
	nsx r "$dump" watch nlmon0 "$tmp/sent" "$ZPFCTL" load "$tmp/text" > "$tmp/out" 2>&1 ||
		bail "$name, its own text: $(tail -n 3 "$tmp/out")"
	nsx r "$dump" compare "$tmp/sent" > "$tmp/out" 2>&1
	equal "$name: the dump is what its text makes" "0 " "$? $(grep -vE '^([0-9]|attributes)' "$tmp/out" | head -n 3)"
	say "$(grep '^[0-9]' "$tmp/out")"
	grep '^attributes' "$tmp/out" | tr ' ' '\n' >> "$tmp/attributes"
	nsx r "$dump" again > "$tmp/out" 2>&1
	equal "$name: the dump makes the policy again" "0 " "$? $(grep -vE '^([0-9]|attributes)' "$tmp/out" | head -n 3)"
	"$ZPFCTL" -n "$R" show config > "$tmp/text.again"
	check "$name: and its text" cmp "$tmp/text" "$tmp/text.again"
}

for file in home-router.set branch-office.set ipsec-gateway.set ipsec-relay.boot; do
	dump_equals "$file" "$configs/$file"
done

# Whatever can be said to the kernel, said at least once in either family.
for fam in ipv4 ipv6; do
	if [[ $fam = ipv4 ]]; then
		other=10.7.0.0/16 range=10.7.0.1-10.7.0.9 mask=0.0.0.255 host=0.0.0.9 icmp=icmp ttl=ttl
		v6='' one=192.0.2.9 ping=echo-request ext=tcp
	else
		other=fd07::/32 range=fd07::1-fd07::9 mask=::ffff host=::9 icmp=icmpv6 ttl=hop-limit
		v6=ipv6- one=2001:db8::9 ping=echo-request ext=ipv6-route
	fi
	cat <<-EOF
	group ${v6}address-group HOSTS address $range
	group ${v6}address-group HOSTS address $one
	group ${v6}address-group MASKED address $host
	group ${v6}network-group NETS network $other
	group dynamic-group ${v6}address-group SEEN
	$fam name SUB default-action return
	$fam name SUB rule 5 action return
	$fam name SUB rule 5 protocol tcp
	$fam name SUB rule 5 tcp flags syn
	$fam name SUB rule 5 tcp flags not ack
	$fam name SUB rule 6 action continue
	$fam name SUB rule 6 log
	$fam name ALL default-action reject
	$fam name ALL default-log
	$fam name ALL rule 10 action jump
	$fam name ALL rule 10 jump-target SUB
	$fam name ALL rule 10 state new
	$fam name ALL rule 10 state related
	$fam name ALL rule 20 action accept
	$fam name ALL rule 20 protocol tcp_udp
	$fam name ALL rule 20 source address $other
	$fam name ALL rule 20 destination address !$range
	$fam name ALL rule 20 source port 1024-65535
	$fam name ALL rule 20 destination port 22,80,443-445
	$fam name ALL rule 21 action accept
	$fam name ALL rule 21 protocol $ext
	$fam name ALL rule 22 action drop
	$fam name ALL rule 22 protocol !udp
	$fam name ALL rule 22 source group ${v6}address-group HOSTS
	$fam name ALL rule 22 destination group ${v6}network-group !NETS
	$fam name ALL rule 23 action drop
	$fam name ALL rule 23 source address-mask $mask
	$fam name ALL rule 23 source group ${v6}address-group MASKED
	$fam name ALL rule 23 destination address-mask $mask
	$fam name ALL rule 23 destination group ${v6}address-group MASKED
	$fam name ALL rule 24 action accept
	$fam name ALL rule 24 protocol udp
	$fam name ALL rule 24 source group port-group PORTS
	$fam name ALL rule 24 destination group port-group !PORTS
	$fam name ALL rule 25 action accept
	$fam name ALL rule 25 protocol $icmp
	$fam name ALL rule 25 $icmp type-name $ping
	$fam name ALL rule 26 action accept
	$fam name ALL rule 26 protocol $icmp
	$fam name ALL rule 26 $icmp type 1
	$fam name ALL rule 26 $icmp code 3
	$fam name ALL rule 27 action drop
	$fam name ALL rule 27 inbound-interface group IFS
	$fam name ALL rule 27 outbound-interface name !eth9*
	$fam name ALL rule 28 action accept
	$fam name ALL rule 28 limit rate 10/second
	$fam name ALL rule 28 limit burst 7
	$fam name ALL rule 29 action accept
	$fam name ALL rule 29 limit rate 1/hour
	$fam name ALL rule 30 action drop
	$fam name ALL rule 30 protocol tcp
	$fam name ALL rule 30 recent count 7
	$fam name ALL rule 30 recent time minute
	$fam name ALL rule 31 action accept
	$fam name ALL rule 31 $ttl gt 3
	$fam name ALL rule 31 dscp 8-16
	$fam name ALL rule 31 packet-length 40-1500
	$fam name ALL rule 31 packet-type host
	$fam name ALL rule 31 mark 7
	$fam name ALL rule 31 connection-mark 8
	$fam name ALL rule 31 connection-status nat source
	$fam name ALL rule 31 source mac-address 02:00:00:00:00:01
	$fam name ALL rule 31 ipsec match-none-in
	$fam name ALL rule 31 fragment match-non-frag
	$fam name ALL rule 31 time weekdays Mon
	$fam name ALL rule 31 time starttime 08:00:00
	$fam name ALL rule 31 time startdate 2026-01-01
	$fam name ALL rule 32 action accept
	$fam name ALL rule 32 add-address-to-group source-address address-group SEEN
	$fam name ALL rule 32 add-address-to-group source-address timeout 5m
	$fam name ALL rule 32 add-address-to-group destination-address address-group SEEN
	$fam name ALL rule 32 add-address-to-group destination-address timeout 1h
	$fam name ALL rule 33 action drop
	$fam name ALL rule 33 source group dynamic-address-group SEEN
	$fam name ALL rule 33 log
	$fam name ALL rule 33 log-options level debug
	$fam name ALL rule 34 action drop
	$fam name ALL rule 34 source group domain-group NAMES
	$fam name ALL rule 34 log
	$fam name ALL rule 34 log-options group 7
	$fam name ALL rule 34 log-options snapshot-length 64
	$fam name ALL rule 34 log-options queue-threshold 3
	$fam name ALL rule 35 action continue
	$fam name ALL rule 35 set dscp 8
	$fam name ALL rule 35 set mark 9
	$fam name ALL rule 35 set connection-mark 10
	$fam name ALL rule 35 set $ttl 60
	$fam name ALL rule 36 action continue
	$fam name ALL rule 36 protocol tcp
	$fam name ALL rule 36 tcp flags syn
	$fam name ALL rule 36 set tcp-mss 1400
	$fam name ALL rule 37 action drop
	$fam name ALL rule 37 destination geoip country-code de
	$fam name ALL rule 37 destination geoip country-code us
	$fam forward filter default-action accept
	$fam forward filter rule 10 action jump
	$fam forward filter rule 10 jump-target ALL
	$fam input filter default-action accept
	$fam output filter default-action drop
	zone A from B firewall ${v6}name ALL
	zone B default-firewall ${v6}name SUB
	zone C intra-zone-filtering firewall ${v6}name ALL
	EOF
done > "$tmp/families"
sed 's/^\t*/set firewall /' > "$tmp/all.set" - "$tmp/families" <<-'EOF'
	group port-group PORTS port 53
	group port-group PORTS port 5000-5010
	group interface-group IFS interface eth1.*
	group interface-group IFS interface ppp0
	group domain-group NAMES address example.net
	group domain-group NAMES address example.org
	zone A member interface eth1.10
	zone A member interface wg*
	zone A default-action reject
	zone A default-log
	zone B member vrf blue
	zone B intra-zone-filtering action drop
	zone C member interface eth1.30
	zone L local-zone
	global-options state-policy established action accept
	global-options state-policy related action accept
	global-options state-policy invalid action drop
	global-options state-policy invalid log
	global-options state-policy invalid log-level info
	global-options log-limit rate 5/second
	global-options log-limit burst 3
	global-options unassigned accept
	global-options neighbour-discovery filter
EOF
TZ=Europe/Berlin dump_equals "everything" "$tmp/all.set"
{
	grep -v 'log-limit' "$tmp/all.set"
	echo "set firewall global-options log-limit off"
} > "$tmp/unlimited.set"
TZ=Europe/Berlin dump_equals "logs without a limit" "$tmp/unlimited.set"

# Every attribute of the contract was in one of them.
python3 - "$zpf_top/selftests/tools" > "$tmp/known" <<'EOF'
import sys
sys.path.insert(0, sys.argv[1])
import zpfdump
import zpfnl
for add in zpfdump.ADDS:
    kind = zpfnl.COMMANDS[add]
    for name in zpfnl.C:
        head, _, tail = name.partition(f"ZPF_{kind}_A_")
        if not head and tail not in zpfdump.TOLD + ("PAD", "UNSPEC", "MAX"):
            print(f"{kind}.{tail}")
EOF
equal "every attribute was dumped at least once" "" \
	"$(sort -u "$tmp/attributes" | comm -23 <(sort -u "$tmp/known") - | tr '\n' ' ')"

# Sets that are larger than a message, of ranges and of names.
{
	for ((i = 0; i < 5000; i++)); do
		echo "group network-group LARGE network 10.$((i / 125)).$((i % 125 * 2)).0/24"
		echo "group ipv6-network-group LARGE network fd00:$((i * 2))::/32"
	done
	for ((i = 0; i < 1000; i++)); do
		echo "group interface-group LARGE interface a-long-name.$i"
	done
	for fam in ipv4 ipv6; do
		echo "$fam forward filter rule 1 action drop"
		echo "$fam forward filter rule 1 source group ${fam}-network-group LARGE"
		echo "$fam forward filter rule 1 inbound-interface group LARGE"
	done
} | sed -e 's/ ipv4-network-group/ network-group/' -e 's/^/set firewall /' > "$tmp/large"
dump_equals "groups larger than a message" "$tmp/large"
