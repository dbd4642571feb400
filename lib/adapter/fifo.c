/*
 * fifo: a named pipe that somebody reads.  While nobody does it cannot be opened, and is tried again.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/descriptor.h"

struct fifo {
	struct qos_descriptor d;
	char path[PATH_MAX];
};

static int fifo_init(void *state, struct qos_str target, struct qos_err *err)
{
	struct fifo *f = state;
	struct stat st;
	int rc = qos_target_copy(target, f->path, sizeof(f->path), "fifo:/run/records", err);

	if (!rc && stat(f->path, &st) == 0 && !S_ISFIFO(st.st_mode))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s is no fifo; write file:%s, or make one with mkfifo",
				f->path, f->path);
	return rc;
}

static int fifo_open(void *state)
{
	struct fifo *f = state;

	return qos_descriptor_take(&f->d, open(f->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC));
}

/* Whoever reads it keeps what is in the pipe when we close, so it is only waited until that is read. */
static int fifo_finish(void *state)
{
	return qos_descriptor_unread(state) > 0;
}

extern const struct qos_adapter qos_adapter_fifo;
const struct qos_adapter qos_adapter_fifo = {
	.name = "fifo",
	.summary = "fifo:PATH a named pipe that somebody reads",
	.state_bytes = sizeof(struct fifo),
	.init = fifo_init,
	.open = fifo_open,
	.fd = qos_descriptor_fd,
	.write = qos_descriptor_write,
	.unread = qos_descriptor_unread,
	.finish = fifo_finish,
	.close = qos_descriptor_close,
};
