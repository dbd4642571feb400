#include "pool/fault.h"

#include "tests/unit/test.h"

#define S INT64_C(1000000000)

static void spans(void)
{
	struct qos_faults f = { 0 };
	char why[200];

	CHECK_INT(qos_faults_parse(&f, QOS_STR("fail=10s-20s,slow=15s-40s:5x,errors=1%"), why), 0);
	CHECK(qos_faults_at(&f, 10 * S - 1).up);
	CHECK(!qos_faults_at(&f, 10 * S).up);
	CHECK(!qos_faults_at(&f, 20 * S - 1).up);
	CHECK(qos_faults_at(&f, 20 * S).up);
	CHECK(qos_faults_at(&f, 15 * S - 1).factor == 1);
	CHECK(qos_faults_at(&f, 15 * S).factor == 5);
	CHECK(qos_faults_at(&f, 40 * S).factor == 1);
	CHECK_INT(qos_faults_next(&f, 0), 10 * S);
	CHECK_INT(qos_faults_next(&f, 10 * S), 15 * S);
	CHECK_INT(qos_faults_next(&f, 15 * S), 20 * S);
	CHECK_INT(qos_faults_next(&f, 20 * S), 40 * S);
	CHECK_INT(qos_faults_next(&f, 40 * S), INT64_MAX);
	CHECK(f.error_share == 0.01);
}

static void refused(void)
{
	static const char *const wrong[] = { "",           "fail",       "fail=10s",     "fail=20s-10s",
					     "fail=5s-5s", "slow=1s-2s", "slow=1s-2s:5", "slow=1s-2s:0x",
					     "errors=2",   "fial=1s-2s" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct qos_faults f = { 0 };
		char why[200] = "";

		CHECK_INT(qos_faults_parse(&f, qos_str(wrong[i]), why), -1);
		CHECK(strlen(why) > 10);
	}
}

static void errors(void)
{
	struct qos_faults f = { .error_share = 0.1 };
	struct qos_rng r;
	int n = 0;

	qos_rng_seed(&r, 3);
	for (int i = 0; i < 100000; i++)
		n += qos_faults_error(&f, &r);
	CHECK(n > 9600 && n < 10400); /* 4 standard deviations are 379 */
}

static void laws(void)
{
	struct qos_latency_law law;
	struct qos_rng r;
	char why[200];
	int64_t sum = 0;

	qos_rng_seed(&r, 5);
	CHECK_INT(qos_latency_parse(&law, QOS_STR("2ms"), why), 0);
	CHECK_INT(qos_latency_draw(&law, &r), 2000000);
	CHECK_INT(qos_latency_parse(&law, QOS_STR("uniform:1ms-3ms"), why), 0);
	for (int i = 0; i < 100000; i++) {
		int64_t x = qos_latency_draw(&law, &r);

		CHECK(x >= 1000000 && x <= 3000000);
		sum += x;
	}
	CHECK(sum / 100000 > 1990000 && sum / 100000 < 2010000);
	CHECK_INT(qos_latency_parse(&law, QOS_STR("exp:2ms"), why), 0);
	sum = 0;
	for (int i = 0; i < 100000; i++)
		sum += qos_latency_draw(&law, &r);
	CHECK(sum / 100000 > 1970000 && sum / 100000 < 2030000);
	CHECK_INT(qos_latency_parse(&law, QOS_STR("pareto:2ms"), why), -1);
	CHECK_INT(qos_latency_parse(&law, QOS_STR("uniform:3ms-1ms"), why), -1);
}

int main(void)
{
	RUN("spans begin with their first moment and end before their last", spans);
	RUN("what is no fault is refused with a reason", refused);
	RUN("records fail by their share", errors);
	RUN("latency follows its law", laws);
	return DONE();
}
