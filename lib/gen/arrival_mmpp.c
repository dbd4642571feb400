/*
 * mmpp: a Markov-modulated Poisson process, whose states come in turn.
 *
 *   mmpp:1,900ms,10,100ms	ten times as many messages in the bursts of 100 ms that come after 900 ms
 *
 * The numbers are rates in proportion to each other; the mean rate is the class's.
 *
 * After  Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", 1993.
 */
#include <stdio.h>

#include "gen/arrival.h"

static int mmpp_parse(struct qos_str rest, struct qos_arrival_law *law, const char **wrong)
{
	double sum = 0;

	*wrong = "needs a rate and a mean time for each of two to eight states";
	for (law->n = 0; rest.n && law->n < QOS_ARRIVAL_PARTS; law->n++) {
		if (qos_arrival_cut_number(&rest, &law->weight[law->n]) ||
		    qos_arrival_cut_time(&rest, &law->time_ns[law->n]))
			return -1;
		sum += law->weight[law->n];
	}
	return rest.n || law->n < 2 || sum <= 0 ? -1 : 0;
}

static double rate_of(const struct qos_arrival *a)
{
	return a->rate[a->state];
}

static void change(struct qos_arrival *a)
{
	a->state = (a->state + 1) % a->n_states;
	a->left_ns = qos_rng_exponential(&a->rng) * a->mean_ns[a->state];
}

static int mmpp_init(struct qos_arrival *a, const struct qos_arrival_law *law, char *why)
{
	double time = 0, sum = 0, at;

	a->n_states = law->n;
	for (int i = 0; i < law->n; i++) {
		a->mean_ns[i] = (double)law->time_ns[i];
		time += a->mean_ns[i];
		sum += law->weight[i] * a->mean_ns[i];
	}
	for (int i = 0; i < law->n; i++)
		a->rate[i] = law->weight[i] * time / (sum * a->mean_gap_ns);
	if (a->mean_gap_ns > 1e5 * time) {
		snprintf(why, 160, "fewer than one message comes in 100000 rounds of the states; make the rate higher");
		return -1;
	}
	/* somewhere in the round, as long-run shares say */
	at = qos_rng_uniform(&a->rng) * time;
	for (a->state = 0; a->state < law->n - 1 && at >= a->mean_ns[a->state]; a->state++)
		at -= a->mean_ns[a->state];
	a->left_ns = qos_rng_exponential(&a->rng) * a->mean_ns[a->state];
	return 0;
}

static double mmpp_gap(struct qos_arrival *a)
{
	return qos_arrival_modulated(a, rate_of, change);
}

const struct qos_arrival_member qos_arrival_mmpp = {
	.name = "mmpp", .form = "mmpp:1,900ms,10,100ms", .parse = mmpp_parse, .init = mmpp_init, .gap_ns = mmpp_gap
};
