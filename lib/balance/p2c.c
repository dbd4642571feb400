/*
 * p2c: the cheaper of two members drawn at random.
 *
 * The two are distinct; cheap is a low peak latency times (load + 1) by weight.  Of two equal ones the first drawn is
 * taken, so equals share evenly.  Two choices instead of one bring the longest of n queues from ln n / ln ln n down to
 * ln ln n / ln 2, and no crowd runs to the one that looks best.
 *
 * Cost   O(1).
 * After  Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 1996.
 */
#include "balance/balance.h"

static int p2c_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	uint64_t n = (uint64_t)p->n_open, r = qos_rng_next(&p->rng);
	/* two draws from one number; 32 bits of it over a few members have a bias below 1e-6 */
	uint64_t a = ((r & UINT32_MAX) * n) >> 32, b;
	int i = p->open[a], j;

	if (n == 1)
		return i;
	b = ((r >> 32) * (n - 1)) >> 32;
	j = p->open[b + (b >= a)];
	return qos_pool_price(p, j, now_ns) < qos_pool_price(p, i, now_ns) ? j : i;
}

const struct qos_balance qos_balance_p2c = {
	.name = "p2c",
	.summary = "the cheaper of two drawn at random, by peak latency and load",
	.pick = p2c_pick,
};
