// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes and reads sysctls: see sysctls.h. /proc/sys/net is that of the network
 * namespace this process is in, so `-n` needs nothing here. A setting that
 * cannot be made is a warning: the policy is in force all the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sysctls.h"
#include "xmem.h"

/* "net/ipv4/conf/eth1.10/rp_filter" as sysctl(8) has it, for messages. */
static const char *zpf_sysctl_name(const char *root, const char *path)
{
	return path + strlen(root);
}

static int zpf_sysctl_write(const char *path, const char *value)
{
	size_t len = strlen(value);
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;
	ssize_t n;

	if (fd < 0)
		return errno;
	n = write(fd, value, len);
	if (n != (ssize_t)len)
		err = n < 0 ? errno : EIO;
	close(fd);
	return err;
}

static const char *zpf_sysctl_read(const char *path, char buf[ZPF_SYSCTL_TEXT])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd >= 0) {
		n = read(fd, buf, ZPF_SYSCTL_TEXT - 1);
		close(fd);
	}
	if (n < 0)
		return NULL;
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return buf;
}

/* The files a path with a '*' means; glob(3) leaves out none by itself. */
static int zpf_sysctl_files(const char *root, const char *path, glob_t *files)
{
	char pattern[512];

	snprintf(pattern, sizeof(pattern), "%s%s", root, path);
	memset(files, 0, sizeof(*files));
	return glob(pattern, GLOB_NOSORT, NULL, files);
}

/**
 * zpf_sysctls_apply() - make the settings of a policy
 * @root: ZPF_SYSCTL_ROOT, but in tests
 * @p: the policy, published
 * @diag: gets a warning for each that cannot be made
 */
void zpf_sysctls_apply(const char *root, const struct zpf_policy *p,
		       struct zpf_diag *diag)
{
	for (size_t i = 0; i < p->n_sysctls; i++) {
		const struct zpf_flat_sysctl *s = &p->sysctls[i];
		glob_t files;

		if (zpf_sysctl_files(root, s->path, &files))
			zpf_diag_add(diag, ZPF_DIAG_WARNING, &s->where, NULL,
				     "%s is not set: this kernel has no %s",
				     s->option, s->path);
		for (size_t k = 0; k < files.gl_pathc; k++) {
			int err = zpf_sysctl_write(files.gl_pathv[k], s->value);

			/* An interface may go while this is done. */
			if (!err || (err == ENOENT && strchr(s->path, '*')))
				continue;
			zpf_diag_add(diag, ZPF_DIAG_WARNING, &s->where, NULL,
				     "%s is not set: %s cannot be %s: %s", s->option,
				     zpf_sysctl_name(root, files.gl_pathv[k]),
				     s->value, strerror(err));
			break;
		}
		globfree(&files);
	}
}

/**
 * zpf_sysctl_now() - what a setting is now
 * @root: ZPF_SYSCTL_ROOT, but in tests
 * @s: the setting
 * @buf: for the text
 *
 * Return: its value; with the interface where one of several differs from what
 * is wanted; NULL where the kernel has no such setting
 */
const char *zpf_sysctl_now(const char *root, const struct zpf_flat_sysctl *s,
			   char buf[ZPF_SYSCTL_TEXT])
{
	const char *now = NULL, *star = strchr(s->path, '*');
	size_t head = strlen(root) + (star ? (size_t)(star - s->path) : 0), len;
	glob_t files;

	if (zpf_sysctl_files(root, s->path, &files)) {
		globfree(&files);
		return NULL;
	}
	for (size_t k = 0; k < files.gl_pathc; k++) {
		const char *path = files.gl_pathv[k];

		now = zpf_sysctl_read(path, buf);
		if (!now || !strcmp(now, s->value))
			continue;
		if (star) {
			len = strlen(buf);
			snprintf(buf + len, ZPF_SYSCTL_TEXT - len, " (%.*s)",
				 (int)strcspn(path + head, "/"), path + head);
		}
		break;
	}
	globfree(&files);
	return now;
}
