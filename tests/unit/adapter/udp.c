/* udp: each record a datagram. */
#include "tests/unit/adapter/listen.h"
#include "tests/unit/adapter/open.h"

static void datagrams(void)
{
	char uri[40], text[8];
	int peer = listen_at(SOCK_DGRAM, "udp", uri);
	const struct qos_adapter *kind;
	void *state = adapter_make(uri, &kind);

	CHECK(kind->single(state) && kind->loose);
	CHECK_INT(kind->open(state), 0);
	CHECK_INT(adapter_write(kind, state, "abc"), 3);
	CHECK_INT(adapter_write(kind, state, "de"), 2);
	CHECK_INT(recv(peer, text, 8, 0), 3);
	CHECK_INT(recv(peer, text, 8, 0), 2);
	close(peer);
	adapter_write(kind, state, "x");
	CHECK_INT(adapter_write(kind, state, "y"), -ECONNREFUSED);
	adapter_free(kind, state);
}

int main(void)
{
	RUN("records are datagrams, and a port without a listener is an error", datagrams);
	return DONE();
}
