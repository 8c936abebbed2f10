# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests share that use the second client, tools/zpfnl.py: programs in
# the background, their results as ours, floods, events. Sourced instead of lib.sh.
#
# shellcheck source=selftests/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

ZPFNL=$zpf_top/selftests/tools/zpfnl.py
# shellcheck disable=SC2034 # used by the scripts
HOSTILE=$zpf_top/selftests/tools/zpfhostile.py
jobs=()

# shellcheck disable=SC2317 # called by finish
cleanup() { stop_jobs; }

# background NAME SUBCOMMAND FILE ARG...: zpfnl.py in the namespace of a host,
# until stop_jobs; returns when it has begun its FILE.
background() {
	# Not through nsx: the process to be killed is this one.
	ip netns exec "$T-$1" python3 "$ZPFNL" "${@:2}" &
	jobs+=($!)
	wait_for 60 test -s "$3" || bail "zpfnl.py $2 does not start"
}

# flood FILE FAMILY PORT [CPU [MS]]: UDP packets from host a to b, one every MS
# milliseconds, until stop_jobs.
flood() { background a flood "$1" "$(address "$2" b)" "${@:3}"; }

# flood_sent FILE: how many it sent.
flood_sent() { awk '$1 == "sent" { print $2 }' "$1"; }

# sink NAME:PORT...: host b counts what arrives for a port, in both families,
# and answers nothing. Probes, which come from port 1000, are not counted.
sink() {
	local s f
	{
		echo "table inet sink { chain in {"
		echo "type filter hook prerouting priority -300;"
		for s; do
			for f in 4 6; do
				echo "udp sport != 1000 udp dport ${s#*:} meta nfproto ipv$f" \
					"counter drop comment \"${s%:*}$f\""
			done
		done
		echo "}; }"
	} | nsx b nft -f - || bail "nft"
}

# sunk NAME4|NAME6
sunk() {
	nsx b nft -j list table inet sink | jq --arg c "$1" '.nftables[].rule? |
		select(.comment? == $c) | .expr[].counter? // empty | .packets'
}

# through: no packet waits for its processor, in whatever namespace. Another
# script may flood the same queue, which is longer then than a second.
# shellcheck disable=SC2317 # called by wait_for
through() { awk '$12 !~ /^0+$/ { waits = 1 } END { exit waits }' /proc/net/softnet_stat; }

# stop_jobs: ends what was begun; what floods sent has arrived behind it.
stop_jobs() {
	((${#jobs[@]})) || return 0
	kill "${jobs[@]}" 2>/dev/null
	wait "${jobs[@]}" 2>/dev/null
	jobs=()
	wait_for 600 through || say "packets still wait for a processor"
	sleep 0.2	# the one each has taken from its queue
}

# shellcheck disable=SC2016 # awk's
# listeners: how many sockets of the router listen to a group of generic netlink.
listeners() { nsx r awk '$2 == 16 && $4 != "00000000"' /proc/net/netlink | wc -l; }

listening() { (($(listeners) > $1)); }

# monitor FILE [OPERAND|OPTION...]: in the background, until stop_jobs.
monitor() {
	local file=$1 before
	shift
	before=$(listeners)
	"$ZPFCTL" -n "$R" monitor "$@" > "$file" 2>&1 &
	jobs+=($!)
	wait_for 60 listening "$before" || bail "monitor does not listen"
}

# got FILE N JQ: at least N lines for which JQ is true have come.
got() { [[ $(jq -c "select($3)" "$1" | wc -l) -ge $2 ]]; }
# count_of FILE JQ
count_of() { jq -c "select($2)" "$1" | wc -l; }

# ktap COMMAND...: the results of a program that writes KTAP, as ours.
ktap() {
	local line plan=''
	while IFS= read -r line; do
		case $line in
		ok\ *) line=${line#ok * }; result ok "$line" ;;
		not\ ok\ *) line=${line#not ok * }; result not-ok "${line%% # *}" "${line#* # }" ;;
		1..*) plan=$line ;;
		*) say "${line#'# '}" ;;
		esac
	done < <("$@" 2>&1)
	[[ $plan ]] || result not-ok "a program runs to its end" "$*"
}

# status FIELD: of the router.
status() { "$ZPFCTL" -n "$R" --json show status | jq -r ".$1"; }

# hits FROM TO FAMILY RULESET RULE [FIELD]: a number of show counters; family 4
# or 6.
hits() {
	"$ZPFCTL" -n "$R" --json show counters | jq -r --arg a "$1" --arg b "$2" \
		--arg f "ipv$3" --arg s "$4" --arg r "$5" --arg x "${6-packets}" \
		'.pairs[] | select(.from == $a and .to == $b and .family == $f) |
		 .rules[] | select(.ruleset == $s and .rule == $r) | .[$x]'
}
