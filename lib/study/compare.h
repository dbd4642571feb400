/*
 * Is a policy better than another on the same trace, and by how much?
 *
 * Differences are paired: both have the same arrivals.  How sure they are is told by the bootstrap over blocks: each
 * class's records are cut into BLOCKS stretches of time, of which as many are drawn with replacement, a thousand times;
 * the interval holds the middle 95 % of what the difference was then.  Blocks, not records, since records that wait
 * together wait alike.
 *
 * After  Kunsch, "The jackknife and the bootstrap for general stationary observations", Ann. Statist. 17 (1989).
 */
#ifndef QOS_STUDY_COMPARE_H
#define QOS_STUDY_COMPARE_H

#include "study/run.h"

struct qos_effect { /* in seconds; NAN where one of them has no latency */
	double a, b;
	double low, high; /* of b - a */
};

struct qos_comparison { /* of a class, or of all */
	uint64_t n_records, n_dropped_a, n_dropped_b;
	struct qos_effect mean, p99;
};

/*
 * class	which records: a class of the trace, -1 for all
 * a, b		[trace->n] latencies of two runs (qos_run_new)
 * seed		of the draws
 *
 * Fails  without memory.
 */
int qos_compare(struct qos_comparison *c, const struct qos_trace *trace, int class, const int64_t *a, const int64_t *b,
		uint64_t seed, struct qos_err *err);

#endif
