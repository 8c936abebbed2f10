#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Plays the demonstration inside the guest that scripts/demo.sh boots: a VPN
# that logs in and carries no data; the answers of the firewall that find and
# repair it without a line of log; the same by a change record, with logs, and
# its roll-back. Every step says what is expected and asserts exact numbers; the
# first that does not behave ends the play with status 1. SABOTAGE=STEP breaks
# a step on purpose; --selftest plays once as it should be and once for every
# sabotage, each of which must fail in its own step; behind the step "undo",
# which leaves everything as it was, those plays leave out the steps it ends.
set -u
demo_dir=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$demo_dir/../.." && pwd)
SABOTAGE=${SABOTAGE-}

# Name of each step, in order, and how SABOTAGE=name breaks it.
steps=(
	"network|the router translates no addresses"
	"load|home-router.set is not loaded"
	"login|the rule for HTTPS is missing"
	"tunnel|ESP is allowed from the start"
	"drops|the ledger is cleared before anybody looks"
	"asked|UDP 500 is allowed before it is asked about"
	"diagnose|another VPN is asked about"
	"suggested|the rule suggested for ESP is left out"
	"undo|the suggested rules stay"
	"mgmt|drops towards MGMT are not logged"
	"merge|the change is not applied"
	"repaired|the change opens UDP 4500 instead of 4501"
	"log|the change does not switch the log on"
	"rollback|the roll-back is not applied"
	"closed|the connections that are up are left alone"
)

if [[ ${1-} == --list ]]; then
	for s in "${steps[@]}"; do printf '%-10s %s\n' "${s%%|*}" "${s#*|}"; done
	exit 0
fi
[[ ${ZPF_VM-} ]] || { echo "play.sh: loads a kernel module: run scripts/demo.sh" >&2; exit 2; }
if [[ $SABOTAGE && " ${steps[*]%%|*} " != *" $SABOTAGE "* ]]; then
	echo "SABOTAGE=$SABOTAGE: no such step; one of: ${steps[*]%%|*}" >&2
	exit 2
fi

# shellcheck source=scripts/demo/net.sh
. "$demo_dir/net.sh"
configs=$top/selftests/configs
PATH=$(dirname "${ZPFCTL:?}"):$PATH
export LC_ALL=C
cd "$configs" || exit

