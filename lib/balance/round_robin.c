/*
 * round_robin: one after the other.
 *
 * Cost   O(1).
 */
#include "balance/balance.h"

struct round_robin {
	int next; /* place among the open ones */
};

static int round_robin_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	struct round_robin *r = state;

	if (r->next >= p->n_open)
		r->next = 0;
	return p->open[r->next++];
}

const struct qos_balance qos_balance_round_robin = {
	.name = "round_robin",
	.summary = "one after the other",
	.state_bytes = sizeof(struct round_robin),
	.pick = round_robin_pick,
};
