// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of the language (see schema.h). To add a match: a row here, a field
 * in struct zpf_rare, a line in flatten. FIELD() refuses to compile where the
 * kind of the row and the type of the field do not fit.
 */
#include <assert.h>
#include <stddef.h>
#include <linux/zpf.h>

#include "model.h"
#include "schema.h"

#define OBJ_FIREWALL	struct zpf_options
#define OBJ_ZONE	struct zpf_zone
#define OBJ_RULESET	struct zpf_ruleset
#define OBJ_CHAIN	struct zpf_ruleset
#define OBJ_RULE	struct zpf_rule
#define OBJ_RARE	struct zpf_rare
#define OBJ_SIDE	struct zpf_side
#define OBJ_GROUP_ADDRESS struct zpf_group
#define OBJ_GROUP_NETWORK struct zpf_group
#define OBJ_GROUP_ADDRESS6 struct zpf_group
#define OBJ_GROUP_NETWORK6 struct zpf_group
#define OBJ_GROUP_PORT	struct zpf_group
#define OBJ_GROUP_INTERFACE struct zpf_group
#define OBJ_GROUP_MAC	struct zpf_group
#define OBJ_GROUP_DOMAIN struct zpf_group
#define OBJ_GROUP_REMOTE struct zpf_group
#define OBJ_GROUP_DYNAMIC struct zpf_group
#define OBJ_GROUP_DYNAMIC6 struct zpf_group

#define ZPF_SCOPE_RARE	ZPF_SCOPE_RULE
#define ZPF_SCOPE_SIDE	ZPF_SCOPE_RULE

#define FITS(sc, k, f) (0 * sizeof(char[__builtin_types_compatible_p(	\
	ZPF_TYPE_##k, __typeof__(((OBJ_##sc *)0)->f)) ? 1 : -1]))

/* a statement with a field of the model */
#define ROW(sc, p, k, f, h, ...) {					\
	.scope = ZPF_SCOPE_##sc, .path = (p), .kind = ZPF_KIND_##k,	\
	.field = offsetof(OBJ_##sc, f) + FITS(sc, k, f), .help = (h),	\
	__VA_ARGS__ }
/* one few rules have: a field of struct zpf_rare */
#define RARE(p, k, f, h, ...)						\
	ROW(RARE, p, k, f, h, .part = ZPF_PART_RARE, __VA_ARGS__)
/* a statement that model reads by hand */
#define HAND(sc, p, k, h, ...) {					\
	.scope = ZPF_SCOPE_##sc, .path = (p), .kind = ZPF_KIND_##k,	\
	.help = (h), __VA_ARGS__ }
/* a statement that is known and not enforced */
#define KNOWN(sc, p, k, h, ...) {					\
	.scope = ZPF_SCOPE_##sc, .path = (p), .kind = ZPF_KIND_##k,	\
	.flags = ZPF_S_UNENFORCED, .help = (h), __VA_ARGS__ }
#define KNOWN_MULTI(sc, p, k, h, ...) {					\
	.scope = ZPF_SCOPE_##sc, .path = (p), .kind = ZPF_KIND_##k,	\
	.flags = ZPF_S_UNENFORCED | ZPF_S_MULTI, .help = (h), __VA_ARGS__ }

#define WORDS(w)	.words = zpf_words_##w
#define RANGE(a, b)	.lo = (a), .hi = (b)

const struct zpf_word zpf_words_action[] = {
	{ "accept", ZPF_ACTION_ACCEPT, false },
	{ "drop", ZPF_ACTION_DROP, false },
	{ "reject", ZPF_ACTION_REJECT, false },
	{ "return", ZPF_ACTION_RETURN, false },
	{ "jump", ZPF_ACTION_JUMP, false },
	{ "continue", ZPF_ACTION_CONTINUE, false },
	{ "queue", ZPF_ACTION_UNSPEC, true },
	{ "offload", ZPF_ACTION_UNSPEC, true },
	{ "synproxy", ZPF_ACTION_UNSPEC, true },
	{ "notrack", ZPF_ACTION_UNSPEC, true },
	{ NULL, 0, false }
};
static_assert(sizeof(zpf_words_action) / sizeof(zpf_words_action[0]) ==
	      ZPF_ACTION_MAX + 5, "every action of the kernel has a word");

