/* Queues of one class: a linked list by arrival, or the ordered queue by deadline. */
#include "sched/queue.h"

#include <stddef.h>

#define DEADLINE_SHIFT 16 /* buckets of 65.5 us, a horizon of 17 s: the longest usual target is 5 s */

int qos_queue_init(struct qos_queue *q, enum qos_order order, struct qos_err *err)
{
	return order == QOS_ORDER_DEADLINE ? qos_bucketq_new(&q->ordered, DEADLINE_SHIFT, err) : 0;
}

void qos_queue_free(struct qos_queue *q)
{
	qos_bucketq_free(q->ordered);
	q->ordered = NULL;
}

static struct qos_record *record_of(struct qos_node *n)
{
	return (struct qos_record *)n; /* node is the first member */
}

void qos_queue_push(struct qos_queue *q, struct qos_record *r)
{
	if (q->ordered) {
		r->node.key = r->deadline_ns;
		qos_bucketq_push(q->ordered, &r->node);
	} else {
		r->node.sibling = NULL;
		if (q->tail)
			q->tail->node.sibling = &r->node;
		else
			q->head = r;
		q->tail = r;
	}
	q->n_bytes += r->size_bytes;
	if (++q->n_records > q->n_records_max)
		q->n_records_max = q->n_records;
}

struct qos_record *qos_queue_first(const struct qos_queue *q)
{
	return q->ordered ? record_of(qos_bucketq_first(q->ordered)) : q->head;
}

struct qos_record *qos_queue_pop(struct qos_queue *q)
{
	struct qos_record *r;

	if (q->ordered) {
		r = record_of(qos_bucketq_pop(q->ordered));
	} else {
		r = q->head;
		q->head = r ? record_of(r->node.sibling) : NULL;
		if (!q->head)
			q->tail = NULL;
	}
	if (r) {
		q->n_records--;
		q->n_bytes -= r->size_bytes;
	}
	return r;
}
