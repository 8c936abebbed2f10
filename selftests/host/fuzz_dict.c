// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fuzzer's dictionary, printed from the tables of the language: every
 * keyword, every word a value may be, what old spellings are made of, and the
 * marks of both forms of text.
 */
#include <stdio.h>
#include <string.h>

#include "load.h"
#include "schema.h"

static const char *seen[2048];
static size_t n_seen;
static struct zpf_arena arena;

static void entry(const char *s, size_t len)
{
	char *word = zpf_arena_strndup(&arena, s, len);

	for (size_t i = 0; i < n_seen; i++)
		if (!strcmp(seen[i], word))
			return;
	if (!len || n_seen == sizeof(seen) / sizeof(seen[0]))
		return;
	seen[n_seen++] = word;
	putchar('"');
	for (; *word; word++)
		printf(*word == '"' || *word == '\\' ? "\\%c" :
		       *word < ' ' ? "\\x%02x" : "%c", *word);
	puts("\"");
}

static void words(const char *s)
{
	while (*s) {
		size_t len = strcspn(s, " |");

		if (*s != '<' && *s != '*' && *s != '(')
			entry(s, len);
		s += len + !!s[len];
	}
}

static void spelling(void *arg, const char *from, const char *to)
{
	(void)arg;
	words(from);
	words(to);
}

int main(void)
{
	static const char *const marks[] = {
		"set firewall ", "delete firewall ", "firewall {", " {\n", "}\n",
		"interfaces ", " firewall in name ", " firewall out ipv6-name ",
		"/*", "*/", "#", "'", "\"", "\\", "\n", "!", "-", "/", ",", ":", "*",
		"0", "1", "999999", "65535", "4294967295", "10.0.0.0/8", "::/0",
		"10.0.0.1-10.0.0.2", "2001:db8::1", "eth0", "tcp_udp", "all",
		"5/minute", "ssh", "// vyos-config-version: \"firewall@20\"\n",
		"/* === vyatta-config-version: \"firewall@5\" === */\n",
	};
	const struct zpf_schema_row *rows;
	size_t n;

	rows = zpf_schema_rows(&n);
	for (size_t i = 0; i < n; i++) {
		words(rows[i].path);
		for (const struct zpf_word *w = rows[i].words; w && w->word; w++)
			entry(w->word, strlen(w->word));
	}
	zpf_old_each(spelling, NULL);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		entry(marks[i], strlen(marks[i]));
	zpf_arena_free(&arena);
	return 0;
}
