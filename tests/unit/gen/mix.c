/* Choices: weights, names, and Zipf's law against its exact probabilities. */
#include "gen/mix.h"

#include <math.h>

#include "tests/unit/test.h"

static char why[160];

static void follows_weights(void)
{
	struct qos_choice c;
	struct qos_rng r;
	int count[4] = { 0 }, n = 400000;

	CHECK(qos_choice_parse(QOS_STR("alert:30+health_check:60+never:0+log:10"), &c, why) == 0);
	CHECK_INT(c.n, 4);
	CHECK(c.name[1].n == 12 && memcmp(c.name[1].text, "health_check", 12) == 0);
	qos_rng_seed(&r, 1);
	for (int i = 0; i < n; i++)
		count[qos_choice_pick(&c, (uint32_t)qos_rng_next(&r))]++;
	CHECK(fabs((double)count[0] / n - 0.3) < 0.004);
	CHECK(fabs((double)count[1] / n - 0.6) < 0.004);
	CHECK_INT(count[2], 0);
	CHECK(fabs((double)count[3] / n - 0.1) < 0.003);
	CHECK_INT(qos_choice_pick(&c, UINT32_MAX), 3);
}

static void takes_plain_names(void)
{
	static const char *const bad[] = { "",
					   "+",
					   "a+",
					   "+a",
					   "a b",
					   "a,b",
					   "a\"",
					   "a:",
					   "a:x",
					   "a:-1",
					   "a:0",
					   "a:0+b:0",
					   ":5",
					   "a_name_of_more_than_32_characters_",
					   "1+2+3+4+5+6+7+8+9+10+11+12+13+14+15+16+17" };
	struct qos_choice c;
	struct qos_token t;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (qos_choice_parse(qos_str(bad[i]), &c, why) == 0)
			printf("# %s\n", bad[i]);
		CHECK(qos_choice_parse(qos_str(bad[i]), &c, why) == -1);
	}
	CHECK(qos_choice_parse(QOS_STR("only"), &c, why) == 0 && c.n == 1 && qos_choice_pick(&c, 12345) == 0);
	CHECK(qos_token_set(&t, QOS_STR("v1.2-rc_3")) == 0 && t.n == 9);
	CHECK(qos_token_set(&t, QOS_STR("\xc3\xa4")) == -1);
}

/* Largest difference from the exact probabilities, in standard errors. */
static double zipf_error(uint64_t n, double exponent, int draws)
{
	double total = 0, worst = 0;
	int count[1000] = { 0 };
	struct qos_zipf z;
	struct qos_rng r;

	qos_zipf_init(&z, n, exponent);
	qos_rng_seed(&r, 5);
	for (int i = 0; i < draws; i++) {
		uint64_t k = qos_zipf_draw(&z, &r);

		if (k >= n)
			return INFINITY;
		count[k]++;
	}
	for (uint64_t k = 0; k < n; k++)
		total += pow((double)k + 1, -exponent);
	for (uint64_t k = 0; k < n; k++) {
		double p = pow((double)k + 1, -exponent) / total,
		       error = fabs(count[k] - p * draws) / sqrt(p * draws * (1 - p) + 1);

		worst = error > worst ? error : worst;
	}
	return worst;
}

static void is_zipf(void)
{
	CHECK(zipf_error(1000, 1, 1000000) < 4.5);
	CHECK(zipf_error(100, 0, 1000000) < 4.5);
	CHECK(zipf_error(100, 0.5, 1000000) < 4.5);
	CHECK(zipf_error(100, 1.1, 1000000) < 4.5);
	CHECK(zipf_error(10, 2.5, 1000000) < 4.5);
	CHECK(zipf_error(2, 1, 100000) < 4.5);
	CHECK(zipf_error(1000, 20, 100000) < 4.5);
	CHECK(zipf_error(1, 1, 100) < 4.5 || zipf_error(1, 1, 100) == 0);
}

static void reaches_far(void)
{
	struct qos_zipf z;
	struct qos_rng r;
	uint64_t largest = 0, n = 1ull << 40;
	int first = 0;

	qos_zipf_init(&z, n, 1);
	qos_rng_seed(&r, 5);
	for (int i = 0; i < 100000; i++) {
		uint64_t k = qos_zipf_draw(&z, &r);

		largest = k > largest ? k : largest;
		first += k == 0;
	}
	CHECK(largest < n && largest > n / 100);
	CHECK(fabs(first / 100000.0 - 1 / (log(0x1p40) + 0.5772)) < 0.003); /* 1 over the harmonic number */
}

int main(void)
{
	RUN("names are chosen by their weights, those of weight 0 never", follows_weights);
	RUN("names that a format would have to escape are refused", takes_plain_names);
	RUN("streams follow Zipf's law for any exponent", is_zipf);
	RUN("a trillion streams need no table", reaches_far);
	return DONE();
}
