/* Jain's index: (sum x)^2 / (n sum x^2); 1 when all are equal, k/n when k of n share all.
 * After  Jain, Chiu and Hawe, DEC TR-301, 1984. */
#ifndef QOS_STATS_FAIRNESS_H
#define QOS_STATS_FAIRNESS_H

#include <stdint.h>

struct qos_fairness {
	double sum, sum_of_squares;
	uint64_t n;
};

/* One stream's part. */
static inline void qos_fairness_add(struct qos_fairness *f, double x)
{
	f->sum += x;
	f->sum_of_squares += x * x;
	f->n++;
}

/* NAN when there is nobody. */
double qos_fairness_jain(const struct qos_fairness *f);

#endif
