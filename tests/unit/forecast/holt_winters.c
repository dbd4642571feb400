/* Holt-Winters against closed forms: lines and seasons, steps, the damped trend, the variance. */
#include "forecast/holt_winters.h"

#include <math.h>

#include "tests/unit/test.h"

#define PERIOD 24

static struct qos_holt_winters f;
static double season[PERIOD];

static bool near(double x, double want)
{
	return fabs(x - want) <= 1e-9 * (1 + fabs(want));
}

static void starts(void)
{
	qos_holt_winters_init(&f, NULL, 0);
	CHECK(qos_holt_winters_ahead(&f, 1) == 0);
	CHECK(qos_holt_winters_variance(&f, 1) == 0);
	qos_holt_winters_add(&f, 7);
	CHECK(qos_holt_winters_ahead(&f, 1) == 7);
	CHECK(qos_holt_winters_ahead(&f, 100) == 7);
}

static void line(void)
{
	qos_holt_winters_init(&f, NULL, 0);
	for (int t = 0; t < 100; t++) {
		qos_holt_winters_add(&f, 5 + 3.0 * t);
		for (int h = 1; t > 0 && h < 10; h++)
			CHECK(near(qos_holt_winters_ahead(&f, (size_t)h), 5 + 3.0 * (t + h)));
	}
	CHECK(near(qos_holt_winters_variance(&f, 9), 0));
}

/* A value of a line and a wave; the wave's mean over a period is 0. */
static double wave(int t)
{
	return 1000 + 2.5 * t + 300 * sin(2 * acos(-1) * t / PERIOD) + (t % PERIOD == 3 ? 23 : -1);
}

static void line_and_season(void)
{
	qos_holt_winters_init(&f, season, PERIOD);
	for (int t = 0; t < 10 * PERIOD; t++) {
		qos_holt_winters_add(&f, wave(t));
		for (int h = 1; t >= 2 * PERIOD - 1 && h < 3 * PERIOD; h++)
			CHECK(near(qos_holt_winters_ahead(&f, (size_t)h), wave(t + h)));
		if (test_failures)
			return;
	}
}

/* Before two periods are known, level and trend speak alone. */
static void half_a_season(void)
{
	struct qos_holt_winters plain;

	qos_holt_winters_init(&f, season, PERIOD);
	qos_holt_winters_init(&plain, NULL, 0);
	for (int t = 0; t < 2 * PERIOD - 1; t++) {
		qos_holt_winters_add(&f, wave(t));
		qos_holt_winters_add(&plain, wave(t));
		CHECK(qos_holt_winters_ahead(&f, 5) == qos_holt_winters_ahead(&plain, 5));
	}
}

/* beta 0: 1 - (1 - alpha)^n of a step after n values. */
static void step_without_trend(void)
{
	qos_holt_winters_init(&f, NULL, 0);
	f.alpha = 0.3;
	f.beta = 0;
	qos_holt_winters_add(&f, 0);
	qos_holt_winters_add(&f, 0);
	for (int n = 1; n < 50; n++) {
		qos_holt_winters_add(&f, 1);
		CHECK(near(qos_holt_winters_ahead(&f, 7), 1 - pow(0.7, n)));
	}
}

/*
 * The error of a step is z (z - 1) / (z^2 - (2 - alpha - alpha beta) z + 1 - alpha); alpha 3/4 and beta 1/3 put both
 * poles at 1/2: (1 - t) / 2^t.
 */
static void step_with_trend(void)
{
	double sum_sq = 0;

	qos_holt_winters_init(&f, NULL, 0);
	f.alpha = 0.75;
	f.beta = 1.0 / 3;
	qos_holt_winters_add(&f, 0);
	qos_holt_winters_add(&f, 0);
	for (int t = 0; t < 40; t++) {
		double error = 1 - qos_holt_winters_ahead(&f, 1);

		CHECK(near(error, (1 - t) / pow(2, t)));
		sum_sq += error * error;
		qos_holt_winters_add(&f, 1);
	}
	CHECK(near(qos_holt_winters_variance(&f, 1), sum_sq / 40));
}

/* From level 0 and trend 1 the damped trend adds phi (1 - phi^h) / (1 - phi). */
static void damped(void)
{
	qos_holt_winters_init(&f, NULL, 0);
	f.damping = 0.8;
	qos_holt_winters_add(&f, -1);
	qos_holt_winters_add(&f, 0);
	for (int h = 1; h < 60; h++)
		CHECK(near(qos_holt_winters_ahead(&f, (size_t)h), 0.8 * (1 - pow(0.8, h)) / 0.2));
	CHECK(near(qos_holt_winters_ahead(&f, (size_t)1 << 40), 4));
}

/* 1 + sum of the squared effects of an error: alpha for the level, alpha (1 + j beta) with the trend. */
static void variance(void)
{
	double one;

	qos_holt_winters_init(&f, NULL, 0);
	f.alpha = 0.5;
	f.beta = 0;
	for (int t = 0; t < 9; t++)
		qos_holt_winters_add(&f, t % 3);
	one = qos_holt_winters_variance(&f, 1);
	CHECK(one > 0);
	CHECK(near(qos_holt_winters_variance(&f, 5), one * (1 + 4 * 0.25)));
	f.beta = 0.2;
	CHECK(near(qos_holt_winters_variance(&f, 3), one * (1 + 0.6 * 0.6 + 0.7 * 0.7)));
	qos_holt_winters_init(&f, season, 2);
	f.alpha = 0.5;
	f.beta = 0;
	f.gamma = 0.4;
	for (int t = 0; t < 9; t++)
		qos_holt_winters_add(&f, t % 3);
	one = qos_holt_winters_variance(&f, 1);
	CHECK(one > 0);
	CHECK(near(qos_holt_winters_variance(&f, 3), one * (1 + 0.5 * 0.5 + 0.7 * 0.7)));
}

int main(void)
{
	RUN("nothing known is 0, one value goes on", starts);
	RUN("a line is forecast exactly from two values on", line);
	RUN("a line and a season are forecast exactly from two periods on", line_and_season);
	RUN("before that it is level and trend", half_a_season);
	RUN("a step without trend: 1 - (1 - alpha)^n", step_without_trend);
	RUN("a step with trend, both poles at 1/2: (1 - t) / 2^t", step_with_trend);
	RUN("a damped trend comes to an end", damped);
	RUN("the variance grows by the squared effects of an error", variance);
	return DONE();
}
