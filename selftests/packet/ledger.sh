#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The drop ledger held against packet captures in front of the firewall and
# behind it: what went in and did not come out is what it says, row by row.
#
#	[ a ]--eth1.10--+ r +--eth1.40--[ b ]     zones A, B
#	           in.pcap              out.pcap
#
# shellcheck source=selftests/client.sh
. "$(dirname "$0")/../client.sh"

DROPCAP=$zpf_top/selftests/tools/dropcap.py
SEED=${SEED:-$RANDOM}
slots=$(awk '/define ZPF_DROP_ROWS/ { print $3 }' "$zpf_top/uapi/linux/zpf.h")

# sniff HOST IFACE FILE: in the background, until stop_jobs; what comes in
# there for zone B.
sniff() {
	ip netns exec "$T-$1" tcpdump -U -s 96 -B 16384 -i "$2" -Q in -w "$3" \
		'dst net 10.40.0.0/16 or dst net fd01:40::/64' 2> "$3.err" &
	jobs+=($!)
	wait_for 60 grep -q '^tcpdump: listening on' "$3.err" || bail "tcpdump: $(< "$3.err")"
}

# complete FILE...: the captures missed nothing.
complete() { local f; for f; do grep -qx "0 packets dropped by kernel" "$f.err" || return; done; }

# seen FILE: what was sent last is in the capture; tcpdump forgets what it has
# not read when it is told to end.
seen() { tcpdump -nr "$1" 'ip6 and udp src port 1000 and dst port 1' 2> /dev/null | grep -q .; }

# holds NAME COUNT NETS PORTS: so many random packets; sets dropped, kinds, lost.
holds() {
	flush
	clear_counters
	"$ZPFCTL" -n "$R" clear drops > /dev/null || bail "clear drops"
	sniff r eth1.10 "$tmp/in.pcap"
	sniff b eth0 "$tmp/out.pcap"
	nsx a python3 "$DROPCAP" send eth0 "$R_MAC" "$2" "$SEED" "$3" "$4" || bail "send"
	arrived || bail "not all packets arrived"
	for file in "$tmp/in.pcap" "$tmp/out.pcap"; do
		wait_for 60 seen "$file" || bail "$file does not end"
	done
	kill -INT "${jobs[@]}"
	wait "${jobs[@]}"
	jobs=()
	check "$1: the captures are complete" complete "$tmp/in.pcap" "$tmp/out.pcap"
	"$ZPFCTL" -n "$R" --json show drops > "$tmp/drops.json"
	python3 "$DROPCAP" compare "$tmp/in.pcap" "$tmp/out.pcap" "$slots" \
		< "$tmp/drops.json" > "$tmp/compared" 2>&1
	check "$1: every dropped packet is in its row or lost" test $? -eq 0
	tail -n +2 "$tmp/compared" | sed 's/^/#   /'
	read -r dropped kinds lost < "$tmp/compared"
	say "$2 packets, $dropped dropped, of $kinds kinds; $lost lost; seed $SEED"
	equal "$1: the captures have as many drops as the counters" "$(counted)" "$dropped"
}

# counted: packets the counters say were dropped or rejected.
counted() {
	"$ZPFCTL" -n "$R" --json show counters | jq '[.pairs[].rules[] |
		select(.action == "drop" or .action == "reject") | .packets] | add'
}

# arrived: nothing waits between the hosts any more: what came last is a probe
# that passes, behind all others.
arrived() {
	probes <<-EOF
	pass a b 4 udp 1000 1
	pass a b 6 udp 1000 1
	EOF
}

setup_router
add_host a 10
add_host b 40
load <<EOF
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name AB
@ip name AB default-action drop
@ip name AB rule 10 action accept
@ip name AB rule 10 protocol udp
@ip name AB rule 10 destination port 1
@ip name AB rule 20 action drop
@ip name AB rule 20 protocol tcp_udp
@ip name AB rule 20 destination port 2
@ip name AB rule 30 action reject
@ip name AB rule 30 protocol udp
@ip name AB rule 30 destination port 3
@ip name AB rule 40 action accept
@ip name AB rule 40 protocol esp
EOF

holds "few kinds" 2500 6 12
equal "few kinds: nothing is lost" 0 "$lost"
check "few kinds: some pass and most do not" test "$dropped" -gt 1500 -a "$dropped" -lt 2400

# The comparison is able to fail: a packet less, a packet more, in one row.
for less in 1 -1; do
	jq "(.drops[7].packets) -= $less" "$tmp/drops.json" > "$tmp/wrong.json"
	check "a row that is wrong by one is found" bash -c "! python3 '$DROPCAP' compare \
		'$tmp/in.pcap' '$tmp/out.pcap' $slots < '$tmp/wrong.json'"
done

holds "a flood" 6000 250 2000
check "a flood: of more kinds than there are rows, some are lost" test "$kinds" -gt "$slots" -a "$lost" -gt 0
