/*
 * The streams of one queue in turn: deficit round robin with new and old lists.
 *
 * A stream that was empty goes to the new list and is served before the old ones, once: a sparse stream does not wait
 * for the bulky ones.  It earns a quantum when its credit is used up and goes to the back of the old list.  A stream
 * that runs empty stays in line for one more turn, so that leaving and coming back gains nothing.
 *
 * The streams that hold most bytes are known by the power of two of their backlog, so an overflow takes from one that
 * has at least half of what the fattest has.
 *
 * Cost   O(1) a record while the quantum covers the largest record; no allocation.
 * After  RFC 8290 (FlowQueue-CoDel), sections 3.1 and 4.2.
 */
#ifndef QOS_SCHED_FLOW_H
#define QOS_SCHED_FLOW_H

#include "record/record.h"
#include "sched/stream.h"

enum qos_flow_place { QOS_FLOW_OUT, QOS_FLOW_NEW, QOS_FLOW_OLD };

/* What a queue knows of a stream; lives in the stream's own extra bytes. */
struct qos_flow {
	struct qos_flow *next;          /* in the list of its place, or among those that ended a call */
	struct qos_record *head, *tail; /* its records, by arrival, linked by node.sibling */
	int64_t credit_bytes;
	int64_t n_bytes;                 /* it holds */
	int64_t finish_bytes;            /* fair order: where its last record ends in virtual time */
	struct qos_flow *fatter, *other; /* list of its size */
	struct qos_stream *stream;
	uint8_t place; /* enum qos_flow_place */
	uint8_t size;  /* index of its list by size */
	bool remembered;
	int64_t aqm[]; /* state of its own queue management, aligned */
};

struct qos_flow_list {
	struct qos_flow *first, *last;
};

struct qos_rounds {
	struct qos_flow_list fresh, old;
	struct qos_flow *by_size[64]; /* streams that hold records, by the power of two of n_bytes */
	uint64_t sizes;               /* bit = by_size[bit] is not empty */
};

/* A record joins its stream, which gets quantum_bytes to begin with if it was in no list. */
void qos_rounds_push(struct qos_rounds *d, struct qos_flow *f, struct qos_record *r, int64_t quantum_bytes);
/*
 * The stream whose turn it is; its head is next.
 *
 * gone		streams that left the lists meanwhile are put before those, linked by `next`
 *
 * Returns  NULL when no stream holds a record; then every list is empty.
 */
struct qos_flow *qos_rounds_first(struct qos_rounds *d, int64_t quantum_bytes, struct qos_flow **gone);
/* The stream after the one whose turn it is, or NULL. */
static inline const struct qos_flow *qos_rounds_ahead(const struct qos_rounds *d)
{
	const struct qos_flow *f = d->fresh.first ? d->fresh.first : d->old.first;

	return f ? f->next : NULL;
}
/* Takes the head of a stream that holds one; charges its credit if `charge`. */
struct qos_record *qos_rounds_take(struct qos_rounds *d, struct qos_flow *f, bool charge);
/* Takes its newest record, of a stream that holds one; its credit stays. */
struct qos_record *qos_rounds_take_last(struct qos_rounds *d, struct qos_flow *f);
/* A stream with at least half of the bytes that the fattest holds, or NULL. */
struct qos_flow *qos_rounds_fattest(const struct qos_rounds *d);

#endif
