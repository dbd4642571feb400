/*
 * The one ordered queue: a sorted run and a heap of what is near, a radix heap of what is far.
 *
 * Keys are compared as unsigned, with the sign turned.  `last` divides near from far: every key of the far part is
 * above it.  A far key stands in the level of the highest digit in which it differs from `last`, in the bucket of that
 * digit; so lower levels come first, and inside a level lower buckets.  While the far part is empty `last` may rise;
 * it never falls while it is not.
 */
#include "base/bucketq.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/huge.h"

#define DIGIT_BITS    6 /* one word of occupancy bits a level */
#define LEVELS        11
#define CHUNK_ENTRIES 20    /* with the links 496 bytes */
#define BLOCK_BYTES   32768 /* taken from the system at once */
#define HUGE_FROM     20000 /* nodes: from here on whole huge pages */
#define BATCH         256   /* a bucket of so many is sorted, not split */
#define CROWD         32    /* of them in one digit: it is split all the same */
#define AHEAD         16    /* the near part is filled up below this */
#define HEAP_MOST     32 /* so many out of order, or a power of two of them: the near part is spread over the buckets */
#define FETCH         12 /* nodes ahead are fetched, far enough to be there in time */
#define LINE_BYTES    64
#define LEAF_DEPTH    64 /* of a walk to a leaf of the heap */
#define ALL_NEAR      UINT64_MAX
#define SIGN          (1ull << 63)

struct entry {
	uint64_t key; /* the node's, sign turned */
	uint64_t seq;
	struct qos_node *node;
};

struct chunk {
	struct chunk *next, *older;
	struct entry entry[CHUNK_ENTRIES];
};

struct list { /* of entries, oldest first */
	struct chunk *first, *last;
	uint32_t at, end; /* first entry of the first chunk; entries of the last one */
	size_t n;
};

struct qos_bucketq {
	size_t n, n_far;
	struct qos_node *solo; /* the only node there is: it stands in none of what follows */
	uint64_t last;         /* no far key is this or below */
	struct list run;       /* near, ascending */
	struct entry newest;   /* its last entry */
	struct qos_node *heap; /* the others */
	uint32_t levels;       /* bit: the level has a bucket that holds something */
	uint64_t bucket_bits[LEVELS];
	struct list bucket[LEVELS][64];
	struct chunk *spare; /* linked */
	void *blocks;        /* linked by their first word */
};

/* --- lists of entries --- */

static struct chunk *chunk_get(struct qos_bucketq *q)
{
	struct chunk *c = q->spare;
	size_t bytes = q->n < HUGE_FROM ? BLOCK_BYTES : QOS_HUGE_PAGE;
	void **block;

	if (c) {
		q->spare = c->next;
		return c;
	}
	block = qos_huge_get(bytes);
	if (!block)
		return NULL;
	*block = q->blocks;
	q->blocks = block;
	c = (struct chunk *)(block + 2); /* aligned as chunks are */
	for (size_t i = (bytes - 2 * sizeof(*block)) / sizeof(*c) - 1; i > 0; i--) {
		c[i].next = q->spare;
		q->spare = &c[i];
	}
	return c;
}

/* It will be read through soon. */
static inline void chunk_fetch(const struct chunk *c)
{
	for (size_t at = 0; at < sizeof(*c); at += LINE_BYTES)
		__builtin_prefetch((const char *)c + at);
}

static void chunk_put(struct qos_bucketq *q, struct chunk *c)
{
	c->next = q->spare;
	q->spare = c;
}

static bool list_grow(struct qos_bucketq *q, struct list *l)
{
	struct chunk *c = chunk_get(q);

	if (!c)
		return false;
	c->next = NULL;
	c->older = l->n ? l->last : NULL;
	if (l->n)
		l->last->next = c;
	else
		*l = (struct list){ .first = c };
	l->last = c;
	l->end = 0;
	return true;
}

static inline bool list_add(struct qos_bucketq *q, struct list *l, const struct entry *e)
{
	if ((l->n == 0 || l->end == CHUNK_ENTRIES) && !list_grow(q, l))
		return false;
	l->last->entry[l->end++] = *e;
	l->n++;
	return true;
}

static const struct entry *list_first(const struct list *l)
{
	return &l->first->entry[l->at];
}

/* How many entries of a chunk there are to be read at once. */
static size_t list_piece(const struct list *l)
{
	return (l->first == l->last ? l->end : CHUNK_ENTRIES) - l->at;
}

