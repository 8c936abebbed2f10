# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Bash completion for zpfctl: command words, options, files, namespaces, the
# words of the language, and, where a policy is running and may be read, the
# names of zones and rulesets. Words of commands and of the language are asked
# of zpfctl itself.

# _zpfctl_names KIND: names in the running policy, in the namespace asked for.
_zpfctl_names() {
	local i netns=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in -n|--netns) netns=(-n "${COMP_WORDS[i + 1]}") ;; esac
	done
	case $1 in
	zone) zpfctl "${netns[@]}" show config 2>/dev/null |
		awk '$3 == "zone" && !seen[$4]++ { print $4 } END { print "none" }' ;;
	*) zpfctl "${netns[@]}" show config 2>/dev/null |
		awk -v f="$1" '$3 == f && $4 == "name" && !seen[$5]++ { print $5 }' ;;
	esac
}

# _zpfctl_commands [WORD]: first words of commands, or those that follow WORD.
_zpfctl_commands() {
	zpfctl help 2>/dev/null | awk -v word="${1-}" '
		!/^  [a-z]/ { next }
		word == "" && !seen[$1]++ { print $1 }
		word != "" && $1 == word && $2 ~ /^[a-z][a-z-]*$/ { print $2 }'
}

# _zpfctl_words COMMAND: words of its usage that are no values.
_zpfctl_words() {
	zpfctl help "$@" 2>/dev/null | sed -n 's/^usage: zpfctl //p' | tr -s ' |[]' '\n' |
		grep -xE '[a-z]+' | grep -vx "$1" | sort -u
}

# _zpfctl_options COMMAND...: its options, as its usage names them.
_zpfctl_options() {
	zpfctl help "$@" 2>/dev/null | sed -n '/^usage/p' | grep -oE -- '--[a-z-]+' | sort -u
}

_zpfctl() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local words=() list='' i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-n|--netns|--watch|--since|--confirm) ((++i)) ;;
		-*) ;;
		*) words+=("${COMP_WORDS[i]}") ;;
		esac
	done
	case $prev in
	-n|--netns) mapfile -t COMPREPLY < <(compgen -W "$(ls /run/netns 2>/dev/null)" -- "$cur"); return ;;
	--watch|--since|--confirm) return ;;
	esac
	case "${words[*]}" in
	'') list=$(_zpfctl_commands) ;;
	load*|merge*|check*)
		if [[ $cur != -* ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
		fi
		list=$(_zpfctl_options "${words[0]}") ;;
	diagnose) list=vpn ;;
	'diagnose vpn') list='globalprotect ikev2 wireguard openvpn' ;;
	'diagnose vpn '*)
		case $prev in
		from|to) list=$(_zpfctl_names zone) ;;
		client|server|--config) ;;
		*) list='from to client server --config' ;;
		esac ;;
	test*)
		case $prev in
		from|to) list="$(_zpfctl_names zone) router" ;;
		in|out) list=$(ls /sys/class/net 2>/dev/null) ;;
		state) list='new established related invalid untracked' ;;
		proto) list='tcp udp icmp icmpv6 esp ah gre sctp' ;;
		--config)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return ;;
		src|dst|sport|dport|icmp|flags|ttl|spi) ;;
		*) list="$(_zpfctl_words test) --config" ;;
		esac ;;
	show|clear) list=$(_zpfctl_commands "${words[0]}") ;;
	'show counters'*)
		case $prev in
		from|to) list=$(_zpfctl_names zone) ;;
		*) list='from to --watch' ;;
		esac ;;
	'show drops'*)
		case $prev in
		from|to) list=$(_zpfctl_names zone) ;;
		*) list='from to --since --watch' ;;
		esac ;;
	'show log') list='firewall' ;;
	'show log firewall') list='ipv4 ipv6 --watch' ;;
	'show log firewall '*' name') list=$(_zpfctl_names "${words[3]}") ;;
	'show log firewall '*' name '*) list='rule --watch' ;;
	'show log firewall '*) list='name --watch' ;;
	monitor) list='drops commits interfaces' ;;
	'show unused') list='--since --watch' ;;
	'show config') list="$(_zpfctl_options show config) --watch" ;;
	'show firewall') list='ipv4 ipv6 detail --watch' ;;
	'show firewall '*' name') list=$(_zpfctl_names "${words[2]}") ;;
	'show firewall '*' name '*) list='rule detail --watch' ;;
	'show firewall '*) list='name forward input output detail --watch' ;;
	'show '*) list='--watch' ;;
	disarm) list='open closed' ;;
	'help config'*) list=$(zpfctl help config "${words[@]:2}" 2>/dev/null |
		awk 'NR > 1 && $1 !~ /^</ { print $1 }') ;;
	help) list="$(_zpfctl_commands) $(_zpfctl_commands help)" ;;
	esac
	[[ $cur != -* ]] || list+=' -n --json --no-color --help'
	mapfile -t COMPREPLY < <(compgen -W "$list" -- "$cur")
}

complete -o filenames -F _zpfctl zpfctl
