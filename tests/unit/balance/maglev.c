#include "tests/unit/balance/pool.h"

static void even(void)
{
	struct qos_pool p;
	struct qos_wish w = pool_wish();
	int n[5] = { 0 }, n_moved = 0;
	static int before[65537];

	pool_open(&p, &qos_balance_maglev, 5, NULL);
	for (w.stream = 0; w.stream < 65537; w.stream++)
		n[before[w.stream] = qos_pool_pick(&p, &w, 0)]++;
	for (int i = 0; i < 5; i++)
		CHECK(n[i] == 13107 || n[i] == 13108);
	qos_pool_set_open(&p, 2, false, &pool_err);
	for (w.stream = 0; w.stream < 65537; w.stream++)
		n_moved += qos_pool_pick(&p, &w, 0) != before[w.stream];
	CHECK(n_moved >= 13107 && n_moved < 14500);
	qos_pool_free(&p);
}

int main(void)
{
	RUN("equal weights have equal parts of the table, and a leaver moves little more than its own", even);
	return DONE();
}
