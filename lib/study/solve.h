/*
 * The smallest rate, or share, that meets a condition on a trace.
 *
 * Bisection over whole runs: first a bracket, by halves or doubles of what is offered, then its middle until the ends
 * are within 1/100,000 of each other.  The condition is taken to hold from some point on; where it does not, what is
 * found is one such point.
 */
#ifndef QOS_STUDY_SOLVE_H
#define QOS_STUDY_SOLVE_H

#include "stats/gate.h"
#include "study/run.h"

enum qos_vary {
	QOS_VARY_RATE,   /* of the link, in bit/s */
	QOS_VARY_SHARES, /* 0..1: of the classes that the condition names, together and in their proportions; the others
			    have the rest in theirs */
};

struct qos_solve_options {
	const struct qos_trace *trace;
	const struct qos_config *config; /* what does not vary */
	const struct qos_shaper_options *shaper;
	const char *condition; /* as --check of qos-stats */
	enum qos_vary vary;
};

struct qos_solve_point {
	double x; /* a whole number of bit/s, or a share */
	bool possible, holds;
	uint64_t n_dropped;
	double mean_s[QOS_CLASSES_MOST], p99_s[QOS_CLASSES_MOST]; /* of each class; NAN without a record */
};

#define QOS_SOLVE_POINTS 11

struct qos_solution {
	bool found;
	double x; /* the smallest at which it holds */
	int n_runs;
	struct qos_solve_point point[QOS_SOLVE_POINTS]; /* [n_points] around it, rising; one, if it was not found */
	int n_points;
	struct qos_buf why; /* not found: what the largest x came to; the caller's to free */
};

/* Fails  QOS_EUSAGE for a condition that cannot be asked, for --vary shares of classes with rates of their own. */
int qos_solve(struct qos_solution *s, const struct qos_solve_options *o, struct qos_err *err);

#endif
