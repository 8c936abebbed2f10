#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sets whose contents are not the configuration's: domain and remote groups,
# fqdn and geoip, filled by `zpfctl group set`, and dynamic groups, which rules
# fill; and `recent`, which remembers sources. What they hold outlives commits.
#
#	a 10: zone A	c 50: zone C	b 40: zone B
#
# shellcheck disable=SC2119 # load takes its text from standard input
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host c 50
add_host b 40

zones='
zone A member interface eth1.10
zone B member interface eth1.40
zone C member interface eth1.50
group domain-group NAMES address example.com
group remote-group LIST url https://example.com/list
group dynamic-group @6address-group DYN'

# members SET HOST NUM...: these addresses, of both families.
members() {
	local set=$1 host=$2 num
	shift 2
	for num; do
		address 4 "$host" "$num"
		address 6 "$host" "$num"
	done | "$ZPFCTL" -n "$R" group set "$set" > "$tmp/set" 2>&1 ||
		bail "group set $set failed: $(< "$tmp/set")"
}

fill() {
	local set
	for set in NAMES remote:LIST fqdn:Example.COM DYN; do
		{ address 4 a 5; address 6 a 5; address 4 b 7; address 6 b 7; } |
			"$ZPFCTL" -n "$R" group set "$set" > "$tmp/set" 2>&1 ||
			bail "group set $set failed: $(< "$tmp/set")"
	done
	members geoip:de a 5
	members geoip:fr a 15
	members geoip:IT b 7
}

# A configuration that is loaded is filled as well, as long as fill is true.
eval "$(declare -f load | sed '1s/^load/load_only/')"
filled=true
# shellcheck disable=SC2120 # options are rare
load() {
	load_only "$@"
	! $filled || fill
}

match_table "$zones" <<'EOF'
match @ source group domain-group NAMES
+ udp 1 2 s 5                      : source in a domain group
- udp 1 2 s 6                      : source behind a domain group
match @ source group domain-group !NAMES
+ udp 1 2 s 6                      : source not in a domain group
- udp 1 2 s 5                      : source in a domain group, negated
smatch @ destination group domain-group NAMES
+ udp 1 2 d 7                      : destination in a domain group
- udp 1 2 d 8                      : destination behind a domain group
match @ source group remote-group LIST
+ udp 1 2 s 5                      : source in a remote group
- udp 1 2 s 4                      : source in front of a remote group
smatch @ destination group remote-group LIST
+ udp 1 2 d 7                      : destination in a remote group
- udp 1 2 d 6                      : destination in front of a remote group
match 4 source group dynamic-address-group DYN
+ udp 1 2 s 5                      : source in a dynamic group
- udp 1 2 s 6                      : source not in a dynamic group
match 6 source group dynamic-address-group DYN
+ udp 1 2 s 5                      : source in a dynamic IPv6 group
- udp 1 2 s 6                      : source not in a dynamic IPv6 group
smatch 4 destination group dynamic-address-group DYN
+ udp 1 2 d 7                      : destination in a dynamic group
- udp 1 2 d 8                      : destination not in a dynamic group
smatch 6 destination group dynamic-address-group DYN
+ udp 1 2 d 7                      : destination in a dynamic IPv6 group
- udp 1 2 d 8                      : destination not in a dynamic IPv6 group
match @ source fqdn example.com
+ udp 1 2 s 5                      : source is a name
- udp 1 2 s 6                      : source is not a name
match @ source fqdn !example.com
+ udp 1 2 s 6                      : source is not a name, negated
- udp 1 2 s 5                      : source is a name, negated
smatch @ destination fqdn example.com
+ udp 1 2 d 7                      : destination is a name
- udp 1 2 d 8                      : destination is not a name
match @ source geoip country-code DE
+ udp 1 2 s 5                      : source in a country
- udp 1 2 s 15                     : source in another country
match @ source geoip country-code de; source geoip country-code fr
+ udp 1 2 s 5                      : source in the first of two countries
+ udp 1 2 s 15                     : source in the second of two countries
- udp 1 2 s 6                      : source in neither of two countries
match @ source geoip country-code de; source geoip country-code fr; source geoip inverse-match
+ udp 1 2 s 6                      : source in neither of two, inverted
- udp 1 2 s 5                      : source in the first of two, inverted
- udp 1 2 s 15                     : source in the second of two, inverted
smatch @ destination geoip country-code it
+ udp 1 2 d 7                      : destination in a country
- udp 1 2 d 8                      : destination in no country
smatch @ destination geoip country-code it; destination geoip inverse-match
+ udp 1 2 d 8                      : destination in no country, inverted
- udp 1 2 d 7                      : destination in a country, inverted
EOF

