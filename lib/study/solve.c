/* Bisection over runs. */
#include "study/solve.h"

#include <math.h>

#define NEAR       1e-5 /* the ends of the bracket, relative to each other */
#define RATE_MOST  1e15 /* bit/s; nobody has that link */
#define SHARE_MOST 0.9999

struct search {
	const struct qos_solve_options *o;
	struct qos_config config; /* that varies */
	struct qos_class_config classes[QOS_CLASSES_MOST];
	bool named[QOS_CLASSES_MOST]; /* in the condition */
	struct qos_gate *gate;
	struct qos_solution *s;
	struct qos_err *err;
};

/* --- what varies --- */

/* Is the class's name in the condition, with a point behind it? */
static bool is_named(const char *condition, struct qos_str name)
{
	for (const char *p = condition; (p = memmem(p, strlen(p), name.p, name.n)); p++)
		if (p[name.n] == '.' && (p == condition || !(strchr("_.-/", p[-1]) || (p[-1] >= '0' && p[-1] <= 'z'))))
			return true;
	return false;
}

static int check_shares(struct search *s)
{
	const struct qos_config *c = s->o->config;
	bool any = false, all = true;

	for (int i = 0; i < c->n_classes; i++) {
		s->named[i] = is_named(s->o->condition, c->classes[i].name);
		any = any || s->named[i];
		all = all && s->named[i];
		if (c->classes[i].rate_bps != QOS_DEFAULT)
			return qos_fail(s->err, QOS_EUSAGE, c->classes[i].at,
					"class %.*s has a rate of its own, which no share changes; leave it out",
					QOS_STR_ARG(c->classes[i].name));
	}
	if (!any || all)
		return qos_fail(
			s->err, QOS_EUSAGE, QOS_NOWHERE,
			"shares vary between the classes that the condition names and the others: \"%s\" names %s",
			s->o->condition, all ? "all of them" : "none");
	return 0;
}

/* Shares of the named and of the others in their proportions; equal ones where none has any. */
static void divide(struct search *s, bool named, double total)
{
	double sum = 0;
	int n = 0;

	for (int i = 0; i < s->config.n_classes; i++)
		if (s->named[i] == named) {
			sum += s->o->config->classes[i].share;
			n++;
		}
	for (int i = 0; i < s->config.n_classes; i++)
		if (s->named[i] == named)
			s->classes[i].share = total * (sum > 0 ? s->o->config->classes[i].share / sum : 1.0 / n);
}

static void set(struct search *s, double x)
{
	if (s->o->vary == QOS_VARY_RATE) {
		s->config.total_bandwidth_bps = (int64_t)x;
		return;
	}
	divide(s, true, x);
	divide(s, false, 1 - x);
}

/* --- a run --- */

static void note(struct qos_solve_point *p, const struct qos_config *c, const struct qos_report *r)
{
	for (int i = 0; i < c->n_classes; i++)
		p->mean_s[i] = p->p99_s[i] = NAN;
	p->n_dropped = r->all.n_dropped;
	for (int g = 0; g < r->n_groups; g++) {
		int i = qos_names_find(&c->class_names, r->group[g].name);

		if (i < 0)
			continue;
		p->mean_s[i] = r->group[g].mean_s;
		p->p99_s[i] = r->group[g].quantile_s[QOS_P99];
	}
}

static int try(struct search *s, double x, struct qos_solve_point *p)
{
	struct qos_run run;
	struct qos_err err;
	int rc;

	set(s, x);
	*p = (struct qos_solve_point){ .x = x };
	s->s->n_runs++;
	rc = qos_run_new(&run, s->o->trace, &s->config, s->o->shaper, NULL, &err);
	if (rc == QOS_EUSAGE) { /* guarantees that the link does not have */
		s->s->why.n = 0;
		qos_buf_puts(&s->s->why, err.text);
		return 0;
	}
	if (rc)
		return qos_fail(s->err, (enum qos_code)rc, QOS_NOWHERE, "%s", err.text);
	p->possible = true;
	s->s->why.n = 0;
	p->holds = qos_gate_holds(s->gate, run.report, &s->s->why);
	note(p, &s->config, run.report);
	qos_run_free(&run);
	return 0;
}

