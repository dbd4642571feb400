/* Bad times. */
#include "stats/period.h"

#include "tests/unit/test.h"

static void found(void)
{
	struct qos_series s = { .bin = { { 10, 9, 0, 0 },
					 { 30, 10, 0, 1 }, /* a tenth: not yet */
					 { 10, 10, 0, 2 },
					 { 0, 10, 0, 0 },
					 { 0, 10, 1, 0 },
					 { 0, 5, 0, 0 },
					 { 0, 0, 0, 0 },
					 { 0, 0, 1, 0 } } };
	struct qos_period p[2] = { { 0 } };

	CHECK_INT(qos_periods(&s, 8, p, 2), 2);
	CHECK(p[0].first == 2 && p[0].last == 4 && p[0].sum.n_out == 20 && p[0].sum.n_missed == 2);
	CHECK(p[0].sum.n_dropped == 1 && p[0].backlog_max == 21);
	CHECK(p[1].first == 7 && p[1].last == 7 && p[1].sum.n_dropped == 1);
	CHECK_INT(qos_periods(&s, 8, p, 0), 2);
	CHECK_INT(qos_periods(&s, 2, p, 2), 0);
}

int main(void)
{
	RUN("drops and missed targets make a period, good bins between two part them", found);
	return DONE();
}
