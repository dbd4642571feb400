/* What every strategy owes, run over the table: a new one is tested by being registered. */
#include "tests/unit/balance/pool.h"

enum { N = 12, PICKS = 20000 };

/* The picks of a run in which members open and close and load comes and goes; no closed one may be among them. */
static uint64_t owes(const struct qos_balance *b)
{
	struct qos_pool p;
	struct qos_rng r;
	struct qos_wish w = pool_wish();
	uint64_t sum = 0;
	int n_closed = 0, n_none = 0;

	qos_rng_seed(&r, 7);
	pool_open(&p, b, N, NULL);
	for (int k = 0; k < PICKS; k++) {
		int at = (int)qos_rng_below(&r, N), i;

		if (k % 500 == 0)
			CHECK_INT(qos_pool_set_open(&p, at, !p.member[at].open, &pool_err), 0);
		w.stream = qos_rng_below(&r, 100);
		w.member = w.service = w.region = -1;
		if (b == &qos_balance_direct)
			w.member = at;
		if (b == &qos_balance_service)
			w.service = 0;
		i = qos_pool_pick(&p, &w, k);
		sum = sum * 31 + (uint64_t)(i + 1);
		n_none += i < 0;
		if (i < 0)
			continue;
		n_closed += !p.member[i].open;
		qos_pool_started(&p, i);
		if (p.member[at].n_load)
			qos_pool_done(&p, at, 1000 + at, k % 7 != 0, k);
	}
	CHECK_INT(n_closed, 0);
	if (b != &qos_balance_direct)
		CHECK_INT(n_none, 0);
	for (int i = 0; i < N; i++)
		CHECK_INT(qos_pool_set_open(&p, i, false, &pool_err), 0);
	CHECK_INT(qos_pool_pick(&p, &w, 0), -1);
	qos_pool_free(&p);
	return sum;
}

static void contract(void)
{
	for (int i = 0; qos_balances[i]; i++) {
		printf("# %s\n", qos_balances[i]->name);
		CHECK(owes(qos_balances[i]) == owes(qos_balances[i]));
	}
}

static void by_name(void)
{
	for (int i = 0; qos_balances[i]; i++) {
		CHECK(qos_balance_find(qos_str(qos_balances[i]->name)) == qos_balances[i]);
		CHECK(strlen(qos_balances[i]->summary) > 10);
	}
	CHECK(qos_balance_find(QOS_STR("nonsense")) == NULL);
}

int main(void)
{
	RUN("no strategy picks a closed member, each finds an open one, and the same run gives the same picks",
	    contract);
	RUN("strategies are found by name", by_name);
	return DONE();
}
