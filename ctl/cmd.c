// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands, and how a command says that it failed: see cmd.h.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>

#include "cmd.h"
#include "xmem.h"

#define ZPF_READ_OPTS (ZPF_OPT_SKIP_UNENFORCED | ZPF_OPT_FORCE)
#define ZPF_LOAD_OPTS (ZPF_READ_OPTS | ZPF_OPT_CONFIRM | ZPF_OPT_REMATCH)

const struct zpf_command zpf_cmds[] = {
	{ "load", NULL, zpf_cmd_load, ZPF_LOAD_OPTS, 1, INT_MAX,
	  "FILE...|- [--skip-unenforced] [--force] [--confirm TIME]",
	  "read a configuration, check it, swap it in atomically" },
	{ "merge", NULL, zpf_cmd_merge, ZPF_LOAD_OPTS, 1, INT_MAX,
	  "FILE...|- [--skip-unenforced] [--force] [--confirm TIME]",
	  "the same, onto the running configuration" },
	{ "check", NULL, zpf_cmd_check, ZPF_READ_OPTS, 1, INT_MAX,
	  "FILE...|- [--skip-unenforced] [--force]",
	  "read and check only: no kernel module, no privilege" },
	{ "test", NULL, zpf_cmd_test, ZPF_OPT_CONFIG, 1, INT_MAX,
	  "[--config FILE] from ZONE|in IF to ZONE|out IF proto P src A dst B [sport N] [dport N] [icmp T[/C]] [flags F,F] [state S] [ttl N] [dscp N] [length N] [mark N] [ct-mark N] [mac M] [dst-mac M] [mss N] [spi N] [helper H] [frag] [ipsec] [ipsec-out] [packet-type T] [nat N] [time WHEN] [gre-flags F,F] [gre-key N] [gre-proto N] [gre-version N] | -",
	  "the verdict for a packet that is only thought of, rule by rule" },
	{ "diagnose", "vpn", zpf_cmd_diagnose_vpn, ZPF_OPT_CONFIG, 5, 9,
	  "globalprotect|ikev2|wireguard|openvpn from ZONE to ZONE [client A] [server A] [--config FILE]",
	  "why a VPN does not work, and the rules that are missing" },
	{ "show", "zones", zpf_cmd_show_zones, ZPF_OPT_WATCH, 0, 0,
	  "", "zones, their members, default action; unassigned interfaces" },
	{ "show", "matrix", zpf_cmd_show_matrix, ZPF_OPT_WATCH, 0, 0,
	  "", "zone by zone: ruleset, packets accepted and dropped" },
	{ "show", "counters", zpf_cmd_show_counters, ZPF_OPT_WATCH, 0, 4,
	  "[from ZONE] [to ZONE]", "per pair and rule: packets, bytes, last hit" },
	{ "show", "unused", zpf_cmd_show_unused, ZPF_OPT_SINCE | ZPF_OPT_WATCH, 0, 0,
	  "[--since SPAN|TIME]", "rules never hit, or not since then" },
	{ "metrics", NULL, zpf_cmd_metrics, 0, 0, 0,
	  "", "counters in the Prometheus text format" },
	{ "show", "firewall", zpf_cmd_show_firewall, ZPF_OPT_WATCH, 0, 6,
	  "[ipv4|ipv6 [name RULESET [rule N]]] [detail] | group [NAME]",
	  "the rules with their counters; the groups" },
	{ "show", "config", zpf_cmd_show_config,
	  ZPF_OPT_SET | ZPF_OPT_BRACE | ZPF_OPT_VYOS | ZPF_OPT_WATCH, 0, 0,
	  "[--set|--brace] [--vyos]", "the running configuration" },
	{ "show", "status", zpf_cmd_show_status, ZPF_OPT_WATCH, 0, 0,
	  "", "module, generation, what is enforced, memory" },
	{ "show", "log-sites", zpf_cmd_show_log_sites, ZPF_OPT_WATCH, 0, 0,
	  "", "per log prefix: rate, lines written, suppressed" },
	{ "show", "sysctls", zpf_cmd_show_sysctls, ZPF_OPT_WATCH, 0, 0,
	  "", "global options that are kernel settings, wanted and now" },
	{ "show", "drops", zpf_cmd_show_drops, ZPF_OPT_SINCE | ZPF_OPT_WATCH, 0, 4,
	  "[from ZONE] [to ZONE] [--since SPAN|TIME]",
	  "what was dropped, by what, how often; needs no logging" },
	{ "show", "log", zpf_cmd_show_log, ZPF_OPT_WATCH, 1, 6,
	  "firewall [ipv4|ipv6 [name RULESET [rule N]]]",
	  "lines of this firewall in the kernel log" },
	{ "monitor", NULL, zpf_cmd_monitor, 0, 0, 1,
	  "[drops|commits|interfaces]",
	  "events as they happen, one line each" },
	{ "clear", "counters", zpf_cmd_clear_counters, 0, 0, 0,
	  "", "start all counters again from zero" },
	{ "clear", "drops", zpf_cmd_clear_drops, 0, 0, 0,
	  "", "forget the drops so far" },
	{ "group", "set", zpf_cmd_group_set, 0, 1, 1,
	  "NAME < LIST", "fill a domain, remote or dynamic group, fqdn:HOST or geoip:CC" },
	{ "group", "show", zpf_cmd_group_show, ZPF_OPT_WATCH, 1, 1,
	  "NAME", "what it holds now" },
	{ "confirm", NULL, zpf_cmd_confirm, 0, 0, 0,
	  "", "what was committed with --confirm stays" },
	{ "rollback", NULL, zpf_cmd_rollback, 0, 0, 0,
	  "", "what was committed with --confirm goes, what was before comes back" },
	{ "disarm", NULL, zpf_cmd_disarm, 0, 1, 1,
	  "open|closed", "give up enforcement deliberately" },
	{ "version", NULL, zpf_cmd_version, 0, 0, 0,
	  "", "versions of tool, module and contract" },
	{ "help", "config", zpf_cmd_help_config, 0, 0, INT_MAX,
	  "[WORD...]", "what may stand after these words of a configuration" },
	{ "help", "grammar", zpf_cmd_help_grammar, 0, 0, 0,
	  "", "every statement of the language, as the source of zpf.conf(5)" },
	{ "help", NULL, zpf_cmd_help, 0, 0, 2,
	  "[COMMAND]", "this list, or the usage of a command" },
};
const size_t zpf_n_cmds = ZPF_ARRAY_LEN(zpf_cmds);

int zpf_cmd_error(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("error: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return ZPF_EXIT_FAILED;
}

unsigned long zpf_cmd_span(const char *text)
{
	static const struct {
		const char *unit;
		unsigned long seconds;
	} units[] = {
		{ "s", 1 }, { "m", 60 }, { "", 60 }, { "h", 3600 }, { "d", 86400 },
	};
	unsigned long n;
	char *end;
	size_t i;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	n = strtoul(text, &end, 10);
	for (i = 0; i < ZPF_ARRAY_LEN(units); i++)
		if (!strcmp(end, units[i].unit) && !errno && n <= 100000)
			return n * units[i].seconds;
	return 0;
}

int zpf_cmd_usage(const struct zpf_command *cmd, const char *fmt, ...)
{
	va_list ap;

	fputs("zpfctl: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	if (cmd)
		fprintf(stderr, "usage: zpfctl %s%s%s%s%s\n", cmd->word,
			cmd->sub ? " " : "", cmd->sub ? cmd->sub : "",
			*cmd->args ? " " : "", cmd->args);
	else
		fputs("usage: zpfctl [-n NETNS] [--json] [--no-color] COMMAND ...; zpfctl help lists the commands\n",
		      stderr);
	return ZPF_EXIT_USAGE;
}