const struct zpf_word zpf_words_default[] = {
	{ "accept", ZPF_ACTION_ACCEPT, false },
	{ "drop", ZPF_ACTION_DROP, false },
	{ "reject", ZPF_ACTION_REJECT, false },
	{ "return", ZPF_ACTION_RETURN, false },
	{ "jump", ZPF_ACTION_JUMP, false },
	{ "continue", ZPF_ACTION_CONTINUE, false },
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_chain[] = {
	{ "accept", ZPF_ACTION_ACCEPT, false },
	{ "drop", ZPF_ACTION_DROP, false },
	{ "jump", ZPF_ACTION_UNSPEC, true },	/* of raw chains */
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_verdict[] = {
	{ "accept", ZPF_ACTION_ACCEPT, false },
	{ "drop", ZPF_ACTION_DROP, false },
	{ "reject", ZPF_ACTION_REJECT, false },
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_zone[] = {
	{ "drop", ZPF_ACTION_DROP, false },
	{ "reject", ZPF_ACTION_REJECT, false },
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_intra[] = {
	{ "accept", ZPF_ACTION_ACCEPT, false },
	{ "drop", ZPF_ACTION_DROP, false },
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_level[] = {
	{ "emerg", 0, false }, { "alert", 1, false }, { "crit", 2, false },
	{ "err", 3, false }, { "warn", 4, false }, { "notice", 5, false },
	{ "info", 6, false }, { "debug", 7, false },
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_state[] = {
	{ "new", ZPF_STATE_NEW, false },
	{ "established", ZPF_STATE_ESTABLISHED, false },
	{ "related", ZPF_STATE_RELATED, false },
	{ "invalid", ZPF_STATE_INVALID, false },
	{ NULL, 0, false }
};

/* bits as in the TCP header */
const struct zpf_word zpf_words_tcp_flag[] = {
	{ "fin", 1, false }, { "syn", 2, false }, { "rst", 4, false },
	{ "psh", 8, false }, { "ack", 16, false }, { "urg", 32, false },
	{ "ecn", 64, false }, { "cwr", 128, false },
	{ NULL, 0, false }
};

/* bits of ZPF_NUM_CT_NAT */
const struct zpf_word zpf_words_nat[] = {
	{ "source", 1, false }, { "destination", 2, false },
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_helper[] = {
	{ "ftp", ZPF_HELPER_FTP, false },
	{ "h323", ZPF_HELPER_H323, false },
	{ "pptp", ZPF_HELPER_PPTP, false },
	{ "nfs", ZPF_HELPER_NFS, false },
	{ "rtsp", ZPF_HELPER_RTSP, false },
	{ "sip", ZPF_HELPER_SIP, false },
	{ "tftp", ZPF_HELPER_TFTP, false },
	{ "sqlnet", ZPF_HELPER_SQLNET, false },
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_ethertype[] = {
	{ "ip", 0x0800, false }, { "ip6", 0x86dd, false },
	{ "arp", 0x0806, false }, { "802.1q", 0x8100, false },
	{ "802.1ad", 0x88a8, false }, { "gretap", 0x6558, false },
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_gre_version[] = {
	{ "gre", 0, false }, { "pptp", 1, false },
	{ NULL, 0, false }
};

/* as in linux/if_packet.h */
const struct zpf_word zpf_words_pkttype[] = {
	{ "host", 0, false }, { "broadcast", 1, false },
	{ "multicast", 2, false }, { "other", 3, false },
	{ NULL, 0, false }
};

/* seconds */
const struct zpf_word zpf_words_recent[] = {
	{ "second", 1, false }, { "minute", 60, false }, { "hour", 3600, false },
	{ NULL, 0, false }
};

const struct zpf_word zpf_words_switch[] = {
	{ "enable", 1, false }, { "disable", 0, false },
	{ NULL, 0, false }
};

/* as rp_filter has them */
const struct zpf_word zpf_words_rpf[] = {
	{ "strict", 1, false }, { "loose", 2, false }, { "disable", 0, false },
	{ NULL, 0, false }
};

/* for which the kernel has no setting */
const struct zpf_word zpf_words_rpf6[] = {
	{ "disable", 0, false }, { "strict", 1, true }, { "loose", 2, true },
	{ NULL, 0, false }
};

#define SWITCH(word, name, h)						\
	ROW(FIREWALL, "global-options " word, WORD,			\
	    sysctl[ZPF_SYSCTL_##name], h, WORDS(switch))

#define TIMEOUT(word, name, h)						\
	ROW(FIREWALL, "global-options timeout " word, NUM,		\
	    timeout[ZPF_TIMEOUT_##name], "seconds " h, RANGE(1, 21474836))

#define STATE_POLICY(st, f, what)					\
	ROW(FIREWALL, "global-options state-policy " st " action", WORD, \
	    f.action, "what happens to " what " packets", WORDS(verdict)), \
	ROW(FIREWALL, "global-options state-policy " st " log", FLAG,	\
	    f.log, "log " what " packets"),				\
	ROW(FIREWALL, "global-options state-policy " st " log-level", WORD, \
	    f.level, "syslog level", WORDS(level))

#define SIDE(side, f, where)						\
	ROW(SIDE, side " address", ADDR, addr, side " address",		\
	    .part = ZPF_PART_##where),					\
	ROW(SIDE, side " port", PORTS, port, side " port",		\
	    .part = ZPF_PART_##where),					\
	ROW(SIDE, side " group address-group", GROUPREF, addr_group,	\
	    "addresses of a group", .part = ZPF_PART_##where),		\
	ROW(SIDE, side " group network-group", GROUPREF, net_group,	\
	    "networks of a group", .part = ZPF_PART_##where),		\
	ROW(SIDE, side " group port-group", GROUPREF, port_group,	\
	    "ports of a group", .part = ZPF_PART_##where),		\
	RARE( side " address-mask", ADDRMASK, f.mask,		\
	    "bits of the address that are compared"),			\
	RARE( side " mac-address", NOTMAC, f.mac, side " MAC address"), \
	RARE( side " group mac-group", GROUPREF, f.mac_group,	\
	    "MAC addresses of a group"),				\
	RARE( side " group domain-group", GROUPREF, f.domain_group,	\
	    "addresses of names"),					\
	RARE( side " group remote-group", GROUPREF, f.remote_group,	\
	    "addresses of a list kept elsewhere"),			\
	RARE( side " group dynamic-address-group", GROUPREF,	\
	    f.dynamic_group, "addresses rules have added"),		\
	HAND(RULE, side " group ipv4-address-group|ipv4-network-group"	\
	     "|ipv6-address-group|ipv6-network-group", GROUPREF,	\
	     "addresses in bridged frames",				\
	     .flags = ZPF_S_UNENFORCED | ZPF_S_BRIDGE),			\
	RARE( side " fqdn", DOMAINREF, f.fqdn, "addresses of a name"), \
	RARE( side " geoip country-code", COUNTRY, f.country,	\
	    "addresses of countries", .flags = ZPF_S_MULTI),		\
	RARE( side " geoip inverse-match", FLAG, f.country_not,	\
	    "addresses of other countries")

#define ADD_ADDRESS(side, f)						\
	RARE( "add-address-to-group " side " address-group", GROUP,	\
	    f.group, "dynamic group that gets it"),			\
	RARE( "add-address-to-group " side " timeout", TIME, f.timeout, \
	    "for how long")

#define GRE_FLAG(word, i)						\
	RARE( "gre flags " word, FLAG, gre_flag[i],			\
	    "header has a " word),					\
	RARE( "gre flags " word " unset", FLAG, gre_unset[i],	\
	    "header has no " word)

#define TTL(word, what, fam)						\
	RARE( word " eq", NUM, ttl_eq, what " equal to",		\
	    RANGE(0, 255), .flags = (fam)),				\
	RARE( word " gt", NUM, ttl_gt, what " greater than",	\
	    RANGE(0, 254), .flags = (fam)),				\
	RARE( word " lt", NUM, ttl_lt, what " less than",		\
	    RANGE(1, 255), .flags = (fam))

#define GROUP(sc, word, leaf, k, h)					\
	HAND(FIREWALL, "group " word " <group>", NODE, h,		\
	     .sub = ZPF_SCOPE_##sc),					\
	ROW(sc, "description", TEXT, description, "what it is for"),	\
	HAND(sc, "include", GROUP, "members of another " word,		\
	     .flags = ZPF_S_MULTI),					\
	HAND(sc, leaf, k, "a member", .flags = ZPF_S_MULTI)

static const struct zpf_schema_row rows[] = {
	/* ---- objects ---- */
	HAND(FIREWALL, "zone <zone>", NODE, "a zone", .sub = ZPF_SCOPE_ZONE),
	HAND(FIREWALL, "ipv4|ipv6 name <ruleset>", NODE, "a ruleset",
	     .sub = ZPF_SCOPE_RULESET),
	HAND(FIREWALL, "ipv4|ipv6 forward|input|output filter", NODE,
	     "a base chain", .sub = ZPF_SCOPE_CHAIN),
	KNOWN(FIREWALL, "ipv4|ipv6 prerouting|output raw", NODE,
	      "a chain before connection tracking", .sub = ZPF_SCOPE_CHAIN),
	KNOWN(FIREWALL, "bridge forward|input|output|prerouting filter", NODE,
	      "a base chain for bridged frames", .sub = ZPF_SCOPE_CHAIN),
	KNOWN(FIREWALL, "bridge name <ruleset>", NODE,
	      "a ruleset for bridged frames", .sub = ZPF_SCOPE_RULESET),
	KNOWN(FIREWALL, "options interface <name> adjust-mss|adjust-mss6",
	      OTHER, "MSS clamping of 1.3"),
	KNOWN(FIREWALL, "options interface <name> disable", FLAG,
	      "MSS clamping of 1.3"),
	KNOWN(FIREWALL, "flowtable <name>", NODE, "a flowtable"),
	KNOWN_MULTI(FIREWALL, "flowtable <name> interface", IFNAME, "interface"),
	KNOWN(FIREWALL, "flowtable <name> offload|description", OTHER,
	      "flowtable setting"),

	/* ---- groups ---- */
	GROUP(GROUP_ADDRESS, "address-group", "address", MEMBER4,
	      "IPv4 addresses"),
	GROUP(GROUP_NETWORK, "network-group", "network", PREFIX4,
	      "IPv4 networks"),
	GROUP(GROUP_ADDRESS6, "ipv6-address-group", "address", MEMBER6,
	      "IPv6 addresses"),
	GROUP(GROUP_NETWORK6, "ipv6-network-group", "network", PREFIX6,
	      "IPv6 networks"),
	GROUP(GROUP_PORT, "port-group", "port", PORT, "ports"),
	GROUP(GROUP_INTERFACE, "interface-group", "interface", IFNAME,
	      "interfaces"),
	GROUP(GROUP_MAC, "mac-group", "mac-address", MAC, "MAC addresses"),
	HAND(FIREWALL, "group domain-group <group>", NODE, "domain names",
	     .sub = ZPF_SCOPE_GROUP_DOMAIN),
	ROW(GROUP_DOMAIN, "description", TEXT, description,
	    "what it is for"),
	HAND(GROUP_DOMAIN, "address", DOMAIN, "a domain name",
	     .flags = ZPF_S_MULTI),
	HAND(FIREWALL, "group remote-group <group>", NODE,
	     "addresses of a list kept elsewhere",
	     .sub = ZPF_SCOPE_GROUP_REMOTE),
	ROW(GROUP_REMOTE, "description", TEXT, description,
	    "what it is for"),
	ROW(GROUP_REMOTE, "url", URL, url, "where it is kept"),
	HAND(FIREWALL, "group dynamic-group address-group <group>", NODE,
	     "IPv4 addresses rules add", .sub = ZPF_SCOPE_GROUP_DYNAMIC),
	ROW(GROUP_DYNAMIC, "description", TEXT, description,
	    "what it is for"),
	HAND(FIREWALL, "group dynamic-group ipv6-address-group <group>", NODE,
	     "IPv6 addresses rules add", .sub = ZPF_SCOPE_GROUP_DYNAMIC6),
	ROW(GROUP_DYNAMIC6, "description", TEXT, description,
	    "what it is for"),

	/* ---- global options ---- */
	STATE_POLICY("established", established, "established"),
	STATE_POLICY("related", related, "related"),
	STATE_POLICY("invalid", invalid, "invalid"),
	ROW(FIREWALL, "global-options log-limit rate", RATE, log_rate,
	    "lines of one log site", .flags = ZPF_S_OURS),
	ROW(FIREWALL, "global-options log-limit burst", NUM, log_burst,
	    "lines at once", RANGE(1, UINT32_MAX), .flags = ZPF_S_OURS),
	ROW(FIREWALL, "global-options log-limit off", FLAG, log_off,
	    "no limit", .flags = ZPF_S_OURS),
	ROW(FIREWALL, "global-options unassigned accept", FLAG,
	    unassigned_accept, "zone members reach interfaces in no zone",
	    .flags = ZPF_S_OURS),
	ROW(FIREWALL, "global-options neighbour-discovery filter", FLAG,
	    filter_nd, "rules judge neighbour discovery too",
	    .flags = ZPF_S_OURS),
	ROW(FIREWALL, "global-options router-errors filter", FLAG,
	    filter_errors, "rules judge ICMP errors of the router too",
	    .flags = ZPF_S_OURS),
	SWITCH("all-ping", ALL_PING, "answer pings"),
	SWITCH("broadcast-ping", BROADCAST_PING, "answer pings to broadcast"),
	SWITCH("directed-broadcast", DIRECTED_BROADCAST,
	       "forward broadcasts of a network"),
	SWITCH("ip-src-route", IP_SRC_ROUTE, "take IPv4 source routes"),
	SWITCH("ipv6-receive-redirects", IPV6_REDIRECTS,
	       "take IPv6 redirects"),
	SWITCH("ipv6-src-route", IPV6_SRC_ROUTE, "take IPv6 routing headers"),
	SWITCH("log-martians", LOG_MARTIANS,
	       "the kernel logs impossible addresses"),
	SWITCH("receive-redirects", REDIRECTS, "take IPv4 redirects"),
	SWITCH("send-redirects", SEND_REDIRECTS, "send IPv4 redirects"),
	SWITCH("syn-cookies", SYN_COOKIES, "SYN cookies of the router's own TCP"),
	SWITCH("twa-hazards-protection", TWA_HAZARDS,
	       "RFC 1337 for the router's own TCP"),
	ROW(FIREWALL, "global-options source-validation", WORD,
	    sysctl[ZPF_SYSCTL_SOURCE_VALIDATION],
	    "packets whose source is not routed back", WORDS(rpf)),
	ROW(FIREWALL, "global-options ipv6-source-validation", WORD,
	    source_validation6, "the same for IPv6", WORDS(rpf6)),
	HAND(FIREWALL, "global-options resolver-cache", FLAG,
	     "of who fills domain groups: keep the last answer",
	     .flags = ZPF_S_MUTE),
	HAND(FIREWALL, "global-options resolver-interval", NUM,
	     "of who fills domain groups: seconds", RANGE(10, 3600),
	     .flags = ZPF_S_MUTE),
	KNOWN(FIREWALL, "global-options apply-to-bridged-traffic ipv4|ipv6",
	      FLAG, "judge bridged packets"),
	KNOWN_MULTI(FIREWALL, "global-options apply-to-bridged-traffic "
		    "accept-invalid ethernet-type", OTHER,
		    "invalid bridged packets"),
	KNOWN(FIREWALL, "global-options apply-to-bridged-traffic "
	      "invalid-connections", FLAG, "invalid bridged packets"),
	TIMEOUT("icmp", ICMP, "of an ICMP exchange"),
	TIMEOUT("other", OTHER, "of other protocols"),
	TIMEOUT("tcp close", TCP_CLOSE, "in CLOSE"),
	TIMEOUT("tcp close-wait", TCP_CLOSE_WAIT, "in CLOSE-WAIT"),
	TIMEOUT("tcp established", TCP_ESTABLISHED, "in ESTABLISHED"),
	TIMEOUT("tcp fin-wait", TCP_FIN_WAIT, "in FIN-WAIT"),
	TIMEOUT("tcp last-ack", TCP_LAST_ACK, "in LAST-ACK"),
	TIMEOUT("tcp syn-recv", TCP_SYN_RECV, "in SYN-RECV"),
	TIMEOUT("tcp syn-sent", TCP_SYN_SENT, "in SYN-SENT"),
	TIMEOUT("tcp time-wait", TCP_TIME_WAIT, "in TIME-WAIT"),
	TIMEOUT("udp other", UDP_OTHER, "of a UDP packet without answer"),
	TIMEOUT("udp stream", UDP_STREAM, "of a UDP exchange"),

	/* ---- zones ---- */
	HAND(ZONE, "member interface", IFNAME, "interface in the zone",
	     .flags = ZPF_S_MULTI),
	HAND(ZONE, "member vrf", VRF, "VRF in the zone",
	     .flags = ZPF_S_MULTI),
	ROW(ZONE, "local-zone", FLAG, local, "the router itself"),
	ROW(ZONE, "default-action", WORD, default_action,
	    "for what no ruleset judges", WORDS(zone)),
	ROW(ZONE, "default-log", FLAG, default_log,
	    "log what the default action drops"),
	ROW(ZONE, "description", TEXT, description, "what it is for"),
	HAND(ZONE, "from <zone>", NODE, "traffic from another zone"),
	HAND(ZONE, "from <zone> firewall name", RULESET, "IPv4 ruleset"),
	HAND(ZONE, "from <zone> firewall ipv6-name", RULESET, "IPv6 ruleset"),
	ROW(ZONE, "default-firewall name", RULESET, default_name[ZPF_FAM4],
	    "IPv4 ruleset where no `from` names one"),
	ROW(ZONE, "default-firewall ipv6-name", RULESET,
	    default_name[ZPF_FAM6], "IPv6 ruleset where no `from` names one"),
	ROW(ZONE, "intra-zone-filtering action", WORD, intra_action,
	    "between interfaces of the zone", WORDS(intra)),
	ROW(ZONE, "intra-zone-filtering firewall name", RULESET,
	    intra_name[ZPF_FAM4], "IPv4 ruleset inside the zone"),
	ROW(ZONE, "intra-zone-filtering firewall ipv6-name", RULESET,
	    intra_name[ZPF_FAM6], "IPv6 ruleset inside the zone"),

	/* ---- rulesets and base chains ---- */
	ROW(RULESET, "default-action", WORD, default_action,
	    "where no rule decides", WORDS(default)),
	ROW(RULESET, "default-jump-target", RULESET, default_jump,
	    "ruleset of default-action jump"),
	ROW(RULESET, "default-log", FLAG, default_log,
	    "log what the default decides", .flags = ZPF_S_MUTE),
	ROW(RULESET, "description", TEXT, description, "what it is for",
	    .flags = ZPF_S_MUTE),
	HAND(RULESET, "rule <number>", NODE, "a rule",
	     RANGE(1, ZPF_MAX_RULE_NUMBER), .sub = ZPF_SCOPE_RULE),
	ROW(CHAIN, "default-action", WORD, default_action,
	    "where no rule decides", WORDS(chain)),
	ROW(CHAIN, "default-log", FLAG, default_log,
	    "log what the default decides", .flags = ZPF_S_MUTE),
	ROW(CHAIN, "description", TEXT, description, "what it is for",
	    .flags = ZPF_S_MUTE),
	KNOWN(CHAIN, "default-jump-target", RULESET,
	      "ruleset of default-action jump"),
	HAND(CHAIN, "rule <number>", NODE, "a rule",
	     RANGE(1, ZPF_MAX_RULE_NUMBER), .sub = ZPF_SCOPE_RULE),

	/* ---- rules ---- */
	ROW(RULE, "action", WORD, action, "what happens", WORDS(action)),
	ROW(RULE, "jump-target", RULESET, jump_target,
	    "ruleset of action jump"),
	ROW(RULE, "description", TEXT, description, "what it is for",
	    .flags = ZPF_S_MUTE),
	ROW(RULE, "disable", FLAG, disable, "not enforced"),
	ROW(RULE, "log", FLAG, log, "log what matches", .flags = ZPF_S_MUTE),
	RARE( "log-options level", WORD, log_level, "syslog level",
	    WORDS(level), .flags = ZPF_S_MUTE),
	RARE( "log-options group", NUM, log_group, "NFLOG group",
	    RANGE(0, 65535), .flags = ZPF_S_MUTE),
	RARE( "log-options snapshot-length", NUM, log_snaplen,
	    "bytes of packet for NFLOG", RANGE(0, 9000), .flags = ZPF_S_MUTE),
	RARE( "log-options queue-threshold", NUM, log_qthreshold,
	    "packets NFLOG collects", RANGE(0, 65535), .flags = ZPF_S_MUTE),
	ROW(RULE, "state", MASK, state, "connection state", WORDS(state),
	    .flags = ZPF_S_MULTI),
	ROW(RULE, "protocol", PROTO, protocol, "IP protocol"),
	SIDE("source", source, SOURCE),
	SIDE("destination", destination, DESTINATION),
	RARE( "inbound-interface name", IFMATCH, in_name,
	    "interface it came in by"),
	RARE( "inbound-interface group", GROUPREF, in_group,
	    "interfaces of a group"),
	RARE( "outbound-interface name", IFMATCH, out_name,
	    "interface it leaves by"),
	RARE( "outbound-interface group", GROUPREF, out_group,
	    "interfaces of a group"),
	RARE( "icmp type-name", ICMP4, icmp_name, "ICMP type by name",
	    .flags = ZPF_S_V4),
	RARE( "icmp type", NUM, icmp_type, "ICMP type", RANGE(0, 255),
	    .flags = ZPF_S_V4),
	RARE( "icmp code", NUM, icmp_code, "ICMP code", RANGE(0, 255),
	    .flags = ZPF_S_V4),
	RARE( "icmpv6 type-name", ICMP6, icmp_name,
	    "ICMPv6 type by name", .flags = ZPF_S_V6),
	RARE( "icmpv6 type", NUM, icmp_type, "ICMPv6 type",
	    RANGE(0, 255), .flags = ZPF_S_V6),
	RARE( "icmpv6 code", NUM, icmp_code, "ICMPv6 code",
	    RANGE(0, 255), .flags = ZPF_S_V6),
	RARE( "tcp flags syn|ack|fin|rst|urg|psh|ecn|cwr", SELF, tcp_set,
	    "flag that is set", WORDS(tcp_flag)),
	RARE( "tcp flags not syn|ack|fin|rst|urg|psh|ecn|cwr", SELF,
	    tcp_not, "flag that is not set", WORDS(tcp_flag)),
	RARE( "limit rate", RATE, limit_rate, "matches at most so often"),
	RARE( "limit burst", NUM, limit_burst, "matches at once",
	    RANGE(1, UINT32_MAX)),
	RARE( "recent count", NUM, recent_count,
	    "a source has sent more packets than these", RANGE(1, 255)),
	RARE( "recent time", WORD, recent_time, "in this time",
	    WORDS(recent)),
	ADD_ADDRESS("source-address", add_source),
	ADD_ADDRESS("destination-address", add_destination),
	TTL("ttl", "time to live", ZPF_S_V4),
	TTL("hop-limit", "hop limit", ZPF_S_V6),
	RARE( "connection-status nat", CODE, ct_nat,
	    "side of the connection that is translated", WORDS(nat)),
	RARE( "connection-mark", SPAN, ct_mark, "mark of the connection",
	    RANGE(0, INT32_MAX), .flags = ZPF_S_MULTI),
	RARE( "mark", NOTSPAN, mark, "mark of the packet",
	    RANGE(0, INT32_MAX)),
	RARE( "packet-length", SPAN, length,
	    "bytes of the packet; IPv6: of its payload", RANGE(1, 65535),
	    .flags = ZPF_S_MULTI),
	RARE( "packet-length-exclude", SPAN, length_not,
	    "any other length", RANGE(1, 65535), .flags = ZPF_S_MULTI),
	RARE( "packet-type", CODE, pkttype, "how the frame was addressed",
	    WORDS(pkttype)),
	RARE( "dscp", SPAN, dscp, "DSCP value", RANGE(0, 63),
	    .flags = ZPF_S_MULTI),
	RARE( "dscp-exclude", SPAN, dscp_not, "any other DSCP value",
	    RANGE(0, 63), .flags = ZPF_S_MULTI),
	RARE( "fragment match-frag", FLAG, frag, "came in fragments"),
	RARE( "fragment match-non-frag", FLAG, no_frag, "came in one piece"),
	RARE( "conntrack-helper", CODE, helper,
	    "helper that expected the connection", WORDS(helper),
	    .flags = ZPF_S_MULTI),
	RARE( "tcp mss", SPAN, mss, "segment size a SYN announces",
	    RANGE(1, 16384)),
	RARE( "ipsec match-ipsec-in", FLAG, ipsec_in, "came out of IPsec"),
	RARE( "ipsec match-none-in", FLAG, ipsec_no_in,
	    "did not come out of IPsec"),
	RARE( "ipsec match-ipsec-out", FLAG, ipsec_out,
	    "will go into IPsec"),
	RARE( "ipsec match-none-out", FLAG, ipsec_no_out,
	    "will not go into IPsec"),
	GRE_FLAG("checksum", 0),
	GRE_FLAG("key", 1),
	GRE_FLAG("sequence", 2),
	RARE( "gre key", NUM, gre_key, "key in the GRE header",
	    RANGE(0, UINT32_MAX)),
	RARE( "gre inner-proto", CODENUM, gre_proto,
	    "EtherType of what is inside", RANGE(0, 65535), WORDS(ethertype)),
	RARE( "gre version", CODE, gre_version, "plain, or of PPTP",
	    WORDS(gre_version)),
	RARE( "time startdate", DATE, startdate,
	    "from this day on, at starttime"),
	RARE( "time stopdate", DATE, stopdate,
	    "until this day, at stoptime or 00:00"),
	RARE( "time starttime", DAYTIME, starttime,
	    "without startdate: every day from then on"),
	RARE( "time stoptime", DAYTIME, stoptime,
	    "without stopdate: every day until then, or the day after"),
	RARE( "time weekdays", WEEKDAYS, weekdays, "only on these days"),
	RARE( "time utc", FLAG, time_utc,
	    "by clocks that show UTC, not the machine's local time"),
	RARE( "set dscp", NUM, set_dscp, "give it this DSCP value",
	    RANGE(0, 63)),
	RARE( "set mark", NUM, set_mark, "give it this mark",
	    RANGE(0, INT32_MAX)),
	RARE( "set connection-mark", NUM, set_ct_mark,
	    "give its connection this mark", RANGE(0, INT32_MAX)),
	RARE( "set tcp-mss", MSS, set_mss,
	    "lower the segment size a SYN announces"),
	RARE( "set ttl", NUM, set_ttl, "give it this time to live",
	    RANGE(0, 255), .flags = ZPF_S_V4),
	RARE( "set hop-limit", NUM, set_ttl, "give it this hop limit",
	    RANGE(0, 255), .flags = ZPF_S_V6),
	HAND(RULE, "last-used", FLAG, "always on", .flags = ZPF_S_MUTE),

	KNOWN(RULE, "queue", OTHER, "user space queue"),
	KNOWN_MULTI(RULE, "queue-options", OTHER, "user space queue"),
	KNOWN(RULE, "offload-target", OTHER, "flowtable of action offload"),
	KNOWN(RULE, "synproxy tcp mss|window-scale", OTHER, "SYN proxy"),
	KNOWN(RULE, "vlan id|priority|ethernet-type", OTHER,
	      "VLAN of a bridged frame"),
	KNOWN(RULE, "ethernet-type", OTHER, "type of a bridged frame"),
};

/**
 * zpf_schema_rows() - the rows of the language
 * @n: gets their number
 */
const struct zpf_schema_row *zpf_schema_rows(size_t *n)
{
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
