/* HOST:PORT, looked up once. */
#ifndef QOS_ADAPTER_ADDRESS_H
#define QOS_ADAPTER_ADDRESS_H

#include <sys/socket.h>

#include "adapter/descriptor.h"

#define QOS_ADDRESSES_MOST 8

struct qos_address {
	struct qos_descriptor d; /* first: it is the state's, too */
	struct {
		struct sockaddr_storage at;
		socklen_t n;
	} address[QOS_ADDRESSES_MOST];
	int n_addresses, next;
};

/*
 * Looks up HOST:PORT or [HOST]:PORT.
 *
 * type	SOCK_STREAM or SOCK_DGRAM
 * Fails	QOS_EUSAGE when it is none; QOS_EIO when the name is unknown.
 */
int qos_address_find(struct qos_address *a, struct qos_str target, int type, struct qos_err *err);
/* Connects to the next of the addresses, in turn.   Returns  as open(). */
int qos_address_open(struct qos_address *a, int type);

#endif
