/*
 * A queue: the records of one class that wait, bounded, in order of arrival or of deadline.
 */
#ifndef QOS_SCHED_QUEUE_H
#define QOS_SCHED_QUEUE_H

#include "record/record.h"

enum qos_order {
	QOS_ORDER_ARRIVAL,  /* a linked list */
	QOS_ORDER_DEADLINE, /* an ordered queue; ties by sequence */
};

struct qos_queue {
	/* what the discipline reads */
	int rank; /* 0 first: by the class's priority, then by its place in the config */
	int class;
	double share; /* 0..1 */
	int64_t target_ns;
	int64_t credit_ns; /* the discipline's own: service time it may still use */
	/* state, the engine's */
	struct qos_record *head, *tail; /* ORDER_ARRIVAL, linked by node.sibling */
	struct qos_bucketq *ordered;    /* ORDER_DEADLINE, key deadline_ns; else NULL */
	int64_t n_records, n_bytes;
	int64_t limit_records;
	int64_t n_records_max; /* the deepest it has been */
};

/* Sets up an empty queue; fields above `state` are the caller's to fill in. */
int qos_queue_init(struct qos_queue *q, enum qos_order order, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_queue_free(struct qos_queue *q);

/* Puts a kept record in; by r->deadline_ns and r->node.seq when ordered.  The limit is the caller's to ask. */
void qos_queue_push(struct qos_queue *q, struct qos_record *r);
/* The record that is next, or NULL. */
struct qos_record *qos_queue_first(const struct qos_queue *q);
/* Takes it out. */
struct qos_record *qos_queue_pop(struct qos_queue *q);

static inline bool qos_queue_full(const struct qos_queue *q)
{
	return q->n_records >= q->limit_records;
}

#endif