/* --- the search --- */

static double offered_bps(const struct qos_trace *t)
{
	double span_s = t->n > 1 ? (double)(t->entry[t->n - 1].arrival_ns - t->entry[0].arrival_ns) / 1e9 : 0;
	double bps = span_s > 0 ? (double)t->bytes * 8 / span_s : (double)t->bytes * 8;

	return bps < 1 ? 1 : bps > RATE_MOST ? RATE_MOST : floor(bps);
}

/* lo does not hold, hi does; lo 0: nothing below hi may be.   Returns  1: found, 0: nothing holds. */
static int bracket_rate(struct search *s, double *lo, double *hi)
{
	struct qos_solve_point p;
	int rc;

	*hi = offered_bps(s->o->trace);
	*lo = 0;
	while (!(rc = try(s, *hi, &p)) && !p.holds) {
		*lo = *hi;
		if (*hi >= RATE_MOST)
			return 0;
		*hi = fmin(2 * *hi, RATE_MOST);
	}
	while (!rc && *lo == 0 && *hi > 1) {
		double half = floor(*hi / 2);

		if ((rc = try(s, half, &p)))
			return rc;
		if (p.holds)
			*hi = half;
		else
			*lo = half;
	}
	return rc ? rc : 1;
}

static int bracket_shares(struct search *s, double *lo, double *hi)
{
	struct qos_solve_point p;
	int rc;

	*lo = 0;
	*hi = SHARE_MOST;
	rc = try(s, *hi, &p);
	return rc ? rc : p.holds;
}

static int bisect(struct search *s, double lo, double hi)
{
	double step = s->o->vary == QOS_VARY_RATE ? 1 : NEAR;

	while (hi - lo > fmax(step, NEAR * hi)) {
		double middle = lo + (hi - lo) / 2;
		struct qos_solve_point p;
		int rc;

		if (s->o->vary == QOS_VARY_RATE)
			middle = floor(middle);
		if ((rc = try(s, middle, &p)))
			return rc;
		if (p.holds)
			hi = middle;
		else
			lo = middle;
	}
	s->s->found = true;
	s->s->x = hi;
	return 0;
}

static int look_around(struct search *s)
{
	static const double parts[QOS_SOLVE_POINTS] = { 0.5, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2 };
	int rc = 0;

	for (int i = 0; !rc && i < QOS_SOLVE_POINTS; i++) {
		double x = s->s->x * parts[i];

		if (s->o->vary == QOS_VARY_RATE)
			x = parts[i] == 1 ? x : fmax(floor(x), 1);
		else if (x > SHARE_MOST)
			break;
		rc = try(s, x, &s->s->point[s->s->n_points++]);
	}
	return rc;
}

int qos_solve(struct qos_solution *solution, const struct qos_solve_options *o, struct qos_err *err)
{
	struct qos_measure_names names = { .classes = &o->config->class_names };
	struct search s = { .o = o, .config = *o->config, .s = solution, .err = err };
	double lo = 0, hi = 0;
	int rc = qos_gate_new(&s.gate, "--solve", o->condition, &names, err);

	*solution = (struct qos_solution){ 0 };
	if (rc)
		return rc;
	memcpy(s.classes, o->config->classes, (size_t)o->config->n_classes * sizeof(*s.classes));
	s.config.classes = s.classes;
	if (o->vary == QOS_VARY_SHARES)
		rc = check_shares(&s);
	if (!rc)
		rc = o->vary == QOS_VARY_RATE ? bracket_rate(&s, &lo, &hi) : bracket_shares(&s, &lo, &hi);
	if (rc > 0 && !(rc = bisect(&s, lo, hi)))
		rc = look_around(&s);
	qos_gate_free(s.gate);
	return rc;
}