/* So many of them have been read. */
static inline void list_used(struct qos_bucketq *q, struct list *l, size_t n)
{
	l->at += (uint32_t)n;
	if ((l->n -= n) == 0 || l->at == CHUNK_ENTRIES) {
		struct chunk *used = l->first;

		l->first = used->next;
		l->at = 0;
		chunk_put(q, used);
	}
}

/* Takes out the largest of the last chunk, the newest among equals; the others keep their order. */
static struct entry list_take_last(struct qos_bucketq *q, struct list *l)
{
	struct entry *e = l->last->entry, largest;
	uint32_t start = l->first == l->last ? l->at : 0, best = start;

	for (uint32_t i = start + 1; i < l->end; i++)
		if (e[i].key >= e[best].key)
			best = i;
	largest = e[best];
	memmove(e + best, e + best + 1, (--l->end - best) * sizeof(*e));
	if (--l->n == 0 || l->end == 0) {
		struct chunk *used = l->last;

		l->last = used->older;
		l->end = CHUNK_ENTRIES;
		chunk_put(q, used);
	}
	return largest;
}

/* --- the heap of what came out of order --- */

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
static struct qos_node *without_root(struct qos_node *root)
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

/*
 * Takes a node without children: down the first children, which are the youngest ones.  A chain (of falling keys) is
 * cut after a while, so that the walk stays short.
 */
static struct qos_node *take_leaf(struct qos_node **at)
{
	struct qos_node *n, *rest;

	for (int depth = 0; (*at)->child && depth < LEAF_DEPTH; depth++)
		at = &(*at)->child;
	n = *at;
	rest = without_root(n);
	if (rest)
		rest->sibling = n->sibling;
	*at = rest ? rest : n->sibling;
	return n;
}

static void heap_add(struct qos_bucketq *q, struct qos_node *n)
{
	n->child = n->sibling = NULL;
	q->heap = meld(q->heap, n);
}

/* --- near and far --- */

static struct entry entry_of(struct qos_node *n)
{
	return (struct entry){ (uint64_t)n->key ^ SIGN, n->seq, n };
}

static inline bool entry_before(const struct entry *a, const struct entry *b)
{
	return a->key != b->key ? a->key < b->key : a->seq < b->seq;
}

static inline void near_add(struct qos_bucketq *q, const struct entry *e)
{
	if ((q->run.n && entry_before(e, &q->newest)) || !list_add(q, &q->run, e))
		heap_add(q, e->node);
	else
		q->newest = *e;
}

/* Of the highest digit that is not 0. */
static int level_of(uint64_t difference)
{
	return (63 - __builtin_clzll(difference)) / DIGIT_BITS;
}

static void far_add(struct qos_bucketq *q, const struct entry *e)
{
	int level = level_of(e->key ^ q->last);
	int digit = (int)(e->key >> (level * DIGIT_BITS) & 63);

	if (!list_add(q, &q->bucket[level][digit], e)) {
		heap_add(q, e->node);
		return;
	}
	q->bucket_bits[level] |= 1ull << digit;
	q->levels |= 1u << level;
	q->n_far++;
}

static inline void add(struct qos_bucketq *q, const struct entry *e)
{
	if (e->key > q->last)
		far_add(q, e);
	else
		near_add(q, e);
}

/*
 * Entries of a bucket in order: by the digit below that of its level first, then where two stand the wrong way round.
 *
 * Returns  false, nothing done, when too many share a digit: then it is better split.
 */
static bool sort(const struct entry *from, size_t n, int level, struct entry *to)
{
	uint16_t end[65] = { 0 };
	int shift = level > 0 ? (level - 1) * DIGIT_BITS : 0;

	for (size_t i = 0; i < n; i++)
		if (++end[1 + (from[i].key >> shift & 63)] > CROWD && level > 0)
			return false;
	for (int i = 1; i < 64; i++)
		end[i + 1] = (uint16_t)(end[i + 1] + end[i]);
	for (size_t i = 0; i < n; i++)
		to[end[from[i].key >> shift & 63]++] = from[i];
	for (size_t i = 1; i < n; i++) {
		struct entry moved;
		size_t at = i;

		if (!entry_before(&to[i], &to[i - 1]))
			continue;
		moved = to[i];
		for (; at && entry_before(&moved, &to[at - 1]); at--)
			to[at] = to[at - 1];
		to[at] = moved;
	}
	return true;
}

static uint64_t smallest_key(const struct list *l)
{
	uint64_t least = UINT64_MAX;
	uint32_t i = l->at;

	for (const struct chunk *c = l->first;; c = c->next, i = 0) {
		uint32_t end = c == l->last ? l->end : CHUNK_ENTRIES;

		chunk_fetch(c->next);
		for (; i < end; i++)
			if (c->entry[i].key < least)
				least = c->entry[i].key;
		if (c == l->last)
			return least;
	}
}

