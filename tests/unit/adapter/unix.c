/* unix: a socket in the file system. */
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/adapter/open.h"

static void connects(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "s" };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), peer;
	const struct qos_adapter *kind;
	char text[8];
	void *state = adapter_make("unix:s", &kind);

	CHECK_INT(kind->open(state), -ENOENT);
	CHECK_INT(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	CHECK_INT(listen(listener, 1), 0);
	CHECK_INT(kind->open(state), 0);
	peer = accept(listener, NULL, NULL);
	CHECK_INT(adapter_write(kind, state, "abc"), 3);
	CHECK(kind->unread(state) > 0);
	CHECK_INT(read(peer, text, 8), 3);
	CHECK_INT(kind->unread(state), 0);
	CHECK_INT(kind->check(state), 0);
	CHECK_INT(kind->finish(state), 1);
	close(peer);
	CHECK_INT(kind->finish(state), 0);
	adapter_free(kind, state);
	close(listener);
	unlink("s");
}

int main(void)
{
	enter_folder();
	RUN("it connects, tells what was not read, and is done when the peer closes", connects);
	leave_folder();
	return DONE();
}
