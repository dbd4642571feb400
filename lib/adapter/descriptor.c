/*
 * Descriptors and sockets that never wait.
 *
 * Cost   one system call a write.
 */
#include "adapter/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int qos_descriptor_take(struct qos_descriptor *d, int fd)
{
	if (fd < 0)
		return -errno;
	d->fd_1 = fd + 1;
	d->ended = false;
	return 0;
}

void qos_descriptor_close(void *state)
{
	struct qos_descriptor *d = state;

	if (d->fd_1)
		close(d->fd_1 - 1);
	d->fd_1 = 0;
}

ssize_t qos_descriptor_write(void *state, struct qos_str bytes, const struct qos_adapter_names *names)
{
	ssize_t n;

	do
		n = write(qos_descriptor_fd(state), bytes.p, bytes.n);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

int64_t qos_descriptor_unread(const void *state)
{
	int n = 0;

	return ioctl(qos_descriptor_fd(state), FIONREAD, &n) == 0 ? n : 0;
}

int qos_socket_connect(struct qos_descriptor *d, int family, int type, const void *address, socklen_t n)
{
	int rc = qos_descriptor_take(d, socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));

	if (rc)
		return rc;
	if (connect(qos_descriptor_fd(d), address, n) == 0)
		return 0;
	if (errno == EINPROGRESS)
		return 1;
	rc = -errno; /* EAGAIN: a unix socket's queue of connections is full */
	qos_descriptor_close(d);
	return rc;
}

int qos_socket_opened(void *state)
{
	int error = 0;
	socklen_t n = sizeof(error);

	if (getsockopt(qos_descriptor_fd(state), SOL_SOCKET, SO_ERROR, &error, &n))
		error = errno;
	if (error)
		qos_descriptor_close(state);
	return -error;
}

ssize_t qos_socket_write(void *state, struct qos_str bytes, const struct qos_adapter_names *names)
{
	ssize_t n;

	do
		n = send(qos_descriptor_fd(state), bytes.p, bytes.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

int64_t qos_socket_unread(const void *state)
{
	int n = 0;

	return ioctl(qos_descriptor_fd(state), SIOCOUTQ, &n) == 0 ? n : 0;
}

int qos_socket_check(void *state)
{
	char thrown_away[4096];
	ssize_t n;

	do
		n = recv(qos_descriptor_fd(state), thrown_away, sizeof(thrown_away), MSG_DONTWAIT);
	while (n > 0 || (n < 0 && errno == EINTR));
	if (n == 0)
		return -EPIPE;
	return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -errno;
}

int qos_socket_finish(void *state)
{
	struct qos_descriptor *d = state;
	int rc;

	if (!d->ended && shutdown(qos_descriptor_fd(d), SHUT_WR) != 0)
		return -errno;
	d->ended = true;
	rc = qos_socket_check(state);
	return rc == -EPIPE ? 0 : rc ? rc : 1;
}

int qos_target_copy(struct qos_str target, char *to, size_t n, const char *example, struct qos_err *err)
{
	if (target.n == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "it says no place; write for example %s", example);
	if (target.n >= n)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "its place has %zu bytes, the most is %zu", target.n,
				n - 1);
	memcpy(to, target.p, target.n);
	to[target.n] = 0;
	return 0;
}
