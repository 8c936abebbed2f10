#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What programs and patient people read: `zpfctl metrics` in the text format of
# Prometheus, with exact values, and `zpfctl show unused`.
#
#	a eth1.10: zone A	b eth1.40: zone B
#
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_router
add_host a 10
add_host b 40

load <<'EOF'
global-options state-policy established action accept
zone A member interface eth1.10
zone B member interface eth1.40
zone B from A firewall name A_B
ipv4 name A_B default-action drop
ipv4 name A_B default-log
ipv4 name A_B rule 10 action accept
ipv4 name A_B rule 10 protocol udp
ipv4 name A_B rule 10 destination port 53
ipv4 name A_B rule 20 action accept
ipv4 name A_B rule 20 protocol esp
ipv4 name A_B rule 30 action jump
ipv4 name A_B rule 30 jump-target SUB
ipv4 name A_B rule 30 protocol tcp
ipv4 name SUB default-action return
ipv4 name SUB rule 5 action reject
ipv4 name SUB rule 5 protocol tcp
ipv4 name SUB rule 5 destination port 25
ipv4 forward filter rule 7 action drop
ipv4 forward filter rule 7 protocol 99
EOF

# exposition: reads the text format 0.0.4 and says what is wrong with it: every
# sample belongs to the family announced right before it, names and labels are
# well formed, no sample comes twice, counters and only they end in _total.
exposition() {
	awk '
	function bad(what) { print FNR ": " what ": " $0; wrong = 1 }
	/^# HELP / {
		if (helped[$3]++) bad("a second HELP")
		name = $3
		next
	}
	/^# TYPE / {
		if ($3 != name || typed[$3]++) bad("TYPE is not behind its HELP")
		if ($4 != "counter" && $4 != "gauge") bad("an unknown type")
		if (($4 == "counter") != ($3 ~ /_total$/)) bad("_total is for counters")
		next
	}
	/^#/ || /^$/ { bad("neither HELP, TYPE nor sample"); next }
	{
		if ($0 !~ /^[a-z_]+(\{[a-z_]+="([^"\\]|\\["\\n])*"(,[a-z_]+="([^"\\]|\\["\\n])*")*\})? [0-9]+$/) {
			bad("no sample")
			next
		}
		sample = $0
		sub(/ [0-9]+$/, "", sample)
		if (seen[sample]++) bad("a sample twice")
		sub(/\{.*/, "", sample)
		if (sample != name) bad("a sample of another family than " name)
		n++
	}
	END { if (!n) print "no sample"; exit wrong || !n }' "$1"
}

probes <<'EOF'
pass a b 4 udp 1 53 len 10 : a packet of 38 bytes passes
pass a b 4 udp 2 53 len 10 : and another
drop a b 4 udp 1 54        : one is dropped
EOF

"$ZPFCTL" -n "$R" metrics > "$tmp/metrics" 2> "$tmp/err"
check "the format is that of Prometheus" exposition "$tmp/metrics"
if command -v promtool > /dev/null; then
	check "promtool finds nothing wrong" bash -c "promtool check metrics < '$tmp/metrics'"
fi
has() { check "$1" grep -qxF "$2" "$tmp/metrics"; }
rule='from="A",to="B",family="ipv4",ruleset="A_B"'
has "packets of a rule" "zpf_pair_packets_total{$rule,rule=\"10\",action=\"accept\"} 2"
has "bytes of a rule" "zpf_pair_bytes_total{$rule,rule=\"10\",action=\"accept\"} 76"
has "packets of a default" "zpf_pair_packets_total{$rule,rule=\"default\",action=\"drop\"} 1"
has "a rule without packets" "zpf_pair_packets_total{$rule,rule=\"20\",action=\"accept\"} 0"
has "a base chain" 'zpf_chain_packets_total{chain="forward",family="ipv4",ruleset="forward filter",rule="7",action="drop"} 0'
has "a state of the state policy" 'zpf_state_policy_packets_total{state="established",action="accept"} 0'
has "that a policy is enforced" "zpf_armed 1"
check "a log site" grep -q '^zpf_log_lines_total{site="\[ipv4-NAM-A_B-default-D\]"} ' "$tmp/metrics"
equal "no address is in it" "" "$(grep -E '10\.[0-9]+\.[0-9]+\.[0-9]+|fd0[01]:' "$tmp/metrics")"

