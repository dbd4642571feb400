/* exec: a command that reads. */
#include "tests/unit/adapter/open.h"

static void command_reads(void)
{
	const struct qos_adapter *kind;
	void *state = adapter_make("exec:cat >out.txt", &kind);

	CHECK_INT(kind->open(state), 0);
	CHECK_INT(adapter_write(kind, state, "some text\n"), 10);
	CHECK_INT(kind->check(state), 0);
	CHECK_INT(adapter_finish(kind, state), 0);
	adapter_free(kind, state);
	CHECK_TEXT(text_of("out.txt"), "some text\n");
	unlink("out.txt");
}

static void command_fails(void)
{
	const struct qos_adapter *kind;
	void *state = adapter_make("exec:cat >/dev/null; exit 3", &kind);

	CHECK_INT(kind->open(state), 0);
	CHECK_INT(adapter_finish(kind, state), -EPIPE);
	adapter_free(kind, state);
}

static void command_dies(void)
{
	const struct qos_adapter *kind;
	void *state = adapter_make("exec:exit 0", &kind);
	struct pollfd p;

	CHECK_INT(kind->open(state), 0);
	p = (struct pollfd){ .fd = kind->fd(state) };
	CHECK_INT(poll(&p, 1, 5000), 1);
	CHECK(p.revents & POLLERR);
	CHECK_INT(adapter_write(kind, state, "x"), -EPIPE);
	kind->close(state);
	CHECK_INT(kind->open(state), 0); /* and is started again */
	adapter_free(kind, state);
}

/* One that has stopped reading is told to end. */
static void command_hangs(void)
{
	const struct qos_adapter *kind;
	void *state = adapter_make("exec:echo $$ >pid; exec <&-; sleep 30", &kind);
	struct pollfd p;
	pid_t pid;

	CHECK_INT(kind->open(state), 0);
	p = (struct pollfd){ .fd = kind->fd(state) };
	CHECK_INT(poll(&p, 1, 5000), 1);
	pid = (pid_t)atoi(text_of("pid"));
	CHECK(pid > 0 && kill(pid, 0) == 0);
	kind->close(state);
	for (int i = 0; i < 100 && kill(-pid, 0) == 0; i++) {
		usleep(20000);
		CHECK_INT(kind->open(state), 0); /* buries the one before */
		kind->close(state);
	}
	CHECK(kill(-pid, 0) != 0);
	adapter_free(kind, state);
	unlink("pid");
}

int main(void)
{
	enter_folder();
	RUN("a command gets the text, and is done when it has ended", command_reads);
	RUN("a status other than 0 is a failure", command_fails);
	RUN("a command that ended is seen at the pipe", command_dies);
	RUN("a command that does not read on is told to end", command_hangs);
	leave_folder();
	return DONE();
}
