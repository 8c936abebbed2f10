// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that is refused, a row each: the text, where the finding must
 * point and what it must say. Rows are completed to a whole configuration, so
 * that the row's own mistake is the only one.
 */
#include "test.h"

#include "schema.h"

/*
 * struct row - a refusal
 * @text: lines of the mistake; the first is line 1
 * @line: of the finding
 * @col: of the finding
 * @part: of the message
 * @errors: in all; 0 stands for 1
 * @form: of the text, not of a statement: there is no path to name
 */
struct row {
	const char *name, *text;
	unsigned int line, col;
	const char *part;
	size_t errors;
	bool form;
};

/* a zone, so that something is filtered */
#define BASE "set firewall zone Z member interface eth9\n"
#define R "set firewall ipv4 name A rule 1 "
#define R6 "set firewall ipv6 name A rule 1 "
#define OK R "action accept\n"
#define OK6 R6 "action accept\n"

#define BOTH "set firewall name A default-action drop\nset firewall name B default-action drop\n" \
	"set interfaces ethernet eth0 firewall in name A\nset interfaces ethernet eth1 firewall out name B\n"

static const struct row rows[] = {
	/* words and values */
	{ "unknown word", "set firewall ipv4 nam A\n", 1, 19,
	  "unknown word 'nam' after ipv4 (name was meant?); expected one of forward, input, name, output, prerouting" },
	{ "unknown option", OK R "acton drop\n", 2, 33,
	  "unknown word 'acton' after 1 (action was meant?); expected one of action, " },
	{ "word after a value", OK R "protocol tcp udp\n", 2, 46,
	  "unexpected word 'udp'" },
	{ "word after a flag", OK R "disable yes\n", 2, 41,
	  "unexpected word 'yes'" },
	{ "value missing", OK R "protocol\n", 2, 33, "protocol needs a value" },
	{ "name missing", "set firewall zone\n", 1, 14, "zone needs a value" },
	{ "bad action", R "action allow\n", 1, 40, "bad value 'allow'; expected accept, drop, reject, return, jump or continue" },
	{ "rule number 0", "set firewall ipv4 name A rule 0 action drop\n", 1, 31,
	  "bad rule number '0'; expected 1-999999" },
	{ "rule number too large", "set firewall ipv4 name A rule 1000000 action drop\n",
	  1, 31, "1-999999" },
	{ "zone name reserved", "set firewall zone any local-zone\n", 1, 19, "reserved" },
	{ "zone name too long", "set firewall zone abcdefghijabcdefghijabcdefghijabcdefghij123456789 local-zone\n",
	  1, 19, "at most 48" },
	{ "zone name first letter", "set firewall zone -a local-zone\n", 1, 19, "must begin" },
	{ "zone name letters", "set firewall zone a/b local-zone\n", 1, 19, "'/' cannot stand" },
	{ "interface name too long", "set firewall zone Y member interface abcdefghijabcdef\n",
	  1, 38, "at most 15" },
	{ "wildcard inside", "set firewall zone Y member interface e*h\n", 1, 38,
	  "only stand at the end" },
	{ "vrf wildcard", "set firewall zone Y member vrf v*\n", 1, 32, "not stand here" },
	{ "description too long", OK R "description '"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'\n",
	  2, 45, "at most 255" },
	{ "unterminated quote", OK R "description 'a\n", 2, 45, "never closed", .form = true },
	{ "unterminated comment", OK "/* x\ny\n", 2, 1, "never closed", .form = true },
	{ "control character", OK R "description 'a\001b'\n", 2, 47, "0x01", .form = true },

	/* addresses */
	{ "host bits", OK R "source address 10.0.0.1/24\n", 2, 48, "the network is 10.0.0.0/24" },
	{ "host bits v6", OK6 R6 "source address 2001:db8::1/64\n", 2, 48, "2001:db8::/64" },
	{ "other family", OK R "source address ::1\n", 2, 48, "IPv6 address" },
	{ "other family v4", OK6 R6 "source address 10.0.0.1\n", 2, 48, "IPv4 address" },
	{ "range backwards", OK R "source address 10.0.0.2-10.0.0.1\n", 2, 48, "ends before it begins" },
	{ "prefix length", OK R "source address 10.0.0.0/33\n", 2, 48, "0-32" },
	{ "not an address", OK R "source address 10.0.0\n", 2, 48, "expected an address, a prefix" },
	{ "octal is no address", OK R "source address 010.0.0.1\n", 2, 48, "expected an address" },
	{ "network with host bits", "set firewall group network-group G network 10.1.0.0/8\n",
	  1, 44, "10.0.0.0/8" },
	{ "prefix in address-group", "set firewall group address-group G address 10.0.0.0/8\n",
	  1, 44, "expected an IPv4 address" },
	{ "v6 in address-group", "set firewall group address-group G address ::1\n", 1, 44, "IPv6 address" },
	{ "v4 in ipv6 group", "set firewall group ipv6-network-group G network 10.0.0.0/8\n",
	  1, 49, "IPv4 address" },

	/* ports */
	{ "port 0", OK R "protocol tcp\n" R "destination port 0\n", 3, 50, "1-65535" },
	{ "port 65536", OK R "protocol tcp\n" R "destination port 65536\n", 3, 50, "1-65535" },
	{ "port range backwards", OK R "protocol tcp\n" R "destination port 9-1\n", 3, 50, "ends before" },
	{ "unknown service", OK R "protocol tcp\n" R "destination port htttp\n", 3, 50, "no service is called 'htttp'" },
	{ "empty port", OK R "protocol tcp\n" R "destination port 80,,81\n", 3, 50, "a port is missing" },
	{ "port without protocol", OK R "destination port 80\n", 2, 50, "port needs protocol tcp, udp" },
	{ "port with icmp", OK R "protocol icmp\n" R "source port 80\n", 3, 45, "port needs protocol" },
	{ "port with !tcp", OK R "protocol !tcp\n" R "source port 80\n", 3, 45, "port needs protocol" },
	{ "port with all", OK R "protocol all\n" R "source port 80\n", 3, 45, "port needs protocol" },
	{ "port-group without protocol", "set firewall group port-group P port 80\n"
	  OK R "source group port-group P\n", 3, 57, "port-group needs protocol" },
	{ "port and port-group", "set firewall group port-group P port 80\n" OK
	  R "protocol tcp\n" R "source group port-group P\n" R "source port 80\n",
	  4, 57, "both port and port-group" },
	{ "group port 0", "set firewall group port-group P port 0\n", 1, 38, "1-65535" },
	{ "group port negated", "set firewall group port-group P port !80\n", 1, 38, "expected a port" },

	/* protocols */
	{ "unknown protocol", OK R "protocol tpc\n", 2, 42, "expected a protocol name" },
	{ "protocol 256", OK R "protocol 256\n", 2, 42, "expected a protocol name" },
	{ "not all", OK R "protocol !all\n", 2, 42, "match nothing" },
	{ "icmp on v6", OK6 R6 "protocol icmp\n", 2, 42, "expected ipv6-icmp" },
	{ "icmpv6 on v4", OK R "protocol ipv6-icmp\n", 2, 42, "expected icmp" },
	{ "icmp options on v6", OK6 R6 "protocol ipv6-icmp\n" R6 "icmp type 8\n", 3, 33,
	  "icmp does not exist in an ipv6 rule" },
	{ "icmpv6 options on v4", OK R "protocol icmp\n" R "icmpv6 type 8\n", 3, 33,
	  "icmpv6 does not exist in an ipv4 rule" },
	{ "icmp without protocol", OK R "icmp type 8\n", 2, 43, "needs protocol icmp" },
	{ "icmpv6 without protocol", OK6 R6 "protocol tcp\n" R6 "icmpv6 type 128\n", 3, 45,
	  "needs protocol ipv6-icmp" },
	{ "icmp name with type", OK R "protocol icmp\n" R "icmp type-name echo-request\n"
	  R "icmp type 8\n", 4, 43, "type-name together with type or code" },
	{ "icmp name with code", OK R "protocol icmp\n" R "icmp type-name echo-request\n"
	  R "icmp code 0\n", 4, 43, "type-name together with type or code" },
	{ "icmp code without type", OK R "protocol icmp\n" R "icmp code 0\n", 3, 43, "code needs icmp type" },
	{ "icmp type 256", OK R "protocol icmp\n" R "icmp type 256\n", 3, 43, "a number 0-255" },
	{ "unknown icmp name", OK R "protocol icmp\n" R "icmp type-name echo\n", 3, 48, "expected an ICMP type name" },
	{ "tcp flags without tcp", OK R "tcp flags syn\n", 2, 43, "tcp flags needs protocol tcp" },
	{ "tcp flags with tcp_udp", OK R "protocol tcp_udp\n" R "tcp flags syn\n", 3, 43, "tcp flags needs protocol tcp" },
	{ "tcp flag both ways", OK R "protocol tcp\n" R "tcp flags syn\n" R "tcp flags not syn\n",
	  4, 47, "syn is asked to be both" },
	{ "two of ttl eq, gt, lt", OK R "ttl gt 5\n" R "ttl lt 9\n", 3, 40, "ttl has both gt and lt" },
	{ "two of hop-limit eq, gt, lt", OK6 R6 "hop-limit eq 5\n" R6 "hop-limit lt 9\n", 3, 46,
	  "hop-limit has both eq and lt" },
	{ "ttl greater than any", OK R "ttl gt 255\n", 2, 40, "a number 0-254" },

	/* numbers of the packet */
	{ "mark too large", OK R "mark 2147483648\n", 2, 38, "a number or a range a-b in 0-2147483647, with !" },
	{ "mark backwards", OK R "mark 9-8\n", 2, 38, "ends before it begins" },
	{ "mark with a second !", OK R "mark !!9\n", 2, 38, "bad value '!9'" },
	{ "connection-mark negated", OK R "connection-mark !9\n", 2, 49, "a number or a range" },
	{ "nat side", OK R "connection-status nat both\n", 2, 55, "expected source or destination" },
	{ "length 0", OK R "packet-length 0\n", 2, 47, "in 1-65535" },
	{ "length 65536", OK R "packet-length-exclude 1-65536\n", 2, 55, "in 1-65535" },
	{ "dscp 64", OK R "dscp 64\n", 2, 38, "in 0-63" },
	{ "dscp by name", OK R "dscp-exclude ef\n", 2, 46, "in 0-63" },
	{ "packet-type", OK R "packet-type unicast\n", 2, 45, "host, broadcast, multicast or other" },
	{ "both kinds of fragments", OK R "fragment match-frag\n" R "fragment match-non-frag\n", 3, 42,
	  "fragment has both match-frag and match-non-frag" },
	{ "mac too short", OK R "source mac-address 00:11:22:33:44\n", 2, 52, "expected a MAC address" },
	{ "mac too long", OK R "source mac-address 00:11:22:33:44:55:66\n", 2, 52, "expected a MAC address" },
	{ "mac with dashes", OK R "destination mac-address 00-11-22-33-44-55\n", 2, 57, "expected a MAC address" },
	{ "member mac negated", "set firewall group mac-group M mac-address !00:11:22:33:44:55\n", 1, 44,
	  "expected a MAC address" },
	{ "no such mac-group", OK R "source group mac-group M\n", 2, 56, "there is no mac-group M" },
	{ "mac and mac-group", "set firewall group mac-group M\n" OK R "source mac-address 00:11:22:33:44:55\n"
	  R "source group mac-group M\n", 4, 56, "source has both mac-address and mac-group" },
	{ "mac in output", "set firewall ipv4 output filter rule 1 action drop\n"
	  "set firewall ipv4 output filter rule 1 source mac-address 00:11:22:33:44:55\n", 2, 59,
	  "mac-address does not exist in output filter" },
	{ "mask without address", OK R "source address-mask 0.0.0.255\n", 2, 53, "needs address or address-group" },
	{ "mask of the other family", OK R "source address 0.0.0.1\n" R "source address-mask ::1\n", 3, 53,
	  "'::1' is an IPv6 mask; expected an IPv4 one" },
	{ "mask as a length", OK6 R6 "destination address ::1\n" R6 "destination address-mask /64\n", 3, 58,
	  "a mask written as an address" },
	{ "recent without time", OK R "recent count 5\n", 2, 46, "recent count needs recent time" },
	{ "recent without count", OK R "recent time hour\n", 2, 45, "recent time needs recent count" },
	{ "recent count 0", OK R "recent count 0\n" R "recent time hour\n", 2, 46, "a number 1-255" },
	{ "recent count 256", OK R "recent count 256\n" R "recent time hour\n", 2, 46, "a number 1-255" },
	{ "recent time day", OK R "recent count 5\n" R "recent time day\n", 3, 45, "second, minute or hour" },

	/* sets filled from elsewhere, or by rules */
	{ "no such domain-group", OK R "source group domain-group D\n", 2, 59, "there is no domain-group D" },
	{ "no such remote-group", OK R "source group remote-group D\n", 2, 59, "there is no remote-group D" },
	{ "no such dynamic group", OK R "source group dynamic-address-group D\n", 2, 68,
	  "there is no dynamic-group address-group D" },
	{ "no such dynamic group of v6", "set firewall group dynamic-group address-group D\n" OK6 R6
	  "source group dynamic-address-group D\n", 3, 68, "there is no dynamic-group ipv6-address-group D" },
	{ "dynamic group of v6 on v4", OK R "source group dynamic-ipv6-address-group D\n", 2, 46,
	  "unknown word 'dynamic-ipv6-address-group'" },
	{ "fqdn and address", OK R "source address 10.0.0.1\n" R "source fqdn example.com\n", 3, 45,
	  "source has both address and fqdn" },
	{ "geoip and address", OK R "destination address 10.0.0.1\n" R "destination geoip country-code de\n", 3, 64,
	  "destination has both address and country-code" },
	{ "two groups", "set firewall group domain-group D address example.com\n"
	  "set firewall group remote-group D url http://example.com/l\n" OK
	  R "source group domain-group D\n" R "source group remote-group D\n", 5, 59,
	  "source has both domain-group and remote-group" },
	{ "inverse-match alone", OK R "source geoip inverse-match\n", 2, 46, "inverse-match needs geoip country-code" },
	{ "not a country", OK R "source geoip country-code deu\n", 2, 59, "a country code of two letters" },
	{ "not a domain", OK R "source fqdn a..b\n", 2, 45, "is not a domain name" },
	{ "not a domain in a group", "set firewall group domain-group D address -a\n", 1, 43, "is not a domain name" },
	{ "remote-group without url", "set firewall group remote-group D description x\n", 1, 33, "remote-group D has no url" },
	{ "not a url", "set firewall group remote-group D url example.com\n", 1, 39, "an http or https URL" },
	{ "add to no group", OK R "add-address-to-group source-address address-group D\n", 2, 83,
	  "there is no dynamic-group address-group D" },
	{ "add to a plain group", "set firewall group address-group D address 10.0.0.1\n" OK
	  R "add-address-to-group source-address address-group D\n", 3, 83, "there is no dynamic-group address-group D" },
	{ "timeout without group", OK R "add-address-to-group source-address timeout 5m\n", 2, 77,
	  "timeout needs address-group" },
	{ "timeout without unit", "set firewall group dynamic-group address-group D\n" OK
	  R "add-address-to-group source-address address-group D\n"
	  R "add-address-to-group source-address timeout 5\n", 4, 77, "a number and s, m, h or d" },
	{ "timeout 0", "set firewall group dynamic-group address-group D\n" OK
	  R "add-address-to-group source-address address-group D\n"
	  R "add-address-to-group source-address timeout 0s\n", 4, 77, "a number and s, m, h or d" },

	{ "a day that is none", OK R "time startdate 2026-02-29\n", 2, 48, "this month has no day 29" },
	{ "a date that is none", OK R "time stopdate tomorrow\n", 2, 47, "a date YYYY-MM-DD" },
	{ "a time that is none", OK R "time starttime 24:00\n", 2, 48, "a time of day hh:mm" },
	{ "another time that is none", OK R "time stoptime 7\n", 2, 47, "a time of day hh:mm" },
	{ "a weekday that is none", OK R "time weekdays Mon,Thx\n", 2, 47, "weekdays with commas" },
	{ "weekdays with and without !", OK R "time weekdays Mon,!Thu\n", 2, 47,
	  "! stands in front of the first day" },
	{ "no weekday", OK R "time weekdays !0,1,2,3,4,5,6\n", 2, 47, "leaves no day" },
	{ "time says nothing", OK R "time\n", 2, 33, "time says nothing" },
	{ "time utc alone", OK R "time utc\n", 2, 38, "time utc needs a date" },
	{ "no time of day", OK R "time starttime 08:00\n" R "time stoptime 08:00\n", 3, 47,
	  "nothing is between them" },
	{ "dates backwards", OK R "time startdate 2026-07-15\n" R "time stopdate 2026-07-15\n", 3, 47,
	  "ends before" },
	{ "moments backwards", OK R "time startdate 2026-07-15\n" R "time starttime 12:00\n"
	  R "time stopdate 2026-07-15\n" R "time stoptime 12:00\n", 4, 47, "ends before" },

	{ "mss without tcp", OK R "tcp mss 1400\n", 2, 41, "tcp mss needs protocol tcp" },
	{ "mss too large", OK R "protocol tcp\n" R "tcp mss 1-16385\n", 3, 41, "in 1-16384" },
	{ "helper", OK R "conntrack-helper irc\n", 2, 50, "tftp or sqlnet" },
	{ "gre without protocol", OK R "gre version gre\n", 2, 33, "gre needs protocol gre" },
	{ "gre says nothing", OK R "protocol gre\n" R "gre flags\n", 3, 37, "flags says nothing" },
	{ "gre key without flag", OK R "protocol gre\n" R "gre key 1\n", 3, 41,
	  "gre key needs gre flags checksum" },
	{ "gre key and no key", OK R "protocol gre\n" R "gre flags checksum\n" R "gre flags key unset\n"
	  R "gre key 1\n", 5, 41, "matches nothing" },
	{ "gre key of pptp", OK R "protocol gre\n" R "gre flags checksum unset\n" R "gre version pptp\n"
	  R "gre key 1\n", 5, 41, "does not exist in gre version pptp" },
	{ "gre inner-proto", OK R "protocol gre\n" R "gre inner-proto ipx\n", 3, 49,
	  "gretap or a number 0-65535" },
	{ "ipsec in both ways", OK R "ipsec match-ipsec-in\n" R "ipsec match-none-in\n", 3, 39,
	  "ipsec has both match-ipsec-in and match-none-in" },
	{ "ipsec out both ways", OK R "ipsec match-ipsec-out\n" R "ipsec match-none-out\n", 3, 39,
	  "ipsec has both match-ipsec-out and match-none-out" },
	{ "ipsec in in output", "set firewall ipv4 output filter rule 1 action drop\n"
	  "set firewall ipv4 output filter rule 1 ipsec match-none-in\n", 2, 46,
	  "ipsec match-none-in cannot stand in output filter" },
	{ "ipsec in, behind a jump of the output chain", "set firewall ipv4 output filter rule 1 action jump\n"
	  "set firewall ipv4 output filter rule 1 jump-target A\n" OK R "ipsec match-ipsec-in\n", 4, 39,
	  "output filter leads there" },
	{ "ipsec in, from the local zone", OK R "ipsec match-ipsec-in\n" "set firewall zone L local-zone\n"
	  "set firewall zone W member interface eth5\nset firewall zone W from L firewall name A\n", 2, 39,
	  "the way from zone L to W leads there" },
	{ "ipsec out, into the local zone", OK R "ipsec match-none-out\n" "set firewall zone L local-zone\n"
	  "set firewall zone W member interface eth5\nset firewall zone L default-firewall name A\n", 2, 39,
	  "the way from zone W to L leads there" },
	{ "set nothing", OK R "set\n", 2, 33, "set says nothing" },
	{ "set dscp", OK R "set dscp 64\n", 2, 42, "a number 0-63" },
	{ "set mss without tcp", OK R "set tcp-mss 1400\n", 2, 45, "set tcp-mss needs protocol tcp" },
	{ "set mss too small", OK R "protocol tcp\n" R "set tcp-mss 499\n", 3, 45, "a number 500-16384 or pmtu" },
	{ "set ttl on v6", OK6 R6 "set ttl 5\n", 2, 37, "ttl does not exist in an ipv6 rule" },

	/* actions and jumps */
	{ "no action", R "protocol tcp\n", 1, 31, "rule 1 of A has no action" },
	{ "jump without target", R "action jump\n", 1, 40, "action jump needs jump-target" },
	{ "target without jump", "set firewall ipv4 name B\n" OK R "jump-target B\n", 3, 45,
	  "jump-target needs action jump" },
	{ "unknown target", R "action jump\n" R "jump-target B\n", 2, 45, "there is no ipv4 ruleset B" },
	{ "target of the other family", "set firewall ipv6 name B\n" R "action jump\n"
	  R "jump-target B\n", 3, 45, "there is no ipv4 ruleset B" },
	{ "default jump without target", "set firewall ipv4 name A default-action jump\n", 1, 41,
	  "needs default-jump-target" },
	{ "default target without jump", "set firewall ipv4 name B\n"
	  "set firewall ipv4 name A default-jump-target B\n", 2, 46, "needs default-action jump" },
	{ "unknown default target", "set firewall ipv4 name A default-action jump\n"
	  "set firewall ipv4 name A default-jump-target B\n", 2, 46, "there is no ipv4 ruleset B" },
	{ "jump loop", "set firewall ipv4 name A default-action jump\n"
	  "set firewall ipv4 name A default-jump-target B\n"
	  "set firewall ipv4 name B rule 7 action jump\n"
	  "set firewall ipv4 name B rule 7 jump-target A\n", 4, 45, "A -> B -> A" },
	{ "jump to itself", R "action jump\n" R "jump-target A\n", 2, 45, "A -> A" },
	{ "base chain default", "set firewall ipv4 forward filter default-action reject\n", 1, 49,
	  "expected accept or drop" },

	/* options that would widen a rule */
	{ "empty source", OK R "source\n", 2, 33, "source says nothing" },
	{ "empty group", OK R "source group\n", 2, 40, "group says nothing" },
	{ "empty icmp", OK R "protocol icmp\n" R "icmp\n", 3, 33, "icmp says nothing" },
	{ "empty block", "firewall { ipv4 { name A { rule 1 { action accept\nstate { }\n} } } }\n",
	  2, 1, "state needs a value" },
	{ "burst without rate", OK R "limit burst 3\n", 2, 45, "limit burst needs limit rate" },
	{ "rate 0", OK R "limit rate 0/second\n", 2, 44, "must be 1 or more" },
	{ "rate unit", OK R "limit rate 5/week\n", 2, 44, "expected N/second" },
	{ "rate without unit", OK R "limit rate 5\n", 2, 44, "expected N/second" },
	{ "burst 0", OK R "limit rate 5/second\n" R "limit burst 0\n", 3, 45, "a number 1-" },
	{ "log-options without log", OK R "log-options level info\n", 2, 33, "log-options needs log" },
	{ "snapshot without group", OK R "log\n" R "log-options snapshot-length 100\n", 3, 61,
	  "snapshot-length needs log-options group" },
	{ "threshold without group", OK R "log\n" R "log-options queue-threshold 100\n", 3, 61,
	  "queue-threshold needs log-options group" },
	{ "nflog group range", OK R "log\n" R "log-options group 65536\n", 3, 51, "0-65535" },
	{ "snapshot range", OK R "log\n" R "log-options group 1\n" R "log-options snapshot-length 9001\n",
	  4, 61, "0-9000" },
	{ "log level", OK R "log\n" R "log-options level warning\n", 3, 51, "emerg" },
	{ "state word", OK R "state syn\n", 2, 39, "new, established" },

	/* references */
	{ "no such group", OK R "source group address-group G\n", 2, 60, "there is no address-group G" },
	{ "no such group negated", OK R "source group network-group !G\n", 2, 60, "there is no network-group G" },
	{ "v6 rule, v4 group", "set firewall group address-group G address 10.0.0.1\n"
	  OK6 R6 "source group address-group G\n", 3, 60, "there is no ipv6-address-group G" },
	{ "no such port-group", OK R "protocol tcp\n" R "source group port-group G\n", 3, 57, "there is no port-group G" },
	{ "no such interface-group", OK R "inbound-interface group G\n", 2, 57, "there is no interface-group G" },
	{ "two address kinds", "set firewall group address-group G address 10.0.0.1\n" OK
	  R "source address 10.0.0.1\n" R "source group address-group G\n", 4, 60,
	  "source has both address and address-group" },
	{ "two group kinds", "set firewall group address-group G address 10.0.0.1\n"
	  "set firewall group network-group N network 10.0.0.0/8\n" OK
	  R "destination group network-group N\n" R "destination group address-group G\n", 4, 65,
	  "destination has both address-group and network-group" },
	{ "interface name and group", "set firewall group interface-group G interface eth0\n" OK
	  R "inbound-interface name eth0\n" R "inbound-interface group G\n", 4, 57,
	  "inbound-interface has both name and group" },
	{ "inbound in output", "set firewall ipv4 output filter rule 1 action drop\n"
	  "set firewall ipv4 output filter rule 1 inbound-interface name eth0\n", 2, 63,
	  "inbound-interface does not exist in output filter" },
	{ "outbound in input", "set firewall ipv4 input filter rule 1 action drop\n"
	  "set firewall ipv4 input filter rule 1 outbound-interface name eth0\n", 2, 63,
	  "outbound-interface does not exist in input filter" },
	{ "unknown include", "set firewall group port-group P include Q\n", 1, 41,
	  "there is no port-group Q to include" },
	{ "circular include", "set firewall group port-group P include Q\n"
	  "set firewall group port-group Q include P\n", 2, 41, "P -> Q -> P" },
	{ "include itself", "set firewall group port-group P include P\n", 1, 41, "P -> P" },

	/* zones */
	{ "no member", "set firewall zone Y\n", 1, 19, "zone Y has no member" },
	{ "two local zones", "set firewall zone A local-zone\nset firewall zone B local-zone\n",
	  2, 21, "zone A is one already" },
	{ "local with members", "set firewall zone L local-zone\n"
	  "set firewall zone L member interface eth0\n", 2, 38, "cannot have members" },
	{ "local with intra", "set firewall zone L local-zone\n"
	  "set firewall zone L intra-zone-filtering action drop\n", 2, 21,
	  "cannot have intra-zone-filtering" },
	{ "from itself", "set firewall ipv4 name A\nset firewall zone Y member interface eth0\n"
	  "set firewall zone Y from Y firewall name A\n", 3, 26, "use intra-zone-filtering" },
	{ "interface twice", "set firewall zone A member interface eth0\n"
	  "set firewall zone B member interface eth0\n", 2, 38, "interface eth0 is in zone A already" },
	{ "wildcard twice", "set firewall zone A member interface eth1.*\n"
	  "set firewall zone B member interface eth1.*\n", 2, 38, "is in zone A already" },
	{ "vrf twice", "set firewall zone A member vrf red\n"
	  "set firewall zone B member vrf red\n", 2, 32, "VRF red is in zone A already" },
	{ "intra with both", "set firewall ipv4 name A\nset firewall zone Y member interface eth0\n"
	  "set firewall zone Y intra-zone-filtering action drop\n"
	  "set firewall zone Y intra-zone-filtering firewall name A\n", 4, 56, "both action and firewall" },
	{ "intra empty", "set firewall zone Y member interface eth0\n"
	  "set firewall zone Y intra-zone-filtering\n", 2, 21, "says nothing" },
	{ "unknown from zone", "set firewall ipv4 name A\nset firewall zone Y member interface eth0\n"
	  "set firewall zone Y from X firewall name A\n", 3, 26, "there is no zone X" },
	{ "unknown ruleset", "set firewall zone Y member interface eth0\n"
	  "set firewall zone Y from Z firewall name A\n", 2, 42, "there is no ipv4 ruleset A" },
	{ "unknown v6 ruleset", "set firewall ipv4 name A\nset firewall zone Y member interface eth0\n"
	  "set firewall zone Y from Z firewall ipv6-name A\n", 3, 47, "there is no ipv6 ruleset A" },
	{ "unknown default ruleset", "set firewall zone Y member interface eth0\n"
	  "set firewall zone Y default-firewall name A\n", 2, 43, "there is no ipv4 ruleset A" },
	{ "unknown zone after delete", "set firewall ipv4 name A\nset firewall zone X member interface eth0\n"
	  "set firewall zone Y member interface eth1\nset firewall zone Y from X firewall name A\n"
	  "delete firewall zone X\n", 4, 26, "there is no zone X" },
	{ "unknown group after delete", "set firewall group port-group P port 1\n" OK R "protocol tcp\n"
	  R "source group port-group P\ndelete firewall group port-group P\n", 4, 57, "there is no port-group P" },
	{ "unknown target after delete", "set firewall ipv4 name B\n" R "action jump\n" R "jump-target B\n"
	  "delete firewall ipv4 name B\n", 3, 45, "there is no ipv4 ruleset B" },
	{ "unknown include after delete", "set firewall group port-group P include Q\n"
	  "set firewall group port-group Q port 1\ndelete firewall group port-group Q\n", 1, 41,
	  "there is no port-group Q to include" },
	{ "unknown intra ruleset", "set firewall zone Y member interface eth0\n"
	  "set firewall zone Y intra-zone-filtering firewall ipv6-name A\n", 2, 61, "there is no ipv6 ruleset A" },
	{ "jump loop of three", "set firewall ipv6 name A rule 1 action jump\nset firewall ipv6 name A rule 1 jump-target B\n"
	  "set firewall ipv6 name B rule 1 action jump\nset firewall ipv6 name B rule 1 jump-target C\n"
	  "set firewall ipv6 name C rule 1 action jump\nset firewall ipv6 name C rule 1 jump-target A\n",
	  6, 45, "A -> B -> C -> A" },
	{ "from itself in braces", "firewall {\n zone Y {\n  member {\n   interface eth0\n  }\n  from Y {\n   firewall {\n"
	  "    name A\n   }\n  }\n }\n ipv4 {\n  name A {\n  }\n }\n}\n", 6, 8, "use intra-zone-filtering" },
	{ "two members in two zones", "set firewall zone A member interface eth1*\nset firewall zone B member interface eth1*\n"
	  "set firewall zone A member vrf r\nset firewall zone B member vrf r\n", 2, 38, "in zone A already", 2 },
	{ "port list backwards", OK R "protocol tcp\n" R "source port 5,9-8\n", 3, 45, "ends before it begins" },
	{ "range backwards v6", OK6 R6 "source address ::2-::1\n", 2, 48, "ends before it begins" },
	{ "range of two families", OK6 R6 "source address ::2-10.0.0.1\n", 2, 48, "bad value '::2-10.0.0.1'" },
	{ "member range backwards", "set firewall group address-group G address 10.0.0.9-10.0.0.1\n", 1, 44, "ends before it begins" },
	{ "port group range backwards", "set firewall group port-group P port 9-1\n", 1, 38, "ends before it begins" },
	{ "unknown after delete", "set firewall ipv4 name A\nset firewall zone Y member interface eth0\n"
	  "set firewall zone Y default-firewall name A\ndelete firewall ipv4 name A\n", 3, 43,
	  "there is no ipv4 ruleset A" },
	{ "zone action accept", "set firewall zone Y default-action accept\n", 1, 36,
	  "expected drop or reject" },

	/* global options */
	{ "state policy without action", "set firewall global-options state-policy invalid log\n", 1, 50,
	  "state-policy invalid has no action" },
	{ "empty state policy", "set firewall global-options state-policy invalid\n", 1, 42, "invalid says nothing" },
	{ "a switch that is neither", "set firewall global-options syn-cookies on\n", 1, 41, "enable or disable" },
	{ "timeout 0 seconds", "set firewall global-options timeout tcp close 0\n", 1, 47, "a number 1-21474836" },
	{ "timeout too large", "set firewall global-options timeout icmp 21474837\n", 1, 42, "a number 1-21474836" },
	{ "resolver-interval", "set firewall global-options resolver-interval 9\n", 1, 47, "a number 10-3600" },
	{ "empty switch", "set firewall global-options unassigned\n", 1, 29, "unassigned says nothing" },
	{ "log-limit off and rate", "set firewall global-options log-limit off\n"
	  "set firewall global-options log-limit rate 5/minute\n", 1, 39, "say one of them" },

	/* known and not enforced */
	{ "queue", R "action queue\n", 1, 40, "not enforced yet: action queue" },
	{ "offload", R "action offload\n" R "offload-target F\n", 2, 33, "not enforced yet: offload-target", 2 },
	{ "hop-limit on v4", OK R "hop-limit eq 5\n", 2, 33, "does not exist in an ipv4 rule" },
	{ "bridge", "set firewall bridge name B rule 1 action drop\n", 1, 26, "not enforced yet: bridge name B" },
	{ "bridge chain", "set firewall bridge forward filter rule 1 action drop\n", 1, 29, "bridge forward filter" },
	{ "prerouting", "set firewall ipv4 prerouting raw rule 1 action drop\n", 1, 30, "ipv4 prerouting raw" },
	{ "output raw", "set firewall ipv6 output raw rule 1 action drop\n", 1, 26, "ipv6 output raw" },
	{ "flowtable", "set firewall flowtable F interface eth0\n", 1, 24, "flowtable F" },
	{ "ipv6-source-validation", "set firewall global-options ipv6-source-validation strict\n", 1, 52,
	  "not enforced yet: global-options ipv6-source-validation strict" },
	{ "apply-to-bridged", "set firewall global-options apply-to-bridged-traffic ipv4\n", 1, 54,
	  "apply-to-bridged-traffic ipv4" },

	/* forms */
	{ "no set", "firewall zone Y\n", 1, 1, "expected set, delete or a block", .form = true },
	{ "another word with a semicolon", "comment; save\n", 1, 1, "unknown word 'comment;'", .form = true },
	{ "set alone", "set\n", 1, 1, "set needs a path", .form = true },
	{ "unclosed block", "firewall {\n  zone Y {\n", 1, 10, "never closed", 2, true },
	{ "closed twice", OK "}\n", 2, 1, "closes nothing", .form = true },
	{ "nameless block", OK "{\n}\n", 2, 1, "needs a name", .form = true },
	{ "bad block is one error", "firewall {\n  zonk Y {\n    a {\n      b\n    }\n  }\n}\n", 2, 3,
	  "unknown word 'zonk'" },

	/* old spellings that say nothing sensible */
	{ "zone-policy typo", "set zone-policy zon A\n", 1, 17, "expected zone" },
	{ "bad binding", "set interfaces ethernet eth0 firewall inn name A\n", 1, 39, "in, out, local" },
	{ "binding to nothing", "set interfaces ethernet eth0 firewall in name A\n", 1, 47,
	  "there is no ipv4 ruleset A" },
	{ "binding without an end", "set interfaces ethernet eth0 firewall\n", 1, 30, "a binding is: in, out or local" },
	{ "unbinding without an end", OK "delete interfaces ethernet eth0 firewall\n", 2, 33, "name the ruleset" },
	{ "in and out, a jump out of a bound ruleset", BOTH "set firewall name A rule 1 action jump\n"
	  "set firewall name A rule 1 jump-target C\nset firewall name C default-action drop\n", 6, 40,
	  "A is bound to an interface where in and out bindings judge in turn" },
	{ "in and out, a jump into a bound ruleset", BOTH "set firewall name C rule 1 action jump\n"
	  "set firewall name C rule 1 jump-target B\n", 6, 40, "B is bound to an interface" },
	{ "in and out, a default jump", BOTH "set firewall name C default-action jump\n"
	  "set firewall name C default-jump-target A\n", 6, 41, "no jump may lead into it or out of it" },
};

