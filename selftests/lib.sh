# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the packet tests share: a router with hosts around it in network
# namespaces, configurations written once for both families, probes with their
# fates, exact counters, KTAP. Sourced first by every script in packet/; the
# module must be loaded (run.sh does that). It touches nothing outside the
# namespaces it makes.
#
#	   T-a                   T-sw                  T-r
#	[ eth0 ]---- vlan 10 --+
#	   T-b                 [ trunk ]====veth====[ eth1, eth1.10, eth1.40 ]
#	[ eth0 ]---- vlan 40 --+
#	   T-w
#	[ eth0 ]===================veth=======[ eth0 ]
#
# A host with number N (add_host NAME N: also its VLAN) is 10.0.N.2, fd00:N::2;
# the router is .1, ::1 there. 10.N.0.0/16 and fd01:N::/64 are routed to the
# host. Neighbours are permanent and hosts forward nothing and answer nothing
# for those addresses, so that no packet but the tests' own is on the wire.

set -u
zpf_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ZPFCTL=${ZPFCTL:-$zpf_top/build/ctl/zpfctl}
ZSEND=${ZSEND:-$zpf_top/selftests/tools/zsend}
# Namespaces of this script only: several run at once.
T=${T:-z$$}
R=$T-r
R_MAC=02:00:00:00:00:01
H_MAC=02:00:00:00:00:02

declare -A net_of=()
zsend_hosts=()
tap_n=0 tap_failed=0 tap_skipped=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/zpf-test.XXXXXX")

# ---------------------------------------------------------------- results

say() { printf '# %s\n' "$*"; }

# result ok|not-ok NAME [WHY]: one test case. "not-ok": failed.
result() {
	((++tap_n))
	if [[ $1 == ok ]]; then
		printf 'ok %d %s\n' "$tap_n" "$2"
	else
		printf 'not ok %d %s\n' "$tap_n" "$2"
		[[ -z ${3-} ]] || say "$3"
		((++tap_failed))
	fi
}

# skip NAME WHY: the kernel lacks what the case needs.
skip() {
	((++tap_n, ++tap_skipped))
	printf 'ok %d %s # SKIP %s\n' "$tap_n" "$1" "$2"
}

# check NAME COMMAND...: passes where the command succeeds.
check() {
	local name=$1 out
	shift
	if out=$("$@" 2>&1); then
		result ok "$name"
	else
		result not-ok "$name" "$* failed: ${out:0:500}"
	fi
}

# equal NAME EXPECTED GOT
equal() {
	if [[ $2 == "$3" ]]; then
		result ok "$1"
	else
		result not-ok "$1" "expected '$2', got '$3'"
	fi
}

# bail WHY: the test cannot go on; counts as one failed case.
bail() {
	result not-ok "the test goes on" "$*"
	exit 1
}

# Also run where a script ends early.
# shellcheck disable=SC2317 # called by the trap
finish() {
	local rc=$? ns
	trap - EXIT
	cleanup
	for ns in /run/netns/"$T"-*; do
		[[ ! -e $ns ]] || ip netns del "${ns##*/}"
	done
	rm -rf "$tmp"
	if ((rc != 0 && tap_failed == 0)); then
		result not-ok "the script runs to its end" "it ended with status $rc"
	fi
	echo "1..$tap_n"
	((tap_failed == 0)) || exit 1
	((tap_n != tap_skipped)) || exit 4
	exit 0
}
# A script that started something else than namespaces overrides this.
# shellcheck disable=SC2317 # called by finish
cleanup() { :; }
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo "TAP version 13"

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
	local end=$((SECONDS + $1)) pipe
	shift
	exec {pipe}<> <(:)
	until "$@"; do
		((SECONDS < end)) || { exec {pipe}>&-; return 1; }
		read -r -t 0.02 -u "$pipe" || true
	done
	exec {pipe}>&-
}

# --------------------------------------------------------------- topology

# nsx NAME COMMAND...: in the namespace of a host, or of r.
nsx() { local ns=$T-$1; shift; ip netns exec "$ns" "$@"; }

# ipb NAME: ip(8) commands from standard input, in that namespace.
ipb() { ip -n "$T-$1" -batch - || bail "ip -batch in $1 failed"; }

