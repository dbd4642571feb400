/* Settings of adapters by key. */
#include "config/values.h"

#include "tests/unit/test.h"

static struct qos_adapter_config a;
static char why[200];

static int from(const char *uri)
{
	a = (struct qos_adapter_config){ .rate_bps = QOS_DEFAULT, .rate_den = 1, .concurrency = 1 };
	qos_config_adapter_defaults(&a);
	return qos_config_adapter(&a, qos_str(uri), why);
}

static void places(void)
{
	CHECK_INT(from("exec:a,b,weight=2,region=eu,services=auth+billing"), 0);
	CHECK(qos_str_is(a.uri, "exec:a,b") && a.weight == 2 && qos_str_is(a.region, "eu"));
	CHECK(qos_str_is(a.services, "auth+billing"));
	CHECK_INT(from("sim:?rate=1k/s&weight=0.5&region=us-1"), 0);
	CHECK(a.weight == 0.5 && qos_str_is(a.region, "us-1") && a.services.n == 0);
	CHECK_INT(from("null:"), 0);
	CHECK(a.weight == 1);
}

static void faults(void)
{
	CHECK_INT(from("sim:?fail=10s-20s&slow=30s-40s:5x&error=1%&latency=exp:2ms"), 0);
	CHECK(a.n_faults == 3 && qos_str_is(a.fault[0], "fail=10s-20s") && qos_str_is(a.fault[1], "slow=30s-40s:5x"));
	CHECK(qos_str_is(a.fault[2], "error=1%") && qos_str_is(a.latency, "exp:2ms"));
	a.n_faults = QOS_ADAPTER_FAULTS;
	CHECK_INT(qos_config_adapter_set(&a, QOS_STR("faults"), QOS_STR("error=1%"), why), -1);
}

static void refused(void)
{
	CHECK_INT(from("sim:?weight=0"), -1);
	CHECK_TEXT(why, "\"0\" is no weight; write a number above 0, up to 1000000");
	CHECK_INT(from("sim:?weight=1000001"), -1);
	CHECK_INT(from("sim:?wieght=1"), -1);
	CHECK_TEXT(why, "an adapter has no \"wieght\"; did you mean \"weight\"?");
	CHECK_INT(from("sim:?concurrency=0"), -1);
	CHECK_INT(from("sim:?concurrency=65535"), 0);
	CHECK_INT(from("sim:?concurrency=65536"), -1);
	CHECK_INT(from("smi:"), -1);
}

int main(void)
{
	RUN("weight, region and services stand behind a place or in a query", places);
	RUN("faults come one by one, or several in a text", faults);
	RUN("what an adapter cannot be is refused with what it can", refused);
	return DONE();
}
