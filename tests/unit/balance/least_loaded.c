#include "tests/unit/balance/pool.h"

static void least(void)
{
	static const double weights[] = { 1, 1, 2 };
	struct qos_pool p;
	struct qos_wish w = pool_wish();

	pool_open(&p, &qos_balance_least_loaded, 3, weights);
	for (int k = 0; k < 8; k++)
		qos_pool_started(&p, qos_pool_pick(&p, &w, 0));
	CHECK_INT(p.member[0].n_load, 2);
	CHECK_INT(p.member[1].n_load, 2);
	CHECK_INT(p.member[2].n_load, 4);
	qos_pool_done(&p, 1, 1000, true, 0);
	qos_pool_done(&p, 1, 1000, true, 0);
	CHECK_INT(qos_pool_pick(&p, &w, 0), 1);
	qos_pool_free(&p);
}

int main(void)
{
	RUN("load follows weights, and the emptied one is next", least);
	return DONE();
}