/*
 * What the language promises to refuse, item by item, and the row above that
 * shows it. An item about an option that is only known is due with the option.
 */
static const struct {
	const char *item, *row, *option;
} promised[] = {
	/* zones */
	{ "no member and not local", "no member" },
	{ "two local zones", "two local zones" },
	{ "local zone with members", "local with members" },
	{ "local zone with intra-zone-filtering", "local with intra" },
	{ "zone Z from Z", "from itself" },
	{ "an interface in two zones", "interface twice" },
	{ "a wildcard in two zones", "wildcard twice" },
	{ "a VRF in two zones", "vrf twice" },
	{ "intra-zone-filtering with action and ruleset", "intra with both" },
	{ "a zone that does not exist", "unknown from zone" },
	{ "a ruleset that does not exist", "unknown ruleset" },
	{ "a group that does not exist", "no such group" },
	{ "a zone that was deleted", "unknown zone after delete" },
	{ "a ruleset that was deleted", "unknown after delete" },
	{ "a group that was deleted", "unknown group after delete" },
	/* rules */
	{ "no action", "no action" },
	{ "jump without target", "jump without target" },
	{ "target without jump", "target without jump" },
	{ "jump loop", "jump loop" },
	{ "an option node with no child", "empty source" },
	{ "port without a protocol that has ports", "port without protocol" },
	{ "port-group without one", "port-group without protocol" },
	{ "port and port-group on a side", "port and port-group" },
	{ "two address kinds on a side", "two address kinds" },
	{ "fqdn with an address", "fqdn and address" },
	{ "geoip with an address", "geoip and address" },
	{ "tcp flags without tcp", "tcp flags without tcp" },
	{ "a flag both set and not set", "tcp flag both ways" },
	{ "icmp on v6", "icmp options on v6" },
	{ "icmpv6 on v4", "icmpv6 options on v4" },
	{ "icmp options without that protocol", "icmp without protocol" },
	{ "match-frag with match-non-frag", "both kinds of fragments", "fragment match-frag" },
	{ "log-options without log", "log-options without log" },
	{ "snapshot-length without group", "snapshot without group" },
	{ "queue-threshold without group", "threshold without group" },
	{ "recent without time", "recent without time" },
	{ "recent without count", "recent without count" },
	{ "rate below 1", "rate 0" },
	{ "interface name and group", "interface name and group" },
	{ "inbound-interface in an output chain", "inbound in output" },
	{ "outbound-interface in an input chain", "outbound in input" },
	{ "ipsec -in in an output chain", "ipsec in in output", "ipsec match-ipsec-in" },
	{ "range with lo > hi", "range backwards" },
	{ "prefix with host bits", "host bits" },
	{ "address of the other family", "other family" },
	{ "numbers out of range", "port 65536" },
	{ "gre key without its flag", "gre key without flag", "gre key" },
	/* groups */
	{ "unknown include", "unknown include" },
	{ "circular include", "circular include" },
	{ "remote-group without url", "remote-group without url" },
};

