#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `zpfctl diagnose vpn`: the incident of the home router with real packets,
# before and after the suggested lines; then one case a VPN and symptom, asked
# of files, whose suggestions must pass `check` and cure the symptom.
#
#	i eth1.40: zone IOT	w eth0: zone WAN
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host i 40
add_link w 50 eth0

configs=$zpf_top/selftests/configs
diagnose() { "$ZPFCTL" -n "$R" --json diagnose vpn "$@"; }

"$ZPFCTL" -n "$R" load "$configs/home-router.set" > "$tmp/load" 2>&1 || bail "$(< "$tmp/load")"
clear_counters
"$ZPFCTL" -n "$R" clear drops > /dev/null 2>&1

# --- the incident ---

probes <<'EOF'
pass i w 4 tcp 1000 443 S   : the login passes
drop i w 4 esp              : ESP is dropped
drop i w 4 esp              : and again
drop i w 4 udp 51820 4501   : ESP in UDP is dropped
drop i w 4 udp 500 500      : IKE is dropped
EOF
diagnose globalprotect from IOT to WAN > "$tmp/before"
equal "the symptom" "the tunnel comes up and carries no data" "$(jq -r .symptom "$tmp/before")"
equal "what was seen of each leg, and what is missing" \
	"tcp 443 accept 1 0 false; udp 4501 drop 0 1 true; esp drop 0 2 true; udp 500 drop 0 1 true" \
	"$(jq -r '[.legs[] | "\(.leg) \(.out) \(.accepted) \(.dropped) \(.missing)"] | join("; ")' "$tmp/before")"
equal "the client is that of a dropped packet" "10.40.0.1 10.50.0.1" \
	"$(jq -r '.client + " " + .server' "$tmp/before")"
jq -r '.add[]' "$tmp/before" > "$tmp/add"
equal "the suggested lines" "set firewall ipv4 name IOT_WAN rule 75 action accept
set firewall ipv4 name IOT_WAN rule 75 protocol udp
set firewall ipv4 name IOT_WAN rule 75 destination port 4501
set firewall ipv4 name IOT_WAN rule 80 action accept
set firewall ipv4 name IOT_WAN rule 80 protocol esp
set firewall ipv4 name IOT_WAN rule 85 action accept
set firewall ipv4 name IOT_WAN rule 85 protocol udp
set firewall ipv4 name IOT_WAN rule 85 destination port 500" "$(< "$tmp/add")"
check "they pass check" "$ZPFCTL" check "$configs/home-router.set" "$tmp/add"
check "they are merged" "$ZPFCTL" -n "$R" merge "$tmp/add"
flush
probes <<'EOF'
pass i w 4 tcp 1000 443 S   : the login passes, after the change
pass i w 4 esp              : ESP passes
pass w i 4 esp              : and its answer
pass i w 4 udp 51820 4501   : ESP in UDP passes
pass w i 4 udp 4501 51820   : and its answer
pass i w 4 udp 500 500      : IKE passes
EOF
diagnose globalprotect from IOT to WAN > "$tmp/after"
equal "no symptom is left" null "$(jq -c .symptom "$tmp/after")"
equal "nothing is missing" "[]" "$(jq -c .add "$tmp/after")"
equal "what the policy depends on is told" 2 \
	"$(jq '[.notes[] | select(test("600 s|30 s"))] | map(select(test("^(esp|udp 4501)"))) | length' "$tmp/after")"
check "the change record of the incident cures it too" bash -c "
	'$ZPFCTL' -n '$R' load '$configs/home-router.set' '$configs/iot-vpn-change.set' > /dev/null 2>&1 &&
	[[ \$('$ZPFCTL' -n '$R' --json diagnose vpn globalprotect from IOT to WAN | jq -c .symptom) == null ]]"

# --- each VPN and symptom ---

# case_of NAME VPN SYMPTOM: the rules of AB (A to B) and BA (back) in $tmp/rules;
# without a symptom nothing may be suggested, else the suggestions cure it.
case_of() {
	local name=$1 vpn=$2 want=$3 got
	{
		echo "set firewall zone A member interface eth1"
		echo "set firewall zone B member interface eth2"
		sed 's/^/set firewall /' "$tmp/rules"
	} > "$tmp/case.set"
	got=$("$ZPFCTL" --json diagnose vpn "$vpn" from A to B --config "$tmp/case.set" 2>&1)
	equal "$vpn, $name" "$want" "$(jq -r '.symptom // "-"' <<< "$got")"
	jq -r '.add[]' <<< "$got" > "$tmp/add"
	[[ $want != - ]] || { equal "$vpn, $name: nothing to add" "" "$(< "$tmp/add")"; return; }
	"$ZPFCTL" check "$tmp/case.set" "$tmp/add" > "$tmp/check" 2>&1 ||
		{ result not-ok "$vpn, $name: the suggestions pass check" "$(< "$tmp/check")"; return; }
	cat "$tmp/case.set" "$tmp/add" > "$tmp/cured.set"
	equal "$vpn, $name: the suggestions cure it" null \
		"$("$ZPFCTL" --json diagnose vpn "$vpn" from A to B --config "$tmp/cured.set" | jq -c .symptom)"
}

