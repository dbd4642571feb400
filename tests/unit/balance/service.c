#include "tests/unit/balance/pool.h"

static void offered(void)
{
	struct qos_pool p;
	struct qos_wish w = pool_wish();

	pool_open(&p, &qos_balance_service, 3, NULL);
	CHECK_INT(qos_pool_pick(&p, &w, 0), -1);
	CHECK_INT(qos_pool_wish(&p, QOS_STR("service:auth"), &w), 0);
	CHECK_INT(qos_pool_pick(&p, &w, 0), 0);
	qos_pool_started(&p, 0);
	CHECK_INT(qos_pool_pick(&p, &w, 0), 1);
	CHECK_INT(qos_pool_wish(&p, QOS_STR("service:billing"), &w), 0);
	qos_pool_set_open(&p, 1, false, &pool_err);
	CHECK_INT(qos_pool_pick(&p, &w, 0), -1);
	CHECK_INT(qos_pool_wish(&p, QOS_STR("service:none"), &w), -1);
	qos_pool_free(&p);
}

int main(void)
{
	RUN("the least loaded of those that offer the service is picked, none where nobody does", offered);
	return DONE();
}