static bool is_enforced(const char *option)
{
	const struct zpf_schema *s = zpf_schema_root();
	char *copy = strdup(option), *save = NULL;

	s = zpf_schema_kid(zpf_schema_kid(s, "ipv4", 0), "name", 0);
	s = zpf_schema_kid(s->instance_of, "rule", 0)->instance_of;
	for (char *w = strtok_r(copy, " ", &save); w && s; w = strtok_r(NULL, " ", &save))
		s = zpf_schema_kid(s, w, 0);
	free(copy);
	assert_non_null(s);
	return !(s->flags & ZPF_S_UNENFORCED);
}

static void every_promise_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(promised); i++) {
		bool found = false;

		for (size_t k = 0; k < ARRAY_LEN(rows); k++)
			found |= !strcmp(rows[k].name, promised[i].row);
		if (!found && (!promised[i].option || is_enforced(promised[i].option)))
			fail_msg("%s: no row \"%s\" shows that it is refused",
				 promised[i].item, promised[i].row);
	}
}

static void refused(void **state)
{
	const struct row *row = *state;
	size_t errors = row->errors ? row->errors : 1;
	const struct zpf_diag_entry *e;
	struct job j = { 0 };

	job_text(&j, row->text);
	job_read(&j, BASE, strlen(BASE), "base");
	assert_null(job_compile(&j, 0));
	e = job_expect(&j, ZPF_DIAG_ERROR, row->line, row->col, row->part);
	assert_string_equal(e->where.file, "t");
	/* the path begins at the top and ends at the word, or before it */
	assert_int_equal(!e->path, row->form);
	if (e->path && strncmp(e->path, "firewall", 8) &&
	    strncmp(e->path, "interfaces ", 11) && strcmp(e->path, "zone-policy"))
		fail_msg("path %s", e->path);
	if (j.diag.n_errors != errors)
		zpf_diag_print(&j.diag, stderr);
	assert_int_equal(j.diag.n_errors, errors);
	job_end(&j);
}

