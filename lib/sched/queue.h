/*
 * A queue: the records of one class that wait, bounded, in one of four orders.
 *
 * By arrival they are a list.  By deadline they stand in the ordered queue.  In fair order too, by where each would
 * start in virtual time if its stream had the queue's share to itself (start-time fair queueing: Goyal, Vin and Cheng,
 * SIGCOMM 1996).  In rounds every stream has a list of its own and they take turns (sched/flow.h).
 *
 * In the last two orders a record comes with its stream's flow, and streams that are idle may be remembered for a
 * while; those that no longer are wait in `gone`.
 */
#ifndef QOS_SCHED_QUEUE_H
#define QOS_SCHED_QUEUE_H

#include "record/record.h"
#include "sched/flow.h"

enum qos_order {
	QOS_ORDER_ARRIVAL,
	QOS_ORDER_DEADLINE, /* ties by sequence */
	QOS_ORDER_FAIR,     /* streams share by bytes, exactly; ties by sequence */
	QOS_ORDER_ROUNDS,   /* streams share by bytes, to a quantum; sparse ones first */
};

struct qos_queue {
	/* what the discipline reads */
	int rank; /* 0 first: by the class's priority, then by its place in the config */
	int class;
	double share; /* 0..1 */
	int64_t target_ns;
	int64_t quantum_bytes; /* given; 0: the discipline's own choice */
	/* the discipline's own */
	int64_t credit; /* what it may still use: ns, bytes or records */
	int64_t start;  /* virtual time at which it may be served */
	/* state, the engine's */
	enum qos_order order;
	struct qos_record *first;       /* the record that is next, if it is known */
	struct qos_record *head, *tail; /* by arrival, linked by node.sibling */
	struct qos_bucketq *ordered;    /* by deadline, fair; made with the first record */
	struct qos_rounds *rounds;      /* in rounds */
	int64_t virtual_bytes;          /* fair: start of the record taken last */
	struct qos_flow_list idle;      /* fair: streams remembered until virtual time has passed their end */
	int64_t n_records, n_bytes;
	int64_t n_records_max; /* the deepest it has been */
	int64_t largest_bytes; /* record seen */
	struct qos_flow *gone; /* streams that are remembered no longer, linked by `next`, for the engine to look at */
	void *aqm;             /* state of its management, owned; NULL: none, or each stream has its own */
};

/* Sets up an empty queue; fields above `state` are the caller's to fill in.   Fails  without memory. */
int qos_queue_init(struct qos_queue *q, enum qos_order order, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_queue_free(struct qos_queue *q);

/*
 * Puts a kept record in.
 *
 * f	the record's stream, in fair order and in rounds; else not looked at
 *
 * Returns  false when memory ran out; the record is still the caller's.
 */
bool qos_queue_push(struct qos_queue *q, struct qos_record *r, struct qos_flow *f);
struct qos_record *qos_queue_look(struct qos_queue *q);
/* The record that is next, or NULL; it stays. */
static inline struct qos_record *qos_queue_first(struct qos_queue *q)
{
	return q->first ? q->first : (q->first = qos_queue_look(q));
}
/* A record that will probably come i places behind the first, or NULL; by deadline and in fair order.   i < 16 */
const struct qos_record *qos_queue_ahead(const struct qos_queue *q, unsigned i);
/* Takes it out; *from its flow in rounds, else NULL. */
struct qos_record *qos_queue_pop(struct qos_queue *q, struct qos_flow **from);
/* In rounds: takes the oldest record of a stream that holds one, to make room; the stream pays nothing for it. */
struct qos_record *qos_queue_evict(struct qos_queue *q, struct qos_flow *f);
/*
 * Takes out the record that would be served last, to make room: the newest one by arrival, in rounds the newest one of
 * the stream that holds most; by deadline and in fair order as qos_bucketq_pop_last says.   Returns  NULL: none.
 */
struct qos_record *qos_queue_evict_last(struct qos_queue *q);
/* A stream has no record queued or in service.   Returns  true when the queue must still remember it. */
bool qos_queue_remembers(struct qos_queue *q, struct qos_flow *f);

#endif
