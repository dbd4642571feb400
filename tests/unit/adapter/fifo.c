/* fifo: waits for its reader, tells what was not read. */
#include <sys/stat.h>

#include "tests/unit/adapter/open.h"

static void with_reader(void)
{
	const struct qos_adapter *kind;
	void *state;
	char text[8];
	int reader;

	CHECK_INT(mkfifo("f", 0600), 0);
	state = adapter_make("fifo:f", &kind);
	CHECK_INT(kind->open(state), -ENXIO);
	reader = open("f", O_RDONLY | O_NONBLOCK);
	CHECK_INT(kind->open(state), 0);
	CHECK_INT(adapter_write(kind, state, "abcdef"), 6);
	CHECK_INT(kind->unread(state), 6);
	CHECK_INT(kind->finish(state), 1);
	CHECK_INT(read(reader, text, 6), 6);
	CHECK_INT(kind->unread(state), 0);
	CHECK_INT(kind->finish(state), 0);
	close(reader);
	CHECK_INT(adapter_write(kind, state, "x"), -EPIPE);
	adapter_free(kind, state);
	unlink("f");
}

static void refused(void)
{
	const struct qos_adapter *kind;
	int fd = open("plain", O_CREAT | O_WRONLY, 0600);

	CHECK(!adapter_make("fifo:plain", &kind));
	close(fd);
	unlink("plain");
}

int main(void)
{
	enter_folder();
	RUN("it opens when somebody reads, and is done when all is read", with_reader);
	RUN("a plain file is refused", refused);
	leave_folder();
	return DONE();
}
