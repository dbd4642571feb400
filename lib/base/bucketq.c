/*
 * The one ordered queue: a ring of 64^3 buckets behind find-first-set bitmaps, a pairing heap in each.
 *
 *   level 2: 1 word    level 1: 64 words    level 0: 4096 words    buckets: 262144 heap roots
 *
 * `base` is the number of the ring's first bucket.  It only moves forward, to the first bucket that holds something
 * when the queue is read, and when it moves, nodes of the far heap that now fit move in.  Since the ring starts
 * anywhere in the array, "first set at or after base" is asked first, "first set at all" then.
 */
#include "base/bucketq.h"

#include <stdlib.h>

#include "base/bits.h"

#define RING_BUCKETS (64 * 64 * 64)
#define RING_MASK    (RING_BUCKETS - 1)
#define LEAF_DEPTH   64 /* of a walk to a leaf: a heap of records in order is far less deep */

struct qos_bucketq {
	uint64_t top;             /* bit i: middle[i] is not 0 */
	uint64_t middle[64];      /* bit j of [i]: bottom[64 * i + j] is not 0 */
	uint64_t bottom[64 * 64]; /* a bit a bucket */
	int64_t base;             /* bucket number (key >> shift) of the ring's start */
	int shift;
	size_t n, n_ring;       /* nodes in all; of them in the ring */
	struct qos_node *solo;  /* the only node there is: it stays out of the ring, whose lines are cold */
	struct qos_node *first; /* the smallest node if it is known, else NULL */
	struct qos_node *far;   /* heap of keys beyond the ring */
	struct qos_node *bucket[RING_BUCKETS];
};

static bool before(const struct qos_node *a, const struct qos_node *b)
{
	return a->key != b->key ? a->key < b->key : a->seq < b->seq;
}

/* Joins two heaps, either may be NULL. */
static struct qos_node *meld(struct qos_node *a, struct qos_node *b)
{
	struct qos_node *loser;

	if (!a || !b)
		return a ? a : b;
	if (before(b, a)) {
		loser = a;
		a = b;
	} else {
		loser = b;
	}
	loser->sibling = a->child;
	a->child = loser;
	return a;
}

/* What remains of a heap without its root: siblings are melded in pairs, then the pairs from the last to the first. */
static struct qos_node *pop_root(struct qos_node *root)
{
	struct qos_node *at = root->child, *pairs = NULL, *rest = NULL;

	while (at) {
		struct qos_node *a = at, *b = at->sibling;

		at = b ? b->sibling : NULL;
		a->sibling = NULL;
		if (b)
			b->sibling = NULL;
		a = meld(a, b);
		a->sibling = pairs;
		pairs = a;
	}
	while (pairs) {
		struct qos_node *next = pairs->sibling;

		pairs->sibling = NULL;
		rest = meld(rest, pairs);
		pairs = next;
	}
	return rest;
}

int qos_bucketq_new(struct qos_bucketq **q, int shift, struct qos_err *err)
{
	*q = calloc(1, sizeof(**q));
	if (!*q)
		return qos_fail_memory(err, "ordered queue");
	(*q)->shift = shift;
	return 0;
}

void qos_bucketq_free(struct qos_bucketq *q)
{
	free(q);
}

static void put_in_ring(struct qos_bucketq *q, struct qos_node *n, int64_t number)
{
	uint32_t i = (uint32_t)(number & RING_MASK);

	q->bucket[i] = meld(q->bucket[i], n);
	q->bottom[i >> 6] |= 1ull << (i & 63);
	q->middle[i >> 12] |= 1ull << ((i >> 6) & 63);
	q->top |= 1ull << (i >> 12);
	q->n_ring++;
}

/* Index of the first bucket set at or after i in array order, or -1. */
static int first_from(const struct qos_bucketq *q, uint32_t i)
{
	uint64_t word = q->bottom[i >> 6] & (~0ull << (i & 63));
	uint32_t j = i >> 6, k;

	if (word)
		return (int)((j << 6) | (uint32_t)qos_bits_first(word));
	word = (j & 63) == 63 ? 0 : q->middle[j >> 6] & (~0ull << ((j & 63) + 1));
	k = j >> 6;
	if (!word) {
		uint64_t top = k == 63 ? 0 : q->top & (~0ull << (k + 1));

		if (!top)
			return -1;
		k = (uint32_t)qos_bits_first(top);
		word = q->middle[k];
	}
	j = (k << 6) | (uint32_t)qos_bits_first(word);
	return (int)((j << 6) | (uint32_t)qos_bits_first(q->bottom[j]));
}

/* Moves the ring's start to a bucket number and takes in what the far heap has for it. */
static void rebase(struct qos_bucketq *q, int64_t number)
{
	q->base = number;
	while (q->far && (q->far->key >> q->shift) - number < RING_BUCKETS) {
		struct qos_node *n = q->far;

		q->far = pop_root(n);
		n->child = n->sibling = NULL;
		put_in_ring(q, n, n->key >> q->shift);
	}
}

