/*
 * maglev: the same member for a stream, by a table that hardly changes when members come and go.
 *
 * Each member walks its own permutation of the table and takes the next free slot in its turn; turns go by weight.
 * Members are taken in the order of their names' hashes, so that their order in the list changes nothing.  A member
 * that is above 1.25 times its part of the load is passed over for the one in the next slot.
 *
 * Cost   O(1) a pick, O(M ln M) a rebuild (some milliseconds); 256 KiB.
 * After  Eisenbud et al., "Maglev", NSDI 2016; weights as in Envoy; Mirrokni et al., bounded loads, 2017.
 */
#include <stdlib.h>

#include "balance/balance.h"

enum { SLOTS = 65537 }; /* a prime, above 100 members times 655 */

struct turn {
	uint64_t hash;
	double target, weight;
	uint32_t next, skip;
	int member;
};

struct maglev {
	int32_t *slot; /* [SLOTS] member */
};

static int by_hash(const void *a, const void *b)
{
	uint64_t x = ((const struct turn *)a)->hash, y = ((const struct turn *)b)->hash;

	return (x > y) - (x < y);
}

static void take(int32_t *slot, struct turn *t)
{
	while (slot[t->next] >= 0)
		t->next = (t->next + t->skip) % SLOTS;
	slot[t->next] = t->member;
}

/* Rounds until the table is full: a member of the largest weight takes a slot in each. */
static void fill(int32_t *slot, struct turn *turn, int n, double most)
{
	int left = SLOTS;

	for (int32_t *s = slot; s < slot + SLOTS; s++)
		*s = -1;
	for (double round = 1; left; round++) {
		for (int k = 0; k < n && left; k++) {
			if (round * turn[k].weight < turn[k].target)
				continue;
			turn[k].target += most;
			take(slot, &turn[k]);
			left--;
		}
	}
}

static int maglev_rebuild(void *state, const struct qos_pool *p, struct qos_err *err)
{
	struct maglev *s = state;
	struct turn *turn = malloc((size_t)p->n_open * sizeof(*turn));
	double most = 0;

	if (!s->slot)
		s->slot = malloc(SLOTS * sizeof(*s->slot));
	if (!turn || !s->slot) {
		free(turn);
		return qos_fail_memory(err, "table of maglev");
	}
	for (int k = 0; k < p->n_open; k++) {
		const struct qos_member *m = &p->member[p->open[k]];

		turn[k] = (struct turn){ .hash = m->hash,
					 .weight = m->weight,
					 .next = (uint32_t)(qos_balance_mix(m->hash, 1) % SLOTS),
					 .skip = (uint32_t)(qos_balance_mix(m->hash, 2) % (SLOTS - 1)) + 1,
					 .member = p->open[k] };
		most = m->weight > most ? m->weight : most;
	}
	qsort(turn, (size_t)p->n_open, sizeof(*turn), by_hash);
	fill(s->slot, turn, p->n_open, most);
	free(turn);
	return 0;
}

static int maglev_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	const int32_t *slot = ((struct maglev *)state)->slot;
	uint32_t at = (uint32_t)(w->stream % SLOTS);

	/* the bounds add up to more than the load, so that one is below its own */
	for (int k = 0; k < SLOTS && p->member[slot[at]].n_load >= qos_pool_bound(p, slot[at]); k++)
		at = at + 1 < SLOTS ? at + 1 : 0;
	return slot[at];
}

static void maglev_free(void *state)
{
	free(((struct maglev *)state)->slot);
}

const struct qos_balance qos_balance_maglev = {
	.name = "maglev",
	.summary = "the same adapter for a stream, by a table; for many adapters",
	.state_bytes = sizeof(struct maglev),
	.rebuild = maglev_rebuild,
	.pick = maglev_pick,
	.free = maglev_free,
};