# Namespaces inherit what the first one has, once it is told to: every host is
# spared a process for its own settings.
quiet_defaults() {
	sysctl -qw net.core.devconf_inherit_init_net=1 \
		net.ipv6.conf.default.addr_gen_mode=1 \
		net.ipv6.conf.default.accept_ra=0 net.ipv6.conf.default.accept_dad=0 \
		net.ipv6.conf.default.router_solicitations=0 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
		net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
}

# setup_router: namespaces r and sw and the trunk between them.
setup_router() {
	quiet_defaults
	ip netns add "$R"
	ip netns add "$T-sw"
	nsx r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.icmp_echo_ignore_broadcasts=0 net.ipv6.auto_flowlabels=0 \
		net.ipv4.icmp_ratemask=0 net.ipv6.icmp.ratelimit=0
	ipb r <<-EOF
	link set lo up
	link add eth1 address $R_MAC type veth peer name trunk address $H_MAC netns $T-sw
	link set eth1 up
	EOF
	ip -n "$T-sw" link set trunk up
	zsend_hosts+=("router r $R")
}

# host_plumb NAME N IFNAME [COMMAND]: addresses and routes, once the devices are
# there; the router's needs that ip(8) command first.
host_plumb() {
	local name=$1 n=$2 dev=$3 add=${4-}
	net_of[$name]=$n
	ipb "$name" <<-EOF
	link set lo up
	link set eth0 up
	addr add 10.0.$n.2/24 dev eth0
	addr add fd00:$n::2/64 dev eth0 nodad
	route add default via 10.0.$n.1
	route add default via fd00:$n::1
	neigh replace 10.0.$n.1 lladdr $R_MAC dev eth0
	neigh replace fd00:$n::1 lladdr $R_MAC dev eth0
	EOF
	ipb r <<-EOF
	$add
	link set $dev up
	addr add 10.0.$n.1/24 dev $dev
	addr add fd00:$n::1/64 dev $dev nodad
	neigh replace 10.0.$n.2 lladdr $H_MAC dev $dev
	neigh replace fd00:$n::2 lladdr $H_MAC dev $dev
	route add 10.$n.0.0/16 via 10.0.$n.2 dev $dev
	route add fd01:$n::/64 via fd00:$n::2 dev $dev
	EOF
	zsend_hosts+=("host $name $T-$name eth0 $n")
}

# add_host NAME N: a host in VLAN N of the trunk; the router's eth1.N.
add_host() {
	local name=$1 n=$2
	ip netns add "$T-$name"
	ip -n "$T-sw" link add link trunk name eth0 netns "$T-$name" type vlan id "$n"
	host_plumb "$name" "$n" "eth1.$n" "link add link eth1 name eth1.$n type vlan id $n"
}

# add_link NAME N IFNAME: a host on a device of its own of the router.
add_link() {
	local name=$1 n=$2 dev=$3
	ip netns add "$T-$name"
	ip -n "$R" link add "$dev" address $R_MAC type veth peer name eth0 \
		address $H_MAC netns "$T-$name"
	host_plumb "$name" "$n" "$dev"
}

# ----------------------------------------------------------- configuration

# cfg: standard input to a configuration in set form. A line is put behind
# "set firewall " unless it says set or delete. A line with an @ is written for
# both families: @ip: ipv4, ipv6; @name: name, ipv6-name; @v: 4, 6; @6: "",
# "ipv6-"; @icmp: icmp, icmpv6; @proto: icmp, ipv6-icmp; @{b.7}: address 7
# behind host b; @{b.8/29}: prefix, as long as in IPv4; @{b}: the host itself.
cfg() {
	local line family out addr
	while IFS= read -r line; do
		line=${line#"${line%%[![:blank:]]*}"}
		case $line in
		''|'#'*) continue ;;
		set\ *|delete\ *) ;;
		*) line="set firewall $line" ;;
		esac
		case $line in
		*@*)
			for family in 4 6; do
				cfg_family "$family" "$line"
				echo "$out"
			done ;;
		*) echo "$line" ;;
		esac
	done
}

