#include "tests/unit/balance/pool.h"

static void smooth(void)
{
	static const double weights[] = { 5, 1, 1 };
	static const char order[] = "aabacaa";
	struct qos_pool p;
	struct qos_wish w = pool_wish();

	pool_open(&p, &qos_balance_weighted, 3, weights);
	for (int k = 0; k < 21; k++)
		CHECK_INT('a' + qos_pool_pick(&p, &w, 0), order[k % 7]);
	qos_pool_free(&p);
}

int main(void)
{
	RUN("weights 5, 1, 1 give a a b a c a a, again and again", smooth);
	return DONE();
}
