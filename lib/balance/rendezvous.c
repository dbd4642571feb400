/*
 * rendezvous: the same member for a stream: the one with the greatest score -w / ln u, u in (0,1) from both hashes.
 *
 * When a member leaves only its streams move; raising a weight takes no stream from that member.  One that is above
 * 1.25 times its part of the load is passed over for the next in the order of scores.
 *
 * Cost   O(n), without logarithms while all weights are equal: u alone orders as -1 / ln u does.
 * After  Thaler and Ravishankar, 1998; weights by the logarithmic method; Mirrokni et al., bounded loads, 2017.
 */
#include <math.h>

#include "balance/balance.h"

struct rendezvous {
	bool equal; /* weights */
};

static int rendezvous_rebuild(void *state, const struct qos_pool *p, struct qos_err *err)
{
	struct rendezvous *s = state;

	s->equal = true;
	for (int k = 1; k < p->n_open; k++)
		s->equal = s->equal && p->member[p->open[k]].weight == p->member[p->open[0]].weight;
	return 0;
}

static int rendezvous_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	const struct rendezvous *s = state;
	double best = -1;
	int found = -1;

	for (int k = 0; k < p->n_open; k++) {
		const struct qos_member *m = &p->member[p->open[k]];
		double u = ((double)(qos_balance_mix(m->hash, w->stream) >> 11) + 0.5) * 0x1p-53;
		double score = s->equal ? u : -m->weight / log(u);

		if (score > best && m->n_load < qos_pool_bound(p, p->open[k])) {
			best = score;
			found = p->open[k];
		}
	}
	return found;
}

const struct qos_balance qos_balance_rendezvous = {
	.name = "rendezvous",
	.summary = "the same adapter for a stream, by scores; for up to 64 adapters",
	.state_bytes = sizeof(struct rendezvous),
	.rebuild = rendezvous_rebuild,
	.pick = rendezvous_pick,
};