# cfg_family 4|6 LINE: sets out. No forks here: a guest takes its time for them.
cfg_family() {
	local family=$1 match
	out=$2
	while [[ $out =~ @\{([a-z0-9]+)(\.([0-9]+))?(/([0-9]+))?\} ]]; do
		match=${BASH_REMATCH[0]}
		address_set "$family" "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]}" "${BASH_REMATCH[5]}"
		out=${out/"$match"/$addr}
	done
	if [[ $family == 4 ]]; then
		out=${out//@ip/ipv4} out=${out//@name/name} out=${out//@v/4}
		out=${out//@proto/icmp} out=${out//@icmp/icmp} out=${out//@6/}
	else
		out=${out//@ip/ipv6} out=${out//@name/ipv6-name} out=${out//@v/6}
		out=${out//@proto/ipv6-icmp} out=${out//@icmp/icmpv6} out=${out//@6/ipv6-}
	fi
}

# address_set 4|6 HOST [NUM [LEN]]: sets addr to what probes call by host and
# number.
address_set() {
	local n=${net_of[$2]} num=${3-} len=${4-}
	if [[ $1 == 4 ]]; then
		if [[ $num ]]; then
			printf -v addr '10.%d.%d.%d' "$n" $((num >> 8)) $((num & 255))
		else
			addr=10.0.$n.2
		fi
		addr+=${len:+/$len}
	else
		if [[ $num ]]; then printf -v addr 'fd01:%d::%x' "$n" "$num"; else addr=fd00:$n::2; fi
		addr+=${len:+/$((len + 96))}
	fi
}
address() { address_set "$@"; echo "$addr"; }

# load [zpfctl option...]: loads the configuration on standard input (see cfg)
# into the router; its counters start from zero.
# shellcheck disable=SC2120 # options are rare
load() {
	cfg > "$tmp/config"
	if ! "$ZPFCTL" -n "$R" load "$@" "$tmp/config" > "$tmp/load" 2>&1; then
		say "the configuration:"
		sed 's/^/# /' "$tmp/config"
		bail "load failed: $(< "$tmp/load")"
	fi
	clear_counters
}

clear_counters() {
	"$ZPFCTL" -n "$R" clear counters > "$tmp/clear" 2>&1 ||
		bail "clear counters failed: $(< "$tmp/clear")"
}

# flush: the router forgets its connections.
flush() { nsx r conntrack -F > /dev/null 2>&1; }

# ------------------------------------------------------------------ probes

# probes: packets and their fates from standard input; see tools/zsend.c.
probes() {
	local line rc=0
	{ printf '%s\n' "${zsend_hosts[@]}"; cat; } > "$tmp/probes"
	"$ZSEND" < "$tmp/probes" > "$tmp/fates" 2> "$tmp/zsend" || rc=$?
	while IFS= read -r line; do
		case $line in
		ok\ *) result ok "${line#ok }" ;;
		*) line=${line#not ok }
			result not-ok "${line%% # *}" "${line#* # }" ;;
		esac
	done < "$tmp/fates"
	((rc == 0)) || bail "$(< "$tmp/zsend")"
}

# ---------------------------------------------------------------- counters

# counters: every counter that is not zero, one a line, sorted:
#	FROM TO FAMILY RULESET RULE PACKETS	("-" without a ruleset)
#	chain HOOK FAMILY RULESET RULE PACKETS	(blanks in names as "-")
#	state NAME PACKETS
counters() {
	"$ZPFCTL" -n "$R" --json show counters > "$tmp/counters.json" 2> "$tmp/counters.err" ||
		{ cat "$tmp/counters.err"; return 1; }
	jq -r '
		def name: . // "-" | gsub(" "; "-");
		(.pairs[]? | . as $p | .rules[] | select(.packets > 0) |
			[$p.from, $p.to, $p.family, (.ruleset | name), .rule, .packets]),
		(.chains[]? | . as $p | .rules[] | select(.packets > 0) |
			["chain", $p.chain, $p.family, (.ruleset | name), .rule, .packets]),
		(.state_policy[]? | select(.packets > 0) |
			["state", .state, .packets])
		| map(tostring) | join(" ")' "$tmp/counters.json" | sort
}

# expect_counters [-x PREFIX] NAME: the lines of counters(), and no others, from
# standard input; a family @ stands for both. Lines that begin with PREFIX are
# not looked at: what they count is not the test's. Counters start from zero again.
expect_counters() {
	local line want got except=''
	[[ $1 != -x ]] || { except=$2; shift 2; }
	while read -r line; do
		case $line in
		''|'#'*) ;;
		*' @ '*) echo "${line/ @ / ipv4 }"; echo "${line/ @ / ipv6 }" ;;
		*) echo "$line" ;;
		esac
	done > "$tmp/want"
	want=$(sort "$tmp/want")
	got=$(counters)
	[[ ! $except ]] || got=$(grep -v "^$except" <<< "$got")
	if [[ $want == "$got" ]]; then
		result ok "$1"
	else
		result not-ok "$1" "counters that differ, < expected, > got:"
		diff <(echo "$want") <(echo "$got") | grep '^[<>]' | sed 's/^/#   /'
	fi
	clear_counters
}

