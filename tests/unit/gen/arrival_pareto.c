/* Self-similar arrivals. */
#include "tests/unit/gen/arrivals.h"

#define N 65536

/* Slope of log variance of means over m windows against log m, which is 2 H - 2. */
static double hurst(const char *law, uint64_t seed)
{
	double *count = calloc(N, sizeof(*count)), sx = 0, sy = 0, sxx = 0, sxy = 0;
	struct qos_arrival a = arrivals(law, 2000, seed);
	int n = 0;

	count_windows(&a, S / 10, N, count);
	for (int m = 16; m <= 1024; m *= 2, n++) {
		double *mean = calloc(N / m, sizeof(*mean)), x = log(m), y;

		for (int i = 0; i < N / m; i++)
			mean[i] = mean_of(count + (size_t)i * m, m);
		y = log(variance_of(mean, N / m));
		sx += x;
		sy += y;
		sxx += x * x;
		sxy += x * y;
		free(mean);
	}
	free(count);
	return 1 + (n * sxy - sx * sy) / (n * sxx - sx * sx) / 2;
}

static double mean_hurst(const char *law)
{
	double sum = 0;

	for (uint64_t seed = 1; seed <= 4; seed++)
		sum += hurst(law, seed);
	return sum / 4;
}

static void self_similar(void)
{
	CHECK(fabs(mean_hurst("pareto:200ms,400ms,1.4") - (3 - 1.4) / 2) < 0.07);
	CHECK(fabs(mean_hurst("pareto:200ms,400ms,1.2") - (3 - 1.2) / 2) < 0.07);
	CHECK(fabs(mean_hurst("poisson") - 0.5) < 0.05);
}

static void of_the_rate(void)
{
	double *count = calloc(N, sizeof(*count));
	struct qos_arrival a = arrivals("pareto:10ms,30ms,1.9,64", 2000, 3);

	count_windows(&a, S / 10, N, count);
	CHECK(fabs(mean_of(count, N) / 200 - 1) < 0.03);
	free(count);
}

static void bad(void)
{
	CHECK(refused("pareto") && refused("pareto:1s,1s") && refused("pareto:1s,1s,1") && refused("pareto:1s,1s,2.1"));
	CHECK(refused("pareto:1s,1s,1.5,0") && refused("pareto:1s,1s,1.5,65") && refused("pareto:1s,1s,1.5,2.5"));
	CHECK(refused("pareto:0s,1s,1.5") && !refused("pareto:1s,1s,2,1") && !refused("pareto:1s:1s:1.5:64"));
}

int main(void)
{
	RUN("the Hurst parameter is (3 - shape) / 2; that of poisson a half", self_similar);
	RUN("the rate is that of the class", of_the_rate);
	RUN("what is none is refused", bad);
	return DONE();
}
