/*
 * Strategies: where to?
 *
 * A strategy picks among the open members of a pool (p->open[0..n_open), at least one) and changes nothing but its own
 * state and the pool's random numbers.  Load, latency and health are the pool's.
 */
#ifndef QOS_POOL_BALANCE_H
#define QOS_POOL_BALANCE_H

#include "pool/pool.h"

struct qos_balance {
	const char *name;
	const char *summary; /* one line for --strategy help */
	size_t state_bytes;  /* allocated zeroed by the pool; 0: none */

	/* The open members are others than before, or it is the first time.   Fails  QOS_EIO.   NULL: nothing to do. */
	int (*rebuild)(void *state, const struct qos_pool *p, struct qos_err *err);
	/* A member's index, or -1: none is right for this record. */
	int (*pick)(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns);
	void (*free)(void *state); /* NULL: nothing is owned */
};

/* The two hashes that place a stream at a member: 64 bits of a and b, mixed (finalizer of SplitMix64). */
static inline uint64_t qos_balance_mix(uint64_t a, uint64_t b)
{
	uint64_t z = a + b * 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Load by weight and place: what the strategies that look for the least compare. */
static inline double qos_balance_load(const struct qos_member *m)
{
	return (double)(m->n_load + 1) / m->weight;
}

#endif