/* The bucket's entries come near at once, if they are few.   Returns  false: the bucket is to be split. */
static bool bring_sorted(struct qos_bucketq *q, struct list *l, int level)
{
	struct entry all[BATCH], sorted[BATCH];
	size_t n = 0;

	if (l->n > BATCH)
		return false;
	for (const struct chunk *c = l->first; n < l->n; c = c->next) {
		size_t left = l->n - n, piece = left < CHUNK_ENTRIES ? left : CHUNK_ENTRIES;

		chunk_fetch(c->next);
		memcpy(all + n, c->entry, piece * sizeof(*all));
		n += piece;
	}
	if (!sort(all, n, level, sorted))
		return false;
	while (l->n)
		list_used(q, l, list_piece(l));
	q->last = sorted[n - 1].key;
	for (size_t i = 0; i < n; i++)
		near_add(q, &sorted[i]);
	return true;
}

/* The first bucket of the far part, which is not empty, comes near. */
static void bring_near(struct qos_bucketq *q)
{
	int level = __builtin_ctz(q->levels), digit = qos_bits_first(q->bucket_bits[level]);
	struct list l = q->bucket[level][digit];

	q->bucket[level][digit].n = 0;
	if (!(q->bucket_bits[level] &= ~(1ull << digit)))
		q->levels &= ~(1u << level);
	q->n_far -= l.n;
	if (bring_sorted(q, &l, level))
		return;
	q->last = smallest_key(&l);
	while (l.n) {
		size_t piece = list_piece(&l);

		for (size_t i = 0; i < piece; i++)
			add(q, &l.first->entry[l.at + i]);
		list_used(q, &l, piece);
	}
}

/* The smaller of the first of a run and the root of a heap, taken out; one of them holds something. */
static struct entry take_smaller(struct qos_bucketq *q, struct list *run, struct qos_node **heap)
{
	struct entry e;

	if (run->n && (!*heap || !before(*heap, list_first(run)->node))) {
		e = *list_first(run);
		list_used(q, run, 1);
	} else {
		e = entry_of(*heap);
		*heap = without_root(*heap);
	}
	return e;
}

/* Sees to it that the smallest of all is near. */
static void come_near(struct qos_bucketq *q)
{
	while (q->n_far && q->run.n < AHEAD)
		bring_near(q);
}

static size_t n_below(const struct qos_bucketq *q, int level)
{
	size_t n = 0;
	int i;

	for (int k = 0; k < level; k++)
		qos_bits_each (i, q->bucket_bits[k])
			n += q->bucket[k][i].n;
	return n;
}

/* `last` has fallen, first in this level: what stands in the levels below it differs from `last` there now. */
static void lift_below(struct qos_bucketq *q, int level)
{
	int i;

	for (int k = 0; k < level; k++) {
		qos_bits_each (i, q->bucket_bits[k]) {
			struct list l = q->bucket[k][i];

			q->bucket[k][i].n = 0;
			q->n_far -= l.n;
			for (; l.n; list_used(q, &l, 1))
				far_add(q, list_first(&l));
		}
		q->bucket_bits[k] = 0;
		q->levels &= ~(1u << k);
	}
}

/* How many entries at the end of the run are above a key; *chunk, *at: where they begin. */
static size_t n_above(const struct list *run, uint64_t key, struct chunk **chunk, uint32_t *at)
{
	size_t n = 0;

	*chunk = run->last;
	*at = run->end;
	while (n < run->n) {
		if (*at == 0) {
			*chunk = (*chunk)->older;
			*at = CHUNK_ENTRIES;
		}
		if ((*chunk)->entry[*at - 1].key <= key)
			break;
		--*at;
		n++;
	}
	return n;
}

/* Cuts the last n > 0 entries of the run off, which begin in that place.   Returns  false, nothing done: no memory. */
static bool cut(struct qos_bucketq *q, size_t n, struct chunk *chunk, uint32_t at, struct list *tail)
{
	struct list *run = &q->run;

	*tail = *run;
	tail->n = n;
	run->n -= n;
	if (run->n == 0)
		return true;
	tail->first = chunk->next;
	tail->at = 0;
	if (at < CHUNK_ENTRIES) { /* both have entries in this chunk */
		struct chunk *copy = chunk_get(q);

		if (!copy) {
			run->n += n;
			return false;
		}
		*copy = *chunk;
		tail->first = copy;
		tail->at = at;
		if (chunk == run->last)
			tail->last = copy;
	}
	run->last = chunk;
	run->end = at;
	q->newest = chunk->entry[at - 1];
	return true;
}

