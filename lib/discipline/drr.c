/*
 * drr: deficit round robin among classes, and among the streams of a class.
 *
 * A class earns its quantum when its turn comes and is served while it has credit; what it overdraws is owed, what it
 * leaves is forfeit when it runs empty.  Quanta are in proportion to the shares and the smallest of them is the largest
 * record seen, unless they are given.  Inside a class streams take turns, sparse ones first (sched/flow.h).
 *
 * Any two classes that stay backlogged get the same bytes per weight to within quantum + 2 * largest record.
 *
 * Cost   O(1) a record while the quantum covers the largest record.
 * After  Shreedhar and Varghese, SIGCOMM 1995, with the credit check of RFC 8290 (serve while positive), which needs
 *	  not look at the next record's size.
 */
#include "base/bits.h"
#include "discipline/discipline.h"

struct drr {
	double ratio[64];      /* by rank: weight over the smallest weight */
	int64_t largest_bytes; /* record seen */
	int turn;              /* rank whose turn it is */
};

static void drr_init(void *state, struct qos_queue *q, int n)
{
	struct drr *d = state;
	int64_t least = INT64_MAX;

	for (int i = 0; i < n; i++)
		if (qos_discipline_weight(&q[i]) < least)
			least = qos_discipline_weight(&q[i]);
	for (int i = 0; i < n; i++)
		d->ratio[i] = (double)qos_discipline_weight(&q[i]) / (double)least;
	d->largest_bytes = 1;
}

static int64_t quantum(const struct drr *d, const struct qos_queue *q)
{
	return q->quantum_bytes ? q->quantum_bytes : (int64_t)(d->ratio[q->rank] * (double)d->largest_bytes);
}

static void drr_filled(void *state, struct qos_queue *q)
{
	struct drr *d = state;

	if (q->credit > 0)
		q->credit = 0;
	if (q->largest_bytes > d->largest_bytes)
		d->largest_bytes = q->largest_bytes;
}

static int drr_pick(void *state, struct qos_queue *q, int n, uint64_t waiting)
{
	struct drr *d = state;

	if (waiting >> d->turn & 1 && q[d->turn].credit > 0)
		return d->turn;
	do {
		uint64_t after = d->turn < 63 ? waiting >> (d->turn + 1) << (d->turn + 1) : 0;

		d->turn = qos_bits_first(after ? after : waiting);
		q[d->turn].credit += quantum(d, &q[d->turn]);
	} while (q[d->turn].credit <= 0);
	return d->turn;
}

static void drr_sent(void *state, struct qos_queue *q, const struct qos_record *r, int64_t service_ns)
{
	struct drr *d = state;

	q->credit -= r->size_bytes > 0 ? r->size_bytes : 1;
	if (q->largest_bytes > d->largest_bytes)
		d->largest_bytes = q->largest_bytes;
}

/*
 * Before its next turn everybody else may spend a quantum and overdraw by a record; a class in debt of up to a record
 * waits for as many rounds as its quantum takes to cover it.
 */
static int64_t drr_gap(const void *state, const struct qos_queue *q, int n, int rank, const struct qos_extremes *worst)
{
	const struct drr *d = state;
	int64_t own = quantum(d, &q[rank]), rounds = 1 + (q[rank].largest_bytes + own - 1) / own,
		bytes = q[rank].largest_bytes;

	for (int i = 0; i < n; i++)
		if (i != rank && q[i].largest_bytes)
			bytes += rounds * quantum(d, &q[i]) + q[i].largest_bytes;
	return qos_muldiv(bytes, worst->byte_ps, 1000);
}

const struct qos_discipline qos_discipline_drr = {
	.name = "drr",
	.summary = "deficit round robin: bytes by share among classes, evenly among the streams of a class",
	.order = QOS_ORDER_ROUNDS,
	.state_bytes = sizeof(struct drr),
	.init = drr_init,
	.filled = drr_filled,
	.pick = drr_pick,
	.sent = drr_sent,
	.gap_ns = drr_gap,
};
