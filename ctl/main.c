// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl: the command line. Every option may stand before or behind the
 * command word; the command's row in cmd.c says which it takes.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/zpf.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "netns.h"
#include "xmem.h"

/* Larger allocations have a mapping of their own. */
#define ZPF_MMAP_BYTES (32 << 20)

/* Known words that this release does not do; a NULL ends the words. */
static const char * const zpf_later[][2] = {
	{ "configure" },
	{ "commit" }, { "commit-confirm" },
	{ "top" }, { "doctor" },
	{ "show", "commits" },
};

/* Options; those with a zero bit are for every command. */
enum { ZPF_ANY_NETNS = 1, ZPF_ANY_JSON, ZPF_ANY_NO_COLOR, ZPF_ANY_HELP };

static const struct zpf_option {
	const char *name;
	bool has_arg;
	int any;
	unsigned int bit;
	const char *later;	/* why it is refused in this release */
} zpf_options[] = {
	{ "-n",			true,	ZPF_ANY_NETNS,		0, NULL },
	{ "--netns",		true,	ZPF_ANY_NETNS,		0, NULL },
	{ "--json",		false,	ZPF_ANY_JSON,		0, NULL },
	{ "--no-color",		false,	ZPF_ANY_NO_COLOR,	0, NULL },
	{ "-h",			false,	ZPF_ANY_HELP,		0, NULL },
	{ "--help",		false,	ZPF_ANY_HELP,		0, NULL },
	{ "--skip-unenforced",	false,	0, ZPF_OPT_SKIP_UNENFORCED, NULL },
	{ "--force",		false,	0, ZPF_OPT_FORCE, NULL },
	{ "--confirm",		true,	0, ZPF_OPT_CONFIRM, NULL },
	{ "--rematch",		false,	0, ZPF_OPT_REMATCH,
	  "judging established flows anew is not in this release" },
	{ "--set",		false,	0, ZPF_OPT_SET, NULL },
	{ "--brace",		false,	0, ZPF_OPT_BRACE, NULL },
	{ "--vyos",		false,	0, ZPF_OPT_VYOS, NULL },
	{ "--watch",		true,	0, ZPF_OPT_WATCH, NULL },
	{ "--since",		true,	0, ZPF_OPT_SINCE, NULL },
	{ "--config",		true,	0, ZPF_OPT_CONFIG, NULL },
};

/* What the command line says, before a command has been chosen. */
struct zpf_line {
	char **words;		/* everything that is no option */
	int n_words;
	const char *netns, *confirm, *watch, *since, *config;
	unsigned int opts;
	bool json, no_color, help;
};

static const struct zpf_option *zpf_option_find(const char *arg, const char **value)
{
	size_t i, len;

	*value = NULL;
	for (i = 0; i < ZPF_ARRAY_LEN(zpf_options); i++) {
		len = strlen(zpf_options[i].name);
		if (!strcmp(arg, zpf_options[i].name))
			return &zpf_options[i];
		if (zpf_options[i].has_arg && len > 2 &&
		    !strncmp(arg, zpf_options[i].name, len) && arg[len] == '=') {
			*value = arg + len + 1;
			return &zpf_options[i];
		}
	}
	return NULL;
}

/* Is the command so far one that this release does not do? */
static int zpf_check_later(const struct zpf_line *line)
{
	const char *first = line->n_words ? line->words[0] : "";
	const char *second = line->n_words > 1 ? line->words[1] : "";
	size_t i;

	for (i = 0; i < ZPF_ARRAY_LEN(zpf_later); i++) {
		if (strcmp(first, zpf_later[i][0]) ||
		    (zpf_later[i][1] && strcmp(second, zpf_later[i][1])))
			continue;
		fprintf(stderr, "zpfctl: %s%s%s: not in this release\n",
			zpf_later[i][0], zpf_later[i][1] ? " " : "",
			zpf_later[i][1] ? zpf_later[i][1] : "");
		return ZPF_EXIT_USAGE;
	}
	return 0;
}

