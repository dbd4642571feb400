/*
 * The one ordered queue: smallest (key, seq) first.  Pacing, deadlines and virtual finish times are keys of it.
 *
 *   near   what comes next: a sorted run that is used up from its front, and a heap of what came out of order
 *   far    keys above all of that, in 11 levels of 64 buckets; level 0 holds single keys, level k ranges of 64^k
 *
 * A new key that is at least the last of the near ones joins the run, so a queue whose keys only rise is a plain list.
 * When the near part is used up, the first bucket (found by find-first-set) becomes it: a small one is sorted, a large
 * one is split into the levels below.  The levels follow the keys, so there is no width to choose.  Buckets hold copies
 * of the keys in chunks: what waits is not touched until it is near, and can be fetched before it is asked for.
 *
 * Cost   push O(1), pop O(1) amortised with a handful of moves a key; O(log n) for keys that come out of order among
 *	  the near ones.  40 bytes a node at most beside it; without memory for them the heap takes all.
 * After  Ahuja, Mehlhorn, Orlin and Tarjan, "Faster algorithms for the shortest path problem" (radix heap), 1990, with
 *	  digits of six bits, and with keys that may go back; Fredman et al., "The pairing heap", 1986.
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

/* An empty queue. */
int qos_bucketq_new(struct qos_bucketq **q, struct qos_err *err);
/* Nodes that are still queued stay their owner's. */
void qos_bucketq_free(struct qos_bucketq *q);

/* Queues a node by its key and seq; the node must not be queued anywhere. */
void qos_bucketq_push(struct qos_bucketq *q, struct qos_node *n);
/* The smallest node, or NULL; it stays queued. */
struct qos_node *qos_bucketq_first(struct qos_bucketq *q);
/* Takes the smallest node out, or gives NULL. */
struct qos_node *qos_bucketq_pop(struct qos_bucketq *q);
/*
 * Takes one of the last nodes out, or gives NULL: the last where nodes came in rising order, else a late one of the
 * last bucket.
 */
struct qos_node *qos_bucketq_pop_last(struct qos_bucketq *q);
/* A node that will probably come i places behind the first, or NULL: to fetch what it points to.   i < 16 */
const struct qos_node *qos_bucketq_ahead(const struct qos_bucketq *q, unsigned i);
size_t qos_bucketq_count(const struct qos_bucketq *q);

#endif
