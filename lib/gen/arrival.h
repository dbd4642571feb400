/*
 * When do messages come?  Arrival processes of a given mean rate, each a member of a table.
 *
 *   poisson		independent gaps, exponential
 *   constant		equal gaps, exact to the nanosecond for ever
 *   onoff:ON,OFF[,RATE]	Poisson while on, silent while off; both last an exponential time with these means
 *   mmpp:W,TIME,W,TIME...	states in turn, each for an exponential time with this mean: Poisson of rates like the W
 *   pareto:ON,OFF,SHAPE[,N]	N sources on and off for Pareto times of these means: self-similar
 *   daily:DEPTH[,PERIOD[,PEAK]]	Poisson with a rate that swings around the mean
 */
#ifndef QOS_GEN_ARRIVAL_H
#define QOS_GEN_ARRIVAL_H

#include <stdint.h>

#include "base/rng.h"
#include "base/str.h"

#define QOS_ARRIVAL_PARTS   8  /* states of mmpp */
#define QOS_ARRIVAL_SOURCES 64 /* of pareto */

struct qos_arrival;
struct qos_arrival_law;

struct qos_arrival_member {
	const char *name, *form; /* "onoff", "onoff:100ms,900ms" */
	/* What stands behind the name.   Returns  0, or -1 with *wrong, which goes on "the law ..." */
	int (*parse)(struct qos_str rest, struct qos_arrival_law *law, const char **wrong);
	/* Begins; rate and start are set.   Returns  0, or -1 with why.  NULL: nothing to do. */
	int (*init)(struct qos_arrival *a, const struct qos_arrival_law *law, char *why);
	double (*gap_ns)(struct qos_arrival *a); /* the next gap; NULL: step */
	void (*step)(struct qos_arrival *a);     /* sets next_ns itself */
};

struct qos_arrival_law {
	const struct qos_arrival_member *member;
	int n;                              /* of both: */
	int64_t time_ns[QOS_ARRIVAL_PARTS]; /* mean durations; daily: period, peak */
	double weight[QOS_ARRIVAL_PARTS];   /* mmpp: of the rate; daily: the depth */
	double shape;                       /* pareto */
	int n_sources;
	int64_t own_num, own_den; /* onoff: rate while on in records per ns; num 0: what gives the mean rate */
};

struct qos_arrival {
	int64_t next_ns; /* the moment of the next arrival; QOS_ARRIVAL_NEVER past the end of time */
	const struct qos_arrival_member *member;
	double mean_gap_ns; /* of all; onoff: while on */
	double part_ns;     /* what the last gap had over whole nanoseconds: carried, so that the rate is exact */
	double left_ns;     /* onoff, mmpp: time left of this state; pareto: until a source changes */
	int64_t start_ns, num, den, n; /* constant: arrival n is at start + n * den / num */
	struct qos_rng rng;
	int state, n_states;                                        /* mmpp; pareto: sources that are on, and all */
	double mean_ns[QOS_ARRIVAL_PARTS], rate[QOS_ARRIVAL_PARTS]; /* by state: duration, records per ns */
	double shape;
	double until_ns[QOS_ARRIVAL_SOURCES]; /* pareto: by source, time left of being as it is */
	bool on[QOS_ARRIVAL_SOURCES];
};

#define QOS_ARRIVAL_NEVER INT64_MAX

/* Reads a law; commas may be colons.   Returns  0, or -1 with why (size 160). */
int qos_arrival_parse(struct qos_str text, struct qos_arrival_law *law, char *why);
/*
 * Starts a process of mean rate num records per den ns (> 0; not looked at where the law has a rate of its own).  The
 * first constant arrival is at start_ns, the first random one a gap later.
 *
 * Returns  0, or -1 with why (size 160) when a process would be silent nearly always.
 */
int qos_arrival_init(struct qos_arrival *a, const struct qos_arrival_law *law, int64_t num, int64_t den,
		     int64_t start_ns, uint64_t seed, char *why);
/* Goes on to the arrival after next_ns. */
void qos_arrival_step(struct qos_arrival *a);

/* --- for members --- */

/* Cuts the text up to a comma or colon off the front of *rest. */
struct qos_str qos_arrival_cut(struct qos_str *rest);
/* The next piece as a plain number of at least 0, or as a duration over 0.   Returns  0; -1: it is none. */
int qos_arrival_cut_number(struct qos_str *rest, double *x);
int qos_arrival_cut_time(struct qos_str *rest, int64_t *ns);
/*
 * The gap where the rate depends on a state that lasts for left_ns: time passes until the integral of the rate is an
 * exponential number.  change() sets the next state and left_ns.
 */
double qos_arrival_modulated(struct qos_arrival *a, double (*rate)(const struct qos_arrival *a),
			     void (*change)(struct qos_arrival *a));

extern const struct qos_arrival_member qos_arrival_mmpp, qos_arrival_pareto, qos_arrival_daily;

#endif
