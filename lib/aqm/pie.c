/*
 * pie: proportional integral controller, enhanced.
 *
 * Every `update` the drop probability moves by how far the sojourn time is from `target` and by how it changes:
 *
 *   p += (alpha (delay - target) + beta (delay - last delay)) scaled down while p is small
 *
 * An arriving record is dropped with that probability, derandomised: never before the probabilities since the last drop
 * add up to 0.85, always when they reach 8.5.  A burst is let through after the queue was empty.
 *
 * The updates between two arrivals are made up for when the next record arrives: nothing else could have moved.
 *
 * Cost   O(1) a record, plus the updates that passed (none once p has decayed to nothing).
 * After  RFC 8033, sections 4 and 5; the delay is the sojourn time of the last record that left, 0 for an empty queue.
 */
#include "aqm/aqm.h"

struct params {
	int64_t target_ns, update_ns, burst_ns;
	double alpha, beta, mark_most;
	bool derandomise, cap;
};

struct pie {
	double p;           /* drop probability */
	double accumulated; /* of p since the last drop */
	int64_t delay_ns, last_delay_ns;
	int64_t next_update_ns; /* 0: none yet */
	int64_t burst_left_ns;
};

static const struct qos_param params[] = { { "target", QOS_PARAM_DURATION, offsetof(struct params, target_ns), "15ms",
					     "1ns", NULL, "sojourn time to hold" },
					   { "update", QOS_PARAM_DURATION, offsetof(struct params, update_ns), "15ms",
					     "1us", NULL, "period of the controller" },
					   { "burst", QOS_PARAM_DURATION, offsetof(struct params, burst_ns), "150ms",
					     NULL, NULL, "burst that passes untouched after idle times" },
					   { "alpha", QOS_PARAM_NUMBER, offsetof(struct params, alpha), "0.125", "0",
					     "100", "weight of the distance, per second" },
					   { "beta", QOS_PARAM_NUMBER, offsetof(struct params, beta), "1.25", "0",
					     "100", "weight of the change, per second" },
					   { "mark-most", QOS_PARAM_SHARE, offsetof(struct params, mark_most), "10%",
					     NULL, NULL, "above this probability drop even where marking is wanted" },
					   { "derandomise", QOS_PARAM_TRUTH, offsetof(struct params, derandomise),
					     "true", NULL, NULL, "even gaps between drops" },
					   { "cap", QOS_PARAM_TRUTH, offsetof(struct params, cap), "true", NULL, NULL,
					     "no step above 0.02 once p is 0.1" },
					   { 0 } };

static double scale(double p)
{
	static const struct {
		double below, by;
	} step[] = { { 1e-6, 2048 }, { 1e-5, 512 }, { 1e-4, 128 }, { 1e-3, 32 }, { 1e-2, 8 }, { 0.1, 2 } };

	for (size_t i = 0; i < sizeof(step) / sizeof(*step); i++)
		if (p < step[i].below)
			return step[i].by;
	return 1;
}

static void pie_init(void *state, const void *par)
{
	((struct pie *)state)->burst_left_ns = ((const struct params *)par)->burst_ns;
}

static void update(struct pie *s, const struct params *p)
{
	double step =
		(p->alpha * (double)(s->delay_ns - p->target_ns) + p->beta * (double)(s->delay_ns - s->last_delay_ns)) /
		1e9 / scale(s->p);

	if (p->cap && s->p >= 0.1 && step > 0.02)
		step = 0.02;
	s->p += step;
	if (s->delay_ns == 0 && s->last_delay_ns == 0)
		s->p *= 0.98;
	s->p = s->p < 0 ? 0 : s->p > 1 ? 1 : s->p;
	s->burst_left_ns = s->burst_left_ns > p->update_ns ? s->burst_left_ns - p->update_ns : 0;
	if (s->p == 0 && s->delay_ns < p->target_ns / 2 && s->last_delay_ns < p->target_ns / 2)
		s->burst_left_ns = p->burst_ns;
	s->last_delay_ns = s->delay_ns;
}

static void catch_up(struct pie *s, const struct params *p, const struct qos_aqm_view *v)
{
	if (s->next_update_ns == 0)
		s->next_update_ns = v->now_ns + p->update_ns;
	while (s->next_update_ns <= v->now_ns) {
		if (v->n_records == 0)
			s->delay_ns = 0;
		update(s, p);
		if (s->p == 0 && s->delay_ns == 0 &&
		    s->last_delay_ns == 0) /* at rest: the missed ones change nothing */
			s->next_update_ns += (v->now_ns - s->next_update_ns) / p->update_ns * p->update_ns;
		s->next_update_ns += p->update_ns;
	}
}

static bool drop_now(struct pie *s, const struct params *p, const struct qos_aqm_view *v)
{
	if (s->p == 0)
		s->accumulated = 0;
	s->accumulated += s->p;
	if (p->derandomise && s->accumulated < 0.85)
		return false;
	if (!(p->derandomise && s->accumulated >= 8.5) && qos_rng_uniform(v->rng) >= s->p)
		return false;
	s->accumulated = 0;
	return true;
}

static enum qos_aqm_verdict pie_arrive(void *state, const void *par, const struct qos_aqm_view *v)
{
	struct pie *s = state;
	const struct params *p = par;

	catch_up(s, p, v);
	if (s->burst_left_ns > 0 || (s->last_delay_ns < p->target_ns / 2 && s->p < 0.2) ||
	    v->n_bytes <= 2 * v->largest_bytes)
		return QOS_PASS;
	if (!drop_now(s, p, v))
		return QOS_PASS;
	return v->mark && s->p <= p->mark_most ? QOS_MARK : QOS_REFUSE;
}

static enum qos_aqm_verdict pie_leave(void *state, const void *par, const struct qos_aqm_view *v)
{
	struct pie *s = state;

	catch_up(s, par, v);
	s->delay_ns = v->sojourn_ns;
	return QOS_PASS;
}

const struct qos_aqm qos_aqm_pie = {
	.name = "pie",
	.summary = "drops arrivals with a probability that holds the wait at a target (RFC 8033)",
	.state_bytes = sizeof(struct pie),
	.params = params,
	.params_bytes = sizeof(struct params),
	.by_stream = true,
	.init = pie_init,
	.arrive = pie_arrive,
	.leave = pie_leave,
};
