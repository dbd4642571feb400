#include "tests/unit/balance/pool.h"

static void leaver(void)
{
	struct qos_pool p;
	struct qos_wish w = pool_wish();
	static int before[2000];

	pool_open(&p, &qos_balance_rendezvous, 7, NULL);
	for (w.stream = 0; w.stream < 2000; w.stream++)
		before[w.stream] = qos_pool_pick(&p, &w, 0);
	qos_pool_set_open(&p, 3, false, &pool_err);
	for (w.stream = 0; w.stream < 2000; w.stream++) {
		int i = qos_pool_pick(&p, &w, 0);

		CHECK(before[w.stream] == 3 ? i != 3 : i == before[w.stream]);
	}
	qos_pool_free(&p);
}

int main(void)
{
	RUN("only the streams of the member that leaves move", leaver);
	return DONE();
}