/* Sorts the arguments into options and words. Return: 0 or an exit status */
static int zpf_line_read(struct zpf_line *line, int argc, char **argv)
{
	const struct zpf_option *opt;
	const char *value;
	bool words_only = false;
	int i;

	for (i = 1; i < argc; i++) {
		if (words_only || argv[i][0] != '-' || !argv[i][1]) {
			line->words[line->n_words++] = argv[i];
			if (line->n_words <= 2 && zpf_check_later(line))
				return ZPF_EXIT_USAGE;
			continue;
		}
		if (!strcmp(argv[i], "--")) {
			words_only = true;
			continue;
		}
		if (!strcmp(argv[i], "--version") && !line->n_words) {
			line->words[line->n_words++] = argv[i] + 2;
			continue;
		}
		opt = zpf_option_find(argv[i], &value);
		if (!opt)
			return zpf_cmd_usage(NULL, "unknown option %s", argv[i]);
		if (opt->has_arg && !value) {
			if (++i == argc)
				return zpf_cmd_usage(NULL, "option %s needs a value",
						     opt->name);
			value = argv[i];
		}
		line->opts |= opt->bit;
		switch (opt->any) {
		case ZPF_ANY_NETNS:
			line->netns = value;
			break;
		case ZPF_ANY_JSON:
			line->json = true;
			break;
		case ZPF_ANY_NO_COLOR:
			line->no_color = true;
			break;
		case ZPF_ANY_HELP:
			line->help = true;
			break;
		default:
			if (opt->bit == ZPF_OPT_CONFIRM)
				line->confirm = value;
			else if (opt->bit == ZPF_OPT_WATCH)
				line->watch = value;
			else if (opt->bit == ZPF_OPT_SINCE)
				line->since = value;
			else if (opt->bit == ZPF_OPT_CONFIG)
				line->config = value;
		}
	}
	return 0;
}

static const struct zpf_command *zpf_cmd_find(const struct zpf_line *line, int *used)
{
	const char *first = line->n_words ? line->words[0] : "";
	const char *second = line->n_words > 1 ? line->words[1] : "";
	size_t i;

	for (i = 0; i < zpf_n_cmds; i++) {
		if (strcmp(zpf_cmds[i].word, first) ||
		    (zpf_cmds[i].sub && strcmp(zpf_cmds[i].sub, second)))
			continue;
		*used = zpf_cmds[i].sub ? 2 : 1;
		return &zpf_cmds[i];
	}
	return NULL;
}

/* Names the second words of a command that needs one. */
static int zpf_usage_sub(const struct zpf_line *line)
{
	char list[256] = "";
	size_t i, len = 0;

	for (i = 0; i < zpf_n_cmds; i++)
		if (zpf_cmds[i].sub && !strcmp(zpf_cmds[i].word, line->words[0]))
			len += snprintf(list + len, sizeof(list) - len, "%s%s",
					len ? ", " : "", zpf_cmds[i].sub);
	if (!len)
		return zpf_cmd_usage(NULL, "unknown command '%s'", line->words[0]);
	if (line->n_words < 2)
		return zpf_cmd_usage(NULL, "%s what? expected one of %s",
				     line->words[0], list);
	return zpf_cmd_usage(NULL, "%s '%s': expected one of %s", line->words[0],
			     line->words[1], list);
}

/* Refuses options the command does not take. Return: 0 or an exit status */
static int zpf_check_options(const struct zpf_line *line, const struct zpf_command *cmd,
			     struct zpf_ctx *ctx)
{
	unsigned long n;
	char *end;
	size_t i;

