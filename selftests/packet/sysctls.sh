#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Global options that are settings of the kernel: a load makes them, in the
# namespace it is for and in no other; check makes none; what cannot be made is
# a warning.
#
#	a 10: zone A
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10

# settings PATH...: their values in the router, on one line.
settings() {
	local path out=()
	for path; do
		out+=("$(nsx r cat "/proc/sys/$path")")
	done
	echo "${out[*]}"
}

config() {
	cat <<-'EOF'
	zone A member interface eth1.10
	all-ping disable
	global-options broadcast-ping disable
	global-options ip-src-route disable
	global-options ipv6-src-route disable
	global-options log-martians enable
	global-options receive-redirects disable
	global-options ipv6-receive-redirects disable
	global-options send-redirects disable
	global-options source-validation strict
	global-options directed-broadcast enable
	global-options syn-cookies disable
	global-options twa-hazards-protection enable
	global-options timeout icmp 7
	global-options timeout other 61
	global-options timeout tcp close 8
	global-options timeout tcp established 4321
	global-options timeout udp other 9
	global-options timeout udp stream 99
	EOF
}

paths=(net/ipv4/icmp_echo_ignore_all net/ipv4/icmp_echo_ignore_broadcasts
	net/ipv4/conf/all/accept_source_route net/ipv6/conf/eth1.10/accept_source_route
	net/ipv4/conf/eth1.10/log_martians net/ipv4/conf/default/accept_redirects
	net/ipv6/conf/eth1.10/accept_redirects net/ipv4/conf/eth1.10/send_redirects
	net/ipv4/conf/eth1.10/rp_filter net/ipv4/conf/eth1.10/bc_forwarding
	net/ipv4/tcp_syncookies net/ipv4/tcp_rfc1337)
timeouts=(icmp_timeout generic_timeout tcp_timeout_close tcp_timeout_established
	udp_timeout udp_timeout_stream)
timeouts=("${timeouts[@]/#/net/netfilter/nf_conntrack_}")
wanted="1 1 0 -1 1 0 0 0 1 1 0 1"

before=$(settings "${paths[@]}")
outside=$(cat /proc/sys/net/ipv4/icmp_echo_ignore_all)
ping() { nsx a ping -c 1 -W 1 "$(address 4 a | sed 's/2$/1/')"; }
check "a ping is answered" ping

config | cfg > "$tmp/config"
check "check takes the configuration" "$ZPFCTL" -n "$R" check "$tmp/config"
equal "and touches nothing" "$before" "$(settings "${paths[@]}")"

config | load
equal "a load makes the settings" "$wanted" "$(settings "${paths[@]}")"
equal "and the timeouts" "7 61 8 4321 9 99" "$(settings "${timeouts[@]}")"
equal "not in another namespace" "$outside" "$(cat /proc/sys/net/ipv4/icmp_echo_ignore_all)"
check "a ping is answered no more" eval '! ping'
equal "no warning was given" 0 "$(grep -c 'is not set' "$tmp/load")"

nsx r sysctl -qw net.ipv4.conf.eth1/10.rp_filter=0
equal "show sysctls tells what somebody changed" '["net/ipv4/conf/*/rp_filter","1","0 (eth1.10)"]' \
	"$("$ZPFCTL" -n "$R" --json show sysctls |
		jq -c '.sysctls[] | select(.option == "source-validation") | [.sysctl, .wanted, .now]')"
echo "set firewall global-options all-ping enable" > "$tmp/merge"
check "a merge makes them, too" "$ZPFCTL" -n "$R" merge "$tmp/merge"
equal "all of them" "${wanted/#1/0}" "$(settings "${paths[@]}")"
check "so that a ping is answered again" ping

# The greatest value of the language is more than fits where a second has more
# than 100 ticks. The policy is in force either way.
echo "set firewall global-options timeout icmp 21474836" > "$tmp/merge"
check "a merge that the kernel may not make in full goes in" \
	"$ZPFCTL" -n "$R" merge "$tmp/merge"
now=$(settings net/netfilter/nf_conntrack_icmp_timeout)
"$ZPFCTL" -n "$R" merge "$tmp/merge" > "$tmp/out" 2>&1
if [[ $now == 21474836 ]]; then
	equal "without a warning where it fits" 0 "$(grep -c 'is not set' "$tmp/out")"
else
	equal "what cannot be set stays" 7 "$now"
	equal "and is a warning" 1 "$(grep -c 'timeout icmp is not set: net/netfilter/nf_conntrack_icmp_timeout cannot be 21474836' "$tmp/out")"
fi
