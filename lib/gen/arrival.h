/*
 * When do messages come?  Arrival processes of a given mean rate.
 *
 *   poisson		independent gaps, exponential
 *   constant		equal gaps, exact to the nanosecond for ever
 *   onoff:ON,OFF[,RATE]	Poisson while on, silent while off; both last an exponential time with these means
 */
#ifndef QOS_GEN_ARRIVAL_H
#define QOS_GEN_ARRIVAL_H

#include <stdint.h>

#include "base/rng.h"
#include "base/str.h"

enum qos_arrival_kind { QOS_ARRIVAL_POISSON, QOS_ARRIVAL_CONSTANT, QOS_ARRIVAL_ONOFF };

struct qos_arrival_law {
	enum qos_arrival_kind kind;
	int64_t on_ns, off_ns;  /* onoff: mean durations */
	int64_t on_num, on_den; /* onoff: rate while on in records per ns; num 0: what gives the mean rate */
};

struct qos_arrival {
	int64_t next_ns; /* the moment of the next arrival; QOS_ARRIVAL_NEVER past the end of time */
	enum qos_arrival_kind kind;
	double mean_gap_ns; /* poisson; onoff: while on */
	double part_ns;     /* what the last gap had over whole nanoseconds: carried, so that the rate is exact */
	double on_left_ns;  /* onoff: time left of this burst */
	double mean_on_ns, mean_off_ns;
	int64_t start_ns, num, den, n; /* constant: arrival n is at start + n * den / num */
	struct qos_rng rng;
};

#define QOS_ARRIVAL_NEVER INT64_MAX

/* Reads a law; the commas of onoff may be colons.   Returns  0, or -1 with why (size 160). */
int qos_arrival_parse(struct qos_str text, struct qos_arrival_law *law, char *why);
/*
 * Starts a process of mean rate num records per den ns (> 0; not looked at where the law has a rate of its own).  The
 * first constant arrival is at start_ns, the first random one a gap later.
 *
 * Returns  0, or -1 with why (size 160) when an onoff process would be silent nearly always.
 */
int qos_arrival_init(struct qos_arrival *a, const struct qos_arrival_law *law, int64_t num, int64_t den,
		     int64_t start_ns, uint64_t seed, char *why);
/* Goes on to the arrival after next_ns. */
void qos_arrival_step(struct qos_arrival *a);

#endif
