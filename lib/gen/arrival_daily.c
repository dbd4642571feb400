/*
 * daily: a Poisson process whose rate swings like a cosine around the mean.
 *
 *   daily:0.8		between 0.2 and 1.8 of the rate in 24 hours, most at 14:00 UTC
 *   daily:0.5,1h,0s	in an hour, most at its beginning
 *
 * Moments are drawn at the highest rate and taken with the probability rate / highest.
 *
 * After  Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", 1979.
 */
#include <math.h>

#include "gen/arrival.h"
#include "unit/unit.h"

#define HOUR_NS 3600000000000

static int daily_parse(struct qos_str rest, struct qos_arrival_law *law, const char **wrong)
{
	*wrong = "needs a depth from 0 to 1, and perhaps a period and when in it the most come";
	law->n = 2;
	law->time_ns[0] = 24 * HOUR_NS;
	if (qos_arrival_cut_number(&rest, &law->weight[0]) || law->weight[0] > 1 ||
	    (rest.n && qos_arrival_cut_time(&rest, &law->time_ns[0])))
		return -1;
	law->time_ns[1] = law->time_ns[0] / 24 * 14;
	if (rest.n && qos_unit_duration(qos_arrival_cut(&rest), 1000000000, &law->time_ns[1], NULL))
		return -1;
	return rest.n ? -1 : 0;
}

static int daily_init(struct qos_arrival *a, const struct qos_arrival_law *law, char *why)
{
	a->mean_ns[0] = (double)law->time_ns[0];
	a->mean_ns[1] = (double)law->time_ns[1];
	a->shape = law->weight[0];
	return 0;
}

static double daily_gap(struct qos_arrival *a)
{
	double highest = 1 + a->shape, gap = 0, part;

	do {
		gap += qos_rng_exponential(&a->rng) * a->mean_gap_ns / highest;
		part = fmod((double)a->next_ns + gap - a->mean_ns[1], a->mean_ns[0]) / a->mean_ns[0];
	} while (gap < 0x1p62 && qos_rng_uniform(&a->rng) * highest >= 1 + a->shape * cos(2 * M_PI * part));
	return gap;
}

const struct qos_arrival_member qos_arrival_daily = {
	.name = "daily", .form = "daily:0.8,24h", .parse = daily_parse, .init = daily_init, .gap_ns = daily_gap
};
