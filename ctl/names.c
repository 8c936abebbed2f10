// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of services, protocols and ICMP types, and their numbers. Called by
 * value. The tables are sorted (a host test checks it) and searched by halves;
 * /etc/services and /etc/protocols are read once, and only for a name that is
 * not in them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>

#include "names.h"
#include "names_tables.h"
#include "wordcmp.h"

struct etc_file {
	const char *path;
	bool read;
	struct zpf_name_number *v;
	size_t n;
};

static struct etc_file etc_services = { .path = "/etc/services" };
static struct etc_file etc_protocols = { .path = "/etc/protocols" };

static int cmp_name(const void *a, const void *b)
{
	const struct zpf_name_number *x = a, *y = b;

	return zpf_word_cmp(x->name, y->name);
}

static int find(const struct zpf_name_number *v, size_t n, const char *name)
{
	struct zpf_name_number key = { .name = name };
	const struct zpf_name_number *hit;

	hit = n ? bsearch(&key, v, n, sizeof(*v), cmp_name) : NULL;
	return hit ? hit->number : -1;
}

static void etc_add(struct etc_file *f, const char *name, unsigned long number)
{
	struct zpf_name_number *v;
	char *copy;

	if (number > 65535)
		return;
	v = realloc(f->v, (f->n + 1) * sizeof(*v));
	if (!v)
		return;
	f->v = v;
	copy = strdup(name);
	if (!copy)
		return;
	v[f->n].name = copy;
	v[f->n++].number = (int)number;
}

/* Lines of both files: NAME NUMBER[/PROTO] ALIAS... # comment */
static void etc_read(struct etc_file *f)
{
	char line[1024];
	FILE *in;

	f->read = true;
	in = fopen(f->path, "re");
	if (!in)
		return;
	while (fgets(line, sizeof(line), in)) {
		char *save, *name, *number, *end, *alias;
		unsigned long v;

		line[strcspn(line, "#\n")] = '\0';
		name = strtok_r(line, " \t", &save);
		number = strtok_r(NULL, " \t", &save);
		if (!name || !number)
			continue;
		v = strtoul(number, &end, 10);
		if (end == number)
			continue;
		etc_add(f, name, v);
		while ((alias = strtok_r(NULL, " \t", &save)))
			etc_add(f, alias, v);
	}
	fclose(in);
	if (f->n)
		qsort(f->v, f->n, sizeof(*f->v), cmp_name);
}

static int find_etc(struct etc_file *f, const char *name)
{
	if (!f->read)
		etc_read(f);
	return find(f->v, f->n, name);
}

/**
 * zpf_name_service() - port of a service
 * @name: as in /etc/services
 *
 * Return: the port, -1 where the name is not known
 */
int zpf_name_service(const char *name)
{
	int port = find(zpf_services, zpf_n_services, name);

	return port >= 0 ? port : find_etc(&etc_services, name);
}

/**
 * zpf_name_protocol() - number of an IP protocol
 * @name: as in /etc/protocols, small letters
 *
 * Return: 0 .. 255, -1 where the name is not known
 */
int zpf_name_protocol(const char *name)
{
	int proto = find(zpf_protocols, zpf_n_protocols, name);

	if (proto < 0)
		proto = find_etc(&etc_protocols, name);
	return proto > 255 ? -1 : proto;
}

/**
 * zpf_protocol_name() - name of an IP protocol, the inverse of the above
 * @number: the protocol
 *
 * Return: the shortest name it is known by, or NULL
 */
const char *zpf_protocol_name(int number)
{
	const char *name = NULL;
	size_t i;

	for (i = 0; i < zpf_n_protocols; i++)
		if (zpf_protocols[i].number == number &&
		    (!name || strlen(zpf_protocols[i].name) < strlen(name)))
			name = zpf_protocols[i].name;
	return name;
}

/**
 * zpf_name_icmp() - type, and code where the name means one, of an ICMP name
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @name: as in VyOS
 * @type: gets the type, -1 for any
 * @code: gets the code, -1 for any
 *
 * Return: whether the name is known
 */
bool zpf_name_icmp(uint8_t family, const char *name, int *type, int *code)
{
	const struct zpf_icmp_name *v;

	v = family == AF_INET6 ? zpf_icmp6_names : zpf_icmp4_names;
	for (; v->name; v++) {
		if (strcmp(v->name, name))
			continue;
		*type = v->type;
		*code = v->code;
		return true;
	}
	return false;
}
