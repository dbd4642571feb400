/*
 * What has each one got?  Sums by key, for the fairness among very many.
 *
 * A key is its hash of 64 bits: two streams of a million are taken for one with a chance of 3 in 100 million, which no
 * index of fairness notices, and an addition touches one line of memory instead of four.
 *
 * Cost   O(1); 16 bytes a place, at most 8 of 10 taken.
 */
#ifndef QOS_STATS_PORTION_H
#define QOS_STATS_PORTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/fairness.h"

struct qos_portion {
	uint64_t hash, sum; /* hash 0: nobody */
};

struct qos_portions {             /* { 0 } at first */
	struct qos_portion *slot; /* [mask + 1], owned; NULL at first */
	size_t mask, n;
};

/* Adds to the sum of the one with this hash.   Returns  false when it is new and may not be, or memory ran
 * out. */
bool qos_portions_add(struct qos_portions *p, uint64_t hash, uint64_t amount, bool may_be_new);
/* Each one's sum goes into f. */
void qos_portions_measure(const struct qos_portions *p, struct qos_fairness *f);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_portions_free(struct qos_portions *p);

#endif
