/*
 * wfq: worst-case fair weighted fair queueing (WF2Q+) among classes, fair by bytes among the streams of a class.
 *
 * Each class has a virtual start: where its last record ended, or now if it was idle.  Among the classes whose start
 * has come, the one whose next record would end first is served.  So no class runs ahead of its share by more than a
 * record, nor falls behind by more.  Inside a class streams share by start-time fair queueing (sched/queue.h).
 *
 *   virtual end = virtual start + bytes / weight;	virtual time advances by bytes / sum of weights
 *
 * Virtual time is an integer, 10^9 units a byte over weights in millionths, and starts anew before it could overflow.
 *
 * Cost   O(classes that wait) a record.
 * After  Bennett and Zhang, "Hierarchical packet fair queueing algorithms", SIGCOMM 1996; Parekh and Gallager, 1993.
 */
#include "base/bits.h"
#include "discipline/discipline.h"

#define UNITS         1000000000 /* of virtual time a byte over a weight of one millionth */
#define VIRTUAL_LIMIT (INT64_MAX / 4)

struct wfq {
	int64_t weight[64], sum;       /* by rank */
	int64_t bytes[64], length[64]; /* by rank: the record that is next, and how much of virtual time it takes */
	int64_t now;                   /* virtual time */
	int64_t in_service;            /* what the record in service will add to it */
	int n;
	struct qos_queue *q;
};

static void wfq_init(void *state, struct qos_queue *q, int n)
{
	struct wfq *d = state;

	for (int i = 0; i < n; i++) {
		d->weight[i] = qos_discipline_weight(&q[i]);
		d->sum += d->weight[i];
		d->bytes[i] = -1;
	}
	d->n = n;
	d->q = q;
}

static void wfq_filled(void *state, struct qos_queue *q)
{
	struct wfq *d = state;

	if (q->start < d->now)
		q->start = d->now;
}

static int64_t length(int64_t bytes, int64_t weight)
{
	return qos_muldiv(bytes > 0 ? bytes : 1, UNITS, weight);
}

/* A division, only when the record that is next has another size than the one before. */
static int64_t next_length(struct wfq *d, struct qos_queue *q)
{
	int64_t bytes = qos_queue_first(q)->size_bytes;

	if (bytes != d->bytes[q->rank]) {
		d->bytes[q->rank] = bytes;
		d->length[q->rank] = length(bytes, d->weight[q->rank]);
	}
	return d->length[q->rank];
}

static void start_anew(struct wfq *d)
{
	for (int i = 0; i < d->n; i++)
		d->q[i].start = d->q[i].start > d->now ? d->q[i].start - d->now : 0;
	d->now = 0;
}

static int wfq_pick(void *state, struct qos_queue *q, int n, uint64_t waiting)
{
	struct wfq *d = state;
	uint64_t best_end = UINT64_MAX;
	int64_t first = INT64_MAX;
	int best = -1, i;

	d->now = qos_add_clamped(d->now, d->in_service);
	d->in_service = 0;
	if (d->now > VIRTUAL_LIMIT)
		start_anew(d);
	qos_bits_each (i, waiting)
		if (q[i].start < first)
			first = q[i].start;
	if (d->now < first)
		d->now = first;
	qos_bits_each (i, waiting) {
		uint64_t end = (uint64_t)qos_add_clamped(q[i].start, next_length(d, &q[i]));
		bool better;

		end = q[i].start > d->now ? UINT64_MAX : end; /* without branches: who is next cannot be foretold */
		better = end < best_end;
		best_end = better ? end : best_end;
		best = better ? i : best;
	}
	return best;
}

static void wfq_sent(void *state, struct qos_queue *q, const struct qos_record *r, int64_t service_ns)
{
	struct wfq *d = state;

	int64_t own =
		r->size_bytes == d->bytes[q->rank] ? d->length[q->rank] : length(r->size_bytes, d->weight[q->rank]);

	q->start = qos_add_clamped(q->start, own);
	d->in_service = length(r->size_bytes, d->sum);
}

/* It may begin where its last record ends at its share of the server; the next ends as much later; then one more. */
static int64_t wfq_gap(const void *state, const struct qos_queue *q, int n, int rank, const struct qos_extremes *worst)
{
	const struct wfq *d = state;
	int64_t largest = 0;

	for (int i = 0; i < n; i++)
		if (q[i].largest_bytes > largest)
			largest = q[i].largest_bytes;
	return qos_muldiv(2 * qos_muldiv(q[rank].largest_bytes, d->sum, d->weight[rank]) + 2 * largest, worst->byte_ps,
			  1000);
}

const struct qos_discipline qos_discipline_wfq = {
	.name = "wfq",
	.summary = "weighted fair queueing (WF2Q+): bytes by share to within a record, among streams too",
	.order = QOS_ORDER_FAIR,
	.state_bytes = sizeof(struct wfq),
	.init = wfq_init,
	.filled = wfq_filled,
	.pick = wfq_pick,
	.sent = wfq_sent,
	.gap_ns = wfq_gap,
};
