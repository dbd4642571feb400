#include "tests/unit/balance/pool.h"

static void turns(void)
{
	struct qos_pool p;
	struct qos_wish w = pool_wish();

	pool_open(&p, &qos_balance_round_robin, 3, NULL);
	for (int k = 0; k < 7; k++)
		CHECK_INT(qos_pool_pick(&p, &w, 0), k % 3);
	qos_pool_set_open(&p, 1, false, &pool_err);
	CHECK_INT(qos_pool_pick(&p, &w, 0), 2);
	CHECK_INT(qos_pool_pick(&p, &w, 0), 0);
	CHECK_INT(qos_pool_pick(&p, &w, 0), 2);
	qos_pool_free(&p);
}

int main(void)
{
	RUN("members take turns; a closed one is left out", turns);
	return DONE();
}
