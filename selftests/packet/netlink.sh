#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Hostile netlink: every refusal of the contract, by a client that is not
# zpfctl, against a router that forwards and counts all the while.
#
#	[ a ]--eth1.10--[ r ]--eth1.40--[ b ]     zones A, B
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

FLIPS=${FLIPS:-2000}

# hostile NAMESPACE MODE ARG...
hostile() { ktap ip netns exec "$1" python3 "$HOSTILE" "${@:2}"; }

setup_router
add_host a 10
add_host b 40
sink got:80

# A policy that nothing below changes, and traffic that shows it.
nsx r python3 "$ZPFNL" load eth1.10 eth1.40 > "$tmp/out" 2>&1 || bail "$(< "$tmp/out")"
flood "$tmp/flood" 4 80 0 1

hostile "$R" cases eth1.10 eth1.40
hostile "$R" ops eth1.10 eth1.40

stop_jobs
sent=$(flood_sent "$tmp/flood")
check "the router forwarded all the while" test "$sent" -gt 0
equal "and lost no packet" "$sent" "$(sunk got4)"
equal "nor a count" "$sent" "$(nsx r python3 "$ZPFNL" dump COUNTER_GET | jq -s '[.[] |
	select(.TABLE == "A_B" and .NUMBER == 20 and .RULESET == "A_B" and .FROM == 1 and
		.TO == 2) | .PACKETS] | add')"

# Random messages, which may by chance be right: in a namespace of their own.
ip netns add "$T-flips"
ip -n "$T-flips" link add za0 type dummy
ip -n "$T-flips" link add zb0 type dummy
hostile "$T-flips" flips za0 zb0 1 $((FLIPS / 2))
hostile "$T-flips" flips za0 zb0 "${SEED:-2}" $((FLIPS / 2))
generation=$(nsx r python3 "$ZPFNL" status | jq .GENERATION)
nsx r python3 "$ZPFNL" load eth1.10 eth1.40 > "$tmp/out" 2>&1
equal "the next good policy is taken" $((generation + 1)) "$(jq .GENERATION "$tmp/out")"
