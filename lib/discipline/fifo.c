/*
 * fifo: first come, first served, whatever the class.
 *
 * Queues stay separate, so that each keeps its own limit; the oldest of their heads is next.  Records that arrived at
 * the same moment keep the order of the input.
 *
 * Cost   O(classes that wait) a record.
 */
#include "base/bits.h"
#include "discipline/discipline.h"

static int fifo_pick(void *state, struct qos_queue *q, int n, uint64_t waiting)
{
	int best = qos_bits_first(waiting), i;
	uint64_t best_seq = UINT64_MAX;

	qos_bits_each (i, waiting) {
		uint64_t seq = qos_queue_first(&q[i])->node.seq;

		if (seq < best_seq) {
			best_seq = seq;
			best = i;
		}
	}
	return best;
}

const struct qos_discipline qos_discipline_fifo = {
	.name = "fifo",
	.summary = "first come, first served, whatever the class",
	.order = QOS_ORDER_ARRIVAL,
	.flat = true,
	.pick = fifo_pick,
};