static void all_errors_in_one_run(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, "set firewall ipv4 name A rule 1 acton drop\n"
		 "set firewall ipv4 name A rule 2 protocol tpc\n"
		 "set firewall ipv4 name A rule 2 action drop\n"
		 "set firewall ipv4 name A rule 3 source port 1\n"
		 "set firewall zone B from C firewall name D\n");
	assert_int_equal(j.ret, -1);
	assert_null(job_compile(&j, 0));
	job_expect(&j, ZPF_DIAG_ERROR, 1, 33, "acton");
	job_expect(&j, ZPF_DIAG_ERROR, 2, 42, "tpc");
	job_expect(&j, ZPF_DIAG_ERROR, 4, 31, "no action");
	job_expect(&j, ZPF_DIAG_ERROR, 4, 45, "port needs protocol");
	job_expect(&j, ZPF_DIAG_ERROR, 5, 19, "no member");
	job_expect(&j, ZPF_DIAG_ERROR, 5, 26, "no zone C");
	job_expect(&j, ZPF_DIAG_ERROR, 5, 42, "ruleset D");
	/* those that need the whole in the order of the text */
	for (size_t i = 3; i < j.diag.n; i++)
		assert_true(j.diag.entries[i].where.line >=
			    j.diag.entries[i - 1].where.line);
	/* nothing follows from what could not be read */
	assert_int_equal(j.diag.n_errors, 7);
	job_end(&j);
}

