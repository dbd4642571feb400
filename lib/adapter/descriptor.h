/* What members over one descriptor have in common. */
#ifndef QOS_ADAPTER_DESCRIPTOR_H
#define QOS_ADAPTER_DESCRIPTOR_H

#include <sys/socket.h>
#include <sys/types.h>

#include "adapter/adapter.h"

/* A descriptor is kept as fd + 1, so that a zeroed state has none. */
struct qos_descriptor {
	int fd_1;
	bool ended; /* the writing side was shut down */
};

static inline int qos_descriptor_fd(const void *state)
{
	return ((const struct qos_descriptor *)state)->fd_1 - 1;
}

/* Adds fd, or keeps the error.   Returns  0 or -errno. */
int qos_descriptor_take(struct qos_descriptor *d, int fd);
/* Closes it, if there is one. */
void qos_descriptor_close(void *state);
/* write(2) without waiting; a closed pipe is an error and no signal (the process ignores SIGPIPE). */
ssize_t qos_descriptor_write(void *state, struct qos_str bytes, const struct qos_adapter_names *names);
/* Bytes in a pipe. */
int64_t qos_descriptor_unread(const void *state);

/* A socket that connects to an address without waiting.   Returns  0, 1 or -errno, as open(). */
int qos_socket_connect(struct qos_descriptor *d, int family, int type, const void *address, socklen_t n);
/* Has the connection been made?   Returns  0 or -errno, as opened(). */
int qos_socket_opened(void *state);
/* send(2) without waiting and without a signal. */
ssize_t qos_socket_write(void *state, struct qos_str bytes, const struct qos_adapter_names *names);
/* Bytes that the peer's kernel does not have. */
int64_t qos_socket_unread(const void *state);
/* What the peer sends is thrown away; its end is ours. */
int qos_socket_check(void *state);
/* Nothing more will be written: shuts the writing side down once, then waits for the peer's end, as finish(). */
int qos_socket_finish(void *state);

/* A copy of a target as a C string.   Fails  QOS_EUSAGE when it is empty or too long for n bytes. */
int qos_target_copy(struct qos_str target, char *to, size_t n, const char *example, struct qos_err *err);

#endif