static void insert(struct qos_bucketq *q, struct qos_node *n)
{
	int64_t number = n->key >> q->shift;

	if (q->n_ring == 0 && !q->far)
		q->base = number;
	if (number < q->base)
		number = q->base; /* earlier than the ring: the heap of its first bucket orders it */
	if (number - q->base >= RING_BUCKETS)
		q->far = meld(q->far, n);
	else
		put_in_ring(q, n, number);
}

void qos_bucketq_push(struct qos_bucketq *q, struct qos_node *n)
{
	n->child = n->sibling = NULL;
	if (q->n++ == 0) {
		q->solo = q->first = n;
		return;
	}
	if (q->solo) {
		insert(q, q->solo);
		q->solo = NULL;
	}
	if (q->first && before(n, q->first))
		q->first = n;
	insert(q, n);
}

/* Index of the ring's first bucket that holds something, the ring moved up to it; the queue is not empty. */
static uint32_t seek(struct qos_bucketq *q)
{
	uint32_t start = (uint32_t)(q->base & RING_MASK);
	int i;

	if (q->n_ring == 0)
		rebase(q, q->far->key >> q->shift);
	start = (uint32_t)(q->base & RING_MASK);
	i = first_from(q, start);
	if (i < 0)
		i = first_from(q, 0);
	if ((uint32_t)i != start)
		rebase(q, q->base + (((uint32_t)i - start) & RING_MASK));
	return (uint32_t)i;
}

struct qos_node *qos_bucketq_first(struct qos_bucketq *q)
{
	if (!q->first && q->n)
		q->first = q->bucket[seek(q)];
	return q->first;
}

static void empty_bucket(struct qos_bucketq *q, uint32_t i)
{
	if (!(q->bottom[i >> 6] &= ~(1ull << (i & 63))) && !(q->middle[i >> 12] &= ~(1ull << ((i >> 6) & 63))))
		q->top &= ~(1ull << (i >> 12));
}

struct qos_node *qos_bucketq_pop(struct qos_bucketq *q)
{
	struct qos_node *n;
	uint32_t i;

	if (q->n == 0)
		return NULL;
	if (q->solo) {
		n = q->solo;
		q->solo = q->first = NULL;
		q->n = 0;
		return n;
	}
	i = seek(q);
	n = q->bucket[i];
	q->bucket[i] = pop_root(n);
	if (!q->bucket[i])
		empty_bucket(q, i);
	q->n--;
	q->n_ring--;
	q->first = NULL;
	return n;
}

/* --- the other end --- */

/* Index of the highest bucket set below `end`, in array order, or -1. */
static int last_below(const struct qos_bucketq *q, uint32_t end)
{
	for (int i = (int)(end + 63) / 64 - 1; i >= 0; i--) {
		uint64_t word = q->bottom[i], middle;

		if ((uint32_t)i == end >> 6)
			word &= ~(~0ull << (end & 63));
		if (word)
			return i << 6 | (63 - __builtin_clzll(word));
		middle = q->middle[i >> 6] & ~(~0ull << (i & 63));
		if (!middle) {
			i &= ~63; /* nothing more in this word of the middle: on with the one before */
			continue;
		}
		i = (i & ~63) + 64 - __builtin_clzll(middle); /* less one by the loop */
	}
	return -1;
}

/*
 * Takes a node without children: down the first children, which are the youngest ones.  Where pushes came in rising
 * order this is the last node.  A chain (of falling keys) is cut after a while, so that the walk stays short.
 */
static struct qos_node *take_leaf(struct qos_node **at)
{
	struct qos_node *n, *rest;

	for (int depth = 0; (*at)->child && depth < LEAF_DEPTH; depth++)
		at = &(*at)->child;
	n = *at;
	rest = pop_root(n);
	if (rest)
		rest->sibling = n->sibling;
	*at = rest ? rest : n->sibling;
	return n;
}

struct qos_node *qos_bucketq_pop_last(struct qos_bucketq *q)
{
	struct qos_node *n;
	int i;

	if (q->solo || q->n == 0)
		return qos_bucketq_pop(q);
	if (q->far) {
		n = take_leaf(&q->far);
	} else {
		i = last_below(q, (uint32_t)(q->base & RING_MASK)); /* the part of the ring that has wrapped around */
		if (i < 0)
			i = last_below(q, RING_BUCKETS);
		n = take_leaf(&q->bucket[i]);
		if (!q->bucket[i])
			empty_bucket(q, (uint32_t)i);
		q->n_ring--;
	}
	if (n == q->first)
		q->first = NULL;
	q->n--;
	return n;
}

size_t qos_bucketq_count(const struct qos_bucketq *q)
{
	return q->n;
}
