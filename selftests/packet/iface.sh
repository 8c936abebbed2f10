#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Interfaces that come, go, are renamed, moved or enslaved while a policy is
# armed: which zone they are in, at once, and who hears of it.
#
#	[ a ]--lan0-----+---+--eth1.40--[ b ]     zone A: lan0
#	                | r +--eth1.41--[ c ]     the others: as each case says
#	                +---+--eth1.50--[ d ]
#
# Each zone lets one port of zone A pass: its number tells the zones apart.
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

# shellcheck disable=SC2317 # called by finish
cleanup() {
	stop_jobs
	ip netns del "$T-far" 2>/dev/null
}

# plumb DEV N: addresses and routes of the router's side, as in host_plumb;
# they are gone where the device was down, moved or made anew.
plumb() {
	ipb r <<-EOF
	link set $1 up
	addr replace 10.0.$2.1/24 dev $1
	addr replace fd00:$2::1/64 dev $1 nodad
	neigh replace 10.0.$2.2 lladdr $H_MAC dev $1
	neigh replace fd00:$2::2 lladdr $H_MAC dev $1
	route replace 10.$2.0.0/16 via 10.0.$2.2 dev $1 onlink
	route replace fd01:$2::/64 via fd00:$2::2 dev $1 onlink
	EOF
}

# rename OLD NEW N: of the router's device of VLAN N.
rename() {
	ipb r <<-EOF
	link set $1 down
	link set $1 name $2
	EOF
	plumb "$2" "$3"
}

# vlan DEV N [ip-link word...]: a device of the router for VLAN N.
vlan() {
	local dev=$1 vid=$2
	shift 2
	ip -n "$R" link add link eth1 name "$dev" "$@" type vlan id "$vid"
	plumb "$dev" "$vid"
}

# zone_of DEV: where show zones has it: a zone, "unassigned", or nothing.
zone_of() {
	local index
	index=$(ip -n "$R" -j link show dev "$1" 2>/dev/null | jq '.[0].ifindex')
	"$ZPFCTL" -n "$R" --json show zones | jq -r --arg d "$1" --argjson i "${index:-0}" '
		(.zones[] | .name as $z | .members[] | select(.ifindex == $i) | $z),
		(.unassigned[] | select(. == $d) | "unassigned")'
}

# in_zone NAME HOST PORT: of ports 1 to 4 from a, only this one gets through.
in_zone() {
	local p fate
	for p in 1 2 3 4; do
		fate=drop
		((p != $3)) || fate=pass
		echo "$fate a $2 @ udp 1000 $p"
	done > "$tmp/in_zone"
	sed -i "\$s/\$/ : $1/" "$tmp/in_zone"
	probes < "$tmp/in_zone"
}

# zone_port ZONE PORT: what zone A may send there.
zone_port() {
	cat <<-EOF
	zone $1 from A firewall @name TO-$1
	@ip name TO-$1 default-action drop
	@ip name TO-$1 rule 10 action accept
	@ip name TO-$1 rule 10 protocol udp
	@ip name TO-$1 rule 10 destination port $2
	EOF
}

# A host on a VLAN whose router's side is left to the case.
add_vlan_host() {
	add_host "$1" "$2"
	ip -n "$R" link del "eth1.$2"
}

setup_router
add_link a 10 lan0
add_vlan_host b 40
add_vlan_host c 41
add_vlan_host d 50

# -------------------------------------------- coming, going, being renamed