static void filters_nothing(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, OK);
	assert_null(job_compile(&j, 0));
	assert_non_null(strstr(j.diag.entries[0].message, "filters nothing"));
	zpf_diag_free(&j.diag);
	assert_non_null(job_compile(&j, ZPF_COMPILE_FORCE));
	job_text(&j, "set firewall ipv4 input filter default-action drop\n");
	assert_non_null(job_compile(&j, 0));
	job_end(&j);
}

static void path_is_named(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, BASE OK R "source port 80\n");
	assert_null(job_compile(&j, 0));
	assert_string_equal(j.diag.entries[0].path,
			    "firewall ipv4 name A rule 1 source port 80");
	job_end(&j);
}

/* A chain of n rulesets, each jumping to the next @times times. */
static char *chain(unsigned int n, unsigned int times)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	fprintf(out, "set firewall zone Z member interface eth0\n"
		"set firewall zone Z default-firewall name N0\n");
	for (unsigned int i = 0; i + 1 < n; i++)
		for (unsigned int k = 1; k <= times; k++)
			fprintf(out, "set firewall ipv4 name N%u rule %u action jump\n"
				"set firewall ipv4 name N%u rule %u jump-target N%u\n",
				i, k, i, k, i + 1);
	fprintf(out, "set firewall ipv4 name N%u default-action return\n", n - 1);
	fclose(out);
	return text;
}