yes=ok no=FAILED bold='' red='' green='' plain=''
[[ ${ZPF_DEMO_STYLE-} != *utf8* ]] || { yes=✓ no=✗; }
[[ ${ZPF_DEMO_STYLE-} != *colour* ]] ||
	{ bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'; }

tmp=$(mktemp -d)
# shellcheck disable=SC2317 # called by the trap
cleanup() { demo_net_down; rm -rf "$tmp"; }
trap cleanup EXIT

# ------------------------------------------------------------- a step's parts

declare -A seen=()
step_no=0 step_name='' bad=0 brief=''

# step NAME TITLE; the text on standard input says what is done and expected.
step() {
	step_name=$1
	((++step_no))
	printf '\n%s%2d. %s%s   [%s]\n' "$bold" "$step_no" "$2" "$plain" "$1"
	sed 's/^/    /'
}

# end: the step's verdict.
end() {
	((bad == 0)) && return
	printf '\n%sThe demonstration failed in step %d, %s.%s\n' "$red" "$step_no" "$step_name" "$plain"
	[[ $SABOTAGE ]] && echo "It was sabotaged: SABOTAGE=$SABOTAGE."
	exit 1
}

# same WHAT EXPECTED GOT
same() {
	if [[ $2 == "$3" ]]; then
		printf '    %s%s%s %s: %s\n' "$green" "$yes" "$plain" "$1" "$3"
	else
		printf '    %s%s%s %s: expected %s, got %s\n' "$red" "$no" "$plain" "$1" "$2" "${3:-nothing}"
		bad=1
	fi
}

# run PLACE COMMAND...: shows the command and what it prints; both also in
# $tmp/out. MAXLINES cuts what is shown; STATUS is the exit status expected.
run() {
	local place=$1 rc=0 lines
	shift
	printf '    %s%s# %s%s\n' "$bold" "$place" "$*" "$plain"
	at "$place" "$@" > "$tmp/out" 2>&1 || rc=$?
	lines=$(wc -l < "$tmp/out")
	head -n "${MAXLINES:-40}" "$tmp/out" | sed 's/^/      /'
	((lines <= ${MAXLINES:-40} || ${MAXLINES:-40} == 1)) || echo "      ... $((lines - ${MAXLINES:-40})) more lines"
	((rc == ${STATUS:-0})) || { echo "      (exit status $rc)"; bad=1; }
}

# first: the first line of the last command's output.
first() { head -n 1 "$tmp/out"; }

# traffic N-ESP N-4501 N-500 ANSWERED-ESP ANSWERED-4501 ANSWERED-500: the
# client's three VPN conversations.
traffic() {
	local name sent back
	local -A text=([esp]='ESP through the tunnel' [u4501]='UDP 4501' [u500]='UDP 500')
	local -A count=([esp]=$1 [u4501]=$2 [u500]=$3) want=([esp]=$4 [u4501]=$5 [u500]=$6)
	demo_client udp \
		"esp,172.31.0.2,4000,172.31.0.1,7,$1" \
		"u4501,10.50.40.100,4501,198.51.100.7,4501,$2" \
		"u500,10.50.40.100,500,198.51.100.7,500,$3" > "$tmp/traffic" 2>&1
	[[ $(wc -l < "$tmp/traffic") == 3 ]] || { cat "$tmp/traffic"; bad=1; }
	while read -r name sent back; do
		same "${text[$name]}, sent and answered" \
			"${count[$name]} and ${want[$name]}" "$sent and $back"
	done < "$tmp/traffic"
}

# counters FROM TO: shows them, rows that never saw a packet left out, and
# remembers them all for packets().
counters() {
	printf '    %srouter# zpfctl show counters from %s to %s%s\n' "$bold" "$1" "$2" "$plain"
	at router zpfctl show counters from "$1" to "$2" > "$tmp/counters-$1-$2" 2>&1 || bad=1
	awk 'NR == 1 || $5 == "default" || $7 != "0" { print "      " $0; next } { ++zero }
		END { if (zero) print "      ... and " zero " rules without a packet" }' \
		"$tmp/counters-$1-$2"
}

# packets FROM TO RULESET RULE: what the last counters() showed.
packets() {
	awk -v s="$3" -v r="$4" '$3 == "ipv4" && $4 == s && $5 == r { print $7 }' "$tmp/counters-$1-$2"
}

# ledger PROTO PORT: packets and who dropped them, in the show drops just shown.
ledger() { awk -v p="$1" -v d="$2" '$1 == p && $2 == d { print $3 " by " $6 " " $7 }' "$tmp/out"; }

# leg NAME: out, back and seen, in the diagnosis just shown.
leg() { awk -F '  +' -v leg="$1" '$1 == leg { print $3 ", " $4 ", " $5 }' "$tmp/out"; }

# answers RULE-4501 RULE-ESP RULE-500: asks of one packet of each kind the VPN
# sends; the rule that must accept it, or "default", which drops. HTTPS passes.
answers() {
	answer 20 tcp dport 443
	answer "$1" udp dport 4501
	answer "$2" esp
	answer "$3" udp dport 500
}
answer() {
	local rule=$1 verdict=accept
	shift
	[[ $rule != default ]] || verdict=drop
	STATUS=$([[ $verdict == accept ]] || echo 3) MAXLINES=${MAXLINES:-1} run router zpfctl test \
		from IOT to WAN src 10.50.40.100 dst 198.51.100.7 proto "$@"
	same "its answer" "$verdict: from IOT to WAN, ipv4, by IOT_WAN $rule" "$(first)"
}

# end_connections: the router forgets those of the client.
end_connections() {
	printf '    %srouter# conntrack -D -s 10.50.40.100%s\n' "$bold" "$plain"
	at router conntrack -D -s 10.50.40.100 2>&1 > /dev/null | tail -n 1 | sed 's/^/      /'
}

# log_lines PREFIX: of this play, from the kernel's log.
log_lines() {
	dmesg | awk -v mark="zpf-demo: play $play" -v p="[$1]" \
		'index($0, mark) { on = 1; n = 0 } on && index($0, p) { l[n++] = $0 }
		END { for (i = 0; i < n; i++) print l[i] }'
}

# log_count PREFIX [SINCE]: how many, without the first SINCE.
log_count() { echo $(($(log_lines "$1" | wc -l) - ${2:-0})); }

show_log() {
	printf '    %srouter# dmesg | grep -F '"'[%s]'"'%s\n' "$bold" "$1" "$plain"
	log_lines "$1" | tail -n "$2" | sed -E 's/^\[ *[0-9.]+\] /      /
		s/ ((MAC|TOS|PREC|TTL|ID|WINDOW|RES|URGP|SEQ|ACK)=[^ ]*|OPT [^ ]*)//g; s/ +$//'
}

# extra LINE...: applied to the running configuration behind the play's back.
extra() { printf '%s\n' "$@" | at router zpfctl merge - > /dev/null 2>&1; }

# ------------------------------------------------------------------ the play

iot_wan=ipv4-NAM-IOT_WAN-default-D
iot_mgmt=ipv4-NAM-IOT_MGMT-default-D

# The steps that find and repair it by asking the firewall. What they change is
# kept in play's gen, est and replies.
play_answers() {
	step drops 'What was dropped' <<-TEXT
	No log is switched on for it and none is needed: the drop ledger is always on. Expected: a
	row for each port or protocol, with all 9 packets; the samples name client, server and SPI.
	TEXT
	[[ $SABOTAGE != drops ]] || at router zpfctl clear drops > /dev/null
	run router zpfctl show drops from IOT to WAN
	same "UDP 4501, dropped" "4 by IOT_WAN default" "$(ledger udp 4501)"
	same "ESP, dropped" "3 by IOT_WAN default" "$(ledger esp -)"
	same "UDP 500, dropped" "2 by IOT_WAN default" "$(ledger udp 500)"
	same "the SPI of the client's tunnel, among the samples" 1 "$(grep -c 'spi 0xc1a40b7e' "$tmp/out")"
	same "log lines about it" 0 "$(log_count $iot_wan)"
	end

	step asked 'Ask the firewall, before anything is changed' <<-TEXT
	zpfctl test has the running policy judge an imagined packet and tells why each rule did not
	match (shown for one of them). Expected: TCP 443 is accepted by rule 20, the others are dropped
	by default, and nothing of it is counted.
	TEXT
	[[ $SABOTAGE != asked ]] || extra 'set firewall ipv4 name IOT_WAN rule 15 action accept' \
		'set firewall ipv4 name IOT_WAN rule 15 protocol udp' \
		'set firewall ipv4 name IOT_WAN rule 15 destination port 500'
	answer 20 tcp dport 443
	MAXLINES=40 answer default udp dport 4501
	same "rules that did not match" 7 "$(grep -c '^IOT_WAN .* no ' "$tmp/out")"
	answer default esp
	answer default udp dport 500
	counters IOT WAN
	same "IOT_WAN default dropped, as before" 9 "$(packets IOT WAN IOT_WAN default)"
	end

	step diagnose 'What this VPN lacks' <<-TEXT
	zpfctl diagnose knows what GlobalProtect needs, asks about each leg in both directions, and
	adds what the ledger and the counters saw. Expected: it names the symptom and the three legs
	that are missing, and prints rules for them.
	TEXT
	if [[ $SABOTAGE == diagnose ]]; then
		run router zpfctl diagnose vpn wireguard from IOT to WAN
	else
		run router zpfctl diagnose vpn globalprotect from IOT to WAN
	fi
	same "the login, out, back and seen" "accept, accept (established), accepted 1" "$(leg 'tcp 443')"
	same "UDP 4501" "drop, accept (established), dropped 4" "$(leg 'udp 4501')"
	same "ESP" "drop, accept (established), dropped 3" "$(leg esp)"
	same "UDP 500" "drop, accept (established), dropped 2" "$(leg 'udp 500')"
	same "the symptom" "the tunnel comes up and carries no data" \
		"$(grep -o 'the tunnel comes .*' "$tmp/out")"
	grep -o 'set firewall .*' "$tmp/out" > /run/suggested.set
	same "lines it suggests" 8 "$(grep -c . /run/suggested.set)"
	end

	step suggested 'Do what it says, and the same traffic again' <<-TEXT
	Its eight lines, in a file, merged. Expected: generation $((gen + 1)), three rules more; zpfctl test
	says that all pass, every message is answered, and diagnose misses nothing any more.
	TEXT
	[[ $SABOTAGE != suggested ]] || sed -i '/ rule 80 /d' /run/suggested.set
	MAXLINES=1 run router zpfctl merge /run/suggested.set
	same "the report begins" "generation $((++gen)): 9 zones, 54 pairs, 18 rulesets, 42 rules, 10 groups" \
		"$(first | grep -o '^.* groups')"
	answers 75 80 85
	traffic 3 4 2 3 4 2
	counters IOT WAN
	same "IOT_WAN rule 75 (UDP 4501) accepted" 1 "$(packets IOT WAN IOT_WAN 75)"
	same "IOT_WAN rule 80 (ESP) accepted" 1 "$(packets IOT WAN IOT_WAN 80)"
	same "IOT_WAN rule 85 (UDP 500) accepted" 1 "$(packets IOT WAN IOT_WAN 85)"
	same "IOT_WAN rule 10 (established) accepted" $((t - 1 + (est += 6))) "$(packets IOT WAN IOT_WAN 10)"
	same "IOT_WAN default dropped, as before" 9 "$(packets IOT WAN IOT_WAN default)"
	((replies += 9))
	MAXLINES=7 run router zpfctl diagnose vpn globalprotect from IOT to WAN
	same "its finding" "every leg it needs passes" "$(sed -n 7p "$tmp/out")"
	same "log lines, all this time" 0 "$(log_count $iot_wan)"
	end

	step undo 'Undo that' <<-TEXT
	This site has a change record of its own for it, which comes next, so first everything as it
	was: home-router.set again, and the client's connections ended. Expected: generation $((gen + 1)), 39
	rules, and zpfctl test says what it said at first.
	TEXT
	if [[ $SABOTAGE == undo ]]; then
		: > "$tmp/out"
	else
		MAXLINES=1 run router zpfctl load home-router.set
	fi
	same "the report begins" "generation $((++gen)): 9 zones, 54 pairs, 18 rulesets, 39 rules, 10 groups" \
		"$(first | grep -o '^.* groups')"
	end_connections
	answers default default default
	end
}

# gen: generation; est, replies: packets of established connections that the
# client's VPN sent and got, after the login's t and back.
play() {
	local login t back a gen=1 est=0 replies=0

	cat <<-TEXT
	zpf demonstration: a VPN that logs in and carries no data

	  client ------ VLAN 40 ------[ switch ]====== trunk ======[ router ]------ server
	  10.50.40.100                               eth1, eth1.10    eth0    198.51.100.7
	  zone IOT                                   ... eth1.60   zone WAN

	A VPN client of the IOT network logs in over TCP 443. Its data then goes as ESP (IP
	protocol 50) or as ESP in UDP 4501, and the keys over UDP 500. All packets below are real:
	each box is a network namespace, the tunnel is the kernel's own IPsec. The kernel is
	$(uname -r), the module $(modinfo -F version "$ZPF_KO" 2>/dev/null || echo unknown).
	TEXT

	step network 'The network, without a firewall' <<-TEXT
	Four namespaces, a VLAN-aware switch, IPsec between client and server, source NAT by an
	nftables masquerade. zpf is not loaded. Everything must get through, or the rest proves nothing.
	TEXT
	if ! demo_net_up; then
		same "the network" up down
		end
	fi
	login=$(demo_client login 198.51.100.7)
	same "TCP 443, the server says" "welcome, client" "$login"
	traffic 3 4 2 3 4 2
	end

	step load 'Load the router'"'"'s configuration' <<-TEXT
	home-router.set is a dump of a VyOS router: WAN, six VLANs, their rules. Expected: it loads
	whole, and zpfctl warns that IOT_WAN drops in silence. The connections of step 1 are forgotten.
	TEXT
	if [[ ! -e /sys/module/zpf ]]; then
		run router insmod "$ZPF_KO"
		end
	fi
	run router conntrack -F
	if [[ $SABOTAGE == load ]]; then
		: > "$tmp/out"
	else
		MAXLINES=12 run router zpfctl load home-router.set
	fi
	same "the report begins" "generation 1: 9 zones, 54 pairs, 18 rulesets, 39 rules, 10 groups" \
		"$(first | grep -o '^.* groups')"
	same "a warning names the silent default of IOT_WAN" 1 \
		"$(grep -c 'warning.*IOT_WAN.*default-log' "$tmp/out")"
	end
	demo_witnessed client; t=${seen[tcp-out]}
	back=${seen[tcp-in]}

	step login 'The client logs in' <<-TEXT
	A complete TCP conversation on port 443. Expected: rule 20 accepts the first packet, rule 10
	(established) all others, WAN_IN rule 10 the answers; a packet counter of nftables on the
	client's own interface says how many there were.
	TEXT
	[[ $SABOTAGE != login ]] || extra 'delete firewall ipv4 name IOT_WAN rule 20'
	login=$(demo_client login 198.51.100.7)
	same "the server says" "welcome, client" "$login"
	demo_witnessed client; t=$((seen[tcp-out] - t))
	back=$((seen[tcp-in] - back))
	echo "    the client sent $t packets and received $back"
	counters IOT WAN
	same "IOT_WAN rule 20 (HTTP/HTTPS) accepted" 1 "$(packets IOT WAN IOT_WAN 20)"
	same "IOT_WAN rule 10 (established) accepted" $((t - 1)) "$(packets IOT WAN IOT_WAN 10)"
	same "IOT_WAN default dropped" 0 "$(packets IOT WAN IOT_WAN default)"
	counters WAN IOT
	same "WAN_IN rule 10 (established) accepted" "$back" "$(packets WAN IOT WAN_IN 10)"
	end

	step tunnel 'The data dies, and the kernel log says nothing' <<-TEXT
	Three messages through the tunnel, four datagrams to UDP 4501, two to UDP 500. Expected:
	nothing arrives; the default of IOT_WAN counts all 9; not one line in the log.
	TEXT
	[[ $SABOTAGE != tunnel ]] || extra 'set firewall ipv4 name IOT_WAN rule 15 action accept' \
		'set firewall ipv4 name IOT_WAN rule 15 protocol esp'
	demo_witnessed server; a=$((seen[esp-in] + seen[udp-in]))
	traffic 3 4 2 0 0 0
	demo_witnessed server; a=$((seen[esp-in] + seen[udp-in] - a))
	same "packets that arrived at the server" 0 "$a"
	counters IOT WAN
	same "IOT_WAN default dropped" 9 "$(packets IOT WAN IOT_WAN default)"
	same "log lines about it" 0 "$(log_count $iot_wan)"
	end

	[[ $brief ]] || play_answers

	step mgmt 'A drop that is wanted, and logged' <<-TEXT
	The client knocks at a host of MGMT, 10.50.1.200 port 443. Expected: IOT_MGMT drops it and,
	having default-log, says so.
	TEXT
	[[ $SABOTAGE != mgmt ]] || extra 'delete firewall ipv4 name IOT_MGMT default-log'
	demo_client knock 10.50.1.200 443
	counters IOT MGMT
	same "IOT_MGMT default dropped" 1 "$(packets IOT MGMT IOT_MGMT default)"
	show_log $iot_mgmt 1
	same "log lines about it" 1 "$(log_count $iot_mgmt)"
	end

	step merge 'Apply the change record' <<-TEXT
	iot-vpn-change.set: four rules for IOT_WAN (75, 80, 85, 90) and default-log. Expected: one
	step from generation $gen to $((gen + 1)), four rules more, and no counter lost.
	TEXT
	cat iot-vpn-change.set > "$tmp/change.set"
	case $SABOTAGE in
	repaired) sed -i 's/4501/4500/' "$tmp/change.set" ;;
	log) sed -i '/default-log/d' "$tmp/change.set" ;;
	esac
	grep '^set ' "$tmp/change.set" | grep -v description | sed 's/^/      /'
	if [[ $SABOTAGE == merge ]]; then
		: > "$tmp/out"
	elif cmp -s iot-vpn-change.set "$tmp/change.set"; then
		MAXLINES=3 run router zpfctl merge iot-vpn-change.set
	else
		MAXLINES=3 run router zpfctl merge "$tmp/change.set"
	fi
	same "the report begins" "generation $((++gen)): 9 zones, 54 pairs, 18 rulesets, 43 rules, 10 groups" \
		"$(first | grep -o '^.* groups')"
	counters IOT WAN
	same "IOT_WAN rule 20 still counts" 1 "$(packets IOT WAN IOT_WAN 20)"
	same "IOT_WAN default still counts" 9 "$(packets IOT WAN IOT_WAN default)"
	end

	step repaired 'The same traffic again' <<-TEXT
	Expected: every message is answered. Rules 80, 85 and 90 accept the first packet of each
	connection, rule 10 the 2 + 3 + 1 that follow, WAN_IN rule 10 the 9 answers,
	both on top of $est and $replies of earlier steps.
	TEXT
	traffic 3 4 2 3 4 2
	counters IOT WAN
	same "IOT_WAN rule 80 (ESP) accepted" 1 "$(packets IOT WAN IOT_WAN 80)"
	same "IOT_WAN rule 85 (UDP 4501) accepted" 1 "$(packets IOT WAN IOT_WAN 85)"
	same "IOT_WAN rule 90 (UDP 500) accepted" 1 "$(packets IOT WAN IOT_WAN 90)"
	same "IOT_WAN rule 10 (established) accepted" $((t - 1 + (est += 6))) "$(packets IOT WAN IOT_WAN 10)"
	same "IOT_WAN default dropped, as before" 9 "$(packets IOT WAN IOT_WAN default)"
	counters WAN IOT
	same "WAN_IN rule 10 (established) accepted" $((back + (replies += 9))) "$(packets WAN IOT WAN_IN 10)"
	end

	step log 'What is still closed is no longer silent' <<-TEXT
	Two datagrams to UDP 3478, which no rule allows. Expected: dropped, and two lines in the log.
	TEXT
	demo_client udp stun,10.50.40.100,3478,198.51.100.7,3478,2 > "$tmp/traffic"
	same "UDP 3478, sent and answered" "2 and 0" "$(awk '{ print $2 " and " $3 }' "$tmp/traffic")"
	counters IOT WAN
	same "IOT_WAN default dropped" 11 "$(packets IOT WAN IOT_WAN default)"
	show_log $iot_wan 2
	same "log lines about it" 2 "$(log_count $iot_wan)"
	end

	step rollback 'Roll back' <<-TEXT
	iot-vpn-rollback.set deletes the four rules and keeps default-log. Expected: generation $((gen + 1)), 39
	rules. Connections that are up stay up: rule 10 accepts what is established, and what is
	established is the connection table's affair, here as with every stateful filter.
	TEXT
	if [[ $SABOTAGE == rollback ]]; then
		: > "$tmp/out"
	else
		MAXLINES=3 run router zpfctl merge iot-vpn-rollback.set
	fi
	same "the report begins" "generation $((++gen)): 9 zones, 54 pairs, 18 rulesets, 39 rules, 10 groups" \
		"$(first | grep -o '^.* groups')"
	traffic 1 1 1 1 1 1
	counters IOT WAN
	same "IOT_WAN rule 10 (established) accepted" $((t - 1 + (est += 3))) "$(packets IOT WAN IOT_WAN 10)"
	same "rules 75 to 90 that are left" 0 "$(awk '$5 ~ /^(75|80|85|90)$/' "$tmp/counters-IOT-WAN" | wc -l)"
	end

	step closed 'New connections are dropped again, and now one can see it' <<-TEXT
	The client's connections are ended on the router, then the same traffic once more. Expected:
	nothing is answered, 9 more drops, 9 more lines in the log.
	TEXT
	[[ $SABOTAGE == closed ]] || end_connections
	traffic 3 4 2 0 0 0
	counters IOT WAN
	same "IOT_WAN default dropped" 20 "$(packets IOT WAN IOT_WAN default)"
	show_log $iot_wan 9
	same "log lines about it" 9 "$(log_count $iot_wan 2)"
	end

	printf '\n%sAll %d steps behaved.%s\n' "$green" "$step_no" "$plain"
}

