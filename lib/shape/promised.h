/*
 * Streams that have an allocation, while they wait: who is owed what it was promised?
 *
 * Each has a bucket that fills at the granted rate, of one largest record when it begins to wait, and waits at the
 * moment at which that is out of debt.  A class sends for those who are owed first; then for its other streams; and for
 * the promised ones beyond their promise only when there are no others, the one that will be owed soonest first.  What
 * is sent beyond is not charged.
 *
 * Cost   that of the ordered queue; 64 bytes a waiting stream beside its allocation.
 */
#ifndef QOS_SHAPE_PROMISED_H
#define QOS_SHAPE_PROMISED_H

#include "alloc/allocator.h"
#include "base/bucketq.h"
#include "sched/bucket.h"
#include "sched/stream.h"

#define QOS_PROMISED_ALLOCATION sizeof(struct qos_bucket) /* extra bytes of each allocation */

struct qos_promised_stream { /* in a stream's extra bytes */
	struct qos_node node;
	struct qos_stream *stream;
	bool waits; /* here, not among the class's other streams */
};

struct qos_promised {
	struct qos_allocator *allocator; /* NULL: nobody is promised anything */
	struct qos_bucketq *queue[QOS_CLASSES_MOST];
	int n_classes;
	uint32_t at;  /* of struct qos_promised_stream, in a stream's extra bytes */
	uint64_t seq; /* of the next node */
	uint32_t n;   /* streams that wait here */
};

/*
 * allocator	borrowed; NULL: nobody is promised anything
 * extra_bytes	of each stream, others'; written: with ours behind them
 */
int qos_promised_init(struct qos_promised *p, int n_classes, struct qos_allocator *allocator, uint32_t *extra_bytes,
		      struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_promised_free(struct qos_promised *p);

/* The allocation of a stream of a class; NULL: none that promises anything. */
struct qos_allocation *qos_promised_find(const struct qos_promised *p, const struct qos_stream *stream, int class);
/* A stream of a class that has an allocation begins to wait, or goes on: then it is still owed what it was
 * not sent. */
void qos_promised_join(struct qos_promised *p, struct qos_stream *stream, int class, struct qos_allocation *x,
		       bool begins, int64_t largest_bytes, int64_t now_ns);
/* Who is owed now; with alone whoever waits here.   Returns  NULL: nobody. */
struct qos_stream *qos_promised_first(struct qos_promised *p, int class, int64_t now_ns, bool alone);
/* Does it wait here? */
static inline bool qos_promised_waits(const struct qos_promised *p, struct qos_stream *stream)
{
	return p->n && ((struct qos_promised_stream *)((char *)qos_stream_extra(stream) + p->at))->waits;
}
/* The first of a class no longer waits here. */
void qos_promised_leave(struct qos_promised *p, int class);
/* It sends, of an allocation: charged as far as it is owed. */
void qos_promised_charge(struct qos_allocation *x, int64_t bytes, int64_t now_ns);

#endif
