#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rule sets made to break the engines (tools/breakers.py) load, keep to the
# memory and the probes an index may take, and decide right: packets for the
# first rule, the last one and the default.
#
#	a 10: zone A	b 40: zone B
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

# breaker SHAPE: loads it, tells what it took and what it got.
breaker() {
	python3 "$zpf_top/selftests/tools/breakers.py" "$1" > "$tmp/breaker" || bail "breakers.py $1 failed"
	"$ZPFCTL" -n "$R" --json load "$tmp/breaker" > "$tmp/load" 2>&1 ||
		bail "load failed: $(tail -n 3 "$tmp/load")"
	clear_counters
	say "$1: built in $(jq .build_us "$tmp/load" 2> /dev/null) us"
	"$ZPFCTL" -n "$R" --json show status > "$tmp/status"
	jq -r '.tables[] | "# " + ([.table, .family, .engine, "rules", .rules, "bytes", .bytes,
		"probes", .probes] | map(tostring) | join(" "))' "$tmp/status"
}

# tables_are NAME ENGINE4 ENGINE6 RULES4 RULES6 PROBES: engine and rules of both
# tables (their defaults are rules, too), at most so many probes, and no more memory
# than an index may take: 512 bytes a rule or a mebibyte for its bit vectors, 20
# bytes a rule for its hash tables. Where only memory would help, as with ranges
# and masks here, a packet may be compared with nearly every rule after all.
tables_are() {
	equal "$1: engine and rules" "$2 $4 $3 $5" "$(jq -r '
		[.tables | sort_by(.family)[] | .engine, .rules] | map(tostring) | join(" ")' "$tmp/status")"
	equal "$1: memory and probes within the caps" '[true,true,true,true]' "$(jq -c \
		--argjson probes "$6" '[.tables[] |
		.bytes <= ([.rules * 512, 1048576] | max) + .rules * 20 + 65536,
		.probes <= $probes]' "$tmp/status")"
}

# -------------------------------------------- ranges, each around the last
breaker ranges
tables_are "10,000 overlapping ranges" bitvector bitvector 10001 10001 12000
probes <<'END'
pass a b @ udp 30000 32000 s 32768 : ranges: all hold, the first decides
pass a b @ udp 30000 42000 s 32768 : ranges: the last alone
drop a b @ udp 30000 42001 s 32768 : ranges: just outside of the last
END
expect_counters "counters: ranges" <<'END'
A B @ MAIN 1 1
A B @ MAIN 10000 1
A B @ MAIN default 1
END

# ------------------------------------------------------- nested prefixes
breaker nested
tables_are "nested prefixes" tuple tuple 10241 10241 600
probes <<'END'
pass a b @ udp 1 1000 s 7 d 9         : nested: the longest decides
pass a b @ udp 1 1039 s 16391 d 16393 : nested: the shortest alone
drop a b @ udp 1 1000 s 32775 d 9     : nested: just outside of the shortest
END
expect_counters "counters: nested prefixes" <<'END'
A B @ MAIN 1 1
A B @ MAIN 10240 1
A B @ MAIN default 1
END

# ------------------------------------------- 100,000 prefixes of one rule
breaker group
tables_are "a group of 100,000 prefixes" tuple tuple 21 21 10
probes <<'END'
pass a b @ udp 1 1  s 2     : group: a rule in front of it
pass a b @ udp 1 99 s 2     : group: a member
pass a b @ udp 1 99 s 65534 : group: the last member
drop a b @ udp 1 99 s 3     : group: between two members
END
expect_counters "counters: group" <<'END'
A B @ MAIN 1 1
A B @ MAIN 20 2
A B @ MAIN default 1
END

# ------------------------------------------- a mask of its own for a rule
breaker masks
tables_are "a mask of its own for every rule" bitvector bitvector 1025 10001 12000
probes <<'END'
pass a b @ udp 1 1 s 7 d 9         : masks: the first
pass a b @ udp 1 1 s 16391 d 16393 : masks: the last alone
drop a b @ udp 1 1 s 16391 d 32777 : masks: just outside of the last
END
expect_counters "counters: masks" <<'END'
A B @ MAIN 1 1
A B ipv4 MAIN 1024 1
A B ipv6 MAIN 10000 1
A B @ MAIN default 1
END

finish
