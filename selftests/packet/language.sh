#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What becomes of a text on its way to the kernel and back: secrets outside
# `firewall` stay where they are, what is printed is the policy that runs, and
# in and out bindings of 1.3 judge a packet in turn.
#
#	a 10: zone A	b 40: zone B
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

# ---- secrets ----

secret=Secr3t-$T
umask 022
: > "$tmp/before"
(umask 077 && cat > "$tmp/config.boot") <<EOF
firewall {
    ipv4 {
        name A_B {
            default-action drop
            default-log
            rule 10 {
                action accept
                destination {
                    port 53
                }
                log
                protocol udp
            }
        }
    }
    zone A {
        member {
            interface eth1.10
        }
    }
    zone B {
        from A {
            firewall {
                name A_B
            }
        }
        member {
            interface eth1.40
        }
    }
}
interfaces {
    wireguard wg0 {
        private-key $secret
    }
    pppoe pppoe0 {
        authentication {
            password "$secret"
            username x
        }
    }
}
system {
    login {
        user vyos {
            authentication {
                encrypted-password '\$6\$$secret'
            }
        }
    }
}
vpn {
    ipsec {
        authentication {
            psk P {
                secret '$secret {}'
            }
        }
    }
}
// vyos-config-version: "firewall@20:system@27"
EOF

# shellcheck disable=SC2317 # called by check
no_secret() { ! grep -q "$secret" "$@"; }
# shellcheck disable=SC2317 # called by check
no_secret_file() {
	local f bad=0
	while IFS= read -r f; do
		! grep -qs "$secret" "$f" || { echo "$f"; bad=1; }
	done < <(find /tmp /run /dev/shm /etc /var/log /var/tmp -xdev -path "$zpf_top" -prune -o \
		-type f -newer "$tmp/before" -perm /044 -print 2> /dev/null)
	return $bad
}

check "a config.boot with secrets loads" "$ZPFCTL" -n "$R" load "$tmp/config.boot"
probes <<'EOF'
pass a b 4 udp 1 53
drop a b 4 udp 1 54
EOF
expect_counters "it is enforced" <<'EOF'
A B ipv4 A_B 10 1
A B ipv4 A_B default 1
EOF
{
	"$ZPFCTL" -n "$R" show config
	"$ZPFCTL" -n "$R" show config --brace
	"$ZPFCTL" -n "$R" --json show config
	"$ZPFCTL" -n "$R" show firewall detail
	"$ZPFCTL" -n "$R" --json show status
} > "$tmp/shown" 2>&1
check "the kernel's copy has the firewall" grep -q "name A_B rule 10 destination port '53'" "$tmp/shown"
check "and no secret" no_secret "$tmp/shown"
# A merge that fails says what is wrong and nothing else.
(umask 077 && printf 'set vpn l2tp psk %s\ndelete vpn x %s\nset vpn psk "%s\n%s\n' \
	"$secret" "$secret" "$secret" "$secret" > "$tmp/bad.set")
"$ZPFCTL" -n "$R" merge "$tmp/bad.set" > "$tmp/said" 2>&1
check "a merge that is refused says so" grep -q 'never closed' "$tmp/said"
check "and tells no secret" no_secret "$tmp/said"
dmesg > "$tmp/dmesg"
check "no secret in the kernel log" no_secret "$tmp/dmesg"
check "no file that others can read has one" no_secret_file

# ---- there and back ----

zones='
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B'
load <<EOF
$zones
group @6address-group G@v address @{a.5}
group port-group P port 53
group port-group P port 100-110
@ip name A_B description "it's a \"test\""
@ip name A_B rule 10 action accept
@ip name A_B rule 10 protocol udp
@ip name A_B rule 10 destination group port-group P
@ip name A_B rule 20 action jump
@ip name A_B rule 20 jump-target SUB
@ip name A_B rule 30 action reject
@ip name A_B rule 30 protocol tcp
@ip name SUB default-action return
@ip name SUB rule 1 action accept
@ip name SUB rule 1 source group address-group G@v
EOF
traffic() {
	probes <<-'EOF'
	pass   a b @ udp 1 53
	pass   a b @ udp 1 110
	drop   a b @ udp 1 111
	pass   a b @ udp 1 111 s 5
	reject a b @ tcp 1 80 S
	EOF
}
traffic
# Rules that mean the same go on counting: the counters survive if they do.
for form in --set --brace; do
	"$ZPFCTL" -n "$R" show config $form > "$tmp/printed"
	check "what show config $form prints loads" "$ZPFCTL" -n "$R" load "$tmp/printed"
	"$ZPFCTL" -n "$R" show config $form > "$tmp/again"
	check "and prints the same again, $form" cmp "$tmp/printed" "$tmp/again"
	traffic
done
expect_counters "the same packets meet the same rules three times" <<'EOF'
A B @ A_B 10 6
A B @ A_B 20 9
A B @ A_B 30 3
A B @ A_B default 3
A B @ SUB 1 3
A B @ SUB default 6
EOF

# ---- in and out bindings of 1.3 ----

# Each packet is judged by both, whatever the first says, in either order of
# the jumps: eth1.40 out stands before eth1.10 in.
load <<'EOF'
set firewall name IN rule 10 action accept
set firewall name IN rule 10 protocol udp
set firewall name IN rule 10 destination port 1-20
set firewall name OUT default-action reject
set firewall name OUT rule 10 action accept
set firewall name OUT rule 10 protocol udp
set firewall name OUT rule 10 destination port 11-30
set firewall ipv6-name IN6 default-action drop
set firewall ipv6-name IN6 rule 10 action accept
set firewall ipv6-name IN6 rule 10 protocol udp
set firewall ipv6-name IN6 rule 10 destination port 1-20
set firewall ipv6-name OUT6 default-action accept
set firewall ipv6-name OUT6 rule 10 action drop
set firewall ipv6-name OUT6 rule 10 protocol udp
set firewall ipv6-name OUT6 rule 10 destination port 1-10
set interfaces ethernet eth1 vif 40 firewall out name OUT
set interfaces ethernet eth1 vif 10 firewall in name IN
set interfaces ethernet eth1 vif 10 firewall in ipv6-name IN6
set interfaces ethernet eth1 vif 40 firewall out ipv6-name OUT6
EOF
flush
probes <<'EOF'
reject a b 4 udp 1 5     : accepted in, refused out
pass   a b 4 udp 1 15    : accepted in and out
drop   a b 4 udp 1 25    : accepted out, refused in
pass   b a 4 udp 1 25    : bound to neither direction
drop   a b 6 udp 1 5     : accepted in, refused out, ipv6
pass   a b 6 udp 1 15    : accepted in and out, ipv6
drop   a b 6 udp 1 25    : accepted out, refused in, ipv6
EOF
expect_counters "in and out rulesets both count" <<'EOF'
chain forward ipv4 forward-filter 5 3
chain forward ipv4 forward-filter 10 2
chain forward ipv4 forward-filter default 2
chain forward ipv4 OUT 10 2
chain forward ipv4 OUT default 1
chain forward ipv4 IN 10 1
chain forward ipv4 IN default 1
chain forward ipv6 forward-filter 5 3
chain forward ipv6 forward-filter 10 2
chain forward ipv6 forward-filter default 1
chain forward ipv6 IN6 10 2
chain forward ipv6 IN6 default 1
chain forward ipv6 OUT6 10 1
chain forward ipv6 OUT6 default 1
EOF
