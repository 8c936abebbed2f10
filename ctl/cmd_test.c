// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl test: what would become of a packet, rule by rule. Asks the kernel's
 * running policy, or a file, about one packet or about one a line.
 */
#include "asker.h"

#define ZPF_TEST_WORDS 64	/* of one packet */

static int zpf_test_status(uint8_t action)
{
	switch (action) {
	case ZPF_ACTION_ACCEPT:
		return ZPF_EXIT_OK;
	case ZPF_ACTION_REJECT:
		return ZPF_EXIT_REJECT;
	default:
		return ZPF_EXIT_DROP;
	}
}

/* Packets from standard input, one a line; an answer a line. */
static int zpf_test_lines(struct zpf_ctx *ctx, struct zpf_asker *a)
{
	char *line = NULL, *words[ZPF_TEST_WORDS], *save, *word, err[256];
	struct zpf_packet p;
	struct zpf_verdict v;
	unsigned int number = 0;
	int ret = 0, n;
	size_t cap = 0;

	while (!ret && getline(&line, &cap, stdin) > 0) {
		number++;
		n = 0;
		for (word = strtok_r(line, " \t\n", &save); word && n < ZPF_TEST_WORDS;
		     word = strtok_r(NULL, " \t\n", &save))
			words[n++] = word;
		if (!n)
			continue;
		if (zpf_packet_parse(&p, n, words, err, sizeof(err)))
			ret = zpf_cmd_error("-:%u: %s", number, err);
		if (ret)
			break;
		ret = zpf_asker_ask(a, &p, &v);
		if (!ret && ctx->out.json)
			zpf_verdict_print(&ctx->out, &v);
		else if (!ret)
			zpf_verdict_line(&ctx->out, &v);
		zpf_verdict_free(&v);
	}
	free(line);
	return ret;
}

static int zpf_test_one(struct zpf_ctx *ctx, struct zpf_asker *a,
			const struct zpf_packet *p)
{
	struct zpf_verdict v;
	int ret = zpf_asker_ask(a, p, &v);

	if (!ret) {
		zpf_verdict_print(&ctx->out, &v);
		ret = zpf_test_status(v.action);
	}
	zpf_verdict_free(&v);
	return ret;
}

/** zpf_cmd_test() - run `zpfctl test`; returns an exit status */
int zpf_cmd_test(struct zpf_ctx *ctx)
{
	bool lines = ctx->argc == 1 && !strcmp(ctx->argv[0], "-");
	struct zpf_packet p;
	struct zpf_asker a;
	char err[256];
	int ret;

	if (!lines && zpf_packet_parse(&p, ctx->argc, ctx->argv, err, sizeof(err)))
		return zpf_cmd_usage(ctx->cmd, "%s", err);
	ret = zpf_asker_open(ctx, &a);
	if (!ret)
		ret = lines ? zpf_test_lines(ctx, &a) : zpf_test_one(ctx, &a, &p);
	zpf_asker_close(&a);
	return ret;
}
