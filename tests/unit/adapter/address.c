/* HOST:PORT. */
#include "adapter/address.h"

#include <netinet/in.h>

#include "tests/unit/test.h"

static int family_of(const char *text)
{
	struct qos_address a = { 0 };
	struct qos_err err;

	return qos_address_find(&a, qos_str(text), SOCK_STREAM, &err) ? -1 : a.address[0].at.ss_family;
}

static void forms(void)
{
	CHECK_INT(family_of("127.0.0.1:80"), AF_INET);
	CHECK_INT(family_of("[::1]:80"), AF_INET6);
	CHECK_INT(family_of("80"), -1);
	CHECK_INT(family_of(":80"), -1);
	CHECK_INT(family_of("127.0.0.1:"), -1);
	CHECK_INT(family_of("127.0.0.1:nosuchservice"), -1);
}

int main(void)
{
	RUN("a host and a port, in brackets too", forms);
	return DONE();
}
