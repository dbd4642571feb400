#include "tests/unit/balance/pool.h"

static void spills(void)
{
	struct qos_pool p;
	struct qos_wish w = pool_wish();

	pool_open(&p, &qos_balance_geo, 3, NULL); /* eu-west-1, eu-west-2, us-east-1, two at a time each */
	w.region = 1;
	for (int k = 0; k < 7; k++) {
		static const int order[] = { 1, 1, 0, 0, 2, 2, 0 };
		int i = qos_pool_pick(&p, &w, 0);

		CHECK_INT(i, order[k]);
		qos_pool_started(&p, i);
	}
	qos_pool_free(&p);
}

int main(void)
{
	RUN("its own region first, then the nearest, then the farthest, then whoever has least", spills);
	return DONE();
}