# pair [RULE...]: AB accepts "PROTO[ PORT]" each, BA answers.
pair() {
	local n=10 rule
	pair_out "$@"
	echo "zone A from B firewall name BA"
	echo "ipv4 name BA rule 10 action accept"
	echo "ipv4 name BA rule 10 state established"
}
pair_out() {
	local n=10 rule
	echo "zone B from A firewall name AB"
	echo "ipv4 name AB default-action drop"
	for rule; do
		echo "ipv4 name AB rule $n action accept"
		echo "ipv4 name AB rule $n protocol ${rule% *}"
		[[ $rule != *' '* ]] || echo "ipv4 name AB rule $n destination port ${rule#* }"
		((n += 10))
	done
}

nodata='the tunnel comes up and carries no data'
pair 'tcp 443' > "$tmp/rules"
case_of "no data" globalprotect "$nodata"
pair 'udp 4501' > "$tmp/rules"
case_of "no login" globalprotect "cannot connect: tcp 443 is dropped"
pair 'tcp 443' 'udp 4501' > "$tmp/rules"
case_of "all there" globalprotect -
pair_out 'tcp 443' 'udp 4501' > "$tmp/rules"
case_of "no answers" globalprotect \
	"cannot connect: tcp 443 goes out and its answers are dropped"
pair 'udp 500' > "$tmp/rules"
case_of "no data" ikev2 "$nodata"
pair 'esp' 'udp 4500' > "$tmp/rules"
case_of "no IKE" ikev2 "cannot connect: udp 500 is dropped"
pair 'udp 500' 'esp' > "$tmp/rules"
case_of "without NAT" ikev2 -
pair 'udp 500' 'udp 4500' > "$tmp/rules"
case_of "behind NAT" ikev2 -
{
	pair 'udp 500' 'esp'
	echo "ipv4 name BA rule 5 action drop"
	echo "ipv4 name BA rule 5 protocol esp"
} > "$tmp/rules"
case_of "one-way, the far side is missing" ikev2 "one-way: data goes out, what comes from B to A is dropped"
{
	pair 'udp 500'
	echo "ipv4 name BA rule 20 action accept"
	echo "ipv4 name BA rule 20 protocol esp"
} > "$tmp/rules"
case_of "one-way, the near side is missing" ikev2 "one-way: data comes in, what goes from A to B is dropped"
pair 'udp 53' > "$tmp/rules"
case_of "dropped" wireguard "cannot connect: udp 51820 is dropped"
pair 'udp 51820' > "$tmp/rules"
case_of "all there" wireguard -
pair_out 'udp 51820' > "$tmp/rules"
case_of "no answers" wireguard \
	"cannot connect: udp 51820 goes out and its answers are dropped"
pair 'udp 53' > "$tmp/rules"
case_of "dropped" openvpn "cannot connect: udp 1194 is dropped"
pair 'tcp 1194' > "$tmp/rules"
case_of "over TCP" openvpn -
pair 'udp 1194' > "$tmp/rules"
case_of "over UDP" openvpn -
: > "$tmp/rules"
case_of "no ruleset at all" wireguard "cannot connect: udp 51820 is dropped"
{
	pair 'udp 53'
	echo "ipv4 name AB rule 5 action drop"
	echo "ipv4 name AB rule 5 protocol udp"
} > "$tmp/rules"
case_of "dropped by a rule" wireguard "cannot connect: udp 51820 is dropped"

refused() {
	local name=$1 status=$2 pattern=$3 rc=0 text
	shift 3
	text=$("$ZPFCTL" -n "$R" diagnose vpn "$@" 2>&1) || rc=$?
	if [[ $rc == "$status" && $text == *"$pattern"* ]]; then
		result ok "$name"
	else
		result not-ok "$name" "status $rc: $text"
	fi
}
refused "an unknown VPN" 2 "expected globalprotect" pptp from IOT to WAN
refused "an unknown zone" 1 "no such zone" ikev2 from X to WAN
refused "no address" 2 "dst 'x'" ikev2 from IOT to WAN server x
