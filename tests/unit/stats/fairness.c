/* Jain's index, by hand. */
#include "stats/fairness.h"

#include <math.h>

#include "tests/unit/test.h"

static double jain(const double *x, int n)
{
	struct qos_fairness f = { 0 };

	for (int i = 0; i < n; i++)
		qos_fairness_add(&f, x[i]);
	return qos_fairness_jain(&f);
}

static void known(void)
{
	CHECK(fabs(jain((double[]){ 4, 1, 1, 1 }, 4) - 0.644737) < 1e-6);
	CHECK(fabs(jain((double[]){ 1, 2, 3, 4, 5 }, 5) - 0.818182) < 1e-6);
	CHECK(jain((double[]){ 1, 1, 0, 0 }, 4) == 0.5);
	CHECK(jain((double[]){ 7, 7, 7 }, 3) == 1);
	CHECK(jain((double[]){ 0, 0 }, 2) == 1);
	CHECK(isnan(jain(NULL, 0)));
}

int main(void)
{
	RUN("Jain's index has its textbook values", known);
	return DONE();
}