# ---- empty until filled; what was filled outlives commits ----
filled=false

# config NAME: all that changes is the second rule's group.
config() {
	cat <<-EOF
	$zones
	group domain-group OTHER address example.org
	zone B from A firewall @name X_B
	@ip name X_B rule 10 action accept
	@ip name X_B rule 10 source group domain-group $1
	@ip name X_B rule 20 action reject
	@ip name X_B rule 20 source group domain-group !$1
	EOF
}

"$ZPFCTL" -n "$R" disarm open > "$tmp/disarm"
config OTHER | load
probes <<'EOF'
reject a b @ udp 1 2 s 5              : an empty group matches nothing, negated everything
EOF
members OTHER a 5 6
probes <<'EOF'
pass   a b @ udp 1 2 s 5              : a filled group matches without a commit
pass   a b @ udp 1 2 s 6              : so does its second member
reject a b @ udp 1 2 s 7              : and not what is behind it
EOF
config OTHER | sed 's/action reject/action drop/' | load
probes <<'EOF'
pass   a b @ udp 1 2 s 5              : what a group holds outlives a commit
drop   a b @ udp 1 2 s 7              : in which another rule changed
EOF
members domain:OTHER a 7
probes <<'EOF'
drop   a b @ udp 1 2 s 5              : a swap replaces the whole
pass   a b @ udp 1 2 s 7              : by what was given
EOF
expect_counters "rules count what the groups let match" <<'EOF'
A B @ X_B 10 2
A B @ X_B 20 2
EOF

show() { "$ZPFCTL" -n "$R" --json group show "$1" | jq -c "$2"; }
equal "group show tells revision and contents" \
	'[[2,["10.10.0.7"]],[2,["fd01:10::7"]]]' \
	"$(show OTHER '[.families[] | [.revision, [.elements[].element]]]')"
"$ZPFCTL" -n "$R" group show OTHER > "$tmp/shown"
check "what group show prints is a list again" \
	"$ZPFCTL" -n "$R" group set OTHER < "$tmp/shown"
equal "with the same contents" "$(grep -v '^#' "$tmp/shown")" \
	"$("$ZPFCTL" -n "$R" group show OTHER | grep -v '^#')"

refused() {	# NAME WHAT LIST MESSAGE
	if printf '%b' "$3" | "$ZPFCTL" -n "$R" group set "$2" > "$tmp/out" 2>&1; then
		result not-ok "$1" "it was taken"
	elif grep -qF -- "$4" "$tmp/out"; then
		result ok "$1"
	else
		result not-ok "$1" "$(< "$tmp/out")"
	fi
}
refused "a bad line is told" OTHER '10.0.0.1\n10.0.0.300\n' '-:2:1: bad value'
refused "every bad line is told" OTHER 'x\n# y\n 10.0.0.1/8 # z\n' '-:3:2:'
refused "a group that is not there is told" NONE '' 'no domain, remote or dynamic group NONE'
refused "a name without meaning is told" geoip:xx '' 'geoip:xx'
equal "and nothing of it changed anything" "$(grep -v '^#' "$tmp/shown")" \
	"$("$ZPFCTL" -n "$R" group show OTHER | grep -v '^#')"
equal "show firewall group lists type, members, references" \
	'["domain-group",["example.org"],["ipv4 X_B 10","ipv4 X_B 20","ipv6 X_B 10","ipv6 X_B 20"]]' \
	"$("$ZPFCTL" -n "$R" --json show firewall group OTHER |
		jq -c '.group[] | [.type, .members, .references]')"

# 100,000 prefixes of each family.
awk 'BEGIN { for (i = 0; i < 100000; i++) {
	printf "11.%d.%d.%d/31\n", i / 16384, i / 64 % 256, i * 4 % 256
	printf "2001:db8:%x:%x::/64\n", i / 30000, i * 2 % 60000 } }' > "$tmp/large"
begin=$(date +%s%N)
"$ZPFCTL" -n "$R" --json group set OTHER < "$tmp/large" > "$tmp/out" 2>&1
took=$((($(date +%s%N) - begin) / 1000000))
equal "100,000 prefixes of each family are one swap" '[100000,100000]' \
	"$(jq -c '[.ipv4, .ipv6]' "$tmp/out")"
say "which took $took ms here"
probes <<'EOF'
drop   a b @ udp 1 2 s 7              : no member of 100,000
EOF

