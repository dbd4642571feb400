/* Rates that swing. */
#include "tests/unit/gen/arrivals.h"

#define N 24000

/* Folded over the period: each hour has its part of the cosine, and is Poisson. */
static void swings(void)
{
	double *count = calloc(N, sizeof(*count));
	struct qos_arrival a = arrivals("daily:0.8,24s,6s", 100, 5);

	count_windows(&a, S, N, count);
	CHECK(fabs(mean_of(count, N) - 100) < 0.4);
	for (int h = 0; h < 24; h++) {
		/* the integral of the rate over the hour */
		double from = 2 * M_PI * (h - 6) / 24, to = 2 * M_PI * (h - 5) / 24, sum = 0, squares = 0;
		double expected = 100 * (1 + 0.8 * (sin(to) - sin(from)) / (to - from));

		for (int i = h; i < N; i += 24) {
			sum += count[i];
			squares += count[i] * count[i];
		}
		sum /= N / 24;
		squares = squares / (N / 24) - sum * sum;
		CHECK(fabs(sum - expected) < 5 * sqrt(expected / (N / 24)));
		CHECK(fabs(squares / sum - 1) < 0.25);
	}
	free(count);
}

static void bad(void)
{
	CHECK(refused("daily") && refused("daily:1.1") && refused("daily:-1") && refused("daily:1,0s"));
	CHECK(refused("daily:1,1h,2h,3h") && !refused("daily:1") && !refused("daily:0.5:1h:0s"));
}

int main(void)
{
	RUN("every hour has its rate", swings);
	RUN("what is none is refused", bad);
	return DONE();
}
