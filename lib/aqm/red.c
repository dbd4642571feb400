/*
 * red: random early detection, gentle and adaptive.
 *
 * The average queue (records, exponentially weighted at arrivals, decayed over idle time as if small records had
 * passed) decides: below `min` nothing, up to `max` a probability that grows to `maxp`, from there to twice `max` up
 * to 1 (gentle) or 1 at once.  The gap between two drops is spread evenly: p / (1 - count p).  Adaptive: `maxp` follows
 * the average into the middle between the thresholds.
 *
 * Cost   O(1) a record.
 * After  Floyd and Jacobson, "Random early detection gateways", 1993; Floyd, "Recommendation on using the gentle_
 *	  variant", 2000; Floyd, Gummadi and Shenker, "Adaptive RED", 2001.
 */
#include <math.h>

#include "aqm/aqm.h"

struct params {
	int64_t min_records, max_records, adapt_ns;
	double maxp, weight;
	bool gentle, adaptive;
};

struct red {
	double average;
	double maxp;          /* 0: not set yet */
	int64_t count;        /* records that passed since the last drop; -1: none since */
	int64_t idle_ns;      /* since when the queue is empty; 0: it is not */
	int64_t adapt_due_ns; /* 0: not set yet */
};

static const struct qos_param params[] = {
	{ "min", QOS_PARAM_COUNT, offsetof(struct params, min_records), "5", "1", NULL,
	  "average queue from which records are dropped" },
	{ "max", QOS_PARAM_COUNT, offsetof(struct params, max_records), "15", "2", NULL,
	  "average queue at which maxp is reached" },
	{ "maxp", QOS_PARAM_SHARE, offsetof(struct params, maxp), "10%", NULL, NULL, "probability at max" },
	{ "weight", QOS_PARAM_NUMBER, offsetof(struct params, weight), "0.002", "0.000001", "1",
	  "of one arrival in the average" },
	{ "gentle", QOS_PARAM_TRUTH, offsetof(struct params, gentle), "true", NULL, NULL,
	  "grow to 1 between max and twice max" },
	{ "adaptive", QOS_PARAM_TRUTH, offsetof(struct params, adaptive), "false", NULL, NULL,
	  "let maxp follow the average" },
	{ "period", QOS_PARAM_DURATION, offsetof(struct params, adapt_ns), "500ms", "1us", NULL, "of the adaptation" },
	{ 0 }
};

static void red_init(void *state, const void *par)
{
	struct red *s = state;

	s->maxp = ((const struct params *)par)->maxp;
	s->count = -1;
}

static void average(struct red *s, const struct params *p, const struct qos_aqm_view *v)
{
	if (v->n_records == 0 && s->idle_ns && v->service_ns) {
		s->average *= pow(1 - p->weight, (double)(v->now_ns - s->idle_ns) / (double)v->service_ns);
		s->idle_ns = v->now_ns;
	}
	s->average += p->weight * ((double)v->n_records - s->average);
	s->idle_ns = 0;
}

static void adapt(struct red *s, const struct params *p, int64_t now_ns)
{
	double span = (double)(p->max_records - p->min_records);
	double low = (double)p->min_records + 0.4 * span, high = (double)p->min_records + 0.6 * span;

	if (s->adapt_due_ns && now_ns < s->adapt_due_ns)
		return;
	s->adapt_due_ns = now_ns + p->adapt_ns;
	if (s->average > high && s->maxp <= 0.5)
		s->maxp += s->maxp / 4 < 0.01 ? s->maxp / 4 : 0.01;
	else if (s->average < low && s->maxp >= 0.01)
		s->maxp *= 0.9;
}

/* The probability by the average alone. */
static double early(const struct red *s, const struct params *p)
{
	double min = (double)p->min_records,
	       max = (double)(p->max_records > p->min_records ? p->max_records : p->min_records + 1);

	if (s->average < min)
		return 0;
	if (s->average < max)
		return s->maxp * (s->average - min) / (max - min);
	if (p->gentle && s->average < 2 * max)
		return s->maxp + (1 - s->maxp) * (s->average - max) / max;
	return 1;
}

static enum qos_aqm_verdict red_arrive(void *state, const void *par, const struct qos_aqm_view *v)
{
	struct red *s = state;
	const struct params *p = par;
	double p_early, p_now;

	average(s, p, v);
	if (p->adaptive)
		adapt(s, p, v->now_ns);
	p_early = early(s, p);
	if (p_early <= 0 || v->n_records == 0) {
		s->count = -1;
		return QOS_PASS;
	}
	s->count++;
	p_now = (double)s->count * p_early < 1 ? p_early / (1 - (double)s->count * p_early) : 1;
	if (p_now < 1 && qos_rng_uniform(v->rng) >= p_now)
		return QOS_PASS;
	s->count = -1;
	return v->mark && p_early < 1 ? QOS_MARK : QOS_REFUSE;
}

static enum qos_aqm_verdict red_leave(void *state, const void *par, const struct qos_aqm_view *v)
{
	if (v->n_records == 0)
		((struct red *)state)->idle_ns = v->now_ns;
	return QOS_PASS;
}

const struct qos_aqm qos_aqm_red = {
	.name = "red",
	.summary = "drops arrivals with a probability that grows with the average queue (gentle, adaptive)",
	.state_bytes = sizeof(struct red),
	.params = params,
	.params_bytes = sizeof(struct params),
	.init = red_init,
	.arrive = red_arrive,
	.leave = red_leave,
};
