// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl help: the command table, read aloud, and the language.
 */
#include <string.h>

#include "cmd.h"
#include "grammar.h"

static const char zpf_help_options[] =
	"\n"
	"options of every command, before or behind its word:\n"
	"  -n NETNS      network namespace: a name, a process id or a path\n"
	"  --json        objects for programs\n"
	"  --no-color    no colour on a terminal\n"
	"options of load, merge and check:\n"
	"  --skip-unenforced  statements that cannot be enforced are warnings\n"
	"  --force            allow a policy that filters nothing\n"
	"option of show:\n"
	"  --watch N     repeat every N seconds\n"
	"\n"
	"exit status: 0 done; 1 refused or failed, nothing changed; 2 usage\n";

static int zpf_help_line(const struct zpf_command *cmd, char *buf, size_t size)
{
	return snprintf(buf, size, "%s%s%s%s%s", cmd->word, cmd->sub ? " " : "",
			cmd->sub ? cmd->sub : "", *cmd->args ? " " : "", cmd->args);
}

/** zpf_cmd_help() - run `zpfctl help`; returns an exit status */
int zpf_cmd_help(struct zpf_ctx *ctx)
{
	const char *sub = ctx->argc > 1 ? ctx->argv[1] : NULL;
	const char *word = ctx->argc ? ctx->argv[0] : NULL;
	FILE *f = ctx->out.f;
	size_t i, found = 0;
	char line[256];

	if (!word)
		fputs("usage: zpfctl [OPTION...] COMMAND ...\n\ncommands:\n", f);
	for (i = 0; i < zpf_n_cmds; i++) {
		const struct zpf_command *cmd = &zpf_cmds[i];

		if (word && (strcmp(word, cmd->word) ||
			     (sub && (!cmd->sub || strcmp(sub, cmd->sub)))))
			continue;
		zpf_help_line(cmd, line, sizeof(line));
		fprintf(f, "%s%s\n      %s\n", word ? "usage: zpfctl " : "  ", line,
			cmd->what);
		found++;
	}
	if (!found)
		return zpf_cmd_usage(NULL, "no command '%s%s%s'", word, sub ? " " : "",
				     sub ? sub : "");
	if (!word)
		fputs(zpf_help_options, f);
	return ZPF_EXIT_OK;
}

/** zpf_cmd_help_config() - run `zpfctl help config`; returns an exit status */
int zpf_cmd_help_config(struct zpf_ctx *ctx)
{
	struct zpf_out *o = &ctx->out;
	char err[1600];

	if (zpf_grammar_list(o, ctx->argc, ctx->argv, err, sizeof(err)))
		return zpf_cmd_usage(NULL, "%s", err);
	return ZPF_EXIT_OK;
}

/** zpf_cmd_help_grammar() - run `zpfctl help grammar`; returns an exit status */
int zpf_cmd_help_grammar(struct zpf_ctx *ctx)
{
	zpf_grammar_page(ctx->out.f);
	return ZPF_EXIT_OK;
}