{
echo "zone A member interface lan0"
echo "zone B member interface eth1.40"
zone_port B 1
echo "zone C member interface other"
zone_port C 2
} | load
equal "an interface that is not there is in no list" "" "$(zone_of eth1.40)"
vlan eth1.40 40
in_zone "an interface made after the load is in its zone" b 1
equal "and shown there" B "$(zone_of eth1.40)"
rename eth1.40 nozone 40
in_zone "renamed to a name of no zone, it reaches no zone" b 0
equal "and is shown as unassigned" unassigned "$(zone_of nozone)"
equal "its old name is absent" "" "$(zone_of eth1.40)"
rename nozone other 40
in_zone "renamed into another zone, it is there" b 2
rename other eth1.40 40
in_zone "and back" b 1
ip -n "$R" link del eth1.40
equal "deleted, it is absent" "" "$(zone_of eth1.40)"
vlan eth1.40 40
in_zone "made anew, with another index, it is in its zone" b 1
ip -n "$R" link del eth1.40
vlan eth1.40 40 index 2000000000
in_zone "an index of 2000000000" b 1
equal "is shown as it is" 2000000000 "$("$ZPFCTL" -n "$R" --json show zones |
	jq '.zones[] | .members[] | select(.name == "eth1.40") | .ifindex')"
ip -n "$R" link del eth1.40
for index in 4095 4096 65536 69632 2147483647; do
	vlan eth1.40 40 index $index
	probes <<-EOF
	pass a b @ udp 1000 1 : index $index
	drop a b @ udp 1000 2
	EOF
	ip -n "$R" link del eth1.40
done
vlan eth1.40 40
ip netns add "$T-far"
ip -n "$R" link set eth1.40 netns "$T-far"
equal "moved to another namespace, it is absent" "" "$(zone_of eth1.40)"
ip -n "$T-far" link set eth1.40 netns "$R"
plumb eth1.40 40
in_zone "moved back, it is in its zone" b 1
ip -n "$R" link set eth1.40 netns "$T-far"
ip -n "$T-far" link set eth1.40 name else40
ip -n "$T-far" link set else40 netns "$R"
plumb else40 40
in_zone "moved back under another name, it is in none" b 0
rename else40 eth1.40 40
ip -n "$R" link add alt type dummy
ip -n "$R" link property add dev alt altname other
equal "an alternative name is no membership" unassigned "$(zone_of alt)"
ip -n "$R" link del alt
clear_counters

# ------------------------------------------------------------- precedence

{
echo "zone A member interface lan0"
echo "zone E member interface eth1.40"
zone_port E 1
echo "zone X member interface eth1.4*"
zone_port X 2
echo "zone W member interface eth1.*"
zone_port W 3
echo "zone V member interface eth1*"
zone_port V 4
} | load
vlan eth1.41 41
vlan eth1.50 50
in_zone "an exact name beats every wildcard" b 1
in_zone "a longer prefix beats a shorter one" c 2
in_zone "the shorter one takes the rest" d 3
equal "eth1* is also eth1" V "$(zone_of eth1)"
rename eth1.50 eth1.45 50
in_zone "a rename decides anew" d 2
rename eth1.45 eth1.50 50
rename eth1.40 eth1.99 40
in_zone "out of the exact name into a wildcard" b 3
rename eth1.99 eth1.40 40
{
echo "zone A member interface lan0"
echo "zone W member interface eth1.4*"
zone_port W 1
echo "zone X member interface eth1.*"
zone_port X 2
} | load
in_zone "a load decides anew" b 1
in_zone "for every interface" d 2
clear_counters

# --------------------------------------------------------------------- VRF

# The VRF has a table of its own: the way back to host a is put there.
vrf_plumb() { # DEV N
	plumb "$1" "$2"
	ipb r <<-EOF
	route replace 10.10.0.0/16 via 10.0.10.2 dev lan0 onlink table 100
	route replace fd01:10::/64 via fd00:10::2 dev lan0 onlink table 100
	EOF
}