# ------------------------------------------------------------------ what for

for m in $(modinfo -F depends "$ZPF_KO" | tr ',' ' ') nf_log_syslog nf_conntrack_netlink; do
	modprobe -q "$m" || true
done
sysctl -qw net.netfilter.nf_log_all_netns=1

if [[ ${1-} != --selftest ]]; then
	play=1
	echo "<5>zpf-demo: play 1" > /dev/kmsg
	play
	exit 0
fi

# one_play STEP: plays in a subshell; prints the name of the step that failed.
one_play() {
	SABOTAGE=$1
	((++play))
	echo "<5>zpf-demo: play $play" > /dev/kmsg
	(trap demo_net_down EXIT; play) > "$tmp/play" 2>&1 && { echo none; return; }
	sed -n 's/^.*failed in step [0-9]*, \([a-z]*\)\..*/\1/p' "$tmp/play" | grep . || echo unknown
}

echo "TAP version 13"
echo "1..$((${#steps[@]} + 1))"
play=0 passed=0 failed=0 n=0
for s in '|nothing is sabotaged' "${steps[@]}"; do
	expected=${s%%|*}
	((++n))
	got=$(one_play "$expected")
	[[ $expected != undo ]] || brief=1
	play=$n
	if [[ $got == "${expected:-none}" ]]; then
		((++passed))
		echo "ok $n demonstration${expected:+ fails in step $expected}: ${s#*|}"
	else
		((++failed))
		echo "not ok $n demonstration${expected:+ fails in step $expected}: ${s#*|}"
		echo "# it failed in step $got; its last lines:"
		tail -n 25 "$tmp/play" | sed 's/^/#   /'
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
((failed == 0))
