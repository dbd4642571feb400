/* tcp: a connection to HOST:PORT. */
#include "adapter/address.h"

static int tcp_init(void *state, struct qos_str target, struct qos_err *err)
{
	return qos_address_find(state, target, SOCK_STREAM, err);
}

static int tcp_open(void *state)
{
	return qos_address_open(state, SOCK_STREAM);
}

extern const struct qos_adapter qos_adapter_tcp;
const struct qos_adapter qos_adapter_tcp = {
	.name = "tcp",
	.summary = "tcp:HOST:PORT a connection",
	.state_bytes = sizeof(struct qos_address),
	.init = tcp_init,
	.open = tcp_open,
	.opened = qos_socket_opened,
	.fd = qos_descriptor_fd,
	.write = qos_socket_write,
	.unread = qos_socket_unread,
	.check = qos_socket_check,
	.finish = qos_socket_finish,
	.close = qos_descriptor_close,
};
