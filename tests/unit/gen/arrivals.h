/* Counts of arrivals in windows. */
#ifndef TESTS_UNIT_GEN_ARRIVALS_H
#define TESTS_UNIT_GEN_ARRIVALS_H

#include <math.h>
#include <stdlib.h>

#include "gen/arrival.h"
#include "tests/unit/test.h"

#define S 1000000000LL

static inline struct qos_arrival arrivals(const char *text, int64_t per_s, uint64_t seed)
{
	struct qos_arrival_law law;
	struct qos_arrival a = { 0 };
	char why[160];

	CHECK(qos_arrival_parse(qos_str(text), &law, why) == 0);
	CHECK(qos_arrival_init(&a, &law, per_s, S, 0, seed, why) == 0);
	return a;
}

static inline bool refused(const char *text)
{
	struct qos_arrival_law law;
	char why[160];

	return qos_arrival_parse(qos_str(text), &law, why) == -1;
}

/* Into count[n]. */
static inline void count_windows(struct qos_arrival *a, int64_t window_ns, int n, double *count)
{
	for (int i = 0; i < n; i++) {
		count[i] = 0;
		for (; a->next_ns < (i + 1) * window_ns; qos_arrival_step(a))
			count[i]++;
	}
}

static inline double mean_of(const double *x, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += x[i];
	return sum / n;
}

static inline double variance_of(const double *x, int n)
{
	double mean = mean_of(x, n), sum = 0;

	for (int i = 0; i < n; i++)
		sum += (x[i] - mean) * (x[i] - mean);
	return sum / n;
}

#endif
