/*
 * Block writer: bytes are gathered and written in large pieces, short writes and EINTR handled.
 *
 * A write that fails is remembered (errno in `error`), later bytes are thrown away, and the loop asks once a block.
 */
#ifndef QOS_IO_OUT_H
#define QOS_IO_OUT_H

#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

struct qos_out {
	char *block, *at, *end; /* owned; [block, at) waits to be written, [at, end) is free */
	int fd;
	int error; /* errno of the first failed write; EPIPE: the reader has gone */
	uint64_t written_bytes;
};

/* fd is borrowed; -1: nothing is written, what is added stays in [block, at).   Fails  when memory runs out. */
int qos_out_open(struct qos_out *o, int fd, struct qos_err *err);
/* Writes what waits.   Returns  0, or -1 with o->error set (then and ever after). */
int qos_out_flush(struct qos_out *o);
/* Does not flush and does not close the descriptor. */
void qos_out_free(struct qos_out *o);

/* Makes room for n contiguous bytes at o->at; only memory that runs out keeps it from that, which sets error. */
void qos_out_room(struct qos_out *o, size_t n);

static inline void qos_out_add(struct qos_out *o, const char *p, size_t n)
{
	if ((size_t)(o->end - o->at) < n)
		qos_out_room(o, n);
	if ((size_t)(o->end - o->at) < n)
		return; /* error is set */
	memcpy(o->at, p, n);
	o->at += n;
}

static inline void qos_out_byte(struct qos_out *o, char c)
{
	if (o->at == o->end)
		qos_out_room(o, 1);
	if (o->at != o->end)
		*o->at++ = c;
}

#endif
