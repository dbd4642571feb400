/* Bins -> values per second -> a season, an error, what is ahead. */
#include "stats/forecast.h"

#include <math.h>

#include "forecast/holt_winters.h"

#define LEAST       10   /* values for a forecast */
#define SHORTEST    4    /* steps of a season */
#define CORRELATED  0.3  /* a season has at least this autocorrelation, */
#define BETTER      1.1  /* and a longer one so much more than a shorter one */
#define STEPS_MOST  4096 /* that are looked ahead */
#define ONE_OF_20   1.645
#define HELD_OUT(n) ((n) / 5)

struct fit {
	struct qos_holt_winters f;
	double season[QOS_SERIES_BINS];
};

static void fit(struct fit *t, const double *x, int n, int period)
{
	qos_holt_winters_init(&t->f, period ? t->season : NULL, (size_t)period);
	t->f.damping = 0.98; /* no trend goes on for ever */
	for (int i = 0; i < n; i++)
		qos_holt_winters_add(&t->f, x[i]);
}

static double ahead(const struct fit *t, int steps)
{
	double x = qos_holt_winters_ahead(&t->f, (size_t)steps);

	return x > 0 ? x : 0;
}

/* Of x[n..end), forecast from x[0..n). */
static double error_of(const double *x, int n, int end, int period)
{
	struct fit t;
	double off = 0, sum = 0;

	fit(&t, x, n, period);
	for (int i = n; i < end; i++) {
		off += fabs(ahead(&t, i - n + 1) - x[i]);
		sum += x[i];
	}
	return sum > 0 ? off / sum : NAN;
}

/* That what came in as long a time before goes on. */
static double error_of_mean(const double *x, int n, int end)
{
	double mean = 0, off = 0, sum = 0;
	int from = 2 * n > end ? 2 * n - end : 0;

	for (int i = from; i < n; i++)
		mean += x[i] / (n - from);
	for (int i = n; i < end; i++) {
		off += fabs(mean - x[i]);
		sum += x[i];
	}
	return sum > 0 ? off / sum : NAN;
}

/* The lag of the highest autocorrelation that is a peak of it, or 0. */
static int find_period(const double *x, int n)
{
	double mean = 0, variance = 0, best = CORRELATED, before = 1, here = 1;
	int period = 0;

	for (int i = 0; i < n; i++)
		mean += x[i] / n;
	for (int i = 0; i < n; i++)
		variance += (x[i] - mean) * (x[i] - mean) / n;
	for (int lag = 1; variance > 0 && lag <= n / 2; lag++) {
		double sum = 0;

		for (int i = lag; i < n; i++)
			sum += (x[i] - mean) * (x[i - lag] - mean) / (n - lag);
		sum /= variance;
		if (lag > SHORTEST && here > BETTER * best && here >= before && here >= sum) {
			best = here;
			period = lag - 1;
		}
		before = here;
		here = sum;
	}
	return period;
}

/* One that helps: tried on the last fifth of these. */
static int choose_period(const double *x, int n)
{
	int period = find_period(x, n), fitted = n - HELD_OUT(n);

	if (!period || 2 * period > fitted)
		return 0;
	return error_of(x, fitted, n, period) < error_of(x, fitted, n, 0) ? period : 0;
}

static void look_ahead(const struct fit *t, int steps, struct qos_forecast *o)
{
	double sum = 0, last = 0;

	for (int i = 1; i <= steps; i++) {
		last = ahead(t, i);
		sum += last;
		o->peak = i == 1 || last > o->peak ? last : o->peak;
	}
	o->rate = ahead(t, 1);
	o->mean = sum / steps;
	o->high = last + ONE_OF_20 * sqrt(qos_holt_winters_variance(&t->f, (size_t)steps));
}

/* When is another number of units needed?  A tenth of one is no reason for one more. */
static void find_needs(struct qos_outlook *o, const struct fit *t, int steps, double width_s)
{
	for (int i = 1; i <= steps; i++) {
		int64_t n = (int64_t)ceil(ahead(t, i) / o->unit_rate - 0.1);

		n = n > 0 ? n : 1;
		if (o->n_needs && o->need[o->n_needs - 1].n == n)
			continue;
		o->more = o->n_needs == QOS_NEEDS_MOST;
		if (o->more)
			return;
		o->need[o->n_needs++] = (struct qos_need){ (i - 1) * width_s, n };
	}
}

/* The first and the last bin are cut short. */
static void forecast(struct qos_outlook *o, struct qos_forecast *f, const struct qos_series *s,
		     const struct qos_timeline *timeline, bool all)
{
	double x[QOS_SERIES_BINS], width_s = qos_timeline_width_s(timeline);
	int n = timeline->n_bins - 2, fitted, period, steps = (int)fmin(ceil(o->ahead_s / width_s), STEPS_MOST);
	struct fit t;

	f->rate = f->mean = f->peak = f->high = f->error = f->error_of_mean = f->period_s = NAN;
	if (n < LEAST || steps < 1)
		return;
	for (int i = 0; i < n; i++)
		x[i] = (double)s->bin[i + 1].n_in / width_s;
	fitted = n - HELD_OUT(n);
	f->known = true;
	f->error = error_of(x, fitted, n, choose_period(x, fitted));
	f->error_of_mean = error_of_mean(x, fitted, n);
	period = choose_period(x, n);
	f->period_s = period * width_s;
	fit(&t, x, n, period);
	look_ahead(&t, steps, f);
	if (all && o->unit.n)
		find_needs(o, &t, steps, width_s);
}

int qos_forecast_add(struct qos_report *r, double ahead_s, struct qos_str unit, double unit_rate, struct qos_err *err)
{
	struct qos_outlook *o = qos_arena_get(&r->arena, sizeof(*o));
	struct qos_forecast *of = qos_arena_get(&r->arena, ((size_t)r->n_groups + 1) * sizeof(*of));

	if (!o || !of)
		return qos_fail_memory(err, "forecast");
	*o = (struct qos_outlook){ .ahead_s = ahead_s, .of = of, .unit = unit, .unit_rate = unit_rate };
	for (int i = 0; i <= r->n_groups; i++) {
		const struct qos_report_group *g = i < r->n_groups ? &r->group[i] : &r->all;
		const struct qos_series *s = i < r->n_groups ? g->series : r->series;

		if (!s)
			continue;
		of[o->n] = (struct qos_forecast){ .name = i < r->n_groups ? g->name : QOS_STR("all") };
		forecast(o, &of[o->n++], s, &r->timeline, i == r->n_groups);
	}
	r->outlook = o;
	return 0;
}
