/* tcp: a connection that is made without waiting. */
#include "tests/unit/adapter/listen.h"
#include "tests/unit/adapter/open.h"

/* open(), and opened() once the descriptor says so. */
static int connect_it(const struct qos_adapter *kind, void *state)
{
	int rc = kind->open(state);
	struct pollfd p;

	if (rc != 1)
		return rc;
	p = (struct pollfd){ .fd = kind->fd(state), .events = POLLOUT };
	CHECK_INT(poll(&p, 1, 5000), 1);
	return kind->opened(state);
}

static void connects(void)
{
	char uri[40], text[8];
	int listener = listen_at(SOCK_STREAM, "tcp", uri), peer;
	const struct qos_adapter *kind;
	void *state = adapter_make(uri, &kind);

	CHECK_INT(connect_it(kind, state), 0);
	peer = accept(listener, NULL, NULL);
	CHECK_INT(adapter_write(kind, state, "abc"), 3);
	CHECK_INT(read(peer, text, 8), 3);
	CHECK_INT(kind->check(state), 0);
	close(peer);
	usleep(1000);
	CHECK(kind->check(state) < 0);
	kind->close(state);
	close(listener);
	CHECK_INT(connect_it(kind, state), -ECONNREFUSED);
	adapter_free(kind, state);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	RUN("it connects, sees its peer close, and is refused where nobody listens", connects);
	return DONE();
}
