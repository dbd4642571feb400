/*
 * Disciplines: who is next?
 *
 * A discipline answers the question; the engine moves records.  It is told which queues wait as one machine word (bit =
 * rank, so the lowest bit set is the most urgent class) and names the rank to be served.  It gets no clock, makes no
 * allocation and counts nothing.
 */
#ifndef QOS_SCHED_DISCIPLINE_H
#define QOS_SCHED_DISCIPLINE_H

#include "sched/queue.h"

/* The worst that a run has seen, for bounds. */
struct qos_extremes {
	int64_t service_ns; /* longest service */
	int64_t byte_ps;    /* longest service of a byte, in picoseconds */
};

struct qos_discipline {
	const char *name;
	const char *summary;  /* one line for --discipline help */
	enum qos_order order; /* of the records inside a queue */
	bool flat;            /* how urgent a class is does not count */
	size_t state_bytes;   /* allocated zeroed by the engine; 0: none */

	/* Queues are known: q[0..n), by rank.   NULL: nothing to do. */
	void (*init)(void *state, struct qos_queue *q, int n);
	/* A queue that was empty holds a record.   NULL: nothing to do. */
	void (*filled)(void *state, struct qos_queue *q);
	/* The rank to be served next; waiting != 0 has the bits of the queues that hold records. */
	int (*pick)(void *state, struct qos_queue *q, int n, uint64_t waiting);
	/* Record r of q was taken and will use the server for service_ns.   NULL: nothing to do. */
	void (*sent)(void *state, struct qos_queue *q, const struct qos_record *r, int64_t service_ns);
	/*
	 * The longest that a waiting queue can go without service, whatever the others do; QOS_NEVER: it may starve.
	 * NULL: QOS_NEVER for all.
	 */
	int64_t (*gap_ns)(const void *state, const struct qos_queue *q, int n, int rank,
			  const struct qos_extremes *worst);
};

#endif
