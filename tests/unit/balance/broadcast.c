#include "tests/unit/balance/pool.h"

static void all(void)
{
	struct qos_pool p;
	struct qos_wish w = pool_wish();
	int n = 0;

	pool_open(&p, &qos_balance_broadcast, 4, NULL);
	qos_pool_set_open(&p, 2, false, &pool_err);
	for (int i; (i = qos_pool_pick(&p, &w, 0)) >= 0; w.after = i)
		n = 10 * n + i + 1;
	CHECK_INT(n, 124);
	qos_pool_free(&p);
}

int main(void)
{
	RUN("every open member is given once, in order", all);
	return DONE();
}
