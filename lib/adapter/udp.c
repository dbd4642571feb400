/*
 * udp: each record a datagram to HOST:PORT.  Nobody says whether it arrives; a port that nobody listens at may be told
 * with the next one, which is then an error like a broken connection.
 */
#include <errno.h>

#include "adapter/address.h"

static int udp_init(void *state, struct qos_str target, struct qos_err *err)
{
	return qos_address_find(state, target, SOCK_DGRAM, err);
}

static int udp_open(void *state)
{
	return qos_address_open(state, SOCK_DGRAM);
}

static int udp_finish(void *state)
{
	return 0;
}

static bool udp_single(const void *state)
{
	return true;
}

extern const struct qos_adapter qos_adapter_udp;
const struct qos_adapter qos_adapter_udp = {
	.name = "udp",
	.summary = "udp:HOST:PORT each record a datagram",
	.state_bytes = sizeof(struct qos_address),
	.init = udp_init,
	.open = udp_open,
	.fd = qos_descriptor_fd,
	.write = qos_socket_write,
	.finish = udp_finish,
	.close = qos_descriptor_close,
	.single = udp_single,
	.loose = true,
};
