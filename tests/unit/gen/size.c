/* Laws of sizes: their means, their bounds, their tails, and what is refused. */
#include "gen/size.h"

#include <math.h>

#include "tests/unit/test.h"

static char why[160];

static struct qos_size law(const char *text, enum qos_law_unit unit)
{
	struct qos_size s;

	if (qos_size_parse(qos_str(text), unit, &s, why))
		printf("# %s: %s\n", text, why);
	return s;
}

struct moments {
	double mean, deviation, smallest, largest;
	int over; /* a threshold */
};

static struct moments sample(const struct qos_size *s, int n, double threshold)
{
	struct moments m = { 0, 0, INFINITY, 0, 0 };
	double sum = 0, squares = 0;
	struct qos_rng r;

	qos_rng_seed(&r, 11);
	for (int i = 0; i < n; i++) {
		double x = (double)qos_size_draw(s, &r);

		sum += x;
		squares += x * x;
		m.smallest = x < m.smallest ? x : m.smallest;
		m.largest = x > m.largest ? x : m.largest;
		m.over += x > threshold;
	}
	m.mean = sum / n;
	m.deviation = sqrt(squares / n - m.mean * m.mean);
	return m;
}

#define N 400000
/* within five standard errors of what theory says, and qos_size_mean says the same */
static void check_mean(const char *text, double mean)
{
	struct qos_size s = law(text, QOS_LAW_BYTES);
	struct moments m = sample(&s, N, 0);

	if (fabs(m.mean - mean) > 5 * m.deviation / sqrt(N) + 1e-9)
		printf("# %s: %g, not %g\n", text, m.mean, mean);
	CHECK(fabs(m.mean - mean) <= 5 * m.deviation / sqrt(N) + 1e-9);
	CHECK(fabs(qos_size_mean(&s) - mean) < 1e-6 * mean);
}

static void has_the_mean(void)
{
	check_mean("1500", 1500);
	check_mean("const:1500", 1500);
	check_mean("uniform:100:300", 200);
	check_mean("exp:50000", 50000);
	check_mean("lognormal:1000:0.5", 1000 * exp(0.125));
	check_mean("60%:200,40%:1500", 720);
	check_mean("50%:uniform:0:2000,50%:exp:3000", 2000);
	/* bounded Pareto, a = 2, 1000..100000: mean = 2 L H / (L + H) */
	check_mean("pareto:2:1000:100000", 2 * 1000.0 * 100000 / 101000);
	/* a = 1: L H ln(H/L) / (H - L) */
	check_mean("pareto:1:1000:100000", 1000.0 * 100000 * log(100) / 99000);
}

static void keeps_bounds(void)
{
	struct qos_size s = law("uniform:5:9", QOS_LAW_BYTES);
	struct moments m = sample(&s, 10000, 8);

	CHECK(m.smallest == 5 && m.largest == 9);
	CHECK(fabs(m.over / 10000.0 - 0.2) < 0.02);
	s = law("pareto:1.3:1000:20000", QOS_LAW_BYTES);
	m = sample(&s, N, 10000);
	CHECK(m.smallest == 1000 && m.largest <= 20000 && m.largest > 19000);
	CHECK(fabs((double)m.over / N - (pow(0.1, 1.3) - pow(0.05, 1.3)) / (1 - pow(0.05, 1.3))) < 0.002);
	s = law("exp:1", QOS_LAW_BYTES);
	CHECK(sample(&s, 10000, 0).smallest == 1); /* a record has at least one byte */
	s = law("0", QOS_LAW_BYTES);
	CHECK(sample(&s, 10, 0).largest == 1);
	s = law("const:0", QOS_LAW_SPAN);
	CHECK(sample(&s, 10, 0).largest == 0);
	s = law("lognormal:1GiB:10", QOS_LAW_BYTES);
	CHECK(sample(&s, N, 0).largest <= 0x1p60);
}

static void has_the_tail(void)
{
	struct qos_size s = law("lognormal:1000:0.5", QOS_LAW_BYTES);
	struct moments m = sample(&s, N, 1000 * exp(0.5)); /* one deviation above the median */

	CHECK(fabs((double)m.over / N - 0.158655) < 0.003);
	m = sample(&s, N, 1000);
	CHECK(fabs((double)m.over / N - 0.5) < 0.004);
	s = law("exp:10ms", QOS_LAW_SPAN);
	m = sample(&s, N, 30e6);
	CHECK(fabs((double)m.over / N - exp(-3)) < 0.002);
	CHECK(fabs(m.mean - 1e7) < 1e5 && fabs(m.deviation - 1e7) < 1e5);
}

static void refuses(void)
{
	static const char *const bad[] = {
		"",
		":",
		"x",
		"exp",
		"exp:",
		"exp:1:2",
		"uniform:5",
		"uniform:9:5",
		"pareto:1:5",
		"pareto:0:5:9",
		"pareto:-1:5:9",
		"pareto:1:9:9",
		"pareto:1:0:9",
		"pareto:nan:5:9",
		"lognormal:5:-1",
		"lognormal:5:x",
		"gamma:5",
		"60%:200",
		"60%:200,50%:300",
		"60%:200,1500",
		"60%:,40%:5",
		"60:200,40:1500",
		"-5",
		"10ms",
		"1e30",
		"100%:100%:5",
		"exp:5:",
		"60%:200,40%:5,",
	};
	struct qos_size s;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		why[0] = 0;
		if (qos_size_parse(qos_str(bad[i]), QOS_LAW_BYTES, &s, why) == 0)
			printf("# %s\n", bad[i]);
		CHECK(qos_size_parse(qos_str(bad[i]), QOS_LAW_BYTES, &s, why) == -1);
		CHECK(strstr(why, "write for example"));
	}
	CHECK(qos_size_parse(QOS_STR("10ms"), QOS_LAW_SPAN, &s, why) == 0);
	CHECK(qos_size_parse(QOS_STR("64KiB"), QOS_LAW_SPAN, &s, why) == -1);
}

int main(void)
{
	RUN("every law has the mean that theory gives it", has_the_mean);
	RUN("values stay within the bounds of their law", keeps_bounds);
	RUN("tails are as heavy as they should be", has_the_tail);
	RUN("what is no law is refused with an example", refuses);
	return DONE();
}
