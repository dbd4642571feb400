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

	CHECK(qos_bucketq_new(&q, NULL) == 0);
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

static void dense(void)
{
	drain_random(3000, 50);
	drain_random(20000, 8000);
}

static void sparse(void)
{
	drain_random(20000, 2000000000);
	drain_random(20000, 900000000000000);
}

static void few(void)
{
	for (size_t n = 1; n < 300; n++)
		drain_random(n, n % 3 ? 1000 : 1000000000);
}

/* The ends of the range, where a key and its digits could overflow. */
static void extremes(void)
{
	static const int64_t keys[] = { INT64_MAX, INT64_MIN, 0, -1, 1, INT64_MAX - 1, INT64_MIN + 1, INT64_MAX };
	enum { N = 8 * 50 };
	static struct qos_node node[N], *sorted[N];
	struct qos_bucketq *q;
	size_t wrong = 0;

	CHECK(qos_bucketq_new(&q, NULL) == 0);
	for (size_t i = 0; i < N; i++) {
		node[i] = (struct qos_node){ .key = keys[i % 8], .seq = N - i };
		sorted[i] = &node[i];
		qos_bucketq_push(q, &node[i]);
	}
	qsort(sorted, N, sizeof(*sorted), by_order);
	for (size_t i = 0; i < N; i++)
		wrong += qos_bucketq_pop(q) != sorted[i];
	CHECK_INT(wrong, 0);
	qos_bucketq_free(q);
}

/*
 * Far keys become near when nothing else is there; then many come that go before them, over and over, so that what is
 * near and what is far must be divided anew.  Each pop is checked against all that is queued.
 */
static void earlier_ones_come(void)
{
	enum { N = 600, LATE = 300 };
	static struct qos_node node[N];
	static bool in[N];
	struct qos_bucketq *q;
	size_t wrong = 0, n_in = 0;
	uint64_t seq = 0;

	CHECK(qos_bucketq_new(&q, NULL) == 0);
	for (int64_t round = 0; round < 40; round++) {
		for (size_t i = 0; i < N; i++) {
			if (in[i])
				continue;
			/* spread over ever other ranges; some alike */
			node[i].key = i < LATE ? 1000000000000 + (int64_t)(xorshift() % (1ull << (round % 40)))
					       : round * 1000000 + (int64_t)(xorshift() % (1ull << (round % 19)));
			node[i].seq = seq++;
			in[i] = true;
			n_in++;
			qos_bucketq_push(q, &node[i]);
		}
		while (n_in > (round % 2 ? 20 : LATE - 20)) {
			struct qos_node *n = qos_bucketq_first(q);

			wrong += n != qos_bucketq_pop(q);
			in[n - node] = false;
			n_in--;
			for (size_t k = 0; k < N; k++)
				wrong += in[k] && by_order(&(struct qos_node *){ &node[k] }, &n) < 0;
		}
		CHECK_INT(qos_bucketq_count(q), n_in);
	}
	CHECK_INT(wrong, 0);
	qos_bucketq_free(q);
}

/* With keys that only rise what stands ahead is known. */
static void looks_ahead(void)
{
	static struct qos_node node[100];
	struct qos_bucketq *q;
	size_t wrong = 0;

	CHECK(qos_bucketq_new(&q, NULL) == 0);
	CHECK(qos_bucketq_ahead(q, 0) == NULL);
	for (size_t i = 0; i < 100; i++) {
		node[i] = (struct qos_node){ .key = (int64_t)i / 3, .seq = i };
		qos_bucketq_push(q, &node[i]);
	}
	for (size_t i = 0; i < 100; i++) {
		for (unsigned k = 0; k < 16; k++)
			wrong += qos_bucketq_ahead(q, k) != (i + k < 100 ? &node[i + k] : NULL);
		wrong += qos_bucketq_pop(q) != &node[i];
	}
	CHECK_INT(wrong, 0);
	qos_bucketq_free(q);
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

	CHECK(qos_bucketq_new(&q, NULL) == 0);
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

	CHECK(qos_bucketq_new(&q, NULL) == 0);
	for (size_t i = 0; i < 5; i++) {
		node[i].key = 42;
		node[i].seq = (i * 3) % 5;
		qos_bucketq_push(q, &node[i]);
	}
	for (size_t i = 0; i < 5; i++)
		CHECK_INT(qos_bucketq_pop(q)->seq, i);
	qos_bucketq_free(q);
}