static void jump_depth(void **state)
{
	struct job j = { 0 };
	char *text = chain(17, 1);

	(void)state;
	job_text(&j, text);
	assert_non_null(job_compile(&j, 0));
	free(text);
	job_end(&j);
	text = chain(18, 1);
	job_text(&j, text);
	assert_null(job_compile(&j, 0));
	assert_int_equal(j.diag.n_errors, 1);
	assert_non_null(strstr(j.diag.entries[0].message,
			       "jumps from N0 nest 17 deep; at most 16"));
	free(text);
	job_end(&j);
	/* far beyond: no stack is exhausted */
	text = chain(20000, 1);
	job_text(&j, text);
	assert_null(job_compile(&j, 0));
	free(text);
	job_end(&j);
}

static void jump_multiplies(void **state)
{
	struct job j = { 0 };
	char *text = chain(16, 2);

	(void)state;
	job_text(&j, text);
	assert_non_null(job_compile(&j, 0));
	free(text);
	job_end(&j);
	text = chain(13, 4);
	job_text(&j, text);
	assert_null(job_compile(&j, 0));
	assert_non_null(strstr(j.diag.entries[0].message,
			       "N12 alone is called 16777216 times"));
	free(text);
	job_end(&j);
}

static void caps_of_a_policy(void **state)
{
	struct job j = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	/* every zone judged by one ruleset of 700 rules: 80 * 80 * 701 */
	for (int z = 0; z < 80; z++)
		fprintf(out, "set firewall zone Z%d member interface eth%d\n"
			"set firewall zone Z%d default-firewall name A\n", z, z, z);
	for (int r = 1; r <= 700; r++)
		fprintf(out, "set firewall ipv4 name A rule %d action continue\n", r);
	fclose(out);
	job_text(&j, text);
	free(text);
	assert_null(job_compile(&j, 0));
	job_expect(&j, ZPF_DIAG_ERROR, 1, 5, "counters; at most 4194304");
	job_end(&j);

	out = open_memstream(&text, &len);
	for (int z = 0; z < 257; z++)
		fprintf(out, "set firewall zone Z%d member interface eth%d\n", z, z);
	fclose(out);
	job_text(&j, text);
	free(text);
	assert_null(job_compile(&j, 0));
	assert_non_null(strstr(j.diag.entries[0].message,
			       "there are 257 zones; at most 256"));
	job_end(&j);
}

