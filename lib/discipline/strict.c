/*
 * strict: the most urgent class that waits, always.
 *
 * Lower classes starve while higher ones keep the servers busy; that is what the name promises.  Inside a class, order
 * of arrival.  Service is not interrupted, so a record waits at most for one lower one.
 *
 * Cost   O(1): one find-first-set.
 * After  Cobham, "Priority assignment in waiting line problems", 1954 (non-preemptive).
 */
#include "base/bits.h"
#include "discipline/discipline.h"

static int strict_pick(void *state, struct qos_queue *q, int n, uint64_t waiting)
{
	return qos_bits_first(waiting);
}

const struct qos_discipline qos_discipline_strict = {
	.name = "strict",
	.summary = "the most urgent class that waits, always",
	.order = QOS_ORDER_ARRIVAL,
	.pick = strict_pick,
};
