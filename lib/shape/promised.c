/* An ordered queue a class, by the moment at which a stream's bucket is out of debt. */
#include "shape/promised.h"

#define OWED_MOST_BYTES (1 << 30) /* what a stream that waits may be owed; at 1 bit/s its time still fits */

int qos_promised_init(struct qos_promised *p, int n_classes, struct qos_allocator *allocator, uint32_t *extra_bytes,
		      struct qos_err *err)
{
	int rc = 0;

	*p = (struct qos_promised){ .allocator = allocator };
	if (!allocator)
		return 0;
	p->at = (*extra_bytes + 15) & ~15u;
	*extra_bytes = p->at + (uint32_t)sizeof(struct qos_promised_stream);
	for (; !rc && p->n_classes < n_classes; p->n_classes++)
		rc = qos_bucketq_new(&p->queue[p->n_classes], err);
	return rc;
}

void qos_promised_free(struct qos_promised *p)
{
	for (int i = 0; i < p->n_classes; i++)
		qos_bucketq_free(p->queue[i]);
	*p = (struct qos_promised){ 0 };
}

static struct qos_promised_stream *place_of(const struct qos_promised *p, struct qos_stream *stream)
{
	return (struct qos_promised_stream *)((char *)qos_stream_extra(stream) + p->at);
}

/*
 * The allocation's bucket at the rate of now.  One largest record is all that it holds of a time without demand; while
 * its stream waits nothing runs over, since the class has its turns in bursts.
 */
static const struct qos_bucket *bucket_of(struct qos_allocation *x, bool begins, int64_t largest_bytes, int64_t now_ns)
{
	struct qos_bucket *b = qos_allocation_extra(x);

	if (b->rate_bps == 0)
		qos_bucket_init(b, x->granted_bps, largest_bytes);
	else if (b->rate_bps != x->granted_bps)
		qos_bucket_rate(b, x->granted_bps, now_ns);
	if (begins) {
		qos_bucket_depth(b, largest_bytes);
		qos_bucket_take(b, 0, now_ns);
		qos_bucket_depth(b, OWED_MOST_BYTES);
	}
	return b;
}

struct qos_allocation *qos_promised_find(const struct qos_promised *p, const struct qos_stream *stream, int class)
{
	struct qos_str name = { stream->name, stream->name_bytes };
	struct qos_allocation *x = p->allocator && qos_allocator_count(p->allocator)
					   ? qos_allocator_find(p->allocator, class, name)
					   : NULL;

	return x && x->granted_bps > 0 ? x : NULL;
}

void qos_promised_join(struct qos_promised *p, struct qos_stream *stream, int class, struct qos_allocation *x,
		       bool begins, int64_t largest_bytes, int64_t now_ns)
{
	const struct qos_bucket *b = bucket_of(x, begins, largest_bytes, now_ns);
	struct qos_promised_stream *place = place_of(p, stream);

	*place = (struct qos_promised_stream){ .node = { .key = b->empty_ns + (b->rest > 0), .seq = p->seq++ },
					       .stream = stream,
					       .waits = true };
	qos_bucketq_push(p->queue[class], &place->node);
	p->n++;
}

struct qos_stream *qos_promised_first(struct qos_promised *p, int class, int64_t now_ns, bool alone)
{
	struct qos_node *first = p->n ? qos_bucketq_first(p->queue[class]) : NULL;

	return first && (alone || first->key <= now_ns) ? ((struct qos_promised_stream *)first)->stream : NULL;
}

void qos_promised_leave(struct qos_promised *p, int class)
{
	struct qos_node *first = qos_bucketq_pop(p->queue[class]);

	((struct qos_promised_stream *)first)->waits = false;
	p->n--;
}

void qos_promised_charge(struct qos_allocation *x, int64_t bytes, int64_t now_ns)
{
	struct qos_bucket *b = qos_allocation_extra(x);

	if (b->rate_bps && qos_bucket_ready(b, now_ns))
		qos_bucket_take(b, bytes, now_ns);
}
