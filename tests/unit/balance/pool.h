/* A pool for tests: n members a, b, c ... with one strategy in use. */
#include "balance/balance.h"
#include "tests/unit/test.h"

static struct qos_err pool_err;

static void pool_open(struct qos_pool *p, const struct qos_balance *b, int n, const double *weight)
{
	static const char *const regions[] = { "eu-west-1", "eu-west-2", "us-east-1" };
	static const char *const services[] = { "auth", "auth+billing", "" };

	qos_pool_init(p, 1);
	for (int i = 0; i < n; i++) {
		char name[16];

		snprintf(name, sizeof(name), n > 26 ? "m%d" : "%c", n > 26 ? i : 'a' + i);
		CHECK_INT(qos_pool_add(p,
				       &(struct qos_member_config){ .name = qos_str(name),
								    .region = qos_str(regions[i % 3]),
								    .services = qos_str(services[i % 3]),
								    .weight = weight ? weight[i] : 1,
								    .concurrency = 2 },
				       &pool_err),
			  i);
	}
	CHECK_INT(qos_pool_use(p, b, &pool_err), 0);
	CHECK_INT(qos_pool_rebuild(p, &pool_err), 0);
}

static inline struct qos_wish pool_wish(void)
{
	return (struct qos_wish){ .member = -1, .service = -1, .region = -1, .after = -1 };
}
