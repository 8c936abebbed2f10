#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `time`: the machine's clock is set, and packets are judged by what a clock on
# the wall shows: days, times of day and dates, behind midnight, over both
# changes of the clocks, years ahead, and in UTC. The clock is the machine's, so
# nothing else may run at the time.
#
#	a eth1.10: zone A	b eth1.40: zone B
#
# shellcheck disable=SC2034 # read by lib.sh
ALONE=1
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# Central Europe, by its rule: no zone data is needed.
export TZ='CET-1CEST,M3.5.0,M10.5.0/3'

uptime() { cut -d. -f1 /proc/uptime; }
booted=$(($(date +%s) - $(uptime)))
cleanup() { date -s "@$((booted + $(uptime)))" > /dev/null; }

# now TIME: as clocks show it here, with a Z behind it in UTC
now() { date -s "$1" > /dev/null || bail "the clock cannot be set"; }

setup_router
add_host a 10
add_host b 40

# A Wednesday in summer.
now 2026-07-15T12:00:00
match_table 'zone A member interface eth1.10
zone B member interface eth1.40' <<'EOF'
match @ time starttime 12:00
+ udp 1 2                          : since noon
match @ time starttime 12:30
- udp 1 2                          : not before half past
match @ time stoptime 12:30:59
+ udp 1 2                          : until half past
match @ time stoptime 12:00
- udp 1 2                          : until noon
match @ time starttime 22:00; time stoptime 12:30
+ udp 1 2                          : from the evening over midnight
match @ time starttime 22:00; time stoptime 12:00
- udp 1 2                          : from the evening over midnight until noon
match @ time starttime 11:00; time stoptime 10:00
+ udp 1 2                          : all but an hour
match @ time weekdays Wed
+ udp 1 2                          : the day
match @ time weekdays Mon,tuesday,4,Fri,Sat,Sun
- udp 1 2                          : all other days
match @ time weekdays !Wed,Fri
- udp 1 2                          : not this day and another
match @ time weekdays !Tue,!Thu
+ udp 1 2                          : not the days beside it
match @ time weekdays 3; time starttime 22:00; time stoptime 12:30
+ udp 1 2                          : over midnight, by the day it is
match @ time weekdays 2; time starttime 22:00; time stoptime 12:30
- udp 1 2                          : over midnight, not by the day it was
match @ time startdate 2026-07-15
+ udp 1 2                          : from this day on
match @ time startdate 2026-07-16
- udp 1 2                          : from the next day on
match @ time startdate 2026-07-15; time starttime 11:59:59
+ udp 1 2                          : from a moment on
match @ time startdate 2026-07-15; time starttime 12:30
- udp 1 2                          : from a moment on that is to come
match @ time startdate 2026-07-14; time starttime 23:00
+ udp 1 2                          : from a moment on, the next day
match @ time startdate 2026-07-15T12:30:00
- udp 1 2                          : from a moment on, as in 1.3
match @ time stopdate 2026-07-16
+ udp 1 2                          : until a day
match @ time stopdate 2026-07-15
- udp 1 2                          : until this day
match @ time stopdate 2026-07-15; time stoptime 12:30
+ udp 1 2                          : until a moment
match @ time stopdate 2026-07-15; time stoptime 12:00
- udp 1 2                          : until a moment that was
match @ time utc; time starttime 10:00; time stoptime 10:30
+ udp 1 2                          : by UTC
match @ time utc; time starttime 12:00; time stoptime 12:30
- udp 1 2                          : by UTC, what clocks show here
match @ time utc; time startdate 2026-07-15T10:30:00
- udp 1 2                          : by UTC, from a moment on that is to come
match @ time utc; time stopdate 2026-07-15T10:30:00
+ udp 1 2                          : by UTC, until a moment
EOF

