// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree itself: children that come and go, few and many, against a plain
 * array of their names; where they were written.
 */
#include "test.h"
#include <limits.h>
#include "tree.h"

#define NAMES 200	/* different ones: enough for an index to grow twice */
#define STEPS 20000

struct reference {
	int name[NAMES];	/* in the order written */
	size_t n;
};

static const char *name_of(int i)
{
	static char text[16];

	snprintf(text, sizeof(text), "eth%d", i);
	return text;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void compare(struct zpf_arena *a, const struct zpf_node *top,
		    const struct reference *ref)
{
	struct zpf_node *last = NULL, **sorted, *kid;
	struct zpf_tree_order order;
	int numbers[NAMES];
	size_t i = 0, count;

	assert_int_equal(zpf_tree_count(top), ref->n);
	zpf_tree_for_each(c, top) {
		assert_true(i < ref->n);
		assert_string_equal(c->name, name_of(ref->name[i]));
		assert_ptr_equal(c->parent, top);
		if (last)
			assert_ptr_equal(c->prev, last);
		last = c;
		i++;
	}
	assert_int_equal(i, ref->n);
	if (last)
		assert_ptr_equal(zpf_tree_first(top)->prev, last);

	memcpy(numbers, ref->name, sizeof(numbers));
	qsort(numbers, ref->n, sizeof(*numbers), by_number);
	sorted = zpf_tree_sorted(a, top, &count);
	assert_int_equal(count, ref->n);
	order = zpf_tree_order(a, top);
	for (i = 0; i < count; i++) {
		assert_string_equal(sorted[i]->name, name_of(numbers[i]));
		kid = zpf_tree_next(&order);
		assert_ptr_equal(kid, sorted[i]);
	}
	assert_null(zpf_tree_next(&order));
}

/* @most: how many there are at a time, at most */
static void come_and_go(size_t most)
{
	struct zpf_arena a = { 0 }, scratch = { 0 };
	struct zpf_node *top = zpf_tree_add(&a, NULL, "", NULL, false, NULL), *c;
	struct reference ref = { .n = 0 };

	srand(1);
	for (int step = 0; step < STEPS; step++) {
		int name = rand() % NAMES;
		size_t at;

		for (at = 0; at < ref.n && ref.name[at] != name; at++)
			;
		c = zpf_tree_find(top, name_of(name));
		assert_int_equal(!!c, at < ref.n);
		if (c) {
			zpf_tree_remove(c);
			assert_null(c->parent);
			ref.n--;
			memmove(ref.name + at, ref.name + at + 1,
				(ref.n - at) * sizeof(*ref.name));
		} else if (ref.n < most) {
			zpf_tree_add(&a, top, name_of(name), NULL, true, NULL);
			ref.name[ref.n++] = name;
		}
		if (step % 16 == 0 || ref.n < 3)
			compare(&scratch, top, &ref);
		if (step % 256 == 0)
			zpf_arena_reset(&scratch);
	}
	while (ref.n) {	/* the first, the last, the first, ... */
		c = ref.n % 2 ? zpf_tree_first(top) : zpf_tree_first(top)->prev;
		zpf_tree_remove(c);
		memmove(ref.name, ref.name + ref.n % 2,
			(ref.n - 1) * sizeof(*ref.name));
		ref.n--;
		compare(&scratch, top, &ref);
	}
	zpf_arena_free(&scratch);
	zpf_arena_free(&a);
}

static void test_few(void **state __attribute__((unused)))
{
	come_and_go(2);
	come_and_go(8);
}

static void test_many(void **state __attribute__((unused)))
{
	come_and_go(9);
	come_and_go(NAMES);
}

/* A line may be as long as a file: a column there is no room for stays the last. */
static void test_where(void **state __attribute__((unused)))
{
	static const struct { unsigned int col, told; } rows[] = {
		{ 1, 1 }, { 0xfffffe, 0xfffffe }, { 0xffffff, 0xffffff },
		{ 0x1000000, 0xffffff }, { UINT_MAX, 0xffffff },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zpf_where where = { "a.set", UINT_MAX, rows[i].col };
		struct zpf_arena a = { 0 };
		struct zpf_node *n = zpf_tree_add(&a, NULL, "", NULL, true, &where);

		n->few = 8;
		n->broken = n->unsorted = true;
		where = zpf_tree_where(n);
		assert_string_equal(where.file, "a.set");
		assert_int_equal(where.line, UINT_MAX);
		assert_int_equal(where.col, rows[i].told);
		zpf_arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