{
echo "zone A member interface lan0"
echo "zone R member vrf blue"
zone_port R 1
echo "zone E member interface eth1.40"
zone_port E 2
echo "zone A from R firewall @name FROM-R"
echo "@ip name FROM-R rule 10 action accept"
echo "@ip name FROM-R rule 10 protocol udp"
echo "@ip name FROM-R rule 10 destination port 5"
} | load
if ip -n "$R" link add blue type vrf table 100 2>/dev/null; then
	ip -n "$R" link set blue up
	equal "a VRF with no port changes nothing" unassigned "$(zone_of eth1.50)"
	ip -n "$R" link set eth1.50 master blue
	vrf_plumb eth1.50 50
	in_zone "an enslaved interface is in its VRF's zone" d 1
	probes <<-EOF
	pass d a @ udp 1000 5 : also as the one it came in through
	drop d a @ udp 1000 6
	EOF
	ip -n "$R" link set eth1.40 master blue
	vrf_plumb eth1.40 40
	in_zone "its own membership beats its VRF's" b 2
	ip -n "$R" link set eth1.50 nomaster
	plumb eth1.50 50
	equal "released, it is in no zone" unassigned "$(zone_of eth1.50)"
	in_zone "and reaches none" d 0
	ip -n "$R" link set eth1.50 master blue
	vrf_plumb eth1.50 50
	in_zone "enslaved again" d 1
	ip -n "$R" link set blue down
	ip -n "$R" link set blue name green
	ip -n "$R" link set green up
	vrf_plumb eth1.50 50
	in_zone "a VRF renamed to no zone takes its ports along" d 0
	ip -n "$R" link set green down
	ip -n "$R" link set green name blue
	ip -n "$R" link set blue up
	vrf_plumb eth1.50 50
	in_zone "and back" d 1
	ip -n "$R" link del blue
	plumb eth1.50 50
	in_zone "a VRF that is deleted releases its ports" d 0
	plumb eth1.40 40
else
	skip "VRF" "the kernel has no VRF"
fi
clear_counters

# ------------------------------------------------------------------ events

{
echo "zone A member interface lan0"
echo "zone B member interface eth1.40"
zone_port B 1
echo "zone C member interface other"
zone_port C 2
} | load
cp "$tmp/config" "$tmp/base"
background r events "$tmp/events" 99
index() { ip -n "$R" -j link show dev "$1" | jq '.[0].ifindex'; }
first=$(index eth1.40)
rename eth1.40 other 40
rename other else40 40
ip -n "$R" link del else40
vlan eth1.40 40
second=$(index eth1.40)
"$ZPFCTL" -n "$R" load "$tmp/base" > /dev/null 2>&1
generation=$(status generation)
wait_for 20 grep -q '"commit"' "$tmp/events" || say "no commit event"
equal "events: leave, join, appear, with index, name and zone; commit" \
"leave $first eth1.40 B
join $first other C
leave $first other C
join $first else40 -
join $second eth1.40 B
commit $generation" "$(jq -r 'if .TYPE == "commit" then "commit \(.GENERATION)" else
	"\(.TYPE) \(.IFINDEX) \(.IFNAME) \(.ZONE // "-")" end' <(sed 1d "$tmp/events"))"
stop_jobs

# ------------------------------------------------- renames under traffic
# Both ports are sent all the time; eth1.40 is in B or in C. Right after each
# rename the wrong port must be closed, and nothing arrives that no zone counted.

sink one:1 two:2
flush
clear_counters
for p in 1 2; do
	flood "$tmp/flood$p" 4 $p $((p % $(nproc))) 1
done
for ((i = 1; i <= 6; i++)); do
	rename eth1.40 other 40
	probes <<-EOF
	drop a b @ udp 1000 1
	pass a b @ udp 1000 2 : rename $i, to another zone
	EOF
	rename other eth1.40 40
	probes <<-EOF
	drop a b @ udp 1000 2
	pass a b @ udp 1000 1 : rename $i, back
	EOF
done
stop_jobs
for p in 1 2; do
	zone=${p/1/B} zone=${zone/2/C}
	name=${p/1/one} name=${name/2/two}
	counted=$(hits A "$zone" 4 "TO-$zone" 10)
	got=$(sunk "${name}4")
	say "$(awk '$1 == "sent"' "$tmp/flood$p") to port $p, $got arrived"
	check "traffic to zone $zone got through" test "$got" -gt 0
	# Six of the counted packets are probes; some were lost with the device.
	check "on port $p nothing arrived but what zone $zone accepted" test "$got" -le $((counted - 6))
done
