/* Water filling: known vectors, the conditions of optimality on random problems, and the edges. */
#include "alloc/share.h"

#include <stdbool.h>

#include "base/rng.h"
#include "tests/unit/test.h"

#define MOST 40

static struct qos_share_event scratch[2 * MOST];

static struct qos_share_claim claims[MOST];

/* Makes n claims of demands; the rest is no floor, no ceil, weight 1. */
static void demand(size_t n, const int64_t *d)
{
	for (size_t i = 0; i < n; i++)
		claims[i] = (struct qos_share_claim){ .demand = d[i], .ceil = INT64_MAX, .weight = 1 };
}

static void max_min(void)
{
	static const struct {
		size_t n;
		int64_t total, demand[4], want[4], left;
	} cases[] = {
		{ 4, 14, { 3, 7, 9, 1 }, { 3, 5, 5, 1 }, 0 },
		{ 4, 21, { 1, 9, 7, 3 }, { 1, 9, 7, 3 }, 1 },
		{ 2, 42, { 1, 47 }, { 1, 41 }, 0 },
		{ 3, 10, { 9, 9, 9 }, { 4, 3, 3 }, 0 }, /* the odd unit: to the first of equal remainders */
		{ 1, 0, { 5 }, { 0 }, 0 },
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(*cases); k++)
		for (enum qos_share_reading r = QOS_SHARE_ABOVE; r <= QOS_SHARE_CLAMPED; r++) {
			demand(cases[k].n, cases[k].demand);
			CHECK_INT(qos_share(claims, cases[k].n, cases[k].total, r, scratch), cases[k].left);
			for (size_t i = 0; i < cases[k].n; i++)
				CHECK_INT(claims[i].granted, cases[k].want[i]);
		}
}

/* C = 100, floors 10 20 20 10 0, weights 1 2 2 4 1, demands 5 60 40 80 50, in hundredths. */
static void two_readings(void)
{
	static const int64_t above[] = { 500, 3000, 3000, 3000, 500 }, clamped[] = { 500, 2111, 2111, 4222, 1056 };
	static const struct qos_share_claim given[] = { { 500, 1000, INT64_MAX, 1, 0 },
							{ 6000, 2000, INT64_MAX, 2, 0 },
							{ 4000, 2000, INT64_MAX, 2, 0 },
							{ 8000, 1000, INT64_MAX, 4, 0 },
							{ 5000, 0, INT64_MAX, 1, 0 } };

	memcpy(claims, given, sizeof(given));
	CHECK_INT(qos_share(claims, 5, 10000, QOS_SHARE_ABOVE, scratch), 0);
	for (int i = 0; i < 5; i++)
		CHECK_INT(claims[i].granted, above[i]);
	memcpy(claims, given, sizeof(given));
	CHECK_INT(qos_share(claims, 5, 10000, QOS_SHARE_CLAMPED, scratch), 0);
	for (int i = 0; i < 5; i++)
		CHECK_INT(claims[i].granted, clamped[i]);
}

/* Hamilton: quotas 73.5 98.0 24.5 98.0 244.9 49.0 12.2 of 600 lose 5 units, which the largest remainders get back. */
static void largest_remainder(void)
{
	static const int64_t weight[] = { 30, 40, 10, 40, 100, 20, 5 }, want[] = { 73, 98, 25, 98, 245, 49, 12 };

	for (int i = 0; i < 7; i++)
		claims[i] = (struct qos_share_claim){ .demand = 600, .ceil = INT64_MAX, .weight = weight[i] };
	CHECK_INT(qos_share(claims, 7, 600, QOS_SHARE_ABOVE, scratch), 0);
	for (int i = 0; i < 7; i++)
		CHECK_INT(claims[i].granted, want[i]);
}

static void floors_exceed(void)
{
	static const struct qos_share_claim given[] = {
		{ 100, 60, 100, 1, 0 }, { 100, 30, 100, 9, 0 }, { 5, 30, 100, 1, 0 }, { 100, 0, 100, 1, 0 }
	};
	static const int64_t want[] = { 31, 16, 3, 0 }; /* 95 wanted, 50 there: 31.58, 15.79, 2.63 */

	memcpy(claims, given, sizeof(given));
	CHECK_INT(qos_share(claims, 4, 50, QOS_SHARE_ABOVE, scratch), 0);
	for (int i = 0; i < 4; i++)
		CHECK_INT(claims[i].granted, want[i]);
}

