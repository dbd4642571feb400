/* HOST:PORT: names are looked up once, at set-up, since that may wait; each try to connect takes the next address. */
#include "adapter/address.h"

#include <netdb.h>
#include <string.h>

static int split(struct qos_str target, char *host, size_t host_room, char *port, size_t port_room, struct qos_err *err)
{
	const char *colon = NULL, *p = target.p;
	size_t n;

	for (const char *q = target.p; q < target.p + target.n; q++)
		if (*q == ':')
			colon = q;
	if (!colon || colon == target.p || colon + 1 == target.p + target.n)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"\"%.*s\" is no HOST:PORT; write for example localhost:514, or [::1]:514",
				QOS_STR_ARG(target));
	n = (size_t)(colon - p);
	if (n > 2 && *p == '[' && colon[-1] == ']') {
		p++;
		n -= 2;
	}
	if (n >= host_room || target.n - (size_t)(colon + 1 - target.p) >= port_room)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%.*s\" is too long for HOST:PORT",
				QOS_STR_ARG(target));
	memcpy(host, p, n);
	host[n] = 0;
	n = target.n - (size_t)(colon + 1 - target.p);
	memcpy(port, colon + 1, n);
	port[n] = 0;
	return 0;
}

int qos_address_find(struct qos_address *a, struct qos_str target, int type, struct qos_err *err)
{
	struct addrinfo hints = { .ai_socktype = type }, *list;
	char host[NI_MAXHOST], port[NI_MAXSERV];
	int rc = split(target, host, sizeof(host), port, sizeof(port), err);

	if (rc)
		return rc;
	rc = getaddrinfo(host, port, &hints, &list);
	if (rc)
		return qos_fail(err, QOS_EIO, QOS_NOWHERE, "%s port %s: %s", host, port, gai_strerror(rc));
	for (const struct addrinfo *i = list; i && a->n_addresses < QOS_ADDRESSES_MOST; i = i->ai_next) {
		memcpy(&a->address[a->n_addresses].at, i->ai_addr, i->ai_addrlen);
		a->address[a->n_addresses++].n = i->ai_addrlen;
	}
	freeaddrinfo(list);
	return 0;
}

int qos_address_open(struct qos_address *a, int type)
{
	int i = a->next;

	a->next = (i + 1) % a->n_addresses;
	return qos_socket_connect(&a->d, a->address[i].at.ss_family, type, &a->address[i].at, a->address[i].n);
}
