/* Comparisons: what is known exactly, and how often the interval holds the truth. */
#include "study/compare.h"

#include <math.h>

#include "base/rng.h"
#include "tests/unit/study/study.h"

#define N 2000

static struct qos_trace t;
static int64_t a[N], b[N];

static void begin(void)
{
	t = (struct qos_trace){ .stream_field = QOS_F_STREAM };
	for (int i = 0; i < N; i++) {
		collect(&t, i, i % 2, 100, NULL, NULL);
		a[i] = b[i] = (i % 10) * MS;
	}
}

static bool is(double x, double want)
{
	return fabs(x - want) < 1e-9;
}

/* b is 1 ms later for class 0, and drops a tenth of class 1. */
static void exact(void)
{
	struct qos_comparison c;
	struct qos_err err;

	begin();
	for (int i = 0; i < N; i++)
		b[i] = i % 2 ? (i % 10 == 9 ? QOS_NO_LATENCY : a[i]) : a[i] + MS;
	CHECK_INT(qos_compare(&c, &t, 0, a, b, 1, &err), 0);
	CHECK_INT(c.n_records, N / 2);
	CHECK(is(c.mean.a, 0.004) && is(c.mean.b, 0.005) && is(c.mean.low, 0.001) && is(c.mean.high, 0.001));
	CHECK(fabs(c.p99.b - 0.009) < 0.0001);
	CHECK_INT(qos_compare(&c, &t, 1, a, b, 1, &err), 0);
	CHECK_INT(c.n_dropped_a, 0);
	CHECK_INT(c.n_dropped_b, N / 10);
	CHECK(is(c.mean.a, 0.005) && is(c.mean.b, 0.004));
	CHECK_INT(qos_compare(&c, &t, 2, a, b, 1, &err), 0); /* nobody there */
	CHECK(c.n_records == 0 && isnan(c.mean.a) && isnan(c.mean.low) && isnan(c.p99.high));
	CHECK_INT(qos_compare(&c, &t, -1, a, a, 1, &err), 0);
	CHECK(c.n_records == N && is(c.mean.low, 0) && is(c.mean.high, 0) && is(c.p99.low, 0) && is(c.p99.high, 0));
	qos_trace_free(&t);
}

/* The mean of b - a is 0.5 ms in truth: 95 % of the intervals hold it, and the same seed draws the same. */
static void coverage(void)
{
	struct qos_comparison c, again;
	struct qos_rng rng;
	struct qos_err err;
	int n_held = 0;

	begin();
	qos_rng_seed(&rng, 11);
	for (int k = 0; k < 200; k++) {
		for (int i = 0; i < N; i++)
			b[i] = a[i] + (int64_t)(qos_rng_exponential(&rng) * MS) - MS / 2;
		CHECK_INT(qos_compare(&c, &t, k % 2, a, b, 7, &err), 0);
		n_held += c.mean.low <= 0.0005 && c.mean.high >= 0.0005;
	}
	CHECK_INT(qos_compare(&again, &t, 1, a, b, 7, &err), 0);
	CHECK(memcmp(&c, &again, sizeof(c)) == 0);
	CHECK(n_held >= 178 && n_held <= 199); /* four deviations about 190 */
	qos_trace_free(&t);
}

int main(void)
{
	RUN("a difference that is the same for all has no interval; drops and classes are told apart", exact);
	RUN("95 % of the intervals hold the truth, and draws repeat", coverage);
	return DONE();
}
