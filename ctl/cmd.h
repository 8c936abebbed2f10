/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a command gets and gives back, and the table of all commands. main.c
 * reads the command line into a struct zpf_ctx and calls one row's function;
 * commands never look at argv themselves.
 */
#ifndef ZPF_CTL_CMD_H
#define ZPF_CTL_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include "out.h"

/* Exit statuses. */
enum {
	ZPF_EXIT_OK = 0,
	ZPF_EXIT_FAILED = 1,	/* refused or failed; the reason is on stderr */
	ZPF_EXIT_USAGE = 2,
	ZPF_EXIT_DROP = 3,	/* test: the packet would be dropped */
	ZPF_EXIT_REJECT = 4,	/* test: rejected */
};

/* Options a command may take, besides those every command takes. */
enum zpf_opt {
	ZPF_OPT_SKIP_UNENFORCED	= 1 << 0,
	ZPF_OPT_FORCE		= 1 << 1,
	ZPF_OPT_CONFIRM		= 1 << 2,
	ZPF_OPT_REMATCH		= 1 << 3,
	ZPF_OPT_SET		= 1 << 4,
	ZPF_OPT_BRACE		= 1 << 5,
	ZPF_OPT_VYOS		= 1 << 6,
	ZPF_OPT_WATCH		= 1 << 7,
	ZPF_OPT_SINCE		= 1 << 8,
	ZPF_OPT_CONFIG		= 1 << 9,
};

struct zpf_command;

/**
 * struct zpf_ctx - one invocation
 * @cmd: the row of the table that was chosen
 * @out: where results go; table or JSON
 * @opts: mask of &enum zpf_opt that were given
 * @confirm: seconds a commit may wait to be confirmed, 0: it need not be
 * @watch: seconds between two repetitions, 0: once
 * @since: value of --since, or NULL
 * @config: file to ask instead of the kernel, or NULL
 * @argc: number of operands
 * @argv: operands: what is neither option nor command word
 */
struct zpf_ctx {
	const struct zpf_command *cmd;
	struct zpf_out out;
	unsigned int opts;
	unsigned int confirm;
	unsigned int watch;
	const char *since;
	const char *config;
	int argc;
	char **argv;
};

/**
 * struct zpf_command - a row of the command table
 * @word: first command word
 * @sub: second command word, or NULL
 * @run: does it, returns an exit status
 * @opts: mask of &enum zpf_opt it takes
 * @min_args: fewest operands
 * @max_args: most operands
 * @args: operands and options, for the usage line
 * @what: one line for the help
 */
struct zpf_command {
	const char *word;
	const char *sub;
	int (*run)(struct zpf_ctx *ctx);
	unsigned int opts;
	int min_args, max_args;
	const char *args;
	const char *what;
};

extern const struct zpf_command zpf_cmds[];
extern const size_t zpf_n_cmds;

/**
 * zpf_cmd_error() - say on stderr why a command failed: "error: ..."
 * @fmt: one lower-case clause
 *
 * Return: ZPF_EXIT_FAILED
 */
__attribute__((format(printf, 1, 2)))
int zpf_cmd_error(const char *fmt, ...);

/**
 * zpf_cmd_usage() - say on stderr what is wrong with a command line
 * @cmd: the command whose usage is printed, or NULL
 * @fmt: one lower-case clause
 *
 * Return: ZPF_EXIT_USAGE
 */
__attribute__((format(printf, 2, 3)))
int zpf_cmd_usage(const struct zpf_command *cmd, const char *fmt, ...);

/**
 * zpf_cmd_span() - read a span of time: "90s", "5m", "2h", "3d", "5" (minutes)
 * @text: the argument
 *
 * Return: seconds; 0: it is no span
 */
unsigned long zpf_cmd_span(const char *text);

int zpf_cmd_load(struct zpf_ctx *ctx);
int zpf_cmd_merge(struct zpf_ctx *ctx);
int zpf_cmd_check(struct zpf_ctx *ctx);
int zpf_cmd_test(struct zpf_ctx *ctx);
int zpf_cmd_diagnose_vpn(struct zpf_ctx *ctx);
int zpf_cmd_show_zones(struct zpf_ctx *ctx);
int zpf_cmd_show_matrix(struct zpf_ctx *ctx);
int zpf_cmd_show_counters(struct zpf_ctx *ctx);
int zpf_cmd_show_unused(struct zpf_ctx *ctx);
int zpf_cmd_metrics(struct zpf_ctx *ctx);
int zpf_cmd_show_firewall(struct zpf_ctx *ctx);
int zpf_cmd_show_group(struct zpf_ctx *ctx);
int zpf_cmd_show_sysctls(struct zpf_ctx *ctx);
int zpf_cmd_show_config(struct zpf_ctx *ctx);
int zpf_cmd_show_status(struct zpf_ctx *ctx);
int zpf_cmd_show_log_sites(struct zpf_ctx *ctx);
int zpf_cmd_show_drops(struct zpf_ctx *ctx);
int zpf_cmd_monitor(struct zpf_ctx *ctx);
int zpf_cmd_show_log(struct zpf_ctx *ctx);
int zpf_cmd_clear_counters(struct zpf_ctx *ctx);
int zpf_cmd_clear_drops(struct zpf_ctx *ctx);
int zpf_cmd_group_set(struct zpf_ctx *ctx);
int zpf_cmd_group_show(struct zpf_ctx *ctx);
int zpf_cmd_confirm(struct zpf_ctx *ctx);
int zpf_cmd_rollback(struct zpf_ctx *ctx);
int zpf_cmd_disarm(struct zpf_ctx *ctx);
int zpf_cmd_version(struct zpf_ctx *ctx);
int zpf_cmd_help(struct zpf_ctx *ctx);
int zpf_cmd_help_config(struct zpf_ctx *ctx);
int zpf_cmd_help_grammar(struct zpf_ctx *ctx);

#endif /* ZPF_CTL_CMD_H */
