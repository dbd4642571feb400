#include "tests/unit/balance/pool.h"

static void named(void)
{
	struct qos_pool p;
	struct qos_wish w = pool_wish();

	pool_open(&p, &qos_balance_direct, 3, NULL);
	CHECK_INT(qos_pool_pick(&p, &w, 0), 0);
	w.member = 2;
	CHECK_INT(qos_pool_pick(&p, &w, 0), 2);
	qos_pool_set_open(&p, 2, false, &pool_err);
	CHECK_INT(qos_pool_pick(&p, &w, 0), -1);
	qos_pool_free(&p);
}

int main(void)
{
	RUN("the named member is picked, the first without a name, none when it is closed", named);
	return DONE();
}
