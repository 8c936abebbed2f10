// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option -n: see netns.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "netns.h"

#define ZPF_NETNS_DIR "/run/netns"

int zpf_netns_enter(const char *which, char *why, size_t size)
{
	char path[PATH_MAX];
	int fd;

	if (!*which || !strcmp(which, ".") || !strcmp(which, "..")) {
		snprintf(why, size, "network namespace '%s': expected a name, a process id or a path", which);
		return -1;
	}
	if (strchr(which, '/')) {
		snprintf(path, sizeof(path), "%s", which);
	} else {
		snprintf(path, sizeof(path), ZPF_NETNS_DIR "/%s", which);
		if (access(path, F_OK) && !which[strspn(which, "0123456789")])
			snprintf(path, sizeof(path), "/proc/%s/ns/net", which);
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		snprintf(why, size, "network namespace '%s': %s: %s", which, path,
			 strerror(errno));
		return -1;
	}
	if (setns(fd, CLONE_NEWNET)) {
		snprintf(why, size, "network namespace '%s': %s", which,
			 errno == EINVAL ? "not a network namespace" :
			 errno == EPERM ? "needs CAP_SYS_ADMIN to enter it" :
			 strerror(errno));
		close(fd);
		return -1;
	}
	close(fd);
	return 0;
}
