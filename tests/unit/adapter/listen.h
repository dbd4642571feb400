/* A socket at a free port of the loopback, and the URI of it. */
#ifndef TESTS_UNIT_ADAPTER_LISTEN_H
#define TESTS_UNIT_ADAPTER_LISTEN_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

static int listen_at(int type, const char *scheme, char *uri)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, type, 0);

	if (bind(fd, (struct sockaddr *)&a, n) || (type == SOCK_STREAM && listen(fd, 4)) ||
	    getsockname(fd, (struct sockaddr *)&a, &n))
		return -1;
	sprintf(uri, "%s:127.0.0.1:%d", scheme, ntohs(a.sin_port));
	return fd;
}

#endif
