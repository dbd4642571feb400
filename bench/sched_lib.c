/*
 * What does it cost to queue a record and take it out again?  ns for both, by discipline and number of streams.
 *
 * usage: sched_lib [-a] [-d DISCIPLINE] [STREAMS ...]
 *
 * All streams wait, so every queue is as deep as it gets: a record is taken, served and queued again in its stream,
 * with other deadline and size.  "alone": records and streams are there, the scheduler puts them in order.  "with copy
 * and look-up": the record that leaves is freed, the one that comes is copied, and its stream is found by name.  Beside
 * it a binary heap of (key, sequence), the usual way, over as many nodes, with nothing copied and nothing looked up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "route/queues.h"

#define ROUNDS 2000000

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void shuffle(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
}

/* --- the peer --- */

struct heap_node {
	int64_t key;
	uint64_t seq;
};

static bool before(const struct heap_node *a, const struct heap_node *b)
{
	return a->key != b->key ? a->key < b->key : a->seq < b->seq;
}

static void sift_down(struct heap_node *h, int n)
{
	struct heap_node moved = h[0];
	int i = 0;

	for (int child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && before(&h[child + 1], &h[child]))
			child++;
		if (!before(&h[child], &moved))
			break;
		h[i] = h[child];
	}
	h[i] = moved;
}

static double heap_ns(int n)
{
	struct heap_node *h = malloc((size_t)n * sizeof(*h));
	uint64_t x = 88172645463325252ull, seq = (uint64_t)n;
	double start;

	for (int i = 0; i < n; i++) /* rising keys are a heap */
		h[i] = (struct heap_node){ i * 1000ll, (uint64_t)i };
	start = now();
	for (int i = 0; i < ROUNDS; i++) { /* the root leaves and comes back later: one way down is both */
		shuffle(&x);
		h[0].key += (int64_t)(x % (2000ull * (uint64_t)n));
		h[0].seq = seq++;
		sift_down(h, n);
	}
	start = now() - start;
	free(h);
	return start / ROUNDS * 1e9;
}

/* --- ours --- */

/* One record that waits, with the flow of its stream. */
struct waiter {
	struct qos_record r;
	struct qos_stream stream;
	struct qos_flow flow;
};

static void enter(struct qos_queues *q, struct waiter *w, int64_t now_ns, uint64_t x, uint64_t seq)
{
	struct qos_queue *queue = &q->queue[q->rank[w->r.class]];

	w->r.node.seq = seq;
	w->r.size_bytes = 100 + (int64_t)(x % 1400);
	w->r.deadline_ns = now_ns + (int64_t)(x % 1000000000);
	qos_queue_push(queue, &w->r, &w->flow);
	if (!(q->waiting >> queue->rank & 1)) {
		q->waiting |= 1ull << queue->rank;
		if (q->discipline->filled)
			q->discipline->filled(q->state, queue);
	}
}

/* The scheduler alone: the queues of an engine, with its discipline, but with records of our own. */
static double alone_ns(struct qos_queues *q, struct qos_slab *slab, int n_streams)
{
	uint64_t x = 88172645463325252ull, seq = 0;
	double start;

	for (int i = 0; i < n_streams; i++) {
		struct waiter *w = qos_slab_get(slab, sizeof(*w));

		memset(w, 0, sizeof(*w));
		w->r.class = (int16_t)(i % 5);
		shuffle(&x);
		enter(q, w, (i - n_streams) * 1000ll, x, seq++);
	}
	start = now();
	for (int64_t i = 0; i < ROUNDS; i++) {
		int rank = q->discipline->pick(q->state, q->queue, q->config->n_classes, q->waiting);
		struct qos_queue *queue = &q->queue[rank];
		struct qos_flow *from;
		struct qos_record *r = qos_queue_pop(queue, &from);

		if (queue->n_records == 0) {
			q->waiting &= ~(1ull << rank);
			qos_queue_first(queue);
		}
		queue->gone = NULL;
		if (q->discipline->sent)
			q->discipline->sent(q->state, queue, r, 1000);
		shuffle(&x);
		enter(q, (struct waiter *)r, i * 1000, x, seq++);
	}
	start = now() - start;
	for (int i = 0; i < q->config->n_classes; i++)
		for (struct qos_flow *from; qos_queue_pop(&q->queue[i], &from);)
			;
	return start / ROUNDS * 1e9;
}

