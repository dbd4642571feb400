/* Settings of tenants: their units, their limits, the sum of their shares. */
#include "config/config.h"
#include "config/values.h"

#include "tests/unit/test.h"

static const char *set(struct qos_tenant_config *t, const char *key, const char *value)
{
	static char why[200];

	why[0] = 0;
	return qos_config_tenant_set(t, qos_str(key), qos_str(value), why) ? why : NULL;
}

static void right(void)
{
	struct qos_tenant_config t = { 0 };

	CHECK(!set(&t, "share", "25%") && t.share == 0.25);
	CHECK(!set(&t, "rate", "10mbit") && t.rate.bps == 10000000 && !t.rate.by_record);
	CHECK(!set(&t, "ceil", "500/s") && t.ceil.bps == 4000 && t.ceil.by_record);
	CHECK(!set(&t, "streams", "10k") && t.n_streams == 10000);
}

static void wrong(void)
{
	struct qos_tenant_config t = { 0 };

	CHECK(strstr(set(&t, "share", "0"), "would never be served"));
	CHECK(set(&t, "share", "120%"));
	CHECK(strstr(set(&t, "rate", "fast"), "no bit rate"));
	CHECK(strstr(set(&t, "streams", "0"), "0 is out of range"));
}

static void sum(void)
{
	struct qos_tenant_config t[3] = { { .share = 0.5 }, { .share = 0 }, { .share = 0.6 } };
	struct qos_config c = { .tenants = t, .n_tenants = 3 };
	double over;

	CHECK_INT(qos_config_tenants_over(&c, &over), 2);
	CHECK(over > 1.0999 && over < 1.1001);
	t[2].share = 0.5;
	CHECK_INT(qos_config_tenants_over(&c, &over), -1);
}

int main(void)
{
	RUN("shares, bit rates, message rates and streams are read", right);
	RUN("what cannot be meant is refused", wrong);
	RUN("shares over 100 % are found where they go over", sum);
	return DONE();
}
