/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language front end as the commands see it: text in, tree, compiled
 * policy out. All of it works without a kernel, a socket or a privilege.
 */
#ifndef ZPF_CTL_CONFIG_H
#define ZPF_CTL_CONFIG_H

#include <stdio.h>
#include "diag.h"
#include "policy.h"

struct zpf_config;

/** zpf_config_new() - an empty configuration */
struct zpf_config *zpf_config_new(void);

/** zpf_config_free() - free a configuration; policies made of it go first */
void zpf_config_free(struct zpf_config *cfg);

/**
 * zpf_config_read() - merge one text, set or brace form, onto a configuration
 * @cfg: the configuration
 * @in: the text; read to its end, not closed
 * @name: file name for messages
 * @diag: gets every error and warning of the text
 *
 * Return: 0, or -1 if @diag got errors: zpf_config_compile() then only finds
 * what else is wrong, in what could be read, and makes no policy
 */
int zpf_config_read(struct zpf_config *cfg, FILE *in, const char *name,
		    struct zpf_diag *diag);

/** zpf_config_read_text() - the same for @len bytes in memory */
int zpf_config_read_text(struct zpf_config *cfg, const char *text, size_t len,
			 const char *name, struct zpf_diag *diag);

enum zpf_config_form {
	ZPF_FORM_SET,
	ZPF_FORM_BRACE,
};

enum zpf_config_emit_flags {
	ZPF_EMIT_VYOS	= 1 << 0,	/* leave out what VyOS does not know */
};

/**
 * zpf_config_emit() - print the `firewall` subtree canonically
 *
 * What it prints loads back to the same tree.
 */
void zpf_config_emit(const struct zpf_config *cfg, FILE *out,
		     enum zpf_config_form form, unsigned int flags);

enum zpf_compile_flags {
	ZPF_COMPILE_SKIP_UNENFORCED = 1 << 0,	/* list them as warnings */
	ZPF_COMPILE_FORCE = 1 << 1,	/* allow what filters nothing */
	ZPF_COMPILE_PATIENT = 1 << 2,	/* seconds may go into findings */
};

/**
 * struct zpf_times - where the time went, in nanoseconds
 * @read_ns: texts to tree
 * @check_ns: tree to model, refusals
 * @lint_ns: warnings
 * @flatten_ns: model to policy
 */
struct zpf_times {
	uint64_t read_ns, check_ns, lint_ns, flatten_ns;
};

/** zpf_config_times() - of all reading, and the last zpf_config_compile() */
const struct zpf_times *zpf_config_times(const struct zpf_config *cfg);


/**
 * zpf_config_compile() - check a configuration and lay it flat
 * @cfg: the configuration
 * @flags: &enum zpf_compile_flags
 * @diag: gets every refusal and every warning that needs no kernel
 *
 * Return: the policy (zpf_policy_free()), or NULL with errors in @diag
 */
struct zpf_policy *zpf_config_compile(struct zpf_config *cfg,
				      unsigned int flags,
				      struct zpf_diag *diag);

/**
 * struct zpf_statements - what becomes of the statements under `firewall`
 * @enforced: they have a say in what happens to packets
 * @kept: they have none and are kept: descriptions, `last-used`, all of a
 *	disabled rule, rulesets and groups that nothing refers to
 * @unenforced: zpf cannot enforce them, or the rule they stand in
 *
 * A statement is a line of the set form. What could not be read is none.
 */
struct zpf_statements {
	size_t enforced, kept, unenforced;
};

/** zpf_config_statements() - as counted by the last zpf_config_compile() */
const struct zpf_statements *zpf_config_statements(const struct zpf_config *cfg);

/**
 * struct zpf_ignored - statements outside `firewall`, kept but not enforced
 * @word: top-level word
 * @leaves: statements under it
 */
struct zpf_ignored {
	const char *word;
	size_t leaves;
};

/**
 * zpf_config_ignored() - list them, most leaves first
 * @cfg: the configuration
 * @list: the array, owned by the configuration
 *
 * Return: length of @list
 */
size_t zpf_config_ignored(struct zpf_config *cfg,
			  const struct zpf_ignored **list);

/**
 * struct zpf_present - an interface of the machine, for the warnings
 * @name: interface name
 * @master: name of the master device, or NULL
 * @master_kind: rtnl link kind of the master ("bridge", "bond", "vrf"), or NULL
 * @dynamic: its address came by DHCP (rtnl: not permanent)
 */
struct zpf_present {
	const char *name;
	const char *master;
	const char *master_kind;
	bool dynamic;
};

/**
 * zpf_config_check_present() - warnings that need to know the interfaces
 *
 * Member interfaces that are not there, present interfaces in no zone and what
 * will die with them, members that are bridge ports or bond slaves.
 */
void zpf_config_check_present(const struct zpf_policy *policy,
			      const struct zpf_present *list, size_t n,
			      struct zpf_diag *diag);

#endif /* ZPF_CTL_CONFIG_H */
