/*
 * pareto: the sum of sources that are on and off for Pareto times, Poisson while they are on: self-similar traffic.
 *
 *   pareto:1s,2s,1.4,32	32 sources, on for 1 s and off for 2 s on average, P(time > x) ~ x^-1.4
 *
 * Bursts have bursts in them over many scales of time; with the shape a between 1 and 2 the Hurst parameter of the
 * counts is (3 - a) / 2.  It begins in its steady state.
 *
 * Cost   a change of a source: as many steps as there are sources.
 * After  Willinger, Taqqu, Sherman and Wilson, "Self-similarity through high-variability", 1997.
 */
#include <math.h>
#include <stdio.h>

#include "gen/arrival.h"

#define SOURCES 32

static int pareto_parse(struct qos_str rest, struct qos_arrival_law *law, const char **wrong)
{
	double n = SOURCES;

	*wrong = "needs the mean times on and off, a shape over 1 up to 2, and perhaps up to 64 sources";
	law->n = 2;
	if (qos_arrival_cut_time(&rest, &law->time_ns[0]) || qos_arrival_cut_time(&rest, &law->time_ns[1]) ||
	    qos_arrival_cut_number(&rest, &law->shape) || (rest.n && qos_arrival_cut_number(&rest, &n)))
		return -1;
	law->n_sources = (int)n;
	return rest.n || law->shape <= 1 || law->shape > 2 || n < 1 || n > QOS_ARRIVAL_SOURCES || n != law->n_sources
		       ? -1
		       : 0;
}

static double positive(struct qos_arrival *a)
{
	return 1 - qos_rng_uniform(&a->rng); /* (0, 1] */
}

/* A time of this mean. */
static double draw(struct qos_arrival *a, double mean_ns)
{
	return mean_ns * (a->shape - 1) / a->shape * pow(positive(a), -1 / a->shape);
}

/* What is left of one that is looked at at some moment. */
static double draw_rest(struct qos_arrival *a, double mean_ns)
{
	double least = mean_ns * (a->shape - 1) / a->shape;

	if (qos_rng_uniform(&a->rng) < (a->shape - 1) / a->shape)
		return least * positive(a);
	return least * pow(positive(a), -1 / (a->shape - 1));
}

static double rate_of(const struct qos_arrival *a)
{
	return a->state * a->rate[0];
}

static void find_next(struct qos_arrival *a)
{
	a->left_ns = a->until_ns[0];
	for (int i = 1; i < a->n_states; i++)
		a->left_ns = a->until_ns[i] < a->left_ns ? a->until_ns[i] : a->left_ns;
	for (int i = 0; i < a->n_states; i++)
		a->until_ns[i] -= a->left_ns;
}

/* Those whose time has come. */
static void change(struct qos_arrival *a)
{
	for (int i = 0; i < a->n_states; i++) {
		if (a->until_ns[i] > 0)
			continue;
		a->on[i] = !a->on[i];
		a->state += a->on[i] ? 1 : -1;
		a->until_ns[i] = draw(a, a->mean_ns[a->on[i] ? 0 : 1]);
	}
	find_next(a);
}

static int pareto_init(struct qos_arrival *a, const struct qos_arrival_law *law, char *why)
{
	double on_ns = (double)law->time_ns[0], off_ns = (double)law->time_ns[1];
	double share = on_ns / (on_ns + off_ns);

	a->shape = law->shape;
	a->n_states = law->n_sources;
	a->mean_ns[0] = on_ns;
	a->mean_ns[1] = off_ns;
	a->rate[0] = 1 / (a->mean_gap_ns * share * law->n_sources);
	if (a->mean_gap_ns > 1e5 * (on_ns + off_ns)) {
		snprintf(why, 160,
			 "fewer than one message comes in 100000 times on; make ON longer or the rate higher");
		return -1;
	}
	for (int i = 0; i < a->n_states; i++) {
		a->on[i] = qos_rng_uniform(&a->rng) < share;
		a->state += a->on[i];
		a->until_ns[i] = draw_rest(a, a->on[i] ? on_ns : off_ns);
	}
	find_next(a);
	return 0;
}

static double pareto_gap(struct qos_arrival *a)
{
	return qos_arrival_modulated(a, rate_of, change);
}

const struct qos_arrival_member qos_arrival_pareto = {
	.name = "pareto", .form = "pareto:1s,2s,1.4", .parse = pareto_parse, .init = pareto_init, .gap_ns = pareto_gap
};