# The checker is able to fail.
sed 's/^# TYPE zpf_armed gauge/# TYPE zpf_armed counter/' "$tmp/metrics" > "$tmp/wrong"
check "the checker sees a counter without _total" bash -c "$(declare -f exposition); ! exposition '$tmp/wrong'"
{ cat "$tmp/metrics"; tail -n 1 "$tmp/metrics"; } > "$tmp/wrong"
check "the checker sees a sample twice" bash -c "$(declare -f exposition); ! exposition '$tmp/wrong'"

# --- prometheus-node-exporter's textfile collector ---

exporter=${ZPF_CACHE:-}/exporter/usr/bin/prometheus-node-exporter

# shellcheck disable=SC2317 # called by finish
cleanup() { [[ ! ${exporter_pid-} ]] || kill "$exporter_pid" 2> /dev/null; }

# scrape FILE: what the exporter tells, with that file to collect.
scrape() {
	cp "$1" "$tmp/textfile/zpf.prom"
	# shellcheck disable=SC2016 # the inner shell's
	nsx r bash -c 'exec 3<> /dev/tcp/127.0.0.1/9100 && printf "GET /metrics HTTP/1.0\r\n\r\n" >&3 &&
		cat <&3' > "$tmp/scraped" 2> /dev/null && grep -q '^node_textfile_scrape_error ' "$tmp/scraped"
}
scrape_error() { awk '$1 == "node_textfile_scrape_error" { print $2 }' "$tmp/scraped"; }

# samples FILE: name and value of each, with its labels in the order of their
# names, as the exporter prints them; numbers without an exponent.
samples() {
	tr -d '\r' < "$1" | awk '/^zpf_/ {
		value = $NF
		sub(/ [^ ]*$/, "")
		name = $0
		sub(/\{.*/, "", name)
		n = split(substr($0, length(name) + 2, length($0) - length(name) - 2), label, /",/)
		for (i = 2; i <= n; i++)
			for (k = i; k > 1 && label[k] < label[k - 1]; k--) {
				x = label[k]; label[k] = label[k - 1]; label[k - 1] = x
			}
		line = name
		for (i = 1; i <= n; i++) {
			sub(/"$/, "", label[i])
			line = line " " label[i]
		}
		printf "%s %.0f\n", line, value
	}' | sort
}

if [[ -x $exporter ]]; then
	mkdir "$tmp/textfile"
	ip netns exec "$R" "$exporter" --web.listen-address=127.0.0.1:9100 --collector.disable-defaults \
		--collector.textfile --collector.textfile.directory="$tmp/textfile" 2> "$tmp/exporter" &
	exporter_pid=$!
	wait_for 60 scrape "$tmp/metrics" || say "$(tail -n 3 "$tmp/exporter")"
	equal "prometheus-node-exporter finds nothing wrong" 0 "$(scrape_error)"
	samples "$tmp/metrics" > "$tmp/samples"
	samples "$tmp/scraped" > "$tmp/samples.told"
	check "and tells every sample as it is" diff "$tmp/samples" "$tmp/samples.told"
	sed 's/^zpf_armed 1/zpf_armed yes/' "$tmp/metrics" > "$tmp/wrong"
	scrape "$tmp/wrong"
	equal "it sees a value that is none" 1 "$(scrape_error)"
else
	skip "prometheus-node-exporter finds nothing wrong" "not unpacked: scripts/setup.sh vm"
fi

# --- show unused ---

unused() {
	"$ZPFCTL" -n "$R" --json show unused "$@" 2>&1 |
		jq -r '[.unused[] | "\(.ruleset) \(.rule)"] | join(", ")'
}
equal "rules that were never hit" "A_B 20, A_B 30, SUB 5, forward filter 7" "$(unused)"
equal "what is younger than an hour is not known to be unused" "" "$(unused --since 1h)"
probes <<'EOF'
pass a b 4 esp             : the rule is hit
EOF
equal "one less" "A_B 30, SUB 5, forward filter 7" "$(unused)"
clear_counters
equal "after a clear all are unused again" "A_B 10, A_B 20, A_B 30, SUB 5, forward filter 7" "$(unused)"
check "when the watching began is told" bash -c "
	'$ZPFCTL' -n '$R' --json show unused | jq -e '.unused | all(.last_hit == null and (.observed_since | fromdate) > (now - 600))'"

"$ZPFCTL" -n "$R" disarm open > /dev/null 2>&1
"$ZPFCTL" -n "$R" metrics > "$tmp/metrics" 2> "$tmp/err"
check "without a policy the format is right" exposition "$tmp/metrics"
has "and says that none is enforced" "zpf_armed 0"