# Over the changes of the clocks, and over years.
cat > "$tmp/clocks" <<'EOF'
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall @name A_B
@ip name A_B default-action drop
@ip name A_B rule 10 action accept
@ip name A_B rule 10 time starttime 02:00
@ip name A_B rule 10 time stoptime 03:00
@ip name A_B rule 20 action accept
@ip name A_B rule 20 time starttime 03:00
@ip name A_B rule 20 time stoptime 04:00
@ip name A_B rule 30 action accept
@ip name A_B rule 30 time weekdays Mon
@ip name A_B rule 40 action accept
@ip name A_B rule 40 time startdate 2040-01-01
EOF
load < "$tmp/clocks"

# clock TIME FATE RULE NAME: a packet at that time, and the rule that counts it
clock() {
	now "$1"
	probes <<< "$2 a b @ udp 1 2 : $4"
	expect_counters "$4, counted by $3" <<< "A B @ A_B $3 1"
}
clock 2026-03-29T00:55:00Z drop default "01:55 in winter time"
clock 2026-03-29T01:05:00Z pass 20 "ten minutes later it is 03:05 in summer time"
clock 2026-10-25T00:30:00Z pass 10 "02:30 in summer time"
clock 2026-10-25T01:30:00Z pass 10 "02:30 in winter time, an hour later"
clock 2026-10-25T02:05:00Z pass 20 "03:05 in winter time"
clock 2026-10-25T22:55:00Z drop default "Sunday night in winter time"
clock 2026-10-25T23:05:00Z pass 30 "Monday, five minutes past midnight"
clock 2026-07-19T21:55:00Z drop default "Sunday night in summer time"
clock 2026-07-19T22:05:00Z pass 30 "Monday in summer time"
clock 2039-03-27T00:55:00Z drop default "01:55, years ahead"
clock 2039-03-27T01:05:00Z pass 20 "ten minutes later, years ahead"
clock 2039-12-31T22:55:00Z drop default "the last minutes of a year"
clock 2039-12-31T23:05:00Z pass 40 "the first minutes of a year"

# Asked about to the second.
now 2026-07-15T12:00:00
# ask NAME EXPECTED TIME: what kept each rule from matching
ask() {
	local name=$1 want=$2 a
	for a in 'src 10.10.0.1 dst 10.40.0.1' 'src fd01:10::1 dst fd01:40::1'; do
		# shellcheck disable=SC2086 # words
		equal "$name" "$want" "$("$ZPFCTL" -n "$R" --json test from A to B proto udp $a ${3:+time "$3"} 2>&1 |
			jq -r '[.trace[] | "\(.rule):\(if .matched then "yes" else .because end)"] | join(" ")')"
	done
}
none='10:time 20:time 30:time 40:time default:yes'
ask "the last second of winter time" "$none" 2026-03-29T00:59:59Z
ask "the first second of summer time" "10:time 20:yes" 2026-03-29T01:00:00Z
ask "the first second of an hour" "10:yes" 2026-07-14T02:00:00
ask "its last second" "10:yes" 2026-07-14T02:59:59
ask "the first second behind it" "10:time 20:yes" 2026-07-14T03:00:00
ask "the last second of summer time" "10:yes" 2026-10-25T00:59:59Z
ask "the first second of winter time, 02:00 again" "10:yes" 2026-10-25T01:00:00Z
ask "the last second of a Sunday" "$none" 2026-07-19T23:59:59
ask "the first second of a Monday" "10:time 20:time 30:yes" 2026-07-20T00:00:00
ask "the last second before a date" "$none" 2039-12-31T22:59:59Z
ask "the first second of a date" "10:time 20:time 30:time 40:yes" 2039-12-31T23:00:00Z
ask "without a time the present" "$none" ''
now 2026-07-15T02:30:00
ask "the present moves on" "10:yes" ''
"$ZPFCTL" -n "$R" test from A to B proto udp src 10.10.0.1 dst 10.40.0.1 time 2026-02-30 > "$tmp/bad" 2>&1
equal "a day that is none is refused" 2 $?

# What the kernel carries is the text, and it loads to the same again.
"$ZPFCTL" -n "$R" show config --set > "$tmp/shown"
equal "shown as written" 12 "$(grep -c ' time ' "$tmp/shown")"
load < "$tmp/shown"
"$ZPFCTL" -n "$R" show config --set > "$tmp/again"
check "shown the same again" cmp "$tmp/shown" "$tmp/again"