/*
 * Much came out of order: what is near, but above the smallest of that, goes far, if it is worth what moves with it.
 */
static void spread(struct qos_bucketq *q, size_t n_heap)
{
	struct qos_node *heap = q->heap;
	uint64_t least = (uint64_t)heap->key ^ SIGN;
	struct list tail = { 0 };
	struct chunk *chunk;
	uint32_t at;
	int level = q->n_far && least != q->last ? level_of(least ^ q->last) : 0;
	size_t n = n_above(&q->run, least, &chunk, &at);

	if (4 * n_heap < n + n_below(q, level) || (n && !cut(q, n, chunk, at, &tail)))
		return;
	q->last = least;
	lift_below(q, level);
	q->heap = NULL;
	while (tail.n || heap) {
		struct entry e = take_smaller(q, &tail, &heap);

		add(q, &e);
	}
}

int qos_bucketq_new(struct qos_bucketq **q, struct qos_err *err)
{
	*q = calloc(1, sizeof(**q));
	if (!*q)
		return qos_fail_memory(err, "ordered queue");
	(*q)->last = ALL_NEAR;
	return 0;
}

void qos_bucketq_free(struct qos_bucketq *q)
{
	if (!q)
		return;
	while (q->blocks) {
		void *older = *(void **)q->blocks;

		free(q->blocks);
		q->blocks = older;
	}
	free(q);
}

void qos_bucketq_push(struct qos_bucketq *q, struct qos_node *n)
{
	struct entry e;
	size_t n_heap;

	if (q->n++ == 0) {
		q->solo = n;
		return;
	}
	if (q->solo) {
		e = entry_of(q->solo);
		q->solo = NULL;
		q->last = ALL_NEAR;
		add(q, &e);
	}
	e = entry_of(n);
	add(q, &e);
	n_heap = q->n - q->n_far - q->run.n;
	if (n_heap >= HEAP_MOST && (n_heap & (n_heap - 1)) == 0)
		spread(q, n_heap);
}

struct qos_node *qos_bucketq_first(struct qos_bucketq *q)
{
	const struct entry *first;

	if (q->n == 0 || q->solo)
		return q->solo;
	come_near(q);
	if (!q->run.n)
		return q->heap;
	first = list_first(&q->run);
	return q->heap && before(q->heap, first->node) ? q->heap : first->node;
}

/* The only node there is, or NULL. */
static struct qos_node *take_solo(struct qos_bucketq *q)
{
	struct qos_node *n = q->solo;

	q->solo = NULL;
	q->n = 0;
	return n;
}

struct qos_node *qos_bucketq_pop(struct qos_bucketq *q)
{
	const struct qos_node *ahead;

	if (q->n == 0 || q->solo)
		return take_solo(q);
	come_near(q);
	q->n--;
	if ((ahead = qos_bucketq_ahead(q, FETCH))) {
		__builtin_prefetch(ahead);
		__builtin_prefetch((const char *)ahead + LINE_BYTES);
		__builtin_prefetch((const char *)ahead + 2 * LINE_BYTES);
	}
	return take_smaller(q, &q->run, &q->heap).node;
}

struct qos_node *qos_bucketq_pop_last(struct qos_bucketq *q)
{
	struct qos_node *n;

	if (q->n == 0 || q->solo)
		return take_solo(q);
	q->n--;
	if (q->n_far) {
		int level = 31 - __builtin_clz(q->levels), digit = 63 - __builtin_clzll(q->bucket_bits[level]);
		struct list *l = &q->bucket[level][digit];

		n = list_take_last(q, l).node;
		q->n_far--;
		if (!l->n && !(q->bucket_bits[level] &= ~(1ull << digit)))
			q->levels &= ~(1u << level);
	} else if (q->run.n) {
		n = list_take_last(q, &q->run).node;
		if (q->run.n)
			q->newest = q->run.last->entry[q->run.end - 1];
	} else {
		n = take_leaf(&q->heap);
	}
	return n;
}

const struct qos_node *qos_bucketq_ahead(const struct qos_bucketq *q, unsigned i)
{
	const struct list *l = &q->run;

	if (i >= l->n)
		return NULL;
	i += l->at;
	return i < CHUNK_ENTRIES ? l->first->entry[i].node : l->first->next->entry[i - CHUNK_ENTRIES].node;
}

size_t qos_bucketq_count(const struct qos_bucketq *q)
{
	return q->n;
}
