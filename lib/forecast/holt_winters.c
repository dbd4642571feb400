/*
 * Holt-Winters, additive.
 *
 * While the first two periods come, season[i] holds the sum of their values at step i, and the forecast is that of
 * level and trend alone.
 */
#include "forecast/holt_winters.h"

void qos_holt_winters_init(struct qos_holt_winters *f, double *season, size_t period)
{
	*f = (struct qos_holt_winters){
		.alpha = 0.3, .beta = 0.1, .gamma = 0.3, .damping = 1, .period = period, .season = season
	};
}

static bool has_season(const struct qos_holt_winters *f)
{
	return f->period > 0 && f->n >= 2 * f->period;
}

/* Of the step `ahead` steps after the last. */
static double season_of(const struct qos_holt_winters *f, size_t ahead)
{
	return has_season(f) ? f->season[(f->n + ahead - 1) % f->period] : 0;
}

/* The line through the means of two periods, and what each step lies off it. */
static void begin_season(struct qos_holt_winters *f)
{
	double m = (double)f->period, mean = f->first_sum / m;
	double trend = (f->second_sum - f->first_sum) / (m * m), middle = (m - 1) / 2;

	/* season[i] / 2 is the value half way between both steps i, at i + m / 2 */
	for (size_t i = 0; i < f->period; i++)
		f->season[i] = f->season[i] / 2 - (mean + trend * ((double)i + m / 2 - middle));
	f->trend = trend;
	f->level = mean + trend * (2 * m - 1 - middle);
}

static void collect(struct qos_holt_winters *f, double value)
{
	if (f->n < f->period) {
		f->season[f->n] = value;
		f->first_sum += value;
	} else {
		f->season[f->n - f->period] += value;
		f->second_sum += value;
	}
}

static void smooth(struct qos_holt_winters *f, double value)
{
	double season = season_of(f, 1), trend = f->damping * f->trend, before = f->level;
	double error = value - (f->level + trend + season);

	f->error_sq_sum += error * error;
	f->n_errors++;
	f->level = f->alpha * (value - season) + (1 - f->alpha) * (f->level + trend);
	f->trend = f->beta * (f->level - before) + (1 - f->beta) * trend;
	if (has_season(f))
		f->season[f->n % f->period] = f->gamma * (value - f->level) + (1 - f->gamma) * season;
}

void qos_holt_winters_add(struct qos_holt_winters *f, double value)
{
	if (f->n == 0) {
		f->level = value;
	} else if (f->n == 1) {
		f->trend = value - f->level;
		f->level = value;
	} else {
		smooth(f, value);
	}
	if (f->n < 2 * f->period)
		collect(f, value);
	f->n++;
	if (f->n == 2 * f->period) {
		begin_season(f);
		f->error_sq_sum = 0; /* those so far were made without the season */
		f->n_errors = 0;
	}
}

/* phi + ... + phi^h: how many steps of the trend are in h ahead. */
static double trend_steps(double damping, size_t ahead)
{
	double power = 1, sum = 0;

	if (damping >= 1)
		return (double)ahead;
	for (size_t i = 0; i < ahead && power > 1e-18; i++) { /* less is beyond the precision of the sum */
		power *= damping;
		sum += power;
	}
	return sum;
}

double qos_holt_winters_ahead(const struct qos_holt_winters *f, size_t ahead)
{
	return f->level + trend_steps(f->damping, ahead) * f->trend + season_of(f, ahead);
}

double qos_holt_winters_variance(const struct qos_holt_winters *f, size_t ahead)
{
	double sum = 1, power = 1, steps = 0;

	if (f->n_errors == 0)
		return 0;
	/* what an error of now does to the forecast j steps later */
	for (size_t j = 1; j < ahead; j++) {
		double effect;

		power *= f->damping;
		steps += power;
		effect = f->alpha * (1 + f->beta * steps);
		if (has_season(f) && j % f->period == 0)
			effect += f->gamma * (1 - f->alpha);
		sum += effect * effect;
	}
	return f->error_sq_sum / (double)f->n_errors * sum;
}