# ---- rules fill dynamic groups, and remember sources ----
knock() {
	cat <<-'EOF'
	zone A member interface eth1.10
	zone B member interface eth1.40
	zone C member interface eth1.50
	zone B from A firewall @name K_B
	zone C from A firewall @name K_B
	group dynamic-group @6address-group DYN
	group dynamic-group @6address-group SOON
	group dynamic-group @6address-group DST
	@ip name K_B rule 10 action drop
	@ip name K_B rule 10 protocol udp
	@ip name K_B rule 10 destination port 10
	@ip name K_B rule 10 recent count 3
	@ip name K_B rule 10 recent time hour
	@ip name K_B rule 15 action accept
	@ip name K_B rule 15 protocol udp
	@ip name K_B rule 15 destination port 10-11
	@ip name K_B rule 20 action continue
	@ip name K_B rule 20 protocol udp
	@ip name K_B rule 20 destination port 20
	@ip name K_B rule 20 add-address-to-group source-address address-group DYN
	@ip name K_B rule 21 action continue
	@ip name K_B rule 21 protocol udp
	@ip name K_B rule 21 destination port 20
	@ip name K_B rule 21 add-address-to-group source-address address-group SOON
	@ip name K_B rule 21 add-address-to-group source-address timeout 1s
	@ip name K_B rule 22 action continue
	@ip name K_B rule 22 protocol udp
	@ip name K_B rule 22 destination port 22
	@ip name K_B rule 22 add-address-to-group destination-address address-group DST
	@ip name K_B rule 22 add-address-to-group destination-address timeout 1d
	ipv4 name K_B rule 30 action accept
	ipv4 name K_B rule 30 protocol udp
	ipv4 name K_B rule 30 destination port 30
	ipv4 name K_B rule 30 source group dynamic-address-group DYN
	ipv6 name K_B rule 30 action accept
	ipv6 name K_B rule 30 protocol udp
	ipv6 name K_B rule 30 destination port 30
	ipv6 name K_B rule 30 source group dynamic-address-group DYN
	ipv4 name K_B rule 31 action accept
	ipv4 name K_B rule 31 protocol udp
	ipv4 name K_B rule 31 destination port 31
	ipv4 name K_B rule 31 destination group dynamic-address-group DST
	ipv6 name K_B rule 31 action accept
	ipv6 name K_B rule 31 protocol udp
	ipv6 name K_B rule 31 destination port 31
	ipv6 name K_B rule 31 destination group dynamic-address-group DST
	EOF
}
knock | load
probes <<'EOF'
pass:3 a b @ udp 1 10 s 5 count 8     : recent matches from the packet behind its count on
pass   a b @ udp 1 10 s 6 count 2     : each source has its own count
pass   a b @ udp 1 11 s 6 count 4     : what another match refuses is not counted (D2)
pass:1 a b @ udp 1 10 s 6 count 2     : so that one was left
drop   a c @ udp 1 10 s 5             : the sources are shared by the pairs
drop   a b @ udp 1 30 s 5             : not in the group before it knocked
drop   a b @ udp 1 20 s 5             : knocks
pass   a b @ udp 1 30 s 5             : in the group by the rule
drop   a b @ udp 1 30 s 6             : and nobody else
drop   a b @ udp 1 31 d 9             : a destination that is not in its group
drop   a b @ udp 1 22 s 8 d 9         : a destination is added
pass   a b @ udp 1 31 d 9             : and matches
drop   a b @ udp 1 31 d 8             : and no other
EOF
expect_counters "recent and the groups count exactly" <<'EOF'
A B @ K_B 10 6
A B @ K_B 15 10
A B @ K_B 20 1
A B @ K_B 21 1
A B @ K_B 22 1
A B @ K_B 30 1
A B @ K_B 31 1
A B @ K_B default 6
A C @ K_B 10 1
EOF
gone() { [[ $(show SOON '[.families[].elements | length]') == '[0,0]' ]]; }
check "an address leaves its group in time" wait_for 20 gone
knock | sed 's/rule 31 action accept/rule 31 action reject/' | load
probes <<'EOF'
drop   a b @ udp 1 10 s 5             : the sources of recent outlive a commit
pass   a b @ udp 1 30 s 5             : so do the members of a dynamic group
EOF
equal "an address without timeout stays for ever" '[[null],[null]]' \
	"$(show DYN '[.families[] | [.elements[].seconds_left]]')"
check "one with a timeout is told how long" test "$(show DST '.families[0].elements[0].seconds_left')" -gt 80000
members DYN a 6
probes <<'EOF'
drop   a b @ udp 1 30 s 5             : a dynamic group is replaced whole, too
pass   a b @ udp 1 30 s 6             : by hand
EOF
equal "no source was forgotten for want of room" 0 \
	"$("$ZPFCTL" -n "$R" --json show status | jq .recent_evicted)"
