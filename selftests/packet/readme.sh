#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What README.md promises an operator, word for word: the messages where
# something is missing, the loader of the systemd unit, a second filter beside
# zpf. Unloads the module, so nothing else may run at the time.
#
#	[ a ]--eth1.10--[ r ]--eth1.40--[ b ]     zones A, B
#
# shellcheck disable=SC2034 # read by lib.sh
ALONE=1
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2317 # called by finish
cleanup() {
	rm -f /etc/modprobe.d/zpf-readme.conf
	modprobe -q nf_log_syslog
	[[ -e /sys/module/zpf ]] || insmod "$ZPF_KO"
}

readme=$zpf_top/README.md
[[ ${ZPF_KO-} ]] || bail "ZPF_KO does not name the module"

# says NAME WORDS COMMAND...: it prints exactly these words, and README has them.
says() {
	local name=$1 words=$2
	shift 2
	"$@" > "$tmp/out" 2>&1 || true
	if ! grep -qF -- "$words" "$tmp/out"; then
		result not-ok "$name" "expected '$words', it said: $(head -c 300 "$tmp/out")"
	elif ! grep -qF -- "$words" "$readme"; then
		result not-ok "$name" "README.md does not have '$words'"
	else
		result ok "$name"
	fi
}

# boot WORD: zpf-boot in the router, as the unit runs it.
boot() {
	nsx r env ZPF_ETC="$tmp/etc" PATH="$(dirname "$ZPFCTL"):$PATH" \
		"$zpf_top/scripts/systemd/zpf-boot" "$1"
}

mode() { "$ZPFCTL" -n "$R" show status | sed -n 's/^mode *//p'; }
guard() { nsx r nft list table inet zpf_guard; }

setup_router
add_host a 10
add_host b 40
mkdir "$tmp/etc"
cat > "$tmp/good" <<'EOC'
set firewall zone A member interface eth1.10
set firewall zone B member interface eth1.40
set firewall zone B from A firewall name LAB
set firewall ipv4 name LAB default-action drop
set firewall ipv4 name LAB rule 10 action accept
set firewall ipv4 name LAB rule 10 protocol udp
set firewall ipv4 name LAB rule 10 destination port 1
EOC

# ------------------------------------------------------- without the module

rmmod zpf || bail "the module cannot be unloaded before the test"
says "a load without the module" "error: zpf: the kernel module is not loaded: modprobe zpf" \
	"$ZPFCTL" -n "$R" load "$tmp/good"
says "a version without the module" "not loaded (modprobe zpf)" "$ZPFCTL" version
check "check needs no module" "$ZPFCTL" check "$tmp/good"
probes <<-'EOP'
pass a b 4 udp 1 9 : without a policy the router forwards
EOP
cp "$tmp/good" "$tmp/etc/10.set"
says "at boot without the module" "nothing is forwarded until a load succeeds (nftables table inet zpf_guard)" \
	boot load
check "the guard is there" guard
probes <<-'EOP'
drop a b 4 udp 1 1 : and nothing is forwarded
EOP

# ------------------------------------------------------------- with a policy

modprobe -q nf_log_syslog
insmod "$ZPF_KO" || bail "the module cannot be loaded"
check "at boot with the module" boot load
equal "a policy runs" armed "$(mode)"
check "and the guard is gone" bash -c "! ip netns exec $R nft list table inet zpf_guard"
probes <<-'EOP'
pass a b 4 udp 1 1 : what it accepts passes
drop a b 4 udp 1 2 : what it drops does not
EOP

says "rmmod while a policy runs" "rmmod: ERROR: Module zpf is in use" rmmod zpf
echo 'set firewall zone A from B firewall name NONE' > "$tmp/etc/20.set"
says "a reload that fails" "the policy that was running goes on" boot reload
equal "and it does" armed "$(mode)"

"$ZPFCTL" -n "$R" disarm open > /dev/null
says "at boot with a broken configuration" \
	"nothing is forwarded until a load succeeds (zpfctl disarm closed)" boot load
equal "nothing is forwarded" "closed: nothing is forwarded, input and output are open" "$(mode)"
rm "$tmp/etc/20.set"
check "and once it is repaired" boot load
equal "the policy runs" armed "$(mode)"

# ---------------------------------------------------------- another filter

nsx r nft -f - <<-'EON'
table inet other {
	chain forward {
		type filter hook forward priority filter; policy accept;
		udp dport 1 drop
		udp dport 2 accept
	}
}
EON
probes <<-'EOP'
drop a b 4 udp 1 1 : what nftables drops, zpf does not bring back
drop a b 4 udp 1 2 : what nftables accepts, zpf still drops
EOP
nsx r nft delete table inet other

# -------------------------------------------------------------- who may ask

for who in "setpriv --reuid=65534 --regid=65534 --clear-groups" "unshare -Ur" "unshare -Urn"; do
	# shellcheck disable=SC2086 # a command with options
	says "refused: $who" "error: no permission: needs CAP_NET_ADMIN in the initial user namespace" \
		$who "$ZPFCTL" show status
done

# ---------------------------------------------------------- without a logger

sed 's/default-action drop/default-log/' "$tmp/good" > "$tmp/logs"
"$ZPFCTL" -n "$R" disarm open > /dev/null
# The module asks for the logger it needs: as if it were not installed.
mkdir -p /etc/modprobe.d
echo 'install nf_log_syslog /bin/false' > /etc/modprobe.d/zpf-readme.conf
if [[ -d /sys/module/nf_log_syslog ]] && modprobe -r nf_log_syslog 2> /dev/null; then
	says "a load without a logger" \
		"warning: log lines are not written, no kernel logger is there: modprobe nf_log_syslog, then load again" \
		"$ZPFCTL" -n "$R" load "$tmp/logs"
	probes <<-'EOP'
	pass a b 4 udp 1 1 : packets are judged all the same
	drop a b 4 udp 1 2 : dropped ones too
	EOP
	equal "and the line that was not written is counted" "LAB 0 1" "$("$ZPFCTL" -n "$R" --json \
		show log-sites | jq -r '.["log-sites"][] | select(.site | test("LAB")) |
		"LAB \(.logged) \(.undeliverable)"')"
else
	skip "a load without a logger" "nf_log_syslog cannot be unloaded here"
fi
rm /etc/modprobe.d/zpf-readme.conf
modprobe -q nf_log_syslog
old=$(cat /proc/sys/net/netfilter/nf_log_all_netns)
echo 0 > /proc/sys/net/netfilter/nf_log_all_netns
says "a load in a namespace the kernel log is shut for" \
	"warning: log lines of this network namespace are not printed: sysctl net.netfilter.nf_log_all_netns=1 in the initial one turns them on" \
	"$ZPFCTL" -n "$R" load "$tmp/logs"
echo "$old" > /proc/sys/net/netfilter/nf_log_all_netns
