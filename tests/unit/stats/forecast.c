/* What is to come, of series whose future is known. */
#include "stats/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "tests/unit/test.h"

#define BINS 402
#define S    1000000000LL

/* A report of arrivals at these rates, 1.07 s a bin. */
static struct qos_report *made(double (*rate)(int bin))
{
	struct qos_report *r = calloc(1, sizeof(*r));
	struct qos_series *s = qos_timeline_add(&r->timeline);

	r->timeline.n_bins = BINS;
	r->timeline.shift = 30;
	for (int i = 0; i < BINS; i++)
		s->bin[i].n_in = i == 0 || i == BINS - 1 ? 0 : (uint64_t)lround(rate(i));
	r->series = s;
	return r;
}

static void end(struct qos_report *r)
{
	qos_timeline_free(&r->timeline);
	qos_arena_free(&r->arena);
	free(r);
}

static double constant(int i)
{
	return 1000;
}

static double line(int i)
{
	return 1000 + 10.0 * i;
}

static double daily(int i)
{
	return 1000 + 800 * cos(2 * M_PI * i / 40);
}

static const struct qos_outlook *outlook(struct qos_report *r, double ahead_bins, const char *unit, double rate)
{
	struct qos_err err;

	CHECK_INT(qos_forecast_add(r, ahead_bins * qos_timeline_width_s(&r->timeline), qos_str(unit), rate, &err), 0);
	return r->outlook;
}

static void goes_on(void)
{
	struct qos_report *r = made(constant);
	double width_s = qos_timeline_width_s(&r->timeline);
	const struct qos_outlook *o = outlook(r, 50, "adapter", 300 / width_s);

	CHECK(o->n == 1 && o->of[0].known && o->of[0].period_s == 0);
	CHECK(fabs(o->of[0].mean * width_s - 1000) < 1e-6 && fabs(o->of[0].high * width_s - 1000) < 1e-3);
	CHECK(o->of[0].error < 1e-9 && o->of[0].error_of_mean < 1e-9);
	CHECK(o->n_needs == 1 && o->need[0].n == 4 && o->need[0].from_s == 0);
	end(r);
}

static void grows(void)
{
	struct qos_report *r = made(line);
	double width_s = qos_timeline_width_s(&r->timeline);
	const struct qos_outlook *o = outlook(r, 20, "adapter", 1000 / width_s);

	CHECK(o->of[0].error < o->of[0].error_of_mean && o->of[0].rate * width_s > 4990);
	/* 5010 to at most 5210: six are needed when a tenth of one more is exceeded */
	CHECK(o->n_needs == 2 && o->need[0].n == 5 && o->need[1].n == 6);
	CHECK(o->need[1].from_s > 7 * width_s && o->need[1].from_s < 15 * width_s);
	end(r);
}

static void swings(void)
{
	struct qos_report *r = made(daily);
	double width_s = qos_timeline_width_s(&r->timeline);
	const struct qos_outlook *o = outlook(r, 80, "", 0);

	CHECK(fabs(o->of[0].period_s / width_s - 40) < 0.5);
	CHECK(o->of[0].error < 0.02 && o->of[0].error_of_mean > 0.3);
	CHECK(fabs(o->of[0].peak * width_s - 1800) < 40 && fabs(o->of[0].mean * width_s - 1000) < 20);
	CHECK_INT(o->n_needs, 0);
	end(r);
}

static void too_short(void)
{
	struct qos_report *r = made(constant);
	const struct qos_outlook *o;

	r->timeline.n_bins = 11;
	o = outlook(r, 5, "x", 1);
	CHECK(!o->of[0].known && isnan(o->of[0].mean) && o->n_needs == 0);
	end(r);
}

int main(void)
{
	RUN("what is constant goes on", goes_on);
	RUN("what grows needs more", grows);
	RUN("a season is found and comes again", swings);
	RUN("a short time says nothing", too_short);
	return DONE();
}
