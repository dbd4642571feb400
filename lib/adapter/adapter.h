/*
 * Adapters: how do bytes get there?
 *
 * A member opens one way out and writes to it without ever waiting.  What must wait, be kept, be sent again or go
 * elsewhere is the business of who uses it (route/deliver.h), and so are time, back-off and counting.
 */
#ifndef QOS_ADAPTER_ADAPTER_H
#define QOS_ADAPTER_ADAPTER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

/* What a single record is called, for names of files, and what such a file begins with. */
struct qos_adapter_names {
	struct qos_str class, stream, header;
};

struct qos_adapter {
	const char *name;    /* the scheme: what stands before the colon of an URI */
	const char *summary; /* one line for --adapter help */
	size_t state_bytes;  /* zeroed, allocated by the user of the member */

	/* Takes what stands behind the colon; borrowed.   Fails  QOS_EUSAGE for one that cannot be meant. */
	int (*init)(void *state, struct qos_str target, struct qos_err *err);
	void (*free)(void *state); /* NULL: nothing is owned; it is closed before */

	/* Returns  0: open; 1: on its way, ask opened() when fd() can be written; -errno. */
	int (*open)(void *state);
	int (*opened)(void *state); /* the same answers; NULL: open() gives no 1 */
	/* To be waited for; -1: writing never waits.  NULL: the same. */
	int (*fd)(const void *state);
	/* Does the other end begin anew with this open, so that it wants a header?  NULL: it does. */
	bool (*fresh)(const void *state);
	/* Bytes, or one whole record when single().   Returns  how many were taken; -EAGAIN, or another -errno. */
	ssize_t (*write)(void *state, struct qos_str bytes, const struct qos_adapter_names *names);
	/* Bytes that were written and that the other end has not read; NULL: what is written has arrived. */
	int64_t (*unread)(const void *state);
	/* Something happened at fd(), or some time has passed: is the other end still there?  NULL: it is.
	 * Returns  0, or -errno. */
	int (*check)(void *state);
	/* Nothing more will be written.   Returns  0: the other end is done; 1: ask again; -errno: it failed. */
	int (*finish)(void *state);
	void (*close)(void *state);

	bool (*single)(const void *state); /* each write is one record with its names; NULL: no */
	bool loose;                        /* no header: each record stands for itself */
	bool rotates;                      /* it is closed and opened anew when files were renamed */
};

#define QOS_ADAPTERS(X) X(file) X(fifo) X(unix) X(tcp) X(udp) X(exec) X(fd) X(null)

/* ended by NULL */
extern const struct qos_adapter *const qos_adapters[];

/* The member for an URI and what stands behind its colon; NULL when there is none. */
const struct qos_adapter *qos_adapter_find(struct qos_str uri, struct qos_str *target);

#endif
