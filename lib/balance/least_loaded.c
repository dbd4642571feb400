/*
 * least_loaded: the member with the fewest records by weight, waiting or in service.
 *
 * Equals take turns: the search begins behind the last pick.
 *
 * Cost   O(n).
 */
#include "balance/balance.h"

struct least_loaded {
	int next; /* place among the open ones */
};

static int least_loaded_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	struct least_loaded *s = state;
	int at = s->next < p->n_open ? s->next : 0, best = at;
	double least = qos_balance_load(&p->member[p->open[at]]);

	for (int k = 1; k < p->n_open; k++) {
		double load;

		at = at + 1 < p->n_open ? at + 1 : 0;
		load = qos_balance_load(&p->member[p->open[at]]);
		if (load < least) {
			least = load;
			best = at;
		}
	}
	s->next = best + 1;
	return p->open[best];
}

const struct qos_balance qos_balance_least_loaded = {
	.name = "least_loaded",
	.summary = "the fewest records waiting or in service, by weight",
	.state_bytes = sizeof(struct least_loaded),
	.pick = least_loaded_pick,
};
