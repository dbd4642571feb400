/*
 * What does it cost to queue a record and take it out again?  ns for both, by discipline and number of streams.
 *
 * usage: sched_lib [STREAMS ...]
 *
 * All streams wait, so every queue is as deep as it gets: a record is taken, served and queued again in its stream,
 * with its copy made and its stream found by name each time.  Beside it a binary heap of (key, sequence), the usual
 * way, over as many nodes, with nothing copied and nothing looked up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "route/queues.h"

#define ROUNDS 2000000

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
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
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		h[0].key += (int64_t)(x % (2000ull * (uint64_t)n));
		h[0].seq = seq++;
		sift_down(h, n);
	}
	start = now() - start;
	free(h);
	return start / ROUNDS * 1e9;
}

/* --- ours --- */

static double queues_ns(struct qos_config *config, const char *discipline, int n_streams)
{
	struct qos_queues_options o = { 0 };
	struct qos_queues *q = malloc(sizeof(*q));
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_slab slab = { 0 };
	struct qos_fields *fields;
	struct qos_err err = { 0 };
	uint64_t x = 88172645463325252ull, seq = 0;
	double start = 0;

	config->discipline = qos_str(discipline);
	config->max_concurrent_streams = 10000000;
	config->max_queue_size = 10000000;
	if (qos_fields_new(&fields, &err) || qos_queues_init(q, config, &o, fields, &slab, &err)) {
		fprintf(stderr, "sched_lib: %s\n", err.text);
		exit(1);
	}
	for (int64_t i = -n_streams; i < ROUNDS; i++) {
		struct qos_record in = {
			.n_bytes = 8, .size_bytes = 500, .arrival_ns = i * 1000, .node = { .seq = seq++ }
		};
		struct qos_record *r = NULL;
		char name[8];

		if (i == 0)
			start = now();
		if (i >= 0)
			r = qos_queues_pop(q, i * 1000);
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		if (r) {
			memcpy(name, r->bytes, 8);
			in.class = r->class;
			qos_queues_sent(q, r, 1000, i * 1000);
			qos_queues_leave(q, r);
			qos_record_drop(r, fields, &slab);
		} else {
			uint64_t number = (uint64_t)(i + n_streams);

			memcpy(name, &number, 8);
			in.class = (int16_t)(number % 5);
		}
		in.bytes = name;
		in.size_bytes = 100 + (int64_t)(x % 1400);
		in.deadline_ns = i * 1000 + (int64_t)(x % 1000000000);
		cell[QOS_F_STREAM] = (struct qos_cell){ .len = 8, .kind = QOS_CELL_TEXT };
		in.cell = cell;
		qos_queues_push(q, &in, i * 1000);
	}
	start = now() - start;
	qos_queues_free(q);
	qos_fields_free(fields);
	qos_slab_free(&slab);
	free(q);
	return start / ROUNDS * 1e9;
}

int main(int argc, char **argv)
{
	static const int usual[] = { 10000, 1000000 };
	static const char *const discipline[] = { "qos", "drr", "wfq", "strict" };
	struct qos_config *config;
	struct qos_err err;

	if (qos_config_load(&config, NULL, NULL, 0, &err))
		return 1;
	for (int i = 0; i < (argc > 1 ? argc - 1 : 2); i++) {
		int n = argc > 1 ? atoi(argv[i + 1]) : usual[i];

		printf("scheduler, %7d streams: ", n);
		for (size_t d = 0; d < sizeof(discipline) / sizeof(*discipline); d++)
			printf("%s %.0f ns, ", discipline[d], queues_ns(config, discipline[d], n));
		printf("binary heap %.0f ns\n", heap_ns(n));
	}
	qos_config_free(config);
	return 0;
}
