/*
 * wrr: weighted round robin by records.
 *
 * Each class gets turns in proportion to its share, spread evenly: a waiting class gains its weight, the one with most
 * is served and pays what all of them gained.  Sizes do not matter; where they should, `drr` is the discipline.
 *
 * Cost   O(classes that wait) a record.
 * After  the smooth weighted round robin of nginx.
 */
#include "base/bits.h"
#include "discipline/discipline.h"

struct wrr {
	int64_t weight[64]; /* by rank: share in millionths, at least 1 */
};

static void wrr_init(void *state, struct qos_queue *q, int n)
{
	struct wrr *d = state;

	for (int i = 0; i < n; i++)
		d->weight[i] = qos_discipline_weight(&q[i]);
}

static void wrr_filled(void *state, struct qos_queue *q)
{
	q->credit = 0; /* neither saved up nor owed while idle */
}

static int wrr_pick(void *state, struct qos_queue *q, int n, uint64_t waiting)
{
	struct wrr *d = state;
	int best = qos_bits_first(waiting), i;
	int64_t sum = 0;

	qos_bits_each (i, waiting) {
		q[i].credit += d->weight[i];
		sum += d->weight[i];
		if (q[i].credit > q[best].credit)
			best = i;
	}
	q[best].credit -= sum;
	return best;
}

const struct qos_discipline qos_discipline_wrr = {
	.name = "wrr",
	.summary = "weighted round robin: records by share, whatever their size",
	.order = QOS_ORDER_ARRIVAL,
	.state_bytes = sizeof(struct wrr),
	.init = wrr_init,
	.filled = wrr_filled,
	.pick = wrr_pick,
};
