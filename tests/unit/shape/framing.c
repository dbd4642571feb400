/* Framing by packet. */
#include "shape/framing.h"

#include "tests/unit/test.h"

static int64_t of(int64_t overhead, int64_t mtu, int64_t size)
{
	return qos_framing_bytes(&(struct qos_framing){ overhead, mtu }, size);
}

static void packets(void)
{
	CHECK_INT(of(0, 100, 1000), 1000);
	CHECK_INT(of(38, 0, 1000), 1038);
	CHECK_INT(of(38, 1500, 1500), 1538);
	CHECK_INT(of(38, 1500, 1501), 1577);
	CHECK_INT(of(38, 1500, 0), 38);
	CHECK_INT(of(INT64_MAX / 2, 1, 3), INT64_MAX);
}

int main(void)
{
	RUN("each packet of a record costs its overhead", packets);
	return DONE();
}
