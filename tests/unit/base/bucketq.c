/* The ordered queue against a sorted array. */
#include "base/bucketq.h"

#include <stdlib.h>

#include "tests/unit/test.h"

static uint64_t state = 88172645463325252ull;

static uint64_t xorshift(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static int by_order(const void *a, const void *b)
{
	const struct qos_node *x = *(struct qos_node *const *)a, *y = *(struct qos_node *const *)b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Pushes n random keys spread over `span`, pops all, compares with qsort. */
static void drain_random(size_t n, int64_t span)
{
	struct qos_node *node = calloc(n, sizeof(*node)), **sorted = calloc(n, sizeof(*sorted));
	struct qos_bucketq *q;
	size_t wrong = 0;

	CHECK(qos_bucketq_new(&q, 13, NULL) == 0);
	for (size_t i = 0; i < n; i++) {
		node[i].key = (int64_t)(xorshift() % (uint64_t)span) - span / 4;
		node[i].seq = i;
		sorted[i] = &node[i];
		qos_bucketq_push(q, &node[i]);
	}
	qsort(sorted, n, sizeof(*sorted), by_order);
	for (size_t i = 0; i < n; i++) {
		wrong += qos_bucketq_first(q) != sorted[i];
		wrong += qos_bucketq_pop(q) != sorted[i];
	}
	CHECK_INT(wrong, 0);
	CHECK(qos_bucketq_pop(q) == NULL);
	qos_bucketq_free(q);
	free(node);
	free(sorted);
}

static void in_one_bucket(void)
{
	drain_random(3000, 8000);
}

static void in_the_ring(void)
{
	drain_random(20000, 2000000000);
}

static void beyond_the_ring(void)
{
	drain_random(20000, 900000000000000);
}

/* Hold model: pops and pushes mixed, keys moving forward, some far ahead and some before the last one popped. */
static void mixed(void)
{
	enum { N = 500, STEPS = 200000 };
	static struct qos_node node[N];
	struct qos_bucketq *q;
	struct qos_node *n;
	size_t wrong = 0;
	int64_t now = 0;

	CHECK(qos_bucketq_new(&q, 13, NULL) == 0);
	for (size_t i = 0; i < N; i++) {
		node[i].key = (int64_t)(xorshift() % 1000000);
		node[i].seq = i;
		qos_bucketq_push(q, &node[i]);
	}
	for (size_t i = 0; i < STEPS; i++) {
		n = qos_bucketq_pop(q);
		for (size_t k = 0; i % 100 == 0 && k < N; k++)
			wrong += &node[k] != n && by_order(&(struct qos_node *){ &node[k] }, &n) < 0;
		now = n->key;
		n->key = now - 10000 + (int64_t)(xorshift() % (i % 7 == 0 ? 9000000000u : 5000000u));
		n->seq = N + i;
		qos_bucketq_push(q, n);
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(qos_bucketq_count(q), N);
	qos_bucketq_free(q);
}

static void ties(void)
{
	struct qos_node node[5];
	struct qos_bucketq *q;

	CHECK(qos_bucketq_new(&q, 13, NULL) == 0);
	for (size_t i = 0; i < 5; i++) {
		node[i].key = 42;
		node[i].seq = (i * 3) % 5;
		qos_bucketq_push(q, &node[i]);
	}
	for (size_t i = 0; i < 5; i++)
		CHECK_INT(qos_bucketq_pop(q)->seq, i);
	qos_bucketq_free(q);
}

/* A queue that is nearly always empty: the only node takes a way of its own. */
static void one_or_two(void)
{
	struct qos_node a = { 0 }, b = { 0 };
	struct qos_bucketq *q;
	int wrong = 0;

	CHECK(qos_bucketq_new(&q, 13, NULL) == 0);
	for (int64_t i = 0; i < 100000; i++) {
		a.key = (int64_t)(xorshift() % 100000000000) - 1000;
		b.key = (int64_t)(xorshift() % 100000000000) - 1000;
		a.seq = 1;
		b.seq = 2;
		qos_bucketq_push(q, &a);
		wrong += qos_bucketq_first(q) != &a;
		if (i % 3) {
			qos_bucketq_push(q, &b);
			wrong += qos_bucketq_first(q) != (b.key < a.key ? &b : &a);
			wrong += qos_bucketq_pop(q) != (b.key < a.key ? &b : &a);
			wrong += qos_bucketq_count(q) != 1;
			wrong += qos_bucketq_pop(q) != (b.key < a.key ? &a : &b);
		} else {
			wrong += qos_bucketq_pop(q) != &a;
		}
		wrong += qos_bucketq_first(q) != NULL || qos_bucketq_pop(q) != NULL;
	}
	CHECK_INT(wrong, 0);
	qos_bucketq_free(q);
}

/* Rising keys with pops at the front between: the back gives the newest, over many turns of the ring. */
static void newest_first(void)
{
	enum { N = 200000 };
	struct qos_node *node = calloc(N, sizeof(*node));
	struct qos_bucketq *q;
	size_t first = 0, last = 0, wrong = 0, n = 0, made = 0;
	int64_t key = 0;
	bool *gone = calloc(N, sizeof(*gone));

	CHECK(qos_bucketq_new(&q, 4, NULL) == 0);
	while (made < N) {
		uint64_t x = xorshift() % 100;

		if (x < 55) {
			key += (int64_t)(xorshift() % 5 ? xorshift() % 40 : 0);
			node[made] = (struct qos_node){ .key = key, .seq = made };
			qos_bucketq_push(q, &node[made]);
			last = made++;
			n++;
		} else if (x < 75) {
			struct qos_node *p = qos_bucketq_pop(q);

			while (n && gone[first])
				first++;
			wrong += p != (n ? &node[first] : NULL);
			if (p)
				gone[p - node] = true, n--;
		} else {
			struct qos_node *p = qos_bucketq_pop_last(q);

			while (n && gone[last])
				last--;
			wrong += p != (n ? &node[last] : NULL);
			if (p)
				gone[p - node] = true, n--;
		}
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(qos_bucketq_count(q), n);
	qos_bucketq_free(q);
	free(node);
	free(gone);
}

/* Random keys, far ones too: what comes from the back is from the last bucket; the rest comes out in order. */
static void last_of_any(int64_t span)
{
	enum { N = 20000 };
	struct qos_node *node = calloc(N, sizeof(*node));
	struct qos_bucketq *q;
	int64_t latest = INT64_MAX, at = INT64_MIN;
	size_t n = 0, unordered = 0;

	CHECK(qos_bucketq_new(&q, 6, NULL) == 0);
	for (size_t i = 0; i < N; i++) {
		node[i] = (struct qos_node){ .key = i ? (int64_t)(xorshift() % (uint64_t)span) : 0, .seq = i };
		qos_bucketq_push(q, &node[i]);
	}
	for (size_t i = 0; i < N / 2; i++) {
		struct qos_node *p = qos_bucketq_pop_last(q);

		unordered += (p->key >> 6) > (latest >> 6) && span <= 64 * 262144;
		latest = p->key;
	}
	CHECK_INT(qos_bucketq_count(q), N / 2);
	for (struct qos_node *p; (p = qos_bucketq_first(q)); n++) {
		CHECK(qos_bucketq_pop(q) == p);
		unordered += p->key < at;
		at = p->key;
	}
	CHECK_INT(n, N / 2);
	CHECK_INT(unordered, 0);
	CHECK(qos_bucketq_pop_last(q) == NULL);
	qos_bucketq_free(q);
	free(node);
}

static void last(void)
{
	last_of_any(40);
	last_of_any(100000);
	last_of_any(64 * 262144);
	last_of_any(1ll << 40);
}

/* Falling keys in one bucket make a chain: the walk along it is cut, the order holds. */
static void falling(void)
{
	enum { N = 100000 };
	struct qos_node *node = calloc(N, sizeof(*node));
	struct qos_bucketq *q;
	int64_t at = INT64_MIN;
	size_t unordered = 0;

	CHECK(qos_bucketq_new(&q, 30, NULL) == 0);
	for (size_t i = 0; i < N; i++) {
		node[i] = (struct qos_node){ .key = (int64_t)(N - i), .seq = i };
		qos_bucketq_push(q, &node[i]);
		if (i % 3 == 2)
			qos_bucketq_pop_last(q);
	}
	for (struct qos_node *p; (p = qos_bucketq_pop(q));) {
		unordered += p->key < at;
		at = p->key;
	}
	CHECK_INT(unordered, 0);
	qos_bucketq_free(q);
	free(node);
}

int main(void)
{
	RUN("keys in one bucket come out in exact order", in_one_bucket);
	RUN("keys over the whole ring come out in exact order", in_the_ring);
	RUN("keys far beyond the ring, and negative ones, come out in exact order", beyond_the_ring);
	RUN("pops are the smallest of all while pushes go on, behind and far ahead", mixed);
	RUN("equal keys come out by sequence", ties);
	RUN("one node or two, over and over, come out in order", one_or_two);
	RUN("the back gives the newest where keys rise", newest_first);
	RUN("the back gives one of the last bucket, and leaves the rest in order", last);
	RUN("falling keys in one bucket are no long walk", falling);
	return DONE();
}
