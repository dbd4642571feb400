/*
 * edf: earliest deadline first over all classes.
 *
 * The deadline is ts + max_latency, or ts + the class's target.  Equal deadlines: the more urgent class, then the order
 * of the input.  Above load 1 everybody becomes late; `qos` keeps floors instead.
 *
 * Cost   O(classes that wait) a record, O(1) inside a class.
 * After  Jackson, "Scheduling a production line to minimize maximum tardiness", 1955.
 */
#include "base/bits.h"
#include "discipline/discipline.h"

static int edf_pick(void *state, struct qos_queue *q, int n, uint64_t waiting)
{
	int best = qos_bits_first(waiting), i;
	int64_t best_ns = INT64_MAX;

	qos_bits_each (i, waiting) {
		int64_t deadline_ns = qos_queue_first(&q[i])->deadline_ns;

		if (deadline_ns < best_ns) {
			best_ns = deadline_ns;
			best = i;
		}
	}
	return best;
}

const struct qos_discipline qos_discipline_edf = {
	.name = "edf",
	.summary = "earliest deadline first over all classes",
	.order = QOS_ORDER_DEADLINE,
	.flat = true,
	.pick = edf_pick,
};
