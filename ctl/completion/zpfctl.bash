# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Bash completion for zpfctl: command words, options, files, namespaces, and,
# where a policy is running and may be read, the names of zones and rulesets.

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

_zpfctl() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local words=() list='' i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-n|--netns|--watch) ((++i)) ;;
		-*) ;;
		*) words+=("${COMP_WORDS[i]}") ;;
		esac
	done
	case $prev in
	-n|--netns) mapfile -t COMPREPLY < <(compgen -W "$(ls /run/netns 2>/dev/null)" -- "$cur"); return ;;
	--watch) return ;;
	esac
	case "${words[*]}" in
	'') list='load merge check show clear disarm version help' ;;
	load*|merge*|check*)
		if [[ $cur != -* ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
		fi
		list='--skip-unenforced --force' ;;
	show) list='zones matrix counters firewall config status log-sites' ;;
	'show counters'*)
		case $prev in
		from|to) list=$(_zpfctl_names zone) ;;
		*) list='from to --watch' ;;
		esac ;;
	'show config') list='--set --brace --vyos --watch' ;;
	'show firewall') list='ipv4 ipv6 detail --watch' ;;
	'show firewall '*' name') list=$(_zpfctl_names "${words[2]}") ;;
	'show firewall '*' name '*) list='rule detail --watch' ;;
	'show firewall '*) list='name forward input output detail --watch' ;;
	'show '*) list='--watch' ;;
	clear) list='counters' ;;
	disarm) list='open closed' ;;
	help) list='load merge check show clear disarm version' ;;
	esac
	[[ $cur != -* ]] || list+=' -n --json --no-color --help'
	mapfile -t COMPREPLY < <(compgen -W "$list" -- "$cur")
}

complete -o filenames -F _zpfctl zpfctl
