#include "pool/pool.h"

#include <math.h>

#include "tests/unit/balance/pool.h"

static void members(void)
{
	struct qos_pool p;
	struct qos_wish w = pool_wish();
	struct qos_err err;

	pool_open(&p, &qos_balance_direct, 3, NULL);
	CHECK_INT(qos_pool_add(&p, &(struct qos_member_config){ .name = QOS_STR("b"), .weight = 1 }, &err), QOS_EUSAGE);
	CHECK(strstr(err.text, "two adapters \"b\"") != NULL);
	CHECK_INT(qos_pool_wish(&p, QOS_STR("direct:c"), &w), 0);
	CHECK_INT(qos_pool_pick(&p, &w, 0), 2);
	CHECK_INT(p.member[2].n_picked, 1);
	CHECK_INT(qos_pool_wish(&p, QOS_STR("direct:x"), &w), -1);
	CHECK_INT(qos_pool_wish(&p, QOS_STR("broadcast"), &w), -1); /* not in use here */
	CHECK_INT(w.member, 2);                                     /* a refused wish changes nothing */
	CHECK_INT(qos_pool_wish(&p, QOS_STR("lb"), &w), 0);
	qos_pool_free(&p);
}

/* 10 ms, tau 1 s: at +100 ms 9.04837, at +200 ms 8.18731; 200 ms with one pending costs 400. */
static void peak(void)
{
	struct qos_pool p;

	pool_open(&p, &qos_balance_p2c, 2, NULL);
	p.tau_ns = 1000000000;
	qos_pool_started(&p, 0);
	qos_pool_done(&p, 0, 10000000, true, 0);
	CHECK(fabs(qos_pool_latency(&p, 0, 100000000) - 9.04837e6) < 10);
	CHECK(fabs(qos_pool_latency(&p, 0, 200000000) - 8.18731e6) < 10);
	qos_pool_advance(&p, 0);
	CHECK(qos_pool_latency(&p, 1, 0) == 10000000); /* the median of those heard of */
	qos_pool_started(&p, 0);
	qos_pool_done(&p, 0, 200000000, true, 0);
	qos_pool_started(&p, 0);
	CHECK(qos_pool_price(&p, 0, 0) == 400000000);
	qos_pool_done(&p, 0, 1, false, 0); /* failing fast makes nobody cheap */
	CHECK(qos_pool_latency(&p, 0, 0) == 200000000);
	CHECK_INT(p.member[0].n_failed, 1);
	qos_pool_free(&p);
}

static void load(void)
{
	struct qos_pool p;

	pool_open(&p, &qos_balance_p2c, 2, NULL);
	qos_pool_queued(&p, 0, 1);
	qos_pool_queued(&p, 1, 1);
	CHECK_INT(p.n_load, 2);
	CHECK_INT(qos_pool_bound(&p, 0), 2); /* ceil(1.25 * 3 / 2) */
	qos_pool_set_open(&p, 0, false, &pool_err);
	CHECK_INT(p.n_load, 1);
	qos_pool_queued(&p, 0, -1);
	CHECK_INT(p.n_load, 1);
	CHECK_INT(qos_pool_bound(&p, 1), 3); /* ceil(1.25 * 2) */
	qos_pool_free(&p);
}

int main(void)
{
	RUN("members have names, wishes name them", members);
	RUN("latency rises at once and decays; price is latency times load + 1", peak);
	RUN("load is what open members have", load);
	return DONE();
}
