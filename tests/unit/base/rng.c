/* Random numbers: published answers, and moments that a wrong generator would miss. */
#include "base/rng.h"

#include <math.h>
#include <string.h>

#include "tests/unit/test.h"

static void knows_xoshiro(void)
{
	/* first outputs of the authors' C code from the state 1, 2, 3, 4 */
	static const uint64_t want[] = { 11520,
					 0,
					 1509978240,
					 1215971899390074240,
					 1216172134540287360,
					 607988272756665600,
					 16172922978634559625u,
					 8476171486693032832,
					 10595114339597558777u,
					 2904607092377533576 };
	struct qos_rng r = { { 1, 2, 3, 4 } };

	for (int i = 0; i < 10; i++)
		CHECK(qos_rng_next(&r) == want[i]);
}

static void knows_splitmix(void)
{
	static const uint64_t want[] = { 6457827717110365317, 3203168211198807973, 9817491932198370423u,
					 4593380528125082431 };
	struct qos_rng r;

	qos_rng_seed(&r, 1234567);
	for (int i = 0; i < 4; i++)
		CHECK(r.s[i] == want[i]);
}

static void repeats(void)
{
	struct qos_rng a, b, c;
	int same = 0, across = 0;

	qos_rng_seed(&a, 7);
	qos_rng_seed(&b, 7);
	qos_rng_seed(&c, 8);
	for (int i = 0; i < 1000; i++) {
		uint64_t x = qos_rng_next(&a);

		same += x == qos_rng_next(&b);
		across += x == qos_rng_next(&c);
	}
	CHECK_INT(same, 1000);
	CHECK_INT(across, 0);
}

static void is_uniform(void)
{
	struct qos_rng r;
	double sum = 0, squares = 0, low = 1, high = 0;
	int n = 1000000;

	qos_rng_seed(&r, 1);
	for (int i = 0; i < n; i++) {
		double u = qos_rng_uniform(&r);

		sum += u;
		squares += u * u;
		low = u < low ? u : low;
		high = u > high ? u : high;
	}
	CHECK(fabs(sum / n - 0.5) < 0.0015); /* five standard errors: 5 * sqrt(1/12/n) */
	CHECK(fabs(squares / n - 1.0 / 3) < 0.0015);
	CHECK(low >= 0 && low < 1e-5 && high < 1 && high > 1 - 1e-5);
}

static void has_no_bias(void)
{
	struct qos_rng r;
	int count[7] = { 0 }, n = 700000;
	uint64_t high = 0, wide = 3ull << 62; /* a fourth of all draws would be wrong if the surplus were not refused */
	double chi = 0, halves = 0;

	qos_rng_seed(&r, 2);
	for (int i = 0; i < n; i++)
		count[qos_rng_below(&r, 7)]++;
	for (int i = 0; i < 7; i++)
		chi += (count[i] - 100000.0) * (count[i] - 100000.0) / 100000.0;
	CHECK(chi < 27.9); /* 6 degrees of freedom, p = 0.0001 */
	for (int i = 0; i < 300000; i++) {
		uint64_t x = qos_rng_below(&r, wide);

		high = x > high ? x : high;
		halves += x < wide / 3;
	}
	CHECK(high < wide);
	CHECK(fabs(halves / 300000 - 1.0 / 3) < 0.0045);
	for (int i = 0; i < 100; i++)
		CHECK_INT(qos_rng_below(&r, 1), 0);
}

static void is_exponential(void)
{
	struct qos_rng r;
	double sum = 0, squares = 0;
	int n = 1000000, over = 0;

	qos_rng_seed(&r, 3);
	for (int i = 0; i < n; i++) {
		double x = qos_rng_exponential(&r);

		sum += x;
		squares += x * x;
		over += x > 3;
		if (!(x >= 0) || !isfinite(x))
			CHECK(!"finite and not negative");
	}
	CHECK(fabs(sum / n - 1) < 0.005);
	CHECK(fabs(squares / n - 2) < 0.025);
	CHECK(fabs((double)over / n - exp(-3)) < 0.0012);
}

int main(void)
{
	RUN("the generator gives the answers of its authors", knows_xoshiro);
	RUN("a seed is spread as SplitMix64 spreads it", knows_splitmix);
	RUN("the same seed gives the same numbers, another one others", repeats);
	RUN("uniform numbers are uniform in [0, 1)", is_uniform);
	RUN("whole numbers below n have no bias, however large n is", has_no_bias);
	RUN("exponential numbers have mean 1, variance 1 and the right tail", is_exponential);
	return DONE();
}
