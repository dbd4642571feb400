/*
 * Arrival processes.  Random gaps are drawn as doubles and become whole nanoseconds with the rest carried on, so that
 * the rate has no bias; constant ones are counted from the start, never added up.
 *
 * onoff is an interrupted Poisson process: gaps are drawn in time that is spent on, and the silences are put in
 * between.
 *
 * After  Kuczura, "The interrupted Poisson process as an overflow process", BSTJ 1973.
 */
#include "gen/arrival.h"

#include <stdio.h>

#include "base/bits.h"
#include "unit/unit.h"

static int refuse(char *why, struct qos_str text, const char *wrong)
{
	snprintf(why, 160, "\"%.*s\" %s; write poisson, constant, or for example onoff:100ms,900ms",
		 text.n > 40 ? 40 : (int)text.n, text.p, wrong);
	return -1;
}

/* Cuts the text up to a comma or colon off the front of *rest. */
static struct qos_str cut(struct qos_str *rest)
{
	struct qos_str piece = { rest->p, 0 };

	while (piece.n < rest->n && piece.p[piece.n] != ',' && piece.p[piece.n] != ':')
		piece.n++;
	*rest = piece.n < rest->n ? (struct qos_str){ rest->p + piece.n + 1, rest->n - piece.n - 1 }
				  : (struct qos_str){ rest->p + rest->n, 0 };
	return piece;
}

int qos_arrival_parse(struct qos_str text, struct qos_arrival_law *law, char *why)
{
	struct qos_str rest = text, name = cut(&rest), on, off, rate;

	*law = (struct qos_arrival_law){ 0 };
	law->kind = qos_str_is(name, "constant") ? QOS_ARRIVAL_CONSTANT
		    : qos_str_is(name, "onoff")  ? QOS_ARRIVAL_ONOFF
						 : QOS_ARRIVAL_POISSON;
	if (law->kind != QOS_ARRIVAL_ONOFF)
		return qos_str_is(text, "poisson") || qos_str_is(text, "constant")
			       ? 0
			       : refuse(why, text, "is no arrival process");
	on = cut(&rest);
	off = cut(&rest);
	rate = cut(&rest);
	if (rest.n || qos_unit_duration(on, 1000000000, &law->on_ns, NULL) ||
	    qos_unit_duration(off, 1000000000, &law->off_ns, NULL) || law->on_ns == 0)
		return refuse(why, text, "needs the mean times on and off");
	if (rate.n && qos_unit_msgrate(rate, &law->on_num, &law->on_den, NULL))
		return refuse(why, text, "has a rate while on that is no message rate such as 5k/s");
	return 0;
}

/* Goes on by a gap.  What is not a whole nanosecond is carried. */
static void wait_for(struct qos_arrival *a, double gap_ns)
{
	double whole = gap_ns + a->part_ns;
	int64_t step = whole < 0x1p62 ? (int64_t)whole : INT64_MAX;

	a->part_ns = whole - (double)step;
	if (__builtin_add_overflow(a->next_ns, step, &a->next_ns))
		a->next_ns = QOS_ARRIVAL_NEVER;
}

static double onoff_gap(struct qos_arrival *a)
{
	double gap = qos_rng_exponential(&a->rng) * a->mean_gap_ns, silence = 0, on = gap;

	while (on > a->on_left_ns) {
		on -= a->on_left_ns;
		silence += qos_rng_exponential(&a->rng) * a->mean_off_ns;
		a->on_left_ns = qos_rng_exponential(&a->rng) * a->mean_on_ns;
	}
	a->on_left_ns -= on;
	return gap + silence;
}

static void constant_step(struct qos_arrival *a)
{
	int64_t since = qos_muldiv(++a->n, a->den, a->num);

	if (since == INT64_MAX || __builtin_add_overflow(a->start_ns, since, &a->next_ns))
		a->next_ns = QOS_ARRIVAL_NEVER;
}

void qos_arrival_step(struct qos_arrival *a)
{
	switch (a->kind) {
	case QOS_ARRIVAL_POISSON: wait_for(a, qos_rng_exponential(&a->rng) * a->mean_gap_ns); break;
	case QOS_ARRIVAL_CONSTANT: constant_step(a); break;
	case QOS_ARRIVAL_ONOFF: wait_for(a, onoff_gap(a)); break;
	}
}

int qos_arrival_init(struct qos_arrival *a, const struct qos_arrival_law *law, int64_t num, int64_t den,
		     int64_t start_ns, uint64_t seed, char *why)
{
	*a = (struct qos_arrival){
		.kind = law->kind, .next_ns = start_ns, .start_ns = start_ns, .num = num, .den = den
	};
	qos_rng_seed(&a->rng, seed);
	a->mean_gap_ns = (double)den / (double)num;
	if (law->kind == QOS_ARRIVAL_ONOFF) {
		a->mean_on_ns = (double)law->on_ns;
		a->mean_off_ns = (double)law->off_ns;
		a->mean_gap_ns *= a->mean_on_ns / (a->mean_on_ns + a->mean_off_ns);
		if (law->on_num)
			a->mean_gap_ns = (double)law->on_den / (double)law->on_num;
		if (a->mean_gap_ns > 1e5 * a->mean_on_ns) {
			snprintf(why, 160,
				 "fewer than one message comes in 100000 times on; make ON longer or the rate higher");
			return -1;
		}
		a->on_left_ns = qos_rng_exponential(&a->rng) * a->mean_on_ns;
	}
	if (law->kind != QOS_ARRIVAL_CONSTANT)
		qos_arrival_step(a);
	return 0;
}
