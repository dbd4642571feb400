/* Queues of one class in their four orders. */
#include "sched/queue.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/bits.h"

int qos_queue_init(struct qos_queue *q, enum qos_order order, struct qos_err *err)
{
	q->order = order;
	if (order == QOS_ORDER_ROUNDS && !(q->rounds = calloc(1, sizeof(*q->rounds))))
		return qos_fail_memory(err, "queue");
	return 0;
}

void qos_queue_free(struct qos_queue *q)
{
	qos_bucketq_free(q->ordered);
	free(q->rounds);
	free(q->aqm);
	q->ordered = NULL;
	q->rounds = NULL;
	q->aqm = NULL;
}

static struct qos_record *record_of(struct qos_node *n)
{
	return (struct qos_record *)n; /* node is the first member */
}

static bool push_ordered(struct qos_queue *q, struct qos_record *r, int64_t key)
{
	if (!q->ordered && qos_bucketq_new(&q->ordered, NULL))
		return false;
	r->node.key = key;
	qos_bucketq_push(q->ordered, &r->node);
	if (q->first && (key < q->first->node.key || (key == q->first->node.key && r->node.seq < q->first->node.seq)))
		q->first = r;
	return true;
}

static void push_last(struct qos_queue *q, struct qos_record *r)
{
	r->node.sibling = NULL;
	r->node.child = (struct qos_node *)q->tail; /* the one before it; of the head it says nothing */
	if (q->tail)
		q->tail->node.sibling = &r->node;
	else
		q->head = r;
	q->tail = r;
}

static bool push_fair(struct qos_queue *q, struct qos_record *r, struct qos_flow *f)
{
	int64_t start = f->finish_bytes > q->virtual_bytes ? f->finish_bytes : q->virtual_bytes;

	if (!push_ordered(q, r, start))
		return false;
	f->finish_bytes = qos_add_clamped(start, r->size_bytes > 0 ? r->size_bytes : 1);
	return true;
}

bool qos_queue_push(struct qos_queue *q, struct qos_record *r, struct qos_flow *f)
{
	if (r->size_bytes > q->largest_bytes)
		q->largest_bytes = r->size_bytes;
	switch (q->order) {
	case QOS_ORDER_ARRIVAL: push_last(q, r); break;
	case QOS_ORDER_DEADLINE:
		if (!push_ordered(q, r, r->deadline_ns))
			return false;
		break;
	case QOS_ORDER_FAIR:
		if (!push_fair(q, r, f))
			return false;
		break;
	case QOS_ORDER_ROUNDS:
		qos_rounds_push(q->rounds, f, r, q->largest_bytes);
		q->first = NULL; /* it may be of a stream that goes before */
		break;
	}
	q->n_bytes += r->size_bytes;
	if (++q->n_records > q->n_records_max)
		q->n_records_max = q->n_records;
	return true;
}

struct qos_record *qos_queue_look(struct qos_queue *q)
{
	struct qos_flow *f;

	if (q->order == QOS_ORDER_ARRIVAL)
		return q->head;
	if (q->order != QOS_ORDER_ROUNDS)
		return q->ordered ? record_of(qos_bucketq_first(q->ordered)) : NULL;
	f = qos_rounds_first(q->rounds, q->largest_bytes, &q->gone);
	return f ? f->head : NULL;
}

const struct qos_record *qos_queue_ahead(const struct qos_queue *q, unsigned i)
{
	return q->ordered ? (const struct qos_record *)qos_bucketq_ahead(q->ordered, i) : NULL;
}

/* Streams whose end virtual time has passed are forgotten: they would start now whether we knew them or not. */
static void forget(struct qos_queue *q)
{
	struct qos_flow *f;

	while ((f = q->idle.first) && (f->finish_bytes <= q->virtual_bytes || q->n_records == 0)) {
		q->idle.first = f->next;
		if (!q->idle.first)
			q->idle.last = NULL;
		f->remembered = false;
		f->next = q->gone;
		q->gone = f;
	}
}

static struct qos_record *pop_first(struct qos_queue *q)
{
	struct qos_record *r = q->head;

	q->head = r ? record_of(r->node.sibling) : NULL;
	if (!q->head)
		q->tail = NULL;
	__builtin_prefetch(q->head);
	return r;
}

static struct qos_record *take(struct qos_queue *q, struct qos_flow *f, bool serve)
{
	struct qos_record *r;

	q->first = NULL;
	switch (q->order) {
	case QOS_ORDER_ARRIVAL: r = pop_first(q); break;
	case QOS_ORDER_ROUNDS: r = f ? qos_rounds_take(q->rounds, f, serve) : NULL; break;
	default: r = q->ordered ? record_of(qos_bucketq_pop(q->ordered)) : NULL; break;
	}
	if (r) {
		q->n_records--;
		q->n_bytes -= r->size_bytes;
	}
	return r;
}

struct qos_record *qos_queue_pop(struct qos_queue *q, struct qos_flow **from)
{
	struct qos_record *r;

	*from = q->order == QOS_ORDER_ROUNDS ? qos_rounds_first(q->rounds, q->largest_bytes, &q->gone) : NULL;
	r = take(q, *from, true);
	if (q->order == QOS_ORDER_FAIR && r) {
		q->virtual_bytes = r->node.key;
		forget(q);
	}
	return r;
}

struct qos_record *qos_queue_evict(struct qos_queue *q, struct qos_flow *f)
{
	return take(q, f, false);
}

static struct qos_record *pop_last(struct qos_queue *q)
{
	struct qos_record *r = q->tail;

	if (!r || r == q->head)
		return pop_first(q);
	q->tail = record_of(r->node.child);
	q->tail->node.sibling = NULL;
	return r;
}

struct qos_record *qos_queue_evict_last(struct qos_queue *q)
{
	struct qos_flow *f;
	struct qos_record *r;

	q->first = NULL;
	switch (q->order) {
	case QOS_ORDER_ARRIVAL: r = pop_last(q); break;
	case QOS_ORDER_ROUNDS:
		f = qos_rounds_fattest(q->rounds);
		r = f ? qos_rounds_take_last(q->rounds, f) : NULL;
		break;
	default: r = q->ordered ? record_of(qos_bucketq_pop_last(q->ordered)) : NULL; break;
	}
	if (r) {
		q->n_records--;
		q->n_bytes -= r->size_bytes;
	}
	return r;
}

bool qos_queue_remembers(struct qos_queue *q, struct qos_flow *f)
{
	if (q->order == QOS_ORDER_ROUNDS)
		return f->place != QOS_FLOW_OUT;
	if (q->order != QOS_ORDER_FAIR)
		return false;
	if (f->remembered)
		return true;
	if (f->finish_bytes <= q->virtual_bytes || q->n_records == 0)
		return false;
	f->next = NULL;
	f->remembered = true;
	if (q->idle.last)
		q->idle.last->next = f;
	else
		q->idle.first = f;
	q->idle.last = f;
	return true;
}