static void edges(void)
{
	struct qos_share_claim c = { -5, -1, -1, -1, 7 };

	CHECK_INT(qos_share(&c, 0, 100, QOS_SHARE_ABOVE, scratch), 100);
	CHECK_INT(qos_share(&c, 1, 100, QOS_SHARE_ABOVE, scratch), 100);
	CHECK_INT(c.granted, 0);
	c = (struct qos_share_claim){ 50, 10, 100, 0, 0 }; /* no weight: the floor is all */
	CHECK_INT(qos_share(&c, 1, 100, QOS_SHARE_ABOVE, scratch), 90);
	CHECK_INT(c.granted, 10);
	c = (struct qos_share_claim){ 50, 60, 40, 1, 0 }; /* the ceil wins over the floor */
	CHECK_INT(qos_share(&c, 1, 100, QOS_SHARE_CLAMPED, scratch), 60);
	CHECK_INT(c.granted, 40);
	for (int i = 0; i < MOST; i++)
		claims[i] = (struct qos_share_claim){ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, 0 };
	CHECK_INT(qos_share(claims, MOST, INT64_MAX, QOS_SHARE_ABOVE, scratch), 0);
	CHECK_INT(claims[0].granted, QOS_SHARE_MOST / MOST + 1);
	CHECK_INT(claims[MOST - 1].granted, QOS_SHARE_MOST / MOST);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * There is one level for all.  Who is below its limit says "less than one unit above me", who is above its floor "more
 * than one unit below me", each in level; no two may contradict each other.
 */
static bool one_level(const struct qos_share_claim *c, size_t n, enum qos_share_reading reading)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			int64_t limit = least(c[i].demand, c[i].ceil), bottom = least(c[k].floor, c[k].demand);
			int64_t under_i = reading == QOS_SHARE_ABOVE ? least(c[i].floor, limit) : 0, under_k;

			bottom = least(bottom, c[k].ceil);
			under_k = reading == QOS_SHARE_ABOVE ? bottom : 0;
			if (c[i].granted == limit || c[k].granted == bottom)
				continue;
			if ((c[k].granted - under_k - 1) * c[i].weight >= (c[i].granted - under_i + 1) * c[k].weight)
				return false;
		}
	return true;
}

static void random_problems(void)
{
	struct qos_rng rng;

	qos_rng_seed(&rng, 1);
	for (int p = 0; p < 10000; p++) {
		size_t n = 1 + qos_rng_below(&rng, MOST);
		int64_t total = (int64_t)qos_rng_below(&rng, 20000), sum = 0, limits = 0, floors = 0, left;
		enum qos_share_reading reading = p % 2 ? QOS_SHARE_ABOVE : QOS_SHARE_CLAMPED;

		for (size_t i = 0; i < n; i++) {
			claims[i] = (struct qos_share_claim){ (int64_t)qos_rng_below(&rng, 1000),
							      (int64_t)qos_rng_below(&rng, 600),
							      (int64_t)qos_rng_below(&rng, 1500),
							      (int64_t)qos_rng_below(&rng, 50) + 1, 0 };
			limits += least(claims[i].demand, claims[i].ceil);
			floors += least(claims[i].floor, least(claims[i].demand, claims[i].ceil));
		}
		left = qos_share(claims, n, total, reading, scratch);
		for (size_t i = 0; i < n; i++) {
			CHECK(claims[i].granted >= 0);
			CHECK(claims[i].granted <= least(claims[i].demand, claims[i].ceil));
			sum += claims[i].granted;
		}
		CHECK_INT(sum, least(total, limits));
		CHECK_INT(left, total - sum);
		if (floors <= total)
			CHECK(one_level(claims, n, reading));
		if (test_failures)
			return;
	}
}

int main(void)
{
	RUN("max-min: the vectors of Kubernetes' fair allocation", max_min);
	RUN("floors and weighted excess, and the weighted share clamped, on the same data", two_readings);
	RUN("whole numbers add up by largest remainder", largest_remainder);
	RUN("floors that exceed the total are cut in proportion", floors_exceed);
	RUN("nothing, no weight, too small a ceil, the largest numbers", edges);
	RUN("10,000 random problems: all is given, within limits, at one level", random_problems);
	return DONE();
}
