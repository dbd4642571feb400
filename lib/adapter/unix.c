/* unix: a stream socket in the file system. */
#include <sys/un.h>

#include "adapter/descriptor.h"

#undef unix

struct local {
	struct qos_descriptor d;
	struct sockaddr_un address;
};

static int unix_init(void *state, struct qos_str target, struct qos_err *err)
{
	struct local *l = state;

	l->address.sun_family = AF_UNIX;
	return qos_target_copy(target, l->address.sun_path, sizeof(l->address.sun_path), "unix:/run/records.sock", err);
}

static int unix_open(void *state)
{
	struct local *l = state;

	return qos_socket_connect(&l->d, AF_UNIX, SOCK_STREAM, &l->address, sizeof(l->address));
}

extern const struct qos_adapter qos_adapter_unix;
const struct qos_adapter qos_adapter_unix = {
	.name = "unix",
	.summary = "unix:PATH a stream socket in the file system",
	.state_bytes = sizeof(struct local),
	.init = unix_init,
	.open = unix_open,
	.opened = qos_socket_opened,
	.fd = qos_descriptor_fd,
	.write = qos_socket_write,
	.unread = qos_socket_unread,
	.check = qos_socket_check,
	.finish = qos_socket_finish,
	.close = qos_descriptor_close,
};
