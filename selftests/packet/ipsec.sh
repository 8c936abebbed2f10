#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Packets that came out of IPsec, and packets that will go into it.
#
#	a eth1.10: zone A, tunnel to the router	b eth1.40: zone B
#	c eth1.50: zone C, in the clear			the router: zone L
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40
add_host c 50

# tunnel NAMESPACE OWN PEER NET-BEHIND-OWN NET-BEHIND-PEER SPI-OUT SPI-IN
tunnel() {
	local esp='proto esp' key=0x000102030405060708090a0b0c0d0e0f10111213
	ip -n "$1" -batch - <<-BATCH || bail "ip xfrm failed"
	xfrm state add src $2 dst $3 $esp spi $6 reqid 1 mode tunnel aead rfc4106(gcm(aes)) $key 128
	xfrm state add src $3 dst $2 $esp spi $7 reqid 1 mode tunnel aead rfc4106(gcm(aes)) $key 128
	xfrm policy add src $4 dst $5 dir out tmpl src $2 dst $3 $esp reqid 1 mode tunnel
	xfrm policy add src $5 dst $4 dir in tmpl src $3 dst $2 $esp reqid 1 mode tunnel
	xfrm policy add src $5 dst $4 dir fwd tmpl src $3 dst $2 $esp reqid 1 mode tunnel
	BATCH
}
for net in '10.0.%d.%d %s' 'fd00:%d::%d %s'; do
	# shellcheck disable=SC2059 # the format is the address
	own=$(printf "$net" 10 2) router=$(printf "$net" 10 1)
	own=${own% } router=${router% }
	len=32 && [[ $own != *:* ]] || len=128
	# shellcheck disable=SC2059
	b=$(printf "$net" 40 2)
	b=${b% }
	tunnel "$T-a" "$own" "$router" "$own/$len" "$b/$len" "0x1$len" "0x2$len"
	tunnel "$R" "$router" "$own" "$b/$len" "$own/$len" "0x2$len" "0x1$len"
done

# ping_host FROM TO 4|6: one echo, answered
ping_host() {
	address_set "$3" "$2"
	nsx "$1" ping "-$3" -c 1 -W 5 -n -q "$addr"
}

load <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone C member interface eth1.50
zone B from A firewall @name A_B
zone A from B firewall @name B_A
zone C from B firewall @name B_C
zone B from C firewall @name C_B
@ip name A_B default-action drop
@ip name A_B rule 10 action drop
@ip name A_B rule 10 ipsec match-none-in
@ip name A_B rule 20 action continue
@ip name A_B rule 20 ipsec match-ipsec-out
@ip name A_B rule 30 action accept
@ip name A_B rule 30 ipsec match-ipsec-in
@ip name B_A default-action drop
@ip name B_A rule 10 action drop
@ip name B_A rule 10 ipsec match-ipsec-in
@ip name B_A rule 20 action drop
@ip name B_A rule 20 ipsec match-none-out
@ip name B_A rule 30 action accept
@ip name B_A rule 30 ipsec match-ipsec-out
@ip name C_B default-action drop
@ip name C_B rule 10 action drop
@ip name C_B rule 10 ipsec match-ipsec-in
@ip name C_B rule 20 action accept
@ip name C_B rule 20 ipsec match-none-in
@ip name B_C default-action drop
@ip name B_C rule 10 action drop
@ip name B_C rule 10 ipsec match-ipsec-out
@ip name B_C rule 20 action accept
@ip name B_C rule 20 ipsec match-none-out
EOF
for family in 4 6; do
	check "an echo comes out of IPsec, its answer goes into it, ipv$family" ping_host a b "$family"
	check "an echo and its answer in the clear, ipv$family" ping_host c b "$family"
done
expect_counters "packets counted by IPsec on either side" <<'EOF'
A B @ A_B 30 1
B A @ B_A 30 1
C B @ C_B 20 1
B C @ B_C 20 1
EOF
