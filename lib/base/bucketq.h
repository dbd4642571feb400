/*
 * The one ordered queue: smallest (key, seq) first.  Pacing, deadlines and virtual finish times are keys of it.
 *
 * 64^3 buckets of 2^shift key units stand in a ring behind three levels of find-first-set bitmaps, so the first bucket
 * that holds something is found in three instructions.  Inside a bucket a pairing heap keeps the exact order, so the
 * width of a bucket changes the cost and never the result.  Keys beyond the ring wait in one more pairing heap and move
 * in when the ring reaches them; keys before it join the first bucket, where the heap orders them.
 *
 * Cost   push O(1), pop O(1) while a bucket holds few nodes, O(log n) amortised in the worst case; 2.1 MB fixed, no
 *	  allocation: nodes live inside what is queued.
 * After  Saeed et al., "Eiffel", NSDI 2019 (bucket queues by find first set); Fredman et al., "The pairing heap", 1986.
 */
#ifndef QOS_BASE_BUCKETQ_H
#define QOS_BASE_BUCKETQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct qos_node {
	int64_t key;                      /* what is ordered: nanoseconds, virtual time */
	uint64_t seq;                     /* breaks ties; unique among the queued */
	struct qos_node *child, *sibling; /* owned by the queue while queued */
};

struct qos_bucketq;

/*
 * An empty queue.
 *
 * shift	buckets are 2^shift key units wide; 13 (8.192 us, horizon 2.1 s) suits pacing in nanoseconds
 */
int qos_bucketq_new(struct qos_bucketq **q, int shift, struct qos_err *err);
/* Nodes that are still queued stay their owner's. */
void qos_bucketq_free(struct qos_bucketq *q);

/* Queues a node by its key and seq; the node must not be queued anywhere. */
void qos_bucketq_push(struct qos_bucketq *q, struct qos_node *n);
/* The smallest node, or NULL; it stays queued. */
struct qos_node *qos_bucketq_first(struct qos_bucketq *q);
/* Takes the smallest node out, or gives NULL. */
struct qos_node *qos_bucketq_pop(struct qos_bucketq *q);
/*
 * Takes one of the last nodes out, or gives NULL: the last where nodes came in rising order, else one of those in the
 * last bucket that holds any, or, with keys beyond the ring, one of those.
 */
struct qos_node *qos_bucketq_pop_last(struct qos_bucketq *q);
size_t qos_bucketq_count(const struct qos_bucketq *q);

#endif
