/* mmpp against closed forms. */
#include "tests/unit/gen/arrivals.h"

#define N 20000

/*
 * Two states of rates r1, r2 that are left at the rates a, b: the variance of the counts in t is
 *   m t + 2 c (t / s - (1 - exp(-s t)) / s^2),  s = a + b,  c = (r1 - r2)^2 a b / s^2
 */
static void two_states(void)
{
	double *count = calloc(N, sizeof(*count)), a = 1 / 0.9, b = 1 / 0.1, s = a + b, t = 1;
	double r1 = 1000 / 1.9, r2 = 10 * r1, c = (r1 - r2) * (r1 - r2) * a * b / (s * s);
	double variance = 1000 * t + 2 * c * (t / s - (1 - exp(-s * t)) / (s * s));
	struct qos_arrival p = arrivals("mmpp:1,900ms,10,100ms", 1000, 7);

	count_windows(&p, S, N, count);
	CHECK(fabs(mean_of(count, N) - 1000) < 5 * sqrt(variance / N));
	CHECK(fabs(variance_of(count, N) / variance - 1) < 0.05);
	free(count);
}

/* Silent in one of two states: onoff by another name. */
static void is_onoff(void)
{
	double *x = calloc(N, sizeof(*x)), *y = calloc(N, sizeof(*y));
	struct qos_arrival a = arrivals("mmpp:1,100ms,0,300ms", 500, 1), b = arrivals("onoff:100ms,300ms", 500, 2);

	count_windows(&a, S / 2, N, x);
	count_windows(&b, S / 2, N, y);
	CHECK(fabs(mean_of(x, N) / mean_of(y, N) - 1) < 0.04);
	CHECK(fabs(variance_of(x, N) / variance_of(y, N) - 1) < 0.08);
	free(x);
	free(y);
}

static void bad(void)
{
	CHECK(refused("mmpp") && refused("mmpp:1,1s") && refused("mmpp:1,1s,2") && refused("mmpp:0,1s,0,1s"));
	CHECK(refused("mmpp:-1,1s,1,1s") && refused("mmpp:1,0s,1,1s") && refused("mmpp:nan,1s,1,1s"));
	CHECK(refused("mmpp:1,1s,1,1s,1,1s,1,1s,1,1s,1,1s,1,1s,1,1s,1,1s"));
	CHECK(!refused("mmpp:1,1s,1,1s,1,1s,1,1s,1,1s,1,1s,1,1s,1,1s") && !refused("mmpp:0.5:1s:2:10ms:0:1h"));
}

int main(void)
{
	RUN("mean and variance of the counts are those of the formula", two_states);
	RUN("a silent state makes it onoff", is_onoff);
	RUN("what is none is refused", bad);
	return DONE();
}