static void skip_unenforced(void **state)
{
	struct job j = { 0 };

	(void)state;
	job_text(&j, BASE "set firewall zone Z default-firewall name A\n" OK
		 R "offload-target F\n"
		 "set firewall ipv4 name A rule 2 action drop\n"
		 "set firewall flowtable F interface eth0\n");
	assert_non_null(job_compile(&j, ZPF_COMPILE_SKIP_UNENFORCED));
	assert_int_equal(j.diag.n_errors, 0);
	job_expect(&j, ZPF_DIAG_WARNING, 4, 33,
		   "rule 1 of A is left out, because offload-target is not enforced yet");
	job_expect(&j, ZPF_DIAG_WARNING, 6, 24, "flowtable F");
	/* the rule is gone as a whole, never made wider */
	assert_int_equal(j.policy->n_rules, 1);
	assert_int_equal(j.policy->tables[0].n_rules, 2);
	assert_int_equal(j.policy->tables[0].rows[0].number, 2);
	job_end(&j);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_LEN(rows) + 16];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = refused, .initial_state = (void *)&rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_promise_has_a_row);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(all_errors_in_one_run);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(filters_nothing);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(path_is_named);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(jump_depth);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(jump_multiplies);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(caps_of_a_policy);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(skip_unenforced);
	return _cmocka_run_group_tests("refuse", tests, n, NULL, NULL);
}
