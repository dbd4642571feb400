/* What the tests of adapters share: a folder of their own, a member opened on a place, a file's text. */
#ifndef TESTS_UNIT_ADAPTER_OPEN_H
#define TESTS_UNIT_ADAPTER_OPEN_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapter/adapter.h"
#include "tests/unit/test.h"

static const struct qos_adapter_names no_names;

/* Makes a member's state for an URI; NULL when it refuses. */
static __attribute__((unused)) void *adapter_make(const char *uri, const struct qos_adapter **kind)
{
	struct qos_err err = { 0 };
	struct qos_str target;
	void *state;

	*kind = qos_adapter_find(qos_str(uri), &target);
	if (!*kind)
		return NULL;
	state = calloc(1, (*kind)->state_bytes + 1);
	if ((*kind)->init(state, target, &err) == 0)
		return state;
	free(state);
	return NULL;
}

static __attribute__((unused)) void adapter_free(const struct qos_adapter *kind, void *state)
{
	kind->close(state);
	if (kind->free)
		kind->free(state);
	free(state);
}

static __attribute__((unused)) ssize_t adapter_write(const struct qos_adapter *kind, void *state, const char *text)
{
	return kind->write(state, qos_str(text), &no_names);
}

/* Asks finish() until it has an answer, for 5 s at most. */
static __attribute__((unused)) int adapter_finish(const struct qos_adapter *kind, void *state)
{
	int rc = 1;

	for (int i = 0; i < 5000 && rc == 1; i++) {
		rc = kind->finish(state);
		if (rc == 1)
			usleep(1000);
	}
	return rc;
}

/* The text of a file, in a buffer that the next call overwrites. */
static __attribute__((unused)) const char *text_of(const char *path)
{
	static char text[4096];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = 0;
	if (fd >= 0)
		close(fd);
	return text;
}

/* A new empty folder, the working directory from now on. */
static __attribute__((unused)) void enter_folder(void)
{
	static char folder[] = "/tmp/qos-adapter-XXXXXX";

	signal(SIGPIPE, SIG_IGN);
	CHECK(mkdtemp(folder) && chdir(folder) == 0);
}

static __attribute__((unused)) void leave_folder(void)
{
	char folder[4096];

	if (getcwd(folder, sizeof(folder)) && chdir("/") == 0)
		rmdir(folder);
}

#endif
