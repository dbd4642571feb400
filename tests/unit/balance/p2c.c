#include "tests/unit/balance/pool.h"

static void cheaper(void)
{
	struct qos_pool p;
	struct qos_wish w = pool_wish();
	int n[2] = { 0 };

	pool_open(&p, &qos_balance_p2c, 2, NULL);
	for (int k = 0; k < 10000; k++)
		n[qos_pool_pick(&p, &w, 0)]++;
	CHECK(n[0] > 4800 && n[0] < 5200); /* equals share evenly: 4 standard deviations are 200 */
	qos_pool_started(&p, 0);
	for (int k = 0; k < 100; k++)
		CHECK_INT(qos_pool_pick(&p, &w, 0), 1); /* both are drawn: the loaded one never wins */
	qos_pool_free(&p);
}

int main(void)
{
	RUN("of two members the cheaper is always found, and equals share evenly", cheaper);
	return DONE();
}
