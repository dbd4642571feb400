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
#include <stdlib.h>

#include "base/bits.h"
#include "unit/unit.h"

struct qos_str qos_arrival_cut(struct qos_str *rest)
{
	struct qos_str piece = { rest->p, 0 };

	while (piece.n < rest->n && piece.p[piece.n] != ',' && piece.p[piece.n] != ':')
		piece.n++;
	*rest = piece.n < rest->n ? (struct qos_str){ rest->p + piece.n + 1, rest->n - piece.n - 1 }
				  : (struct qos_str){ rest->p + rest->n, 0 };
	return piece;
}

int qos_arrival_cut_number(struct qos_str *rest, double *x)
{
	struct qos_str piece = qos_arrival_cut(rest);
	char text[32], *end;

	if (!piece.n || piece.n >= sizeof(text))
		return -1;
	memcpy(text, piece.p, piece.n);
	text[piece.n] = 0;
	*x = strtod(text, &end);
	return *end || !(*x >= 0 && *x < 1e15) ? -1 : 0;
}

int qos_arrival_cut_time(struct qos_str *rest, int64_t *ns)
{
	return qos_unit_duration(qos_arrival_cut(rest), 1000000000, ns, NULL) || *ns == 0 ? -1 : 0;
}

double qos_arrival_modulated(struct qos_arrival *a, double (*rate)(const struct qos_arrival *a),
			     void (*change)(struct qos_arrival *a))
{
	double gap = 0, left = qos_rng_exponential(&a->rng);

	while (rate(a) <= 0 || left > rate(a) * a->left_ns) {
		left -= rate(a) * a->left_ns;
		gap += a->left_ns;
		if (gap > 0x1p62)
			return gap;
		change(a);
	}
	a->left_ns -= left / rate(a);
	return gap + left / rate(a);
}

/* --- poisson --- */

static int parse_plain(struct qos_str rest, struct qos_arrival_law *law, const char **wrong)
{
	*wrong = "takes nothing behind it";
	return rest.n ? -1 : 0;
}

static double poisson_gap(struct qos_arrival *a)
{
	return qos_rng_exponential(&a->rng) * a->mean_gap_ns;
}

static const struct qos_arrival_member poisson = {
	.name = "poisson", .form = "poisson", .parse = parse_plain, .gap_ns = poisson_gap
};

/* --- constant --- */

static void constant_step(struct qos_arrival *a)
{
	int64_t since = qos_muldiv(++a->n, a->den, a->num);

	if (since == INT64_MAX || __builtin_add_overflow(a->start_ns, since, &a->next_ns))
		a->next_ns = QOS_ARRIVAL_NEVER;
}

static const struct qos_arrival_member constant = {
	.name = "constant", .form = "constant", .parse = parse_plain, .step = constant_step
};

/* --- onoff --- */

static int onoff_parse(struct qos_str rest, struct qos_arrival_law *law, const char **wrong)
{
	struct qos_str rate;

	*wrong = "needs the mean times on and off";
	law->n = 2;
	if (qos_arrival_cut_time(&rest, &law->time_ns[0]) ||
	    qos_unit_duration(qos_arrival_cut(&rest), 1000000000, &law->time_ns[1], NULL))
		return -1;
	rate = qos_arrival_cut(&rest);
	if (rest.n)
		return -1;
	*wrong = "has a rate while on that is no message rate such as 5k/s";
	return rate.n && qos_unit_msgrate(rate, &law->own_num, &law->own_den, NULL) ? -1 : 0;
}

static int onoff_init(struct qos_arrival *a, const struct qos_arrival_law *law, char *why)
{
	a->mean_ns[0] = (double)law->time_ns[0];
	a->mean_ns[1] = (double)law->time_ns[1];
	a->mean_gap_ns *= a->mean_ns[0] / (a->mean_ns[0] + a->mean_ns[1]);
	if (law->own_num)
		a->mean_gap_ns = (double)law->own_den / (double)law->own_num;
	if (a->mean_gap_ns > 1e5 * a->mean_ns[0]) {
		snprintf(why, 160,
			 "fewer than one message comes in 100000 times on; make ON longer or the rate higher");
		return -1;
	}
	a->left_ns = qos_rng_exponential(&a->rng) * a->mean_ns[0];
	return 0;
}

static double onoff_gap(struct qos_arrival *a)
{
	double gap = qos_rng_exponential(&a->rng) * a->mean_gap_ns, silence = 0, on = gap;

	while (on > a->left_ns) {
		on -= a->left_ns;
		silence += qos_rng_exponential(&a->rng) * a->mean_ns[1];
		a->left_ns = qos_rng_exponential(&a->rng) * a->mean_ns[0];
	}
	a->left_ns -= on;
	return gap + silence;
}

static const struct qos_arrival_member onoff = {
	.name = "onoff", .form = "onoff:100ms,900ms", .parse = onoff_parse, .init = onoff_init, .gap_ns = onoff_gap
};

/* --- all --- */

static const struct qos_arrival_member *const members[] = {
	&poisson, &constant, &onoff, &qos_arrival_mmpp, &qos_arrival_pareto, &qos_arrival_daily,
};

#define N_MEMBERS (sizeof(members) / sizeof(members[0]))

static int refuse(char *why, struct qos_str text, const char *wrong, const struct qos_arrival_member *m)
{
	snprintf(why, 160, "\"%.*s\" %s; write %s", text.n > 40 ? 40 : (int)text.n, text.p, wrong,
		 m ? m->form : "poisson, constant, or for example onoff:100ms,900ms");
	return -1;
}

int qos_arrival_parse(struct qos_str text, struct qos_arrival_law *law, char *why)
{
	struct qos_str rest = text, name = qos_arrival_cut(&rest);
	const char *wrong = "";

	*law = (struct qos_arrival_law){ .member = &poisson };
	for (size_t i = 0; i < N_MEMBERS; i++) {
		if (!qos_str_is(name, members[i]->name))
			continue;
		law->member = members[i];
		return members[i]->parse(rest, law, &wrong) ? refuse(why, text, wrong, members[i]) : 0;
	}
	return refuse(why, text, "is no arrival process", NULL);
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

void qos_arrival_step(struct qos_arrival *a)
{
	if (a->member->step)
		a->member->step(a);
	else
		wait_for(a, a->member->gap_ns(a));
}

int qos_arrival_init(struct qos_arrival *a, const struct qos_arrival_law *law, int64_t num, int64_t den,
		     int64_t start_ns, uint64_t seed, char *why)
{
	*a = (struct qos_arrival){ .member = law->member ? law->member : &poisson,
				   .next_ns = start_ns,
				   .start_ns = start_ns,
				   .num = num,
				   .den = den,
				   .mean_gap_ns = (double)den / (double)num };
	qos_rng_seed(&a->rng, seed);
	if (a->member->init && a->member->init(a, law, why))
		return -1;
	if (a->member != &constant)
		qos_arrival_step(a);
	return 0;
}
