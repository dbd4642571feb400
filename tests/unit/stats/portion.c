/* Sums by key. */
#include "stats/portion.h"

#include <math.h>

#include "tests/unit/test.h"

static void sums(void)
{
	struct qos_portions p = { 0 };
	struct qos_fairness f = { 0 };

	for (uint64_t i = 0; i < 100000; i++)
		CHECK(qos_portions_add(&p, i % 50000 * 0x9e3779b97f4a7c15, i < 50000 ? 1 : 2, true));
	CHECK_INT(p.n, 50000);
	qos_portions_measure(&p, &f);
	CHECK(f.n == 50000 && f.sum == 150000 && qos_fairness_jain(&f) == 1);
	CHECK(qos_portions_add(&p, 0, 3, false)); /* hash 0 is a key too */
	CHECK(!qos_portions_add(&p, 77, 1, false));
	CHECK_INT(p.n, 50000);
	qos_portions_free(&p);
	CHECK(!qos_portions_add(&p, 5, 1, false));
	f = (struct qos_fairness){ 0 };
	qos_portions_measure(&p, &f);
	CHECK(isnan(qos_fairness_jain(&f)));
	qos_portions_free(&p);
}

/* Sums of doubles would tell in which order these came. */
static void order(void)
{
	struct qos_portions a = { 0 }, b = { 0 };
	struct qos_fairness f = { 0 }, g = { 0 };

	for (uint64_t i = 1; i <= 10000; i++) {
		CHECK(qos_portions_add(&a, i * 0x9e3779b97f4a7c15, (i << 40) + i, true));
		CHECK(qos_portions_add(&b, (10001 - i) * 0x9e3779b97f4a7c15, ((10001 - i) << 40) + 10001 - i, true));
	}
	qos_portions_measure(&a, &f);
	qos_portions_measure(&b, &g);
	CHECK(f.sum == g.sum && f.sum_of_squares == g.sum_of_squares && f.n == g.n);
	CHECK(fabs(qos_fairness_jain(&f) - 0.75) < 1e-4);
	qos_portions_free(&a);
	qos_portions_free(&b);
}

int main(void)
{
	RUN("each key has its sum, new ones only if they may", sums);
	RUN("the fairness does not depend on who came first", order);
	return DONE();
}
