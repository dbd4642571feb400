/* Arrival processes: exact constant ones, rates and burstiness of the random ones, the end of time. */
#include "gen/arrival.h"

#include <math.h>
#include <stdlib.h>

#include "tests/unit/test.h"

#define S 1000000000LL

static char why[160];

static struct qos_arrival start(const char *text, int64_t num, int64_t den, int64_t start_ns)
{
	struct qos_arrival_law law;
	struct qos_arrival a = { 0 };

	CHECK(qos_arrival_parse(qos_str(text), &law, why) == 0);
	CHECK(qos_arrival_init(&a, &law, num, den, start_ns, 42, why) == 0);
	return a;
}

static void constant_is_exact(void)
{
	struct qos_arrival a = start("constant", 3, S, 100); /* three a second: 333333333.33 ns */

	CHECK_INT(a.next_ns, 100);
	qos_arrival_step(&a);
	CHECK_INT(a.next_ns, 100 + 333333333);
	qos_arrival_step(&a);
	CHECK_INT(a.next_ns, 100 + 666666666);
	for (int i = 0; i < 2999998; i++)
		qos_arrival_step(&a);
	CHECK_INT(a.next_ns, 100 + 1000000 * S); /* no drift after a million seconds */
}

static void constant_knows_the_end(void)
{
	struct qos_arrival a = start("constant", 1, 1LL << 62, INT64_MAX - (1LL << 62) - 5);

	qos_arrival_step(&a);
	CHECK_INT(a.next_ns, INT64_MAX - 5);
	qos_arrival_step(&a);
	CHECK_INT(a.next_ns, QOS_ARRIVAL_NEVER);
}

/* Counts arrivals in windows: mean, and variance over mean (1 for Poisson). */
static void windows(struct qos_arrival *a, int64_t window_ns, int n, double *mean, double *dispersion)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < n; i++) {
		int64_t end = a->start_ns + (i + 1) * window_ns, before = a->next_ns;
		int count = 0;

		for (; a->next_ns < end; count++) {
			qos_arrival_step(a);
			CHECK(a->next_ns >= before);
			before = a->next_ns;
		}
		sum += count;
		squares += (double)count * count;
	}
	*mean = sum / n;
	*dispersion = (squares / n - *mean * *mean) / *mean;
}

static void poisson_is_poisson(void)
{
	struct qos_arrival a = start("poisson", 1000, S, 0);
	double mean, dispersion;

	windows(&a, S / 10, 10000, &mean, &dispersion);
	CHECK(fabs(mean - 100) < 0.5); /* five standard errors: 5 * 10 / 100 */
	CHECK(fabs(dispersion - 1) < 0.07);
}

/* Gaps much shorter than a nanosecond still have the right sum. */
static void carries_parts(void)
{
	struct qos_arrival a = start("poisson", 1000, 1, 0);

	for (int i = 0; i < 1000000; i++)
		qos_arrival_step(&a);
	CHECK(llabs((long long)a.next_ns - 1000) <= 6);
	a = start("poisson", 10, 25, 0);
	for (int i = 0; i < 1000000; i++)
		qos_arrival_step(&a);
	CHECK(fabs((double)a.next_ns / 2.5e6 - 1) < 0.006);
}

static void onoff_is_bursty(void)
{
	struct qos_arrival a = start("onoff:100ms,900ms", 1000, S, 0);
	double mean, dispersion;

	windows(&a, 10 * S, 4000, &mean, &dispersion);
	CHECK(fabs(mean - 10000) < 400);
	/* windows much longer than the cycle: 1 + 2 (rate while on) on off^2 / (on + off)^2 = 1 + 2 * 10000 * 0.1 *
	 * 0.81, which is 1621 */
	CHECK(dispersion > 1200 && dispersion < 2000);
	a = start("onoff:100ms,300ms,8k/s", 1, S, 0); /* the rate while on decides: 2000 a second on average */
	windows(&a, 10 * S, 4000, &mean, &dispersion);
	CHECK(fabs(mean - 20000) < 400);
	a = start("onoff:1s,0s", 1000, S, 0); /* never silent: Poisson again */
	windows(&a, S / 10, 10000, &mean, &dispersion);
	CHECK(fabs(mean - 100) < 0.5 && fabs(dispersion - 1) < 0.07);
}

static void random_ones_know_the_end(void)
{
	struct qos_arrival a = start("poisson", 1, 1LL << 60, INT64_MAX - 1000);

	CHECK_INT(a.next_ns, QOS_ARRIVAL_NEVER);
	qos_arrival_step(&a);
	CHECK_INT(a.next_ns, QOS_ARRIVAL_NEVER);
}

static void refuses(void)
{
	static const char *const bad[] = { "",           "Poisson ",      "poisson:5",         "constant,3",
					   "onoff",      "onoff:",        "onoff:1s",          "onoff:0s,1s",
					   "onoff:1s,x", "onoff:1s,1s,5", "onoff:1s,1s,5/s,6", "onoff:-1s,1s",
					   "burst" };
	struct qos_arrival_law law = { 0 };
	struct qos_arrival a;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (qos_arrival_parse(qos_str(bad[i]), &law, why) == 0)
			printf("# %s\n", bad[i]);
		CHECK(qos_arrival_parse(qos_str(bad[i]), &law, why) == -1);
		CHECK(strstr(why, "; write "));
	}
	CHECK(qos_arrival_parse(QOS_STR("onoff:1s:2s:5k/s"), &law, why) == 0);
	CHECK(law.time_ns[0] == S && law.time_ns[1] == 2 * S && law.own_num == 1 && law.own_den == 200000);
	CHECK(qos_arrival_parse(QOS_STR("onoff:1ns,1ns"), &law, why) == 0);
	CHECK(qos_arrival_init(&a, &law, 1, S, 0, 1, why) == -1);
}

int main(void)
{
	RUN("constant arrivals are exact for ever", constant_is_exact);
	RUN("constant arrivals end where time does", constant_knows_the_end);
	RUN("Poisson arrivals have their rate and the variance of their mean", poisson_is_poisson);
	RUN("parts of a nanosecond are carried, so that no rate is too high", carries_parts);
	RUN("on-off arrivals keep their mean rate in bursts", onoff_is_bursty);
	RUN("random arrivals end where time does", random_ones_know_the_end);
	RUN("what is no arrival process is refused", refuses);
	return DONE();
}
