/* fd: a descriptor of ours, which keeps its own flags. */
#include <stdio.h>
#include <sys/socket.h>

#include "tests/unit/adapter/open.h"

static void of_pipe(void)
{
	const struct qos_adapter *kind;
	char uri[16], text[8];
	int fd[2];
	void *state;

	CHECK_INT(pipe(fd), 0);
	sprintf(uri, "fd:%d", fd[1]);
	state = adapter_make(uri, &kind);
	CHECK_INT(kind->open(state), 0);
	CHECK_INT(adapter_write(kind, state, "abc"), 3);
	CHECK_INT(kind->unread(state), 3);
	CHECK_INT(read(fd[0], text, 8), 3);
	CHECK_INT(kind->finish(state), 0);
	CHECK((fcntl(fd[1], F_GETFL) & O_NONBLOCK) == 0);
	while (adapter_write(kind, state, "0123456789abcdef") == 16)
		continue;
	CHECK_INT(adapter_write(kind, state, "x"), -EAGAIN);
	adapter_free(kind, state);
	close(fd[0]);
	close(fd[1]);
}

static void of_socket(void)
{
	const struct qos_adapter *kind;
	char uri[16], text[8];
	int fd[2];
	void *state;

	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	sprintf(uri, "fd:%d", fd[1]);
	state = adapter_make(uri, &kind);
	CHECK_INT(kind->open(state), 0);
	CHECK_INT(adapter_write(kind, state, "abc"), 3);
	CHECK_INT(read(fd[0], text, 8), 3);
	CHECK_INT(kind->unread(state), 0);
	adapter_free(kind, state);
	close(fd[0]);
	close(fd[1]);
}

static void refused(void)
{
	const struct qos_adapter *kind;
	int fd = open("/dev/null", O_RDONLY);
	char uri[16];

	CHECK(!adapter_make("fd:999", &kind));
	CHECK(!adapter_make("fd:one", &kind));
	sprintf(uri, "fd:%d", fd);
	CHECK(!adapter_make(uri, &kind));
	close(fd);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	RUN("a pipe is written without waiting, and its own flags stay", of_pipe);
	RUN("a socket is written", of_socket);
	RUN("what is not open for writing is refused", refused);
	return DONE();
}
