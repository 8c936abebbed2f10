// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl check as a command: what its object says, and how many statements
 * are enforced, kept and unenforced.
 */
#include "test.h"

#include "cmd.h"

struct row {
	const char *name, *text;
	size_t enforced, kept, unenforced;
};

#define R "set firewall ipv4 name A rule 1 "
#define USED "set firewall ipv4 forward filter default-action drop\n" \
	"set firewall ipv4 forward filter rule 1 action jump\n" \
	"set firewall ipv4 forward filter rule 1 jump-target A\n"	/* 3 */

static const struct row rows[] = {
	{ "a rule", USED R "action accept\n" R "protocol tcp\n" R "log\n", 6, 0, 0 },
	{ "each value of a match", USED R "action accept\n" R "state new\n" R "state related\n", 6, 0, 0 },
	{ "descriptions", USED "set firewall ipv4 name A description x\n" R "action drop\n" R "description y\n"
	  "set firewall zone Z description z\nset firewall zone Z member interface eth0\n", 5, 3, 0 },
	{ "last-used", USED R "action drop\n" R "last-used\n", 4, 1, 0 },
	{ "a disabled rule", USED R "action drop\n" R "protocol tcp\n" R "disable\n", 3, 3, 0 },
	{ "a disabled rule that could not be enforced", USED R "action queue\n" R "disable\n", 3, 2, 0 },
	{ "a ruleset nothing refers to", R "action drop\nset firewall zone Z local-zone\n", 1, 1, 0 },
	{ "a ruleset of a zone", R "action drop\nset firewall zone Z local-zone\n"
	  "set firewall zone Z default-firewall name A\n", 3, 0, 0 },
	{ "a group nothing refers to", "set firewall group port-group P port 80\nset firewall zone Z local-zone\n", 1, 1, 0 },
	{ "a group of a rule", USED "set firewall group port-group P port 80\n" R "action drop\n" R "protocol tcp\n"
	  R "source group port-group P\n", 7, 0, 0 },
	{ "a group included", USED "set firewall group port-group P include Q\nset firewall group port-group Q port 1\n"
	  R "action drop\n" R "protocol tcp\n" R "source group port-group P\n", 8, 0, 0 },
	{ "a rule of an unenforced word", USED R "action queue\n" R "protocol tcp\n", 3, 0, 2 },
	{ "another rule beside it", USED R "action queue\n" "set firewall ipv4 name A rule 2 action drop\n", 4, 0, 1 },
	{ "a flowtable", USED "set firewall flowtable F interface eth0\nset firewall ipv4 name A default-log\n", 4, 0, 1 },
	{ "below what is not enforced", USED "set firewall bridge name B description x\n"
	  "set firewall bridge name B rule 1 action drop\nset firewall ipv4 name A default-log\n", 4, 0, 2 },
	{ "outside firewall", USED "set nat source rule 1\nset firewall ipv4 name A default-log\n", 4, 0, 0 },
	{ "what could not be read", USED R "action drop\n" R "acton drop\n" R "protocol tpc\n", 4, 0, 0 },
	{ "nothing", "set system host-name x\n", 0, 0, 0 },
};

static void counted(void **state)
{
	const struct row *row = *state;
	const struct zpf_statements *n;
	struct job j = { 0 };

	job_text(&j, row->text);
	/* the same whether or not what is not enforced is an error */
	for (unsigned int flags = 0; flags <= ZPF_COMPILE_SKIP_UNENFORCED;
	     flags += ZPF_COMPILE_SKIP_UNENFORCED) {
		job_compile(&j, flags | ZPF_COMPILE_FORCE);
		n = zpf_config_statements(j.cfg);
		assert_int_equal(n->enforced, row->enforced);
		assert_int_equal(n->kept, row->kept);
		assert_int_equal(n->unenforced, row->unenforced);
	}
	job_end(&j);
}

/* What `zpfctl --json check FILE` prints; free it. */
static char *check(const char *path, unsigned int opts, int *status)
{
	static const struct zpf_command cmd = { .word = "check", .run = zpf_cmd_check };
	char *argv[] = { (char *)path, NULL }, *text = NULL;
	struct zpf_ctx ctx = { .cmd = &cmd, .opts = opts, .argc = 1, .argv = argv };
	size_t len;

	ctx.out.f = open_memstream(&text, &len);
	ctx.out.json = true;
	assert_non_null(ctx.out.f);
	*status = zpf_cmd_check(&ctx);
	fclose(ctx.out.f);
	return text;
}

static void object(void **state)
{
	char *text;
	int status;

	(void)state;
	text = check(CONFIGS "home-router.set", 0, &status);
	assert_int_equal(status, 0);
	assert_non_null(strstr(text, "{\"ok\":true,\"zones\":9,\"pairs\":54,\"rulesets\":18,\"rules\":39,\"groups\":10,"
			       "\"ignored\":{\"nat\":28,\"interfaces\":8,\"service\":2},"
			       "\"statements\":{\"enforced\":223,\"kept\":27,\"unenforced\":0},\"errors\":[],"));
	free(text);
	text = check("seeds/broken-rule-names-no-group.set", 0, &status);
	assert_int_equal(status, 1);
	assert_non_null(strstr(text, "{\"ok\":false,"));
	assert_non_null(strstr(text, "\"unenforced\":"));
	assert_non_null(strstr(text, "\"errors\":[{\"file\":"));
	free(text);
	text = check("/nonexistent", 0, &status);
	assert_int_equal(status, 1);
	assert_non_null(strstr(text, "\"statements\":{\"enforced\":0,\"kept\":0,\"unenforced\":0}"));
	free(text);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = counted, .initial_state = (void *)&rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(object);
	return _cmocka_run_group_tests("check", tests, n, NULL, NULL);
}
