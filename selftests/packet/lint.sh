#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What check finds is so: each finding about a rule that can never match names a
# packet of that rule, and that packet is decided by a rule in front, as the
# file says and as the kernel does, which loaded it. So is the leg of a VPN that
# is said to be dropped.
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

# shadowed FAMILY NAME LINE...: rule 9 of a ruleset never matches, by those in front.
shadowed() {
	local family=$1 name=$2 line
	shift 2
	for line; do
		echo "$family name W rule $line"
	done | cfg > "$tmp/lint"
	cfg >> "$tmp/lint" <<-EOF
	zone A member interface eth1.10
	zone B member interface eth1.40
	zone B from A firewall ${family/ipv4/name} W
	EOF
	sed -i 's/ firewall ipv6 W$/ firewall ipv6-name W/' "$tmp/lint"
	finding "$name" "rule 9 of W can never match"
	"$ZPFCTL" -n "$R" load "$tmp/lint" > "$tmp/load" 2>&1 || bail "load failed: $(< "$tmp/load")"
	asked "$name" --config "$tmp/lint"
	asked "$name"
}

# finding NAME TEXT: check says it; sets witness and said.
finding() {
	"$ZPFCTL" --json check "$tmp/lint" > "$tmp/check"
	said=$(jq -r --arg t "$2" '.warnings[] | select(.message | contains($t)) | .message' "$tmp/check")
	witness=$(jq -r --arg t "$2" '.warnings[] | select(.message | contains($t)) | .witness' "$tmp/check")
	check "$1: it is found" test -n "$said"
}

# asked NAME [option...]: the packet is decided by one of the rules that are named.
asked() {
	local name=$1 rule where='kernel'
	shift
	(($# == 0)) || where='file'
	# shellcheck disable=SC2086 # arguments
	rule=$("$ZPFCTL" -n "$R" --json test "$@" $witness | jq -r '.rule')
	check "$name: a rule in front decides $witness, by the $where" \
		grep -Eq "rules?( [0-9]+,)* $rule(,| in front)" <<< "$said"
}

shadowed ipv4 "a prefix in a prefix" \
	"1 action drop" "1 source address 10.0.0.0/8" \
	"9 action accept" "9 source address 10.1.0.0/16"
shadowed ipv4 "two halves of ports" \
	"1 action accept" "1 protocol tcp" "1 destination port 1-100" \
	"2 action drop" "2 protocol tcp" "2 destination port 101-200" \
	"9 action accept" "9 protocol tcp" "9 destination port 50-150" "9 tcp flags syn"
shadowed ipv4 "a type of ICMP" \
	"1 action reject" "1 protocol icmp" "1 icmp type 3" \
	"9 action accept" "9 protocol icmp" "9 icmp type-name port-unreachable"
shadowed ipv4 "a state" \
	"1 action accept" "1 state established" "1 state related" \
	"9 action drop" "9 state related" "9 protocol udp"
shadowed ipv4 "every other protocol" \
	"1 action drop" "1 protocol !udp" "9 action accept" "9 protocol esp"
shadowed ipv6 "IPv6 addresses" \
	"1 action drop" "1 destination address 2001:db8::/33" \
	"2 action drop" "2 destination address 2001:db8:8000::/33" \
	"9 action accept" "9 destination address 2001:db8::/32"

cfg > "$tmp/lint" <<-'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall name W
ipv4 name W rule 1 action accept
ipv4 name W rule 1 protocol udp
ipv4 name W rule 1 destination port 4501
EOF
finding "a VPN that passes by half" "nothing accepts tcp 443"
# shellcheck disable=SC2086 # arguments
equal "a VPN that passes by half: the other leg is dropped" "drop default" \
	"$("$ZPFCTL" --json test --config "$tmp/lint" $witness | jq -r '"\(.verdict) \(.rule)"')"
