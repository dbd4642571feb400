/*
 * weighted: turns by weight, spread evenly.
 *
 * Each member earns its weight, the richest is picked and pays the sum: 5, 1, 1 gives a a b a c a a.  After as many
 * picks as the (whole) weights add up to, each member had exactly its weight.
 *
 * Cost   O(n).
 * After  the smooth weighted round robin of nginx.
 */
#include <stdlib.h>

#include "balance/balance.h"

struct weighted {
	double *credit; /* [n] by member */
};

static int weighted_rebuild(void *state, const struct qos_pool *p, struct qos_err *err)
{
	struct weighted *s = state;

	free(s->credit);
	s->credit = calloc((size_t)p->n, sizeof(*s->credit));
	return s->credit ? 0 : qos_fail_memory(err, "weights");
}

static int weighted_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	double *credit = ((struct weighted *)state)->credit;
	int best = p->open[0];

	for (int k = 0; k < p->n_open; k++) {
		int i = p->open[k];

		credit[i] += p->member[i].weight;
		if (credit[i] > credit[best])
			best = i;
	}
	credit[best] -= p->open_weight;
	return best;
}

static void weighted_free(void *state)
{
	free(((struct weighted *)state)->credit);
}

const struct qos_balance qos_balance_weighted = {
	.name = "weighted",
	.summary = "turns by weight, spread evenly",
	.state_bytes = sizeof(struct weighted),
	.rebuild = weighted_rebuild,
	.pick = weighted_pick,
	.free = weighted_free,
};
