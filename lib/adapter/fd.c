/*
 * fd: a descriptor that the filter was started with.
 *
 * Whether writes wait is a property of the open file, which others may share, so it is opened once more through /proc
 * where that can be; a socket needs no such thing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/descriptor.h"
#include "unit/unit.h"

struct given {
	struct qos_descriptor d;
	int fd;
	bool socket;
};

static int fd_init(void *state, struct qos_str target, struct qos_err *err)
{
	struct given *g = state;
	struct stat st;
	int64_t n;

	if (qos_unit_count(target, &n, NULL) || n > 65535 || fstat((int)n, &st) != 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%.*s\" is no open descriptor; write for example fd:3",
				QOS_STR_ARG(target));
	if ((fcntl((int)n, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "descriptor %d cannot be written", (int)n);
	g->fd = (int)n;
	g->socket = S_ISSOCK(st.st_mode);
	return 0;
}

static int fd_open(void *state)
{
	struct given *g = state;
	char path[40];
	int fd;

	if (g->socket)
		return qos_descriptor_take(&g->d, fcntl(g->fd, F_DUPFD_CLOEXEC, 3));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", g->fd);
	fd = open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		fd = fcntl(g->fd, F_DUPFD_CLOEXEC, 3);
		if (fd >= 0)
			fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	}
	return qos_descriptor_take(&g->d, fd);
}

static ssize_t fd_write(void *state, struct qos_str bytes, const struct qos_adapter_names *names)
{
	return ((struct given *)state)->socket ? qos_socket_write(state, bytes, names)
					       : qos_descriptor_write(state, bytes, names);
}

static int64_t fd_unread(const void *state)
{
	struct stat st;

	if (((const struct given *)state)->socket)
		return qos_socket_unread(state);
	return fstat(qos_descriptor_fd(state), &st) == 0 && S_ISFIFO(st.st_mode) ? qos_descriptor_unread(state) : 0;
}

static int fd_finish(void *state)
{
	return fd_unread(state) > 0;
}

extern const struct qos_adapter qos_adapter_fd;
const struct qos_adapter qos_adapter_fd = {
	.name = "fd",
	.summary = "fd:N a descriptor that the filter was started with",
	.state_bytes = sizeof(struct given),
	.init = fd_init,
	.open = fd_open,
	.fd = qos_descriptor_fd,
	.write = fd_write,
	.unread = fd_unread,
	.finish = fd_finish,
	.close = qos_descriptor_close,
};
