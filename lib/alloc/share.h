/*
 * Who gets how much?  Water filling over demand, floor, ceil and weight, in whole numbers that add up.
 *
 * Two readings of "weighted, between a floor and a ceil", both with the greatest level L >= 0 that the total allows:
 *
 *   above     x = min(demand, ceil, floor' + L weight)	floors first, what is left by weight (HTB, the shaper)
 *   clamped   x = clamp(L weight, floor', min(demand, ceil))	the weighted share, a floor only for who would fall
 *								below it (Kubernetes' priority and fairness)
 *
 * floor' is the floor as far as it is wanted, min(floor, demand, ceil).  With floors of 0 and equal weights both are
 * max-min fairness.
 *
 * Cost   O(n log n): the levels at which somebody starts or stops to rise are sorted once, then one pass.
 * After  Bertsekas and Gallager, "Data Networks", 1992, 6.5 (max-min); Hamilton's method of largest remainders.
 */
#ifndef QOS_ALLOC_SHARE_H
#define QOS_ALLOC_SHARE_H

#include <stddef.h>
#include <stdint.h>

#define QOS_SHARE_MOST        ((int64_t)1 << 60) /* of any amount below: more counts as that */
#define QOS_SHARE_WEIGHT_MOST ((int64_t)1 << 40)
#define QOS_SHARE_CLAIMS_MOST (1 << 20) /* at once: no sum overflows */

enum qos_share_reading { QOS_SHARE_ABOVE, QOS_SHARE_CLAMPED };

/* All in one unit (bit/s, bytes, seats).  Negative numbers count as 0. */
struct qos_share_claim {
	int64_t demand, floor, ceil; /* ceil: INT64_MAX for none */
	int64_t weight;              /* of what the floors leave; 0: the floor is all it gets */
	int64_t granted;             /* written */
};

/* A level at which a claim starts or stops to rise: scratch of the caller. */
struct qos_share_event {
	int64_t rise, weight; /* level = rise / weight */
	uint32_t claim;
	uint32_t stops;
};

/*
 * Divides the total.
 *
 * claim	[n] n <= QOS_SHARE_CLAIMS_MOST; `granted` is written
 * scratch	[2 n], overwritten
 *
 * The sum of `granted` is the total, or less only if every claim that has a weight has its demand or its ceil.  A unit
 * that no level gives evenly goes to the largest remainder, of equal ones to the first.  Floors that exceed the total
 * are cut in proportion, and nobody gets more.
 *
 * Returns  what is left of the total.
 */
int64_t qos_share(struct qos_share_claim *claim, size_t n, int64_t total, enum qos_share_reading reading,
		  struct qos_share_event *scratch);

#endif
