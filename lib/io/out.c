/*
 * Block writer: how do bytes go out?
 *
 * Records are gathered in one block and leave in writes of its size.  After a failed write the block is emptied all the
 * same: the stages go on undisturbed until the loop asks for `error`.
 *
 * Cost   one memcpy a record, one write(2) a block.
 */
#include "io/out.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define OUT_BLOCK_BYTES (256 * 1024)

int qos_out_open(struct qos_out *o, int fd, struct qos_err *err)
{
	*o = (struct qos_out){ .fd = fd };
	o->block = malloc(OUT_BLOCK_BYTES);
	if (!o->block)
		return qos_fail_memory(err, "writing the output");
	o->at = o->block;
	o->end = o->block + OUT_BLOCK_BYTES;
	return 0;
}

/* Waits for a descriptor that is not blocking; a signal only costs another turn. */
static void wait_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	poll(&p, 1, -1);
}

int qos_out_flush(struct qos_out *o)
{
	const char *p = o->block;

	while (!o->error && p < o->at) {
		ssize_t n = write(o->fd, p, (size_t)(o->at - p));

		if (n >= 0) {
			p += n;
			o->written_bytes += (uint64_t)n;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			wait_writable(o->fd);
		} else if (errno != EINTR) {
			o->error = errno;
		}
	}
	o->at = o->block;
	return o->error ? -1 : 0;
}

void qos_out_free(struct qos_out *o)
{
	free(o->block);
	o->block = o->at = o->end = NULL;
}

void qos_out_room(struct qos_out *o, size_t n)
{
	size_t held;
	char *block;

	if ((size_t)(o->end - o->at) >= n)
		return;
	if (o->fd >= 0)
		qos_out_flush(o);
	if ((size_t)(o->end - o->at) >= n)
		return;
	held = (size_t)(o->at - o->block);
	n += 2 * held;
	block = realloc(o->block, n);
	if (!block) {
		o->error = ENOMEM;
		return;
	}
	o->block = block;
	o->at = block + held;
	o->end = block + n;
}
