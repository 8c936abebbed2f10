# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The place the demonstration plays in: four network namespaces, a switch with
# a real 802.1Q trunk, an IPsec tunnel from the client to the server, NAT on
# the router, and packet counters of nftables on both ends as a witness that is
# not zpf. Sourced by play.sh, in the guest only.
#
#	client ---- VLAN 40 ----[ switch ]==== trunk ====[ router ]---- server
#	10.50.40.100                        eth1, eth1.10   eth0        198.51.100.7
#	172.31.0.2                          ... eth1.60  198.51.100.1   172.31.0.1
#	    \________________________ IPsec (ESP) _________________________/


demo_places="client switch router server"

# at PLACE COMMAND...: runs it there.
at() { local place=$1; shift; nsenter --net="/run/netns/$place" -- "$@"; }

demo_net_down() {
	local place pid
	for pid in ${demo_server-} ${CLIENT_PID-}; do
		{ kill "$pid" && wait "$pid"; } 2>/dev/null
	done
	demo_server=''
	for place in $demo_places; do
		[[ ! -e /run/netns/$place ]] || ip netns del "$place"
	done
}

# demo_esp PLACE MY-ADDRESS PEER-ADDRESS MY-TUNNEL-ADDRESS PEER-TUNNEL-ADDRESS
# SPI-OUT SPI-IN
demo_esp() {
	local key=0x000102030405060708090a0b0c0d0e0f10111213
	ip -n "$1" -batch - <<-BATCH
	xfrm state add src $2 dst $3 proto esp spi $6 reqid 1 mode tunnel aead rfc4106(gcm(aes)) $key 128
	xfrm state add src $3 dst $2 proto esp spi $7 reqid 1 mode tunnel aead rfc4106(gcm(aes)) $key 128
	xfrm policy add src $4 dst $5 dir out tmpl src $2 dst $3 proto esp reqid 1 mode tunnel
	xfrm policy add src $5 dst $4 dir in tmpl src $3 dst $2 proto esp reqid 1 mode tunnel
	BATCH
}

# demo_witness PLACE OUT-PORT-FIELD: counts what leaves and what arrives there.
demo_witness() {
	local mine=$2 theirs=sport
	[[ $mine == dport ]] || theirs=dport
	at "$1" nft -f - <<-NFT
	table ip witness {
		counter tcp-out { }
		counter tcp-in { }
		counter esp-out { }
		counter esp-in { }
		counter udp-out { }
		counter udp-in { }
		chain leaves {
			type filter hook postrouting priority 300
			oifname "eth0" tcp $mine 443 counter name tcp-out
			oifname "eth0" ip protocol esp counter name esp-out
			oifname "eth0" udp $mine { 500, 3478, 4501 } counter name udp-out
		}
		chain arrives {
			type filter hook prerouting priority -300
			iifname "eth0" tcp $theirs 443 counter name tcp-in
			iifname "eth0" ip protocol esp counter name esp-in
			iifname "eth0" udp $theirs { 500, 3478, 4501 } counter name udp-in
		}
	}
	NFT
}

# demo_witnessed PLACE: sets seen[tcp-out] and so on to packets since the start.
demo_witnessed() {
	local name packets
	while read -r name packets; do
		# shellcheck disable=SC2034,SC2004 # an associative array, read by play.sh
		seen[$name]=$packets
	done < <(at "$1" nft list counters | awk '$1 == "counter" { n = $2 }
		$1 == "packets" { print n, $2 }')
}

# demo_net_up: all of it; SABOTAGE=network leaves the router without NAT.
demo_net_up() {
	local place n ports=''
	for place in $demo_places; do
		ip netns add "$place"
		at "$place" sysctl -qw net.ipv6.conf.default.disable_ipv6=1 \
			net.ipv6.conf.all.disable_ipv6=1
		ip -n "$place" link set lo up
	done
	at router sysctl -qw net.ipv4.ip_forward=1

	for n in 10 20 30 40 50 60; do
		ports+="link add link eth1 name eth1.$n type vlan id $n"$'\n'
		ports+="addr add 10.50.$n.1/24 dev eth1.$n"$'\n'
		ports+="link set eth1.$n up"$'\n'
	done
	ip -n router -batch - <<-BATCH
	link add eth0 type veth peer name eth0 netns server
	link add eth1 type veth peer name trunk netns switch
	link set eth0 up
	link set eth1 up
	addr add 198.51.100.1/24 dev eth0
	addr add 10.50.1.1/24 dev eth1
	$ports
	BATCH
	# The switch: tagged towards the router, untagged in VLAN 40 towards the client.
	ip -n switch -batch - <<-BATCH
	link add br0 type bridge vlan_filtering 1 mcast_snooping 0
	link add port7 type veth peer name eth0 netns client
	link set trunk master br0 up
	link set port7 master br0 up
	link set br0 up
	BATCH
	at switch bridge -batch - <<-BATCH
	vlan del dev port7 vid 1
	vlan add dev port7 vid 40 pvid untagged
	vlan add dev trunk vid 10-60
	BATCH
	ip -n client -batch - <<-BATCH
	addr add 10.50.40.100/24 dev eth0
	addr add 172.31.0.2/32 dev lo
	link set eth0 up
	route add default via 10.50.40.1
	BATCH
	ip -n server -batch - <<-BATCH
	addr add 198.51.100.7/24 dev eth0
	addr add 172.31.0.1/32 dev lo
	link set eth0 up
	route add 172.31.0.2 via 198.51.100.1
	BATCH

	# The server sees the router's address: ESP is translated like the rest.
	demo_esp client 10.50.40.100 198.51.100.7 172.31.0.2 172.31.0.1 0xc1a40b7e 0x0d5e77a1
	demo_esp server 198.51.100.7 198.51.100.1 172.31.0.1 172.31.0.2 0x0d5e77a1 0xc1a40b7e
	[[ $SABOTAGE == network ]] || at router nft -f - <<-NFT
	table ip nat {
		chain postrouting {
			type nat hook postrouting priority srcnat
			oifname "eth0" masquerade
		}
	}
	NFT
	demo_witness client dport
	demo_witness server sport

	# Client and server stay for the whole play: python starts slowly here.
	# shellcheck disable=SC2154 # both are the caller's
	at server python3 "$demo_dir/peer.py" serve > "$tmp/server" 2>&1 &
	demo_server=$!
	coproc CLIENT { at client python3 "$demo_dir/peer.py" client 2>&1; }
	demo_answer || return
	for ((n = 0; n < 200; n++)); do
		! grep -q ready "$tmp/server" || return 0
		sleep 0.05
	done
	cat "$tmp/server"
	return 1
}

# demo_answer: what the client prints, up to its full stop.
demo_answer() {
	local line
	while IFS= read -r -t 60 -u "${CLIENT[0]}" line; do
		[[ $line != . ]] || return 0
		echo "$line"
	done
	echo "the client is gone"
	return 1
}

# demo_client COMMAND ARG...: see peer.py.
demo_client() {
	echo "$*" >&"${CLIENT[1]}"
	demo_answer
}
