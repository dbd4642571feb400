/* Jain's index. */
#include "stats/fairness.h"

#include <math.h>

double qos_fairness_jain(const struct qos_fairness *f)
{
	if (f->n == 0)
		return NAN;
	return f->sum_of_squares > 0 ? f->sum * f->sum / ((double)f->n * f->sum_of_squares) : 1;
}