	for (i = 0; i < ZPF_ARRAY_LEN(zpf_options); i++) {
		if (!(line->opts & zpf_options[i].bit))
			continue;
		if (!(cmd->opts & zpf_options[i].bit))
			return zpf_cmd_usage(cmd, "option %s is not one of this command",
					     zpf_options[i].name);
		if (zpf_options[i].later)
			return zpf_cmd_usage(NULL, "%s: %s", zpf_options[i].name,
					     zpf_options[i].later);
	}
	if (line->confirm) {
		n = zpf_cmd_span(line->confirm);
		if (!n || n > ZPF_MAX_CONFIRM)
			return zpf_cmd_usage(cmd, "--confirm '%s': expected a span up to a day, such as 90s, 5m, or 5 (minutes)",
					     line->confirm);
		ctx->confirm = n;
	}
	if (!line->watch)
		return 0;
	errno = 0;
	n = strtoul(line->watch, &end, 10);
	if (errno || *end || line->watch[0] < '0' || line->watch[0] > '9' ||
	    !n || n > 86400)
		return zpf_cmd_usage(cmd, "--watch '%s': expected seconds, 1 to 86400",
				     line->watch);
	ctx->watch = n;
	return 0;
}

/* Writes out what is still in the buffer; a full disk is a failure too. */
static int zpf_finish(int status)
{
	if ((fflush(stdout) || ferror(stdout)) && status == ZPF_EXIT_OK)
		return zpf_cmd_error("cannot write the output: %s",
				     strerror(errno ? errno : EIO));
	return status;
}

static int zpf_run(struct zpf_ctx *ctx)
{
	int status;

	for (;;) {
		if (ctx->watch && ctx->out.color)
			fputs("\033[H\033[2J", stdout);
		status = zpf_finish(ctx->cmd->run(ctx));
		if (!ctx->watch || status != ZPF_EXIT_OK)
			return status;
		sleep(ctx->watch);
		if (!ctx->out.json && !ctx->out.color)
			fputc('\n', stdout);
	}
}

static int zpf_main(struct zpf_line *line, int argc, char **argv)
{
	struct zpf_ctx ctx = { 0 };
	char why[PATH_MAX + 128];
	int status, used = 0;

	status = zpf_line_read(line, argc, argv);
	if (status)
		return status;
	if (line->help && !line->n_words)
		line->words[line->n_words++] = (char *)"help";
	if (!line->n_words)
		return zpf_cmd_usage(NULL, "no command");
	ctx.cmd = zpf_cmd_find(line, &used);
	if (!ctx.cmd && line->help) {
		ctx.argc = line->n_words;
		ctx.argv = line->words;
		zpf_out_init(&ctx.out, stdout, false, line->no_color);
		return zpf_finish(zpf_cmd_help(&ctx));
	}
	if (!ctx.cmd)
		return zpf_usage_sub(line);
	zpf_out_init(&ctx.out, stdout, line->json, line->no_color);
	ctx.opts = line->opts;
	ctx.since = line->since;
	ctx.config = line->config;
	if (line->help && ctx.cmd->run != zpf_cmd_help) {
		ctx.argc = used;
		ctx.argv = line->words;
		return zpf_finish(zpf_cmd_help(&ctx));
	}
	ctx.argc = line->n_words - used;
	ctx.argv = line->words + used;
	status = zpf_check_options(line, ctx.cmd, &ctx);
	if (status)
		return status;
	if (ctx.argc < ctx.cmd->min_args)
		return zpf_cmd_usage(ctx.cmd, "too few arguments");
	if (ctx.argc > ctx.cmd->max_args)
		return zpf_cmd_usage(ctx.cmd, "unexpected '%s'",
				     ctx.argv[ctx.cmd->max_args]);
	if (line->netns && zpf_netns_enter(line->netns, why, sizeof(why)))
		return zpf_cmd_error("%s", why);
	return zpf_run(&ctx);
}

/*
 * A standard stream that is closed would be the number of the next file or
 * socket, and output would go there. Writing to what is put in place fails.
 */
static void zpf_open_streams(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			_exit(ZPF_EXIT_FAILED);
}

int main(int argc, char **argv)
{
	struct zpf_line line = { 0 };
	int status;

	zpf_open_streams();
	/* What one step gives back is for the next: faults cost more than memory. */
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_MMAP_THRESHOLD, ZPF_MMAP_BYTES);
	line.words = zpf_xcalloc(argc + 1, sizeof(*line.words));
	status = zpf_main(&line, argc, argv);
	free(line.words);
	return status;
}
