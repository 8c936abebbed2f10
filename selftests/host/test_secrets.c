// SPDX-License-Identifier: GPL-2.0-only
/*
 * A config.boot holds secrets outside `firewall`: none may come out again, in
 * no finding, no report, no printed form and no text for the kernel, however
 * broken the text around it is.
 */
#include "test.h"

#include <unistd.h>

#include "cmd.h"

#define S "Secr3t"	/* part of every secret, and of nothing else */

#define FW "set firewall zone Z member interface eth0\n" \
	"set firewall zone Z default-firewall name A\n" \
	"set firewall ipv4 name A rule 1 action accept\n"

static const char boot[] =
	"firewall {\n    ipv4 {\n        name A {\n            rule 1 {\n"
	"                action accept\n            }\n        }\n    }\n"
	"    zone Z {\n        default-firewall {\n            name A\n        }\n"
	"        member {\n            interface eth0\n        }\n    }\n}\n"
	"interfaces {\n    wireguard wg0 {\n        private-key " S "1=\n"
	"        peer p {\n            preshared-key \"" S "2 {}\"\n        }\n    }\n"
	"    pppoe pppoe0 {\n        authentication {\n            password '" S "3'\n        }\n    }\n}\n"
	"system {\n    login {\n        user vyos {\n            authentication {\n"
	"                encrypted-password $6$" S "4\n"
	"                plaintext-password \"" S "5\"\n            }\n        }\n    }\n}\n"
	"vpn {\n    ipsec {\n        authentication {\n            psk P {\n"
	"                secret \"" S "6 \\\" x\"\n            }\n        }\n    }\n}\n"
	"// vyos-config-version: \"firewall@20\"\n";

static const struct row {
	const char *name, *text;
	bool loads;
} rows[] = {
	{ "config.boot", boot, true },
	{ "set form", FW "set vpn ipsec authentication psk P secret '" S "'\n"
	  "set interfaces pppoe pppoe0 authentication password " S " # " S "\n", true },
	{ "set twice", FW "set system login user a authentication plaintext-password " S "a\n"
	  "set system login user a authentication plaintext-password " S "b\n", true },
	{ "deleted", FW "set vpn a secret " S "\ndelete vpn a secret " S "\n", true },
	{ "deleted, never there", FW "delete vpn ipsec authentication psk P secret " S "\n", true },
	{ "deleted, another value", FW "set vpn a secret " S "a\ndelete vpn a secret " S "b\n", true },
	{ "an open quote", FW "set vpn a secret '" S "\n" },
	{ "an open quote, the rest on the next line", FW "set vpn a secret 'x\n" S " y'\n" },
	{ "an open quote, the secret alone on the next line", FW "set vpn a secret 'x\n" S "\n" },
	{ "an open quote in braces", FW "vpn {\n a {\n  secret \"" S "\n }\n}\n" },
	{ "an open quote in braces, the rest on the next line", FW "vpn {\n a {\n  secret \"x\n" S "\"\n }\n}\n" },
	{ "a control character", FW "set vpn a secret '" S "\001'\n" },
	{ "a block too many closed", FW "vpn {\n } \n }\n psk " S "\n" },
	{ "a block never closed", FW "vpn {\n a {\n secret " S "\n" },
	{ "a nameless block", FW "vpn {\n {\n secret " S "\n }\n}\n" },
	{ "too many words", FW "set vpn a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t u v w x y z "
	  "a b c d e f g h i j k l m n o p q r s t u v w x y z " S "\n" },
	{ "an error in the firewall", FW "set firewall ipv4 name A rule 1 acton " S "x\n"
	  "set vpn a secret " S "\n" },
	{ "a binding beside it", "firewall {\n name A {\n  rule 1 {\n   action accept\n  }\n }\n}\n"
	  "interfaces {\n ethernet eth0 {\n  secret " S "\n  firewall {\n   inn {\n    name A\n   }\n  }\n }\n}\n" },
};

static void clean(const char *text, const char *what)
{
	const char *hit = text ? strstr(text, S) : NULL;

	if (hit)
		fail_msg("%s: %.60s", what, hit);
}

/* An error about a word in the firewall names that word, and only that. */
static void clean_but_for(const char *text, const char *word)
{
	for (const char *p = text; p && (p = strstr(p, S)); p++)
		if (strncmp(p, word, strlen(word)))
			fail_msg("%.60s", p);
}

static const struct zpf_command check = { .word = "check", .run = zpf_cmd_check };

static char *command(struct zpf_ctx *ctx, const char *path)
{
	char *argv[] = { (char *)path, NULL }, *text = NULL;
	size_t len;

	memset(ctx, 0, sizeof(*ctx));
	ctx->cmd = &check;
	ctx->argc = 1;
	ctx->argv = argv;
	ctx->out.json = true;
	ctx->out.f = open_memstream(&text, &len);
	assert_non_null(ctx->out.f);
	zpf_cmd_check(ctx);
	fclose(ctx->out.f);
	return text;
}

static void kept(void **state)
{
	const struct row *row = *state;
	char path[] = "/tmp/zpf-secrets.XXXXXX", *text;
	const char *word = S "x";
	struct job j = { 0 };
	struct zpf_ctx ctx;
	FILE *errors;
	size_t len;
	int fd;

	job_text(&j, row->text);
	job_compile(&j, 0);
	assert_int_equal(!!j.policy, row->loads);
	for (size_t i = 0; i < j.diag.n; i++) {
		clean_but_for(j.diag.entries[i].message, word);
		clean(j.diag.entries[i].path, "a path");
	}
	for (int f = ZPF_FORM_SET; f <= ZPF_FORM_BRACE; f++) {
		text = job_emit(&j, (enum zpf_config_form)f, 0);
		clean(text, "printed");
		free(text);
	}
	if (j.policy) {
		assert_true(j.policy->source_len > 0);
		clean(j.policy->source, "the kernel's copy");
	}
	errors = open_memstream(&text, &len);
	zpf_diag_print(&j.diag, errors);
	fclose(errors);
	clean_but_for(text, word);
	free(text);
	job_end(&j);

	/* the command */
	fd = mkstemp(path);
	assert_int_equal(write(fd, row->text, strlen(row->text)), strlen(row->text));
	close(fd);
	text = command(&ctx, path);
	clean_but_for(text, word);
	free(text);
	unlink(path);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_LEN(rows)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = kept, .initial_state = (void *)&rows[i] };
	return _cmocka_run_group_tests("secrets", tests, n, NULL, NULL);
}
