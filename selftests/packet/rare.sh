#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The matches few rules make, which have a side record in the kernel: for each
# rule packets that match and packets that just miss.
#
#	a eth1.10: zone A	b eth1.40: zone B
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

zones='
zone A member interface eth1.10
zone B member interface eth1.40'

# The router has taken one off the time to live when the packet is judged.
match_table "$zones" <<'EOF'
match 4 ttl eq 63
+ udp 1 2 ttl 64                   : time to live, equal
- udp 1 2 ttl 65                   : time to live equal, one above
- udp 1 2 ttl 63                   : time to live equal, one below
match 4 ttl gt 63
+ udp 1 2 ttl 65                   : time to live, greater
- udp 1 2 ttl 64                   : time to live greater, equal
match 4 ttl lt 63
+ udp 1 2 ttl 63                   : time to live, less
- udp 1 2 ttl 64                   : time to live less, equal
match 6 hop-limit eq 63
+ udp 1 2 ttl 64                   : hop limit, equal
- udp 1 2 ttl 65                   : hop limit equal, one above
- udp 1 2 ttl 63                   : hop limit equal, one below
match 6 hop-limit gt 63
+ udp 1 2 ttl 65                   : hop limit, greater
- udp 1 2 ttl 64                   : hop limit greater, equal
match 6 hop-limit lt 63
+ udp 1 2 ttl 63                   : hop limit, less
- udp 1 2 ttl 64                   : hop limit less, equal
EOF
