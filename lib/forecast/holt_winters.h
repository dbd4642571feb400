/*
 * What comes next?  Exponential smoothing of level, trend and, where there is a period, season (additive).
 *
 *   level	l' = alpha (x - s) + (1 - alpha) (l + phi b)
 *   trend	b' = beta (l' - l) + (1 - beta) phi b
 *   season	s' = gamma (x - l') + (1 - gamma) s
 *   h ahead	l + (phi + ... + phi^h) b + s of that step
 *
 * The first two values give level and trend; the first two periods then give them again, with the season: the line
 * through the means of both, and the mean distance from it at each step.  A line is forecast without error from two
 * values on, a line and a season from two periods on.
 *
 * Cost   O(1) a value, no allocation; a number a step of the period.
 * After  Holt 1957, Winters 1960; damped trend: Gardner and McKenzie 1985; variance: Hyndman et al., "Forecasting with
 *        Exponential Smoothing", 2008, 6.3.
 */
#ifndef QOS_FORECAST_HOLT_WINTERS_H
#define QOS_FORECAST_HOLT_WINTERS_H

#include <stdbool.h>
#include <stddef.h>

struct qos_holt_winters {
	double alpha, beta, gamma; /* 0..1: how fast level, trend and season follow */
	double damping;            /* 0..1: phi; 1: the trend goes on for ever */
	size_t period;             /* steps of a season; 0: there is none */
	double *season;            /* [period], of the caller */

	size_t n; /* values so far */
	double level, trend;
	double first_sum, second_sum; /* of the first two periods */
	double error_sq_sum;          /* of the forecasts one step ahead */
	size_t n_errors;
};

/*
 * Starts without values, with alpha 0.3, beta 0.1, gamma 0.3 and no damping; the caller may set others after this.
 *
 * season	[period], overwritten; stays the caller's; NULL where period is 0
 */
void qos_holt_winters_init(struct qos_holt_winters *f, double *season, size_t period);

/* The next value. */
void qos_holt_winters_add(struct qos_holt_winters *f, double value);

/* The value `ahead` steps after the last, 1 for the next.   Returns  0 where there was none yet. */
double qos_holt_winters_ahead(const struct qos_holt_winters *f, size_t ahead);

/*
 * How far off that may be: the variance of its error, as the errors of one step ahead so far say.
 *
 * Returns  0 where there were none.   Cost  O(ahead).
 */
double qos_holt_winters_variance(const struct qos_holt_winters *f, size_t ahead);

#endif
