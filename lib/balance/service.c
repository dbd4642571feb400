/*
 * service: the least loaded of the members that offer the service which the record names.
 *
 * Cost   O(n).
 */
#include "balance/balance.h"

static int service_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	uint64_t wanted = w->service >= 0 ? (uint64_t)1 << w->service : 0;
	double least = 0;
	int found = -1;

	for (int k = 0; k < p->n_open; k++) {
		const struct qos_member *m = &p->member[p->open[k]];

		if ((m->services & wanted) && (found < 0 || qos_balance_load(m) < least)) {
			least = qos_balance_load(m);
			found = p->open[k];
		}
	}
	return found;
}

const struct qos_balance qos_balance_service = {
	.name = "service",
	.summary = "the least loaded of those that offer the record's service",
	.pick = service_pick,
};