# ------------------------------------------------------------ match tables

# match_table CONFIG: judges rule after rule by packets that match and packets
# that just miss. CONFIG has the zones A (hosts a...) and B (b...), groups, and
# no ruleset named MAIN. Standard input, for each rule under test:
#
#	match FAMILY OPTION[; OPTION...]	its options; family 4, 6 or @
#	+ WORD... [: NAME]			a probe that matches
#	- WORD... [: NAME]			a probe that does not
#
# The rule stands in a ruleset of its own (Mi: rule 10 accepts, the default
# drops), which MAIN jumps to by destination address 1000 + i, or by that source
# address where the line says smatch. A first word FROM>TO names other hosts than a, b.
# Afterwards every counter must have counted exactly that.
match_table() {
	local config=$1 word rest family='' i=0 fam key name ends from to sel=d
	local -A hits=()
	: > "$tmp/mt-probes"
	{
		echo "$config"
		echo "zone B from A firewall @name MAIN"
		echo "@ip name MAIN default-action drop"
	} > "$tmp/mt-config"
	while read -r word rest; do
		case $word in
		''|'#'*) continue ;;
		match|smatch)
			((++i))
			sel=d
			[[ $word == match ]] || sel=s
			family=${rest%% *}
			match_rule "$i" "$family" "$sel" "${rest#* }" >> "$tmp/mt-config"
			continue ;;
		+) key=10 fate=pass ;;
		-) key=default fate=drop ;;
		*) bail "match table: $word" ;;
		esac
		from=a to=b
		ends=${rest%% *}
		[[ $ends != *'>'* ]] || { from=${ends%'>'*} to=${ends#*'>'} rest=${rest#* }; }
		name=${rest#* : }
		[[ $rest == *' : '* ]] || name=''
		rest=${rest%% : *}
		echo "$fate $from $to $family $sel $((1000 + i)) $rest${name:+ : $name}" >> "$tmp/mt-probes"
		for fam in ipv4 ipv6; do
			[[ $family == @ || $family == "${fam#ipv}" ]] || continue
			hits[$fam M$i $key]=$((${hits[$fam M$i $key]-0} + 1))
			hits[$fam MAIN $i]=$((${hits[$fam MAIN $i]-0} + 1))
		done
	done
	load < "$tmp/mt-config"
	probes < "$tmp/mt-probes"
	for key in "${!hits[@]}"; do
		echo "A B $key ${hits[$key]}"
	done > "$tmp/mt-counters"
	expect_counters "every packet counted by the rule it matched, $i rules" < "$tmp/mt-counters"
}

match_rule() {
	local i=$1 family=$2 side=destination host=b ip=@ip option options
	[[ $3 == d ]] || { side=source; host=a; }
	IFS=';' read -r -a options <<< "$4"
	{
		echo "$ip name MAIN rule $i action jump"
		echo "$ip name MAIN rule $i jump-target M$i"
		echo "$ip name MAIN rule $i $side address @{$host.$((1000 + i))}"
		echo "$ip name M$i default-action drop"
		echo "$ip name M$i rule 10 action accept"
		for option in "${options[@]}"; do
			echo "$ip name M$i rule 10 ${option# }"
		done
	} | if [[ $family == @ ]]; then cat; else
		while IFS= read -r line; do
			cfg_family "$family" "$line"
			echo "$out"
		done
	fi
}