/* All of it: a copy of the record, its stream by name. */
static double whole_ns(struct qos_queues *q, const struct qos_fields *fields, struct qos_slab *slab, int n_streams)
{
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_record in = { .n_bytes = 8, .cell = cell };
	uint64_t x = 88172645463325252ull, seq = 0;
	double start = 0;

	cell[QOS_F_STREAM] = (struct qos_cell){ .len = 8, .kind = QOS_CELL_TEXT };
	for (int64_t i = -n_streams; i < ROUNDS; i++) {
		struct qos_record *r = NULL;
		char name[8];

		if (i == 0)
			start = now();
		if (i >= 0)
			r = qos_queues_pop(q, i * 1000);
		if (r) {
			memcpy(name, r->bytes, 8);
			in.class = r->class;
			qos_queues_sent(q, r, 1000, i * 1000);
			qos_queues_leave(q, r);
			qos_record_drop(r, fields, slab);
		} else {
			uint64_t number = (uint64_t)(i + n_streams);

			memcpy(name, &number, 8);
			in.class = (int16_t)(number % 5);
		}
		shuffle(&x);
		in.bytes = name;
		in.node.seq = seq++;
		in.arrival_ns = i * 1000;
		in.size_bytes = 100 + (int64_t)(x % 1400);
		in.deadline_ns = i * 1000 + (int64_t)(x % 1000000000);
		qos_queues_push(q, &in, i * 1000);
	}
	return (now() - start) / ROUNDS * 1e9;
}

static double queues_ns(struct qos_config *config, const char *discipline, int n_streams, bool alone)
{
	struct qos_queues_options o = { 0 };
	struct qos_queues *q = malloc(sizeof(*q));
	struct qos_slab slab = { 0 };
	struct qos_fields *fields;
	struct qos_err err = { 0 };
	double ns;

	config->discipline = qos_str(discipline);
	config->max_concurrent_streams = 10000000;
	config->max_queue_size = 10000000;
	if (qos_fields_new(&fields, &err) || qos_queues_init(q, config, &o, fields, &slab, &err)) {
		fprintf(stderr, "sched_lib: %s\n", err.text);
		exit(1);
	}
	ns = alone ? alone_ns(q, &slab, n_streams) : whole_ns(q, fields, &slab, n_streams);
	qos_queues_free(q);
	qos_fields_free(fields);
	qos_slab_free(&slab);
	free(q);
	return ns;
}

int main(int argc, char **argv)
{
	static const char *const usual[] = { "10000", "1000000" };
	const char *const *streams = usual;
	const char *discipline[] = { "qos", "drr", "wfq", "strict" };
	int n_disciplines = 4, n = 2, least = 0, c;
	struct qos_config *config;
	struct qos_err err;

	while ((c = getopt(argc, argv, "ad:")) != -1) {
		if (c == 'd') {
			discipline[0] = optarg;
			n_disciplines = 1;
		} else if (c == 'a') {
			least = 1;
		} else {
			return 2;
		}
	}
	if (optind < argc) {
		streams = (const char *const *)argv + optind;
		n = argc - optind;
	}
	if (qos_config_load(&config, NULL, NULL, 0, &err))
		return 1;
	for (int i = 0; i < n; i++) {
		int n_streams = atoi(streams[i]);
		double heap = heap_ns(n_streams);

		for (int alone = 1; alone >= least; alone--) {
			printf("scheduler, %7d streams, %s: ", n_streams, alone ? "alone" : "with copy and look-up");
			for (int d = 0; d < n_disciplines; d++)
				printf("%s %.0f ns, ", discipline[d],
				       queues_ns(config, discipline[d], n_streams, alone));
			printf("binary heap %.0f ns\n", heap);
		}
	}
	qos_config_free(config);
	return 0;
}
