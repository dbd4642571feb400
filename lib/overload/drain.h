/*
 * The drain rate: how fast does a queue empty while records wait?
 *
 * Kept as the mean time between two services that were begun while records waited, over the last 16 or so; so it is
 * right with any number of servers, and with servers that are not always to be had.
 *
 * Cost  a subtraction and a shift a service.
 */
#ifndef QOS_OVERLOAD_DRAIN_H
#define QOS_OVERLOAD_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bits.h"

struct qos_drain {
	int64_t last_ns; /* the service that was begun last */
	int64_t gap16;   /* 16 times the mean gap, in ns; 0: none was seen */
	bool more;       /* records waited behind it */
};

/* A service begins; do more records wait? */
static inline void qos_drain_served(struct qos_drain *d, bool more, int64_t now_ns)
{
	if (d->more) {
		int64_t gap_ns = now_ns - d->last_ns;

		d->gap16 = d->gap16 ? d->gap16 + gap_ns - d->gap16 / 16 : 16 * gap_ns;
	}
	d->last_ns = now_ns;
	d->more = more;
}

/* How long n records take to leave the queue; 0: not known. */
static inline int64_t qos_drain_ns(const struct qos_drain *d, int64_t n_records)
{
	return qos_muldiv(d->gap16, n_records, 16);
}

#endif
