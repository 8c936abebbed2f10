// SPDX-License-Identifier: GPL-2.0-only
/*
 * The large configuration of bench/generate.py, 43,000 lines: it is read and
 * compiled in bounded processor time, it prints what it printed before (a
 * digest stands for the golden file), and what is printed is the same again,
 * down to the tables the kernel would get.
 */
#include "test.h"

#include <sys/resource.h>
#include <time.h>

#include "tree.h"
#include "wire.h"

/* of the printed text; a change is a change of what is printed for people */
#define DIGEST_SET	0x6fe939b1db823eceULL
#define DIGEST_BRACE	0x49f9bfa3097048b6ULL

/* with the sanitizers, on a machine that does other things; 0.1 s without */
#define CPU_SECONDS	1.5

static char *text;
static size_t text_len;

static int generate(void **state)
{
	FILE *in = popen("python3 ../bench/generate.py", "r");

	(void)state;
	assert_non_null(in);
	assert_true(getdelim(&text, &text_len, '\0', in) > 0);
	text_len = strlen(text);
	return pclose(in);
}

static int release(void **state)
{
	(void)state;
	free(text);
	return 0;
}

static double cpu(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void is_as_large_as_it_says(void **state)
{
	size_t lines = 0, groups = 0, members = 0;
	struct job j = { 0 };

	(void)state;
	for (const char *s = text; *s; s = strchr(s, '\n') + 1) {
		const char *end = strchr(s, '\n'), *last;

		lines++;
		if (strncmp(s, "set firewall group ", 19))
			continue;
		last = memchr(s + 19, ' ', (size_t)(end - s - 19));
		last = memchr(last + 1, ' ', (size_t)(end - last - 1));
		groups += !strncmp(last, " description", 12);
		members += strncmp(last, " description", 12) &&
			strncmp(last, " include", 8);
	}
	assert_int_equal(lines, 43000);
	assert_int_equal(groups, 450);
	assert_int_equal(members, 8000);
	job_read(&j, text, text_len, "large");
	assert_non_null(job_compile(&j, 0));
	assert_int_equal(j.policy->n_groups, 450);
	/* of 3,000 rules these are not disabled */
	assert_int_equal(j.policy->n_rules, 2904);
	job_end(&j);
}

static void is_read_in_time(void **state)
{
	double before = cpu(), spent;
	struct job j = { 0 };
	struct rusage usage;

	(void)state;
	job_read(&j, text, text_len, "large");
	assert_non_null(job_compile(&j, 0));
	spent = cpu() - before;
	getrusage(RUSAGE_SELF, &usage);
	print_message("# %.2f s of processor time, %ld KiB, both with the sanitizers\n",
		      spent, usage.ru_maxrss);
	if (spent > CPU_SECONDS)
		fail_msg("%.2f s of processor time", spent);
	job_end(&j);
}

/* The time grows with the size, not with its square. */
static void time_is_linear(void **state)
{
	double spent[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		const char *commands[] = {
			"python3 ../bench/generate.py --rules 1000 --rulesets 10 --lines 0",
			"python3 ../bench/generate.py --rules 8000 --rulesets 10 --lines 0",
		};
		FILE *in = popen(commands[i], "r");
		struct job j = { 0 };
		char *some = NULL;
		size_t len = 0;
		double before;

		assert_true(getdelim(&some, &len, '\0', in) > 0);
		pclose(in);
		before = cpu();
		job_read(&j, some, strlen(some), "some");
		assert_non_null(job_compile(&j, 0));
		spent[i] = cpu() - before;
		job_end(&j);
		free(some);
	}
	/* eight times the rules beside the same groups */
	if (spent[1] > 16 * spent[0])
		fail_msg("%.2f s for 1,000 rules, %.2f s for 8,000", spent[0], spent[1]);
}

static void prints_as_before(void **state)
{
	static const uint64_t want[] = { DIGEST_SET, DIGEST_BRACE };
	struct job j = { 0 };

	(void)state;
	job_read(&j, text, text_len, "large");
	assert_non_null(job_compile(&j, 0));
	for (int f = ZPF_FORM_SET; f <= ZPF_FORM_BRACE; f++) {
		char *one = job_emit(&j, (enum zpf_config_form)f, 0), *two;
		struct job again = { 0 };

		job_text(&again, one);
		assert_int_equal(again.diag.n, 0);
		two = job_emit(&again, (enum zpf_config_form)f, 0);
		assert_string_equal(one, two);
		assert_non_null(job_compile(&again, 0));
		same_to_the_kernel(&j, &again);
		if (zpf_tree_hash(one) != want[f])
			fail_msg("digest of the %s form: 0x%016llx", f ? "brace" : "set",
				 (unsigned long long)zpf_tree_hash(one));
		free(one);
		free(two);
		job_end(&again);
	}
	job_end(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_as_large_as_it_says),
		cmocka_unit_test(is_read_in_time),
		cmocka_unit_test(time_is_linear),
		cmocka_unit_test(prints_as_before),
	};

	return cmocka_run_group_tests(tests, generate, release);
}