/* A queue that is nearly always empty. */
static void one_or_two(void)
{
	struct qos_node a = { 0 }, b = { 0 };
	struct qos_bucketq *q;
	int wrong = 0;

	CHECK(qos_bucketq_new(&q, NULL) == 0);
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

/* Rising keys with pops at the front between: the back gives the newest, for long. */
static void newest_first(void)
{
	enum { N = 200000 };
	struct qos_node *node = calloc(N, sizeof(*node));
	struct qos_bucketq *q;
	size_t first = 0, last = 0, wrong = 0, n = 0, made = 0;
	int64_t key = 0;
	bool *gone = calloc(N, sizeof(*gone));

	CHECK(qos_bucketq_new(&q, NULL) == 0);
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

/* Random keys: what comes from the back is late, and the rest comes out in order. */
static void last_of_any(int64_t span)
{
	enum { N = 2000 };
	static struct qos_node node[N];
	static bool gone[N];
	struct qos_bucketq *q;
	int64_t at = INT64_MIN;
	size_t n = 0, unordered = 0, early = 0;

	CHECK(qos_bucketq_new(&q, NULL) == 0);
	for (size_t i = 0; i < N; i++) {
		node[i] = (struct qos_node){ .key = i ? (int64_t)(xorshift() % (uint64_t)span) : 0, .seq = i };
		gone[i] = false;
		qos_bucketq_push(q, &node[i]);
	}
	for (size_t i = 0; i < N / 2; i++) {
		struct qos_node *p = qos_bucketq_pop_last(q);
		size_t later = 0;

		gone[p - node] = true;
		for (size_t k = 0; k < N; k++)
			later += !gone[k] && node[k].key > p->key;
		early += later > (N - i) / 2;
	}
	CHECK_INT(early, 0);
	CHECK_INT(qos_bucketq_count(q), N / 2);
	for (struct qos_node *p; (p = qos_bucketq_first(q)); n++) {
		CHECK(qos_bucketq_pop(q) == p);
		unordered += p->key < at || gone[p - node];
		at = p->key;
	}
	CHECK_INT(n, N / 2);
	CHECK_INT(unordered, 0);
	CHECK(qos_bucketq_pop_last(q) == NULL);
	qos_bucketq_free(q);
}

static void last(void)
{
	last_of_any(40);
	last_of_any(100000);
	last_of_any(10000000);
	last_of_any(1ll << 40);
}

/* Falling keys are all out of order. */
static void falling(void)
{
	enum { N = 100000 };
	struct qos_node *node = calloc(N, sizeof(*node));
	struct qos_bucketq *q;
	int64_t at = INT64_MIN;
	size_t unordered = 0;

	CHECK(qos_bucketq_new(&q, NULL) == 0);
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
	RUN("many keys of one value come out in exact order", dense);
	RUN("keys over seconds and over days, and negative ones, come out in exact order", sparse);
	RUN("queues of one to 300 nodes come out in exact order", few);
	RUN("the smallest and the largest keys there are come out in exact order", extremes);
	RUN("keys that go before those that were already near come out first", earlier_ones_come);
	RUN("what stands ahead is known when keys only rise", looks_ahead);
	RUN("pops are the smallest of all while pushes go on, behind and far ahead", mixed);
	RUN("equal keys come out by sequence", ties);
	RUN("one node or two, over and over, come out in order", one_or_two);
	RUN("the back gives the newest where keys rise", newest_first);
	RUN("the back gives one of the later half, and leaves the rest in order", last);
	RUN("falling keys, taken from both ends, come out in order", falling);
	return DONE();
}
